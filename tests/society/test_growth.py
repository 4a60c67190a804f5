"""Internet use and digital payments grow with the years, and stop at 2020.

Weighted by the population of the packaged table. One point is allowed: the shares published for
urban and rural users give 71.2 % with the census' urban share, where 70.4 % is published.
"""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import numpy as np
import pytest

from glasstown.society import traits
from glasstown.society.compilation import compile_society, trait_tables
from glasstown.society.declaration import Society
from glasstown.society.marginals import (
    ONLINE_PAYMENT_SHARE,
    internet_share,
    internet_share_60,
    payment_share,
    years_before_2021,
    zone_tables,
)
from glasstown.society.region_table import RegionRow, read_region_table

CHINA = read_region_table("china-2020")
DECEMBER_2016, DECEMBER_2020 = date(2016, 12, 31), date(2020, 12, 31)
GROWING = (traits.TABLE_ONLINE, traits.TABLE_ONLINE_60, traits.TABLE_DIGITAL)


def people(row: RegionRow, settlement: int) -> float:
    """Return the citizens of a zone."""
    urban = row.urban_pct / 100
    return row.population_2020 * (urban if settlement == 0 else 1 - urban)


def national(day: date | None) -> float:
    """Return the share of internet users in per cent, by population weight."""
    years = years_before_2021(day)
    zones = [(row, settlement) for row in CHINA for settlement in (0, 1)]
    users = sum(people(*zone) * internet_share(*zone, years) for zone in zones)
    return 100 * users / sum(people(*zone) for zone in zones)


@pytest.mark.parametrize(
    ("day", "published"), [(DECEMBER_2016, 53.2), (DECEMBER_2020, 70.4)], ids=["2016", "2020"]
)
def test_internet_use_is_the_published(day: date, published: float) -> None:
    """FACTS 2.5: 731 million users in December 2016 (53.2 %), 989 million in 2020 (70.4 %)."""
    assert national(day) == pytest.approx(published, abs=1)
    # Two years on it is another number: the check can fail.
    later = date(day.year - 2, 12, 31)
    assert national(later) != pytest.approx(published, abs=1)


def test_the_marginals_of_2020_are_as_they_were() -> None:
    """What holds at the end of 2020 is the table without any growth, and stays so."""
    for row in CHINA:
        for settlement in (0, 1):
            still = zone_tables(row, settlement)
            for day in (DECEMBER_2020, date(2021, 1, 1), date(2030, 1, 1), None):
                grown = zone_tables(row, settlement, years_before_2021(day))
                np.testing.assert_array_equal(grown, still)
    assert payment_share(0.0) == pytest.approx(ONLINE_PAYMENT_SHARE)


def test_digital_payments_go_through_both_published_shares() -> None:
    # FACTS 2.5: 469 of 731 million users paid by phone in 2016, 86.4 % of users online in 2020.
    assert payment_share(years_before_2021(DECEMBER_2016)) == pytest.approx(469 / 731, abs=0.001)
    assert payment_share(years_before_2021(DECEMBER_2020)) == pytest.approx(0.864, abs=1e-9)
    assert payment_share(years_before_2021(date(2015, 12, 31))) < 0.6


def test_each_year_has_more_users_and_payers_everywhere() -> None:
    days = [date(year, 1, 1) for year in range(2013, 2022)]
    for row in CHINA[::6]:
        for settlement in (0, 1):
            for share in (internet_share, internet_share_60):
                shares = [share(row, settlement, years_before_2021(day)) for day in days]
                assert all(one < later for one, later in pairwise(shares))
    paid = [payment_share(years_before_2021(day)) for day in days]
    assert paid == sorted(paid)


def test_only_internet_and_payments_grow() -> None:
    before, after = (trait_tables(CHINA, years) for years in (7.0, 0.0))
    moved = {table for table in range(traits.TABLES) if (before[:, table] != after[:, table]).any()}
    assert moved == set(GROWING)


def test_who_is_online_early_is_online_later() -> None:
    """Growth takes nobody off the net: levels only rise, byte by byte."""
    for row in CHINA[::6]:
        tables = [zone_tables(row, 1, years).astype(int) for years in (7.0, 4.0, 1.0, 0.0)]
        for one, later in pairwise(tables):
            for table in GROWING:
                assert (one[table] <= later[table]).all()


@pytest.mark.parametrize(
    ("day", "years"),
    [(None, 0.0), (DECEMBER_2020, 0.0), (date(2100, 1, 1), 0.0), (date(2019, 12, 31), 1.0)],
)
def test_years_before_2021(day: date | None, years: float) -> None:
    assert years_before_2021(day) == pytest.approx(years, abs=0.003)


def test_a_society_that_does_not_grow_is_that_of_2020() -> None:
    given = {"citizens": 1_000}
    still = Society.model_validate({**given, "digital_growth": False})
    early = compile_society(still, day=date(2014, 1, 1)).people.traits
    grown = compile_society(Society.model_validate(given), day=date(2014, 1, 1)).people.traits
    np.testing.assert_array_equal(early, trait_tables(CHINA, 0.0))
    assert (grown != early).any()
