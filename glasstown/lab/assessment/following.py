"""A run that is followed citizen by citizen, week by week: who was ever shut out, and how long.

The weekly tallies count people in a state; how long *one* citizen stayed in it, and who never was,
needs their path. Only who is treated in a special way is looked at, so a week costs little.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from glasstown.engine.country import Country
from glasstown.engine.engines import default_workers
from glasstown.engine.measures import CAUSES, WRONGLY
from glasstown.engine.world import SERVED
from glasstown.lab.branches import Branch
from glasstown.lab.claims.measures import lanes_of
from glasstown.lab.outcomes import NOT_EXCLUDED, causes_among
from glasstown.laws import publish as facts
from glasstown.society import layout as at

WRONG = np.array([cause in WRONGLY for cause in CAUSES])
NEVER = 0xFFFF


class Lives(NamedTuple):
    """What became of every lane over a run.

    ``weeks`` and ``weeks_wrong`` int32 (lanes,): weeks shut out, and those not for own doing;
    ``listed``, ``low``, ``shamed`` bool (lanes,): ever; ``spells`` and ``listings``: how many
    spells of exclusion (by the cause at their start) and black listings (by their cause) lasted so
    many weeks, those that ended; ``open_spells``, ``open_listings``: those that had not ended with
    the run.
    """

    weeks: NDArray[np.int32]
    weeks_wrong: NDArray[np.int32]
    listed: NDArray[np.bool_]
    low: NDArray[np.bool_]
    shamed: NDArray[np.bool_]
    spells: dict[str, Counter[int]]
    open_spells: dict[str, Counter[int]]
    listings: dict[str, Counter[int]]
    open_listings: dict[str, Counter[int]]


def followed(
    branch: Branch, seed: int, told: Callable[[], None] | None = None, *,
    workers: int | None = None,
) -> tuple[Country, Lives]:  # fmt: skip
    """Run a branch under one seed and follow everybody.

    Returns
    -------
    Country
        The country after its last week.
    Lives
        What became of its citizens.
    """
    country = Country(branch.society, branch, seed, workers=workers or default_workers())
    follower = Follower(country)
    for _ in country.weeks(branch.scenario.weeks):
        follower.look()
        if told is not None:
            told()
    return country, follower.lives()


class Follower:
    """Looks at a country after each of its weeks.

    Parameters
    ----------
    country : Country
        Before its first week.
    """

    def __init__(self, country: Country) -> None:
        self.country = country
        lanes = country.state.listing.size
        zones = country.society.layout.places.zones[:, at.BLOCKS] * at.BLOCK
        self._zone_of = np.repeat(np.arange(len(zones)), zones)
        self._weeks = np.zeros(lanes, np.int32)
        self._wrong = np.zeros(lanes, np.int32)
        self._listed = np.zeros(lanes, bool)
        self._low = np.zeros(lanes, bool)
        self._shamed = np.zeros(lanes, bool)
        self._excluded = _Spells(lanes)
        self._entered = _Spells(lanes)

    def look(self) -> None:
        """Take down the week that has just ended."""
        words, week = self.country.state.words, self.country.week
        listed = lanes_of(words[facts.LISTED])
        self._listed |= listed
        self._low |= lanes_of(words[facts.LOW])
        self._shamed |= lanes_of(words[facts.SHAMED])
        served = np.flatnonzero(lanes_of(words[SERVED]))
        causes = self._causes(served)
        out = causes != NOT_EXCLUDED
        who, why = served[out], causes[out].astype(np.int64)
        self._weeks[who] += 1
        self._wrong[who] += WRONG[why]
        self._excluded.follow(who, why, week)
        on = np.flatnonzero(listed)
        self._entered.follow(on, (self.country.state.listing[on].astype(np.int64) >> 2) & 7, week)

    def _causes(self, lanes: NDArray[np.int64]) -> NDArray[np.int8]:
        """Return the causes of standing exclusion of some lanes."""
        regimes = self.country.regimes
        causes = np.full(lanes.size, NOT_EXCLUDED, np.int8)
        world = regimes.of_zone[self._zone_of[lanes]]
        for number in np.unique(world).tolist():
            here = world == number
            scheme = regimes.schemes[number]
            causes[here] = causes_among(self.country, scheme, lanes[here])
        return causes

    def lives(self) -> Lives:
        """Return what was taken down, with the spells that have not ended yet."""
        return Lives(
            self._weeks, self._wrong, self._listed, self._low, self._shamed,
            self._excluded.ended, self._excluded.standing(self.country.week),
            self._entered.ended, self._entered.standing(self.country.week),
        )  # fmt: skip


class _Spells:
    """Spells of one state: who is in it since when and for what, and how long ended ones were."""

    def __init__(self, lanes: int) -> None:
        self._since = np.full(lanes, NEVER, np.uint16)
        self._why = np.zeros(lanes, np.int8)
        self._now = np.zeros(0, np.int64)
        self.ended: dict[str, Counter[int]] = {}

    def follow(self, who: NDArray[np.int64], why: NDArray[np.int64], week: int) -> None:
        """Take down who is in the state at the end of a week (from 1)."""
        gone = np.setdiff1d(self._now, who, assume_unique=True)
        _count(self.ended, self._why[gone], week - self._since[gone].astype(np.int64))
        self._since[gone] = NEVER
        fresh = self._since[who] == NEVER
        self._since[who[fresh]] = week
        self._why[who[fresh]] = why[fresh]
        self._now = who

    def standing(self, week: int) -> dict[str, Counter[int]]:
        """Return the spells that have not ended, by how long they have lasted."""
        found: dict[str, Counter[int]] = {}
        since = self._since[self._now].astype(np.int64)
        _count(found, self._why[self._now], week + 1 - since)
        return found


def _count(into: dict[str, Counter[int]], why: NDArray[Any], lengths: NDArray[Any]) -> None:
    for cause, length in zip(why.tolist(), lengths.tolist(), strict=True):
        into.setdefault(CAUSES[cause], Counter())[length] += 1
