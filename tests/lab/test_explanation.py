"""Shares are exact, whoever counts them; what does nothing has none; a name is only a name."""

from __future__ import annotations

import json
import sys
from collections import Counter
from fractions import Fraction
from itertools import permutations
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parent))
from print_check import cannot_be_read
from worlds import MIDWAY, MIDWEEK, WEEKS, Told, world

import glasstown as gt
from glasstown.engine.country import Country
from glasstown.engine.measures import INDEX
from glasstown.errors import InputError
from glasstown.lab.branches import grow, prepared
from glasstown.lab.explanation.attribution import Attribution
from glasstown.lab.explanation.explaining import explain, kept_of
from glasstown.lab.explanation.explanation import Explanation
from glasstown.lab.explanation.fates import (
    alone,
    befallen,
    but_for,
    counted_fates,
    game_of,
    spared,
    tallied,
    way_in_words,
)
from glasstown.lab.explanation.shares import dividends, interactions, shapley
from glasstown.lab.outcomes import EXCLUDED, WRONG
from glasstown.lab.rollout import Timetable
from glasstown.lab.scenario import load_scenario
from glasstown.lab.standing import STANDINGS
from glasstown.society.compilation import compile_society

MECHANISMS = ("friends", "misidentification", "speech")
GAMES = st.integers(1, 5).flatmap(
    lambda m: st.lists(st.integers(-50, 50), min_size=1 << m, max_size=1 << m)
)


@pytest.fixture(scope="module")
def found() -> Explanation:
    return explain(world(), mechanisms=MECHANISMS, seeds=2)


def by_orders(game: list[int]) -> list[Fraction]:
    """Return Shapley shares as their definition says: the mean over all orders of switching on."""
    m = len(game).bit_length() - 1
    orders = list(permutations(range(m)))
    sums = [Fraction(0)] * m
    for order in orders:
        on = 0
        for k in order:
            sums[k] += game[on | 1 << k] - game[on]
            on |= 1 << k
    return [one / len(orders) for one in sums]


@given(GAMES)
def test_shares_are_the_mean_over_all_orders_and_add_up(game) -> None:
    shares = shapley(game)
    assert shares == by_orders(game)
    assert sum(shares) == game[-1] - game[0]


@given(GAMES, st.data())
def test_swapping_names_swaps_shares(game, data) -> None:
    m = len(game).bit_length() - 1
    order = data.draw(st.permutations(range(m)))
    renamed = [0] * len(game)
    for on, value in enumerate(game):
        renamed[sum(1 << order[k] for k in range(m) if on >> k & 1)] = value
    shares, others = shapley(game), shapley(renamed)
    assert [others[order[k]] for k in range(m)] == shares
    pairs, other_pairs = interactions(game), interactions(renamed)
    for (i, j), term in pairs.items():
        first, second = sorted((order[i], order[j]))
        assert other_pairs[first, second] == term


@given(GAMES, st.integers(0, 5))
def test_what_does_nothing_gets_exactly_zero(game, place) -> None:
    m = len(game).bit_length() - 1
    place = min(place, m)
    low = (1 << place) - 1
    idle = [game[(on & low) | (on >> 1 & ~low)] for on in range(2 * len(game))]
    shares = shapley(idle)
    assert shares[place] == 0
    assert shares[:place] + shares[place + 1 :] == shapley(game)
    assert all(term == 0 for pair, term in interactions(idle).items() if place in pair)


@given(GAMES)
def test_dividends_make_up_every_world_and_the_shares(game) -> None:
    """Harsanyi 1963: a world's value is the sum over its subsets; a share splits each evenly."""
    parts = dividends(game)
    for on, value in enumerate(game):
        assert sum(part for sub, part in enumerate(parts) if sub & on == sub) == value
    m = len(game).bit_length() - 1
    shares = [
        sum((Fraction(part, on.bit_count()) for on, part in enumerate(parts) if on >> k & 1),
            Fraction(0))
        for k in range(m)
    ]  # fmt: skip
    assert shares == shapley(game)
    for (i, j), term in interactions(game).items():
        both = 1 << i | 1 << j
        whole = sum((Fraction(part, on.bit_count() - 1) for on, part in enumerate(parts)
                     if on & both == both), Fraction(0))  # fmt: skip
        assert term == whole  # Grabisch and Roubens 1999, from the dividends


def test_a_game_of_the_wrong_size_is_refused() -> None:
    with pytest.raises(ValueError, match="2\\^m values, not 3"):
        shapley([0, 1, 2])


