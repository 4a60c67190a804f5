"""What a scheme declares about who takes part, and about those who run it."""

from __future__ import annotations

from glasstown.declaration import Share, Sourced, parameter
from glasstown.scheme.points import Points


class Joining(Sourced):
    """Who joins a scheme that citizens may stay out of: a choice with reasons.

    Who is aware joins when private support and the expected reward outweigh fear. Lists that
    behaviours trigger hold for everybody, member or not.
    """

    awareness: Share = parameter(
        0.11,
        unit="share of adults",
        meaning="Adults who know of the scheme.",
        source="FACTS 2.6: 11 % in pilot areas knew (targets O11)",
        confidence="seen",
        ge=0,
        le=1,
    )
    reward: float = parameter(
        0.0,
        unit="points of opinion (0 to 255)",
        meaning="How much the hope of rewards speaks for joining.",
        ge=0,
        le=255,
    )
    fear: float = parameter(
        0.5,
        unit="points of opinion per point of caution",
        meaning="How much caution speaks against joining.",
        ge=0,
        le=4,
    )
    leave_below: float | None = parameter(
        None,
        unit="points",
        meaning="Members whose score falls below this leave; nothing: nobody can leave.",
    )


class Insiders(Sourced):
    """Officials who lift the scores of their own ties, and strike them off lists.

    Hmaidi 2018 (35C3): most systems are prone to manipulation by leaders of all levels. A citizen
    who is publicly low or listed and has a tie to a dishonest official may ask for help.
    """

    dishonest: Share = parameter(
        0.25,
        unit="share of officials",
        meaning="Officials, by honesty from the lowest, who help their ties.",
        ge=0,
        le=1,
    )
    rate: float = parameter(
        1.0, unit="per low year", meaning="How often a publicly low citizen asks.", ge=0, le=12
    )
    points: Points = parameter(
        0.0, unit="points per favour", meaning="How far a favour lifts the score."
    )
    strikes: float = parameter(
        0.0,
        unit="per listed year",
        meaning="How often a listed citizen asks to be struck off.",
        ge=0,
        le=12,
    )
    caught: Share = parameter(
        0.0,
        unit="probability per favour",
        meaning="The favour is found out and undone; 0 where nobody watches officials.",
        ge=0,
        le=1,
    )
