"""Write a study's folder from the command line, and say where it is or why there is no page."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

import typer

from glasstown.lab.reporting import ReportError
from glasstown.surfaces.app import command_line


class Written(Protocol):
    """A result that writes a folder of its own below another."""

    def write(self, out: str | Path, command: str = "") -> Path:
        """Write it and return the folder."""


def written(result: Written, out: Path, *, to_stderr: bool) -> int:
    """Write a result; return 0, or 1 after saying why there is no page.

    Raises
    ------
    OSError
        If it can't be written.
    """
    try:
        folder = result.write(out, command_line())
    except ReportError as error:
        typer.echo(str(error), err=True)
        return 1
    page = next(folder.glob("*.html"))
    typer.echo(f"Page {page}", err=to_stderr)
    return 0
