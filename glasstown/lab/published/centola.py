"""Centola, Willer and Macy 2005: The emperor's dilemma, American Journal of Sociology 110(4).

Somebody with belief B (1 or -1), strength of it S and neighbours whose compliance C and
enforcement E are seen (the paper's model section)::

    pressure = -B sum(E) / n                        complies against B if pressure > S
    enforces -B if so and pressure > S + K
    enforces  B if it complies with B and S W > K,  W = (1 - B sum(C) / n) / 2
    else enforces nothing

with K the cost of enforcing. True believers (B = 1) have S = 1; disbelievers S uniform from 0 to
a largest. Values: FACTS T12, from a later port of the model (500 people, 8 neighbours, 1.5 %
believers, largest disbelief 0.38, K 0.08).

Ours: the local network is a torus of 20 by 25 with the 8 surrounding cells (the paper's is an
irregular lattice), believers are placed at random, everybody is asked in random order each
round. Disbelievers start by not complying; a cascade is when more than half of them comply.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from glasstown.lab.published.case import Case, Outcome, exactly, points
from glasstown.lab.published.granovetter import everybody_tied

ROWS, COLUMNS = 20, 25
PEOPLE = ROWS * COLUMNS
CASCADE = 0.5
"""Share of disbelievers who comply, above which it is a cascade (ours)."""
SOCIETIES = 20
"""Societies drawn for each seed and setting."""


class Setting(NamedTuple):
    """Shares of people, strengths and costs from 0 to 1 (FACTS T12)."""

    believers: float = 0.015
    most_disbelief: float = 0.38
    cost: float = 0.08
    rewired: float = 0.0
    most_rounds: int = 200


class Person:
    """One person: belief, strength, what it does, and what its neighbours do together."""

    __slots__ = (
        "belief",
        "compliance_seen",
        "complies",
        "enforcement_seen",
        "enforces",
        "neighbours",
        "strength",
    )

    def __init__(self, belief: int, strength: float, neighbours: list[int]) -> None:
        self.belief, self.strength, self.neighbours = belief, strength, neighbours
        self.complies, self.enforces = belief, 0
        self.compliance_seen = self.enforcement_seen = 0


def torus() -> list[set[int]]:
    """Return the ties of a 20 by 25 torus, 8 to each person."""
    around = [(x, y) for x in (-1, 0, 1) for y in (-1, 0, 1) if (x, y) != (0, 0)]
    return [
        {(row + x) % ROWS * COLUMNS + (column + y) % COLUMNS for x, y in around}
        for row in range(ROWS)
        for column in range(COLUMNS)
    ]


def complete() -> list[set[int]]:
    """Return ties of everybody with everybody."""
    return [set(one) for one in everybody_tied(PEOPLE)]


def rewire(ties: Sequence[set[int]], share: float, luck: np.random.Generator) -> list[set[int]]:
    """Return ties of which a share is replaced by bridges to anybody, one end kept."""
    rewired = [set(one) for one in ties]
    for one in range(len(ties)):
        for other in sorted(ties[one]):
            if other < one or luck.random() >= share:
                continue
            anybody = int(luck.integers(len(ties)))
            if anybody != one and anybody not in rewired[one]:
                rewired[one].discard(other)
                rewired[other].discard(one)
                rewired[one].add(anybody)
                rewired[anybody].add(one)
    return rewired


def decision(one: Person, cost: float) -> tuple[int, int]:
    """Return what somebody complies with (1 or -1) and enforces (1, 0 or -1): the paper's rules."""
    count = len(one.neighbours)
    if not count:
        return one.belief, 0
    pressure = -one.belief * one.enforcement_seen / count
    if pressure > one.strength:
        return -one.belief, -one.belief if pressure > one.strength + cost else 0
    need = (1 - one.belief * one.compliance_seen / count) / 2
    return one.belief, one.belief if one.strength * need > cost else 0


