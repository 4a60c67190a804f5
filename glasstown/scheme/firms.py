"""What a scheme declares about firms: scores, lists, inspections, bids, and contagion to owners.

A corporate rating in the manner of FACTS 1.7: compliance starts full and is lost; social
responsibility starts empty and is filled by displays of loyalty and gifts. The rating is their
sum.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from glasstown.declaration import Share, Sourced, parameter
from glasstown.scheme.points import Points
from glasstown.society.declaration import Name, Probability, Service


class FirmRule(Sourced):
    """Points of a firm's rating for a behaviour that was booked to it."""

    behaviour: Name
    points: Points = parameter(unit="points", meaning="Added to the category.")
    category: Literal["compliance", "social"] = "compliance"


class FirmRating(Sourced):
    """The range of the two categories of a firm's rating, and how fast they go back."""

    compliance: float = parameter(
        100.0, unit="points", meaning="Compliance at the start, its most.", ge=1, le=1000
    )
    social: float = parameter(
        100.0, unit="points", meaning="The most of social responsibility; it starts at 0.",
        ge=0, le=1000,
    )  # fmt: skip
    half_life_weeks: float | None = parameter(
        104.0,
        unit="weeks",
        meaning="Time in which what was lost or won halves; nothing: never.",
        ge=4,
        le=1040,
    )


class FirmTier(Sourced):
    """A band of ratings (compliance and social responsibility together)."""

    name: Annotated[str, Field(min_length=1, max_length=20)]
    at_least: float = parameter(unit="points", meaning="Lowest rating of the tier.")


class FirmList(Sourced):
    """The black list of firms."""

    behaviours: dict[Name, Probability] = Field(
        default_factory=dict,
        description="Probability that a booked behaviour of this name enters the firm.",
    )
    below: float | None = parameter(
        None, unit="points", meaning="A rating below this enters the firm."
    )
    term_weeks: int | None = parameter(
        None,
        unit="weeks",
        meaning="Length of the listing; nothing: until performed.",
        ge=1,
        le=1000,
    )
    performed: float = parameter(
        0.0, unit="per listed year", meaning="Rate at which firms perform and leave.", ge=0, le=12
    )


class FirmContagion(Sourced):
    """What a firm's listing does to its owner, and an owner's to the firm."""

    owner_points: Points = parameter(
        0.0, unit="points per period", meaning="Added to the score of a listed firm's owner."
    )
    owner_denies: list[Service] = Field(
        default_factory=list, description="Services denied to the owner of a listed firm."
    )
    firm_points: Points = parameter(
        0.0, unit="points per period", meaning="Added to the compliance of a listed owner's firm."
    )
    bars_bids: bool = Field(False, description="Bids of a listed owner's firm are refused.")


class Firms(Sourced):
    """How firms are scored, listed, inspected and treated."""

    rating: FirmRating | None = None
    rules: list[FirmRule] = Field(default_factory=list, max_length=32)
    tiers: list[FirmTier] = Field(default_factory=list, max_length=5)
    black: FirmList | None = None
    red_above: float | None = parameter(
        None, unit="points", meaning="A rating above this stands on the red list."
    )
    priority: float = parameter(
        1.0,
        unit="ratio",
        meaning="How many times as often a listed firm is inspected.",
        ge=1,
        le=10,
        mechanism="inspections",
    )
    exempt: Share = parameter(
        0.0,
        unit="share",
        meaning="Share of inspections that a red firm is spared.",
        ge=0,
        le=1,
        mechanism="inspections",
    )
    bars_bids: bool = Field(False, description="Bids of a listed firm are refused.")
    favours_bids: bool = Field(False, description="Bids of a red firm go first.")
    contagion: FirmContagion | None = Field(None, json_schema_extra={"mechanism": "firm"})

    @model_validator(mode="after")
    def _fits_together(self) -> Firms:
        needs = {"rules": self.rules, "tiers": self.tiers, "red_above": self.red_above is not None}
        if self.rating is None and any(needs.values()):
            given = ", ".join(key for key, value in needs.items() if value)
            raise ValueError(f"{given} need a rating, and these firms have none")
        lows = [tier.at_least for tier in self.tiers]
        if lows != sorted(set(lows), reverse=True):
            raise ValueError("tiers go from the best to the worst, each at_least below the last")
        if self.contagion is not None and "school" in self.contagion.owner_denies:
            raise ValueError("children ask for school: deny it under household.denies")
        return self
