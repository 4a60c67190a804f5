"""Watch: which channel sees a deed, and to whom it is booked.

A channel sees with probability visibility x coverage x (1 - miss); the payment channel sees only
the citizen's digital payments, the platform channel only users of a platform. What is seen is
booked to somebody else with the channel's misidentification rate: it is handed on, and reaches a
citizen of the region the week after. Independently, a search for somebody who did nothing
matches at the false-match rate. The share of records that are right is then the base-rate
identity (FACTS T8), PPV = p s / (p s + (1 - p) f), for prevalence p, sensitivity s and
false-match rate f.
"""

from __future__ import annotations

from glasstown.laws import law
from glasstown.laws.fixed import over_255

COURT, AGENCY, CAMERA, PAYMENT, PLATFORM, NEIGHBOURS, INSPECTION, COMPLAINT = range(8)


@law
def in_view(
    seen: int, channel: int, digital: int, cash: int, online: int, visibility: int,
    is_cash_over: int,
) -> int:  # fmt: skip
    """Return the probability (q16) that a channel sees this citizen's deed.

    ``seen`` is visibility x coverage x (1 - miss) as q16, ``digital`` and ``online`` are traits
    (0 to 255; 0 offline), ``cash`` is 1 for who pays cash, ``visibility`` is the platform's (q16);
    ``is_cash_over`` is 1 from the day on which cash no longer serves: then all payments are seen.
    """
    if channel == PAYMENT:
        if is_cash_over == 1:
            return seen
        return 0 if cash == 1 or online == 0 else over_255(seen * digital)
    if channel == PLATFORM:
        return 0 if online == 0 else (seen * visibility) >> 16
    return seen


@law
def inspected(seen: int, is_listed: int, is_red: int, priority_q8: int, exempt_q8: int) -> int:
    """Return the probability (q16) that an inspection sees a firm's deed.

    A listed firm is inspected ``priority`` times as often, a red one is spared a share (q8).
    """
    if is_listed == 1:
        more = (seen * priority_q8) >> 8
        return more if more < 65536 else 65536
    return (seen * (256 - exempt_q8)) >> 8 if is_red == 1 else seen


@law
def is_handed_on(bits: int, misidentification: int) -> bool:
    """Return whether a deed that was seen is booked to somebody else (q32 threshold)."""
    return bits < misidentification


@law
def predictive_value(prevalence: int, sensitivity: int, false_match: int) -> int:
    """Return the share (q32) of matches that are right: the base-rate identity, FACTS T8.

    All three arguments are q32.

    >>> q = lambda x: round(x * 2**32)
    >>> round(predictive_value(q(0.003), q(0.95), q(0.003)) / 2**32, 3)
    0.488
    """
    right = prevalence * sensitivity >> 32
    wrong = ((1 << 32) - prevalence) * false_match >> 32
    return 0 if right + wrong == 0 else (right << 32) // (right + wrong)
