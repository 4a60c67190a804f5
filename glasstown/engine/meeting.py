"""Ties for 64 citizens at once: the partner block of a kind, and who of the block has such a tie.

One partner serves a whole block, so a fact of 64 partners is one word, its lanes swapped by the
tie's mask.
"""

from __future__ import annotations

from typing import Any

from glasstown.engine.words import first_lanes, is_at_most
from glasstown.engine.world import CUT, State, World
from glasstown.laws import part
from glasstown.laws.draws import MASK, PEOPLE, draw, fold, i64, stream, u64
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
    paired,
    sociability_word,
)


@part
def block_key_of(world: World, state: State, block: int) -> int:
    """Return the key of a block."""
    zone = i64(state.block_zone[block])
    return fold(world.places.zone_keys[zone], block - world.places.zones[zone, at.FIRST_BLOCK])


@part
def present_in(world: World, state: State, block: int) -> int:
    """Return how many lanes of a block are citizens, the rest being padding."""
    zones = world.places.zones
    zone = i64(state.block_zone[block])
    rest = zones[zone, at.CITIZENS] - 64 * (block - zones[zone, at.FIRST_BLOCK])
    return 64 if rest > 64 else rest


@part
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
        return start * 64 + colleague(
            fold(keys[MASK], scope), keys[MASK], size, block - start, which
        )
    if tie < FIRST_ONLINE:
        region = places.zones[zone, at.REGION]
        start, size = places.regions[region, 0], places.regions[region, 1]
        scope = fold(keys[MASK], places.region_keys[region])
        return start * 64 + paired(scope, keys[MASK], size, block - start, tie)
    size = state.block_zone.shape[0]
    return paired(fold(keys[MASK], at.COUNTRY_KEY), keys[MASK], size, block, tie)


@part
def met(state: State, keys: Any, block: int, block_key: int, tie: int) -> int:
    """Return what `partner` returns, looked up for the ties that lead out of the block."""
    if tie < FIRST_COLLEAGUE:
        mask = neighbour_mask(draw(keys[MASK], block_key, 0), tie - HOUSEHOLD_TIES + 1)
        return block * 64 + mask
    return i64(state.partners[tie - FIRST_COLLEAGUE, block])


@part
def open_with(crowd: int, tie: int, s0: int, s1: int, s2: int, s3: int) -> int:
    """Return the lanes open to a tie, given the four planes of their sociability.

    With sociability 15 in every lane (``mixing`` 0) that is everybody.
    """
    return is_at_most(
        openness_word(crowd, tie, 0), openness_word(crowd, tie, 1),
        openness_word(crowd, tie, 2), openness_word(crowd, tie, 3), s0, s1, s2, s3,
    )  # fmt: skip


@part
def open_lanes(world: World, crowd: int, tie: int) -> int:
    """Return the lanes of a block that are open to a tie; ``crowd`` is its stream of people."""
    mixing = world.response.mixing
    if (world.response.kinds_of_ties >> tie) & 1 == 0:
        return u64(0)
    return open_with(
        crowd, tie, sociability_word(crowd, 0, mixing), sociability_word(crowd, 1, mixing),
        sociability_word(crowd, 2, mixing), sociability_word(crowd, 3, mixing),
    )  # fmt: skip


@part
def open_there(world: World, state: State, keys: Any, other: int, tie: int) -> int:
    """Return the lanes of a partner block, its own, that are citizens open to a tie."""
    crowd = stream(keys[PEOPLE], block_key_of(world, state, other))
    present = first_lanes(present_in(world, state, other))
    return open_lanes(world, crowd, tie) & present


@part
def is_itself(block: int, other: int, mask: int) -> bool:
    """Return whether a tie would join citizens to themselves."""
    return other == block and mask == 0


@part
def kept(state: State, block: int, tie: int) -> int:
    """Return the lanes of a block that have a tie of a kind and have not cut it."""
    return ~state.words[CUT + tie - HOUSEHOLD_TIES, block]


@part
def shut_lanes(world: World, state: State, block: int, crowd: int, tie: int) -> int:
    """Return the lanes of a block that never have a tie of a kind: not open to it, or nobody."""
    present = first_lanes(present_in(world, state, block))
    return ~(open_lanes(world, crowd, tie) & present)
