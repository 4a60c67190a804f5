"""A case: a scenario with a country so small that the reference engine runs it in a second."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache, partial
from typing import Any

import numpy as np
from stages import Stage, Stages, day_tables

from glasstown.engine.country import Country
from glasstown.laws.firm import SECTORS
from glasstown.scheme.compilation import LATEST, CompiledScheme, compile_scheme
from glasstown.scheme.declaration import Scheme
from glasstown.scheme.loading import load_scheme
from glasstown.society.catalogue import behaviours, services
from glasstown.society.compilation import DEMAND_STEPS, CompiledSociety, compile_rows
from glasstown.society.declaration import Behaviour, ServiceDemand, Society
from glasstown.society.poisson import Q40, poisson_thresholds
from glasstown.society.region_table import RegionRow

CITIZENS = 1_000
EAGER_BIDS = round(1.5 * Q40)
"""Bids of an eager firm from one reflection to the next."""


def region(code: int, name: str, population: int, urban_pct: float, **more: float) -> RegionRow:
    """Return a region of a test table."""
    return RegionRow(
        gb_code=code, name_en=name, region4="Test", population_2020=population,
        urban_pct=urban_pct, age60plus_pct=18.7, age65plus_pct=13.5, internet_2016_cnnic_pct=53.2,
        **more,
    )  # fmt: skip


def table(sizes: Mapping[str, tuple[int, float]]) -> tuple[RegionRow, ...]:
    """Return a table of regions from population and urban percentage by name."""
    return tuple(region(i, name, *size) for i, (name, size) in enumerate(sizes.items(), start=101))


MIXED = table({"Mixed": (470, 60), "Citystate": (350, 100), "Farmland": (180, 0)})
"""Three regions; one has no rural zone and one no urban zone."""
UNEVEN = table({"Large": (870, 50), "Small": (65, 40), "Hamlet": (1, 100), "Village": (64, 0)})
"""Regions of a single citizen, of one full block, and of blocks with room."""


@cache
def busy(deterred: float | None = None) -> tuple[Behaviour, ...]:
    """Return the packaged behaviours with rates so high that everything happens often."""
    changes: dict[str, Any] = {} if deterred is None else {"deterred": deterred}
    return tuple(
        one.model_copy(update={"rate": one.rate * (40 if one.rate < 0.1 else 4), **changes})
        for one in behaviours()
    )


def eager_services() -> tuple[ServiceDemand, ...]:
    """Return the packaged services, each asked for about every third week."""
    return tuple(one.model_copy(update={"rate": 18.0, "concentration": 0.5}) for one in services())


@dataclass(frozen=True)
class Case:
    """A scenario for the tests."""

    name: str
    scheme: str | Mapping[str, Any]
    society: Mapping[str, Any] = field(default_factory=dict)
    rows: tuple[RegionRow, ...] = MIXED
    without: tuple[str, ...] = ()
    catalogue: tuple[Behaviour, ...] | None = field(default_factory=busy)
    weeks: int = 9
    seed: int = 1
    stages: tuple[Stage, ...] = ()
    sparks: tuple[int, ...] = ()
    day: date = LATEST
    is_eager: bool = False
    """Whether services are asked for, and bids made, again and again."""

    def compiled(self) -> tuple[CompiledSociety, CompiledScheme]:
        """Return society and scheme, compiled."""
        society = self._society()
        return society, self._compile(society, load_scheme(self.scheme), self.day)

    def country(self, engine: str = "cpu", workers: int = 1) -> Country:
        """Return the country, ready to run."""
        society = self._society()
        plan = Stages(
            partial(self._compile, society),
            partial(day_tables, self.rows, Society.model_validate(self.society_given)),
            len(society.layout.places.zones),
            (Stage(0, load_scheme(self.scheme), day=self.day), *self.stages),
            frozenset(self.sparks),
        )
        return Country(society, plan, self.seed, engine=engine, workers=workers)

    @property
    def society_given(self) -> dict[str, Any]:
        """What the case says about its society, its size with it."""
        return {"citizens": CITIZENS, **self.society}

    def _society(self) -> CompiledSociety:
        declared = Society.model_validate(self.society_given)
        wanted = eager_services() if self.is_eager else None
        society = compile_rows(
            declared, self.rows, self.without, self.catalogue, wanted, day=self.day
        )
        if not self.is_eager:
            return society
        bids = np.array([poisson_thresholds(EAGER_BIDS, most=DEMAND_STEPS)] * SECTORS, np.int64)
        return society._replace(people=society.people._replace(bids=bids))

    def _compile(self, society: CompiledSociety, scheme: Scheme, day: date) -> CompiledScheme:
        declared = Society.model_validate(self.society_given)
        return compile_scheme(scheme, declared, society.behaviours, self.without, day)
