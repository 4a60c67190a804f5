"""Words of 64 citizens: one bit a lane, and small counters in planes of bits.

Each function is tested lane by lane against its obvious scalar form.
"""

from __future__ import annotations

from glasstown.laws import law
from glasstown.laws.draws import i64, u64

ALL = 0xFFFF_FFFF_FFFF_FFFF


@law
def swap_step(word: int, keep: int, distance: int, is_wanted: int) -> int:
    """Swap pairs of lanes a distance apart if ``is_wanted`` is 1 (a delta swap, no branch)."""
    moved = ((word >> u64(distance)) ^ word) & keep & (u64(0) - u64(is_wanted))
    return word ^ (moved | (moved << u64(distance)))


@law
def swap_by(word: int, m0: int, m1: int, m2: int, m3: int, m4: int, m5: int) -> int:
    """Return what `swap_lanes` does, given the six bits of the mask: six delta swaps."""
    word = swap_step(word, u64(0x5555_5555_5555_5555), 1, m0)
    word = swap_step(word, u64(0x3333_3333_3333_3333), 2, m1)
    word = swap_step(word, u64(0x0F0F_0F0F_0F0F_0F0F), 4, m2)
    word = swap_step(word, u64(0x00FF_00FF_00FF_00FF), 8, m3)
    word = swap_step(word, u64(0x0000_FFFF_0000_FFFF), 16, m4)
    return swap_step(word, u64(0xFFFF_FFFF), 32, m5)


@law
def swap_lanes(word: int, mask: int) -> int:
    """Return the word whose lane l holds lane l XOR mask of the given one."""
    return swap_by(
        word, mask & 1, (mask >> 1) & 1, (mask >> 2) & 1,
        (mask >> 3) & 1, (mask >> 4) & 1, (mask >> 5) & 1,
    )  # fmt: skip


@law
def is_at_most(a0: int, a1: int, a2: int, a3: int, b0: int, b1: int, b2: int, b3: int) -> int:
    """Return the lanes in which the 4-bit number a is at most b, planes from the lowest."""
    above = a0 & ~b0
    above = (a1 & ~b1) | (~(a1 ^ b1) & above)
    above = (a2 & ~b2) | (~(a2 ^ b2) & above)
    above = (a3 & ~b3) | (~(a3 ^ b3) & above)
    return ~above & u64(ALL)


@law
def first_lanes(count: int) -> int:
    """Return the word whose first ``count`` lanes (0 to 64) are set."""
    if count <= 0:
        return u64(0)
    if count >= 64:
        return u64(ALL)
    return (u64(1) << u64(count)) - u64(1)


@law
def count_lanes(word: int) -> int:
    """Return how many lanes are set: a population count, one instruction where there is one."""
    word = word - ((word >> u64(1)) & u64(0x5555_5555_5555_5555))
    word = (word & u64(0x3333_3333_3333_3333)) + ((word >> u64(2)) & u64(0x3333_3333_3333_3333))
    word = (word + (word >> u64(4))) & u64(0x0F0F_0F0F_0F0F_0F0F)
    return i64(((word * u64(0x0101_0101_0101_0101)) & u64(ALL)) >> u64(56))


@law
def lowest_lane(word: int) -> int:
    """Return the lowest set lane of a word that is not empty.

    It is the number of lanes below it: no branch, which a processor couldn't foresee.
    """
    return count_lanes(~word & (word - u64(1)) & u64(ALL))


@law
def with_bit(word: int, lane: int, value: int) -> int:
    """Return the word with one lane set to 0 or 1."""
    cleared = word & ~(u64(1) << u64(lane))
    return cleared | (u64(value) << u64(lane))


@law
def add_bits(c0: int, c1: int, c2: int, c3: int, word: int) -> tuple[int, int, int, int]:
    """Add one bit to the 4-bit counter of each lane (at most 15 in all)."""
    carry_0 = c0 & word
    carry_1 = c1 & carry_0
    carry_2 = c2 & carry_1
    return c0 ^ word, c1 ^ carry_0, c2 ^ carry_1, c3 ^ carry_2
