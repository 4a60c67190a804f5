"""Ties: symmetric, within their scope, with the declared degrees, connected and clustered.

Degrees in closed form. Sociability S has four planes, each bit set with probability q, so
E[S] = 15 q and Var[S] = 85 q (1 - q). An end with sociability s is open to a tie with
probability p = (s + 1) / 16, of mean P = (15 q + 1) / 16 and variance V = 85 q (1 - q) / 256.
A tie needs both ends, and partners differ, so given s the degree over the eleven free ties is
binomial with a = p P. Over all: mean 11 P^2, variance 11 (E[a] - E[a^2]) + 121 P^2 V with
E[a] = P^2 and E[a^2] = P^2 (V + P^2).
"""

from __future__ import annotations

from collections.abc import Iterator
from math import comb
from typing import NamedTuple

import numpy as np
import pytest
from countries import country

from glasstown.engine.kernels import kernel
from glasstown.engine.listed import household_words
from glasstown.engine.meeting import block_key_of, is_itself, open_there, partner, present_in
from glasstown.engine.packing import pack_worlds
from glasstown.engine.words import first_lanes, swap_lanes
from glasstown.engine.world import week_keys
from glasstown.laws.draws import PEOPLE, stream
from glasstown.society.layout import BLOCKS, FIRST_BLOCK, REGION
from glasstown.society.ties import (
    COMMUNITY,
    FIRST_ACQUAINTANCE,
    FIRST_COLLEAGUE,
    FIRST_ONLINE,
    FREE_TIES,
    HOUSEHOLD_TIES,
    TIES,
    four_bits,
    neighbour_mask,
    permute,
    sociability_word,
    unpermute,
)

LANES = np.arange(64)


class Ties(NamedTuple):
    """By tie (3 to 13, from 0) and block: partner block, mask, lanes that have the tie, lanes that
    could have it; by the three household ties and block: lanes that have it."""

    other: np.ndarray
    mask: np.ndarray
    live: np.ndarray
    possible: np.ndarray
    home: np.ndarray
    present: np.ndarray


@kernel()
def fill_ties(worlds, state, keys, other, mask, live, possible, home, present):
    world = worlds[0]
    for block in range(other.shape[1]):
        key = block_key_of(world, state, block)
        here = first_lanes(present_in(world, state, block))
        present[block] = here
        home[0, block], home[1, block], home[2, block] = household_words(stream(keys[PEOPLE], key))
        for i in range(3):
            home[i, block] &= here & swap_lanes(here, i + 1)
        for i in range(other.shape[0]):
            tie = i + HOUSEHOLD_TIES
            met = partner(world, state, keys, block, key, tie)
            other[i, block], mask[i, block] = met >> 6, met & 63
            live[i, block] = possible[i, block] = np.uint64(0)
            if is_itself(block, met >> 6, met & 63):
                continue
            there = first_lanes(present_in(world, state, met >> 6))
            possible[i, block] = here & swap_lanes(there, met & 63)
            live[i, block] = open_there(world, state, keys, block, tie) & swap_lanes(
                open_there(world, state, keys, met >> 6, tie), met & 63
            )


@kernel()
def join(other, mask, live, home, first_tie, last_tie, root):
    """Union-find over all ties of kinds first to last, households with kind 3."""
    for block in range(other.shape[1]):
        for lane in range(64):
            one = block * 64 + lane
            for i in range(3):
                if first_tie == 0 and (home[i, block] >> np.uint64(lane)) & np.uint64(1):
                    unite(root, one, one ^ (i + 1))
            for i in range(first_tie, last_tie):
                if (live[i, block] >> np.uint64(lane)) & np.uint64(1):
                    unite(root, one, other[i, block] * 64 + (lane ^ mask[i, block]))
    for one in range(root.shape[0]):
        root[one] = find(root, one)


@kernel()
def find(root, one):
    while root[one] != one:
        root[one] = root[root[one]]
        one = root[one]
    return one


@kernel()
def unite(root, one, two):
    a, b = find(root, one), find(root, two)
    if a < b:
        root[b] = a
    else:
        root[a] = b


@kernel()
def partners_of(other, mask, live, home, one, found):
    """Write the partners of a citizen; return how many."""
    block, lane, n = one >> 6, one & 63, 0
    for i in range(3):
        if (home[i, block] >> np.uint64(lane)) & np.uint64(1):
            found[n] = one ^ (i + 1)
            n += 1
    for i in range(other.shape[0]):
        if (live[i, block] >> np.uint64(lane)) & np.uint64(1):
            found[n] = other[i, block] * 64 + (lane ^ mask[i, block])
            n += 1
    return n


