"""Weekly work for the listed and the specially served, found by the set bits of words."""

from __future__ import annotations

from typing import Any

from glasstown.engine import columns as c
from glasstown.engine.citizen import (
    INCOME_TRAIT,
    age_band,
    come_into_force,
    group_of,
    is_member,
    mark_served,
    move_score,
    set_bit,
    settle,
    slope_value,
    stands,
    tally_change,
    tally_points,
    tier_at,
    tier_blame,
)
from glasstown.engine.insiders import has_insider
from glasstown.engine.words import first_lanes, lowest_lane, swap_lanes
from glasstown.engine.world import (
    BY_ERROR,
    OWNER_HIT,
    PUBLISHED,
    SCORE,
    SERVED,
    State,
    World,
)
from glasstown.laws import part, rare, remedy, sanction, serve
from glasstown.laws import publish as facts
from glasstown.laws import score as scoring
from glasstown.laws.draws import (
    APPEAL,
    DEMAND,
    INSIDE,
    NOTICE,
    PEOPLE,
    REMEDY,
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
from glasstown.scheme.compilation import (
    BELOW,
    GRACE,
    PERFORMED,
    SERVICES,
    TERM,
    TERM_UNABLE,
    TIERS,
)
from glasstown.society import traits
from glasstown.society.households import head_lane, household_pattern

HOSPITAL, SCHOOL = 4, 5
NEXT_BY_1, NEXT_BY_2, NEXT_BY_3 = 0x0_3F3F, 0x0_005F, 0x0_006F
"""The members of a quad (four bits for each of the five patterns, the first in the lowest) whose
XOR 1, 2 and 3 neighbour belongs to the same household."""


@part
def members(next_by: int, pattern: int, quad: int) -> int:
    """Return the lanes of a quad that one of the `NEXT_BY` tables names for its pattern.

    Arithmetic, not branches: a household's pattern is a hash's.
    """
    return ((u64(next_by) >> u64(4 * pattern)) & u64(15)) << u64(4 * quad)


@part
def household_words(crowd: int) -> tuple[int, int, int]:
    """Return the lanes whose XOR 1, 2 and 3 neighbour belongs to the same household."""
    one, two, three = u64(0), u64(0), u64(0)
    for quad in range(16):
        pattern = household_pattern(crowd, quad)
        one |= members(NEXT_BY_1, pattern, quad)
        two |= members(NEXT_BY_2, pattern, quad)
        three |= members(NEXT_BY_3, pattern, quad)
    return one, two, three


@part
def requests(world: World, demand: int, lane: int, service: int, word: int) -> int:
    """Return how often a citizen asks for a service this week.

    ``demand`` is the block's stream, ``word`` the citizen's second trait word.
    """
    people = world.people
    byte = traits.trait_byte(word, people.demand_from[service, 0])
    heavy = 1 if byte >= people.demand_from[service, 1] else 0
    bits = field(fold(demand, lane * 4 + (service >> 1)), 32 * (service & 1), 32)
    steps = people.demand
    return serve.poisson_count(
        bits,
        steps[service, heavy, 0],
        steps[service, heavy, 1],
        steps[service, heavy, 2],
        steps[service, heavy, 3],
        steps[service, heavy, 4],
        steps[service, heavy, 5],
    )


@rare
def serve_lane(
    world: World, state: State, row: Any, index: int, crowd: int, demand: int, is_kin: int
) -> None:
    """Answer a week's requests of one citizen who is under a sanction or a reward.

    ``is_kin`` is 1 for who shares a household with somebody listed. The citizen's own denials go
    first, then those for the own firm, then those for the household, then favour and delay.
    """
    rules, index = world.rules, at_index(index)
    lane = index & 63
    listing = i64(state.listing[index])
    listed = sanction.list_of(listing)
    tier = tier_at(world, i64(state.points[SCORE, index]))
    word = traits.second_word(crowd, lane)
    denied_for_kin = world.terms.household_denies * is_kin
    denied_for_firm = world.terms.firm_denies * bit(state.words[OWNER_HIT, index >> 6], lane)
    special = (rules.treated[tier] | denied_for_kin | denied_for_firm) & ~(1 << SCHOOL)
    if listed > 0:
        special |= rules.treated[TIERS + listed - 1] & ~(1 << SCHOOL)
    for service in range(SERVICES):
        if (special >> service) & 1 == 0:
            continue
        by_list = rules.treatments[TIERS + listed - 1, service] if listed > 0 else 0
        action = sanction.treatment(rules.treatments[tier, service], by_list)
        is_for_kin = (denied_for_kin >> service) & 1
        count = requests(world, demand, lane, service, word)
        if count == 0:
            continue
        if action == sanction.DENY:
            cause = sanction.cause_of(listing)
            if by_list != sanction.DENY:
                cause = tier_blame(state, index, rules.deny_until[tier])
            deny(row, service, cause, count)
        elif (denied_for_firm >> service) & 1 == 1:
            deny(row, service, scoring.FIRM, count)
        elif is_for_kin == 1:
            deny(row, service, scoring.HOUSEHOLD, count)
        elif action == sanction.FAVOUR:
            row[c.FAVOURED + service] += count
        elif service == HOSPITAL:
            row[c.REQUESTS_DELAYED] += count


@part
def deny(row: Any, service: int, cause: int, count: int) -> None:
    """Tally requests refused, under one service and one cause."""
    row[c.DENIED + service] += count
    row[c.DENIED_FOR + cause] += count


@part
def kin_of_listed(state: State, block: int, crowd: int, present: int) -> int:
    """Return the lanes, not listed themselves, whose household has a listed member."""
    listed = state.words[PUBLISHED + facts.LISTED, block]
    one, two, three = household_words(crowd)
    kin = (swap_lanes(listed, 1) & one) | (swap_lanes(listed, 2) & two)
    kin |= swap_lanes(listed, 3) & three
    return kin & first_lanes(present) & ~state.words[facts.LISTED, block]


@rare
def serve_kin(world: World, zone: int, index: int, crowd: int, demand: int, rows: Any) -> None:
    """Answer the requests of one citizen whom only a listed household is held against."""
    lane = index & 63
    head = head_lane(crowd, lane)
    band = age_band(world, zone, head == lane, traits.own_word(crowd, lane))
    is_child = band < traits.FIRST_ADULT_BAND
    row = rows[group_of(world, crowd, head)]
    word = traits.second_word(crowd, lane)
    for service in range(SERVICES):
        is_denied = (world.terms.household_denies >> service) & 1 == 1
        if not is_denied or is_child != (service == SCHOOL):
            continue
        if is_child:
            row[c.CHILDREN_SHUT_OUT] += 1
        count = requests(world, demand, lane, service, word)
        deny(row, service, scoring.HOUSEHOLD, count)


@part
def leave_list(world: World, state: State, row: Any, index: int, column: int) -> None:
    """Take a citizen off a black list, under one exit."""
    state.listing[index] = 0
    set_bit(state, facts.LISTED, index, 0)
    mark_served(world, state, index)
    row[column] += 1


@rare
def remedy_lane(
    world: World, state: State, keys: Any, week: int, zone: int, row: Any, index: int,
    block_key: int, present: int,
) -> None:  # fmt: skip
    """Look at one black listing or its notice: what ends it, and what follows from that."""
    listing = i64(state.listing[index])
    if week == sanction.week_of(listing):
        return
    was = stands(state, index)
    if sanction.notice_of(listing) > 0:
        look_at_notice(world, state, keys, week, zone, row, index, block_key)
    elif not is_over(world, state, row, index, week, was.score):
        if is_appealed(world, listing, keys, week, zone, row, index, block_key):
            row[c.APPEALS_WON] += 1
            leave_list(world, state, row, index, c.EXIT_APPEAL)
            correct(world, state, row, index)
        elif not is_struck_off(world, state, keys, row, index, block_key, present):
            # A term that was renewed a moment ago counts from its old entry once more.
            age = week - sanction.week_of(listing)
            leave_early(world, state, keys, row, index, block_key, age)
    # Most weeks nothing comes of it: only a listing that changed changes anything else.
    if i64(state.listing[index]) != listing:
        tier = tier_at(world, i64(state.points[SCORE, index]))
        tier_before = tier_at(world, was.score)
        settle(world, state, keys, row, index, block_key, was.score, week, tier, tier_before)
        tally_change(world, state, row, index, was)


@part
def look_at_notice(
    world: World, state: State, keys: Any, week: int, zone: int, row: Any, index: int,
    block_key: int,
) -> None:  # fmt: skip
    """Let a notice end by appeal or performance, or let the listing come into force."""
    lists, listing = world.rules.lists, i64(state.listing[index])
    listed, cause = sanction.notice_of(listing), sanction.cause_of(listing)
    is_done = low32(draw(keys[REMEDY], block_key, index & 63)) < lists[listed, PERFORMED]
    if is_appealed(world, listing, keys, week, zone, row, index, block_key):
        row[c.APPEALS_WON] += 1
        row[c.SPARED_APPEAL] += 1
        state.listing[index] = 0
        correct(world, state, row, index)
        mark_served(world, state, index)
    elif is_done and cause != scoring.INABILITY:
        row[c.SPARED_PERFORMED] += 1
        state.listing[index] = 0
        mark_served(world, state, index)
    elif week - sanction.week_of(listing) >= lists[listed, GRACE]:
        come_into_force(world, state, keys, row, index, block_key, listed, cause, week)


@part
def is_over(world: World, state: State, row: Any, index: int, week: int, score: int) -> bool:
    """Return whether a listing's term ends it; who still scores too low is listed anew."""
    lists, listing = world.rules.lists, i64(state.listing[index])
    listed, cause = sanction.list_of(listing), sanction.cause_of(listing)
    term = remedy.term_of(cause, lists[listed, TERM], lists[listed, TERM_UNABLE])
    if not remedy.is_term_over(week - sanction.week_of(listing), term):
        return False
    if score < lists[listed, BELOW]:
        state.listing[index] = sanction.pack_listing(listed, cause, week)
        row[c.RENEWALS] += 1
        return False
    leave_list(world, state, row, index, c.EXIT_TERM)
    return True


@part
def is_appealed(
    world: World, listing: int, keys: Any, week: int, zone: int, row: Any, index: int,
    block_key: int,
) -> bool:  # fmt: skip
    """Return whether an appeal against a listing or notice, due this week, is made and succeeds."""
    t, lane = world.terms, index & 63
    entered, cause = sanction.week_of(listing), sanction.cause_of(listing)
    if week - entered != t.appeal_delay:
        return False
    known = draw(keys[NOTICE], block_key, lane * 1024 + entered)
    if low32(known) >= t.appeal_notice_q32:
        row[c.APPEALS_NOT_TOLD] += 1
        return False
    is_far = cause == scoring.MISIDENTIFIED and field(known, 32, 16) < t.appeal_far_q16
    income = income_of(world, zone, stream(keys[PEOPLE], block_key), lane)
    limit = remedy.appeal_limit(
        t.appeal_q32, t.appeal_cost_q16, income, int(is_far), t.appeal_distance_q16
    )
    bits = draw(keys[APPEAL], block_key, lane)
    if low32(bits) >= limit:
        return False
    row[c.APPEALS] += 1
    return remedy.appeal_succeeds(cause, high32(bits), t.appeal_wrong_q32, t.appeal_right_q32)


@part
def income_of(world: World, zone: int, crowd: int, lane: int) -> int:
    """Return the income (0 to 255) of a citizen."""
    head = head_lane(crowd, lane)
    word = traits.first_word(crowd, lane, head, world.response.resemblance)
    return slope_value(world, zone, age_band(world, zone, head == lane, word), word, INCOME_TRAIT)


@part
def is_struck_off(
    world: World, state: State, keys: Any, row: Any, index: int, block_key: int, present: int
) -> bool:
    """Return whether an official strikes a listed citizen off, as a favour."""
    t, lane = world.terms, index & 63
    bits = draw(keys[INSIDE], block_key, 64 + lane)
    if low32(bits) >= t.insider_strike_q32:
        return False
    if not has_insider(world, state, keys, index >> 6, block_key, lane, present):
        return False
    if high32(bits) < t.insider_caught_q32:
        row[c.INSIDERS_CAUGHT] += 1
        return False
    leave_list(world, state, row, index, c.EXIT_INSIDERS)
    return True


@part
def leave_early(
    world: World, state: State, keys: Any, row: Any, index: int, block_key: int, age: int
) -> None:
    """Let a listed citizen perform what is owed, or repair."""
    t, lists, listing = world.terms, world.rules.lists, i64(state.listing[index])
    listed, cause = sanction.list_of(listing), sanction.cause_of(listing)
    bits = draw(keys[REMEDY], block_key, index & 63)
    way = remedy.early_exit(
        cause, age, low32(bits), high32(bits),
        lists[listed, PERFORMED], t.repair_week_q32, t.repair_after,
    )  # fmt: skip
    if way == remedy.PERFORMED:
        leave_list(world, state, row, index, c.EXIT_PERFORMED)
    elif way == remedy.REPAIR:
        leave_list(world, state, row, index, c.EXIT_REPAIR)
        if is_member(state, index):
            row[c.WON_REPAIR] += move_score(world, state, index, t.repair_points)


@rare
def correct(world: World, state: State, row: Any, index: int) -> None:
    """Give back the points that were booked by mistake."""
    moved = move_score(world, state, index, -i64(state.points[BY_ERROR, index]))
    state.points[BY_ERROR, index] = 0
    tally_points(row, moved, c.LOST_CORRECTION, c.WON_CORRECTION)


@part
def serve_block(
    world: World, state: State, keys: Any, week: int, zone: int, block: int, block_key: int,
    present: int, rows: Any,
) -> None:  # fmt: skip
    """Serve and remedy a block: only lanes under a sanction, a reward or a listing are touched."""
    crowd = stream(keys[PEOPLE], block_key)
    demand = stream(keys[DEMAND], block_key)
    lanes, kin = state.words[SERVED, block], u64(0)
    to_remedy = state.words[facts.LISTED, block]
    if world.terms.firm_denies != 0:
        lanes |= state.words[OWNER_HIT, block]
    if world.terms.household_denies != 0 and state.words[PUBLISHED + facts.LISTED, block] != u64(0):
        kin = kin_of_listed(state, block, crowd, present)
    others = kin & ~lanes
    while lanes != u64(0):
        lane = lowest_lane(lanes)
        lanes &= lanes - u64(1)
        head = head_lane(crowd, lane)
        row = rows[group_of(world, crowd, head)]
        index = block * 64 + lane
        serve_lane(world, state, row, index, crowd, demand, bit(kin, lane))
        is_noticed = sanction.notice_of(i64(state.listing[index])) > 0
        to_remedy |= u64(int(is_noticed)) << u64(lane)
    while others != u64(0):
        lane = lowest_lane(others)
        others &= others - u64(1)
        serve_kin(world, zone, block * 64 + lane, crowd, demand, rows)
    while to_remedy != u64(0):
        lane = lowest_lane(to_remedy)
        to_remedy &= to_remedy - u64(1)
        head = head_lane(crowd, lane)
        row = rows[group_of(world, crowd, head)]
        remedy_lane(world, state, keys, week, zone, row, block * 64 + lane, block_key, present)
