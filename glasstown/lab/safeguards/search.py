"""Search the sets of safeguards: least harm, most of the benefit kept, fewest changes.

A set is run under every seed, paired with the scheme as it is and with none. Where there are more
sets than evaluations, NSGA-II (Deb et al. 2002, as Optuna has it) chooses which to run, after
none, each alone, and all together; else all sets are run and nothing is chosen. Finished sets are
kept on disk, and since the search depends on its seed alone, one that was stopped goes on.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from glasstown.errors import GlasstownError, InputError, nearest_word
from glasstown.lab.assessment.dossier import folder_name, sized
from glasstown.lab.assessment.estimates import Estimate, estimate
from glasstown.lab.assessment.shelf import Shelf, key_of
from glasstown.lab.assessment.variants import Variant, without_scheme
from glasstown.lab.branches import Branch, grow, prepared
from glasstown.lab.interruption import Interruption
from glasstown.lab.manifest import scale
from glasstown.lab.outcomes import Sums
from glasstown.lab.progress import Progress, Silent
from glasstown.lab.runfolder import LABEL
from glasstown.lab.safeguards import (
    CITIZENS,
    EVALUATIONS,
    FEWEST_CITIZENS,
    FEWEST_SEEDS,
    MOST_EVALUATIONS,
    SEED,
    SEEDS,
)
from glasstown.lab.safeguards.changes import (
    Safeguard,
    applicable,
    changes_of,
    guarded,
)
from glasstown.lab.safeguards.measures import (
    HARM_WORDS,
    HARMS,
    LEAST,
    Base,
    Measured,
    harms_of,
    measured,
    offences_of,
)
from glasstown.lab.scenario import Scenario
from glasstown.lab.seeds import seeds_of
from glasstown.lab.showing import WIDE, named
from glasstown.lab.writing import write_text
from glasstown.version import version
from glasstown.wording import listed

if TYPE_CHECKING:
    from glasstown.lab.charts.theme import Chart

SETS_FILE, RESULT = "sets.jsonl", "safeguards.json"
POPULATION = 16
INSTALL = "the search needs Optuna: pip install 'glasstown[safeguards]'"


class Candidate(NamedTuple):
    """A set of safeguards that was run: what is left of the harm, and what is kept."""

    names: tuple[str, ...]
    harm_left: Estimate
    benefit: Estimate | None
    left: dict[str, Estimate]

    @property
    def size(self) -> int:
        """How many safeguards."""
        return len(self.names)

    def objectives(self) -> tuple[float, float, float]:
        """Return what is lowered: harm left, benefit lost, changes."""
        lost = 0.0 if self.benefit is None else 1 - self.benefit.mean
        return (self.harm_left.mean, lost, float(self.size))


class Found(NamedTuple):
    """The outcome of a search. ``left`` counts evaluations that were not reached."""

    scenario: Scenario
    safeguards: tuple[Safeguard, ...]
    harms: tuple[str, ...]
    candidates: tuple[Candidate, ...]
    failures: dict[str, str]
    is_complete: bool
    left: int
    benefit: Estimate | None
    given: str
    seeds: int
    seed: int
    evaluations: int
    folder: Path | None

    @property
    def scale(self) -> str:
        """How much smaller the country is than the one of its region table."""
        return scale(self.scenario.society.citizens, self.scenario.society.regions)

    @property
    def command(self) -> str:
        """The command that gives this result."""
        s = self.scenario
        return (
            f"glasstown safeguards {self.given} --citizens {s.society.citizens} --weeks {s.weeks} "
            f"--seeds {self.seeds} --seed {self.seed} --evaluations {self.evaluations}"
        )

    def front(self) -> list[Candidate]:
        """Return the sets that no other set beats in one respect without losing in another."""
        better = [one for one in self.candidates if not one.names or one.harm_left.mean < 1]
        kept = [
            one for one in better
            if not any(_dominates(other, one) for other in better if other is not one)
        ]  # fmt: skip
        return sorted(kept, key=lambda one: (one.size, one.harm_left.mean))

    def best_of_size(self) -> list[Candidate]:
        """Return, for each number of changes, the set that leaves least harm."""
        best: dict[int, Candidate] = {}
        for one in self.candidates:
            known = best.get(one.size)
            if known is None or one.harm_left.mean < known.harm_left.mean:
                best[one.size] = one
        return [best[size] for size in sorted(best)]

    def alone(self) -> list[Candidate]:
        """Return every safeguard by itself, the one that removes most first."""
        single = [one for one in self.candidates if one.size == 1]
        return sorted(single, key=lambda one: one.harm_left.mean)

    def changes(self, candidate: Candidate) -> dict[str, Any]:
        """Return the changes of a set, as a scheme's file writes them under `from:`."""
        chosen = [one for one in self.safeguards if one.name in candidate.names]
        return changes_of(self.scenario.scheme, chosen)

    def as_data(self) -> dict[str, Any]:
        """Return everything for another program."""
        return {
            "label": LABEL,
            "command": self.command,
            "glasstown": version(),
            "scheme": self.scenario.scheme.name,
            "citizens": self.scenario.society.citizens,
            "scale": self.scale,
            "is_complete": self.is_complete,
            "evaluations_not_reached": self.left,
            "harms": {name: HARM_WORDS[name] for name in self.harms},
            "benefit_offences_fewer": None if self.benefit is None else self.benefit._asdict(),
            "safeguards": {one.name: {"meaning": one.meaning, "origin": one.origin}
                           for one in self.safeguards},
            "failures": self.failures,
            "front": [{**_data(one), "changes": self.changes(one)} for one in self.front()],
            "candidates": [_data(one) for one in self.candidates],
        }  # fmt: skip

    def charts(self, width: int = WIDE) -> dict[str, Chart]:
        """Draw every chart that there is something for, by name; a notebook displays each."""
        from glasstown.lab.safeguards.charts import charts

        return charts(self, width)

    def chart(self, name: str, width: int = WIDE) -> Chart:
        """Draw one chart.

        Raises
        ------
        InputError
            If there is no such chart, or it has nothing to show.
        """
        return named(self.charts(width), name)


