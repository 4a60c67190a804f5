"""Every engine, with any number of workers, gives the bytes of the reference engine.

What can't run here shows as skipped in `test_matrix`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pytest
from engines_here import HERE
from harsh import firms, harsh, platform, without_firm, without_part
from hypothesis import given, settings
from hypothesis import strategies as st
from mechanism_cases import LISTS_ALONE, OTHER, VOLUNTARY, graced
from numpy.typing import NDArray
from stages import Stage
from varied import CASES, GROUPS, MIXED, UNEVEN, Case

from glasstown.engine.country import Country
from glasstown.engine.measures import FLOWS, INDEX, NAMES
from glasstown.engine.world import CHANGING
from glasstown.scheme.mechanisms import MECHANISM_NAMES

WORKERS = (1, 2, 4)
VARIANTS = [
    (engine, workers)
    for engine in HERE
    for workers in WORKERS
    if engine != "reference" or workers > 1
]
BY_NAME = {case.name: case for case in CASES}
SEVERAL_REFERENCES = ("uneven",)
"""The reference ignores how many workers it has; one case shows it."""
NEVER_FAVOURED = ("favoured_school",)
"""Flows that no case can fire: children alone ask for school, and no list or tier is theirs."""
SELDOM = (
    "listed", "listed_red", "shamed", "paying_cash", "falsifying", "silenced", "excluded_several",
    "hospital_first", "hospital_last", "tier_6", "mobilising", "noticed", "firms_black",
    "firms_red", "firm_tier_1", "firm_tier_5",
)  # fmt: skip
"""Stocks that some case fills."""

OTHERS = (OTHER, LISTS_ALONE, "none", harsh(**VOLUNTARY), harsh(lists=graced(2)))
"""Schemes that come into force in some zones of a drawn scenario."""

Week = tuple[str, NDArray[np.int64]]


def run(country: Country, weeks: int) -> list[Week]:
    """Return digest and tally of each week."""
    done = []
    for _ in range(weeks):
        tally = country.advance()
        done.append((country.digest(), tally))
    return done


@cache
def expected(name: str) -> tuple[list[Week], Country]:
    """Return what the reference engine with one worker does, and the country it leaves."""
    country = BY_NAME[name].country("reference")
    return run(country, BY_NAME[name].weeks), country


def column(case: Case, index: int) -> str:
    """Return what a column of the tally counts."""
    behaviours = case.compiled()[0].behaviours
    if index < len(NAMES):
        return NAMES[index]
    kind, which = divmod(index - len(NAMES), len(behaviours))
    return f"{('acted', 'booked')[kind]} {behaviours[which].name}"


def compare(case: Case, right: list[Week], there: Country, engine: str, workers: int) -> None:
    """Run a variant and fail at the first week, measure and zone that differ."""
    country = case.country(engine, workers)
    who = f"{engine} with {workers} workers differs from the reference in '{case.name}', week "
    for week, (digest, tally) in enumerate(right):
        got = country.advance()
        differing = np.argwhere(got != tally)
        if differing.size:
            zone, group, index = (int(x) for x in differing[0])
            pytest.fail(
                f"{who}{week}: {column(case, index)}, zone {zone}, group {group}:"
                f" {got[zone, group, index]}, not {tally[zone, group, index]}"
                f" (and {len(differing) - 1} more)"
            )
        if country.digest() != digest:
            where = parted(case, country)
            pytest.fail(f"{who}{week}: the tallies agree, the state does not; {where}")
    for name in CHANGING:
        np.testing.assert_array_equal(getattr(country.state, name), getattr(there.state, name))


def parted(case: Case, country: Country) -> str:
    """Say where two states differ first, the reference brought to the same week."""
    reference = case.country("reference")
    run(reference, country.week)
    for name in CHANGING:
        ours, theirs = getattr(country.state, name), getattr(reference.state, name)
        differing = np.argwhere(ours != theirs)
        if differing.size:
            where = tuple(differing[0])
            return f"{name}{[int(x) for x in where]} is {ours[where]}, not {theirs[where]}"
    return "an earlier week differed and healed"


@pytest.mark.parametrize("name", BY_NAME)
def test_every_engine_gives_the_bytes_of_the_reference(name: str) -> None:
    right, there = expected(name)
    for engine, workers in VARIANTS:
        if engine != "reference" or name in SEVERAL_REFERENCES:
            compare(BY_NAME[name], right, there, engine, workers)


def test_the_comparison_can_fail() -> None:
    case = BY_NAME["harsh"]
    right, there = expected("harsh")
    with pytest.raises(pytest.fail.Exception, match=r"week 0: \w+.*, zone \d+, group 0: \d+, not"):
        compare(replace(case, seed=case.seed + 1), right, there, "cpu", 1)


def test_seldom_paths_are_all_taken() -> None:
    totals = np.zeros(len(NAMES), np.int64)
    for name in BY_NAME:
        for _, tally in expected(name)[0]:
            totals += tally.sum(axis=(0, 1))[: len(NAMES)]
    never = [NAMES[i] for i in FLOWS if totals[i] == 0 and NAMES[i] not in NEVER_FAVOURED]
    assert never == []
    for stock in SELDOM:
        assert totals[INDEX[stock]] > 0, stock


@st.composite
def scenarios(draw: Any) -> Case:
    """Draw a scenario from the harsh scheme and a varied society."""
    points = st.integers(-60, 0).map(lambda tenths: tenths / 10)
    share = st.sampled_from((0.0, 0.1, 0.5, 1.0))
    changes: Mapping[str, Any] = {
        "friends": without_part(
            "friends", threshold_ties=draw(st.integers(1, 4)), points=draw(points),
            period_weeks=draw(st.sampled_from((1, 4, 8))),
        ),
        "household": without_part("household", points=draw(points)),
        "shaming": without_part("shaming", lowest_tier=draw(share), caution=draw(share)),
        "expiry": without_part("expiry", half_life_weeks=draw(st.integers(4, 60))),
        "appeal": without_part(
            "appeal", rate=draw(share), delay_weeks=draw(st.integers(1, 6)), correction=draw(share)
        ),
        "repair": without_part(
            "repair", after_weeks=draw(st.integers(0, 4)), points=draw(points.map(abs))
        ),
        "score": without_part(
            "score", start=draw(st.integers(70, 125)), floor=draw(st.integers(0, 70))
        ),
        "insiders": without_part(
            "insiders", dishonest=draw(share), caught=draw(share), points=draw(points.map(abs))
        ),
        "firms": firms(
            red_above=draw(st.integers(90, 140)), priority=draw(st.integers(1, 10)),
            exempt=draw(share), bars_bids=draw(st.booleans()),
            contagion=without_firm("contagion", owner_points=draw(points)),
        ),
        "platforms": {
            name: platform(hides_criticism=draw(share), hides_mobilisation=draw(share))
            for name in ("messenger", "microblog")
        },
        "lists": graced(draw(st.integers(0, 3))),
    }  # fmt: skip
    parts = [*sorted(changes), None]
    left_out = draw(st.sets(st.sampled_from(parts), max_size=2)) - {"score", "lists"}
    society = {
        "sociability": draw(st.sampled_from((0.5, 0.75, 0.875, 1.0))),
        "reflection_weeks": draw(st.sampled_from((1, 2, 4, 8))),
        "household_resemblance": draw(share),
        "groups": GROUPS[: draw(st.integers(0, 3))],
        "cut_above": draw(st.sampled_from((0.0, 0.2))),
        "cut_rate": draw(share),
        "mend_rate": draw(share),
        "caution_from_ties": draw(st.sampled_from((0.0, 0.1, 0.5))),
        "mobilise_above": draw(st.integers(0, 100)),
        "gather_effort": draw(st.integers(0, 200)),
        "gather_peers": draw(st.integers(0, 100)),
    }
    zones = st.sets(st.integers(0, 5), max_size=3).map(tuple)
    stages = (
        Stage(week, draw(st.sampled_from(OTHERS)), draw(zones))
        for week in sorted(draw(st.sets(st.integers(0, 4), max_size=2)))
    )
    return Case(
        "drawn",
        harsh(**{key: None if key in left_out else value for key, value in changes.items()}),
        society,
        draw(st.sampled_from((MIXED, UNEVEN))),
        tuple(sorted(draw(st.sets(st.sampled_from(MECHANISM_NAMES), max_size=3)))),
        weeks=5,
        seed=draw(st.integers(0, 2**64 - 1)),
        stages=tuple(stages),
        sparks=tuple(draw(st.sets(st.integers(0, 4), max_size=2))),
    )


@settings(max_examples=8)
@given(scenarios())
def test_any_scenario_gives_the_bytes_of_the_reference(case: Case) -> None:
    reference = case.country("reference")
    right = run(reference, case.weeks)
    for engine, workers in VARIANTS:
        if engine != "reference":
            compare(case, right, reference, engine, workers)
