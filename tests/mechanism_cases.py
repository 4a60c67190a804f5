"""Cases in which each mechanism fires often: notices, insiders, firms, speech, rollouts, sparks."""

from __future__ import annotations

from datetime import date
from typing import Any

from case import UNEVEN, Case
from countries import LINE
from harsh import (
    COMPLIES,
    SHUT,
    firms,
    harsh,
    platform,
    treatments,
    watching,
    without_firm,
    without_part,
)
from stages import Stage

from glasstown.scheme.loading import SHIPPED

VOLUNTARY = {
    "participation": "voluntary",
    "joining": {"awareness": 0.8, "reward": 60.0, "fear": 0.5, "leave_below": 88, **LINE},
}
"""Who stays out stands at the start, in the plain tier, which the harsh scheme leaves alone."""
SCORELESS = dict.fromkeys((
    "score", "rules", "tiers", "low_tier", "friends", "expiry", "shaming", "speech", "household",
    "repair", "insiders",
))  # fmt: skip
LISTS_ALONE = harsh(
    **SCORELESS, lists=harsh()["lists"][:1], rewards=[],
    sanctions=treatments("deny", {"list": "debtors"}, ("flight", "train")),
)  # fmt: skip
OTHER = harsh(
    score={"start": 500, "floor": 300, "ceiling": 1000, **LINE},
    tiers=[
        {"name": f"tier-{i}", "at_least": at_least, **LINE}
        for i, at_least in enumerate((560, 520, 495, 490, 470, 300))
    ],
    low_tier="tier-3", firms=firms(rating=without_firm("rating", compliance=80)),
    lists=[
        {"name": "honoured", "score_below": 480, "grace_weeks": 3, **LINE},
        {"name": "debtors", "behaviours": {"jaywalking": 0.3}, "grace_weeks": 1, "term_weeks": 9,
         **LINE},
    ],
    sanctions=treatments("deny", {"list": "debtors"}, ("loan",))
    + treatments("deny", {"tier": "tier-4"}, ("train",)),
    rewards=[],
)  # fmt: skip
"""Another range, other ratings; of the lists one goes on, one is gone, one has turned black."""
TOUCHY = {"gather_effort": 60, "gather_peers": 40, "mobilise_above": 20}
"""A society in which many mobilise, and a few joiners draw in the rest."""


def graced(weeks: int, **more: Any) -> list[dict[str, Any]]:
    """Return the harsh lists with a grace on the black ones."""
    given = harsh()["lists"]
    return [{**one, "grace_weeks": weeks, **more} for one in given[:2]] + given[2:]


NOTICED: tuple[Case, ...] = (
    *(Case(f"grace-{weeks}", harsh(lists=graced(weeks)), weeks=14) for weeks in (1, 2, 5)),
    Case("grace-appealed", harsh(
        lists=graced(4, performed=0.5), appeal=without_part("appeal", delay_weeks=1, rate=1.0),
    ), weeks=12),
    Case("told-seldom", harsh(appeal=without_part("appeal", notice=0.1, far=1.0, distance=1.0))),
    Case("too-dear", harsh(appeal=without_part("appeal", cost=1.0, notice=1.0))),
    Case("all-tested", harsh(lists=graced(
        0, ability_test={"recognises_unable": 1.0, "takes_for_unable": 0.8, **LINE},
    ))),
    Case("unable-for-ever", harsh(lists=graced(0, term_weeks_unable=1000, term_weeks=2))),
)  # fmt: skip

PEOPLED: tuple[Case, ...] = (
    Case("insiders", harsh(
        score=without_part("score", start=80),
        insiders={**harsh()["insiders"], "dishonest": 1.0, "strikes": 12.0, "points": 15.0},
    ), weeks=14),
    Case("insiders-caught", harsh(
        insiders={**harsh()["insiders"], "caught": 1.0}, lists=graced(0),
    ), weeks=12),
    Case("voluntary", harsh(**VOLUNTARY), weeks=16),
    Case("voluntary-for-all", harsh(**{**VOLUNTARY, "joining": {
        "awareness": 1.0, "reward": 255.0, "fear": 4.0, "leave_below": 103, **LINE,
    }}), {"reflection_weeks": 1}, weeks=12),
    Case("voluntary-for-good", harsh(**{**VOLUNTARY, "joining": {
        "awareness": 0.5, "reward": 20.0, "fear": 0.0, **LINE,
    }}), weeks=10),
    *(
        Case(f"firms-{seed}", harsh(), {"reflection_weeks": 2}, weeks=40, seed=seed, is_eager=True)
        for seed in (7, 8)
    ),
    Case("firms-listed-only", harsh(**SCORELESS, sanctions=[], rewards=[], firms=firms(
        rating=None, rules=None, tiers=None, red_above=None,
        black={"behaviours": {"tax_evasion": 1.0}, **LINE},
    ), lists=harsh()["lists"][:1]), weeks=16, is_eager=True),
    Case("one-for-another", harsh(
        friends=without_part("friends", points=2.0), household=without_part("household", points=3),
        firms=firms(contagion=without_firm("contagion", owner_points=9.0, firm_points=-40.0)),
    ), weeks=16, is_eager=True),
    Case("firms-for-good", harsh(firms=firms(
        rating=without_firm("rating", half_life_weeks=None), contagion=None, priority=10,
        exempt=1.0, red_above=90,
    )), weeks=16, is_eager=True),
    Case("firms-kept-low", harsh(firms=firms(black=without_firm(
        "black", below=140, term_weeks=2, performed=12.0,
    ), red_above=None), household=without_part("household", denies=["loan", "rental"])),
         {"reflection_weeks": 1}, weeks=16, is_eager=True),
)  # fmt: skip

