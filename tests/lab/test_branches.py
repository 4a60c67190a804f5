"""A what-if that shares its past is the run from scratch, to the byte; only its future costs."""

from __future__ import annotations

import numpy as np
import pytest

from glasstown.engine.country import Country
from glasstown.engine.measures import CAUSES, INDEX, OWN_CAUSES
from glasstown.lab.branches import Leaf, digest_of, grow, parting, prepared, weeks_to_run
from glasstown.lab.outcomes import NOT_EXCLUDED, national
from glasstown.lab.rollout import Timetable
from glasstown.lab.scenario import Scenario, load_scenario
from glasstown.society.compilation import compile_society

WEEKS, START = 24, "2018-01-03"
MIDWAY = "2018-04-04"  # the first day of week 13 from 0
WEEK = 13
PLAIN = {
    "scheme": "total-2020", "start": START, "weeks": WEEKS,
    "society": {"citizens": 5_000, "gather_effort": 0, "mobilise_above": 100},  # so that some join
}  # fmt: skip
BEGIN = {"since": START}
WHAT_IFS = {
    "switch-off": {"rollout": [BEGIN, {"since": MIDWAY, "scheme": "none"}]},
    "one region": {"rollout": [BEGIN, {"since": MIDWAY, "scheme": "none", "regions": ["Beijing"]}]},
    "changed scheme": {
        "rollout": [
            BEGIN,
            {"since": MIDWAY, "scheme": {"from": "total-2020", "friends": {"points": -2}}},
        ]
    },
    "spark": {"spark": [MIDWAY]},
}


def scenario(**changes) -> Scenario:
    return load_scenario({**PLAIN, **changes})


def from_scratch(given: Scenario, seed: int) -> tuple[str, np.ndarray]:
    """Return digest and national sums of a run that knows nothing of branches."""
    society = compile_society(given.society, given.without)
    country = Country(society, Timetable(given, society), seed, workers=1)
    sums = national(list(country.weeks(given.weeks)))
    return country.digest(), sums


@pytest.fixture(scope="module")
def together() -> tuple[list[Scenario], dict[int, tuple[Leaf, str]], int]:
    """Return the plain scenario and all what-ifs, run together, and how many weeks that took."""
    scenarios = [scenario(), *(scenario(**one) for one in WHAT_IFS.values())]
    told: list[int] = []
    leaves = {}
    for leaf in grow(prepared(scenarios), 7, workers=2, told=lambda: told.append(1)):
        for place in leaf.places:
            leaves[place] = (leaf, leaf.digest)
    return scenarios, leaves, len(told)


@pytest.mark.parametrize("place", range(len(WHAT_IFS) + 1), ids=["plain", *WHAT_IFS])
def test_a_branch_is_the_run_from_scratch_to_the_byte(together, place):
    scenarios, leaves, _ = together
    digest, sums = from_scratch(scenarios[place], 7)
    assert leaves[place][1] == digest
    np.testing.assert_array_equal(leaves[place][0].sums, sums)


def test_each_what_if_really_differs(together):
    _, leaves, _ = together
    digests = [digest for _, digest in leaves.values()]
    assert len(set(digests)) == len(WHAT_IFS) + 1


def test_what_is_shared_is_simulated_once(together):
    scenarios, _, told = together
    branches = prepared(scenarios)
    # The spark's week is the same but for the spark.
    assert told == weeks_to_run(branches) == WEEK + (len(WHAT_IFS) + 1) * (WEEKS - WEEK)
    for one in branches[1:]:
        assert parting(branches[0], one).week == WEEK
    assert "gathering" in parting(branches[0], branches[4]).what
    assert parting(branches[0], branches[1]).what == (
        f"from {MIDWAY} on, what holds in 62 of 62 zones differs"
    )
    assert "2 of 62 zones" in parting(branches[0], branches[2]).what


def test_a_mechanism_with_nothing_to_do_is_the_same_run():
    plain, idle = scenario(), scenario(without=["cash_end"])
    later = [scenario(rollout=[{"since": MIDWAY}], without=one) for one in ([], ["friends"])]
    branches = prepared([plain, idle, *later])
    assert parting(branches[0], branches[1]) is None
    assert parting(branches[2], branches[3]).week == WEEK
    assert weeks_to_run(branches[:2]) == WEEKS
    assert weeks_to_run(branches[2:]) == WEEKS + (WEEKS - WEEK)


def test_another_society_shares_nothing():
    branches = prepared([scenario(), scenario(without=["conformity"])])
    assert parting(*branches) == (0, "the society, or a mechanism of it, differs")
    assert weeks_to_run(branches) == 2 * WEEKS


def test_dates_of_a_scheme_to_come_are_kept_as_its_own_run_keeps_them():
    """Coverage that grows by its own dates must not leak from one plan to the other."""
    both = [
        scenario(),
        scenario(rollout=[BEGIN, {"since": MIDWAY, "scheme": "sesame"}]),
    ]
    for leaf in grow(prepared(both), 3, workers=1):
        assert leaf.digest == from_scratch(both[leaf.places[0]], 3)[0]


def test_who_is_excluded_is_told_by_citizen_and_adds_up(together):
    _, leaves, _ = together
    leaf = next(one for one, _ in leaves.values() if 0 in one.places)
    causes = leaf.causes()
    assert causes.shape == (5_000,)
    last = leaf.sums[-1]
    for cause in OWN_CAUSES:
        counted = int((causes == CAUSES.index(cause)).sum())
        assert counted == last[INDEX[f"excluded_{cause}"]], cause
    assert (causes != NOT_EXCLUDED).any()


def test_runs_of_unlike_length_are_refused():
    with pytest.raises(ValueError, match="equally many weeks"):
        prepared([scenario(), scenario(weeks=WEEKS + 1)])


def test_digests_tell_values_apart():
    values = [(1, 2), (12,), ("1", 2), ((1,), 2), np.array([1, 2]), np.array([1, 2], np.int32)]
    assert len({digest_of(one) for one in values}) == len(values)
    assert digest_of([1, (2, np.zeros(3))]) == digest_of([1, (2, np.zeros(3))])
