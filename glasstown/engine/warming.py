"""Compile a week's kernels once, two at a time.

Numba compiles under one lock a process, so two processes take half of the kernels each and write
to the same cache; what the compiler needed of memory goes with them. What a process that can't be
started, or fails, leaves uncompiled is compiled when it is needed.

``python -m glasstown.engine.warming act_pass serve_pass`` compiles the kernels named.
"""

from __future__ import annotations

import contextlib
import subprocess
import sys

import numpy as np

from glasstown.engine.kernels import is_compiled

SECOND = ("act_pass", "serve_pass", "census_pass", "prepare_pass")
FIRST = ("reflect_pass", "cut_pass", "look_pass", "publish_pass")
NOBODY = 1 << 30
"""A worker's number beyond any chunk: a kernel called with it compiles and does nothing."""


def compile_kernels(names: tuple[str, ...]) -> None:
    """Compile kernels of `glasstown.engine.cpu` by calling them for nobody."""
    from glasstown.engine import cpu
    from glasstown.engine.lanes import BITS, COUNTERS, HASHES, NUMBERS, PAST
    from glasstown.engine.packing import CANDIDATE_ROWS, HASH_ROWS, RECEIPTS, ROOM, WORLD
    from glasstown.engine.rollout import CHANGE
    from glasstown.engine.world import PLANES, State, week_keys

    # Two lanes, not none: only then is Fortran order told from C order.
    state = State(
        np.zeros((4, 2), np.int16, order="F"), np.zeros(0, np.uint16), np.zeros(0, np.uint8),
        np.zeros((PLANES, 2), np.uint64, order="F"), np.zeros(0, np.uint8),
        np.zeros((0, 4), np.int64), np.zeros((8, 2), np.uint32, order="F"),
        np.zeros((2, 2), np.int16, order="F"), np.zeros(0, np.uint16),
        np.zeros(0, np.int16), np.zeros(0, np.int16), np.zeros(0, np.uint64),
    )  # fmt: skip
    world, received, keys = np.zeros(1, WORLD), np.zeros(1, RECEIPTS), week_keys(0, 0)
    tallies, handed = np.zeros((1, 1, 1, 1), np.int64), np.zeros((1, 1, 1), np.int64)
    candidates = (
        np.zeros((1, CANDIDATE_ROWS, ROOM), np.int64), np.zeros((1, HASH_ROWS, ROOM), np.uint64),
        np.zeros((1, 2, 8), np.uint64),
    )  # fmt: skip
    room = (
        np.zeros((1, COUNTERS), np.uint64), np.zeros((1, HASHES, 64), np.uint64),
        np.zeros((1, NUMBERS, 64), np.int16), np.zeros((1, BITS), np.uint16),
        np.zeros((1, PAST), np.int16),
    )  # fmt: skip
    week = (world, state, keys, 0)
    calls = {
        "act_pass": (*week, received, 0, 0, 0, tallies, handed, *candidates),
        "serve_pass": (*week, 0, 0, 0, tallies),
        "reflect_pass": (*week, 0, 0, 0, tallies, *room),
        "cut_pass": (*week, NOBODY, tallies),
        "census_pass": (world, state, keys, NOBODY, tallies),
        "prepare_pass": (world, state, keys, NOBODY, 1 << 30),
        "enter_pass": (world, world, state, keys, np.zeros((0, CHANGE), np.int64), 0, tallies),
        "gather_pass": (world, state, keys, 0, True, np.zeros(1, np.int64)),
        "look_pass": (state, 0, 1),
        "disperse_pass": (*week, NOBODY, tallies, handed),
        "publish_pass": (state, 0, 1),
    }
    for name in names:
        getattr(cpu, name)(*calls[name])


def warm() -> None:
    """Compile whatever kernels of a week are not in the cache yet, in processes of their own."""
    halves = [tuple(one for one in half if not is_compiled(one)) for half in (FIRST, SECOND)]
    children: list[subprocess.Popen[bytes]] = []
    try:
        for missing in halves:
            if missing:
                with contextlib.suppress(OSError):
                    children.append(_started(missing))
        for child in children:
            child.wait()
    except BaseException:
        for child in children:
            child.kill()
        raise


def _started(names: tuple[str, ...]) -> subprocess.Popen[bytes]:
    """Start a process that compiles kernels."""
    command = [sys.executable, "-m", __name__, *names]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


if __name__ == "__main__":
    compile_kernels(tuple(sys.argv[1:]))
