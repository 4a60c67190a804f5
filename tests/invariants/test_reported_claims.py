"""Each claim of the report can be switched on and off, and moves a measure the way it claims.

One test for each row of the table in FACTS 0. Whether a claim is true of any real system is not
asked here: the right-hand column of that table says what the evidence is. The runs of a pair share
all their luck, so a difference is caused by the switch.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pytest
from countries import LINE, total
from lived import country_of, lived
from numpy.typing import NDArray

from glasstown.engine.columns import WIDTH
from glasstown.engine.country import Country
from glasstown.engine.measures import INDEX, STOCKS
from glasstown.scheme.loading import load_scheme
from glasstown.society.catalogue import behaviours
from glasstown.society.layout import REGION

Weekly = NDArray[np.int64]
CITIZENS, WEEKS = 30_000, 78
TOTAL = "total-2020"
NAMES = [one.name for one in behaviours()]
CALL = ["2020-05-01"]
"""A date on which a gathering may form, after a year under the scheme."""


def scenario(scheme: Any = TOTAL, **more: Any) -> dict[str, Any]:
    """Return a scenario of a year and a half from 2019 on, the report's own deadline within it."""
    return {"scheme": scheme, "start": "2019-01-01", "weeks": WEEKS,
            "society": {"citizens": CITIZENS}, **more}  # fmt: skip


def changed(**parts: Any) -> dict[str, Any]:
    """Return the total system with parts changed; ``None`` removes one."""
    return {"from": TOTAL, **parts}


@cache
def as_reported(*without: str) -> Weekly:
    """Return the total system as shipped, with a spark, national and week by week."""
    return lived(scenario(spark=CALL), without)


def by_region(country: Country, weeks: int, name: str) -> dict[str, list[int]]:
    """Run weeks; return a measure week by week for each region."""
    places, names = country.society.layout.places, country.society.layout.region_names
    zones = np.array([tally.sum(axis=1)[:, INDEX[name]] for tally in country.weeks(weeks)])
    regions = places.zones[:, REGION]
    return {one: zones[:, regions == i].sum(axis=1).tolist() for i, one in enumerate(names)}


PILOT = {"since": "2019-01-01", "regions": ["Shandong"]}
NATIONAL = {"since": "2020-01-01"}
DEADLINE = 53
"""The first week (from 0) that begins in 2020."""


def test_one_mandatory_national_score_for_all_by_2020() -> None:
    on = by_region(*country_of(scenario(rollout=[PILOT, NATIONAL])), "points_lost_deeds")
    off = by_region(*country_of(scenario(rollout=[PILOT])), "points_lost_deeds")
    for region, points in on.items():
        is_pilot = region == "Shandong"
        assert (sum(points[:DEADLINE]) > 0) == is_pilot, region
        assert sum(points[DEADLINE:]) > 0, region
        assert (sum(off[region]) > 0) == is_pilot, region
    opened = changed(participation="voluntary", joining={"awareness": 0.11, "reward": 10, **LINE})
    mandatory, voluntary = as_reported(), lived(scenario(opened))
    assert total(mandatory, "enrolled") == total(mandatory, "adults")
    assert 0 < total(voluntary, "enrolled") < 0.11 * total(voluntary, "adults")


def test_nobody_takes_part_in_a_score_before_there_is_one() -> None:
    """The same claim switched off by region: the measure itself must say so."""
    country, weeks = country_of(scenario(rollout=[PILOT, NATIONAL]))
    adults = int(country.stocks[:, :, STOCKS.index(INDEX["adults"])].sum())
    enrolled = by_region(country, weeks, "enrolled")
    others = [points for region, points in enrolled.items() if region != "Shandong"]
    assert sum(points[DEADLINE - 1] for points in others) == 0
    assert sum(points[-1] for points in enrolled.values()) == adults


def scores_at_start(scheme: Any) -> float:
    """Return the mean score (points) of adults before the first week."""
    stocks = country_of(scenario(scheme))[0].stocks.sum(axis=(0, 1))
    return stocks[STOCKS.index(INDEX["score_sum"])] / 10 / stocks[STOCKS.index(INDEX["adults"])]


def test_all_start_at_100_points_and_win_and_lose() -> None:
    assert scores_at_start(TOTAL) == 100
    assert scores_at_start(changed(score={"start": 90})) == 90
    on, off = as_reported(), as_reported("score")
    for measure in ("points_won_deeds", "points_lost_deeds"):
        assert total(on, measure) > 0
        assert total(off, measure) == 0
    # Both ways from the start: some stand above 110, some below 100.
    bins = [int(on[-1, INDEX[f"score_bin_{i:02d}"]]) for i in range(20)]
    assert sum(bins[:10]) > 0
    assert sum(bins[11:]) > 0


LOW_IS_COMMON = [
    {"name": name, "at_least": least, **LINE}
    for name, least in (
        ("exemplary", 110), ("trusted", 102), ("ordinary", 90), ("limited", 78), ("excluded", 0),
    )
]  # fmt: skip
BARRED = ("denied_flight", "denied_train")


