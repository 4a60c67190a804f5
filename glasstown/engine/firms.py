"""Firms inside the compiled engine: whose they are, what is booked to them, what a quarter brings.

Two firms a block (one for 32 citizens): the owner of each is the head of a household in its half
of the block, so a firm's traits and its caution are its owner's. Only points and listing are kept.
"""

from __future__ import annotations

from typing import Any

from glasstown.engine import columns as c
from glasstown.engine.citizen import raise_caution, set_bit
from glasstown.engine.lanes import GROUP, HEAD
from glasstown.engine.world import COMPLIANCE, OWNER_HIT, SOCIAL, State, World
from glasstown.laws import adapt, firm, part, rare, sanction, serve
from glasstown.laws import score as scoring
from glasstown.laws.draws import (
    FIRM,
    FIRM_WEEK,
    PEOPLE,
    draw,
    field,
    fold,
    high32,
    i64,
    low32,
    stream,
)
from glasstown.laws.draws import place as at_index
from glasstown.scheme.compilation import CATEGORY, ENTER_1, IS_BLACK, POINTS
from glasstown.society import compilation as b
from glasstown.society import layout as at
from glasstown.society.households import head_lane

NOWHERE = 1 << 40
"""A place in a zone beyond any end."""
BLOCK_DRAWS = 1 << 16
"""Where a firm's draws by block start, beyond any candidate's."""


@part
def firm_word(keys: Any, block_key: int, slot: int) -> int:
    """Return the trait word of the firm of a slot (0 or 1) of a block."""
    return draw(keys[FIRM], block_key, slot)


@part
def owner_of(crowd: int, word: int, slot: int, present: int) -> int:
    """Return the lane of a firm's owner; -1 if there is no such firm."""
    lane = firm.owner_lane(field(word, 0, 8), slot, present)
    return -1 if lane < 0 else head_lane(crowd, lane)


@part
def sector_of(world: World, word: int) -> int:
    """Return the sector of a firm."""
    limits = world.people.firm_limits
    return firm.sector_of(field(word, 16, 16), limits[0], limits[1], limits[2], limits[3])


@rare
def owner_offset(world: World, keys: Any, zone: int, offset: int, sectors: int) -> int:
    """Return the place in the zone of the owner of the firm that a drawn place stands for.

    Without such a firm, or if its sector does no such deeds: a place beyond the zone's end.
    """
    place, slot = offset >> 6, (offset >> 5) & 1
    present = world.places.zones[zone, at.CITIZENS] - at.BLOCK * place
    if present <= 0:
        return NOWHERE
    block_key = fold(world.places.zone_keys[zone], place)
    word = firm_word(keys, block_key, slot)
    crowd = stream(keys[PEOPLE], block_key)
    owner = owner_of(crowd, word, slot, at.BLOCK if present > at.BLOCK else present)
    if owner < 0 or (sectors >> sector_of(world, word)) & 1 == 0:
        return NOWHERE
    return at.BLOCK * place + owner


@part
def firm_listing_of(state: State, number: int) -> int:
    """Return the list (BLACK, RED or 0) that a firm is on; 0 for no firm."""
    return 0 if number < 0 else sanction.list_of(i64(state.firm_listing[number]))


@rare
def tally_firm_act(kinds: Any, behaviour: int, bits: int, row: Any) -> None:
    """Tally a firm's deed and the consumers it harms."""
    kind = kinds[behaviour, b.KIND]
    row[c.FIRM_OFFENCES] += int(kind == b.OFFENCE)
    row[c.FIRM_MERITS] += int(kind == b.MERIT)
    row[c.HARMED] += firm.consumers_harmed(kinds[behaviour, b.HARMED], bits)


@part
def rating_of(state: State, number: int) -> int:
    """Return a firm's rating (tenths)."""
    return i64(state.firm_points[COMPLIANCE, number]) + i64(state.firm_points[SOCIAL, number])


