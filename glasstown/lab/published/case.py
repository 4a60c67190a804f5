"""A published model as a case: what it must reproduce, what ours gives, and the verdict.

The rules that turn numbers into a verdict stand here, before any run, and each can say *misfit*:

- ``exact``: equal to the published value, without tolerance;
- ``within``: a published number that ours rounds to, that the range over seeds meets, or that
  ours is no farther from than a derived tolerance;
- ``direction``: no number was published, and the stated inequality holds in every seed;
- ``misfit``: anything else.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
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
    what: str, published: float | tuple[float, float], ours: Sequence[float], meaning: str
) -> Outcome:
    """Compare a published number or range with the range of ours over seeds.

    Misfit if the ranges are disjoint. Were the two models one and the same, two published and n
    of our values would be disjoint by chance in 4 of (n + 1)(n + 2) cases: 1 of 14 for n = 6.
    A single published number is outside ours in 2 of n + 1 cases, so it wants many seeds.
    """
    first, last = published if isinstance(published, tuple) else (published, published)
    low, high = min(ours), max(ours)
    verdict: Verdict = "within" if low <= last and first <= high else "misfit"
    said: Value = first if first == last else f"{first:g} to {last:g}"
    return Outcome(what, said, sum(ours) / len(ours), low, high, verdict, meaning)


def near(
    what: str, published: float, ours: Sequence[float], tolerance: float, meaning: str
) -> Outcome:
    """Compare a theorem's number with the mean over seeds, at a tolerance that is derived."""
    mean = sum(ours) / len(ours)
    verdict: Verdict = "within" if abs(mean - published) <= tolerance else "misfit"
    return Outcome(what, published, mean, min(ours), max(ours), verdict, meaning)


def points(
    what: str, published: str, ours: Sequence[float], holds: Sequence[bool], meaning: str
) -> Outcome:
    """Judge a direction: it must hold in every seed; ``ours`` is the number it is about."""
    verdict: Verdict = "direction" if holds and all(holds) else "misfit"
    return Outcome(
        what, published, sum(ours) / len(ours), min(ours), max(ours), verdict, meaning
    )  # fmt: skip


def below(what: str, allowed: float, ours: Sequence[float], meaning: str) -> Outcome:
    """Compare a distance to a published distribution with the one that chance allows a seed."""
    verdict: Verdict = "within" if max(ours) < allowed else "misfit"
    return Outcome(
        what, f"below {allowed:.3f}", sum(ours) / len(ours), min(ours), max(ours), verdict, meaning
    )  # fmt: skip
