"""A gathering forms: round by round, who is seen to join moves others to join.

Granovetter's cascade over the ties of the society; every round reads who had joined in the round
before, so no order matters. See `glasstown.laws.gather`.
"""

from __future__ import annotations

from typing import Any

from glasstown.engine import columns as c
from glasstown.engine.citizen import age_band, group_of, is_member, slope_value
from glasstown.engine.events import NO_FIRM, is_watched, observe
from glasstown.engine.listed import household_words
from glasstown.engine.meeting import is_itself, kept, met
from glasstown.engine.words import add_bits, first_lanes, lowest_lane, swap_lanes, with_bit
from glasstown.engine.world import HIDDEN, JOINED, JOINED_BEFORE, SCORE, State, World
from glasstown.laws import gather, part, rare
from glasstown.laws.draws import GATHER, PEOPLE, bit, draw, field, i64, stream, u64
from glasstown.society import traits
from glasstown.society.households import head_lane
from glasstown.society.ties import FIRST_ONLINE, HOUSEHOLD_TIES, TIES

OPINION_TRAIT, BOLDNESS_TRAIT, ONLINE_TRAIT = 3, 4, 5
WATCHED_FROM, ENTERED_FROM = 64, 128
"""Where a block's draws of being watched and of being entered start."""


@part
def gather_block(
    world: World, state: State, keys: Any, zone: int, block: int, block_key: int, present: int,
    is_first: bool,
) -> int:  # fmt: skip
    """Let those of a block join whose threshold is met; return how many do."""
    crowd = stream(keys[PEOPLE], block_key)
    c0, c1, c2, c3 = count_joined(state, keys, block, block_key, crowd)
    todo = ~u64(0) if is_first else c0 | c1 | c2 | c3
    todo &= first_lanes(present) & ~state.words[JOINED, block]
    added = 0
    while todo != u64(0):
        lane = lowest_lane(todo)
        todo &= todo - u64(1)
        count = bit(c0, lane) + 2 * bit(c1, lane) + 4 * bit(c2, lane) + 8 * bit(c3, lane)
        added += join_lane(world, state, keys, zone, block, block_key, crowd, lane, count)
    return added


@part
def count_joined(
    state: State, keys: Any, block: int, block_key: int, crowd: int
) -> tuple[int, int, int, int]:
    """Return four planes of how many ties each lane saw join in the round before."""
    c0, c1, c2, c3 = u64(0), u64(0), u64(0), u64(0)
    own = state.words[JOINED_BEFORE, block]
    if own != u64(0):
        one, two, three = household_words(crowd)
        c0, c1, c2, c3 = add_bits(c0, c1, c2, c3, swap_lanes(own, 1) & one)
        c0, c1, c2, c3 = add_bits(c0, c1, c2, c3, swap_lanes(own, 2) & two)
        c0, c1, c2, c3 = add_bits(c0, c1, c2, c3, swap_lanes(own, 3) & three)
    for tie in range(HOUSEHOLD_TIES, TIES):
        other_mask = met(state, keys, block, block_key, tie)
        other, mask = other_mask >> 6, other_mask & 63
        word = state.words[JOINED_BEFORE, other]
        if tie >= FIRST_ONLINE:
            word &= ~state.words[HIDDEN, other]
        if word == u64(0) or is_itself(block, other, mask):
            continue
        word = swap_lanes(word & kept(state, other, tie), mask) & kept(state, block, tie)
        c0, c1, c2, c3 = add_bits(c0, c1, c2, c3, word)
    return c0, c1, c2, c3


@rare
def join_lane(
    world: World, state: State, keys: Any, zone: int, block: int, block_key: int, crowd: int,
    lane: int, count: int,
) -> int:  # fmt: skip
    """Let an adult join who sees enough ties join; return 1 for who does."""
    t, response, index = world.terms, world.response, block * 64 + lane
    head = head_lane(crowd, lane)
    word = traits.first_word(crowd, lane, head, response.resemblance)
    band = age_band(world, zone, head == lane, word)
    if band < traits.FIRST_ADULT_BAND:
        return 0
    costs = 0
    if is_member(state, index):
        score = i64(state.points[SCORE, index])
        costs = gather.stake(score, t.floor, t.ceiling, t.mobilisation_costs)
    kept_back = gather.reluctance(
        slope_value(world, zone, band, word, OPINION_TRAIT),
        slope_value(world, zone, band, word, BOLDNESS_TRAIT),
        i64(state.caution[index]), response.fear_q8, costs, response.gather_effort,
    )  # fmt: skip
    if not gather.joins(count, gather.threshold_ties(kept_back, response.gather_peers_q8)):
        return 0
    state.words[JOINED, block] = with_bit(state.words[JOINED, block], lane, 1)
    platform = traits.trait_byte(traits.second_word(crowd, lane), traits.PLATFORM)
    bits = field(draw(keys[GATHER], block_key, lane), 0, 16)
    is_online = slope_value(world, zone, band, word, ONLINE_TRAIT) > 0
    is_hidden = not is_online or bits < world.rules.hides[1, platform]
    state.words[HIDDEN, block] = with_bit(state.words[HIDDEN, block], lane, int(is_hidden))
    return 1


@part
def disperse_block(
    world: World, state: State, keys: Any, week: int, zone: int, block: int, block_key: int,
    rows: Any, handed: Any,
) -> None:  # fmt: skip
    """Tally who joined, let the channels see them, and forget the gathering."""
    crowd = stream(keys[PEOPLE], block_key)
    lanes = state.words[JOINED, block]
    state.words[JOINED, block] = u64(0)
    state.words[JOINED_BEFORE, block] = u64(0)
    state.words[HIDDEN, block] = u64(0)
    while lanes != u64(0):
        lane = lowest_lane(lanes)
        lanes &= lanes - u64(1)
        watch_joiner(world, state, keys, week, zone, block, block_key, crowd, lane, rows, handed)


@rare
def watch_joiner(
    world: World, state: State, keys: Any, week: int, zone: int, block: int, block_key: int,
    crowd: int, lane: int, rows: Any, handed: Any,
) -> None:  # fmt: skip
    """Tally one who joined, and let the channels see it."""
    head = head_lane(crowd, lane)
    row = rows[group_of(world, crowd, head)]
    row[c.GATHERED] += 1
    behaviour = world.terms.gathering
    if behaviour < 0 or not is_watched(world, behaviour):
        return
    word = traits.first_word(crowd, lane, head, world.response.resemblance)
    band = age_band(world, zone, head == lane, word)
    bits = draw(keys[GATHER], block_key, WATCHED_FROM + lane)
    entering = stream(keys[GATHER], block_key)
    observe(
        world, state, keys, week, zone, bits, entering, ENTERED_FROM + lane, block * 64 + lane,
        block_key, crowd, band, word, behaviour, NO_FIRM, row, handed,
    )  # fmt: skip
