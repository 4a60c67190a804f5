"""A pair: two runs side by side, week by week, until a field or a tally differs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from glasstown.engine.country import Country
from glasstown.engine.engines import default_workers
from glasstown.lab import room
from glasstown.lab.diverge.deciding import Decision, first_difference, said
from glasstown.lab.diverge.divergence import Divergence
from glasstown.lab.diverge.fields import (
    Cell,
    Differing,
    differing_cells,
    differing_fields,
    number_of,
)
from glasstown.lab.halfway import Halfway, Standstill, asked_of, together
from glasstown.lab.interruption import Interruption
from glasstown.lab.pairing import label_of
from glasstown.lab.phases import WEEK
from glasstown.lab.progress import Progress
from glasstown.lab.results import result_name
from glasstown.lab.rollout import Timetable
from glasstown.lab.scenario import Scenario, scenario_hash
from glasstown.lab.trace.living import title
from glasstown.lab.trace.noting import Note
from glasstown.lab.trace.witness import Witness
from glasstown.society import layout as at
from glasstown.society.compilation import compile_society

MOST_BLOCKS = 200
"""Blocks that are lived again in search of what only the tallies show."""


class Member(NamedTuple):
    """One of the two runs."""

    scenario: Scenario
    plan: Timetable
    country: Country


def member(scenario: Scenario, engine: str, threads: int | None) -> Member:
    """Return a scenario with its country, before the first week."""
    society = compile_society(scenario.society, scenario.without)
    workers = threads or default_workers()
    room.check_memory(society, workers)
    plan = Timetable(scenario, society)
    return Member(
        scenario, plan, Country(society, plan, scenario.seed, engine=engine, workers=workers)
    )


class Pair:
    """Two runs side by side.

    Parameters
    ----------
    scenarios, engines : two of each
        What is run, and on what.
    threads : int, optional
        How many threads share a week.
    """

    def __init__(
        self, scenarios: tuple[Scenario, Scenario], engines: Sequence[str], threads: int | None
    ) -> None:
        self._given = {
            name: (scenario, engine)
            for name, scenario, engine in zip("AB", scenarios, engines, strict=True)
        }
        self._threads, self._failures = threads, dict[str, str]()
        self._members: dict[str, Member] = {}

    @property
    def asked(self) -> dict[str, str]:
        """All that tells these two from another pair."""
        return {
            name: f"{asked_of(scenario)} on {engine}"
            for name, (scenario, engine) in self._given.items()
        }

    @property
    def name(self) -> str:
        """The name of their folder: the same question has the same name."""
        labels = [label_of(scenario) for scenario, _ in self._given.values()]
        hashes = [[scenario_hash(one), engine] for one, engine in self._given.values()]
        return result_name([labels[0], "and", labels[1]], hashes)

    def compared(
        self, halfway: Halfway, since: Standstill | None, interruption: Interruption,
        told: Progress,
    ) -> Divergence:  # fmt: skip
        """Run both until they part, one fails, or somebody asks to stop."""
        together(list(self._given), self._failures, self._make, "before the first week")
        if self._failures:
            return self._divergence(0, [])
        a, b = self._members.values()
        start = differing_fields(a.country, b.country)
        if since is not None:
            for name, one in self._members.items():
                halfway.restore(one.country, since, name)
        known, tallies = {one.field for one in start}, dict[str, NDArray[np.int64]]()

        def advance(name: str) -> None:
            tallies[name] = self._members[name].country.advance()

        for week in range(a.country.week, a.scenario.weeks):
            before = [one.country.branch(one.plan) for one in (a, b)]
            together(list(self._members), self._failures, advance, f"week {week + 1}")
            if self._failures:
                return self._divergence(week, start)
            told.week(week + 1)
            fields = differing_fields(a.country, b.country, known)
            cells = differing_cells(a.country, *tallies.values(), only_flows=bool(known))
            if fields or cells:
                told.stage("looking for the decision")
                return self._divergence(week + 1, start, before, fields, cells)
            is_last, is_asked = week + 1 == a.scenario.weeks, interruption.is_asked
            if not is_last and halfway.is_due(week + 1, is_stopping=is_asked):
                halfway.put_down(
                    told, {name: (one.country, {}) for name, one in self._members.items()}, {}
                )
            if is_asked:
                break
        return self._divergence(a.country.week, start)

    def _make(self, name: str) -> None:
        self._members[name] = member(*self._given[name], self._threads)

    def _divergence(
        self, compared: int, start: Sequence[Differing], before: Sequence[Country] = (),
        fields: Sequence[Differing] = (), cells: Sequence[Cell] = (),
    ) -> Divergence:  # fmt: skip
        """Say what was found in so many weeks; ``before`` is both before the week they part in."""
        scenario, week = self._given["A"][0], compared if before else None
        named = [
            f"{title(one)} (seed {one.seed}, {engine})" for one, engine in self._given.values()
        ]
        return Divergence(
            named[0], named[1], scenario.weeks, compared, tuple(start), week,
            None if week is None else scenario.start + (week - 1) * WEEK,
            tuple(fields), tuple(cells),
            first_decision(before, fields, cells) if before else None,
            tuple(reference_notes(before, fields)) if before else (),
            (self._digest("A"), self._digest("B")),
            tuple(f"{name}, {why}" for name, why in self._failures.items()),
        )  # fmt: skip

    def _digest(self, name: str) -> str | None:
        """Return a run's digest; None of both where one failed: they stand in different weeks."""
        return None if self._failures else self._members[name].country.digest()


def first_decision(
    before: Sequence[Country], fields: Sequence[Differing], cells: Sequence[Cell]
) -> Decision | None:
    """Return the decision by which two runs part in a week, None if none is found."""
    if len({one.engine_name for one in before}) > 1:
        return None
    for block in blocks_to_look_at(before[0], fields, cells):
        notes = [relived(one, block) for one in before]
        decision = first_difference(before[0], block, *notes)
        if decision is not None:
            return decision
    return None


def reference_notes(before: Sequence[Country], fields: Sequence[Differing]) -> list[str]:
    """Return what the reference does with the first citizen whom another engine treats otherwise.

    Nothing where both runs are on one engine, or the reference is none of the two.
    """
    names = [one.engine_name for one in before]
    if len(set(names)) == 1 or "reference" not in names or not fields:
        return []
    country, first = before[names.index("reference")], min(fields, key=lambda one: one.block)
    notes = relived(country, first.block)
    return [said(country, one) for one in notes if number_of(country, one.citizen) == first.citizen]


def blocks_to_look_at(
    country: Country, fields: Sequence[Differing], cells: Sequence[Cell]
) -> Iterator[int]:
    """Yield blocks that may show the difference: those of fields first, then those of zones."""
    seen = sorted({one.block for one in fields})
    yield from seen
    places = country.society.layout.places
    for zone in dict.fromkeys(one.zone for one in cells):
        first, count = places.zones[zone, at.FIRST_BLOCK], places.zones[zone, at.BLOCKS]
        for block in range(int(first), int(first + min(count, MOST_BLOCKS))):
            if block not in seen:
                yield block


def relived(before: Country, block: int) -> list[Note]:
    """Return what was noted in a week of one block, lived from a country before the week."""
    country = before.branch(before.plan)
    witness = Witness(country, block)
    country.advance()
    return witness.week.notes
