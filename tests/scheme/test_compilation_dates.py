"""A scheme as it is on a day: rules since and until, coverage, the end of cash, platforms."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest
from countries import LINE, scheme_of

from glasstown.laws import Q16
from glasstown.scheme.compilation import (
    GRACE,
    LATEST,
    POINTS,
    RURAL_1,
    TERM_UNABLE,
    UNABLE_Q16,
    UNWILLING_Q16,
    URBAN_1,
    CompiledScheme,
    changing_days,
    compile_scheme,
)
from glasstown.scheme.loading import SHIPPED, load_scheme
from glasstown.society.catalogue import behaviours
from glasstown.society.declaration import Society

NAMES = [one.name for one in behaviours()]
SOCIETY = Society.model_validate({})
SINCE, UNTIL = date(2016, 5, 1), date(2018, 5, 1)
DAY = timedelta(days=1)


def compiled(day: date = LATEST, *without: str, **parts: Any) -> CompiledScheme:
    return compile_scheme(load_scheme(scheme_of(**parts)), SOCIETY, behaviours(), without, day)


def points_on(day: date, *rules: dict[str, Any]) -> int:
    """Return the points of jaywalking (tenths) on a day."""
    given = [{"behaviour": "jaywalking", **rule, **LINE} for rule in rules]
    return int(compiled(day, rules=given).rules.rules[NAMES.index("jaywalking"), POINTS])


@pytest.mark.parametrize(
    ("rule", "holds"),
    [
        ({}, [1, 1, 1, 1, 1]),
        ({"since": SINCE}, [0, 1, 1, 1, 1]),
        ({"until": UNTIL}, [1, 1, 1, 0, 0]),
        ({"since": SINCE, "until": UNTIL}, [0, 1, 1, 0, 0]),
    ],
    ids=["always", "since", "until", "between"],
)
def test_a_rule_holds_from_its_first_day_to_the_day_before_its_end(
    rule: dict[str, date], holds: list[int]
) -> None:
    days = [SINCE - DAY, SINCE, UNTIL - DAY, UNTIL, LATEST]
    assert [points_on(day, {"points": -5, **rule}) for day in days] == [-50 * x for x in holds]


def test_rules_of_a_behaviour_follow_each_other() -> None:
    rules = (
        {"points": -5, "until": SINCE}, {"points": -9, "since": SINCE, "until": UNTIL},
        {"points": 2, "since": UNTIL},
    )  # fmt: skip
    days = [SINCE - DAY, SINCE, UNTIL - DAY, UNTIL]
    assert [points_on(day, *rules) for day in days] == [-50, -90, -90, 20]


def test_coverage_is_that_of_the_day() -> None:
    urban = [{"on": SINCE, "share": 0.2}, {"on": UNTIL, "share": 0.8}]
    channels = {"camera": {"urban": urban, "rural": 0.5, "miss": 0.1, **LINE}}
    visible = next(one for one in behaviours() if one.name == "jaywalking").seen_by["camera"]
    middle = SINCE + (UNTIL - SINCE) / 2
    for day, share in (
        (SINCE - DAY, 0.2),
        (SINCE, 0.2),
        (middle, 0.5),
        (UNTIL, 0.8),
        (LATEST, 0.8),
    ):
        row = compiled(day, channels=channels).rules.rules[NAMES.index("jaywalking")]
        assert row[URBAN_1] == pytest.approx(visible * 0.9 * share * Q16, abs=0.5 + 1e-6)
        assert row[RURAL_1] == pytest.approx(visible * 0.9 * 0.5 * Q16, abs=0.5 + 1e-6)


def test_searches_match_by_the_coverage_of_the_day() -> None:
    urban = [{"on": SINCE, "share": 0.2}, {"on": UNTIL, "share": 0.8}]
    watching = {"urban": urban, "rural": 0.5, "false_match": 0.003, "searches": 15,
                "false_match_as": "jaywalking", **LINE}  # fmt: skip
    early, late = (
        compiled(day, channels={"camera": watching}).false_matches for day in (SINCE, UNTIL)
    )
    assert late[0][0][1] == pytest.approx(4 * early[0][0][1], rel=1e-6)
    assert late[1] == early[1]


def test_cash_ends_on_its_day_unless_left_out() -> None:
    days = (SINCE - DAY, SINCE, LATEST)
    assert [compiled(day, cash_ends=SINCE).terms.is_cash_over for day in days] == [0, 1, 1]
    assert [compiled(day).terms.is_cash_over for day in days] == [0, 0, 0]
    assert compiled(LATEST, "cash_end", cash_ends=SINCE).terms.is_cash_over == 0


def test_platforms_are_those_of_the_day() -> None:
    platforms = {"messenger": {"complies_from": SINCE, "hides_criticism": 1.0,
                               "shut_from": UNTIL, **LINE}}  # fmt: skip
    hidden = [
        int((compiled(day, platforms=platforms).rules.hides[0] > 0).sum())
        for day in (SINCE - DAY, SINCE, UNTIL - DAY, UNTIL)
    ]
    assert hidden == [0, 128, 128, 0]


LISTED = {
    "name": "debtors", "behaviours": {"judgment_evaded": 1.0}, "grace_weeks": 8,
    "ability_test": {"recognises_unable": 0.5, "takes_for_unable": 0.25, **LINE},
    "term_weeks": 104, **LINE,
}  # fmt: skip


def test_grace_and_the_test_of_ability() -> None:
    row = compiled(lists=[LISTED]).rules.lists[1]
    assert (row[GRACE], row[UNABLE_Q16], row[UNWILLING_Q16]) == (8, Q16 // 2, Q16 // 4)
    assert compiled(LATEST, "grace", lists=[LISTED]).rules.lists[1, GRACE] == 0
    untested = compiled(LATEST, "ability_test", lists=[LISTED]).rules.lists[1]
    assert (untested[UNABLE_Q16], untested[UNWILLING_Q16], untested[GRACE]) == (0, 0, 8)


@pytest.mark.parametrize(("given", "expected"), [({}, 104), ({"term_weeks_unable": 26}, 26)])
def test_a_graded_term_or_the_same_for_all(given: dict[str, int], expected: int) -> None:
    assert compiled(lists=[{**LISTED, **given}]).rules.lists[1, TERM_UNABLE] == expected


def is_same(one: CompiledScheme, other: CompiledScheme) -> bool:
    tables = zip(one.rules, other.rules, strict=True)
    return (
        one.terms == other.terms and one.false_matches == other.false_matches
        and all(np.array_equal(a, b) for a, b in tables)
    )  # fmt: skip


@pytest.mark.parametrize("name", SHIPPED)
def test_a_shipped_scheme_stays_the_same_between_its_changing_days(name: str) -> None:
    """Within the span of a dated line numbers may move daily, in steps of a quarter only."""
    scheme = load_scheme(name)
    days = sorted(set(changing_days(scheme)))
    last = days[-1] if days else date(2014, 1, 1)
    at = [compile_scheme(scheme, SOCIETY, behaviours(), (), day) for day in (last, LATEST)]
    assert is_same(*at)
    if days:
        before = compile_scheme(scheme, SOCIETY, behaviours(), (), days[0] - DAY)
        assert is_same(before, compile_scheme(scheme, SOCIETY, behaviours(), (), date.min))


def test_every_date_of_a_scheme_is_a_changing_day() -> None:
    forum = {"complies_from": date(2015, 1, 1), "shut_from": date(2017, 1, 1), **LINE}
    rule = {"behaviour": "jaywalking", "points": -1, "since": SINCE, "until": UNTIL, **LINE}
    urban = [{"on": "2014-01-01", "share": 0.1}, {"on": "2014-03-01", "share": 0.2}]
    scheme = load_scheme(scheme_of(
        rules=[rule], platforms={"forum": forum}, cash_ends=date(2019, 1, 1),
        channels={"court": {"urban": urban, "rural": 1.0, **LINE}},
    ))  # fmt: skip
    assert set(changing_days(scheme)) == {
        date(2014, 1, 1), date(2014, 3, 1), date(2015, 1, 1), SINCE, date(2017, 1, 1), UNTIL,
        date(2019, 1, 1),
    }  # fmt: skip


def test_insiders_and_joining_become_thresholds() -> None:
    insiders = {"dishonest": 0.25, "rate": 1.0, "points": 6, "strikes": 2.0, "caught": 0.5, **LINE}
    t = compiled(insiders=insiders).terms
    assert (t.insider_points, t.insider_below, t.insider_caught_q32) == (60, 64, 1 << 31)
    # By reflection of four weeks, and by week.
    assert t.insider_q32 / 2**32 == pytest.approx(4 * 7 / 365.25)
    assert t.insider_strike_q32 / 2**32 == pytest.approx(2 * 7 / 365.25)
    off = compiled(LATEST, "insiders", insiders=insiders).terms
    assert (off.insider_q32, off.insider_strike_q32) == (0, 0)


def test_a_voluntary_scheme_is_one_unless_participation_is_left_out() -> None:
    joining = {"awareness": 0.11, "reward": 30, "fear": 0.5, "leave_below": 80, **LINE}
    parts: dict[str, Any] = {"participation": "voluntary", "joining": joining}
    t = compiled(**parts).terms
    assert (t.is_voluntary, t.join_reward, t.join_fear_q8, t.leave_below) == (1, 30, 128, 800)
    assert t.aware_q16 / Q16 == pytest.approx(0.11, abs=0.5 / Q16)
    assert compiled(LATEST, "participation", **parts).terms.is_voluntary == 0
