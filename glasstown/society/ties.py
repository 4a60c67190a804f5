"""Ties take no memory and are symmetric: both ends compute the same pair from hashes.

Tie k of citizen (block b, lane l) is (partner_k(b), l XOR mask_k). Fourteen kinds:

* household (0 to 2): XOR 1, 2, 3 in the quad, where both are of one household;
* neighbours (3 to 5): XOR with masks m1, m2, m1^m2 of the block, so neighbours form cliques of
  four;
* colleagues (6 to 8): the blocks of a community in permuted order, positions XOR 1, 2, 3, lane
  masks of the same closed form: cliques of four again;
* acquaintances (9 to 11): pairs of blocks in permuted order of the region;
* online (12, 13): the same over the whole country. They don't ask whether both are online.

The permutation is a keyed Feistel network with cycle walking (Black and Rogaway 2002, "Ciphers
with arbitrary finite domains"), so scopes of any size work; a position without a partner is
paired with itself. A tie of kinds 3 to 13 exists if each end is open to it: the end's own 4-bit
hash of the tie is not above its sociability. (One hash for the pair would do as well; one for each
end needs no partner's lanes for one's own answer.) Two ties of different kinds may join the same
two citizens.
"""

from __future__ import annotations

from glasstown.laws import law
from glasstown.laws.draws import (
    GOLDEN,
    MASK64,
    MIX_1,
    MIX_2,
    PAIRING,
    bit,
    draw,
    field,
    fold,
    i64,
    mix64,
    u64,
)

KINDS = (
    "household", "household", "household", "neighbour", "neighbour", "neighbour",
    "colleague", "colleague", "colleague", "acquaintance", "acquaintance", "acquaintance",
    "online", "online",
)  # fmt: skip
TIES = len(KINDS)
HOUSEHOLD_TIES = 3
FREE_TIES = TIES - HOUSEHOLD_TIES
"""Ties outside the household: they need sociability and can be cut."""
FIRST_COLLEAGUE, FIRST_ACQUAINTANCE, FIRST_ONLINE = 6, 9, 12
FAR_TIES = TIES - FIRST_COLLEAGUE
"""Ties that lead out of the block."""
COMMUNITY = 64
ROUNDS = 6
"""Rounds of the Feistel network; with four, pairs within a community are visibly uneven."""
SOCIABILITY_FROM = 196
"""Where the planes of sociability start in a block's stream of people."""
OPENNESS_FROM = 256
"""Where the planes of openness to each kind of tie start there."""


def kinds_of_ties(neighbours: int, colleagues: int, acquaintances: int, online: int) -> int:
    """Return a bit for each kind of tie (0 to 13) that exists, given how many of each sort do.

    >>> bin(kinds_of_ties(3, 1, 3, 0))
    '0b111001111111'
    """
    counts = {
        "household": HOUSEHOLD_TIES, "neighbour": neighbours, "colleague": colleagues,
        "acquaintance": acquaintances, "online": online,
    }  # fmt: skip
    return sum(1 << tie for tie, kind in enumerate(KINDS) if tie - KINDS.index(kind) < counts[kind])


@law
def bits_for(n: int) -> int:
    """Return how many bits number n positions, at least 2."""
    bits = 2
    while (1 << bits) < n:
        bits += 1
    return bits


@law
def scramble(key: int, x: int) -> int:
    """Return 32 bits that depend on a key and a few bits: the Feistel network's round function."""
    bits = (u64(x) ^ u64(key)) * u64(MIX_1) & u64(MASK64)
    bits = (bits ^ (bits >> u64(32))) * u64(MIX_2) & u64(MASK64)
    return i64(bits >> u64(32))


@law
def round_key(key: int, turn: int) -> int:
    """Return the key of one round; the keys of two rounds differ in all their bits."""
    return (u64(key) + u64(turn) * u64(GOLDEN)) & u64(MASK64)


@law
def permute(key: int, n: int, position: int) -> int:
    """Return the place of a position in the keyed permutation of 0..n-1."""
    bits = bits_for(n)
    low = bits >> 1
    low_mask, high_mask = (1 << low) - 1, (1 << (bits - low)) - 1
    x = position
    while True:
        right, left = x & low_mask, x >> low
        for turn in range(0, ROUNDS, 2):
            left ^= scramble(round_key(key, turn), right) & high_mask
            right ^= scramble(round_key(key, turn + 1), left) & low_mask
        x = (left << low) | right
        if x < n:
            return x


