"""Ensign et al. 2018: patrols that feed on their own records."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest

from glasstown.lab.published import ensign as model


@pytest.mark.parametrize("start", model.STARTS)
def test_equal_rates_diverge_as_beta(start: tuple[int, int]) -> None:
    balls = model.patrolled(model.EQUAL, 3, start, days=2_000)
    shares = model.shares_of(balls)
    added = int(balls.sum(axis=0).min()) - sum(start)
    allowed = model.distance_allowed(model.URNS, added, start)
    assert model.distance_to_beta(shares, *start) < allowed
    a, b = start
    assert model.distance_to_beta(shares, b + 2, a + 2) > allowed


def test_the_corrected_urn_is_no_beta() -> None:
    balls = model.patrolled(model.EQUAL, 3, days=2_000, is_corrected=True)
    allowed = model.distance_allowed(model.URNS, int(balls.sum(axis=0).min()) - 2, (1, 1))
    assert model.distance_to_beta(model.shares_of(balls), 1, 1) > 3 * allowed


def test_the_beta_distribution() -> None:
    assert model.beta_below(0.3, 1, 1) == pytest.approx(0.3)
    assert model.beta_below(0.3, 2, 1) == pytest.approx(0.09)
    assert model.beta_below(0.5, 3, 3) == pytest.approx(0.5)
    assert model.beta_below(0.2, 1, 4) == pytest.approx(1 - 0.8**4)


def exact_urn(added: int, a: int, b: int) -> list[Fraction]:
    """Return the chances of 0, 1, ... added balls of A, by drawing one ball after the other."""
    chances = [Fraction(1)]
    for drawn in range(added):
        after = [Fraction(0)] * (drawn + 2)
        for j, chance in enumerate(chances):
            share = Fraction(a + j, a + b + drawn)
            after[j + 1] += chance * share
            after[j] += chance * (1 - share)
        chances = after
    return chances


@pytest.mark.parametrize(("a", "b"), [(1, 1), (5, 2), (2, 5), (1, 4), (4, 1)])
def test_the_distance_of_a_finite_urn(a: int, b: int) -> None:
    n, distance, reached = 12, 0.0, Fraction(0)
    for j, chance in enumerate(exact_urn(n, a, b)):
        limit = model.beta_below((a + j) / (a + b + n), a, b)
        distance = max(distance, abs(limit - reached), abs(limit - reached - chance))
        reached += chance
    assert reached == 1
    assert model.distance_of_few(n, a, b) == pytest.approx(float(distance))
    assert model.distance_of_few(1_000, a, b) < model.distance_of_few(100, a, b)


def test_unequal_rates_send_nearly_all_patrols_to_one() -> None:
    early, late = (
        np.median(model.shares_of(model.patrolled(model.UNEQUAL, 1, days=days)))
        for days in (500, model.DAYS)
    )
    assert 2 / 3 < early < late
    assert late > 0.95


def test_the_other_area_grows_as_the_ratio_of_the_rates() -> None:
    power, error = model.growth_power((0.8, 0.2), [1, 2], 2_000)
    assert abs(power - 0.25) < 4 * error
    assert abs(power - 0.5) > 4 * error


def test_the_correction_finds_the_true_share() -> None:
    shares = model.shares_of(model.patrolled(model.UNEQUAL, 1, is_corrected=True))
    error = shares.std(ddof=1) / math.sqrt(len(shares))
    assert abs(shares.mean() - 2 / 3) < 4 * error + 2 / model.DAYS
    plain = model.shares_of(model.patrolled(model.UNEQUAL, 1))
    assert abs(plain.mean() - 2 / 3) > 0.2


@pytest.mark.parametrize("weight", [0.05, 0.1, 0.5, 0.9])
def test_reports_attenuate_and_never_cure(weight: float) -> None:
    limit = model.reported_limit(model.UNEQUAL, weight)
    assert 2 / 3 < limit < 1
    assert limit < model.reported_limit(model.UNEQUAL, weight / 2)


def test_the_limit_with_reports_at_its_ends() -> None:
    assert model.reported_limit(model.UNEQUAL, 1.0) == pytest.approx(2 / 3)
    assert model.reported_limit(model.UNEQUAL, 1e-9) == pytest.approx(1, abs=1e-6)
    assert model.reported_limit(model.EQUAL, 0.3) == pytest.approx(0.5)


def test_urns_with_reports_close_in_on_the_limit() -> None:
    limit = model.reported_limit(model.UNEQUAL, 0.5)
    low, high = (
        model.shares_of(model.patrolled(model.UNEQUAL, 1, start, reported=0.5)).mean()
        for start in (model.FROM_BELOW, model.FROM_ABOVE)
    )
    assert low < limit < high
    assert high - low < 0.02


def test_an_urn_with_fewer_days_is_the_same_urn_earlier() -> None:
    early, late = (model.patrolled(model.UNEQUAL, 1, days=days) for days in (100, 200))
    assert (early <= late).all()
    assert (early[1] != late[1]).any()
