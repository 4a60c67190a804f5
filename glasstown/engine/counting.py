"""What the ties of 64 citizens are known for, counted in planes of bits.

What others may know was published last week, eight facts of a block in one cache line; a tie's
partner block brings 64 partners at once.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from glasstown.engine.line import copy_line
from glasstown.engine.meeting import is_itself, kept, met
from glasstown.engine.words import swap_by
from glasstown.engine.world import HUSHED, PLANES, PUBLISHED, State
from glasstown.laws import part
from glasstown.laws import publish as facts
from glasstown.laws.draws import bit, u64
from glasstown.laws.draws import place as at_index
from glasstown.society.ties import FIRST_ONLINE, HOUSEHOLD_TIES, TIES

OF_HOUSEHOLD = HUSHED - PUBLISHED
"""The counter of members of the household who are low or listed; those before it are facts."""
LOW_ANYHOW = OF_HOUSEHOLD + 1
"""The counter of low ties that the citizen has not cut, whatever the other end did."""
WORDS = 32
"""Where the eight words lie that are counted next; before them four planes of eight counters."""


class Around(NamedTuple):
    """How many ties of one citizen are known for what."""

    low: int
    listed: int
    shamed: int
    household: int


@part
def count_lane(counts: Any, which: int, lane: int) -> int:
    """Return the 4-bit count of one lane."""
    return (
        bit(counts[which], lane)
        + 2 * bit(counts[8 + which], lane)
        + 4 * bit(counts[16 + which], lane)
        + 8 * bit(counts[24 + which], lane)
    )


@part
def lanes_counted(counts: Any, which: int) -> int:
    """Return the lanes whose counter is not zero."""
    return counts[which] | counts[8 + which] | counts[16 + which] | counts[24 + which]


@part
def look_around(counts: Any, lane: int) -> Around:
    """Return what one citizen's ties are known for."""
    return Around(
        count_lane(counts, facts.LOW, lane),
        count_lane(counts, facts.LISTED, lane),
        count_lane(counts, facts.SHAMED, lane),
        count_lane(counts, OF_HOUSEHOLD, lane),
    )


@part
def where(is_so: int) -> int:
    """Return all lanes for 1, none for 0."""
    return u64(0) - u64(is_so)


@part
def add_tie(
    words: Any, first: int, counts: Any, mask: int, here: int, there: int, heard: int
) -> None:
    """Add what 64 partners are known for to the counters of each lane, their lanes swapped.

    A loop over the eight words of a cache line without branches: one vector instruction each.
    ``words`` are read from ``first`` on; ``here`` and ``there`` are the lanes that have the tie,
    ``heard`` those of the partner whose voice this kind of tie hears.
    """
    low = words[first + facts.LOW]
    copy_line(words, first, counts, WORDS, there)
    m0, m1, m2 = mask & 1, (mask >> 1) & 1, (mask >> 2) & 1
    m3, m4, m5 = (mask >> 3) & 1, (mask >> 4) & 1, (mask >> 5) & 1
    for which in range(8):
        is_voice = where(int(which == facts.PRAISING) | int(which == facts.CRITICAL))
        known = counts[WORDS + which] & (heard | ~is_voice)
        known &= where(int(which < facts.FACTS))
        known |= low & where(int(which == LOW_ANYHOW))
        word = swap_by(known, m0, m1, m2, m3, m4, m5) & here
        carry_0 = counts[which] & word
        carry_1 = counts[8 + which] & carry_0
        carry_2 = counts[16 + which] & carry_1
        counts[which] ^= word
        counts[8 + which] ^= carry_0
        counts[16 + which] ^= carry_1
        counts[24 + which] ^= carry_2


@part
def count_household(state: State, block: int, one: int, two: int, three: int, counts: Any) -> None:
    """Begin the counters with the facts of the three household ties.

    ``one``, ``two`` and ``three`` are what `glasstown.engine.listed.household_words` returns.
    """
    words, first = state.flat_words, at_index(block * PLANES + PUBLISHED)
    any_fact = u64(0)
    for fact in range(facts.FACTS):
        any_fact |= words[first + fact]
    if any_fact == u64(0):
        for i in range(32):
            counts[i] = u64(0)
        return
    tainted = words[first + facts.LOW] | words[first + facts.LISTED]
    copy_line(words, first, counts, WORDS, ~u64(0))
    for which in range(8):
        # A low member of the household counts as that, not as a low tie.
        known = counts[WORDS + which] & where(int(which < facts.FACTS) & int(which != facts.LOW))
        known |= tainted & where(int(which == OF_HOUSEHOLD))
        a = swap_by(known, 1, 0, 0, 0, 0, 0) & one
        b = swap_by(known, 0, 1, 0, 0, 0, 0) & two
        c = swap_by(known, 1, 1, 0, 0, 0, 0) & three
        counts[which] = a ^ b ^ c
        counts[8 + which] = (a & b) | (c & (a ^ b))
        counts[16 + which] = u64(0)
        counts[24 + which] = u64(0)


@part
def count_ties(
    state: State, keys: Any, block: int, block_key: int, one: int, two: int, three: int,
    counts: Any,
) -> None:  # fmt: skip
    """Count the facts of all ties of 64 citizens; ``counts`` uint64 (40,) is overwritten.

    Four planes of eight counters, and eight words of room. ``one``, ``two`` and ``three`` are
    what `glasstown.engine.listed.household_words` returns.
    """
    count_household(state, block, one, two, three, counts)
    words = state.flat_words
    for tie in range(HOUSEHOLD_TIES, TIES):
        here = kept(state, block, tie)
        other_mask = met(state, keys, block, block_key, tie)
        other, mask = other_mask >> 6, other_mask & 63
        if here == u64(0) or is_itself(block, other, mask):
            continue
        first, there = at_index(other * PLANES + PUBLISHED), kept(state, other, tie)
        heard = ~(words[first + OF_HOUSEHOLD] & where(int(tie >= FIRST_ONLINE)))
        add_tie(words, first, counts, mask, here, there, heard)
