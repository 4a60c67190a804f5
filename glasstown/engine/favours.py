"""Count who knows an official that would help, and how they stand: for the experiment on insiders.

A pass over every adult and tie, outside the weeks; no run needs it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from glasstown.engine.citizen import age_band
from glasstown.engine.insiders import has_insider
from glasstown.engine.kernels import kernel
from glasstown.engine.meeting import block_key_of, present_in
from glasstown.engine.packing import pack_worlds
from glasstown.engine.world import SCORE, State, World, week_keys
from glasstown.laws import publish as facts
from glasstown.laws.draws import PEOPLE, bit, i64, stream
from glasstown.society import layout as at
from glasstown.society import traits
from glasstown.society.households import head_lane

ADULTS, LOW, SCORES = range(3)


def count_favoured(
    worlds: Sequence[World], state: State, seed: int, below: int
) -> NDArray[np.int64]:
    """Return adults, the publicly low and the sum of scores (tenths), int64 (2, 3).

    Row 0 counts who knows no insider, row 1 who does: a household member or a tie that lives is
    an official whose honesty (0 to 255) is less than ``below``, whatever the scheme says of
    insiders.
    """
    asked = [one._replace(terms=one.terms._replace(insider_below=below)) for one in worlds]
    counts = np.zeros((2, 3), np.int64)
    favours_pass(pack_worlds(asked), state, week_keys(seed, 0), counts)
    return counts


@kernel(nogil=True)
def favours_pass(worlds: Any, state: State, keys: Any, counts: Any) -> None:
    """Count every adult; see `count_favoured`."""
    for chunk in range(state.chunks.shape[0]):
        world = worlds[state.chunks[chunk, at.CHUNK_WORLD]]
        zone = state.chunks[chunk, at.CHUNK_ZONE]
        start = world.places.zones[zone, at.FIRST_BLOCK]
        first = state.chunks[chunk, at.CHUNK_GROUP] * at.GROUP_BLOCKS
        last = first + state.chunks[chunk, at.CHUNK_SIZE] * at.GROUP_BLOCKS
        for place in range(first, min(last, world.places.zones[zone, at.BLOCKS])):
            block = start + place
            block_key, present = block_key_of(world, state, block), present_in(world, state, block)
            crowd = stream(keys[PEOPLE], block_key)
            for lane in range(present):
                head = head_lane(crowd, lane)
                word = traits.first_word(crowd, lane, head, world.response.resemblance)
                if age_band(world, zone, head == lane, word) < traits.FIRST_ADULT_BAND:
                    continue
                knows = int(has_insider(world, state, keys, block, block_key, lane, present))
                counts[knows, ADULTS] += 1
                counts[knows, LOW] += bit(state.words[facts.LOW, block], lane)
                counts[knows, SCORES] += i64(state.points[SCORE, block * 64 + lane])
