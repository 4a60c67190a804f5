"""The report of a run, as the lab sees it: something that writes a file into a run folder.

Imports go one way, so the lab doesn't know how a report is drawn; the package sets `writer`.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

from glasstown.errors import GlasstownError

writer: Callable[[Path], Path] | None = None
"""What writes ``report.html`` into a run folder and returns its path."""


class ReportError(GlasstownError):
    """A report could not be drawn or written; the run it is about is not touched."""


def write(folder: Path) -> Path:
    """Write the report of a run folder and return its path.

    Raises
    ------
    ReportError
        If it can't be drawn or written, for whatever reason.
    """
    if writer is None:
        raise ReportError("nothing here can draw a report: import glasstown first")
    try:
        return writer(folder)
    except Exception as error:
        cause = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
        raise ReportError(
            f"The report could not be written ({cause}). The run itself is whole: once this is "
            f"mended, write it with: glasstown report {folder}"
        ) from error


class Pageable(Protocol):
    """A result that knows its name: something that a page can be made of."""

    def as_data(self) -> dict[str, Any]:
        """Return everything for another program."""


page_writers: dict[str, Callable[[Any, Path, str], Path]] = {}
"""What writes the page of a result, by the name of its class; the package fills it."""


def write_page(result: Pageable, path: Path, command: str = "") -> Path:
    """Write the page of a result, with the command that gives it if there is one.

    Raises
    ------
    ReportError
        If it can't be drawn, for whatever reason.
    OSError
        If it can't be written.
    """
    name = type(result).__name__
    if name not in page_writers:
        raise ReportError(f"nothing here can draw a {name}: import glasstown first")
    try:
        return page_writers[name](result, path, command)
    except OSError:
        raise
    except Exception as error:
        cause = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
        raise ReportError(
            f"{path}: the page could not be drawn ({cause}). Its numbers are not touched, and "
            "what was run is kept: the same command draws it again"
        ) from error
