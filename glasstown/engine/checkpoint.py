"""Checkpoints: a country put down on disk between two weeks, and taken up again to the byte.

A checkpoint is a folder: one file for each column of the state and of where the country stands,
and an index with their shapes and SHA-256s, the chain of tallies, the version of the engine's
sources, and a hash of itself. It is written under another name, synced and renamed, so whoever
looks finds all of it or nothing. Columns are streamed: nothing is held in memory twice.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple, NoReturn

import numpy as np
from numpy.typing import NDArray

from glasstown.engine.country import Country, Standing
from glasstown.engine.streams import fill, little, pieces
from glasstown.engine.world import CHANGING
from glasstown.errors import InputError
from glasstown.version import version

FORMAT, LAYOUT = "glasstown checkpoint", 1
INDEX = "index.json"
PREFIX, PARTIAL = "checkpoint-", ".checkpoint-"
HINTS = ("cutting",)
"""Fields of the state that spare an engine work: they may say too much, never too little."""
NATIONAL = ("stocks", "handed")
WAY_OUT = (
    "The finished weeks in its run folder stay; to begin again, run the scenario with --overwrite"
)
PACKAGE = Path(__file__).resolve().parent.parent
SOURCES = ("laws", "society", "scheme", "engine")
"""What decides a week: a checkpoint goes on only under the same files."""


class Checkpoint(NamedTuple):
    """A checkpoint found: its folder, and what its index says."""

    folder: Path
    contents: dict[str, Any]

    @property
    def week(self) -> int:
        """How many weeks have passed."""
        return int(self.contents["week"])

    @property
    def kept(self) -> dict[str, Any]:
        """What whoever wrote it added."""
        return dict(self.contents["kept"])


@cache
def sources_hash() -> str:
    """Return the SHA-256 (first 16 digits) of all files that decide what a week does."""
    digest = hashlib.sha256()
    for source in SOURCES:
        for path in sorted((PACKAGE / source).rglob("*")):
            if path.suffix in (".py", ".yaml", ".csv"):
                digest.update(path.relative_to(PACKAGE).as_posix().encode())
                digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def save(country: Country, folder: Path, kept: Mapping[str, Any]) -> Checkpoint:
    """Put a country down in a folder, where it replaces all older checkpoints.

    Parameters
    ----------
    country : Country
        The country, between two weeks.
    folder : Path
        Where checkpoints lie; a file system with room for one more.
    kept : Mapping
        What else is to be found again, as JSON.

    Raises
    ------
    OSError
        If it can't be written; older checkpoints stay.
    """
    discard_partial(folder)
    standing = country.standing
    target = folder / f"{PREFIX}{standing.week:05d}"
    partial = folder / f"{PARTIAL}{standing.week:05d}-{os.getpid()}"
    try:
        partial.mkdir()
        columns = {
            name: _write_column(field, partial / name) for name, field in _fields(country).items()
        }
        index = {
            "format": FORMAT, "layout": LAYOUT, "glasstown": version(), "sources": sources_hash(),
            "engine": country.engine_name, "seed": country.seed, "week": standing.week,
            "chain": standing.chain.hex(), "columns": columns, "kept": dict(kept),
        }  # fmt: skip
        index["sha256"] = _own_hash(index)
        _write_synced(partial / INDEX, json.dumps(index).encode())
        sync_folder(partial)
        if target.exists():
            shutil.rmtree(target)
        os.rename(partial, target)
        sync_folder(folder)
    except BaseException:
        shutil.rmtree(partial, ignore_errors=True)
        raise
    for older in _all(folder):
        if older != target:
            shutil.rmtree(older, ignore_errors=True)
    return Checkpoint(target, index)


def newest(folder: Path) -> Checkpoint | None:
    """Return the last checkpoint in a folder, None if there is none.

    Raises
    ------
    InputError
        If its index is damaged or foreign, or if another version made it.
    """
    found = _all(folder)
    if not found:
        return None
    path = found[-1]
    try:
        index = json.loads((path / INDEX).read_bytes())
    except (OSError, ValueError) as error:
        _refuse(path, f"its index can't be read: {error}")
    if not isinstance(index, dict) or index.get("format") != FORMAT:
        _refuse(path, "its index is not that of a checkpoint of Glasstown")
    if index.get("layout") != LAYOUT:
        _refuse(path, f"its layout is {index.get('layout')}, this Glasstown reads {LAYOUT}")
    if index.get("sha256") != _own_hash(index):
        _refuse(path, "its index is damaged: the hash in it is not its own")
    if index["sources"] != sources_hash():
        _refuse(
            path,
            f"it was made by Glasstown {index['glasstown']} (sources {index['sources']}), this is "
            f"{version()} (sources {sources_hash()}): its weeks would not be those of one run. Go "
            "on with the version that made it",
        )
    return Checkpoint(path, index)


def restore(country: Country, checkpoint: Checkpoint) -> None:
    """Take a country up again: one just made, of the same society, plan and seed.

    Parameters
    ----------
    country : Country
        A country before its first week, on any engine with any number of workers. Its state is
        filled in place; after an error it can't be used.
    checkpoint : Checkpoint
        From `newest`.

    Raises
    ------
    InputError
        If the checkpoint is truncated or damaged, or of another country.
    """
    folder, index = checkpoint
    if index["seed"] != country.seed:
        _refuse(folder, f"its seed is {index['seed']}, the scenario's is {country.seed}")
    fields = _fields(country)
    if set(index["columns"]) != set(fields):
        _refuse(folder, f"it holds {', '.join(sorted(index['columns']))}: not this country's state")
    for name, field in fields.items():
        _read_column(field, folder, name, index["columns"][name])
    if index["engine"] != country.engine_name:
        for name in HINTS:
            field = getattr(country.state, name)
            field[...] = ~np.zeros((), field.dtype)
    stocks, handed = (fields[name] for name in NATIONAL)
    country.stand(Standing(checkpoint.week, bytes.fromhex(index["chain"]), stocks, handed))


def discard_partial(folder: Path) -> None:
    """Drop what was left of checkpoints that were never finished."""
    for partial in folder.glob(f"{PARTIAL}*"):
        shutil.rmtree(partial, ignore_errors=True)


def sync_folder(folder: Path) -> None:
    """Make sure that the names in a folder outlive a loss of power, where that can be asked for."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _all(folder: Path) -> list[Path]:
    """Return all checkpoints of a folder, the oldest first."""
    return sorted(path for path in folder.glob(f"{PREFIX}*") if path.is_dir())


