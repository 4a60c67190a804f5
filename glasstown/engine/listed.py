"""Weekly work for the listed and the specially served, found by the set bits of words."""

from __future__ import annotations

from typing import Any

from glasstown.engine import columns as c
from glasstown.engine.citizen import (
    age_band,
    group_of,
    mark_served,
    move_score,
    set_bit,
    settle,
    standing,
    tally_change,
    tally_points,
    tier_at,
    tier_blame,
)
from glasstown.engine.words import first_lanes, lowest_lane, swap_lanes
from glasstown.engine.world import BY_ERROR, PUBLISHED, SCORE, SERVED, State, World
from glasstown.laws import part, rare, remedy, sanction, serve
from glasstown.laws import publish as facts
from glasstown.laws import score as scoring
from glasstown.laws.draws import (
    APPEAL,
    DEMAND,
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
from glasstown.scheme.compilation import BELOW, PERFORMED, SERVICES, TERM, TIERS
from glasstown.society import traits
from glasstown.society.households import head_lane, household_pattern

HOSPITAL, SCHOOL = 4, 5


@part
def household_words(crowd: int) -> tuple[int, int, int]:
    """Return the lanes whose XOR 1, 2 and 3 neighbour belongs to the same household."""
    one, two, three = u64(0), u64(0), u64(0)
    for quad in range(16):
        pattern = household_pattern(crowd, quad)
        shift = u64(4 * quad)
        if pattern == 0:
            one, two, three = (
                one | (u64(15) << shift), two | (u64(15) << shift), three | (u64(15) << shift),
            )  # fmt: skip
        elif pattern == 1:
            one, two, three = (
                one | (u64(3) << shift), two | (u64(5) << shift), three | (u64(6) << shift),
            )  # fmt: skip
        elif pattern == 2:
            one |= u64(15) << shift
        elif pattern == 3:
            one |= u64(3) << shift
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

    ``is_kin`` is 1 for who shares a household with somebody listed: what that denies goes after
    the citizen's own denials and before all else.
    """
    rules, index = world.rules, at_index(index)
    lane = index & 63
    listing = i64(state.listing[index])
    listed = sanction.list_of(listing)
    tier = tier_at(world, i64(state.points[SCORE, index]))
    word = traits.second_word(crowd, lane)
    denied_for_kin = world.terms.household_denies * is_kin
    special = (rules.treated[tier] | denied_for_kin) & ~(1 << SCHOOL)
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
    world: World, state: State, keys: Any, week: int, row: Any, index: int, block_key: int
) -> None:
    """Look at one black listing: its term, an appeal that is due, performance and repair."""
    t, lists = world.terms, world.rules.lists
    listing = i64(state.listing[index])
    listed, cause = sanction.list_of(listing), sanction.cause_of(listing)
    age = week - sanction.week_of(listing)
    if age == 0:
        return
    before = i64(state.points[SCORE, index])
    code, caution = standing(world, state, index), i64(state.caution[index])
    is_out = False
    if remedy.is_term_over(age, lists[listed, TERM]):
        if before < lists[listed, BELOW]:
            state.listing[index] = sanction.pack_listing(listed, cause, week)
            row[c.RENEWALS] += 1
        else:
            is_out = True
            leave_list(world, state, row, index, c.EXIT_TERM)
    if not is_out and age == t.appeal_delay:
        bits = draw(keys[APPEAL], block_key, index & 63)
        if low32(bits) < t.appeal_q32:
            row[c.APPEALS] += 1
            if remedy.appeal_succeeds(cause, high32(bits), t.appeal_wrong_q32, t.appeal_right_q32):
                is_out = True
                row[c.APPEALS_WON] += 1
                leave_list(world, state, row, index, c.EXIT_APPEAL)
                correct(world, state, row, index)
    if not is_out:
        bits = draw(keys[REMEDY], block_key, index & 63)
        way = remedy.early_exit(
            cause, age, low32(bits), high32(bits), lists[listed, PERFORMED], t.repair_week_q32,
            t.repair_after,
        )  # fmt: skip
        if way == remedy.PERFORMED:
            leave_list(world, state, row, index, c.EXIT_PERFORMED)
        elif way == remedy.REPAIR:
            leave_list(world, state, row, index, c.EXIT_REPAIR)
            row[c.WON_REPAIR] += move_score(world, state, index, t.repair_points)
    tier = tier_at(world, i64(state.points[SCORE, index]))
    tier_before = tier_at(world, before)
    settle(world, state, keys, row, index, block_key, before, week, tier, tier_before)
    tally_change(world, state, row, index, code, before, caution)


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
    if world.terms.household_denies != 0 and state.words[PUBLISHED + facts.LISTED, block] != u64(0):
        kin = kin_of_listed(state, block, crowd, present)
    others = kin & ~lanes
    while lanes != u64(0):
        lane = lowest_lane(lanes)
        lanes &= lanes - u64(1)
        head = head_lane(crowd, lane)
        row = rows[group_of(world, crowd, head)]
        serve_lane(world, state, row, block * 64 + lane, crowd, demand, bit(kin, lane))
    while others != u64(0):
        lane = lowest_lane(others)
        others &= others - u64(1)
        serve_kin(world, zone, block * 64 + lane, crowd, demand, rows)
    lanes = state.words[facts.LISTED, block]
    while lanes != u64(0):
        lane = lowest_lane(lanes)
        lanes &= lanes - u64(1)
        head = head_lane(crowd, lane)
        row = rows[group_of(world, crowd, head)]
        remedy_lane(world, state, keys, week, row, block * 64 + lane, block_key)
