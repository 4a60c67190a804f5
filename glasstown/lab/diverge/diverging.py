"""Diverge: run two scenarios side by side until a field or a tally differs, and say why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from glasstown.engine.engines import ENGINES, check_engine
from glasstown.errors import InputError
from glasstown.lab.diverge.divergence import Divergence
from glasstown.lab.diverge.pair import Pair
from glasstown.lab.halfway import Halfway
from glasstown.lab.interruption import STOPPING, Interruption
from glasstown.lab.progress import Progress, Silent
from glasstown.lab.scenario import Scenario, load_scenario


def diverge(
    a: str | Path | Mapping[str, Any] | Scenario,
    b: str | Path | Mapping[str, Any] | Scenario | None = None,
    *,
    changes: Mapping[str, Any] | None = None,
    engines: Sequence[str] = ("cpu", "cpu"),
    out: str | Path | None = None,
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
    out : str or Path, optional
        The folder below which both are kept when they are stopped, so that the same call goes on
        with them; nothing is kept by default.
    threads : int, optional
        How many threads share a week.
    progress : Progress, optional
        Who is told.
    **overrides : Any
        Single keys of both scenarios, as for `glasstown.run`.

    Returns
    -------
    Divergence
        After Ctrl-C, or if a run failed, that of the weeks that were compared.

    Raises
    ------
    InputError
        If a scenario can't be used, or the two can't be paired: their countries differ in size,
        regions or groups, or they run for a different number of weeks; or if what stands in the
        folder is damaged or not of this question and version.
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
    pair = Pair(scenarios, engines, threads)
    halfway = Halfway("diverge", None if out is None else Path(out) / pair.name, pair.asked)
    told.started(scenarios[0].weeks, f"{scenarios[0].scheme.name} and {scenarios[1].scheme.name}")
    try:
        with Interruption(lambda: told.stage(STOPPING)) as asking, halfway.claimed() as since:
            found = pair.compared(halfway, since, asking, told)
            if found.is_answered:
                halfway.discard()
    finally:
        told.finished()
    return found._replace(can_go_on=halfway.can_go_on)


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
