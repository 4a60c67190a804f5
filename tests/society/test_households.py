"""Households: sizes as in the census, one head each, members alike as declared."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from glasstown.engine.kernels import kernel
from glasstown.engine.listed import household_words
from glasstown.engine.world import week_keys
from glasstown.laws.draws import PEOPLE, fold, stream
from glasstown.society.households import (
    MEAN_SIZE,
    ONE_PERSON_SHARE,
    head_lane,
    household_head,
    household_pattern,
    pattern_probabilities,
)
from glasstown.society.traits import SHARED_BYTES, first_word, own_word

BLOCKS = 15_625  # a million citizens
PATTERNS = ((4,), (3, 1), (2, 2), (2, 1, 1), (1, 1, 1, 1))
KEY = int(week_keys(1, 0)[PEOPLE])


@kernel()
def fill_patterns(key, out):
    for block in range(out.shape[0]):
        crowd = stream(key, fold(0, block))
        for quad in range(16):
            out[block, quad] = household_pattern(crowd, quad)


@kernel()
def fill_words(key, resemblance, whole, own, head):
    for block in range(whole.shape[0]):
        crowd = stream(key, fold(0, block))
        for lane in range(64):
            head[block, lane] = head_lane(crowd, lane)
            whole[block, lane] = first_word(crowd, lane, head[block, lane], resemblance)
            own[block, lane] = own_word(crowd, lane)


def patterns() -> np.ndarray:
    out = np.zeros((BLOCKS, 16), np.int64)
    fill_patterns(np.uint64(KEY), out)
    return out.ravel()


def ratio_z(top: np.ndarray, bottom: np.ndarray, target: float) -> float:
    """Return how many standard errors the ratio of two sums lies from a target."""
    ratio = top.sum() / bottom.sum()
    error = (top - ratio * bottom).std() * len(top) ** 0.5 / bottom.sum()
    return float((ratio - target) / error)


def misfits(found: np.ndarray) -> tuple[float, float]:
    """Return the z of mean size and one-person share over quads of given patterns."""
    households = np.array([len(sizes) for sizes in PATTERNS])[found]
    singles = np.array([sizes.count(1) for sizes in PATTERNS])[found]
    return (
        ratio_z(np.full(len(found), 4), households, MEAN_SIZE),
        ratio_z(singles, households, ONE_PERSON_SHARE),
    )


def test_sizes_are_those_of_the_census() -> None:
    # 250,000 quads; 65,536ths of the patterns add 1e-5 to either, a tenth of a standard error.
    assert np.abs(misfits(patterns())).max() < 4
    assert (MEAN_SIZE, ONE_PERSON_SHARE) == (2.62, 0.254)  # census 2020, FACTS 3


def test_patterns_all_alike_would_not_fit() -> None:
    alike = np.random.default_rng(0).integers(0, 5, 250_000)
    assert np.abs(misfits(alike)).min() > 20


def test_patterns_come_with_their_probabilities() -> None:
    counts = np.bincount(patterns(), minlength=5)
    p = np.array(pattern_probabilities())
    assert (p > 0).all()
    assert p.sum() == pytest.approx(1)
    z = (counts - 250_000 * p) / np.sqrt(250_000 * p * (1 - p))
    assert np.abs(z).max() < 4


@pytest.mark.parametrize("pattern", range(5))
def test_every_household_has_one_head_of_its_own(pattern: int) -> None:
    heads = [household_head(pattern, position) for position in range(4)]
    assert all(heads[head] == head for head in heads)
    assert sorted((heads.count(head) for head in set(heads)), reverse=True) == list(
        PATTERNS[pattern]
    )


def test_the_words_of_a_block_say_who_lives_together() -> None:
    seen = set()
    for block in range(30):
        crowd = stream(KEY, fold(0, block))
        words = household_words(crowd)
        for lane in range(64):
            seen.add(household_pattern(crowd, lane >> 2))
            for mask in (1, 2, 3):
                together = head_lane(crowd, lane) == head_lane(crowd, lane ^ mask)
                assert words[mask - 1] >> lane & 1 == together
    assert seen == {0, 1, 2, 3, 4}


def trait_words(resemblance: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return words, own words (blocks, 64, 8 bytes) and heads (blocks, 64)."""
    shape = (BLOCKS, 64)
    whole, own = np.zeros(shape, np.uint64), np.zeros(shape, np.uint64)
    head = np.zeros(shape, np.int64)
    fill_words(np.uint64(KEY), resemblance, whole, own, head)
    return whole.view(np.uint8).reshape(*shape, 8), own.view(np.uint8).reshape(*shape, 8), head


@pytest.fixture(scope="module")
def alike() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    return trait_words(102)


def test_members_share_bytes_with_their_head_as_declared(alike) -> None:
    whole, own, head = alike
    is_member = head != np.arange(64)
    heads = np.take_along_axis(whole, head[:, :, None], axis=1)
    same = (whole == heads)[is_member].mean(axis=0)
    error = 0.5 / is_member.sum() ** 0.5
    r = 102 / 256
    for byte in range(8):
        expected = r + (1 - r) / 256 if byte in SHARED_BYTES else 1 / 256
        assert same[byte] == pytest.approx(expected, abs=4 * error)
        assert same[byte] != pytest.approx(expected + 0.01, abs=4 * error)
    # Heads are themselves, and nothing but the head's byte or one's own is ever taken.
    assert (whole == own)[~is_member].all()
    assert ((whole == own) | (whole == heads)).all()


def test_what_is_shared_is_decided_trait_by_trait(alike) -> None:
    whole, _, head = alike
    is_member = head != np.arange(64)
    heads = np.take_along_axis(whole, head[:, :, None], axis=1)
    same = (whole == heads)[is_member][:, list(SHARED_BYTES)].astype(float)
    for a, b in combinations(range(len(SHARED_BYTES)), 2):
        assert abs(np.corrcoef(same[:, a], same[:, b])[0, 1]) < 4 / len(same) ** 0.5


def byte_z(values: np.ndarray) -> float:
    counts = np.bincount(values, minlength=256)
    expected = counts.sum() / 256
    return float((((counts - expected) ** 2 / expected).sum() - 255) / 510**0.5)


def test_resemblance_moves_no_marginal(alike) -> None:
    whole, own, head = alike
    # One member for each quad, so that the counted bytes are independent of each other.
    second = np.arange(1, 64, 4)
    is_member = (head != np.arange(64))[:, second]
    for byte in SHARED_BYTES:
        assert abs(byte_z(whole[:, second, byte][is_member])) < 4
    heads = np.take_along_axis(own, head[:, :, None], axis=1)
    larger = np.maximum(own, heads)[:, second, SHARED_BYTES[0]][is_member]
    assert byte_z(larger) > 100  # taking the larger of the two would move it


def test_without_resemblance_all_is_ones_own() -> None:
    whole, own, _ = trait_words(0)
    assert (whole == own).all()
    whole, own, head = trait_words(256)
    heads = np.take_along_axis(own, head[:, :, None], axis=1)
    assert (whole == heads)[:, :, list(SHARED_BYTES)].all()
