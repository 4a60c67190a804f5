"""Watch: what is in view of which channel, and to whom it is booked."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from glasstown.laws import Q16, Q32
from glasstown.laws.watch import (
    AGENCY,
    CAMERA,
    COMPLAINT,
    COURT,
    INSPECTION,
    NEIGHBOURS,
    PAYMENT,
    PLATFORM,
    in_view,
    inspected,
    is_handed_on,
    predictive_value,
)

q16 = st.integers(0, Q16)
byte = st.integers(0, 255)
OTHERS = (COURT, AGENCY, CAMERA, NEIGHBOURS, INSPECTION, COMPLAINT)
is_over = st.integers(0, 1)


@given(q16, st.integers(0, 7), byte, st.integers(0, 1), byte, q16, is_over)
def test_no_channel_sees_more_than_it_covers(
    seen: int, channel: int, digital: int, cash: int, online: int, visibility: int, over: int
) -> None:
    assert 0 <= in_view(seen, channel, digital, cash, online, visibility, over) <= seen


@given(q16, st.sampled_from(OTHERS), byte, st.integers(0, 1), byte, q16, is_over)
def test_other_channels_ask_for_no_trait(
    seen: int, channel: int, digital: int, cash: int, online: int, visibility: int, over: int
) -> None:
    assert in_view(seen, channel, digital, cash, online, visibility, over) == seen


def test_the_payment_channel_sees_digital_payments_of_those_online() -> None:
    assert in_view(50_000, PAYMENT, 255, 0, 1, 0, 0) == 50_000
    assert in_view(50_000, PAYMENT, 51, 0, 1, 0, 0) == 10_000
    assert in_view(50_000, PAYMENT, 0, 0, 1, 0, 0) == 0
    assert in_view(50_000, PAYMENT, 255, 1, 1, 0, 0) == 0
    assert in_view(50_000, PAYMENT, 255, 0, 0, 0, 0) == 0


def test_the_platform_channel_sees_users_by_visibility() -> None:
    assert in_view(50_000, PLATFORM, 255, 1, 1, Q16, 0) == 50_000
    assert in_view(50_000, PLATFORM, 0, 0, 255, Q16 // 2, 0) == 25_000
    assert in_view(50_000, PLATFORM, 255, 0, 0, Q16, 0) == 0


@given(q16, byte, st.integers(0, 1), byte, q16)
def test_when_cash_is_over_every_payment_is_in_view(
    seen: int, digital: int, cash: int, online: int, visibility: int
) -> None:
    assert in_view(seen, PAYMENT, digital, cash, online, visibility, 1) == seen


@given(q16, byte, st.integers(0, 1), byte, q16)
def test_the_end_of_cash_is_no_matter_of_platforms(
    seen: int, digital: int, cash: int, online: int, visibility: int
) -> None:
    before, after = (
        in_view(seen, PLATFORM, digital, cash, online, visibility, over) for over in (0, 1)
    )
    assert before == after


def test_cash_hides_until_it_is_over() -> None:
    seen = [in_view(50_000, PAYMENT, 200, 1, 1, 0, over) for over in (0, 1)]
    assert seen == [0, 50_000]


@given(q16, st.integers(256, 2560), st.integers(0, 256))
def test_inspections_by_the_firms_list(seen: int, priority: int, exempt: int) -> None:
    unlisted = inspected(seen, 0, 0, priority, exempt)
    listed = inspected(seen, 1, 0, priority, exempt)
    red = inspected(seen, 0, 1, priority, exempt)
    assert unlisted == seen
    assert listed == min(seen * priority // 256, Q16)
    assert red == seen * (256 - exempt) // 256
    assert 0 <= red <= unlisted <= listed <= Q16


def test_priority_and_exemption_are_told_apart() -> None:
    assert inspected(10_000, 1, 0, 640, 128) == 25_000
    assert inspected(10_000, 0, 1, 640, 128) == 5_000
    assert inspected(60_000, 1, 0, 640, 128) == Q16
    assert inspected(10_000, 0, 1, 640, 256) == 0
    assert inspected(10_000, 1, 1, 640, 256) == 25_000  # black goes before red


def test_handing_on_has_its_probability() -> None:
    threshold = round(0.02 * Q32)
    assert is_handed_on(threshold - 1, threshold)
    assert not is_handed_on(threshold, threshold)
    assert not is_handed_on(0, 0)


probability = st.integers(0, Q32)


@given(probability, probability, probability)
def test_predictive_value_is_the_identity(p: int, s: int, f: int) -> None:
    value = predictive_value(p, s, f)
    assert 0 <= value <= Q32
    right, wrong = p * s, (Q32 - p) * f
    if right + wrong > Q32 << 20:  # below this the q32 products have too few digits
        assert value / Q32 == pytest.approx(right / (right + wrong), abs=3e-6)


def test_predictive_value_of_nothing() -> None:
    assert predictive_value(0, Q32, 0) == 0
    assert predictive_value(Q32, Q32, Q32) == Q32
    assert predictive_value(0, Q32, 1000) == 0
