"""Adapt: caution rises and fades, points expire, the cautious pay cash and cut ties.

Caution c (0 to 255) gains a for each event and fades by a share r each reflection, rounded by a
draw so that the mean is exact; with a constant gain a per reflection it is stationary at
E[c] = a / r. Points fade towards the start by r = 1 - 2**(-reflection / half-life) the same way,
so a deviation d is d 2**(-t / half-life) after t weeks in the mean.
"""

from __future__ import annotations

from glasstown.laws import law


@law
def faded(amount: int, rate: int, bits: int) -> int:
    """Return how much of an amount (any sign) fades at a rate (q16), rounded by 16 random bits.

    >>> faded(-10, 32768, 0), faded(3, 32768, 0), faded(3, 32768, 65535)
    (-5, 1, 2)
    """
    sign = amount >> 63
    # Both factors have at most 17 bits; saying so lets a compiler multiply 32 by 32 bits.
    fades = ((((amount ^ sign) - sign) & 0x1FFFF) * (rate & 0x1FFFF) + bits) >> 16
    return (fades ^ sign) - sign


@law
def more_cautious(caution: int, rise: int) -> int:
    """Return caution after a rise, at most 255."""
    return caution + rise if caution + rise < 255 else 255


@law
def rise_from_loss(lost: int, per_tenth_q16: int) -> int:
    """Return the rise of caution for points lost (tenths, positive)."""
    return (lost * per_tenth_q16 + 32768) >> 16


@law
def rise_from_ties(listed: int, shamed: int, per_listed_q16: int, per_shamed_q16: int,
                   bits: int) -> int:  # fmt: skip
    """Return the rise of caution for ties that are listed or shamed, rounded by 16 bits."""
    return (listed * per_listed_q16 + shamed * per_shamed_q16 + bits) >> 16


@law
def pays_cash(caution: int, digital: int, above: int) -> int:
    """Return 1 for who would pay digitally but is cautious enough to pay cash."""
    return int(digital > 0) & int(caution > above)
