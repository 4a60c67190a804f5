"""The command that opens the lab in the browser; what is heavy is imported inside it."""

from __future__ import annotations

import ipaddress
import socket
import threading
import time
import webbrowser
from pathlib import Path
from typing import Annotated, Any

import typer
from pydantic import BaseModel

from glasstown.errors import InputError
from glasstown.surfaces.app import NOTICE, app
from glasstown.surfaces.cli_run import whole_number

LEAST_TOKEN = 16
GOODBYE_S = 2


@app.command()
def lab(
    port: Annotated[
        int, typer.Option(min=0, max=65535, help="Port; 0 takes any that is free.")
    ] = 8765,
    is_opened: Annotated[
        bool, typer.Option("--open", help="Open the page in the browser.")
    ] = False,
    runs: Annotated[Path, typer.Option(help="Folder below which run folders are made.")] = Path(
        "runs/lab"
    ),
    host: Annotated[
        str, typer.Option(help="Address to listen on; any but this machine's own needs a token.")
    ] = "127.0.0.1",
    token: Annotated[
        str | None, typer.Option(help="What whoever calls must know; made up where it is needed.")
    ] = None,
    name: Annotated[
        list[str] | None,
        typer.Option(help="A name under which the lab is called from elsewhere; may be repeated."),
    ] = None,
    most_citizens: Annotated[
        int, typer.Option(parser=whole_number, metavar="N", help="Citizens of a run at most.")
    ] = 200_000,
    most_weeks: Annotated[
        int, typer.Option(parser=whole_number, metavar="N", help="Weeks of a run at most.")
    ] = 520,
) -> None:
    """Open the lab in the browser: set a society up, put a scheme over it, watch it live."""
    if token is not None and len(token) < LEAST_TOKEN:
        raise InputError(f"--token: must be at least {LEAST_TOKEN} characters long")
    allowed = _allowed(most_citizens, most_weeks)
    listening = _listening(host, port)
    typer.echo("Loading...", err=True)
    from glasstown.surfaces.lab.app import make_app, new_token
    from glasstown.surfaces.lab.limits import Limits

    if token is None and not _is_loopback(host):
        token = new_token()
    limits = Limits(citizens=allowed["citizens"], weeks=allowed["weeks"])
    made = make_app(runs, limits, hosts=[host, *(name or [])], token=token)
    address = _address(listening, token)
    typer.echo(f"{NOTICE}\nThe lab is open at {address}\nCtrl-C closes it.")
    if is_opened:
        threading.Thread(target=_open, args=(address,), daemon=True).start()
    _serve(made, listening)


def _allowed(most_citizens: int, most_weeks: int) -> dict[str, tuple[int, int]]:
    """Return the least and the most citizens and weeks of a run."""
    from glasstown.lab.scenario import Scenario
    from glasstown.society.declaration import Society

    allowed = {}
    models: tuple[tuple[type[BaseModel], str, int], ...] = (
        (Society, "citizens", most_citizens), (Scenario, "weeks", most_weeks),
    )  # fmt: skip
    for model, key, given in models:
        node = model.model_json_schema()["properties"][key]
        low, high = int(node["minimum"]), int(node["maximum"])
        if not low <= given <= high:
            raise InputError(f"--most-{key}: must be from {low:_} to {high:_}, not {given:_}")
        allowed[key] = (low, given)
    return allowed


def _listening(host: str, port: int) -> socket.socket:
    """Return a socket that listens, before anything slow is loaded."""
    made: socket.socket | None = None
    try:
        family, kind, protocol, _, where = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        made = socket.socket(family, kind, protocol)
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.bind(where)
    except OSError as error:
        if made is not None:
            made.close()
        raise InputError(
            f"{host}:{port}: can't listen there: {error.strerror or error}. Give another with "
            "--port (0 takes any that is free) or --host"
        ) from None
    return made


def _is_loopback(host: str) -> bool:
    """Tell whether only this machine can call an address."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _address(listening: socket.socket, token: str | None) -> str:
    """Return the address of the page; the token stands where it is never sent."""
    host, port = listening.getsockname()[:2]
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
    shown = f"[{host}]" if ":" in host else host
    return f"http://{shown}:{port}/" + (f"#token={token}" if token else "")


def _open(address: str) -> None:
    time.sleep(1)
    webbrowser.open(address)


def _serve(made: Any, listening: socket.socket) -> None:
    """Answer until Ctrl-C."""
    import uvicorn

    config = uvicorn.Config(
        made, log_level="warning", access_log=False, server_header=False, date_header=False,
        timeout_graceful_shutdown=GOODBYE_S, lifespan="on", ws="none", proxy_headers=False,
        h11_max_incomplete_event_size=64 * 1024, limit_concurrency=512,
    )  # fmt: skip
    uvicorn.Server(config).run(sockets=[listening])
