"""The command that goes on with a run: resume."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from glasstown.surfaces.app import app
from glasstown.surfaces.cli_run import CheckpointWeeks, NoReport, Threads, leave


@app.command()
def resume(
    folder: Annotated[Path, typer.Argument(metavar="RUN", help="The folder of the run.")],
    engine: Annotated[
        str | None, typer.Option(help="What runs the rest; by default what ran it so far.")
    ] = None,
    threads: Threads = None,
    no_report: NoReport = False,
    checkpoint_weeks: CheckpointWeeks = None,
) -> None:
    """Go on with a run that was stopped or killed, from its last checkpoint to the same digest."""
    from glasstown.surfaces.progress_bar import ProgressBar

    bar = ProgressBar()
    bar.open("loading")
    try:
        from glasstown.lab.resuming import resume as resume_run

        done = resume_run(
            folder, engine=engine, threads=threads, progress=bar, report=False,
            checkpoint_weeks=checkpoint_weeks,
        )  # fmt: skip
    finally:
        bar.finished()
    leave(done, no_report=no_report)
