"""What an engine gets: the worlds that don't change, the state that does, and the week's keys.

The state is 15.7 bytes a citizen: points (four int16), listing (uint16), caution (uint8), 32 bits
in words of 64 citizens, six bytes a firm (one for 32 citizens), and half a byte for where ties
lead. Nothing else about a citizen is stored. Where several schemes are in force at once, or
numbers change with the date, there are several worlds, and each zone lives in one.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from glasstown.laws.draws import COUNT, PURPOSES, fold, mix64
from glasstown.laws.publish import FACTS
from glasstown.scheme.compilation import CompiledScheme, Rules, Terms
from glasstown.society.compilation import CompiledSociety, People, Response
from glasstown.society.layout import BLOCK, BLOCKS, FIRST_BLOCK, Layout, Places
from glasstown.society.ties import FAR_TIES, FREE_TIES

# Rows of the points (tenths): the score, and the parts of it that are not the citizen's own deeds.
SCORE, BY_ERROR, BY_OTHERS, BY_SPEECH = range(4)

# Planes of the words: this week's facts, last week's published facts, then private ones.
# A block's words lie together; what partners read of it starts a cache line.
SERVED, CASH, ENROLLED = FACTS, FACTS + 1, FACTS + 2
PUBLISHED = 8
HUSHED = PUBLISHED + FACTS
"""Published: who speaks and is not heard online."""
CUT = HUSHED + 1
"""Ties of a kind that a citizen doesn't have (not open to it, or nobody there) or has cut."""
UNHEARD = CUT + FREE_TIES
MOBILISING, OWNER_HIT, JOINED, JOINED_BEFORE, HIDDEN = range(UNHEARD + 1, UNHEARD + 6)
PLANES = 32
LINE_BYTES = 64
"""Bytes of a line of the cache."""
COMPLIANCE, SOCIAL = 0, 1
"""Rows of a firm's points."""


class World(NamedTuple):
    """Everything that stays the same in a run."""

    places: Places
    people: People
    response: Response
    rules: Rules
    terms: Terms


class State(NamedTuple):
    """Everything that changes.

    ``points`` int16 (4, lanes), tenths; ``listing`` uint16 (lanes,), packed; ``caution`` uint8
    (lanes,); ``words`` uint64 (32, blocks); ``firm_points`` int16 (2, firms), tenths;
    ``firm_listing`` uint16 (firms,), packed. Lanes are 64 a block, padding included, firms 2.
    In memory a citizen's points and a block's words lie together (Fortran order); ``flat_points``
    and ``flat_words`` are the same memory, one after another.

    Beside them, what depends on the country's size: ``block_zone`` uint8 (blocks,) and ``chunks``
    int64 (chunks, 4), see `glasstown.society.layout.Places`, whose last column says which world
    holds; ``partners`` uint32 (8, blocks): partner block * 64 + lane mask of the ties from
    `FIRST_COLLEAGUE` on, kept only to spare an engine from computing them again; ``cutting``
    int16 (blocks,): a bit for each kind of tie that may have been cut, and one for whether
    anybody may cut one (`glasstown.engine.cutting.MAY_CUT`): hints.
    """

    points: NDArray[np.int16]
    listing: NDArray[np.uint16]
    caution: NDArray[np.uint8]
    words: NDArray[np.uint64]
    block_zone: NDArray[np.uint8]
    chunks: NDArray[np.int64]
    partners: NDArray[np.uint32]
    firm_points: NDArray[np.int16]
    firm_listing: NDArray[np.uint16]
    cutting: NDArray[np.int16]
    flat_points: NDArray[np.int16]
    flat_words: NDArray[np.uint64]


CHANGING = ("points", "listing", "caution", "words", "firm_points", "firm_listing")
"""The fields of the state that change: what a digest and a checkpoint hold."""


class Receipts(NamedTuple):
    """What arrives this week of records booked to the wrong person.

    ``count`` int64 (zones, n): cumulative q32 of receipts by 512 places; ``false`` int64 (zones,):
    q32 share of them that are false matches; ``handed`` int64 (regions, behaviours) and
    ``matched`` int64 (zones, behaviours): cumulative q32 over behaviours; ``weights`` int64
    (groups,): q16 acceptance by group.
    """

    count: NDArray[np.int64]  # type: ignore[assignment]
    false: NDArray[np.int64]
    handed: NDArray[np.int64]
    matched: NDArray[np.int64]
    weights: NDArray[np.int64]


