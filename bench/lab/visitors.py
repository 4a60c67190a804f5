"""Twenty visitors at the lab at once: is anybody's run lost or mixed up, and does it still answer?

Starts `glasstown lab` on two processors, on loopback only. Each visitor opens the page, reads the
levers, starts a world of its own (every fifth asks for the same as the one before), follows the
stream, fetches the stage as the page does, looks at lives, charts and findings. Afterwards every
world is run again without the lab: the digests must be equal.

    python bench/lab/visitors.py --out bench/lab/log.jsonl
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import httpx2

SCHEMES = ("total-2020", "court-list", "rongcheng-2014", "reform", "none")
CORES = 2
FRAMES = 40
LONGEST_S = 900


class Visitor:
    """One simulated visitor and what it saw."""

    def __init__(self, number: int, address: str, weeks: int, citizens: int) -> None:
        self.number = number
        world = number - (number % 5 == 4)
        self.ask = {
            "scheme": SCHEMES[world % len(SCHEMES)], "seed": 100 + world, "weeks": weeks,
            "citizens": citizens,
        }  # fmt: skip
        self.calls: list[tuple[str, float]] = []
        self.client = httpx2.AsyncClient(base_url=address, timeout=120)
        self.weeks: list[int] = []
        self.run: dict[str, Any] = {}
        self.first_week_s = self.whole_s = 0.0

    async def call(self, name: str, path: str, body: Any = None) -> httpx2.Response:
        """Call the lab and note how long it took."""
        start = time.perf_counter()
        method = "GET" if body is None else "POST"
        answer = await self.client.request(method, path, json=body)
        self.calls.append((name, time.perf_counter() - start))
        answer.raise_for_status()
        return answer

    async def visit(self) -> None:
        """Do what a visitor does."""
        await self.call("page", "/")
        await self.call("lab", "/api/lab")
        await self.call("levers", f"/api/levers?scheme={self.ask['scheme']}")
        await self.call("check", "/api/check", self.ask)
        start = time.perf_counter()
        self.run = (await self.call("start", "/api/runs", self.ask)).json()
        at = f"/api/runs/{self.run['id']}"
        fetched = -1
        async for name, data in self.stream(at):
            if name == "weeks":
                self.weeks += range(data["first"], data["last"] + 1)
                self.first_week_s = self.first_week_s or time.perf_counter() - start
                if not any(name == "stage" for name, _ in self.calls):
                    await self.call("stage", f"{at}/stage")
                    await self.call("people", f"{at}/people")
                if data["last"] - fetched >= FRAMES:
                    await self.call(
                        "frames", f"{at}/frames?first={fetched + 1}&last={data['last']}"
                    )
                    fetched = data["last"]
                    await self.call("life", f"{at}/citizens/{self.number * 500}")
            elif name == "end":
                self.run = data
        self.whole_s = time.perf_counter() - start
        await self.call("findings", f"{at}/findings")
        await self.call("chart", f"{at}/charts/speech")
        # The page is loaded again: the run must still be there, and be the same.
        again = (await self.call("reload", at)).json()
        assert again["digest"] == self.run["digest"]
        await self.client.aclose()

    async def stream(self, at: str) -> Any:
        """Yield the events of the run."""
        async with self.client.stream("GET", f"{at}/events") as answer:
            answer.raise_for_status()
            name = ""
            async for line in answer.aiter_lines():
                if line.startswith("event: "):
                    name = line.removeprefix("event: ")
                elif line.startswith("data: "):
                    yield name, json.loads(line.removeprefix("data: "))

    def record(self) -> dict[str, Any]:
        """Return what is kept in the log."""
        return {
            "visitor": self.number, "ask": self.ask, "run": self.run["id"],
            "state": self.run["state"], "digest": self.run["digest"],
            "weeks_told": len(self.weeks), "first_week_s": round(self.first_week_s, 3),
            "whole_s": round(self.whole_s, 3),
            "calls": [(name, round(1000 * took, 1)) for name, took in self.calls],
        }  # fmt: skip


def opened(folder: str) -> tuple[subprocess.Popen[str], str]:
    """Return the lab's process, on two processors, and its address."""
    cores = sorted(os.sched_getaffinity(0))[:CORES]
    command = [sys.executable, "-m", "glasstown.surfaces.cli", "lab", "--port", "0",
               "--runs", folder]  # fmt: skip
    lab = subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True,
        preexec_fn=lambda: os.sched_setaffinity(0, cores),
    )  # fmt: skip
    assert lab.stdout is not None
    for line in lab.stdout:
        if found := re.search(r"http://\S+", line):
            return lab, found[0]
    raise SystemExit("the lab did not open")


