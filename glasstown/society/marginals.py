"""Published marginals as quantile tables: what value a trait byte stands for in a zone.

Each zone has ten tables of 256 entries. Sources (FACTS 2.5, 3): ages from the regional shares of
60+ and 65+ (NBS) with the national shares of 0-14 (17.95 %) and of adults (78.95 %) in every
region; internet use from the CNNIC provincial pattern of 2016 moved by logits so that urban and
rural use match the published 79.8 % and 55.9 %, with 42 % among those of 60 and older; payments
made online by 86.4 % of users; private support of the government by 60 % (50 to 70 % in list
experiments). Income by settlement is assumed.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from datetime import date

import numpy as np
from numpy.typing import NDArray

from glasstown.society import traits
from glasstown.society.households import MEAN_SIZE
from glasstown.society.region_table import UNDER_18_PCT, RegionRow

UNDER_15_PCT = 17.95
INTERNET_PCT = {"urban": 79.8, "rural": 55.9}
INTERNET_60_PCT = 42.0
ONLINE_PAYMENT_SHARE = 0.864
PRIVATE_SUPPORT = 0.60
OFFICIAL_SHARE = 0.022
"""Share of working-age adults who are officials: 'leaders of Party, state, firms' (census 2020)."""

Table = NDArray[np.uint8]


def age_shares(row: RegionRow) -> list[float]:
    """Return the shares of the six age bands in a region; they sum to 1."""
    old, retired = row.age60plus_pct, row.age65plus_pct
    minors = row.under18_pct
    children = minors * UNDER_15_PCT / UNDER_18_PCT
    working = 100 - minors - old
    bands = [children, minors - children, working / 2, working / 2, old - retired, retired]
    return [band / 100 for band in bands]


def _counts(shares: Sequence[float]) -> list[int]:
    """Round shares to 256ths that sum to 256 (largest remainders)."""
    exact = [max(share, 0.0) * 256 for share in shares]
    counts = [math.floor(value) for value in exact]
    order = sorted(range(len(shares)), key=lambda i: counts[i] - exact[i])
    for i in order[: 256 - sum(counts)]:
        counts[i] += 1
    return counts


def age_tables(row: RegionRow) -> tuple[Table, Table]:
    """Return the age tables of heads of households (adults only) and of the other members.

    Heads are 1 / 2.62 of all; the members' table makes up for the heads' and their rounding.
    """
    shares = age_shares(row)
    adults = sum(shares[traits.FIRST_ADULT_BAND :])
    heads = _counts([0, 0] + [share / adults for share in shares[2:]])
    h = 1 / MEAN_SIZE
    members = _counts(
        [(share - h * head / 256) / (1 - h) for share, head in zip(shares, heads, strict=True)]
    )
    bands = np.arange(len(shares), dtype=np.uint8)
    return np.repeat(bands, heads), np.repeat(bands, members)


def level_table(share: float) -> Table:
    """Return a table in which a share of all has a level of 1 to 255, evenly, and the rest 0."""
    having = min(max(round(256 * share), 0), 256)
    levels = np.zeros(256, np.uint8)
    if having:
        levels[256 - having :] = np.round(np.linspace(1, 255, having))
    return levels


def opinion_table() -> Table:
    """Return the table of private opinion: 60 % at 128 or above."""
    against = round(256 * (1 - PRIVATE_SUPPORT))
    below = np.linspace(0, 127, against)
    return np.concatenate([below, np.linspace(128, 255, 256 - against)]).round().astype(np.uint8)


def income_table(settlement: int) -> Table:
    """Return the table of income rank by settlement (assumed: rural incomes at 0.6 of urban)."""
    rank = np.arange(256) / 255
    value = rank**0.85 if settlement == 0 else 0.6 * rank
    return np.asarray(np.round(255 * value), np.uint8)


def _logistic(x: float) -> float:
    return 1 / (1 + math.exp(-x))


def _solve(goal: Callable[[float], float], target: float) -> float:
    """Return x with goal(x) = target for a rising goal, by bisection."""
    low, high = -10.0, 10.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if goal(middle) < target else (low, middle)
    return (low + high) / 2


REFERENCE_SHIFT_URBAN, REFERENCE_SHIFT_RURAL = 1.2216, 0.1842
"""Logits that move the 2016 pattern of the packaged table to 79.8 % and 55.9 %.

Constants, so that one region's row never moves another region's table; a test solves for them.
"""
REFERENCE_SHIFT_60 = -1.3540
"""Logits from everybody's internet use to that of people of 60 and older (42 %); tested too."""


