"""The cuda engine: the same parts and laws, one thread for some blocks of a chunk.

The state stays on the device; the host's is brought up to date when somebody reads it. A pass of
the week is one kernel, so passes need no other barrier. Each thread tallies on a sheet of its own
and keeps its own room, the thread's number as the last axis: what threads touch together lies
together. After the week the sheets are added up by chunk, then by zone: integers, each number by
one thread, so no order matters.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numba import cuda as _cuda
from numpy.typing import NDArray

from glasstown.engine import shares
from glasstown.engine.acts import sum_up
from glasstown.engine.device import free_bytes, is_simulated, launched
from glasstown.engine.engines import MAX_ROUNDS, Engine
from glasstown.engine.lanes import BITS, DUE, HASHES, NUMBERS, PAST
from glasstown.engine.packing import (
    CANDIDATE_ROWS,
    HASH_ROWS,
    RECEIPTS,
    ROOM,
    pack_receipts,
    pack_worlds,
)
from glasstown.engine.plan import Change
from glasstown.engine.rollout import BEFORE, CHANGE
from glasstown.engine.world import CHANGING, PLANES, Receipts, State, World
from glasstown.errors import ResourceError
from glasstown.society import layout as at

cuda: Any = _cuda

THREADS = 64
"""Threads of a block of the grid."""
SIMULATED_THREADS, SIMULATED_SPREAD = 3, 7
"""In the simulator, where a thread costs more than what it does."""
MOST, MOST_ACTING = 1 << 16, 1 << 15
"""Threads that share the work, about, and those that act, who need more room (94 kB each)."""
MOST_SPREAD = 1 << 20
"""Threads that share what has no room of its own."""
RETURNED = (*(name for name in CHANGING if name not in ("points", "words")), "flat_points",
            "flat_words", "partners", "cutting")  # fmt: skip
"""The fields that the engine changes, each once: what the host gets back."""


@launched
def act_kernel(
    worlds: Any, state: State, keys: Any, week: int, received: Any, sheets: Any, numbers: Any,
    hashes: Any, blocks: Any,
) -> None:  # fmt: skip
    """Let a thread's groups act and receive; it has room in ``numbers``, ``hashes``, ``blocks``."""
    thread, chunks = cuda.grid(1), state.chunks.shape[0]
    if thread < numbers.shape[2]:
        each, those_of_chunk = numbers.shape[2] // chunks, sheets.shape[2] // chunks
        chunk, turn = thread // each, thread % each
        shares.act_share(
            worlds, state, keys, week, received, chunk, turn, each,
            sheets[:, :, chunk * those_of_chunk + turn], numbers[:, :, thread],
            hashes[:, :, thread], blocks[:, :, thread],
        )  # fmt: skip


@launched
def serve_kernel(worlds: Any, state: State, keys: Any, week: int, sheets: Any) -> None:
    """Serve and remedy a thread's blocks."""
    thread = cuda.grid(1)
    if thread < sheets.shape[2]:
        each = sheets.shape[2] // state.chunks.shape[0]
        shares.serve_share(
            worlds, state, keys, week, thread // each, thread % each, each, sheets[:, :, thread]
        )


@launched
def reflect_kernel(
    worlds: Any, state: State, keys: Any, week: int, sheets: Any, scratch: Any, draws: Any,
    lanes: Any, bits: Any, past: Any,
) -> None:  # fmt: skip
    """Let a thread's blocks reflect that are due; for the room see `glasstown.engine.lanes`."""
    thread = cuda.grid(1)
    if thread < sheets.shape[2]:
        each = sheets.shape[2] // state.chunks.shape[0]
        shares.reflect_share(
            worlds, state, keys, week, thread // each, thread % each, each, sheets[:, :, thread],
            scratch[:, thread], draws[:, :, thread], lanes[:, :, thread], bits[:, thread],
            past[:, thread],
        )  # fmt: skip


@launched
def cut_kernel(worlds: Any, state: State, keys: Any, week: int, sheets: Any) -> None:
    """Let a thread's blocks that reflected cut and mend ties."""
    thread = cuda.grid(1)
    if thread < sheets.shape[2]:
        each = sheets.shape[2] // state.chunks.shape[0]
        shares.cut_share(
            worlds, state, keys, week, thread // each, thread % each, each, sheets[:, :, thread]
        )


