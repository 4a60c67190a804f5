"""A block reflects: its 64 citizens join or leave, associate, adapt and speak; its firms too."""

from __future__ import annotations

from typing import Any

from glasstown.engine import columns as c
from glasstown.engine.citizen import (
    CAUTIOUS_FROM,
    group_of,
    is_member,
    mark_served,
    move_score,
    settle,
    slope_value,
    standing,
    standing_of,
    tally_points,
    tally_standing,
    tier_at,
)
from glasstown.engine.counting import (
    LOW_ANYHOW,
    OF_HOUSEHOLD,
    count_ties,
    lanes_counted,
    look_around,
)
from glasstown.engine.cutting import MAY_CUT
from glasstown.engine.firms import reflect_firm
from glasstown.engine.insiders import has_insider
from glasstown.engine.lanes import (
    AFTER,
    BEFORE,
    BOLDNESS,
    CAUTION,
    GROUP,
    HEAD,
    HEADS_OWN,
    LIKE,
    LISTED_TIES,
    LISTING,
    LOST,
    MOODS,
    OPINION,
    OWN,
    PATTERN,
    SHAMED_TIES,
    TRAITS,
    UNFADED,
)
from glasstown.engine.line import lanes_above
from glasstown.engine.listed import NEXT_BY_1, NEXT_BY_2, NEXT_BY_3, correct, members
from glasstown.engine.prefetch import prefetch
from glasstown.engine.voice import band_of, change_voice, hush_lanes, voice_lanes
from glasstown.engine.words import first_lanes, lowest_lane
from glasstown.engine.world import (
    BY_ERROR,
    BY_OTHERS,
    BY_SPEECH,
    CUT,
    ENROLLED,
    OWNER_HIT,
    PLANES,
    PUBLISHED,
    SCORE,
    State,
    World,
)
from glasstown.laws import adapt, associate, part, rare, sanction, take_part
from glasstown.laws import publish as facts
from glasstown.laws import score as scoring
from glasstown.laws.draws import (
    AWARE,
    INSIDE,
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
from glasstown.society.households import household_heads, household_pattern
from glasstown.society.ties import FAR_TIES, FIRST_COLLEAGUE, HOUSEHOLD_TIES

OPINION_TRAIT, BOLDNESS_TRAIT = 3, 4


@part
def reflect_block(
    world: World, state: State, keys: Any, week: int, zone: int, block: int, block_key: int,
    present: int, is_reckoning: bool, ahead: int, rows: Any, counts: Any, draws: Any, lanes: Any,
    bits: Any, past: Any,
) -> None:  # fmt: skip
    """Let the adults of a block reflect.

    What happens to nearly everybody (points and caution fade, a stance is weighed) is done for
    all 64 lanes in loops without branches, which also find the few lanes where more happens.
    While it does, memory is asked for that the block ``ahead`` will read.
    For the room that it needs see `glasstown.engine.lanes`.
    """
    zone, block = at_index(zone), at_index(block)
    crowd = stream(keys[PEOPLE], block_key)
    one, two, three = find_households(crowd, lanes)
    count_ties(state, keys, block, block_key, one, two, three, counts)
    fetch_ties(state, ahead)
    notable = lanes_counted(counts, facts.LOW) | lanes_counted(counts, facts.LISTED)
    notable |= lanes_counted(counts, facts.SHAMED) | lanes_counted(counts, OF_HOUSEHOLD)
    mood = stream(keys[REFLECT], block_key)
    draw_lanes(crowd, mood, draws, bits)
    adults = find_adults(world, state, zone, block, crowd, present, draws, lanes)
    todo = (
        remember_lanes(world, state, block, lanes, bits, past)
        | notable
        | state.words[OWNER_HIT, block]
    )
    if world.terms.is_voluntary == 1:
        todo |= adults
    todo &= adults
    while todo != u64(0):
        lane = lowest_lane(todo)
        todo &= todo - u64(1)
        prepare_lane(
            world, state, keys, block * 64 + lane, block_key, present, is_reckoning, rows, counts,
            mood, lanes, past,
        )  # fmt: skip
    fetch_own(state, ahead)
    fade_points(world, state, block, bits)
    fade_caution(world, state, block, draws, lanes, bits)
    for lane in range(64):
        past[AFTER + lane] = state.flat_points[at_index(256 * block + 4 * lane)]
    todo = find_moved(world, state, block, bits, past) & adults
    tally_fading(world, state, block, adults, rows, lanes, bits, past)
    while todo != u64(0):
        lane = lowest_lane(todo)
        todo &= todo - u64(1)
        row = rows[at_index(lanes[GROUP, lane])]
        index = at_index(block * 64 + lane)
        settle_lane(world, state, keys, week, row, index, block_key, bits, past)
    todo, praise, criticism = voice_lanes(world, state, block, counts, lanes)
    todo &= adults
    while todo != u64(0):
        lane = lowest_lane(todo)
        todo &= todo - u64(1)
        row = rows[at_index(lanes[GROUP, lane])]
        index = at_index(block * 64 + lane)
        change_voice(world, state, row, index, zone, draws[TRAITS, lane], lanes)
    hush_lanes(
        world, state, keys, block, block_key, zone, crowd, praise & adults, criticism & adults,
        draws, lanes,
    )  # fmt: skip
    if world.terms.has_firms == 1:
        for slot in range(2):
            reflect_firm(
                world, state, keys, week, block, block_key, present, is_reckoning, slot, rows, lanes
            )
    find_cutters(world, state, block, counts)


@part
def fetch_own(state: State, block: int) -> None:
    """Ask for what a block's reflection will read of its own."""
    for line in range(8):
        prefetch(state.flat_points, 256 * block + 32 * line)
    prefetch(state.listing, 64 * block)
    prefetch(state.listing, 64 * block + 32)
    prefetch(state.caution, 64 * block)
    for line in range(PLANES // 8):
        prefetch(state.flat_words, PLANES * block + 8 * line)


@part
def fetch_ties(state: State, block: int) -> None:
    """Ask for what a block's reflection will read where its ties lead."""
    for far in range(FAR_TIES):
        other = PLANES * (i64(state.partners[far, block]) >> 6)
        prefetch(state.flat_words, other + PUBLISHED)
        prefetch(state.flat_words, other + CUT + FIRST_COLLEAGUE - HOUSEHOLD_TIES + far)


@part
def find_cutters(world: World, state: State, block: int, counts: Any) -> None:
    """Note whether anybody of a block may cut a tie: a hint for that pass.

    Whoever is cautious enough and has a tie, not cut from here, with somebody publicly low.
    """
    cautious = lanes_above(state.caution, at_index(64 * block), world.response.cut_above)
    may = int((cautious & lanes_counted(counts, LOW_ANYHOW)) != u64(0))
    state.cutting[block] = (i64(state.cutting[block]) & ~MAY_CUT) | (may * MAY_CUT)


@part
def remember_lanes(world: World, state: State, block: int, lanes: Any, bits: Any, past: Any) -> int:
    """Keep what every lane is before the reflection; return the lanes low or wrongly booked."""
    low_below = world.terms.low_below
    points, first = state.flat_points, at_index(256 * block)
    for i in range(256):
        past[i] = points[first + i]
    for lane in range(64):
        past[UNFADED + lane], past[BEFORE + lane] = past[4 * lane], past[4 * lane]
    # Until there is an after, its place holds the points booked by mistake.
    for lane in range(64):
        past[AFTER + lane] = past[4 * lane + BY_ERROR]
    todo = ~lanes_above(past, BEFORE, low_below - 1)
    todo |= lanes_above(past, AFTER, 0) | ~lanes_above(past, AFTER, -1)
    listings, cautions, place = state.listing, state.caution, at_index(64 * block)
    for lane in range(64):
        bits[LISTING + lane] = listings[place + lane]
        bits[CAUTION + lane] = cautions[place + lane]
    for lane in range(64):
        lanes[LOST, lane], lanes[LISTED_TIES, lane], lanes[SHAMED_TIES, lane] = 0, 0, 0
    return todo


@part
def find_households(crowd: int, lanes: Any) -> tuple[int, int, int]:
    """Work out the pattern of each quad; return what `household_words` does."""
    for quad in range(16):
        lanes[PATTERN, quad] = household_pattern(crowd, quad)
    one, two, three = u64(0), u64(0), u64(0)
    for quad in range(16):
        pattern = i64(lanes[PATTERN, quad])
        one |= members(NEXT_BY_1, pattern, quad)
        two |= members(NEXT_BY_2, pattern, quad)
        three |= members(NEXT_BY_3, pattern, quad)
    return one, two, three


@part
def find_adults(
    world: World, state: State, zone: int, block: int, crowd: int, present: int, draws: Any,
    lanes: Any,
) -> int:  # fmt: skip
    """Work out each lane's traits, group, opinion and boldness; return the lanes of adults."""
    resemblance = world.response.resemblance
    for quad in range(16):
        heads = household_heads(i64(lanes[PATTERN, quad]))
        for position in range(4):
            head = 4 * quad + ((heads >> (2 * position)) & 3)
            lanes[HEAD, 4 * quad + position] = head
            draws[HEADS_OWN, 4 * quad + position] = draws[OWN, head]
    for lane in range(64):
        draws[TRAITS, lane] = traits.shared_word(
            draws[OWN, lane], draws[HEADS_OWN, lane], draws[LIKE, lane], resemblance
        )
    for lane in range(64):
        word = draws[TRAITS, lane]
        # Only being online depends on the band.
        lanes[OPINION, lane] = slope_value(world, zone, 0, word, OPINION_TRAIT)
        lanes[BOLDNESS, lane] = slope_value(world, zone, 0, word, BOLDNESS_TRAIT)
        lanes[GROUP, lane] = 0
    if world.response.groups > 1:
        for lane in range(64):
            lanes[GROUP, lane] = group_of(world, crowd, lanes[HEAD, lane])
    if world.terms.is_voluntary == 0:
        # All adults take part, and nobody else.
        return state.words[ENROLLED, block]
    adults = u64(0)
    for lane in range(64):
        band = band_of(world, zone, draws[TRAITS, lane], lanes, lane)
        adults |= u64(int(band >= traits.FIRST_ADULT_BAND)) << u64(lane)
    return adults & first_lanes(present)


@rare
def prepare_lane(
    world: World, state: State, keys: Any, index: int, block_key: int, present: int,
    is_reckoning: bool, rows: Any, counts: Any, mood: int, lanes: Any, past: Any,
) -> None:  # fmt: skip
    """Join or leave, correct or repair, ask for a favour, lose points for others: the rare."""
    lane = index & 63
    row = rows[at_index(lanes[GROUP, lane])]
    if world.terms.is_voluntary == 1:
        join_or_leave(world, state, keys, row, index, block_key, lanes)
    before = i64(state.points[SCORE, index])
    is_low = facts.is_publicly_low(before, world.terms.low_below)
    if i64(state.points[BY_ERROR, index]) != 0 or is_low:
        correct_or_repair(world, state, row, index, before, fold(mood, lane))
    if is_low and world.terms.insider_q32 > 0 and is_member(state, index):
        ask_insider(world, state, keys, row, index, block_key, present)
    around = look_around(counts, lane)
    lanes[LISTED_TIES, lane], lanes[SHAMED_TIES, lane] = around.listed, around.shamed
    is_hit = bit(state.words[OWNER_HIT, index >> 6], lane)
    is_touched = around.low + around.household + is_hit > 0
    if is_reckoning and is_touched and is_member(state, index):
        lost = lose_for_others(world, state, row, index, around, is_hit)
        lanes[LOST, lane] = max(-lost, 0)
    past[UNFADED + lane] = state.points[SCORE, index]


@part
def join_or_leave(
    world: World, state: State, keys: Any, row: Any, index: int, block_key: int, lanes: Any
) -> None:
    """Let who stayed out of a voluntary scheme join it, and a member leave."""
    t, lane, score = world.terms, index & 63, i64(state.points[SCORE, index])
    if not is_member(state, index):
        is_aware = field(draw(keys[AWARE], block_key, lane), 0, 16) < t.aware_q16
        if take_part.joins_scheme(
            is_aware,
            lanes[OPINION, lane],
            i64(state.caution[index]),
            t.join_reward,
            t.join_fear_q8,
        ):
            state.words[ENROLLED, index >> 6] |= u64(1) << u64(lane)
            row[c.JOINED_SCHEME] += 1
            row[c.ENROLLED] += 1
    elif take_part.leaves_scheme(score, t.leave_below):
        state.words[ENROLLED, index >> 6] &= ~(u64(1) << u64(lane))
        row[c.LEFT_SCHEME] += 1
        row[c.ENROLLED] -= 1
        tally_points(row, t.start - score, c.LOST_LEFT, c.WON_LEFT)
        state.points[SCORE, index] = t.start
        for portion in range(BY_ERROR, BY_SPEECH + 1):
            state.points[portion, index] = 0


@rare
def ask_insider(
    world: World, state: State, keys: Any, row: Any, index: int, block_key: int, present: int
) -> None:
    """Let a publicly low citizen ask an official for points."""
    t, lane = world.terms, index & 63
    bits = draw(keys[INSIDE], block_key, lane)
    if low32(bits) >= t.insider_q32:
        return
    if not has_insider(world, state, keys, index >> 6, block_key, lane, present):
        return
    if high32(bits) < t.insider_caught_q32:
        row[c.INSIDERS_CAUGHT] += 1
    else:
        row[c.WON_INSIDERS] += move_score(world, state, index, t.insider_points)


@part
def fade_points(world: World, state: State, block: int, bits: Any) -> None:
    """Let the four points of 64 lanes fade; the first 256 ``bits`` are the draws of rounding."""
    start, expiry = world.terms.start, world.terms.expiry_q16
    points, first = state.flat_points, at_index(256 * block)
    for i in range(256):
        # The first of four is the score, which fades towards the start.
        amount = i64(points[first + i]) - start * int((i & 3) == 0)
        points[first + i] -= adapt.faded(amount, expiry, i64(bits[i]))


@part
def fade_caution(world: World, state: State, block: int, draws: Any, lanes: Any, bits: Any) -> None:
    """Let the caution of 64 lanes fade, and rise for what was lost and what the ties met."""
    t, response = world.terms, world.response
    fade, caution_of, first = response.fade_q16, state.caution, at_index(64 * block)
    loss_rise, listed_tie, shamed_tie = (
        t.loss_rise_q16, response.listed_tie_q16, response.shamed_tie_q16,
    )  # fmt: skip
    for lane in range(64):
        moods, caution = draws[MOODS, lane], i64(bits[CAUTION + lane])
        rise = adapt.rise_from_loss(lanes[LOST, lane], loss_rise) + adapt.rise_from_ties(
            lanes[LISTED_TIES, lane], lanes[SHAMED_TIES, lane], listed_tie, shamed_tie,
            field(moods, 16, 16),
        )  # fmt: skip
        faded = caution - adapt.faded(caution, fade, field(moods, 0, 16))
        caution_of[first + lane] = adapt.more_cautious(faded, rise)


@part
def find_moved(world: World, state: State, block: int, bits: Any, past: Any) -> int:
    """Return the lanes whose standing may have changed, or from whose score more may follow."""
    t = world.terms
    floor, bin_q32, watch_below, watch_above = t.floor, t.bin_q32, t.watch_below, t.watch_above
    limit_1, limit_2, limit_3 = t.limit_1, t.limit_2, t.limit_3
    limit_4, limit_5, denied_below = t.limit_4, t.limit_5, t.denied_below
    cautions, first = state.caution, at_index(64 * block)
    todo = u64(0)
    for lane in range(64):
        score, before = i64(past[AFTER + lane]), i64(past[BEFORE + lane])
        caution, caution_before = i64(cautions[first + lane]), i64(bits[CAUTION + lane])
        tier = sanction.tier_of(score, limit_1, limit_2, limit_3, limit_4, limit_5)
        tier_before = sanction.tier_of(before, limit_1, limit_2, limit_3, limit_4, limit_5)
        moved = (
            int(tier != tier_before)
            | int(bits[LISTING + lane] != 0)
            | int(((score - floor) * bin_q32) >> 32 != ((before - floor) * bin_q32) >> 32)
            | int((caution >= CAUTIOUS_FROM) != (caution_before >= CAUTIOUS_FROM))
            | int(score < denied_below)
            | (int(score < before) & int(score < watch_below))
            | (int(score > before) & int(score > watch_above))
        )
        todo |= u64(moved) << u64(lane)
    return todo


@part
def tally_fading(
    world: World, state: State, block: int, adults: int, rows: Any, lanes: Any, bits: Any,
    past: Any,
) -> None:  # fmt: skip
    """Tally what faded, and how far score and caution moved, for all adults of a block."""
    if world.response.groups == 1:
        down, up, moved, calmed = 0, 0, 0, 0
        cautions, first = state.caution, at_index(64 * block)
        # All lanes: whoever is no adult stands at the start, and nothing moves there.
        for lane in range(64):
            score = i64(past[AFTER + lane])
            gone = i64(past[UNFADED + lane]) - score
            down += max(gone, 0)
            up += max(-gone, 0)
            moved += score - i64(past[BEFORE + lane])
            calmed += i64(cautions[first + lane]) - i64(bits[CAUTION + lane])
        row = rows[0]
        row[c.EXPIRED_DOWN] += down
        row[c.EXPIRED_UP] += up
        row[c.SCORE_SUM] += moved
        row[c.CAUTION_SUM] += calmed
        return
    while adults != u64(0):
        lane = lowest_lane(adults)
        adults &= adults - u64(1)
        index = at_index(block * 64 + lane)
        row = rows[at_index(lanes[GROUP, lane])]
        gone = i64(past[UNFADED + lane]) - i64(state.points[SCORE, index])
        row[c.EXPIRED_DOWN] += max(gone, 0)
        row[c.EXPIRED_UP] += max(-gone, 0)
        row[c.SCORE_SUM] += i64(state.points[SCORE, index]) - i64(past[4 * lane])
        row[c.CAUTION_SUM] += i64(state.caution[index]) - i64(bits[CAUTION + lane])


@rare
def settle_lane(
    world: World, state: State, keys: Any, week: int, row: Any, index: int, block_key: int,
    bits: Any, past: Any,
) -> None:  # fmt: skip
    """Draw the consequences of what a lane's score and caution have become, and tally them."""
    lane = index & 63
    before = i64(past[4 * lane])
    listing, caution = i64(bits[LISTING + lane]), i64(bits[CAUTION + lane])
    faded = i64(state.caution[index])
    if listing != 0:
        end_red_term(world, state, row, index, week)
    tier = tier_at(world, i64(state.points[SCORE, index]))
    tier_before = tier_at(world, before)
    settle(world, state, keys, row, index, block_key, before, week, tier, tier_before)
    row[c.CAUTION_SUM] += i64(state.caution[index]) - faded
    code = standing_of(
        world, before, i64(past[4 * lane + BY_ERROR]), i64(past[4 * lane + BY_OTHERS]),
        i64(past[4 * lane + BY_SPEECH]), listing, caution,
    )  # fmt: skip
    after = standing(world, state, index)
    if after != code:
        tally_standing(row, code, -1)
        tally_standing(row, after, 1)


@part
def draw_lanes(crowd: int, mood: int, draws: Any, bits: Any) -> None:
    """Hash for all 64 lanes at once, in loops that a compiler can vectorise."""
    for lane in range(64):
        draws[OWN, lane] = traits.own_word(crowd, lane)
    for lane in range(64):
        draws[LIKE, lane] = traits.likeness(crowd, lane)
    for lane in range(64):
        draws[MOODS, lane] = fold(mood, 64 + lane)
    for lane in range(64):
        word = fold(mood, 128 + lane)
        bits[4 * lane] = field(word, 0, 16)
        bits[4 * lane + 1] = field(word, 16, 16)
        bits[4 * lane + 2] = field(word, 32, 16)
        bits[4 * lane + 3] = field(word, 48, 16)


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
        if not is_black and is_member(state, index):
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
def lose_for_others(
    world: World, state: State, row: Any, index: int, around: Any, is_hit: int
) -> int:
    """Move the score for low friends, the household and the own firm; return the points moved."""
    t = world.terms
    points = associate.friends_points(
        around.low, t.friends_threshold, t.friends_points, t.friends_once
    )
    by_friends = move_score(world, state, index, points)
    tally_points(row, by_friends, c.LOST_FRIENDS, c.WON_FRIENDS)
    points = associate.household_points(around.household, t.household_points)
    by_household = move_score(world, state, index, points)
    tally_points(row, by_household, c.LOST_HOUSEHOLD, c.WON_HOUSEHOLD)
    points = associate.owner_points(is_hit, t.firm_owner_points)
    by_firm = move_score(world, state, index, points)
    tally_points(row, by_firm, c.LOST_FIRM, c.WON_FIRM)
    moved = by_friends + by_household + by_firm
    by_others = i64(state.points[BY_OTHERS, index])
    state.points[BY_OTHERS, index] = scoring.part_after(by_others, moved)
    return moved
