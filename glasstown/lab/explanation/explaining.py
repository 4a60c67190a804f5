"""`explain`: all worlds of the chosen mechanisms under the same seeds, and what each is due to."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from glasstown.engine.engines import default_workers
from glasstown.engine.measures import INDEX
from glasstown.errors import InputError, nearest_word
from glasstown.lab.branches import Branch, Leaf, prepared, weeks_to_run
from glasstown.lab.explanation import MOST_MECHANISMS, SEEDS, USUAL
from glasstown.lab.explanation.attribution import Attribution
from glasstown.lab.explanation.explanation import Explanation
from glasstown.lab.explanation.fates import Fates, counted_fates, tallied
from glasstown.lab.explanation.shares import shapley
from glasstown.lab.members import Kept, Study
from glasstown.lab.pairing import Given, check_seeds, check_threads, load_world
from glasstown.lab.progress import Progress, Silent
from glasstown.lab.room import check_memory
from glasstown.lab.scenario import Scenario
from glasstown.lab.seeds import seeds_of
from glasstown.lab.standing import STANDINGS, standings
from glasstown.lab.wording import joined
from glasstown.scheme.having import has_mechanism
from glasstown.scheme.mechanisms import MECHANISM_NAMES

KIND = "explain: " + ", ".join(STANDINGS)
FEWEST_SEEDS = 1


def explain(
    given: Given,
    *,
    mechanisms: Sequence[str] | None = None,
    seeds: int = SEEDS,
    out: str | Path | None = None,
    threads: int | None = None,
    progress: Progress | None = None,
    **overrides: Any,
) -> Explanation:
    """Say why each citizen who is shut out is, by mechanism.

    Parameters
    ----------
    given : str, Path, Mapping or Scenario
        A shipped scheme's name, a scenario file, or a mapping.
    mechanisms : sequence of str, optional
        Up to six mechanisms; those of `USUAL` that the scheme has by default.
    seeds : int
        How many seeds; intervals take two.
    out : str or Path, optional
        A folder in which finished runs are kept, so that what was stopped goes on.
    threads : int, optional
        Threads that share a week; the result doesn't depend on it.
    progress : Progress, optional
        Who is told.
    **overrides : Any
        Single keys of the scenario, as in ``citizens=100_000``.

    Returns
    -------
    Explanation
        After one Ctrl-C, that of the seeds that were finished.

    Raises
    ------
    InputError
        If the scenario or the mechanisms can't be used.
    KeyboardInterrupt
        If it is stopped before the first seed is finished.
    """
    check_seeds(seeds, FEWEST_SEEDS)
    check_threads(threads)
    world = load_world(given, overrides)
    chosen = chosen_of(mechanisms, world.scenario)
    told = progress or Silent()
    told.stage(f"compiling {1 << len(chosen)} worlds")
    branches = prepared(worlds_without(world.scenario, chosen))
    check_memory(branches[0].society, threads or default_workers())
    replicates = seeds_of(world.scenario.seed, seeds)
    study = Study(
        branches, replicates, kept_of, KIND, folder=None if out is None else Path(out),
        progress=told, workers=threads,
    )  # fmt: skip
    gathered = _Gathered(chosen, world.scenario.society.citizens)
    for place, members in study.by_seed(f"{world.label} in {len(branches)} worlds"):
        gathered.take(place, [one.kept for one in members], [one.failure for one in members])
    if study.is_stopped and gathered.seeds_done == 0:
        raise KeyboardInterrupt
    return Explanation(
        world, chosen, gathered.attributions(), gathered.citizens(), tuple(replicates),
        gathered.seeds_done, tuple(notes_of(world.scenario, chosen, branches)),
        tuple(gathered.failures), weeks_to_run(branches),
    )  # fmt: skip


def chosen_of(mechanisms: Sequence[str] | None, scenario: Scenario) -> tuple[str, ...]:
    """Return the mechanisms that are asked about.

    Raises
    ------
    InputError
        If one is unknown or named twice, or there are none or too many.
    """
    if isinstance(mechanisms, str):
        raise InputError(f"mechanisms: must be a list of names, not the text '{mechanisms}'")
    if mechanisms is None:
        usual = tuple(name for name in USUAL if _is_there(scenario, name))
        if not usual:
            raise InputError(
                f"mechanisms: {scenario.scheme.name} has none of {joined(USUAL)}; name some with "
                "--mechanisms (in Python: mechanisms=[...]); `glasstown mechanisms` lists them"
            )
        return usual
    chosen = tuple(mechanisms)
    for name in chosen:
        if name not in MECHANISM_NAMES:
            near = nearest_word(name, MECHANISM_NAMES)
            meant = f" Did you mean '{near}'?" if near else ""
            raise InputError(
                f"mechanisms: there is no '{name}'; there are: {', '.join(MECHANISM_NAMES)}.{meant}"
            )
        if chosen.count(name) > 1:
            raise InputError(f"mechanisms: '{name}' is named twice; keep one")
    if not 1 <= len(chosen) <= MOST_MECHANISMS:
        raise InputError(
            f"mechanisms: from 1 to {MOST_MECHANISMS} can be told apart, as each one more doubles "
            f"the worlds that are run (2^{MOST_MECHANISMS} = {1 << MOST_MECHANISMS}); "
            f"{len(chosen)} are named"
        )
    return chosen


def worlds_without(scenario: Scenario, mechanisms: Sequence[str]) -> list[Scenario]:
    """Return all 2^m scenarios; bit k of a place says that the k-th mechanism is on."""
    worlds = []
    for world in range(1 << len(mechanisms)):
        off = [name for k, name in enumerate(mechanisms) if not world >> k & 1]
        left_out = list(dict.fromkeys([*scenario.without, *off]))
        worlds.append(scenario.model_copy(update={"without": left_out}))
    return worlds


def _is_there(scenario: Scenario, name: str) -> bool:
    """Return whether any scheme of a scenario has a mechanism, and it is not left out."""
    brought = [one.scheme for one in scenario.rollout if one.scheme is not None]
    schemes = [scenario.scheme, *brought]
    return name not in scenario.without and any(has_mechanism(one, name) for one in schemes)


def notes_of(
    scenario: Scenario, mechanisms: Sequence[str], branches: Sequence[Branch]
) -> list[str]:
    """Say which mechanisms can have no share, and why."""
    notes = []
    for k, name in enumerate(mechanisms):
        is_idle = all(
            one.marks == branches[world ^ 1 << k].marks for world, one in enumerate(branches)
        )
        if name in scenario.without:
            notes.append(f"{name} is left out in the scenario itself: its share is zero.")
        elif not _is_there(scenario, name):
            notes.append(f"{scenario.scheme.name} has no {name}: its share is zero.")
        elif is_idle:
            notes.append(
                f"{name} has nothing to do here: every week is the same without it, to the byte, "
                "and its share is zero."
            )
    return notes


def kept_of(leaf: Leaf) -> Kept:
    """Return what is kept of a run: one bit for each citizen and outcome, and the adults."""
    bits = {name: np.packbits(one, bitorder="little") for name, one in standings(leaf).items()}
    return {**bits, "adults": leaf.sums[-1, INDEX["adults"]]}


class _Gathered:
    """What the seeds came to so far."""

    def __init__(self, mechanisms: tuple[str, ...], citizens: int) -> None:
        self.seeds_done = 0
        self.failures: list[str] = []
        self._mechanisms, self._citizens = mechanisms, citizens
        self._fates: dict[str, list[Fates]] = {name: [] for name in STANDINGS}
        self._adults: list[int] = []
        self._lives: list[pl.DataFrame] = []

    def take(self, place: int, kept: list[Kept | None], failures: list[str]) -> None:
        """Take the worlds of a seed; if one failed the seed gives no shares."""
        self.seeds_done += 1
        whole = [one for one in kept if one is not None]
        if len(whole) < len(kept):
            for world, failure in enumerate(failures):
                if failure:
                    on = [name for k, name in enumerate(self._mechanisms) if world >> k & 1]
                    what = f"with {joined(on)} on" if on else "with all of them off"
                    self.failures.append(f"seed {place + 1}, {what}: {failure}; no shares from it")
            return
        self._adults.append(int(whole[0]["adults"]))
        for name, known in self._fates.items():
            fates = counted_fates([one[name] for one in whole], self._citizens)
            known.append(tallied(fates))
            if name == "excluded":
                self._lives.append(lives(fates, place, self._mechanisms))

    def attributions(self) -> dict[str, Attribution]:
        """Return every outcome shared out; nothing if no seed came through all worlds."""
        if not self._adults:
            return {}
        return {
            name: Attribution(name, self._mechanisms, tuple(fates), tuple(self._adults))
            for name, fates in self._fates.items()
        }

    def citizens(self) -> pl.DataFrame:
        """Return who is shut out, with fate and shares."""
        empty = lives(np.zeros(0, np.uint64), 0, self._mechanisms)
        return pl.concat([empty, *self._lives])


def lives(
    fates: NDArray[np.uint64], place: int, mechanisms: Sequence[str]
) -> pl.DataFrame:  # fmt: skip
    """Return a row for each citizen whom it befalls with all mechanisms on."""
    worlds = 1 << len(mechanisms)
    citizens = np.flatnonzero(fates >> np.uint64(worlds - 1) & np.uint64(1))
    mine = fates[citizens]
    values, which = np.unique(mine, return_inverse=True)
    games = [[int(fate) >> world & 1 for world in range(worlds)] for fate in values.tolist()]
    shares = np.array([[float(x) for x in shapley(game)] for game in games], np.float64)
    shares = shares.reshape(len(games), len(mechanisms))
    columns = {name: shares[which, k] for k, name in enumerate(mechanisms)}
    seed = np.full(len(citizens), place + 1, np.int32)
    return pl.DataFrame({"seed": seed, "citizen": citizens.astype(np.int64), "fate": mine,
                         **columns})  # fmt: skip
