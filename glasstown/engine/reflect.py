"""A block reflects: associate, speak and adapt for its 64 citizens; then it cuts and mends ties.

What the ties are known for was published last week: words of partner blocks, counted in planes
of bits over all fourteen ties.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from glasstown.engine import columns as c
from glasstown.engine.citizen import (
    CAUTIOUS_FROM,
    age_band,
    bin_of,
    group_of,
    mark_served,
    move_score,
    set_bit,
    settle,
    slope_value,
    standing,
    standing_of,
    tally_points,
    tally_standing,
    tier_at,
)
from glasstown.engine.listed import correct, household_words
from glasstown.engine.meeting import is_itself, met, open_lanes, open_there, open_with, uncut
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
from glasstown.laws import adapt, associate, part, rare, sanction, speak
from glasstown.laws import publish as facts
from glasstown.laws import score as scoring
from glasstown.laws.draws import CUT as CUT_DRAW
from glasstown.laws.draws import (
    MEND,
    PEOPLE,
    REFLECT,
    bit,
    draw,
    field,
    fold,
    high32,
    i64,
    low32,
    stream,
    u64,
)
from glasstown.laws.draws import place as at_index
from glasstown.scheme.compilation import IS_BLACK, TERM
from glasstown.society import traits
from glasstown.society.households import head_lane, household_head, household_pattern
from glasstown.society.ties import HOUSEHOLD_TIES, TIES, sociability_word

OPINION_TRAIT, BOLDNESS_TRAIT, ONLINE_TRAIT, DIGITAL_TRAIT = 3, 4, 5, 6
COUNTED = 6
"""What is counted over ties: low friends, then all listed, shamed, praising, critical; then
members of the household who are low or listed."""
OF_HOUSEHOLD = 5
OWN, LIKE, CHANCES, MOODS, EXPIRES, WORDS = range(6)
"""Rows of the hashes of a block."""
LISTING, CAUTION, LOST, LISTED_TIES, SHAMED_TIES, GONE, BAND, GROUP, ADULT = range(4, 13)
"""Rows of the numbers of a block, after the four parts of a score."""


class Around(NamedTuple):
    """How many ties of one citizen are known for what."""

    low: int
    listed: int
    shamed: int
    household: int


@part
def count_lane(counts: Any, which: int, lane: int) -> int:
    """Return the 4-bit count of one lane."""
    return (
        bit(counts[which, 0], lane)
        + 2 * bit(counts[which, 1], lane)
        + 4 * bit(counts[which, 2], lane)
        + 8 * bit(counts[which, 3], lane)
    )


@part
def lanes_counted(counts: Any, which: int) -> int:
    """Return the lanes whose counter is not zero."""
    return counts[which, 0] | counts[which, 1] | counts[which, 2] | counts[which, 3]


@part
def look_around(counts: Any, lane: int) -> Around:
    """Return what one citizen's ties are known for."""
    return Around(
        count_lane(counts, facts.LOW, lane),
        count_lane(counts, facts.LISTED, lane),
        count_lane(counts, facts.SHAMED, lane),
        count_lane(counts, OF_HOUSEHOLD, lane),
    )


@part
def add_word(counts: Any, which: int, word: int) -> None:
    """Add one bit to the counter of each lane."""
    counts[which, 0], counts[which, 1], counts[which, 2], counts[which, 3] = add_bits(
        counts[which, 0], counts[which, 1], counts[which, 2], counts[which, 3], word
    )


@part
def count_household(state: State, block: int, crowd: int, counts: Any) -> None:
    """Count the facts of the three household ties."""
    any_fact = u64(0)
    for fact in range(facts.FACTS):
        any_fact |= state.words[PUBLISHED + fact, block]
    if any_fact == u64(0):
        return
    one, two, three = household_words(crowd)
    for tie in range(HOUSEHOLD_TIES):
        mask = tie + 1
        together = one if tie == 0 else (two if tie == 1 else three)
        for fact in range(1, facts.FACTS):
            word = swap_lanes(state.words[PUBLISHED + fact, block], mask)
            add_word(counts, fact, word & together)
        fallen = (
            state.words[PUBLISHED + facts.LOW, block]
            | (state.words[PUBLISHED + facts.LISTED, block])
        )
        add_word(counts, OF_HOUSEHOLD, swap_lanes(fallen, mask) & together)


