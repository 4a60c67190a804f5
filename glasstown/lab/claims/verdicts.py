"""From the effects of one setting, one a seed, to a verdict by the rule that was fixed before."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal, NamedTuple

import numpy as np

from glasstown.lab.claims.declaration import Claim, Rule
from glasstown.lab.validation.rows import interval

Verdict = Literal["holds", "does not hold", "depends", "not measured"]
FEWEST = 2
"""Seeds below which there is no interval, and so no verdict."""


class Effect(NamedTuple):
    """An effect over seeds: mean and 95 % interval (None where there is none), and its verdict."""

    verdict: Verdict
    mean: float | None
    low: float | None
    high: float | None
    seeds: int


class Flip(NamedTuple):
    """What comes out at one value of the parameter that is swept."""

    value: Any
    effect: Effect


class Tested(NamedTuple):
    """A claim that was tested.

    ``shown`` are the means over seeds of the measures shown beside the effect: by measure, then
    by world ("together" for what is measured in all worlds at once). ``failures`` are members
    that could not be run or measured, in words.
    """

    claim: Claim
    effect: Effect
    swept: tuple[Flip, ...]
    shown: dict[str, dict[str, float]]
    failures: tuple[str, ...]

    @property
    def flips(self) -> list[Flip]:
        """The swept values at which another verdict comes out."""
        return [one for one in self.swept if one.effect.verdict != self.effect.verdict]

    @property
    def overturned(self) -> list[Flip]:
        """The swept values at which the opposite verdict comes out."""
        opposite = {"holds": "does not hold", "does not hold": "holds"}.get(self.effect.verdict)
        return [one for one in self.swept if one.effect.verdict == opposite]

    def as_data(self) -> dict[str, Any]:
        """Return everything for another program."""
        return {
            **self.claim.model_dump(mode="json"),
            "result": self.effect._asdict(),
            "swept": [{"value": one.value, **one.effect._asdict()} for one in self.swept],
            "measured": self.shown,
            "failures": list(self.failures),
        }


def judged(rule: Rule, effects: Sequence[float]) -> Effect:
    """Return the effect over seeds and its verdict.

    >>> rule = Rule(side="below", bound=-0.1, words="a tenth fewer")
    >>> judged(rule, [-0.2, -0.21, -0.19]).verdict, judged(rule, [-0.05, -0.04]).verdict
    ('holds', 'depends')
    >>> judged(rule, [-0.05, -0.05]).verdict, judged(rule, [-0.2]).verdict
    ('does not hold', 'not measured')
    """
    count = len(effects)
    if count < FEWEST:
        return Effect("not measured", float(effects[0]) if effects else None, None, None, count)
    low, high = interval(effects)
    sign = 1 if rule.side == "above" else -1
    near, far = (low, high) if sign > 0 else (high, low)
    verdict: Verdict = "depends"
    if sign * near > sign * rule.bound:
        verdict = "holds"
    elif sign * far <= sign * rule.bound:
        verdict = "does not hold"
    return Effect(verdict, float(np.mean(effects)), low, high, count)
