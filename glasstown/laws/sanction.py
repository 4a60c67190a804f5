"""Sanction: tiers, lists with their terms, and what they do to a request for a service.

A citizen is on one list at a time; black goes before red, and a new trigger while listed renews
the term. The listing is packed in 16 bits: week of entry (10), whether it is only a notice (1),
cause (3), list (2; 0 is none). A notice shuts nobody out: it is no list until its grace is over.
"""

from __future__ import annotations

from glasstown.laws import law

NOTHING, DENY, DELAY, FAVOUR = range(4)
MAX_WEEKS = 1000
NEVER = -(1 << 20)
"""A limit that no score lies below."""


@law
def tier_of(
    score: int, limit_1: int, limit_2: int, limit_3: int, limit_4: int, limit_5: int
) -> int:
    """Return the tier (0 is the best): how many lower limits, best first, the score misses."""
    return (
        int(score < limit_1)
        + int(score < limit_2)
        + int(score < limit_3)
        + int(score < limit_4)
        + int(score < limit_5)
    )


@law
def pack_listing(listed: int, cause: int, week: int) -> int:
    """Return a listing as 16 bits."""
    return listed | (cause << 2) | (week << 6)


@law
def pack_notice(listed: int, cause: int, week: int) -> int:
    """Return the notice of a listing as 16 bits; the week is that of the notice."""
    return listed | (cause << 2) | (1 << 5) | (week << 6)


@law
def list_of(listing: int) -> int:
    """Return the list (1 to 3) that a citizen is on; 0 is none, and so is a mere notice."""
    return (listing & 3) * (1 - ((listing >> 5) & 1))


@law
def notice_of(listing: int) -> int:
    """Return the list (1 to 3) that a citizen was given notice of; 0 is none."""
    return (listing & 3) * ((listing >> 5) & 1)


@law
def cause_of(listing: int) -> int:
    """Return the cause of a packed listing."""
    return (listing >> 2) & 7


@law
def week_of(listing: int) -> int:
    """Return the week of entry (or of the notice) of a packed listing."""
    return listing >> 6


@law
def treatment(by_tier: int, by_list: int) -> int:
    """Return what happens to a request: denial before delay before favour."""
    if by_tier == DENY or by_list == DENY:
        return DENY
    if by_tier == DELAY or by_list == DELAY:
        return DELAY
    return FAVOUR if by_tier == FAVOUR or by_list == FAVOUR else NOTHING
