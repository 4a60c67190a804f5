"""Progress in the terminal: a bar on stderr that stands there before anything heavy is loaded."""

from __future__ import annotations

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

TOLD_PARTS = 10


class ProgressBar:
    """A `glasstown.lab.progress.Progress` that draws a bar; in a pipe it prints a few lines.

    Parameters
    ----------
    console : Console, optional
        Where to draw; stderr by default.
    """

    def __init__(self, console: Console | None = None) -> None:
        self._console = console or Console(stderr=True, highlight=False)
        self._bar = Progress(
            TextColumn("{task.description}"), BarColumn(None), TaskProgressColumn(),
            TextColumn("{task.fields[weeks]}"), TimeRemainingColumn(compact=True),
            console=self._console, transient=True, expand=True,
        )  # fmt: skip
        self._task = self._bar.add_task("loading", total=None, weeks="")
        self._weeks = 0
        self._is_drawn = self._console.is_terminal

    def open(self, text: str) -> None:
        """Draw the first frame."""
        if self._is_drawn:
            self._bar.start()
        self.stage(text)

    def started(self, total_weeks: int, message: str) -> None:
        """Show the number of weeks."""
        self._weeks = total_weeks
        self._bar.update(self._task, total=total_weeks, weeks=f"0/{total_weeks} weeks")
        if not self._is_drawn:
            typer.echo(f"{message}, {total_weeks} weeks", err=True)

    def stage(self, text: str) -> None:
        """Show what is being done."""
        self._bar.update(self._task, description=text)
        if not self._is_drawn:
            typer.echo(text, err=True)

    def week(self, number: int) -> None:
        """Move the bar."""
        weeks = f"{number}/{self._weeks} weeks"
        self._bar.update(self._task, completed=number, weeks=weeks)
        before = (number - 1) * TOLD_PARTS // max(self._weeks, 1)
        if not self._is_drawn and number * TOLD_PARTS // max(self._weeks, 1) > before:
            typer.echo(f"  {weeks}", err=True)

    def finished(self) -> None:
        """Take the bar away."""
        self._bar.stop()
