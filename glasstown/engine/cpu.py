"""The cpu engine: Numba, threads, block by block.

A week is three rounds, shared by workers on threads (the kernels hold no interpreter lock). First
each worker takes its chunks through events and receipts, then service and remedy, then the
reflection of the blocks that are due: it writes only its own citizens and reads others' published
words. Then blocks that reflected cut ties, which others read in the first round. Then the facts
are published. Tallies are kept by worker and are integers, so their sum doesn't depend on who did
what.
"""

from __future__ import annotations

from typing import Any

from glasstown.engine import columns as c
from glasstown.engine.citizen import (
    age_band,
    group_of,
    mark_served,
    set_bit,
    slope_value,
    standing,
    tally_standing,
)
from glasstown.engine.cutting import cut_block, may_cut
from glasstown.engine.events import act_group, receive_group
from glasstown.engine.firms import firm_word, owner_of, tally_firm
from glasstown.engine.gathering import disperse_block, gather_block
from glasstown.engine.kernels import kernel
from glasstown.engine.lanes import DUE
from glasstown.engine.listed import serve_block
from glasstown.engine.meeting import block_key_of, partner, shut_lanes
from glasstown.engine.prefetch import prefetch, prefetch_column
from glasstown.engine.reflect import OPINION_TRAIT, reflect_block
from glasstown.engine.rollout import AFTER, BEFORE, ZONE, enter_zone
from glasstown.engine.voice import tally_stance
from glasstown.engine.words import lowest_lane
from glasstown.engine.world import (
    CASH,
    COMPLIANCE,
    CUT,
    ENROLLED,
    HUSHED,
    JOINED,
    JOINED_BEFORE,
    MOBILISING,
    OWNER_HIT,
    PUBLISHED,
    SCORE,
    SERVED,
    UNHEARD,
    State,
    World,
)
from glasstown.laws import part
from glasstown.laws import publish as facts
from glasstown.laws.draws import PEOPLE, PHASE, bit, draw, field, fold, i64, stream, u64
from glasstown.society import layout as at
from glasstown.society import traits
from glasstown.society.households import head_lane
from glasstown.society.ties import FIRST_COLLEAGUE, HOUSEHOLD_TIES, TIES

BLOCKS_AHEAD = 4
"""How far ahead of the service memory is asked for."""


@part
def is_due(world: World, keys: Any, week: int, block_key: int) -> int:
    """Return the number of the reflection that a block holds this week, from 0; -1 if none."""
    every = world.response.reflection_weeks
    phase = field(draw(keys[PHASE], block_key, 0), 0, 16) % every
    return week // every if week % every == phase else -1


@part
def find_due(
    world: World, keys: Any, week: int, zone: int, first: int, last: int, room: Any
) -> int:
    """Write the places from ``first`` to before ``last`` whose blocks reflect this week.

    They go into the ``room`` from `glasstown.engine.lanes.DUE` on; returned is how many. No
    branch and no division (blocks reflect every 1, 2, 4 or 8 weeks): whether a block is due is
    a hash's.
    """
    every = world.response.reflection_weeks
    turn, phases, zone_key = week % every, keys[PHASE], world.places.zone_keys[zone]
    count = 0
    for place in range(first, last):
        phase = field(draw(phases, fold(zone_key, place), 0), 0, 16)
        room[DUE + count] = place
        count += int(phase & (every - 1) == turn)
    return count


@part
def fetch_served(state: State, block: int) -> None:
    """Ask for the points and listings of those of a block whom the service will look at."""
    busy = state.words[SERVED, block] | state.words[facts.LISTED, block]
    while busy != u64(0):
        lane = lowest_lane(busy)
        busy &= busy - u64(1)
        prefetch(state.flat_points, 256 * block + 4 * lane)
        prefetch(state.listing, 64 * block + lane)


@part
def span(world: World, state: State, chunk: int) -> tuple[int, int, int, int]:
    """Return a chunk's zone, its first block in the country, and its places in the zone."""
    zone = state.chunks[chunk, 0]
    first = state.chunks[chunk, 1] * at.GROUP_BLOCKS
    last = first + state.chunks[chunk, 2] * at.GROUP_BLOCKS
    blocks = world.places.zones[zone, at.BLOCKS]
    return zone, world.places.zones[zone, at.FIRST_BLOCK], first, min(last, blocks)


