"""Test claims: run their worlds under every seed and setting, and hold the effects to the rules.

The work goes seed by seed. Under one seed every world that some claim needs is run once, and a
member is measured and kept as soon as its worlds have lived; a test that was stopped goes on with
the members that are not kept yet.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from glasstown.errors import InputError
from glasstown.lab.claims import CITIZENS, SEED, SEEDS
from glasstown.lab.claims.catalogue import chosen
from glasstown.lab.claims.declaration import Claim
from glasstown.lab.claims.folder import VALUES, made, written
from glasstown.lab.claims.members import Setting, means, member, settings
from glasstown.lab.claims.shelf import Member, Shelf, key_of
from glasstown.lab.claims.verdicts import FEWEST, Claims, Failure, Flip, Tested, judged
from glasstown.lab.claims.worlds import Failed, Lived, Worlds
from glasstown.lab.interruption import Interruption
from glasstown.lab.progress import Progress, Silent
from glasstown.lab.scenario import Scenario, scenario_hash
from glasstown.lab.seeds import seeds_of
from glasstown.lab.wording import noun

FEWEST_CITIZENS, MOST_CITIZENS, MOST_SEEDS = 5_000, 1_000_000, 100
LARGEST_SEED = 2**63 - 1
STOPPING = "stopping after this world (Ctrl-C again stops at once)"


class Trial(NamedTuple):
    """A claim in one setting, under one seed: the places of its worlds, and its key."""

    claim: Claim
    setting: Setting
    seed: int
    places: tuple[int, ...]
    key: str


def claims(
    *,
    citizens: int = CITIZENS,
    seeds: int = SEEDS,
    seed: int = SEED,
    only: Sequence[str] | None = None,
    out: str | Path | None = None,
    progress: Progress | None = None,
) -> Claims:
    """Test the public claims of the catalogue.

    Parameters
    ----------
    citizens : int
        Citizens of each synthetic country.
    seeds : int
        Runs of each world, at least two.
    seed : int
        Names the seeds.
    only : sequence of str, optional
        Names of claims; all by default.
    out : str or Path, optional
        A folder in which finished members are kept and read again, and the result is written as
        a page and as JSON; nothing is written by default.
    progress : Progress, optional
        Who is told.

    Returns
    -------
    Claims
        Every claim with its verdict, effect and interval; members that failed are in it as records.

    Raises
    ------
    InputError
        If there is no such claim, the country or the number of seeds is out of range, or the
        folder can't be written or holds something else.
    ReportError
        If the page can't be drawn or written; the JSON is whole.
    KeyboardInterrupt
        If it is stopped; members that are finished are kept in the folder.
    """
    asked = chosen(only)
    _check(citizens, seeds, seed)
    folder = None if out is None else made(Path(out))
    told = progress or Silent()
    told.stage("reading the claims")
    plan = [(claim, settings(claim, citizens)) for claim in asked]
    shelf = Shelf(None if folder is None else folder / VALUES)
    test = Test(plan, seeds_of(seed, seeds), shelf, told)
    try:
        with Interruption(lambda: told.stage(STOPPING)) as interruption:
            test.run(interruption, f"claims: {citizens:_} citizens, {seeds} seeds")
        found = Claims(tuple(test.tested(*row) for row in plan), citizens, seeds, seed, only)
        if folder is not None:
            told.stage("writing the page")
            written(found, folder)
    finally:
        told.finished()
    return found


def _check(citizens: int, seeds: int, seed: int) -> None:
    """Refuse numbers that make no test.

    Raises
    ------
    InputError
        Naming the key, what was given, and what is allowed.
    """
    if not FEWEST_CITIZENS <= citizens <= MOST_CITIZENS:
        reason = (
            "in a smaller country too few are listed or low to judge a claim by"
            if citizens < FEWEST_CITIZENS
            else "dozens of countries are held in memory; more seeds narrow an interval as well"
        )
        raise InputError(
            f"citizens: from {FEWEST_CITIZENS:_} to {MOST_CITIZENS:_}, as {reason}; not {citizens}"
        )
    if not FEWEST <= seeds <= MOST_SEEDS:
        raise InputError(
            f"seeds: from {FEWEST} to {MOST_SEEDS}, as intervals are over seeds; not {seeds}"
        )
    if not 0 <= seed <= LARGEST_SEED:
        raise InputError(f"seed: from 0 to {LARGEST_SEED}; not {seed}")


class Test:
    """Members to be measured, and the worlds that they need."""

    __test__ = False  # no case of pytest

    def __init__(
        self, plan: Sequence[tuple[Claim, list[Setting]]], seeds: Sequence[int], shelf: Shelf,
        progress: Progress,
    ) -> None:  # fmt: skip
        self.seeds, self.shelf, self.progress = list(seeds), shelf, progress
        self.scenarios: list[Scenario] = []
        self._places: dict[str, int] = {}
        self.trials = [
            self._trial(claim, setting, seed)
            for claim, rows in plan
            for setting in rows
            for seed in self.seeds
        ]
        self._failed: dict[str, Member] = {}
        self._weeks = 0

    def _trial(self, claim: Claim, setting: Setting, seed: int) -> Trial:
        """Return a member to be measured; worlds that are alike get one place."""
        hashes = [scenario_hash(one) for one in setting.scenarios]
        for digest, scenario in zip(hashes, setting.scenarios, strict=True):
            if digest not in self._places:
                self._places[digest] = len(self.scenarios)
                self.scenarios.append(scenario)
        places = tuple(self._places[digest] for digest in hashes)
        return Trial(claim, setting, seed, places, key_of(claim, hashes, seed))

    @property
    def done(self) -> int:
        """How many members are measured."""
        return sum(self.shelf.get(one.key) is not None for one in self.trials)

    def run(self, interruption: Interruption, message: str) -> None:
        """Measure every member that is not on the shelf.

        Raises
        ------
        KeyboardInterrupt
            If it was asked to stop; the message says how much is finished.
        """
        waiting = [one for one in self.trials if self.shelf.get(one.key) is None]
        needed = sorted({place for one in waiting for place in one.places})

        def telling() -> None:
            if interruption.is_asked:
                self._stop()

        if needed:
            self.progress.stage(f"preparing {noun(len(needed), 'world')}")
        worlds = Worlds(self.scenarios, needed, telling)
        by_seed = {seed: [one for one in waiting if one.seed == seed] for seed in self.seeds}
        total = sum(worlds.weeks(_places(trials)) for trials in by_seed.values())
        self.progress.started(total, message)
        for number, (seed, trials) in enumerate(by_seed.items()):
            if trials:
                self.progress.stage(f"seed {number + 1} of {len(self.seeds)}")
                self._under(seed, trials, worlds, interruption)

    def _under(
        self, seed: int, trials: list[Trial], worlds: Worlds, interruption: Interruption
    ) -> None:
        """Run all worlds of one seed; measure each member once its worlds have lived."""
        waiting, lived = list(trials), dict[int, Lived | Failed]()
        for place, world in worlds.lived(_places(trials), seed, self._week):
            lived[place] = world
            ready = [one for one in waiting if all(place in lived for place in one.places)]
            for one in ready:
                waiting.remove(one)
                self._keep(one, member(one.claim, [lived[place] for place in one.places]))
            for unneeded in set(lived) - {place for one in waiting for place in one.places}:
                del lived[unneeded]
            if interruption.is_asked and waiting:
                self._stop()
        if interruption.is_asked and seed != self.seeds[-1]:
            self._stop()

    def _keep(self, trial: Trial, measured: Member) -> None:
        self.shelf.put(trial.key, measured)
        if measured.effect is None:
            self._failed[trial.key] = measured

    def _week(self) -> None:
        self._weeks += 1
        self.progress.week(self._weeks)

    def _stop(self) -> None:
        raise KeyboardInterrupt(f"{self.done} of {len(self.trials)} members are finished")

    def tested(self, claim: Claim, rows: Sequence[Setting]) -> Tested:
        """Return the verdicts of a claim from its members."""
        effects, failures, shown = [], [], []
        for row in rows:
            members = [
                self._measured(one)
                for one in self.trials
                if one.claim is claim and one.setting is row
            ]
            effects.append(judged(claim.holds, [x.effect for x in members if x.effect is not None]))
            if row.value is None:
                shown = [one.shown for one in members if one.effect is not None]
            failures += [
                Failure(row.value, number + 1, one.failure)
                for number, one in enumerate(members)
                if one.effect is None
            ]
        swept = [Flip(row.value, one) for row, one in zip(rows[1:], effects[1:], strict=True)]
        return Tested(claim, effects[0], tuple(swept), means(shown), tuple(failures))

    def _measured(self, trial: Trial) -> Member:
        known = self.shelf.get(trial.key)
        return self._failed[trial.key] if known is None else known


def _places(trials: Sequence[Trial]) -> list[int]:
    """Return the places of all worlds that some members need, each once."""
    return sorted({place for one in trials for place in one.places})
