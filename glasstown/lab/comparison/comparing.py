"""`compare`: worlds under the same seeds, run together, and their paired differences."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from glasstown.engine.engines import default_workers
from glasstown.engine.measures import INDEX, OWN_CAUSES
from glasstown.errors import InputError
from glasstown.lab.branches import Leaf, Parting, parting, prepared, weeks_to_run
from glasstown.lab.comparison import SEEDS
from glasstown.lab.comparison.comparison import Comparison, Difference
from glasstown.lab.comparison.course import put_together, weekly_course
from glasstown.lab.comparison.differences import (
    FEWEST_SEEDS,
    estimate,
    variance_factor,
)
from glasstown.lab.comparison.transitions import crossed, transitions
from glasstown.lab.members import Kept, Study
from glasstown.lab.outcomes import OUTCOMES, Outcome
from glasstown.lab.pairing import Given, NamedWorld, check_seeds, check_threads, worlds_of
from glasstown.lab.progress import Progress, Silent
from glasstown.lab.room import check_memory
from glasstown.lab.seeds import seeds_of

KIND = "compare: national sums of all measures, cause of exclusion by citizen"
CAUSE_COLUMNS = [INDEX[f"excluded_{cause}"] for cause in OWN_CAUSES]


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
