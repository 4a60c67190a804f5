"""A zone gets another scheme: scores, lists, membership and firms' ratings go on or begin anew."""

from __future__ import annotations

from typing import Any

from glasstown.engine import columns as c
from glasstown.engine.citizen import (
    age_band,
    group_of,
    is_member,
    mark_served,
    set_bit,
    standing,
    tally_points,
    tally_standing,
)
from glasstown.engine.firms import firm_listing_of, firm_word, owner_of, tally_firm
from glasstown.engine.world import (
    BY_ERROR,
    BY_SPEECH,
    COMPLIANCE,
    ENROLLED,
    OWNER_HIT,
    SCORE,
    SOCIAL,
    State,
    World,
)
from glasstown.laws import firm, part, rare, sanction
from glasstown.laws import publish as facts
from glasstown.laws.draws import PEOPLE, fold, i64, stream
from glasstown.scheme.compilation import IS_BLACK
from glasstown.society import layout as at
from glasstown.society import traits
from glasstown.society.households import head_lane

# Columns of a change, as kernels get it.
ZONE, BEFORE, AFTER, LIST_0, KEEPS_SCORE, KEEPS_FIRMS = 0, 1, 2, 3, 7, 8
CHANGE = 9


@part
def enter_zone(old: World, new: World, state: State, keys: Any, change: Any, rows: Any) -> None:
    """Put a zone under another scheme. ``change`` int64 (9,): columns as named above."""
    for place in range(new.places.zones[change[ZONE], at.BLOCKS]):
        enter_block(old, new, state, keys, change, place, rows)


@part
def enter_block(
    old: World, new: World, state: State, keys: Any, change: Any, place: int, rows: Any
) -> None:
    """Put the block at a place of a zone under another scheme; arguments as in `enter_zone`."""
    zone = change[ZONE]
    block = new.places.zones[zone, at.FIRST_BLOCK] + place
    block_key = fold(new.places.zone_keys[zone], place)
    crowd = stream(keys[PEOPLE], block_key)
    rest = new.places.zones[zone, at.CITIZENS] - at.BLOCK * place
    present = at.BLOCK if rest > at.BLOCK else rest
    for lane in range(at.BLOCK):
        index = block * at.BLOCK + lane
        if lane < present:
            head = head_lane(crowd, lane)
            word = traits.first_word(crowd, lane, head, new.response.resemblance)
            if age_band(new, zone, head == lane, word) >= traits.FIRST_ADULT_BAND:
                row = rows[group_of(new, crowd, head)]
                enter_citizen(old, new, state, change, row, index)
        if change[KEEPS_SCORE] == 0:
            # Children and padding stand at the start too.
            state.points[SCORE, index] = new.terms.start
    for slot in range(2):
        owner = owner_of(crowd, firm_word(keys, block_key, slot), slot, present)
        if owner >= 0:
            row = rows[group_of(new, crowd, owner)]
            number = 2 * block + slot
            enter_firm_anew(old, new, state, change, row, number, block * at.BLOCK + owner)


@rare
def enter_citizen(old: World, new: World, state: State, change: Any, row: Any, index: int) -> None:
    """Put an adult under another scheme."""
    before = i64(state.points[SCORE, index])
    tally_standing(row, standing(old, state, index), -1)
    if change[KEEPS_SCORE] == 0:
        tally_points(row, new.terms.start - before, c.LOST_ROLLOUT, c.WON_ROLLOUT)
        row[c.SCORE_SUM] += new.terms.start - before
        state.points[SCORE, index] = new.terms.start
        for portion in range(BY_ERROR, BY_SPEECH + 1):
            state.points[portion, index] = 0
    carry_listing(old, state, change, row, index)
    was_member = is_member(state, index)
    # Who was a member of one voluntary scheme is one of the next.
    is_kept = old.terms.is_voluntary == 1 and was_member
    stays = new.terms.is_voluntary == 0 or is_kept
    set_bit(state, ENROLLED, index, int(stays))
    row[c.ENROLLED] += int(stays) * new.terms.has_score - int(was_member) * old.terms.has_score
    is_low = facts.is_publicly_low(i64(state.points[SCORE, index]), new.terms.low_below)
    set_bit(state, facts.LOW, index, int(is_low))
    mark_served(new, state, index)
    tally_standing(row, standing(new, state, index), 1)


@part
def carry_listing(old: World, state: State, change: Any, row: Any, index: int) -> None:
    """Carry a listing or a notice over to the list of the same name, or end it."""
    listing = i64(state.listing[index])
    number = listing & 3
    if number == 0:
        return
    after = change[LIST_0 + number]
    if after > 0:
        state.listing[index] = (listing & ~3) | after
        return
    state.listing[index] = 0
    if sanction.notice_of(listing) > 0:
        row[c.SPARED_ROLLOUT] += 1
    elif old.rules.lists[number, IS_BLACK] == 1:
        row[c.EXIT_ROLLOUT] += 1
        set_bit(state, facts.LISTED, index, 0)
    else:
        row[c.EXITS_RED] += 1


@rare
def enter_firm_anew(
    old: World, new: World, state: State, change: Any, row: Any, number: int, owner: int
) -> None:
    """Put a firm under another scheme; its stocks are counted by the scheme's tiers."""
    tally_firm(old, state, row, number, -1)
    if change[KEEPS_FIRMS] == 0:
        if firm_listing_of(state, number) == firm.BLACK:
            row[c.FIRM_EXIT_ROLLOUT] += 1
            set_bit(state, OWNER_HIT, owner, 0)
        state.firm_listing[number] = 0
        reset_category(state, row, number, COMPLIANCE, new.terms.firm_start)
        reset_category(state, row, number, SOCIAL, 0)
    tally_firm(new, state, row, number, 1)


@part
def reset_category(state: State, row: Any, number: int, category: int, value: int) -> None:
    """Set a category of a firm's rating to where the new scheme starts."""
    moved = value - i64(state.firm_points[category, number])
    state.firm_points[category, number] = value
    row[c.FIRM_WON_ROLLOUT] += max(moved, 0)
    row[c.FIRM_LOST_ROLLOUT] += max(-moved, 0)
