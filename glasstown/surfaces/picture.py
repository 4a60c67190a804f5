"""One chart of a finished run as an SVG file, for a page or a slide."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from glasstown.surfaces.app import app


def write_picture(folder: Path, chart: str, out: Path) -> str:
    """Draw one chart of a run into an SVG file on white; return the chart's finding.

    Raises
    ------
    InputError
        If the folder is no run, or the run has no such chart.
    """
    from glasstown.lab.run import load
    from glasstown.surfaces.drawing import drawn

    one = load(folder).chart(chart)
    svg = drawn([one.drawing.to_dict()])[0]
    # On a page of its own the chart has no page's colours to take.
    out.write_text(svg.replace("<svg ", '<svg style="background:#fff;color:#222" ', 1), "utf-8")
    return one.finding


@app.command()
def picture(
    folder: Annotated[Path, typer.Argument(help="A run folder.")],
    chart: Annotated[str, typer.Argument(help="A chart of the report, such as excluded.")],
    out: Annotated[Path, typer.Option(help="The SVG file to write.")],
) -> None:
    """Draw one chart of a finished run as an SVG file."""
    typer.echo(write_picture(folder, chart, out))
