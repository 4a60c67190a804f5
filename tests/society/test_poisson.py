"""Poisson thresholds against an independent computation of higher precision."""

from __future__ import annotations

from decimal import Decimal, localcontext
from itertools import pairwise
from math import factorial

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from glasstown.society.poisson import CERTAIN, Q40, poisson_thresholds


def exactly(rate_q40: int, k: int) -> int:
    """Return P(count <= k) as q32, rounded, from the closed form in 90 digits."""
    with localcontext() as context:
        context.prec = 90
        rate = Decimal(rate_q40) / Q40
        total = sum((rate**j / factorial(j) for j in range(1, k + 1)), Decimal(1))
        return min(int(total * (-rate).exp() * CERTAIN + Decimal("0.5")), CERTAIN)


@settings(max_examples=40)
@given(st.integers(0, 60 * Q40))
def test_thresholds_are_the_closed_form(rate_q40: int) -> None:
    thresholds = poisson_thresholds(rate_q40)
    for k in {0, 1, len(thresholds) // 2, len(thresholds) - 1}:
        if k < len(thresholds):
            assert thresholds[k] == exactly(rate_q40, k)
    assert thresholds == sorted(thresholds)
    assert thresholds[-1] == CERTAIN
    assert CERTAIN not in thresholds[:-1]


@pytest.mark.parametrize("rate", [0.01, 1.0, 9.0, 170.0, 800.0])
def test_the_mean_and_variance_are_the_rate(rate: float) -> None:
    rate_q40 = round(rate * Q40)
    thresholds = [0, *poisson_thresholds(rate_q40)]
    shares = [(b - a) / CERTAIN for a, b in pairwise(thresholds)]
    mean = sum(k * share for k, share in enumerate(shares))
    variance = sum(k * k * share for k, share in enumerate(shares)) - mean**2
    # The tail beyond 2**-33 is cut.
    assert mean == pytest.approx(rate, rel=1e-6)
    assert variance == pytest.approx(rate, rel=1e-5)
    assert mean != pytest.approx(rate * 1.001, rel=1e-6)


def test_a_rate_of_nothing() -> None:
    assert poisson_thresholds(0) == [CERTAIN]
    assert poisson_thresholds(0, most=3) == [CERTAIN] * 3


def test_as_many_as_asked_for() -> None:
    whole = poisson_thresholds(2 * Q40)
    assert poisson_thresholds(2 * Q40, most=4) == whole[:4]
    assert poisson_thresholds(2 * Q40, most=len(whole) + 2) == [*whole, CERTAIN, CERTAIN]
