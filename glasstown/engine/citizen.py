"""One citizen inside the compiled engine: traits looked up, deeds booked, standing tallied.

These functions index, call laws and store. `standing` adds or subtracts what a citizen counts
for in every stock, so a change is one subtraction before and one addition after it.
"""

from __future__ import annotations

from typing import Any

from glasstown.engine import columns as c
from glasstown.engine.words import with_bit
from glasstown.engine.world import (
    BY_ERROR,
    BY_OTHERS,
    BY_SPEECH,
    PUBLISHED,
    SCORE,
    SERVED,
    State,
    World,
)
from glasstown.laws import adapt, law, remedy, sanction
from glasstown.laws import publish as facts
from glasstown.laws import score as scoring
from glasstown.laws.draws import SHAME, bit, draw, field, high32, i64, low32
from glasstown.scheme.compilation import (
    ABOVE,
    ALWAYS_ABOVE,
    BELOW,
    DENIES,
    ENTER_1,
    IS_BLACK,
    LISTS,
    POINTS,
    TIERS,
)
from glasstown.scheme.compilation import SHAMING as LIST_SHAMING
from glasstown.society import compilation as columns_of
from glasstown.society import traits
from glasstown.society.layout import BLOCK

HOSPITAL = 4
assert PUBLISHED == facts.FACTS


@law
def age_band(world: World, zone: int, is_head: bool, word: int) -> int:
    """Return the age band behind the first trait word."""
    table = traits.TABLE_AGE_HEAD if is_head else traits.TABLE_AGE_MEMBER
    return i64(world.people.traits[zone, table, traits.trait_byte(word, traits.AGE)])


@law
def slope_value(world: World, zone: int, band: int, word: int, trait: int) -> int:
    """Return the value (0 to 255) of one of the seven traits that slopes refer to."""
    byte = traits.trait_byte(word, trait + 1)
    table = trait + traits.TABLE_INCOME
    if table == traits.TABLE_ONLINE and band >= traits.FIRST_OLD_BAND:
        table = traits.TABLE_ONLINE_60
    elif table == traits.TABLE_ONLINE_60:
        table = traits.TABLE_DIGITAL
    return i64(world.people.traits[zone, table, byte])


@law
def group_of(world: World, keys: Any, block_key: int, head: int) -> int:
    """Return the group of a household; the last group is everybody else."""
    groups = world.response.groups
    if groups == 1:
        return 0
    bits = field(traits.second_word(keys[1], block_key, head), traits.GROUP_SHIFT, 16)
    group = 0
    while group < groups - 1 and bits >= world.people.group_limits[group]:
        group += 1
    return group


@law
def tier_at(world: World, score: int) -> int:
    """Return the tier of a score."""
    t = world.terms
    return sanction.tier_of(score, t.limit_1, t.limit_2, t.limit_3, t.limit_4, t.limit_5)


@law
def exclusion_cause(world: World, state: State, index: int) -> int:
    """Return the cause for which an adult is shut out of some service; -1 if of none."""
    rules = world.rules
    listing = i64(state.listing[index])
    if rules.lists[sanction.list_of(listing), DENIES] == 1:
        return sanction.cause_of(listing)
    score = i64(state.points[SCORE, index])
    limit = rules.deny_until[tier_at(world, score)]
    if limit == sanction.NEVER:
        return -1
    return tier_blame(state, index, limit)


@law
def tier_blame(state: State, index: int, limit: int) -> int:
    """Return for what a citizen's score lies below a limit."""
    return scoring.blame(
        i64(state.points[SCORE, index]),
        i64(state.points[BY_ERROR, index]),
        i64(state.points[BY_OTHERS, index]),
        i64(state.points[BY_SPEECH, index]),
        limit,
    )


