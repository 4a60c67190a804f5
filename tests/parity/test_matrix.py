"""One digest: every engine, any number of threads, any order of the work, resumed in any week.

A run is resumed from a checkpoint, by the same engine or by another.

The test walks the table of engines itself, so no engine can be registered without entering it. An
engine that is not named slow meets every combination; a slow one meets every value of every axis,
the others at rest. The cuda engine is there on a machine with a device, and in Numba's simulator,
in which `test_cuda` runs these tests.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache
from itertools import permutations, product
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import numpy as np
import pytest
from case import Case, table
from engines_here import skip_unless_here
from harsh import harsh
from mechanism_cases import OTHER, VOLUNTARY
from numpy.typing import NDArray
from stages import Stage
from varied import GROUPS

from glasstown.engine import checkpoint, engines
from glasstown.engine.country import Country
from glasstown.engine.engines import ENGINES
from glasstown.engine.measures import INDEX
from glasstown.society import layout

THREADS = (1, 2, 3, 4)
SLOW = ("reference",)
WEEKS = 5
RESUMED = (None, 1, 4)
"""Weeks after which a run is put down and taken up again; None: it runs through."""

EVENTFUL = Case(
    "eventful", harsh(), {"citizens": 1_160, "groups": GROUPS, "reflection_weeks": 2},
    table({"Large": (1030, 100), "Small": (65, 40), "Hamlet": (1, 100), "Village": (64, 0)}),
    weeks=WEEKS, seed=7, is_eager=True, sparks=(2,),
    stages=(Stage(1, harsh(**VOLUNTARY), zones=(2, 3)), Stage(3, OTHER, zones=(0,))),
)  # fmt: skip


def forward(chunks: int) -> NDArray[np.int64]:
    return np.arange(chunks)


def backward(chunks: int) -> NDArray[np.int64]:
    return np.arange(chunks)[::-1]


def shuffled(chunks: int) -> NDArray[np.int64]:
    return np.random.default_rng(chunks).permutation(chunks)


ORDERS: dict[str, Callable[[int], NDArray[np.int64]]] = {
    "forward": forward, "backward": backward, "shuffled": shuffled,
}  # fmt: skip


class Cell(NamedTuple):
    """One way to run the scenario."""

    engine: str
    threads: int
    order: str
    resumed: int | None


REST = Cell("reference", 1, "forward", None)


def cells(engine: str) -> Iterator[Cell]:
    """Yield all combinations for an engine; for a slow one, those along one axis at a time."""
    for threads, order, resumed in product(THREADS, ORDERS, RESUMED):
        at_rest = (threads == REST.threads) + (order == REST.order) + (resumed is REST.resumed)
        if engine not in SLOW or at_rest >= 2:
            yield Cell(engine, threads, order, resumed)


@pytest.fixture(autouse=True)
def small_shares(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every group of eight blocks be work of its own, so that there is an order to change."""
    monkeypatch.setattr(layout, "CHUNK_GROUPS", 1)
    monkeypatch.setattr(engines, "BATCH_GROUPS", 1)


def built(cell: Cell, case: Case = EVENTFUL) -> Country:
    """Return the country whose work is taken in the cell's order, from its first preparation on."""
    cut = layout._chunks
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(layout, "_chunks", lambda zones: in_order(cut(zones), cell.order))
        return case.country(cell.engine, cell.threads)


def in_order(chunks: NDArray[np.int64], order: str) -> NDArray[np.int64]:
    """Return the units of work in an order."""
    return chunks[ORDERS[order](len(chunks))]


def digests(cell: Cell, case: Case = EVENTFUL) -> Iterator[str]:
    """Yield the digest of each week."""
    country = built(cell, case)
    for week in range(WEEKS):
        if week == cell.resumed:
            country = resumed(country, built(cell, case))
        country.advance()
        yield country.digest()


def resumed(country: Country, fresh: Country) -> Country:
    """Return a fresh country that goes on from a checkpoint of another."""
    with TemporaryDirectory() as folder:
        checkpoint.restore(fresh, checkpoint.save(country, Path(folder), {}))
    return fresh


@cache
def expected() -> tuple[str, ...]:
    """Return the digest of each week on the reference engine, at rest."""
    return tuple(digests(REST))


def parted(cell: Cell, case: Case = EVENTFUL) -> str | None:
    """Say where a cell first leaves the reference, if it does."""
    for week, (got, right) in enumerate(zip(digests(cell, case), expected(), strict=True)):
        if got != right:
            return f"{cell} leaves the reference in week {week}: {got[:12]}, not {right[:12]}"
    return None


@pytest.mark.parametrize("engine", ENGINES)
def test_every_way_to_run_gives_one_digest(engine: str) -> None:
    skip_unless_here(engine)
    walked = list(cells(engine))
    assert {cell.threads for cell in walked} == set(THREADS)
    assert {cell.order for cell in walked} == set(ORDERS)
    assert {cell.resumed for cell in walked} == set(RESUMED)
    assert [where for cell in walked if cell != REST and (where := parted(cell))] == []


@pytest.mark.parametrize(("first", "then"), list(permutations(ENGINES, 2)))
def test_one_engine_goes_on_where_another_stopped(first: str, then: str) -> None:
    skip_unless_here(first, then)
    country = built(Cell(first, 2, "backward", None))
    for _ in range(2):
        country.advance()
    country = resumed(country, built(Cell(then, 3, "shuffled", None)))
    found = []
    for _ in range(2, WEEKS):
        country.advance()
        found.append(country.digest())
    assert tuple(found) == expected()[2:]


@pytest.mark.parametrize("engine", ENGINES)
def test_another_seed_leaves_the_matrix(engine: str) -> None:
    skip_unless_here(engine)
    case = replace(EVENTFUL, seed=EVENTFUL.seed + 1)
    assert "in week 0" in (parted(Cell(engine, 2, "shuffled", 1), case) or "")


def test_the_orders_differ_and_each_takes_everything_once() -> None:
    taken = [built(Cell("cpu", 1, order, None)).state.chunks.tolist() for order in ORDERS]
    assert len(taken[0]) >= 7
    assert len({str(one) for one in taken}) == len(ORDERS)
    assert all(sorted(one) == sorted(taken[0]) for one in taken)


def test_the_scenario_is_eventful() -> None:
    country = built(Cell("cpu", 1, "forward", None))
    totals = sum(country.advance().sum(axis=(0, 1)) for _ in range(WEEKS))
    for name in ("offences", "misbooked", "entries_deeds", "points_lost_friends", "ties_cut",
                 "gathered", "appeals", "shamings", "denied_loan", "joined_scheme", "bids",
                 "points_lost_rollout"):  # fmt: skip
        assert totals[INDEX[name]] > 0, name
