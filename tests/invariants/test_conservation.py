"""Every point, listing, exit and denial is tallied under exactly one cause; sums match states."""

from __future__ import annotations

import numpy as np
import pytest
from countries import LINE, scheme_of
from ledgers import TAMPERED, Tally, all_broken
from numpy.typing import NDArray
from varied import CASES, GROUPS, Case, harsh, table, without_part

from glasstown.engine.country import Country
from glasstown.engine.measures import INDEX, STOCKS
from glasstown.engine.reference_people import People
from glasstown.engine.world import BY_ERROR, BY_SPEECH, CUT, OWNER_HIT, SCORE, UNHEARD, week_keys
from glasstown.laws.sanction import notice_of
from glasstown.scheme.units import TENTHS
from glasstown.society import layout as at


def with_stocks(country: Country) -> Tally:
    """Return a tally that holds the stocks as they are."""
    tally = np.zeros(country._shape, np.int64)
    tally[:, :, STOCKS] = country.stocks
    return tally


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_every_week_adds_up(case: Case) -> None:
    country = case.country(workers=2)
    is_new = False
    for week in range(case.weeks):
        before = with_stocks(country)
        is_new |= any(stage.week == week and stage.scheme is not None for stage in case.stages)
        tally = country.advance()
        assert all_broken(country, before, tally, is_new=is_new) == [], f"week {week}"
        assert week in case.sparks or tally[:, :, INDEX["gathered"]].sum() == 0
        handed = tally[:, :, INDEX["handed_on"]].sum(axis=1).reshape(-1, 2).sum(axis=1)
        np.testing.assert_array_equal(country._last_handed.sum(axis=1), handed)
        words = country.state.words.copy()
        np.testing.assert_array_equal(country.census(), country.stocks)
        # A census marks who is low or specially served: they must be marked already.
        np.testing.assert_array_equal(country.state.words, words)


UNTOUCHED = ("harsh", "uneven", "at-the-bounds", "below-zero", "cautious", "voluntary", "gathered")


@pytest.mark.parametrize("name", UNTOUCHED)
def test_scores_stay_in_range_and_nobody_but_adults_is_touched(name: str) -> None:
    case = next(case for case in CASES if case.name == name)
    country = case.country()
    for _ in country.weeks(case.weeks):
        pass
    terms, state = country.world.terms, country.state
    people = People(country.world, [int(key) for key in week_keys(case.seed, 0)])
    is_adult = np.zeros(state.listing.size, bool)
    is_adult[[citizen.index for citizen in people.adults]] = True
    assert len(people.everybody) == country.society.layout.citizens
    assert 0 < is_adult.sum() == country.stocks[:, :, 0].sum() < is_adult.size
    scores = state.points[SCORE, is_adult]
    assert terms.floor <= scores.min() < scores.max() <= terms.ceiling
    assert (state.points[SCORE, ~is_adult] == terms.start).all()
    assert (state.points[BY_ERROR : BY_SPEECH + 1, ~is_adult] == 0).all()
    assert not state.listing[~is_adult].any()
    assert not state.caution[~is_adult].any()
    bits = bits_of(country)
    known = np.delete(bits, range(CUT, UNHEARD), axis=0)
    assert known[:, is_adult].any()
    assert not known[:, ~is_adult].any()


def bits_of(country: Country) -> NDArray[np.uint8]:
    """Return the state's words as bits, (planes, lanes)."""
    words = np.ascontiguousarray(country.state.words, "<u8")
    return np.unpackbits(words.view(np.uint8), axis=1, bitorder="little")


