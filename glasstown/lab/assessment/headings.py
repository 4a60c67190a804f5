"""The headings that assessments are filed under, filled from the numbers, and what they leave open.

Article 27(1) (a) to (f), and the HUDERIA's scale, scope, reversibility and probability. What the
simulation can't know (who runs the system, under which law) is said as such, not guessed.
"""

from __future__ import annotations

from collections.abc import Sequence

from glasstown.lab.assessment.chill import gap
from glasstown.lab.assessment.domains import schemes_of
from glasstown.lab.assessment.estimates import (
    Estimate,
    Section,
    Table,
    flow_per_100_000,
    last,
    over_seeds,
    pooled,
    quantile,
    ratio,
    total,
)
from glasstown.lab.assessment.members import Record
from glasstown.lab.assessment.remedies import left
from glasstown.lab.assessment.variants import NONE, SCHEME, SWITCHED_OFF
from glasstown.lab.assessment.wrongs import ENTRIES
from glasstown.lab.scenario import Scenario
from glasstown.lab.wording import counted, joined, noun, percent

LIMITS = (
    "These are measures of a synthetic society under the rules of a file. They are no legal "
    "verdict: whether a practice is prohibited, justified or proportionate is for lawyers, "
    "regulators and courts.",
    "Most rates of behaviour, slopes, visibilities and the response of people to punishment are "
    "assumptions (each marked so in its file). Intervals say what luck does, not how sure these "
    "are: vary them (glasstown run --set) before leaning on a size.",
    "No published figure exists for wrongful listings or for the success of appeals; both are set "
    "by the scheme's file and drive the findings on errors and remedies.",
    "Gravity is the project's own scale. The domain of a deed or a service is one word each; "
    "another assignment gives another matrix.",
    "Traits are those of the model. Sex, ethnicity, disability, migration and religion are not in "
    "it; a scenario's own groups differ in what it declares of them only.",
    "The law asks more than was measured here: who provides and deploys the system, its purpose, "
    "its legal basis, and whether it is an AI system at all.",
)


def fria(records: Sequence[Record], scenario: Scenario, found: dict[str, Section]) -> Section:
    """Return Article 27(1) (a) to (f), filled as far as a simulation can."""
    schemes = schemes_of(scenario)
    answers = {
        "(a) The process in which it is used": _process(scenario),
        "(b) Period and frequency of use": _frequency(records, scenario),
        "(c) Categories of people affected": _affected(records, found),
        "(d) Specific risks of harm": [*found["wrongs"].sentences[:3],
                                       *found["association"].sentences[-1:],
                                       *found["chill"].sentences[1:3]],
        "(e) Human oversight": _oversight(scenario, found),
        "(f) Measures if risks materialise": [
            *found["remedies"].sentences[:2], *found["reversibility"].sentences[:2],
        ],
    }  # fmt: skip
    rows = tuple((heading, " ".join(said)) for heading, said in answers.items())
    table = Table("fria", "Article 27(1), as far as a simulation can fill it",
                  ("element", "from this assessment"), rows)  # fmt: skip
    named = joined([one.title for one in schemes])
    return Section(
        "fria", "Fundamental rights impact assessment, by heading",
        "Article 27(1)(a) to (f) of Regulation (EU) 2024/1689",
        (f"Filled from the rules and runs of: {named}. What only a deployer knows is left open.",),
        (table,), {"elements": answers},
    )  # fmt: skip


def _process(scenario: Scenario) -> list[str]:
    said = []
    for one in schemes_of(scenario):
        channels = joined(list(one.channels)) or "nothing"
        score = "It keeps a score. " if one.score is not None else "It keeps no score. "
        said.append(
            f"{one.title}: {one.summary.rstrip('.')}. It watches through {channels}. {score}"
            f"{noun(len(one.lists), 'list')}, {noun(len(one.sanctions), 'sanction')}, "
            f"{noun(len(one.rewards), 'reward')}; participation is {one.participation}."
        )
    said.append("Purpose, provider, deployer and legal basis: to be filled in by the deployer.")
    return said


def _frequency(records: Sequence[Record], scenario: Scenario) -> list[str]:
    made = over_seeds(
        records,
        lambda one: flow_per_100_000(one, SCHEME, "booked", "misbooked", "false_matches") / 1e5,
    )
    every = scenario.society.reflection_weeks
    return [
        f"Simulated from {scenario.start} for {counted(scenario.weeks)} weeks, without a break; "
        f"records count in the week in which they are made, points for others every {every} weeks.",
        f"Records made per adult and year: {made.said() if made else 'none'}.",
    ]


def _affected(records: Sequence[Record], found: dict[str, Section]) -> list[str]:
    ever = records[0]["cells"][0]
    share = over_seeds(
        records, lambda one: ratio(one["cells"][0]["shut_out"], one["cells"][0]["adults"])
    )
    said = [f"{counted(ever['adults'])} adults in each country."]
    if share is not None:
        said.append(f"{share.said('percent')} of them were ever shut out of a service.")
    return [*said, *found["disparity"].sentences[:3]]


