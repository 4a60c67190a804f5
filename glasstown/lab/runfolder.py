"""The folder of one run: its name, what may stand in it, and its manifest.

A run is whole only if its ``manifest.json`` says so: the manifest is written last and put in
place by one rename, and it is removed first where an older run is replaced.
"""

from __future__ import annotations

import contextlib
import json
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from glasstown.errors import InputError
from glasstown.lab.scenario import Scenario, scenario_hash

MANIFEST, WEEKLY, CITIZENS, REPORT = (
    "manifest.json", "weekly.parquet", "citizens.parquet", "report.html",
)  # fmt: skip
HALF_WRITTEN = (f".{CITIZENS}-*", ".manifest-*", ".report-*")
"""Names under which files of a run folder are written before they are put in place."""
UNFINISHED = "unfinished"
"""What a run keeps until it is complete: see `glasstown.lab.unfinished`."""
LABEL = "synthetic society, not a prediction"
DEFAULT = "runs"
"""The folder that runs are written below when nobody says."""


def folder_name(scenario: Scenario) -> str:
    """Return the name of a scenario's run folder: the same scenario has the same name."""
    return (
        f"{scenario.scheme.name}-{scenario.society.citizens}-{scenario.weeks}w"
        f"-seed{scenario.seed}-{scenario_hash(scenario)[:8]}"
    )


def prepared(out: str | Path | None, scenario: Scenario, *, overwrite: bool = False) -> Path:
    """Make a scenario's run folder ready to be written, and return it.

    Nothing of a run that stands there already is touched yet.

    Raises
    ------
    InputError
        If the folder can't be made or written, or holds a complete run, or one that can go on.
    """
    folder = Path(DEFAULT if out is None else out) / folder_name(scenario)
    if not overwrite and is_complete(folder):
        raise InputError(
            f"{folder}: this run is here already, complete. Read it with `glasstown report "
            f"{folder}` or `glasstown.load`, write elsewhere with --out, or run it again with "
            "--overwrite (in Python: overwrite=True)"
        )
    if not overwrite and any((folder / UNFINISHED).glob("checkpoint-*")):
        raise InputError(
            f"{folder}: this run was stopped half-way and can go on: `glasstown resume {folder}` "
            "(in Python: glasstown.resume). To begin it again: --overwrite (overwrite=True)"
        )
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        with contextlib.suppress(OSError):
            folder.rmdir()
        raise InputError(
            f"{folder}: can't write there: {error.strerror or error}. Give another folder with "
            "--out (in Python: out=...)"
        ) from None
    return folder


def discard_empty(folder: Path) -> None:
    """Remove a run folder in which nothing stands."""
    with contextlib.suppress(OSError):
        folder.rmdir()


def clear_old_run(folder: Path) -> None:
    """Take back an older run's claim to be whole, the manifest first.

    What a process was writing when it was killed goes too: whoever calls this holds the folder.
    """
    for name in (MANIFEST, REPORT):
        (folder / name).unlink(missing_ok=True)
    for begun in HALF_WRITTEN:
        for left in folder.glob(begun):
            left.unlink(missing_ok=True)


def write_manifest(folder: Path, manifest: Mapping[str, Any]) -> None:
    """Write the manifest whole, by one rename."""
    text = json.dumps(manifest, indent=2, ensure_ascii=False, allow_nan=False) + "\n"
    handle, name = tempfile.mkstemp(dir=folder, prefix=".manifest-")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(0o644)
        os.replace(name, folder / MANIFEST)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def read_manifest(folder: str | Path) -> dict[str, Any]:
    """Return the manifest of a run folder.

    Raises
    ------
    InputError
        If there is no such folder, no run in it, or a manifest that can't be used.
    """
    folder = Path(folder)
    path = folder / MANIFEST
    if not folder.is_dir():
        raise InputError(f"{folder}: there is no such run folder")
    try:
        manifest = json.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        raise InputError(_no_run(folder)) from None
    except (OSError, ValueError) as error:
        raise InputError(f"{path}: can't be read: {error}. Run it again with --overwrite") from None
    if not isinstance(manifest, dict) or manifest.get("label") != LABEL:
        raise InputError(f"{path}: not the manifest of a run of Glasstown")
    missing = [key for key in ("scenario", "scheme", "weeks_done") if key not in manifest]
    if missing:
        raise InputError(f"{path}: damaged: {', '.join(missing)} missing. Run it again")
    return manifest


def _no_run(folder: Path) -> str:
    """Say why no run can be read from a folder."""
    said = f"{folder}: no run here: there is no {MANIFEST}"
    if (folder / UNFINISHED).is_dir():
        return (
            f"{said}: it was cut off before it could be finished. Go on with `glasstown resume "
            f"{folder}`; the weeks written so far are in {folder / UNFINISHED / 'part-*.parquet'}"
        )
    return f"{said}. Either it is not a run folder, or the run was not begun: run it again"


def is_complete(folder: Path) -> bool:
    """Return whether a complete run stands in a folder."""
    try:
        return bool(read_manifest(folder).get("complete"))
    except InputError:
        return False