def build_world(
    society: CompiledSociety, scheme: CompiledScheme, traits: NDArray[np.uint8] | None = None
) -> World:
    """Put a compiled society and a compiled scheme together, with the trait tables of the time."""
    people = society.people if traits is None else society.people._replace(traits=traits)
    return World(society.layout.places, people, society.response, scheme.rules, scheme.terms)


def fresh_state(layout: Layout, terms: Sequence[Terms]) -> State:
    """Return the state before the first week: everybody at the start, nothing known.

    ``terms`` holds those of the scheme in force in each zone. An engine's ``prepare`` fills in
    who has which ties, who takes part, and what firms start with.
    """
    lanes = layout.blocks * BLOCK
    flat_points = _zeros(4 * lanes, np.int16)
    flat_words = _zeros(PLANES * layout.blocks, np.uint64)
    points = flat_points.reshape(lanes, 4).T
    for zone, one in zip(layout.places.zones, terms, strict=True):
        first = int(zone[FIRST_BLOCK]) * BLOCK
        points[SCORE, first : first + int(zone[BLOCKS]) * BLOCK] = one.start
    return State(
        points,
        _zeros(lanes, np.uint16),
        _zeros(lanes, np.uint8),
        flat_words.reshape(layout.blocks, PLANES).T,
        layout.places.block_zone,
        layout.places.chunks.copy(),
        _zeros(FAR_TIES * layout.blocks, np.uint32).reshape(layout.blocks, FAR_TIES).T,
        _zeros(4 * layout.blocks, np.int16).reshape(2 * layout.blocks, 2).T,
        _zeros(2 * layout.blocks, np.uint16),
        _zeros(layout.blocks, np.int16),
        flat_points,
        flat_words,
    )


def _zeros(size: int, kind: type[np.generic]) -> NDArray[Any]:
    """Return zeros that begin with a line of the cache: then what lies in one line is one miss."""
    item = np.dtype(kind).itemsize
    room = np.zeros(size + LINE_BYTES // item, kind)
    skip = -room.ctypes.data % LINE_BYTES // item
    return room[skip : skip + size]


def _copy(array: NDArray[Any]) -> NDArray[Any]:
    """Return a copy that begins with a line of the cache, in the same order of memory."""
    copy = _zeros(array.size, array.dtype.type)
    copy[:] = array.ravel("K")
    return copy.reshape(array.shape, order="F")


def copied(state: State) -> State:
    """Return a state of its own, in which nothing is shared with the given one."""
    flat_points, flat_words = _copy(state.flat_points), _copy(state.flat_words)
    lanes, blocks = state.listing.size, state.block_zone.size
    return State(
        points=flat_points.reshape(lanes, 4).T,
        listing=_copy(state.listing),
        caution=_copy(state.caution),
        words=flat_words.reshape(blocks, PLANES).T,
        block_zone=state.block_zone,
        chunks=state.chunks.copy(),
        partners=state.partners,
        firm_points=_copy(state.firm_points),
        firm_listing=_copy(state.firm_listing),
        cutting=state.cutting.copy(),
        flat_points=flat_points,
        flat_words=flat_words,
    )


def state_bytes(layout: Layout) -> dict[str, int]:
    """Return the bytes of the state by field, what is kept of ties and zones included.

    >>> (4 * 2 + 2 + 1) + PLANES / 8 + 12 / BLOCK + FAR_TIES * 4 / BLOCK + 3 / BLOCK
    15.734375
    """
    lanes = layout.blocks * BLOCK
    return {
        "points": 8 * lanes,
        "listing": 2 * lanes,
        "caution": lanes,
        "words": PLANES * 8 * layout.blocks,
        "firms": 12 * layout.blocks,
        "partners": FAR_TIES * 4 * layout.blocks,
        "cutting": 2 * layout.blocks,
        "block_zone": layout.blocks,
    }


@lru_cache(maxsize=16)
def _purpose_keys(seed: int) -> tuple[int, ...]:
    """Return the key of each purpose, by its number."""
    seed_key = fold(0, mix64(seed))
    return (0, *(fold(seed_key, purpose) for purpose in range(1, PURPOSES)))


@lru_cache(maxsize=64)
def _week_keys(seed: int, week: int) -> tuple[int, ...]:
    """Return the key of each purpose in a week, by its number."""
    return tuple(
        fold(key, week) if purpose >= COUNT else key
        for purpose, key in enumerate(_purpose_keys(seed))
    )


def week_keys(seed: int, week: int) -> NDArray[np.uint64]:
    """Return the key of each purpose in a week, uint64 (32,); traits and ties keep theirs."""
    return np.array(_week_keys(seed, week), np.uint64)
