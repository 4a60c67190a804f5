"""Parts of life: where the data of a scheme arise, and where it acts on people.

Every behaviour and every service has a domain; the words are the same where the part of life is
the same, so treatment is in the same context exactly where the two are equal. What is held
against somebody for others (friends, household, firm), or by mistake, arose in no domain of
theirs.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from glasstown.lab.scenario import Scenario
from glasstown.scheme.declaration import Rule, Scheme
from glasstown.scheme.having import has_mechanism
from glasstown.scheme.loading import scheme_hash
from glasstown.society.catalogue import behaviours, services
from glasstown.society.declaration import Behaviour

OTHERS = ("friends", "household", "firm")
"""Contagions: what is held against somebody arose in somebody else's life."""
MISTAKES = "misidentification"
LEFT_OUT = {"source": "left out, to measure what hangs on it", "confidence": "assumed"}


def domain_of_service() -> dict[str, str]:
    """Return the domain of each service."""
    return {one.name: one.domain for one in services()}


def schemes_of(scenario: Scenario) -> list[Scheme]:
    """Return the schemes that a scenario brings, each once, those without any rule left out."""
    brought = [one.scheme or scenario.scheme for one in scenario.rollout] or [scenario.scheme]
    if "rollout" in scenario.without:
        brought = [scenario.scheme]
    once = {scheme_hash(one): one for one in brought}
    return list(once.values())


def has(scenario: Scenario, mechanism: str) -> bool:
    """Tell whether a scenario's schemes have a mechanism that is not left out."""
    if mechanism in scenario.without:
        return False
    return any(has_mechanism(one, mechanism) for one in schemes_of(scenario))


def points_of(scheme: Scheme, behaviour: Behaviour) -> float:
    """Return the points that a record of a citizen's behaviour moves, at its worst date."""
    ruled = [rule.points for rule in scheme.rules if rule.behaviour == behaviour.name]
    if ruled:
        return min(ruled)
    if scheme.speech is not None and behaviour.stance is not None:
        return float(getattr(scheme.speech, behaviour.stance))
    return 0.0


def chances_of(scheme: Scheme, behaviour: str) -> dict[str, float]:
    """Return the probability that a record of a behaviour enters each black list."""
    return {
        one.name: one.behaviours[behaviour]
        for one in scheme.lists
        if one.colour == "black" and one.behaviours.get(behaviour, 0.0) > 0
    }


def is_punished(scheme: Scheme, behaviour: Behaviour) -> bool:
    """Tell whether a record of a behaviour costs points or may enter a black list."""
    if behaviour.by != "firm":
        return points_of(scheme, behaviour) < 0 or bool(chances_of(scheme, behaviour.name))
    firms = scheme.firms
    if firms is None:
        return False
    ruled = any(one.behaviour == behaviour.name and one.points < 0 for one in firms.rules)
    return ruled or (firms.black is not None and firms.black.behaviours.get(behaviour.name, 0) > 0)


def punished_domains(scenario: Scenario) -> list[str]:
    """Return the domains in which a scenario's schemes punish anything, in catalogue order."""
    found = [
        one.domain
        for one in behaviours()
        if any(is_punished(scheme, one) for scheme in schemes_of(scenario))
    ]
    return list(dict.fromkeys(found))


def without_domain(scenario: Scenario, domain: str) -> Scenario:
    """Return a scenario whose schemes punish nothing that arises in a domain."""
    phases = [
        one if one.scheme is None else one.model_copy(update={"scheme": _blind(one.scheme, domain)})
        for one in scenario.rollout
    ]
    return scenario.model_copy(
        update={"scheme": _blind(scenario.scheme, domain), "rollout": phases}
    )


