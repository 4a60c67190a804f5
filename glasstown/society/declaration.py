"""What a scenario may say about its society, and what the behaviour catalogue declares.

Every default here is one parameter set that serves all schemes. Where no published figure
exists the confidence is ``assumed``: such parameters are to be swept, never asserted.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from glasstown.declaration import Declared, Share, Sourced, parameter

Pillar = Literal["government", "commercial", "social", "judicial"]
Channel = Literal[
    "court", "agency", "camera", "payment", "platform", "neighbours", "inspection", "complaint"
]
Actor = Literal["adult", "official", "firm"]
Sector = Literal["food", "manufacturing", "construction", "trade", "services"]
SlopeTrait = Literal["income", "honesty", "civic", "opinion", "boldness", "online", "digital"]
Service = Literal[
    "loan", "flight", "train", "passport", "hospital", "school", "rental", "public_job"
]
Stance = Literal["praise", "criticism", "mobilisation"]
Slope = Annotated[float, Field(ge=-1.0, le=1.0)]
Probability = Annotated[float, Field(ge=0.0, le=1.0)]
Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")]

MAX_GROUPS = 3


class Behaviour(Sourced):
    """Something a citizen does, at a yearly rate, that a channel may see."""

    name: Name
    meaning: str = Field(min_length=1)
    pillar: Pillar
    domain: Name = Field(description="The part of life it belongs to, such as traffic or credit.")
    kind: Literal["offence", "merit", "neutral", "speech"]
    by: Actor = "adult"
    stance: Stance | None = Field(None, description="Speech only: the stance it voices.")
    sectors: list[Sector] = Field(
        default_factory=list, description="Firms only: the sectors that do it; none named: all."
    )
    harmed: int = parameter(
        0,
        unit="consumers per deed",
        meaning="Firms only: mean number of consumers whom one deed harms.",
        ge=0,
        le=10_000,
    )
    inability: bool = Field(False, description="True where the citizen could not do otherwise.")
    rate: float = parameter(
        unit="per adult of the named kind and year",
        meaning="Mean rate in the reference society, at no caution.",
        gt=0,
        le=12,
    )
    traits: dict[SlopeTrait, Slope] = Field(
        default_factory=dict,
        max_length=2,
        description="Slope on each trait v (0 to 1): the rate is times 1 + slope (2 v - 1).",
    )
    deterred: Share = parameter(
        0.0, unit="share", meaning="Share by which full caution lowers the rate.", ge=0, le=1
    )
    seen_by: dict[Channel, Probability] = Field(
        default_factory=dict,
        max_length=2,
        description="Probability that a channel at full coverage could see it.",
    )
    gravity: int = parameter(
        unit="1 (trifle) to 10 (grave crime)",
        meaning="How grave the deed is, for the measure of proportion.",
        ge=0,
        le=10,
    )

    @model_validator(mode="after")
    def _stance_goes_with_speech(self) -> Behaviour:
        if self.stance is not None and self.kind != "speech":
            raise ValueError("a stance goes with kind: speech only")
        if self.by != "firm" and (self.sectors or self.harmed):
            raise ValueError("sectors and harmed go with by: firm only")
        return self


class ServiceDemand(Sourced):
    """How often a service is asked for, and by whom."""

    name: Service
    meaning: str = Field(min_length=1)
    domain: Name
    by: Literal["adult", "child"] = "adult"
    rate: float = parameter(
        unit="requests per citizen of that age and year",
        meaning="Mean rate over adults (or children).",
        gt=0,
        le=40,
    )
    concentration: float = parameter(
        unit="share of citizens",
        meaning="Share of citizens who make nearly all requests; 1 is equal demand.",
        gt=0,
        le=1,
    )


class Platform(Sourced):
    """An online platform: its share of users and how visible posts on it are to the watcher."""

    name: Name
    users: Share = parameter(unit="share of users", meaning="Share of users.", gt=0, le=1)
    visibility: Share = parameter(
        unit="probability", meaning="Probability that a post there can be seen.", ge=0, le=1
    )


class FirmSector(Sourced):
    """A sector of firms: its share of all firms, and how often a firm of it bids."""

    name: Sector
    share: Share = parameter(unit="share of firms", meaning="Share of all firms.", gt=0, le=1)
    bids: float = parameter(
        unit="per firm and year", meaning="Mean rate of bids for public work.", ge=0, le=40
    )


class Group(Declared):
    """A social group that a scenario defines: whole households belong to it or don't."""

    name: Name
    share: Share = parameter(unit="share", meaning="Share of households.", gt=0, le=0.9)
    misidentification: float = parameter(
        1.0,
        unit="ratio to the rest",
        meaning="How many times likelier a member is to be booked for somebody else's deed.",
        source="NISTIR 8280: 10 to 100 times for some groups and algorithms",
        confidence="seen",
        ge=0.0,
        le=100.0,
    )


