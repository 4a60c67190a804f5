"""What a claim declares: who says it, the worlds that test it, and what would decide it.

The rule is one bound on one effect: the claim *holds* where the whole interval over seeds lies
beyond the bound, *does not hold* where the whole interval lies short of it, and *depends* on luck
where the interval crosses it. The settings that are swept get a verdict each, by the same rule.
"""

from __future__ import annotations

from string import Formatter
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from glasstown.declaration import Confidence, Declared, Sourced
from glasstown.society.declaration import Name

Key = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_.]*$")]
Form = Literal["percent", "points", "number"]
"""How an effect is written: a share as %, a difference of shares in percentage points, or plain."""
BLANKS = ("value", "size", "fewer", "less", "lower", "higher")
"""What a sentence about an effect may leave blank."""


class Rule(Declared):
    """The bound beyond which a claim holds, fixed before the run."""

    side: Literal["above", "below"] = Field(description="On which side of the bound it holds.")
    bound: float = Field(description="The bound, in the unit of the effect.")
    words: str = Field(min_length=1, description="The rule in words: the claim holds if ...")


class Sweep(Sourced):
    """One parameter that is moved, to see where the verdict flips."""

    key: Key = Field(description="The dotted key of the scenario that is moved.")
    worlds: list[Name] = Field(
        default_factory=list, description="The worlds in which it is moved; none named: all."
    )
    values: list[Any] = Field(min_length=1, max_length=8, description="What it is set to.")
    base: Any = Field(description="What it is in the experiment itself.")
    words: list[str] = Field(
        default_factory=list, description="Base and values in words, where they don't read as such."
    )
    meaning: str = Field(min_length=1, description="The parameter in words.")

    def said(self, value: Any) -> str:
        """Return a value in words; None stands for the base."""
        place = 0 if value is None else 1 + self.values.index(value)
        if self.words:
            return self.words[place]
        given = self.base if value is None else value
        return f"{given:g}".replace("-", "−") if isinstance(given, int | float) else str(given)

    @model_validator(mode="after")
    def _words_fit(self) -> Sweep:
        if self.words and len(self.words) != 1 + len(self.values):
            raise ValueError("words must stand for the base and each value, in this order")
        return self


class Reading(Declared):
    """A publication that a claim stands in."""

    title: str = Field(min_length=1, description="Who, when, what.")
    url: str | None = Field(None, pattern=r"^https://\S+$", description="Where it can be read.")


class Claim(Sourced):
    """A public claim and the experiment that tests it."""

    name: Name
    claim: str = Field(min_length=1, description="The claim, as one would say it.")
    side: Literal["makers", "critics", "press"] = Field(description="Whose claim it is.")
    said_by: str = Field(min_length=1, description="Who says so, in words.")
    did: str = Field(min_length=1, description="What is done to test it, in words.")
    takes_for_granted: str = Field(
        min_length=1, description="What the model assumes that bears on the verdict."
    )
    worlds: dict[Name, dict[str, Any]] = Field(
        min_length=1, max_length=4, description="Scenarios; the first is what the claim is about."
    )
    last_weeks: int = Field(52, ge=1, le=1000, description="Weeks at the end that are measured.")
    measure: Name = Field(description="What is measured: an outcome, or a registered function.")
    compare: Literal["level", "difference", "change"] = Field(
        description="The first world's value; less the second's; or over the second's, less 1."
    )
    effect: str = Field(min_length=1, description="The effect in words.")
    reads: str = Field(
        min_length=1,
        description="The effect in a sentence: {value}; or {size} with {fewer}, {less}, {lower} or "
        "{higher}, which follow its sign.",
    )
    form: Form
    holds: Rule
    shown: list[Name] = Field(
        default_factory=list, description="Measures that are shown for each world beside it."
    )
    sources: list[Reading] = Field(min_length=1, description="Where the claim stands.")
    flips: Sweep | None = None

    @model_validator(mode="after")
    def _fits_together(self) -> Claim:
        if self.compare != "level" and len(self.worlds) < 2:
            raise ValueError(f"compare: {self.compare} needs two worlds")
        blanks = {name for _, name, _, _ in Formatter().parse(self.reads) if name is not None}
        if not blanks <= set(BLANKS) or not blanks & {"value", "size"}:
            raise ValueError(f"reads: must hold {{value}} or {{size}}, and none but {BLANKS}")
        if self.flips is not None:
            unknown = [one for one in self.flips.worlds if one not in self.worlds]
            if unknown:
                raise ValueError(f"flips names the worlds {unknown}, none of {list(self.worlds)}")
            if self.flips.base in self.flips.values:
                raise ValueError("flips.values repeats flips.base, which is run anyway")
        return self


__all__ = ["BLANKS", "Claim", "Confidence", "Form", "Reading", "Rule", "Sweep"]
