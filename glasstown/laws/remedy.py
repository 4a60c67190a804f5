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
