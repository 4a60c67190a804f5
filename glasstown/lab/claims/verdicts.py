"""From the effects of one setting, one a seed, to a verdict by the rule that was fixed before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, get_args

import numpy as np

from glasstown.lab.claims.declaration import Claim, Rule
from glasstown.lab.manifest import scale
from glasstown.lab.runfolder import LABEL
from glasstown.lab.showing import WIDE, named
from glasstown.lab.validation.rows import interval
from glasstown.society.region_table import PACKAGED
from glasstown.version import version

if TYPE_CHECKING:
    from glasstown.lab.charts.theme import Chart

Verdict = Literal["holds", "does not hold", "depends", "not measured"]
VERDICTS: tuple[Verdict, ...] = get_args(Verdict)
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


class Failure(NamedTuple):
    """A member that could not be run or measured: at which value (None: the claim's own), why."""

    value: Any
    seed: int
    why: str


class Tested(NamedTuple):
    """A claim that was tested.

    ``shown`` are the means over seeds of the measures shown beside the effect: by measure, then
    by world ("together" for what is measured in all worlds at once).
    """

    claim: Claim
    effect: Effect
    swept: tuple[Flip, ...]
    shown: dict[str, dict[str, float]]
    failures: tuple[Failure, ...]

    @property
    def flips(self) -> list[Flip]:
        """The swept values at which another verdict comes out."""
        return [one for one in self.swept if one.effect.verdict != self.effect.verdict]

    def as_data(self) -> dict[str, Any]:
        """Return everything for another program."""
        return {
            **self.claim.model_dump(mode="json"),
            "result": self.effect._asdict(),
            "swept": [{"value": one.value, **one.effect._asdict()} for one in self.swept],
            "flips_at": [one.value for one in self.flips],
            "measured": self.shown,
            "failures": [one._asdict() for one in self.failures],
        }

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Tested:
        """Read again what `as_data` gave."""
        return cls(
            Claim.model_validate({key: data[key] for key in Claim.model_fields}),
            Effect(**data["result"]),
            tuple(_flip(one) for one in data["swept"]),
            {name: dict(values) for name, values in data["measured"].items()},
            tuple(Failure(**one) for one in data["failures"]),
        )


def _flip(row: Mapping[str, Any]) -> Flip:
    return Flip(row["value"], Effect(**{key: row[key] for key in Effect._fields}))


class Claims(NamedTuple):
    """All claims that were tested, and what they were tested with."""

    tested: tuple[Tested, ...]
    citizens: int
    seeds: int
    seed: int
    only: Sequence[str] | None = None

    @property
    def command(self) -> str:
        """The command that gives this result."""
        names = "".join(f" --only {name}" for name in self.only or ())
        return (
            f"glasstown claims --citizens {self.citizens} --seeds {self.seeds} "
            f"--seed {self.seed}{names}"
        )

    @property
    def scale(self) -> str:
        """How much smaller the country is than China in 2020, as 1:70000."""
        return scale(self.citizens, PACKAGED)

    @property
    def counts(self) -> dict[Verdict, int]:
        """How many claims got each verdict; verdicts that nobody got are left out."""
        given = [one.effect.verdict for one in self.tested]
        return {one: given.count(one) for one in VERDICTS if one in given}

    def as_data(self) -> dict[str, Any]:
        """Return everything for another program."""
        return {
            "label": LABEL,
            "command": self.command,
            "glasstown": version(),
            "citizens": self.citizens,
            "scale": self.scale,
            "seeds": self.seeds,
            "seed": self.seed,
            "counts": dict(self.counts),
            "claims": [one.as_data() for one in self.tested],
        }

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Claims:
        """Read again what `as_data` gave of a test of all claims."""
        tested = tuple(Tested.from_data(one) for one in data["claims"])
        return cls(tested, data["citizens"], data["seeds"], data["seed"])

    def charts(self, width: int = WIDE) -> dict[str, Chart]:
        """Draw every chart that there is something for, by name; a notebook displays each."""
        from glasstown.lab.claims.charts import charts

        return charts(self, width)

    def chart(self, name: str, width: int = WIDE) -> Chart:
        """Draw one chart.

        Raises
        ------
        InputError
            If there is no such chart, or it has nothing to show.
        """
        return named(self.charts(width), name)


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
