"""Adapt: fading is exact in the mean, half-lives hold, caution has its stationary mean."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from glasstown.laws import Q16
from glasstown.laws.adapt import (
    faded,
    more_cautious,
    pays_cash,
    rise_from_loss,
    rise_from_ties,
)

amounts = st.integers(-20_000, 20_000)
rates = st.integers(0, Q16)
BITS = np.arange(Q16, dtype=np.int64)


def half_life_rate(half_life: float, every: int = 4) -> int:
    return round((1 - 2 ** (-every / half_life)) * Q16)


@settings(max_examples=40)
@given(amounts, rates)
def test_fading_is_exact_in_the_mean_over_all_bits(amount: int, rate: int) -> None:
    # The law takes arrays of bits as well: it is arithmetic only.
    assert int(np.sum(faded(amount, rate, BITS))) == amount * rate


def test_fading_without_bits_is_not_exact() -> None:
    assert faded(3, 20_000, 0) * Q16 != 3 * 20_000


@given(amounts, rates, st.integers(0, Q16 - 1))
def test_fading_is_symmetric_and_never_beyond_the_start(amount: int, rate: int, bits: int) -> None:
    gone = faded(amount, rate, bits)
    assert faded(-amount, rate, bits) == -gone
    assert 0 <= gone * (1 if amount > 0 else -1) <= abs(amount)


def test_fading_ends() -> None:
    assert faded(777, 0, Q16 - 1) == 0
    assert faded(777, Q16, 0) == 777
    assert faded(0, 30_000, Q16 - 1) == 0


def expectation(start: int, rate: int, steps: int, bits_of: int | None = None) -> float:
    """Return the exact mean after steps, by carrying the whole distribution along."""
    chances = {start: 1.0}
    for _ in range(steps):
        after: dict[int, float] = {}
        for amount, chance in chances.items():
            if bits_of is not None:
                ways = {faded(amount, rate, bits_of): 1.0}
            else:
                up = abs(amount) * rate % Q16  # how many of the 65,536 bits round up
                low, high = faded(amount, rate, Q16 - 1 - up), faded(amount, rate, Q16 - 1)
                ways = {low: 1 - up / Q16}
                ways[high] = ways.get(high, 0.0) + up / Q16
            for gone, share in ways.items():
                after[amount - gone] = after.get(amount - gone, 0.0) + chance * share
        chances = after
    return sum(amount * chance for amount, chance in chances.items())


@pytest.mark.parametrize("half_life", [26, 52, 104])
@pytest.mark.parametrize("start", [400, -400, 7])
def test_an_amount_halves_in_its_half_life(start: int, half_life: int) -> None:
    rate = half_life_rate(half_life)
    after = expectation(start, rate, half_life // 4)
    # The rate is rounded to q16: at most 2**-17 of the amount in each step. 26 weeks are six and
    # a half reflections, of which six are taken.
    exact = start * 2 ** (-(half_life // 4) * 4 / half_life)
    assert after == pytest.approx(exact, rel=half_life / 4 * 2**-17 * 1.1)
    assert expectation(7, rate, half_life // 4, bits_of=0) == 7  # rounding down never moves it


def stationary(gain: int, rate: int, steps: int, is_rounded: bool) -> float:
    rng = np.random.default_rng(5)
    bits = rng.integers(0, Q16, steps) if is_rounded else np.zeros(steps, int)
    caution, total = round(gain * Q16 / rate), 0
    for drawn in bits.tolist():
        caution = more_cautious(caution - faded(caution, rate, drawn), gain)
        total += caution
    return total / steps


@pytest.mark.parametrize("gain", [1, 5, 12])
def test_caution_is_stationary_at_gain_over_rate(gain: int) -> None:
    rate, steps = half_life_rate(26), 40_000
    r = rate / Q16
    # Rounding noise of variance at most 1/4 a step, carried on by 1 - r: standard error of the
    # mean is at most sqrt(1/4) / (r sqrt(steps)).
    error = 0.5 / (r * steps**0.5)
    assert stationary(gain, rate, steps, True) == pytest.approx(gain / r, abs=4 * error)
    assert stationary(gain, rate, steps, False) != pytest.approx(gain / r, abs=4 * error)


def test_caution_has_a_top() -> None:
    assert more_cautious(250, 5) == 255
    assert more_cautious(250, 500) == 255
    assert more_cautious(0, 0) == 0


@given(st.integers(0, 20_000), st.integers(0, 1 << 22))
def test_losses_raise_caution_in_proportion(lost: int, per_tenth: int) -> None:
    assert abs(rise_from_loss(lost, per_tenth) - lost * per_tenth / Q16) <= 0.5


@settings(max_examples=30)
@given(st.integers(0, 14), st.integers(0, 14), st.integers(0, 1 << 23), st.integers(0, 1 << 23))
def test_ties_raise_caution_exactly_in_the_mean(n: int, m: int, listed: int, shamed: int) -> None:
    total = int(np.sum(rise_from_ties(n, m, listed, shamed, BITS)))
    assert total == n * listed + m * shamed


def test_who_pays_cash() -> None:
    assert pays_cash(78, 200, 77) == 1
    assert pays_cash(77, 200, 77) == 0
    assert pays_cash(200, 0, 77) == 0
    assert pays_cash(255, 200, 255) == 0  # without the mechanism
