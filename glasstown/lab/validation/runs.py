"""Countries that are run for the validation: national weekly sums, nothing written to disk.

Every experiment runs all seeds, the same for each, so that two runs of a seed are a pair.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import numpy as np
import polars as pl

from glasstown.engine.country import Country
from glasstown.engine.engines import default_workers
from glasstown.errors import InputError
from glasstown.lab.progress import Progress, Silent
from glasstown.lab.rollout import Timetable
from glasstown.lab.room import check_memory
from glasstown.lab.scenario import Scenario, load_scenario
from glasstown.lab.validation.rows import FEWEST_SEEDS
from glasstown.lab.validation.series import Series
from glasstown.lab.weekly import column_names
from glasstown.laws.draws import fold, mix64
from glasstown.society.compilation import compile_rows, compile_society
from glasstown.society.declaration import Behaviour, ServiceDemand
from glasstown.society.region_table import read_region_table


def seeds_of(seed: int, count: int) -> list[int]:
    """Return the seeds of replicate runs: hashed, so that neighbouring seeds share none.

    >>> seeds_of(1, 2) == seeds_of(1, 3)[:2], set(seeds_of(1, 9)) & set(seeds_of(2, 9))
    (True, set())
    """
    return [fold(mix64(seed), place) for place in range(count)]


def check_replicates(scheme: str, citizens: int, seeds: int, seed: int) -> None:
    """Refuse what can't be run, or not without more memory, before any of it is.

    Raises
    ------
    InputError
        If the seeds are too few, or the citizens or the seed out of range.
    ResourceError
        If a country of this size does not fit into memory.
    """
    if seeds < FEWEST_SEEDS:
        raise InputError(
            f"seeds: at least {FEWEST_SEEDS}, as intervals are over seeds; not {seeds}"
        )
    scenario = load_scenario({"scheme": scheme}, overrides={"citizens": citizens, "seed": seed})
    check_memory(compile_society(scenario.society), default_workers())


class Runner:
    """Runs countries of one size, one for each seed, and tells how far it is.

    Parameters
    ----------
    citizens : int
        Citizens of each country.
    seeds : sequence of int
        The seeds.
    progress : Progress, optional
        Who is told.
    """

    def __init__(
        self, citizens: int, seeds: Sequence[int], progress: Progress | None = None
    ) -> None:
        self.citizens, self.seeds = citizens, list(seeds)
        self.progress = progress or Silent()
        self._weeks = 0

    def country(
        self,
        given: Mapping[str, Any],
        seed: int,
        catalogue: Sequence[Behaviour] | None = None,
        wanted: Sequence[ServiceDemand] | None = None,
    ) -> tuple[Scenario, Country]:
        """Return a scenario of this size and its country before the first week.

        ``catalogue`` and ``wanted`` stand for the packaged behaviours and services.
        """
        scenario = load_scenario(given, overrides={"citizens": self.citizens, "seed": seed})
        declared = scenario.society
        society = compile_rows(
            declared, read_region_table(declared.regions), scenario.without, catalogue, wanted,
            scenario.start,
        )  # fmt: skip
        plan = Timetable(scenario, society)
        return scenario, Country(society, plan, seed, workers=default_workers())

    def live(self, country: Country, start: date, weeks: int) -> Series:
        """Run a country for some weeks and return its national series."""
        sums = []
        for tally in country.weeks(weeks):
            sums.append(tally.sum(axis=(0, 1)))
            self._weeks += 1
            self.progress.week(self._weeks)
        return national(np.array(sums), [one.name for one in country.society.behaviours], start)

    def all_seeds(self, given: Mapping[str, Any], stage: str) -> list[Series]:
        """Run a scenario under every seed."""
        series = []
        for place, seed in enumerate(self.seeds):
            self.progress.stage(f"{stage}, seed {place + 1} of {len(self.seeds)}")
            scenario, country = self.country(given, seed)
            series.append(self.live(country, scenario.start, scenario.weeks))
        return series


def national(sums: np.ndarray, behaviours: Sequence[str], start: date) -> Series:
    """Return the series of weekly national sums, int64 (weeks, width)."""
    ends = [start + timedelta(days=7 * week + 6) for week in range(len(sums))]
    names = column_names(behaviours)
    columns = {name: sums[:, place] for place, name in enumerate(names)}
    return Series(pl.DataFrame({"date": ends, **columns}))
