"""Associate: points lost for friends, for the household and for the own firm."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from glasstown.laws.associate import friends_points, household_points, owner_points

ties = st.integers(0, 14)
points = st.integers(-500, 0)


@given(ties, st.integers(1, 11), points)
def test_friends_cost_from_the_threshold_on(low: int, threshold: int, each: int) -> None:
    assert friends_points(low, threshold, each, 0) == (0 if low < threshold else low * each)


@given(ties, st.integers(1, 11), points)
def test_friends_may_cost_once_however_many_are_low(low: int, threshold: int, once: int) -> None:
    assert friends_points(low, threshold, once, 1) == (0 if low < threshold else once)


@given(ties, points)
def test_a_threshold_of_zero_is_never_reached(low: int, each: int) -> None:
    assert friends_points(low, 0, each, 0) == friends_points(low, 0, each, 1) == 0


def test_the_first_tie_that_counts_brings_all() -> None:
    assert [friends_points(n, 2, -10, 0) for n in range(4)] == [0, 0, -20, -30]


@given(st.integers(0, 3), points)
def test_each_member_of_the_household_costs(members: int, each: int) -> None:
    assert household_points(members, each) == members * each


@given(st.integers(0, 2), points)
def test_each_listed_firm_costs_its_owner(firms: int, each: int) -> None:
    assert owner_points(firms, each) == sum([each] * firms)


def test_an_owner_whose_firm_is_not_listed_loses_nothing() -> None:
    assert [owner_points(n, -60) for n in range(3)] == [0, -60, -120]
