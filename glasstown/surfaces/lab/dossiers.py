"""Dossiers: assessments of visitors' worlds, made one at a time by a thread of their own.

A dossier runs some thirty worlds under each seed, so few may wait, and it takes its turn at a
processor with the runs that are watched. What it finishes stands in a folder: the same again, or
one that was stopped, reads it.
"""

from __future__ import annotations

import logging
import secrets
import threading
import time
from collections import OrderedDict
from pathlib import Path
from typing import Any

from pydantic import Field, StrictInt

from glasstown.errors import GlasstownError, ResourceError
from glasstown.lab import room
from glasstown.lab.assessment.dossier import assess, write_result
from glasstown.lab.scenario import Scenario
from glasstown.society.compilation import compile_society
from glasstown.surfaces.assessment_page import PAGE, write_page
from glasstown.surfaces.lab.asking import Ask, link_of
from glasstown.surfaces.lab.limits import Limits
from glasstown.surfaces.lab.refusal import RefusedError, unknown
from glasstown.surfaces.lab.turns import Turns
from glasstown.surfaces.lab.works import ENDED, State

FOLDER = "dossiers"
ID_BYTES = 16
PLAIN = {"scheme", "citizens", "weeks", "seed", "seeds"}
"""What a dossier's command can say; whoever asked for more needs the scenario's file."""
_log = logging.getLogger(__name__)


class AskedDossier(Ask):
    """A world that a dossier is asked of, and under how many seeds it is run."""

    seeds: StrictInt = Field(3, description="Countries; intervals are over them.")


class _StoppedError(Exception):
    """Nobody wants the dossier any more."""


class Dossier:
    """One dossier: waiting, being made, or ended; also who is told how its making gets on.

    Parameters
    ----------
    ask : AskedDossier
        What the visitor asked for, normalised.
    scenario : Scenario
        The world it is about.
    turns : Turns
        Whose turn it is to compute.
    """

    def __init__(self, ask: AskedDossier, scenario: Scenario, turns: Turns) -> None:
        self.id = secrets.token_urlsafe(ID_BYTES)
        self.ask, self.scenario = ask, scenario
        self.state: State = "queued"
        self.stage_now = ""
        self.weeks_done = self.weeks = 0
        self.error: dict[str, str] | None = None
        self.page: bytes | None = None
        self.is_stopping = False
        self._turns, self._began, self._ended = turns, 0.0, 0.0

    @property
    def has_ended(self) -> bool:
        """Whether nothing will happen to it any more."""
        return self.state in ENDED

    def started(self, total_weeks: int, message: str) -> None:
        """Hear how many weeks are to be simulated, and of what; a processor is needed from here."""
        self.weeks, self.stage_now = total_weeks, message
        self._turns.begin()

    def stage(self, text: str) -> None:
        """Hear what is being done now."""
        self.stage_now = text
        self._go_on()

    def week(self, number: int) -> None:
        """Hear that so many weeks are done; another world may have its turn."""
        self.weeks_done = number
        self._go_on()
        self._turns.pass_on()

    def finished(self) -> None:
        """Hear that nothing more is simulated."""
        self._turns.end()

    def _go_on(self) -> None:
        if self.is_stopping:
            raise _StoppedError

    def make(self, out: Path) -> None:
        """Make it; every failure becomes a state."""
        self.state, self._began = "running", time.monotonic()
        state: State = "failed"
        try:
            self._make(out)
            state = "finished"
        except (_StoppedError, KeyboardInterrupt):
            state = "cancelled"
        except GlasstownError as error:
            kind = "room" if isinstance(error, ResourceError) else "scenario"
            self.error = {"kind": kind, "message": str(error)}
        except Exception:
            _log.exception("a dossier failed")
            message = "the dossier failed; the server's log says why"
            self.error = {"kind": "failure", "message": message}
        self.end(state)

    def _make(self, out: Path) -> None:
        scenario, ask = self.scenario, self.ask
        room.check_memory(compile_society(scenario.society, scenario.without), 1)
        found = assess(scenario, seeds=ask.seeds, seed=ask.seed, out=out, progress=self, threads=1)
        is_plain = not {name for name, value in ask if value} - PLAIN - {"start"}
        is_plain = is_plain and ask.start == Ask.model_fields["start"].default
        found = found._replace(given=ask.scheme if is_plain else "scenario.yaml")
        write_result(found)
        self.stage("drawing the charts")
        assert found.folder is not None
        self.page = write_page(found, found.folder / PAGE).read_bytes()

    def end(self, state: State) -> None:
        """Say how it ended."""
        self._ended = time.monotonic()
        self.state = state

    def record(self, place: int) -> dict[str, Any]:
        """Return the dossier for a page; ``place`` is how many are before it."""
        until = self._ended or time.monotonic()
        return {
            "id": self.id,
            "state": self.state,
            "place": place,
            "stage": self.stage_now,
            "weeks_done": self.weeks_done,
            "weeks": self.weeks,
            "seeds": self.ask.seeds,
            "scheme": self.scenario.scheme.name,
            "title": self.scenario.scheme.title,
            "ask": self.ask.model_dump(),
            "link": link_of(self.ask),
            "page": f"/{FOLDER}/{self.id}" if self.page is not None else None,
            "error": self.error,
            "seconds": round(until - self._began, 3) if self._began else 0.0,
        }