def test_fates_keep_every_world_of_every_citizen() -> None:
    random = np.random.default_rng(1)
    worlds = random.random((8, 1_003)) < 0.3
    bits = [np.packbits(one, bitorder="little") for one in worlds]
    fates = counted_fates(bits, 1_003)
    for on in range(8):
        np.testing.assert_array_equal(fates >> np.uint64(on) & np.uint64(1), worlds[on])
    tally = tallied(fates)
    assert game_of(tally, 8) == worlds.sum(axis=1).tolist()
    assert game_of(befallen(tally, 8), 8) == (worlds & worlds[7]).sum(axis=1).tolist()
    for k in range(3):
        off = worlds[7 ^ 1 << k]
        assert but_for(tally, 8, k) == (worlds[7] & ~off).sum()
        assert spared(tally, 8, k) == (~worlds[7] & off).sum()
        assert alone(tally, k) == (worlds[1 << k] & ~worlds[0]).sum()


def test_six_mechanisms_fill_the_word() -> None:
    bits = [np.packbits([on == 63, on != 63], bitorder="little") for on in range(64)]
    assert counted_fates(bits, 2).tolist() == [1 << 63, (1 << 63) - 1]
    assert shapley(game_of({1 << 63: 6}, 64)) == [1] * 6


def test_ways_are_told_by_what_is_enough() -> None:
    names = ["a", "b", "c"]
    fate = sum(1 << on for on in range(8) if on & 1 or on & 6 == 6)
    assert way_in_words(fate, names) == "a, or b and c together: either is enough"
    assert way_in_words(0b10000010, names) == "in a way that one mechanism opens and another closes"


def test_shares_add_up_to_the_total_effect_exactly(found) -> None:
    assert set(found.attributions) == set(STANDINGS)
    for one in found.attributions.values():
        rows = one.shares()
        assert sum(row.net_exact for row in rows) == one.total_exact
        assert one.total_exact == sum(game[-1] - game[0] for game in one.games)
        of_befallen = sum(game[-1] - game[0] for game in one.games_of_befallen)
        assert sum(row.exact for row in rows) == of_befallen
    assert all(row.exact > 0 for row in found.attributions["excluded"].shares())
    assert found.attributions["excluded"].befallen.mean > 20


