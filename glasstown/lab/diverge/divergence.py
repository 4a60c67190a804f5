"""Divergence: where two runs part, if they do."""

from __future__ import annotations

from datetime import date
from typing import Any, NamedTuple

from glasstown.lab.diverge.deciding import Decision
from glasstown.lab.diverge.fields import Cell, Differing
from glasstown.lab.runfolder import LABEL


class Divergence(NamedTuple):
    """Where two runs part, if they do.

    ``start`` holds the fields in which they differ before the first week; ``week`` (from 1) and
    ``day`` are those in which they part after that, None if they never do; ``fields`` and
    ``tallies`` say in what, ``decision`` by which decision of which citizen. Of two engines one
    is wrong: ``notes`` says what the reference does with the first citizen that differs.
    ``failures`` says which run failed, in which week, and why: then nothing is known of that week
    and after it. ``can_go_on`` says whether it was kept, so that the same call goes on with it.
    """

    a: str
    b: str
    weeks: int
    weeks_compared: int
    start: tuple[Differing, ...]
    week: int | None
    day: date | None
    fields: tuple[Differing, ...]
    tallies: tuple[Cell, ...]
    decision: Decision | None
    notes: tuple[str, ...]
    digests: tuple[str | None, str | None]
    failures: tuple[str, ...] = ()
    can_go_on: bool = False

    @property
    def is_identical(self) -> bool:
        """Whether no run failed, and all was the same in every week that was compared."""
        return not self.start and self.week is None and not self.failures

    @property
    def is_answered(self) -> bool:
        """Whether it is known where they part, or that they never do."""
        return self.week is not None or self.weeks_compared == self.weeks

    def as_data(self) -> dict[str, Any]:
        """Return everything for another program."""
        fields = {name: one for name, one in self._asdict().items() if name != "can_go_on"}
        return {
            "label": LABEL,
            **fields,
            "is_identical": self.is_identical,
            "start": [one._asdict() for one in self.start],
            "fields": [one._asdict() for one in self.fields],
            "tallies": [one._asdict() for one in self.tallies],
            "decision": None if self.decision is None else self.decision.as_data(),
            "day": None if self.day is None else str(self.day),
            "notes": list(self.notes),
            "digests": list(self.digests),
            "failures": list(self.failures),
        }
