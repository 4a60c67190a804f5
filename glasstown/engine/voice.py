"""Speak, inside the compiled engine: stances, who is heard online, and cash."""

from __future__ import annotations

from typing import Any

from glasstown.engine import columns as c
from glasstown.engine.citizen import age_band, set_bit, slope_value
from glasstown.engine.lanes import BOLDNESS, HEAD, MOBILISES, OPINION, STANCE, TRAITS
from glasstown.engine.line import lanes_above
from glasstown.engine.words import lowest_lane
from glasstown.engine.world import CASH, MOBILISING, PUBLISHED, UNHEARD, State, World
from glasstown.laws import adapt, part, rare, speak
from glasstown.laws import publish as facts
from glasstown.laws.draws import VOICE, bit, field, fold, i64, stream, u64
from glasstown.laws.draws import place as at_index
from glasstown.society import traits

ONLINE_TRAIT, DIGITAL_TRAIT = 5, 6


@part
def band_of(world: World, zone: int, word: int, lanes: Any, lane: int) -> int:
    """Return the age band of a lane with the given first trait word."""
    return age_band(world, zone, lanes[HEAD, lane] == lane, word)


@part
def voice_lanes(
    world: World, state: State, block: int, counts: Any, lanes: Any
) -> tuple[int, int, int]:
    """Weigh the stance of 64 lanes; return who may change something, praises, and criticises.

    Whoever changes the stance, thinks of cash or leaves the screens. The caution is what settling
    has left. The stance is left in the row STANCE, whether a critic mobilises in MOBILISES.
    """
    t, response = world.terms, world.response
    conformity, fear, from_fear = (
        response.conformity_q8, response.fear_q8, response.praise_from_fear_q8,
    )  # fmt: skip
    pays, costs = t.praise_pays, t.criticism_costs
    dearer, above = t.mobilisation_costs, response.mobilise_above
    words, cautions, first = state.words, state.caution, at_index(64 * block)
    p, q = facts.PRAISING, facts.CRITICAL
    p0, p1, p2, p3 = counts[p], counts[8 + p], counts[16 + p], counts[24 + p]
    q0, q1, q2, q3 = counts[q], counts[8 + q], counts[16 + q], counts[24 + q]
    todo = words[CASH, block] | (
        words[facts.SHAMED, block] & words[PUBLISHED + facts.SHAMED, block]
    )
    praise, criticism, mobilising = u64(0), u64(0), u64(0)
    for lane in range(64):
        caution, opinion = i64(cautions[first + lane]), lanes[OPINION, lane]
        praising = bit(p0, lane) + 2 * bit(p1, lane) + 4 * bit(p2, lane) + 8 * bit(p3, lane)
        critical = bit(q0, lane) + 2 * bit(q1, lane) + 4 * bit(q2, lane) + 8 * bit(q3, lane)
        stance = speak.stance(
            opinion, lanes[BOLDNESS, lane], caution, praising, critical, conformity, fear,
            from_fear, pays, costs,
        )  # fmt: skip
        mobilises = int(stance == speak.CRITICISM) & speak.mobilises(
            opinion, lanes[BOLDNESS, lane], caution, fear, dearer, above
        )
        lanes[STANCE, lane], lanes[MOBILISES, lane] = stance, mobilises
        praise |= u64(int(stance == speak.PRAISE)) << u64(lane)
        criticism |= u64(int(stance == speak.CRITICISM)) << u64(lane)
        mobilising |= u64(mobilises) << u64(lane)
    todo |= (praise ^ words[facts.PRAISING, block]) | (criticism ^ words[facts.CRITICAL, block])
    todo |= mobilising ^ words[MOBILISING, block]
    todo |= lanes_above(cautions, first, response.cash_above)
    return todo, praise, criticism


