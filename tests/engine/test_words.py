"""Words of 64 citizens, lane by lane against their obvious form, plain and compiled."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from glasstown.engine.kernels import kernel
from glasstown.engine.words import (
    ALL,
    add_bits,
    first_lanes,
    is_at_most,
    lowest_lane,
    swap_lanes,
    with_bit,
)

word64 = st.integers(0, 2**64 - 1)
WORDS = [0, 1, 1 << 63, ALL, 0x0123_4567_89AB_CDEF, 0xDEAD_BEEF_0BAD_F00D]
LANES = range(64)


@kernel()
def compiled(word, mask, count, lane, value, planes, out):
    out[0] = swap_lanes(word, mask)
    out[1] = first_lanes(count)
    out[2] = with_bit(word, lane, value)
    out[3] = lowest_lane(word)
    out[4] = is_at_most(
        planes[0], planes[1], planes[2], planes[3], planes[4], planes[5], planes[6], planes[7]
    )
    out[5], out[6], out[7], out[8] = add_bits(planes[0], planes[1], planes[2], planes[3], word)


def has(word: int, lane: int) -> int:
    return word >> lane & 1


def numbers(planes: list[int]) -> list[int]:
    """Return the number that planes, the lowest first, hold in each lane."""
    return [sum(has(plane, lane) << i for i, plane in enumerate(planes)) for lane in LANES]


@pytest.mark.parametrize("mask", range(64))
def test_swapping_lanes(mask: int) -> None:
    rng = np.random.default_rng(mask)
    for word in [*WORDS, *rng.integers(0, 2**64, 10, dtype=np.uint64).tolist()]:
        swapped = swap_lanes(word, mask)
        assert [has(swapped, lane) for lane in LANES] == [has(word, lane ^ mask) for lane in LANES]
        assert swap_lanes(swapped, mask) == word


def test_first_lanes() -> None:
    for count in range(-1, 66):
        assert first_lanes(count) == sum(1 << lane for lane in LANES if lane < count)


def test_lowest_lane_of_every_lane() -> None:
    rng = np.random.default_rng(0)
    for lane in LANES:
        for above in [0, ALL, *rng.integers(0, 2**64, 5, dtype=np.uint64).tolist()]:
            assert lowest_lane((1 << lane) | (above << lane & ALL)) == lane


@given(word64)
def test_walking_the_set_lanes(word: int) -> None:
    rest, walked = word, []
    while rest:
        walked.append(lowest_lane(rest))
        rest &= rest - 1
    assert walked == [lane for lane in LANES if has(word, lane)]


@given(word64, st.integers(0, 63), st.integers(0, 1))
def test_setting_one_lane(word: int, lane: int, value: int) -> None:
    changed = with_bit(word, lane, value)
    assert [has(changed, i) for i in LANES] == [value if i == lane else has(word, i) for i in LANES]


@given(st.lists(word64, min_size=8, max_size=8))
def test_comparing_planes(planes: list[int]) -> None:
    word = is_at_most(*planes)
    pairs = zip(numbers(planes[:4]), numbers(planes[4:]), strict=True)
    assert [has(word, lane) for lane in LANES] == [int(a <= b) for a, b in pairs]


def test_comparing_all_pairs_of_numbers() -> None:
    pairs = [(a, b) for a in range(16) for b in range(16)]
    for first in range(0, 256, 64):
        some = pairs[first : first + 64]
        planes = [sum((a >> i & 1) << lane for lane, (a, _) in enumerate(some)) for i in range(4)]
        planes += [sum((b >> i & 1) << lane for lane, (_, b) in enumerate(some)) for i in range(4)]
        word = is_at_most(*planes)
        assert [has(word, lane) for lane in LANES] == [int(a <= b) for a, b in some]


@given(st.lists(word64, max_size=15))
def test_counting_words(words: list[int]) -> None:
    planes = [0, 0, 0, 0]
    for word in words:
        planes = list(add_bits(*planes, word))
    assert numbers(planes) == [sum(has(word, lane) for word in words) for lane in LANES]


@pytest.mark.parametrize("count", range(16))
def test_every_count_is_held(count: int) -> None:
    planes = (0, 0, 0, 0)
    for _ in range(count):
        planes = add_bits(*planes, ALL)
    assert numbers(list(planes)) == [count] * 64


@given(
    word64.filter(bool), st.integers(1, 63), st.integers(0, 64), st.integers(0, 63),
    st.integers(0, 1), st.lists(word64, min_size=8, max_size=8),
)  # fmt: skip
def test_compiled_words_are_the_same(
    word: int, mask: int, count: int, lane: int, value: int, planes: list[int]
) -> None:
    out = np.zeros(9, np.uint64)
    compiled(np.uint64(word), mask, count, lane, value, np.array(planes, np.uint64), out)
    plain = [swap_lanes(word, mask), first_lanes(count), with_bit(word, lane, value),
             lowest_lane(word), is_at_most(*planes), *add_bits(*planes[:4], word)]  # fmt: skip
    assert out.tolist() == plain
