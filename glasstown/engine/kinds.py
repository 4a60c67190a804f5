"""What every citizen is, by lane: the traits by which people are told apart in tables.

A pass over every citizen outside the weeks; no run needs it. Nothing of it is stored in a run.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from glasstown.engine.citizen import INCOME_TRAIT, age_band, group_of, slope_value
from glasstown.engine.firms import firm_word, owner_of
from glasstown.engine.kernels import kernel
from glasstown.engine.marginals_kernel import ONLINE_SLOPE, OPINION_SLOPE, household_size
from glasstown.engine.meeting import block_key_of, present_in
from glasstown.engine.packing import pack_worlds
from glasstown.engine.world import State, World, week_keys
from glasstown.laws.draws import PEOPLE, stream
from glasstown.society import layout as at
from glasstown.society import traits
from glasstown.society.households import head_lane

BAND, INCOME, IS_ONLINE, OCCUPATION, GROUP, IS_OPPOSED, SIZE, IS_PRESENT = range(8)
"""Columns: age band, income (0 to 255), uses the internet, place in `traits.OCCUPATIONS`, group,
privately opposed to the government, members of the household, and 0 for padding."""
COLUMNS = 8


def kinds(worlds: Sequence[World], state: State, seed: int) -> NDArray[np.uint8]:
    """Return what every citizen is, uint8 (lanes, 8): see the columns above."""
    table = np.zeros((state.listing.size, COLUMNS), np.uint8)
    kinds_pass(pack_worlds(list(worlds)), state, week_keys(seed, 0), table)
    return table


@kernel(nogil=True)
def kinds_pass(worlds: Any, state: State, keys: Any, table: Any) -> None:
    """Fill the table block by block; see `kinds`."""
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
                row = table[block * 64 + lane]
                head = head_lane(crowd, lane)
                word = traits.first_word(crowd, lane, head, world.response.resemblance)
                band = age_band(world, zone, head == lane, word)
                byte = traits.trait_byte(traits.second_word(crowd, lane), traits.OCCUPATION)
                opinion = slope_value(world, zone, band, word, OPINION_SLOPE)
                row[BAND] = band
                row[INCOME] = slope_value(world, zone, band, word, INCOME_TRAIT)
                row[IS_ONLINE] = int(slope_value(world, zone, band, word, ONLINE_SLOPE) > 0)
                row[OCCUPATION] = traits.occupation_of(byte, band, world.response.officials)
                row[GROUP] = group_of(world, crowd, head)
                row[IS_OPPOSED] = int(opinion < traits.SUPPORTS_FROM)
                row[SIZE] = household_size(crowd, head, present)
                row[IS_PRESENT] = 1
            for slot in range(2):
                owner = owner_of(crowd, firm_word(keys, block_key, slot), slot, present)
                if owner >= 0:
                    table[block * 64 + owner, OCCUPATION] = traits.OWNER