@part
def tier_of_firm(world: World, rating: int) -> int:
    """Return the tier (from 0, the best) of a rating."""
    t = world.terms
    return (
        int(rating < t.firm_limit_1)
        + int(rating < t.firm_limit_2)
        + int(rating < t.firm_limit_3)
        + int(rating < t.firm_limit_4)
    )


@rare
def tally_firm(world: World, state: State, row: Any, number: int, sign: int) -> None:
    """Add (sign 1) or subtract (sign -1) a firm in its stocks."""
    listed = firm_listing_of(state, number)
    row[c.FIRMS_BLACK] += sign * int(listed == firm.BLACK)
    row[c.FIRMS_RED] += sign * int(listed == firm.RED)
    row[c.FIRM_COMPLIANCE_SUM] += sign * i64(state.firm_points[COMPLIANCE, number])
    row[c.FIRM_SOCIAL_SUM] += sign * i64(state.firm_points[SOCIAL, number])
    if world.terms.firm_tiers > 0:
        row[c.FIRM_TIER_1 + tier_of_firm(world, rating_of(state, number))] += sign


@part
def move_category(world: World, state: State, number: int, category: int, points: int) -> int:
    """Move a category of a firm's rating; return by how much it really moved."""
    most = world.terms.firm_social_most if category == SOCIAL else world.terms.firm_start
    value = i64(state.firm_points[category, number])
    moved = firm.category_change(value, points, most)
    state.firm_points[category, number] = value + moved
    return moved


@rare
def book_firm(
    world: World, state: State, row: Any, number: int, owner: int, behaviour: int, week: int,
    enters: int,
) -> None:  # fmt: skip
    """Book a record to a firm: points, lists, and the owner's caution. ``owner`` is a citizen."""
    rules, number = world.rules.rules, at_index(number)
    tally_firm(world, state, row, number, -1)
    row[c.FIRM_RECORDS] += 1
    moved = move_category(
        world, state, number, rules[behaviour, CATEGORY], rules[behaviour, POINTS]
    )
    row[c.FIRM_WON] += max(moved, 0)
    row[c.FIRM_LOST] += max(-moved, 0)
    is_below = rating_of(state, number) < world.terms.firm_below
    if field(enters, 0, 16) < rules[behaviour, ENTER_1] or is_below:
        enter_firm(world, state, row, number, owner, week)
    keep_red(world, state, row, number, week)
    tally_firm(world, state, row, number, 1)


@rare
def enter_firm(world: World, state: State, row: Any, number: int, owner: int, week: int) -> None:
    """Enter a firm on the black list, if it is not there."""
    if firm_listing_of(state, number) == firm.BLACK:
        return
    state.firm_listing[number] = sanction.pack_listing(firm.BLACK, scoring.OWN, week)
    row[c.FIRM_ENTRIES] += 1
    raise_owner(world, state, row, owner)


@part
def raise_owner(world: World, state: State, row: Any, owner: int) -> None:
    """Make the owner of a firm that was listed more cautious."""
    before = i64(state.caution[owner])
    raise_caution(state, owner, world.response.listing_rise)
    after = i64(state.caution[owner])
    row[c.CAUTION_SUM] += after - before
    row[c.CAUTIOUS] += int(after >= 128) - int(before >= 128)


@part
def keep_red(world: World, state: State, row: Any, number: int, week: int) -> None:
    """Let a firm that is not black stand on the red list as long as its rating is high enough."""
    listed = firm_listing_of(state, number)
    is_high = rating_of(state, number) > world.terms.firm_red_above
    if listed == 0 and is_high:
        state.firm_listing[number] = sanction.pack_listing(firm.RED, scoring.OWN, week)
        row[c.FIRM_ENTRIES_RED] += 1
    elif listed == firm.RED and not is_high:
        state.firm_listing[number] = 0


