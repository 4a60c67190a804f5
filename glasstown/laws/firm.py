"""Firms: a rating of two categories, lists, inspections and bids.

In the manner of FACTS 1.7 (Lin and Milhaupt 2023): *compliance* starts at its most and is lost by
violations; *social responsibility* starts at 0 and is filled by gifts and displays of loyalty. The
rating is their sum, so where nearly everybody complies, what was displayed decides the rank
(FACTS T20). Both fade back to where they started with one half-life.
"""

from __future__ import annotations

from glasstown.laws import law

BLACK, RED = 1, 2
"""The two lists of firms, as `glasstown.laws.sanction.pack_listing` packs them."""
SECTORS = 5


@law
def owner_lane(bits: int, slot: int, present: int) -> int:
    """Return the lane whose household's head owns the firm of a slot; -1 if there is no firm.

    Each half of a block has one firm: slot 0 in lanes 0 to 31, slot 1 in lanes 32 to 63.
    """
    lane = 32 * slot + (bits & 31)
    return lane if lane < present else -1


@law
def sector_of(bits: int, limit_1: int, limit_2: int, limit_3: int, limit_4: int) -> int:
    """Return the sector (0 to 4) behind 16 bits, by the cumulative shares (q16)."""
    return int(bits >= limit_1) + int(bits >= limit_2) + int(bits >= limit_3) + int(bits >= limit_4)


@law
def category_change(value: int, points: int, most: int) -> int:
    """Return what moves a category of a rating that goes from 0 to ``most`` (tenths)."""
    after = value + points
    if after < 0:
        after = 0
    if after > most:
        after = most
    return after - value


@law
def consumers_harmed(mean: int, bits: int) -> int:
    """Return how many consumers one deed harms: even from 1 to 2 mean - 1 (32 bits)."""
    return 0 if mean == 0 else 1 + ((bits * (2 * mean - 1)) >> 32)
