"""Cobham 1954, Operations Research 2(1): waits of priority classes, and what they conserve."""

from __future__ import annotations

import heapq

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from glasstown.laws.serve import cobham_wait


@given(st.integers(3, 64_000), st.data())
def test_priority_conserves_the_work_that_waits(load: int, data: st.DataObject) -> None:
    """Kleinrock 1965: sum of rho_k W_k over the classes is rho W_FIFO, whatever the order."""
    first = data.draw(st.integers(0, load))
    normal = data.draw(st.integers(first, load))
    seconds = 1_000_000
    bounds = ((0, first), (first, normal), (normal, load))
    kept = sum(
        (upto - before) * cobham_wait(load, before, upto, seconds) for before, upto in bounds
    )
    fifo = load * cobham_wait(load, 0, load, seconds)
    # Every wait is cut to whole seconds: at most one second times the load on either side.
    assert abs(kept - fifo) <= load


def test_waits_that_ignore_who_is_served_earlier_lose_work() -> None:
    load, first, normal = 52_000, 10_000, 40_000
    bounds = ((0, first), (first, normal), (normal, load))
    wrong = sum((upto - b) * cobham_wait(load, 0, upto, 1_000_000) for b, upto in bounds)
    assert wrong < load * cobham_wait(load, 0, load, 1_000_000) - load


def simulated(loads: tuple[float, float, float], customers: int, seed: int) -> np.ndarray:
    """Return mean waits (in service times) of three classes of an M/M/1 queue, in 20 batches."""
    rng = np.random.default_rng(seed)
    rho = sum(loads)
    arrivals = np.cumsum(rng.exponential(1 / rho, customers)).tolist()
    services = rng.exponential(1.0, customers).tolist()
    classes = rng.choice(3, customers, p=np.array(loads) / rho)
    ranks = classes.tolist()
    waits, waiting, clock, arrived = np.zeros(customers), [], 0.0, 0
    while arrived < customers or waiting:
        if not waiting:
            clock = max(clock, arrivals[arrived])
        while arrived < customers and arrivals[arrived] <= clock:
            heapq.heappush(waiting, (ranks[arrived], arrived))
            arrived += 1
        _, served = heapq.heappop(waiting)
        waits[served] = clock - arrivals[served]
        clock += services[served]
    batch = np.arange(customers) * 20 // customers
    return np.array([[waits[(batch == i) & (classes == k)].mean() for k in range(3)]
                     for i in range(20)])  # fmt: skip


def test_a_simulated_queue_waits_as_cobham_says() -> None:
    loads = (0.1, 0.45, 0.15)
    batches = simulated(loads, 200_000, seed=4)
    mean, error = batches.mean(axis=0), batches.std(axis=0, ddof=1) / 20**0.5
    q16 = [round(x * 65536) for x in np.cumsum((0.0, *loads))]
    seconds = 1_000_000
    law = [cobham_wait(q16[3], q16[k], q16[k + 1], seconds) / seconds for k in range(3)]
    assert np.abs((mean - law) / error).max() < 4
    fifo = cobham_wait(q16[3], 0, q16[3], seconds) / seconds
    assert np.abs((mean - fifo) / error).min() > 4


@pytest.mark.parametrize(("load", "service_times"), [(0.5, 1.0), (0.8, 4.0), (0.9, 9.0)])
def test_one_class_is_the_textbook_queue(load: float, service_times: float) -> None:
    q16 = round(load * 65536)
    assert cobham_wait(q16, 0, q16, 10**6) / 10**6 == pytest.approx(service_times, rel=1e-3)
