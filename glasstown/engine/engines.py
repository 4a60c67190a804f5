"""All engines in one table; the parity tests walk it, so none can be added without comparison."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Protocol

import numpy as np

from glasstown.engine.acts import sum_up
from glasstown.engine.lanes import BITS, COUNTERS, HASHES, NUMBERS, PAST
from glasstown.engine.packing import (
    CANDIDATE_ROWS,
    HASH_ROWS,
    RECEIPTS,
    ROOM,
    pack_receipts,
    pack_worlds,
)
from glasstown.engine.plan import Change
from glasstown.engine.world import Receipts, State, World
from glasstown.errors import EngineError
from glasstown.society.layout import CHUNK_SIZE, GROUP_BLOCKS


class Engine(Protocol):
    """What an engine does: a week, and a census.

    An engine may keep what it changes elsewhere. Who reads a state on the host asks for it with
    `fetched`; who writes to it after an engine had it says so with `forget`.
    """

    def prepare(self, worlds: Sequence[World], state: State, keys: Any) -> None:
        """Do what is to be done once, before the first week."""

    def enter(
        self, before: Sequence[World], worlds: Sequence[World], state: State, keys: Any,
        changes: Sequence[Change], tallies: Any,
    ) -> None:  # fmt: skip
        """Put zones under another scheme, before a week begins."""

    def run_week(
        self, worlds: Sequence[World], state: State, keys: Any, week: int, receipts: Receipts,
        tallies: Any, handed: Any, *, is_spark: bool,
    ) -> None:  # fmt: skip
        """Run one week; see `glasstown.engine.cpu.act_pass`."""

    def take_census(self, worlds: Sequence[World], state: State, keys: Any, tallies: Any) -> None:
        """Count every stock; see `glasstown.engine.cpu.census_pass`."""

    def fetched(self, state: State) -> State:
        """Return a state as the engine left it, for the host to read."""
        return state

    def forget(self, state: State) -> None:  # noqa: ARG002
        """Take note that a state was written to on the host, so that no copy of it holds."""
        return


BATCH_GROUPS = 128
"""Groups of 512 citizens that a kernel takes at once, at least: their state stays in a cache."""
MAX_ROUNDS = 200
"""Rounds after which a gathering is over though some would still join."""
SHARES = 4
"""Shares of the work for each thread: a thread that is held up leaves shares to the others."""


class CpuEngine(Engine):
    """Numba kernels, shared by workers on threads."""

    def __init__(self, workers: int) -> None:
        from glasstown.engine import cpu, warming

        warming.warm()
        self._cpu = cpu
        self._packed: tuple[Sequence[World], Any] | None = None
        self._cut: list[tuple[int, int]] | None = None
        shares = SHARES * workers
        self._numbers = np.zeros((shares, CANDIDATE_ROWS, ROOM), np.int64)
        self._hashes = np.zeros((shares, HASH_ROWS, ROOM), np.uint64)
        self._blocks = np.zeros((shares, 2, GROUP_BLOCKS), np.uint64)
        self._scratch = np.zeros((shares, COUNTERS), np.uint64)
        self._draws = np.zeros((shares, HASHES, 64), np.uint64)
        self._lanes = np.zeros((shares, NUMBERS, 64), np.int16)
        self._bits = np.zeros((shares, BITS), np.uint16)
        self._past = np.zeros((shares, PAST), np.int16)
        self._added = np.zeros(shares, np.int64)
        self._received = np.zeros(1, RECEIPTS)
        self._shares = range(shares)
        self._threads = workers
        self._pool = ThreadPoolExecutor(workers - 1, "glasstown") if workers > 1 else None

    def _pack(self, worlds: Sequence[World]) -> Any:
        """Return the packed worlds, packed once."""
        if self._packed is None or self._packed[0] is not worlds:
            self._packed = (worlds, pack_worlds(worlds))
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
        self, worlds: Sequence[World], state: State, keys: Any, week: int, receipts: Receipts,
        tallies: Any, handed: Any, *, is_spark: bool,
    ) -> None:  # fmt: skip
        """Run one week, pass by pass."""
        cpu, workers, packed = self._cpu, len(self._shares), self._pack(worlds)
        pack_receipts(receipts, self._received)

        # One iterator for all threads: whoever is free takes the next batch (next() is atomic).
        batches = iter(self._batches(state.chunks))

        def first_round(i: int) -> None:
            # Batch by batch, so that what one pass has touched is near for the next.
            for begin, end in batches:
                cpu.act_pass(
                    packed, state, keys, week, self._received, i, begin, end, tallies, handed,
                    self._numbers, self._hashes, self._blocks,
                )  # fmt: skip
                cpu.serve_pass(packed, state, keys, week, i, begin, end, tallies)
                cpu.reflect_pass(
                    packed, state, keys, week, i, begin, end, tallies, self._scratch, self._draws,
                    self._lanes, self._bits, self._past,
                )  # fmt: skip

        self._share(first_round)
        self._share(lambda i: cpu.cut_pass(packed, state, keys, week, i, tallies))
        if is_spark:
            self._gather(packed, state, keys, week, tallies, handed)
        self._share(lambda i: cpu.publish_pass(state, i, workers))
        sum_up(worlds[0].people.behaviours, tallies)

    def _batches(self, chunks: Any) -> list[tuple[int, int]]:
        """Return stretches of chunks, each enough work that calling a kernel costs nothing."""
        if self._cut is None:
            self._cut, begin, groups = [], 0, 0
            for place, size in enumerate(chunks[:, CHUNK_SIZE].tolist(), start=1):
                groups += size
                if groups >= BATCH_GROUPS or place == len(chunks):
                    self._cut.append((begin, place))
                    begin, groups = place, 0
        return self._cut

    def _gather(
        self, packed: Any, state: State, keys: Any, week: int, tallies: Any, handed: Any
    ) -> None:
        """Let a gathering form until a round adds nobody, and disperse."""
        cpu, workers = self._cpu, len(self._shares)

        def gather(is_first: bool) -> None:
            self._share(lambda i: cpu.gather_pass(packed, state, keys, i, is_first, self._added))

        gather(True)
        for _ in range(MAX_ROUNDS):
            self._share(lambda i: cpu.look_pass(state, i, workers))
            gather(False)
            if self._added.sum() == 0:
                break
        self._share(lambda i: cpu.disperse_pass(packed, state, keys, week, i, tallies, handed))

    def prepare(self, worlds: Sequence[World], state: State, keys: Any) -> None:
        """Find every block's partners and ties, who takes part, and what firms start with."""
        packed, workers = self._pack(worlds), len(self._shares)
        self._share(lambda i: self._cpu.prepare_pass(packed, state, keys, i, workers))

    def enter(
        self, before: Sequence[World], worlds: Sequence[World], state: State, keys: Any,
        changes: Sequence[Change], tallies: Any,
    ) -> None:  # fmt: skip
        """Put zones under another scheme, before a week begins."""
        rows = [
            (one.zone, one.before, one.after, *one.lists, one.keeps_score, one.keeps_firms)
            for one in changes
        ]
        table, old = np.array(rows, np.int64), pack_worlds(before)
        packed = self._pack(worlds)
        self._share(lambda i: self._cpu.enter_pass(old, packed, state, keys, table, i, tallies))

    def take_census(self, worlds: Sequence[World], state: State, keys: Any, tallies: Any) -> None:
        """Count every stock."""
        packed = self._pack(worlds)
        self._share(lambda i: self._cpu.census_pass(packed, state, keys, i, tallies))


def _reference(workers: int) -> Engine:
    from glasstown.engine.reference import ReferenceEngine

    return ReferenceEngine(workers)


def _cuda(workers: int) -> Engine:
    check_engine("cuda")
    from glasstown.engine.cuda import CudaEngine

    return CudaEngine(workers)


ENGINES: dict[str, Callable[[int], Engine]] = {
    "cpu": CpuEngine, "reference": _reference, "cuda": _cuda,
}  # fmt: skip


def default_workers() -> int:
    """Return how many threads a run uses when nobody says: one for each usable processor."""
    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return max(usable or 1, 1)


def check_engine(name: str) -> str:
    """Return the name of an engine that can run here.

    Raises
    ------
    EngineError
        If there is no such engine, or if what it runs on is missing.
    """
    if name not in ENGINES:
        raise EngineError(f"engine '{name}' is not one of {', '.join(ENGINES)}")
    if name == "cuda":
        from glasstown.engine.device import missing

        if (lacking := missing()) is not None:
            raise EngineError(lacking)
    return name