def _data(one: Candidate) -> dict[str, Any]:
    return {
        "safeguards": list(one.names),
        "harm_left": one.harm_left._asdict(),
        "benefit_kept": None if one.benefit is None else one.benefit._asdict(),
        "left": {name: value._asdict() for name, value in one.left.items()},
    }


def _dominates(one: Candidate, other: Candidate) -> bool:
    pairs = list(zip(one.objectives(), other.objectives(), strict=True))
    return all(a <= b for a, b in pairs) and any(a < b for a, b in pairs)


class Stopped(Exception):  # noqa: N818 (no error: somebody asked for it)
    """Somebody asked the search to stop."""


def safeguards(
    given: Any,
    *,
    citizens: int | None = None,
    weeks: int | None = None,
    seeds: int = SEEDS,
    seed: int = SEED,
    evaluations: int = EVALUATIONS,
    only: Sequence[str] | None = None,
    harms: Sequence[str] | None = None,
    out: str | Path | None = None,
    progress: Progress | None = None,
    **overrides: Any,
) -> Found:
    """Find the smallest changes of a scheme that remove most of its harm.

    Parameters
    ----------
    given : str, Path, Mapping or Scenario
        As for `glasstown.assess`.
    citizens, weeks : int, optional
        Citizens of each country (20,000 by default), and how long each run is.
    seeds, seed : int
        How many seeds, at least two, and what names them.
    evaluations : int
        How many sets of safeguards are run at the most.
    only : sequence of str, optional
        Names of the safeguards that may be taken; all by default.
    harms : sequence of str, optional
        Names of the harms that are lowered; all by default.
    out : str or Path, optional
        The folder below which the search's folder is made; nothing is written by default.
    progress : Progress, optional
        Who is told.
    **overrides : Any
        Single keys of the scenario.

    Raises
    ------
    InputError
        If the scheme, a name or a number can't be used, the scheme does no harm, or Optuna is
        needed and not there.
    KeyboardInterrupt
        If it is interrupted before the scheme itself was run, or twice.
    """
    scenario = sized(given, citizens, weeks, CITIZENS, FEWEST_CITIZENS, overrides)
    wanted = _harms(harms)
    _check(seeds, evaluations)
    chosen, failures = _possible(scenario, only)
    if not chosen:
        raise InputError(f"{scenario.scheme.name}: no safeguard finds anything to change in it")
    folder = None
    if out is not None:
        folder = Path(out) / folder_name(scenario)
        folder.mkdir(parents=True, exist_ok=True)
    shelf = Shelf(None if folder is None else folder / SETS_FILE)
    told = progress or Silent()
    runs = Runs(scenario, chosen, seeds_of(seed, seeds), wanted, shelf, told)
    asked = min(evaluations, 2 ** len(chosen))
    # The scheme and none come first, and the scheme once more as the set of no change.
    weeks_whole = (asked + 2) * seeds * scenario.weeks
    told.started(weeks_whole, f"safeguards of {scenario.scheme.name}")
    candidates: dict[tuple[str, ...], Candidate] = {}
    try:
        with Interruption(lambda: told.stage("stopping")) as interruption:
            runs.interruption = interruption
            with contextlib.suppress(Stopped):
                for names in asking(runs, seed, asked):
                    if names not in candidates and runs.known.get(names) is not None:
                        candidates[names] = runs.known[names]
    finally:
        told.finished()
    if () not in candidates:
        raise KeyboardInterrupt
    found = Found(
        scenario, chosen, wanted, tuple(candidates.values()), {**failures, **runs.failures},
        asked == 2 ** len(chosen), asked - len(candidates) - len(runs.failures), runs.benefit(),
        str(given) if isinstance(given, str | Path) else scenario.scheme.name, seeds, seed,
        evaluations, folder,
    )  # fmt: skip
    if folder is not None:
        text = json.dumps(found.as_data(), indent=1, ensure_ascii=False, default=str)
        write_text(text + "\n", folder / RESULT)
    return found


