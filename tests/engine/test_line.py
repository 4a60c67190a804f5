"""What is compiled as one vector instruction, against its plain Python, lane by lane."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from glasstown.engine.kernels import kernel
from glasstown.engine.line import LANES, LINE, copy_line, lanes_above

ALL = (1 << 64) - 1


@kernel()
def copied(words, first, room, target, lanes):
    copy_line(words, first, room, target, np.uint64(lanes))


@kernel()
def above(values, first, limit):
    return lanes_above(values, first, limit)


@given(
    st.lists(st.integers(0, ALL), min_size=24, max_size=24),
    st.integers(0, 16), st.integers(0, 8), st.integers(0, ALL),
)  # fmt: skip
def test_a_line_is_copied_word_by_word_and_nothing_else(words, first, target, lanes) -> None:
    source = np.array(words, np.uint64)
    room, plain = np.full(16, 7, np.uint64), np.full(16, 7, np.uint64)
    copied(source, first, room, target, np.uint64(lanes))
    copy_line(source, first, plain, target, np.uint64(lanes))
    assert room.tolist() == plain.tolist()
    assert room[target : target + LINE].tolist() == [
        word & lanes for word in words[first : first + LINE]
    ]


@pytest.mark.parametrize("kind", [np.uint8, np.uint16, np.int16])
def test_all_numbers_are_compared_with_all_limits(kind) -> None:
    """Every limit beside every edge of the range, and every number within it."""
    least, most = int(np.iinfo(kind).min), int(np.iinfo(kind).max)
    everything = np.arange(least, most + 1).astype(kind)
    inside = np.random.default_rng(3).integers(least, most, 24).tolist()
    edges = [at + step for at in (least, 0, most) for step in (-2, -1, 0, 1, 2)]
    for limit in (*edges, *inside, -(1 << 20), 1 << 20, -(1 << 62), 1 << 62):
        for first in range(0, len(everything), LANES):
            got = int(above(everything, first, limit))
            lanes = [(got >> lane) & 1 for lane in range(LANES)]
            right = everything[first : first + LANES].astype(np.int64) > limit
            assert lanes == right.astype(int).tolist(), (kind, limit, first)


@given(st.lists(st.integers(-32768, 32767), min_size=80, max_size=80), st.integers(0, 16),
       st.integers(-40000, 40000))  # fmt: skip
def test_a_stretch_from_anywhere_is_as_in_plain_python(numbers, first, limit) -> None:
    values = np.array(numbers, np.int16)
    assert int(above(values, first, limit)) == int(lanes_above(values, first, limit))
