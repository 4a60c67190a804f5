"""Poisson thresholds of many rates at once, against those worked out in decimals one by one."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from glasstown.society import poisson
from glasstown.society.poisson import CERTAIN, Q40, poisson_table, poisson_thresholds

rates = st.one_of(
    st.integers(0, 3), st.integers(0, Q40), st.integers(0, 64 * Q40),
    st.integers(0, 42).map(lambda bits: 1 << bits),
)  # fmt: skip


@given(st.lists(rates, min_size=1, max_size=20))
def test_the_table_is_that_of_each_rate_alone(given_rates: list[int]) -> None:
    table = poisson_table(given_rates)
    alone = [poisson_thresholds(rate) for rate in given_rates]
    assert table.shape == (len(given_rates), max(map(len, alone)))
    for row, right in zip(table.tolist(), alone, strict=True):
        assert row == right + [CERTAIN] * (len(row) - len(right))


def worked_out(monkeypatch: pytest.MonkeyPatch, given_rates: list[int]) -> int:
    """Return how many rates of a table were worked out in decimals."""
    asked: list[int] = []

    def counted(rate: int) -> list[int]:
        asked.append(rate)
        return poisson_thresholds(rate)

    monkeypatch.setattr(poisson, "poisson_thresholds", counted)
    poisson_table(given_rates)
    return len(asked)


def test_what_lies_near_an_edge_is_worked_out_exactly(monkeypatch) -> None:
    many = np.random.default_rng(4).integers(0, Q40, 4000).tolist()
    some = worked_out(monkeypatch, many)
    # Ten entries a rate or so, each within a thousandth of an edge, on either side.
    assert 20 < some < 200
    monkeypatch.setattr(poisson, "SURE", 0.5)
    assert worked_out(monkeypatch, many[:50]) == 50


def test_large_rates_are_worked_out_exactly(monkeypatch) -> None:
    assert worked_out(monkeypatch, [40 * Q40, 100 * Q40, Q40]) >= 2
