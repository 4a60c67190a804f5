"""`glasstown lab`: where it listens, who may call it, and how it ends."""

from __future__ import annotations

import json
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from typer.testing import CliRunner

from glasstown.errors import InputError
from glasstown.surfaces import cli_lab
from glasstown.surfaces.app import app

COMMAND = [sys.executable, "-m", "glasstown.surfaces.cli", "lab"]


@contextmanager
def opened(folder: Path, *words: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Yield the lab's process and the address that it prints."""
    lab = subprocess.Popen(
        [*COMMAND, "--port", "0", "--runs", str(folder), *words],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        assert lab.stdout is not None
        assert "not a prediction" in lab.stdout.readline()
        found = re.search(r"http://\S+", lab.stdout.readline())
        assert found
        yield lab, found[0]
    finally:
        lab.kill()
        lab.communicate()


def called(address: str, token: str | None = None) -> dict[str, object]:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    until = time.monotonic() + 30
    while True:
        try:
            request = urllib.request.Request(address.split("#")[0] + "api/lab", headers=headers)
            with urllib.request.urlopen(request, timeout=30) as answer:
                found: dict[str, object] = json.load(answer)
                return found
        except urllib.error.HTTPError:
            raise
        except OSError:
            assert time.monotonic() < until
            time.sleep(0.1)


def test_it_opens_on_this_machine_and_ends_with_ctrl_c(tmp_path: Path) -> None:
    with opened(tmp_path) as (lab, address):
        assert address.startswith("http://127.0.0.1:")
        assert "#" not in address
        assert called(address)["notice"] == "A synthetic society, not a prediction."
        lab.send_signal(signal.SIGINT)
        _, said = lab.communicate(timeout=30)
        assert lab.returncode == 130
        assert "Traceback" not in said


def test_elsewhere_it_needs_a_token(tmp_path: Path) -> None:
    with opened(tmp_path, "--host", "0.0.0.0") as (_, address):
        token = address.split("#token=")[1]
        assert len(token) >= 32
        assert called(address, token)["needs_token"]
        with pytest.raises(urllib.error.HTTPError) as refused:
            called(address, "wrong")
        assert refused.value.code == 401
        refused.value.close()


def test_a_port_that_is_taken_is_told(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        done = subprocess.run(
            [*COMMAND, "--port", port], capture_output=True, text=True, timeout=60, cwd=tmp_path
        )
    assert done.returncode == 2
    assert f"127.0.0.1:{port}: can't listen there" in done.stderr
    assert "--port" in done.stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--token", "short"], "at least 16 characters"),
        (["--most-citizens", "10"], "--most-citizens: must be from 1_000 to"),
        (["--most-weeks", "5000"], "--most-weeks: must be from 1 to 1_000"),
    ],
)
def test_what_can_t_be_is_told(words: list[str], said: str) -> None:
    done = CliRunner().invoke(app, ["lab", "--port", "0", *words])
    assert done.exit_code == 2
    assert said in done.stderr


def test_a_host_that_is_none_is_told() -> None:
    with pytest.raises(InputError, match="can't listen there"):
        cli_lab._listening("192.0.2.1", 0)


@pytest.mark.parametrize(
    ("host", "is_loopback"),
    [("localhost", True), ("127.0.0.9", True), ("::1", True), ("0.0.0.0", False), ("lab", False)],
)
def test_only_this_machine_needs_no_token(host: str, is_loopback: bool) -> None:
    assert cli_lab._is_loopback(host) == is_loopback
