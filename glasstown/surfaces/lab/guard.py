"""Who may call the lab, from where, how often and with how much: checked before anything else.

A page of another site must not be able to use the lab: its ``Origin`` is another, the browser says
``Sec-Fetch-Site: cross-site``, and a name that was rebound to this machine is no known ``Host``.
"""

from __future__ import annotations

import hmac
import ipaddress
import json
import time
from collections import OrderedDict
from collections.abc import Iterable
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from glasstown.surfaces.lab.limits import Limits
from glasstown.surfaces.lab.refusal import RefusedError

API = "/api/"
LOOPBACK = ("localhost", "127.0.0.1", "::1")
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
    "font-src 'self'; connect-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)
CLAIMS, DOSSIERS = "/claims", "/dossiers/"
DOCUMENT_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'"
)
"""Pages of their own: styles stand in them, and no script runs."""
ALWAYS = {
    "content-security-policy": POLICY,
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=()",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
}
MOST_ADDRESSES = 4096


class Bucket:
    """Tokens that come back with time: one for each call."""

    def __init__(self, rate: float, most: float) -> None:
        self._rate, self._most, self._left, self._at = rate, most, most, time.monotonic()

    def take(self) -> float:
        """Take a token; return 0, or the seconds until there is one."""
        now = time.monotonic()
        self._left = min(self._left + (now - self._at) * self._rate, self._most)
        self._at = now
        if self._left < 1:
            return (1 - self._left) / self._rate
        self._left -= 1
        return 0.0


class Rates:
    """How often each address may call; addresses that have been quiet longest are forgotten."""

    def __init__(self, rate: float, most: float) -> None:
        self._rate, self._most = rate, most
        self._buckets: OrderedDict[str, Bucket] = OrderedDict()

    def check(self, address: str) -> None:
        """Count a call.

        Raises
        ------
        RefusedError
            There were too many.
        """
        bucket = self._buckets.setdefault(address, Bucket(self._rate, self._most))
        self._buckets.move_to_end(address)
        if len(self._buckets) > MOST_ADDRESSES:
            self._buckets.popitem(last=False)
        if seconds := bucket.take():
            message = f"too many calls: at most {self._rate:g} a second"
            raise RefusedError(429, "rate", message, retry_after=int(seconds) + 1)


class Guard:
    """Lets through what may pass, and puts headers of safety on every answer.

    Parameters
    ----------
    app : ASGI application
        What is guarded.
    limits : Limits
        Sizes and rates.
    hosts : iterable of str
        Names under which the lab may be called; loopback and plain addresses always may.
    token : str, optional
        What every call of the API must bring, where given.
    """

    def __init__(
        self, app: ASGIApp, limits: Limits, hosts: Iterable[str] = (), token: str | None = None
    ) -> None:
        self.app, self._limits, self._token = app, limits, token
        self._hosts = {*LOOPBACK, *(one.lower() for one in hosts)}
        self._calls, self._starts = Rates(*limits.calls), Rates(*limits.starts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a call, or refuse it."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def sent(message: Message) -> None:
            if message["type"] == "http.response.start":
                _put_headers(MutableHeaders(scope=message), scope["path"])
            await send(message)

        try:
            self._check(scope)
            body = await self._body(scope, receive)
        except RefusedError as refusal:
            await _refuse(refusal, sent)
            return
        await self.app(scope, _replayed(body, receive), sent)

    def _check(self, scope: Scope) -> None:
        headers = Headers(scope=scope)
        self._check_host(headers.get("host", ""))
        is_api = scope["path"].startswith(API)
        self._check_origin(headers, may_come_from_elsewhere=not is_api)
        if not is_api:
            return
        client = scope.get("client")
        address = client[0] if client else "unknown"
        self._calls.check(address)
        if scope["method"] == "POST" and scope["path"] in (f"{API}runs", f"{API}dossiers"):
            self._starts.check(address)
        self._check_token(headers)

    def _check_host(self, host: str) -> None:
        name = _name_of(host)
        if name is None or (name not in self._hosts and not _is_address(name)):
            raise RefusedError(
                403, "host", "the lab is not called by this name; start it with --name"
            )

    def _check_origin(self, headers: Headers, *, may_come_from_elsewhere: bool) -> None:
        """Refuse other sites; a link on one may lead to the page, and to nothing else."""
        origin = headers.get("origin")
        if origin is not None and _place_of(origin) != headers.get("host", "").lower():
            raise RefusedError(403, "origin", "calls from another page are refused")
        is_elsewhere = headers.get("sec-fetch-site") in ("cross-site", "same-site")
        is_link = may_come_from_elsewhere and headers.get("sec-fetch-mode") == "navigate"
        if is_elsewhere and not is_link:
            raise RefusedError(403, "origin", "calls from another site are refused")

    def _check_token(self, headers: Headers) -> None:
        if self._token is None:
            return
        kind, _, given = headers.get("authorization", "").partition(" ")
        is_right = hmac.compare_digest(given.strip().encode(), self._token.encode())
        if kind.lower() != "bearer" or not is_right:
            raise RefusedError(
                401, "token", "a token is needed: open the address that the lab printed"
            )

    async def _body(self, scope: Scope, receive: Receive) -> bytes:
        """Return the body, if it is not too large."""
        if scope["method"] in ("GET", "HEAD", "DELETE", "OPTIONS"):
            return b""
        most, body = self._limits.body_bytes, bytearray()
        while True:
            message = await receive()
            if message["type"] == "http.disconnect":
                break
            body += message.get("body", b"")
            if len(body) > most:
                words = f"the body is larger than {most} bytes"
                raise RefusedError(413, "too_large", words, allowed={"bytes": most})
            if not message.get("more_body"):
                break
        return bytes(body)


def _replayed(body: bytes, receive: Receive) -> Receive:
    """Return what gives a body that was read already, and then goes on receiving."""
    is_given = False

    async def again() -> Message:
        nonlocal is_given
        if not is_given:
            is_given = True
            return {"type": "http.request", "body": body, "more_body": False}
        return await receive()

    return again


def _put_headers(headers: MutableHeaders, path: str) -> None:
    for name, value in ALWAYS.items():
        headers[name] = value
    is_document = path == CLAIMS or path.startswith(DOSSIERS)
    if is_document:
        headers["content-security-policy"] = DOCUMENT_POLICY
    is_kept = not (is_document or path.startswith(API))
    headers["cache-control"] = "no-cache" if is_kept else "no-store"


def _name_of(host: str) -> str | None:
    """Return the name in a ``Host`` header, without its port; None if there is none."""
    try:
        return urlsplit(f"//{host}").hostname
    except ValueError:
        return None


def _place_of(origin: str) -> str | None:
    """Return host and port of an ``Origin``; None if it names none."""
    try:
        return urlsplit(origin).netloc.lower() or None
    except ValueError:
        return None


def _is_address(name: str) -> bool:
    """Tell whether a name is a plain address, which no name server can turn elsewhere."""
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


async def _refuse(refusal: RefusedError, send: Send) -> None:
    body = json.dumps(refusal.body).encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(body))]
    headers += [(key.encode(), value.encode()) for key, value in refusal.headers.items()]
    await send({"type": "http.response.start", "status": refusal.status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
