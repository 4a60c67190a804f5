"""A run that is watched: written down as any other, and its stage filmed while it goes on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NoReturn

import numpy as np
import polars as pl
from numpy.typing import NDArray

from glasstown.engine.checkpoint import Checkpoint
from glasstown.engine.engines import CpuEngine
from glasstown.engine.world import JOINED, State, World
from glasstown.lab.interruption import Interruption
from glasstown.lab.progress import Silent
from glasstown.lab.recording import Recording
from glasstown.lab.rollout import Timetable
from glasstown.lab.scenario import Scenario
from glasstown.lab.schedule import Schedule
from glasstown.lab.stage.film import FILE, Film
from glasstown.lab.stage.people import adults, people_planes
from glasstown.lab.stage.places import BLOCK, choose
from glasstown.lab.stage.planes import Taker
from glasstown.society.compilation import CompiledSociety

ROUNDS_KEPT = 255


class WatchedEngine(CpuEngine):
    """The CPU engine, which remembers in which round of a gathering those on stage joined.

    Attributes
    ----------
    rounds : uint8 array (blocks, 64)
        The round, from 1, in which each lane of the blocks on stage joined this week; 0: none.
    """

    def __init__(self, workers: int, blocks: NDArray[np.int64]) -> None:
        super().__init__(workers)
        self._on_stage = blocks
        self.rounds = np.zeros((blocks.size, BLOCK), np.uint8)
        self._shares_done: int | None = None
        self._joined_words = np.zeros(blocks.size, np.uint64)

    def _gather(
        self, packed: Any, state: State, keys: Any, week: int, tallies: Any, handed: Any
    ) -> None:
        self._gathering, self._shares_done = state, 0
        self._joined_words[:] = 0
        try:
            super()._gather(packed, state, keys, week, tallies, handed)
        finally:
            self._shares_done = None

    def _share(self, work: Callable[[int], None]) -> None:
        super()._share(work)
        if self._shares_done is None:
            return
        # Joining and looking take turns, so every second share is one more round.
        joined = self._gathering.words[JOINED, self._on_stage]
        new = np.ascontiguousarray((joined & ~self._joined_words).astype("<u8", copy=False))
        if new.any():
            bits = np.unpackbits(new.view(np.uint8), bitorder="little").reshape(-1, BLOCK)
            self.rounds[bits == 1] = min(self._shares_done // 2 + 1, ROUNDS_KEPT)
            self._joined_words |= joined
        self._shares_done += 1

    def run_week(
        self, worlds: Sequence[World], state: State, keys: Any, week: int, receipts: Any,
        tallies: Any, handed: Any, *, is_spark: bool,
    ) -> None:  # fmt: skip
        """Run one week, pass by pass."""
        self.rounds[:] = 0
        super().run_week(worlds, state, keys, week, receipts, tallies, handed, is_spark=is_spark)


class Watched(Recording):
    """A country that runs, is written down, and can be watched and stopped from other threads.

    Parameters
    ----------
    scenario : Scenario
        What is run.
    folder : Path
        The run folder, prepared; of what is unfinished in it no checkpoint is kept.
    on_week : callable
        Called after each week (and before the first) by the thread that runs it.

    Attributes
    ----------
    sums : list of int64 array (width,)
        The national tally of each week so far.
    society, places, people, film
        The country's people, who stands on stage, what never changes about them, and their weeks;
        not there (the film: None) before it has begun.
    """

    def __init__(
        self, scenario: Scenario, folder: Path, on_week: Callable[[Watched], None]
    ) -> None:
        super().__init__(scenario, folder, "cpu", 1, Silent(), Schedule(0))
        self._on_week = on_week
        self._is_stopping = False
        self._interruption: Interruption | None = None
        self.sums: list[NDArray[np.int64]] = []
        self.film: Film | None = None

    def stop(self) -> None:
        """Ask the run to stop after the week that is going on."""
        self._is_stopping = True
        if self._interruption is not None:
            self._interruption.is_asked = True

    def heard(self, tally: NDArray[np.int64]) -> None:
        """Film the week and tell whoever watches."""
        self.sums.append(tally.sum(axis=(0, 1)))
        self._take()

    def rows(self) -> pl.LazyFrame:
        """Return the weekly rows written so far; only for the thread that runs the weeks."""
        parts = self.weekly.parts.paths
        frames = [pl.scan_parquet(parts, glob=False)] if parts else []
        buffered = self.weekly.buffered()
        return pl.concat([*frames, *([buffered.lazy()] if buffered is not None else [])])

    def let_go(self) -> None:
        """Drop what only a run that goes on needs: state, buffers, biographies."""
        for name in ("country", "weekly", "lives", "idle", "_engine", "_taker"):
            self.__dict__.pop(name, None)

    def _begin(self, society: CompiledSociety, plan: Timetable, since: Checkpoint | None) -> None:
        super()._begin(society, plan, since)
        self.society, self.places = society, choose(society.layout)
        self._engine = WatchedEngine(self.workers, self.places.blocks)
        self.country.engine = self._engine
        self.people = people_planes(self.country, self.places)
        self._taker = Taker(self.country, self.places, adults(self.people))
        self.film = Film(self.folder / FILE, self.places.citizens)
        self._take()

    def _take(self) -> None:
        rounds = self._engine.rounds[self.places.is_present]
        assert self.film is not None
        self.film.add(self._taker.take(rounds))
        self._on_week(self)

    def _run_weeks(self, interruption: Interruption) -> None:
        self._interruption = interruption
        interruption.is_asked = self._is_stopping
        super()._run_weeks(interruption)

    def _abandon(self, failure: Exception | None) -> NoReturn:
        if self.film is not None:
            self.film.close()
        super()._abandon(failure)

    def _finish(self) -> dict[str, Any]:
        assert self.film is not None
        self.film.finish()
        return super()._finish()
