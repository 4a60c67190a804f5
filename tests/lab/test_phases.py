"""What was in force where and when, as a manifest tells it."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
import fake_run

from glasstown.lab.phases import Course, dates_in_words, spark_weeks, week_of
from glasstown.lab.scenario import load_scenario

START = date(2014, 1, 1)


def course(*phases: dict, without: tuple[str, ...] = (), spark: tuple[str, ...] = ()) -> Course:
    manifest = fake_run.manifest("total", 60)
    manifest["scenario"] |= {"rollout": list(phases), "without": list(without)}
    manifest["scenario"]["spark"] = list(spark)
    return Course(manifest)


def phase(since: str, name: str | None, *regions: str) -> dict:
    scheme = fake_run.scheme(name) if name else None
    return {"since": since, "regions": list(regions), "scheme": scheme}


def test_without_phases_the_own_scheme_holds_everywhere() -> None:
    steady = course()
    assert not steady.is_staged
    assert steady.label("Beijing", 1) == steady.label("Tibet (Xizang)", 999) == "total"
    assert steady.scheme("total") == fake_run.scheme("total")


def test_a_region_lives_under_the_last_phase_that_names_it() -> None:
    staged = course(
        phase("2014-06-01", None), phase("2014-02-01", "court-list", "Beijing", "Hebei"),
        phase("2014-09-01", "none", "Hebei"),
    )  # fmt: skip
    assert [one.week for one in staged.stages] == [6, 23, 36], "in the order of the dates"
    by_week = {week: staged.label("Hebei", week) for week in (5, 6, 22, 23, 35, 36)}
    assert by_week == {
        5: "none", 6: "court-list", 22: "court-list", 23: "total", 35: "total", 36: "none",
    }  # fmt: skip
    assert staged.label("Beijing", 36) == "total"
    assert staged.label("Henan", 22) == "none"
    assert staged.regions_under(["Beijing", "Hebei", "Henan"], 10) == {
        "court-list": ["Beijing", "Hebei"], "none": ["Henan"],
    }  # fmt: skip


def test_a_week_holds_from_the_first_that_begins_on_the_day_or_later() -> None:
    assert week_of(START, date(2014, 1, 8)) == 1
    assert week_of(START, date(2014, 1, 9)) == 2
    assert week_of(START, date(2000, 1, 1)) == 0
    assert course(phase("2014-01-01", None)).label("Henan", 1) == "total"
    assert course(phase("2014-01-02", None)).label("Henan", 1) == "none"


def test_of_two_phases_before_the_start_the_later_date_goes() -> None:
    staged = course(phase("2012-01-01", "court-list"), phase("2010-01-01", "total"))
    assert staged.label("Henan", 1) == "court-list"


def test_two_schemes_of_one_name_are_told_apart() -> None:
    other = {**fake_run.scheme("total"), "title": "Another"}
    staged = course(
        phase("2014-02-01", None), {"since": "2014-03-01", "scheme": other},
        phase("2014-04-01", "total"),
    )  # fmt: skip
    assert list(staged.schemes) == ["total", "total (2)"]
    assert [one.label for one in staged.stages] == ["total", "total (2)", "total"]
    assert staged.scheme("total (2)")["title"] == "Another"


def test_what_is_left_out_is_not_there() -> None:
    left_out = course(phase("2014-02-01", "none"), without=("rollout", "gatherings"),
                      spark=("2014-02-01",))  # fmt: skip
    assert not left_out.is_staged
    assert left_out.label("Henan", 30) == "total"
    assert left_out.sparks == []


def test_sparks_are_weeks_and_none_is_before_the_start() -> None:
    assert course(spark=("2014-01-08", "2013-05-01", "2014-01-07")).sparks == [2]
    assert spark_weeks(START, [date(2014, 1, 1)]) == {START: 0}


def test_dates_in_words() -> None:
    scenario = load_scenario({
        "scheme": "total-2020", "weeks": 60, "spark": ["2014-05-01", "2020-05-01", "2013-05-01"],
        "rollout": [
            {"since": "2014-03-01", "regions": ["Hainan"], "scheme": "court-list"},
            {"since": "2018-01-01"},
        ],
    })  # fmt: skip
    dates = dates_in_words(scenario)
    assert dates.phases == [
        "court-list in Hainan from week 10 (since 1 March 2014)",
        "total-2020 everywhere from week 210 (since 1 January 2018); after the last week",
    ]
    assert dates.sparks == [
        "2014-05-01 (week 19)", "2020-05-01 (week 332; after the last week)",
        "2013-05-01 (before the first week)",
    ]  # fmt: skip
    left_out = scenario.model_copy(update={"without": ["rollout", "gatherings"]})
    assert dates_in_words(left_out) == ([], [])


@pytest.mark.parametrize("count", [1, 4, 5])
def test_many_regions_are_counted(count: int) -> None:
    names = ["Beijing", "Hebei", "Henan", "Hainan", "Hubei"][:count]
    scenario = load_scenario({
        "scheme": "none", "rollout": [{"since": "2014-03-01", "regions": names}]
    })  # fmt: skip
    (words,) = dates_in_words(scenario).phases
    assert ("in 5 regions" in words) == (count == 5)
    assert ("Beijing" in words) == (count < 5)
