"""Room for a run: the bytes of memory and disk that it takes, and whether they are there.

Both are known before the first week: the state by formula, the rest by measurement.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import psutil

from glasstown.engine import columns
from glasstown.engine.world import state_bytes
from glasstown.errors import ResourceError
from glasstown.lab import runfolder
from glasstown.lab.weekly import PART_WEEKS
from glasstown.society.compilation import CompiledSociety

PROGRAM_BYTES = 450_000_000
"""Python, Polars, and Numba while it compiles: measured at 400 to 480 MB; 250 once compiled."""
BYTES_A_CELL = 3
"""Bytes of one number of the weekly table on disk: measured at 0.5 to 1.5, parts and whole."""
SAMPLE_BYTES = 20_000_000
"""Biographies and the report on disk, with room to spare."""
FEWEST_CITIZENS = 1_000


def tally_cells(society: CompiledSociety) -> int:
    """Return how many numbers a week is tallied in."""
    zones, behaviours = len(society.layout.places.zones), len(society.behaviours)
    return zones * len(society.groups) * (columns.WIDTH + 2 * behaviours)


def memory_needed(society: CompiledSociety, threads: int) -> int:
    """Return the bytes of memory that a run takes at its peak, about."""
    return sum(state_bytes(society.layout).values()) + _fixed_bytes(society, threads)


def _fixed_bytes(society: CompiledSociety, threads: int) -> int:
    """Return the bytes that don't depend on the number of citizens (blocks' zones aside)."""
    buffered = 8 * tally_cells(society) * (threads + 2 + 2 * PART_WEEKS)
    return PROGRAM_BYTES + buffered + society.layout.blocks


def memory_available() -> int:
    """Return the bytes of memory that are free for a run, a container's limit included."""
    available = int(psutil.virtual_memory().available)
    try:
        limit = Path("/sys/fs/cgroup/memory.max").read_text("ascii").strip()
        used = Path("/sys/fs/cgroup/memory.current").read_text("ascii").strip()
        available = min(available, max(int(limit) - int(used), 0))
    except (OSError, ValueError):
        pass
    return available


def citizens_fitting(society: CompiledSociety, threads: int, available: int) -> int:
    """Return about how many citizens fit into so many bytes of memory, rounded down."""
    each = sum(state_bytes(society.layout).values()) / society.layout.citizens
    room = max(available - _fixed_bytes(society, threads), 0)
    fitting = int(0.98 * room / each)
    step = 10 ** max(len(str(fitting)) - 3, 0)
    return fitting // step * step


def check_memory(society: CompiledSociety, threads: int) -> None:
    """Refuse a country that would not fit into memory.

    Raises
    ------
    ResourceError
        Naming the bytes needed, the bytes there are, and how many citizens would fit.
    """
    needed, available = memory_needed(society, threads), memory_available()
    if needed <= available:
        return
    fitting = citizens_fitting(society, threads, available)
    advice = (
        f"about {fitting:_} citizens would fit: --citizens {fitting:_}"
        if fitting >= FEWEST_CITIZENS
        else f"not even {FEWEST_CITIZENS:_} citizens would fit: free some memory first"
    )
    raise ResourceError(
        f"{society.layout.citizens:_} citizens need about {needed:_} bytes of memory and "
        f"{available:_} are available; {advice}"
    )


def disk_needed(society: CompiledSociety, weeks: int) -> int:
    """Return the bytes of disk that a run's folder takes at its peak, about, checkpoints aside."""
    return weeks * tally_cells(society) * BYTES_A_CELL + SAMPLE_BYTES


def checkpoints_needed(society: CompiledSociety) -> int:
    """Return the bytes of disk that checkpoints take at most: an old one goes after a new one."""
    return 2 * sum(state_bytes(society.layout).values())


def check_disk(
    folder: Path, society: CompiledSociety, weeks: int, *, has_checkpoints: bool = False
) -> None:
    """Refuse a run that would fill the disk.

    Raises
    ------
    ResourceError
        Naming the bytes needed and those that are free where the folder is.
    """
    results = disk_needed(society, weeks)
    checkpoints = checkpoints_needed(society) if has_checkpoints else 0
    free = shutil.disk_usage(folder).free
    if free >= results + checkpoints:
        return
    runfolder.discard_empty(folder)
    without = (
        f", {checkpoints:_} of them for checkpoints (--checkpoint-weeks 0 does without)"
        if checkpoints and free >= results
        else ""
    )
    raise ResourceError(
        f"{folder}: the run needs about {results + checkpoints:_} bytes of disk{without} and "
        f"{free:_} are free. Free some space, write to another disk with --out, or run "
        "fewer weeks"
    )
