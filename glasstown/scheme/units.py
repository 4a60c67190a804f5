"""Units of compiled schemes: points become tenths, rates a year probabilities a week."""

from __future__ import annotations

from glasstown.laws import Q32
from glasstown.society.compilation import WEEKS_A_YEAR

TENTHS = 10
ALWAYS_ABOVE = 1 << 20
"""A limit that no score lies above."""
SERVICE_NAMES = (
    "loan", "flight", "train", "passport", "hospital", "school", "rental", "public_job",
)  # fmt: skip


def tenths(points: float) -> int:
    """Return points as tenths."""
    return round(points * TENTHS)


def weekly_q32(per_year: float) -> int:
    """Return a rate a year as a probability a week (q32), at most certainty."""
    return min(round(per_year / WEEKS_A_YEAR * Q32), Q32)


def service_bits(names: list[str]) -> int:
    """Return services as bits."""
    return sum(1 << SERVICE_NAMES.index(one) for one in names)