@kernel()
def count_triangles(other, mask, live, home, every, found, theirs, out):
    """Count pairs of partners (out[0]) and those that are tied themselves (out[1])."""
    for one in range(0, other.shape[1] * 64, every):
        n = partners_of(other, mask, live, home, one, found)
        for i in range(n):
            m = partners_of(other, mask, live, home, found[i], theirs)
            for j in range(i):
                if found[j] == found[i]:
                    continue
                out[0] += 1
                for k in range(m):
                    if theirs[k] == found[j]:
                        out[1] += 1
                        break


def ties_of(citizens: int, seed: int = 1, **society) -> tuple[Ties, object]:
    made = country(citizens=citizens, **society)
    blocks = made.society.layout.blocks
    shape = (FREE_TIES, blocks)
    ties = Ties(
        np.zeros(shape, np.int64), np.zeros(shape, np.int64), np.zeros(shape, np.uint64),
        np.zeros(shape, np.uint64), np.zeros((3, blocks), np.uint64), np.zeros(blocks, np.uint64),
    )  # fmt: skip
    fill_ties(pack_worlds([made.world]), made.state, week_keys(seed, 0), *ties)
    return ties, made.society.layout.places


def lanes(words: np.ndarray) -> np.ndarray:
    """Return the bits of words, one lane each."""
    shape = (*words.shape, 64)
    octets = np.ascontiguousarray(words).view(np.uint8).reshape(*words.shape, 8)
    return np.unpackbits(octets, axis=-1, bitorder="little").reshape(shape).astype(bool)


@pytest.fixture(scope="module")
def small() -> tuple[Ties, object]:
    return ties_of(30_011)


@pytest.fixture(scope="module")
def million() -> tuple[Ties, object]:
    return ties_of(1_000_000)


def test_every_tie_of_every_citizen_is_symmetric(small) -> None:
    ties, _ = small
    blocks = np.arange(ties.other.shape[1])
    live, possible = lanes(ties.live), lanes(ties.possible)
    for i in range(FREE_TIES):
        other, mask = ties.other[i], ties.mask[i]
        assert (ties.other[i, other] == blocks).all()
        assert (ties.mask[i, other] == mask).all()
        # The citizen (block, lane) has the tie exactly where (other, lane ^ mask) has it.
        there = LANES ^ mask[:, None]
        assert (live[i] == live[i][other[:, None], there]).all()
        assert (possible[i] == possible[i][other[:, None], there]).all()
    assert (ties.mask != np.roll(ties.mask, 1, axis=1)).any()


def test_nobody_is_tied_to_themselves_or_to_padding(small) -> None:
    ties, _ = small
    present = lanes(ties.present)
    live = lanes(ties.live)
    for i in range(FREE_TIES):
        itself = (ties.other[i] == np.arange(ties.other.shape[1])) & (ties.mask[i] == 0)
        assert not live[i][itself].any()
        assert not live[i][~present].any()
        assert not live[i][~present[ties.other[i][:, None], LANES ^ ties.mask[i][:, None]]].any()
    assert present.sum() == 30_011


def test_kinds_stay_within_their_scope(small) -> None:
    ties, places = small
    block = np.arange(ties.other.shape[1])
    zone = places.block_zone.astype(int)
    community = (block - places.zones[zone, FIRST_BLOCK]) // COMMUNITY
    region = places.zones[zone, REGION]
    for i in range(FREE_TIES):
        other, tie = ties.other[i], i + HOUSEHOLD_TIES
        if tie < FIRST_COLLEAGUE:
            assert (other == block).all()
            assert (ties.mask[i] >= 4).all()  # never inside the quad, where households are
        elif tie < FIRST_ACQUAINTANCE:
            assert (zone[other] == zone).all()
            assert (community[other] == community).all()
        elif tie < FIRST_ONLINE:
            assert (region[other] == region).all()
            assert (zone[other] != zone).any()
        else:
            assert (region[other] != region).mean() > 0.8


