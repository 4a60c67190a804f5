"""What a scheme declares: what the state watches, scores, lists, rewards and punishes.

A scheme is one YAML file, each line with its source and confidence; it is immutable after
loading and identified by a hash. ``list`` and ``score`` are two mechanisms, never one, and
contagion through friends and through the household are two switches.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from glasstown.declaration import Confidence, Declared, Share, Sourced, parameter
from glasstown.society.declaration import Channel, Name, Service

Points = Annotated[float, Field(ge=-1000, le=1000, multiple_of=0.1)]
TierName = Annotated[str, Field(min_length=1, max_length=20)]


class Score(Sourced):
    """The range of the score."""

    start: float = parameter(unit="points", meaning="Score at the start.", ge=0, le=2000)
    floor: float = parameter(0.0, unit="points", meaning="Lowest score.", ge=-1000, le=2000)
    ceiling: float = parameter(unit="points", meaning="Highest score.", ge=0, le=2000)

    @model_validator(mode="after")
    def _in_order(self) -> Score:
        if not self.floor <= self.start <= self.ceiling or self.floor == self.ceiling:
            raise ValueError("must hold: floor <= start <= ceiling, and floor < ceiling")
        return self


class Watching(Sourced):
    """How one channel watches."""

    urban: Share = parameter(unit="share", meaning="Coverage of urban life.", ge=0, le=1)
    rural: Share = parameter(unit="share", meaning="Coverage of rural life.", ge=0, le=1)
    miss: Share = parameter(
        0.0, unit="probability", meaning="A deed in view is missed.", ge=0, le=1
    )
    misidentification: Share = parameter(
        0.0, unit="probability", meaning="A deed that is seen is booked to another.", ge=0, le=0.5
    )
    false_match: Share = parameter(
        0.0,
        unit="probability per search",
        meaning="A search of somebody who did nothing gives a match (FPIR).",
        source="NISTIR 8280 fixes 0.003 on cooperative images; sweep 1e-4 to 1e-2",
        ge=0,
        le=0.05,
    )
    searches: float = parameter(
        0.0,
        unit="searches per adult and year",
        meaning="How often a citizen is searched for, at full coverage.",
        ge=0,
        le=100,
    )
    false_match_as: Name | None = Field(
        None, description="The behaviour that a false match is booked as."
    )

    @model_validator(mode="after")
    def _false_match_is_booked(self) -> Watching:
        if self.false_match * self.searches > 0 and self.false_match_as is None:
            raise ValueError("false_match with searches needs false_match_as, a behaviour")
        return self


class Rule(Sourced):
    """Points won or lost for a behaviour that was booked."""

    behaviour: Name
    points: Points = parameter(unit="points", meaning="Added to the score.")


class Tier(Sourced):
    """A band of scores."""

    name: TierName
    at_least: float = parameter(unit="points", meaning="Lowest score of the tier.")


class Listing(Sourced):
    """A list: who enters, for how long, and who leaves early."""

    name: Name
    colour: Literal["black", "red"] = "black"
    behaviours: dict[Name, Share] = Field(
        default_factory=dict,
        description="Probability that a booked behaviour of this name enters the citizen.",
    )
    score_below: float | None = parameter(
        None, unit="points", meaning="A score below this enters the citizen (black)."
    )
    score_above: float | None = parameter(
        None, unit="points", meaning="A score above this enters the citizen (red)."
    )
    term_weeks: int | None = parameter(
        None,
        unit="weeks",
        meaning="Length of the listing; nothing: until performed, repaired or corrected.",
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
        return self


class Treatment(Sourced):
    """What a tier or a list does to a request for a service."""

    tier: TierName | None = None
    list: Name | None = None
    service: Service
    action: Literal["deny", "delay", "favour"] = Field(
        description="Refuse it, serve it after all others, or serve it first."
    )

    @model_validator(mode="after")
    def _on_one_thing(self) -> Treatment:
        if (self.tier is None) == (self.list is None):
            raise ValueError("needs exactly one of tier and list")
        return self


class Shaming(Sourced):
    """Faces on screens for those who fall to the lowest tier."""

    lowest_tier: Share = parameter(
        unit="probability per fall", meaning="A fall to the lowest tier is shown.", ge=0, le=1
    )
    caution: Share = parameter(
        0.2, unit="share of caution's range", meaning="Caution gained by who is shamed.", ge=0, le=1
    )


class Friends(Sourced):
    """Points lost for friends with publicly low scores."""

    threshold_ties: int = parameter(
        unit="ties", meaning="Low ties from which points are lost.", ge=1, le=11
    )
    points: Points = parameter(unit="points per low tie and period", meaning="Added to the score.")
    period_weeks: int = parameter(
        4,
        unit="weeks",
        meaning="Period of the reckoning; a multiple of the reflection.",
        ge=1,
        le=8,
    )


class HouseholdContagion(Sourced):
    """What a household loses for its listed or low members."""

    points: Points = parameter(
        0.0, unit="points per such member and period", meaning="Added to the score."
    )
    denies: list[Service] = Field(
        default_factory=list, description="Services denied to the members of a listed household."
    )


class Expiry(Sourced):
    """Points fade towards the start."""

    half_life_weeks: float = parameter(
        unit="weeks", meaning="Time in which points won or lost halve.", ge=4, le=1040
    )


class Appeal(Sourced):
    """Objection to a listing, and to points that were booked wrongly."""

    rate: Share = parameter(
        unit="probability per listing", meaning="An appeal is made.", ge=0, le=1
    )
    delay_weeks: int = parameter(unit="weeks", meaning="From entry to decision.", ge=1, le=520)
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


class SpeechRules(Sourced):
    """Points for what is said, and what it is worth to be heard praising."""

    praise: Points = parameter(0.0, unit="points per booked post", meaning="For praise.")
    criticism: Points = parameter(0.0, unit="points per booked post", meaning="For criticism.")
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


class Scheme(Declared):
    """A scheme: everything the state does to the society."""

    name: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,39}$")]
    title: str = Field(min_length=1)
    summary: str = Field(min_length=1)
    source: str = Field(min_length=1)
    confidence: Confidence
    participation: Literal["mandatory"] = Field(
        "mandatory", description="Whether citizens may stay out; voluntary schemes come later."
    )
    score: Score | None = None
    channels: dict[Channel, Watching] = Field(default_factory=dict)
    rules: list[Rule] = Field(default_factory=list, max_length=64)
    tiers: list[Tier] = Field(default_factory=list, max_length=6)
    low_tier: TierName | None = Field(
        None, description="A score in this tier or below it counts as publicly low."
    )
    lists: list[Listing] = Field(default_factory=list, max_length=3)
    sanctions: list[Treatment] = Field(default_factory=list)
    rewards: list[Treatment] = Field(default_factory=list)
    shaming: Shaming | None = None
    friends: Friends | None = None
    household: HouseholdContagion | None = None
    speech: SpeechRules | None = None
    expiry: Expiry | None = None
    appeal: Appeal | None = None
    repair: Repair | None = None

    @model_validator(mode="after")
    def _fits_together(self) -> Scheme:
        names = [tier.name for tier in self.tiers]
        lists = [one.name for one in self.lists]
        if len(set(names)) != len(names) or len(set(lists)) != len(lists):
            raise ValueError("tiers and lists need names of their own")
        lows = [tier.at_least for tier in self.tiers]
        if lows != sorted(lows, reverse=True) or len(set(lows)) != len(lows):
            raise ValueError("tiers go from the best to the worst, each at_least below the last")
        needs_score = {
            "rules": self.rules, "tiers": self.tiers, "speech": self.speech,
            "friends": self.friends, "expiry": self.expiry, "shaming": self.shaming,
        }  # fmt: skip
        if self.score is None and any(needs_score.values()):
            given = ", ".join(key for key, value in needs_score.items() if value)
            raise ValueError(f"{given} need a score, and this scheme declares none")
        if self.low_tier is not None and self.low_tier not in names:
            raise ValueError(f"low_tier '{self.low_tier}' is none of the tiers {names}")
        for one in self.sanctions + self.rewards:
            if one.tier is not None and one.tier not in names:
                raise ValueError(f"a treatment names tier '{one.tier}', none of {names}")
            if one.list is not None and one.list not in lists:
                raise ValueError(f"a treatment names list '{one.list}', none of {lists}")
        for one in self.sanctions + self.rewards:
            if one.service == "school":
                raise ValueError("children ask for school: deny it under household.denies")
            if one.action == "delay" and one.service != "hospital":
                raise ValueError(f"only hospital has a queue to be delayed in, not {one.service}")
        if any(one.action == "favour" for one in self.sanctions):
            raise ValueError("a sanction denies or delays; 'favour' belongs under rewards")
        if any(one.action != "favour" for one in self.rewards):
            raise ValueError("a reward favours; 'deny' and 'delay' belong under sanctions")
        return self
