"""Diverge: run two scenarios side by side until a field or a tally differs, and say why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from glasstown.engine.country import Country
from glasstown.engine.engines import ENGINES, check_engine, default_workers
from glasstown.errors import InputError
from glasstown.lab import room
from glasstown.lab.diverge.deciding import Decision, first_difference, said
from glasstown.lab.diverge.fields import (
    Cell,
    Differing,
    differing_cells,
    differing_fields,
    number_of,
)
from glasstown.lab.interruption import Interruption
from glasstown.lab.phases import WEEK
from glasstown.lab.progress import Progress, Silent
from glasstown.lab.rollout import Timetable
from glasstown.lab.runfolder import LABEL
from glasstown.lab.scenario import Scenario, load_scenario
from glasstown.lab.trace.noting import Note
from glasstown.lab.trace.tracing import title
from glasstown.lab.trace.witness import Witness
from glasstown.society import layout as at
from glasstown.society.compilation import compile_society

MOST_BLOCKS = 200
"""Blocks that are lived again in search of what only the tallies show."""
STOPPING = "stopping after this week (Ctrl-C again stops at once)"


class Divergence(NamedTuple):
    """Where two runs part, if they do.

    ``start`` holds the fields in which they differ before the first week; ``week`` (from 1) and
    ``day`` are those in which they part after that, None if they never do; ``fields`` and
    ``tallies`` say in what, ``decision`` by which decision of which citizen. Of two engines one
    is wrong: ``notes`` says what the reference does with the first citizen that differs.
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
    digests: tuple[str, str]

    @property
    def is_identical(self) -> bool:
        """Whether every field and tally was the same in every week that was compared."""
        return not self.start and self.week is None

    def as_data(self) -> dict[str, Any]:
        """Return everything for another program."""
        return {
            "label": LABEL,
            **self._asdict(),
            "is_identical": self.is_identical,
            "start": [one._asdict() for one in self.start],
            "fields": [one._asdict() for one in self.fields],
            "tallies": [one._asdict() for one in self.tallies],
            "decision": None if self.decision is None else self.decision.as_data(),
            "day": None if self.day is None else str(self.day),
            "notes": list(self.notes),
            "digests": list(self.digests),
        }


class Member(NamedTuple):
    """One of the two runs."""

    scenario: Scenario
    plan: Timetable
    country: Country


def diverge(
    a: str | Path | Mapping[str, Any] | Scenario,
    b: str | Path | Mapping[str, Any] | Scenario | None = None,
    *,
    changes: Mapping[str, Any] | None = None,
    engines: Sequence[str] = ("cpu", "cpu"),
    threads: int | None = None,
    progress: Progress | None = None,
    **overrides: Any,
) -> Divergence:
    """Find the first week, step, citizen and draw in which two runs part.

    Parameters
    ----------
    a, b : str, Path, Mapping or Scenario
        Shipped schemes' names, paths to scenario files, or mappings; without a second one the
        first is run twice.
    changes : Mapping, optional
        Single keys of the second scenario alone, as ``{"without": ["friends"]}`` or
        ``{"seed": 2}``.
    engines : sequence of two str
        What runs the first and the second.
    threads : int, optional
        How many threads share a week.
    progress : Progress, optional
        Who is told.
    **overrides : Any
        Single keys of both scenarios, as for `glasstown.run`.

    Raises
    ------
    InputError
        If a scenario can't be used, or the two can't be paired: their countries differ in size,
        regions or groups, or they run for a different number of weeks.
    EngineError
        If there is no such engine.
    KeyboardInterrupt
        If it is interrupted twice, or before the first week.
    """
    scenarios = (
        load_scenario(a, overrides=overrides),
        load_scenario(a if b is None else b, overrides={**overrides, **(changes or {})}),
    )
    check_pair(*scenarios)
    check_engines(engines)
    told = progress or Silent()
    names = f"{scenarios[0].scheme.name} and {scenarios[1].scheme.name}"
    told.started(scenarios[0].weeks, names)
    try:
        pair = [
            member(one, engine, threads) for one, engine in zip(scenarios, engines, strict=True)
        ]
        return _compared(pair[0], pair[1], told)
    finally:
        told.finished()


def check_pair(a: Scenario, b: Scenario) -> None:
    """Refuse two scenarios whose citizens are not the same places.

    Raises
    ------
    InputError
        If they can't be paired.
    """
    for name, one, other in (
        ("citizens", a.society.citizens, b.society.citizens),
        ("regions", a.society.regions, b.society.regions),
        ("groups", _groups(a), _groups(b)),
        ("weeks", a.weeks, b.weeks),
        ("start", a.start, b.start),
    ):
        if one != other:
            raise InputError(
                f"these runs can't be compared: {name}: {one} in A and {other} in B; citizen "
                "numbers and weeks must mean the same in both"
            )


def _groups(scenario: Scenario) -> str:
    return ", ".join(one.name for one in scenario.society.groups) or "none"


def check_engines(engines: Sequence[str]) -> None:
    """Refuse what is not the names of two engines.

    Raises
    ------
    InputError
        If they are not two.
    EngineError
        If there is no such engine.
    """
    if isinstance(engines, str) or len(engines) != 2:
        given = engines if isinstance(engines, str) else ", ".join(map(str, engines))
        raise InputError(
            f"engines: needs two of {', '.join(ENGINES)}, for A and B, such as reference,cpu; "
            f"not '{given}'"
        )
    for one in engines:
        check_engine(one)


def member(scenario: Scenario, engine: str, threads: int | None) -> Member:
    """Return a scenario with its country, before the first week."""
    society = compile_society(scenario.society, scenario.without)
    workers = threads or default_workers()
    room.check_memory(society, workers)
    plan = Timetable(scenario, society)
    return Member(
        scenario, plan, Country(society, plan, scenario.seed, engine=engine, workers=workers)
    )


def _compared(a: Member, b: Member, told: Progress) -> Divergence:
    """Run both until they part."""
    start = differing_fields(a.country, b.country)
    known = {one.field for one in start}
    found: tuple[list[Differing], list[Cell]] = ([], [])
    decision, notes = None, list[str]()
    weeks, done, parted = a.scenario.weeks, 0, None
    with Interruption(lambda: told.stage(STOPPING)) as interruption:
        for week in range(weeks):
            before = [one.country.branch(one.plan) for one in (a, b)]
            tallies = [one.country.advance() for one in (a, b)]
            done = week + 1
            told.week(done)
            found = (
                differing_fields(a.country, b.country, known),
                differing_cells(a.country, *tallies, only_flows=bool(known)),
            )
            if found[0] or found[1]:
                parted = week
                told.stage("looking for the decision")
                decision = first_decision(before, *found)
                notes = reference_notes(before, found[0])
                break
            if interruption.is_asked:
                break
    return Divergence(
        _named(a), _named(b), weeks, done, tuple(start), None if parted is None else parted + 1,
        None if parted is None else a.scenario.start + parted * WEEK, tuple(found[0]),
        tuple(found[1]), decision, tuple(notes), (a.country.digest(), b.country.digest()),
    )  # fmt: skip


def _named(one: Member) -> str:
    """Say in short what a run is."""
    return f"{title(one.scenario)} (seed {one.scenario.seed}, {one.country.engine_name})"


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
