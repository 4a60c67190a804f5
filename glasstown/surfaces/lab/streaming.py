"""Streams of events: so many may be open at once, and each gives its place back when it ends."""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator
from typing import Any

from fastapi import Request
from fastapi.responses import StreamingResponse

from glasstown.surfaces.lab.refusal import RefusedError


def counted(request: Request, events: AsyncIterator[bytes]) -> StreamingResponse:
    """Return a stream of events, if there is a place for it.

    Raises
    ------
    RefusedError
        Too many are open.
    """
    streams: threading.BoundedSemaphore = request.app.state.streams
    if not streams.acquire(blocking=False):
        raise RefusedError(429, "busy", "too many streams are open", retry_after=5)
    return Counted(events, media_type="text/event-stream", headers={"X-Accel-Buffering": "no"},
                   streams=streams)  # fmt: skip


class Counted(StreamingResponse):
    """A stream that gives its place back when it ends, however it does."""

    def __init__(self, *args: Any, streams: threading.Semaphore, **options: Any) -> None:
        super().__init__(*args, **options)
        self._streams = streams

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Stream, and give the place back."""
        try:
            await super().__call__(scope, receive, send)
        finally:
            self._streams.release()
