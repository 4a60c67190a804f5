"""Households: each aligned quad of a block splits by hash into one of five patterns.

The patterns are {4}, {3,1}, {2,2}, {2,1,1} and {1,1,1,1}. Their probabilities (65,536ths) are
chosen so that the mean size is 2.62 and one-person households are 25.4 % (census 2020,
FACTS 3): with h = 4 / 2.62 households a quad, p1 + 2 p2 + 2 p3 + 3 p4 + 4 p5 = h and
p2 + 2 p4 + 4 p5 = 0.254 h. Two of the five are free (0.03 and 0.01, assumed). Households of five
and more don't exist here; the published share of sizes other than one is not reproduced.
"""

from __future__ import annotations

from glasstown.laws import law
from glasstown.laws.draws import field, fold

MEAN_SIZE, ONE_PERSON_SHARE = 2.62, 0.254
QUAD = 4
HOUSEHOLD_FROM = 192
"""Where the four draws of a block's households start in its stream of people."""


def pattern_probabilities() -> tuple[float, float, float, float, float]:
    """Return the probabilities of the five patterns; they sum to 1.

    >>> p = pattern_probabilities()
    >>> households = p[0] + 2 * p[1] + 2 * p[2] + 3 * p[3] + 4 * p[4]
    >>> round(4 / households, 6), round((p[1] + 2 * p[3] + 4 * p[4]) / households, 6)
    (2.62, 0.254)
    """
    households = QUAD / MEAN_SIZE
    two_one_one, singles = 0.03, 0.01
    three_one = ONE_PERSON_SHARE * households - 2 * two_one_one - 4 * singles
    one_or_two = 1 - three_one - two_one_one - singles
    both = households - 2 * three_one - 3 * two_one_one - 4 * singles
    two_two = both - one_or_two
    return (one_or_two - two_two, three_one, two_two, two_one_one, singles)


def _thresholds() -> tuple[int, int, int, int]:
    total, limits = 0.0, []
    for probability in pattern_probabilities()[:4]:
        total += probability
        limits.append(round(total * 65536))
    return limits[0], limits[1], limits[2], limits[3]


T1, T2, T3, T4 = _thresholds()


# The heads of the four members, two bits each, a byte a pattern: 0000, 0003, 0022, 0023, 0123.
HEADS = sum(
    int(head) << (8 * pattern + 2 * position)
    for pattern, heads in enumerate(("0000", "0003", "0022", "0023", "0123"))
    for position, head in enumerate(heads)
)


@law
def household_pattern(people: int, quad: int) -> int:
    """Return the pattern (0 to 4) of a quad (0 to 15); ``people`` is the block's stream."""
    bits = field(fold(people, HOUSEHOLD_FROM + (quad >> 2)), 16 * (quad & 3), 16)
    return int(bits >= T1) + int(bits >= T2) + int(bits >= T3) + int(bits >= T4)


@law
def household_heads(pattern: int) -> int:
    """Return the positions of the heads of a quad's four members, two bits each."""
    return (HEADS >> (8 * pattern)) & 255


@law
def household_head(pattern: int, position: int) -> int:
    """Return the position (0 to 3) in the quad of the head of a member's household."""
    return (HEADS >> (8 * pattern + 2 * position)) & 3


@law
def head_lane(people: int, lane: int) -> int:
    """Return the lane of the head of the household of a lane; ``people`` is the block's stream."""
    return (lane & ~3) | household_head(household_pattern(people, lane >> 2), lane & 3)