def _fields(country: Country) -> dict[str, NDArray[Any]]:
    """Return the arrays that a checkpoint holds, by name."""
    standing = country.standing
    state = {name: getattr(country.state, name) for name in CHANGING + HINTS}
    return {**state, "stocks": standing.stocks, "handed": standing.handed}


def _write_column(field: NDArray[Any], path: Path) -> dict[str, Any]:
    """Stream a field into a file; return what the index says of it."""
    digest = hashlib.sha256()
    with path.open("wb", buffering=0) as file:
        for piece in pieces(field):
            data = little(piece)
            digest.update(data)
            done = 0
            while done < len(data):
                done += file.write(data[done:]) or 0
        os.fsync(file.fileno())
    return {**_shape(field), "sha256": digest.hexdigest()}


def _shape(field: NDArray[Any]) -> dict[str, Any]:
    return {"dtype": field.dtype.newbyteorder("<").str, "shape": list(field.shape)}


def _read_column(field: NDArray[Any], folder: Path, name: str, said: Mapping[str, Any]) -> None:
    """Stream a file into a field, and compare its hash."""
    shape = _shape(field)
    if any(said.get(key) != value for key, value in shape.items()):
        _refuse(
            folder,
            f"{name} is {said.get('dtype')} {said.get('shape')}, and in this country "
            f"{shape['dtype']} {shape['shape']}: it is of another country or engine",
        )
    digest = hashlib.sha256()
    try:
        with (folder / name).open("rb", buffering=0) as file:
            for piece in pieces(field):
                digest.update(fill(piece, file))
            if file.read(1):
                _refuse(folder, f"{name} is longer than its index says")
    except EOFError:
        _refuse(folder, f"{name} is cut short: it ends before its {field.nbytes:_} bytes")
    except OSError as error:
        _refuse(folder, f"{name} can't be read: {error.strerror or error}")
    if digest.hexdigest() != said.get("sha256"):
        _refuse(folder, f"{name} is damaged: its hash is not the one in the index")


def _own_hash(index: Mapping[str, Any]) -> str:
    """Return the hash of an index, the hash in it left out."""
    rest = {key: value for key, value in index.items() if key != "sha256"}
    return hashlib.sha256(json.dumps(rest, sort_keys=True).encode()).hexdigest()


def _write_synced(path: Path, data: bytes) -> None:
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _refuse(folder: Path, why: str) -> NoReturn:
    raise InputError(f"{folder}: this checkpoint can't be used: {why}. {WAY_OUT}")
