"""Weekly events for a group of 512 citizens: what they do, what is seen, what is misbooked."""

from __future__ import annotations

from typing import Any

from glasstown.engine import columns as c
from glasstown.engine.citizen import age_band, book, group_of, slope_value
from glasstown.engine.firms import book_firm, firm_listing_of, owner_offset, tally_firm_act
from glasstown.engine.prefetch import prefetch
from glasstown.engine.slots import BYTE, FIRM_SHIFT, FREE_SHIFT, PLANE_SHIFT
from glasstown.engine.world import (
    CASH,
    PLANES,
    UNHEARD,
    Receipts,
    State,
    World,
)
from glasstown.laws import act, firm, part, rare, watch
from glasstown.laws.draws import (
    CANDIDATE,
    COUNT,
    ENTER,
    FIRM_WEEK,
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
OFFSET, BEHAVIOUR, BITS, ORDER, BAND, HEAD, FIRM_AT, KEPT = range(8)
CROWD, WORD, WATCHED = range(3)
"""Rows of the candidates' numbers and hashes; KEPT holds the places of those not dropped yet."""
BLOCK_KEY, BLOCK_CROWD = range(2)
"""Rows of the keys of a group's blocks."""
NO_FIRM = -1
RECEIPT_ENTERS = 1 << 20
"""Where the draws of entries by receipts start, beyond any candidate of the same group."""


@part
def act_group(
    world: World, state: State, keys: Any, week: int, zone: int, group: int, rows: Any,
    handed: Any, numbers: Any, hashes: Any, blocks: Any,
) -> None:  # fmt: skip
    """Let 512 citizens act for a week, and book what is seen.

    All candidates are weighed before anything is booked, so no deed of a week deters another.
    ``rows`` int64 (groups, width), ``handed`` int64 (behaviours,); ``numbers`` int64 (8, ROOM)
    and ``hashes`` uint64 (3, ROOM) are room for the candidates, ``blocks`` uint64 (2, 8) for the
    keys of the group's blocks.
    """
    where = fold(world.places.zone_keys[zone], group * at.GROUP_BLOCKS)
    fetch_group(world, state, zone, group + 1)
    count = find_candidates(world, state, keys, zone, group, where, numbers, hashes)
    meet_group(world, keys, zone, group, blocks)
    look_up_candidates(world, zone, count, numbers, hashes, blocks)
    count = weigh_candidates(world, state, zone, count, numbers, hashes)
    tally_candidates(world, state, keys, zone, where, count, rows, numbers, hashes)
    count = find_seen(world, keys, zone, where, count, numbers, hashes)
    zone, entering = at_index(zone), stream(keys[ENTER], where)
    first_lane = world.places.zones[zone, at.FIRST_BLOCK] * at.BLOCK
    for i in range(count):
        j = at_index(numbers[KEPT, i])
        offset, behaviour = at_index(numbers[OFFSET, j]), at_index(numbers[BEHAVIOUR, j])
        crowd = hashes[CROWD, j]
        row = rows[group_of(world, crowd, numbers[HEAD, j])]
        observe(
            world, state, keys, week, zone, hashes[WATCHED, j], entering, numbers[ORDER, j],
            first_lane + offset,
            blocks[BLOCK_KEY, (offset >> 6) & 7], crowd, numbers[BAND, j], hashes[WORD, j],
            behaviour, numbers[FIRM_AT, j], row, handed,
        )  # fmt: skip


@part
def fetch_group(world: World, state: State, zone: int, group: int) -> None:
    """Ask for what the candidates of a group will be looked up in: facts, and caution."""
    first = world.places.zones[zone, at.FIRST_BLOCK] + group * at.GROUP_BLOCKS
    for block in range(first, first + at.GROUP_BLOCKS):
        prefetch(state.flat_words, PLANES * block)
        prefetch(state.flat_words, PLANES * block + UNHEARD)
        prefetch(state.caution, at.BLOCK * block)


@part
def find_candidates(
    world: World, state: State, keys: Any, zone: int, group: int, where: int, numbers: Any,
    hashes: Any,
) -> int:  # fmt: skip
    """Fill in the week's candidates who may act and hold the stance; return how many.

    Where nobody may stay out of the scheme, all adults take part, and children are seen by that.
    """
    # Packed, the people have the slots' codes as well.
    people: Any = world.people
    may_stay_out = world.terms.is_voluntary
    citizens = world.places.zones[zone, at.CITIZENS]
    first_block = world.places.zones[zone, at.FIRST_BLOCK]
    upper = high32(draw(keys[COUNT], where, 0))
    candidates = people.guide[upper >> 24]
    while upper >= people.count[candidates]:
        candidates += 1
    places = stream(keys[CANDIDATE], where)
    for i in range(candidates):
        hashes[WORD, i] = fold(places, i)
    words, alias, count = state.flat_words, people.alias, 0
    for i in range(candidates):
        bits = hashes[WORD, i]
        slot = field(bits, 9, 6)
        code = people.slots[slot, int(field(bits, 15, 16) >= alias[slot, 0])]
        behaviour, doer = code & BYTE, NO_FIRM
        offset = group * GROUP + field(bits, 0, 9)
        if (code >> FIRM_SHIFT) & 1 == 1:
            doer = 2 * first_block + (offset >> 5)
            sectors = people.behaviours[at_index(behaviour), b.SECTORS_DOING]
            offset = owner_offset(world, keys, zone, offset, sectors)
        # A lane beyond the zone's end is read at the end instead, and dropped below.
        line = (first_block + (min(offset, citizens - 1) >> 6)) * PLANES
        word = words[at_index(line + ((code >> PLANE_SHIFT) & BYTE))]
        may_act = bit(word, offset & 63) | ((code >> FREE_SHIFT) & may_stay_out)
        numbers[OFFSET, count], numbers[BEHAVIOUR, count] = offset, behaviour
        numbers[BITS, count], numbers[ORDER, count] = field(bits, 31, 32), i
        numbers[FIRM_AT, count] = doer
        count += int(offset < citizens) & may_act
    return count


@part
def meet_group(world: World, keys: Any, zone: int, group: int, blocks: Any) -> None:
    """Work out the keys of a group's blocks, and the streams of their people."""
    for place in range(at.GROUP_BLOCKS):
        block_key = fold(world.places.zone_keys[zone], group * at.GROUP_BLOCKS + place)
        blocks[BLOCK_KEY, place] = block_key
        blocks[BLOCK_CROWD, place] = stream(keys[PEOPLE], block_key)


@part
def look_up_candidates(
    world: World, zone: int, count: int, numbers: Any, hashes: Any, blocks: Any
) -> None:
    """Find each candidate's head of household, first trait word and age band.

    Three loops: only the middle one hashes, and nothing in it keeps it from being vectors.
    """
    resemblance, zone = world.response.resemblance, at_index(zone)
    for j in range(count):
        hashes[CROWD, j] = blocks[BLOCK_CROWD, (numbers[OFFSET, j] >> 6) & (at.GROUP_BLOCKS - 1)]
    for j in range(count):
        crowd, lane = hashes[CROWD, j], numbers[OFFSET, j] & 63
        head = head_lane(crowd, lane)
        numbers[HEAD, j] = head
        hashes[WORD, j] = traits.first_word(crowd, lane, head, resemblance)
    for j in range(count):
        is_head = numbers[HEAD, j] == numbers[OFFSET, j] & 63
        numbers[BAND, j] = age_band(world, zone, is_head, hashes[WORD, j])


@part
def weigh_candidates(
    world: World, state: State, zone: int, count: int, numbers: Any, hashes: Any
) -> int:
    """Keep the candidates who accept by their own rate, in their order; return how many."""
    kinds = world.people.behaviours
    first_lane = at_index(world.places.zones[zone, at.FIRST_BLOCK] * at.BLOCK)
    kept, zone = 0, at_index(zone)
    for j in range(count):
        offset, behaviour = at_index(numbers[OFFSET, j]), at_index(numbers[BEHAVIOUR, j])
        word, band = hashes[WORD, j], numbers[BAND, j]
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
        if kinds[behaviour, b.ACTOR] == b.OFFICIAL:
            crowd = hashes[CROWD, j]
            is_kept &= int(occupation(world, crowd, offset & 63, band) == traits.OFFICIAL)
        numbers[KEPT, kept] = j
        kept += is_kept
    return kept


@part
def tally_candidates(
    world: World, state: State, keys: Any, zone: int, where: int, count: int, rows: Any,
    numbers: Any, hashes: Any,
) -> None:  # fmt: skip
    """Tally what each candidate does, whom a firm's deed harms, and who speaks unheard.

    Deeds are tallied by behaviour only: see `glasstown.engine.acts.sum_up`.
    """
    kinds = world.people.behaviours
    first_block = world.places.zones[zone, at.FIRST_BLOCK]
    for i in range(count):
        j = at_index(numbers[KEPT, i])
        offset, behaviour = numbers[OFFSET, j], at_index(numbers[BEHAVIOUR, j])
        # Most of what is done here is seen, and then booked.
        prefetch(state.flat_points, 4 * (at.BLOCK * first_block + offset))
        prefetch(state.listing, at.BLOCK * first_block + offset)
        row = rows[group_of(world, hashes[CROWD, j], numbers[HEAD, j])]
        row[c.WIDTH + behaviour] += 1
        if kinds[behaviour, b.KIND] == b.SPEECH:
            unheard = state.flat_words[at_index((first_block + (offset >> 6)) * PLANES + UNHEARD)]
            if bit(unheard, offset & 63) == 1:
                tally_unheard(
                    world, zone, numbers[BAND, j], hashes[WORD, j], hashes[CROWD, j], offset & 63,
                    row,
                )  # fmt: skip
        if numbers[FIRM_AT, j] != NO_FIRM:
            harmed = low32(draw(keys[FIRM_WEEK], where, numbers[ORDER, j]))
            tally_firm_act(kinds, behaviour, harmed, row)


@part
def find_seen(
    world: World, keys: Any, zone: int, where: int, count: int, numbers: Any, hashes: Any
) -> int:
    """Keep the deeds that a channel may see at the most its rule allows; return how many.

    A bound: what a citizen is (online, paying cash) only hides, so who is dropped here is seen by
    nobody. A listed firm is looked at more often than the rule says, so firms are kept.
    """
    rules, places = world.rules.rules, stream(keys[WATCH], where)
    settlement = at_index(world.places.zones[zone, at.SETTLEMENT])
    kept = 0
    for i in range(count):
        j = at_index(numbers[KEPT, i])
        behaviour, doer = at_index(numbers[BEHAVIOUR, j]), numbers[FIRM_AT, j]
        bits = fold(places, numbers[ORDER, j])
        may_see = (
            int(field(bits, 0, 16) < rules[behaviour, URBAN_1 + settlement])
            | int(field(bits, 16, 16) < rules[behaviour, URBAN_1 + 3 + settlement])
            | int(doer != NO_FIRM)
        )
        numbers[KEPT, kept], hashes[WATCHED, j] = j, bits
        kept += may_see
    return kept


@part
def occupation(world: World, crowd: int, lane: int, band: int) -> int:
    """Return the occupation of a citizen."""
    byte = traits.trait_byte(traits.second_word(crowd, lane), traits.OCCUPATION)
    return traits.occupation_of(byte, band, world.response.officials)


@rare
def tally_unheard(
    world: World, zone: int, band: int, word: int, crowd: int, lane: int, row: Any
) -> None:
    """Tally a post of somebody unheard who is online, where the platform hides anything.

    Who was offline at the last reflection may be online since new year's day: nobody hid that.
    """
    platform = traits.trait_byte(traits.second_word(crowd, lane), traits.PLATFORM)
    hides = world.rules.hides[0, platform] + world.rules.hides[1, platform]
    if hides > 0 and slope_value(world, zone, band, word, ONLINE_TRAIT) > 0:
        row[c.POSTS_HIDDEN] += 1


@part
def is_watched(world: World, behaviour: int) -> bool:
    """Return whether any channel could see a deed of a kind."""
    rules = world.rules.rules
    return (
        rules[behaviour, URBAN_1]
        + rules[behaviour, URBAN_1 + 1]
        + rules[behaviour, URBAN_1 + 3]
        + rules[behaviour, URBAN_1 + 4]
        > 0
    )


@rare
def observe(
    world: World, state: State, keys: Any, week: int, zone: int, bits: int, entering: int,
    place: int, index: int, block_key: int, crowd: int, band: int, word: int, behaviour: int,
    doer: int, row: Any, handed: Any,
) -> None:  # fmt: skip
    """Let the channels see a deed, and book it to the citizen (or firm) or hand it on.

    ``entering`` is the stream of draws of being entered on lists, ``place`` the draw's place in
    it; ``doer`` is the number of a firm, NO_FIRM for a citizen.
    """
    rules, kinds = world.rules.rules, world.people.behaviours
    settlement = world.places.zones[zone, at.SETTLEMENT]
    digital = slope_value(world, zone, band, word, DIGITAL_TRAIT)
    online = slope_value(world, zone, band, word, ONLINE_TRAIT)
    cash = bit(state.words[CASH, index >> 6], index & 63)
    visibility = 0
    if kinds[behaviour, b.CHANNEL_1] == watch.PLATFORM or (
        kinds[behaviour, b.CHANNEL_2] == watch.PLATFORM
    ):
        platform = traits.trait_byte(traits.second_word(crowd, index & 63), traits.PLATFORM)
        visibility = world.rules.visibility[platform]
    seen_by = -1
    for slot in range(2):
        channel = kinds[behaviour, b.CHANNEL_1 + slot]
        seen = watch.in_view(
            rules[behaviour, URBAN_1 + 3 * slot + settlement], channel, digital, cash, online,
            visibility, world.terms.is_cash_over,
        )  # fmt: skip
        if channel == watch.INSPECTION:
            listed = firm_listing_of(state, doer)
            seen = watch.inspected(
                seen, int(listed == firm.BLACK), int(listed == firm.RED),
                world.terms.firm_priority_q8, world.terms.firm_exempt_q8,
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
    enters = fold(entering, place)
    if doer != NO_FIRM:
        book_firm(world, state, row, doer, index, behaviour, week, enters)
    else:
        book(world, state, keys, row, index, block_key, behaviour, False, week, enters)


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
            while high32(what) >= receipts.matched[zone, behaviour]:
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
