"""Dated shares: straight lines between points, level outside, followed in steps of a quarter."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from glasstown.errors import InputError
from glasstown.scheme.dated import STEP, Point, in_order, share_on, steps_of
from glasstown.scheme.loading import load_scheme

SOURCE = {"source": "me", "confidence": "assumed"}
FIRST, SECOND, LAST = date(2014, 1, 1), date(2015, 1, 1), date(2019, 12, 31)
RISING = [Point(on=FIRST, share=0.1), Point(on=SECOND, share=0.5), Point(on=LAST, share=0.3)]
ONE = [Point(on=SECOND, share=0.4)]
days = st.dates(date(2010, 1, 1), date(2025, 1, 1))


@given(days, st.floats(0, 1))
def test_a_number_is_the_same_on_every_day(day: date, share: float) -> None:
    assert share_on(share, day) == share
    assert list(steps_of(share)) == []
    assert in_order(share)


@given(days)
def test_a_line_is_what_interpolation_gives(day: date) -> None:
    on = [point.on.toordinal() for point in RISING]
    exact = np.interp(day.toordinal(), on, [point.share for point in RISING])
    assert share_on(RISING, day) == pytest.approx(exact, abs=1e-12)


def test_the_points_themselves_and_what_lies_outside() -> None:
    assert [share_on(RISING, point.on) for point in RISING] == [0.1, 0.5, 0.3]
    assert share_on(RISING, date(1990, 1, 1)) == 0.1
    assert share_on(RISING, date.max) == 0.3
    # Not a staircase: half way up it is half way between.
    assert share_on(RISING, date(2014, 7, 2)) == pytest.approx(0.3, abs=0.001)


def test_one_point_holds_on_all_days() -> None:
    assert {share_on(ONE, day) for day in (FIRST, SECOND, LAST, date.max)} == {0.4}
    assert list(steps_of(ONE)) == [SECOND]


def test_a_line_is_followed_in_steps_of_a_quarter() -> None:
    steps = list(steps_of(RISING))
    assert (steps[0], steps[-1]) == (FIRST, LAST)
    assert all(timedelta(0) < later - one <= STEP for one, later in pairwise(steps))
    assert len(steps) == (LAST - FIRST).days // STEP.days + 2
    # Between two steps nothing moves by more than a quarter of the steepest line.
    shares = [share_on(RISING, day) for day in steps]
    assert max(abs(later - one) for one, later in pairwise(shares)) <= 0.4 * 91 / 365 + 1e-9


def test_the_last_value_is_reached_to_the_day() -> None:
    for points in (RISING, ONE, RISING[:2]):
        assert share_on(points, list(steps_of(points))[-1]) == points[-1].share


def test_order() -> None:
    assert in_order(RISING)
    assert in_order(ONE)
    assert not in_order([RISING[1], RISING[0]])
    assert not in_order([RISING[0], RISING[0]])  # one day can't have two shares


def scheme_with(urban: Any) -> Any:
    channels = {"court": {"urban": urban, "rural": 1.0, **SOURCE}}
    return load_scheme({
        "name": "mine", "title": "Mine", "summary": "Of my own.", "channels": channels, **SOURCE,
    })  # fmt: skip


def test_a_scheme_takes_points_in_order_only() -> None:
    points = [{"on": "2014-01-01", "share": 0.1}, {"on": "2015-01-01", "share": 0.9}]
    assert share_on(scheme_with(points).channels["court"].urban, SECOND) == 0.9
    with pytest.raises(InputError, match="must rise from one point to the next"):
        scheme_with(points[::-1])
    with pytest.raises(InputError, match="share"):
        scheme_with([{"on": "2014-01-01", "share": 1.1}])
