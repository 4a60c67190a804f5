"""Weekly events for a group of 512 citizens: what they do, what is seen, what is misbooked."""

from __future__ import annotations

from typing import Any

from glasstown.engine import columns as c
from glasstown.engine.citizen import age_band, book, group_of, slope_value
from glasstown.engine.world import CASH, Receipts, State, World
from glasstown.laws import act, part, watch
from glasstown.laws import publish as facts
from glasstown.laws.draws import (
    CANDIDATE,
    COUNT,
    ENTER,
    PEOPLE,
    RECEIVE,
    RECEIVE_COUNT,
    WATCH,
    bit,
    draw,
    field,
    fold,
    high32,
    i64,
    low32,
    stream,
)
from glasstown.laws.draws import place as at_index
from glasstown.scheme.compilation import ERROR_1, IS_RECORD, URBAN_1
from glasstown.society import compilation as b
from glasstown.society import layout as at
from glasstown.society import traits
from glasstown.society.households import head_lane

GROUP = at.BLOCK * at.GROUP_BLOCKS
DIGITAL_TRAIT, ONLINE_TRAIT = 6, 5
OFFSET, BEHAVIOUR, BITS, ORDER, BAND, HEAD = range(6)
CROWD, WORD, KEY, BLOCK_KEY, BLOCK_CROWD = range(5)
"""Rows of the candidates' numbers and hashes."""
RECEIPT_ENTERS = 1 << 20
"""Where the draws of entries by receipts start, beyond any candidate of the same group."""


@part
def act_group(
    world: World, state: State, keys: Any, week: int, zone: int, group: int, rows: Any,
    handed: Any, numbers: Any, hashes: Any,
) -> None:  # fmt: skip
    """Let 512 citizens act for a week, and book what is seen.

    All candidates are weighed before anything is booked, so no deed of a week deters another.
    ``rows`` int64 (groups, width), ``handed`` int64 (behaviours,); ``numbers`` int64 (6, 1024)
    and ``hashes`` uint64 (5, 1024) are room for the candidates.
    """
    where = fold(world.places.zone_keys[zone], group * at.GROUP_BLOCKS)
    count = find_candidates(world, state, keys, zone, group, where, numbers)
    for place in range(at.GROUP_BLOCKS):
        hashes[BLOCK_KEY, place] = fold(
            world.places.zone_keys[zone], group * at.GROUP_BLOCKS + place
        )
        hashes[BLOCK_CROWD, place] = stream(keys[PEOPLE], hashes[BLOCK_KEY, place])
    count = weigh_candidates(world, state, zone, count, numbers, hashes)
    zone = at_index(zone)
    for j in range(count):
        offset, behaviour = at_index(numbers[OFFSET, j]), at_index(numbers[BEHAVIOUR, j])
        crowd, word = hashes[CROWD, j], hashes[WORD, j]
        row = rows[group_of(world, crowd, numbers[HEAD, j])]
        tally_act(world.people.behaviours, behaviour, row)
        observe(
            world, state, keys, week, zone, where, numbers[ORDER, j],
            world.places.zones[zone, at.FIRST_BLOCK] * at.BLOCK + offset, hashes[KEY, j], crowd,
            numbers[BAND, j], word, behaviour, row, handed,
        )  # fmt: skip


@part
def find_candidates(
    world: World, state: State, keys: Any, zone: int, group: int, where: int, numbers: Any
) -> int:
    """Fill in the week's candidates who exist and hold the stance; return how many."""
    people = world.people
    citizens = world.places.zones[zone, at.CITIZENS]
    first_block = world.places.zones[zone, at.FIRST_BLOCK]
    upper = high32(draw(keys[COUNT], where, 0))
    candidates = people.guide[upper >> 24]
    while upper >= people.count[candidates]:
        candidates += 1
    places = stream(keys[CANDIDATE], where)
    count = 0
    for i in range(candidates):
        bits = fold(places, i)
        offset = group * GROUP + field(bits, 0, 9)
        slot = field(bits, 9, 6)
        is_own = field(bits, 15, 16) < people.alias[slot, 0]
        behaviour = slot if is_own else people.alias[slot, 1]
        stance = people.behaviours[behaviour, b.STANCE]
        # A lane beyond the zone's end is read at the end instead, and dropped below.
        block = first_block + (min(offset, citizens - 1) >> 6)
        voiced = bit(state.words[facts.SHAMED + stance, block], offset & 63)
        numbers[OFFSET, count], numbers[BEHAVIOUR, count] = offset, behaviour
        numbers[BITS, count], numbers[ORDER, count] = field(bits, 31, 32), i
        count += int(offset < citizens) & (int(stance == 0) | voiced)
    return count


