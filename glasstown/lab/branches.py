"""Branches: scenarios that are the same until some week are simulated once until then.

What a country does depends on its seed, its compiled society, and on what holds where in each
week: compiled numbers, whose scheme it is, and whether a gathering may form. All of that is
hashed, week by week. As long as two scenarios' hashes agree they are one country, whatever their
files say; where they part the country is branched. So a what-if, or a mechanism left out that
does nothing yet, costs only the weeks in which it differs, and gives the same bytes as a run of
its own.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import fields, is_dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from glasstown.engine.country import Country
from glasstown.engine.engines import default_workers
from glasstown.engine.plan import Regimes
from glasstown.lab.outcomes import Sums, excluded_for
from glasstown.lab.phases import WEEK
from glasstown.lab.rollout import Timetable
from glasstown.lab.scenario import Scenario
from glasstown.society import layout as at
from glasstown.society.compilation import CompiledSociety, compile_society
from glasstown.society.layout import Layout

Told = Callable[[], None]


class Branch:
    """A scenario made ready to run beside others: a plan whose every date is compiled already.

    Parameters
    ----------
    scenario : Scenario
        The scenario; its seed says nothing here.

    Attributes
    ----------
    society : CompiledSociety
        Its society.
    marks : list of bytes
        For each week compiled so far, the hash of all that holds in it.
    """

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario
        self.society: CompiledSociety = compile_society(scenario.society, scenario.without)
        self.marks: list[bytes] = []
        self._plan = Timetable(scenario, self.society)
        self._root = digest_of(self.society)
        self._weeks: list[int] = []
        self._regimes: list[Regimes] = []
        self._holding = b""

    def compile_week(self, traits: dict[bytes, NDArray[np.uint8]]) -> None:
        """Compile the next week; trait tables that are known already are shared."""
        week = len(self.marks)
        regimes = self._plan.at(week)
        if regimes is not None:
            if regimes.traits is not None:
                known = traits.setdefault(digest_of(regimes.traits), regimes.traits)
                regimes = regimes._replace(traits=known)
            self._weeks.append(week)
            self._regimes.append(regimes)
            self._holding = digest_of(_by_zone(regimes))
        self.marks.append(digest_of((self._root, self._holding, self._plan.is_spark(week))))

    def at(self, week: int) -> Regimes | None:
        """Return what holds from a week on, None if nothing changes."""
        return self.holding(week) if week in self._weeks else None

    def holding(self, week: int) -> Regimes:
        """Return what holds in a week: what came into force last, as it was compiled then."""
        return self._regimes[bisect_right(self._weeks, week) - 1]

    def is_spark(self, week: int) -> bool:
        """Return whether a gathering may form in a week."""
        return self._plan.is_spark(week)


class Leaf(NamedTuple):
    """A run that ended: which branches it stands for, its sums over zones, and its country.

    ``places`` are the places of the branches whose every week was the same; ``by_group`` int64
    (weeks, groups, width).
    """

    places: tuple[int, ...]
    by_group: Sums
    country: Country

    @property
    def sums(self) -> Sums:
        """The national sums, int64 (weeks, width), see `glasstown.lab.outcomes.national`."""
        return self.by_group.sum(axis=1)

    @property
    def digest(self) -> str:
        """The digest that a run of its own would have."""
        return self.country.digest()

    def causes(self) -> NDArray[np.int8]:
        """Return for every citizen the cause of standing exclusion, int8 (citizens,).

        A place in `glasstown.engine.measures.CAUSES`, or `NOT_EXCLUDED`.
        """
        return by_citizen(self.country.society.layout, excluded_for(self.country))


class Parting(NamedTuple):
    """Where two scenarios part: the week (from 0), and what differs in it, in words."""

    week: int
    what: str


def prepared(scenarios: Sequence[Scenario]) -> list[Branch]:
    """Compile scenarios of equally many weeks, all dates of each.

    Raises
    ------
    ValueError
        If they don't run for equally many weeks.
    """
    branches = [Branch(one) for one in scenarios]
    if len({one.scenario.weeks for one in branches}) > 1:
        raise ValueError("branches must run for equally many weeks")
    traits: dict[bytes, NDArray[np.uint8]] = {}
    # Week by week and not branch by branch: what the dates have in common is computed once.
    for _ in range(scenarios[0].weeks if scenarios else 0):
        for one in branches:
            one.compile_week(traits)
    return branches


def parting(one: Branch, other: Branch) -> Parting | None:
    """Return where two branches part, None if they never do."""
    week = _first_difference([one, other], 0)
    if week == len(one.marks):
        return None
    if digest_of(one.society) != digest_of(other.society):
        return Parting(week, "the society, or a mechanism of it, differs")
    if one.is_spark(week) != other.is_spark(week):
        return Parting(week, "a gathering may form in one of them only")
    first, second = _by_zone(one.holding(week)), _by_zone(other.holding(week))
    count = sum(digest_of(a) != digest_of(b) for a, b in zip(first, second, strict=True))
    day = one.scenario.start + week * WEEK
    return Parting(week, f"from {day} on, what holds in {count} of {len(first)} zones differs")


def weeks_to_run(branches: Sequence[Branch]) -> int:
    """Return how many weeks are simulated for all of them together."""
    return _weeks_from(list(branches), 0)


def _weeks_from(group: list[Branch], week: int) -> int:
    weeks = len(group[0].marks) if group else 0
    end = _first_difference(group, week)
    if not group or end == weeks:
        return weeks - week
    return end - week + sum(_weeks_from(part, end) for part in _parts(group, end))


def grow(
    branches: Sequence[Branch], seed: int, *, workers: int | None = None, told: Told | None = None
) -> Iterator[Leaf]:
    """Run branches under one seed, each week that some share once.

    Parameters
    ----------
    branches : sequence of Branch
        From `prepared`.
    seed : int
        The seed of all of them.
    workers : int, optional
        Threads that share a week; one for each usable processor by default.
    told : callable, optional
        Called after each simulated week; what it raises ends the work.

    Yields
    ------
    Leaf
        A run that ended; before the next is asked for, its country may be read.
    """
    places = {id(one): place for place, one in enumerate(branches)}
    count = workers or default_workers()
    for group in _parts(list(branches), 0):
        first = group[0]
        country = Country(first.society, first, seed, workers=count)
        yield from _grown(group, country, [], places, told or _nobody)


def _nobody() -> None:
    """Tell nobody."""


def _grown(
    group: list[Branch], country: Country, sums: list[NDArray[np.int64]], places: dict[int, int],
    told: Told,
) -> Iterator[Leaf]:  # fmt: skip
    """Run a group that has been one country so far to the end of each of its branches."""
    weeks, end = len(group[0].marks), _first_difference(group, country.week)
    for tally in country.weeks(end - country.week):
        sums.append(tally.sum(axis=0))
        told()
    if end == weeks:
        yield Leaf(tuple(places[id(one)] for one in group), np.array(sums), country)
        return
    trunk, *others = _parts(group, end)
    for part in others:
        branched = country.branch(part[0])
        yield from _grown(part, branched, list(sums), places, told)
    yield from _grown(trunk, country, sums, places, told)


def _first_difference(group: Sequence[Branch], week: int) -> int:
    """Return the first week from a given one on in which not all marks are the same."""
    weeks = len(group[0].marks) if group else 0
    while week < weeks and len({one.marks[week] for one in group}) == 1:
        week += 1
    return week


def _parts(group: Sequence[Branch], week: int) -> list[list[Branch]]:
    """Return those that go on together in a week, the first one's part first."""
    parts: dict[bytes, list[Branch]] = {}
    for one in group:
        parts.setdefault(one.marks[week], []).append(one)
    return list(parts.values())


