"""The marginals of a synthetic country beside the published ones.

Published (FACTS 2.5, 3): census of 1 November 2020 (NBS communiques 3 and 5), CNNIC's 47th
report (December 2020), list experiments on support of the government (Carter, Carter and
Schick 2024). The three published shares of internet use don't agree at the census urban share:
ours follow urban and rural use, and the misfit of the national share is shown.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from glasstown.engine.marginals_kernel import COUNTED, count_marginals
from glasstown.engine.world import World
from glasstown.society import layout as at
from glasstown.society import marginals as published
from glasstown.society.compilation import URBAN_SHARE
from glasstown.society.households import MEAN_SIZE, ONE_PERSON_SHARE
from glasstown.society.region_table import PACKAGED, RegionRow, read_region_table

MOST_BLOCKS = 16_384
"""A country of more blocks (about a million citizens) is sampled, every k-th block."""
SHARE = "%"
CENSUS, CNNIC = "NBS, census 2020", "CNNIC, December 2020"
SURVEY = "Carter et al. 2024"
MISFIT = (
    "79.8 % urban and 55.9 % rural make 71.2 % at the census urban share of 63.89 %, not 70.4 %: "
    "the published three don't agree; ours follow urban and rural"
)
KINDS = ("household", "neighbour", "colleague", "acquaintance", "online")


class Marginal(NamedTuple):
    """One marginal: ours, the published one (None if there is none), and how they may differ.

    ``error`` is the standard error of ours in a country of this size; 0 where it is exact.
    """

    name: str
    unit: str
    ours: float
    error: float
    published: float | None
    source: str
    note: str = ""

    @property
    def difference(self) -> float | None:
        """Ours less the published one."""
        return None if self.published is None else self.ours - self.published


class Ratio(NamedTuple):
    """A marginal as a ratio of counts: columns of `COUNTED`, of one settlement or both."""

    name: str
    above: tuple[str, ...]
    below: tuple[str, ...]
    published: float | None
    source: str
    note: str = ""
    settlement: int | None = None
    unit: str = SHARE
    is_chinese: bool = False


def _ratios() -> tuple[Ratio, ...]:
    everybody = ("citizens",)
    old, retired = ("age_4", "age_5"), ("age_5",)
    internet = published.INTERNET_PCT
    working = ("age_1", "age_2", "age_3")
    rows = [
        Ratio("aged 0 to 14", ("age_0",), everybody, published.UNDER_15_PCT, CENSUS),
        Ratio("aged 15 to 59", working, everybody, 63.35, CENSUS, is_chinese=True),
        Ratio("aged 60 and older", old, everybody, 18.70, CENSUS, is_chinese=True),
        Ratio("aged 65 and older", retired, everybody, 13.50, CENSUS, is_chinese=True),
        Ratio("mean size of households", everybody, ("households",), MEAN_SIZE, CENSUS,
              unit="persons"),
        Ratio("one-person households", ("one_person",), ("households",), 100 * ONE_PERSON_SHARE,
              CENSUS),
        Ratio("internet users", ("online",), everybody, 70.4, CNNIC, MISFIT, is_chinese=True),
        Ratio("internet users, urban", ("online",), everybody, internet["urban"], CNNIC,
              settlement=at.URBAN, is_chinese=True),
        Ratio("internet users, rural", ("online",), everybody, internet["rural"], CNNIC,
              settlement=at.RURAL, is_chinese=True),
        Ratio("internet users, 60 and older", ("online_60",), old, published.INTERNET_60_PCT,
              f"{CNNIC}, NBS", "derived: 11.2 % of users over 264 million persons",
              is_chinese=True),
        Ratio("paying online, of internet users", ("paying_online",), ("online",),
              100 * published.ONLINE_PAYMENT_SHARE, CNNIC),
        Ratio("privately supporting, of adults", ("supporting",), ("adults",),
              100 * published.PRIVATE_SUPPORT, SURVEY, "list experiments find 50 to 70 %"),
        Ratio("officials, of those aged 18 to 59", ("officials",), ("working_age",),
              100 * published.OFFICIAL_SHARE, CENSUS,
              "published for workers: leaders of Party, state and firms"),
    ]  # fmt: skip
    ties = tuple(f"ties_{kind}" for kind in KINDS)
    assumed = "none; assumed"
    for kind, column in zip(KINDS, ties, strict=True):
        rows.append(Ratio(f"mean ties: {kind}", (column,), everybody, None, assumed, unit="ties"))
    rows.append(Ratio("mean ties, all kinds", ties, everybody, None, assumed, unit="ties"))
    return tuple(rows)


RATIOS = _ratios()


def marginals(world: World, regions: str, seed: int) -> tuple[list[Marginal], float]:
    """Return the marginals of a synthetic country beside the published ones.

    Parameters
    ----------
    world : World
        The society.
    regions : str
        The region table that it is made from.
    seed : int
        The seed of the run.

    Returns
    -------
    list of Marginal
        Population, urban share, ages, households, internet, opinion, officials, ties.
    float
        The share of blocks that were counted.
    """
    counts, step = count_marginals(world, seed, MOST_BLOCKS)
    rows = read_region_table(regions)
    is_chinese = regions == PACKAGED
    found = list(_exact(world, rows, is_chinese))
    for one in RATIOS:
        here = counts if one.settlement is None else counts[:, [one.settlement]]
        ours, error = ratio(here, one.above, one.below)
        is_known = is_chinese or not one.is_chinese
        factor = 100 if one.unit == SHARE else 1
        found.append(
            Marginal(one.name, one.unit, factor * ours, factor * error,
                     one.published if is_known else None,
                     one.source if is_known else "none for this table",
                     one.note if is_known else "")
        )  # fmt: skip
    return found, 1 / step


def ratio(
    counts: NDArray[np.int64], above: tuple[str, ...], below: tuple[str, ...]
) -> tuple[float, float]:
    """Return a ratio of counts (replicates, settlements, columns) and its standard error.

    The error is that of random groups; how many live in each settlement is no accident of the
    draw, so residuals are taken within settlements.
    """
    over = counts[:, :, [COUNTED.index(name) for name in above]].sum(axis=2).astype(float)
    under = counts[:, :, [COUNTED.index(name) for name in below]].sum(axis=2).astype(float)
    whole = float(under.sum())
    if whole == 0:
        return 0.0, 0.0
    within = over.sum(axis=0) / np.maximum(under.sum(axis=0), 1)
    residuals = (over - within * under).sum(axis=1)
    spread = len(counts) / (len(counts) - 1) * float((residuals**2).sum())
    return float(over.sum()) / whole, float(np.sqrt(spread)) / whole


def _exact(world: World, rows: list[RegionRow], is_chinese: bool) -> Iterator[Marginal]:
    """Yield what is apportioned, not drawn: population by part of the country, urban share."""
    zones = world.places.zones
    whole = int(zones[:, at.CITIZENS].sum())
    people = sum(row.population_2020 for row in rows)
    ours: dict[str, int] = defaultdict(int)
    theirs: dict[str, int] = defaultdict(int)
    for region, row in enumerate(rows):
        here = zones[zones[:, at.REGION] == region]
        ours[row.region4] += int(here[:, at.CITIZENS].sum())
        theirs[row.region4] += row.population_2020
    source = CENSUS if is_chinese else "the region table"
    for part, count in ours.items():
        share = 100 * theirs[part] / people
        yield Marginal(f"population: {part}", SHARE, 100 * count / whole, 0.0, share, source)
    urban = int(zones[zones[:, at.SETTLEMENT] == at.URBAN, at.CITIZENS].sum())
    table = sum(row.population_2020 * row.urban_pct for row in rows) / people
    share = 100 * URBAN_SHARE if is_chinese else table
    yield Marginal("urban", SHARE, 100 * urban / whole, 0.0, share, source)
