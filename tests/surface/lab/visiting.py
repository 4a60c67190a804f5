"""Somebody at the lab's page, for the tests of its server."""

from __future__ import annotations

import json
import time
from typing import Any

from starlette.testclient import TestClient

from glasstown.surfaces.lab.limits import Limits

LONGEST_WAIT_S = 300
"""Kernels may have to be compiled first."""
HERE = "http://127.0.0.1:8765"
LIMITS = Limits(
    citizens=(1_000, 4_000), weeks=(1, 200), waiting=4, running=2, kept=40,
    calls=(1e6, 1e6), starts=(1e6, 1e6),
)  # fmt: skip
SMALL: dict[str, Any] = {"scheme": "total-2020", "citizens": 1_500, "weeks": 6}


class Visitor:
    """Somebody at the lab's page."""

    def __init__(self, client: TestClient) -> None:
        self.client = client

    def get(self, path: str, status: int = 200, **options: Any) -> Any:
        answer = self.client.get(f"/api/{path}", **options)
        assert answer.status_code == status, answer.text
        return answer.json()

    def post(self, path: str, body: Any, status: int = 200) -> Any:
        answer = self.client.post(f"/api/{path}", json=body)
        assert answer.status_code == status, answer.text
        return answer.json()

    def start(self, **ask: Any) -> dict[str, Any]:
        record: dict[str, Any] = self.post("runs", {**SMALL, **ask}, 201)
        return record

    def waits_for(self, run: dict[str, Any], weeks: int | None = None) -> dict[str, Any]:
        """Return the run once it has ended, or once so many weeks are done."""
        until = time.monotonic() + LONGEST_WAIT_S
        while time.monotonic() < until:
            now: dict[str, Any] = self.get(f"runs/{run['id']}")
            if now["state"] in ("finished", "cancelled", "failed"):
                return now
            if weeks is not None and now["weeks_done"] >= weeks:
                return now
            time.sleep(0.02)
        raise AssertionError(f"still not there: {now}")

    def runs(self, **ask: Any) -> dict[str, Any]:
        """Return a run that is finished."""
        done = self.waits_for(self.start(**ask))
        assert done["state"] == "finished", done
        return done

    def events(self, run: dict[str, Any], after: int = 0) -> list[tuple[str, int, Any]]:
        """Return the events of a run until it has ended: name, weeks done, data."""
        text = self.client.get(f"/api/runs/{run['id']}/events?after={after}").text
        found = []
        for block in text.split("\n\n"):
            lines = dict(line.split(": ", 1) for line in block.splitlines() if ": " in line)
            if "event" in lines:
                found.append((lines["event"], int(lines["id"]), json.loads(lines["data"])))
        return found
