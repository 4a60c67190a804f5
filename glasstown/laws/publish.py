"""Publish: what others may know of a citizen from next week on.

One bit a citizen and fact: publicly low, listed, shamed, voicing praise, voicing criticism.
Everybody reads last week's words, so no order within a week matters. Only adults are published.
"""

from __future__ import annotations

from glasstown.laws import law

LOW, LISTED, SHAMED, PRAISING, CRITICAL = range(5)
FACTS = 5


@law
def is_publicly_low(score: int, low_below: int) -> bool:
    """Return whether a score (tenths) counts as publicly low."""
    return score < low_below
