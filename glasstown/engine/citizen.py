"""One citizen inside the compiled engine: traits looked up, deeds booked, standing tallied.

These functions index, call laws and store. `standing` says what a citizen counts for in every
stock; a change is tallied as what the citizen counts for after it, less what it was before.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from glasstown.engine import columns as c
from glasstown.engine.words import with_bit
from glasstown.engine.world import (
    BY_ERROR,
    BY_OTHERS,
    BY_SPEECH,
    ENROLLED,
    SCORE,
    SERVED,
    State,
    World,
)
from glasstown.laws import adapt, part, rare, remedy, sanction
from glasstown.laws import publish as facts
from glasstown.laws import score as scoring
from glasstown.laws.draws import SHAME, bit, draw, field, high32, i64, low32
from glasstown.laws.draws import place as at_index
from glasstown.scheme.compilation import (
    ABOVE,
    ALWAYS_ABOVE,
    BELOW,
    DENIES,
    ENTER_1,
    GRACE,
    IS_BLACK,
    LISTS,
    POINTS,
    TIERS,
    UNABLE_Q16,
    UNWILLING_Q16,
)
from glasstown.scheme.compilation import SHAMING as LIST_SHAMING
from glasstown.society import compilation as columns_of
from glasstown.society import traits
from glasstown.society.layout import BLOCK

HOSPITAL = 4
INCOME_TRAIT, HONESTY_TRAIT, ONLINE_TRAIT, DIGITAL_TRAIT = 0, 1, 5, 6
CAUTIOUS_FROM = 128
"""Caution from which an adult is counted as cautious."""


@part
def age_band(world: World, zone: int, is_head: bool, word: int) -> int:
    """Return the age band behind the first trait word."""
    # The table of other members follows that of heads.
    table = traits.TABLE_AGE_MEMBER - int(is_head)
    return i64(world.people.traits[zone, at_index(table), traits.trait_byte(word, traits.AGE)])


@part
def slope_value(world: World, zone: int, band: int, word: int, trait: int) -> int:
    """Return the value (0 to 255) of one of the seven traits that slopes refer to."""
    byte = traits.trait_byte(word, trait + 1)
    # Arithmetic, not branches: which trait a deed asks for is a hash's.
    is_aged = int(trait == ONLINE_TRAIT) & int(band >= traits.FIRST_OLD_BAND)
    table = trait + traits.TABLE_INCOME + is_aged + int(trait == DIGITAL_TRAIT)
    return i64(world.people.traits[zone, at_index(table), byte])


@part
def group_of(world: World, people: int, head: int) -> int:
    """Return the group of a household; the last group is everybody else."""
    groups = world.response.groups
    if groups == 1:
        return 0
    bits = field(traits.second_word(people, head), traits.GROUP_SHIFT, 16)
    group = 0
    while group < groups - 1 and bits >= world.people.group_limits[group]:
        group += 1
    return group


@part
def tier_at(world: World, score: int) -> int:
    """Return the tier of a score."""
    t = world.terms
    return sanction.tier_of(score, t.limit_1, t.limit_2, t.limit_3, t.limit_4, t.limit_5)


@part
def exclusion_cause(
    world: World, score: int, by_error: int, by_others: int, by_speech: int, listing: int
) -> int:
    """Return the cause for which an adult is shut out of some service; -1 if of none."""
    rules = world.rules
    if rules.lists[sanction.list_of(listing), DENIES] == 1:
        return sanction.cause_of(listing)
    limit = rules.deny_until[tier_at(world, score)]
    if limit == sanction.NEVER:
        return -1
    return scoring.blame(score, by_error, by_others, by_speech, limit)


@part
def tier_blame(state: State, index: int, limit: int) -> int:
    """Return for what a citizen's score lies below a limit."""
    return scoring.blame(
        i64(state.points[SCORE, index]),
        i64(state.points[BY_ERROR, index]),
        i64(state.points[BY_OTHERS, index]),
        i64(state.points[BY_SPEECH, index]),
        limit,
    )


