"""Centola, Willer and Macy 2005: the rules, and where the emperor's new clothes are praised."""

from __future__ import annotations

import numpy as np
import pytest

from glasstown.lab.published import centola as model


def person(belief: int, strength: float, compliance: int, enforcement: int) -> model.Person:
    one = model.Person(belief, strength, list(range(8)))
    one.compliance_seen, one.enforcement_seen = compliance, enforcement
    return one


@pytest.mark.parametrize(
    ("belief", "strength", "compliance", "enforcement", "expected"),
    [
        (-1, 0.3, -8, 0, (-1, 0)),  # nobody asks: no pressure, no need
        (-1, 0.3, -8, 2, (-1, 0)),  # 2 of 8 is 0.25: below the strength
        (-1, 0.3, -8, 3, (1, 0)),  # 0.375: complies, but enforcing costs 0.08 more
        (-1, 0.25, -8, 3, (1, 1)),  # 0.375 > 0.33: enforces what it rejects
        (-1, 0.3, 8, 2, (-1, -1)),  # all comply: need 1, 0.3 > 0.08, enforces deviance
        (-1, 0.05, 8, 0, (-1, 0)),  # too weak to enforce anything
        (1, 1.0, -8, 0, (1, 1)),  # a believer among those who don't comply
        (1, 1.0, 8, 0, (1, 0)),  # nothing left to enforce
        (1, 1.0, -8, -8, (1, 1)),  # pressure 1 does not exceed strength 1
    ],
)
def test_the_rules_of_the_paper(
    belief: int, strength: float, compliance: int, enforcement: int, expected: tuple[int, int]
) -> None:
    assert model.decision(person(belief, strength, compliance, enforcement), 0.08) == expected


def test_no_cascade_where_everybody_sees_everybody() -> None:
    assert model.cascade_share(model.complete(), model.Setting(), 1, 10) == 0


def test_weak_disbelief_would_cascade_even_there() -> None:
    """So the complete network's zero is no zero of the measure."""
    weak = model.Setting(believers=0.2, most_disbelief=0.1, cost=0.02)
    assert model.cascade_share(model.complete(), weak, 1, 5) == 1


def test_cascades_among_neighbours() -> None:
    assert model.cascade_share(model.torus(), model.Setting(), 1, 10) > 0.5


def test_no_cascade_without_believers() -> None:
    assert model.cascade_share(model.torus(), model.Setting(believers=0.0), 1, 5) == 0


def test_no_cascade_against_strong_disbelief() -> None:
    strong = model.Setting(most_disbelief=3.0)
    assert model.cascade_share(model.torus(), strong, 1, 10) == 0


def test_bridges_make_cascades_rarer() -> None:
    near = model.cascade_share(model.torus(), model.Setting(), 1)
    bridged = model.cascade_share(model.torus(), model.Setting(rewired=1.0), 1)
    assert bridged < near


@pytest.mark.parametrize("share", [0.03, 1.0])
def test_rewiring_keeps_ties_mutual_and_their_number(share: float) -> None:
    ties = model.rewire(model.torus(), share, np.random.default_rng(1))
    assert sum(map(len, ties)) == 8 * model.PEOPLE
    assert all(one in ties[other] for one, near in enumerate(ties) for other in near)
    assert all(one not in near for one, near in enumerate(ties))
    changed = sum(len(a - b) for a, b in zip(ties, model.torus(), strict=True)) / 2
    bridges = share * 4 * model.PEOPLE
    # A few bridges fall on ties that were there; chance is binomial.
    assert abs(changed - bridges) < 4 * (bridges * (1.01 - share)) ** 0.5 + 0.03 * bridges


def test_claims_that_do_not_hold_are_shown() -> None:
    """More believers don't make cascades rarer in this reading; the row must say misfit."""
    rows = model.run_norm([1])
    verdicts = {one.what: one.verdict for one in rows}
    assert verdicts["the same with 15% believers, local"] == "misfit"
    assert verdicts["societies with a cascade, complete network"] == "exact"
