"""A country that runs and is written down, week by week, into its run folder.

What is finished is never lost: after Ctrl-C, a full disk or any other failure the weeks that
were written are put together, and the manifest says how many they are.
"""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any, NoReturn

import numpy as np
import polars as pl
from numpy.typing import NDArray

from glasstown.engine.country import Country
from glasstown.engine.kernels import is_compiled
from glasstown.engine.marginals_kernel import count_groups
from glasstown.errors import GlasstownError, ResourceError
from glasstown.lab import runfolder
from glasstown.lab.biographies import EVERY_WEEKS, Biographies
from glasstown.lab.idle import Idle
from glasstown.lab.interruption import Interruption
from glasstown.lab.manifest import describe_run, timings
from glasstown.lab.progress import Progress
from glasstown.lab.rollout import Timetable
from glasstown.lab.scenario import Scenario
from glasstown.lab.weekly import WeeklyTable
from glasstown.society.compilation import CompiledSociety

STOPPING = "stopping after this week (Ctrl-C again stops at once)"


class Recording:
    """A country that runs and is written down.

    Parameters
    ----------
    scenario : Scenario
        What is run.
    folder : Path
        The run folder, prepared.
    engine, workers : str, int
        What runs it.
    progress : Progress
        Who is told.
    """

    def __init__(
        self, scenario: Scenario, folder: Path, engine: str, workers: int, progress: Progress
    ) -> None:
        self.scenario, self.folder, self.progress = scenario, folder, progress
        self.engine, self.workers = engine, workers
        self._weeks_s: list[float] = []

    def carry_out(self, society: CompiledSociety, plan: Timetable) -> dict[str, Any]:
        """Run the weeks, write them, and return the manifest; see `glasstown.lab.run.run`."""
        is_first = self.engine == "cpu" and not is_compiled()
        self.progress.stage("compiling kernels (once, a minute)" if is_first else "first week")
        failure: Exception | None = None
        with Interruption(lambda: self.progress.stage(STOPPING)) as interruption:
            self._begin(society, plan)
            try:
                self._run_weeks(interruption)
                self.weekly.flush()
            except Exception as error:
                failure = error
            if not self.weekly.weeks:
                self._abandon(failure)
            try:
                manifest = self._finish()
            except Exception as error:
                self._fail(failure or error, f"the parts written are in {self.weekly.parts}")
        if failure is not None:
            weeks = f"{manifest['weeks_done']} of {self.scenario.weeks} weeks are kept there"
            self._fail(failure, f"{weeks}, and the manifest says so")
        return manifest

    def _begin(self, society: CompiledSociety, plan: Timetable) -> None:
        start = time.perf_counter()
        try:
            self.country = Country(
                society, plan, self.scenario.seed, engine=self.engine, workers=self.workers
            )
            citizens = count_groups(self.country.world, self.scenario.seed)
            self.lives = Biographies(self.country, plan.declared)
            self.idle = Idle(self.country, plan)
            self.weekly = WeeklyTable(self.folder, society, citizens, self.scenario.start)
        except BaseException:
            runfolder.discard_empty(self.folder)
            raise
        self._prepared_s = time.perf_counter() - start

    def _run_weeks(self, interruption: Interruption) -> None:
        weeks = self.scenario.weeks
        for week in range(1, weeks + 1):
            start = time.perf_counter()
            tally = self.country.advance()
            self.weekly.add(tally)
            self.idle.look(tally)
            self.heard(tally)
            if week % EVERY_WEEKS == 0 or week == weeks or interruption.is_asked:
                self.lives.take()
            self._weeks_s.append(time.perf_counter() - start)
            if week == 1:
                self.progress.stage("simulating")
            self.progress.week(week)
            if interruption.is_asked:
                return

    def heard(self, tally: NDArray[np.int64]) -> None:
        """Hear of a week's tally, int64 (zones, groups, width); who watches a run overrides it."""

    def _finish(self) -> dict[str, Any]:
        """Put what was written together; the manifest comes last."""
        self.progress.stage("writing")
        weeks_done = self.weekly.weeks
        is_even = weeks_done == self.country.week
        runfolder.clear_old_run(self.folder)
        self.weekly.combine(self.folder / runfolder.WEEKLY)
        self.lives.write(self.folder / runfolder.CITIZENS, weeks_done)
        manifest = describe_run(
            self.scenario,
            digest=self.country.digest() if is_even else None,
            engine=self.engine,
            threads=self.workers,
            weeks_done=weeks_done,
            took=timings(self._prepared_s, self._weeks_s, self.scenario.society.citizens),
            warnings=self.idle.warnings(),
        )
        runfolder.write_manifest(self.folder, manifest)
        self.weekly.discard()
        return manifest

    def _abandon(self, failure: Exception | None) -> NoReturn:
        """Leave nothing behind of a run without a finished week."""
        self.weekly.discard()
        runfolder.discard_empty(self.folder)
        if failure is None:
            raise KeyboardInterrupt
        self._fail(failure, "no week was finished, nothing is kept")

    def _fail(self, failure: Exception, kept: str) -> NoReturn:
        """Raise a failure with what is kept in spite of it."""
        if isinstance(failure, GlasstownError):
            raise failure
        if isinstance(failure, OSError | pl.exceptions.PolarsError | MemoryError):
            reason = getattr(failure, "strerror", None) or str(failure) or "out of memory"
            reason = reason.rsplit("IO error: ", 1)[-1]  # what Polars puts around it
            message = f"{self.folder}: the run could not go on: {reason}; {kept}"
            raise ResourceError(message) from failure
        failure.add_note(f"{self.folder}: {kept}")
        raise failure
