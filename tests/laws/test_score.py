"""Score: points between floor and ceiling, and the but-for test of blame."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from glasstown.engine.measures import CAUSES
from glasstown.laws import score
from glasstown.laws.score import (
    ASSOCIATION,
    FIRM,
    HOUSEHOLD,
    INABILITY,
    MISIDENTIFIED,
    OWN,
    SEVERAL,
    SPEECH,
    blame,
    listing_cause,
    score_change,
)

small = st.integers(-3000, 3000)


def test_causes_stand_in_the_order_of_the_measures() -> None:
    order = (OWN, INABILITY, MISIDENTIFIED, HOUSEHOLD, SPEECH, ASSOCIATION, SEVERAL, FIRM)
    assert order == tuple(range(8))
    assert CAUSES == (
        "deeds", "inability", "misidentification", "household", "speech", "association", "several",
        "firm",
    )  # fmt: skip


@given(small, st.integers(0, 2000), st.integers(0, 2000), small)
def test_a_score_stays_within_its_range(floor: int, width: int, at: int, points: int) -> None:
    ceiling, before = floor + width, floor + min(at, width)
    after = before + score_change(before, points, floor, ceiling)
    assert after == min(max(before + points, floor), ceiling)


@given(small, small, small, small, small)
def test_blame_is_the_one_part_without_which(
    points: int, by_error: int, by_others: int, by_speech: int, limit: int
) -> None:
    parts = {MISIDENTIFIED: by_error, ASSOCIATION: by_others, SPEECH: by_speech}
    alone = [cause for cause, part in parts.items() if points - part >= limit]
    together = points - sum(parts.values()) >= limit
    expected = alone[0] if alone else SEVERAL if together else OWN
    assert blame(points, by_error, by_others, by_speech, limit) == expected


def test_blame_names_every_cause() -> None:
    cases = {
        MISIDENTIFIED: (60, -20, 0, 0), ASSOCIATION: (60, 0, -20, 0), SPEECH: (60, 0, 0, -20),
        SEVERAL: (60, -5, -5, -5), OWN: (60, 0, 0, 0),
    }  # fmt: skip
    for cause, (points, error, others, speech) in cases.items():
        assert blame(points, error, others, speech, 70) == cause
    assert blame(60, -20, -20, -20, 70) == MISIDENTIFIED


def test_what_helped_is_not_blamed() -> None:
    assert blame(60, 20, 20, 20, 70) == OWN


@pytest.mark.parametrize(
    ("is_error", "inability", "speech"), list(product((False, True), (0, 1), (0, 1)))
)
def test_a_listing_has_one_cause(is_error: bool, inability: int, speech: int) -> None:
    expected = OWN
    if speech:
        expected = SPEECH
    if inability:
        expected = INABILITY
    if is_error:
        expected = MISIDENTIFIED
    assert listing_cause(is_error, inability, speech) == expected
    assert score.listing_cause(is_error, inability, speech) in range(7)
