"""The base-rate identity (FACTS T8) in the law and in the engine.

Of n searches an adult and year a share p is for a deed that was done; a camera finds those with
sensitivity s, and matches the rest falsely at rate f. Of its records p s / (p s + (1 - p) f) are
right: with p = 0.3 % and s = 0.95 that is 48.8 % for f = 0.003, and 22.2 % for f = 0.01.
"""

from __future__ import annotations

import pytest
from countries import LINE, country, run, scheme_of, total

from glasstown.engine.measures import INDEX
from glasstown.laws import Q32
from glasstown.laws.watch import predictive_value
from glasstown.society.declaration import Behaviour

PREVALENCE, SENSITIVITY = 0.003, 0.95
SEARCHES = 100.0
T8 = [(0.003, 0.488), (0.01, 0.222)]


def seen_by_camera(rate: float) -> Behaviour:
    return Behaviour(
        name="deed", meaning="A deed.", pillar="social", domain="life", kind="offence", rate=rate,
        seen_by={"camera": 1.0}, gravity=1, source="test", confidence="assumed",
    )  # fmt: skip


def camera_scheme(false_match: float) -> dict:
    watching = {
        "urban": 1.0, "rural": 1.0, "miss": 1 - SENSITIVITY, "false_match": false_match,
        "searches": SEARCHES * (1 - PREVALENCE), "false_match_as": "deed", **LINE,
    }  # fmt: skip
    rule = {"behaviour": "deed", "points": -0.1, **LINE}
    return scheme_of(channels={"camera": watching}, rules=[rule])


@pytest.mark.parametrize(("false_match", "published"), T8)
def test_the_law_gives_the_published_shares(false_match: float, published: float) -> None:
    q32 = [round(x * Q32) for x in (PREVALENCE, SENSITIVITY, false_match)]
    assert round(predictive_value(*q32) / Q32, 3) == published


@pytest.mark.parametrize(("false_match", "published"), T8)
def test_records_of_the_engine_are_right_as_often(false_match: float, published: float) -> None:
    made = country(
        camera_scheme(false_match), 200_000, catalogue=[seen_by_camera(PREVALENCE * SEARCHES)]
    )
    weekly = run(made, 26)
    right, wrong = total(weekly, "booked"), total(weekly, "false_matches")
    value, records = right / (right + wrong), right + wrong
    exact = PREVALENCE * SENSITIVITY
    exact /= exact + (1 - PREVALENCE) * false_match
    assert exact == pytest.approx(published, abs=5e-4)
    error = (exact * (1 - exact) / records) ** 0.5
    assert error < 0.003
    assert abs(value - exact) < 4 * error
    others = [share for rate, share in T8 if rate != false_match]
    assert abs(value - others[0]) > 4 * error


def test_false_matches_come_at_their_own_rate() -> None:
    made = country(camera_scheme(0.01), 200_000, catalogue=[seen_by_camera(0.3)])
    weekly = run(made, 26)
    years = weekly[:, INDEX["adults"]].sum() * 7 / 365.25
    expected = years * SEARCHES * (1 - PREVALENCE) * 0.01
    assert abs(total(weekly, "false_matches") - expected) < 4 * expected**0.5
    assert abs(total(weekly, "booked") - years * 0.3 * SENSITIVITY) < 4 * (years * 0.285) ** 0.5
    assert abs(total(weekly, "false_matches") - 1.05 * expected) > 4 * expected**0.5


def test_a_group_is_mistaken_as_often_as_declared() -> None:
    """NISTIR 8280: false matches 10 to 100 times as often for some groups."""
    groups = [{"name": "ash", "share": 0.1, "misidentification": 10.0}]
    made = country(
        camera_scheme(0.003), 200_000, catalogue=[seen_by_camera(0.3)], groups=groups
    )  # fmt: skip
    counts = sum(made.weeks(13)).sum(axis=0)
    rate = counts[:, INDEX["false_matches"]] / counts[:, INDEX["adults"]]
    few = counts[:, INDEX["false_matches"]].min()
    assert rate[0] / rate[1] == pytest.approx(10, rel=4 * (2 / few) ** 0.5)
    assert few > 5_000


def test_records_handed_on_reach_somebody_else() -> None:
    """What is seen but booked to nobody reaches the region a week later, at the same rate."""
    scheme = camera_scheme(0.0)
    scheme["channels"]["camera"]["misidentification"] = 0.3
    weekly = run(country(scheme, 200_000, catalogue=[seen_by_camera(1.0)]), 26)
    handed, received = weekly[:-1, INDEX["handed_on"]], weekly[1:, INDEX["misbooked"]]
    assert weekly[0, INDEX["misbooked"]] == 0
    assert abs(handed.sum() - received.sum()) < 4 * (2 * handed.sum()) ** 0.5
    seen = total(weekly, "seen")
    assert total(weekly, "handed_on") / seen == pytest.approx(0.3, abs=4 * (0.21 / seen) ** 0.5)
    assert total(weekly, "booked") + total(weekly, "handed_on") == seen
