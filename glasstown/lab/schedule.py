"""When a run puts a checkpoint down: every so many weeks, or now and then, by the clock."""

from __future__ import annotations

import time

from glasstown.errors import InputError
from glasstown.laws.sanction import MAX_WEEKS

EVERY_S = 300.0
"""Seconds from one checkpoint to the next where nobody says how many weeks."""
LONG_S = 2.0
"""Seconds from which it is told that a checkpoint is being written."""
MOST_SHARE = 0.05
"""Share of the time that checkpoints take by the clock, at most."""


class Schedule:
    """When the next checkpoint is due.

    Parameters
    ----------
    weeks : int, optional
        Weeks from one checkpoint to the next; 0 for none at all. By default one is due every five
        minutes, and more seldom where writing one takes long.

    Raises
    ------
    InputError
        If it is no number of weeks.
    """

    def __init__(self, weeks: int | None = None) -> None:
        is_number = isinstance(weeks, int) and not isinstance(weeks, bool)
        if weeks is not None and not (is_number and 0 <= weeks <= MAX_WEEKS):
            raise InputError(
                f"checkpoint_weeks: must be a whole number from 0 (none) to {MAX_WEEKS}, "
                f"not {weeks!r}"
            )
        self.weeks = weeks
        self._last, self._took = time.monotonic(), 0.0

    @property
    def is_off(self) -> bool:
        """Whether there are to be no checkpoints at all."""
        return self.weeks == 0

    def is_due(self, week: int, *, is_stopping: bool = False) -> bool:
        """Return whether a checkpoint is due after so many weeks; always where a run stops."""
        if self.is_off or is_stopping:
            return not self.is_off
        if self.weeks is not None:
            return week % self.weeks == 0
        return time.monotonic() - self._last >= max(EVERY_S, self._took / MOST_SHARE)

    @property
    def takes_long(self) -> bool:
        """Whether the last one took so long that somebody wants to know."""
        return self._took >= LONG_S

    def was_put_down(self, took_s: float) -> None:
        """Hear that a checkpoint was written just now, and how long that took."""
        self._last, self._took = time.monotonic(), took_s
