"""A harsh little country in which much happens within weeks, for the tests of paired studies."""

from __future__ import annotations

import signal
from typing import Any

from harsh import harsh

START, WEEKS = "2018-01-03", 14
MIDWAY, MIDWEEK = "2018-02-28", 8
"""The first day of the ninth week (8 from 0)."""


def world(**changes: Any) -> dict[str, Any]:
    """Return a scenario with the harsh scheme."""
    return {"scheme": harsh(), "start": START, "weeks": WEEKS, "society": {"citizens": 1_500},
            **changes}  # fmt: skip


class Told:
    """A `Progress` that remembers, and may press Ctrl-C after a week."""

    def __init__(self, stops_after: int | None = None) -> None:
        self.total, self.weeks, self.stages, self.is_over = 0, 0, [], False
        self._stops_after = stops_after

    def started(self, total_weeks: int, message: str) -> None:
        self.total = total_weeks

    def stage(self, text: str) -> None:
        self.stages.append(text)

    def week(self, number: int) -> None:
        self.weeks = number
        if number == self._stops_after:
            signal.raise_signal(signal.SIGINT)

    def finished(self) -> None:
        self.is_over = True
