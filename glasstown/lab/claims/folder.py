"""The folder of a test of claims: finished members, the result as JSON, and the page."""

from __future__ import annotations

import tempfile
from pathlib import Path

from glasstown.errors import InputError

VALUES, RESULT, PAGE = "values.jsonl", "claims.json", "claims.html"
DEFAULT = "claims"
"""Where the command line writes when nobody says."""


def made(folder: Path) -> Path:
    """Make a folder to write into; one that is there goes on only if it holds a test of claims.

    Raises
    ------
    InputError
        If it can't be made or written, or holds something else.
    """
    if folder.exists() and not folder.is_dir():
        raise InputError(f"out: {folder} is a file, not a folder; name another with --out")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
        inside = sorted(one.name for one in folder.iterdir())
    except OSError as error:
        reason = error.strerror or str(error)
        raise InputError(
            f"out: {folder} can't be written: {reason}; name another folder with --out"
        ) from None
    if inside and not {VALUES, RESULT} & set(inside):
        raise InputError(
            f"out: {folder} holds something else ({', '.join(inside[:3])}); a test of claims goes "
            "into a folder that is new, empty, or holds an earlier test; name another with --out"
        )
    return folder