def test_partners_fill_their_scope(million) -> None:
    """Communities of 64 blocks pair off all; a region or country leaves at most one block over."""
    ties, places = million
    block = np.arange(ties.other.shape[1])
    zone = places.block_zone.astype(int)
    place = block - places.zones[zone, FIRST_BLOCK]
    is_whole = place // COMMUNITY * COMMUNITY + COMMUNITY <= places.zones[zone, BLOCKS]
    for i in range(FIRST_COLLEAGUE - HOUSEHOLD_TIES, FIRST_ACQUAINTANCE - HOUSEHOLD_TIES):
        assert (ties.other[i] != block)[is_whole].all()
    for i in range(FIRST_ACQUAINTANCE - HOUSEHOLD_TIES, FREE_TIES):
        alone = ties.other[i] == block
        if i + HOUSEHOLD_TIES < FIRST_ONLINE:
            assert np.bincount(places.zones[zone, REGION][alone], minlength=31).max() <= 1
        else:
            assert alone.sum() == len(block) % 2


def test_colleagues_are_cliques_of_four(million) -> None:
    ties, _ = million
    first, second, third = (
        (ties.other[i], ties.mask[i]) for i in range(3, FIRST_ACQUAINTANCE - HOUSEHOLD_TIES)
    )
    block = np.arange(len(first[0]))
    whole = (first[0] != block) & (second[0] != block) & (third[0] != block)
    assert whole.mean() > 0.95
    # Going along tie 1 and then 2 leads where 3 leads.
    assert (second[0][first[0]] == third[0])[whole].all()
    assert ((first[1] ^ second[1][first[0]]) == third[1])[whole].all()


def test_full_sociability_gives_every_possible_tie() -> None:
    ties, _ = ties_of(30_011, sociability=1.0)
    assert (ties.live == ties.possible).all()
    # Of eleven; this small country has many odd scopes and half-filled last blocks.
    assert lanes(ties.possible).sum(axis=0)[lanes(ties.present)].mean() > 10.3


def test_ties_depend_on_the_seed(small) -> None:
    ties, _ = small
    again, _ = ties_of(30_011, seed=2)
    assert (again.other[-1] == ties.other[-1]).mean() < 0.05
    # Masks are one of 60 or 64; 497 blocks give a standard error of 0.006.
    assert (again.mask == ties.mask).mean(axis=1).max() < 0.05


class Law(NamedTuple):
    """The closed form of this module's docstring."""

    mean: float
    variance: float
    shares: np.ndarray


def law(sociability: float) -> Law:
    q = sociability
    bits = np.array([bin(s).count("1") for s in range(16)])
    weight = q**bits * (1 - q) ** (4 - bits)
    p = (np.arange(16) + 1) / 16
    mean_open, variance_open = (15 * q + 1) / 16, 85 * q * (1 - q) / 256
    assert (weight * p).sum() == pytest.approx(mean_open)
    a, d = p * mean_open, np.arange(12)
    choose = np.array([comb(11, k) for k in d])
    shares = (weight[:, None] * choose * a[:, None] ** d * (1 - a[:, None]) ** (11 - d)).sum(axis=0)
    a2 = mean_open**2 * (variance_open + mean_open**2)
    variance = 11 * (mean_open**2 - a2) + 121 * mean_open**2 * variance_open
    return Law(11 * mean_open**2, variance, shares)


@pytest.mark.parametrize("sociability", [0.75, 0.5])
def test_degrees_are_those_of_the_closed_form(sociability: float, million) -> None:
    ties, _ = million if sociability == 0.75 else ties_of(1_000_000, sociability=sociability)
    possible, degree = lanes(ties.possible).sum(axis=0), lanes(ties.live).sum(axis=0)
    degree = degree[possible == FREE_TIES]  # all eleven partners exist: no end of a scope
    n, exact = len(degree), law(sociability)
    assert n > 850_000
    # Both ends of a tie count it, so errors are up to twice those of independent degrees.
    error = 2 * (exact.variance / n) ** 0.5
    assert degree.mean() == pytest.approx(exact.mean, abs=4 * error)
    assert degree.var() == pytest.approx(exact.variance, rel=0.01)
    found = np.bincount(degree, minlength=12) / n
    assert np.abs(found - exact.shares).max() < 4 * 2 * (0.25 / n) ** 0.5
    other = law(0.875)
    assert degree.mean() != pytest.approx(other.mean, abs=4 * error)
    assert np.abs(found - other.shares).max() > 0.01


def test_ends_of_scopes_cost_few_ties(million) -> None:
    ties, _ = million
    possible = lanes(ties.possible).sum(axis=0)[lanes(ties.present)]
    assert possible.mean() > 0.985 * FREE_TIES


def largest(ties: Ties, first: int, last: int) -> float:
    """Return the share of citizens with a tie who are in the largest component."""
    root = np.arange(ties.other.shape[1] * 64)
    join(*ties[:3], ties.home, first, last, root)
    words = np.bitwise_or.reduce(ties.live[first:last], axis=0)
    if first == 0:
        words = words | np.bitwise_or.reduce(ties.home, axis=0)
    tied = lanes(words).ravel()
    return np.bincount(root[tied]).max() / tied.sum()


