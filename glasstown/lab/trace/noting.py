"""Noting: what the reference engine decides and changes in a week, written down as it happens."""

from __future__ import annotations

from typing import Any, NamedTuple

from glasstown.engine.reference_people import Citizen
from glasstown.engine.reference_week import Week
from glasstown.engine.world import (
    CASH,
    CUT,
    ENROLLED,
    HIDDEN,
    JOINED,
    JOINED_BEFORE,
    MOBILISING,
    OWNER_HIT,
    PUBLISHED,
    UNHEARD,
)
from glasstown.laws import publish as facts

GATHERING = (JOINED, JOINED_BEFORE, HIDDEN)
"""Planes that are empty between weeks."""


class Note(NamedTuple):
    """One thing that happened or was decided: in which step, to whom, what, and its numbers."""

    step: str
    citizen: int
    what: str
    numbers: dict[str, int]


STEPS = {
    "watch": ("seen", "booked", "handed_on", "misbooked", "false_matches"),
    "score": ("records_", "unenrolled_records", "points_lost_deeds", "points_won_deeds",
              "points_lost_mis", "points_won_mis", "points_lost_speech", "points_won_speech",
              "firm_records", "firm_points_lost", "firm_points_won"),
    "serve": ("denied_", "favoured_", "hospital_", "children_", "bids"),
    "remedy": ("exits_", "spared_", "appeals", "insiders", "points_won_repair",
               "points_won_correction", "points_lost_correction", "points_won_insiders"),
    "sanction": ("entries_", "notices", "renewals", "shamings", "firm_entries", "firm_exits"),
    "associate": ("points_",),
    "adapt": ("ties_", "points_expired"),
    "gather": ("gathered",),
    "act": ("acted", "offences", "merits", "posts_", "firm_", "consumers"),
    "reflect": ("joined_scheme", "left_scheme"),
}  # fmt: skip
"""In which step a measure is counted, by how its name begins; the longest beginning decides."""


def step_of(measure: str) -> str:
    """Return the step in which a measure is counted.

    >>> step_of("denied_train"), step_of("points_lost_friends"), step_of("points_won_repair")
    ('serve', 'associate', 'remedy')
    """
    fitting = [
        (len(one), step)
        for step, beginnings in STEPS.items()
        for one in beginnings
        if measure.startswith(one)
    ]
    return max(fitting)[1] if fitting else "publish"


def step_of_plane(plane: int) -> str:
    """Return the step in which a bit of a citizen's is decided."""
    if plane in (facts.PRAISING, facts.CRITICAL, MOBILISING, UNHEARD):
        return "speak"
    if plane in (ENROLLED, OWNER_HIT):
        return "reflect"
    if plane == facts.SHAMED:
        return "sanction"
    return "adapt" if plane == CASH or CUT <= plane < UNHEARD else "publish"


class Noting(Week):
    """A week of the reference engine that writes down what it is told and what it changes."""

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        self.notes: list[Note] = []

    def note(self, step: str, citizen: Citizen, what: str, **numbers: int) -> None:
        """Write a decision down."""
        self.notes.append(
            Note(step, citizen.index, what, {name: int(one) for name, one in numbers.items()})
        )

    def count(self, citizen: Citizen, measure: str, amount: int = 1) -> None:
        """Count, and write down what was counted, if anything."""
        super().count(citizen, measure, amount)
        if amount:
            self.note(step_of(measure), citizen, measure, amount=amount)

    def count_behaviour(self, citizen: Citizen, behaviour: int, *, is_booked: bool) -> None:
        """Count a deed or a record, and write it down."""
        super().count_behaviour(citizen, behaviour, is_booked=is_booked)
        step, what = ("watch", "books") if is_booked else ("act", "does")
        self.note(step, citizen, what, behaviour=behaviour)

    def set_listing(self, citizen: Citizen, packed: int) -> None:
        """Store a listing, and write it down."""
        self.note("sanction", citizen, "lists", before=self.listing(citizen), after=packed)
        super().set_listing(citizen, packed)

    def set_caution(self, citizen: Citizen, caution: int) -> None:
        """Store caution, and write down how it changed."""
        before = self.caution(citizen)
        super().set_caution(citizen, caution)
        if caution != before:
            self.note("adapt", citizen, "caution", before=before, after=caution)

    def set_bit(self, citizen: Citizen, plane: int, value: int) -> None:
        """Set a bit, and write it down if it changed and was not only published."""
        is_news = not PUBLISHED <= plane <= PUBLISHED + facts.FACTS and plane not in GATHERING
        if is_news and self.bit(citizen, plane) != value:
            self.note(step_of_plane(plane), citizen, "becomes", plane=plane, value=value)
        super().set_bit(citizen, plane, value)
