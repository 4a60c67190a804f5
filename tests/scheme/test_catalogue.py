"""The nine shipped schemes: sources and confidences, and the published numbers they must hold."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import pairwise
from typing import Any, get_args

import pytest

from glasstown.declaration import Confidence, Sourced
from glasstown.scheme.dated import share_on
from glasstown.scheme.declaration import Rule, Scheme
from glasstown.scheme.firms import FirmRule
from glasstown.scheme.lists import Listing
from glasstown.scheme.loading import SHIPPED, load_scheme, shipped_document
from glasstown.society.catalogue import behaviours

NINE = {
    "none", "court-list", "suining-2010", "rongcheng-2014", "rongcheng-2021", "city-rewards",
    "sesame", "total-2020", "reform",
}  # fmt: skip
VOLUNTARY = {"rongcheng-2021", "city-rewards", "sesame"}

# FACTS 1.3, rows marked [S].
SUINING = {
    "national_award": 100, "heroic_act": 10, "county_award": 20, "neglect_of_parents": -50,
    "party_warning": -30,
}  # fmt: skip
# FACTS 1.4, rows of Attachment 1 and of Foreign Policy 2018, marked [S].
RONGCHENG = {
    "loan_default": -20, "broken_contract": -20, "contract_suit_lost": -50, "overdue_month": -10,
    "private_loan_breach": -20, "illegal_fundraising": -40, "guarantee_breach": -20,
    "debt_suit_lost": -30, "pyramid_selling": -30, "unpaid_bill": -20, "arrears_judgment": -50,
    "illegal_heating_tap": -50, "stealing_utilities": -60, "damaging_public_equipment": -100,
    "traffic_ticket": -5, "city_award": 30, "heroic_act": 30, "helping_hardship": 30,
}  # fmt: skip
MARKS = ("assum", "our reading", "not seen", "as in court-list")
SESAME_BANDS = {"outstanding": 700, "excellent": 650, "good": 600, "medium": 550, "poor": 350}


@pytest.fixture(params=sorted(NINE))
def scheme(request: pytest.FixtureRequest) -> Scheme:
    return load_scheme(request.param)


def sourced(value: Any) -> Iterator[Sourced]:
    """Yield every line with a source, those within lines too."""
    if isinstance(value, Sourced):
        yield value
    if isinstance(value, Scheme | Sourced):
        for name in type(value).model_fields:
            yield from sourced(getattr(value, name))
    elif isinstance(value, dict | list):
        for one in value.values() if isinstance(value, dict) else value:
            yield from sourced(one)


def points(rules: list[Rule] | list[FirmRule]) -> dict[str, float]:
    return {rule.behaviour: rule.points for rule in rules}


def confidence(name: str, behaviour: str) -> str:
    return next(one.confidence for one in load_scheme(name).rules if one.behaviour == behaviour)


def listing(name: str, list_name: str) -> Listing:
    return next(one for one in load_scheme(name).lists if one.name == list_name)


def test_the_nine_are_shipped() -> None:
    assert set(SHIPPED) == NINE


def test_every_line_has_its_source_and_confidence(scheme: Scheme) -> None:
    lines = list(sourced(scheme))
    assert lines or scheme.name == "none"
    for one in lines:
        assert len(one.source) >= 5, one
        assert one.confidence in get_args(Confidence)


def test_what_is_seen_names_a_section_and_what_is_assumed_says_so(scheme: Scheme) -> None:
    for one in sourced(scheme):
        says = one.source.lower()
        if one.confidence == "seen":
            assert "FACTS" in one.source, one
            assert "assum" not in says, one
        if one.confidence in ("memory", "derived"):
            assert "FACTS" in one.source or one.source.startswith("as "), one
        if one.confidence == "assumed":
            assert any(mark in says for mark in MARKS), one
        if one.confidence == "reported":
            assert "LifeSiteNews" in one.source, one


def test_only_the_reported_scheme_rests_on_the_report(scheme: Scheme) -> None:
    found = any(one.confidence == "reported" for one in sourced(scheme))
    assert found == (scheme.name == "total-2020")


def test_whole_files_without_changes_to_another(scheme: Scheme) -> None:
    assert "from" not in shipped_document(scheme.name).data


def test_who_may_stay_out(scheme: Scheme) -> None:
    expected = "voluntary" if scheme.name in VOLUNTARY else "mandatory"
    assert scheme.participation == expected


def test_what_is_scored_can_be_seen(scheme: Scheme) -> None:
    """A rule or trigger whose behaviour no channel of the scheme sees would never fire."""
    known = {one.name: one for one in behaviours()}
    names = [rule.behaviour for rule in scheme.rules]
    names += [name for one in scheme.lists for name in one.behaviours]
    if scheme.firms is not None:
        names += [rule.behaviour for rule in scheme.firms.rules]
        names += list(scheme.firms.black.behaviours) if scheme.firms.black else []
    blind = [name for name in names if not set(known[name].seen_by) & set(scheme.channels)]
    assert blind == []


@pytest.mark.parametrize(
    ("name", "start", "floor", "ceiling"),
    [
        ("suining-2010", 1000, 0, None),  # FACTS 1.1, 1.3
        ("rongcheng-2014", 1000, None, None),  # FACTS 1.1
        ("rongcheng-2021", 1000, None, None),
        ("city-rewards", 500, 0, 1000),  # FACTS 1.1, Shijiazhuang
        ("sesame", None, 350, 950),  # FACTS 1.6
        ("total-2020", 100, None, None),  # FACTS 0
    ],
)
def test_published_starts_and_ranges(
    name: str, start: float | None, floor: float | None, ceiling: float | None
) -> None:
    score = load_scheme(name).score
    assert score is not None
    for published, ours in ((start, score.start), (floor, score.floor), (ceiling, score.ceiling)):
        assert published is None or ours == published


@pytest.mark.parametrize("name", ["none", "court-list", "reform"])
def test_lists_have_no_score(name: str) -> None:
    scheme = load_scheme(name)
    assert (scheme.score, scheme.rules, scheme.tiers, scheme.friends) == (None, [], [], None)


def test_rows_of_suining() -> None:
    rules = points(load_scheme("suining-2010").rules)
    assert {name: rules[name] for name in SUINING} == SUINING
    assert all(confidence("suining-2010", name) == "seen" for name in SUINING)
    assert {"red_light", "unpaid_bill", "loan_default", "besieging_offices"} <= set(rules)
    assert all(rules[name] < 0 for name in ("red_light", "unpaid_bill", "out_of_plan_birth"))


def test_rows_of_rongcheng() -> None:
    scheme = load_scheme("rongcheng-2014")
    rules = points(scheme.rules)
    assert {name: rules[name] for name in RONGCHENG} == RONGCHENG
    assert all(confidence("rongcheng-2014", name) == "seen" for name in RONGCHENG)
    assert scheme.firms is not None
    assert points(scheme.firms.rules)["counterfeit"] == -30


def test_drunk_driving_in_rongcheng_drops_straight_to_c() -> None:
    scheme = load_scheme("rongcheng-2014")
    assert scheme.score is not None
    after = scheme.score.start + points(scheme.rules)["drunk_driving"]
    assert next(tier.name for tier in scheme.tiers if after >= tier.at_least) == "C"


def test_everyone_in_rongcheng_starts_in_a_40_points_above_b() -> None:
    scheme = load_scheme("rongcheng-2014")
    assert scheme.score is not None
    bounds = {tier.name: tier.at_least for tier in scheme.tiers}
    assert bounds["A"] == scheme.score.start - 40
    assert bounds["A"] < scheme.score.start < bounds["AA"]
    assert {tier.confidence for tier in scheme.tiers} == {"memory"}


def test_rongcheng_since_2021_punishes_no_score() -> None:
    scheme = load_scheme("rongcheng-2021")
    assert all(one.list is not None for one in scheme.sanctions)
    assert {one.tier for one in scheme.rewards} == {"AAA", "AA"}
    assert scheme.speech is None
    old = points(load_scheme("rongcheng-2014").rules)
    assert points(scheme.rules) == {name: old[name] for name in old if name != "rumour"}


def test_bands_of_sesame_and_the_weight_of_friends() -> None:
    scheme = load_scheme("sesame")
    assert {tier.name: tier.at_least for tier in scheme.tiers} == SESAME_BANDS
    assert scheme.friends is not None
    assert scheme.expiry is not None
    assert scheme.score is not None
    fading = 1 - 2 ** (-scheme.friends.period_weeks / scheme.expiry.half_life_weeks)
    most = -scheme.friends.points * 11 / fading
    assert most / (scheme.score.ceiling - scheme.score.floor) == pytest.approx(0.05, rel=0.05)
    waived = [one.tier for one in scheme.rewards if one.service == "rental"]
    assert min(SESAME_BANDS[str(tier)] for tier in waived) == 650


def test_the_city_scheme_denies_nothing() -> None:
    scheme = load_scheme("city-rewards")
    assert scheme.sanctions == []
    assert scheme.lists == []
    assert min(points(scheme.rules).values()) == -150  # the most for an offence, FACTS 1.1
    assert len(scheme.tiers) == 5


def test_awareness_is_the_published() -> None:
    joining = {name: load_scheme(name).joining for name in VOLUNTARY}
    assert {name: one.awareness for name, one in joining.items() if one} == {
        "rongcheng-2021": 0.11, "city-rewards": 0.11, "sesame": 0.76,
    }  # fmt: skip


def test_grounds_and_terms_of_the_courts_list() -> None:
    first, later = listing("court-list", "defaulters"), listing("court-list", "two_years")
    assert set(first.behaviours) == {"judgment_evaded", "judgment_unable"}
    assert first.term_weeks is None
    assert later.term_weeks == 104
    assert set(later.behaviours) == {
        "false_testimony", "hiding_assets", "asset_report_breach", "spending_limit_breach",
        "settlement_breach",
    }  # fmt: skip
    assert (first.grace_weeks, later.grace_weeks) == (0, 0)
    denied = {(one.list, one.service) for one in load_scheme("court-list").sanctions}
    assert denied >= {("defaulters", "flight"), ("two_years", "train")}


def test_courts_join_one_after_the_other() -> None:
    court = load_scheme("court-list").channels["court"]
    assert isinstance(court.urban, list)
    assert court.urban[0].on == date(2013, 10, 1)
    shares = [point.share for point in court.urban]
    assert all(one < later for one, later in pairwise(shares))
    assert shares[-1] == 1
    assert share_on(court.urban, date(2014, 7, 23)) < 0.2
    assert court.urban == court.rural


def test_the_reform_differs_from_the_courts_list_in_safeguards_only() -> None:
    old, new = load_scheme("court-list"), load_scheme("reform")
    assert new.channels == old.channels
    grounds = [{name for one in scheme.lists for name in one.behaviours} for scheme in (old, new)]
    assert grounds[0] == grounds[1]
    for one in new.lists:
        assert 4.3 <= one.grace_weeks <= 13.1  # 1 to 3 months, FACTS 1.2
    assert listing("reform", "general").ability_test is not None
    assert {one.name: one.term_weeks for one in new.lists} == {
        "general": 52, "serious": 156, "minor": 13,
    }  # fmt: skip
    assert new.household is None
    assert new.firms is not None
    assert new.firms.contagion is None
    assert new.appeal is not None
    assert old.appeal is not None
    assert new.appeal.delay_weeks < min(one.grace_weeks for one in new.lists)
    assert new.appeal.notice > old.appeal.notice


def test_the_reported_scheme_has_all_that_the_report_claims() -> None:
    scheme = load_scheme("total-2020")
    assert scheme.participation == "mandatory"
    assert scheme.friends is not None
    assert scheme.shaming is not None
    assert scheme.speech is not None
    assert scheme.speech.praise > 0 > scheme.speech.criticism > scheme.speech.mobilisation
    assert scheme.cash_ends is None  # the report says that cash lets people hide
    assert scheme.insiders is not None
    assert scheme.insiders.caught < 0.1
    assert scheme.firms is not None


def test_cameras_follow_the_published_counts() -> None:
    """K10 to K12: 176m in 2017, 350m in 2018, 416m in 2019; coverage in the same ratios."""
    urban = load_scheme("total-2020").channels["camera"].urban
    counts = {2017: 176, 2018: 350, 2019: 416}
    last = share_on(urban, date(2019, 12, 31))
    for year, count in counts.items():
        ours = share_on(urban, date(year, 12, 31))
        assert ours == pytest.approx(last * count / 416, abs=0.006)


def test_loyalty_fills_38_per_cent_of_the_social_part_of_a_rating() -> None:
    """FACTS 1.7: means of 38.3 % in social responsibility and above 96 % in compliance.

    A category that wins r points a year on average and fades with rate f levels off at r / f.
    """
    scheme = load_scheme("total-2020")
    assert scheme.firms is not None
    assert scheme.firms.rating is not None
    assert scheme.firms.rating.half_life_weeks is not None
    fading = 0.693147 * 365.25 / 7 / scheme.firms.rating.half_life_weeks
    level = {"compliance": 0.0, "social": 0.0}
    for rule in scheme.firms.rules:
        level[rule.category] += rule.points * firm_rate(scheme, rule.behaviour) / fading
    assert level["social"] / scheme.firms.rating.social == pytest.approx(0.383, abs=0.01)
    assert 0.96 < 1 + level["compliance"] / scheme.firms.rating.compliance < 1


def firm_rate(scheme: Scheme, behaviour: str) -> float:
    """Return how often a year a behaviour of a mean firm is seen, once full coverage is reached."""
    from glasstown.society.catalogue import sectors

    one = next(known for known in behaviours() if known.name == behaviour)
    blind = 1.0
    for channel, visibility in one.seen_by.items():
        watching = scheme.channels[channel]
        day = date(2020, 1, 1)
        share = 0.6389 * share_on(watching.urban, day) + 0.3611 * share_on(watching.rural, day)
        blind *= 1 - visibility * share * (1 - watching.miss)
    named = sum(known.share for known in sectors() if known.name in one.sectors)
    return one.rate * (named if one.sectors else 1) * (1 - blind)
