"""One week of the reference engine: the state of a citizen read and written one value at a time."""

from __future__ import annotations

from typing import Any

from glasstown.engine.measures import INDEX, NAMES
from glasstown.engine.reference_people import Citizen, People, plain
from glasstown.engine.world import (
    BY_ERROR,
    BY_OTHERS,
    BY_SPEECH,
    PUBLISHED,
    SCORE,
    Receipts,
    State,
    World,
)
from glasstown.laws import adapt, sanction
from glasstown.laws import score as scoring
from glasstown.laws.draws import bit
from glasstown.scheme.compilation import IS_BLACK, TIERS

FIXED = len(NAMES)
"""Columns of the tally before those of single behaviours."""


class Books:
    """A world and a state, as plain numbers, with everybody in it."""

    def __init__(self, world: World, state: State, people: People) -> None:
        self.people, self.state = people, state
        self.rules, self.terms = plain(world.rules), world.terms
        self.kinds, self.response = plain(world.people).behaviours, world.response

    def points(self, citizen: Citizen, which: int = SCORE) -> int:
        """Return the score (tenths) or one of its parts."""
        return int(self.state.points[which, citizen.index])

    def add_points(self, citizen: Citizen, which: int, amount: int) -> None:
        """Add to the score or one of its parts, come what may."""
        self.state.points[which, citizen.index] = self.points(citizen, which) + amount

    def add_to_part(self, citizen: Citizen, which: int, moved: int) -> None:
        """Add what moved the score to the part it belongs to."""
        part = scoring.part_after(self.points(citizen, which), moved)
        self.state.points[which, citizen.index] = part

    def move_score(self, citizen: Citizen, points: int) -> int:
        """Move the score between floor and ceiling; return the points that it really moved."""
        moved = scoring.score_change(
            self.points(citizen), points, self.terms.floor, self.terms.ceiling
        )
        self.add_points(citizen, SCORE, moved)
        return moved

    def listing(self, citizen: Citizen) -> int:
        """Return the packed listing."""
        return int(self.state.listing[citizen.index])

    def set_listing(self, citizen: Citizen, packed: int) -> None:
        """Store a packed listing; 0 is none."""
        self.state.listing[citizen.index] = packed

    def listed_on(self, citizen: Citizen) -> int:
        """Return the list (1 to 3) the citizen is on; 0 is none."""
        return sanction.list_of(self.listing(citizen))

    def is_black(self, citizen: Citizen) -> bool:
        """Return whether the citizen is on a black list."""
        return self.rules.lists[self.listed_on(citizen)][IS_BLACK] == 1

    def is_red(self, citizen: Citizen) -> bool:
        """Return whether the citizen is on a red list."""
        return self.listed_on(citizen) > 0 and not self.is_black(citizen)

    def caution(self, citizen: Citizen) -> int:
        """Return caution, 0 to 255."""
        return int(self.state.caution[citizen.index])

    def set_caution(self, citizen: Citizen, caution: int) -> None:
        """Store caution."""
        self.state.caution[citizen.index] = caution

    def raise_caution(self, citizen: Citizen, rise: int) -> None:
        """Raise caution, at most to 255."""
        self.set_caution(citizen, adapt.more_cautious(self.caution(citizen), rise))

    def bit(self, citizen: Citizen, plane: int) -> int:
        """Return one bit of the citizen's: a fact of this week, or a private one."""
        return bit(int(self.state.words[plane, citizen.block]), citizen.lane)

    def set_bit(self, citizen: Citizen, plane: int, value: int) -> None:
        """Set one bit of the citizen's."""
        word = int(self.state.words[plane, citizen.block]) & ~(1 << citizen.lane)
        self.state.words[plane, citizen.block] = word | (value << citizen.lane)

    def is_known(self, citizen: Citizen, fact: int) -> int:
        """Return 1 if a fact about the citizen was published at the end of last week."""
        return self.bit(citizen, PUBLISHED + fact)

    def tier(self, score: int) -> int:
        """Return the tier of a score."""
        t = self.terms
        return sanction.tier_of(score, t.limit_1, t.limit_2, t.limit_3, t.limit_4, t.limit_5)

    def tier_limit(self, tier: int) -> int:
        """Return the score below which a citizen is in a tier (1 to 5) or a worse one."""
        return int(getattr(self.terms, f"limit_{tier}"))

    def blame(self, citizen: Citizen, limit: int) -> int:
        """Return for what the score lies below a limit."""
        return scoring.blame(
            self.points(citizen),
            self.points(citizen, BY_ERROR),
            self.points(citizen, BY_OTHERS),
            self.points(citizen, BY_SPEECH),
            limit,
        )

    def by_tier(self, citizen: Citizen) -> list[int]:
        """Return what the tier does to each service."""
        row: list[int] = self.rules.treatments[self.tier(self.points(citizen))]
        return row

    def by_list(self, citizen: Citizen) -> list[int]:
        """Return what the list does to each service."""
        listed = self.listed_on(citizen)
        row: list[int] = self.rules.treatments[TIERS + listed - 1]
        return row if listed > 0 else [sanction.NOTHING] * len(row)

    def treatment(self, citizen: Citizen, service: int) -> int:
        """Return what tier and list together do to a request for a service."""
        return sanction.treatment(self.by_tier(citizen)[service], self.by_list(citizen)[service])


class Week(Books):
    """A week in progress: its number, its keys, and the tally of what happens.

    ``handed`` int64 (regions, behaviours) and ``tally`` int64 (zones, groups, width) are
    the first worker's; see `glasstown.engine.cpu.act_pass`.
    """

    def __init__(
        self, world: World, state: State, people: People, keys: list[int], number: int,
        receipts: Receipts, tally: Any, handed: Any,
    ) -> None:  # fmt: skip
        super().__init__(world, state, people)
        self.keys, self.number = keys, number
        self.receipts: Receipts = plain(receipts)
        self.tally, self.handed = tally, handed

    def count(self, citizen: Citizen, measure: str, amount: int = 1) -> None:
        """Count a flow for a citizen's zone and group."""
        self.tally[citizen.zone, citizen.group, INDEX[measure]] += amount

    def count_points(self, citizen: Citizen, cause: str, moved: int) -> None:
        """Count points won or lost for a cause, by their sign."""
        if moved < 0:
            self.count(citizen, f"points_lost_{cause}", -moved)
        else:
            self.count(citizen, f"points_won_{cause}", moved)

    def count_behaviour(self, citizen: Citizen, behaviour: int, *, is_booked: bool) -> None:
        """Count a deed, or a record of it, in the column of its behaviour."""
        column = FIXED + behaviour + (len(self.kinds) if is_booked else 0)
        self.tally[citizen.zone, citizen.group, column] += 1
