"""The lab as one ASGI application: page, API, and the guard before both."""

from __future__ import annotations

import contextlib
import json
import logging
import math
import secrets
import tempfile
import threading
from collections.abc import AsyncIterator, Iterable
from pathlib import Path
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import FileResponse, JSONResponse
from fastapi.staticfiles import StaticFiles
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp

from glasstown.errors import GlasstownError, Problem
from glasstown.lab.scenario import load_scenario
from glasstown.lab.stage.film import FilmClosedError
from glasstown.scheme.loading import SHIPPED
from glasstown.surfaces.app import NOTICE
from glasstown.surfaces.lab import stock
from glasstown.surfaces.lab.asking import Ask
from glasstown.surfaces.lab.documents import documents
from glasstown.surfaces.lab.dossiers import Dossiers
from glasstown.surfaces.lab.guard import Guard
from glasstown.surfaces.lab.limits import Limits
from glasstown.surfaces.lab.queueing import Works
from glasstown.surfaces.lab.refusal import RefusedError, refusal_of
from glasstown.surfaces.lab.runs import Runs
from glasstown.surfaces.lab.shelf import lever_text, mechanisms, shelf
from glasstown.surfaces.lab.staging import staging
from glasstown.surfaces.lab.works import Work
from glasstown.surfaces.lab.worlds import worlds
from glasstown.version import version
from glasstown.wording import shortened

PAGE = Path(__file__).parent / "page"
KINDS = {404: "unknown", 405: "method"}
FIRST = Ask.model_validate({"scheme": "total-2020"})
_log = logging.getLogger(__name__)


class Answer(JSONResponse):
    """JSON in which a number that is none stands as null."""

    def render(self, content: Any) -> bytes:
        """Return the text."""
        try:
            text = json.dumps(content, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
        except ValueError:
            text = json.dumps(_finite(content), ensure_ascii=False, separators=(",", ":"))
        return text.encode("utf-8", "replace")


def _finite(value: Any) -> Any:
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {key: _finite(one) for key, one in value.items()}
    return [_finite(one) for one in value] if isinstance(value, list | tuple) else value


def make_app(
    out: Path, limits: Limits | None = None, *, hosts: Iterable[str] = (),
    token: str | None = None, is_warmed: bool = True,
) -> ASGIApp:  # fmt: skip
    """Return the lab.

    Parameters
    ----------
    out : Path
        The folder below which run folders are made.
    limits : Limits, optional
        What is allowed.
    hosts : iterable of str
        Names under which it may be called, beside loopback and plain addresses.
    token : str, optional
        What every call of the API must bring.
    is_warmed : bool
        Whether kernels and scripts are made ready when it starts.
    """
    limits = limits or Limits()
    app = FastAPI(
        title="Glasstown: the lab", version=version(), description=NOTICE,
        openapi_url="/api/openapi.json", docs_url=None, redoc_url=None,
        default_response_class=Answer, lifespan=_life(out, limits, is_warmed),
        responses={"4XX": {"description": "Refused: see `error`."}},
    )  # fmt: skip
    app.state.limits, app.state.needs_token = limits, token is not None
    app.state.streams = threading.BoundedSemaphore(limits.streams)
    app.state.is_ready = threading.Event()
    app.include_router(shelf)
    app.include_router(worlds)
    app.include_router(staging)
    app.include_router(documents)
    app.add_api_route("/api/lab", _lab, methods=["GET"], tags=["what there is"])
    app.add_api_route("/", _page, methods=["GET"], include_in_schema=False)
    app.add_api_route("/static/stock/vega.js", _vega, methods=["GET"], include_in_schema=False)
    app.mount("/static", StaticFiles(directory=PAGE, check_dir=False))
    _tell_failures(app)
    return Guard(app, limits, hosts, token)


def new_token() -> str:
    """Return a token that can't be guessed."""
    return secrets.token_urlsafe(24)


def _life(out: Path, limits: Limits, is_warmed: bool) -> Any:
    @contextlib.asynccontextmanager
    async def life(app: FastAPI) -> AsyncIterator[None]:
        works = Works(limits, out)
        app.state.runs = Runs(works)
        app.state.dossiers = Dossiers(limits, out, works.turns)
        if is_warmed:
            threading.Thread(target=_warm, args=(app.state.is_ready,), daemon=True).start()
        else:
            app.state.is_ready.set()
        try:
            yield
        finally:
            app.state.dossiers.close()
            works.close()

    return life


def _warm(is_ready: threading.Event) -> None:
    """Run a tiny country with everything in it, so that the first visitor waits for nothing."""
    asked = {"citizens": 1_000, "weeks": 2, "spark": ["2014-01-08"]}
    try:
        with tempfile.TemporaryDirectory(prefix="glasstown-") as folder:
            work = Work(load_scenario("total-2020", overrides=asked))
            work.carry_out(Path(folder))
            work.close()
    except Exception:
        _log.exception("the kernels could not be made ready")
    is_ready.set()
    mechanisms()
    for name in SHIPPED:
        lever_text(name)
    with contextlib.suppress(RuntimeError, OSError):
        stock.vega()


def _lab(request: Request) -> dict[str, Any]:
    """Say what this lab is and what it allows."""
    state = request.app.state
    return {
        "version": version(),
        "notice": NOTICE,
        "limits": state.limits.as_record(),
        "default": FIRST.model_dump(),
        "is_ready": state.is_ready.is_set(),
        "needs_token": state.needs_token,
        "queue": state.runs.works.counts(),
    }


def _page() -> FileResponse:
    """Return the page."""
    return FileResponse(PAGE / "index.html", media_type="text/html")


def _vega() -> Response:
    """Return the stock scripts."""
    return Response(
        stock.vega(), media_type="text/javascript", headers={"Content-Encoding": "gzip"}
    )


def _tell_failures(app: FastAPI) -> None:
    """Let every failure be told in one form."""

    def answer(refusal: RefusedError) -> Answer:
        return Answer(refusal.body, refusal.status, headers=refusal.headers)

    def refused(_: Request, error: Exception) -> Response:
        assert isinstance(error, RefusedError)
        return answer(error)

    def of_glasstown(_: Request, error: Exception) -> Response:
        assert isinstance(error, GlasstownError)
        return answer(refusal_of(error))

    def unreadable(_: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)
        problems = [
            Problem(_key(one["loc"]), shortened(one.get("input")), str(one["msg"]))
            for one in error.errors()
        ]
        words = "; ".join(str(one) for one in problems)
        return answer(RefusedError(400, "unreadable", words, problems=problems))

    def of_http(_: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        kind = KINDS.get(error.status_code, "unreadable")
        told = answer(RefusedError(error.status_code, kind, str(error.detail)))
        told.headers.update(error.headers or {})
        return told

    def closed(_: Request, error: Exception) -> Response:
        return answer(RefusedError(404, "unknown", str(error)))

    def failed(_: Request, error: Exception) -> Response:
        _log.error("a call failed", exc_info=error)
        return answer(RefusedError(500, "failure", "the lab failed; its log says why"))

    app.add_exception_handler(RefusedError, refused)
    app.add_exception_handler(GlasstownError, of_glasstown)
    app.add_exception_handler(RequestValidationError, unreadable)
    app.add_exception_handler(HTTPException, of_http)
    app.add_exception_handler(FilmClosedError, closed)
    app.add_exception_handler(Exception, failed)


def _key(location: Iterable[Any]) -> str:
    """Return where in a call something is wrong: the dotted key in its body or its query."""
    parts = [str(one) for one in location]
    return ".".join(parts[1:] or parts)
