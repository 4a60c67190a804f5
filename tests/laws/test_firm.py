"""Firms: owners, sectors, the two categories of a rating, and how many consumers are harmed."""

from __future__ import annotations

from collections import Counter
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from glasstown.laws import Q16, Q32
from glasstown.laws.firm import (
    BLACK,
    RED,
    SECTORS,
    category_change,
    consumers_harmed,
    owner_lane,
    sector_of,
)
from glasstown.laws.sanction import list_of, pack_listing
from glasstown.society.catalogue import behaviours, sectors
from glasstown.society.compilation import firm_tables


def test_a_firm_has_its_owner_in_its_own_half_of_the_block() -> None:
    for bits, slot, present in product(range(256), (0, 1), range(65)):
        lane = owner_lane(bits, slot, present)
        half = list(range(64))[32 * slot : 32 * slot + 32]
        assert lane == (half[bits % 32] if half[bits % 32] < present else -1)


@pytest.mark.parametrize("slot", [0, 1])
def test_each_lane_of_the_half_is_as_likely(slot: int) -> None:
    found = Counter(owner_lane(bits, slot, 64) for bits in range(256))
    assert found == dict.fromkeys(range(32 * slot, 32 * slot + 32), 8)


def test_an_emptier_block_has_fewer_firms() -> None:
    """A block that is half full has its first firm for sure and its second never."""
    chances = [
        sum(owner_lane(bits, slot, present) >= 0 for bits in range(256)) / 256
        for slot, present in ((0, 0), (0, 8), (0, 32), (1, 32), (1, 48), (1, 64))
    ]
    assert chances == [0.0, 0.25, 1.0, 0.0, 0.5, 1.0]


def test_sectors_have_their_shares() -> None:
    limits = firm_tables(4)[0].tolist()
    found = Counter(sector_of(bits, *limits) for bits in range(Q16))
    assert set(found) == set(range(SECTORS))
    for i, one in enumerate(sectors()):
        # Limits are rounded to 16 bits: half a step at either end.
        assert found[i] / Q16 == pytest.approx(one.share, abs=1 / Q16)
    other = Counter(sector_of(bits, *[limit + 700 for limit in limits]) for bits in range(Q16))
    assert other[0] / Q16 != pytest.approx(sectors()[0].share, abs=1 / Q16)


def test_the_sector_is_the_first_whose_limit_lies_above() -> None:
    limits = (10, 20, 20, 50)
    for bits in range(60):
        above = [i for i, limit in enumerate(limits) if bits < limit]
        assert sector_of(bits, *limits) == (above[0] if above else 4)


@given(st.integers(0, 2000), st.integers(-3000, 3000), st.integers(0, 2000))
def test_a_category_stays_within_its_range(value: int, points: int, most: int) -> None:
    value = min(value, most)
    assert value + category_change(value, points, most) == sorted((0, value + points, most))[1]


def test_a_category_ends_at_both_ends() -> None:
    assert category_change(950, 100, 1000) == 50
    assert category_change(30, -100, 1000) == -30
    assert category_change(0, 5, 0) == 0


@pytest.mark.parametrize("mean", [1, 2, 20, 40, 10_000])
def test_each_number_of_harmed_is_as_likely(mean: int) -> None:
    most = 2 * mean - 1
    assert consumers_harmed(mean, 0) == 1
    assert consumers_harmed(mean, Q32 - 1) == most
    # The draws at which one more is harmed lie evenly: each number has its share of 2**32.
    for number in {1, 2, mean, most - 1} & set(range(1, most)):
        edge = -(-(number * Q32) // most)
        assert consumers_harmed(mean, edge - 1) == number
        assert consumers_harmed(mean, edge) == number + 1


def test_a_deed_that_harms_nobody_harms_nobody() -> None:
    assert {consumers_harmed(0, bits) for bits in (0, 1, Q32 - 1)} == {0}


@pytest.mark.parametrize("mean", [1, 20])
def test_the_mean_is_the_declared_one(mean: int) -> None:
    steps = 1 << 16
    numbers = [consumers_harmed(mean, (2 * i + 1) * Q32 // (2 * steps)) for i in range(steps)]
    # Evenly laid draws: each number's share is right to one of 65,536.
    assert sum(numbers) / steps == pytest.approx(mean, abs=2 * mean * mean / steps)
    assert sum(numbers) / steps != pytest.approx(mean * 1.01, abs=2 * mean * mean / steps)


def test_the_catalogue_names_whom_firms_harm() -> None:
    harmed = {one.name: one.harmed for one in behaviours() if one.by == "firm" and one.harmed}
    assert {"counterfeit", "unsafe_food"} <= set(harmed)
    assert not any(one.harmed for one in behaviours() if one.by != "firm")


def test_a_firms_listing_is_packed_as_a_citizens() -> None:
    for listed in (BLACK, RED):
        assert list_of(pack_listing(listed, 0, 77)) == listed
    assert BLACK != RED
