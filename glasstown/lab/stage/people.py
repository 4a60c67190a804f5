"""What never changes about those on stage: two bytes a citizen, counted by a kernel.

Plane 0: bits 0 to 2 age band, bit 3 adult, bits 4 and 5 group, bit 6 rural. Plane 1: private
opinion of the government, 0 (against) to 255 (for).
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from glasstown.engine.citizen import age_band, group_of, slope_value
from glasstown.engine.country import Country
from glasstown.engine.kernels import kernel
from glasstown.engine.meeting import block_key_of, present_in
from glasstown.engine.packing import pack_worlds
from glasstown.engine.world import State, week_keys
from glasstown.lab.stage.places import Places
from glasstown.laws.draws import PEOPLE, i64, stream
from glasstown.society import layout as at
from glasstown.society import traits
from glasstown.society.compilation import SLOPE_TRAITS
from glasstown.society.households import head_lane

OPINION = SLOPE_TRAITS.index("opinion")
BAND_BITS, ADULT, GROUP_SHIFT, RURAL = 7, 1 << 3, 4, 1 << 6


def people_planes(country: Country, places: Places) -> NDArray[np.uint8]:
    """Return what never changes about those on stage, uint8 (2, citizens)."""
    planes = np.zeros((2, places.citizens), np.uint8)
    keys = week_keys(country.seed, 0)
    people_pass(pack_worlds([country.world]), country.state, keys, places.blocks, planes)
    return planes


def adults(planes: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Return who on stage is an adult, bool (citizens,)."""
    return (planes[0] & ADULT) != 0


@kernel(nogil=True)
def people_pass(worlds: Any, state: State, keys: Any, blocks: Any, planes: Any) -> None:
    """Look up the citizens of blocks; see `people_planes`."""
    world, place = worlds[0], 0
    for i in range(blocks.shape[0]):
        block = blocks[i]
        zone = i64(state.block_zone[block])
        crowd = stream(keys[PEOPLE], block_key_of(world, state, block))
        rural = RURAL if world.places.zones[zone, at.SETTLEMENT] == at.RURAL else 0
        for lane in range(present_in(world, state, block)):
            head = head_lane(crowd, lane)
            word = traits.first_word(crowd, lane, head, world.response.resemblance)
            band = age_band(world, zone, head == lane, word)
            adult = ADULT if band >= traits.FIRST_ADULT_BAND else 0
            group = group_of(world, crowd, head)
            planes[0, place] = band | adult | (group << GROUP_SHIFT) | rural
            planes[1, place] = slope_value(world, zone, band, word, OPINION)
            place += 1