@part
def weigh_candidates(
    world: World, state: State, zone: int, count: int, numbers: Any, hashes: Any
) -> int:
    """Keep the candidates who accept by their own rate, in their order; return how many."""
    kinds = world.people.behaviours
    first_lane = world.places.zones[zone, at.FIRST_BLOCK] * at.BLOCK
    kept = 0
    zone, first_lane = at_index(zone), at_index(first_lane)
    for j in range(count):
        offset, behaviour = at_index(numbers[OFFSET, j]), at_index(numbers[BEHAVIOUR, j])
        lane = offset & 63
        place = (offset >> 6) & (at.GROUP_BLOCKS - 1)
        block_key, crowd = hashes[BLOCK_KEY, place], hashes[BLOCK_CROWD, place]
        head = head_lane(crowd, lane)
        word = traits.first_word(crowd, lane, head, world.response.resemblance)
        band = age_band(world, zone, head == lane, word)
        limit = act.acceptance(
            act.propensity(
                slope_value(world, zone, band, word, kinds[behaviour, b.TRAIT_1]),
                kinds[behaviour, b.ZERO_1], kinds[behaviour, b.STEP_1],
            ),
            act.propensity(
                slope_value(world, zone, band, word, kinds[behaviour, b.TRAIT_2]),
                kinds[behaviour, b.ZERO_2], kinds[behaviour, b.STEP_2],
            ),
            kinds[behaviour, b.DETERRED], i64(state.caution[first_lane + offset]),
            kinds[behaviour, b.SCALE],
        )  # fmt: skip
        is_kept = int(band >= traits.FIRST_ADULT_BAND) & int(numbers[BITS, j] < limit)
        actor = kinds[behaviour, b.ACTOR]
        if actor > 0:
            is_kept &= int(actor == occupation(world, crowd, lane, band))
        numbers[OFFSET, kept], numbers[BEHAVIOUR, kept] = offset, behaviour
        numbers[ORDER, kept], numbers[BAND, kept] = numbers[ORDER, j], band
        numbers[HEAD, kept] = head
        hashes[CROWD, kept], hashes[WORD, kept], hashes[KEY, kept] = crowd, word, block_key
        kept += is_kept
    return kept


@part
def occupation(world: World, crowd: int, lane: int, band: int) -> int:
    """Return the occupation of a citizen."""
    byte = traits.trait_byte(traits.second_word(crowd, lane), traits.OCCUPATION)
    return traits.occupation_of(byte, band, world.response.officials, world.response.owners)


@part
def tally_act(kinds: Any, behaviour: int, row: Any) -> None:
    """Tally a deed."""
    row[c.ACTED] += 1
    row[c.WIDTH + behaviour] += 1
    kind = kinds[behaviour, b.KIND]
    if kind == b.OFFENCE:
        row[c.OFFENCES] += 1
    elif kind == b.MERIT:
        row[c.MERITS] += 1
    elif kind == b.SPEECH:
        row[c.POSTS_PRAISE if kinds[behaviour, b.STANCE] == 1 else c.POSTS_CRITICAL] += 1


