"""A country that runs and is written down, week by week, into its run folder.

What is finished is never lost: after Ctrl-C, a full disk or any other failure the weeks that
were written are put together, and the manifest says how many they are. From a checkpoint a run
goes on, whatever stopped it, as if nothing had.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NoReturn

import numpy as np
import polars as pl
from numpy.typing import NDArray

from glasstown.engine import checkpoint
from glasstown.engine.checkpoint import Checkpoint
from glasstown.engine.country import Country
from glasstown.engine.kernels import is_compiled
from glasstown.engine.marginals_kernel import count_groups
from glasstown.errors import GlasstownError, ResourceError
from glasstown.lab import runfolder
from glasstown.lab.biographies import EVERY_WEEKS, Biographies
from glasstown.lab.biographies import PREFIX as LIVES
from glasstown.lab.idle import Idle
from glasstown.lab.interruption import Interruption
from glasstown.lab.manifest import describe_run, peak_memory_bytes, timings
from glasstown.lab.parts import Parts
from glasstown.lab.progress import Progress
from glasstown.lab.rollout import Timetable
from glasstown.lab.scenario import Scenario, scenario_hash
from glasstown.lab.schedule import Schedule
from glasstown.lab.unfinished import Unfinished
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
    schedule : Schedule
        When checkpoints are put down.
    """

    def __init__(
        self, scenario: Scenario, folder: Path, engine: str, workers: int, progress: Progress,
        schedule: Schedule,
    ) -> None:  # fmt: skip
        self.scenario, self.folder, self.progress = scenario, folder, progress
        self.engine, self.workers, self.schedule = engine, workers, schedule
        self.unfinished = Unfinished(folder)
        checkpoint.sources_hash()  # of what is running, should the files change meanwhile
        self._weeks_s: list[float] = []
        self._prepared_s, self._peak, self._resumed_after = 0.0, 0, list[int]()

    def carry_out(
        self, society: CompiledSociety, plan: Timetable, since: Checkpoint | None = None
    ) -> dict[str, Any]:
        """Run the weeks, write them, and return the manifest; see `glasstown.lab.run.run`.

        The folder of what is unfinished is claimed already. ``since`` is the checkpoint to go on
        from; by default the run begins.
        """
        is_first = self.engine == "cpu" and not is_compiled()
        self.progress.stage("compiling kernels (once, a minute)" if is_first else "first week")
        failure: Exception | None = None
        with Interruption(lambda: self.progress.stage(STOPPING)) as interruption:
            self._begin(society, plan, since)
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
                self._fail(failure or error, f"the parts written are in {self.unfinished.folder}")
        if failure is not None:
            weeks = f"{manifest['weeks_done']} of {self.scenario.weeks} weeks are kept there"
            self._fail(failure, f"{weeks}, and the manifest says so{self._way_on()}")
        return manifest

    def _begin(self, society: CompiledSociety, plan: Timetable, since: Checkpoint | None) -> None:
        start, folder = time.perf_counter(), self.unfinished.folder
        lives = Parts(folder, LIVES)
        try:
            if since is None:
                self.unfinished.begin(self.scenario, self.engine, self.schedule.weeks)
            else:
                lives.go_on(_regular(lives, since.kept["lives"]))
            self.country = Country(
                society, plan, self.scenario.seed, engine=self.engine, workers=self.workers
            )
            citizens = count_groups(self.country.world, self.scenario.seed)
            self.lives = Biographies(self.country, plan.declared, parts=lives)
            self.idle = Idle(self.country, plan)
            self.weekly = WeeklyTable(folder, society, citizens, self.scenario.start)
            if since is not None:
                self._go_on(since)
        except BaseException:
            if since is None:
                self.unfinished.discard()
            runfolder.discard_empty(self.folder)
            raise
        self._prepared_s += time.perf_counter() - start

    def _go_on(self, since: Checkpoint) -> None:
        """Put everything where it stood at a checkpoint."""
        self.progress.stage(f"reading the checkpoint of week {since.week}")
        kept = since.kept
        self.weekly.go_on(since.week, kept["parts"])
        checkpoint.restore(self.country, since)
        self.idle.go_on(kept["idle"])
        # Only now that all has been read and found whole is anything dropped.
        self.weekly.parts.drop_others()
        self.lives.drop_others()
        self._weeks_s, self._prepared_s = list(kept["weeks_s"]), float(kept["prepared_s"])
        self._peak = int(kept["peak_memory_bytes"])
        self._resumed_after = [*kept["resumed_after"], since.week]

    def _run_weeks(self, interruption: Interruption) -> None:
        weeks, first = self.scenario.weeks, self.country.week + 1
        for week in range(first, weeks + 1):
            start = time.perf_counter()
            tally = self.country.advance()
            self.weekly.add(tally)
            self.idle.look(tally)
            self.heard(tally)
            is_asked = interruption.is_asked
            if week % EVERY_WEEKS == 0 or week == weeks or is_asked:
                self.lives.take()
            self._weeks_s.append(time.perf_counter() - start)
            if week == first:
                self.progress.stage("simulating")
            self.progress.week(week)
            if week < weeks and self.schedule.is_due(week, is_stopping=is_asked):
                self._put_down()
            if is_asked:
                return

    def _put_down(self) -> None:
        """Write a checkpoint: the weeks so far first, then what it takes to go on after them."""
        start = time.perf_counter()
        is_slow = self.schedule.takes_long
        if is_slow:
            self.progress.stage(f"checkpoint of week {self.country.week}")
        self.weekly.flush()
        kept = {
            "scenario_hash": scenario_hash(self.scenario),
            "parts": self.weekly.parts.hashes, "lives": self.lives.hashes,
            "idle": self.idle.seen(), "weeks_s": self._weeks_s, "prepared_s": self._prepared_s,
            "peak_memory_bytes": max(self._peak, peak_memory_bytes()),
            "resumed_after": self._resumed_after,
        }  # fmt: skip
        checkpoint.save(self.country, self.unfinished.folder, kept)
        self.schedule.was_put_down(time.perf_counter() - start)
        if is_slow:
            self.progress.stage("simulating")

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
        manifest["peak_memory_bytes"] = max(self._peak, manifest["peak_memory_bytes"])
        manifest["resumed_after"] = self._resumed_after
        runfolder.write_manifest(self.folder, manifest)
        if manifest["complete"] or not self.unfinished.has_checkpoint:
            self.unfinished.discard()
        return manifest

    def _way_on(self) -> str:
        """Say how to go on, where there is a checkpoint."""
        return f"; go on with: glasstown resume {self.folder}" * self.unfinished.has_checkpoint

    def _abandon(self, failure: Exception | None) -> NoReturn:
        """Leave nothing behind of a run without a finished week."""
        self.unfinished.discard()
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


def _regular(lives: Parts, hashes: Mapping[str, str]) -> dict[str, str]:
    """Return the parts that a run which was not stopped would have, too."""
    return {name: one for name, one in hashes.items() if lives.number(name) % EVERY_WEEKS == 0}
