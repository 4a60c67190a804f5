"""Halfway: countries that run for a question, put down together while it is not answered.

In the folder stand what is asked (``asked.json``), a lock, and a folder ``week-NNNNN`` with a
checkpoint of every country and what failed so far. That folder is put in place by one rename, so
whoever goes on finds all countries in one week, or none. All of it goes with the answer.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple, NoReturn

from glasstown.engine import checkpoint
from glasstown.engine.checkpoint import Checkpoint
from glasstown.engine.country import Country
from glasstown.errors import InputError
from glasstown.lab import runfolder
from glasstown.lab.pairing import label_of
from glasstown.lab.progress import Progress
from glasstown.lab.scenario import Scenario, scenario_hash
from glasstown.lab.schedule import Schedule
from glasstown.lab.unfinished import RECORD, Unfinished
from glasstown.lab.writing import check_folder, write_text
from glasstown.version import version

ASKED, FAILED = "asked.json", "failed.json"
WEEK, PARTIAL = "week-", ".week-"
PACKAGE = Path(__file__).resolve().parent


class Standstill(NamedTuple):
    """Countries found halfway: their week, a checkpoint of each by its name, and what failed."""

    week: int
    checkpoints: dict[str, Checkpoint]
    failures: dict[str, str]


def asked_of(scenario: Scenario) -> str:
    """Say which scenario it is, in words and by its hash."""
    return (
        f"{label_of(scenario)}, {scenario.society.citizens:_} citizens, {scenario.weeks} weeks, "
        f"seed {scenario.seed} ({scenario_hash(scenario)[:16]})"
    )


def failure_said(error: Exception) -> str:
    """Say what went wrong with a country."""
    return f"{type(error).__name__}: {error}" if str(error) else type(error).__name__


class Halfway:
    """A question's folder while its countries run.

    Parameters
    ----------
    kind : str
        What asks: ``trace`` or ``diverge``; the code in that folder of the lab tells the weeks.
    folder : Path, optional
        The folder of this question alone; None: nothing is kept.
    asked : Mapping
        All that tells this question from another one, in words.
    """

    def __init__(self, kind: str, folder: Path | None, asked: Mapping[str, str]) -> None:
        self.kind, self.folder, self.asked = kind, folder, dict(asked)
        self._schedule, self._unfinished = Schedule(), Unfinished(folder or Path())
        self._is_parent_new = False
        self._sources = sources_hash(kind)  # of what is running, should the files change meanwhile

    @property
    def can_go_on(self) -> bool:
        """Whether there is something from which the same question goes on."""
        return self.folder is not None and bool(self._weeks())

    @contextmanager
    def claimed(self) -> Iterator[Standstill | None]:
        """Hold the folder while the ``with`` block runs; give where the countries stand in it.

        Raises
        ------
        InputError
            If the folder can't be written, another process holds it, or what stands in it is
            damaged, of another question or of another version.
        """
        if self.folder is None:
            yield None
            return
        self._is_parent_new = not self.folder.parent.exists()
        check_folder(self.folder)
        with self._unfinished.claimed():
            try:
                yield self._found()
            finally:
                if not self._weeks() and not (self._unfinished.folder / RECORD).exists():
                    self.discard()

    def _weeks(self) -> list[Path]:
        return sorted(self._unfinished.folder.glob(f"{WEEK}*"))

    def _found(self) -> Standstill | None:
        """Return where the countries stand; write down what is asked if they stand nowhere."""
        folder = self._unfinished.folder
        if (folder / RECORD).exists():
            self._refuse("an unfinished run", f"`glasstown resume {self.folder}` goes on with it")
        said = {"format": f"glasstown {self.kind}", "glasstown": version(),
                "sources": self._sources, "asked": self.asked}  # fmt: skip
        weeks = self._weeks()
        if not weeks:
            write_text(json.dumps(said, indent=2, ensure_ascii=False) + "\n", folder / ASKED)
            return None
        self._check_asked(said)
        try:
            failures = dict(json.loads((weeks[-1] / FAILED).read_text("utf-8")))
        except (OSError, ValueError, TypeError) as error:
            self._refuse(f"an unfinished {self.kind} that is damaged",
                         f"{weeks[-1].name}/{FAILED} can't be read: {error}")  # fmt: skip
        names = sorted(path.name for path in weeks[-1].iterdir() if path.is_dir())
        found = {name: self._tried(checkpoint.newest, weeks[-1] / name) for name in names}
        there = {name: one for name, one in found.items() if one is not None}
        return Standstill(int(weeks[-1].name.removeprefix(WEEK)), there, failures)

    def _check_asked(self, said: dict[str, Any]) -> None:
        """Refuse what was begun for another question, or by another version."""
        try:
            begun = json.loads((self._unfinished.folder / ASKED).read_text("utf-8"))
            asked = dict(begun["asked"])
            of = str(begun["format"]), str(begun["glasstown"]), str(begun["sources"])
        except (OSError, ValueError, TypeError, KeyError) as error:
            self._refuse(f"an unfinished {self.kind} that is damaged",
                         f"{ASKED} can't be read: {error}")  # fmt: skip
        if of[0] != said["format"]:
            self._refuse(f"an unfinished {of[0].removeprefix('glasstown ')}")
        keys = dict.fromkeys((*asked, *self.asked))
        differing = [
            f"{key}: {asked.get(key, 'none')} there, {self.asked.get(key, 'none')} here"
            for key in keys
            if asked.get(key) != self.asked.get(key)
        ]
        if differing:
            self._refuse(f"an unfinished {self.kind} that is not this one", "; ".join(differing))
        if of[2] != self._sources:
            self._refuse(
                f"an unfinished {self.kind} of another version",
                f"Glasstown {of[1]} (sources {of[2]}) there, {version()} (sources {self._sources}) "
                "here: their weeks would not be those of one run",
            )

    def _refuse(self, what: str, why: str = "") -> NoReturn:
        detail = f": {why}" if why else ""
        raise InputError(
            f"{self.folder}: holds {what}{detail}. Go on with it as it was begun, give another "
            f"folder with --out (in Python: out=...), or remove {self._unfinished.folder}"
        )

    def _tried(self, reads: Callable[..., Any], *given: Any) -> Any:
        """Read a checkpoint; what is wrong with it is told with the way out of this folder."""
        try:
            return reads(*given)
        except InputError as error:
            self._refuse(
                f"an unfinished {self.kind} that is damaged",
                str(error).replace(f". {checkpoint.WAY_OUT}", ""),
            )

    def restore(self, country: Country, since: Standstill, name: str) -> dict[str, Any]:
        """Take a country up again where it was put down; return what else was kept of it.

        Raises
        ------
        InputError
            If it is not there, or damaged.
        """
        found = since.checkpoints.get(name)
        if found is None:
            self._refuse(f"an unfinished {self.kind} that is damaged", f"{name} is not in it")
        self._tried(checkpoint.restore, country, found)
        return found.kept

    def is_due(self, week: int, *, is_stopping: bool) -> bool:
        """Return whether the countries are to be put down after a week; always before a stop."""
        return self.folder is not None and self._schedule.is_due(week, is_stopping=is_stopping)

    def put_down(
        self, told: Progress, countries: Mapping[str, tuple[Country, Mapping[str, Any]]],
        failures: Mapping[str, str],
    ) -> None:  # fmt: skip
        """Put the countries down; a disk that is full is told, and is not the end.

        Parameters
        ----------
        told : Progress
            Who is told.
        countries : Mapping
            By name, the countries that still run, in one week, and what else is kept of each.
        failures : Mapping
            By name, those that failed.
        """
        week, start = next(iter(countries.values()))[0].week, time.perf_counter()
        try:
            self._write(week, countries, failures)
        except OSError as error:
            told.stage(f"week {week} could not be kept: {error.strerror or error}")
        self._schedule.was_put_down(time.perf_counter() - start)

    def _write(
        self, week: int, countries: Mapping[str, tuple[Country, Mapping[str, Any]]],
        failures: Mapping[str, str],
    ) -> None:  # fmt: skip
        folder = self._unfinished.folder
        for left in folder.glob(f"{PARTIAL}*"):
            shutil.rmtree(left, ignore_errors=True)
        older, partial = self._weeks(), folder / f"{PARTIAL}{week:05d}-{os.getpid()}"
        try:
            for name, (country, kept) in countries.items():
                (partial / name).mkdir(parents=True)
                checkpoint.save(country, partial / name, kept)
            write_text(json.dumps(dict(failures)), partial / FAILED)
            os.rename(partial, folder / f"{WEEK}{week:05d}")
            checkpoint.sync_folder(folder)
        except BaseException:
            shutil.rmtree(partial, ignore_errors=True)
            raise
        for path in older:
            shutil.rmtree(path, ignore_errors=True)

    def discard(self) -> None:
        """Drop what was kept, and the folders in which nothing else stands."""
        if self.folder is not None:
            self._unfinished.discard()
            runfolder.discard_empty(self.folder)
            if self._is_parent_new:
                runfolder.discard_empty(self.folder.parent)


def sources_hash(kind: str) -> str:
    """Return the SHA-256 (first 16 digits) of all that decides and tells what a week was."""
    digest = hashlib.sha256(checkpoint.sources_hash().encode())
    for path in (PACKAGE / "rollout.py", *sorted((PACKAGE / kind).glob("*.py"))):
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()[:16]


def together(
    names: Sequence[str], failures: dict[str, str], each: Callable[[str], object], when: str
) -> tuple[list[str], Exception | None]:
    """Do the same to several countries: return those with which it went well, and the last error.

    What went wrong is written into ``failures``, with when it was. What the user can mend
    (`InputError`) is no failure of a country, and is raised.
    """
    well, last = list[str](), None
    for name in names:
        try:
            each(name)
        except InputError:
            raise
        except Exception as error:  # one that fails must not take the others with it
            failures[name], last = f"{when}: {failure_said(error)}", error
        else:
            well.append(name)
    return well, last