class Dossiers:
    """The dossiers of all visitors, by id, and the thread that makes them in turn.

    Parameters
    ----------
    limits : Limits
        How many may wait and are kept.
    out : Path
        The folder below which their folder is made.
    turns : Turns
        Whose turn it is to compute.
    """

    def __init__(self, limits: Limits, out: Path, turns: Turns) -> None:
        self._limits, self._out, self._turns = limits, out / FOLDER, turns
        self._changed = threading.Condition()
        self._all: OrderedDict[str, Dossier] = OrderedDict()
        self._is_closed = False
        self._thread = threading.Thread(target=self._work_off, name="dossiers", daemon=True)
        self._thread.start()

    def start(self, ask: AskedDossier, scenario: Scenario) -> Dossier:
        """Let a dossier be made.

        Raises
        ------
        RefusedError
            Too many are waiting.
        """
        with self._changed:
            waiting, most = len(self._waiting()), self._limits.dossiers_waiting
            if waiting >= most:
                raise RefusedError(
                    429, "busy", f"{waiting} dossiers are waiting already, the most that may; try "
                    "again in a while", allowed={"waiting": most}, retry_after=30,
                )  # fmt: skip
            made = Dossier(ask, scenario, self._turns)
            self._all[made.id] = made
            self._forget()
            self._changed.notify()
        return made

    def get(self, key: str) -> Dossier:
        """Return a dossier by its id.

        Raises
        ------
        RefusedError
            There is none.
        """
        found = self._all.get(key)
        if found is None:
            raise unknown("dossier", key[:40])
        return found

    def cancel(self, key: str) -> Dossier:
        """Stop a dossier after the week that is going on; one that waits never begins."""
        found = self.get(key)
        with self._changed:
            if found.state == "queued":
                found.end("cancelled")
            found.is_stopping = True
        return found

    def record(self, dossier: Dossier) -> dict[str, Any]:
        """Return a dossier for a page."""
        with self._changed:
            waiting = self._waiting()
            place = waiting.index(dossier) if dossier in waiting else 0
            is_one_made = any(one.state == "running" for one in self._all.values())
        is_waiting = dossier.state == "queued"
        return dossier.record(place + is_one_made if is_waiting else 0)

    def close(self, wait_s: float = 5.0) -> None:
        """Stop all of them."""
        with self._changed:
            self._is_closed = True
            for one in self._all.values():
                one.is_stopping = True
            self._changed.notify_all()
        self._thread.join(wait_s)

    def _waiting(self) -> list[Dossier]:
        return [one for one in self._all.values() if one.state == "queued"]

    def _forget(self) -> None:
        """Forget the oldest that ended, where there are too many."""
        for key in [key for key, one in self._all.items() if one.has_ended]:
            if len(self._all) <= self._limits.dossiers_kept:
                return
            del self._all[key]

    def _work_off(self) -> None:
        while (one := self._next()) is not None:
            one.make(self._out)

    def _next(self) -> Dossier | None:
        with self._changed:
            while not self._is_closed:
                if waiting := self._waiting():
                    waiting[0].state = "running"
                    return waiting[0]
                self._changed.wait()
            return None
