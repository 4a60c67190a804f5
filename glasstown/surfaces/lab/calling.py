"""What a call of the API names: the runs, the limits, one run by its id, a week, a citizen."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Path, Query, Request

from glasstown.surfaces.lab.limits import Limits
from glasstown.surfaces.lab.runs import Run, Runs


def _runs(request: Request) -> Runs:
    runs: Runs = request.app.state.runs
    return runs


def _limits(request: Request) -> Limits:
    limits: Limits = request.app.state.limits
    return limits


def _run(request: Request, key: Annotated[str, Path(max_length=64)]) -> Run:
    return _runs(request).get(key)


def _other(request: Request, other: Annotated[str, Path(max_length=64)]) -> Run:
    return _runs(request).get(other)


AllRuns = Annotated[Runs, Depends(_runs)]
Allowed = Annotated[Limits, Depends(_limits)]
OneRun = Annotated[Run, Depends(_run)]
OtherRun = Annotated[Run, Depends(_other)]
Week = Annotated[int, Query(ge=0, le=10_000)]
Number = Annotated[int, Path(ge=0, le=2_000_000_000)]