@launched
def gather_kernel(
    worlds: Any, state: State, keys: Any, each: int, is_first: bool, joined: Any
) -> None:
    """Run one round of a gathering; ``joined`` int64 (1,) is raised by how many join."""
    thread = cuda.grid(1)
    if thread < each * state.chunks.shape[0]:
        added = shares.gather_share(
            worlds, state, keys, thread // each, thread % each, each, is_first
        )
        if added > 0:
            cuda.atomic.add(joined, 0, added)


@launched
def look_kernel(state: State) -> None:
    """Let everybody see who has joined a gathering so far."""
    shares.look_share(state, cuda.grid(1), cuda.gridsize(1))


@launched
def disperse_kernel(worlds: Any, state: State, keys: Any, week: int, sheets: Any) -> None:
    """Tally and watch who of a thread's blocks joined a gathering."""
    thread = cuda.grid(1)
    if thread < sheets.shape[2]:
        each = sheets.shape[2] // state.chunks.shape[0]
        shares.disperse_share(
            worlds, state, keys, week, thread // each, thread % each, each, sheets[:, :, thread]
        )


@launched
def publish_kernel(state: State) -> None:
    """Publish the facts."""
    shares.publish_share(state, cuda.grid(1), cuda.gridsize(1))


@launched
def prepare_kernel(worlds: Any, state: State, keys: Any, each: int) -> None:
    """Find partners and ties, who takes part, and what firms start with."""
    thread = cuda.grid(1)
    if thread < each * state.chunks.shape[0]:
        shares.prepare_share(worlds, state, keys, thread // each, thread % each, each)


@launched
def enter_kernel(
    before: Any, worlds: Any, state: State, keys: Any, changes: Any, sheets: Any
) -> None:
    """Put a thread's blocks under another scheme where ``changes`` says so."""
    thread = cuda.grid(1)
    if thread < sheets.shape[2]:
        each = sheets.shape[2] // state.chunks.shape[0]
        shares.enter_share(
            before, worlds, state, keys, changes, thread // each, thread % each, each,
            sheets[:, :, thread],
        )  # fmt: skip


@launched
def census_kernel(worlds: Any, state: State, keys: Any, sheets: Any) -> None:
    """Count every stock of a thread's blocks."""
    thread = cuda.grid(1)
    if thread < sheets.shape[2]:
        each = sheets.shape[2] // state.chunks.shape[0]
        shares.census_share(
            worlds, state, keys, thread // each, thread % each, each, sheets[:, :, thread]
        )


@launched
def fold_kernel(state: State, sheets: Any) -> None:
    """Add the sheets of each chunk's threads up on the first of them."""
    shares.fold_share(sheets, state.chunks.shape[0], cuda.grid(1), cuda.gridsize(1))


@launched
def total_kernel(state: State, sheets: Any, totals: Any) -> None:
    """Add the chunks' first sheets to ``totals`` int64 (zones, groups + 1, width)."""
    shares.total_share(state, sheets, totals, cuda.grid(1), cuda.gridsize(1))


KERNELS = {
    "act": act_kernel, "serve": serve_kernel, "reflect": reflect_kernel, "cut": cut_kernel,
    "gather": gather_kernel, "look": look_kernel, "disperse": disperse_kernel,
    "publish": publish_kernel, "prepare": prepare_kernel, "enter": enter_kernel,
    "census": census_kernel, "fold": fold_kernel, "total": total_kernel,
}  # fmt: skip


class Rooms(NamedTuple):
    """What threads work in, on the device: the thread's number is the last axis.

    ``sheets`` int64 (groups + 1, width, threads): tallies, zero between two weeks. ``acting`` and
    ``reflecting`` are what `act_kernel` and `reflect_kernel` take after them.
    """

    sheets: Any
    acting: tuple[Any, ...]
    reflecting: tuple[Any, ...]


class CudaEngine(Engine):
    """Kernels on a CUDA device, or in Numba's simulator.

    How many threads a device gets depends on the country alone; in the simulator ``workers`` says
    how many share a chunk.
    """

    def __init__(self, workers: int) -> None:
        self._workers = workers
        self._state: State | None = None
        self._there: Any = None
        self._is_behind = False
        self._packed: tuple[Sequence[World], Any] | None = None
        self._rooms: Rooms | None = None

    def prepare(self, worlds: Sequence[World], state: State, keys: Any) -> None:
        """Find every block's partners and ties, who takes part, and what firms start with."""
        there, each = self._hold(state), self._each(state)
        threads = each * len(state.chunks)
        launch(prepare_kernel, threads, self._pack(worlds), there, cuda.to_device(keys), each)

    def run_week(
        self, worlds: Sequence[World], state: State, keys: Any, week: int, receipts: Receipts,
        tallies: Any, handed: Any, *, is_spark: bool,
    ) -> None:  # fmt: skip
        """Run one week, kernel by kernel."""
        there, rooms = self._hold(state), self._make_rooms(state, tallies)
        received = np.zeros(1, RECEIPTS)
        pack_receipts(receipts, received)
        given = (self._pack(worlds), there, cuda.to_device(keys), int(week))
        sheets, threads, acting = rooms.sheets, rooms.sheets.shape[2], rooms.acting[0].shape[2]
        launch(act_kernel, acting, *given, cuda.to_device(received), sheets, *rooms.acting)
        launch(serve_kernel, threads, *given, sheets)
        launch(reflect_kernel, threads, *given, sheets, *rooms.reflecting)
        launch(cut_kernel, threads, *given, sheets)
        if is_spark:
            self._gather(given, sheets)
        launch(publish_kernel, spread(len(state.block_zone)), there)
        self._tell(worlds, tallies, handed)
        sum_up(worlds[0].people.behaviours, tallies)

    def _gather(self, given: tuple[Any, ...], sheets: Any) -> None:
        """Let a gathering form until a round adds nobody, and disperse."""
        worlds, there, keys, _ = given
        threads = sheets.shape[2]
        each = threads // there.chunks.shape[0]

        def gather(is_first: bool) -> int:
            joined = cuda.to_device(np.zeros(1, np.int64))
            launch(gather_kernel, threads, worlds, there, keys, each, is_first, joined)
            return int(joined.copy_to_host()[0])

        gather(True)
        for _ in range(MAX_ROUNDS):
            launch(look_kernel, spread(len(there.block_zone)), there)
            if gather(False) == 0:
                break
        launch(disperse_kernel, threads, *given, sheets)

    def enter(
        self, before: Sequence[World], worlds: Sequence[World], state: State, keys: Any,
        changes: Sequence[Change], tallies: Any,
    ) -> None:  # fmt: skip
        """Put zones under another scheme, before a week begins."""
        there, sheets = self._hold(state), self._make_rooms(state, tallies).sheets
        table = np.zeros((tallies.shape[1], CHANGE), np.int64)
        table[:, BEFORE] = -1
        for one in changes:
            table[one.zone] = (
                one.zone, one.before, one.after, *one.lists, one.keeps_score, one.keeps_firms
            )  # fmt: skip
        launch(
            enter_kernel, sheets.shape[2], cuda.to_device(pack_worlds(before)),
            self._pack(worlds), there, cuda.to_device(keys), cuda.to_device(table), sheets,
        )  # fmt: skip
        self._tell(worlds, tallies, None)

    def take_census(self, worlds: Sequence[World], state: State, keys: Any, tallies: Any) -> None:
        """Count every stock."""
        there, sheets = self._hold(state), self._make_rooms(state, tallies).sheets
        given = (self._pack(worlds), there, cuda.to_device(keys), sheets)
        launch(census_kernel, sheets.shape[2], *given)
        self._tell(worlds, tallies, None)

    def fetched(self, state: State) -> State:
        """Return the state, brought up to date from the device if it is behind."""
        if state is self._state and self._is_behind:
            for name in RETURNED:
                getattr(self._there, name).copy_to_host(getattr(state, name))
            self._is_behind = False
        return state

    def forget(self, state: State) -> None:
        """Take note that somebody else has written to the state."""
        if state is self._state:
            self._state, self._there, self._is_behind = None, None, False

    def _hold(self, state: State) -> Any:
        """Return the state on the device, put there unless it is there; the host's falls behind."""
        if self._there is None or state is not self._state:
            if self._state is not None:
                self.fetched(self._state)
            self._there = None
            self._state, self._there = state, on_device(state)
        # Which world holds in a chunk is written by the host, week by week.
        self._there.chunks.copy_to_device(state.chunks)
        self._is_behind = True
        return self._there

    def _pack(self, worlds: Sequence[World]) -> Any:
        """Return the packed worlds on the device, packed once."""
        if self._packed is None or self._packed[0] is not worlds:
            self._packed = (worlds, cuda.to_device(pack_worlds(worlds)))
        return self._packed[1]

    def _each(self, state: State, most: int = MOST, units: int = at.GROUP_BLOCKS) -> int:
        """Return how many threads share a chunk, one for each of its units of work at most."""
        largest = int(state.chunks[:, at.CHUNK_SIZE].max()) * units
        wanted = self._workers if is_simulated() else most // len(state.chunks)
        return max(min(wanted, largest), 1)

    def _make_rooms(self, state: State, tallies: Any) -> Rooms:
        """Return the rooms, made once for a country."""
        if self._rooms is None:
            chunks = len(state.chunks)
            threads = self._each(state) * chunks
            acting = self._each(state, MOST_ACTING, 1) * chunks
            self._rooms = make_rooms(tallies.shape[2], tallies.shape[3], threads, acting)
        return self._rooms

    def _tell(self, worlds: Sequence[World], tallies: Any, handed: Any) -> None:
        """Add what stands on the sheets to the first of the tallies, and wipe them."""
        assert self._rooms is not None
        sheets, there = self._rooms.sheets, self._there
        groups, width, _ = sheets.shape
        totals = cuda.to_device(np.zeros((tallies.shape[1], groups, width), np.int64))
        launch(fold_kernel, spread(len(there.chunks) * groups * width), there, sheets)
        launch(total_kernel, spread(groups * width), there, sheets, totals)
        told = totals.copy_to_host()
        tallies[0] += told[:, : groups - 1]
        if handed is not None:
            regions = worlds[0].places.zones[:, at.REGION]
            np.add.at(handed[0], regions, told[:, groups - 1, : handed.shape[2]])


def launch(kernel: Any, threads: int, *arguments: Any) -> None:
    """Start a kernel with a thread for each of a number of shares."""
    size = SIMULATED_THREADS if is_simulated() else THREADS
    kernel[-(-threads // size), size](*arguments)


def spread(pieces: int) -> int:
    """Return how many threads take so many pieces of work in turn."""
    return min(pieces, SIMULATED_SPREAD if is_simulated() else MOST_SPREAD)


def on_device(state: State) -> State:
    """Return a state whose arrays are on the device, laid out as the host's.

    Raises
    ------
    ResourceError
        If the device has less memory free than it takes.
    """
    check_room(sum(one.nbytes for one in state), "the state takes")
    lanes, blocks = len(state.listing), len(state.block_zone)
    there = {name: cuda.to_device(getattr(state, name)) for name in State._fields
             if name not in ("points", "words")}  # fmt: skip
    return State(
        points=there["flat_points"].reshape(4, lanes, order="F"),
        words=there["flat_words"].reshape(PLANES, blocks, order="F"),
        **there,
    )


def check_room(wanted: int, what: str) -> None:
    """Refuse to take more bytes than the device has free."""
    free = free_bytes()
    if free is not None and free < wanted:
        raise ResourceError(
            f"the device has {free:_} bytes free, and {what} {wanted:_}: take a smaller country, "
            "or --engine cpu"
        )


def make_rooms(groups: int, width: int, threads: int, acting: int) -> Rooms:
    """Return rooms for a number of threads, of which so many act.

    Raises
    ------
    ResourceError
        If the device has less memory free than they take.
    """
    shapes: list[tuple[Any, tuple[int, ...]]] = [
        (np.int64, (groups + 1, width, threads)),
        (np.int64, (CANDIDATE_ROWS, ROOM, acting)), (np.uint64, (HASH_ROWS, ROOM, acting)),
        (np.uint64, (2, at.GROUP_BLOCKS, acting)),
        (np.uint64, (DUE, threads)), (np.uint64, (HASHES, 64, threads)),
        (np.int16, (NUMBERS, 64, threads)), (np.uint16, (BITS, threads)),
        (np.int16, (PAST, threads)),
    ]  # fmt: skip
    wanted = sum(np.dtype(kind).itemsize * math.prod(shape) for kind, shape in shapes)
    check_room(wanted, "its threads work in")
    made = [cuda.device_array(shape, kind) for kind, shape in shapes]
    sheets: NDArray[np.int64] = np.zeros(shapes[0][1], np.int64)
    made[0].copy_to_device(sheets)
    return Rooms(made[0], tuple(made[1:4]), tuple(made[4:]))
