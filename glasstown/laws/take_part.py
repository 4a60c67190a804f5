"""Take part: who joins a voluntary scheme, and who leaves it.

Who is aware joins when private support and the hoped-for reward outweigh fear::

    (o - 128) + reward - f c > 0

with opinion o and caution c from 0 to 255. That rewards drive participation more than
punishment does: Kostka and Antoine 2020 (FACTS 2.6); the form is ours. Who is a member leaves
when the score has fallen below a limit.
"""

from __future__ import annotations

from glasstown.laws import law


@law
def joins_scheme(is_aware: bool, opinion: int, caution: int, reward: int, fear_q8: int) -> bool:
    """Return whether an adult who stayed out so far joins."""
    return is_aware and (opinion - 128) + reward - ((caution * fear_q8) >> 8) > 0


@law
def leaves_scheme(score: int, leave_below: int) -> bool:
    """Return whether a member leaves; both in tenths of points."""
    return score < leave_below