@part
def bin_of(world: World, score: int) -> int:
    """Return the twentieth of the range that a score lies in."""
    return ((score - world.terms.floor) * world.terms.bin_q32) >> 32


@rare
def standing_of(
    world: World, score: int, by_error: int, by_others: int, by_speech: int, listing: int,
    caution: int,
) -> int:  # fmt: skip
    """Return what an adult counts for in the stocks of standing, packed in one number.

    Tier (3 bits), score bin (5), publicly low (1), listed black (1) or red (1), hospital first
    (1) or last (1), cautious (1), cause of exclusion + 1 (4), noticed (1).
    """
    listed, tier = sanction.list_of(listing), tier_at(world, score)
    code = tier | (bin_of(world, score) << 3)
    if facts.is_publicly_low(score, world.terms.low_below):
        code |= 1 << 8
    by_list = 0
    if listed > 0:
        by_list = world.rules.treatments[TIERS + listed - 1, HOSPITAL]
        code |= 1 << (9 if world.rules.lists[listed, IS_BLACK] == 1 else 10)
    action = sanction.treatment(world.rules.treatments[tier, HOSPITAL], by_list)
    if action == sanction.FAVOUR:
        code |= 1 << 11
    elif action == sanction.DELAY:
        code |= 1 << 12
    if caution >= CAUTIOUS_FROM:
        code |= 1 << 13
    cause = exclusion_cause(world, score, by_error, by_others, by_speech, listing)
    return code | ((cause + 1) << 14) | (int(sanction.notice_of(listing) > 0) << 18)


@part
def standing(world: World, state: State, index: int) -> int:
    """Return `standing_of` a citizen's state."""
    return standing_of(
        world,
        i64(state.points[SCORE, index]),
        i64(state.points[BY_ERROR, index]),
        i64(state.points[BY_OTHERS, index]),
        i64(state.points[BY_SPEECH, index]),
        i64(state.listing[index]),
        i64(state.caution[index]),
    )


@rare
def tally_standing(row: Any, code: int, sign: int) -> None:
    """Add (sign 1) or subtract (sign -1) a standing in its stocks."""
    row[c.TIER_1 + (code & 7)] += sign
    row[c.BIN_0 + ((code >> 3) & 31)] += sign
    row[c.LOW] += sign * ((code >> 8) & 1)
    row[c.LISTED] += sign * ((code >> 9) & 1)
    row[c.LISTED_RED] += sign * ((code >> 10) & 1)
    row[c.HOSPITAL_FIRST] += sign * ((code >> 11) & 1)
    row[c.HOSPITAL_LAST] += sign * ((code >> 12) & 1)
    row[c.CAUTIOUS] += sign * ((code >> 13) & 1)
    row[c.NOTICED] += sign * (code >> 18)
    cause = ((code >> 14) & 15) - 1
    if cause >= 0:
        row[c.EXCLUDED + cause - (1 if cause > scoring.HOUSEHOLD else 0)] += sign


class Stood(NamedTuple):
    """What a citizen's standing rests on, as it was."""

    score: int
    by_error: int
    by_others: int
    by_speech: int
    listing: int
    caution: int


@part
def stands(state: State, index: int) -> Stood:
    """Return what a citizen's standing rests on."""
    return Stood(
        i64(state.points[SCORE, index]), i64(state.points[BY_ERROR, index]),
        i64(state.points[BY_OTHERS, index]), i64(state.points[BY_SPEECH, index]),
        i64(state.listing[index]), i64(state.caution[index]),
    )  # fmt: skip


