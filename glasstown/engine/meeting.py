"""Ties for 64 citizens at once: the partner block of a kind, and who of the block has such a tie.

One partner serves a whole block, so a fact of 64 partners is one word, its lanes swapped by the
tie's mask.
"""

from __future__ import annotations

from typing import Any

from glasstown.engine.words import first_lanes, is_at_most, lanes_with_bit_clear, swap_lanes
from glasstown.engine.world import CUT, State, World
from glasstown.laws import law
from glasstown.laws.draws import MASK, SOCIABILITY, TIE, draw, fold, i64, u64
from glasstown.society import layout as at
from glasstown.society.ties import (
    COMMUNITY,
    FIRST_ACQUAINTANCE,
    FIRST_COLLEAGUE,
    FIRST_ONLINE,
    HOUSEHOLD_TIES,
    colleague,
    neighbour_mask,
    openness_word,
    pair_key,
    paired,
    sociability_word,
)


@law
def block_key_of(world: World, state: State, block: int) -> int:
    """Return the key of a block."""
    zone = i64(state.block_zone[block])
    return fold(world.places.zone_keys[zone], block - world.places.zones[zone, at.FIRST_BLOCK])


@law
def present_in(world: World, state: State, block: int) -> int:
    """Return how many lanes of a block are citizens, the rest being padding."""
    zones = world.places.zones
    zone = i64(state.block_zone[block])
    rest = zones[zone, at.CITIZENS] - 64 * (block - zones[zone, at.FIRST_BLOCK])
    return 64 if rest > 64 else rest


@law
def partner(world: World, state: State, keys: Any, block: int, block_key: int, tie: int) -> int:
    """Return partner block * 64 + lane mask of a tie (3 to 13)."""
    places = world.places
    zone = i64(state.block_zone[block])
    first = places.zones[zone, at.FIRST_BLOCK]
    if tie < FIRST_COLLEAGUE:
        mask = neighbour_mask(draw(keys[MASK], block_key, 0), tie - HOUSEHOLD_TIES + 1)
        return block * 64 + mask
    if tie < FIRST_ACQUAINTANCE:
        community = (block - first) // COMMUNITY
        start = first + community * COMMUNITY
        rest = first + places.zones[zone, at.BLOCKS] - start
        size = COMMUNITY if rest > COMMUNITY else rest
        scope = fold(fold(places.zone_keys[zone], at.COMMUNITY_KEY), community)
        which = tie - FIRST_COLLEAGUE + 1
        return start * 64 + colleague(scope ^ keys[MASK], keys[MASK], size, block - start, which)
    if tie < FIRST_ONLINE:
        region = places.zones[zone, at.REGION]
        start, size = places.regions[region, 0], places.regions[region, 1]
        scope = places.region_keys[region] ^ keys[MASK]
        return start * 64 + paired(scope, keys[MASK], size, block - start, tie)
    size = state.block_zone.shape[0]
    return paired(u64(at.COUNTRY_KEY) ^ keys[MASK], keys[MASK], size, block, tie)


@law
def tied_lanes(
    world: World, state: State, keys: Any, block: int, block_key: int, tie: int, other: int,
    mask: int,
) -> int:  # fmt: skip
    """Return the lanes of a block that have a tie of this kind (cut or not)."""
    if other == block and mask == 0:
        return u64(0)
    other_key = block_key if other == block else block_key_of(world, state, other)
    pair = pair_key(block_key, other_key) if block <= other else pair_key(other_key, block_key)
    key, sociable = keys[TIE], keys[SOCIABILITY]
    u0, u1 = openness_word(key, pair, tie, 0), openness_word(key, pair, tie, 1)
    u2, u3 = openness_word(key, pair, tie, 2), openness_word(key, pair, tie, 3)
    if other == block:
        keep = lanes_with_bit_clear(mask)
        u0, u1, u2, u3 = u0 & keep, u1 & keep, u2 & keep, u3 & keep
        u0, u1 = u0 | swap_lanes(u0, mask), u1 | swap_lanes(u1, mask)
        u2, u3 = u2 | swap_lanes(u2, mask), u3 | swap_lanes(u3, mask)
    elif other < block:
        u0, u1 = swap_lanes(u0, mask), swap_lanes(u1, mask)
        u2, u3 = swap_lanes(u2, mask), swap_lanes(u3, mask)
    mixing = world.response.mixing
    open_here = is_at_most(
        u0, u1, u2, u3,
        sociability_word(sociable, block_key, 0, mixing),
        sociability_word(sociable, block_key, 1, mixing),
        sociability_word(sociable, block_key, 2, mixing),
        sociability_word(sociable, block_key, 3, mixing),
    )  # fmt: skip
    open_there = is_at_most(
        u0, u1, u2, u3,
        swap_lanes(sociability_word(sociable, other_key, 0, mixing), mask),
        swap_lanes(sociability_word(sociable, other_key, 1, mixing), mask),
        swap_lanes(sociability_word(sociable, other_key, 2, mixing), mask),
        swap_lanes(sociability_word(sociable, other_key, 3, mixing), mask),
    )  # fmt: skip
    there = swap_lanes(first_lanes(present_in(world, state, other)), mask)
    return open_here & open_there & first_lanes(present_in(world, state, block)) & there


@law
def uncut_lanes(state: State, block: int, tie: int, other: int, mask: int) -> int:
    """Return the lanes whose tie of this kind neither end has cut."""
    plane = CUT + tie - HOUSEHOLD_TIES
    return ~state.words[plane, block] & ~swap_lanes(state.words[plane, other], mask)
