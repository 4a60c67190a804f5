"""The base-rate identity: of rare deeds, most that a good test finds were not done.

PPV = p s / (p s + (1 - p) f) for prevalence p, sensitivity s and false-match rate f (all 0 to 1;
Bayes's rule; FACTS T8). The law computes it in whole numbers, shares times 2**32.
"""

from __future__ import annotations

from collections.abc import Sequence

from glasstown.lab.published.case import Case, Outcome, rounds_to
from glasstown.laws import Q32
from glasstown.laws.watch import predictive_value

PREVALENCE, SENSITIVITY = 0.003, 0.95
FOUND = ((0.003, 48.8), (0.01, 22.2))
"""False-match rates, and the percent of matches that are right (FACTS T8, arithmetic)."""


def right_percent(prevalence: float, sensitivity: float, false_match: float) -> float:
    """Return the percent of matches that are right, by the law that the engine's tests use."""
    q32 = [round(one * Q32) for one in (prevalence, sensitivity, false_match)]
    return 100 * predictive_value(*q32) / Q32


def run_identity(seeds: Sequence[int]) -> list[Outcome]:  # noqa: ARG001
    """T8: two false-match rates."""
    return [
        rounds_to(f"matches that are right, false matches {100 * rate:g} % (%)", percent,
                  right_percent(PREVALENCE, SENSITIVITY, rate), 1,
                  "Looking for something rare, a camera that errs seldom is still mostly wrong.")
        for rate, percent in FOUND
    ]  # fmt: skip


CASES = (
    Case("T8", "Rare deeds, good tests, wrong records", "Bayes's rule; arithmetic of FACTS T8",
         "48.8 % and 22.2 % of matches are right", run_identity),
)  # fmt: skip
