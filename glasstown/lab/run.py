"""One scenario, run: from what the user gave to a run folder, and that folder read again."""

from __future__ import annotations

import warnings as python_warnings
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from glasstown.engine.checkpoint import Checkpoint
from glasstown.engine.engines import check_engine, default_workers
from glasstown.errors import InputError
from glasstown.lab import reporting, room, runfolder
from glasstown.lab.findings import findings
from glasstown.lab.progress import Progress, Silent
from glasstown.lab.recording import Recording
from glasstown.lab.rollout import Timetable
from glasstown.lab.scenario import Scenario, load_scenario
from glasstown.lab.schedule import Schedule
from glasstown.lab.showing import WIDE, named
from glasstown.lab.unfinished import Unfinished
from glasstown.lab.wording import Finding
from glasstown.society.compilation import CompiledSociety, compile_society

if TYPE_CHECKING:
    from glasstown.lab.charts.theme import Chart


@dataclass(frozen=True)
class Run:
    """A run that was written: its folder, and what stands in it.

    Parameters
    ----------
    folder : Path
        The run folder.
    manifest : dict
        What its ``manifest.json`` holds.
    """

    folder: Path
    manifest: dict[str, Any] = field(repr=False)

    @property
    def digest(self) -> str | None:
        """SHA-256 of all tallies and of the last state; None where writing failed half-way."""
        return self.manifest.get("digest")

    @property
    def is_complete(self) -> bool:
        """Whether every week was simulated and written."""
        return bool(self.manifest.get("complete"))

    @property
    def can_go_on(self) -> bool:
        """Whether there is a checkpoint with which `glasstown.resume` goes on."""
        return Unfinished(self.folder).has_checkpoint

    @cached_property
    def weekly(self) -> pl.DataFrame:
        """One row a week, region, settlement and group; read when first asked for."""
        return _read(self.folder / runfolder.WEEKLY)

    @cached_property
    def citizens(self) -> pl.DataFrame:
        """Biographies of the sampled citizens; read when first asked for."""
        return _read(self.folder / runfolder.CITIZENS)

    def findings(self) -> list[Finding]:
        """Say in plain sentences what happened, the gravest first."""
        return findings(pl.scan_parquet(self.folder / runfolder.WEEKLY), self.manifest)

    def report(self) -> Path:
        """Write ``report.html`` into the run folder and return its path.

        Raises
        ------
        ReportError
            If it can't be drawn or written; the run is not touched.
        """
        return reporting.write(self.folder)

    def charts(self, width: int = WIDE) -> dict[str, Chart]:
        """Draw every chart that there is something for, by name; a notebook displays each."""
        from glasstown.lab.charts import charts

        return charts(pl.scan_parquet(self.folder / runfolder.WEEKLY), self.manifest, width)

    def chart(self, name: str, width: int = WIDE) -> Chart:
        """Draw one chart.

        Raises
        ------
        InputError
            If there is no such chart, or it has nothing to show.
        """
        from glasstown.lab.charts import CHARTS

        return named(self.charts(width), name, [one.key for one in CHARTS])


