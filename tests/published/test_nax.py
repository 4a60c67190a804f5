"""Nax et al. 2015: what scoring by group does to contributions."""

from __future__ import annotations

import numpy as np
import pytest

from glasstown.lab.published import nax as model


def test_by_group_alone_it_ends_and_by_person_it_lasts() -> None:
    by_group, by_person = model.contributions([0.0, 1.0], 1)
    assert by_group < 0.1
    assert by_person > 0.9


def test_a_small_share_of_individual_scoring_restores_it() -> None:
    tried = [0.0, 0.1]
    found = model.contributions(tried, 2)
    assert found[0] < model.SUSTAINED < found[1]


def test_not_where_contributing_returns_little() -> None:
    (found,) = model.contributions([1.0], 1, model.Game(return_share=model.LOW_RETURN))
    assert found < 0.1


@pytest.mark.parametrize(
    ("group", "return_share", "needed"), [(2, 0.75, 0.0), (4, 0.75, 0.0), (10, 0.75, 0.2308)]
)
def test_the_share_needed_by_the_formula(group: int, return_share: float, needed: float) -> None:
    assert model.needed_share(group, return_share) == pytest.approx(needed, abs=1e-4)


def test_the_formula_is_the_game() -> None:
    """One defector in 3,000, groups of 10: gains cross between g = 0.15 and g = 0.31."""
    game = model.Game(people=3000, group=10, rounds=400)
    shares = np.array([[0.15], [0.31]])
    is_conditional = np.ones((2, game.people), bool)
    is_conditional[:, 0] = False
    gains, _ = model._generation(is_conditional, shares, game, np.random.default_rng(1))
    ahead = gains[:, 0] - gains[:, 1:].mean(axis=1)
    assert ahead[0] > 0 > ahead[1]


def test_guilt_spreads_only_by_group() -> None:
    """A defector's score alone lowers others' scores, and only where groups are scored."""
    seen, own = np.array([[0.0, 1, 1, 1]]), np.array([[0.0, 1, 1, 1]])
    given, mean = model._play(seen, own, 4)
    assert given == pytest.approx(np.array([[0, 2 / 3, 2 / 3, 2 / 3]]))
    assert mean == pytest.approx(np.full((1, 4), 0.5))


def test_least_share_and_when_there_is_none() -> None:
    assert model.least_share([0.0] * 4 + [0.6] * 5) == 0.1
    assert model.least_share([0.0] * 9) > 1
