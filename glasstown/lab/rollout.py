"""Rollout: what holds where and when, as a country follows it week by week.

A region lives under the scheme of the last phase that has begun and names it; before any phase it
lives under none. Without phases the scenario's scheme holds everywhere from the first week. That
rollout stands in the scenario, not in a scheme, is because a phase may bring any scheme, `none`
included: a date on which a region is switched off.
"""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from glasstown.engine.plan import Regimes
from glasstown.lab.phases import WEEK, spark_weeks, week_of
from glasstown.scheme.compilation import CompiledScheme, changing_days, compile_scheme
from glasstown.scheme.dated import share_on
from glasstown.scheme.declaration import Scheme
from glasstown.scheme.loading import load_scheme, scheme_hash
from glasstown.society import layout as at
from glasstown.society.compilation import CompiledSociety, trait_tables
from glasstown.society.marginals import END_OF_2020, years_before_2021
from glasstown.society.region_table import read_region_table

if TYPE_CHECKING:
    from glasstown.lab.scenario import Scenario


def as_at_start(scheme: Scheme, start: date) -> Scheme:
    """Return a scheme whose coverage stays what it is on a day."""
    channels = {
        name: one.model_copy(
            update={"urban": share_on(one.urban, start), "rural": share_on(one.rural, start)}
        )
        for name, one in scheme.channels.items()
    }
    return scheme.model_copy(update={"channels": channels})


class Timetable:
    """What holds where and from when in a scenario: the plan that a country follows.

    Parameters
    ----------
    scenario : Scenario
        The scenario; its scheme, its rollout, its sparks, and the mechanisms left out.
    society : CompiledSociety
        The same scenario's society, compiled.
    """

    def __init__(self, scenario: Scenario, society: CompiledSociety) -> None:
        self.scenario, self.society = scenario, society
        self._without = scenario.without
        phases = [] if "rollout" in self._without else scenario.rollout
        first = load_scheme("none") if phases else scenario.scheme
        self.schemes: list[Scheme] = []
        self._hashes: list[str] = []
        self._number(first)
        self._phases = [
            (week_of(scenario.start, one.since), self._number(one.scheme), one.regions)
            for one in sorted(phases, key=lambda one: one.since)
        ]
        has_sparks = "gatherings" not in self._without
        sparks = spark_weeks(scenario.start, scenario.spark) if has_sparks else {}
        self._sparks = set(sparks.values())
        self._weeks = {0, *(row[0] for row in self._phases), *self._dated_weeks()}
        self._compiled: dict[tuple[int, date], CompiledScheme] = {}

    def _number(self, scheme: Scheme | None) -> int:
        """Return which of the declared schemes a phase brings; equal ones are the same."""
        scheme = self.scenario.scheme if scheme is None else scheme
        digest = scheme_hash(scheme)
        if digest not in self._hashes:
            self._hashes.append(digest)
            self.schemes.append(
                as_at_start(scheme, self.scenario.start) if "growth" in self._without else scheme
            )
        return self._hashes.index(digest)

    def _dated_weeks(self) -> set[int]:
        """Return the weeks in which numbers of a scheme, or of the society, change."""
        start = self.scenario.start
        days = {day for scheme in self.schemes for day in changing_days(scheme)}
        if self.scenario.society.digital_growth and "growth" not in self._without:
            days |= {date(year, 1, 1) for year in range(start.year + 1, END_OF_2020.year + 2)}
        return {week_of(start, day) for day in days if day > start}

    def day_of(self, week: int) -> date:
        """Return the first day of a week."""
        return self.scenario.start + week * WEEK

    def declared(self, week: int) -> list[Scheme]:
        """Return the declared scheme that holds in each zone in a week."""
        return [self.schemes[number] for number in self.schemes_by_zone(week).tolist()]

    def is_spark(self, week: int) -> bool:
        """Return whether a gathering may form in a week."""
        return week in self._sparks

    def at(self, week: int) -> Regimes | None:
        """Return what holds from a week on, None if nothing changes."""
        return self.holding(week) if week in self._weeks else None

    def holding(self, week: int) -> Regimes:
        """Return what holds in a week, whether or not anything changes in it."""
        of_zone = self.schemes_by_zone(week)
        numbers = tuple(sorted(set(of_zone.tolist())))
        grown = 0 if "growth" in self._without else week
        before = years_before_2021(self.day_of(grown))
        return Regimes(
            schemes=tuple(self._compile(number, week) for number in numbers),
            identities=tuple(self._hashes[number] for number in numbers),
            lists=tuple(tuple(x.name for x in self.schemes[one].lists) for one in numbers),
            of_zone=np.searchsorted(numbers, of_zone).astype(np.int64),
            traits=_traits(self.scenario.society.regions, before)
            if self.scenario.society.digital_growth
            else None,
        )

    def schemes_by_zone(self, week: int) -> NDArray[np.int64]:
        """Return which of the declared schemes holds in each zone in a week, int64 (zones,)."""
        names = self.society.layout.region_names
        zones = self.society.layout.places.zones
        of_zone = np.zeros(len(zones), np.int64)
        for begins, number, regions in self._phases:
            if begins <= week:
                chosen = [not regions or names[r] in regions for r in zones[:, at.REGION]]
                of_zone[np.array(chosen, bool)] = number
        return of_zone

    def _compile(self, number: int, week: int) -> CompiledScheme:
        """Return a declared scheme as it is in a week."""
        day = self.day_of(week)
        if (number, day) not in self._compiled:
            # Days go on and don't come back: what was compiled for the last one is dropped.
            self._compiled = {key: one for key, one in self._compiled.items() if key[1] == day}
            self._compiled[number, day] = compile_scheme(
                self.schemes[number], self.scenario.society, self.society.behaviours,
                self._without, day,
            )  # fmt: skip
        return self._compiled[number, day]


@lru_cache(maxsize=2)
def _traits(regions: str, years_before: float) -> NDArray[np.uint8]:
    """Return the quantile tables of the time."""
    return trait_tables(read_region_table(regions), years_before)
