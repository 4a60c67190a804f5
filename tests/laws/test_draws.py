"""The hash behind every draw: known answers, uniformity, independence, avalanche.

The checks are run on the hash and, to show that they can fail, on a Weyl sequence that lacks the
finaliser: equally spaced, but neighbours are plainly related. Bounds: a chi-square of k degrees
of freedom has mean k and variance 2k; some 300 are looked at here, so |z| < 5 is allowed
(probability of one false alarm about 2e-4 were they normal; seeds are fixed).
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from glasstown.engine.kernels import kernel
from glasstown.engine.world import week_keys
from glasstown.laws import draws
from glasstown.laws.draws import (
    CANDIDATE,
    COUNT,
    GATHER,
    GOLDEN,
    PEOPLE,
    PURPOSES,
    SAMPLE,
    draw,
    field,
    fold,
    high32,
    low32,
    mix64,
    stream,
)

Words = NDArray[np.uint64]
Draws = Callable[[Words, Words, Words], Words]
N = 1 << 16
LIMIT = 5.0
word64 = st.integers(0, 2**64 - 1)


@kernel()
def fill_draws(keys, wheres, indexes, out):
    for i in range(out.shape[0]):
        out[i] = draw(keys[i], wheres[i], indexes[i])


@kernel()
def fill_folds(keys, values, out):
    for i in range(out.shape[0]):
        out[i] = fold(keys[i], values[i])


@kernel()
def fill_parts(words, shift, width, out):
    for i in range(words.shape[0]):
        out[i, 0] = low32(words[i])
        out[i, 1] = high32(words[i])
        out[i, 2] = field(words[i], shift, width)
        out[i, 3] = draws.bit(words[i], shift)
        out[i, 4] = stream(words[i], shift) >> np.uint64(1)


def folded(keys: Words, values: Words) -> Words:
    out = np.empty(len(keys), np.uint64)
    fill_folds(keys, values, out)
    return out


def ours(keys: Words, wheres: Words, indexes: Words) -> Words:
    out = np.empty(len(keys), np.uint64)
    fill_draws(keys, wheres, indexes, out)
    return out


def bad(keys: Words, wheres: Words, indexes: Words) -> Words:
    """A Weyl sequence: what the hash would be without its finaliser."""
    return keys + (wheres ^ indexes) * np.uint64(GOLDEN)


def constant(value: int) -> Words:
    return np.full(N, value, np.uint64)


def counting(first: int = 0) -> Words:
    return np.arange(first, first + N, dtype=np.uint64)


def week_key(seeds: Words, purposes: Words, weeks: Words) -> Words:
    """What `week_keys` does, for arrays; `test_week_keys_are_folded` holds them together."""
    mixed = np.array([mix64(int(seed)) for seed in np.unique(seeds)], np.uint64)
    mixed = mixed[np.searchsorted(np.unique(seeds), seeds)]
    return folded(folded(folded(constant(0), mixed), purposes), weeks)


def neighbours(kind: str, hashed: Draws, shift: int) -> Words:
    """Return draws whose index, block, lane, week, seed or purpose counts up from ``shift``."""
    zone, one = 0x1234_5678, constant(7)
    if kind == "index":
        return hashed(constant(int(week_keys(0, 3)[CANDIDATE])), one, counting(shift))
    if kind == "block":
        blocks = folded(constant(zone), counting(shift))
        return hashed(constant(int(week_keys(0, 3)[CANDIDATE])), blocks, constant(0))
    if kind == "place":
        return hashed(constant(int(week_keys(0, 3)[CANDIDATE])), counting(shift), constant(0))
    if kind == "week":
        week = counting() % np.uint64(1000) + np.uint64(shift)
        return hashed(
            week_key(constant(0), constant(COUNT), week), one, counting() // np.uint64(1000)
        )
    if kind == "seed":
        return hashed(week_key(counting(shift), constant(COUNT), one), one, one)
    purpose = counting() % np.uint64(SAMPLE - 1) + np.uint64(shift)
    return hashed(week_key(constant(0), purpose, one), one, counting() // np.uint64(SAMPLE - 1))


KINDS = ("index", "block", "place", "week", "seed", "purpose")


def z_of(counts: NDArray[np.int64]) -> float:
    """Return how many standard deviations a chi-square of equal cells is from its mean."""
    expected, df = counts.sum() / counts.size, counts.size - 1
    return float((((counts - expected) ** 2 / expected).sum() - df) / np.sqrt(2 * df))


def worst_byte(words: Words) -> float:
    """Return the worst |z| of the chi-squares of the eight bytes."""
    octets = words.view(np.uint8).reshape(-1, 8)
    return max(abs(z_of(np.bincount(octets[:, i], minlength=256))) for i in range(8))


def worst_pair(first: Words, second: Words) -> float:
    """Return the worst |z| of nibble pairs (16 by 16 cells) and of the correlation of two rows."""
    worst = 0.0
    for shift in range(0, 64, 8):
        a = (first >> np.uint64(shift)) & np.uint64(15)
        b = (second >> np.uint64(shift)) & np.uint64(15)
        worst = max(worst, abs(z_of(np.bincount((a * 16 + b).astype(int), minlength=256))))
    r = np.corrcoef(first / 2**64, second / 2**64)[0, 1]
    return max(worst, abs(float(r)) * np.sqrt(len(first)))


def flips(hashed: Draws, which: int, samples: int = 20_000) -> NDArray[np.float64]:
    """Return how often each output bit flips with each input bit, (64, 64)."""
    base = [folded(np.full(samples, 99 + i, np.uint64), counting()[:samples]) for i in range(3)]
    before = hashed(*base)
    shares = np.empty((64, 64))
    for i in range(64):
        moved = list(base)
        moved[which] = base[which] ^ np.uint64(1 << i)
        changed = (before ^ hashed(*moved)).view(np.uint8).reshape(samples, 8)
        shares[i] = np.unpackbits(changed, axis=1, bitorder="little").mean(axis=0)
    return shares


def test_known_answers_of_splitmix64() -> None:
    # Vigna's splitmix64.c (prng.di.unimi.it) from state 0; the third is also Steele's in Java.
    known = [0xE220A8397B1DCDAF, 0x6E789E6AA1B965F4, 0x06C45D188009454F]
    assert [fold(0, i) for i in range(3)] == known
    assert [mix64((i + 1) * GOLDEN % 2**64) for i in range(3)] == known
    assert folded(np.zeros(3, np.uint64), np.arange(3, dtype=np.uint64)).tolist() == known


def test_week_keys_are_folded() -> None:
    for seed, week in ((0, 0), (5, 999), (2**64 - 1, 12)):
        keys = week_keys(seed, week)
        purposes = np.arange(COUNT, PURPOSES, dtype=np.uint64)
        n = len(purposes)
        same = [np.full(n, x, np.uint64) for x in (0, mix64(seed), week)]
        mine = folded(folded(folded(same[0], same[1]), purposes), same[2])
        assert keys[COUNT:].tolist() == mine.tolist()


def test_traits_and_ties_keep_their_keys_and_events_do_not() -> None:
    first, second = week_keys(3, 0), week_keys(3, 1)
    assert (first[:COUNT] == second[:COUNT]).all()
    assert (first[COUNT:] != second[COUNT:]).all()
    assert (week_keys(0, 0)[PEOPLE:] != week_keys(1, 0)[PEOPLE:]).all()


def test_purposes_are_numbers_of_their_own() -> None:
    names = ("PEOPLE", "PAIRING", "MASK", "PHASE", "COUNT", "CANDIDATE", "WATCH", "ENTER",
             "RECEIVE_COUNT", "RECEIVE", "DEMAND", "REMEDY", "APPEAL", "REFLECT", "CUT", "MEND",
             "SHAME", "SAMPLE", "NOTICE", "AWARE", "FIRM", "INSIDE", "FIRM_WEEK", "VOICE",
             "GATHER")  # fmt: skip
    numbers = [getattr(draws, name) for name in names]
    assert len(set(numbers)) == len(names)
    assert max(numbers) == GATHER < PURPOSES
    # Who is aware, who is told and who owns a firm is no matter of the week.
    assert max(draws.NOTICE, draws.AWARE, draws.FIRM) < COUNT < min(draws.INSIDE, draws.FIRM_WEEK)


@pytest.mark.parametrize("kind", KINDS)
def test_bytes_are_uniform(kind: str) -> None:
    assert worst_byte(neighbours(kind, ours, 1)) < LIMIT


@pytest.mark.parametrize("kind", KINDS)
def test_neighbours_are_independent(kind: str) -> None:
    assert worst_pair(neighbours(kind, ours, 1), neighbours(kind, ours, 2)) < LIMIT


def test_lanes_and_trait_bytes_are_independent() -> None:
    crowd = folded(constant(int(week_keys(1, 0)[PEOPLE])), counting())
    lanes = [folded(crowd, constant(lane)) for lane in (0, 1, 64)]
    assert worst_pair(lanes[0], lanes[1]) < LIMIT
    assert worst_pair(lanes[0], lanes[2]) < LIMIT
    for turn in (8, 16, 24, 32):
        turned = (lanes[0] >> np.uint64(turn)) | (lanes[0] << np.uint64(64 - turn))
        assert worst_pair(lanes[0], turned) < LIMIT


@pytest.mark.parametrize("which", range(3), ids=["key", "where", "index"])
def test_each_input_bit_flips_half_of_the_output(which: int) -> None:
    shares = flips(ours, which)
    # One cell has a standard deviation of 0.5 / sqrt(20,000) = 0.0035; 4,096 cells are looked at.
    assert np.abs(shares - 0.5).max() < 0.02
    assert np.abs(shares.mean(axis=1) - 0.5).max() < 0.003


def test_a_sequence_without_the_finaliser_fails() -> None:
    assert worst_byte(neighbours("index", bad, 1)) > LIMIT
    for kind in ("index", "place"):
        assert worst_pair(neighbours(kind, bad, 1), neighbours(kind, bad, 2)) > LIMIT
    for which in range(3):
        assert np.abs(flips(bad, which, 2_000) - 0.5).max() > 0.4


def test_seeds_are_hashed_not_added() -> None:
    keys = {int(week_keys(seed, week)[COUNT]) for seed in range(40) for week in range(40)}
    assert len(keys) == 1600


@settings(max_examples=60)
@given(word64, word64, word64)
def test_python_and_compiled_draws_are_equal(key: int, where: int, index: int) -> None:
    arrays = [np.array([x], np.uint64) for x in (key, where, index)]
    assert int(ours(*arrays)[0]) == draw(key, where, index)
    assert int(folded(arrays[0], arrays[1])[0]) == fold(key, where)


@settings(max_examples=60)
@given(word64, st.integers(0, 63), st.integers(1, 62))
def test_python_and_compiled_parts_are_equal(word: int, shift: int, width: int) -> None:
    out = np.empty((1, 5), np.int64)
    fill_parts(np.array([word], np.uint64), shift, width, out)
    plain = [word & 0xFFFF_FFFF, word >> 32, (word >> shift) & ((1 << width) - 1),
             (word >> shift) & 1, mix64(word ^ shift) >> 1]  # fmt: skip
    assert out[0].tolist() == plain
    assert [low32(word), high32(word), field(word, shift, width), draws.bit(word, shift),
            stream(word, shift) >> 1] == plain  # fmt: skip
