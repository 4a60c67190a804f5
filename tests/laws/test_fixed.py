"""Fixed point: a division by 255 without dividing, exact over the whole range it is used for."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from glasstown.laws.fixed import INVERSE_255, SHIFT_255, over_255


def test_the_bound_of_the_theorem_holds():
    error = INVERSE_255 * 255 - (1 << SHIFT_255)
    assert 0 < error < 1 << (SHIFT_255 - 32)


def test_shares_of_traits_are_exact():
    for trait in range(256):
        for amount in (0, 1, 2, 127, 128, 254, 255, 256, 39_322, 65_535, 65_536):
            assert over_255(amount * trait) == amount * trait // 255


@given(st.integers(0, 2**32 // 255 - 1), st.integers(-1, 1))
def test_around_every_multiple(times, beside):
    number = max(255 * times + beside, 0)
    assert over_255(number) == number // 255
