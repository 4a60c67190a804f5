"""What is run beside a scheme: the same society and the same luck, with one thing different."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from glasstown.errors import GlasstownError
from glasstown.lab.assessment.domains import (
    MISTAKES,
    OTHERS,
    has,
    punished_domains,
    schemes_of,
    without_domain,
)
from glasstown.lab.claims.catalogue import catalogue
from glasstown.lab.phases import WEEK, Phase
from glasstown.lab.scenario import Scenario, load_scenario
from glasstown.scheme.loading import load_scheme

SCHEME, NONE, ENFORCEMENT, SWITCHED_OFF, APART, NO_APPEAL = (
    "scheme", "none", "enforcement", "switched_off", "apart", "no_appeal",
)  # fmt: skip
DOMAIN, HOP = "domain:", "without:"
ENFORCEMENT_CLAIM = "fraud_beyond_enforcement"


class Variant(NamedTuple):
    """A scenario that is run, under a name that tells what is different; ``what`` in words."""

    name: str
    what: str
    scenario: Scenario


class Plan(NamedTuple):
    """What is run, and what could not be prepared, with the reason."""

    variants: tuple[Variant, ...]
    failures: dict[str, str]


def enforcement_without() -> tuple[str, ...]:
    """Return what ordinary enforcement leaves out, as the catalogue of claims declares it."""
    claim = next(one for one in catalogue() if one.name == ENFORCEMENT_CLAIM)
    return tuple(claim.worlds[ENFORCEMENT]["without"])


def half_time(scenario: Scenario) -> int:
    """Return the week (from 0) in which the scheme is switched off."""
    return scenario.weeks // 2


def planned(scenario: Scenario) -> Plan:
    """Return everything that is run for a scenario."""
    made: list[Variant] = []
    failures: dict[str, str] = {}
    for name, what, make in _wanted(scenario):
        try:
            made.append(Variant(name, what, load_scenario(make())))
        except (GlasstownError, ValueError) as error:
            failures[name] = f"could not be prepared: {error}"
    return Plan(tuple(made), failures)


def _wanted(scenario: Scenario) -> Iterator[tuple[str, str, Callable[[], Scenario]]]:
    """Yield name, words and maker of every variant that can differ from the scheme."""

    def left_out(*names: str) -> Callable[[], Scenario]:
        kept = [*scenario.without, *(one for one in names if one not in scenario.without)]
        return lambda: scenario.model_copy(update={"without": kept})

    yield SCHEME, "the scheme as it is", lambda: scenario
    yield NONE, "no scheme at all", lambda: without_scheme(scenario)
    if any(_penalises(one.model_dump()) for one in schemes_of(scenario)):
        yield ENFORCEMENT, "ordinary enforcement", left_out(*enforcement_without())
    yield SWITCHED_OFF, "switched off at half time", lambda: _switched_off(scenario)
    hops = [one for one in OTHERS if has(scenario, one)]
    for one in hops:
        yield f"{HOP}{one}", f"without contagion through {one}", left_out(one)
    if len(hops) > 1:
        yield APART, "without any contagion", left_out(*hops)
    if has(scenario, MISTAKES):
        yield f"{HOP}{MISTAKES}", "without records booked by mistake", left_out(MISTAKES)
    if has(scenario, "appeal"):
        yield NO_APPEAL, "without appeal", left_out("appeal")
    for domain in punished_domains(scenario):
        yield f"{DOMAIN}{domain}", f"without penalties for {domain}", _blind_to(scenario, domain)


def _blind_to(scenario: Scenario, domain: str) -> Callable[[], Scenario]:
    return lambda: without_domain(scenario, domain)


def _penalises(scheme: dict[str, object]) -> bool:
    """Tell whether a scheme takes points: ordinary enforcement keeps that as a penalty."""
    rules = scheme["rules"]
    return isinstance(rules, list) and any(one["points"] < 0 for one in rules)


def without_scheme(scenario: Scenario) -> Scenario:
    """Return a scenario's society under no scheme at all."""
    return scenario.model_copy(update={"scheme": load_scheme("none"), "rollout": []})


def _switched_off(scenario: Scenario) -> Scenario:
    """Return the scenario with every scheme ended at half time."""
    day = scenario.start + half_time(scenario) * WEEK
    is_staged = bool(scenario.rollout) and "rollout" not in scenario.without
    before = scenario.rollout if is_staged else [Phase(since=scenario.start, scheme=None)]
    phases = [one for one in before if one.since < day]
    phases.append(Phase(since=day, scheme=load_scheme("none")))
    without = [one for one in scenario.without if one != "rollout"]
    return scenario.model_copy(update={"rollout": phases, "without": without})
