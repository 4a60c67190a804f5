"""What a scheme declares about speech: points for what is said, and what platforms must hide."""

from __future__ import annotations

from datetime import date

from pydantic import Field, model_validator

from glasstown.declaration import Share, Sourced, parameter
from glasstown.scheme.points import Points


class SpeechRules(Sourced):
    """Points for what is said, and what it is worth to be heard praising.

    Criticism and mobilisation (calls to come together) are different acts: King, Pan and Roberts
    2013 (FACTS T19) find that censorship is aimed at the second.
    """

    praise: Points = parameter(0.0, unit="points per booked post", meaning="For praise.")
    criticism: Points = parameter(0.0, unit="points per booked post", meaning="For criticism.")
    mobilisation: Points = parameter(
        0.0, unit="points per booked post", meaning="For a call to come together."
    )
    praise_pays: float = parameter(
        0.0,
        unit="points of opinion (0 to 255)",
        meaning="How far the hope of points moves a citizen's stance towards praise.",
        ge=0,
        le=128,
    )
    criticism_costs: float = parameter(
        0.0,
        unit="points of opinion (0 to 255)",
        meaning="How far the known penalty moves a citizen's stance away from criticism.",
        ge=0,
        le=128,
    )
    mobilisation_costs: float = parameter(
        0.0,
        unit="points of opinion (0 to 255)",
        meaning="How far the known penalty keeps a critic from mobilising and from gathering.",
        ge=0,
        le=128,
    )


class PlatformRule(Sourced):
    """What a platform does for the state, from the date of a board seat or a golden share on."""

    complies_from: date = Field(description="Date of the board seat or the golden share.")
    hides_criticism: Share = parameter(
        0.0,
        unit="probability",
        meaning="A critic's posts are hidden from ties online.",
        ge=0,
        le=1,
        mechanism="censorship",
    )
    hides_mobilisation: Share = parameter(
        0.0,
        unit="probability",
        meaning="Calls to come together, and who joins, are hidden from ties online.",
        ge=0,
        le=1,
        mechanism="censorship",
    )
    visibility: Share | None = parameter(
        None,
        unit="probability",
        meaning="Probability that a post there can be seen by the watcher, once it complies.",
        ge=0,
        le=1,
        mechanism="watch",
    )
    shut_from: date | None = Field(
        None, description="Date from which it is shut down; its users move to the others."
    )

    @model_validator(mode="after")
    def _dates_in_order(self) -> PlatformRule:
        if self.shut_from is not None and self.shut_from < self.complies_from:
            raise ValueError("shut_from must not be before complies_from")
        return self