def false_compliance(
    ties: Sequence[set[int]], setting: Setting, luck: np.random.Generator
) -> float:
    """Return the share of disbelievers who comply in the end (or after the most rounds)."""
    believers = set(
        luck.choice(len(ties), round(setting.believers * len(ties)), replace=False).tolist()
    )
    disbelief = luck.uniform(0, setting.most_disbelief, len(ties)).tolist()
    people = [
        Person(1, 1.0, sorted(near)) if one in believers else Person(-1, strength, sorted(near))
        for one, (near, strength) in enumerate(zip(ties, disbelief, strict=True))
    ]
    for one in people:
        for other in one.neighbours:
            people[other].compliance_seen += one.complies
    for _ in range(setting.most_rounds):
        if not _round(people, setting.cost, luck):
            break
    disbelievers = [one for one in people if one.belief == -1]
    return sum(one.complies == 1 for one in disbelievers) / max(len(disbelievers), 1)


def _round(people: Sequence[Person], cost: float, luck: np.random.Generator) -> bool:
    """Ask everybody once, in random order; return whether anybody changed."""
    has_changed = False
    for number in luck.permutation(len(people)).tolist():
        one = people[number]
        complies, enforces = decision(one, cost)
        more_compliance, more_enforcement = complies - one.complies, enforces - one.enforces
        if more_compliance or more_enforcement:
            has_changed = True
            one.complies, one.enforces = complies, enforces
            for other in one.neighbours:
                people[other].compliance_seen += more_compliance
                people[other].enforcement_seen += more_enforcement
    return has_changed


def cascade_share(
    ties: Sequence[set[int]], setting: Setting, seed: int, societies: int = SOCIETIES
) -> float:
    """Return the share of societies in which more than half of the disbelievers comply."""
    cascades = 0
    for number in range(societies):
        luck = np.random.default_rng([seed, number, 12])
        tied = rewire(ties, setting.rewired, luck) if setting.rewired else ties
        cascades += false_compliance(tied, setting, luck) > CASCADE
    return cascades / societies


MANY_BELIEVERS = 0.15
"""Ten times the port's share (ours)."""
BRIDGES = (0.03, 0.5)
"""Shares of ties that are bridges: the port's value, and half of them (ours)."""


def run_norm(seeds: Sequence[int]) -> list[Outcome]:
    """T12: an unpopular norm among all, among neighbours, with believers and with bridges."""
    everybody, near = complete(), torus()
    among_all = [cascade_share(everybody, Setting(), seed) for seed in seeds]
    local = [cascade_share(near, Setting(), seed) for seed in seeds]
    many = [cascade_share(near, Setting(believers=MANY_BELIEVERS), seed) for seed in seeds]
    outcomes = [
        exactly("societies with a cascade, complete network", 0.0, max(among_all),
                "Where everybody sees everybody, a few believers impose nothing."),
        points("societies with a cascade, local network", "cascades", local, local,
               "Where people see only their neighbours, they enforce a norm nearly all reject."),
        points(f"the same with {MANY_BELIEVERS:.0%} believers, local", "rarer", many,
               [a - b for a, b in zip(local, many, strict=True)],
               "At these values cascades are so common that more believers don't make them rarer."),
    ]  # fmt: skip
    for share in BRIDGES:
        bridged = [cascade_share(near, Setting(rewired=share), seed) for seed in seeds]
        outcomes.append(
            points(f"the same with {share:.0%} of ties bridges", "rarer", bridged,
                   [a - b for a, b in zip(local, bridged, strict=True)],
                   "Ties across society show people how few enforce; few bridges do little.")
        )  # fmt: skip
    return outcomes


CASES = (
    Case("T12", "The emperor's dilemma",
         "Centola, Willer and Macy 2005, American Journal of Sociology 110(4), 1009-1040",
         "complete: no cascade; local: cascades; believers and bridges make them rarer",
         run_norm),
)  # fmt: skip
