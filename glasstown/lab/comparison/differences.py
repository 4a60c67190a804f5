"""What a study over seeds says: a mean with its interval, and how much pairing sharpens it.

Pairing. Two worlds that share their luck give, for every seed, a difference x - y whose variance
is var(x) + var(y) - 2 cov(x, y); runs under seeds of their own would give var(x) + var(y). The
factor between the two is how many times more unpaired runs the same precision would take (common
random numbers: Glasserman and Yao 1992, Management Science 38(6); for whole agent-based models
Klein et al. 2024, arXiv:2409.02086, who report about tenfold).

Its interval is exact for normal pairs. With u = x - y and w = x + y,
var(x) + var(y) = (var(u) + var(w)) / 2, so the factor is (1 + var(w) / var(u)) / 2, and a ratio of
two variances of a correlated pair has an exact interval (Pitman 1939, Biometrika 31:9; Morgan
1939, Biometrika 31:13).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from scipy import stats

from glasstown.lab.validation.rows import LEVEL, interval

FEWEST_SEEDS = 2
PUBLISHED_FACTOR = 10.0
"""The published bar: arXiv:2409.02086."""


class Estimate(NamedTuple):
    """A mean over seeds with its 95 % interval (None where there are too few seeds)."""

    mean: float
    low: float | None
    high: float | None
    seeds: int

    @property
    def is_clear(self) -> bool:
        """Whether the whole interval lies on one side of zero."""
        if self.low is None or self.high is None:
            return False
        return self.low > 0 or self.high < 0


class Factor(NamedTuple):
    """How many times smaller a difference's variance is when runs are paired.

    ``value`` is None where nothing varies, or where the pairs never differ in their difference;
    ``note`` says which.
    """

    value: float | None
    low: float | None
    high: float | None
    note: str = ""


def estimate(values: Sequence[float]) -> Estimate:
    """Return mean and Student's interval over seeds.

    >>> estimate([1.0, 1.0])
    Estimate(mean=1.0, low=1.0, high=1.0, seeds=2)
    """
    if len(values) < FEWEST_SEEDS:
        return Estimate(float(np.mean(values)), None, None, len(values))
    low, high = interval(values)
    return Estimate(float(np.mean(values)), low, high, len(values))


def variance_factor(first: Sequence[float], other: Sequence[float]) -> Factor:
    """Return how much pairing takes off the variance of a difference, with a 95 % interval.

    Parameters
    ----------
    first, other : sequence of float
        An outcome in two worlds, one value a seed, in the same order.
    """
    x, y = np.asarray(first, float), np.asarray(other, float)
    if len(x) < FEWEST_SEEDS:
        return Factor(None, None, None, "too few seeds")
    u, w = x - y, x + y
    of_u, of_w = float(np.var(u, ddof=1)), float(np.var(w, ddof=1))
    if _is_nothing(of_u, x, y):
        note = "no pair differs" if not u.any() else "the difference never varies"
        return Factor(None, None, None, "nothing varies" if _is_nothing(of_w, x, y) else note)
    ratio, count = of_w / of_u, len(x)
    value = (1 + ratio) / 2
    if count < 3:
        return Factor(value, None, None, "an interval takes three seeds")
    r = 0.0 if _is_nothing(of_w, x, y) else float(np.corrcoef(u, w)[0, 1])
    t = float(stats.t.ppf((1 + LEVEL) / 2, count - 2))
    k = 1 + 2 * (1 - r * r) * t * t / (count - 2)
    reach = float(np.sqrt(max(k * k - 1, 0.0)))
    return Factor(value, (1 + ratio * (k - reach)) / 2, (1 + ratio * (k + reach)) / 2)


def _is_nothing(variance: float, x: np.ndarray, y: np.ndarray) -> bool:
    """Return whether a variance is that of rounding alone."""
    size = float(np.abs(x).max() + np.abs(y).max())
    return variance <= (1e-12 * size) ** 2
