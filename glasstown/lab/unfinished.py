"""The folder in a run's folder that lives while the run is not finished.

In it stand what is run (``run.json``), the weeks that are written (whole Parquet files each), the
last checkpoint, and a lock: two processes never write one run. It goes when the run is complete.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from glasstown.engine import checkpoint
from glasstown.errors import InputError
from glasstown.lab.runfolder import UNFINISHED
from glasstown.lab.scenario import Scenario, load_scenario, scenario_hash
from glasstown.lab.writing import write_text
from glasstown.society.region_table import PACKAGED
from glasstown.version import version

RECORD, LOCK = "run.json", "lock"
FORMAT = "glasstown run"


class Unfinished:
    """The folder of what is not finished.

    Parameters
    ----------
    run_folder : Path
        The run's folder.
    """

    def __init__(self, run_folder: Path) -> None:
        self.run_folder, self.folder = run_folder, run_folder / UNFINISHED

    @contextmanager
    def claimed(self) -> Iterator[None]:
        """Hold the folder for as long as the ``with`` block runs, and make it if need be.

        Raises
        ------
        InputError
            If another process holds it, or it can't be written.
        """
        try:
            self.folder.mkdir(exist_ok=True)
            lock = os.open(self.folder / LOCK, os.O_RDWR | os.O_CREAT, 0o644)
        except OSError as error:
            raise InputError(
                f"{self.folder}: can't write there: {error.strerror or error}"
            ) from None
        try:
            if not _is_locked(lock):
                raise InputError(
                    f"{self.run_folder}: another process is writing this run just now; wait for "
                    "it, or write elsewhere with --out"
                )
            yield
        finally:
            os.close(lock)

    def begin(self, scenario: Scenario, engine: str, checkpoint_weeks: int | None) -> None:
        """Drop what an older run left, and write down what is run."""
        for path in self.folder.iterdir():
            if path.is_dir():
                shutil.rmtree(path, ignore_errors=True)
            elif path.name != LOCK:
                path.unlink()
        record = {
            "format": FORMAT, "glasstown": version(), "scenario_hash": scenario_hash(scenario),
            "scenario": scenario.model_dump(mode="json"), "folder": os.getcwd(), "engine": engine,
            "checkpoint_weeks": checkpoint_weeks,
        }  # fmt: skip
        write_text(json.dumps(record, indent=2, ensure_ascii=False) + "\n", self.folder / RECORD)

    def record(self) -> dict[str, Any]:
        """Return what is run.

        Raises
        ------
        InputError
            If nothing is, or it can't be read.
        """
        path = self.folder / RECORD
        try:
            record = json.loads(path.read_text("utf-8"))
        except FileNotFoundError:
            raise InputError(
                f"{self.run_folder}: nothing to resume: there is no {UNFINISHED}/{RECORD}. Either "
                "it is not the folder of a run, or the run kept no checkpoint: run it again"
            ) from None
        except (OSError, ValueError) as error:
            raise InputError(f"{path}: can't be read: {error}. Run it again") from None
        if not isinstance(record, dict) or record.get("format") != FORMAT:
            raise InputError(f"{path}: not the record of a run of Glasstown")
        missing = {"scenario", "scenario_hash", "folder", "engine"} - set(record)
        if missing:
            raise InputError(f"{path}: damaged: {', '.join(sorted(missing))} missing")
        return record

    def scenario(self) -> Scenario:
        """Return the scenario that is run.

        Raises
        ------
        InputError
            If it is not the one that the run began with.
        """
        record, path = self.record(), self.folder / RECORD
        scenario = load_scenario(_at_home(record["scenario"], Path(record["folder"])))
        found = scenario_hash(scenario)
        if found != record["scenario_hash"]:
            raise InputError(
                f"{path}: the scenario is not the one that this run began with (its hash was "
                f"{record['scenario_hash'][:8]} and is {found[:8]}): the file or its region table "
                "was changed. Restore it, or run the changed scenario as a run of its own"
            )
        return scenario

    def checkpoint(self) -> checkpoint.Checkpoint | None:
        """Return the last checkpoint, None if there is none.

        Raises
        ------
        InputError
            If it can't be used.
        """
        found = checkpoint.newest(self.folder)
        if found is not None and found.kept.get("scenario_hash") != self.record()["scenario_hash"]:
            raise InputError(
                f"{found.folder}: this checkpoint is of another scenario than {RECORD} beside it; "
                "run the scenario again with --overwrite"
            )
        return found

    def is_newer_than(self, manifest: Path) -> bool:
        """Return whether this run was begun after an older one was finished."""
        record = self.folder / RECORD
        return record.is_file() and record.stat().st_mtime_ns > manifest.stat().st_mtime_ns

    def discard(self) -> None:
        """Drop the folder and all that is in it."""
        shutil.rmtree(self.folder, ignore_errors=True)

    @property
    def has_checkpoint(self) -> bool:
        """Whether a checkpoint lies there, usable or not."""
        return any(self.folder.glob(f"{checkpoint.PREFIX}*"))


def _is_locked(handle: int) -> bool:
    """Lock an open file for this process; return False if another one has it."""
    try:
        import fcntl
    except ImportError:  # Windows: nobody is kept out
        return True
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:  # a file system without locks
        pass
    return True


def _at_home(data: dict[str, Any], folder: Path) -> dict[str, Any]:
    """Return a scenario's data with a table of regions found from where the run was begun."""
    with contextlib.suppress(KeyError, TypeError):
        regions = data["society"]["regions"]
        if regions != PACKAGED and not Path(regions).is_absolute():
            return {**data, "society": {**data["society"], "regions": str(folder / regions)}}
    return data