@part
def may_stand_apart(world: World, state: State, index: int, was: Stood) -> bool:
    """Return whether a standing may differ from what it was: cheap, and never falsely no."""
    t, score = world.terms, i64(state.points[SCORE, index])
    differs = (
        int(tier_at(world, score) != tier_at(world, was.score))
        | int(bin_of(world, score) != bin_of(world, was.score))
        | int((i64(state.caution[index]) >= CAUTIOUS_FROM) != (was.caution >= CAUTIOUS_FROM))
        | int((i64(state.listing[index]) | was.listing) != 0)
        # Who is shut out may be so for another cause now.
        | int(score < t.denied_below)
        | int((score < t.low_below) != (was.score < t.low_below))
    )
    return differs != 0


@rare
def tally_change(world: World, state: State, row: Any, index: int, was: Stood) -> None:
    """Tally how a citizen's standing, score and caution differ from what they were."""
    row[c.SCORE_SUM] += i64(state.points[SCORE, index]) - was.score
    row[c.CAUTION_SUM] += i64(state.caution[index]) - was.caution
    if not may_stand_apart(world, state, index, was):
        return
    code = standing_of(
        world, was.score, was.by_error, was.by_others, was.by_speech, was.listing, was.caution
    )
    after = standing(world, state, index)
    if after != code:
        tally_standing(row, code, -1)
        tally_standing(row, after, 1)


@part
def set_bit(state: State, plane: int, index: int, value: int) -> None:
    """Set one bit of a plane."""
    block = index >> 6
    state.words[plane, block] = with_bit(state.words[plane, block], index & 63, value)


@rare
def shame(world: World, state: State, row: Any, index: int, cause: int) -> None:
    """Show a citizen on public screens, if not shown already."""
    if bit(state.words[facts.SHAMED, index >> 6], index & 63) == 0:
        set_bit(state, facts.SHAMED, index, 1)
        row[c.SHAMED] += 1
    row[c.SHAMINGS] += 1
    if remedy.is_wrong(cause):
        row[c.SHAMINGS_WRONG] += 1
    raise_caution(state, index, world.terms.shame_rise)


@part
def raise_caution(state: State, index: int, rise: int) -> None:
    """Raise the caution of a citizen."""
    state.caution[index] = adapt.more_cautious(i64(state.caution[index]), rise)


@rare
def enter(
    world: World, state: State, keys: Any, row: Any, index: int, block_key: int, entered: int,
    cause: int, week: int,
) -> None:  # fmt: skip
    """Enter a citizen on a list (1 to 3); black goes before red, a new trigger renews.

    Where a list gives grace, a notice comes first; while one is pending, no trigger does anything.
    """
    lists = world.rules.lists
    listing = i64(state.listing[index])
    listed = sanction.list_of(listing)
    if sanction.notice_of(listing) > 0:
        return
    if lists[entered, IS_BLACK] == 0:
        if listed == 0:
            state.listing[index] = sanction.pack_listing(entered, cause, week)
            row[c.ENTRIES_RED] += 1
            mark_served(world, state, index)
        return
    if lists[listed, IS_BLACK] == 1:
        state.listing[index] = sanction.pack_listing(listed, sanction.cause_of(listing), week)
        row[c.RENEWALS] += 1
        return
    if listed > 0:
        row[c.EXITS_RED] += 1
    if lists[entered, GRACE] > 0:
        state.listing[index] = sanction.pack_notice(entered, cause, week)
        row[c.NOTICES] += 1
        mark_served(world, state, index)
        return
    come_into_force(world, state, keys, row, index, block_key, entered, cause, week)


@rare
def come_into_force(
    world: World, state: State, keys: Any, row: Any, index: int, block_key: int, entered: int,
    cause: int, week: int,
) -> None:  # fmt: skip
    """Put a citizen on a black list."""
    lists = world.rules.lists
    state.listing[index] = sanction.pack_listing(entered, cause, week)
    set_bit(state, facts.LISTED, index, 1)
    mark_served(world, state, index)
    row[c.ENTRIES + cause - (1 if cause > scoring.HOUSEHOLD else 0)] += 1
    raise_caution(state, index, world.response.listing_rise)
    if low32(draw(keys[SHAME], block_key, index & 63)) < lists[entered, LIST_SHAMING]:
        shame(world, state, row, index, cause)


