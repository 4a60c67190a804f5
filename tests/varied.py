"""Varied small countries: every shipped scheme, every mechanism left out, and rare paths fired.

A `Case` is a scenario with a country so small that the reference engine runs it in a second. The
harsh scheme and the busy catalogue are there to make seldom things happen often.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from countries import LINE, scheme_of

from glasstown.engine.country import Country
from glasstown.scheme.compilation import CompiledScheme, compile_scheme
from glasstown.scheme.loading import SHIPPED, load_scheme
from glasstown.scheme.mechanisms import MECHANISM_NAMES
from glasstown.society.catalogue import behaviours
from glasstown.society.compilation import CompiledSociety, compile_rows
from glasstown.society.declaration import Behaviour, Society
from glasstown.society.region_table import RegionRow

CITIZENS = 1_000
SPEECH = ("online_praise", "online_criticism", "rumour", "petition", "gathering_call")


def region(code: int, name: str, population: int, urban_pct: float) -> RegionRow:
    """Return a region of a test table."""
    return RegionRow(
        gb_code=code, name_en=name, region4="Test", population_2020=population,
        urban_pct=urban_pct, age60plus_pct=18.7, age65plus_pct=13.5, internet_2016_cnnic_pct=53.2,
    )  # fmt: skip


def table(sizes: Mapping[str, tuple[int, float]]) -> tuple[RegionRow, ...]:
    """Return a table of regions from population and urban percentage by name."""
    return tuple(region(i, name, *size) for i, (name, size) in enumerate(sizes.items(), start=101))


MIXED = table({"Mixed": (470, 60), "Citystate": (350, 100), "Farmland": (180, 0)})
"""Three regions; one has no rural zone and one no urban zone."""
UNEVEN = table({"Large": (870, 50), "Small": (65, 40), "Hamlet": (1, 100), "Village": (64, 0)})
"""Regions of a single citizen, of one full block, and of blocks with room."""


@cache
def busy(deterred: float | None = None) -> tuple[Behaviour, ...]:
    """Return the packaged behaviours with rates so high that everything happens often."""
    changes: dict[str, Any] = {} if deterred is None else {"deterred": deterred}
    return tuple(
        one.model_copy(update={"rate": one.rate * (40 if one.rate < 0.1 else 4), **changes})
        for one in behaviours()
    )


def _watching(**more: Any) -> dict[str, Any]:
    return {"urban": 1.0, "rural": 0.9, "miss": 0.05, "misidentification": 0.15, **LINE, **more}


def _treatments(action: str, where: Mapping[str, str], services: Sequence[str]) -> list[Any]:
    return [{**where, "service": one, "action": action, **LINE} for one in services]


RULES = {
    "bribe": -20, "counterfeit": -15, "unsafe_food": -15, "loan_default": -15, "unpaid_bill": -6,
    "no_show": -5, "purchase_frivolous": -2, "purchase_family": 2, "jaywalking": -4,
    "red_light": -8, "drunk_driving": -30, "fare_dodging": -5, "littering": -3,
    "care_for_parents": 5, "blood_donation": 10, "volunteering": 8, "heroic_act": 30,
    "honour_award": 20, "judgment_evaded": -20, "judgment_unable": -20, "false_testimony": -20,
}  # fmt: skip


TIERS = {"best": 118, "good": 104, "plain": 92, "poor": 82, "worst": 0}


def harsh(**changes: Any) -> dict[str, Any]:
    """Return a scheme in which everything that can happen does; ``None`` removes a part."""
    scheme = scheme_of(
        channels={
            "court": _watching(), "agency": _watching(), "payment": _watching(),
            "platform": _watching(misidentification=0.02), "neighbours": _watching(),
            "camera": _watching(false_match=0.05, searches=60, false_match_as="jaywalking"),
        },
        rules=[{"behaviour": name, "points": points, **LINE} for name, points in RULES.items()],
        tiers=[
            {"name": name, "at_least": at_least, **LINE}
            for name, at_least in TIERS.items()
        ],
        low_tier="poor",
        lists=[
            {"name": "debtors", "behaviours": {"judgment_evaded": 1.0, "judgment_unable": 1.0,
             "false_testimony": 0.5, "bribe": 0.5, "jaywalking": 0.1, "online_criticism": 0.5},
             "term_weeks": 7, "performed": 3.0, "shaming": 0.5, **LINE},
            {"name": "distrusted", "score_below": 82, "term_weeks": 4, "shaming": 0.3, **LINE},
            {"name": "honoured", "colour": "red", "score_above": 118, "term_weeks": 3,
             "behaviours": {"honour_award": 1.0}, **LINE},
        ],
        sanctions=[
            *_treatments("deny", {"tier": "poor"}, ("flight", "rental")),
            *_treatments("deny", {"tier": "worst"}, ("flight", "rental", "loan", "train")),
            *_treatments("delay", {"tier": "worst"}, ("hospital",)),
            *_treatments("deny", {"list": "debtors"}, ("flight", "train", "passport", "rental")),
            *_treatments("delay", {"list": "distrusted"}, ("hospital",)),
        ],
        rewards=[
            *_treatments("favour", {"tier": "best"}, ("hospital", "rental", "loan")),
            *_treatments("favour", {"list": "honoured"}, ("hospital", "flight", "public_job")),
        ],
        shaming={"lowest_tier": 1.0, "caution": 0.2, **LINE},
        friends={"threshold_ties": 1, "points": -3.0, "period_weeks": 4, **LINE},
        household={"points": -2.0, "denies": ["school"], **LINE},
        speech={"praise": 3, "criticism": -9, "praise_pays": 10, "criticism_costs": 5, **LINE},
        expiry={"half_life_weeks": 30, **LINE},
        appeal={"rate": 0.9, "delay_weeks": 2, "success_when_wrong": 0.9,
                "success_when_right": 0.3, "correction": 0.3, **LINE},
        repair={"after_weeks": 1, "rate": 6.0, "points": 5.0, **LINE},
    )  # fmt: skip
    return {key: value for key, value in {**scheme, **changes}.items() if value is not None}


def without_part(part: str, **changes: Any) -> dict[str, Any]:
    """Return one part of the harsh scheme, changed."""
    return {**harsh()[part], **changes}


@dataclass(frozen=True)
class Case:
    """A scenario for the tests."""

    name: str
    scheme: str | Mapping[str, Any]
    society: Mapping[str, Any] = field(default_factory=dict)
    rows: tuple[RegionRow, ...] = MIXED
    without: tuple[str, ...] = ()
    catalogue: tuple[Behaviour, ...] | None = field(default_factory=busy)
    weeks: int = 9
    seed: int = 1

    def compiled(self) -> tuple[CompiledSociety, CompiledScheme]:
        """Return society and scheme, compiled."""
        declared = Society.model_validate({"citizens": CITIZENS, **self.society})
        society = compile_rows(declared, self.rows, self.without, self.catalogue)
        scheme = load_scheme(self.scheme)
        return society, compile_scheme(scheme, declared, society.behaviours, self.without)

    def country(self, engine: str = "cpu", workers: int = 1) -> Country:
        """Return the country, ready to run."""
        return Country(*self.compiled(), self.seed, engine=engine, workers=workers)


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
        sanctions=_treatments("deny", {"list": "first"}, ("loan",))
        + _treatments("deny", {"list": "third"}, ("hospital",)), rewards=None,
    )),
    Case("red-first", harsh(
        lists=[
            {"name": "red", "colour": "red", "score_above": 101, "term_weeks": 1, **LINE},
            {"name": "red_too", "colour": "red", "behaviours": {"jaywalking": 0.5}, **LINE},
            {"name": "black", "behaviours": {"red_light": 0.5}, "score_below": 99, **LINE},
        ], sanctions=_treatments("deny", {"list": "black"}, ("train",)), rewards=None,
    )),
    Case("rewards-at-start", harsh(
        score=without_part("score", start=120), lists=None,
        sanctions=_treatments("deny", {"tier": "good"}, ("loan",)),
        rewards=_treatments("favour", {"tier": "best"}, ("hospital", "rental")),
    )),
    Case("low-at-start", harsh(score=without_part("score", start=80))),
    Case("at-the-bounds", harsh(
        score=without_part("score", floor=80, ceiling=119), expiry=None,
    )),
    Case("below-zero", harsh(
        score=without_part("score", start=0, floor=-60, ceiling=40), lists=None,
        sanctions=_treatments("deny", {"tier": "worst"}, ("loan", "hospital")), rewards=None,
        tiers=[
            {"name": "best", "at_least": 10, **LINE}, {"name": "worst", "at_least": -60, **LINE},
        ],
        low_tier="worst",
    )),
    Case("no-shaming-friends-household", harsh(shaming=None, friends=None, household=None)),
    Case("household-denies", harsh(
        household=without_part("household", denies=["school", "public_job", "passport"]),
        rewards=None, sanctions=_treatments("deny", {"list": "debtors"}, ("passport", "flight")),
    )),
    Case("friends-every-8", harsh(friends=without_part("friends", period_weeks=8)), {
        "reflection_weeks": 2,
    }, weeks=12),
    *(Case(f"without-{name}", harsh(), without=(name,), weeks=6) for name in MECHANISM_NAMES),
)  # fmt: skip
