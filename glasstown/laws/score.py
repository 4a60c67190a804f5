"""Score: points by rule, between floor and ceiling; and for whose doing a score is what it is.

Points are tenths of a point. Three parts of the score are kept beside it: points booked by
mistake, points for others (friends, household, the own firm) and points for speech. What is left
is the citizen's own deeds and the start.
"""

from __future__ import annotations

from glasstown.laws import law

MOST_OF_A_PART = 30_000
"""Tenths of points; no score's range is wider."""
OWN, INABILITY, MISIDENTIFIED, HOUSEHOLD, SPEECH, ASSOCIATION, SEVERAL, FIRM = range(8)


@law
def score_change(score: int, points: int, floor: int, ceiling: int) -> int:
    """Return the points that really move the score: what floor and ceiling leave of them."""
    moved = score + points
    if moved < floor:
        moved = floor
    if moved > ceiling:
        moved = ceiling
    return moved - score


@law
def part_after(part: int, moved: int) -> int:
    """Return a part of the score after it moved, kept within MOST_OF_A_PART either way.

    A part has no floor and ceiling of its own: mistakes made good by merits for years would add
    up without end.
    """
    after = part + moved
    if after > MOST_OF_A_PART:
        return MOST_OF_A_PART
    return -MOST_OF_A_PART if after < -MOST_OF_A_PART else after


@law
def blame(score: int, by_error: int, by_others: int, by_speech: int, limit: int) -> int:
    """Return for what a score lies below a limit: the but-for test.

    The one part without which the score would not lie below the limit: mistakes first, then
    others, then speech; SEVERAL if only all of them together make the difference; else OWN.
    """
    if score - by_error >= limit:
        return MISIDENTIFIED
    if score - by_others >= limit:
        return ASSOCIATION
    if score - by_speech >= limit:
        return SPEECH
    if score - by_error - by_others - by_speech >= limit:
        return SEVERAL
    return OWN


@law
def listing_cause(is_error: bool, is_inability: int, is_speech: int) -> int:
    """Return the cause under which a booked deed enters a citizen on a list."""
    if is_error:
        return MISIDENTIFIED
    if is_inability == 1:
        return INABILITY
    return SPEECH if is_speech == 1 else OWN
