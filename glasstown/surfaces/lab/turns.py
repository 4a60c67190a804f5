"""Turns: many worlds have begun, but only as many are computed at a time as there are processors.

Whoever has had a processor for a while passes it on to whoever has waited longest, between two
weeks, so that everybody sees a first week soon.
"""

from __future__ import annotations

import threading
import time
from collections import deque

TURN_S = 0.1


class Turns:
    """A few processors for many threads, first come, first served.

    Parameters
    ----------
    processors : int
        How many threads may go on at a time.
    """

    def __init__(self, processors: int) -> None:
        self._free = processors
        self._lock = threading.Lock()
        self._waiting: deque[threading.Event] = deque()
        self._since: dict[int, float] = {}

    def begin(self) -> None:
        """Wait until it is this thread's turn."""
        with self._lock:
            if self._free > 0 and not self._waiting:
                self._free -= 1
                turn = None
            else:
                turn = threading.Event()
                self._waiting.append(turn)
        if turn is not None:
            turn.wait()
        self._since[threading.get_ident()] = time.monotonic()

    def end(self) -> None:
        """Give this thread's turn to whoever has waited longest."""
        self._since.pop(threading.get_ident(), None)
        with self._lock:
            if self._waiting:
                self._waiting.popleft().set()
            else:
                self._free += 1

    def pass_on(self) -> None:
        """Let another go on, if one waits and this thread has had its turn."""
        since = self._since.get(threading.get_ident())
        if since is None or not self._waiting or time.monotonic() - since < TURN_S:
            return
        self.end()
        self.begin()