def test_a_million_are_connected(million) -> None:
    ties, _ = million
    assert largest(ties, 0, FREE_TIES) > 0.999
    assert largest(ties, 0, FIRST_COLLEAGUE - HOUSEHOLD_TIES) < 0.001  # neighbours alone are not


def clustering(ties: Ties, every: int) -> float:
    """Return the share of pairs of partners of a citizen who are tied themselves."""
    found, theirs = np.zeros(TIES, np.int64), np.zeros(TIES, np.int64)
    out = np.zeros(2, np.int64)
    count_triangles(*ties[:3], ties.home, every, found, theirs, out)
    return out[1] / out[0]


def test_partners_of_one_citizen_know_each_other(million) -> None:
    ties, _ = million
    degree = lanes(ties.live).sum() / 1_000_000
    random_graph = degree / 1_000_000
    assert clustering(ties, 37) > 1000 * random_graph
    assert clustering(ties, 37) > 0.08
    far = ties._replace(live=ties.live.copy(), home=np.zeros_like(ties.home))
    far.live[: FIRST_ACQUAINTANCE - HOUSEHOLD_TIES] = 0
    assert clustering(far, 37) < 0.001  # acquaintances and online ties close no triangles


def keys(count: int) -> Iterator[int]:
    rng = np.random.default_rng(0)
    return iter(rng.integers(0, 2**64, count, dtype=np.uint64).tolist())


@pytest.mark.parametrize("n", [*range(1, 66), 100, 127, 128, 129, 200])
def test_the_permutation_is_a_bijection_with_its_inverse(n: int) -> None:
    for key in (0, 2**64 - 1, *keys(1)):
        places = [permute(key, n, position) for position in range(n)]
        assert sorted(places) == list(range(n))
        assert [unpermute(key, n, place) for place in places] == list(range(n))


@kernel()
def permute_all(key, most, out):
    for n in range(1, most + 1):
        for position in range(n):
            place = permute(key, n, position)
            out[n, place] += 1
            if unpermute(key, n, place) != position:
                out[n, place] += 100


def test_all_sizes_to_300_are_permuted() -> None:
    for key in keys(20):
        out = np.zeros((301, 301), np.int64)
        permute_all(np.uint64(key), 300, out)
        assert (out == (np.arange(301) < np.arange(301)[:, None])).all()


@kernel()
def permute_one(keys, n, position, out):
    for i in range(keys.shape[0]):
        out[i] = permute(keys[i], n, position)


@pytest.mark.parametrize("n", [4, 7, 31, 64])
def test_a_position_goes_everywhere_alike(n: int) -> None:
    some = np.random.default_rng(3).integers(0, 2**64, 40_000, dtype=np.uint64)
    out = np.zeros(len(some), np.int64)
    for position in (0, n - 1):
        permute_one(some, n, position, out)
        assert abs(places_z(out, n)) < 4
    assert places_z(np.minimum(out + 1, n - 1), n) > 20


def places_z(places: np.ndarray, n: int) -> float:
    counts = np.bincount(places, minlength=n)
    expected = len(places) / n
    return float((((counts - expected) ** 2 / expected).sum() - (n - 1)) / (2 * (n - 1)) ** 0.5)


def test_neighbours_are_never_of_the_quad_and_close_cliques() -> None:
    for bits in keys(3000):
        one, two, three = (neighbour_mask(bits, which) for which in (1, 2, 3))
        assert one ^ two == three
        assert len({one >> 2, two >> 2, three >> 2, 0}) == 4
        assert all(0 < mask < 64 for mask in (one, two, three))


@pytest.mark.parametrize(("mixing", "q"), [(1, 0.5), (2, 0.75), (3, 0.875)])
def test_sociability_has_its_mean(mixing: int, q: float) -> None:
    values = []
    for people in keys(300):
        planes = [sociability_word(people, plane, mixing) for plane in range(4)]
        values += [four_bits(*planes, lane) for lane in range(64)]
    error = (85 * q * (1 - q) / len(values)) ** 0.5
    assert np.mean(values) == pytest.approx(15 * q, abs=4 * error)
    assert np.mean(values) != pytest.approx(15 * (q + 0.02), abs=4 * error)


def test_mixing_zero_is_full_sociability() -> None:
    assert all(sociability_word(people, 2, 0) == 2**64 - 1 for people in keys(5))
