"""Nowak and Sigmund 1998: image scoring holds only above q = c / b."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from glasstown.lab.published import nowak_sigmund as model


@pytest.mark.parametrize(("benefit", "cost"), [(4.0, 1.0), (2.0, 1.0), (10.0, 1.0)])
def test_the_critical_information_is_the_cost_over_the_benefit(benefit: float, cost: float) -> None:
    """From x = 0.999 on q solves c (1 - q) = 0.999 q (b - c), within 0.001 c / b of c / b."""
    found = model.critical_information(0.999, benefit, cost)
    assert found == pytest.approx(cost / benefit, abs=1e-3 * cost / benefit + 1e-5)
    assert abs(found - 1.1 * cost / benefit) > 1e-2 * cost / benefit


@given(st.floats(0.01, 1.0), st.floats(1.5, 20.0))
def test_gains_are_equal_at_the_least_share(q: float, benefit: float) -> None:
    share = model.least_share(q, benefit, 1.0)
    gains = model.payoffs(share, q, benefit, 1.0)
    assert gains.discriminator == pytest.approx(gains.defector, abs=1e-9 * (1 + benefit * share))
    assert (share < 1) == (q > 1 / benefit) or share == pytest.approx(1)


def test_too_few_die_out_even_if_much_is_known() -> None:
    least = model.least_share(0.5)
    assert model.replicated(0.5, least - 0.02) < 0.01
    assert model.replicated(0.5, least + 0.02) > 0.99


@pytest.mark.parametrize(("q", "helps"), [(0.0, False), (0.1, False), (0.4, True), (0.8, True)])
def test_a_village_follows_the_equation(q: float, helps: bool) -> None:
    assert (model.helped_in_the_end(q, 1) > 0.5) == helps


@pytest.mark.parametrize(("share", "q"), [(0.7, 0.3), (0.4, 0.8)])
def test_a_generation_gains_what_the_equation_says(share: float, q: float) -> None:
    """The mean over 2,000 meetings; a meeting's gain has a deviation below b / 2 + c."""
    village = model.Village(people=1_000, meetings=2_000)
    discriminates = np.arange(village.people) < share * village.people
    gains, _ = model._generation(discriminates, q, village, np.random.default_rng(1))
    said = model.payoffs(share, q)
    for kind, expected in ((discriminates, said.discriminator), (~discriminates, said.defector)):
        # One in a thousand doesn't meet itself, and defectors begin each generation as good.
        bias = (model.BENEFIT + model.COST) * (1 / village.people + 2 / village.meetings)
        chance = 4 * (model.BENEFIT / 2 + model.COST) / (kind.sum() * village.meetings) ** 0.5
        assert abs(gains[kind].mean() - expected) < bias + chance


def test_without_images_helping_ends_at_any_q(monkeypatch: pytest.MonkeyPatch) -> None:
    """A village that is told nothing loses cooperation, so the village's answer is the image's."""
    generation = model._generation
    monkeypatch.setattr(
        model, "_generation", lambda kind, q, *rest: generation(kind, 0.0, *rest)
    )  # fmt: skip
    assert model.helped_in_the_end(0.8, 1) < 0.5
    assert "misfit" in {one.verdict for one in model.run_information([1])}