@part
def count_ties(
    world: World, state: State, keys: Any, block: int, block_key: int, counts: Any
) -> None:
    """Count the facts of all ties of 64 citizens; ``counts`` uint64 (6, 4) is overwritten."""
    counts[:, :] = u64(0)
    crowd = stream(keys[PEOPLE], block_key)
    count_household(state, block, crowd, counts)
    mixing = world.response.mixing
    s0, s1 = sociability_word(crowd, 0, mixing), sociability_word(crowd, 1, mixing)
    s2, s3 = sociability_word(crowd, 2, mixing), sociability_word(crowd, 3, mixing)
    for tie in range(HOUSEHOLD_TIES, TIES):
        other_mask = met(state, keys, block, block_key, tie)
        other, mask = other_mask >> 6, other_mask & 63
        any_fact = u64(0)
        for fact in range(facts.FACTS):
            any_fact |= state.words[PUBLISHED + fact, other]
        if any_fact == u64(0) or is_itself(block, other, mask):
            continue
        here = open_with(crowd, tie, s0, s1, s2, s3) & uncut(state, block, tie)
        there = open_there(world, state, keys, other, tie) & uncut(state, other, tie)
        for fact in range(facts.FACTS):
            word = state.words[PUBLISHED + fact, other] & there
            add_word(counts, fact, swap_lanes(word, mask) & here)


@part
def reflect_block(
    world: World, state: State, keys: Any, week: int, zone: int, block: int, block_key: int,
    present: int, is_reckoning: bool, rows: Any, counts: Any, draws: Any, lanes: Any,
) -> None:  # fmt: skip
    """Let the adults of a block reflect.

    What happens to nearly everybody (points and caution fade) is done for all 64 lanes in loops
    without branches; what is rare is done where it happens, before and after. ``draws`` uint64
    (6, 64) and ``lanes`` int64 (13, 64) are room.
    """
    zone, block = at_index(zone), at_index(block)
    count_ties(world, state, keys, block, block_key, counts)
    notable = lanes_counted(counts, facts.LOW) | lanes_counted(counts, facts.LISTED)
    notable |= lanes_counted(counts, facts.SHAMED) | lanes_counted(counts, OF_HOUSEHOLD)
    crowd = stream(keys[PEOPLE], block_key)
    draw_lanes(crowd, stream(keys[REFLECT], block_key), draws)
    remember_lanes(state, block, lanes)
    adults = find_adults(world, zone, crowd, present, draws, lanes)
    for i in range(adults):
        lane = at_index(lanes[ADULT, i])
        prepare_lane(
            world, state, block * 64 + lane, is_reckoning, notable, rows, counts, draws, lanes
        )
    fade_lanes(world, state, block, draws, lanes)
    for i in range(adults):
        lane = at_index(lanes[ADULT, i])
        row = rows[at_index(lanes[GROUP, lane])]
        index = at_index(block * 64 + lane)
        settle_lane(world, state, keys, week, row, index, block_key, lanes)
        reflect_voice(
            world, state, row, index, zone, at_index(lanes[BAND, lane]), draws[WORDS, lane],
            count_lane(counts, facts.PRAISING, lane), count_lane(counts, facts.CRITICAL, lane),
        )  # fmt: skip


@part
def remember_lanes(state: State, block: int, lanes: Any) -> None:
    """Keep what every lane is before the reflection."""
    for lane in range(64):
        index = at_index(block * 64 + lane)
        lanes[SCORE, lane] = state.points[SCORE, index]
        lanes[BY_ERROR, lane] = state.points[BY_ERROR, index]
        lanes[BY_OTHERS, lane] = state.points[BY_OTHERS, index]
        lanes[BY_SPEECH, lane] = state.points[BY_SPEECH, index]
        lanes[LISTING, lane] = state.listing[index]
        lanes[CAUTION, lane] = state.caution[index]
        lanes[LOST, lane], lanes[LISTED_TIES, lane], lanes[SHAMED_TIES, lane] = 0, 0, 0


@part
def find_adults(world: World, zone: int, crowd: int, present: int, draws: Any, lanes: Any) -> int:
    """Work out each lane's traits, band and group; return how many adults there are."""
    adults = 0
    pattern = 0
    for lane in range(present):
        if lane & 3 == 0:
            pattern = household_pattern(crowd, lane >> 2)
        head = (lane & ~3) | household_head(pattern, lane & 3)
        word = traits.shared_word(
            draws[OWN, lane], draws[OWN, head], draws[LIKE, lane], world.response.resemblance
        )
        band = age_band(world, zone, head == lane, word)
        draws[WORDS, lane] = word
        lanes[BAND, lane] = band
        lanes[GROUP, lane] = group_of(world, crowd, head)
        lanes[ADULT, adults] = lane
        adults += int(band >= traits.FIRST_ADULT_BAND)
    return adults


