"""The queue: worlds that wait, the threads that work them off, and worlds that are kept.

The same scenario has the same bytes, so two visitors who ask for the same share a work; it is
stopped only when nobody wants it any more. One thread runs one work; kernels release the
interpreter, so as many go on at once as there are processors, and those that have begun take turns.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from pathlib import Path

from glasstown.lab.scenario import Scenario, scenario_hash
from glasstown.surfaces.lab.limits import Limits
from glasstown.surfaces.lab.refusal import RefusedError
from glasstown.surfaces.lab.turns import Turns
from glasstown.surfaces.lab.works import ENDED, Work


class Works:
    """The queue, the threads that work it off, and the works whose weeks are kept.

    Parameters
    ----------
    limits : Limits
        How many may wait, run and be kept.
    out : Path
        The folder below which run folders are made.

    Attributes
    ----------
    turns : Turns
        Whose turn it is to compute.
    """

    def __init__(self, limits: Limits, out: Path) -> None:
        self.limits, self.out = limits, out
        self._changed = threading.Condition()
        self._waiting: deque[Work] = deque()
        self._running: list[Work] = []
        self._kept: deque[Work] = deque()
        self._is_closed, self.turns = False, Turns(limits.running)
        self._threads = [
            threading.Thread(target=self._work_off, name=f"world-{i}", daemon=True)
            for i in range(max(limits.begun, limits.running))
        ]
        for thread in self._threads:
            thread.start()

    def want(self, scenario: Scenario) -> Work:
        """Return the work of a scenario that somebody wants; see `leave`.

        Raises
        ------
        RefusedError
            Too many worlds are waiting.
        """
        key = scenario_hash(scenario)
        with self._changed:
            for work in (*self._kept, *self._running, *self._waiting):
                if work.hash == key and not work.is_stopping and work.state != "failed":
                    work.wanted_by += 1
                    return work
            if len(self._waiting) >= self.limits.waiting:
                raise RefusedError(
                    429, "busy",
                    f"{len(self._waiting)} worlds are waiting already, the most that may; try again"
                    " in a while", allowed={"waiting": self.limits.waiting}, retry_after=5,
                )  # fmt: skip
            work = Work(scenario, self.turns)
            work.wanted_by = 1
            self._waiting.append(work)
            self._changed.notify()
            return work

    def leave(self, work: Work) -> None:
        """Say that one who wanted a work does so no more; the last one stops it."""
        with self._changed:
            work.wanted_by -= 1
            if work.wanted_by > 0 or work.state in ENDED:
                return
            if work in self._waiting:
                self._waiting.remove(work)
                work.is_stopping = True
                work.end("cancelled")
            else:
                work.stop()

    def place(self, work: Work) -> int:
        """Return how many worlds are before one in the queue."""
        with self._changed:
            return self._waiting.index(work) if work in self._waiting else 0

    def counts(self) -> dict[str, int]:
        """Return how many worlds wait, run and are kept."""
        with self._changed:
            return {
                "waiting": len(self._waiting),
                "running": len(self._running),
                "kept": len(self._kept),
            }

    def close(self, wait_s: float = 5.0) -> None:
        """Stop everything; what is running keeps the weeks that are done."""
        with self._changed:
            self._is_closed = True
            for work in self._waiting:
                work.end("cancelled")
            self._waiting.clear()
            for work in self._running:
                work.stop()
            self._changed.notify_all()
        until = time.monotonic() + wait_s
        for thread in self._threads:
            thread.join(max(until - time.monotonic(), 0.0))
        for work in self._kept:
            work.close()

    def _work_off(self) -> None:
        while (work := self._next()) is not None:
            work.carry_out(self.out)
            with self._changed:
                self._running.remove(work)
                self._kept.append(work)
                while len(self._kept) > self.limits.kept:
                    self._kept.popleft().close()
                self._changed.notify_all()

    def _next(self) -> Work | None:
        """Return the next work that may begin: none of a scenario that is still being stopped."""
        with self._changed:
            while not self._is_closed:
                busy = {work.hash for work in self._running}
                found = next((work for work in self._waiting if work.hash not in busy), None)
                if found is not None:
                    self._waiting.remove(found)
                    self._running.append(found)
                    return found
                self._changed.wait()
            return None