@law
def unpermute(key: int, n: int, place: int) -> int:
    """Return the position whose place in the keyed permutation is given."""
    bits = bits_for(n)
    low = bits >> 1
    low_mask, high_mask = (1 << low) - 1, (1 << (bits - low)) - 1
    x = place
    while True:
        right, left = x & low_mask, x >> low
        for back in range(0, ROUNDS, 2):
            turn = ROUNDS - 2 - back
            right ^= scramble(round_key(key, turn + 1), left) & low_mask
            left ^= scramble(round_key(key, turn), right) & high_mask
        x = (left << low) | right
        if x < n:
            return x


@law
def closed_mask(bits: int, which: int) -> int:
    """Return mask 1, 2 or their XOR (``which`` 1 to 3) of a closed triple of lane masks."""
    first, second = field(bits, 0, 6), field(bits, 6, 6)
    if which == 1:
        return first
    return second if which == 2 else first ^ second


@law
def neighbour_mask(bits: int, which: int) -> int:
    """Return neighbour mask 1 to 3: never inside the quad, never equal to another."""
    quad_1 = 1 + field(bits, 0, 16) % 15
    quad_2 = 1 + field(bits, 16, 16) % 14
    if quad_2 >= quad_1:
        quad_2 += 1
    first = quad_1 * 4 + field(bits, 32, 2)
    second = quad_2 * 4 + field(bits, 34, 2)
    if which == 1:
        return first
    return second if which == 2 else first ^ second


@law
def colleague(scope: int, mask_key: int, n: int, position: int, which: int) -> int:
    """Return partner position * 64 + lane mask of colleague tie 1 to 3 among n blocks.

    ``scope`` is the key of the community; the mask is one of a closed triple shared by the four
    blocks that are workmates.
    """
    key = mix64(u64(scope) ^ u64(PAIRING))
    return workmate(key, scope, mask_key, n, position, permute(key, n, position), which)


@law
def workmate(
    key: int, scope: int, mask_key: int, n: int, position: int, place: int, which: int
) -> int:
    """Return what `colleague` does for a block whose place in permuted order is known."""
    mask = closed_mask(draw(mask_key, scope, place >> 2), which)
    other = place ^ which
    if other >= n:
        return position * 64 + mask
    return unpermute(key, n, other) * 64 + mask


@law
def paired(scope: int, mask_key: int, n: int, position: int, tie: int) -> int:
    """Return partner position * 64 + lane mask of a tie whose scope is paired off at random."""
    key = fold(u64(scope) ^ u64(PAIRING), tie)
    place = permute(key, n, position)
    mask = field(draw(mask_key, key, place >> 1), 0, 6)
    other = place ^ 1
    if other >= n:
        return position * 64 + mask
    return unpermute(key, n, other) * 64 + mask


@law
def openness_word(people: int, tie: int, plane: int) -> int:
    """Return plane 0 to 3 of the 4-bit hashes that 64 citizens hold against a kind of tie.

    ``people`` is the block's stream of people.
    """
    return fold(people, OPENNESS_FROM + tie * 4 + plane)


@law
def sociability_word(people: int, plane: int, mixing: int) -> int:
    """Return plane 0 to 3 of the sociability (0 to 15) of 64 citizens.

    ``people`` is the block's stream of people. Each bit is set with probability
    1 - 2**-mixing; ``mixing`` 0 sets every bit.
    """
    if mixing == 0:
        return u64(0xFFFF_FFFF_FFFF_FFFF)
    word = fold(people, SOCIABILITY_FROM + plane * 4)
    for i in range(1, mixing):
        word |= fold(people, SOCIABILITY_FROM + plane * 4 + i)
    return word


@law
def four_bits(word_0: int, word_1: int, word_2: int, word_3: int, lane: int) -> int:
    """Return the 4-bit number that four planes hold in one lane."""
    return bit(word_0, lane) + 2 * bit(word_1, lane) + 4 * bit(word_2, lane) + 8 * bit(word_3, lane)
