"""Remedy: who may leave a list, when, and with what probability."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from glasstown.engine.measures import CAUSES, WRONGLY
from glasstown.laws import Q32
from glasstown.laws.remedy import (
    PERFORMED,
    REPAIR,
    STAY,
    appeal_succeeds,
    early_exit,
    is_term_over,
    is_wrong,
)
from glasstown.laws.score import INABILITY, OWN

bits = st.integers(0, Q32 - 1)
causes = st.sampled_from(range(len(CAUSES)))


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
