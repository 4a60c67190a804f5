"""What one thread of a CUDA device does in each pass: its share of the blocks of one chunk.

A chunk has as many threads as there is room for; they take its groups or blocks in turn. Each
writes its own citizens only, and tallies on a sheet of its own: int64 (groups + 1, width), the
last row for deeds handed on, by behaviour. The parts and laws are those of the processor's kernels
(`glasstown.engine.cpu`): nothing is worked out here.
"""

from __future__ import annotations

from typing import Any

from glasstown.engine.cpu import census_block, is_due, prepare_block, present_at
from glasstown.engine.cutting import cut_block, may_cut
from glasstown.engine.device import share
from glasstown.engine.events import act_group, receive_group
from glasstown.engine.gathering import disperse_block, gather_block
from glasstown.engine.listed import serve_block
from glasstown.engine.reflect import reflect_block
from glasstown.engine.rollout import AFTER, BEFORE, enter_block
from glasstown.engine.world import (
    HUSHED,
    JOINED,
    JOINED_BEFORE,
    OWNER_HIT,
    PUBLISHED,
    SERVED,
    UNHEARD,
    State,
    World,
)
from glasstown.laws import part
from glasstown.laws import publish as facts
from glasstown.laws.draws import fold, u64
from glasstown.society import layout as at


@part
def first_of(state: State, chunk: int, turn: int) -> int:
    """Return the place in its zone of a thread's first block of a chunk."""
    return state.chunks[chunk, at.CHUNK_GROUP] * at.GROUP_BLOCKS + turn


@part
def end_of(world: World, state: State, chunk: int) -> int:
    """Return the place in its zone at which a chunk ends."""
    last = (state.chunks[chunk, at.CHUNK_GROUP] + state.chunks[chunk, at.CHUNK_SIZE]) * (
        at.GROUP_BLOCKS
    )
    return min(last, world.places.zones[state.chunks[chunk, at.CHUNK_ZONE], at.BLOCKS])


@share
def act_share(
    worlds: Any, state: State, keys: Any, week: int, received: Any, chunk: int, turn: int,
    each: int, sheet: Any, numbers: Any, hashes: Any, blocks: Any,
) -> None:  # fmt: skip
    """Let groups of a chunk act, be watched, and receive what is booked to them by mistake.

    ``turn`` is the thread's among the ``each`` of the chunk; the rest as in
    `glasstown.engine.cpu.act_pass`, the room being this thread's own.
    """
    world, receipts = worlds[state.chunks[chunk, at.CHUNK_WORLD]], received[0]
    zone, first = state.chunks[chunk, at.CHUNK_ZONE], state.chunks[chunk, at.CHUNK_GROUP]
    handed = sheet[sheet.shape[0] - 1]
    is_receiving = receipts.count[zone, 0] < (1 << 32)
    for group in range(first + turn, first + state.chunks[chunk, at.CHUNK_SIZE], each):
        act_group(world, state, keys, week, zone, group, sheet, handed, numbers, hashes, blocks)
        if is_receiving:
            receive_group(world, state, keys, week, zone, group, sheet, receipts)


@share
def serve_share(
    worlds: Any, state: State, keys: Any, week: int, chunk: int, turn: int, each: int, sheet: Any
) -> None:
    """Serve and remedy the listed and the specially served of a chunk's blocks."""
    world, words = worlds[state.chunks[chunk, at.CHUNK_WORLD]], state.words
    zone = state.chunks[chunk, at.CHUNK_ZONE]
    start = world.places.zones[zone, at.FIRST_BLOCK]
    for place in range(first_of(state, chunk, turn), end_of(world, state, chunk), each):
        block = start + place
        busy = words[SERVED, block] | words[facts.LISTED, block]
        if world.terms.firm_denies != 0:
            busy |= words[OWNER_HIT, block]
        if (busy | words[PUBLISHED + facts.LISTED, block]) != u64(0):
            serve_block(
                world, state, keys, week, zone, block,
                fold(world.places.zone_keys[zone], place), present_at(world, zone, place), sheet,
            )  # fmt: skip


@share
def reflect_share(
    worlds: Any, state: State, keys: Any, week: int, chunk: int, turn: int, each: int, sheet: Any,
    scratch: Any, draws: Any, lanes: Any, bits: Any, past: Any,
) -> None:  # fmt: skip
    """Let those of a chunk's blocks reflect that are due."""
    world = worlds[state.chunks[chunk, at.CHUNK_WORLD]]
    zone = state.chunks[chunk, at.CHUNK_ZONE]
    start, last = world.places.zones[zone, at.FIRST_BLOCK], end_of(world, state, chunk)
    number = week // world.response.reflection_weeks
    is_reckoning = number % world.terms.friends_every == 0
    place = first_of(state, chunk, turn)
    while True:
        # The next that is due, before anything is done: threads that go together meet there.
        while place < last and is_due(
            world, keys, week, fold(world.places.zone_keys[zone], place)
        ) < 0:  # fmt: skip
            place += each
        if place >= last:
            return
        reflect_block(
            world, state, keys, week, zone, start + place,
            fold(world.places.zone_keys[zone], place), present_at(world, zone, place),
            is_reckoning, start + place, sheet, scratch, draws, lanes, bits, past,
        )  # fmt: skip
        place += each


