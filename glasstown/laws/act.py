"""Act: what a citizen does this week, by thinning.

Candidates come from an upper bound of all rates (Lewis and Shedler 1979, "Simulation of
nonhomogeneous Poisson processes by thinning", Naval Research Logistics Quarterly 26(3)); each is
accepted with the citizen's own rate over the bound::

    accept = w1(v1) w2(v2) (1 - deterred caution / 255) scale,   w(v) = (1 + s (2v - 1)) / (1 + |s|)

with v a trait from 0 to 1 and s its slope. Since the bounds belong to the society, two schemes
meet the same candidates.
"""

from __future__ import annotations

from glasstown.laws import law
from glasstown.laws.fixed import over_255


@law
def propensity(value: int, at_zero: int, step: int) -> int:
    """Return w(v) as q16 from its value at trait 0 (q24) and its step per trait unit (q24)."""
    return (at_zero + step * value) >> 8


@law
def acceptance(first: int, second: int, deterred: int, caution: int, scale: int) -> int:
    """Return the acceptance threshold (q32).

    ``first``, ``second`` and ``scale`` are q16 up to 2**16, ``deterred`` is q16, ``caution`` is
    0 to 255.
    """
    rate = (first * second) >> 16
    kept = 65536 - over_255(deterred * caution)
    return ((rate * kept) >> 16) * scale
