"""Kuran 1989 and 1991: four sequences, and when a preference is falsified."""

from __future__ import annotations

import pytest

from glasstown.lab.published import kuran as model


@pytest.mark.parametrize(("name", "thresholds", "published"), model.SEQUENCES)
def test_public_opposition(name: str, thresholds: tuple[int, ...], published: int) -> None:
    """FACTS T3."""
    assert model.opposition(thresholds) == published


def test_a_strict_rule_misses_all_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(model, "joins", lambda joined, threshold: joined > threshold)
    assert {one.verdict for one in model.run_sequences([])} == {"misfit"}


def test_sequences_differ_in_one_person() -> None:
    for before, after in ((model.A, model.A_CHANGED), (model.C, model.C_CHANGED)):
        assert sum(x != y for x, y in zip(before, after, strict=True)) == 1


@pytest.mark.parametrize("integrity", [0.5, 2.0, 4.0, 6.0, 7.5])
def test_the_threshold_is_where_falsification_ends(integrity: float) -> None:
    """Reputation lost falls from 8 when nobody opposes to 1 when all do."""
    threshold = model.threshold_of(integrity, at_none=8, at_all=1)
    assert model.falsifies(threshold - 0.01, integrity, 8, 1)
    assert not model.falsifies(threshold + 0.01, integrity, 8, 1)
    assert (threshold > 100) == (integrity < 1)


def test_who_never_and_who_always_speaks() -> None:
    assert model.threshold_of(9, at_none=8, at_all=1) == 0
    assert model.threshold_of(7, at_none=8, at_all=8) == float("inf")
    assert model.threshold_of(7, at_none=8, at_all=9) == float("inf")


def test_more_integrity_is_a_lower_threshold() -> None:
    found = [model.threshold_of(one, 8, 1) for one in (1, 3, 5, 7)]
    assert found == sorted(found, reverse=True)
    assert len(set(found)) == 4
