"""Remedy: who may leave a list, when, and with what probability."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from glasstown.engine.measures import CAUSES, WRONGLY
from glasstown.laws import Q16, Q32
from glasstown.laws.remedy import (
    PERFORMED,
    REPAIR,
    STAY,
    appeal_limit,
    appeal_succeeds,
    early_exit,
    is_spared,
    is_term_over,
    is_wrong,
    term_of,
)
from glasstown.laws.score import INABILITY, OWN

bits = st.integers(0, Q32 - 1)
causes = st.sampled_from(range(len(CAUSES)))
q16 = st.integers(0, Q16)
byte = st.integers(0, 255)


def test_wrong_is_what_the_measures_call_wrong() -> None:
    assert tuple(name for i, name in enumerate(CAUSES) if is_wrong(i)) == WRONGLY


@given(causes, bits, bits, bits)
def test_an_appeal_asks_whether_the_listing_is_wrong(
    cause: int, given_bits: int, when_wrong: int, when_right: int
) -> None:
    limit = when_wrong if CAUSES[cause] in WRONGLY else when_right
    assert appeal_succeeds(cause, given_bits, when_wrong, when_right) == (given_bits < limit)


@given(causes, st.integers(0, 200), bits, bits, bits, bits, st.integers(0, 100))
def test_early_exits(
    cause: int, age: int, b_performed: int, b_repair: int, performed: int, repair: int, after: int
) -> None:
    way = early_exit(cause, age, b_performed, b_repair, performed, repair, after)
    if b_performed < performed and cause != INABILITY:
        assert way == PERFORMED
    elif b_repair < repair and age >= after:
        assert way == REPAIR
    else:
        assert way == STAY


def test_the_unable_cannot_perform() -> None:
    assert early_exit(INABILITY, 10, 0, Q32 - 1, Q32, 0, 0) == STAY
    assert early_exit(OWN, 10, 0, Q32 - 1, Q32, 0, 0) == PERFORMED


@pytest.mark.parametrize(
    ("age", "term", "is_over"),
    [(103, 104, False), (104, 104, True), (105, 104, True), (999, 0, False)],
)
def test_terms(age: int, term: int, is_over: bool) -> None:
    assert is_term_over(age, term) == is_over


@given(st.integers(0, Q32), q16, byte, st.integers(0, 1), q16)
def test_an_appeal_is_made_by_who_can_pay_and_lives_near(
    rate: int, cost: int, income: int, is_far: int, distance: int
) -> None:
    exact = rate / Q32 * (1 - cost / Q16 * (1 - income / 255)) * (1 - distance / Q16 * is_far)
    # Three cuts: of the cost to q16, and of two products to q32.
    limit = appeal_limit(rate, cost, income, is_far, distance)
    assert limit / Q32 == pytest.approx(exact, abs=2 / Q16)
    assert 0 <= limit <= rate


@given(st.integers(0, Q32), q16, byte, q16)
def test_the_richer_appeal_no_less_and_the_far_no_more(
    rate: int, cost: int, income: int, distance: int
) -> None:
    here = appeal_limit(rate, cost, income, 0, distance)
    assert appeal_limit(rate, cost, min(income + 1, 255), 0, distance) >= here
    assert appeal_limit(rate, cost, income, 1, distance) <= here


def test_cost_and_distance_reach_their_ends() -> None:
    assert appeal_limit(Q32, 0, 0, 1, 0) == Q32
    assert appeal_limit(Q32, Q16, 255, 0, Q16) == Q32
    assert appeal_limit(Q32, Q16, 0, 0, 0) == 0
    assert appeal_limit(Q32, 0, 255, 1, Q16) == 0
    assert appeal_limit(Q32, Q16 // 2, 0, 1, Q16 // 2) == Q32 // 4


def test_cost_is_felt_in_proportion_to_poverty() -> None:
    exact = [Q32 * (1 - (1 - income / 255)) for income in range(256)]
    limits = [appeal_limit(Q32, Q16, income, 0, 0) for income in range(256)]
    assert limits == pytest.approx(exact, abs=Q16)
    # A cost that everybody feels alike is told apart.
    assert limits != pytest.approx([sum(exact) / 256] * 256, abs=Q16)


@pytest.mark.parametrize("is_inability", [True, False])
def test_a_test_of_ability_spares_its_share(is_inability: bool) -> None:
    unable, unwilling = round(0.4 * Q16), round(0.1 * Q16)
    spared = sum(
        is_spared(is_inability, given_bits, unable, unwilling) for given_bits in range(Q16)
    )
    assert spared == (unable if is_inability else unwilling)


def test_without_a_test_nobody_is_spared_and_a_perfect_one_spares_the_unable() -> None:
    for given_bits in (0, 1, Q16 - 1):
        assert not is_spared(True, given_bits, 0, 0)
        assert is_spared(True, given_bits, Q16, 0)
        assert not is_spared(False, given_bits, Q16, 0)


@pytest.mark.parametrize("cause", range(len(CAUSES)), ids=CAUSES)
def test_the_term_is_graded_by_inability_alone(cause: int) -> None:
    assert term_of(cause, 104, 26) == (26 if CAUSES[cause] == "inability" else 104)
    assert term_of(cause, 0, 0) == 0
