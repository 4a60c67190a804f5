"""Poisson distributions as integer thresholds, the same on every machine.

Computed in decimal arithmetic of fixed precision, so that no processor's rounding decides a fate;
for many rates at once in floating point, where its rounding provably decides nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Context, Decimal

import numpy as np
from numpy.typing import NDArray

_CONTEXT = Context(prec=40)
CERTAIN = 1 << 32
Q40 = 1 << 40
STEPS, LARGEST, SURE = 128, 32.0, 1e-3
"""Of `poisson_table`: entries worked out, the largest rate in floating point, and how near to an
edge of rounding (in units of 2**-32) a probability is worked out exactly instead. What rounding can
do to a sum of 128 products and an exponential is at most 2e-4 of these units: (128 + 32) 2**-52,
relative."""


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


def poisson_table(rates_q40: Sequence[int]) -> NDArray[np.int64]:
    """Return `poisson_thresholds` of several rates, int64 (rates, longest), padded with 2**32.

    Examples
    --------
    >>> [round(x / 2**32, 4) for x in poisson_table([2**40, 2**39])[1][:4].tolist()]
    [0.6065, 0.9098, 0.9856, 0.9982]
    """
    rates = np.array(rates_q40, np.float64)[:, None] / Q40
    factors = np.concatenate([np.exp(-rates), rates / np.arange(1, STEPS)], axis=1)
    exact = np.cumsum(np.cumprod(factors, axis=1), axis=1) * CERTAIN
    rounded = np.floor(exact + 0.5)
    is_last = rounded >= CERTAIN
    last = is_last.argmax(axis=1)
    is_asked = np.arange(STEPS) <= last[:, None]
    is_near = np.abs(exact - np.floor(exact) - 0.5) < SURE
    is_open = (is_near & is_asked).any(axis=1) | ~is_last.any(axis=1) | (rates[:, 0] > LARGEST)
    open_rows = {i: poisson_thresholds(rates_q40[i]) for i in np.flatnonzero(is_open).tolist()}
    longest = max([*(len(row) for row in open_rows.values()), *(last[~is_open] + 1)])
    table = np.full((len(rates), longest), CERTAIN, np.int64)
    kept = min(longest, STEPS)
    table[:, :kept] = np.where(is_asked & ~is_last, rounded, CERTAIN)[:, :kept]
    for i, row in open_rows.items():
        table[i] = CERTAIN
        table[i, : len(row)] = row
    return table
