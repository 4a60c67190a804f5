"""A citizen's life with every event in it: the run is lived again, and only then told.

That takes as long as the run and more, so few are made at once, and the last ones are kept.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from glasstown.surfaces.lab.refusal import RefusedError, unknown
from glasstown.surfaces.lab.runs import Run, needs_weeks

MAKER = "glasstown.lab.trace.tracing"
KEPT = 64
LONGEST_WAIT_S = 30.0
_MAKING = threading.Semaphore(1)
_LOCK = threading.Lock()
_KNOWN: OrderedDict[tuple[str, int, int], dict[str, Any]] = OrderedDict()


def trace(run: Run, citizen: int) -> dict[str, Any]:
    """Return a life up to the last week that is done, as `glasstown trace` tells it.

    Raises
    ------
    RefusedError
        Nobody can be traced here, there is no such citizen, or too many are being traced.
    """
    if not can_trace():
        raise RefusedError(404, "unknown", "this version of Glasstown can't trace a life")
    work, weeks = needs_weeks(run).work, run.weeks_done
    if citizen >= work.scenario.society.citizens:
        raise unknown("citizen", citizen)
    key = (work.hash, citizen, weeks)
    with _LOCK:
        if key in _KNOWN:
            _KNOWN.move_to_end(key)
            return _KNOWN[key]
    if not _MAKING.acquire(timeout=LONGEST_WAIT_S):
        raise RefusedError(429, "busy", "other lives are being traced; try again", retry_after=5)
    try:
        made = _made(run, citizen, weeks)
    finally:
        _MAKING.release()
    with _LOCK:
        _KNOWN[key] = made
        while len(_KNOWN) > KEPT:
            _KNOWN.popitem(last=False)
    return made


def can_trace() -> bool:
    """Tell whether lives can be traced here."""
    try:
        return find_spec(MAKER) is not None
    except ModuleNotFoundError:
        return False


def _made(run: Run, citizen: int, weeks: int) -> dict[str, Any]:
    scenario = run.work.scenario.model_copy(update={"weeks": weeks})
    found = import_module(MAKER).trace(scenario, citizen, threads=1)
    data: dict[str, Any] = found.as_data()
    return {**data, "events": _flat(data["lives"][0]["weeks"])}


def _flat(weeks: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the events of all weeks in one list, each with its week."""
    return [{"week": one["week"], **event} for one in weeks for event in one["events"]]
