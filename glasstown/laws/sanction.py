"""Sanction: tiers, lists with their terms, and what they do to a request for a service.

A citizen is on one list at a time; black goes before red, and a new trigger while listed renews
the term. The listing is packed in 16 bits: week of entry (10), cause (4), list (2; 0 is none).
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
def list_of(listing: int) -> int:
    """Return the list (1 to 3) of a packed listing; 0 is none."""
    return listing & 3


@law
def cause_of(listing: int) -> int:
    """Return the cause of a packed listing."""
    return (listing >> 2) & 15


@law
def week_of(listing: int) -> int:
    """Return the week of entry of a packed listing."""
    return listing >> 6


@law
def treatment(by_tier: int, by_list: int) -> int:
    """Return what happens to a request: denial before delay before favour."""
    if by_tier == DENY or by_list == DENY:
        return DENY
    if by_tier == DELAY or by_list == DELAY:
        return DELAY
    return FAVOUR if by_tier == FAVOUR or by_list == FAVOUR else NOTHING
