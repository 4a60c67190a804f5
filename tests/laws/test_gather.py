"""Gather: reluctance, what there is to lose, and Granovetter's threshold, against plain forms."""

from __future__ import annotations

from fractions import Fraction
from itertools import product
from math import ceil, floor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from glasstown.laws.gather import NEVER_GATHERS, joins, reluctance, stake, threshold_ties
from glasstown.society.compilation import compile_society
from glasstown.society.declaration import Society
from glasstown.society.ties import TIES

byte = st.integers(0, 255)
costs_of = st.integers(0, 128)
USUAL = compile_society(Society.model_validate({"citizens": 1_000})).response


def test_somebody_joins_once_as_many_as_the_threshold_have() -> None:
    for joined, threshold in product(range(TIES + 1), range(TIES + 3)):
        assert joins(joined, threshold) == (threshold in range(joined + 1))


def test_reluctance_over_all_opinions_and_boldness() -> None:
    for opinion, boldness, caution in product(range(256), range(256), (0, 1, 77, 255)):
        got = reluctance(opinion, boldness, caution, 205, 8, 150)
        if opinion >= 128:
            assert got == NEVER_GATHERS
        else:
            fear = floor(Fraction(caution * 205, 256))
            assert got == 150 - (128 - opinion) - boldness // 2 + fear + 8


@given(byte, byte, byte, st.integers(0, 1024), costs_of, st.integers(0, 512))
def test_what_holds_back_and_what_drives(o: int, b: int, c: int, f: int, k: int, e: int) -> None:
    here = reluctance(o, b, c, f, k, e)
    assert reluctance(min(o + 1, 255), b, c, f, k, e) >= here
    assert reluctance(o, min(b + 1, 255), c, f, k, e) <= here
    assert reluctance(o, b, min(c + 1, 255), f, k, e) >= here
    assert reluctance(o, b, c, f, k + 1, e) >= here
    assert reluctance(o, b, c, f, k, e + 1) >= here
    if o < 128:
        assert reluctance(o, b, c, f, k + 1, e) == here + 1
        assert reluctance(o, b, c, f, k, e + 1) == here + 1


def test_supporters_never_gather() -> None:
    for opinion in range(128, 256):
        ties = threshold_ties(reluctance(opinion, 255, 0, 0, 0, 0), 255 * 256)
        assert not joins(TIES, ties)
    # The nearest of the opposed does, in the same crowd.
    assert joins(TIES, threshold_ties(reluctance(127, 255, 0, 0, 0, 0), 255 * 256))


@pytest.mark.parametrize(("low", "high"), [(0, 2000), (-600, 400), (3500, 9500), (0, 1)])
def test_the_stake_is_the_share_of_the_range(low: int, high: int) -> None:
    for score, costs in product(range(low, high + 1, max((high - low) // 97, 1)), (0, 1, 8, 128)):
        assert stake(score, low, high, costs) == floor(Fraction(costs * (score - low), high - low))
    assert stake(low, low, high, 128) == 0
    assert stake(high, low, high, 128) == 128


def test_a_higher_score_is_a_higher_stake() -> None:
    held = [stake(score, 0, 2000, 100) for score in range(2001)]
    assert held == sorted(held)
    assert set(held) == set(range(101))


def fewest(kept_back: int, peers_q8: int) -> int:
    """Return how many ties are enough, by trying one after another."""
    ties = 0
    while ties * peers_q8 < kept_back * 256:
        ties += 1
    return ties


@pytest.mark.parametrize("peers_q8", [1 * 256, 40 * 256, 40 * 256 + 1, 255 * 256, 300])
def test_the_threshold_is_the_fewest_ties_that_outweigh_the_reluctance(peers_q8: int) -> None:
    for kept_back in range(-100, 701):
        assert threshold_ties(kept_back, peers_q8) == fewest(kept_back, peers_q8)


def test_a_threshold_cut_down_instead_of_up_would_let_join_too_early() -> None:
    cut_down = [(kept << 8) // (40 * 256) for kept in range(1, 200)]
    exact = [ceil(Fraction(kept, 40)) for kept in range(1, 200)]
    assert [threshold_ties(kept, 40 * 256) for kept in range(1, 200)] == exact
    assert cut_down != exact


def test_who_needs_nobody_and_who_nothing_moves() -> None:
    assert threshold_ties(0, 40 * 256) == threshold_ties(-1, 0) == 0
    assert threshold_ties(1, 0) == NEVER_GATHERS
    assert not joins(TIES, threshold_ties(1, 0))


def test_fear_and_stake_raise_the_threshold_of_the_same_person() -> None:
    def threshold(caution: int, costs: int) -> int:
        return threshold_ties(reluctance(20, 200, caution, 205, costs, 150), 40 * 256)

    # The reluctance is 150 - 108 - 100 = -58, and rises by 0.8 a point of caution.
    assert [threshold(c, 0) for c in (0, 72, 74, 120, 180, 240)] == [0, 0, 1, 1, 3, 4]
    assert [threshold(74, costs) for costs in (0, 39, 40, 128)] == [1, 1, 2, 4]


def test_the_packaged_society_leaves_room_for_a_cascade() -> None:
    """Unafraid: some of the opposed go first, most wait, and all could see enough others go."""
    ties = [
        threshold_ties(
            reluctance(opinion, boldness, 0, USUAL.fear_q8, 0, USUAL.gather_effort),
            USUAL.gather_peers_q8,
        )
        for opinion, boldness in product(range(128), range(256))
    ]
    assert 0 < sum(count == 0 for count in ties) < len(ties) / 2
    assert max(ties) <= TIES
