"""The weekly table of a run, written while it runs: in parts of a year, at the end one file.

One row a week, region, settlement and group. Never more than one part is in memory; whatever is
cut off, the parts written so far are whole.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from glasstown.engine.measures import IN_POINTS, NAMES
from glasstown.lab.parts import Parts
from glasstown.society import layout as at
from glasstown.society.compilation import CompiledSociety

PART_WEEKS = 52
TENTHS = 10
PREFIX = "part-"


def column_names(behaviours: Sequence[str]) -> tuple[str, ...]:
    """Return the names of a tally's columns, in its order."""
    acted = (f"acted_{name}" for name in behaviours)
    return (*NAMES, *acted, *(f"booked_{name}" for name in behaviours))


class WeeklyTable:
    """The weekly rows of one run, streamed into its folder.

    Parameters
    ----------
    folder : Path
        Where its parts stand until they are combined.
    society : CompiledSociety
        Names and zones.
    citizens : int64 array (zones, groups)
        Citizens of every row, children included.
    start : date
        First day of the first week.
    """

    def __init__(
        self, folder: Path, society: CompiledSociety, citizens: NDArray[np.int64], start: date
    ) -> None:
        self.start, self.parts = start, Parts(folder, PREFIX)
        self.names = column_names([one.name for one in society.behaviours])
        self.weeks = 0
        """Weeks that are written."""
        zones, groups = society.layout.places.zones, society.groups
        self._citizens = citizens.ravel()
        region = np.array(society.layout.region_names)[zones[:, at.REGION]]
        settlement = np.array(at.SETTLEMENTS)[zones[:, at.SETTLEMENT]]
        self._labels = {
            "region": np.repeat(region, len(groups)),
            "settlement": np.repeat(settlement, len(groups)),
            "group": np.tile(np.array(groups), len(zones)),
        }
        self._rows = np.empty((PART_WEEKS, self._citizens.size, len(self.names)), np.int64)
        self._kept = 0

    def add(self, tally: NDArray[np.int64]) -> None:
        """Add a week's tally, int64 (zones, groups, width).

        Raises
        ------
        OSError
            If a part is full and can't be written.
        """
        self._rows[self._kept] = tally.reshape(self._rows.shape[1:])
        self._kept += 1
        if self._kept == PART_WEEKS:
            self.flush()

    def go_on(self, weeks: int, parts: Mapping[str, str]) -> None:
        """Go on after so many weeks with the parts that hold them.

        Raises
        ------
        InputError
            If a part is missing or damaged.
        """
        self.parts.go_on(parts)
        self.weeks = weeks

    def flush(self) -> None:
        """Write what is in memory as one more part."""
        if self._kept == 0:
            return
        part = self.parts.path(self.weeks)
        write_whole(self._frame(), part)
        self.parts.note(part)
        self.weeks += self._kept
        self._kept = 0

    def buffered(self) -> pl.DataFrame | None:
        """Return the weeks in memory, which no part holds yet; None if there are none."""
        return self._frame() if self._kept else None

    def _frame(self) -> pl.DataFrame:
        """Return the weeks in memory as a frame."""
        count, size = self._kept, self._citizens.size
        weeks = range(self.weeks + 1, self.weeks + count + 1)
        ends = [self.start + timedelta(days=7 * week - 1) for week in weeks]
        columns = [
            pl.Series("week", np.repeat(np.array(weeks, np.int32), size)),
            pl.Series("date", np.repeat(np.array(ends, "datetime64[D]"), size)),
            *(pl.Series(name, np.tile(one, count)) for name, one in self._labels.items()),
            pl.Series("citizens", np.tile(self._citizens, count)),
        ]
        rows = self._rows[:count].reshape(count * size, -1)
        for i, name in enumerate(self.names):
            column = rows[:, i]
            columns.append(pl.Series(name, column / TENTHS if name in IN_POINTS else column))
        return pl.DataFrame(columns)

    def combine(self, path: Path) -> None:
        """Put all parts together in one file; they stay until they are discarded.

        Raises
        ------
        OSError or polars.exceptions.PolarsError
            If it can't be written.
        """
        whole = self.parts.folder / "whole.parquet"
        try:
            pl.scan_parquet(self.parts.paths, glob=False).sink_parquet(whole, compression="zstd")
        except BaseException:
            whole.unlink(missing_ok=True)
            raise
        sync(whole)
        os.replace(whole, path)


def write_whole(frame: pl.DataFrame, path: Path) -> None:
    """Write a frame as Parquet, by one rename."""
    partial = path.with_name(f".{path.name}-{os.getpid()}")
    try:
        frame.write_parquet(partial, compression="zstd")
        sync(partial)
        os.replace(partial, path)
    except BaseException:
        partial.unlink(missing_ok=True)
        raise


def sync(path: Path) -> None:
    """Make sure that a file outlives a loss of power."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())
