"""What a scheme declares about lists: who enters, after which notice, for how long, who leaves."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from glasstown.declaration import Share, Sourced, parameter
from glasstown.society.declaration import Name, Probability


class AbilityTest(Sourced):
    """A look at whether somebody was able to perform, before the entry."""

    recognises_unable: Share = parameter(
        unit="probability", meaning="Who was unable is found so, and is not entered.", ge=0, le=1
    )
    takes_for_unable: Share = parameter(
        0.0,
        unit="probability",
        meaning="Who was able and unwilling is taken for unable, and is not entered.",
        ge=0,
        le=1,
    )


class Listing(Sourced):
    """A list: who enters, for how long, and who leaves early."""

    name: Name
    colour: Literal["black", "red"] = "black"
    behaviours: dict[Name, Probability] = Field(
        default_factory=dict,
        description="Probability that a booked behaviour of this name enters the citizen.",
    )
    score_below: float | None = parameter(
        None, unit="points", meaning="A score below this enters the citizen (black)."
    )
    score_above: float | None = parameter(
        None, unit="points", meaning="A score above this enters the citizen (red)."
    )
    grace_weeks: int = parameter(
        0,
        unit="weeks",
        meaning="Time between notice and publication, in which to perform or to appeal (black).",
        source="FACTS 1.2: 1 to 3 months since January 2020",
        ge=0,
        le=52,
        mechanism="grace",
    )
    ability_test: AbilityTest | None = Field(
        None, description="A test of ability before an entry that a behaviour triggers (black)."
    )
    term_weeks: int | None = parameter(
        None,
        unit="weeks",
        meaning="Length of the listing; nothing: until performed, repaired or corrected.",
        ge=1,
        le=1000,
    )
    term_weeks_unable: int | None = parameter(
        None,
        unit="weeks",
        meaning="Length where the cause is inability (graded terms); nothing: as term_weeks.",
        ge=1,
        le=1000,
    )
    performed: float = parameter(
        0.0,
        unit="per listed year",
        meaning="Rate at which those who are able perform what they owe and leave.",
        ge=0,
        le=12,
    )
    shaming: Share = parameter(
        0.0, unit="probability", meaning="An entry is shown on public screens.", ge=0, le=1
    )

    @model_validator(mode="after")
    def _has_a_trigger(self) -> Listing:
        if not self.behaviours and self.score_below is None and self.score_above is None:
            raise ValueError("needs a trigger: behaviours, score_below or score_above")
        if self.colour == "black" and self.score_above is not None:
            raise ValueError("a black list takes score_below, not score_above")
        if self.colour == "red" and self.score_below is not None:
            raise ValueError("a red list takes score_above, not score_below")
        if self.colour == "red" and (self.grace_weeks or self.ability_test):
            raise ValueError("grace_weeks and ability_test go with a black list")
        return self
