"""What the synthetic country is like: citizens of each kind counted from their traits and ties.

Counts are kept in replicates (number of the block modulo `REPLICATES`), so that the sampling
error of any ratio follows from how much the replicates differ, likeness within households and
blocks included (random groups: Wolter 2007, Introduction to Variance Estimation, chapter 2).
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from glasstown.engine.citizen import age_band, group_of, slope_value
from glasstown.engine.kernels import kernel
from glasstown.engine.meeting import block_key_of, is_itself, open_there, partner, present_in
from glasstown.engine.packing import pack_worlds
from glasstown.engine.words import swap_lanes
from glasstown.engine.world import PLANES, State, World, week_keys
from glasstown.laws import part
from glasstown.laws.draws import PEOPLE, bit, i64, stream
from glasstown.society import layout as at
from glasstown.society import traits
from glasstown.society.compilation import SLOPE_TRAITS
from glasstown.society.households import head_lane
from glasstown.society.ties import (
    FIRST_ACQUAINTANCE,
    FIRST_COLLEAGUE,
    FIRST_ONLINE,
    HOUSEHOLD_TIES,
    TIES,
)

REPLICATES = 32
COUNTED = (
    "citizens", "age_0", "age_1", "age_2", "age_3", "age_4", "age_5", "households", "one_person",
    "online", "online_60", "paying_online", "adults", "supporting", "working_age", "officials",
    "ties_household", "ties_neighbour", "ties_colleague", "ties_acquaintance", "ties_online",
)  # fmt: skip
"""The columns of the counts; ``age_0`` to ``age_5`` are the bands of `traits.AGE_BANDS`."""

CITIZENS, AGE = 0, 1
HOUSEHOLDS, ONE_PERSON, ONLINE, ONLINE_60, PAYING, ADULTS, SUPPORTING, WORKING, OFFICIALS = range(
    7, 16
)
TIES_HOUSEHOLD, TIES_NEIGHBOUR, TIES_COLLEAGUE, TIES_ACQUAINTANCE, TIES_ONLINE = range(16, 21)
OPINION_SLOPE, ONLINE_SLOPE, DIGITAL_SLOPE = (
    SLOPE_TRAITS.index("opinion"), SLOPE_TRAITS.index("online"), SLOPE_TRAITS.index("digital"),
)  # fmt: skip
assert COUNTED[OFFICIALS] == "officials"
assert len(COUNTED) == TIES_ONLINE + 1


def count_marginals(world: World, seed: int, most_blocks: int) -> tuple[NDArray[np.int64], int]:
    """Count citizens by what they are and the ties they have.

    Parameters
    ----------
    world : World
        The society (its scheme doesn't matter).
    seed : int
        The seed of the run.
    most_blocks : int
        A larger country is sampled: every k-th block, as few k as keep to this number.

    Returns
    -------
    counts : int64 array (REPLICATES, 2, len(COUNTED))
        By replicate and settlement.
    step : int
        One block of so many was counted.
    """
    step = max(-(-world.places.block_zone.size // most_blocks), 1)
    counts = np.zeros((REPLICATES, 2, len(COUNTED)), np.int64)
    marginals_pass(pack_worlds([world]), _empty_state(world), week_keys(seed, 0), step, counts)
    return counts, step


def count_groups(world: World, seed: int) -> NDArray[np.int64]:
    """Return the citizens of each zone and group, children included, int64 (zones, groups)."""
    counts = np.zeros((len(world.places.zones), world.response.groups), np.int64)
    if world.response.groups == 1:
        counts[:, 0] = world.places.zones[:, at.CITIZENS]
    else:
        groups_pass(pack_worlds([world]), _empty_state(world), week_keys(seed, 0), counts)
    return counts


def _empty_state(world: World) -> State:
    """Return a state that knows where blocks are and nothing of anybody."""
    return State(
        np.zeros((4, 1), np.int16), np.zeros(1, np.uint16), np.zeros(1, np.uint8),
        np.zeros((PLANES, 1), np.uint64), world.places.block_zone, world.places.chunks,
        np.zeros((8, 1), np.uint32), np.zeros((2, 1), np.int16), np.zeros(1, np.uint16),
        np.zeros(1, np.int16), np.zeros(1, np.int16), np.zeros(1, np.uint64),
    )  # fmt: skip


@kernel(nogil=True)
def marginals_pass(worlds: Any, state: State, keys: Any, step: int, counts: Any) -> None:
    """Count every ``step``-th block; see `count_marginals`."""
    world = worlds[0]
    for block in range(0, state.block_zone.shape[0], step):
        zone = i64(state.block_zone[block])
        row = counts[(block // step) % REPLICATES, world.places.zones[zone, at.SETTLEMENT]]
        count_block(world, state, keys, zone, block, row)
        count_ties(world, state, keys, block, row)


@kernel(nogil=True)
def groups_pass(worlds: Any, state: State, keys: Any, counts: Any) -> None:
    """Count citizens by zone and group; see `count_groups`."""
    world = worlds[0]
    for block in range(state.block_zone.shape[0]):
        zone = i64(state.block_zone[block])
        crowd = stream(keys[PEOPLE], block_key_of(world, state, block))
        for lane in range(present_in(world, state, block)):
            counts[zone, group_of(world, crowd, head_lane(crowd, lane))] += 1


@part
def count_block(world: World, state: State, keys: Any, zone: int, block: int, row: Any) -> None:
    """Count the citizens and households of one block."""
    crowd = stream(keys[PEOPLE], block_key_of(world, state, block))
    present = present_in(world, state, block)
    for lane in range(present):
        head = head_lane(crowd, lane)
        size = household_size(crowd, head, present)
        row[TIES_HOUSEHOLD] += size - 1
        if head == lane:
            row[HOUSEHOLDS] += 1
            row[ONE_PERSON] += 1 if size == 1 else 0
        count_citizen(world, zone, crowd, lane, head, row)


@part
def household_size(crowd: int, head: int, present: int) -> int:
    """Return how many of a block's citizens live in the household of a head."""
    size, first = 0, head & ~3
    for lane in range(first, min(first + 4, present)):
        if head_lane(crowd, lane) == head:
            size += 1
    return size


@part
def count_citizen(world: World, zone: int, crowd: int, lane: int, head: int, row: Any) -> None:
    """Count one citizen by traits."""
    word = traits.first_word(crowd, lane, head, world.response.resemblance)
    band = age_band(world, zone, head == lane, word)
    row[CITIZENS] += 1
    row[AGE + band] += 1
    if slope_value(world, zone, band, word, ONLINE_SLOPE) > 0:
        row[ONLINE] += 1
        row[ONLINE_60] += 1 if band >= traits.FIRST_OLD_BAND else 0
        row[PAYING] += 1 if slope_value(world, zone, band, word, DIGITAL_SLOPE) > 0 else 0
    if band < traits.FIRST_ADULT_BAND:
        return
    row[ADULTS] += 1
    if slope_value(world, zone, band, word, OPINION_SLOPE) >= traits.SUPPORTS_FROM:
        row[SUPPORTING] += 1
    if band < traits.FIRST_RETIRED_BAND:
        row[WORKING] += 1
        byte = traits.trait_byte(traits.second_word(crowd, lane), traits.OCCUPATION)
        response = world.response
        if traits.occupation_of(byte, band, response.officials) == traits.OFFICIAL:
            row[OFFICIALS] += 1


@part
def count_ties(world: World, state: State, keys: Any, block: int, row: Any) -> None:
    """Count the ties of one block's citizens outside their households, by kind."""
    block_key = block_key_of(world, state, block)
    for tie in range(HOUSEHOLD_TIES, TIES):
        met = partner(world, state, keys, block, block_key, tie)
        if is_itself(block, met >> 6, met & 63):
            continue
        lanes = open_there(world, state, keys, block, tie)
        lanes &= swap_lanes(open_there(world, state, keys, met >> 6, tie), met & 63)
        kind = TIES_NEIGHBOUR
        if tie >= FIRST_ONLINE:
            kind = TIES_ONLINE
        elif tie >= FIRST_ACQUAINTANCE:
            kind = TIES_ACQUAINTANCE
        elif tie >= FIRST_COLLEAGUE:
            kind = TIES_COLLEAGUE
        for lane in range(64):
            row[kind] += bit(lanes, lane)