@part
def observe(
    world: World, state: State, keys: Any, week: int, zone: int, where: int, i: int, index: int,
    block_key: int, crowd: int, band: int, word: int, behaviour: int, row: Any, handed: Any,
) -> None:  # fmt: skip
    """Let the channels see a deed, and book it to the citizen or hand it on."""
    rules, kinds = world.rules.rules, world.people.behaviours
    if (
        rules[behaviour, URBAN_1]
        + rules[behaviour, URBAN_1 + 1]
        + rules[behaviour, URBAN_1 + 3]
        + rules[behaviour, URBAN_1 + 4]
        == 0
    ):
        return
    bits = draw(keys[WATCH], where, i)
    settlement = world.places.zones[zone, at.SETTLEMENT]
    digital = slope_value(world, zone, band, word, DIGITAL_TRAIT)
    online = slope_value(world, zone, band, word, ONLINE_TRAIT)
    cash = bit(state.words[CASH, index >> 6], index & 63)
    visibility = 0
    if kinds[behaviour, b.CHANNEL_1] == watch.PLATFORM or (
        kinds[behaviour, b.CHANNEL_2] == watch.PLATFORM
    ):
        platform = traits.trait_byte(traits.second_word(crowd, index & 63), traits.PLATFORM)
        visibility = world.people.visibility[platform]
    seen_by = -1
    for slot in range(2):
        seen = watch.in_view(
            rules[behaviour, URBAN_1 + 3 * slot + settlement],
            kinds[behaviour, b.CHANNEL_1 + slot],
            digital, cash, online, visibility,
        )  # fmt: skip
        if seen_by < 0 and field(bits, 16 * slot, 16) < seen:
            seen_by = slot
    if seen_by < 0:
        return
    row[c.SEEN] += 1
    if rules[behaviour, IS_RECORD] == 0:
        return
    if watch.is_handed_on(high32(bits), rules[behaviour, ERROR_1 + 3 * seen_by]):
        row[c.HANDED_ON] += 1
        handed[behaviour] += 1
        return
    row[c.BOOKED] += 1
    row[((row.shape[0] + c.WIDTH) >> 1) + behaviour] += 1
    book(
        world,
        state,
        keys,
        row,
        index,
        block_key,
        behaviour,
        False,
        week,
        draw(keys[ENTER], where, i),
    )


@part
def receive_group(
    world: World, state: State, keys: Any, week: int, zone: int, group: int, rows: Any,
    receipts: Receipts,
) -> None:  # fmt: skip
    """Book to 512 citizens what last week was seen of others, and what matched nobody."""
    zone_key = world.places.zone_keys[zone]
    where = fold(zone_key, group * at.GROUP_BLOCKS)
    upper = high32(draw(keys[RECEIVE_COUNT], where, 0))
    count = 0
    while upper >= receipts.count[zone, count]:
        count += 1
    for i in range(count):
        bits = draw(keys[RECEIVE], where, 2 * i)
        offset = group * GROUP + field(bits, 0, 9)
        if offset >= world.places.zones[zone, at.CITIZENS]:
            continue
        lane = offset & 63
        block_key = fold(zone_key, offset >> 6)
        crowd = stream(keys[PEOPLE], block_key)
        head = head_lane(crowd, lane)
        word = traits.own_word(crowd, lane)
        if age_band(world, zone, head == lane, word) < traits.FIRST_ADULT_BAND:
            continue
        who = group_of(world, crowd, head)
        if field(bits, 16, 16) >= receipts.weights[who]:
            continue
        index = (world.places.zones[zone, at.FIRST_BLOCK] + (offset >> 6)) * 64 + lane
        what = draw(keys[RECEIVE], where, 2 * i + 1)
        row = rows[who]
        behaviour = 0
        if low32(what) < receipts.false[zone]:
            settlement = world.places.zones[zone, at.SETTLEMENT]
            while high32(what) >= receipts.matched[settlement, behaviour]:
                behaviour += 1
            row[c.FALSE_MATCHES] += 1
        else:
            region = world.places.zones[zone, at.REGION]
            while high32(what) >= receipts.handed[region, behaviour]:
                behaviour += 1
            row[c.MISBOOKED] += 1
        book(
            world, state, keys, row, index, block_key, behaviour, True, week,
            draw(keys[ENTER], where, RECEIPT_ENTERS + i),
        )  # fmt: skip
