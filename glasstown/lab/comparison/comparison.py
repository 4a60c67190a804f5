"""`compare`: worlds under the same seeds, run together, and their paired differences."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import polars as pl

from glasstown.engine.engines import default_workers
from glasstown.engine.measures import INDEX, OWN_CAUSES
from glasstown.errors import InputError
from glasstown.lab import reporting
from glasstown.lab.branches import Leaf, Parting, parting, prepared, weeks_to_run
from glasstown.lab.comparison import SEEDS
from glasstown.lab.comparison.course import put_together, weekly_course
from glasstown.lab.comparison.differences import (
    FEWEST_SEEDS,
    Estimate,
    Factor,
    estimate,
    variance_factor,
)
from glasstown.lab.comparison.transitions import STATES, Transitions, crossed, transitions
from glasstown.lab.manifest import scale
from glasstown.lab.members import Kept, Study
from glasstown.lab.outcomes import BY_NAME, OUTCOMES, Outcome
from glasstown.lab.pairing import Given, NamedWorld, check_seeds, check_threads, worlds_of
from glasstown.lab.progress import Progress, Silent
from glasstown.lab.results import result_name, write_result
from glasstown.lab.room import check_memory
from glasstown.lab.runfolder import LABEL
from glasstown.lab.scenario import scenario_hash
from glasstown.lab.seeds import seeds_of
from glasstown.version import version

KIND = "compare: national sums of all measures, cause of exclusion by citizen"
CAUSE_COLUMNS = [INDEX[f"excluded_{cause}"] for cause in OWN_CAUSES]
JSON, PAGE = "comparison.json", "comparison.html"


class Difference(NamedTuple):
    """One outcome in the first world and in another, over the seeds that both came through.

    ``difference`` is the other less the first; ``factor`` says what pairing took off its variance.
    """

    world: str
    outcome: Outcome
    first: Estimate
    other: Estimate
    difference: Estimate
    factor: Factor


class Comparison(NamedTuple):
    """Worlds that were compared.

    ``causes`` hold, by world and cause, the share of adults shut out at the end. ``partings`` say
    where each other world parts from the first (None: never). ``digests`` hold, by world and seed,
    the digest that a run of its own would have (None: it failed). ``weekly`` has a row for each
    world, week and outcome: mean, least and largest over seeds.
    """

    worlds: tuple[NamedWorld, ...]
    seed: int
    seeds: tuple[int, ...]
    seeds_done: int
    differences: tuple[Difference, ...]
    transitions: dict[str, Transitions]
    causes: dict[str, dict[str, Estimate]]
    partings: dict[str, Parting | None]
    digests: dict[str, list[str | None]]
    weekly: pl.DataFrame
    failures: tuple[str, ...]
    weeks_shared: int

    @property
    def is_complete(self) -> bool:
        """Whether every seed was run."""
        return self.seeds_done == len(self.seeds)

    @property
    def citizens(self) -> int:
        """Citizens of each country."""
        return self.worlds[0].scenario.society.citizens

    @property
    def scale(self) -> str:
        """How much smaller the country is than that of its region table."""
        return scale(self.citizens, self.worlds[0].scenario.society.regions)

    def of(self, outcome: str, world: str | None = None) -> Difference:
        """Return the difference in an outcome; without a world, that of the second.

        Raises
        ------
        InputError
            If there is no such outcome or world in this comparison.
        """
        wanted = self.worlds[1].label if world is None else world
        for one in self.differences:
            if one.outcome.name == outcome and one.world == wanted:
                return one
        labels = [one.label for one in self.worlds[1:]]
        raise InputError(f"no outcome '{outcome}' of '{wanted}'; outcomes: {', '.join(BY_NAME)}; "
                         f"worlds: {', '.join(labels)}")  # fmt: skip

    @property
    def frame(self) -> pl.DataFrame:
        """The differences as a Polars frame, one row for each world and outcome."""
        return pl.DataFrame([_row(one) for one in self.differences], infer_schema_length=None)

    @property
    def name(self) -> str:
        """What its folder is called: the same worlds under the same seeds have the same name."""
        parts = [scenario_hash(one.scenario) for one in self.worlds]
        words = "/vs/".join(one.label for one in self.worlds).split("/")
        return result_name(words, [*parts, len(self.seeds)])

    def write(self, out: str | Path, command: str = "") -> Path:
        """Write JSON and page into a folder of its own below another, and return it.

        Raises
        ------
        OSError
            If it can't be written.
        ReportError
            If the page can't be drawn; the JSON stands.
        """
        folder = Path(out) / self.name
        write_result(self, folder / JSON, folder / PAGE, command)
        return folder

    def page(self, path: str | Path, command: str = "") -> Path:
        """Write the page, one file that works offline, and return its path."""
        return reporting.write_page(self, Path(path), command)

    def as_data(self) -> dict[str, Any]:
        """Return everything for another program."""
        first = self.worlds[0].scenario
        return {
            "label": LABEL, "glasstown": version(), "scale": self.scale,
            "citizens": self.citizens, "start": str(first.start), "weeks": first.weeks,
            "seed": self.seed, "seeds": list(self.seeds), "seeds_done": self.seeds_done,
            "complete": self.is_complete, "failures": list(self.failures),
            "weeks_shared_a_seed": self.weeks_shared,
            "worlds": [
                {"label": one.label, "scenario_hash": scenario_hash(one.scenario),
                 "parts": _parted(self.partings.get(one.label)),
                 "digests": self.digests[one.label],
                 "scenario": one.scenario.model_dump(mode="json")}
                for one in self.worlds
            ],
            "causes": {
                label: {cause: share._asdict() for cause, share in one.items()}
                for label, one in self.causes.items()
            },
            "differences": [_row(one) for one in self.differences],
            "transitions": {
                label: {**{name: getattr(one, name)._asdict() for name in one._fields[:-1]},
                        "states": list(STATES), "table": one.table.tolist()}
                for label, one in self.transitions.items()
            },
        }  # fmt: skip


def _parted(where: Parting | None) -> dict[str, Any] | None:
    return None if where is None else {"week": where.week + 1, "what": where.what}


def _row(one: Difference) -> dict[str, Any]:
    """Return a difference in one flat row."""
    row: dict[str, Any] = {"world": one.world, "outcome": one.outcome.name,
                           "unit": one.outcome.unit, "seeds": one.difference.seeds}  # fmt: skip
    for name in ("first", "other", "difference"):
        value: Estimate = getattr(one, name)
        row |= {name: value.mean, f"{name}_low": value.low, f"{name}_high": value.high}
    factor = one.factor
    row |= {"factor": factor.value, "factor_low": factor.low, "factor_high": factor.high}
    return {**row, "factor_note": factor.note}


def compare(
    *given: Given,
    without: Sequence[Sequence[str]] = (),
    since: date | str | None = None,
    seeds: int = SEEDS,
    out: str | Path | None = None,
    threads: int | None = None,
    progress: Progress | None = None,
    **overrides: Any,
) -> Comparison:
    """Compare worlds that share every draw.

    Parameters
    ----------
    *given : str, Path, Mapping or Scenario
        The worlds: shipped schemes' names, scenario files, or mappings such as
        ``{"from": "total-2020", "without": ["friends"]}``. The others are compared with the first.
    without : sequence of sequences of str
        Further worlds: the first one with these mechanisms left out.
    since : date or str, optional
        The other schemes take over from the first one's on this day; until then there is one
        world, which is simulated once.
    seeds : int
        How many seeds, at least two; they are hashed from the scenarios' own.
    out : str or Path, optional
        A folder in which finished members are kept, so that a comparison that was stopped goes
        on; nothing is kept by default.
    threads : int, optional
        Threads that share a week; the result doesn't depend on it.
    progress : Progress, optional
        Who is told.
    **overrides : Any
        Single keys of all worlds, as in ``citizens=100_000``.

    Returns
    -------
    Comparison
        After one Ctrl-C, that of the seeds that were finished.

    Raises
    ------
    InputError
        If a world can't be used, or worlds can't be paired.
    KeyboardInterrupt
        If it is stopped before the first seed is finished.
    """
    check_seeds(seeds, FEWEST_SEEDS)
    check_threads(threads)
    worlds = worlds_of(given, without=without, since=_day(since), overrides=overrides)
    told = progress or Silent()
    told.stage("compiling every date of every world")
    branches = prepared([one.scenario for one in worlds])
    check_memory(branches[0].society, threads or default_workers())
    replicates = seeds_of(worlds[0].scenario.seed, seeds)
    study = Study(
        branches, replicates, kept_of, KIND, folder=None if out is None else Path(out),
        progress=told, workers=threads,
    )  # fmt: skip
    gathered = _Gathered(worlds)
    for place, members in study.by_seed(f"comparing {len(worlds)} worlds"):
        gathered.take(place, [one.kept for one in members], [one.failure for one in members])
    if study.is_stopped and gathered.seeds_done == 0:
        raise KeyboardInterrupt
    partings = {
        world.label: parting(branches[0], branch)
        for world, branch in zip(worlds[1:], branches[1:], strict=True)
    }
    alone = sum(one.scenario.weeks for one in worlds)
    return gathered.comparison(replicates, partings, alone - weeks_to_run(branches))


def _day(given: date | str | None) -> date | None:
    try:
        return date.fromisoformat(given) if isinstance(given, str) else given
    except ValueError:
        raise InputError(f"since: must be a date such as 2017-01-01, not '{given}'") from None


def kept_of(leaf: Leaf) -> Kept:
    """Return what is kept of a run: sums of all measures by week, causes by citizen, its digest."""
    return {
        "sums": leaf.sums[:, : len(INDEX)],
        "causes": leaf.causes(),
        "digest": np.frombuffer(bytes.fromhex(leaf.digest), np.uint8),
    }


class _Gathered:
    """What the seeds came to so far: small numbers, never a whole country for long."""

    def __init__(self, worlds: list[NamedWorld]) -> None:
        self.worlds, self.seeds_done = worlds, 0
        self._values: list[dict[int, list[float]]] = [{} for _ in worlds]
        self._tables: dict[str, list[np.ndarray]] = {one.label: [] for one in worlds[1:]}
        self._courses: list[list[np.ndarray]] = [[] for _ in worlds]
        self._digests: dict[str, list[str | None]] = {one.label: [] for one in worlds}
        self._causes: list[list[np.ndarray]] = [[] for _ in worlds]
        self._failures: list[str] = []

    def take(self, place: int, kept: list[Kept | None], failures: list[str]) -> None:
        """Take the members of a seed."""
        self.seeds_done += 1
        for i, (world, one) in enumerate(zip(self.worlds, kept, strict=True)):
            self._digests[world.label].append(None if one is None else bytes(one["digest"]).hex())
            if one is None:
                self._failures.append(f"{world.label}, seed {place + 1}: {failures[i]}")
                continue
            sums = one["sums"]
            self._values[i][place] = [outcome.of(sums) for outcome in OUTCOMES]
            self._courses[i].append(weekly_course(sums))
            self._causes[i].append(sums[-1, CAUSE_COLUMNS] / sums[-1, INDEX["adults"]])
        first = kept[0]
        for world, one in zip(self.worlds[1:], kept[1:], strict=True):
            if first is not None and one is not None:
                adults = int(first["sums"][-1, INDEX["adults"]])
                self._tables[world.label].append(crossed(first["causes"], one["causes"], adults))

    def comparison(
        self, seeds: Sequence[int], partings: dict[str, Parting | None], shared: int
    ) -> Comparison:
        """Return what came out."""
        first = self._values[0]
        differences = []
        for world, values in zip(self.worlds[1:], self._values[1:], strict=True):
            places = [place for place in first if place in values]
            if not places:
                self._failures.append(f"{world.label}: no seed came through both worlds")
                continue
            x = np.array([first[place] for place in places])
            y = np.array([values[place] for place in places])
            differences += [
                _difference(world.label, outcome, x[:, i], y[:, i])
                for i, outcome in enumerate(OUTCOMES)
                if outcome.name != "score" or (x[:, i].any() and y[:, i].any())  # both keep one
            ]
        scenario = self.worlds[0].scenario
        labels = [one.label for one in self.worlds]
        return Comparison(
            worlds=tuple(self.worlds), seed=scenario.seed, seeds=tuple(seeds),
            seeds_done=self.seeds_done, differences=tuple(differences),
            transitions={
                label: transitions(tables) for label, tables in self._tables.items() if tables
            },
            causes={
                label: {
                    cause: estimate([float(one[i]) for one in shares])
                    for i, cause in enumerate(OWN_CAUSES)
                }
                for label, shares in zip(labels, self._causes, strict=True)
                if shares
            },
            partings=partings, digests=self._digests,
            weekly=put_together(labels, self._courses, scenario.start),
            failures=tuple(self._failures), weeks_shared=shared,
        )  # fmt: skip


def _difference(label: str, outcome: Outcome, x: np.ndarray, y: np.ndarray) -> Difference:
    first, other, by = x.tolist(), y.tolist(), (y - x).tolist()
    return Difference(
        label,
        outcome,
        estimate(first),
        estimate(other),
        estimate(by),
        variance_factor(first, other),
    )
