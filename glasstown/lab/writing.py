"""Text files written whole: whoever reads one sees the older or the new one, never half."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from glasstown.errors import InputError


def check_file(path: Path, suffix: str) -> None:
    """Refuse a file that can't be written, before the work that would be lost.

    Raises
    ------
    InputError
        If the path is a folder or ends otherwise than in ``suffix`` (without it a browser shows
        a page as text), or nothing can be written where it lies.
    """
    if path.is_dir():
        raise InputError(f"{path}: is a folder; give the file to write, ending in {suffix}")
    if path.suffix.lower() != suffix:
        raise InputError(f"{path}: must end in {suffix}, as {path.with_suffix(suffix)}")
    check_folder(path.parent)


def check_folder(folder: Path) -> None:
    """Make a folder and refuse it if nothing can be written there, before the work is done.

    Raises
    ------
    InputError
        If it can't be made or written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise InputError(
            f"{folder}: can't write there: {error.strerror or error}. Give another place with --out"
        ) from None


def write_text(text: str, path: Path) -> Path:
    """Write a text file by one rename, making its folder, and return its path.

    Raises
    ------
    OSError
        If it can't be written; an older file stays as it was.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.stem}-", suffix=path.suffix)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(0o644)
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    return path
