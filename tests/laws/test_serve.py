"""Serve: Poisson requests by inversion; waits of one class. Cobham's waits: tests/published."""

from __future__ import annotations

from itertools import pairwise
from math import exp, factorial

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from glasstown.laws import Q32
from glasstown.laws.serve import cobham_wait, poisson_count
from glasstown.society.poisson import Q40, poisson_thresholds

loads = st.integers(1, 64_000)


def shares(rate: float) -> list[float]:
    """Return the probability of each count from 0 to 6, from where the law's answer changes."""
    steps = poisson_thresholds(round(rate * Q40), most=6)
    edges = [0, *steps, Q32]
    for count, (low, high) in enumerate(pairwise(edges)):
        if low < high:
            assert poisson_count(low, *steps) == count
            assert poisson_count(high - 1, *steps) == count
    return [(high - low) / Q32 for low, high in pairwise(edges)]


@pytest.mark.parametrize("rate", [0.0, 0.001, 0.03, 0.4, 1.7])
def test_counts_are_poisson(rate: float) -> None:
    exact = [exp(-rate) * rate**k / factorial(k) for k in range(6)]
    got = shares(rate)
    # Each threshold is rounded to q32.
    assert got[:6] == pytest.approx(exact, abs=2 / Q32)
    assert got[6] == pytest.approx(1 - sum(exact), abs=1e-9)


def test_counts_of_another_rate_are_told_apart() -> None:
    exact = [exp(-0.4) * 0.4**k / factorial(k) for k in range(6)]
    assert shares(0.41)[:6] != pytest.approx(exact, abs=2 / Q32)


@pytest.mark.parametrize("rate", [0.03, 0.4])
def test_the_mean_of_draws_is_the_rate(rate: float) -> None:
    steps = poisson_thresholds(round(rate * Q40), most=6)
    bits = np.random.default_rng(1).integers(0, Q32, 200_000)
    counts = np.array([poisson_count(int(x), *steps) for x in bits])
    sigma = (rate / len(bits)) ** 0.5
    assert abs(counts.mean() - rate) < 4 * sigma
    assert abs(counts.mean() - 1.1 * rate) > 4 * sigma
    assert counts.var() == pytest.approx(rate, rel=0.05)


@given(loads, st.integers(60, 36_000))
def test_one_class_waits_as_in_m_m_1(load: int, seconds: int) -> None:
    rho = load / 65536
    # Whole seconds, cut.
    assert cobham_wait(load, 0, load, seconds) == pytest.approx(
        seconds * rho / (1 - rho), abs=1.0, rel=1e-9
    )


@given(loads, st.data())
def test_who_is_served_earlier_waits_less(load: int, data: st.DataObject) -> None:
    first = data.draw(st.integers(0, load))
    normal = data.draw(st.integers(first, load))
    waits = [
        cobham_wait(load, a, b, 1800) for a, b in ((0, first), (first, normal), (normal, load))
    ]
    assert waits == sorted(waits)
    assert cobham_wait(load, 0, first, 1800) <= cobham_wait(load, 0, load, 1800) <= waits[2]