SPOKEN: tuple[Case, ...] = (
    Case("hidden", harsh(platforms={
        name: platform(hides_criticism=0.9, hides_mobilisation=1.0)
        for name in ("messenger", "short_video", "forum")
    }), {**TOUCHY, "conformity": 40}, weeks=12),
    Case("cash-is-over", harsh(cash_ends=SHUT), {"cash_above": 0.0}, weeks=10),
    Case("gathered", harsh(), TOUCHY, weeks=10, sparks=(0, 3, 4, 9)),
    Case("gathered-in-the-open", harsh(platforms=None, speech=without_part(
        "speech", mobilisation_costs=0,
    )), {**TOUCHY, "gather_effort": 110, "gather_peers": 60, "sociability": 1.0}, sparks=(6,)),
    Case("gathered-by-all", "none", {"gather_effort": 0, "gather_peers": 255}, sparks=(2,)),
    Case("gathered-by-few", harsh(), {"gather_effort": 190, "gather_peers": 0}, sparks=(2, 5)),
)  # fmt: skip

EARLY, LATE = date(2014, 6, 1), date(2019, 6, 1)
DATED = harsh(
    channels={**harsh()["channels"], "payment": watching(
        urban=[{"on": EARLY, "share": 0.1}, {"on": LATE, "share": 0.9}],
    ), "platform": watching(rural=[{"on": COMPLIES, "share": 0.0}, {"on": LATE, "share": 1.0}])},
    cash_ends=date(2018, 1, 1), rules=[
        *harsh()["rules"][1:],
        {"behaviour": "bribe", "points": -40, "until": SHUT, **LINE},
        {"behaviour": "bribe", "points": -1, "since": SHUT, **LINE},
    ],
)  # fmt: skip
"""Coverage that grows, a rule that changes, platforms that comply and close, cash that ends."""

ROLLED_OUT: tuple[Case, ...] = (
    Case("dated", DATED, weeks=14, day=EARLY, stages=tuple(
        Stage(week, day=day) for week, day in enumerate(
            (COMPLIES, SHUT, date(2017, 6, 1), date(2018, 6, 1), LATE), start=2
        )
    )),
    Case("pilot-and-all", "none", weeks=14, sparks=(9,), stages=(
        Stage(3, harsh(), zones=(0, 1)), Stage(7, harsh(firms=None), zones=(5,)), Stage(9, harsh()),
    )),
    Case("another-score", harsh(), weeks=14, stages=(
        Stage(5, OTHER, zones=(0, 2)), Stage(9, harsh(lists=graced(5))), Stage(11, "none", (5,)),
    )),
    Case("opened-and-closed", harsh(), weeks=18, sparks=(12,), society=TOUCHY, stages=(
        Stage(4, harsh(**VOLUNTARY)), Stage(9, harsh(**VOLUNTARY, firms=None), zones=(0, 5)),
        Stage(13, harsh(friends=None)),
    )),
    Case("score-or-lists", LISTS_ALONE, weeks=16, stages=(
        Stage(3, harsh(lists=graced(6)), zones=(0, 1, 2)), Stage(8, LISTS_ALONE),
        Stage(12, OTHER, day=LATE),
    )),
    Case("many-at-once", DATED, weeks=12, day=EARLY, rows=UNEVEN, stages=(
        Stage(0, OTHER, zones=(1,)), Stage(2, harsh(**VOLUNTARY), (2, 3)), Stage(4, day=SHUT),
        Stage(5, "none", (0,)), Stage(6, day=LATE), Stage(8, OTHER, zones=(0, 7)),
    )),
    *(
        Case(f"shipped-after-{name}", name, weeks=14, seed=9, stages=(
            Stage(5, other), Stage(9, name, zones=(0, 1)),
        ))
        for name, other in zip(SHIPPED, [*SHIPPED[1:], SHIPPED[0]], strict=True)
    ),
)  # fmt: skip