def _oversight(scenario: Scenario, found: dict[str, Section]) -> list[str]:
    said = []
    for one in schemes_of(scenario):
        parts = []
        if one.appeal is not None and "appeal" not in scenario.without:
            parts.append(
                f"appeal (made in {percent(one.appeal.rate)} of cases known, decided after "
                f"{noun(one.appeal.delay_weeks, 'week')}, right in "
                f"{percent(one.appeal.success_when_wrong)} where the listing is wrong)"
            )
        if any(black.grace_weeks for black in one.lists) and "grace" not in scenario.without:
            parts.append("notice before an entry")
        tested = any(black.ability_test is not None for black in one.lists)
        if tested and "ability_test" not in scenario.without:
            parts.append("a test of ability before an entry")
        if one.repair is not None and "repair" not in scenario.without:
            parts.append("credit repair")
        said.append(f"{one.title} declares: {joined(parts) or 'no look by a human at all'}.")
    return [*said, *found["remedies"].sentences[1:3]]


def huderia(records: Sequence[Record]) -> Section:
    """Return the harms by scale, scope, reversibility and probability."""
    rows, measures = [], {}
    for name, (scale, scope, remains, chance) in _harms(records).items():
        if chance is None or chance.mean <= 0:
            continue
        rows.append((
            name, scale, "" if scope is None else scope.short("percent"),
            "not measured" if remains is None else f"{remains.short('percent')} left",
            f"{chance.short()} {_unit(name)}",
        ))  # fmt: skip
        measures[name] = {
            "scale": scale, "scope": scope, "left_after_switching_off": remains,
            "probability": chance, "probability_unit": _unit(name),
        }  # fmt: skip
    table = Table(
        "huderia", "Harms by severity and probability",
        ("harm", "scale: for whom it happens to", "scope: share of adults",
         "reversibility", "probability"), tuple(rows),
        "Scope counts people ever touched, or standing in the state at the end where no history is "
        "kept of it (silence, screens). Probability counts events. What is left counts who is "
        "still in the state after switching off: time and services lost are never given back.",
    )  # fmt: skip
    said = (
        f"{noun(len(rows), 'harm')} came up in the runs."
        if rows
        else "No harm came up in the runs."
    )
    return Section(
        "huderia", "Severity and probability (HUDERIA)",
        "Council of Europe: scale, scope, reversibility and probability of adverse impacts",
        (said,), (table,) if rows else (), measures,
    )  # fmt: skip


SILENCE = "silence"


def _unit(name: str) -> str:
    """Return what a probability counts; of silence there are no events, only who stands in it."""
    return "of 1,000 adults at the end" if name == SILENCE else "per 1,000 adults and year"


Harm = tuple[str, Estimate | None, Estimate | None, Estimate | None]


def _harms(records: Sequence[Record]) -> dict[str, Harm]:
    def remains(name: str) -> Estimate | None:
        if not all(SWITCHED_OFF in one["totals"] and NONE in one["totals"] for one in records):
            return None
        return over_seeds(records, lambda one: left(one, name))

    def ever(outcome: str) -> Estimate | None:
        return over_seeds(
            records, lambda one: ratio(one["cells"][0][outcome], one["cells"][0]["adults"])
        )

    def flow(*names: str) -> Estimate | None:
        return over_seeds(records, lambda one: flow_per_100_000(one, SCHEME, *names) / 100)

    def started(*, is_wrong: bool) -> Estimate | None:
        key = "shut_out_wrongly" if is_wrong else "shut_out"
        return over_seeds(
            records,
            lambda one: 1000 * one["cells"][0][key] / total(one, SCHEME, "adults") * 365.25 / 7,
        )

    silence = over_seeds(
        records, lambda one: gap(one, SCHEME) - gap(one, NONE) if NONE in one["totals"] else None
    )
    faces = over_seeds(
        records, lambda one: ratio(last(one, SCHEME, "shamed"), last(one, SCHEME, "adults"))
    )
    return {
        "shut out of services": (
            _long(records, "shut_out"), ever("shut_out"), remains("shut_out"),
            started(is_wrong=False)),
        "shut out, not for own doing": (
            _long(records, "shut_out_wrongly"), ever("shut_out_wrongly"), remains("shut_out"),
            started(is_wrong=True)),
        "entered on a black list": (
            _listing(records), ever("listed"), None, flow(*ENTRIES)),
        "shown on public screens": ("face and fall made public", faces, None, flow("shamings")),
        "children kept from schools": (
            "a school place refused", None, None, flow("denied_school")),
        SILENCE: ("an opinion not voiced", silence, remains("silence"),
                    None if silence is None else _positive(silence)),
        "ties cut": ("a tie to somebody low is cut", None, remains("ties"), flow("ties_cut")),
    }  # fmt: skip


def _positive(one: Estimate) -> Estimate:
    """Return a standing share as a count of 1,000 adults."""
    ends = [None if end is None else 1000 * end for end in (one.low, one.high)]
    return Estimate(1000 * one.mean, ends[0], ends[1], one.seeds)


def _long(records: Sequence[Record], key: str) -> str:
    weeks = pooled(records, "weeks", key)
    if not weeks:
        return ""
    return f"{quantile(weeks, 0.5)} weeks at the median, {quantile(weeks, 0.99)} for one in 100"


def _listing(records: Sequence[Record]) -> str:
    ended: dict[int, int] = {}
    for cause in {cause for one in records for cause in one["listings"]}:
        for weeks, count in pooled(records, "listings", cause).items():
            ended[weeks] = ended.get(weeks, 0) + count
    return f"{quantile(ended, 0.5)} weeks at the median" if ended else "none had ended"
