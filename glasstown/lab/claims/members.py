"""Members of a test: one claim in one setting under one seed, and what is measured there."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, NamedTuple

from glasstown.errors import GlasstownError
from glasstown.lab.claims.declaration import Claim
from glasstown.lab.claims.measures import ALONE, TOGETHER, NothingToMeasureError, over
from glasstown.lab.claims.shelf import Member
from glasstown.lab.claims.worlds import Failed, Lived, why
from glasstown.lab.scenario import Scenario, load_scenario


class Setting(NamedTuple):
    """A claim's worlds in one setting, without a seed: ``value`` is None in the claim's own."""

    value: Any
    scenarios: tuple[Scenario, ...]


def settings(claim: Claim, citizens: int) -> list[Setting]:
    """Return the claim's own setting, then the swept ones.

    Raises
    ------
    InputError
        A world of the claim can't be loaded.
    """
    values = [None] if claim.flips is None else [None, *claim.flips.values]
    return [Setting(value, _scenarios(claim, citizens, value)) for value in values]


def _scenarios(claim: Claim, citizens: int, value: Any) -> tuple[Scenario, ...]:
    """Return the worlds of a claim, the swept parameter set to a value where it is moved."""
    sweep, made = claim.flips, []
    for name, world in claim.worlds.items():
        changes: dict[str, Any] = {"citizens": citizens}
        if sweep is not None and value is not None and name in (sweep.worlds or claim.worlds):
            changes[sweep.key] = value
        made.append(load_scenario({**world}, overrides=changes))
    return tuple(made)


def member(claim: Claim, worlds: Sequence[Lived | Failed]) -> Member:
    """Measure a claim in its worlds under one seed; a failure is a record."""
    failed = [
        f"world '{name}' {one.why}"
        for name, one in zip(claim.worlds, worlds, strict=True)
        if isinstance(one, Failed)
    ]
    if failed:
        return Member(None, {}, "; ".join(failed))
    seen = [one.last(claim.last_weeks) for one in worlds if isinstance(one, Lived)]
    try:
        effect, shown = effect_of(claim, seen), _shown(claim, seen)
    except (NothingToMeasureError, GlasstownError) as error:
        return Member(None, {}, str(error))
    except Exception as error:
        return Member(None, {}, f"not measured: {why(error)}")
    if not math.isfinite(effect):
        return Member(None, {}, f"not measured: the effect is {effect}")
    return Member(effect, shown)


def effect_of(claim: Claim, seen: Sequence[Lived]) -> float:
    """Return the effect of a claim in its worlds under one seed."""
    if claim.measure in TOGETHER:
        return TOGETHER[claim.measure](seen)
    measure = ALONE[claim.measure]
    first = measure(seen[0])
    if claim.compare == "level":
        return first
    second = measure(seen[1])
    if claim.compare == "difference":
        return first - second
    return over(first, second, f"counted in the world '{list(claim.worlds)[1]}'") - 1


def _shown(claim: Claim, seen: Sequence[Lived]) -> dict[str, dict[str, float]]:
    """Return what is shown beside the effect: by measure and world."""
    names = [claim.measure] if claim.measure in ALONE else []
    found: dict[str, dict[str, float]] = {}
    for name in dict.fromkeys([*names, *claim.shown]):
        found[name] = {}
        try:
            if name in TOGETHER:
                found[name]["together"] = TOGETHER[name](seen)
                continue
        except NothingToMeasureError:
            continue
        for world, one in zip(claim.worlds, seen, strict=True):
            try:
                found[name][world] = ALONE[name](one)
            except NothingToMeasureError:
                continue  # nobody is low where there is no score: nothing to show there
    return found


def means(shown: Sequence[dict[str, dict[str, float]]]) -> dict[str, dict[str, float]]:
    """Return the means over seeds of what is shown, where it was there to be measured.

    >>> means([{"low": {"total": 1.0}}, {"low": {"total": 2.0, "none": 0.0}}])
    {'low': {'total': 1.5, 'none': 0.0}}
    """
    if not shown:
        return {}
    found: dict[str, dict[str, float]] = {}
    for name in shown[0]:
        values: dict[str, list[float]] = {}
        for one in shown:
            for world, value in one.get(name, {}).items():
                values.setdefault(world, []).append(value)
        found[name] = {world: sum(row) / len(row) for world, row in values.items()}
    return found