def test_each_world_counts_those_that_its_own_run_tallies(found) -> None:
    """The bits of a world are the stocks of a run without those mechanisms."""
    seed, one = found.seeds[0], found.attributions
    for on in (0, 3, 7):
        off = [name for k, name in enumerate(MECHANISMS) if not on >> k & 1]
        leaf = next(grow(prepared([load_scenario(world(without=off))]), seed))
        last = leaf.sums[-1]
        counts = {"excluded": EXCLUDED, "excluded_wrongly": WRONG, "listed": ["listed"],
                  "low": ["low"]}  # fmt: skip
        for name, columns in counts.items():
            tallied_there = sum(int(last[INDEX[column]]) for column in columns)
            assert one[name].games[0][on] == tallied_there, (on, name)
    assert kept_of(leaf)["excluded"].nbytes == -(-1_500 // 8)  # one bit a citizen


def test_citizens_have_shares_that_add_up_to_the_country(found) -> None:
    one = found.attributions["excluded"]
    assert found.citizens.height == sum(game[-1] for game in one.games)
    for row in one.shares():
        assert found.citizens[row.mechanism].sum() == pytest.approx(float(row.exact))
    whole = sum(found.citizens[name] for name in MECHANISMS)
    anyway = found.citizens["fate"] % 2
    np.testing.assert_allclose(whole.to_numpy(), 1 - anyway.to_numpy(), atol=1e-9)
    assert found.citizens.select(pl.struct("seed", "citizen").is_unique().all()).item()


def test_named_in_another_order_they_have_the_same_shares(found) -> None:
    other = explain(world(), mechanisms=MECHANISMS[::-1], seeds=2)
    for name, one in found.attributions.items():
        assert {row.mechanism: row[1:] for row in one.shares()} == {
            row.mechanism: row[1:] for row in other.attributions[name].shares()
        }
        assert {frozenset(x[:2]): x.exact for x in one.pairs()} == {
            frozenset(x[:2]): x.exact for x in other.attributions[name].pairs()
        }


def test_a_mechanism_that_is_off_or_idle_gets_exactly_zero_and_costs_nothing() -> None:
    told = Told()
    one = explain(
        world(without=["misidentification"]), seeds=2, progress=told,
        mechanisms=["misidentification", "speech", "cash_end"],
    )  # fmt: skip
    assert told.total == told.weeks == 2 * 2 * WEEKS  # of eight worlds two are different
    for attribution in one.attributions.values():
        by = {row.mechanism: row for row in attribution.shares()}
        for name in ("misidentification", "cash_end"):
            assert by[name][1:] == tuple(
                Fraction(0) if isinstance(x, Fraction) else (0, 0, 0, 2) for x in by[name][1:]
            )
        assert by["speech"].net_exact == attribution.total_exact
    assert one.notes == (
        "misidentification is left out in the scenario itself: its share is zero.",
        "test has no cash_end: its share is zero.",
    )


def test_worlds_share_their_past_until_the_scheme_comes() -> None:
    told = Told()
    late = world(rollout=[{"since": MIDWAY}])
    one = explain(late, mechanisms=["misidentification", "speech"], seeds=1, progress=told)
    assert told.total == told.weeks == one.weeks_a_seed == MIDWEEK + 4 * (WEEKS - MIDWEEK)
    off = load_scenario({**late, "without": ["misidentification"]})
    society = compile_society(off.society, off.without)
    country = Country(society, Timetable(off, society), one.seeds[0])
    last = list(country.weeks(WEEKS))[-1].sum(axis=(0, 1))
    alone_there = sum(int(last[INDEX[column]]) for column in EXCLUDED)
    assert one.attributions["excluded"].games[0][2] == alone_there  # bit 1: speech alone on


def test_a_stopped_explanation_goes_on_where_it_was(found, tmp_path) -> None:
    asked = {"mechanisms": MECHANISMS, "seeds": 2, "out": tmp_path}
    stopped = explain(world(), **asked, progress=Told(stops_after=8 * WEEKS + 2 * WEEKS + 1))
    assert (stopped.seeds_done, stopped.seeds_shared, stopped.is_complete) == (1, 1, False)
    assert stopped.attributions["excluded"].shares()[0].share.low is None
    again = Told()
    whole = explain(world(), **asked, progress=again)
    assert again.total == 6 * WEEKS
    assert whole.as_data() == found.as_data()
    assert whole.citizens.equals(found.citizens)


def _failing(monkeypatch, seeds: set[int]) -> None:
    """Let worlds without misidentification fail in their fourth week, under some seeds."""
    advance = Country.advance

    def failing(country: Country):
        is_off = country.regimes.schemes[0].false_matches[0] == ()
        if country.seed in seeds and country.week == 3 and is_off:
            raise MemoryError("no room")
        return advance(country)

    monkeypatch.setattr(Country, "advance", failing)


def test_a_seed_with_a_failed_world_gives_no_shares_and_the_others_do(found, monkeypatch) -> None:
    _failing(monkeypatch, {found.seeds[0]})
    one = explain(world(), mechanisms=MECHANISMS, seeds=2)
    assert (one.seeds_done, one.seeds_shared) == (2, 1)
    assert len(one.failures) == 4
    assert one.failures[0] == (
        "seed 1, with all of them off: MemoryError: no room; no shares from it"
    )
    expected = Attribution("excluded", MECHANISMS, found.attributions["excluded"].fates[1:], (1,))
    assert one.attributions["excluded"].fates == expected.fates
    assert one.citizens.equals(found.citizens.filter(pl.col("seed") == 2))


def test_where_every_seed_has_a_failed_world_no_shares_are_given(found, monkeypatch) -> None:
    _failing(monkeypatch, set(found.seeds))
    one = explain(world(), mechanisms=MECHANISMS, seeds=2)
    assert one.attributions == {}
    assert one.citizens.height == one.seeds_shared == 0
    json.dumps(one.as_data(), allow_nan=False)
    from glasstown.lab.explanation.findings import explanation_found

    assert "No shares can be given" in explanation_found(one)[0]


@pytest.mark.parametrize(
    ("mechanisms", "words"),
    [
        (["freinds"], ["no 'freinds'", "Did you mean 'friends'?"]),
        ([], ["from 1 to 6", "0 are named"]),
        (["friends", "household", "firm", "speech", "appeal", "tiers", "lists"],
         ["2^6 = 64", "7 are named"]),
        (["friends", "friends"], ["'friends' is named twice"]),
        ("friends", ["must be a list of names, not the text 'friends'"]),
    ],
)  # fmt: skip
def test_mechanisms_that_cannot_be_used_are_told(mechanisms, words) -> None:
    with pytest.raises(InputError) as caught:
        explain("total-2020", mechanisms=mechanisms)
    for word in words:
        assert word in str(caught.value)


def test_by_default_the_usual_ones_that_there_are_are_asked_about() -> None:
    with pytest.raises(InputError, match="none has none of misidentification, friends"):
        explain("none")
    one = gt.explain({"scheme": "court-list", "weeks": 4}, citizens=1_000, seeds=1)
    assert isinstance(one, gt.Explanation)
    assert one.mechanisms == ("misidentification", "household")
    assert one.attributions["excluded"].total.low is None


def test_equal_fates_are_counted_together() -> None:
    assert tallied(np.array([3, 3, 0, 1], np.uint64)) == Counter({3: 2, 1: 1})


def test_its_charts_are_given_by_name_and_read_on_grey_paper(found):
    assert found.charts()
    for name, one in found.charts().items():
        assert found.chart(name).finding == one.finding
        assert any(c.isdigit() for c in one.finding), name
        assert not cannot_be_read(one.drawing), name
