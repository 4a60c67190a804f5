"""A plan in stages, for the tests: other schemes in some zones, or another day's numbers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from glasstown.engine.plan import Regimes
from glasstown.scheme.compilation import CompiledScheme
from glasstown.scheme.declaration import Scheme
from glasstown.scheme.loading import load_scheme
from glasstown.society.compilation import trait_tables
from glasstown.society.declaration import Society
from glasstown.society.marginals import years_before_2021
from glasstown.society.region_table import RegionRow


class Stage(NamedTuple):
    """What changes in a week: the scheme of some zones (none named: all), or the day.

    Without a scheme every zone keeps its own; without a day the numbers stay those of the last.
    """

    week: int
    scheme: str | Mapping[str, Any] | Scheme | None = None
    zones: tuple[int, ...] = ()
    day: date | None = None


def day_tables(rows: Sequence[RegionRow], society: Society, day: date) -> NDArray[np.uint8]:
    """Return the quantile tables of a day."""
    return trait_tables(rows, years_before_2021(day) if society.digital_growth else 0.0)


class Stages:
    """What holds where, stage after stage; the first holds everywhere from week 0 on."""

    def __init__(
        self, compile_on: Callable[[Scheme, date], CompiledScheme],
        tables_on: Callable[[date], NDArray[np.uint8]], zones: int, stages: Sequence[Stage],
        sparks: frozenset[int],
    ) -> None:  # fmt: skip
        self._compile_on, self._tables_on, self._zones = compile_on, tables_on, zones
        self._stages, self._sparks = stages, sparks
        self._declared = [
            load_scheme(one.scheme) if isinstance(one.scheme, str | Mapping) else one.scheme
            for one in stages
        ]

    def is_spark(self, week: int) -> bool:
        """Return whether a gathering may form in a week."""
        return week in self._sparks

    def at(self, week: int) -> Regimes | None:
        """Return what holds from a week on; None if no stage begins in it."""
        if all(stage.week != week for stage in self._stages):
            return None
        return self.holding(week)

    def holding(self, week: int) -> Regimes:
        """Return what holds in a week, whether or not a stage begins in it."""
        of_zone, day = [0] * self._zones, date.max
        for number, stage in enumerate(self._stages):
            if stage.week > week:
                continue
            day = stage.day or day
            if stage.scheme is not None:
                for zone in stage.zones or range(self._zones):
                    of_zone[zone] = number
        # From the last: so worlds change places though their schemes go on.
        used = sorted(set(of_zone), reverse=True)
        schemes = [scheme for number in used if (scheme := self._declared[number]) is not None]
        return Regimes(
            tuple(self._compile_on(one, day) for one in schemes),
            tuple(used),
            tuple(tuple(a_list.name for a_list in one.lists) for one in schemes),
            np.array([used.index(number) for number in of_zone], np.int64),
            self._tables_on(day),
        )
