"""The event stream of a run: its state, and the national measures of the weeks as they are done."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator
from typing import Any

from glasstown.surfaces.lab.runs import Run, Runs
from glasstown.surfaces.lab.series import STREAMED, columns

PAUSE_S = 0.1
QUIET_S = 10.0
BATCH_WEEKS = 104


def event(name: str, data: Any, number: int) -> bytes:
    r"""Return one event of a stream.

    >>> event("weeks", {"first": 1}, 3)
    b'event: weeks\nid: 3\ndata: {"first":1}\n\n'
    """
    text = json.dumps(data, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return f"event: {name}\nid: {number}\ndata: {text}\n\n".encode()


async def stream(runs: Runs, run: Run, after: int) -> AsyncIterator[bytes]:
    """Yield the events of a run, from the week after a week on, until it has ended."""
    told: tuple[Any, ...] | None = None
    done, spoke = max(after, 0), time.monotonic()
    while True:
        # Ended first, weeks second: what is done after the last look is told before the end.
        has_ended = run.has_ended
        record = runs.record(run)
        state = (record["state"], record["place"], record["folder"])
        if state != told and not has_ended:
            told, spoke = state, time.monotonic()
            yield event("state", record, done)
        weeks = record["weeks_done"]
        while done < weeks:
            last = min(weeks, done + BATCH_WEEKS)
            yield event("weeks", _weeks(run, done + 1, last), last)
            done, spoke = last, time.monotonic()
        if has_ended:
            yield event("end", runs.record(run), done)
            return
        if time.monotonic() - spoke > QUIET_S:
            spoke = time.monotonic()
            yield b": still here\n\n"
        await asyncio.sleep(PAUSE_S)


def _weeks(run: Run, first: int, last: int) -> dict[str, Any]:
    sums = run.work.sums[first - 1 : last]
    return {"first": first, "last": last, "columns": columns(sums, STREAMED)}
