"""Paired differences are those of runs of their own; a stop costs little, a failure one member."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np
import polars as pl
import pytest

sys.path.insert(0, str(Path(__file__).parent))
from print_check import cannot_be_read
from worlds import MIDWAY, MIDWEEK, START, WEEKS, Told, world

import glasstown as gt
from glasstown.engine.country import Country
from glasstown.engine.measures import CAUSES, INDEX
from glasstown.errors import InputError
from glasstown.lab.comparison.comparing import compare
from glasstown.lab.comparison.comparison import Comparison
from glasstown.lab.comparison.differences import estimate, variance_factor
from glasstown.lab.comparison.transitions import STATES, crossed, transitions
from glasstown.lab.outcomes import BY_NAME, NOT_EXCLUDED, national
from glasstown.lab.rollout import Timetable
from glasstown.lab.scenario import load_scenario
from glasstown.lab.seeds import seeds_of
from glasstown.society.compilation import compile_society

SEEDS = 3
LEFT_OUT = "test without misidentification"


def from_scratch(scenario, seed: int) -> tuple[str, np.ndarray]:
    """Return digest and national sums of a run that knows nothing of pairs."""
    society = compile_society(scenario.society, scenario.without)
    country = Country(society, Timetable(scenario, society), seed, workers=1)
    sums = national(list(country.weeks(scenario.weeks)))
    return country.digest(), sums


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("comparisons")


@pytest.fixture(scope="module")
def found(folder) -> Comparison:
    return compare(world(), without=[["misidentification"]], seeds=SEEDS, out=folder)


def test_every_member_is_the_run_of_its_own_to_the_byte(found) -> None:
    for one in found.worlds:
        for place, seed in enumerate(seeds_of(1, SEEDS)):
            assert found.digests[one.label][place] == from_scratch(one.scenario, seed)[0]


def test_a_difference_is_that_of_the_two_runs(found) -> None:
    values = []
    for one in found.worlds:
        runs = [from_scratch(one.scenario, seed)[1] for seed in seeds_of(1, SEEDS)]
        values.append([BY_NAME["excluded"].of(sums) for sums in runs])
    row = found.of("excluded")
    by = np.subtract(values[1], values[0])
    assert row.difference == estimate(by.tolist())
    assert row.first.mean == pytest.approx(np.mean(values[0]))
    assert row.factor == variance_factor(*values)
    assert row.difference.mean < 0


def test_citizens_add_up_to_the_tallies(found) -> None:
    """Adults crossed by cause sum to the shares that the tallies say."""
    one, first = found.transitions[LEFT_OUT], found.worlds[0].label
    whole = one.table.sum()
    for axis, label in ((1, first), (0, LEFT_OUT)):
        by_state = one.table.sum(axis=axis)
        for cause, share in found.causes[label].items():
            assert by_state[STATES.index(cause)] / whole == pytest.approx(share.mean, rel=0.02)
    parts = one.first_only.mean + one.other_only.mean + one.both.mean + one.neither.mean
    assert parts == pytest.approx(whole)
    assert one.first_only.mean > 10
    assert one.both.mean > 0


def test_causes_are_crossed_and_children_are_nobody() -> None:
    first = np.array([NOT_EXCLUDED, 0, 5, 5, NOT_EXCLUDED], np.int8)
    other = np.array([NOT_EXCLUDED, 0, NOT_EXCLUDED, 0, 2], np.int8)
    table = crossed(first, other, adults=4)
    assert table.sum() == 4
    by = {(a, b): table[STATES.index(a), STATES.index(b)] for a in STATES for b in STATES}
    assert by[CAUSES[5], STATES[0]] == by[CAUSES[5], CAUSES[0]] == by[STATES[0], CAUSES[2]] == 1
    assert by[STATES[0], STATES[0]] == 0
    told = transitions([table, table])
    assert (told.first_only.mean, told.other_only.mean, told.both.mean) == (1, 1, 2)


def test_a_stopped_comparison_goes_on_where_it_was(found, tmp_path) -> None:
    told = Told(stops_after=2 * WEEKS + 3)
    stopped = compare(
        world(), without=[["misidentification"]], seeds=SEEDS, out=tmp_path, progress=told
    )
    assert (stopped.seeds_done, stopped.is_complete, told.is_over) == (1, False, True)
    assert told.weeks == 2 * WEEKS + 3
    assert stopped.of("excluded").difference.seeds == 1
    again = Told()
    whole = compare(
        world(), without=[["misidentification"]], seeds=SEEDS, out=tmp_path, progress=again
    )
    assert again.total == again.weeks == 4 * WEEKS
    assert whole.as_data() == found.as_data()
    assert whole.weekly.equals(found.weekly)


def test_a_stop_before_the_first_seed_is_an_interruption(tmp_path) -> None:
    with pytest.raises(KeyboardInterrupt):
        compare(world(), without=[["speech"]], seeds=2, out=tmp_path, progress=Told(stops_after=3))


def test_members_are_kept_for_other_comparisons_and_torn_ones_are_run_again(found, folder) -> None:
    told = Told()
    compare(world(), without=[["speech"]], seeds=SEEDS, out=folder, progress=told)
    assert told.total == SEEDS * WEEKS  # the first world is there already
    torn = sorted((folder / "members").glob("*.npz"))[0]
    torn.write_bytes(torn.read_bytes()[:100])
    again = compare(world(), without=[["misidentification"], ["speech"]], seeds=SEEDS, out=folder)
    assert again.of("excluded", LEFT_OUT) == found.of("excluded")


def test_a_failed_member_is_a_record_and_its_seed_no_pair(found, monkeypatch) -> None:
    advance, seeds = Country.advance, seeds_of(1, SEEDS)

    def failing(country: Country):
        is_left_out = country.regimes.schemes[0].false_matches[0] == ()
        if country.seed == seeds[1] and country.week == 5 and is_left_out:
            raise MemoryError("no room")
        return advance(country)

    monkeypatch.setattr(Country, "advance", failing)
    told = compare(world(), without=[["misidentification"]], seeds=SEEDS)
    assert told.failures == (f"{LEFT_OUT}, seed 2: MemoryError: no room",)
    assert told.is_complete
    assert told.digests[LEFT_OUT] == [found.digests[LEFT_OUT][0], None, found.digests[LEFT_OUT][2]]
    assert told.digests["test"] == found.digests["test"]
    assert told.of("excluded").difference.seeds == 2
    json.dumps(told.as_data(), allow_nan=False)


def test_a_world_that_always_fails_is_told_and_no_row(monkeypatch) -> None:
    def failing(country: Country):
        raise RuntimeError("broken")

    monkeypatch.setattr(Country, "advance", failing)
    told = compare(world(), without=[["misidentification"]], seeds=2)
    assert len(told.failures) == 5
    assert told.failures[-1] == f"{LEFT_OUT}: no seed came through both worlds"
    assert told.differences == ()
    with pytest.raises(InputError, match="no outcome 'excluded'"):
        told.of("excluded")


def test_a_scheme_that_takes_over_shares_its_past() -> None:
    told = Told()
    one = compare(world(), "none", since=MIDWAY, seeds=2, progress=told,
                  citizens=1_500, weeks=WEEKS, start=START)  # fmt: skip
    label = f"none from {MIDWAY}"
    assert told.total == told.weeks == 2 * (2 * WEEKS - MIDWEEK)
    assert one.weeks_shared == MIDWEEK
    assert one.partings[label].week == MIDWEEK
    phases = [{"since": START, "scheme": world()["scheme"]}, {"since": MIDWAY, "scheme": "none"}]
    alone = load_scenario(world(rollout=phases))
    for place, seed in enumerate(seeds_of(1, 2)):
        assert one.digests[label][place] == from_scratch(alone, seed)[0]
    weekly = one.weekly.filter(pl.col("outcome") == "excluded").pivot("world", index="week",
                                                                      values="mean")  # fmt: skip
    before = weekly.filter(pl.col("week") <= MIDWEEK)
    assert before["test"].equals(before[label])
    assert weekly[label][-1] == 0 < weekly["test"][-1]


def test_worlds_that_never_part_differ_in_nothing() -> None:
    one = compare(world(), without=[["cash_end"]], seeds=2)
    assert one.partings["test without cash_end"] is None
    for row in one.differences:
        assert row.difference[:3] == (0, 0, 0)
        assert row.factor.value is None


def test_the_factor_of_pairing_is_the_textbook_one() -> None:
    x, y = [1.0, 2.0, 4.0, 5.0], [1.5, 2.0, 4.5, 6.0]
    told = variance_factor(x, y)
    unpaired = np.var(x, ddof=1) + np.var(y, ddof=1)
    assert told.value == pytest.approx(unpaired / np.var(np.subtract(x, y), ddof=1))
    assert told.low < told.value < told.high
    assert variance_factor(y, x)[:3] == pytest.approx(told[:3])
    scaled = variance_factor([1e-3 * one for one in x], [1e-3 * one for one in y])
    assert scaled[:3] == pytest.approx(told[:3])


def test_its_interval_holds_the_true_factor_as_often_as_it_says() -> None:
    """Normal pairs with a known factor: 95 % of the intervals hold it, and one of no use fails."""
    random, true, held, held_by_half = np.random.default_rng(3), 0, 0, 0
    cov = np.array([[1.0, 0.9 * 1.2], [0.9 * 1.2, 1.44]])
    true = (cov[0, 0] + cov[1, 1]) / (cov[0, 0] + cov[1, 1] - 2 * cov[0, 1])
    trials = 1500
    for _ in range(trials):
        x, y = random.multivariate_normal([0, 0], cov, size=8).T
        told = variance_factor(x.tolist(), y.tolist())
        held += told.low <= true <= told.high
        middle = told.value / 1.3, told.value * 1.3
        held_by_half += middle[0] <= true <= middle[1]
    assert 0.935 <= held / trials <= 0.965
    assert held_by_half / trials < 0.9


def test_where_nothing_varies_there_is_no_factor() -> None:
    assert variance_factor([0.0, 0.0, 0.0], [0.0, 0.0, 0.0]).note == "nothing varies"
    assert variance_factor([1.0, 2.0, 3.0], [1.0, 2.0, 3.0]).note == "no pair differs"
    assert variance_factor([1.0, 2.0, 3.0], [2.0, 3.0, 4.0]).note == "the difference never varies"
    assert variance_factor([1.0], [2.0]).note == "too few seeds"
    assert variance_factor([1.0, 2.0], [2.0, 2.0]).low is None


def test_a_world_without_anybody_shut_out_leaves_nothing_to_pair() -> None:
    """Against a constant the factor is one: no luck is shared with it."""
    told = variance_factor([3.0, 4.0, 6.0, 5.0], [0.0, 0.0, 0.0, 0.0])
    assert told[:3] == pytest.approx((1.0, 1.0, 1.0))


def test_it_works_from_the_package() -> None:
    small = {"weeks": 5, "society": {"citizens": 1_000}}
    one = gt.compare({"from": "total-2020", **small}, {"from": "reform", **small}, seeds=2)
    assert isinstance(one, gt.Comparison)
    assert one.frame.height == len(BY_NAME) - 1  # reform has no score to compare
    assert set(one.frame["world"]) == {"reform"}
    assert one.weekly["week"].max() == 5
    assert one.worlds[0].scenario.weeks == 5
    assert INDEX["adults"] == 0
    with pytest.raises(InputError, match="since: must be a date"):
        gt.compare("total-2020", "reform", since="spring", seeds=2)


def test_its_charts_are_given_by_name_and_read_on_grey_paper(found):
    assert found.charts()
    for name, one in found.charts().items():
        assert found.chart(name).finding == one.finding
        assert any(c.isdigit() for c in one.finding), name
        assert not cannot_be_read(one.drawing), name