@part
def prepare_lane(
    world: World, state: State, index: int, is_reckoning: bool, notable: int, rows: Any,
    counts: Any, draws: Any, lanes: Any,
) -> None:  # fmt: skip
    """Correct or repair, and lose points for others: what few citizens meet."""
    lane = index & 63
    before = lanes[SCORE, lane]
    is_low = facts.is_publicly_low(before, world.terms.low_below)
    is_notable = bit(notable, lane)
    if lanes[BY_ERROR, lane] == 0 and not is_low and is_notable == 0:
        return
    row = rows[at_index(lanes[GROUP, lane])]
    if lanes[BY_ERROR, lane] != 0 or is_low:
        correct_or_repair(world, state, row, index, before, draws[CHANCES, lane])
    if is_notable == 1:
        around = look_around(counts, lane)
        lanes[LISTED_TIES, lane], lanes[SHAMED_TIES, lane] = around.listed, around.shamed
        if is_reckoning and around.low + around.household > 0:
            lanes[LOST, lane] = max(-lose_for_others(world, state, row, index, around), 0)


@part
def fade_lanes(world: World, state: State, block: int, draws: Any, lanes: Any) -> None:
    """Let points and caution of 64 lanes fade, and caution rise; who has none is left as it is."""
    t, response = world.terms, world.response
    for lane in range(64):
        index = at_index(block * 64 + lane)
        bits = draws[EXPIRES, lane]
        score = i64(state.points[SCORE, index])
        gone = adapt.faded(score - t.start, t.expiry_q16, field(bits, 0, 16))
        lanes[GONE, lane] = gone
        state.points[SCORE, index] = score - gone
        for portion in range(BY_ERROR, BY_SPEECH + 1):
            amount = i64(state.points[portion, index])
            fades = adapt.faded(amount, t.expiry_q16, field(bits, 16 * portion, 16))
            state.points[portion, index] = amount - fades
    for lane in range(64):
        index = at_index(block * 64 + lane)
        bits = draws[MOODS, lane]
        caution = lanes[CAUTION, lane]
        rise = adapt.rise_from_loss(lanes[LOST, lane], t.loss_rise_q16) + adapt.rise_from_ties(
            lanes[LISTED_TIES, lane], lanes[SHAMED_TIES, lane], response.listed_tie_q16,
            response.shamed_tie_q16, field(bits, 16, 16),
        )  # fmt: skip
        faded = caution - adapt.faded(caution, response.fade_q16, field(bits, 0, 16))
        state.caution[index] = adapt.more_cautious(faded, rise)


@part
def settle_lane(
    world: World, state: State, keys: Any, week: int, row: Any, index: int, block_key: int,
    lanes: Any,
) -> None:  # fmt: skip
    """Draw the consequences of what a lane's score and caution have become, and tally them."""
    lane = index & 63
    before, listing, caution = lanes[SCORE, lane], lanes[LISTING, lane], lanes[CAUTION, lane]
    gone = lanes[GONE, lane]
    row[c.EXPIRED_DOWN] += max(gone, 0)
    row[c.EXPIRED_UP] += max(-gone, 0)
    if listing != 0:
        end_red_term(world, state, row, index, week)
    tier = tier_at(world, i64(state.points[SCORE, index]))
    tier_before = tier_at(world, before)
    settle(world, state, keys, row, index, block_key, before, week, tier, tier_before)
    after, cautious = i64(state.points[SCORE, index]), i64(state.caution[index])
    row[c.SCORE_SUM] += after - before
    row[c.CAUTION_SUM] += cautious - caution
    is_same = (
        int(listing == i64(state.listing[index]))
        & int((caution >= CAUTIOUS_FROM) == (cautious >= CAUTIOUS_FROM))
        & int(tier == tier_before)
        & int(bin_of(world, after) == bin_of(world, before))
        & int(world.rules.deny_until[tier] == sanction.NEVER)
    )
    if is_same == 0:
        code = standing_of(
            world, before, lanes[BY_ERROR, lane], lanes[BY_OTHERS, lane], lanes[BY_SPEECH, lane],
            listing, caution,
        )  # fmt: skip
        tally_standing(row, code, -1)
        tally_standing(row, standing(world, state, index), 1)


@part
def draw_lanes(crowd: int, mood: int, draws: Any) -> None:
    """Hash for all 64 lanes at once, in loops that a compiler can vectorise."""
    for lane in range(64):
        draws[OWN, lane] = traits.own_word(crowd, lane)
    for lane in range(64):
        draws[LIKE, lane] = traits.likeness(crowd, lane)
    for lane in range(64):
        draws[CHANCES, lane] = fold(mood, lane)
    for lane in range(64):
        draws[MOODS, lane] = fold(mood, 64 + lane)
    for lane in range(64):
        draws[EXPIRES, lane] = fold(mood, 128 + lane)