@part
def present_at(world: World, zone: int, place: int) -> int:
    """Return how many lanes of the block at a place of a zone are citizens."""
    rest = world.places.zones[zone, at.CITIZENS] - at.BLOCK * place
    return at.BLOCK if rest > at.BLOCK else rest


@kernel(nogil=True)
def act_pass(
    worlds: Any, state: State, keys: Any, week: int, received: Any, worker: int, begin: int,
    end: int, tallies: Any,
    handed: Any, numbers: Any, hashes: Any, blocks: Any,
) -> None:  # fmt: skip
    """Let one worker's citizens act, be watched, and receive what is booked to them by mistake.

    Parameters
    ----------
    worlds, state : array of WORLD records, State
        The worlds as `glasstown.engine.packing` packs them, and the state, of which the worker
        changes its own citizens only.
    keys : uint64 array (32,)
        The week's keys, see `glasstown.engine.world.week_keys`.
    week : int
        The week, from 0.
    received : array of one RECEIPTS record
        What arrives of records booked to the wrong person.
    worker : int
        Which of the workers this is.
    begin, end : int
        The chunks to take, the last excluded.
    tallies : int64 array (workers, zones, groups, width)
        Zero before the week; flows and changes of stocks, by worker.
    handed : int64 array (workers, regions, behaviours)
        Zero before the week; deeds seen and handed on, by worker.
    numbers, hashes, blocks : int64 (workers, 8, ROOM), uint64 (workers, 3, ROOM), (.., 2, 8)
        Room for the candidates of 512 citizens and the keys of their blocks, by worker.
    """
    receipts, chunks = received[0], state.chunks
    for chunk in range(begin, end):
        world = worlds[chunks[chunk, at.CHUNK_WORLD]]
        zone = chunks[chunk, 0]
        rows = tallies[worker, zone]
        region_handed = handed[worker, world.places.zones[zone, at.REGION]]
        is_receiving = receipts.count[zone, 0] < (1 << 32)
        for group in range(chunks[chunk, 1], chunks[chunk, 1] + chunks[chunk, 2]):
            act_group(
                world, state, keys, week, zone, group, rows, region_handed, numbers[worker],
                hashes[worker], blocks[worker],
            )  # fmt: skip
            if is_receiving:
                receive_group(world, state, keys, week, zone, group, rows, receipts)


@kernel(nogil=True)
def serve_pass(
    worlds: Any, state: State, keys: Any, week: int, worker: int, begin: int, end: int,
    tallies: Any,
) -> None:  # fmt: skip
    """Serve and remedy one worker's listed and specially served; arguments as in `act_pass`."""
    words = state.words
    for chunk in range(begin, end):
        world = worlds[state.chunks[chunk, at.CHUNK_WORLD]]
        zone, start, first, last = span(world, state, chunk)
        for place in range(first, last):
            block = start + place
            if place + BLOCKS_AHEAD < last:
                fetch_served(state, block + BLOCKS_AHEAD)
            busy = words[SERVED, block] | words[facts.LISTED, block]
            if world.terms.firm_denies != 0:
                busy |= words[OWNER_HIT, block]
            if (busy | words[PUBLISHED + facts.LISTED, block]) != u64(0):
                serve_block(
                    world, state, keys, week, zone, block,
                    fold(world.places.zone_keys[zone], place), present_at(world, zone, place),
                    tallies[worker, zone],
                )  # fmt: skip


@kernel(nogil=True)
def reflect_pass(
    worlds: Any, state: State, keys: Any, week: int, worker: int, begin: int, end: int,
    tallies: Any, scratch: Any,
    draws: Any, lanes: Any, bits: Any, past: Any,
) -> None:  # fmt: skip
    """Let one worker's blocks reflect that are due; arguments as in `act_pass`.

    ``scratch``, ``draws``, ``lanes``, ``bits`` and ``past`` are room by worker, as
    `glasstown.engine.lanes` says.
    """
    for chunk in range(begin, end):
        world = worlds[state.chunks[chunk, at.CHUNK_WORLD]]
        zone, start, first, last = span(world, state, chunk)
        number = week // world.response.reflection_weeks
        is_reckoning = number % world.terms.friends_every == 0
        room = scratch[worker]
        count = find_due(world, keys, week, zone, first, last, room)
        for i in range(count):
            place = i64(room[DUE + i])
            # After the last one comes whatever stands there: a hint, whatever it asks for.
            ahead = i64(room[DUE + i + 1]) if i + 1 < count else place
            prefetch_column(state.partners, 0, start + i64(room[DUE + i + 2]))
            reflect_block(
                world, state, keys, week, zone, start + place,
                fold(world.places.zone_keys[zone], place), present_at(world, zone, place),
                is_reckoning, start + ahead, tallies[worker, zone], room, draws[worker],
                lanes[worker], bits[worker], past[worker],
            )  # fmt: skip


