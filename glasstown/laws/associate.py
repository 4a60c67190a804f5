"""Associate: points lost for somebody else.

Friends: from a number of ties with publicly low citizens on, each such tie costs, or all of them
together cost once. Household: each member who is publicly low or listed costs. Both read what was
published last week. Firm: an owner pays for the listed firm, and the firm for its listed owner.
"""

from __future__ import annotations

from glasstown.laws import law


@law
def friends_points(low_ties: int, threshold_ties: int, points: int, is_once: int) -> int:
    """Return the points (tenths, negative) for low friends; a threshold of 0 is never reached.

    ``is_once`` is 1 where they count once, however many they are.
    """
    counted = 1 if is_once == 1 else low_ties
    return counted * points if 0 < threshold_ties <= low_ties else 0


@law
def household_points(members: int, points: int) -> int:
    """Return the points (tenths, negative) for low or listed members of the household."""
    return members * points


@law
def owner_points(listed_firms: int, points: int) -> int:
    """Return the points (tenths, negative) that an owner loses for listed firms."""
    return listed_firms * points