@rare
def change_voice(
    world: World, state: State, row: Any, index: int, zone: int, word: int, lanes: Any
) -> None:
    """Change a stance, choose cash, and leave the screens after having been on them."""
    block, lane = index >> 6, index & 63
    stance, mobilises, opinion = lanes[STANCE, lane], lanes[MOBILISES, lane], lanes[OPINION, lane]
    old = bit(state.words[facts.PRAISING, block], lane) + 2 * bit(
        state.words[facts.CRITICAL, block], lane
    )
    if stance != old:
        tally_stance(row, old, opinion, -1)
        tally_stance(row, stance, opinion, 1)
        set_bit(state, facts.PRAISING, index, 1 if stance == speak.PRAISE else 0)
        set_bit(state, facts.CRITICAL, index, 1 if stance == speak.CRITICISM else 0)
    row[c.MOBILISING] += mobilises - bit(state.words[MOBILISING, block], lane)
    set_bit(state, MOBILISING, index, mobilises)
    if (
        i64(state.caution[index]) > world.response.cash_above
        or bit(state.words[CASH, block], lane) == 1
    ):
        band = band_of(world, zone, word, lanes, lane)
        choose_cash(world, state, row, index, zone, band, word)
    if bit(state.words[facts.SHAMED, block] & state.words[PUBLISHED + facts.SHAMED, block], lane):
        set_bit(state, facts.SHAMED, index, 0)
        row[c.SHAMED] -= 1


@part
def hush_lanes(
    world: World, state: State, keys: Any, block: int, block_key: int, zone: int, crowd: int,
    praise: int, criticism: int, draws: Any, lanes: Any,
) -> None:  # fmt: skip
    """Find which of those who speak ties online don't hear: offline, or hidden by a platform."""
    hides, voices = world.rules.hides, stream(keys[VOICE], block_key)
    unheard, speaking = u64(0), praise | criticism
    while speaking != u64(0):
        lane = lowest_lane(speaking)
        speaking &= speaking - u64(1)
        word = draws[TRAITS, lane]
        band = band_of(world, zone, word, lanes, lane)
        online = slope_value(world, zone, band, word, ONLINE_TRAIT)
        unheard |= u64(speak.is_unheard(online, 0, 0, 0, 0)) << u64(lane)
    # Platforms hide criticism only, of those who are online.
    criticism &= ~unheard
    while criticism != u64(0):
        lane = lowest_lane(criticism)
        criticism &= criticism - u64(1)
        platform = traits.trait_byte(traits.second_word(crowd, lane), traits.PLATFORM)
        bits = field(fold(voices, lane), 0, 16)
        is_unheard = speak.is_unheard(
            1, lanes[MOBILISES, lane], bits, hides[0, platform], hides[1, platform]
        )
        unheard |= u64(is_unheard) << u64(lane)
    state.words[UNHEARD, block] = unheard


@rare
def choose_cash(
    world: World, state: State, row: Any, index: int, zone: int, band: int, word: int
) -> None:
    """Let a citizen pay cash or digitally; who is not cautious and pays digitally goes on so."""
    digital = slope_value(world, zone, band, word, DIGITAL_TRAIT)
    if slope_value(world, zone, band, word, ONLINE_TRAIT) == 0 or world.terms.is_cash_over == 1:
        digital = 0
    cash = adapt.pays_cash(i64(state.caution[index]), digital, world.response.cash_above)
    row[c.PAYING_CASH] += cash - bit(state.words[CASH, index >> 6], index & 63)
    set_bit(state, CASH, index, cash)


@part
def tally_stance(row: Any, stance: int, opinion: int, sign: int) -> None:
    """Add or subtract a citizen in the stocks of stance."""
    is_opposed = opinion < traits.SUPPORTS_FROM
    if stance == speak.PRAISE:
        row[c.PRAISING] += sign
        if is_opposed:
            row[c.FALSIFYING] += sign
    elif stance == speak.CRITICISM:
        row[c.CRITICAL] += sign
    elif is_opposed:
        row[c.SILENCED] += sign