@law
def standing(world: World, state: State, row: Any, index: int, sign: int) -> None:
    """Add (sign 1) or subtract (sign -1) a citizen in every stock of standing."""
    t = world.terms
    score, listing = i64(state.points[SCORE, index]), i64(state.listing[index])
    caution = i64(state.caution[index])
    listed, tier = sanction.list_of(listing), tier_at(world, score)
    row[c.SCORE_SUM] += sign * score
    row[c.TIER_1 + tier] += sign
    row[c.BIN_0 + (((score - t.floor) * t.bin_q32) >> 32)] += sign
    row[c.CAUTION_SUM] += sign * caution
    if caution >= 128:
        row[c.CAUTIOUS] += sign
    if facts.is_publicly_low(score, t.low_below):
        row[c.LOW] += sign
    by_list = 0
    if listed > 0:
        by_list = world.rules.treatments[TIERS + listed - 1, HOSPITAL]
        row[c.LISTED if world.rules.lists[listed, IS_BLACK] == 1 else c.LISTED_RED] += sign
    action = sanction.treatment(world.rules.treatments[tier, HOSPITAL], by_list)
    if action == sanction.FAVOUR:
        row[c.HOSPITAL_FIRST] += sign
    elif action == sanction.DELAY:
        row[c.HOSPITAL_LAST] += sign
    cause = exclusion_cause(world, state, index)
    if cause >= 0:
        row[c.EXCLUDED + cause - (1 if cause > scoring.HOUSEHOLD else 0)] += sign


@law
def set_bit(state: State, plane: int, index: int, value: int) -> None:
    """Set one bit of a plane."""
    block = index >> 6
    state.words[plane, block] = with_bit(state.words[plane, block], index & 63, value)


@law
def shame(world: World, state: State, row: Any, index: int, cause: int, is_caution: int) -> None:
    """Show a citizen on public screens, if not shown already."""
    if bit(state.words[facts.SHAMED, index >> 6], index & 63) == 0:
        set_bit(state, facts.SHAMED, index, 1)
        row[c.SHAMED] += 1
    row[c.SHAMINGS] += 1
    if remedy.is_wrong(cause):
        row[c.SHAMINGS_WRONG] += 1
    if is_caution == 1:
        raise_caution(state, index, world.terms.shame_rise)


@law
def raise_caution(state: State, index: int, rise: int) -> None:
    """Raise the caution of a citizen."""
    state.caution[index] = adapt.more_cautious(i64(state.caution[index]), rise)


@law
def enter(
    world: World, state: State, row: Any, index: int, entered: int, cause: int, week: int, bits: int
) -> None:
    """Enter a citizen on a list (1 to 3); black goes before red, a new trigger renews."""
    lists = world.rules.lists
    listing = i64(state.listing[index])
    listed = sanction.list_of(listing)
    if lists[entered, IS_BLACK] == 0:
        if listed == 0:
            state.listing[index] = sanction.pack_listing(entered, cause, week)
            row[c.ENTRIES_RED] += 1
        return
    if listed > 0 and lists[listed, IS_BLACK] == 1:
        state.listing[index] = sanction.pack_listing(listed, sanction.cause_of(listing), week)
        row[c.RENEWALS] += 1
        return
    if listed > 0:
        row[c.EXITS_RED] += 1
    state.listing[index] = sanction.pack_listing(entered, cause, week)
    set_bit(state, facts.LISTED, index, 1)
    row[c.ENTRIES + cause - (1 if cause > scoring.HOUSEHOLD else 0)] += 1
    raise_caution(state, index, world.response.listing_rise)
    if low32(bits) < lists[entered, LIST_SHAMING]:
        shame(world, state, row, index, cause, 1)