@kernel(nogil=True)
def cut_pass(worlds: Any, state: State, keys: Any, week: int, worker: int, tallies: Any) -> None:
    """Let one worker's blocks that reflected cut and mend ties; arguments as in `act_pass`."""
    for chunk in range(worker, state.chunks.shape[0], tallies.shape[0]):
        world = worlds[state.chunks[chunk, at.CHUNK_WORLD]]
        zone, start, first, last = span(world, state, chunk)
        for place in range(first, last):
            if not may_cut(state, start + place):
                continue
            block_key = fold(world.places.zone_keys[zone], place)
            if is_due(world, keys, week, block_key) >= 0:
                cut_block(
                    world, state, keys, start + place, block_key, present_at(world, zone, place),
                    tallies[worker, zone],
                )  # fmt: skip


@kernel(nogil=True)
def enter_pass(
    before: Any, worlds: Any, state: State, keys: Any, changes: Any, worker: int, tallies: Any
) -> None:
    """Put zones under another scheme.

    ``before`` and ``worlds`` are records of the worlds that held and that hold, ``changes`` int64
    (changes, 9) as in `glasstown.engine.rollout`; the rest as in `act_pass`.
    """
    for i in range(worker, changes.shape[0], tallies.shape[0]):
        enter_zone(
            before[changes[i, BEFORE]], worlds[changes[i, AFTER]], state, keys, changes[i],
            tallies[worker, changes[i, ZONE]],
        )  # fmt: skip


@kernel(nogil=True)
def gather_pass(
    worlds: Any, state: State, keys: Any, worker: int, is_first: bool, added: Any
) -> None:
    """Run one round of a gathering; ``added`` int64 (workers,) gets how many join."""
    added[worker] = 0
    for chunk in range(worker, state.chunks.shape[0], added.shape[0]):
        world = worlds[state.chunks[chunk, at.CHUNK_WORLD]]
        zone, start, first, last = span(world, state, chunk)
        for place in range(first, last):
            added[worker] += gather_block(
                world, state, keys, zone, start + place,
                fold(world.places.zone_keys[zone], place), present_at(world, zone, place),
                is_first,
            )  # fmt: skip


