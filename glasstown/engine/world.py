"""What an engine gets: the world that doesn't change, the state that does, and the week's keys.

The state is 14.5 bytes a citizen: points (four int16), listing (uint16), caution (uint8), 24 bits
in words of 64 citizens, and half a byte for where ties lead. Nothing else about a citizen is
stored.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from glasstown.laws.draws import COUNT, SAMPLE, fold, mix64
from glasstown.laws.publish import FACTS
from glasstown.scheme.compilation import CompiledScheme, Rules, Terms
from glasstown.society.compilation import CompiledSociety, People, Response
from glasstown.society.layout import BLOCK, Layout, Places
from glasstown.society.ties import FAR_TIES, FREE_TIES

# Rows of the points (tenths): the score, and the parts of it that are not the citizen's own deeds.
SCORE, BY_ERROR, BY_OTHERS, BY_SPEECH = range(4)

# Planes of the words: this week's facts, last week's published facts, then private ones.
# A block's words lie together; what partners read of it starts a cache line.
SERVED, CASH = FACTS, FACTS + 1
PUBLISHED = 8
CUT = PUBLISHED + FACTS
PLANES = CUT + FREE_TIES


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
    (lanes,); ``words`` uint64 (24, blocks). Lanes are 64 a block, padding included.
    In memory a citizen's points and a block's words lie together (Fortran order). Beside them,
    what depends on the country's size but never changes: ``block_zone`` uint8 (blocks,) and
    ``chunks`` int64 (chunks, 3), see `glasstown.society.layout.Places`; and ``partners`` uint32
    (8, blocks): partner block * 64 + lane mask of the ties from `FIRST_COLLEAGUE` on. Ties need
    no memory; these half bytes a citizen only spare an engine from computing them again.
    """

    points: NDArray[np.int16]
    listing: NDArray[np.uint16]
    caution: NDArray[np.uint8]
    words: NDArray[np.uint64]
    block_zone: NDArray[np.uint8]
    chunks: NDArray[np.int64]
    partners: NDArray[np.uint32]


CHANGING = ("points", "listing", "caution", "words")
"""The fields of the state that change: what a digest and a checkpoint hold."""


class Receipts(NamedTuple):
    """What arrives this week of records booked to the wrong person.

    ``count`` int64 (zones, n): cumulative q32 of receipts by 512 places; ``false`` int64 (zones,):
    q32 share of them that are false matches; ``handed`` int64 (regions, behaviours) and
    ``matched`` int64 (2, behaviours): cumulative q32 over behaviours; ``weights`` int64 (groups,):
    q16 acceptance by group.
    """

    count: NDArray[np.int64]  # type: ignore[assignment]
    false: NDArray[np.int64]
    handed: NDArray[np.int64]
    matched: NDArray[np.int64]
    weights: NDArray[np.int64]


def build_world(society: CompiledSociety, scheme: CompiledScheme) -> World:
    """Put a compiled society and a compiled scheme together."""
    return World(
        society.layout.places, society.people, society.response, scheme.rules, scheme.terms
    )


def fresh_state(layout: Layout, terms: Terms) -> State:
    """Return the state before the first week: everybody at the start, nothing known."""
    lanes = layout.blocks * BLOCK
    points = np.zeros((4, lanes), np.int16, order="F")
    points[SCORE] = terms.start
    return State(
        points,
        np.zeros(lanes, np.uint16),
        np.zeros(lanes, np.uint8),
        np.zeros((PLANES, layout.blocks), np.uint64, order="F"),
        layout.places.block_zone,
        layout.places.chunks,
        np.zeros((FAR_TIES, layout.blocks), np.uint32, order="F"),
    )


def state_bytes(layout: Layout) -> dict[str, int]:
    """Return the bytes of the state by field, what is kept of ties and zones included.

    >>> (4 * 2 + 2 + 1) + PLANES / 8 + FAR_TIES * 4 / BLOCK + 1 / BLOCK
    14.515625
    """
    lanes = layout.blocks * BLOCK
    return {
        "points": 8 * lanes,
        "listing": 2 * lanes,
        "caution": lanes,
        "words": PLANES * 8 * layout.blocks,
        "partners": FAR_TIES * 4 * layout.blocks,
        "block_zone": layout.blocks,
    }


@lru_cache(maxsize=16)
def _purpose_keys(seed: int) -> tuple[int, ...]:
    """Return the key of each purpose, by its number."""
    seed_key = fold(0, mix64(seed))
    return (0, *(fold(seed_key, purpose) for purpose in range(1, SAMPLE + 1)))


@lru_cache(maxsize=64)
def _week_keys(seed: int, week: int) -> tuple[int, ...]:
    """Return the key of each purpose in a week, by its number."""
    return tuple(
        fold(key, week) if purpose >= COUNT else key
        for purpose, key in enumerate(_purpose_keys(seed))
    )


def week_keys(seed: int, week: int) -> NDArray[np.uint64]:
    """Return the key of each purpose in a week, uint64 (24,); traits and ties keep theirs."""
    return np.array(_week_keys(seed, week), np.uint64)