INTERNET_LOGITS_A_YEAR = 0.8635 / 4
"""Growth of internet use in logits a year: from December 2020 back to 53.2 % in December 2016.

Solved over the packaged table, zone by zone; one national logit would need 0.748 (FACTS 3).
"""
PAYMENT_LOGITS_A_YEAR = (math.log(0.864 / 0.136) - math.log(469 / (731 - 469))) / 4
"""Growth of digital payments: 469m of 731m users paid by phone in 2016, 86.4 % online in 2020."""
END_OF_2020 = date(2020, 12, 31)


def years_before_2021(day: date | None) -> float:
    """Return how many years before the end of 2020 a day lies; 0 from then on, or if no day."""
    return 0.0 if day is None else max((END_OF_2020 - day).days / 365.25, 0.0)


def payment_share(years_before: float) -> float:
    """Return the share of internet users who pay digitally.

    The line in logits through December 2016 and December 2020 is drawn on to the years before.
    """
    logit = math.log(ONLINE_PAYMENT_SHARE / (1 - ONLINE_PAYMENT_SHARE))
    return _logistic(logit - PAYMENT_LOGITS_A_YEAR * years_before)


def internet_share(row: RegionRow, settlement: int, years_before: float = 0.0) -> float:
    """Return the share of internet users in a zone, so many years before the end of 2020."""
    pattern = min(max(row.internet_2016_cnnic_pct / 100, 0.01), 0.99)
    shift = REFERENCE_SHIFT_URBAN if settlement == 0 else REFERENCE_SHIFT_RURAL
    shift -= INTERNET_LOGITS_A_YEAR * years_before
    return _logistic(math.log(pattern / (1 - pattern)) + shift)


def internet_share_60(row: RegionRow, settlement: int, years_before: float = 0.0) -> float:
    """Return the share of internet users among people of 60 and older in a zone."""
    share = internet_share(row, settlement, years_before)
    return _logistic(math.log(share / (1 - share)) + REFERENCE_SHIFT_60)


def solve_shifts(rows: Sequence[RegionRow]) -> tuple[float, float, float]:
    """Return the three shifts that reproduce the published internet shares over a table."""

    def mean(shift: float, settlement: int) -> float:
        total = value = 0.0
        for row in rows:
            share = row.urban_pct / 100 if settlement == 0 else 1 - row.urban_pct / 100
            weight = row.population_2020 * share
            pattern = row.internet_2016_cnnic_pct / 100
            value += weight * _logistic(math.log(pattern / (1 - pattern)) + shift)
            total += weight
        return value / total

    def mean_60(shift: float) -> float:
        total = value = 0.0
        for row in rows:
            for settlement in (0, 1):
                urban = row.urban_pct / 100 if settlement == 0 else 1 - row.urban_pct / 100
                weight = row.population_2020 * row.age60plus_pct * urban
                share = internet_share(row, settlement)
                value += weight * _logistic(math.log(share / (1 - share)) + shift)
                total += weight
        return value / total

    return (
        _solve(lambda x: mean(x, 0), INTERNET_PCT["urban"] / 100),
        _solve(lambda x: mean(x, 1), INTERNET_PCT["rural"] / 100),
        _solve(mean_60, INTERNET_60_PCT / 100),
    )


def zone_tables(row: RegionRow, settlement: int, years_before: float = 0.0) -> NDArray[np.uint8]:
    """Return the ten quantile tables of a zone, uint8 of shape (10, 256).

    Internet use and digital payments are those so many years before the end of 2020.
    """
    tables = np.empty((traits.TABLES, 256), np.uint8)
    tables[traits.TABLE_AGE_HEAD], tables[traits.TABLE_AGE_MEMBER] = age_tables(row)
    share = internet_share(row, settlement, years_before)
    old_share = internet_share_60(row, settlement, years_before)
    old = row.age60plus_pct / 100
    young_share = (share - old * old_share) / (1 - old)
    tables[traits.TABLE_ONLINE] = level_table(young_share)
    tables[traits.TABLE_ONLINE_60] = level_table(old_share)
    tables[traits.TABLE_DIGITAL] = level_table(payment_share(years_before))
    tables[traits.TABLE_INCOME] = income_table(settlement)
    tables[traits.TABLE_OPINION] = opinion_table()
    for uniform in (traits.TABLE_HONESTY, traits.TABLE_CIVIC, traits.TABLE_BOLDNESS):
        tables[uniform] = np.arange(256)
    return tables