@kernel(nogil=True)
def look_pass(state: State, worker: int, workers: int) -> None:
    """Let everybody see who has joined a gathering so far."""
    blocks = state.words.shape[1]
    for block in range(worker * blocks // workers, (worker + 1) * blocks // workers):
        state.words[JOINED_BEFORE, block] = state.words[JOINED, block]


@kernel(nogil=True)
def disperse_pass(
    worlds: Any, state: State, keys: Any, week: int, worker: int, tallies: Any, handed: Any
) -> None:
    """Tally and watch who joined a gathering; arguments as in `act_pass`."""
    for chunk in range(worker, state.chunks.shape[0], tallies.shape[0]):
        world = worlds[state.chunks[chunk, at.CHUNK_WORLD]]
        zone, start, first, last = span(world, state, chunk)
        for place in range(first, last):
            if state.words[JOINED, start + place] != u64(0):
                disperse_block(
                    world, state, keys, week, zone, start + place,
                    fold(world.places.zone_keys[zone], place), tallies[worker, zone],
                    handed[worker, world.places.zones[zone, at.REGION]],
                )  # fmt: skip


@kernel(nogil=True)
def publish_pass(state: State, worker: int, workers: int) -> None:
    """Publish the facts of one worker's share of the blocks."""
    blocks = state.words.shape[1]
    first, last = worker * blocks // workers, (worker + 1) * blocks // workers
    for block in range(first, last):
        for fact in range(facts.FACTS):
            state.words[PUBLISHED + fact, block] = state.words[fact, block]
        state.words[HUSHED, block] = state.words[UNHEARD, block]


@kernel(nogil=True)
def prepare_pass(worlds: Any, state: State, keys: Any, worker: int, workers: int) -> None:
    """Find the partners and ties of the blocks, who takes part, and what firms start with.

    Done once, before the first week, for one worker's share of the chunks.
    """
    for chunk in range(worker, state.chunks.shape[0], workers):
        world = worlds[state.chunks[chunk, at.CHUNK_WORLD]]
        zone, start, first, last = span(world, state, chunk)
        for place in range(first, last):
            prepare_block(world, state, keys, zone, start + place, present_at(world, zone, place))


@part
def prepare_block(
    world: World, state: State, keys: Any, zone: int, block: int, present: int
) -> None:
    """Do what `prepare_pass` says for one block."""
    block_key = block_key_of(world, state, block)
    crowd = stream(keys[PEOPLE], block_key)
    for tie in range(HOUSEHOLD_TIES, TIES):
        shut = shut_lanes(world, state, block, crowd, tie)
        state.words[CUT + tie - HOUSEHOLD_TIES, block] = shut
        if tie >= FIRST_COLLEAGUE:
            state.partners[tie - FIRST_COLLEAGUE, block] = partner(
                world, state, keys, block, block_key, tie
            )
    for lane in range(present):
        head = head_lane(crowd, lane)
        word = traits.first_word(crowd, lane, head, world.response.resemblance)
        is_adult = age_band(world, zone, head == lane, word) >= traits.FIRST_ADULT_BAND
        is_enrolled = is_adult and world.terms.is_voluntary == 0
        set_bit(state, ENROLLED, block * 64 + lane, int(is_enrolled))
    for slot in range(2):
        if owner_of(crowd, firm_word(keys, block_key, slot), slot, present) >= 0:
            state.firm_points[COMPLIANCE, 2 * block + slot] = world.terms.firm_start


@kernel(nogil=True)
def census_pass(worlds: Any, state: State, keys: Any, worker: int, tallies: Any) -> None:
    """Count every stock of one worker's chunks from the state; arguments as in `act_pass`.

    It also marks who is publicly low or specially served, which before the first week nobody is.
    """
    for chunk in range(worker, state.chunks.shape[0], tallies.shape[0]):
        world = worlds[state.chunks[chunk, at.CHUNK_WORLD]]
        zone, _, first, last = span(world, state, chunk)
        for place in range(first, last):
            census_block(world, state, keys, zone, place, tallies[worker, zone])


@part
def census_block(world: World, state: State, keys: Any, zone: int, place: int, rows: Any) -> None:
    """Count the stocks of the block at a place of a zone."""
    block = world.places.zones[zone, at.FIRST_BLOCK] + place
    block_key, present = fold(world.places.zone_keys[zone], place), present_at(world, zone, place)
    crowd = stream(keys[PEOPLE], block_key)
    for lane in range(present):
        head = head_lane(crowd, lane)
        word = traits.first_word(crowd, lane, head, world.response.resemblance)
        band = age_band(world, zone, head == lane, word)
        if band >= traits.FIRST_ADULT_BAND:
            row = rows[group_of(world, crowd, head)]
            opinion = slope_value(world, zone, band, word, OPINION_TRAIT)
            census_citizen(world, state, row, block, lane, opinion)
    for slot in range(2):
        owner = owner_of(crowd, firm_word(keys, block_key, slot), slot, present)
        if owner >= 0:
            row = rows[group_of(world, crowd, owner)]
            row[c.FIRMS] += 1
            tally_firm(world, state, row, 2 * block + slot, 1)


@part
def census_citizen(
    world: World, state: State, row: Any, block: int, lane: int, opinion: int
) -> None:
    """Count one adult in every stock."""
    words = state.words
    row[c.ADULTS] += 1
    index = block * 64 + lane
    tally_standing(row, standing(world, state, index), 1)
    row[c.SCORE_SUM] += i64(state.points[SCORE, index])
    row[c.CAUTION_SUM] += i64(state.caution[index])
    is_low = facts.is_publicly_low(i64(state.points[SCORE, index]), world.terms.low_below)
    set_bit(state, facts.LOW, index, 1 if is_low else 0)
    mark_served(world, state, index)
    row[c.SHAMED] += bit(words[facts.SHAMED, block], lane)
    row[c.PAYING_CASH] += bit(words[CASH, block], lane)
    stance = bit(words[facts.PRAISING, block], lane) + 2 * bit(words[facts.CRITICAL, block], lane)
    tally_stance(row, stance, opinion, 1)
    row[c.MOBILISING] += bit(words[MOBILISING, block], lane)
    row[c.ENROLLED] += bit(words[ENROLLED, block], lane) * world.terms.has_score
    if opinion < traits.SUPPORTS_FROM:
        row[c.OPPOSED] += 1
