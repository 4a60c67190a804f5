"""What a scheme declares: what the state watches, scores, lists, rewards and punishes.

A scheme is one YAML file, each line with its source and confidence; it is immutable after
loading and identified by a hash. ``list`` and ``score`` are two mechanisms, never one, and
contagion through friends and through the household are two switches.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field, model_validator

from glasstown.declaration import Confidence, Declared, Share, Sourced, parameter
from glasstown.scheme.firms import Firms
from glasstown.scheme.lists import Listing
from glasstown.scheme.points import Points
from glasstown.scheme.remedies import Appeal, Repair
from glasstown.scheme.taking_part import Insiders, Joining
from glasstown.scheme.voice import PlatformRule, SpeechRules
from glasstown.scheme.watching import Watching
from glasstown.society.declaration import Channel, Name, Service

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


class Rule(Sourced):
    """Points won or lost for a behaviour that was booked."""

    behaviour: Name
    points: Points = parameter(unit="points", meaning="Added to the score.")
    since: date | None = Field(None, description="First day on which it holds; nothing: always.")
    until: date | None = Field(None, description="First day on which it no longer holds.")


class Tier(Sourced):
    """A band of scores."""

    name: TierName
    at_least: float = parameter(unit="points", meaning="Lowest score of the tier.")


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
    counted: Literal["each", "once"] = Field(
        "each", description="Whether each low tie costs the points, or all of them together."
    )
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


class Scheme(Declared):
    """A scheme: everything the state does to the society."""

    name: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,39}$")]
    title: str = Field(min_length=1)
    summary: str = Field(min_length=1)
    source: str = Field(min_length=1)
    confidence: Confidence
    participation: Literal["mandatory", "voluntary"] = Field(
        "mandatory", description="Whether citizens may stay out of the score."
    )
    joining: Joining | None = Field(
        None,
        description="Who joins, and who leaves, where participation is voluntary.",
        json_schema_extra={"mechanism": "participation"},
    )
    score: Score | None = None
    channels: dict[Channel, Watching] = Field(
        default_factory=dict, json_schema_extra={"mechanism": "watch"}
    )
    rules: list[Rule] = Field(
        default_factory=list, max_length=64, json_schema_extra={"mechanism": "score"}
    )
    tiers: list[Tier] = Field(default_factory=list, max_length=6)
    low_tier: TierName | None = Field(
        None,
        description="A score in this tier or below it counts as publicly low.",
        json_schema_extra={"mechanism": "tiers"},
    )
    lists: list[Listing] = Field(default_factory=list, max_length=3)
    sanctions: list[Treatment] = Field(default_factory=list)
    rewards: list[Treatment] = Field(default_factory=list)
    shaming: Shaming | None = None
    friends: Friends | None = None
    household: HouseholdContagion | None = None
    speech: SpeechRules | None = None
    platforms: dict[Name, PlatformRule] = Field(
        default_factory=dict, description="What platforms do for the state, and from when."
    )
    cash_ends: date | None = Field(
        None,
        description="Date from which cash no longer serves: all payments are digital.",
        json_schema_extra={"mechanism": "cash_end"},
    )
    insiders: Insiders | None = None
    firms: Firms | None = None
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
            "joining": self.joining,
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
        self._check_participation()
        if any(one.action == "favour" for one in self.sanctions):
            raise ValueError("a sanction denies or delays; 'favour' belongs under rewards")
        if any(one.action != "favour" for one in self.rewards):
            raise ValueError("a reward favours; 'deny' and 'delay' belong under sanctions")
        return self

    def _check_participation(self) -> None:
        """Who stays out stands at the start: nothing may be done to the tier there."""
        if (self.participation == "voluntary") != (self.joining is not None):
            raise ValueError("participation: voluntary and joining go together")
        if self.joining is None or self.score is None or not self.tiers:
            return
        start = self.score.start
        at_start = next((t.name for t in self.tiers if start >= t.at_least), self.tiers[-1].name)
        if any(one.tier == at_start for one in self.sanctions + self.rewards):
            raise ValueError(
                f"tier '{at_start}' holds the start, where those who stay out stand: a voluntary"
                " scheme can't treat it"
            )