@part
def settle(
    world: World, state: State, keys: Any, row: Any, index: int, block_key: int, before: int,
    week: int, tier: int, tier_before: int,
) -> None:  # fmt: skip
    """Draw the consequences of a score that moved from ``before``: lists, tier, shaming, facts.

    ``tier`` and ``tier_before`` are the tiers of the score as it is and as it was.
    """
    t = world.terms
    score = i64(state.points[SCORE, index])
    # Arithmetic, not branches: whether a score moved is a coin's toss, whether it matters is rare.
    is_lower, is_higher = int(score < before), int(score > before)
    matters = (
        (is_lower & int(score < t.watch_below))
        | (is_higher & int(score > t.watch_above))
        | (is_lower & int(i64(state.listing[index]) != 0))
        | int(tier != tier_before)
    )
    if matters != 0:
        settle_moved(world, state, keys, row, index, block_key, before, week)


@rare
def settle_moved(
    world: World, state: State, keys: Any, row: Any, index: int, block_key: int, before: int,
    week: int,
) -> None:  # fmt: skip
    """Do what `settle` says for a score that moved somewhere it matters."""
    t = world.terms
    score = i64(state.points[SCORE, index])
    if score < before:
        if score < t.watch_below:
            enter_for_score(world, state, keys, row, index, block_key, week)
        leave_red(world, state, row, index)
    elif score > t.watch_above and score > before:
        enter_red(world, state, keys, row, index, block_key, week)
    tier, tier_before = tier_at(world, score), tier_at(world, before)
    if tier != tier_before:
        set_bit(state, facts.LOW, index, 1 if facts.is_publicly_low(score, t.low_below) else 0)
        mark_served(world, state, index)
        bits = draw(keys[SHAME], block_key, index & 63)
        if tier == t.lowest_tier and high32(bits) < t.shame_lowest_q32:
            cause = tier_blame(state, index, tier_limit(world, tier))
            shame(world, state, row, index, cause)


@rare
def enter_for_score(
    world: World, state: State, keys: Any, row: Any, index: int, block_key: int, week: int
) -> None:
    """Enter a citizen on the first black list whose limit the score lies below."""
    lists = world.rules.lists
    for entered in range(1, LISTS + 1):
        limit = lists[entered, BELOW]
        listing = i64(state.listing[index])
        is_black = lists[sanction.list_of(listing), IS_BLACK] == 1
        if not is_black and i64(state.points[SCORE, index]) < limit:
            cause = tier_blame(state, index, limit)
            enter(world, state, keys, row, index, block_key, entered, cause, week)


@rare
def enter_red(
    world: World, state: State, keys: Any, row: Any, index: int, block_key: int, week: int
) -> None:
    """Enter a citizen on the first red list whose limit the score lies above."""
    for entered in range(1, LISTS + 1):
        if i64(state.points[SCORE, index]) > world.rules.lists[entered, ABOVE]:
            enter(world, state, keys, row, index, block_key, entered, scoring.OWN, week)


@rare
def leave_red(world: World, state: State, row: Any, index: int) -> None:
    """Take a citizen off a red list whose limit the score lies no longer above."""
    limit = world.rules.lists[sanction.list_of(i64(state.listing[index])), ABOVE]
    if limit != ALWAYS_ABOVE and i64(state.points[SCORE, index]) <= limit:
        state.listing[index] = 0
        row[c.EXITS_RED] += 1
        mark_served(world, state, index)


@part
def tier_limit(world: World, tier: int) -> int:
    """Return the score below which a citizen is in a tier (1 to 5) or a worse one."""
    t = world.terms
    if tier == 1:
        return t.limit_1
    if tier == 2:
        return t.limit_2
    if tier == 3:
        return t.limit_3
    return t.limit_4 if tier == 4 else t.limit_5


