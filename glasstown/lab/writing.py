"""Write a text file whole: whoever reads it sees the older one or the new one, never half."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path


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
        Path(name).chmod(0o644)
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    return path
