"""Act: acceptance of a candidate, linear in the traits, and right in the mean."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from glasstown.laws import Q16, Q32
from glasstown.laws.act import acceptance, propensity
from glasstown.society.catalogue import behaviours
from glasstown.society.compilation import (
    DETERRED,
    SCALE,
    STEP_1,
    STEP_2,
    ZERO_1,
    ZERO_2,
    behaviour_tables,
    weekly_bound,
)
from glasstown.society.declaration import Behaviour

q16 = st.integers(0, Q16)
byte = st.integers(0, 255)


def behaviour(rate: float = 1.0, **traits: float) -> Behaviour:
    return Behaviour(
        name="deed", meaning="A deed.", pillar="social", domain="life", kind="offence", rate=rate,
        traits=traits, deterred=0.5, gravity=1, source="test", confidence="assumed",
    )  # fmt: skip


def propensities(slope: float) -> np.ndarray:
    row = behaviour_tables([behaviour(honesty=slope)])[0][0]
    values = [propensity(v, int(row[ZERO_1]), int(row[STEP_1])) for v in range(256)]
    return np.array(values) / Q16


@given(q16, q16, q16, byte, q16)
def test_acceptance_is_a_probability(
    first: int, second: int, deterred: int, c: int, scale: int
) -> None:
    assert 0 <= acceptance(first, second, deterred, c, scale) <= Q32


def test_acceptance_reaches_both_ends() -> None:
    assert acceptance(Q16, Q16, 0, 255, Q16) == Q32
    assert acceptance(Q16, Q16, Q16, 255, Q16) == 0
    assert acceptance(0, Q16, 0, 0, Q16) == 0


@given(q16, q16, q16, byte, q16)
def test_acceptance_is_the_product(
    first: int, second: int, deterred: int, c: int, scale: int
) -> None:
    exact = first / Q16 * second / Q16 * (1 - deterred * c / 255 / Q16) * scale / Q16
    # Two products are cut to q16 (at most 2**-16 each), the deterred share is cut once.
    assert acceptance(first, second, deterred, c, scale) / Q32 == pytest.approx(exact, abs=3 / Q16)


@given(q16, q16, q16, byte, q16)
def test_more_caution_never_raises_acceptance(f: int, s: int, d: int, c: int, scale: int) -> None:
    assert acceptance(f, s, d, min(c + 1, 255), scale) <= acceptance(f, s, d, c, scale)


@pytest.mark.parametrize("slope", [-1.0, -0.6, 0.0, 0.3, 1.0])
def test_propensity_is_linear_in_the_trait(slope: float) -> None:
    v = np.arange(256) / 255
    exact = (1 + slope * (2 * v - 1)) / (1 + abs(slope))
    assert np.abs(propensities(slope) - exact).max() < 2 / Q16
    assert propensities(slope).min() >= 0
    assert propensities(slope).max() <= 1
    # A slope that is a fifth off is told apart.
    wrong = (1 + (slope + 0.2) * (2 * v - 1)) / (1 + abs(slope + 0.2))
    assert np.abs(propensities(slope) - wrong).max() > 0.05


@pytest.mark.parametrize("slope", [-0.8, -0.3, 0.5])
def test_the_mean_over_a_uniform_trait_is_the_declared_rate(slope: float) -> None:
    one = behaviour(rate=2.0, honesty=slope)
    weekly = weekly_bound(one) * propensities(slope).mean()
    assert weekly * 365.25 / 7 == pytest.approx(2.0, rel=1e-4)
    assert weekly_bound(one) * 365.25 / 7 == pytest.approx(2.0 * (1 + abs(slope)))


def test_two_slopes_multiply() -> None:
    one = behaviour(honesty=-0.5, civic=0.4)
    row = behaviour_tables([one])[0][0]
    accepted = [
        acceptance(
            propensity(h, int(row[ZERO_1]), int(row[STEP_1])),
            propensity(c, int(row[ZERO_2]), int(row[STEP_2])),
            int(row[DETERRED]), 0, int(row[SCALE]),
        )
        for h in range(0, 256, 15) for c in range(0, 256, 15)
    ]  # fmt: skip
    # Honesty and civic spirit are uniform and independent: the mean is the declared rate. The
    # bound of all candidates is a thousandth above the sum.
    mean = np.mean(accepted) / Q32 * weekly_bound(one) * 1.001 * 365.25 / 7
    assert mean == pytest.approx(1.0, rel=1e-3)


def test_every_packaged_behaviour_keeps_within_its_bound() -> None:
    table, alias, total_q40 = behaviour_tables(behaviours())
    assert (table[:, SCALE] > 0).all()
    assert (table[:, SCALE] <= Q16).all()
    for zero, step in ((ZERO_1, STEP_1), (ZERO_2, STEP_2)):
        for value in (0, 255):
            weight = (table[:, zero] + table[:, step] * value) >> 8
            assert (weight >= 0).all()
            assert (weight <= Q16).all()
    # Candidates, picked by the alias table and scaled, come at each behaviour's own bound.
    picked = np.zeros(len(table))
    for slot, (threshold, other) in enumerate(alias.tolist()):
        if slot < len(table):
            picked[slot] += threshold / Q16 / 64
        if threshold < Q16:
            picked[other] += (Q16 - threshold) / Q16 / 64
    got = total_q40 / 2**40 / 512 * picked * table[:, SCALE] / Q16
    wanted = np.array([weekly_bound(one) for one in behaviours()])
    # The scale is rounded to q16: half of 2**-16 of a value near 1 and above for rare behaviours.
    assert got == pytest.approx(wanted, rel=1e-4)
    assert got != pytest.approx(wanted * 1.001, rel=1e-4)
