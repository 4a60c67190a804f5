"""Test claims: run their worlds under every seed and setting, and hold the effects to the rules."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from glasstown.errors import GlasstownError, InputError
from glasstown.lab.claims import CITIZENS, SEED, SEEDS
from glasstown.lab.claims.catalogue import chosen
from glasstown.lab.claims.declaration import Claim
from glasstown.lab.claims.measures import ALONE, TOGETHER, NothingToMeasureError, over
from glasstown.lab.claims.shelf import Member, Shelf, key_of
from glasstown.lab.claims.verdicts import FEWEST, Flip, Tested, judged
from glasstown.lab.claims.worlds import Lived, Worlds
from glasstown.lab.interruption import Interruption
from glasstown.lab.manifest import scale
from glasstown.lab.progress import Progress, Silent
from glasstown.lab.runfolder import LABEL
from glasstown.lab.scenario import Scenario, load_scenario
from glasstown.lab.seeds import seeds_of
from glasstown.lab.writing import write_text
from glasstown.society.region_table import PACKAGED
from glasstown.version import version

FEWEST_CITIZENS = 5_000
VALUES, RESULT = "values.jsonl", "claims.json"
STOPPING = "stopping after this world (Ctrl-C again stops at once)"


class Claims(NamedTuple):
    """Claims that were tested; ``left`` names those that were not reached."""

    tested: tuple[Tested, ...]
    left: tuple[str, ...]
    citizens: int
    seeds: int
    seed: int

    @property
    def command(self) -> str:
        """The command that gives this result."""
        return (
            f"glasstown claims --citizens {self.citizens} --seeds {self.seeds} --seed {self.seed}"
        )

    @property
    def scale(self) -> str:
        """How much smaller the country is than China in 2020, as 1:70000."""
        return scale(self.citizens, PACKAGED)

    def as_data(self) -> dict[str, Any]:
        """Return everything for another program."""
        return {
            "label": LABEL,
            "command": self.command,
            "glasstown": version(),
            "citizens": self.citizens,
            "scale": self.scale,
            "seeds": self.seeds,
            "claims": [one.as_data() for one in self.tested],
            "not_reached": list(self.left),
        }


class Setting(NamedTuple):
    """A claim's worlds in one setting, without a seed: ``value`` is None in the claim's own."""

    value: Any
    scenarios: tuple[Scenario, ...]


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
        JSON; nothing is written by default.
    progress : Progress, optional
        Who is told.

    Raises
    ------
    InputError
        If there is no such claim, the country is too small, the seeds too few or the folder can't
        be written.
    KeyboardInterrupt
        If it is interrupted twice, or before the first claim is finished.
    """
    asked = chosen(only)
    if seeds < FEWEST:
        raise InputError(f"seeds: at least {FEWEST}, as intervals are over seeds; not {seeds}")
    if citizens < FEWEST_CITIZENS:
        raise InputError(
            f"citizens: at least {FEWEST_CITIZENS:_}; in a smaller country too few are listed or "
            f"low to judge a claim by; not {citizens}"
        )
    folder = None if out is None else made(Path(out))
    told = progress or Silent()
    told.stage("reading the claims")
    plan = [(claim, settings(claim, citizens)) for claim in asked]
    replicates = seeds_of(seed, seeds)
    told.started(seeds * _weeks(plan), f"claims: {citizens:_} citizens, {seeds} seeds")
    try:
        with Interruption(lambda: told.stage(STOPPING)) as interruption:
            shelf = Shelf(None if folder is None else folder / VALUES)
            tester = Tester(shelf, replicates, told, interruption)
            tested = [one for one in (tester.tested(*row) for row in plan) if one is not None]
    finally:
        told.finished()
    if not tested:
        raise KeyboardInterrupt
    left = tuple(claim.name for claim in asked[len(tested) :])
    found = Claims(tuple(tested), left, citizens, seeds, seed)
    if folder is not None:
        text = json.dumps(found.as_data(), indent=1, ensure_ascii=False)
        write_text(text, folder / RESULT)
    return found


