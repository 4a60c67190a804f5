"""Ctrl-C during a run: the first asks it to stop after the week, the second stops it at once.

SIGTERM, by which a machine or a queue asks a process to end, is heard as the same wish.
"""

from __future__ import annotations

import contextlib
import signal
from collections.abc import Callable
from types import FrameType, TracebackType
from typing import Any

STOPPING = "stopping after this week (Ctrl-C again stops at once)"
"""What is told when it is asked to stop."""


class Interruption:
    """Hears Ctrl-C while its ``with`` block runs; in any other thread than the main one, never.

    Parameters
    ----------
    on_first : callable
        Called when it is asked for the first time, to tell the user.

    Attributes
    ----------
    is_asked : bool
        Whether somebody asked the run to stop.
    """

    def __init__(self, on_first: Callable[[], None]) -> None:
        self.is_asked = False
        self._on_first = on_first
        self._before: dict[int, Any] = {}

    def __enter__(self) -> Interruption:
        with contextlib.suppress(ValueError):  # only the main thread hears signals
            for number in (signal.SIGINT, signal.SIGTERM):
                self._before[number] = signal.signal(number, self._heard)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:  # fmt: skip
        for number, before in self._before.items():
            signal.signal(number, before)

    def _heard(self, _number: int, _frame: FrameType | None) -> None:
        if self.is_asked:
            raise KeyboardInterrupt
        self.is_asked = True
        with contextlib.suppress(RuntimeError):  # the terminal may be in the middle of a line
            self._on_first()