@rare
def reflect_firm(
    world: World, state: State, keys: Any, week: int, block: int, block_key: int, present: int,
    is_reckoning: bool, slot: int, rows: Any, lanes: Any,
) -> None:  # fmt: skip
    """Let a firm's points fade, its term end, its owner's listing reach it; and let it bid."""
    t = world.terms
    word = firm_word(keys, block_key, slot)
    member = firm.owner_lane(field(word, 0, 8), slot, present)
    if member < 0:
        return
    lane = lanes[HEAD, at_index(member)]
    number, owner = at_index(2 * block + slot), at_index(64 * block + lane)
    row = rows[at_index(lanes[GROUP, lane])]
    tally_firm(world, state, row, number, -1)
    fade_firm(world, state, row, number, draw(keys[FIRM_WEEK], block_key, BLOCK_DRAWS | slot))
    listed = sanction.list_of(i64(state.listing[owner]))
    is_owner_black = listed > 0 and world.rules.lists[listed, IS_BLACK] == 1
    if is_owner_black and is_reckoning:
        moved = move_category(world, state, number, COMPLIANCE, t.firm_points_owner)
        row[c.FIRM_LOST_OWNER] -= moved
    bits = draw(keys[FIRM_WEEK], block_key, 2 * BLOCK_DRAWS | slot)
    look_at_listing(world, state, row, number, owner, week, low32(bits))
    keep_red(world, state, row, number, week)
    bid(world, state, row, number, sector_of(world, word), high32(bits), is_owner_black)
    is_black = firm_listing_of(state, number) == firm.BLACK
    set_bit(state, OWNER_HIT, owner, int(is_black))
    tally_firm(world, state, row, number, 1)


@part
def fade_firm(world: World, state: State, row: Any, number: int, bits: int) -> None:
    """Let compliance come back to its most, and social responsibility fade."""
    t = world.terms
    compliance = i64(state.firm_points[COMPLIANCE, number])
    social = i64(state.firm_points[SOCIAL, number])
    back = -adapt.faded(compliance - t.firm_start, t.firm_expiry_q16, field(bits, 0, 16))
    gone = adapt.faded(social, t.firm_expiry_q16, field(bits, 16, 16))
    state.firm_points[COMPLIANCE, number] = compliance + back
    state.firm_points[SOCIAL, number] = social - gone
    row[c.FIRM_EXPIRED_UP] += back
    row[c.FIRM_EXPIRED_DOWN] += gone


@part
def look_at_listing(
    world: World, state: State, row: Any, number: int, owner: int, week: int, bits: int
) -> None:
    """End or renew a firm's listing, or enter a firm whose rating is too low."""
    t = world.terms
    listing = i64(state.firm_listing[number])
    is_below = rating_of(state, number) < t.firm_below
    if sanction.list_of(listing) != firm.BLACK:
        if is_below:
            enter_firm(world, state, row, number, owner, week)
    elif 0 < t.firm_term <= week - sanction.week_of(listing):
        if is_below:
            state.firm_listing[number] = sanction.pack_listing(firm.BLACK, scoring.OWN, week)
        else:
            state.firm_listing[number] = 0
            row[c.FIRM_EXIT_TERM] += 1
    elif bits < t.firm_performed_q32:
        state.firm_listing[number] = 0
        row[c.FIRM_EXIT_PERFORMED] += 1


@part
def bid(
    world: World, state: State, row: Any, number: int, sector: int, bits: int,
    is_owner_black: bool,
) -> None:  # fmt: skip
    """Let a firm bid, and tally what becomes of its bids."""
    t, steps = world.terms, world.people.bids
    count = serve.poisson_count(
        bits, steps[sector, 0], steps[sector, 1], steps[sector, 2], steps[sector, 3],
        steps[sector, 4], steps[sector, 5],
    )  # fmt: skip
    if count == 0:
        return
    listed = firm_listing_of(state, number)
    row[c.BIDS] += count
    if listed == firm.BLACK and t.firm_bars_bids == 1:
        row[c.BIDS_DENIED] += count
    elif is_owner_black and t.firm_owner_bars_bids == 1:
        row[c.BIDS_DENIED_OWNER] += count
    elif listed == firm.RED and t.firm_favours_bids == 1:
        row[c.BIDS_FAVOURED] += count