def _harms(harms: Sequence[str] | None) -> tuple[str, ...]:
    for name in harms or ():
        if name not in HARMS:
            near = nearest_word(name, HARMS)
            hint = f" Did you mean '{near}'?" if near else ""
            raise InputError(f"harms: there is no harm '{name}'; there are: {listed(HARMS)}.{hint}")
    return tuple(one for one in HARMS if not harms or one in harms)


def _check(seeds: int, evaluations: int) -> None:
    if seeds < FEWEST_SEEDS:
        raise InputError(
            f"seeds: at least {FEWEST_SEEDS}, as intervals are over seeds; not {seeds}"
        )
    if not 2 <= evaluations <= MOST_EVALUATIONS:
        raise InputError(f"evaluations: from 2 to {MOST_EVALUATIONS}, not {evaluations}")


def _possible(
    scenario: Scenario, only: Sequence[str] | None
) -> tuple[tuple[Safeguard, ...], dict[str, str]]:  # fmt: skip
    """Return the safeguards that can be put in by themselves, and why others can't."""
    kept, failures = [], {}
    for one in applicable(scenario, only):
        try:
            guarded(scenario, [one])
            kept.append(one)
        except GlasstownError as error:
            failures[one.name] = str(error)
    return tuple(kept), failures


class _Ready:
    """A scenario that is made ready when it is first run, and once for all seeds."""

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario

    @cached_property
    def branches(self) -> list[Branch]:
        return prepared([self.scenario])


class Runs:
    """Runs sets of safeguards, each once, under every seed."""

    def __init__(
        self, scenario: Scenario, chosen: Sequence[Safeguard], seeds: Sequence[int],
        harms: tuple[str, ...], shelf: Shelf, told: Progress,
    ) -> None:  # fmt: skip
        self.scenario, self.chosen, self.seeds = scenario, tuple(chosen), list(seeds)
        self.harms, self.shelf, self.told = harms, shelf, told
        self.interruption: Interruption | None = None
        self.known: dict[tuple[str, ...], Candidate] = {}
        self.failures: dict[str, str] = {}
        self._weeks, self._places = 0, 0
        self._base: list[tuple[Base, Sums]] = []

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the safeguards, in their order."""
        return tuple(one.name for one in self.chosen)

    def benefit(self) -> Estimate | None:
        """Return the share by which the scheme as it is lowers offences of citizens."""
        values = [one.benefit / one.offences_without for one, _ in self._base]
        return estimate(values) if values else None

    def of(self, names: tuple[str, ...]) -> Candidate | None:
        """Return a set's outcome; None where it could not be run, which is recorded."""
        if names in self.known:
            return self.known[names]
        if not self._base:
            self._start()
        label = ", ".join(names) or "the scheme as it is"
        self._places += 1
        self.told.stage(f"set {self._places}: {label[:60]}")
        try:
            chosen = [one for one in self.chosen if one.name in names]
            scenario = _Ready(guarded(self.scenario, chosen))
            each = [self._one(scenario, place) for place in range(len(self.seeds))]
        except (GlasstownError, ArithmeticError, ValueError, MemoryError) as error:
            self.failures[" + ".join(names)] = str(error)
            return None
        self.known[names] = _candidate(names, each)
        return self.known[names]

    def _start(self) -> None:
        """Run what everything is measured against: the scheme as it is, and none."""
        self.told.stage("the scheme as it is, and none")
        without, scheme = _Ready(without_scheme(self.scenario)), _Ready(self.scenario)
        for seed in self.seeds:
            apart, with_ = self._run(without, seed), self._run(scheme, seed)
            base = Base(harms_of(with_, apart), offences_of(with_), offences_of(apart))
            self._base.append((base, apart))
        if not any(base.harms[name] > LEAST for base, _ in self._base for name in self.harms):
            raise InputError(
                f"{self.scenario.scheme.name}: does none of these harms in the runs: "
                f"{listed(self.harms)}. A larger country or more weeks may show some"
            )

    def _one(self, scenario: _Ready, place: int) -> Measured:
        base, apart = self._base[place]
        return measured(self._run(scenario, self.seeds[place]), apart, base, self.harms)

    def _run(self, ready: _Ready, seed: int) -> Sums:
        """Return the national sums of a run, from the shelf where it stands there."""
        key = key_of([Variant("safeguards", "", ready.scenario)], seed)
        known = self.shelf.get(key)
        if known is None:
            sums = next(grow(ready.branches, seed, told=self._week)).sums
            known = self.shelf.put(key, {"totals": sums.sum(axis=0).tolist()})
        else:
            self._weeks += ready.scenario.weeks
            self.told.week(self._weeks)
        # Every measure is a sum over weeks: the sums of all weeks are enough.
        return np.array([known["totals"]], np.int64)

    def _week(self) -> None:
        self._weeks += 1
        self.told.week(self._weeks)
        if self.interruption is not None and self.interruption.is_asked:
            raise Stopped


