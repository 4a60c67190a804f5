"""The cpu engine: Numba, threads, block by block.

A week is three passes, each shared by workers on threads (the kernels hold no interpreter lock). First each worker walks its chunks: events and receipts of 512
citizens, then for each block service, remedy and (when due) reflection. It writes only its own
citizens and reads others' published words. Then blocks that reflected cut ties, which others
read in the first pass. Then the facts are published. Tallies are kept by worker and are integers,
so their sum doesn't depend on who did what.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from glasstown.engine import columns as c
from glasstown.engine.citizen import age_band, group_of, slope_value, standing
from glasstown.engine.events import act_group, receive_group
from glasstown.engine.kernels import kernel
from glasstown.engine.listed import serve_block
from glasstown.engine.reflect import OPINION_TRAIT, cut_block, reflect_block, tally_stance
from glasstown.engine.world import CASH, PUBLISHED, SERVED, State, World
from glasstown.laws import law
from glasstown.laws import publish as facts
from glasstown.laws.draws import HOUSEHOLD, PHASE, RESEMBLE, TRAIT, bit, draw, field, fold, u64
from glasstown.laws.sanction import NEVER
from glasstown.society import layout as at
from glasstown.society import traits
from glasstown.society.households import head_lane


@law
def is_due(world: World, keys: Any, week: int, block_key: int) -> int:
    """Return the number of the reflection that a block holds this week, from 0; -1 if none."""
    every = world.response.reflection_weeks
    phase = field(draw(keys[PHASE], block_key, 0), 0, 16) % every
    return week // every if week % every == phase else -1


@law
def walk_chunk(
    world: World, state: State, keys: Any, week: int, chunk: int, receipts: Any, rows: Any,
    handed: Any, counts: Any,
) -> None:  # fmt: skip
    """Take one chunk of a zone through the first pass of a week."""
    places, chunks = world.places, state.chunks
    zone = chunks[chunk, 0]
    zone_rows, region_handed = rows[zone], handed[places.zones[zone, at.REGION]]
    is_receiving = receipts.count[zone, 0] < (1 << 32)
    for group in range(chunks[chunk, 1], chunks[chunk, 1] + chunks[chunk, 2]):
        act_group(world, state, keys, week, zone, group, zone_rows, region_handed)
        if is_receiving:
            receive_group(world, state, keys, week, zone, group, zone_rows, receipts)
        first = group * at.GROUP_BLOCKS
        last = min(first + at.GROUP_BLOCKS, places.zones[zone, at.BLOCKS])
        for place in range(first, last):
            walk_block(world, state, keys, week, zone, place, zone_rows, counts)


@law
def walk_block(
    world: World, state: State, keys: Any, week: int, zone: int, place: int, rows: Any, counts: Any
) -> None:
    """Serve and remedy a block, and let it reflect when it is due."""
    block = world.places.zones[zone, at.FIRST_BLOCK] + place
    block_key = fold(world.places.zone_keys[zone], place)
    rest = world.places.zones[zone, at.CITIZENS] - 64 * place
    present = 64 if rest > 64 else rest
    busy = state.words[SERVED, block] | state.words[facts.LISTED, block]
    busy |= state.words[PUBLISHED + facts.LISTED, block]
    if busy != u64(0):
        serve_block(world, state, keys, week, zone, block, block_key, present, rows)
    reflection = is_due(world, keys, week, block_key)
    if reflection >= 0:
        is_reckoning = reflection % world.terms.friends_every == 0
        reflect_block(
            world, state, keys, week, zone, block, block_key, present, is_reckoning, rows, counts
        )


@law
def cut_chunk(world: World, state: State, keys: Any, week: int, chunk: int, rows: Any) -> None:
    """Let the blocks of a chunk that reflected this week cut and mend ties."""
    places, chunks = world.places, state.chunks
    zone = chunks[chunk, 0]
    first = chunks[chunk, 1] * at.GROUP_BLOCKS
    last = min(first + chunks[chunk, 2] * at.GROUP_BLOCKS, places.zones[zone, at.BLOCKS])
    for place in range(first, last):
        block_key = fold(places.zone_keys[zone], place)
        if is_due(world, keys, week, block_key) >= 0:
            rest = places.zones[zone, at.CITIZENS] - 64 * place
            present = 64 if rest > 64 else rest
            block = places.zones[zone, at.FIRST_BLOCK] + place
            cut_block(world, state, keys, block, block_key, present, rows[zone])


@kernel(nogil=True)
def walk_pass(
    worlds: Any, state: State, keys: Any, week: int, received: Any, worker: int, tallies: Any,
    handed: Any,
) -> None:  # fmt: skip
    """Take one worker's chunks through the first pass: events, service, remedy, reflection.

    Parameters
    ----------
    worlds, state : array of one WORLD record, State
        The world as `glasstown.engine.packing` packs it, and the state, of which the worker changes its own citizens only.
    keys : uint64 array (24,)
        The week's keys, see `glasstown.engine.world.week_keys`.
    week : int
        The week, from 0.
    received : array of one RECEIPTS record
        What arrives of records booked to the wrong person.
    worker : int
        Which of the workers this is.
    tallies : int64 array (workers, zones, groups, width)
        Zero on entry; flows and changes of stocks, by worker.
    handed : int64 array (workers, regions, behaviours)
        Zero on entry; deeds seen and handed on, by worker.
    """
    world, receipts = worlds[0], received[0]
    counts = np.zeros((6, 4), np.uint64)
    workers = tallies.shape[0]
    for chunk in range(worker, state.chunks.shape[0], workers):
        walk_chunk(
            world, state, keys, week, chunk, receipts, tallies[worker], handed[worker], counts
        )


@kernel(nogil=True)
def cut_pass(
    worlds: Any, state: State, keys: Any, week: int, worker: int, tallies: Any
) -> None:
    """Let one worker's blocks that reflected cut and mend ties; arguments as in `walk_pass`."""
    world = worlds[0]
    if world.terms.low_below == NEVER:
        return
    for chunk in range(worker, state.chunks.shape[0], tallies.shape[0]):
        cut_chunk(world, state, keys, week, chunk, tallies[worker])


