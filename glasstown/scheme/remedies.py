"""What a scheme declares about remedies: notice, appeal, correction, and credit repair."""

from __future__ import annotations

from glasstown.declaration import Share, Sourced, parameter
from glasstown.scheme.points import Points


class Appeal(Sourced):
    """Objection to a listing, and to points that were booked wrongly."""

    rate: Share = parameter(
        unit="probability per listing",
        meaning="An appeal is made by who knows of the listing, pays nothing and lives near.",
        ge=0,
        le=1,
    )
    notice: Share = parameter(
        1.0,
        unit="probability per listing",
        meaning="The listed are told; who is not told does not appeal.",
        ge=0,
        le=1,
    )
    cost: Share = parameter(
        0.0,
        unit="share",
        meaning="Share by which cost lowers the appeals of the poorest (income 0).",
        ge=0,
        le=1,
    )
    far: Share = parameter(
        0.0,
        unit="share of mistaken listings",
        meaning="How many of those listed for another's deed must appeal to a far court.",
        source="FACTS 2.7: a namesake's court was 3,500 km away",
        ge=0,
        le=1,
    )
    distance: Share = parameter(
        0.0,
        unit="share",
        meaning="Share by which a far court lowers appeals.",
        ge=0,
        le=1,
    )
    delay_weeks: int = parameter(
        unit="weeks", meaning="From the entry (or its notice) to the decision.", ge=1, le=520
    )
    success_when_wrong: Share = parameter(
        unit="probability", meaning="Succeeds where the listing is wrong.", ge=0, le=1
    )
    success_when_right: Share = parameter(
        unit="probability", meaning="Succeeds where the listing is right.", ge=0, le=1
    )
    correction: Share = parameter(
        0.0,
        unit="probability per reflection",
        meaning="Points booked for another's deed are found and given back.",
        ge=0,
        le=1,
    )


class Repair(Sourced):
    """Credit repair: leaving a list early, and winning points back, by pledges and service."""

    after_weeks: int = parameter(unit="weeks", meaning="Shortest time on a list.", ge=0, le=520)
    rate: float = parameter(
        unit="per listed year", meaning="Rate of repair after that.", ge=0, le=12
    )
    points: Points = parameter(
        0.0, unit="points per repair", meaning="Won back by a low citizen who repairs."
    )
