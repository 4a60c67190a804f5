"""Poisson distributions as integer thresholds, the same on every machine.

Computed in decimal arithmetic of fixed precision, so that no processor's rounding decides a fate.
"""

from __future__ import annotations

from decimal import Context, Decimal

_CONTEXT = Context(prec=40)
CERTAIN = 1 << 32
Q40 = 1 << 40


def poisson_thresholds(rate_q40: int, most: int | None = None) -> list[int]:
    """Return cumulative Poisson probabilities as q32, up to the first that rounds to 2**32.

    Parameters
    ----------
    rate_q40 : int
        The mean times 2**40.
    most : int or None
        Return exactly this many, cutting the tail or padding with 2**32.

    Returns
    -------
    list of int
        Entry k is P(count <= k) times 2**32; the last entry is 2**32 unless cut by ``most``.

    Examples
    --------
    >>> [round(x / 2**32, 4) for x in poisson_thresholds(2**40, most=4)]
    [0.3679, 0.7358, 0.9197, 0.981]
    """
    context = _CONTEXT
    rate = context.divide(Decimal(rate_q40), Decimal(Q40))
    term = context.exp(-rate)
    total, k = Decimal(0), 0
    thresholds: list[int] = []
    while True:
        total = context.add(total, term)
        thresholds.append(min(int(context.multiply(total, CERTAIN) + Decimal("0.5")), CERTAIN))
        if thresholds[-1] == CERTAIN or (most is not None and len(thresholds) == most):
            break
        k += 1
        term = context.divide(context.multiply(term, rate), Decimal(k))
    if most is not None:
        thresholds += [CERTAIN] * (most - len(thresholds))
    return thresholds
