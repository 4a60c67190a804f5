"""The members of a paired study: worlds under seeds, each run once and kept when it is finished.

A member is one world under one seed. All worlds of a seed are grown together, so what they share
is simulated once. A finished member lies in a file of its own, named by what was run (all that
holds in each week, the seed, the code), so a study that was stopped goes on, and another study
that needs the same run finds it. A member that fails is a record, and the others are run.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
import zipfile
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from glasstown.errors import InputError
from glasstown.lab.branches import Branch, Leaf, digest_of, grow, weeks_to_run
from glasstown.lab.interruption import Interruption
from glasstown.lab.progress import Progress

Kept = dict[str, NDArray[Any]]
Keep = Callable[[Leaf], Kept]

FOLDER = "members"
STOPPING = "stopping after this week; once more to stop at once"
PACKAGE = Path(__file__).resolve().parent.parent
READ = ("branches", "outcomes", "rollout", "standing")
BELOW = ("laws", "society", "scheme", "engine")
"""Layers whose code, and nothing above them, decides what a run comes to."""


class Member(NamedTuple):
    """What one world under one seed came to: arrays, or why there are none."""

    kept: Kept | None
    failure: str = ""


class Stopped(Exception):  # noqa: N818 - it is no error
    """Somebody asked the study to stop."""


@cache
def code_hash() -> str:
    """Return a hash of all code that a run, and what is read of its end, depends on."""
    digest = hashlib.sha256(np.__version__.encode())
    paths = [path for layer in BELOW for path in sorted((PACKAGE / layer).rglob("*.py"))]
    for path in [*paths, *(PACKAGE / "lab" / f"{one}.py" for one in READ)]:
        digest.update(path.relative_to(PACKAGE).as_posix().encode() + path.read_bytes())
    return digest.hexdigest()


class Shelf:
    """Finished members, each in a file.

    Parameters
    ----------
    folder : Path, optional
        Where they lie; None: nothing is kept.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder

    def get(self, key: str) -> Kept | None:
        """Return a finished member; a file that can't be read counts for nothing."""
        if self.folder is None:
            return None
        try:
            # Opened here, as NumPy leaves a file that is no archive open.
            with (self.folder / f"{key}.npz").open("rb") as file:
                arrays = np.load(file, allow_pickle=False)
                return {name: arrays[name] for name in arrays.files}
        except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
            return None

    def put(self, key: str, kept: Kept) -> None:
        """Keep a finished member, by one rename.

        Raises
        ------
        OSError
            If it can't be written.
        """
        if self.folder is None:
            return
        handle, name = tempfile.mkstemp(dir=self.folder, prefix=".member-", suffix=".npz")
        try:
            with os.fdopen(handle, "wb") as file:
                np.savez_compressed(file, allow_pickle=False, **kept)
            Path(name).chmod(0o644)
            os.replace(name, self.folder / f"{key}.npz")
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise


def made(folder: Path) -> Path:
    """Make a folder to keep members in.

    Raises
    ------
    InputError
        If it can't be made or written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise InputError(
            f"{folder}: can't write there: {error.strerror or error}. Give another folder with "
            "--out (in Python: out=...)"
        ) from None
    return folder


class Study:
    """Worlds that are run under the same seeds.

    Parameters
    ----------
    branches : sequence of Branch
        The worlds, from `glasstown.lab.branches.prepared`.
    seeds : sequence of int
        The seeds.
    keep : callable
        What is kept of a run that ended; of each array, one.
    kind : str
        Names what `keep` keeps, so that members of another kind are not taken for these.
    folder : Path, optional
        Where finished members lie; None: they are not kept beyond this study.
    progress : Progress
        Who is told of every week.
    workers : int, optional
        Threads that share a week.

    Attributes
    ----------
    is_stopped : bool
        Whether somebody asked it to stop before it was through.
    """

    def __init__(
        self, branches: Sequence[Branch], seeds: Sequence[int], keep: Keep, kind: str, *,
        folder: Path | None, progress: Progress, workers: int | None = None,
    ) -> None:  # fmt: skip
        self.branches, self.seeds, self.is_stopped = list(branches), list(seeds), False
        self._keep, self._workers, self._progress = keep, workers, progress
        self._shelf = Shelf(None if folder is None else made(folder / FOLDER))
        runs = [digest_of(one.marks).hex() for one in self.branches]
        self._keys = [
            [hashlib.sha256(f"{code_hash()} {kind} {run} {seed}".encode()).hexdigest()[:32]
             for run in runs]
            for seed in self.seeds
        ]  # fmt: skip
        self._weeks = 0

    def weeks_left(self) -> int:
        """Return how many weeks are still to be simulated, those of kept members left out."""
        if self._shelf.folder is None:
            return len(self.seeds) * weeks_to_run(self.branches)
        there = {path.stem for path in self._shelf.folder.glob("*.npz")}
        return sum(
            weeks_to_run(
                [one for one, key in zip(self.branches, row, strict=True) if key not in there]
            )
            for row in self._keys
        )

    def by_seed(self, what: str) -> Iterator[tuple[int, list[Member]]]:
        """Yield, for every seed that is through, its place and the members of all worlds.

        Parameters
        ----------
        what : str
            What the study is called while it runs.
        """
        self._progress.started(self.weeks_left(), what)
        try:
            with Interruption(lambda: self._progress.stage(STOPPING)) as interruption:
                for place in range(len(self.seeds)):
                    if interruption.is_asked:
                        raise Stopped
                    self._progress.stage(f"{what}, seed {place + 1} of {len(self.seeds)}")
                    yield place, self._of_seed(place, interruption)
        except Stopped:
            self.is_stopped = True
        finally:
            self._progress.finished()

    def _of_seed(self, place: int, interruption: Interruption) -> list[Member]:
        """Return the members of one seed, those on the shelf and those that are run now."""
        found: dict[int, Member] = {}
        for world, key in enumerate(self._keys[place]):
            kept = self._shelf.get(key)
            if kept is not None:
                found[world] = Member(kept)
        missing = [world for world in range(len(self.branches)) if world not in found]
        try:
            self._run(missing, place, found, interruption)
        except (Stopped, OSError, KeyboardInterrupt):
            raise
        except Exception as error:  # one that fails must not take the others with it
            rest = [world for world in missing if world not in found]
            self._run_apart(rest, place, found, interruption, error)
        return [found[world] for world in range(len(self.branches))]

    def _run_apart(
        self, worlds: list[int], place: int, found: dict[int, Member], interruption: Interruption,
        first: Exception,
    ) -> None:  # fmt: skip
        """Run worlds one by one after a failure together, and write down which of them fail."""
        for world in worlds:
            try:
                if len(worlds) == 1:
                    raise first
                self._run([world], place, found, interruption)
            except (Stopped, OSError, KeyboardInterrupt):
                raise
            except Exception as error:
                found[world] = Member(None, f"{type(error).__name__}: {error}")

    def _run(
        self, worlds: list[int], place: int, found: dict[int, Member], interruption: Interruption
    ) -> None:
        """Run worlds under one seed, each week that some share once; keep each that ends."""

        def told() -> None:
            self._weeks += 1
            self._progress.week(self._weeks)
            if interruption.is_asked:
                raise Stopped

        branches = [self.branches[world] for world in worlds]
        for leaf in grow(branches, self.seeds[place], workers=self._workers, told=told):
            kept = self._keep(leaf)
            for at in leaf.places:
                self._shelf.put(self._keys[place][worlds[at]], kept)
                found[worlds[at]] = Member(kept)
