"""What a long piece of work tells about itself while it runs; only the terminal draws it."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """Somebody who is told how a run is getting on."""

    def started(self, total_weeks: int, message: str) -> None:
        """Hear that a run of so many weeks starts."""

    def stage(self, text: str) -> None:
        """Hear what is being done now."""

    def week(self, number: int) -> None:
        """Hear that so many weeks are finished."""

    def finished(self) -> None:
        """Hear that the run is over, however it ended."""


class Silent:
    """A `Progress` that tells nobody."""

    def started(self, total_weeks: int, message: str) -> None:
        """Do nothing."""

    def stage(self, text: str) -> None:
        """Do nothing."""

    def week(self, number: int) -> None:
        """Do nothing."""

    def finished(self) -> None:
        """Do nothing."""
