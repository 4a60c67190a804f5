"""Kuran 1991: Now out of never, World Politics 44(1), 7-48; the formal model is Kuran 1989.

Kuran 1989, "Sparks and prairie fires", Public Choice 61, 41-74 (doi 10.1007/BF00116762). A
citizen joins public opposition once its size S reaches the own threshold T. Privately the citizen
may hold anything: the threshold is the S at which the reputation lost by opposing no longer
outweighs the integrity lost by hiding (falsifying) the own preference. So two societies with
almost the same private opinions may differ entirely in public: the sequences of the 1991 paper
(FACTS T3, from memory; C' is ours, C with the same change as A').

Thresholds and S are percent of the society. That reputation lost falls in a straight line with S
is our choice; the papers ask only that it falls.
"""

from __future__ import annotations

from collections.abc import Sequence

from glasstown.lab.published.case import Case, Outcome, exactly
from glasstown.laws.gather import joins

A = (0, 20, 20, 30, 40, 50, 60, 70, 80, 100)
A_CHANGED = (0, 10, 20, 30, 40, 50, 60, 70, 80, 100)
C = (0, 20, 20, 20, 20, 20, 20, 20, 60, 100)
C_CHANGED = (0, 10, 20, 20, 20, 20, 20, 20, 60, 100)
SEQUENCES = (("A", A, 10), ("A'", A_CHANGED, 90), ("C", C, 10), ("C'", C_CHANGED, 90))
"""Name, thresholds (percent of ten people, in order) and the opposition they end in (percent)."""


def opposition(thresholds: Sequence[int]) -> float:
    """Return public opposition (percent) in the end, from none on."""
    people, joined, before = len(thresholds), 0, -1
    while joined != before:
        before = joined
        joined = sum(joins(100 * before, one * people) for one in thresholds)
    return 100 * joined / people


def reputation_lost(opposed_percent: float, at_none: float, at_all: float) -> float:
    """Return what opposing costs (utility) when S percent oppose; falls in a straight line."""
    return at_none + (at_all - at_none) * opposed_percent / 100


def falsifies(opposed_percent: float, integrity: float, at_none: float, at_all: float) -> bool:
    """Return whether a private opponent supports in public.

    The preference is falsified while the reputation kept by it is worth more than the integrity
    that it costs (utility, same unit as the reputations lost at S = 0 and S = 100).
    """
    return reputation_lost(opposed_percent, at_none, at_all) > integrity


def threshold_of(integrity: float, at_none: float, at_all: float) -> float:
    """Return the threshold (percent) at which a private opponent stops to falsify.

    The least S with reputation lost at most equal to integrity; above 100 for who never stops.
    """
    if not falsifies(0, integrity, at_none, at_all):
        return 0.0
    if at_none <= at_all:
        return float("inf")
    return 100 * (at_none - integrity) / (at_none - at_all)


def run_sequences(seeds: Sequence[int]) -> list[Outcome]:  # noqa: ARG001
    """T3: four sequences of thresholds."""
    return [
        exactly(f"public opposition, sequence {name} (%)", published, opposition(thresholds),
                "One person a little bolder, and hidden opposition becomes nearly everybody's.")
        for name, thresholds, published in SEQUENCES
    ]  # fmt: skip


CASES = (
    Case("T3", "Preference falsification and surprise", "Kuran 1991, World Politics 44(1), 7-48",
         "10 %, 90 %, 10 %, 90 %", run_sequences),
)  # fmt: skip
