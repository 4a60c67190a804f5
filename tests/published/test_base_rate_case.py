"""The cases as a table, their verdicts, and the base-rate identity among them."""

from __future__ import annotations

import pytest

from glasstown.lab.published import CASES, Outcome, base_rate
from glasstown.lab.published.case import below, between, exactly, meets, near, points, rounds_to

QUICK = [one for one in CASES if one.id in {"T1", "T2", "T2b", "T3", "T8"}]


@pytest.mark.parametrize(("false_match", "published"), base_rate.FOUND)
def test_records_that_are_right(false_match: float, published: float) -> None:
    found = base_rate.right_percent(base_rate.PREVALENCE, base_rate.SENSITIVITY, false_match)
    assert round(found, 1) == published


def test_a_law_that_forgets_the_innocent_misfits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        base_rate, "predictive_value", lambda p, s, f: (s << 32) // (s + f)
    )  # fmt: skip
    assert {one.verdict for one in base_rate.run_identity([])} == {"misfit"}


def test_every_case_is_there_once() -> None:
    ids = [one.id for one in CASES]
    assert sorted(ids) == sorted(
        ["T1", "T2", "T2b", "T3", "T4", "T4b", "T5", "T6", "T7", "T8", "T12"]
    )
    assert all(one.title and one.source and one.published for one in CASES)


@pytest.mark.parametrize("case", QUICK, ids=lambda case: case.id)
def test_what_has_no_draws_is_the_same_for_all_seeds(case: object) -> None:
    assert case.run([1]) == case.run([2, 3])
    assert all(isinstance(one, Outcome) and one.meaning for one in case.run([1]))


def test_verdicts_that_fit_and_that_do_not() -> None:
    assert exactly("", 3, 3, "").verdict == "exact"
    assert exactly("", 3, 3.0001, "").verdict == "misfit"
    assert rounds_to("", 4.6, 4.553, 1, "").verdict == "within"
    assert rounds_to("", 4.6, 4.53, 1, "").verdict == "misfit"
    assert meets("", (7, 8), [8.0, 10.0], "").verdict == "within"
    assert meets("", (7, 8), [10.0, 10.1, 10.2], "").verdict == "misfit"
    assert meets("", (7, 8), [5.0], "").verdict == "misfit"
    assert meets("", (0, 0), [0.0, 0.0], "").verdict == "within"
    assert between("", 0.7, [0.6, 0.65], [0.75], "").verdict == "within"
    assert between("", 0.8, [0.6, 0.65], [0.75], "").verdict == "misfit"
    assert between("", 0.5, [0.6, 0.65], [0.75], "").verdict == "misfit"
    assert near("", 0.5, [0.4, 0.62], 0.02, "").verdict == "within"
    assert near("", 0.5, [0.4, 0.62], 0.005, "").verdict == "misfit"
    assert points("", "up", [1.0], [0.2], "").verdict == "direction"
    assert points("", "up", [1.0], [0.0], "").verdict == "misfit"
    assert points("", "up", [1.0] * 3, [0.2, 0.3, 0.1], "").verdict == "direction"
    assert points("", "up", [1.0] * 3, [0.5, 0.3, -0.6], "").verdict == "misfit"
    assert points("", "up", [1.0] * 3, [-0.2, -0.3, -0.1], "").verdict == "misfit"
    assert below("", 0.1, [0.05, 0.09], "").verdict == "within"
    assert below("", 0.1, [0.05, 0.11], "").verdict == "misfit"


def test_more_seeds_let_no_misfit_pass() -> None:
    """A misfit that is there in the mean stays one however many seeds are drawn."""
    few, many = ([9.0, 10.0, 11.0] * count for count in (1, 100))
    assert meets("", (5, 6), few, "").verdict == meets("", (5, 6), many, "").verdict == "misfit"
    assert points("", "", many, [-0.1, 0.0, 0.09] * 100, "").verdict == "misfit"


def test_an_interval_is_the_least_and_the_largest() -> None:
    found = meets("", (7, 7), [9.0, 6.0, 8.0], "")
    assert (found.low, found.high, found.published) == (6.0, 9.0, 7)
    assert found.ours == pytest.approx(23 / 3)
