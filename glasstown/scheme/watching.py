"""What a scheme declares about its channels: coverage by settlement and date, and errors."""

from __future__ import annotations

from pydantic import Field, model_validator

from glasstown.declaration import Share, Sourced, parameter
from glasstown.scheme.dated import DatedShare, in_order
from glasstown.society.declaration import Name


class Watching(Sourced):
    """How one channel watches."""

    urban: DatedShare = parameter(
        unit="share", meaning="Coverage of urban life: a number, or points by date."
    )
    rural: DatedShare = parameter(
        unit="share", meaning="Coverage of rural life: a number, or points by date."
    )
    miss: Share = parameter(
        0.0,
        unit="probability",
        meaning="A deed in view is missed.",
        ge=0,
        le=1,
        mechanism="misses",
    )
    misidentification: Share = parameter(
        0.0,
        unit="probability",
        meaning="A deed that is seen is booked to another.",
        ge=0,
        le=0.5,
        mechanism="misidentification",
    )
    false_match: Share = parameter(
        0.0,
        unit="probability per search",
        meaning="A search of somebody who did nothing gives a match (FPIR).",
        source="NISTIR 8280 fixes 0.003 on cooperative images; sweep 1e-4 to 1e-2",
        ge=0,
        le=0.05,
        mechanism="misidentification",
    )
    searches: float = parameter(
        0.0,
        unit="searches per adult and year",
        meaning="How often a citizen is searched for, at full coverage.",
        ge=0,
        le=100,
        mechanism="misidentification",
    )
    false_match_as: Name | None = Field(
        None, description="The behaviour that a false match is booked as."
    )

    @model_validator(mode="after")
    def _false_match_is_booked(self) -> Watching:
        if self.false_match * self.searches > 0 and self.false_match_as is None:
            raise ValueError("false_match with searches needs false_match_as, a behaviour")
        if not (in_order(self.urban) and in_order(self.rural)):
            raise ValueError("the dates of urban and rural must rise from one point to the next")
        return self
