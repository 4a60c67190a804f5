"""A work: one scenario that waits, is being computed or has ended, and its weeks, kept readable.

It is computed by one thread and read by any; every failure becomes a state.
"""

from __future__ import annotations

import logging
import threading
import time
from pathlib import Path
from typing import Any, Literal

import numpy as np
import polars as pl
from numpy.typing import NDArray

from glasstown.errors import GlasstownError, ResourceError
from glasstown.lab import room, runfolder
from glasstown.lab.manifest import scale
from glasstown.lab.rollout import Timetable
from glasstown.lab.scenario import Scenario, scenario_hash
from glasstown.lab.stage.watching import Watched
from glasstown.lab.tallies import Tallies
from glasstown.society.compilation import compile_society
from glasstown.surfaces.lab.refusal import RefusedError
from glasstown.surfaces.lab.turns import Turns

State = Literal["queued", "running", "finished", "cancelled", "failed"]
ENDED = ("finished", "cancelled", "failed")
LONGEST_WAIT_S = 20.0
"""How long a caller waits for the running week to let its tallies be read."""
FRESH_S = 1.0
"""Tallies of a running work that are younger than this are not made again."""
_log = logging.getLogger(__name__)


class Work:
    """One scenario: waiting, being computed, or ended.

    Parameters
    ----------
    scenario : Scenario
        What is run.
    turns : Turns, optional
        Whose turn it is to compute.

    Attributes
    ----------
    state : str
        Where it is; only ever goes forward.
    recording : Watched or None
        The run once it has begun; its film and its sums can be read from any thread.
    weeks_done : int
        Weeks that can be read.
    manifest : dict or None
        The manifest, once the run was put together.
    """

    def __init__(self, scenario: Scenario, turns: Turns | None = None) -> None:
        self._turns = turns or Turns(1)
        self.scenario, self.hash = scenario, scenario_hash(scenario)
        self.scale = scale(scenario.society.citizens, scenario.society.regions)
        self.state: State = "queued"
        self.is_stopping = False
        self.error: dict[str, str] | None = None
        self.recording: Watched | None = None
        self.plan: Timetable | None = None
        self.manifest: dict[str, Any] | None = None
        self.folder: Path | None = None
        self.weeks_done = 0
        self.wanted_by = 0
        self._began = self._ended = 0.0
        self._tallies: tuple[int, float, Tallies] | None = None
        self._wants_tallies = False
        self._told = threading.Condition()

    @property
    def is_ready(self) -> bool:
        """Whether there is anybody on stage yet."""
        return self.recording is not None and self.recording.film is not None

    @property
    def seconds(self) -> float:
        """How long it has been computed."""
        if not self._began:
            return 0.0
        return (self._ended or time.monotonic()) - self._began

    @property
    def sums(self) -> list[NDArray[np.int64]]:
        """The national tally of each week that can be read."""
        return self.recording.sums[: self.weeks_done] if self.recording is not None else []

    def carry_out(self, out: Path) -> None:
        """Run the scenario and write its run folder; every failure becomes a state."""
        self._began = time.monotonic()
        self.state = "running"
        self._turns.begin()
        try:
            self._run(out)
            is_whole = bool(self.manifest and self.manifest["complete"])
            state: State = "finished" if is_whole else "cancelled"
        except KeyboardInterrupt:
            state = "cancelled"
        except GlasstownError as error:
            kind = "room" if isinstance(error, ResourceError) else "scenario"
            state, self.error = "failed", {"kind": kind, "message": str(error)}
        except Exception:
            _log.exception("a run failed")
            message = "the run failed; the server's log says why"
            state, self.error = "failed", {"kind": "failure", "message": message}
        finally:
            self._turns.end()
        self.end(state)

    def stop(self) -> None:
        """Stop it after the week that is going on; what waits never begins."""
        self.is_stopping = True
        if self.recording is not None:
            self.recording.stop()

    def close(self) -> None:
        """Let go of the film; nothing can be read any more."""
        if self.recording is not None and self.recording.film is not None:
            self.recording.film.close()

    def tallies(self) -> Tallies:
        """Return the tallies of the weeks done so far.

        Raises
        ------
        RefusedError
            No week is done yet, or none was kept.
        """
        with self._told:
            known = self._fresh()
            if known is None and self.state not in ENDED:
                self._wants_tallies = True
                self._told.wait_for(self._can_tell, LONGEST_WAIT_S)
                known = self._fresh()
            if known is None and self._tallies is not None and self.state not in ENDED:
                known = self._tallies[2]
            if known is None and self.manifest is not None and self.folder is not None:
                known = self._keep(pl.scan_parquet(self.folder / runfolder.WEEKLY), self.manifest)
        if known is None:
            raise RefusedError(409, "not_yet", "no week of this run can be read yet")
        return known

    def _can_tell(self) -> bool:
        return self.state in ENDED or self._fresh() is not None

    def _fresh(self) -> Tallies | None:
        """Return the tallies that are known, if they are of now."""
        if self._tallies is None:
            return None
        weeks, made, tallies = self._tallies
        is_young = self.state not in ENDED and time.monotonic() - made < FRESH_S
        return tallies if weeks == self.weeks_done or is_young else None

    def _keep(self, rows: pl.LazyFrame, manifest: dict[str, Any]) -> Tallies:
        tallies = Tallies(rows, manifest)
        self._tallies = (tallies.weeks, time.monotonic(), tallies)
        return tallies

    def _run(self, out: Path) -> None:
        scenario = self.scenario
        society = compile_society(scenario.society, scenario.without)
        self.plan = Timetable(scenario, society)
        room.check_memory(society, 1)
        folder = runfolder.prepared(out, scenario, overwrite=True)
        room.check_disk(folder, society, scenario.weeks)
        recording = Watched(scenario, folder, self._heard)
        self.recording, self.folder = recording, folder
        if self.is_stopping:
            recording.stop()
        with recording.unfinished.claimed():
            self.manifest = recording.carry_out(society, self.plan)

    def _heard(self, recording: Watched) -> None:
        """Let the week be read; called by the thread that runs."""
        self.weeks_done = len(recording.sums)
        if self._wants_tallies and self.weeks_done:
            # Made here, between two weeks, because only this thread knows that nothing moves.
            with self._told:
                self._wants_tallies = False
                try:
                    self._keep(recording.rows(), self._manifest_so_far())
                except Exception:
                    _log.exception("the tallies of a running world could not be made")
                self._told.notify_all()
        self._turns.pass_on()

    def _manifest_so_far(self) -> dict[str, Any]:
        scenario = self.scenario
        return {
            "scenario": scenario.model_dump(mode="json"),
            "scheme": scenario.scheme.model_dump(mode="json"),
            "scale": self.scale,
            "warnings": [],
        }

    def end(self, state: State) -> None:
        """Say how it ended; nothing moves after that."""
        with self._told:
            if self.manifest is not None:
                self.weeks_done = int(self.manifest["weeks_done"])
            if self.recording is not None:
                self.recording.let_go()
            self._ended = time.monotonic()
            self.state = state
            self._told.notify_all()
