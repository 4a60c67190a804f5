"""Leaving out each mechanism moves the measure that its record names.

The two runs of a pair share all their luck, so any difference is caused by the mechanism. One
scenario has them all: sixty weeks under the system of 2018, whose remedies, insiders and contagion
are made larger so that each shows in a small country; two regions may stay out of it; in three
others a new score begins after half a year, and cash ends; one platform is shut down, and one
spark falls.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from countries import LINE, country, run, scheme_of, total
from lived import lived

from glasstown.engine.measures import INDEX, NAMES
from glasstown.engine.world import BY_ERROR, BY_SPEECH, SCORE
from glasstown.scheme.having import has_mechanism
from glasstown.scheme.loading import load_scheme
from glasstown.scheme.mechanisms import MECHANISM_NAMES, MECHANISMS, Mechanism

CITIZENS, WEEKS = 30_000, 60
COURT_LIST = load_scheme("court-list")
BLACK, RED = (one.model_dump(mode="json") for one in load_scheme("total-2020").lists)
NOTICED = {
    **BLACK, "grace_weeks": 3, "performed": 2.0,
    "ability_test": {"recognises_unable": 0.8, "takes_for_unable": 0.1, **LINE},
}  # fmt: skip
TIERS = {"exemplary": 110, "trusted": 102, "ordinary": 90, "limited": 78, "excluded": 0}
STRONG: dict[str, Any] = {
    "from": "total-2020",
    "tiers": [{"name": name, "at_least": least, **LINE} for name, least in TIERS.items()],
    "lists": [NOTICED, RED],
    "friends": {"threshold_ties": 1, "points": -1},
    "household": {"points": -1},
    "insiders": {"dishonest": 1.0, "rate": 12.0, "strikes": 6.0},
    "platforms": {"messenger": {"visibility": 0.1, "shut_from": "2016-07-01"}},
    "appeal": {"rate": 0.8, "delay_weeks": 4, "success_when_wrong": 0.8, "success_when_right": 0.2},
    "repair": {"after_weeks": 4, "rate": 4},
    "expiry": {"half_life_weeks": 26},
}
VOLUNTARY = {
    **STRONG, "name": "voluntary", "participation": "voluntary",
    "joining": {"awareness": 0.6, "reward": 40, "fear": 0.5, "leave_below": 90, **LINE},
}  # fmt: skip
RENEWED = {**STRONG, "name": "renewed", "score": {"start": 101}, "cash_ends": "2016-11-01"}
SCENARIO: dict[str, Any] = {
    "scheme": STRONG, "start": "2016-01-01", "weeks": WEEKS, "spark": ["2016-10-01"],
    "society": {"citizens": CITIZENS, "cut_above": 0.05, "cut_rate": 0.5},
    "rollout": [
        {"since": "2016-01-01"},
        {"since": "2016-01-01", "regions": ["Guangdong", "Henan"], "scheme": VOLUNTARY},
        {"since": "2016-08-01", "regions": ["Shandong", "Sichuan", "Jiangsu"], "scheme": RENEWED},
    ],
}  # fmt: skip
# What becomes of the measure: it is gone, or it is lower or higher, or merely another.
MOVES = {
    "watch": "gone", "misses": "higher", "misidentification": "gone", "growth": "lower",
    "inspections": "lower", "score": "gone", "participation": "higher", "tiers": "lower",
    "lists": "gone", "grace": "gone", "ability_test": "gone", "shaming": "gone",
    "sanctions": "gone", "rewards": "gone", "appeal": "gone", "repair": "gone",
    "insiders": "gone", "firms": "gone", "firm": "gone", "friends": "gone", "household": "gone",
    "speech": "gone", "conformity": "other", "censorship": "gone", "platforms": "lower",
    "gatherings": "gone", "caution": "gone", "expiry": "gone", "cash": "gone",
    "cash_end": "higher", "cutting": "gone", "rollout": "gone",
}  # fmt: skip


@pytest.fixture(scope="module")
def baseline() -> np.ndarray:
    return lived(SCENARIO)


def moved(weekly: np.ndarray, other: np.ndarray) -> list[str]:
    """Return the measures in which two runs differ."""
    same = (weekly[:, : len(NAMES)] == other[:, : len(NAMES)]).all(axis=0)
    return [name for name, is_same in zip(NAMES, same, strict=True) if not is_same]


def test_every_mechanism_says_what_becomes_of_its_measure() -> None:
    assert set(MOVES) == set(MECHANISM_NAMES)


@pytest.mark.parametrize("mechanism", MECHANISMS, ids=lambda one: f"{one.name}-{one.measure}")
def test_leaving_a_mechanism_out_moves_its_measure(
    mechanism: Mechanism, baseline: np.ndarray
) -> None:
    weekly = lived(SCENARIO, [mechanism.name])
    before, after = total(baseline, mechanism.measure), total(weekly, mechanism.measure)
    print(f"without {mechanism.name}: {mechanism.measure} {before} -> {after}; "
          f"also {moved(baseline, weekly)}")  # fmt: skip
    assert before > 0
    move = MOVES[mechanism.name]
    assert (after == 0) == (move == "gone")
    assert (after > before) == (move == "higher") or move == "other"
    assert after != before


def test_leaving_nothing_out_moves_nothing(baseline: np.ndarray) -> None:
    assert moved(baseline, lived(SCENARIO)) == []


def test_a_mechanism_that_the_scheme_lacks_moves_nothing() -> None:
    # Whom a listing frightens pays cash, though this scheme reads no payments.
    lacking = [
        name for name in MECHANISM_NAMES if not has_mechanism(COURT_LIST, name) and name != "cash"
    ]
    assert len(lacking) > 10
    runs = [
        run(country("court-list", CITIZENS, without=left_out), 20) for left_out in ([], lacking)
    ]
    assert moved(*runs) == []
    watched = run(country("court-list", CITIZENS, without=["watch"]), 20)
    assert "booked" in moved(runs[0], watched)


def test_rewards_leave_deeds_and_scores_alone(baseline: np.ndarray) -> None:
    """What rewards give changes no deed: candidates and acceptance are shared."""
    other = lived(SCENARIO, ["rewards"])
    assert "favoured_hospital" in moved(baseline, other)
    assert not {"acted", "booked", "denied_flight", "score_sum"} & set(moved(baseline, other))


@pytest.mark.parametrize(
    "scheme",
    [{"from": "total-2020", "channels": None}, "total-2020"],
    ids=["no channels", "without"],
)
def test_a_scheme_that_watches_nothing_leaves_every_score_at_its_start(scheme) -> None:
    made = country(scheme, CITIZENS, without=["watch"] if scheme == "total-2020" else [])
    weekly = run(made, WEEKS)
    assert (made.state.points[SCORE] == made.world.terms.start).all()
    assert (made.state.points[BY_ERROR : BY_SPEECH + 1] == 0).all()
    assert (made.state.listing == 0).all()
    assert (made.state.caution == 0).all()
    for name in ("booked", "misbooked", "false_matches", "entries", "denied", "points_lost_deeds"):
        assert total(weekly, name) == 0
    assert total(weekly, "acted") > 50_000


def test_a_scheme_that_watches_moves_scores() -> None:
    made = country("total-2020", CITIZENS)
    run(made, 8)
    assert (made.state.points[SCORE] != made.world.terms.start).any()


def test_no_scheme_denies_nobody_anything() -> None:
    weekly = run(country("none", CITIZENS), WEEKS)
    for name in ("denied", "denied_for", "entries", "entries_red", "booked", "shamings", "favoured",
                 "excluded", "children_shut_out", "caution_sum", "paying_cash", "ties_cut",
                 "hospital_requests_delayed", "listed", "low"):  # fmt: skip
        assert total(weekly, name) == 0, name
    waits = weekly[:, [INDEX["hospital_wait_normal"], INDEX["acted"]]]
    assert (waits > 0).all()


def above_start(weeks: int, half_life: float) -> np.ndarray:
    """Return the mean score above 100 of citizens who begin at 140 and win or lose nothing."""
    made = country(scheme_of(expiry={"half_life_weeks": half_life, **LINE}), 10_000)
    score = made.state.points[SCORE]
    score += 400
    adults = None
    for _ in range(weeks):
        made.advance()
        # Children and padding don't reflect: they keep what they were given.
        adults = score != 1400 if adults is None else adults | (score != 1400)
    return score[adults] - 1000


def test_points_halve_in_their_half_life() -> None:
    left = above_start(104, 104)
    # Twenty-six reflections, each rounded by a draw: standard deviation below 2 tenths.
    assert left.mean() == pytest.approx(200, abs=4 * 2 / len(left) ** 0.5 + 0.05)
    assert left.std() < 2
    assert above_start(104, 96).mean() != pytest.approx(200, abs=4)


def test_measures_are_those_of_the_engine() -> None:
    weekly = np.zeros((1, len(NAMES)), np.int64)
    assert all(total(weekly, one.measure) == 0 for one in MECHANISMS)
    with pytest.raises(KeyError):
        total(weekly, "no_such_measure")
