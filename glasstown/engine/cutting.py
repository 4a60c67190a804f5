"""Ties are cut and mended, word by word."""

from __future__ import annotations

from typing import Any

from glasstown.engine import columns as c
from glasstown.engine.citizen import group_of
from glasstown.engine.line import lanes_above
from glasstown.engine.meeting import is_itself, met, open_lanes, open_there
from glasstown.engine.prefetch import prefetch
from glasstown.engine.words import first_lanes, lowest_lane, swap_lanes, with_bit
from glasstown.engine.world import CUT, PLANES, PUBLISHED, State, World
from glasstown.laws import part, rare
from glasstown.laws import publish as facts
from glasstown.laws.draws import CUT as CUT_DRAW
from glasstown.laws.draws import MEND, PEOPLE, bit, draw, i64, low32, stream, u64
from glasstown.laws.draws import place as at_index
from glasstown.society.households import head_lane
from glasstown.society.ties import FAR_TIES, HOUSEHOLD_TIES, TIES

MAY_CUT = 1 << 14
"""A bit of the hints beyond those of ties: somebody of the block may have a tie to cut."""


@part
def may_cut(state: State, block: int) -> bool:
    """Return whether ties of a block may be cut or mended at all."""
    return i64(state.cutting[block]) != 0


@part
def cut_block(
    world: World, state: State, keys: Any, block: int, block_key: int, present: int,
    rows: Any,
) -> None:  # fmt: skip
    """Let the cautious cut ties with the publicly low, and mend ties with those who recovered."""
    # All lines at once: one after another, each would have to be waited for.
    for far in range(FAR_TIES):
        prefetch(state.flat_words, PLANES * (i64(state.partners[far, block]) >> 6) + PUBLISHED)
    cautious = lanes_above(state.caution, at_index(64 * block), world.response.cut_above)
    cautious &= first_lanes(present)
    crowd = stream(keys[PEOPLE], block_key)
    for tie in range(HOUSEHOLD_TIES, TIES):
        may_mend = (i64(state.cutting[block]) >> (tie - HOUSEHOLD_TIES)) & 1
        if cautious == u64(0) and may_mend == 0:
            continue
        other_mask = met(state, keys, block, block_key, tie)
        other, mask = other_mask >> 6, other_mask & 63
        low = state.words[PUBLISHED + facts.LOW, other]
        if (low == u64(0) and may_mend == 0) or is_itself(block, other, mask):
            continue
        shut = state.words[CUT + tie - HOUSEHOLD_TIES, block]
        lanes = u64(0)
        if may_mend == 1:
            mine = shut & open_lanes(world, crowd, tie) & first_lanes(present)
            if mine == u64(0):
                state.cutting[block] &= ~(1 << (tie - HOUSEHOLD_TIES))
            lanes = mine & ~swap_lanes(low, mask)
        there = cautious_ends(low, cautious, shut, mask)
        if there != u64(0):
            there &= open_there(world, state, keys, other, tie)
            lanes |= swap_lanes(there, mask) & cautious & ~shut
        while lanes != u64(0):
            lane = lowest_lane(lanes)
            lanes &= lanes - u64(1)
            cut_or_mend(world, state, keys, block, block_key, tie, lane, rows)


@part
def cautious_ends(low: int, cautious: int, shut: int, mask: int) -> int:
    """Return the lanes of a partner block whose tie a cautious citizen here may cut."""
    return low & swap_lanes(cautious & ~shut, mask)


@rare
def cut_or_mend(
    world: World, state: State, keys: Any, block: int, block_key: int, tie: int,
    lane: int, rows: Any,
) -> None:  # fmt: skip
    """Cut a tie that is whole, or mend one that is cut, by a draw."""
    plane = CUT + tie - HOUSEHOLD_TIES
    is_cut = bit(state.words[plane, block], lane)
    purpose = MEND if is_cut == 1 else CUT_DRAW
    limit = world.response.mend_q32 if is_cut == 1 else world.response.cut_q32
    if low32(draw(keys[purpose], block_key, tie * 64 + lane)) >= limit:
        return
    crowd = stream(keys[PEOPLE], block_key)
    row = rows[group_of(world, crowd, head_lane(crowd, lane))]
    row[c.TIES_MENDED if is_cut == 1 else c.TIES_CUT] += 1
    state.words[plane, block] = with_bit(state.words[plane, block], lane, 1 - is_cut)
    state.cutting[block] |= (1 - is_cut) << (tie - HOUSEHOLD_TIES)