def made(folder: Path) -> Path:
    """Make a folder to write into.

    Raises
    ------
    InputError
        If it can't be made.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"{folder}: can't be made: {error.strerror}") from None
    return folder


def settings(claim: Claim, citizens: int) -> list[Setting]:
    """Return the claim's own setting, then the swept ones.

    Raises
    ------
    InputError
        A world of the claim can't be loaded.
    """
    sweep = claim.flips
    values = [None] if sweep is None else [None, *sweep.values]
    made_ = []
    for value in values:
        scenarios = []
        for name, world in claim.worlds.items():
            is_moved = value is not None and sweep is not None
            is_here = is_moved and sweep is not None and (not sweep.worlds or name in sweep.worlds)
            changes = {sweep.key: value} if is_here and sweep is not None else {}
            given = {**world}
            scenarios.append(load_scenario(given, overrides={"citizens": citizens, **changes}))
        made_.append(Setting(value, tuple(scenarios)))
    return made_


def _weeks(plan: Sequence[tuple[Claim, list[Setting]]]) -> int:
    """Return the weeks of all different worlds, under one seed."""
    worlds = {
        one.model_dump_json(): one.weeks
        for _, rows in plan
        for row in rows
        for one in row.scenarios
    }
    return sum(worlds.values())


class Tester:
    """Tests claims one by one, member by member."""

    def __init__(
        self, shelf: Shelf, seeds: Sequence[int], progress: Progress, interruption: Interruption
    ) -> None:
        self.shelf, self.seeds, self.progress = shelf, list(seeds), progress
        self.interruption = interruption
        self.worlds = Worlds(progress)

    def tested(self, claim: Claim, rows: Sequence[Setting]) -> Tested | None:
        """Return a claim's test; None if it was stopped."""
        effects, failures = [], []
        shown: list[dict[str, dict[str, float]]] = []
        for row in rows:
            members = []
            for place, seed in enumerate(self.seeds):
                if self.interruption.is_asked:
                    return None
                where = claim.name if row.value is None else f"{claim.name} at {row.value}"
                self.progress.stage(f"{where}, seed {place + 1} of {len(self.seeds)}")
                members.append(self.member(claim, row, seed))
            failures += [f"{where}: {one.failure}" for one in members if one.failure]
            values = [one.effect for one in members if one.effect is not None]
            effects.append(judged(claim.holds, values))
            if row.value is None:
                shown = [one.shown for one in members if one.effect is not None]
        swept = tuple(
            Flip(row.value, effect) for row, effect in zip(rows[1:], effects[1:], strict=True)
        )
        return Tested(claim, effects[0], swept, _means(shown), tuple(dict.fromkeys(failures)))

    def member(self, claim: Claim, row: Setting, seed: int) -> Member:
        """Return one member, from the shelf where it stands there; a failure is a record."""
        scenarios = [one.model_copy(update={"seed": seed}) for one in row.scenarios]
        key = key_of(claim, scenarios)
        known = self.shelf.get(key)
        if known is not None:
            return known
        try:
            lived = [self.worlds.lived(one) for one in scenarios]
            member = Member(effect_of(claim, lived), _shown(claim, lived))
        except (NothingToMeasureError, GlasstownError) as error:
            return Member(None, {}, str(error))
        except (ArithmeticError, ValueError, MemoryError) as error:
            return Member(None, {}, f"{type(error).__name__}: {error}")
        self.shelf.put(key, member)
        return member


def effect_of(claim: Claim, lived: Sequence[Lived]) -> float:
    """Return the effect of a claim in its worlds under one seed."""
    seen = [one.last(claim.last_weeks) for one in lived]
    if claim.measure in TOGETHER:
        return TOGETHER[claim.measure](seen)
    measure = ALONE[claim.measure]
    first = measure(seen[0])
    if claim.compare == "level":
        return first
    second = measure(seen[1])
    if claim.compare == "difference":
        return first - second
    return over(first, second, f"counted under {list(claim.worlds)[1]}") - 1


def _shown(claim: Claim, lived: Sequence[Lived]) -> dict[str, dict[str, float]]:
    """Return what is shown beside the effect: by measure and world."""
    seen = [one.last(claim.last_weeks) for one in lived]
    names = [claim.measure] if claim.measure in ALONE else []
    found: dict[str, dict[str, float]] = {}
    for name in dict.fromkeys([*names, *claim.shown]):
        if name in TOGETHER:
            found[name] = {"together": TOGETHER[name](seen)}
            continue
        found[name] = {}
        for world, one in zip(claim.worlds, seen, strict=True):
            try:
                found[name][world] = ALONE[name](one)
            except NothingToMeasureError:
                continue  # nobody is low where there is no score: nothing to show there
    return found


def _means(shown: Sequence[dict[str, dict[str, float]]]) -> dict[str, dict[str, float]]:
    """Return the means over seeds of what is shown."""
    if not shown:
        return {}
    return {
        name: {
            world: sum(one[name][world] for one in shown if world in one[name])
            / sum(1 for one in shown if world in one[name])
            for world in dict.fromkeys(world for one in shown for world in one[name])
        }
        for name in shown[0]
    }