def run(
    given: str | Path | Mapping[str, Any] | Scenario,
    *,
    out: str | Path | None = None,
    engine: str = "cpu",
    threads: int | None = None,
    progress: Progress | None = None,
    report: bool = True,
    overwrite: bool = False,
    checkpoint_weeks: int | None = None,
    **overrides: Any,
) -> Run:
    """Run a scenario and write its run folder.

    Parameters
    ----------
    given : str, Path, Mapping or Scenario
        A shipped scheme's name, a path to a scenario file, or a mapping.
    out : str or Path, optional
        The folder below which the run folder is made; ``runs`` by default.
    engine : str
        A name in `glasstown.engine.engines.ENGINES`.
    threads : int, optional
        How many threads share a week; one for each usable processor by default. The result
        doesn't depend on it.
    progress : Progress, optional
        Who is told how it is getting on; nobody by default.
    report : bool
        Whether to write ``report.html`` too. A report that fails is a warning, never an error.
    overwrite : bool
        Whether a complete run of the same scenario, or one that can go on, may be replaced.
    checkpoint_weeks : int, optional
        Weeks from one checkpoint to the next, 0 for none; by default every five minutes.
    **overrides : Any
        Single keys of the scenario, as in ``citizens=100_000`` or ``without=["friends"]``;
        dotted ones as ``**{"scheme.friends.points": -0.2}``.

    Returns
    -------
    Run
        The run; after one Ctrl-C an incomplete one that holds the finished weeks, with which
        `glasstown.resume` goes on.

    Raises
    ------
    InputError
        If the scenario, the folder, the memory or the disk can't be used; with a full disk
        half-way, after the finished weeks are put together.
    EngineError
        If there is no such engine.
    KeyboardInterrupt
        If it is interrupted twice, or before the first week is finished.
    """
    scenario = load_scenario(given, overrides=overrides)
    workers, schedule = checked_workers(threads), Schedule(checkpoint_weeks)
    check_engine(engine)
    society = compile_society(scenario.society, scenario.without)
    plan = Timetable(scenario, society)
    room.check_memory(society, workers)
    folder = runfolder.prepared(out, scenario, overwrite=overwrite)
    room.check_disk(folder, society, scenario.weeks, has_checkpoints=not schedule.is_off)
    recording = Recording(scenario, folder, engine, workers, progress or Silent(), schedule)
    with recording.unfinished.claimed():
        return carried_out(recording, society, plan, report=report, is_told=progress is not None)


def carried_out(
    recording: Recording, society: CompiledSociety, plan: Timetable, *,
    since: Checkpoint | None = None, report: bool, is_told: bool,
) -> Run:  # fmt: skip
    """Carry out what is prepared, from a checkpoint on if one is given; see `run`."""
    scenario, told = recording.scenario, recording.progress
    name = f"{scenario.scheme.name}: {scenario.society.citizens:_} citizens"
    told.started(scenario.weeks, name)
    try:
        done = Run(recording.folder, recording.carry_out(society, plan, since))
    finally:
        told.finished()
    if not is_told and not done.is_complete:
        python_warnings.warn(f"{done.folder}: stopped before its last week", stacklevel=3)
    if report:
        try:
            done.report()
        except reporting.ReportError as error:
            python_warnings.warn(str(error), stacklevel=3)
    return done


def checked_workers(threads: int | None) -> int:
    """Return how many threads share a week."""
    if threads is None:
        return default_workers()
    if isinstance(threads, bool) or not isinstance(threads, int) or not 1 <= threads <= 1024:
        raise InputError(f"threads: must be a whole number from 1 to 1024, not {threads!r}")
    return threads


def load(folder: str | Path) -> Run:
    """Read a run folder.

    Parameters
    ----------
    folder : str or Path
        A run folder, complete or stopped half-way.

    Raises
    ------
    InputError
        If there is no run in it, or what stands in it is damaged or doesn't fit together.
    """
    folder = Path(folder)
    manifest = runfolder.read_manifest(folder)
    for name in (runfolder.WEEKLY, runfolder.CITIZENS):
        if not (folder / name).is_file():
            raise InputError(f"{folder / name}: missing; run the scenario again with --overwrite")
    try:
        weekly = pl.scan_parquet(folder / runfolder.WEEKLY)
        last = weekly.select(pl.col("week").max()).collect().item()
        pl.read_parquet_schema(folder / runfolder.CITIZENS)
    except (OSError, pl.exceptions.PolarsError) as error:
        raise _damaged(folder, str(error).splitlines()[0]) from None
    if last != manifest["weeks_done"]:
        raise _damaged(folder, f"the table ends in week {last}, not {manifest['weeks_done']}")
    return Run(folder, manifest)


def _read(path: Path) -> pl.DataFrame:
    """Read a table of a run folder."""
    try:
        return pl.read_parquet(path)
    except (OSError, pl.exceptions.PolarsError) as error:
        raise _damaged(path, str(error).splitlines()[0]) from None


def _damaged(path: Path, why: str) -> InputError:
    return InputError(f"{path}: damaged: {why}; run the scenario again with --overwrite")
