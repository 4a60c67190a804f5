"""The tables of firms: cumulative shares of sectors, and bids between two reflections."""

from __future__ import annotations

from itertools import pairwise
from math import exp, factorial

import numpy as np
import pytest

from glasstown.laws import Q16, Q32
from glasstown.laws.serve import poisson_count
from glasstown.society.catalogue import behaviours, sectors
from glasstown.society.compilation import (
    ACTOR,
    CITIZENS_A_FIRM,
    FIRM,
    HARMED,
    SECTORS_DOING,
    WEEKS_A_YEAR,
    behaviour_tables,
    firm_tables,
    weekly_bound,
)

NAMES = [one.name for one in sectors()]


def test_limits_are_the_cumulative_shares() -> None:
    limits = firm_tables(4)[0]
    cumulative = [sum(one.share for one in sectors()[: i + 1]) for i in range(len(NAMES) - 1)]
    assert limits.tolist() == pytest.approx([share * Q16 for share in cumulative], abs=0.5)
    shares = [high - low for low, high in pairwise([0, *limits.tolist(), Q16])]
    # Two limits, each rounded by half a step.
    assert shares == pytest.approx([one.share * Q16 for one in sectors()], abs=1)
    assert shares != pytest.approx([Q16 / len(NAMES)] * len(NAMES), abs=1)


@pytest.mark.parametrize("reflection_weeks", [1, 2, 4, 8])
def test_bids_are_poisson_with_the_sectors_rate(reflection_weeks: int) -> None:
    bids = firm_tables(reflection_weeks)[1]
    for row, one in zip(bids.tolist(), sectors(), strict=True):
        rate = one.bids * reflection_weeks / WEEKS_A_YEAR
        exact = [exp(-rate) * rate**k / factorial(k) for k in range(6)]
        got = [(high - low) / Q32 for low, high in pairwise([0, *row])]
        # The rate is rounded to 2**-40 and each threshold to 2**-32.
        assert got == pytest.approx(exact, abs=2 / Q32)
        assert poisson_count(0, *row) == 0
        assert poisson_count(row[0], *row) == 1


def test_a_year_of_reflections_brings_the_years_bids() -> None:
    for reflection_weeks in (1, 8):
        row = firm_tables(reflection_weeks)[1][NAMES.index("construction")].tolist()
        mean = sum((Q32 - step) / Q32 for step in row)
        a_year = mean * WEEKS_A_YEAR / reflection_weeks
        assert a_year == pytest.approx(sectors()[NAMES.index("construction")].bids, rel=1e-4)
        assert a_year != pytest.approx(sectors()[NAMES.index("food")].bids, rel=1e-4)


def test_a_firms_deed_has_the_bound_of_one_firm_for_32_citizens() -> None:
    firms = [one for one in behaviours() if one.by == "firm"]
    assert len(firms) >= 8
    for one in firms:
        citizens = one.model_copy(update={"by": "adult", "sectors": [], "harmed": 0})
        assert weekly_bound(one) * CITIZENS_A_FIRM == pytest.approx(weekly_bound(citizens))


def test_the_table_says_which_sectors_do_a_deed_and_whom_it_harms() -> None:
    table = behaviour_tables(behaviours())[0]
    for row, one in zip(table, behaviours(), strict=True):
        assert (row[ACTOR] == FIRM) == (one.by == "firm")
        doing = {name for i, name in enumerate(NAMES) if row[SECTORS_DOING] >> i & 1}
        assert doing == set(one.sectors or NAMES)
        assert row[HARMED] == one.harmed
    assert (np.unique(table[table[:, ACTOR] == FIRM, SECTORS_DOING]) < 31).any()