@part
def mark_served(world: World, state: State, index: int) -> None:
    """Mark whether any service treats the citizen in a special way, or a notice is pending."""
    listed = sanction.list_of(i64(state.listing[index]))
    treated = world.rules.treated[tier_at(world, i64(state.points[SCORE, index]))]
    if listed > 0:
        treated |= world.rules.treated[TIERS + listed - 1]
    is_noticed = sanction.notice_of(i64(state.listing[index])) > 0
    set_bit(state, SERVED, index, int(treated != 0) | int(is_noticed))


@part
def move_score(world: World, state: State, index: int, points: int) -> int:
    """Move the score by points (tenths); return what floor and ceiling left of them."""
    t = world.terms
    score = i64(state.points[SCORE, index])
    moved = scoring.score_change(score, points, t.floor, t.ceiling)
    state.points[SCORE, index] = score + moved
    return moved


@part
def tally_points(row: Any, moved: int, lost: int, won: int) -> None:
    """Tally points (tenths) in the column of their sign."""
    if moved < 0:
        row[lost] -= moved
    else:
        row[won] += moved


@part
def is_member(state: State, index: int) -> bool:
    """Return whether a citizen takes part in the score."""
    return bit(state.words[ENROLLED, index >> 6], index & 63) == 1


@part
def is_spared(world: World, row: Any, entered: int, is_inability: bool, bits: int) -> bool:
    """Return whether a test of ability keeps somebody off a list, and tally it."""
    lists = world.rules.lists
    unable, unwilling = lists[entered, UNABLE_Q16], lists[entered, UNWILLING_Q16]
    if not remedy.is_spared(is_inability, bits, unable, unwilling):
        return False
    row[c.SPARED_UNABLE if is_inability else c.SPARED_UNWILLING] += 1
    return True


@rare
def book(
    world: World, state: State, keys: Any, row: Any, index: int, block_key: int, behaviour: int,
    is_error: bool, week: int, enter_bits: int,
) -> None:  # fmt: skip
    """Book a record to a citizen: points, lists, and what follows from them."""
    rules, kinds = world.rules.rules, world.people.behaviours
    was = stands(state, index)
    before = was.score
    is_enrolled = is_member(state, index)
    points = rules[behaviour, POINTS] if is_enrolled else 0
    moved = move_score(world, state, index, points)
    is_speech = 1 if kinds[behaviour, columns_of.KIND] == columns_of.SPEECH else 0
    if is_error:
        state.points[BY_ERROR, index] = scoring.part_after(was.by_error, moved)
        tally_points(row, moved, c.LOST_ERROR, c.WON_ERROR)
    elif is_speech == 1:
        state.points[BY_SPEECH, index] = scoring.part_after(was.by_speech, moved)
        tally_points(row, moved, c.LOST_SPEECH, c.WON_SPEECH)
    else:
        tally_points(row, moved, c.LOST_DEEDS, c.WON_DEEDS)
    if not is_enrolled:
        row[c.UNENROLLED_RECORDS] += 1
    elif points > 0:
        row[c.RECORDS_POSITIVE] += 1
    else:
        row[c.RECORDS_NEGATIVE] += 1
    if moved < 0:
        raise_caution(state, index, adapt.rise_from_loss(-moved, world.terms.loss_rise_q16))
    is_inability = kinds[behaviour, columns_of.INABILITY] == 1
    cause = scoring.listing_cause(is_error, is_inability, is_speech)
    for i in range(LISTS):
        if field(enter_bits, 16 * i, 16) < rules[behaviour, ENTER_1 + i] and not is_spared(
            world, row, i + 1, is_inability, field(enter_bits, 48, 16)
        ):
            enter(world, state, keys, row, index, block_key, i + 1, cause, week)
    tier = tier_at(world, i64(state.points[SCORE, index]))
    tier_before = tier_at(world, before)
    settle(world, state, keys, row, index, block_key, before, week, tier, tier_before)
    tally_change(world, state, row, index, was)


assert BLOCK == 64
