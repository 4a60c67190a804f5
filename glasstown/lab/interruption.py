"""Ctrl-C during a run: the first asks it to stop after the week, the second stops it at once."""

from __future__ import annotations

import contextlib
import signal
from collections.abc import Callable
from types import FrameType, TracebackType
from typing import Any


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
        self._before: Any = None

    def __enter__(self) -> Interruption:
        with contextlib.suppress(ValueError):  # only the main thread hears signals
            self._before = signal.signal(signal.SIGINT, self._heard)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:  # fmt: skip
        if self._before is not None:
            signal.signal(signal.SIGINT, self._before)

    def _heard(self, _number: int, _frame: FrameType | None) -> None:
        if self.is_asked:
            raise KeyboardInterrupt
        self.is_asked = True
        with contextlib.suppress(RuntimeError):  # the terminal may be in the middle of a line
            self._on_first()
