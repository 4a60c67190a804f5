"""Whether a citizen knows an official who would help: looked up tie by tie, for the few who ask."""

from __future__ import annotations

from typing import Any

from glasstown.engine.citizen import HONESTY_TRAIT, age_band, slope_value
from glasstown.engine.meeting import block_key_of, is_itself, kept, met
from glasstown.engine.world import PUBLISHED, State, World
from glasstown.laws import publish as facts
from glasstown.laws import rare
from glasstown.laws.draws import PEOPLE, bit, i64, stream
from glasstown.society import traits
from glasstown.society.households import head_lane
from glasstown.society.ties import HOUSEHOLD_TIES, TIES


@rare
def has_insider(
    world: World, state: State, keys: Any, block: int, block_key: int, lane: int, present: int
) -> bool:
    """Return whether a household member or a tie that lives is a dishonest official, not listed."""
    crowd = stream(keys[PEOPLE], block_key)
    head = head_lane(crowd, lane)
    for other in range(lane & ~3, min((lane & ~3) + 4, present)):
        is_kin = other != lane and head_lane(crowd, other) == head
        if is_kin and is_insider(world, state, block, crowd, other):
            return True
    for tie in range(HOUSEHOLD_TIES, TIES):
        other_mask = met(state, keys, block, block_key, tie)
        other, mask = other_mask >> 6, other_mask & 63
        if is_itself(block, other, mask) or bit(kept(state, block, tie), lane) == 0:
            continue
        if bit(kept(state, other, tie), lane ^ mask) == 1:
            their_crowd = stream(keys[PEOPLE], block_key_of(world, state, other))
            if is_insider(world, state, other, their_crowd, lane ^ mask):
                return True
    return False


@rare
def is_insider(world: World, state: State, block: int, crowd: int, lane: int) -> bool:
    """Return whether a citizen is an official who helps the own ties."""
    if bit(state.words[PUBLISHED + facts.LISTED, block], lane) == 1:
        return False
    byte = traits.trait_byte(traits.second_word(crowd, lane), traits.OCCUPATION)
    if byte >= world.response.officials:
        return False
    zone, head = i64(state.block_zone[block]), head_lane(crowd, lane)
    word = traits.first_word(crowd, lane, head, world.response.resemblance)
    band = age_band(world, zone, head == lane, word)
    occupation = traits.occupation_of(byte, band, world.response.officials)
    honesty = slope_value(world, zone, band, word, HONESTY_TRAIT)
    return occupation == traits.OFFICIAL and honesty < world.terms.insider_below