@law
def settle(
    world: World, state: State, row: Any, index: int, before: int, week: int, bits: int
) -> None:
    """Draw the consequences of a score that moved from ``before``: tier, lists, shaming, facts."""
    t, lists = world.terms, world.rules.lists
    score = i64(state.points[SCORE, index])
    tier = tier_at(world, score)
    if score < before:
        for entered in range(1, LISTS + 1):
            if lists[entered, IS_BLACK] == 1 and score < lists[entered, BELOW]:
                listed = sanction.list_of(i64(state.listing[index]))
                if lists[listed, IS_BLACK] == 0:
                    cause = tier_blame(state, index, lists[entered, BELOW])
                    enter(world, state, row, index, entered, cause, week, bits)
        if tier == t.lowest_tier and tier_at(world, before) < tier:
            if high32(bits) < t.shame_lowest_q32:
                cause = tier_blame(state, index, tier_limit(world, tier))
                shame(world, state, row, index, cause, 1)
    if score > before:
        for entered in range(1, LISTS + 1):
            if score > lists[entered, ABOVE]:
                enter(world, state, row, index, entered, scoring.OWN, week, bits)
    listed = sanction.list_of(i64(state.listing[index]))
    if listed > 0 and lists[listed, ABOVE] != ALWAYS_ABOVE and score <= lists[listed, ABOVE]:
        state.listing[index] = 0
        row[c.EXITS_RED] += 1
    set_bit(state, facts.LOW, index, 1 if facts.is_publicly_low(score, t.low_below) else 0)
    mark_served(world, state, index)


@law
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


@law
def mark_served(world: World, state: State, index: int) -> None:
    """Mark whether any service treats the citizen in a special way."""
    listed = sanction.list_of(i64(state.listing[index]))
    is_served = world.rules.treats[tier_at(world, i64(state.points[SCORE, index]))]
    if listed > 0 and world.rules.treats[TIERS + listed - 1] == 1:
        is_served = 1
    set_bit(state, SERVED, index, is_served)


@law
def move_score(world: World, state: State, index: int, points: int) -> int:
    """Move the score by points (tenths); return what floor and ceiling left of them."""
    t = world.terms
    score = i64(state.points[SCORE, index])
    moved = scoring.score_change(score, points, t.floor, t.ceiling)
    state.points[SCORE, index] = score + moved
    return moved


@law
def tally_points(row: Any, moved: int, lost: int, won: int) -> None:
    """Tally points (tenths) in the column of their sign."""
    if moved < 0:
        row[lost] -= moved
    else:
        row[won] += moved


@law
def book(
    world: World, state: State, keys: Any, row: Any, index: int, block_key: int, behaviour: int,
    is_error: bool, week: int, enter_bits: int,
) -> None:  # fmt: skip
    """Book a record to a citizen: points, lists, and what follows from them."""
    rules, kinds = world.rules.rules, world.people.behaviours
    standing(world, state, row, index, -1)
    before = i64(state.points[SCORE, index])
    points = rules[behaviour, POINTS]
    moved = move_score(world, state, index, points)
    is_speech = 1 if kinds[behaviour, columns_of.KIND] == columns_of.SPEECH else 0
    if is_error:
        state.points[BY_ERROR, index] += moved
        tally_points(row, moved, c.LOST_ERROR, c.WON_ERROR)
    elif is_speech == 1:
        state.points[BY_SPEECH, index] += moved
        tally_points(row, moved, c.LOST_SPEECH, c.WON_SPEECH)
    else:
        tally_points(row, moved, c.LOST_DEEDS, c.WON_DEEDS)
    if points > 0:
        row[c.RECORDS_POSITIVE] += 1
    else:
        row[c.RECORDS_NEGATIVE] += 1
    if moved < 0:
        raise_caution(state, index, adapt.rise_from_loss(-moved, world.terms.loss_rise_q16))
    shame_bits = draw(keys[SHAME], block_key, index & 63)
    cause = scoring.listing_cause(
        is_error, kinds[behaviour, columns_of.INABILITY], is_speech
    )
    for i in range(LISTS):
        if field(enter_bits, 16 * i, 16) < rules[behaviour, ENTER_1 + i]:
            enter(world, state, row, index, i + 1, cause, week, shame_bits)
    settle(world, state, row, index, before, week, shame_bits)
    standing(world, state, row, index, 1)


assert BLOCK == 64
