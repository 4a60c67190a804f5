"""A run that was stopped, killed or cut off goes on, as if nothing had happened."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from glasstown.engine.engines import check_engine
from glasstown.errors import InputError
from glasstown.lab import room, runfolder
from glasstown.lab.progress import Progress, Silent
from glasstown.lab.recording import Recording
from glasstown.lab.rollout import Timetable
from glasstown.lab.run import Run, carried_out, checked_workers
from glasstown.lab.schedule import Schedule
from glasstown.lab.unfinished import Unfinished
from glasstown.society.compilation import compile_society


def resume(
    folder: str | Path,
    *,
    engine: str | None = None,
    threads: int | None = None,
    progress: Progress | None = None,
    report: bool = True,
    checkpoint_weeks: int | None = None,
) -> Run:
    """Go on with a run from its last checkpoint, to the same digest and the same tables.

    A run that was killed before its first checkpoint begins again from its first week.

    Parameters
    ----------
    folder : str or Path
        The run folder.
    engine : str, optional
        What runs the rest; by default what ran it so far. The result doesn't depend on it.
    threads : int, optional
        How many threads share a week; one for each usable processor by default.
    progress : Progress, optional
        Who is told how it is getting on; nobody by default.
    report : bool
        Whether to write ``report.html`` too.
    checkpoint_weeks : int, optional
        Weeks from one checkpoint to the next, 0 for none; by default as the run began.

    Returns
    -------
    Run
        The run, as `glasstown.lab.run.run` returns it.

    Raises
    ------
    InputError
        If there is nothing to resume, the run is complete, or its checkpoint, its parts or its
        scenario are damaged or were changed; what was finished stays.
    EngineError
        If there is no such engine.
    """
    folder = Path(folder)
    unfinished = Unfinished(folder)
    _check_folder(folder, unfinished)
    record = unfinished.record()
    weeks = record["checkpoint_weeks"] if checkpoint_weeks is None else checkpoint_weeks
    workers, schedule = checked_workers(threads), Schedule(weeks)
    with unfinished.claimed():
        scenario, since = unfinished.scenario(), unfinished.checkpoint()
        society = compile_society(scenario.society, scenario.without)
        room.check_memory(society, workers)
        recording = Recording(
            scenario, folder, check_engine(engine or record["engine"]), workers,
            progress or Silent(), schedule,
        )  # fmt: skip
        return carried_out(
            recording, society, Timetable(scenario, society), since=since, report=report,
            is_told=progress is not None,
        )  # fmt: skip


def _check_folder(folder: Path, unfinished: Unfinished) -> None:
    """Refuse a folder in which nothing can go on, or nothing can be written."""
    if not folder.is_dir():
        raise InputError(f"{folder}: there is no such run folder")
    if runfolder.is_complete(folder) and not unfinished.is_newer_than(folder / runfolder.MANIFEST):
        unfinished.discard()  # of a run that was killed after its last word
        raise InputError(
            f"{folder}: this run is complete: there is nothing to resume. Read it with `glasstown "
            f"report {folder}` or `glasstown.load`"
        )
    unfinished.record()
    try:
        with tempfile.TemporaryFile(dir=unfinished.folder):
            pass
    except OSError as error:
        raise InputError(
            f"{folder}: can't write there: {error.strerror or os.strerror(error.errno or 0)}. What "
            "is finished stays; to go on, copy the folder to where you may write"
        ) from None
