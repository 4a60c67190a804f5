"""Visitors' runs: each has an id that can't be guessed, and reads the weeks of one work."""

from __future__ import annotations

import secrets
import threading
from collections import OrderedDict
from typing import Any

from glasstown.lab.scenario import Scenario
from glasstown.surfaces.lab.asking import Ask, link_of
from glasstown.surfaces.lab.queueing import Works
from glasstown.surfaces.lab.refusal import RefusedError, unknown
from glasstown.surfaces.lab.works import ENDED, State, Work

ID_BYTES = 16


class Run:
    """One visitor's run.

    Parameters
    ----------
    ask : Ask
        What the visitor asked for, normalised.
    work : Work
        The world that is computed for it, perhaps for others too.
    """

    def __init__(self, ask: Ask, work: Work) -> None:
        self.id = secrets.token_urlsafe(ID_BYTES)
        self.ask, self.work = ask, work
        self._cancelled_at: int | None = None

    @property
    def state(self) -> State:
        """Where it is."""
        return "cancelled" if self._cancelled_at is not None else self.work.state

    @property
    def has_ended(self) -> bool:
        """Whether nothing will be added to it."""
        return self.state in ENDED

    @property
    def weeks_done(self) -> int:
        """How many weeks can be read."""
        done = self.work.weeks_done
        return done if self._cancelled_at is None else min(done, self._cancelled_at)

    def cancel(self) -> bool:
        """Cancel it; return whether it was going on."""
        if self.has_ended:
            return False
        self._cancelled_at = self.work.weeks_done
        return True

    def record(self, place: int) -> dict[str, Any]:
        """Return the run for a page; ``place`` is how many worlds are before it."""
        work, scenario = self.work, self.work.scenario
        is_whole = self.state == "finished" and work.manifest is not None
        return {
            "id": self.id,
            "state": self.state,
            "place": place,
            "weeks_done": self.weeks_done,
            "weeks": scenario.weeks,
            "citizens": scenario.society.citizens,
            "scheme": scenario.scheme.name,
            "title": scenario.scheme.title,
            "ask": self.ask.model_dump(),
            "link": link_of(self.ask),
            "scenario_hash": work.hash,
            "digest": work.manifest["digest"] if is_whole and work.manifest else None,
            "folder": work.folder.name if work.folder is not None else None,
            "error": work.error,
            "scale": work.scale,
            "start": scenario.start.isoformat(),
            "seconds": round(work.seconds, 3),
        }


class Runs:
    """The runs of all visitors, by id; the oldest that ended are forgotten.

    Parameters
    ----------
    works : Works
        The queue.
    """

    def __init__(self, works: Works) -> None:
        self.works = works
        self._runs: OrderedDict[str, Run] = OrderedDict()
        self._lock = threading.Lock()

    def start(self, ask: Ask, scenario: Scenario) -> Run:
        """Start a run.

        Raises
        ------
        RefusedError
            The queue is full.
        """
        run = Run(ask, self.works.want(scenario))
        with self._lock:
            self._runs[run.id] = run
            self._forget()
        return run

    def get(self, key: str) -> Run:
        """Return a run by its id.

        Raises
        ------
        RefusedError
            There is no such run.
        """
        run = self._runs.get(key)
        if run is None:
            raise unknown("run", key[:40])
        return run

    def cancel(self, key: str) -> Run:
        """Cancel a run; others that share its world go on."""
        run = self.get(key)
        with self._lock:
            if run.cancel():
                self.works.leave(run.work)
        return run

    def record(self, run: Run) -> dict[str, Any]:
        """Return a run for a page."""
        return run.record(self.works.place(run.work))

    def _forget(self) -> None:
        """Forget the oldest runs that ended, where there are too many; refuse where none ended."""
        most = self.works.limits.runs
        for key in [key for key, run in self._runs.items() if run.has_ended]:
            if len(self._runs) <= most:
                return
            del self._runs[key]


def needs_weeks(run: Run) -> Run:
    """Return a run of which at least one week can be read.

    Raises
    ------
    RefusedError
        None can.
    """
    if run.weeks_done == 0:
        raise RefusedError(409, "not_yet", "the first week of this run is not done yet")
    return run