def _blind(scheme: Scheme, domain: str) -> Scheme:
    """Return a scheme that punishes nothing of a domain; what it rewards stays."""
    there = {one.name: one for one in behaviours() if one.domain == domain}
    rules = [one for one in scheme.rules if not (one.behaviour in there and one.points < 0)]
    ruled = {one.behaviour for one in rules}
    rules += [
        Rule.model_validate({"behaviour": name, "points": 0.0, **LEFT_OUT})
        for name, one in there.items()
        if name not in ruled and one.by != "firm" and points_of(scheme, one) < 0
        and one.stance is not None
    ]  # fmt: skip
    lists = [
        one if one.colour == "red" else one.model_copy(
            update={"behaviours": _never(one.behaviours, there)}
        )
        for one in scheme.lists
    ]  # fmt: skip
    changes: dict[str, object] = {"rules": rules, "lists": lists}
    if scheme.firms is not None:
        firms = scheme.firms
        kept = [one for one in firms.rules if not (one.behaviour in there and one.points < 0)]
        black = firms.black
        if black is not None:
            black = black.model_copy(update={"behaviours": _never(black.behaviours, there)})
        changes["firms"] = firms.model_copy(update={"rules": kept, "black": black})
    return scheme.model_copy(update=changes)


def _never(chances: dict[str, float], there: dict[str, Behaviour]) -> dict[str, float]:
    return {name: 0.0 if name in there else chance for name, chance in chances.items()}


class Link(NamedTuple):
    """One thing that may be held against somebody, and one service that is touched for it."""

    source: str
    source_domain: str
    service: str
    treatment_domain: str

    @property
    def is_same(self) -> bool:
        """Whether the treatment is in the part of life in which the data arose."""
        return self.source_domain == self.treatment_domain


def declared_links(scenario: Scenario) -> list[Link]:
    """Return every link that a scenario's rules declare, each pair of source and service once."""
    found = {
        (link.source, link.service): link
        for scheme in schemes_of(scenario)
        for link in _links(scheme, scenario.without)
    }
    return list(found.values())


def _links(scheme: Scheme, without: Sequence[str]) -> Iterator[Link]:
    domain = domain_of_service()
    by_tier, by_list = _treated(scheme, without)
    by_score = by_tier | {
        service
        for one in scheme.lists
        if one.colour == "black" and one.score_below is not None
        for service in by_list[one.name]
    }
    contagion = scheme.firms.contagion if scheme.firms and "firms" not in without else None
    for one in behaviours():
        reached: set[str] = set()
        if one.by == "firm":
            if is_punished(scheme, one) and contagion is not None and "firm" not in without:
                reached = set(contagion.owner_denies)
        else:
            mechanism = "speech" if one.kind == "speech" else "score"
            if points_of(scheme, one) < 0 and mechanism not in without:
                reached |= by_score
            for name in chances_of(scheme, one.name):
                reached |= by_list[name]
        for service in sorted(reached):
            yield Link(one.name, one.domain, service, domain[service])
    for name, reached in _by_others(scheme, by_score, without).items():
        for service in sorted(reached):
            yield Link(name, name, service, domain[service])


def _treated(scheme: Scheme, without: Sequence[str]) -> tuple[set[str], dict[str, set[str]]]:
    """Return the services that tiers touch, and those that each black list touches."""
    by_list: dict[str, set[str]] = {one.name: set() for one in scheme.lists}
    by_tier: set[str] = set()
    for one in [] if "sanctions" in without else scheme.sanctions:
        if one.list is not None and "lists" not in without:
            by_list[one.list].add(one.service)
        elif one.tier is not None and "tiers" not in without:
            by_tier.add(one.service)
    return by_tier, by_list


def _by_others(
    scheme: Scheme, by_score: set[str], without: Sequence[str]
) -> dict[str, set[str]]:  # fmt: skip
    """Return the services that are touched for what others did, by contagion."""
    found: dict[str, set[str]] = {}
    firms = scheme.firms
    if scheme.friends is not None and scheme.friends.points < 0:
        found["friends"] = set(by_score)
    if scheme.household is not None:
        found["household"] = set(scheme.household.denies)
        found["household"] |= by_score if scheme.household.points < 0 else set()
    if firms is not None and firms.contagion is not None and firms.contagion.owner_points < 0:
        found["firm"] = set(by_score)
    return {name: reached for name, reached in found.items() if reached and name not in without}
