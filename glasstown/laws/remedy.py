"""Remedy: end of term, performance, appeal, repair and correction.

Performance needs ability: who was listed for what could not be helped can't perform it. A
listing is wrong when its cause is not the citizen's own doing (inability, mistake, somebody else).
"""

from __future__ import annotations

from glasstown.laws import law
from glasstown.laws.score import ASSOCIATION, HOUSEHOLD, INABILITY, MISIDENTIFIED, SEVERAL

STAY, TERM, PERFORMED, APPEAL, REPAIR = range(5)


@law
def is_wrong(cause: int) -> bool:
    """Return whether a cause is not the citizen's own doing."""
    return cause in (INABILITY, MISIDENTIFIED, HOUSEHOLD, ASSOCIATION, SEVERAL)


@law
def early_exit(
    cause: int, age_weeks: int, bits_performed: int, bits_repair: int, performed: int,
    repair: int, repair_after: int,
) -> int:  # fmt: skip
    """Return PERFORMED, REPAIR or STAY for a listing of an age; probabilities are q32."""
    if cause != INABILITY and bits_performed < performed:
        return PERFORMED
    if age_weeks >= repair_after and bits_repair < repair:
        return REPAIR
    return STAY


@law
def appeal_succeeds(cause: int, bits: int, when_wrong: int, when_right: int) -> bool:
    """Return whether an appeal that was made succeeds; probabilities are q32."""
    return bits < (when_wrong if is_wrong(cause) else when_right)


@law
def is_term_over(age_weeks: int, term_weeks: int) -> bool:
    """Return whether a listing has reached its term; a term of 0 never ends."""
    return 0 < term_weeks <= age_weeks


@law
def appeal_limit(rate: int, cost_q16: int, income: int, is_far: int, distance_q16: int) -> int:
    """Return the probability (q32) that somebody who knows of a listing appeals.

    ``rate`` is q32; cost keeps away the poor, (1 - cost (1 - income / 255)), and a far court
    everybody, (1 - distance). ``income`` is 0 to 255, ``is_far`` 0 or 1.
    """
    kept = 65536 - cost_q16 * (255 - income) // 255
    near = 65536 - distance_q16 * is_far
    return (((rate * kept) >> 16) * near) >> 16


@law
def is_spared(is_inability: bool, bits: int, recognises_q16: int, takes_for_q16: int) -> bool:
    """Return whether a test of ability spares who was about to be entered (16 bits)."""
    return bits < (recognises_q16 if is_inability else takes_for_q16)


@law
def term_of(cause: int, term_weeks: int, term_weeks_unable: int) -> int:
    """Return the term of a listing by its cause; 0 never ends."""
    return term_weeks_unable if cause == INABILITY else term_weeks
