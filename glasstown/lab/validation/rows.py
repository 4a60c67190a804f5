"""What is claimed before a run, and how a verdict follows from the numbers after it.

A claim names the published number, how it is compared and what would be a misfit. The rules:

- *calibrated*: the mean over seeds is within 10 % of the published number;
- *prediction*: the mean lies in the published range, or within the factor that the claim states;
- *direction*: the whole interval lies on the side of zero that was published;
- *exact*: judged by `glasstown.lab.published`, which holds the models with known answers.

All else is a misfit. The interval is Student's, 95 %, of the mean over seeds: it says how far
luck moves ours in a country of this size, not how sure the published number is.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple

import numpy as np
from scipy import stats

from glasstown.lab.manifest import scale
from glasstown.lab.published.case import Value, Verdict
from glasstown.lab.validation.targets import Target, scale_of
from glasstown.society.region_table import PACKAGED

Kind = Literal["calibrated", "prediction", "direction", "exact"]
CALIBRATED_WITHIN = 0.10
LEVEL = 0.95
FEWEST_SEEDS = 2


class Claim(NamedTuple):
    """One published result, and how ours is held against it: fixed before the run.

    Parameters
    ----------
    target : Target
        The published number.
    part : str
        Where it stands in the validation: a, b, c or d.
    what : str
        The published result in words.
    kind : str
        Which rule judges it.
    measure : str
        How ours is measured, in one sentence.
    misfit : str
        What a misfit would mean, in one sentence.
    is_count : bool
        Whether the published number is of a whole country and is scaled to ours.
    factor : float
        Predictions: how many times larger or smaller ours may be.
    until : Target, optional
        Predictions: the published upper end, where a range was published.
    side : int
        Directions: 1 where it must be above zero, -1 where below.
    said : str
        Directions: what was published, in words, where it was no number.
    test : str
        The test of the literature it belongs to, as T13; its row is named so.
    """

    target: Target
    part: str
    what: str
    kind: Kind
    measure: str
    misfit: str
    is_count: bool = False
    factor: float = 1.0
    until: Target | None = None
    side: int = 0
    said: str = ""
    test: str = ""


class Row(NamedTuple):
    """One line of the validation.

    ``published`` is the number as its source has it, ``expected`` the same scaled to this country
    (``scaled`` says by what); ``low`` and ``high`` are the interval over seeds, None where
    nothing is drawn; ``rule`` is what the verdict needed; ``meaning`` says how ours is measured
    and, for a misfit, what that means.
    """

    id: str
    part: str
    what: str
    published: Value
    expected: Value
    scaled: str
    unit: str
    source: str
    confidence: str
    kind: Kind
    ours: Value
    low: float | None
    high: float | None
    rule: str
    verdict: Verdict
    meaning: str

    @property
    def ratio(self) -> float | None:
        """Ours over what is expected; None where either is no number or nothing is expected."""
        if isinstance(self.ours, str) or isinstance(self.expected, str) or not self.expected:
            return None
        return self.ours / self.expected


def interval(values: Sequence[float]) -> tuple[float, float]:
    """Return the 95 % interval of the mean of independent values, at least two (Student).

    >>> interval([1.0, 1.0, 1.0])
    (1.0, 1.0)
    """
    mean, count = float(np.mean(values)), len(values)
    error = float(np.std(values, ddof=1)) / count**0.5
    reach = float(stats.t.ppf((1 + LEVEL) / 2, count - 1)) * error
    return mean - reach, mean + reach


def judged(claim: Claim, values: Sequence[float], citizens: int) -> Row:
    """Hold the values of ours, one a seed, against a claim."""
    if len(values) < FEWEST_SEEDS:
        raise ValueError(f"{claim.target.id}: needs at least {FEWEST_SEEDS} seeds")
    factor = scale_of(citizens) if claim.is_count else 1.0
    low, high = interval(values)
    mean, is_fit = float(np.mean(values)), False
    expected: Value = claim.said or claim.target.value * factor
    if claim.kind == "calibrated":
        is_fit = is_within(mean, claim.target.value * factor, 1 + CALIBRATED_WITHIN)
    elif claim.kind == "prediction" and claim.until is not None:
        first, last = sorted((claim.target.value * factor, claim.until.value * factor))
        is_fit, expected = first <= mean <= last, f"{first:.4g} to {last:.4g}"
    elif claim.kind == "prediction":
        is_fit = is_near(mean, claim.target.value * factor, claim.factor)
    elif claim.kind == "direction":
        is_fit = low > 0 if claim.side > 0 else high < 0
    verdict: Verdict = "misfit"
    if is_fit:
        verdict = "direction" if claim.kind == "direction" else "within"
    return Row(
        claim.test or claim.target.id, claim.part, claim.what, _published(claim), expected,
        scale(citizens, PACKAGED) if claim.is_count else "not scaled", claim.target.unit,
        f"{claim.target.source} ({claim.target.note or claim.target.date})",
        claim.target.confidence, claim.kind, mean, low, high, rule_of(claim), verdict,
        claim.measure if is_fit else f"{claim.measure} Misfit: {claim.misfit}",
    )  # fmt: skip


def is_within(ours: float, expected: float, limit: float) -> bool:
    """Return whether ours differs from what is expected by no more than ``limit - 1`` of it.

    >>> is_within(1.1, 1.0, 1.1), is_within(0.9, 1.0, 1.1), is_within(0.89, 1.0, 1.1)
    (True, True, False)
    """
    return abs(ours - expected) <= (limit - 1) * abs(expected) * (1 + 1e-12)


def is_near(ours: float, expected: float, factor: float) -> bool:
    """Return whether ours is on the same side of zero and at most ``factor`` times off.

    >>> is_near(2.0, 1.0, 2.0), is_near(0.5, 1.0, 2.0), is_near(0.49, 1.0, 2.0)
    (True, True, False)
    >>> is_near(-1.0, 1.0, 2.0)
    False
    """
    if ours * expected <= 0:
        return False
    return 1 / factor <= ours / expected <= factor


def rule_of(claim: Claim) -> str:
    """Say what the verdict of a claim needs."""
    if claim.kind == "calibrated":
        return f"within {CALIBRATED_WITHIN:.0%}"
    if claim.kind == "direction":
        return f"whole interval {'above' if claim.side > 0 else 'below'} 0"
    if claim.until is not None:
        return "within the published range"
    return f"within a factor of {claim.factor:g}"


def _published(claim: Claim) -> Value:
    """Return the published number, or range, as its source has it."""
    if claim.said:
        return claim.said
    if claim.until is None:
        return claim.target.value
    first, last = sorted((claim.target.value, claim.until.value))
    return f"{first:g} to {last:g}"