async def at_once(address: str, count: int, weeks: int, citizens: int) -> list[Visitor]:
    """Let all visitors come at once."""
    async with httpx2.AsyncClient(base_url=address, timeout=120) as client:
        while not (await client.get("/api/lab")).json()["is_ready"]:
            await asyncio.sleep(0.5)
    visitors = [Visitor(i, address, weeks, citizens) for i in range(count)]
    await asyncio.wait_for(asyncio.gather(*(one.visit() for one in visitors)), LONGEST_S)
    return visitors


def alone(ask: dict[str, Any], folder: str) -> str:
    """Return the digest of the same world without the lab."""
    import glasstown as gt

    keys = {key: value for key, value in ask.items() if key != "scheme"}
    run = gt.run(ask["scheme"], out=folder, report=False, overwrite=True, **keys)
    return str(run.digest)


def summary(visitors: list[Visitor], expected: list[str]) -> list[str]:
    """Say what came of it."""
    weeks = list(range(1, visitors[0].ask["weeks"] + 1))  # type: ignore[operator]
    lost = sum(one.run["state"] != "finished" or one.weeks != weeks for one in visitors)
    mixed = sum(one.run["digest"] != digest for one, digest in zip(visitors, expected, strict=True))
    ids = len({one.run["id"] for one in visitors})
    rows = [
        f"{len(visitors)} visitors at once, {CORES} processors, {len(set(expected))} worlds of "
        f"{visitors[0].ask['citizens']} citizens x {len(weeks)} weeks, {ids} runs",
        f"runs lost or with a week missing or told twice: {lost}",
        f"runs whose digest is not that of the same world without the lab: {mixed}",
        f"load of the machine (1 minute): {os.getloadavg()[0]:.1f}; it was shared",
        f"first week after pressing run, s: {_spread([one.first_week_s for one in visitors])}",
        f"whole run, s: {_spread([one.whole_s for one in visitors])}",
        "milliseconds by call (median, 95th percentile, longest, calls):",
    ]
    names = list(dict.fromkeys(name for one in visitors for name, _ in one.calls))
    for name in names:
        took = sorted(1000 * t for one in visitors for n, t in one.calls if n == name)
        late = took[min(int(0.95 * len(took)), len(took) - 1)]
        rows.append(
            f"  {name:9} {statistics.median(took):8.0f} {late:8.0f} {took[-1]:8.0f} {len(took):5}"
        )
    return rows


def _spread(values: list[float]) -> str:
    return f"median {statistics.median(values):.1f}, longest {max(values):.1f}"


def main() -> None:
    """Run it, print the summary, write the raw log."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--visitors", type=int, default=20)
    parser.add_argument("--weeks", type=int, default=104)
    parser.add_argument("--citizens", type=int, default=20_000)
    parser.add_argument("--out", type=Path)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        lab, address = opened(f"{folder}/lab")
        try:
            visitors = asyncio.run(at_once(address, given.visitors, given.weeks, given.citizens))
        finally:
            lab.terminate()
            lab.wait(20)
        known: dict[str, str] = {}
        for one in visitors:
            key = json.dumps(one.ask)
            known[key] = known.get(key) or alone(one.ask, f"{folder}/alone")
    rows = summary(visitors, [known[json.dumps(one.ask)] for one in visitors])
    print("\n".join(rows))
    if given.out:
        lines = [json.dumps(one.record()) for one in visitors]
        given.out.write_text("\n".join([json.dumps({"summary": rows}), *lines]) + "\n", "utf-8")


if __name__ == "__main__":
    main()
