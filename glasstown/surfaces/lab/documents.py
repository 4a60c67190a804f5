"""Documents: the page of tested claims, and dossiers: asked for, watched, cancelled, read.

A document is a page of its own with styles of its own and no scripts, opened by a link, which can't
bring a token: the claims are the same for everybody, and a dossier's address can't be guessed.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import AsyncIterator
from dataclasses import replace
from functools import cache
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Request
from fastapi.responses import HTMLResponse, StreamingResponse

from glasstown.lab.claims.recorded import recorded
from glasstown.surfaces.claims_page import drawings, rendered
from glasstown.surfaces.lab.asking import checked, normalised
from glasstown.surfaces.lab.calling import Allowed
from glasstown.surfaces.lab.dossiers import AskedDossier, Dossier, Dossiers
from glasstown.surfaces.lab.events import QUIET_S, event
from glasstown.surfaces.lab.limits import Limits
from glasstown.surfaces.lab.refusal import RefusedError
from glasstown.surfaces.lab.streaming import counted

PAUSE_S = 0.25
documents = APIRouter(tags=["documents"])
_CLAIMS = threading.Lock()


def _dossiers(request: Request) -> Dossiers:
    dossiers: Dossiers = request.app.state.dossiers
    return dossiers


def _dossier(request: Request, key: Annotated[str, Path(max_length=64)]) -> Dossier:
    return _dossiers(request).get(key)


AllDossiers = Annotated[Dossiers, Depends(_dossiers)]
OneDossier = Annotated[Dossier, Depends(_dossier)]


@documents.get("/claims", response_class=HTMLResponse)
def claims_page() -> HTMLResponse:
    """Return the page of the claims that were tested."""
    with _CLAIMS:
        return HTMLResponse(_claims_text())


@cache
def _claims_text() -> str:
    found = recorded()
    return rendered(found, drawings(found))


@documents.post("/api/dossiers", status_code=201)
def start(ask: AskedDossier, dossiers: AllDossiers, limits: Allowed) -> dict[str, Any]:
    """Let a dossier be made."""
    scenario = checked(ask, _narrowed(limits))
    low, high = limits.dossier_seeds
    if not low <= ask.seeds <= high:
        words = f"seeds: must be from {low} to {high} here, not {ask.seeds:_}"
        raise RefusedError(422, "limit", words, allowed={"seeds": [low, high]})
    asked = AskedDossier.model_validate(normalised(ask).model_dump())
    return dossiers.record(dossiers.start(asked, scenario))


def _narrowed(limits: Limits) -> Limits:
    """Return limits in which the citizens of a run are those of a dossier."""
    (low, high), (fewest, most) = limits.citizens, limits.dossier_citizens
    return replace(limits, citizens=(max(low, fewest), min(high, most)))


@documents.get("/api/dossiers/{key}")
def show(dossier: OneDossier, dossiers: AllDossiers) -> dict[str, Any]:
    """Show where a dossier is."""
    return dossiers.record(dossier)


@documents.delete("/api/dossiers/{key}")
def cancel(dossier: OneDossier, dossiers: AllDossiers) -> dict[str, Any]:
    """Stop a dossier; seeds that are finished are kept."""
    return dossiers.record(dossiers.cancel(dossier.id))


@documents.get("/api/dossiers/{key}/events", response_class=StreamingResponse)
def events(request: Request, dossier: OneDossier, dossiers: AllDossiers) -> StreamingResponse:
    """Stream how the making of a dossier gets on."""
    return counted(request, _told(dossiers, dossier))


async def _told(dossiers: Dossiers, dossier: Dossier) -> AsyncIterator[bytes]:
    told, spoke = None, 0.0
    while True:
        has_ended = dossier.has_ended
        record = dossiers.record(dossier)
        if has_ended:
            yield event("end", record, record["weeks_done"])
            return
        now = {**record, "seconds": 0}
        if now != told:
            told, spoke = now, time.monotonic()
            yield event("state", record, record["weeks_done"])
        elif time.monotonic() - spoke > QUIET_S:
            spoke = time.monotonic()
            yield b": still here\n\n"
        await asyncio.sleep(PAUSE_S)


@documents.get("/dossiers/{key}", response_class=HTMLResponse)
def dossier_page(dossier: OneDossier) -> HTMLResponse:
    """Return a dossier that is finished."""
    if dossier.page is None:
        raise RefusedError(409, "not_yet", "only a finished dossier can be read")
    return HTMLResponse(dossier.page)
