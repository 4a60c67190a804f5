"""All engines in one table; the parity tests walk it, so none can be added without comparison."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Protocol

import numpy as np

from glasstown.engine.packing import MAX_COUNT, RECEIPTS, pack_receipts, pack_world
from glasstown.engine.world import Receipts, State, World
from glasstown.errors import EngineError


class Engine(Protocol):
    """What an engine does: a week, and a census."""

    def prepare(self, world: World, state: State, keys: Any) -> None:
        """Do what is to be done once, before the first week."""

    def run_week(
        self, world: World, state: State, keys: Any, week: int, receipts: Receipts, tallies: Any,
        handed: Any,
    ) -> None:  # fmt: skip
        """Run one week; see `glasstown.engine.cpu.act_pass`."""

    def take_census(self, world: World, state: State, keys: Any, tallies: Any) -> None:
        """Count every stock; see `glasstown.engine.cpu.census_pass`."""


SHARES = 4
"""Shares of the work for each thread: a thread that is held up leaves shares to the others."""


class CpuEngine:
    """Numba kernels, shared by workers on threads."""

    def __init__(self, workers: int) -> None:
        from glasstown.engine import cpu, warming

        warming.warm()
        self._cpu = cpu
        self._packed: tuple[World, Any] | None = None
        shares = SHARES * workers
        self._numbers = np.zeros((shares, 6, MAX_COUNT), np.int64)
        self._hashes = np.zeros((shares, 5, MAX_COUNT), np.uint64)
        self._scratch = np.zeros((shares, 6, 4), np.uint64)
        self._draws = np.zeros((shares, 6, 64), np.uint64)
        self._lanes = np.zeros((shares, 13, 64), np.int64)
        self._received = np.zeros(1, RECEIPTS)
        self._shares = range(shares)
        self._threads = workers
        self._pool = ThreadPoolExecutor(workers - 1, "glasstown") if workers > 1 else None

    def _pack(self, world: World) -> Any:
        """Return the packed world, packed once."""
        if self._packed is None or self._packed[0] is not world:
            self._packed = (world, pack_world(world))
        return self._packed[1]

    def _share(self, work: Callable[[int], None]) -> None:
        """Let every worker do its share, and wait for all."""
        # One iterator for all threads: whoever is free takes the next share (next() is atomic).
        shares = iter(self._shares)

        def drain() -> None:
            for i in shares:
                work(i)

        helpers = [self._pool.submit(drain) for _ in range(self._threads - 1)] if self._pool else []
        drain()
        for helper in helpers:
            helper.result()

    def run_week(
        self, world: World, state: State, keys: Any, week: int, receipts: Receipts, tallies: Any,
        handed: Any,
    ) -> None:  # fmt: skip
        """Run one week, pass by pass."""
        cpu, workers, packed = self._cpu, len(self._shares), self._pack(world)
        pack_receipts(receipts, self._received)

        def first_round(i: int) -> None:
            # Chunk by chunk, so that what one pass has touched is near for the next.
            for chunk in range(i, len(state.chunks), len(self._shares)):
                cpu.act_pass(
                    packed, state, keys, week, self._received, i, chunk, tallies, handed,
                    self._numbers, self._hashes,
                )  # fmt: skip
                cpu.serve_pass(packed, state, keys, week, i, chunk, tallies)
                cpu.reflect_pass(
                    packed, state, keys, week, i, chunk, tallies, self._scratch, self._draws,
                    self._lanes,
                )  # fmt: skip

        self._share(first_round)
        self._share(lambda i: cpu.cut_pass(packed, state, keys, week, i, tallies))
        self._share(lambda i: cpu.publish_pass(state, i, workers))

    def prepare(self, world: World, state: State, keys: Any) -> None:
        """Find every block's partners."""
        packed, workers = self._pack(world), len(self._shares)
        self._share(lambda i: self._cpu.meet_pass(packed, state, keys, i, workers))

    def take_census(self, world: World, state: State, keys: Any, tallies: Any) -> None:
        """Count every stock."""
        packed = self._pack(world)
        self._share(lambda i: self._cpu.census_pass(packed, state, keys, i, tallies))


def _reference(workers: int) -> Engine:
    from glasstown.engine.reference import ReferenceEngine

    return ReferenceEngine(workers)


ENGINES: dict[str, Callable[[int], Engine]] = {"cpu": CpuEngine, "reference": _reference}


def default_workers() -> int:
    """Return how many threads a run uses when nobody says: one for each usable processor."""
    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return max(usable or 1, 1)


def check_engine(name: str) -> str:
    """Return the name of an engine that can run here.

    Raises
    ------
    EngineError
        If there is no such engine.
    """
    if name not in ENGINES:
        raise EngineError(f"engine '{name}' is not one of {', '.join(ENGINES)}")
    return name