def test_ties_that_nobody_has_are_shut_and_never_mended() -> None:
    """Who is not open to a kind of tie, and places where nobody lives, have none to cut or mend."""
    case = next(case for case in CASES if case.name == "cautious")
    country = case.country()
    people = People(country.world, [int(key) for key in week_keys(case.seed, 0)])
    closed = np.ones((UNHEARD - CUT, country.state.listing.size), bool)
    for citizen in people.everybody:
        closed[:, citizen.index] = ~np.array(citizen.openness[-len(closed) :])
    shut = bits_of(country)[CUT:UNHEARD].astype(bool)
    np.testing.assert_array_equal(shut, closed)
    total = np.sum(list(country.weeks(case.weeks)), axis=(0, 1, 2))
    shut = bits_of(country)[CUT:UNHEARD].astype(bool)
    assert shut[closed].all()
    assert (shut & ~closed).sum() == total[INDEX["ties_cut"]] - total[INDEX["ties_mended"]] > 0


def test_notices_shut_nobody_out() -> None:
    """A notice is no list: who only has one is in no stock of the listed or shut out."""
    case = next(case for case in CASES if case.name == "grace-5")
    country = case.country()
    tiers_deny = country.world.rules.deny_until.max() > 0
    assert tiers_deny
    for tally in country.weeks(case.weeks):
        noticed = [int(one) for one in country.state.listing if notice_of(int(one))]
        assert len(noticed) == tally[:, :, INDEX["noticed"]].sum()
    assert noticed
    for one in range(country.state.listing.size):
        if notice_of(int(country.state.listing[one])):
            assert not bits_of(country)[1, one]


