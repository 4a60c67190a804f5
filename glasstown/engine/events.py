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
from glasstown.scheme.compilation import ERROR_1, IS_RECORD, URBAN_1
from glasstown.society import compilation as b
from glasstown.society import layout as at
from glasstown.society import traits
from glasstown.society.households import head_lane

GROUP = at.BLOCK * at.GROUP_BLOCKS
DIGITAL_TRAIT, ONLINE_TRAIT = 6, 5
RECEIPT_ENTERS = 1 << 20
"""Where the draws of entries by receipts start, beyond any candidate of the same group."""


@part
def act_group(
    world: World, state: State, keys: Any, week: int, zone: int, group: int, rows: Any, handed: Any
) -> None:
    """Let 512 citizens act for a week; ``rows`` int64 (groups, width), ``handed`` (behaviours,)."""
    people = world.people
    zone_key = world.places.zone_keys[zone]
    where = fold(zone_key, group * at.GROUP_BLOCKS)
    upper = high32(draw(keys[COUNT], where, 0))
    candidates = people.guide[upper >> 24]
    while upper >= people.count[candidates]:
        candidates += 1
    places = stream(keys[CANDIDATE], where)
    for i in range(candidates):
        bits = fold(places, i)
        offset = group * GROUP + field(bits, 0, 9)
        slot = field(bits, 9, 6)
        behaviour = slot
        if field(bits, 15, 16) >= people.alias[slot, 0]:
            behaviour = people.alias[slot, 1]
        if offset < world.places.zones[zone, at.CITIZENS]:
            consider(
                world, state, keys, week, zone, where, i, offset, behaviour, field(bits, 31, 32),
                rows, handed,
            )  # fmt: skip


@part
def consider(
    world: World, state: State, keys: Any, week: int, zone: int, where: int, i: int, offset: int,
    behaviour: int, bits: int, rows: Any, handed: Any,
) -> None:  # fmt: skip
    """Let one candidate act, if it accepts, and book what is seen."""
    kinds = world.people.behaviours
    block = world.places.zones[zone, at.FIRST_BLOCK] + (offset >> 6)
    lane = offset & 63
    index = block * 64 + lane
    stance = kinds[behaviour, b.STANCE]
    if stance > 0 and bit(state.words[facts.SHAMED + stance, block], lane) == 0:
        return
    block_key = fold(world.places.zone_keys[zone], offset >> 6)
    crowd = stream(keys[PEOPLE], block_key)
    head = head_lane(crowd, lane)
    word = traits.first_word(crowd, lane, head, world.response.resemblance)
    band = age_band(world, zone, head == lane, word)
    if band < traits.FIRST_ADULT_BAND:
        return
    actor = kinds[behaviour, b.ACTOR]
    if actor > 0:
        byte = traits.trait_byte(traits.second_word(crowd, lane), traits.OCCUPATION)
        if actor != traits.occupation_of(
            byte, band, world.response.officials, world.response.owners
        ):
            return
    first = act.propensity(
        slope_value(world, zone, band, word, kinds[behaviour, b.TRAIT_1]),
        kinds[behaviour, b.ZERO_1],
        kinds[behaviour, b.STEP_1],
    )
    second = act.propensity(
        slope_value(world, zone, band, word, kinds[behaviour, b.TRAIT_2]),
        kinds[behaviour, b.ZERO_2],
        kinds[behaviour, b.STEP_2],
    )
    limit = act.acceptance(
        first, second, kinds[behaviour, b.DETERRED], i64(state.caution[index]),
        kinds[behaviour, b.SCALE],
    )  # fmt: skip
    if bits >= limit:
        return
    group = group_of(world, crowd, head)
    row = rows[group]
    tally_act(kinds, behaviour, row)
    observe(
        world, state, keys, week, zone, where, i, index, block_key, crowd, band, word, behaviour,
        row, handed,
    )  # fmt: skip


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
    if rules[behaviour, URBAN_1] + rules[behaviour, URBAN_1 + 1] + rules[
        behaviour, URBAN_1 + 3
    ] + rules[behaviour, URBAN_1 + 4] == 0:
        return
    bits = draw(keys[WATCH], where, i)
    settlement = world.places.zones[zone, at.SETTLEMENT]
    digital = slope_value(world, zone, band, word, DIGITAL_TRAIT)
    online = slope_value(world, zone, band, word, ONLINE_TRAIT)
    cash = bit(state.words[CASH, index >> 6], index & 63)
    platform = traits.trait_byte(traits.second_word(crowd, index & 63), traits.PLATFORM)
    seen_by = -1
    for slot in range(2):
        seen = watch.in_view(
            rules[behaviour, URBAN_1 + 3 * slot + settlement],
            kinds[behaviour, b.CHANNEL_1 + slot],
            digital, cash, online, world.people.visibility[platform],
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
        world, state, keys, row, index, block_key, behaviour, False, week, draw(keys[ENTER], where, i)
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