class Society(Declared):
    """The synthetic society of a scenario: its size, regions, groups and how people respond."""

    citizens: int = parameter(
        1_000_000,
        unit="citizens",
        meaning="Citizens of the synthetic country; 1 citizen is 1 person of it.",
        ge=1_000,
        le=2_000_000_000,
    )
    regions: str = Field(
        "china-2020", description="The packaged region table, or a path to one of the same columns."
    )
    groups: list[Group] = Field(
        default_factory=list, max_length=MAX_GROUPS, description="Social groups of the society."
    )
    household_resemblance: Share = parameter(
        0.4,
        unit="share",
        meaning="Share of household members who share a trait with the head of the household.",
        ge=0,
        le=1,
    )
    sociability: Literal[0.5, 0.75, 0.875, 1.0] = parameter(  # type: ignore[valid-type]
        0.75,
        unit="share",
        meaning="Openness to ties: the share of its bits that are set; 1 makes all of them exist.",
    )
    neighbour_ties: int = parameter(
        3, unit="ties", meaning="Ties of a citizen within the block.", ge=0, le=3
    )
    colleague_ties: int = parameter(
        3, unit="ties", meaning="Ties of a citizen within the community of 64 blocks.", ge=0, le=3
    )
    acquaintance_ties: int = parameter(
        3, unit="ties", meaning="Ties of a citizen within the region.", ge=0, le=3
    )
    online_ties: int = parameter(
        2, unit="ties", meaning="Ties of a citizen anywhere in the country.", ge=0, le=2
    )
    conformity: float = parameter(
        12.0,
        unit="points of opinion (0 to 255) per tie",
        meaning="How far one tie's voiced stance pulls a citizen's own.",
        source="Granovetter 1978; Kuran 1991; size unknown",
        ge=0,
        le=64,
    )
    fear_of_speech: Share = parameter(
        0.8,
        unit="points of opinion per point of caution",
        meaning="How far caution holds back criticism.",
        source="Kuran 1991; size unknown",
        ge=0,
        le=4,
        mechanism="caution",
    )
    praise_from_fear: Share = parameter(
        0.3,
        unit="points of opinion per point of caution",
        meaning="How far caution pushes towards praise.",
        source="Kuran 1991; Jiang and Yang 2016 for the sign; size unknown",
        ge=0,
        le=4,
        mechanism="caution",
    )
    caution_half_life_weeks: float = parameter(
        26.0,
        unit="weeks",
        meaning="Time in which caution halves when nothing happens.",
        source="Penney 2016: views partly recover over 14 months",
        ge=4,
        le=520,
        mechanism="caution",
    )
    caution_from_loss: float = parameter(
        0.5,
        unit="share of caution's range per gravest loss of a scheme",
        meaning="Caution gained when a citizen loses a tenth of the score's range at once.",
        ge=0,
        le=4,
        mechanism="caution",
    )
    caution_from_listing: Share = parameter(
        0.35,
        unit="share of caution's range",
        meaning="Caution gained on being listed.",
        ge=0,
        le=1,
        mechanism="caution",
    )
    caution_from_ties: Share = parameter(
        0.012,
        unit="share of caution's range per tie and reflection",
        meaning="Caution gained for each tie that is listed.",
        ge=0,
        le=0.5,
        mechanism="caution",
    )
    caution_from_shaming: Share = parameter(
        0.03,
        unit="share of caution's range per tie and reflection",
        meaning="Caution gained for each tie that is publicly shamed.",
        ge=0,
        le=0.5,
        mechanism="caution",
    )
    cash_above: Share = parameter(
        0.3,
        unit="share of caution's range",
        meaning="Caution above which a citizen pays cash where it can be avoided to pay digitally.",
        ge=0,
        le=1,
        mechanism="cash",
    )
    cut_above: Share = parameter(
        0.15,
        unit="share of caution's range",
        meaning="Caution above which a citizen starts to cut ties with publicly low citizens.",
        source="Wei et al. 2016, Marketing Science 35(2), for the direction",
        ge=0,
        le=1,
        mechanism="cutting",
    )
    cut_rate: Share = parameter(
        0.15,
        unit="probability per low tie and reflection",
        meaning="How likely such a tie is cut.",
        ge=0,
        le=1,
        mechanism="cutting",
    )
    mend_rate: Share = parameter(
        0.02,
        unit="probability per cut tie and reflection",
        meaning="How likely a cut tie is mended once the other is no longer low.",
        ge=0,
        le=1,
        mechanism="cutting",
    )
    mobilise_above: float = parameter(
        160.0,
        unit="points of opinion (0 to 255)",
        meaning="Resolve from which a critic calls others to come together; at 160 about a third "
        "of the critics without fear do.",
        ge=0,
        le=255,
        mechanism="gatherings",
    )
    gather_effort: float = parameter(
        215.0,
        unit="points of opinion (0 to 255)",
        meaning="What it takes to join a gathering where nobody one knows does; at 215 about one "
        "adult in fifty goes without seeing anybody else go.",
        source="Granovetter 1978, AJS 83(6), for the threshold; size unknown, to be swept: below "
        "about 200 each who joins moves more than one other",
        ge=0,
        le=512,
        mechanism="gatherings",
    )
    gather_peers: float = parameter(
        40.0,
        unit="points of opinion (0 to 255) per tie",
        meaning="How far each tie that is seen to join lowers that.",
        source="Granovetter 1978, AJS 83(6); size unknown",
        ge=0,
        le=255,
        mechanism="gatherings",
    )
    digital_growth: bool = Field(
        True,
        description="Whether internet use and digital payments grow as recorded (FACTS 2.5); "
        "if not, they are as in 2020 all the time.",
        json_schema_extra={"mechanism": "growth"},
    )
    hospital_load: Share = parameter(
        0.85,
        unit="share of capacity",
        meaning="Load on hospitals: arrival rate over service rate.",
        ge=0.05,
        le=0.98,
    )
    hospital_service_minutes: float = parameter(
        30.0, unit="minutes", meaning="Mean time that one hospital visit takes.", ge=1, le=600
    )
    reflection_weeks: Literal[1, 2, 4, 8] = Field(
        4, description="Weeks between two reflections of a block."
    )

    @model_validator(mode="after")
    def _groups_leave_a_rest(self) -> Society:
        if sum(group.share for group in self.groups) > 0.95:
            raise ValueError("the shares of the groups must leave at least 0.05 for the rest")
        if len({group.name for group in self.groups} | {"rest"}) != len(self.groups) + 1:
            raise ValueError("each group needs its own name, and 'rest' is taken")
        return self
