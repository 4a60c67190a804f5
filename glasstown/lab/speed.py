"""Speed: citizen-weeks a second, and the same as a multiple of copying memory.

The ratio tells more than the number: it moves little from one machine to another.
"""

from __future__ import annotations

import time
from typing import NamedTuple

import numpy as np

from glasstown.engine.country import Country
from glasstown.lab.manifest import peak_memory_bytes
from glasstown.lab.progress import Progress, Silent
from glasstown.lab.rollout import Timetable
from glasstown.lab.scenario import Scenario, load_scenario
from glasstown.society.compilation import compile_society

COPY_BYTES = 256_000_000
WARM_UP_WEEKS = 8
"""Weeks before the clock starts: kernels are compiled, and every block has reflected."""


class Speed(NamedTuple):
    """How fast a country runs here: seconds, citizen-weeks a second, bytes copied a second."""

    citizens: int
    weeks: int
    threads: int
    seconds: float
    rate: float
    copy_rate: float
    peak_memory_bytes: int

    @property
    def bytes_a_citizen_week(self) -> float:
        """How many bytes are copied in the time of one citizen-week."""
        return self.copy_rate / self.rate


def measure_speed(
    scenario: Scenario, *, engine: str = "cpu", threads: int = 1, progress: Progress | None = None
) -> Speed:
    """Run a scenario's weeks after a warm-up, nothing written, and copy memory for comparison.

    Parameters
    ----------
    scenario : Scenario
        What is run; its number of weeks is timed after the warm-up.
    engine, threads : str, int
        What runs it.
    progress : Progress, optional
        Who is told.

    Returns
    -------
    Speed
        The peak memory is that of the process before memory is copied.
    """
    told = progress or Silent()
    told.started(scenario.weeks, f"{scenario.society.citizens:_} citizens")
    try:
        told.stage("warming up (compiling kernels, if it is the first time)")
        country = _warm_country(scenario, engine, threads)
        told.stage("timing")
        start = time.perf_counter()
        for week in range(1, scenario.weeks + 1):
            country.advance()
            told.week(week)
        seconds = time.perf_counter() - start
        told.stage("copying memory")
        peak = peak_memory_bytes()
        copied = copy_rate()
    finally:
        told.finished()
    citizens = scenario.society.citizens
    rate = citizens * scenario.weeks / seconds
    return Speed(citizens, scenario.weeks, threads, seconds, rate, copied, peak)


def copy_rate(size: int = COPY_BYTES, times: int = 5) -> float:
    """Return the bytes a second of `numpy.copyto` over a large array, the best of some tries."""
    source, target = np.ones(size, np.uint8), np.zeros(size, np.uint8)
    best = float("inf")
    for _ in range(times):
        start = time.perf_counter()
        np.copyto(target, source)
        best = min(best, time.perf_counter() - start)
    return size / best


def measured_rate(scenario: Scenario, *, citizens: int, threads: int, seconds: float) -> float:
    """Return citizen-weeks a second of a small country like the scenario's, timed for a moment."""
    small = load_scenario(scenario, overrides={"citizens": citizens})
    country = _warm_country(small, "cpu", threads)
    start, weeks = time.perf_counter(), 0
    while time.perf_counter() - start < seconds:
        country.advance()
        weeks += 1
    return citizens * weeks / (time.perf_counter() - start)


def _warm_country(scenario: Scenario, engine: str, threads: int) -> Country:
    """Return a country after its warm-up."""
    society = compile_society(scenario.society, scenario.without)
    plan = Timetable(scenario, society)
    country = Country(society, plan, scenario.seed, engine=engine, workers=threads)
    for _ in country.weeks(WARM_UP_WEEKS):
        pass
    return country