def test_a_low_score_bars_planes_and_fast_trains() -> None:
    """By the score alone: lists, firms and households that bar as well are taken out."""
    shipped = load_scheme(TOTAL)
    score_only = changed(
        lists=None, firms=None, household=None, tiers=LOW_IS_COMMON,
        sanctions=[one.model_dump() for one in shipped.sanctions if one.tier is not None],
        rewards=[one.model_dump() for one in shipped.rewards if one.tier is not None],
    )  # fmt: skip
    on = lived(scenario(score_only))
    assert total(on, "listed") == 0
    for without in ("tiers", "sanctions", "watch"):
        off = lived(scenario(score_only), [without])
        for measure in BARRED:
            assert total(on, measure) > total(off, measure) == 0, without
    # The evidence: a black list bars without any score.
    listed = lived(scenario("court-list"))
    assert all(total(listed, measure) > 0 for measure in BARRED)
    assert total(listed, "points_lost_deeds") == 0


def test_a_score_falls_through_friends_with_low_scores() -> None:
    contagious = changed(
        tiers=LOW_IS_COMMON, friends={"threshold_ties": 1, "points": -1}, household={"points": -1}
    )
    on, off = lived(scenario(contagious)), lived(scenario(contagious), ["friends"])
    assert total(on, "points_lost_friends") > total(off, "points_lost_friends") == 0
    assert total(on, "score_sum") < total(off, "score_sum")
    assert total(on, "low") > total(off, "low")
    # Three contagions, three switches: the household's goes on without the friends'.
    assert total(off, "points_lost_household") > 0
    # More low friends than the threshold asks for: with a threshold of five hardly anybody pays.
    strict = changed(tiers=LOW_IS_COMMON, friends={"threshold_ties": 5, "points": -1})
    assert total(lived(scenario(strict)), "points_lost_friends") < total(on, "points_lost_friends")


def test_praise_raises_and_criticism_lowers_a_score() -> None:
    silent = {"praise": 0, "criticism": 0, "mobilisation": 0}
    praise = lived(scenario(changed(speech={**silent, "praise": 2})))
    criticism = lived(scenario(changed(speech={**silent, "criticism": -5})))
    off = as_reported("speech")
    assert total(praise, "points_won_speech") > total(praise, "points_lost_speech") == 0
    assert total(criticism, "points_lost_speech") > total(criticism, "points_won_speech") == 0
    assert total(off, "points_won_speech") == total(off, "points_lost_speech") == 0
    # What pays is said more often, and what costs less: also by those who think otherwise.
    on = as_reported()
    assert total(on, "praising") > total(off, "praising")
    assert total(on, "critical") < total(off, "critical")
    assert total(on, "falsifying") > total(off, "falsifying")


def test_faces_are_shamed_on_public_screens() -> None:
    loud = changed(tiers=LOW_IS_COMMON, shaming={"lowest_tier": 1.0, "caution": 0.5})
    on, off = lived(scenario(loud)), lived(scenario(loud), ["shaming"])
    assert total(on, "shamings") > total(off, "shamings") == 0
    assert total(on, "shamed") > total(off, "shamed") == 0
    # Who is shown, and who knows somebody who is, becomes more cautious.
    assert total(on, "caution_sum") > total(off, "caution_sum")
    # It has an error rate of its own: some faces are shown for what they did not do.
    assert 0 < total(on, "shamings_wrong") < total(on, "shamings")


PURCHASES = ("purchase_frivolous", "purchase_family", "no_show", "loan_default")
"""What the payment channel alone, or nearly alone, sees."""


def booked_share(weekly: Weekly) -> float:
    """Return what share of payments was booked to who made them."""
    columns = np.array([NAMES.index(name) for name in PURCHASES]) + WIDTH
    return float(weekly[:, columns + len(NAMES)].sum() / weekly[:, columns].sum())


def test_cash_lets_dissidents_hide() -> None:
    wary = {"society": {"citizens": CITIZENS, "cash_above": 0.02}}
    on, off = (lived(scenario(**wary), without) for without in ([], ["cash"]))
    assert total(on, "paying_cash") > total(off, "paying_cash") == 0
    assert booked_share(on) < booked_share(off)
    # Who is punished for words is among those who hide.
    unpunished = lived(scenario(**wary), ["speech"])
    assert total(on, "paying_cash") > total(unpunished, "paying_cash") > 0
    # Nor is there anywhere to hide from the day on which cash no longer serves.
    ended = lived(scenario(changed(cash_ends="2019-01-01"), **wary))
    assert total(ended, "paying_cash") == 0
    assert booked_share(ended) > booked_share(off)


EASY = {"citizens": CITIZENS, "gather_effort": 150, "gather_peers": 40}
"""A society in which some go first under the total system too: else no part can be told apart."""


@cache
def gathered(*without: str) -> int:
    """Return how many gather in the easy society under the total system, with parts left out."""
    return total(lived(scenario(spark=CALL, society=EASY), without), "gathered")


@pytest.mark.parametrize("part", ["speech", "caution", "censorship"])
def test_collective_action_becomes_harder_by_each_part(part: str) -> None:
    """What the claim rests on: penalties, fear, and joiners whom platforms hide."""
    assert 0 < gathered() < gathered(part)


def test_collective_action_becomes_impossible() -> None:
    """The direction of the claim; how near to none it comes is the laboratory's experiment."""
    on, off = as_reported(), lived(scenario("none", spark=CALL))
    assert total(on, "gathered") < total(off, "gathered")
    assert total(on, "mobilising") < total(off, "mobilising")
    # Nobody gathers where no gathering may form.
    assert total(as_reported("gatherings"), "gathered") == 0
    assert total(lived(scenario("none")), "gathered") == 0
