"""Traits: 8-bit lanes of a hash of (seed, citizen), mapped through 256-entry quantile tables.

Two words of eight bytes a citizen; nothing is stored. Members of a household take the head's
byte of income, honesty, civic spirit and opinion with probability ``household_resemblance``;
since own and head's bytes are both uniform, no marginal moves. Group membership is the head's,
so whole households belong to a group.
"""

from __future__ import annotations

from glasstown.laws import law
from glasstown.laws.draws import field, fold, u64

# Bytes of the first word.
AGE, INCOME, HONESTY, CIVIC, OPINION, BOLDNESS, ONLINE, DIGITAL = range(8)
# Bytes of the second word; the last two bytes decide the group.
OCCUPATION, PLATFORM, TRAVEL, HEALTH, CREDIT, WORK = range(6)
GROUP_SHIFT = 48
SECOND_FROM, RESEMBLE_FROM = 64, 128
"""Where a block's second words and resemblances start in its stream of people."""
SHARED_BYTES = (INCOME, HONESTY, CIVIC, OPINION)

# Rows of a zone's quantile tables.
(
    TABLE_AGE_HEAD, TABLE_AGE_MEMBER, TABLE_INCOME, TABLE_HONESTY, TABLE_CIVIC, TABLE_OPINION,
    TABLE_BOLDNESS, TABLE_ONLINE, TABLE_ONLINE_60, TABLE_DIGITAL,
) = range(10)  # fmt: skip
TABLES = 10

AGE_BANDS = ("0-14", "15-17", "18-39", "40-59", "60-64", "65+")
FIRST_ADULT_BAND, FIRST_OLD_BAND, FIRST_RETIRED_BAND = 2, 4, 4
ORDINARY, OFFICIAL, OWNER = 0, 1, 2
OCCUPATIONS = ("ordinary", "official", "owner")
SUPPORTS_FROM = 128
"""An opinion of at least this is private support of the government; below it, opposition."""


@law
def own_word(people: int, lane: int) -> int:
    """Return the first eight trait bytes before the household shares any of them."""
    return fold(people, lane)


@law
def first_word(people: int, lane: int, head: int, resemblance: int) -> int:
    """Return the first eight trait bytes.

    ``people`` is the block's stream of people, ``resemblance`` a threshold from 0 to 256.
    """
    return shared_word(
        own_word(people, lane), own_word(people, head), likeness(people, lane), resemblance
    )


@law
def likeness(people: int, lane: int) -> int:
    """Return the draw that decides which traits a citizen takes from the head."""
    return fold(people, RESEMBLE_FROM + lane)


@law
def shared_word(own: int, heads: int, like: int, resemblance: int) -> int:
    """Return what `first_word` does, from the own and the head's word and the likeness."""
    # Arithmetic instead of branches: a processor can't foresee a hash. A head's bytes are its own.
    taken = (
        (u64(0xFF00) * u64(int(field(like, 8, 8) < resemblance)))
        | (u64(0xFF_0000) * u64(int(field(like, 16, 8) < resemblance)))
        | (u64(0xFF00_0000) * u64(int(field(like, 24, 8) < resemblance)))
        | (u64(0xFF_0000_0000) * u64(int(field(like, 32, 8) < resemblance)))
    )
    return own ^ ((own ^ heads) & taken)


@law
def second_word(people: int, lane: int) -> int:
    """Return the second eight trait bytes; ``people`` is the block's stream of people."""
    return fold(people, SECOND_FROM + lane)


@law
def trait_byte(word: int, place: int) -> int:
    """Return one byte (0 to 255) of a trait word."""
    return field(word, 8 * place, 8)


@law
def occupation_of(byte: int, age_band: int, officials: int) -> int:
    """Return ORDINARY or OFFICIAL; only those aged 18 to 59 are officials.

    Who owns a firm is told by the firm, not by a trait: see `glasstown.laws.firm`.
    """
    if age_band < FIRST_ADULT_BAND or age_band >= FIRST_RETIRED_BAND:
        return ORDINARY
    return OFFICIAL if byte < officials else ORDINARY