def _candidate(names: tuple[str, ...], each: Sequence[Measured]) -> Candidate:
    kept = [one.benefit for one in each if one.benefit is not None]
    parts = {name for one in each for name in one.left}
    return Candidate(
        names,
        _within(estimate([one.harm_left for one in each]), 0.0, None),
        _within(estimate(kept), None, 1.0) if len(kept) == len(each) else None,
        {
            name: _within(estimate([one.left[name] for one in each if name in one.left]), 0.0, None)
            for name in HARMS
            if name in parts
        },
    )


def _within(one: Estimate, least: float | None, most: float | None) -> Estimate:
    """Cut an interval off where the measure itself can't go."""
    low = one.low if least is None or one.low is None else max(one.low, least)
    high = one.high if most is None or one.high is None else min(one.high, most)
    return one._replace(low=low, high=high)


def asking(runs: Runs, seed: int, evaluations: int) -> Iterator[tuple[str, ...]]:
    """Yield sets as they have been run: all of them, or those that NSGA-II chooses."""
    names = runs.names
    if evaluations >= 2 ** len(names):
        for size in range(len(names) + 1):
            for some in combinations(names, size):
                runs.of(some)
                yield some
        return
    begun: list[tuple[str, ...]] = []
    for some in _first(runs):
        if len(begun) < evaluations and some not in begun:
            begun.append(some)
            runs.of(some)
            yield some
    yield from _chosen(runs, seed, evaluations, begun)


def _first(runs: Runs) -> Iterator[tuple[str, ...]]:
    """Yield none, each alone, all, and what is best alone put together one after another."""
    names = runs.names
    yield ()
    yield from ((name,) for name in names)
    yield names
    known = [name for name in names if (name,) in runs.known]
    ranked = sorted(known, key=lambda name: runs.known[name,].harm_left.mean)
    for size in range(2, len(ranked)):
        yield tuple(name for name in names if name in ranked[:size])


def _chosen(
    runs: Runs, seed: int, evaluations: int, fixed: Sequence[tuple[str, ...]]
) -> Iterator[tuple[str, ...]]:  # fmt: skip
    """Let NSGA-II choose the sets that are left."""
    try:
        import optuna
    except ImportError:
        raise InputError(INSTALL) from None
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    sampler = optuna.samplers.NSGAIISampler(population_size=POPULATION, seed=seed % 2**32)
    study = optuna.create_study(directions=["minimize"] * 3, sampler=sampler)
    for some in fixed:
        study.enqueue_trial({name: name in some for name in runs.names})
    tried, repeats = set(fixed), 0
    # A set that is asked for again costs nothing; when only such come, the search has settled.
    while len(tried) < evaluations and repeats < 20 * POPULATION:
        trial = study.ask()
        some = tuple(name for name in runs.names if trial.suggest_categorical(name, [False, True]))
        repeats = repeats + 1 if some in tried else 0
        tried.add(some)
        found = runs.of(some)
        if found is None:
            study.tell(trial, state=optuna.trial.TrialState.FAIL)
            continue
        study.tell(trial, found.objectives())
        yield some