def test_only_owners_answer_for_firms() -> None:
    """At most one owner in each half of a block, and only where there is a firm."""
    case = next(case for case in CASES if case.name == "firms-7")
    country = case.country()
    seen = 0
    for _ in country.weeks(case.weeks):
        hit = bits_of(country)[OWNER_HIT].reshape(-1, 2, at.BLOCK // 2).sum(axis=2)
        assert hit.max() <= 1
        seen += int(hit.sum())
        firms = country.stocks.sum(axis=(0, 1))[list(STOCKS).index(INDEX["firms"])]
        assert 0 < firms <= hit.size
    assert seen > 0


def test_the_bounds_are_reached() -> None:
    country = next(case for case in CASES if case.name == "at-the-bounds").country()
    for _ in country.weeks(9):
        pass
    scores = country.state.points[SCORE]
    assert {80 * TENTHS, 119 * TENTHS} <= set(scores.tolist())


def test_a_count_too_many_is_noticed() -> None:
    case = next(case for case in CASES if case.name == "grace-1")
    country = case.country()
    for _ in country.weeks(6):
        pass
    before = with_stocks(country)
    tally = country.advance()
    assert all_broken(country, before, tally) == []
    for measure in TAMPERED:
        wrong = tally.copy()
        wrong[0, 0, INDEX[measure]] += 1
        assert all_broken(country, before, wrong) != [], measure


def test_a_state_changed_behind_the_tally_is_noticed() -> None:
    country = next(case for case in CASES if case.name == "harsh").country()
    country.advance()
    country.state.points[SCORE] += 1
    assert (country.census() != country.stocks).any()


SIZES = {"North": (12_000, 60), "South": (8_000, 30)}
WEEKS = 40


def received(groups: list[dict[str, object]]) -> tuple[Country, Tally]:
    """Return a country of 20,000 and its tallies, summed over the weeks but the first."""
    case = Case("large", harsh(), {"citizens": 20_000, "groups": groups}, table(SIZES))
    country = case.country(workers=2)
    weeks = list(country.weeks(WEEKS))
    total = np.sum(weeks[1:], axis=0)
    handed = INDEX["handed_on"]
    total[:, :, handed] = np.sum([week[:, :, handed] for week in weeks[:-1]], axis=0)
    return country, total


def test_what_is_handed_on_arrives_a_week_later_in_the_mean() -> None:
    _, total = received([])
    for region in (0, 1):
        zones = total[2 * region : 2 * region + 2, :, :]
        handed, arrived = (
            int(zones[:, :, INDEX[name]].sum()) for name in ("handed_on", "misbooked")
        )
        # Receipts are Poisson with that mean.
        assert handed > 1_000
        assert abs(arrived - handed) < 5 * handed**0.5
        assert abs(arrived - 1.5 * handed) > 5 * handed**0.5


def test_groups_receive_by_their_weight() -> None:
    country, total = received(GROUPS)
    adults = country.stocks[:, :, 0]
    weights = np.array([20, 0, 2.5, 1])
    for region in (0, 1):
        zones = slice(2 * region, 2 * region + 2)
        exposed = adults[zones].sum(axis=0) * weights
        arrived = total[zones, :, INDEX["misbooked"]].sum(axis=0)
        expected = exposed / exposed.sum() * total[zones, :, INDEX["handed_on"]].sum()
        assert arrived[1] == 0
        assert (np.abs(arrived - expected) <= 5 * expected**0.5).all()
    rates = [
        sum(rate for _, rate in country.regimes.schemes[0].false_matches[settlement]) / 2**40
        for settlement in (0, 1)
    ]
    expected = (adults * weights).reshape(2, 2, 4).sum(axis=0).T @ rates * (WEEKS - 1)
    arrived = total[:, :, INDEX["false_matches"]].sum(axis=0)
    # Weights are rounded to 256ths and 65,536ths.
    assert (np.abs(arrived - expected) <= 5 * expected**0.5 + 0.001 * expected).all()


def all_low(**parts: object) -> dict[str, object]:
    """Return a scheme under which everybody is low for good and nothing moves a score."""
    return scheme_of(
        tiers=[{"name": "best", "at_least": 150, **LINE}, {"name": "low", "at_least": 0, **LINE}],
        low_tier="low", **parts,
    )  # fmt: skip


def test_a_request_is_answered_once() -> None:
    """Everybody is refused flights for the tier: a listed household can add no refusal."""
    denied = []
    for services in ([], ["flight"]):
        scheme = all_low(
            channels=harsh()["channels"], household={"denies": services, **LINE},
            lists=[{"name": "listed", "behaviours": {"jaywalking": 1.0}, **LINE}],
            sanctions=[{"tier": "low", "service": "flight", "action": "deny", **LINE}],
        )  # fmt: skip
        weeks = np.sum(list(Case("twice", scheme).country().weeks(9)), axis=0)
        assert weeks[:, :, INDEX["entries_deeds"]].sum() > 0
        denied.append(int(weeks[:, :, INDEX["denied_flight"]].sum()))
    assert denied[0] == denied[1] > 0


def test_points_won_for_friends_never_wrap_caution() -> None:
    """Nobody loses anything here, so nobody has reason to be cautious."""
    scheme = all_low(friends={"threshold_ties": 1, "points": 5.0, **LINE})
    country = Case("kind", scheme).country()
    weeks = np.sum(list(country.weeks(9)), axis=0)
    assert weeks[:, :, INDEX["points_won_friends"]].sum() > 0
    assert country.state.caution.max() == 0


def test_points_booked_by_mistake_never_wrap() -> None:
    """Only losses are booked by mistake here, and own merits make up for them again and again."""
    rules = {"jaywalking": -1000, "volunteering": 1000, "purchase_family": 1000}
    channels = {
        name: {**watching, "misidentification": 0} for name, watching in harsh()["channels"].items()
    }
    scheme = harsh(
        score=without_part("score", start=1000, ceiling=2000), channels=channels, rules=[
            {"behaviour": name, "points": points, **LINE} for name, points in rules.items()
        ], expiry=None, appeal=None, lists=None, sanctions=[], rewards=[], repair=None,
    )  # fmt: skip
    country = Case("wrap", scheme, without=("friends", "household")).country()
    for _ in country.weeks(120):
        assert country.state.points[BY_ERROR].max() <= 0
    assert country.state.points[BY_ERROR].min() < -20_000


def test_without_a_score_nobody_has_points() -> None:
    scheme = harsh(
        score=None, rules=None, tiers=None, low_tier=None, friends=None, expiry=None, shaming=None,
        speech=None, household=None, sanctions=[], rewards=[], lists=harsh()["lists"][:1],
    )  # fmt: skip
    country = Case("no-score", scheme).country()
    for tally in country.weeks(9):
        assert tally[:, :, INDEX["score_sum"]].sum() == 0