def _by_zone(regimes: Regimes) -> list[tuple[Any, ...]]:
    """Return all that holds in each zone, whatever the number of its world."""
    traits = regimes.traits
    return [
        (regimes.schemes[i], regimes.identities[i], regimes.lists[i],
         None if traits is None else traits[zone])
        for zone, i in enumerate(regimes.of_zone.tolist())
    ]  # fmt: skip


def digest_of(value: Any) -> bytes:
    """Return the SHA-256 of a value made of tuples, lists, arrays, numbers and text."""
    digest = hashlib.sha256()
    _feed(digest, value)
    return digest.digest()


def _feed(digest: Any, value: Any) -> None:
    if isinstance(value, np.ndarray):
        digest.update(f"{value.dtype.str}{value.shape}".encode())
        digest.update(np.ascontiguousarray(value).data)
    elif isinstance(value, tuple | list):
        digest.update(f"({len(value)}".encode())
        for one in value:
            _feed(digest, one)
    elif is_dataclass(value) and not isinstance(value, type):
        _feed(digest, [getattr(value, one.name) for one in fields(value)])
    else:
        text = repr(value).encode()
        digest.update(f"{len(text)}:".encode() + text)


def by_citizen(layout: Layout, lanes: NDArray[Any]) -> NDArray[Any]:
    """Return what stands in every lane by the number of the citizen, without the padding."""
    zones = layout.places.zones.tolist()
    parts = [lanes[row[at.FIRST_BLOCK] * at.BLOCK :][: row[at.CITIZENS]] for row in zones]
    return np.concatenate(parts)
