"""A block reflects: associate, speak and adapt for its 64 citizens; then it cuts and mends ties.

What the ties are known for was published last week: words of partner blocks, counted in planes
of bits over all fourteen ties.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from glasstown.engine import columns as c
from glasstown.engine.citizen import (
    age_band,
    group_of,
    mark_served,
    move_score,
    set_bit,
    settle,
    slope_value,
    standing,
    tally_points,
)
from glasstown.engine.listed import correct, household_words
from glasstown.engine.meeting import partner, tied_lanes, uncut_lanes
from glasstown.engine.words import add_bits, lowest_lane, swap_lanes, with_bit
from glasstown.engine.world import (
    BY_ERROR,
    BY_OTHERS,
    BY_SPEECH,
    CASH,
    CUT,
    PUBLISHED,
    SCORE,
    State,
    World,
)
from glasstown.laws import adapt, associate, law, sanction, speak
from glasstown.laws import publish as facts
from glasstown.laws.draws import CUT as CUT_DRAW
from glasstown.laws.draws import (
    EXPIRE,
    HOUSEHOLD,
    MEND,
    REFLECT,
    RESEMBLE,
    SHAME,
    TRAIT,
    bit,
    draw,
    field,
    high32,
    i64,
    low32,
    u64,
)
from glasstown.scheme.compilation import IS_BLACK, TERM
from glasstown.society import traits
from glasstown.society.households import head_lane
from glasstown.society.ties import HOUSEHOLD_TIES, TIES

OPINION_TRAIT, BOLDNESS_TRAIT, ONLINE_TRAIT, DIGITAL_TRAIT = 3, 4, 5, 6
COUNTED = 6
"""What is counted over ties: low friends, then all listed, shamed, praising, critical; then
members of the household who are low or listed."""
OF_HOUSEHOLD = 5


class Around(NamedTuple):
    """How many ties of one citizen are known for what."""

    low: int
    listed: int
    shamed: int
    praising: int
    critical: int
    household: int


@law
def count_lane(counts: Any, which: int, lane: int) -> int:
    """Return the 4-bit count of one lane."""
    return (
        bit(counts[which, 0], lane)
        + 2 * bit(counts[which, 1], lane)
        + 4 * bit(counts[which, 2], lane)
        + 8 * bit(counts[which, 3], lane)
    )


@law
def add_word(counts: Any, which: int, word: int) -> None:
    """Add one bit to the counter of each lane."""
    counts[which, 0], counts[which, 1], counts[which, 2], counts[which, 3] = add_bits(
        counts[which, 0], counts[which, 1], counts[which, 2], counts[which, 3], word
    )


@law
def count_household(state: State, keys: Any, block: int, block_key: int, counts: Any) -> None:
    """Count the facts of the three household ties."""
    any_fact = u64(0)
    for fact in range(facts.FACTS):
        any_fact |= state.words[PUBLISHED + fact, block]
    if any_fact == u64(0):
        return
    one, two, three = household_words(keys, block_key)
    for tie in range(HOUSEHOLD_TIES):
        mask = tie + 1
        together = one if tie == 0 else (two if tie == 1 else three)
        for fact in range(1, facts.FACTS):
            word = swap_lanes(state.words[PUBLISHED + fact, block], mask)
            add_word(counts, fact, word & together)
        fallen = state.words[PUBLISHED + facts.LOW, block] | (
            state.words[PUBLISHED + facts.LISTED, block]
        )
        add_word(counts, OF_HOUSEHOLD, swap_lanes(fallen, mask) & together)


@law
def count_ties(
    world: World, state: State, keys: Any, block: int, block_key: int, counts: Any
) -> None:
    """Count the facts of all ties of 64 citizens; ``counts`` uint64 (6, 4) is overwritten."""
    counts[:, :] = u64(0)
    count_household(state, keys, block, block_key, counts)
    for tie in range(HOUSEHOLD_TIES, TIES):
        other_mask = partner(world, state, keys, block, block_key, tie)
        other, mask = other_mask >> 6, other_mask & 63
        any_fact = u64(0)
        for fact in range(facts.FACTS):
            any_fact |= state.words[PUBLISHED + fact, other]
        if any_fact == u64(0):
            continue
        alive = tied_lanes(world, state, keys, block, block_key, tie, other, mask)
        alive &= uncut_lanes(state, block, tie, other, mask)
        for fact in range(facts.FACTS):
            word = state.words[PUBLISHED + fact, other]
            if word != u64(0):
                add_word(counts, fact, swap_lanes(word, mask) & alive)


@law
def reflect_block(
    world: World, state: State, keys: Any, week: int, zone: int, block: int, block_key: int,
    present: int, is_reckoning: bool, rows: Any, counts: Any,
) -> None:  # fmt: skip
    """Let the adults of a block reflect."""
    count_ties(world, state, keys, block, block_key, counts)
    for lane in range(present):
        head = head_lane(keys[HOUSEHOLD], block_key, lane)
        word = traits.first_word(
            keys[TRAIT], keys[RESEMBLE], block_key, lane, head, world.response.resemblance
        )
        band = age_band(world, zone, head == lane, word)
        if band < traits.FIRST_ADULT_BAND:
            continue
        row = rows[group_of(world, keys, block_key, head)]
        around = Around(
            count_lane(counts, 0, lane), count_lane(counts, 1, lane), count_lane(counts, 2, lane),
            count_lane(counts, 3, lane), count_lane(counts, 4, lane),
            count_lane(counts, OF_HOUSEHOLD, lane),
        )  # fmt: skip
        index = block * 64 + lane
        bits = draw(keys[REFLECT], block_key, 64 + lane)
        reflect_standing(world, state, keys, week, row, index, block_key, around, bits, is_reckoning)
        reflect_voice(world, state, row, index, zone, band, word, around)


@law
def reflect_standing(
    world: World, state: State, keys: Any, week: int, row: Any, index: int, block_key: int,
    around: Around, bits: int, is_reckoning: bool,
) -> None:  # fmt: skip
    """Associate, expire, repair and correct, and let caution rise and fade."""
    t, response = world.terms, world.response
    standing(world, state, row, index, -1)
    lane = index & 63
    before = i64(state.points[SCORE, index])
    chances = draw(keys[REFLECT], block_key, lane)
    if i64(state.points[BY_ERROR, index]) != 0 and low32(chances) < t.correction_q32:
        correct(world, state, row, index)
    listed = sanction.list_of(i64(state.listing[index]))
    if facts.is_publicly_low(before, t.low_below) and world.rules.lists[listed, IS_BLACK] == 0:
        if high32(chances) < t.repair_reflection_q32:
            row[c.WON_REPAIR] += move_score(world, state, index, t.repair_points)
    lost = 0
    if is_reckoning:
        lost -= lose_for_others(world, state, row, index, around)
    expire(world, state, row, index, draw(keys[EXPIRE], block_key, lane))
    caution = i64(state.caution[index])
    caution -= adapt.faded(caution, response.fade_q16, field(bits, 0, 16))
    rise = adapt.rise_from_loss(lost, t.loss_rise_q16) + adapt.rise_from_ties(
        around.listed, around.shamed, response.listed_tie_q16, response.shamed_tie_q16,
        field(bits, 16, 16),
    )  # fmt: skip
    state.caution[index] = adapt.more_cautious(caution, rise)
    end_red_term(world, state, row, index, week)
    settle(world, state, row, index, before, week, draw(keys[SHAME], block_key, lane))
    standing(world, state, row, index, 1)


@law
def end_red_term(world: World, state: State, row: Any, index: int, week: int) -> None:
    """Take a citizen off a red list at the end of its term."""
    listing = i64(state.listing[index])
    listed = sanction.list_of(listing)
    if listed == 0 or world.rules.lists[listed, IS_BLACK] == 1:
        return
    term = world.rules.lists[listed, TERM]
    if 0 < term <= week - sanction.week_of(listing):
        state.listing[index] = 0
        row[c.EXITS_RED] += 1
        mark_served(world, state, index)


@law
def lose_for_others(world: World, state: State, row: Any, index: int, around: Around) -> int:
    """Move the score for low friends and for the household; return the points moved."""
    t = world.terms
    points = associate.friends_points(around.low, t.friends_threshold, t.friends_points)
    by_friends = move_score(world, state, index, points)
    tally_points(row, by_friends, c.LOST_FRIENDS, c.WON_FRIENDS)
    points = associate.household_points(around.household, t.household_points)
    by_household = move_score(world, state, index, points)
    tally_points(row, by_household, c.LOST_HOUSEHOLD, c.WON_HOUSEHOLD)
    state.points[BY_OTHERS, index] += by_friends + by_household
    return by_friends + by_household


@law
def expire(world: World, state: State, row: Any, index: int, bits: int) -> None:
    """Let points fade towards the start, and their parts with them."""
    t = world.terms
    if t.expiry_q16 == 0:
        return
    deviation = i64(state.points[SCORE, index]) - t.start
    gone = adapt.faded(deviation, t.expiry_q16, field(bits, 0, 16))
    state.points[SCORE, index] -= gone
    if gone > 0:
        row[c.EXPIRED_DOWN] += gone
    else:
        row[c.EXPIRED_UP] -= gone
    for part in range(BY_ERROR, BY_SPEECH + 1):
        amount = i64(state.points[part, index])
        state.points[part, index] -= adapt.faded(
            amount, t.expiry_q16, field(bits, 16 * part, 16)
        )


@law
def reflect_voice(
    world: World, state: State, row: Any, index: int, zone: int, band: int, word: int,
    around: Around,
) -> None:  # fmt: skip
    """Choose a stance, choose cash, and leave the screens after having been on them."""
    t, response = world.terms, world.response
    block, lane = index >> 6, index & 63
    opinion = slope_value(world, zone, band, word, OPINION_TRAIT)
    stance = speak.stance(
        opinion, slope_value(world, zone, band, word, BOLDNESS_TRAIT),
        i64(state.caution[index]), around.praising, around.critical, response.conformity_q8,
        response.fear_q8, response.praise_from_fear_q8, t.praise_pays, t.criticism_costs,
    )  # fmt: skip
    old = bit(state.words[facts.PRAISING, block], lane) + 2 * bit(
        state.words[facts.CRITICAL, block], lane
    )
    if stance != old:
        tally_stance(row, old, opinion, -1)
        tally_stance(row, stance, opinion, 1)
        set_bit(state, facts.PRAISING, index, 1 if stance == speak.PRAISE else 0)
        set_bit(state, facts.CRITICAL, index, 1 if stance == speak.CRITICISM else 0)
    digital = slope_value(world, zone, band, word, DIGITAL_TRAIT)
    if slope_value(world, zone, band, word, ONLINE_TRAIT) == 0:
        digital = 0
    cash = adapt.pays_cash(i64(state.caution[index]), digital, response.cash_above)
    row[c.PAYING_CASH] += cash - bit(state.words[CASH, block], lane)
    set_bit(state, CASH, index, cash)
    if bit(state.words[facts.SHAMED, block] & state.words[PUBLISHED + facts.SHAMED, block], lane):
        set_bit(state, facts.SHAMED, index, 0)
        row[c.SHAMED] -= 1


@law
def tally_stance(row: Any, stance: int, opinion: int, sign: int) -> None:
    """Add or subtract a citizen in the stocks of stance."""
    is_opposed = opinion < traits.SUPPORTS_FROM
    if stance == speak.PRAISE:
        row[c.PRAISING] += sign
        if is_opposed:
            row[c.FALSIFYING] += sign
    elif stance == speak.CRITICISM:
        row[c.CRITICAL] += sign
    elif is_opposed:
        row[c.SILENCED] += sign


@law
def cut_block(
    world: World, state: State, keys: Any, block: int, block_key: int, present: int,
    rows: Any,
) -> None:  # fmt: skip
    """Let the cautious cut ties with the publicly low, and mend ties with those who recovered."""
    cautious = u64(0)
    for lane in range(present):
        if i64(state.caution[block * 64 + lane]) > world.response.cut_above:
            cautious = with_bit(cautious, lane, 1)
    for tie in range(HOUSEHOLD_TIES, TIES):
        plane = CUT + tie - HOUSEHOLD_TIES
        mine = state.words[plane, block]
        if cautious == u64(0) and mine == u64(0):
            continue
        other_mask = partner(world, state, keys, block, block_key, tie)
        other, mask = other_mask >> 6, other_mask & 63
        low = state.words[PUBLISHED + facts.LOW, other]
        if low == u64(0) and mine == u64(0):
            continue
        low = swap_lanes(low, mask)
        lanes = u64(0)
        if (low & cautious & ~mine) != u64(0):
            lanes = low & cautious & ~mine
            lanes &= tied_lanes(world, state, keys, block, block_key, tie, other, mask)
        lanes |= mine & ~low
        while lanes != u64(0):
            lane = lowest_lane(lanes)
            lanes &= lanes - u64(1)
            cut_or_mend(world, state, keys, block, block_key, tie, lane, rows)


@law
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
    head = head_lane(keys[HOUSEHOLD], block_key, lane)
    row = rows[group_of(world, keys, block_key, head)]
    row[c.TIES_MENDED if is_cut == 1 else c.TIES_CUT] += 1
    state.words[plane, block] = with_bit(state.words[plane, block], lane, 1 - is_cut)
