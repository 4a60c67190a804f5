"""Sanction: tiers, packed listings, and what they do to a request."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from glasstown.lab.scenario import Scenario
from glasstown.laws.sanction import (
    DELAY,
    DENY,
    FAVOUR,
    MAX_WEEKS,
    NEVER,
    NOTHING,
    cause_of,
    list_of,
    notice_of,
    pack_listing,
    pack_notice,
    tier_of,
    treatment,
    week_of,
)
from glasstown.laws.score import FIRM


def test_every_listing_comes_back_from_16_bits() -> None:
    packed = set()
    for listed, cause, week in product(range(4), range(FIRM + 1), range(MAX_WEEKS + 1)):
        listing = pack_listing(listed, cause, week)
        assert 0 <= listing < 1 << 16
        assert (list_of(listing), cause_of(listing), week_of(listing)) == (listed, cause, week)
        assert notice_of(listing) == 0
        packed.add(listing)
    assert len(packed) == 4 * 8 * (MAX_WEEKS + 1)


def test_every_notice_comes_back_and_is_no_list() -> None:
    packed = set()
    for listed, cause, week in product(range(4), range(FIRM + 1), range(MAX_WEEKS + 1)):
        notice = pack_notice(listed, cause, week)
        assert 0 <= notice < 1 << 16
        assert (notice_of(notice), cause_of(notice), week_of(notice)) == (listed, cause, week)
        assert list_of(notice) == 0
        assert notice != pack_listing(listed, cause, week)
        packed.add(notice)
    assert len(packed) == 4 * 8 * (MAX_WEEKS + 1)


def test_all_16_bits_are_a_listing_or_a_notice() -> None:
    """Whatever a listing holds says again what it is packed from: no bit is lost or shared."""
    for bits in range(1 << 16):
        parts = (cause_of(bits), week_of(bits))
        is_notice = bits >> 5 & 1
        again = (
            pack_notice(notice_of(bits), *parts) if is_notice
            else pack_listing(list_of(bits), *parts)
        )  # fmt: skip
        assert again == bits
        assert (list_of(bits) if is_notice else notice_of(bits)) == 0


def test_no_listing_is_zero() -> None:
    assert list_of(0) == 0
    assert all(pack_listing(listed, 0, 0) != 0 for listed in (1, 2, 3))


def test_no_run_is_longer_than_a_listing_can_say() -> None:
    bounds = [one.le for one in Scenario.model_fields["weeks"].metadata if hasattr(one, "le")]
    assert bounds == [MAX_WEEKS]


limits = st.lists(st.integers(-2000, 2000), max_size=5, unique=True).map(
    lambda given: sorted(given, reverse=True)
)


@given(st.integers(-3000, 3000), limits)
def test_the_tier_counts_the_limits_that_are_missed(score: int, lows: list[int]) -> None:
    padded = lows + [NEVER] * (5 - len(lows))
    tier = tier_of(score, *padded)
    assert tier == sum(score < low for low in lows)
    assert tier_of(score - 1, *padded) >= tier


def test_a_limit_belongs_to_the_better_tier() -> None:
    bounds = (1100, 1020, 800, 700, NEVER)
    assert [tier_of(s, *bounds) for s in (1100, 1099, 1020, 800, 799, 700, 699, 0)] == [
        0, 1, 1, 2, 3, 3, 4, 4,
    ]  # fmt: skip


@pytest.mark.parametrize(("by_tier", "by_list"), list(product(range(4), range(4))))
def test_the_harsher_treatment_goes_first(by_tier: int, by_list: int) -> None:
    both = {by_tier, by_list}
    expected = next(x for x in (DENY, DELAY, FAVOUR, NOTHING) if x in both)
    assert treatment(by_tier, by_list) == expected
