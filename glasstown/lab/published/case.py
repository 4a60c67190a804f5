"""A published model as a case: what it must reproduce, what ours gives, and the verdict.

The rules that turn numbers into a verdict stand here and nowhere else; each can say *misfit*:

- ``exact``: equal to the published value, without tolerance;
- ``within``: a published number that ours rounds to, or that lies no farther off than chance or
  a derived tolerance allows;
- ``direction``: no number was published, and a margin that the claim wants above 0 is above 0 on
  average over the seeds, by more than twice its standard error;
- ``misfit``: anything else.

More seeds sharpen each rule: a model that is off on average does not pass for being run often.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from statistics import fmean, stdev
from typing import Literal, NamedTuple

Verdict = Literal["exact", "within", "direction", "misfit"]
Value = float | str


class Outcome(NamedTuple):
    """One published result beside ours.

    ``low`` and ``high`` are the least and the largest over the seeds, None where nothing is drawn.
    """

    what: str
    published: Value
    ours: Value
    low: float | None
    high: float | None
    verdict: Verdict
    meaning: str


class Case(NamedTuple):
    """A published model: FACTS id, title, paper, its claim in words, and how to run ours."""

    id: str
    title: str
    source: str
    published: str
    run: Callable[[Sequence[int]], list[Outcome]]


def exactly(what: str, published: Value, ours: Value, meaning: str) -> Outcome:
    """Compare without tolerance; for what has no draws in it."""
    return Outcome(
        what, published, ours, None, None, "exact" if ours == published else "misfit", meaning
    )


def rounds_to(what: str, published: float, ours: float, digits: int, meaning: str) -> Outcome:
    """Compare at the digits that were published; for what has no draws in it."""
    verdict: Verdict = "within" if round(ours, digits) == published else "misfit"
    return Outcome(what, published, ours, None, None, verdict, meaning)


def meets(
    what: str, published: tuple[float, float], ours: Sequence[float], meaning: str
) -> Outcome:
    """Compare a range published from two seeds with ours.

    Were the models one and the same, the middle of the two would differ from our mean over n
    seeds by more than twice s sqrt(1/2 + 1/n) in about 1 of 20 cases, s our standard deviation.
    """
    first, last = published
    allowed = 2 * _deviation(ours) * math.sqrt(1 / 2 + 1 / len(ours))
    is_within = abs((first + last) / 2 - fmean(ours)) <= max(allowed, (last - first) / 2)
    said: Value = first if first == last else f"{first:g} to {last:g}"
    return _over_seeds(what, said, ours, "within" if is_within else "misfit", meaning)


def between(
    what: str, published: float, lower: Sequence[float], upper: Sequence[float], meaning: str
) -> Outcome:
    """Compare a limit with what runs from below and from above it have reached on average."""
    is_within = fmean(lower) <= published <= fmean(upper)
    ours = [*lower, *upper]
    return _over_seeds(what, published, ours, "within" if is_within else "misfit", meaning)


def near(
    what: str, published: float, ours: Sequence[float], tolerance: float, meaning: str
) -> Outcome:
    """Compare a theorem's number with the mean over seeds, at a tolerance that is derived."""
    is_within = abs(fmean(ours) - published) <= tolerance
    return _over_seeds(what, published, ours, "within" if is_within else "misfit", meaning)


def points(
    what: str, published: str, ours: Sequence[float], margins: Sequence[float], meaning: str
) -> Outcome:
    """Judge a direction by a margin in each seed that the claim wants above 0."""
    error = _deviation(margins) / math.sqrt(len(margins))
    holds = fmean(margins) > 2 * error
    return _over_seeds(what, published, ours, "direction" if holds else "misfit", meaning)


def below(what: str, allowed: float, ours: Sequence[float], meaning: str) -> Outcome:
    """Compare a distance to a published distribution with the one that chance allows a seed."""
    is_within = max(ours) < allowed
    said = f"below {allowed:.3f}"
    return _over_seeds(what, said, ours, "within" if is_within else "misfit", meaning)


def _over_seeds(
    what: str, published: Value, ours: Sequence[float], verdict: Verdict, meaning: str
) -> Outcome:
    """Return an outcome with the mean, the least and the largest over the seeds."""
    return Outcome(what, published, fmean(ours), min(ours), max(ours), verdict, meaning)


def _deviation(values: Sequence[float]) -> float:
    """Return the standard deviation; 0 for a single seed, which then speaks for itself."""
    return stdev(values) if len(values) > 1 else 0.0
