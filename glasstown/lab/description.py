"""A scenario before it runs: its size, its bytes, its time, and the country it is about.

The marginals of the synthetic country stand beside the published ones, with the sampling error
of a country of this size and the difference, misfits included.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from glasstown.engine.engines import default_workers
from glasstown.engine.kernels import is_compiled
from glasstown.engine.world import build_world, state_bytes
from glasstown.lab import room
from glasstown.lab.manifest import scale
from glasstown.lab.marginals import Marginal, marginals
from glasstown.lab.phases import dates_in_words
from glasstown.lab.rollout import Timetable
from glasstown.lab.scenario import Scenario, load_scenario, scenario_hash
from glasstown.lab.speed import measured_rate
from glasstown.scheme.loading import scheme_hash
from glasstown.society.compilation import compile_society

ASSUMED_RATE = 2e7
"""Citizen-weeks a second and thread that are assumed where nothing is compiled to measure them."""


class Description(NamedTuple):
    """What a scenario is.

    ``phases`` and ``sparks`` say in words what begins when; ``bytes_by_field`` are those of the
    state; ``memory_bytes`` those of a run in all, and ``citizens_fitting`` is how many citizens the
    available memory has room for; ``disk_bytes`` are those of what is written, to which
    ``checkpoint_bytes`` come while it runs; ``expected_s`` is in seconds and ``basis`` says what it
    rests on; ``share_counted`` is the share of blocks that the marginals were counted in.
    """

    scenario: Scenario
    scenario_hash: str
    scheme_hash: str
    scale: str
    regions: int
    blocks: int
    phases: list[str]
    sparks: list[str]
    bytes_by_field: dict[str, int]
    bytes_a_citizen: float
    memory_bytes: int
    memory_available: int
    citizens_fitting: int
    disk_bytes: int
    checkpoint_bytes: int
    expected_s: float
    basis: str
    share_counted: float
    marginals: list[Marginal]


def describe(
    given: str | Path | Mapping[str, Any] | Scenario,
    *,
    threads: int | None = None,
    **overrides: Any,
) -> Description:
    """Describe a scenario without running it.

    Parameters
    ----------
    given : str, Path, Mapping or Scenario
        As for `glasstown.lab.run.run`.
    threads : int, optional
        How many threads the run would have; one for each usable processor by default.
    **overrides : Any
        Single keys of the scenario.

    Returns
    -------
    Description
        Size, bytes, expected time and marginals. Countries of more than about a million are
        sampled for the marginals.

    Raises
    ------
    InputError
        If the scenario can't be used.
    """
    scenario = load_scenario(given, overrides=overrides)
    society = compile_society(scenario.society, scenario.without)
    plan = Timetable(scenario, society)
    regimes = plan.at(0)
    assert regimes is not None, "a timetable says what holds in week 0"
    dated = dates_in_words(scenario)
    workers = default_workers() if threads is None else threads
    rate, basis = _rate(scenario, workers)
    by_field, available = state_bytes(society.layout), room.memory_available()
    citizens = scenario.society.citizens
    found, share_counted = marginals(
        build_world(society, regimes.schemes[0]), scenario.society.regions, scenario.seed
    )
    return Description(
        scenario=scenario,
        scenario_hash=scenario_hash(scenario),
        scheme_hash=scheme_hash(scenario.scheme),
        scale=scale(citizens, scenario.society.regions),
        regions=len(society.layout.region_names),
        blocks=society.layout.blocks,
        phases=dated.phases,
        sparks=dated.sparks,
        bytes_by_field=by_field,
        bytes_a_citizen=sum(by_field.values()) / citizens,
        memory_bytes=room.memory_needed(society, workers),
        memory_available=available,
        citizens_fitting=room.citizens_fitting(society, workers, available),
        disk_bytes=room.disk_needed(society, scenario.weeks),
        checkpoint_bytes=room.checkpoints_needed(society),
        expected_s=citizens * scenario.weeks / rate,
        basis=basis,
        share_counted=share_counted,
        marginals=found,
    )


def _rate(scenario: Scenario, workers: int) -> tuple[float, str]:
    """Return citizen-weeks a second, and what that number rests on."""
    if not is_compiled():
        words = f"assumed: {ASSUMED_RATE:.0e} citizen-weeks a second and thread, {workers} threads"
        return ASSUMED_RATE * workers, f"{words}; kernels are not compiled yet (a minute, once)"
    citizens = min(scenario.society.citizens, 200_000)
    rate = measured_rate(scenario, citizens=citizens, threads=workers, seconds=1.5)
    return rate, f"measured just now on {citizens:_} citizens with {workers} threads"
