"""The timetable: what holds where and when, and what changes it."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pytest

from glasstown.lab.phases import Course
from glasstown.lab.rollout import Timetable, as_at_start
from glasstown.lab.scenario import load_scenario
from glasstown.scheme.loading import load_scheme, scheme_hash
from glasstown.society import layout as at
from glasstown.society.compilation import compile_society

PHASES = [
    {"since": "2014-02-01", "regions": ["Shandong", "Hainan"], "scheme": "court-list"},
    {"since": "2014-06-01", "regions": ["Hainan"]},
    {"since": "2014-09-01", "scheme": "suining-2010"},
]


def timetable(**changes: Any) -> Timetable:
    given = {"scheme": "total-2020", "weeks": 60, "society": {"citizens": 5000}, **changes}
    scenario = load_scenario(given)
    return Timetable(scenario, compile_society(scenario.society, scenario.without))


def held(plan: Timetable, week: int) -> dict[str, str]:
    """The name of the scheme in force in each region."""
    names = plan.society.layout.region_names
    zones = plan.society.layout.places.zones
    return {
        names[int(zones[zone, at.REGION])]: scheme.name
        for zone, scheme in enumerate(plan.declared(week))
    }


def test_without_phases_one_scheme_holds_all_the_time() -> None:
    plan = timetable()
    assert {one.name for one in plan.schemes} == {"total-2020"}
    assert set(held(plan, 0).values()) == set(held(plan, 999).values()) == {"total-2020"}
    regimes = plan.at(0)
    assert regimes is not None
    assert regimes.identities == (scheme_hash(plan.scenario.scheme),)
    assert not regimes.of_zone.any()


@pytest.mark.parametrize(
    ("week", "shandong", "hainan", "henan"),
    [
        (4, "none", "none", "none"),
        (5, "court-list", "court-list", "none"),
        (21, "court-list", "court-list", "none"),
        (22, "court-list", "total-2020", "none"),
        (35, "suining-2010", "suining-2010", "suining-2010"),
    ],
)
def test_a_region_lives_under_its_last_phase(week, shandong, hainan, henan) -> None:
    by_region = held(timetable(rollout=PHASES), week)
    assert (by_region["Shandong"], by_region["Hainan"], by_region["Henan"]) == (
        shandong, hainan, henan,
    )  # fmt: skip


@pytest.mark.parametrize("order", [PHASES, PHASES[::-1]])
def test_the_order_in_the_file_does_not_count(order) -> None:
    plan = timetable(rollout=order)
    assert held(plan, 30)["Hainan"] == "total-2020"
    assert set(held(plan, 40).values()) == {"suining-2010"}


def test_the_report_reads_what_the_country_followed() -> None:
    """Course, from the manifest, and Timetable, from the scenario, are two readers of one file."""
    plan = timetable(rollout=[*PHASES, {"since": "2012-01-01", "regions": ["Hebei"]}])
    dump = plan.scenario.model_dump(mode="json")
    course = Course({"scenario": dump, "scheme": dump["scheme"]})
    for week in range(60):
        for region, name in held(plan, week).items():
            assert course.label(region, week + 1) == name, (week, region)


def test_what_holds_is_told_in_the_weeks_in_which_it_changes() -> None:
    plan = timetable(rollout=PHASES)
    for week in (5, 22, 35):
        regimes = plan.at(week)
        assert regimes is not None, week
        by_zone = [regimes.identities[one] for one in regimes.of_zone.tolist()]
        assert by_zone == [scheme_hash(one) for one in plan.declared(week)]
        lists = {scheme_hash(one): tuple(x.name for x in one.lists) for one in plan.schemes}
        assert regimes.lists == tuple(lists[one] for one in regimes.identities)
    assert plan.at(6) is None


def test_without_rollout_the_own_scheme_holds() -> None:
    plan = timetable(rollout=PHASES, without=["rollout"])
    assert [one.name for one in plan.schemes] == ["total-2020"]
    assert set(held(plan, 40).values()) == {"total-2020"}


def test_equal_schemes_are_one() -> None:
    twice = [{"since": "2014-02-01", "regions": ["Henan"], "scheme": "total-2020"},
             {"since": "2014-03-01"}]  # fmt: skip
    plan = timetable(rollout=twice)
    assert [one.name for one in plan.schemes] == ["none", "total-2020"]


def coverage(plan: Timetable, week: int) -> np.ndarray:
    regimes = plan.at(week)
    assert regimes is not None
    return regimes.schemes[0].rules.rules


def test_coverage_grows_and_stays_without_growth() -> None:
    grown, still = timetable(weeks=364), timetable(weeks=364, without=["growth"])
    late = 52 * 5
    week = next(week for week in range(late, late + 60) if grown.at(week) is not None)
    assert not np.array_equal(coverage(grown, 0), coverage(grown, week))
    camera = load_scheme("total-2020").channels["camera"]
    assert as_at_start(load_scheme("total-2020"), date(2014, 1, 1)).channels["camera"].urban == (
        camera.urban[0].share  # type: ignore[index]
    )
    assert {type(one.urban) for one in still.schemes[0].channels.values()} == {float}
    assert np.array_equal(coverage(grown, 0), coverage(still, 0))


def test_internet_use_grows_and_stays_without_growth() -> None:
    grown, still = timetable(), timetable(without=["growth"])
    week = 53  # the first that begins in 2015
    later, first = grown.at(week), grown.at(0)
    assert later is not None
    assert first is not None
    assert not np.array_equal(later.traits, first.traits)
    kept = still.at(0)
    assert kept is not None
    assert np.array_equal(kept.traits, first.traits)
    after = still.at(week)
    assert after is None or np.array_equal(after.traits, first.traits)


def test_sparks_fall_into_the_week_that_begins_next() -> None:
    plan = timetable(spark=["2014-01-08", "2014-03-01", "2012-05-01"])
    assert [week for week in range(60) if plan.is_spark(week)] == [1, 9]
    left_out = timetable(spark=["2014-01-08"], without=["gatherings"])
    assert not any(left_out.is_spark(week) for week in range(60))
