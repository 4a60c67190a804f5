"""One week of the reference engine: the state of a citizen read and written one value at a time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from glasstown.engine.measures import INDEX, NAMES
from glasstown.engine.reference_owners import Firm
from glasstown.engine.reference_people import Citizen, People
from glasstown.engine.reference_regimes import Regime
from glasstown.engine.world import (
    BY_ERROR,
    BY_OTHERS,
    BY_SPEECH,
    ENROLLED,
    PUBLISHED,
    SCORE,
    State,
)
from glasstown.laws import adapt, sanction
from glasstown.laws import score as scoring
from glasstown.laws.draws import bit
from glasstown.scheme.compilation import IS_BLACK, TIERS, Rules, Terms
from glasstown.society.compilation import Response

FIXED = len(NAMES)
"""Columns of the tally before those of single behaviours."""


class Realm(NamedTuple):
    """Who lives in a country, its worlds, and which of them holds in each zone."""

    people: People
    firms: dict[tuple[int, int, int], Firm]
    regimes: Sequence[Regime]
    of_zone: Sequence[int]


class Books:
    """A realm and a state: everything about a citizen, one value at a time."""

    def __init__(self, realm: Realm, state: State) -> None:
        self.realm, self.people, self.state = realm, realm.people, state

    def regime(self, zone: int) -> Regime:
        """Return the world that holds in a zone."""
        return self.realm.regimes[self.realm.of_zone[zone]]

    def rules(self, citizen: Citizen) -> Rules:
        """Return the tables of the scheme that the citizen lives under."""
        return self.regime(citizen.zone).rules

    def terms(self, citizen: Citizen) -> Terms:
        """Return the single numbers of the scheme that the citizen lives under."""
        return self.regime(citizen.zone).terms

    def response(self, citizen: Citizen) -> Response:
        """Return how people respond."""
        return self.regime(citizen.zone).response

    def kind(self, citizen: Citizen, behaviour: int) -> Sequence[int]:
        """Return a row of the table of behaviours."""
        row: Sequence[int] = self.regime(citizen.zone).people.behaviours[behaviour]
        return row

    def trait(self, citizen: Citizen, name: str) -> int:
        """Return one of the traits that rates depend on, 0 to 255."""
        return self.regime(citizen.zone).trait(citizen, name)

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
        t = self.terms(citizen)
        moved = scoring.score_change(self.points(citizen), points, t.floor, t.ceiling)
        self.add_points(citizen, SCORE, moved)
        return moved

    def start_again(self, citizen: Citizen) -> int:
        """Put the score back to the start, its parts to nothing; return what that moved."""
        moved = self.terms(citizen).start - self.points(citizen)
        self.add_points(citizen, SCORE, moved)
        for which in (BY_ERROR, BY_OTHERS, BY_SPEECH):
            self.state.points[which, citizen.index] = 0
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
        return bool(self.rules(citizen).lists[self.listed_on(citizen)][IS_BLACK] == 1)

    def is_red(self, citizen: Citizen) -> bool:
        """Return whether the citizen is on a red list."""
        return self.listed_on(citizen) > 0 and not self.is_black(citizen)

    def is_noticed(self, citizen: Citizen) -> bool:
        """Return whether the citizen was given notice of a list, and is on none yet."""
        return sanction.notice_of(self.listing(citizen)) > 0

    def is_enrolled(self, citizen: Citizen) -> bool:
        """Return whether the citizen takes part in the score."""
        return self.bit(citizen, ENROLLED) == 1

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

    def tier(self, citizen: Citizen, score: int) -> int:
        """Return the tier of a score where the citizen lives."""
        t = self.terms(citizen)
        return sanction.tier_of(score, t.limit_1, t.limit_2, t.limit_3, t.limit_4, t.limit_5)

    def tier_limit(self, citizen: Citizen, tier: int) -> int:
        """Return the score below which a citizen is in a tier (1 to 5) or a worse one."""
        return int(getattr(self.terms(citizen), f"limit_{tier}"))

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
        tier = self.tier(citizen, self.points(citizen))
        row: list[int] = self.rules(citizen).treatments[tier]
        return row

    def by_list(self, citizen: Citizen) -> list[int]:
        """Return what the list does to each service."""
        listed = self.listed_on(citizen)
        row: list[int] = self.rules(citizen).treatments[TIERS + listed - 1]
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
        self, realm: Realm, state: State, keys: list[int], number: int, tally: Any, handed: Any
    ) -> None:
        super().__init__(realm, state)
        self.keys, self.number = keys, number
        self.tally, self.handed = tally, handed

    def note(self, step: str, citizen: Citizen, what: str, **numbers: int) -> None:
        """Tell an observer what is decided, and by which draw and limit; here nobody listens."""

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
        kinds = len(self.regime(citizen.zone).people.behaviours)
        column = FIXED + behaviour + (kinds if is_booked else 0)
        self.tally[citizen.zone, citizen.group, column] += 1
