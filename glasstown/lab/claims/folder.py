"""The folder of a test of claims: finished members, the result as JSON, and the page.

Imports go one way, so the lab doesn't know how the page is drawn; the package sets `writer`.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from glasstown.errors import InputError
from glasstown.lab.reporting import ReportError
from glasstown.lab.writing import write_text

if TYPE_CHECKING:
    from glasstown.lab.claims.verdicts import Claims

VALUES, RESULT, PAGE = "values.jsonl", "claims.json", "claims.html"
DEFAULT = "claims"
"""Where the command line writes when nobody says."""

writer: Callable[[Claims, Path], Path] | None = None
"""What writes the page of a test to a path."""


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


def written(found: Claims, folder: Path) -> None:
    """Write the result of a test as JSON, and its page.

    Raises
    ------
    ReportError
        If the page can't be drawn or written, for whatever reason; the JSON is whole.
    OSError
        If the JSON can't be written.
    """
    write_text(json.dumps(found.as_data(), indent=1, ensure_ascii=False) + "\n", folder / RESULT)
    if writer is None:
        return
    try:
        writer(found, folder / PAGE)
    except Exception as error:
        cause = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
        raise ReportError(
            f"The page could not be written ({cause}). The result itself is whole, in "
            f"{folder / RESULT}; once this is mended, the same command writes the page"
        ) from error