@rare
def correct_or_repair(
    world: World, state: State, row: Any, index: int, score: int, bits: int
) -> None:
    """Give back points booked by mistake, and let the low who are not listed repair."""
    t = world.terms
    if state.points[BY_ERROR, index] != 0 and low32(bits) < t.correction_q32:
        correct(world, state, row, index)
    is_low = facts.is_publicly_low(score, t.low_below)
    if is_low and high32(bits) < t.repair_reflection_q32:
        is_black = world.rules.lists[sanction.list_of(i64(state.listing[index])), IS_BLACK] == 1
        if not is_black:
            row[c.WON_REPAIR] += move_score(world, state, index, t.repair_points)


@rare
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


@rare
def lose_for_others(world: World, state: State, row: Any, index: int, around: Around) -> int:
    """Move the score for low friends and for the household; return the points moved."""
    t = world.terms
    points = associate.friends_points(around.low, t.friends_threshold, t.friends_points)
    by_friends = move_score(world, state, index, points)
    tally_points(row, by_friends, c.LOST_FRIENDS, c.WON_FRIENDS)
    points = associate.household_points(around.household, t.household_points)
    by_household = move_score(world, state, index, points)
    tally_points(row, by_household, c.LOST_HOUSEHOLD, c.WON_HOUSEHOLD)
    by_others = i64(state.points[BY_OTHERS, index])
    state.points[BY_OTHERS, index] = scoring.part_after(by_others, by_friends + by_household)
    return by_friends + by_household


@part
def reflect_voice(
    world: World, state: State, row: Any, index: int, zone: int, band: int, word: int,
    praising: int, critical: int,
) -> None:  # fmt: skip
    """Choose a stance, choose cash, and leave the screens after having been on them."""
    t, response = world.terms, world.response
    block, lane = index >> 6, index & 63
    opinion = slope_value(world, zone, band, word, OPINION_TRAIT)
    stance = speak.stance(
        opinion, slope_value(world, zone, band, word, BOLDNESS_TRAIT),
        i64(state.caution[index]), praising, critical, response.conformity_q8,
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
    if i64(state.caution[index]) > response.cash_above or bit(state.words[CASH, block], lane) == 1:
        choose_cash(world, state, row, index, zone, band, word)
    if bit(state.words[facts.SHAMED, block] & state.words[PUBLISHED + facts.SHAMED, block], lane):
        set_bit(state, facts.SHAMED, index, 0)
        row[c.SHAMED] -= 1


@rare
def choose_cash(
    world: World, state: State, row: Any, index: int, zone: int, band: int, word: int
) -> None:
    """Let a citizen pay cash or digitally; who is not cautious and pays digitally goes on so."""
    digital = slope_value(world, zone, band, word, DIGITAL_TRAIT)
    if slope_value(world, zone, band, word, ONLINE_TRAIT) == 0:
        digital = 0
    cash = adapt.pays_cash(i64(state.caution[index]), digital, world.response.cash_above)
    row[c.PAYING_CASH] += cash - bit(state.words[CASH, index >> 6], index & 63)
    set_bit(state, CASH, index, cash)


@part
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


@part
def cut_block(
    world: World, state: State, keys: Any, block: int, block_key: int, present: int,
    rows: Any,
) -> None:  # fmt: skip
    """Let the cautious cut ties with the publicly low, and mend ties with those who recovered."""
    cautious = u64(0)
    for lane in range(present):
        is_cautious = int(i64(state.caution[block * 64 + lane]) > world.response.cut_above)
        cautious |= u64(is_cautious) << u64(lane)
    crowd = stream(keys[PEOPLE], block_key)
    for tie in range(HOUSEHOLD_TIES, TIES):
        mine = state.words[CUT + tie - HOUSEHOLD_TIES, block]
        if cautious == u64(0) and mine == u64(0):
            continue
        other_mask = met(state, keys, block, block_key, tie)
        other, mask = other_mask >> 6, other_mask & 63
        low = state.words[PUBLISHED + facts.LOW, other]
        if (low == u64(0) and mine == u64(0)) or is_itself(block, other, mask):
            continue
        lanes = mine & ~swap_lanes(low, mask)
        there = low & open_there(world, state, keys, other, tie)
        if there != u64(0):
            here = open_lanes(crowd, world.response.mixing, tie) & cautious & ~mine
            lanes |= swap_lanes(there, mask) & here
        while lanes != u64(0):
            lane = lowest_lane(lanes)
            lanes &= lanes - u64(1)
            cut_or_mend(world, state, keys, block, block_key, tie, lane, rows)


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