@share
def cut_share(
    worlds: Any, state: State, keys: Any, week: int, chunk: int, turn: int, each: int, sheet: Any
) -> None:
    """Let those of a chunk's blocks that reflected cut and mend ties."""
    world = worlds[state.chunks[chunk, at.CHUNK_WORLD]]
    zone = state.chunks[chunk, at.CHUNK_ZONE]
    start = world.places.zones[zone, at.FIRST_BLOCK]
    for place in range(first_of(state, chunk, turn), end_of(world, state, chunk), each):
        if not may_cut(state, start + place):
            continue
        block_key = fold(world.places.zone_keys[zone], place)
        if is_due(world, keys, week, block_key) >= 0:
            present = present_at(world, zone, place)
            cut_block(world, state, keys, start + place, block_key, present, sheet)


@share
def gather_share(
    worlds: Any, state: State, keys: Any, chunk: int, turn: int, each: int, is_first: bool
) -> int:
    """Run one round of a gathering in a chunk's blocks; return how many join."""
    world = worlds[state.chunks[chunk, at.CHUNK_WORLD]]
    zone = state.chunks[chunk, at.CHUNK_ZONE]
    start, joined = world.places.zones[zone, at.FIRST_BLOCK], 0
    for place in range(first_of(state, chunk, turn), end_of(world, state, chunk), each):
        joined += gather_block(
            world, state, keys, zone, start + place, fold(world.places.zone_keys[zone], place),
            present_at(world, zone, place), is_first,
        )  # fmt: skip
    return joined


@share
def disperse_share(
    worlds: Any, state: State, keys: Any, week: int, chunk: int, turn: int, each: int, sheet: Any
) -> None:
    """Tally and watch who of a chunk's blocks joined a gathering."""
    world = worlds[state.chunks[chunk, at.CHUNK_WORLD]]
    zone = state.chunks[chunk, at.CHUNK_ZONE]
    start = world.places.zones[zone, at.FIRST_BLOCK]
    for place in range(first_of(state, chunk, turn), end_of(world, state, chunk), each):
        if state.words[JOINED, start + place] != u64(0):
            disperse_block(
                world, state, keys, week, zone, start + place,
                fold(world.places.zone_keys[zone], place), sheet, sheet[sheet.shape[0] - 1],
            )  # fmt: skip


@share
def enter_share(
    before: Any, worlds: Any, state: State, keys: Any, changes: Any, chunk: int, turn: int,
    each: int, sheet: Any,
) -> None:  # fmt: skip
    """Put a chunk's blocks under another scheme.

    ``changes`` int64 (zones, 9): a row for each zone as in `glasstown.engine.rollout`; BEFORE is
    -1 where nothing changes.
    """
    zone = state.chunks[chunk, at.CHUNK_ZONE]
    change = changes[zone]
    if change[BEFORE] < 0:
        return
    old, new = before[change[BEFORE]], worlds[change[AFTER]]
    for place in range(first_of(state, chunk, turn), end_of(new, state, chunk), each):
        enter_block(old, new, state, keys, change, place, sheet)


@share
def census_share(
    worlds: Any, state: State, keys: Any, chunk: int, turn: int, each: int, sheet: Any
) -> None:
    """Count every stock of a chunk's blocks."""
    world = worlds[state.chunks[chunk, at.CHUNK_WORLD]]
    zone = state.chunks[chunk, at.CHUNK_ZONE]
    for place in range(first_of(state, chunk, turn), end_of(world, state, chunk), each):
        census_block(world, state, keys, zone, place, sheet)


@share
def prepare_share(worlds: Any, state: State, keys: Any, chunk: int, turn: int, each: int) -> None:
    """Find partners and ties of a chunk's blocks, who takes part, and what firms start with."""
    world = worlds[state.chunks[chunk, at.CHUNK_WORLD]]
    zone = state.chunks[chunk, at.CHUNK_ZONE]
    start = world.places.zones[zone, at.FIRST_BLOCK]
    for place in range(first_of(state, chunk, turn), end_of(world, state, chunk), each):
        present = present_at(world, zone, place)
        prepare_block(world, state, keys, zone, start + place, present)


@share
def publish_share(state: State, first: int, step: int) -> None:
    """Publish the facts of every so many blocks."""
    for block in range(first, state.words.shape[1], step):
        for fact in range(facts.FACTS):
            state.words[PUBLISHED + fact, block] = state.words[fact, block]
        state.words[HUSHED, block] = state.words[UNHEARD, block]


@share
def look_share(state: State, first: int, step: int) -> None:
    """Let everybody see who has joined a gathering so far, in every so many blocks."""
    for block in range(first, state.words.shape[1], step):
        state.words[JOINED_BEFORE, block] = state.words[JOINED, block]


@share
def fold_share(sheets: Any, chunks: int, first: int, step: int) -> None:
    """Add every so many numbers of a chunk's sheets up on its first sheet, and wipe the others."""
    each, columns = sheets.shape[2] // chunks, sheets.shape[1]
    for place in range(first, chunks * sheets.shape[0] * columns, step):
        chunk, group, column = place % chunks, place // chunks // columns, place // chunks % columns
        total = 0
        for thread in range(chunk * each + 1, (chunk + 1) * each):
            total += sheets[group, column, thread]
            sheets[group, column, thread] = 0
        sheets[group, column, chunk * each] += total


@share
def total_share(state: State, sheets: Any, totals: Any, first: int, step: int) -> None:
    """Add every so many numbers of the chunks' first sheets up by zone, and wipe them."""
    chunks, columns = state.chunks.shape[0], sheets.shape[1]
    each = sheets.shape[2] // chunks
    for cell in range(first, sheets.shape[0] * columns, step):
        group, column = cell // columns, cell % columns
        for chunk in range(chunks):
            zone = state.chunks[chunk, at.CHUNK_ZONE]
            totals[zone, group, column] += sheets[group, column, chunk * each]
            sheets[group, column, chunk * each] = 0
