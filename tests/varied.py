"""Varied small countries: every shipped scheme, every mechanism left out, and rare paths fired.

The harsh scheme and the busy catalogue are there to make seldom things happen often.
"""

from __future__ import annotations

from case import MIXED, UNEVEN, Case, busy, region, table
from countries import LINE
from harsh import harsh, treatments, without_part
from mechanism_cases import LISTS_ALONE, NOTICED, OTHER, PEOPLED, ROLLED_OUT, SPOKEN
from stages import Stage

from glasstown.scheme.loading import SHIPPED
from glasstown.scheme.mechanisms import MECHANISM_NAMES

__all__ = [
    "CASES", "GROUPS", "MIXED", "SPEECH", "UNEVEN", "Case", "busy", "harsh", "region", "table",
    "without_part",
]  # fmt: skip

SPEECH = (
    "online_praise", "online_criticism", "rumour", "petition", "gathering_call", "gathering",
    "besieging_offices",
)  # fmt: skip

GROUPS = [
    {"name": "marked", "share": 0.2, "misidentification": 20},
    {"name": "passed_over", "share": 0.3, "misidentification": 0},
    {"name": "some", "share": 0.1, "misidentification": 2.5},
]

CASES: tuple[Case, ...] = (
    *(Case(f"shipped-{name}", name, catalogue=None, weeks=20, seed=5) for name in SHIPPED),
    *(Case(f"busy-{name}", name, weeks=12, seed=3) for name in SHIPPED),
    Case("harsh", harsh(), weeks=24),
    Case("seed-0", harsh(), seed=0),
    Case("uneven", harsh(), rows=UNEVEN),
    Case("groups", harsh(), {"groups": GROUPS}, weeks=12),
    Case("one-group-one-zone", harsh(), {"groups": GROUPS[:1]}, table({"City": (1000, 100)})),
    *(
        Case(f"sociability-{share}", harsh(), {"sociability": share})
        for share in (0.5, 0.875, 1.0)
    ),
    Case("few-ties", harsh(), {
        "neighbour_ties": 1, "colleague_ties": 2, "acquaintance_ties": 0, "online_ties": 1,
        "cut_above": 0.0, "cut_rate": 1.0, "mend_rate": 1.0,
    }, weeks=10),
    Case("no-ties", harsh(), {
        "neighbour_ties": 0, "colleague_ties": 0, "acquaintance_ties": 0, "online_ties": 0,
    }, weeks=10),
    Case("friends-once", harsh(friends=without_part("friends", counted="once")), weeks=10),
    Case("no-children", harsh(), rows=(
        region(1, "Grown up", 600, 60, under18_pct=0), region(2, "Young", 400, 40, under18_pct=45),
    ), weeks=10),
    *(
        Case(f"reflection-{weeks}", harsh(), {"reflection_weeks": weeks}, weeks=10)
        for weeks in (1, 2, 8)
    ),
    Case("no-resemblance", harsh(), {"household_resemblance": 0.0}),
    Case("alike", harsh(), {"household_resemblance": 1.0, "conformity": 64}),
    Case("cautious", harsh(), {
        "caution_from_loss": 4, "caution_from_ties": 0.5, "cut_above": 0.0, "cut_rate": 1.0,
        "mend_rate": 1.0, "cash_above": 0.0, "caution_half_life_weeks": 4,
    }, weeks=14),
    Case("appeal-next-week", harsh(appeal=without_part("appeal", rate=1.0, delay_weeks=1))),
    Case("appeal-at-the-term", harsh(appeal=without_part("appeal", delay_weeks=4)), weeks=10),
    Case("all-corrected", harsh(appeal=without_part("appeal", correction=1.0))),
    Case("three-black", harsh(
        lists=[
            {"name": "first", "behaviours": {"jaywalking": 0.3, "red_light": 0.3}, **LINE,
             "term_weeks": 2, "shaming": 1.0},
            {"name": "second", "behaviours": {"jaywalking": 0.3, "volunteering": 0.5},
             "score_below": 90, **LINE},
            {"name": "third", "score_below": 95, "term_weeks": 1, **LINE},
        ],
        sanctions=treatments("deny", {"list": "first"}, ("loan",))
        + treatments("deny", {"list": "third"}, ("hospital",)), rewards=None,
    )),
    Case("red-first", harsh(
        lists=[
            {"name": "red", "colour": "red", "score_above": 101, "term_weeks": 1, **LINE},
            {"name": "red_too", "colour": "red", "behaviours": {"jaywalking": 0.5}, **LINE},
            {"name": "black", "behaviours": {"red_light": 0.5}, "score_below": 99, **LINE},
        ], sanctions=treatments("deny", {"list": "black"}, ("train",)), rewards=None,
    )),
    Case("rewards-at-start", harsh(
        score=without_part("score", start=120), lists=None,
        sanctions=treatments("deny", {"tier": "good"}, ("loan",)),
        rewards=treatments(
            "favour", {"tier": "best"}, ("hospital", "rental", "train", "passport", "public_job")
        ),
    ), is_eager=True),
    Case("low-at-start", harsh(score=without_part("score", start=80))),
    Case("at-the-bounds", harsh(
        score=without_part("score", floor=80, ceiling=119), expiry=None,
    )),
    Case("below-zero", harsh(
        score=without_part("score", start=0, floor=-60, ceiling=40), lists=None,
        sanctions=treatments("deny", {"tier": "worst"}, ("loan", "hospital")), rewards=None,
        tiers=[
            {"name": "best", "at_least": 10, **LINE}, {"name": "worst", "at_least": -60, **LINE},
        ],
        low_tier="worst",
    )),
    Case("no-shaming-friends-household", harsh(shaming=None, friends=None, household=None)),
    Case("household-denies", harsh(
        household=without_part("household", denies=["school", "public_job", "passport"]),
        rewards=None, sanctions=treatments("deny", {"list": "debtors"}, ("passport", "flight")),
    ), is_eager=True),
    Case("friends-every-8", harsh(friends=without_part("friends", period_weeks=8)), {
        "reflection_weeks": 2,
    }, weeks=12),
    *NOTICED,
    *PEOPLED,
    *SPOKEN,
    *ROLLED_OUT,
    *(
        Case(f"without-{name}", harsh(), without=(name,), weeks=6, sparks=(4,), stages=(
            Stage(3, LISTS_ALONE, zones=(2,)), Stage(4, OTHER, zones=(0,)),
        ))
        for name in MECHANISM_NAMES
    ),
)  # fmt: skip