@kernel(nogil=True)
def publish_pass(state: State, worker: int, workers: int) -> None:
    """Publish the facts of one worker's share of the blocks."""
    blocks = state.words.shape[1]
    first, last = worker * blocks // workers, (worker + 1) * blocks // workers
    for fact in range(facts.FACTS):
        for block in range(first, last):
            state.words[PUBLISHED + fact, block] = state.words[fact, block]


@kernel(nogil=True)
def census_pass(worlds: Any, state: State, keys: Any, worker: int, tallies: Any) -> None:
    """Count every stock of one worker's chunks from the state; arguments as in `walk_pass`."""
    world = worlds[0]
    for chunk in range(worker, state.chunks.shape[0], tallies.shape[0]):
        census_chunk(world, state, keys, chunk, tallies[worker])


@law
def census_chunk(world: World, state: State, keys: Any, chunk: int, tallies: Any) -> None:
    """Count the stocks of one chunk."""
    places, chunks = world.places, state.chunks
    zone = chunks[chunk, 0]
    first = chunks[chunk, 1] * 512
    last = min(first + chunks[chunk, 2] * 512, places.zones[zone, at.CITIZENS])
    for offset in range(first, last):
        lane = offset & 63
        block_key = fold(places.zone_keys[zone], offset >> 6)
        head = head_lane(keys[HOUSEHOLD], block_key, lane)
        word = traits.first_word(
            keys[TRAIT], keys[RESEMBLE], block_key, lane, head, world.response.resemblance
        )
        band = age_band(world, zone, head == lane, word)
        if band < traits.FIRST_ADULT_BAND:
            continue
        row = tallies[zone, group_of(world, keys, block_key, head)]
        block = places.zones[zone, at.FIRST_BLOCK] + (offset >> 6)
        opinion = slope_value(world, zone, band, word, OPINION_TRAIT)
        census_citizen(world, state, row, block, lane, opinion)


@law
def census_citizen(
    world: World, state: State, row: Any, block: int, lane: int, opinion: int
) -> None:
    """Count one adult in every stock."""
    words = state.words
    row[c.ADULTS] += 1
    standing(world, state, row, block * 64 + lane, 1)
    row[c.SHAMED] += bit(words[facts.SHAMED, block], lane)
    row[c.PAYING_CASH] += bit(words[CASH, block], lane)
    stance = bit(words[facts.PRAISING, block], lane) + 2 * bit(words[facts.CRITICAL, block], lane)
    tally_stance(row, stance, opinion, 1)
    if opinion < traits.SUPPORTS_FROM:
        row[c.OPPOSED] += 1
