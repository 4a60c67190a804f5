"""The small model beside its peers: equal statistics first, then speed and memory in one sitting.

Each framework runs in its own environment, as a process of its own. The plain NumPy model is the
yardstick of the statistics: over many seeds it gives mean and spread, and every other model must
lie within four standard errors of it at every look; a model that is made wrong must not. Then all
are timed, one after another, round after round. Rates are compared within a round.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import platform
import statistics
import subprocess
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from drawn import draw_chart, write_table

HERE = Path(__file__).parent
EVERY = 26
LOOKS = (EVERY, 2 * EVERY, 3 * EVERY)
MEASURES = ("mean score", "share below 80", "share listed", "events a week")
STARTS = (100, 80)
"""All at 100, as the model says; and at 80, where a fifth is soon low and ties matter."""
CORE = "a core's second"
ERRORS = 4.0
YARDSTICK_CITIZENS, YARDSTICK_SEEDS = 16_384, 24


class Peer(NamedTuple):
    """A framework: its script and environment, and the sizes that fit it."""

    name: str
    script: str
    environment: str | None
    citizens: int
    weeks: int
    looked_at: int
    seeds: int
    neighbours: str


PEERS = (
    Peer("AgentPy", "with_agentpy.py", "agentpy", 8_192, 40, 2_048, 2, "8, a list of agents"),
    Peer("Mesa", "with_mesa.py", "mesa", 16_384, 40, 4_096, 2, "8, a list of agents"),
    Peer("Starsim", "with_starsim.py", "starsim", 524_288, 10, 65_536, 2, "8, edges of a network"),
    Peer(
        "laser-core",
        "with_laser.py",
        "laser-core",
        2_097_152,
        10,
        65_536,
        2,
        "8, a vector property",
    ),
    Peer(
        "mesa-frames",
        "with_mesa_frames.py",
        "mesa-frames",
        1_048_576,
        10,
        65_536,
        2,
        "8, columns of rows",
    ),
    Peer("NumPy", "with_numpy.py", None, 2_097_152, 10, 65_536, 2, "8, an array of indices"),
    Peer(
        "Glasstown",
        "with_glasstown.py",
        None,
        2_097_152,
        20,
        65_536,
        2,
        "8, computed; bits in words of 64",
    ),
)


class Log:
    """The raw log: what was run and what it said, line by line."""

    def __init__(self, path: Path) -> None:
        self.path, self.lines = path, []

    def add(self, **what: Any) -> None:
        """Write a line down at once."""
        self.lines.append(what)
        with self.path.open("a") as file:
            file.write(json.dumps(what) + "\n")


def run(peer: Peer, *asked: object) -> dict[str, Any]:
    """Run a peer's script in its environment and return what it says."""
    python = sys.executable
    if peer.environment:
        python = str(HERE / ".venvs" / peer.environment / "bin" / "python")
    done = subprocess.run(
        [python, str(HERE / peer.script), *map(str, asked)],
        capture_output=True, text=True, env={**os.environ, "PYTHONWARNINGS": "ignore"}, check=False,
    )  # fmt: skip
    if done.returncode:
        sys.exit(f"{peer.name} failed at {' '.join(map(str, asked))}:\n{done.stderr[-2000:]}")
    return json.loads(done.stdout.splitlines()[-1])


def look(peer: Peer, citizens: int, seeds: int, start: int, *more: object) -> list[dict[str, Any]]:
    """Return, by seed, how many have a score, and summaries by look and measure."""
    asked = ["look", "--citizens", citizens, "--weeks", *LOOKS, "--start", start, *more]
    return run(peer, *asked, "--seeds", *range(1, seeds + 1))["found"]


def deviations(found: list[dict[str, Any]], right: list[dict[str, Any]]) -> list[str]:
    """Return where a model's means lie further from the yardstick's than sampling explains."""
    told, size = [], right[0]["scored"]
    for i, week in enumerate(LOOKS):
        for j, measure in enumerate(MEASURES):
            known = [one["looks"][i][j] for one in right]
            mean = statistics.fmean(known)
            got = statistics.fmean(one["looks"][i][j] for one in found)
            spread = max(statistics.stdev(known), least_spread(j, mean, size))
            one_run = spread * math.sqrt(size / found[0]["scored"])
            error = math.hypot(one_run / math.sqrt(len(found)), spread / math.sqrt(len(known)))
            if abs(got - mean) > ERRORS * error:
                told.append(f"week {week}, {measure}: {got:.5g}, not {mean:.5g} ± {error:.2g}")
    return told


def least_spread(measure: int, mean: float, citizens: int) -> float:
    """Return the spread that independent citizens alone would give a share or a count of events.

    What the yardstick hardly ever saw counts as three cases.
    """
    if MEASURES[measure] == "mean score":
        return 0.0
    weeks = EVERY if MEASURES[measure] == "events a week" else 1
    return math.sqrt(max(mean, 3 / citizens) / citizens / weeks)


def check(log: Log) -> None:
    """Compare every model's statistics with the yardstick's; stop at one that deviates."""
    numpy = next(peer for peer in PEERS if peer.name == "NumPy")
    size, seeds = YARDSTICK_CITIZENS, YARDSTICK_SEEDS
    right = {start: look(numpy, size, seeds, start) for start in STARTS}
    # Glasstown's near ties are cliques of four, in which lows gather: so are its yardstick's.
    closed = {start: look(numpy, size, seeds, start, "--cliques") for start in STARTS}
    log.add(step="yardstick", citizens=size, seeds=seeds, found=right, in_cliques=closed)
    wrong = deviations(look(numpy, 65_536, 2, STARTS[0], "--cost", 6), right[STARTS[0]])
    log.add(step="a wrong model (an infraction costs 6)", deviations=wrong)
    if not wrong:
        sys.exit("the check lets a wrong model pass")
    failed = []
    for peer in PEERS:
        for start in STARTS:
            found = look(peer, peer.looked_at, peer.seeds, start)
            told = deviations(found, (closed if peer.name == "Glasstown" else right)[start])
            log.add(step="look", peer=peer.name, start=start, citizens=peer.looked_at,
                    found=found, deviations=told)  # fmt: skip
            print(
                f"{peer.name}, start {start}: {'; '.join(told) or 'as the yardstick'}", flush=True
            )
            failed += [f"{peer.name}, start {start}: {one}" for one in told]
    if failed:
        sys.exit("models differ:\n" + "\n".join(failed))


def measure(log: Log, rounds: int) -> list[dict[str, Any]]:
    """Time every framework, round after round, and weigh a citizen; return a row for each."""
    rates: dict[tuple[str, object], list[float]] = {}
    weights, versions = {}, {}
    for number in range(rounds):
        for peer in PEERS:
            told = timing(log, peer, number, peer.citizens, peer.weeks, STARTS)
            versions[peer.name] = told["versions"]
            for one in told["found"]:
                done = one["scored"] * one["weeks"]
                rates.setdefault((peer.name, one["start"]), []).append(done / one["seconds"])
                if one["start"] == STARTS[0]:
                    rates.setdefault((peer.name, CORE), []).append(done / one["core_seconds"])
            if number == 0:
                small = timing(log, peer, number, peer.citizens // 4, 2, STARTS[:1])
                weights[peer.name] = growth(small["found"][0], told["found"][0])
            print(f"round {number + 1}: {peer.name} {rates[peer.name, 100][-1]:.3g}", flush=True)
    return [row(peer, rates, weights, versions) for peer in PEERS]


def timing(
    log: Log, peer: Peer, number: int, citizens: int, weeks: int, starts: Sequence[int]
) -> dict[str, Any]:
    """Time one framework once, and log it with the machine's load."""
    told = run(peer, "time", "--citizens", citizens, "--weeks", weeks, "--start", *starts)
    log.add(step="time", round=number, peer=peer.name, load=os.getloadavg()[0], **told)
    return told


def growth(small: dict[str, float], large: dict[str, float]) -> tuple[float, float]:
    """Return bytes resident a citizen, at rest and at most, from two sizes."""
    more = large["scored"] - small["scored"]
    return tuple((large[key] - small[key]) / more for key in ("resident", "most"))  # type: ignore


def row(peer: Peer, rates: dict, weights: dict, versions: dict) -> dict[str, Any]:
    """Return a row of the table: medians, and ratios within the rounds."""
    ours, theirs = rates["Glasstown", 100], rates[peer.name, 100]
    known = versions[peer.name]
    package = next(name for name in known if name != "python")
    return {
        "name": peer.name, "version": known[package], "rate": statistics.median(theirs),
        "rate_80": statistics.median(rates[peer.name, 80]),
        "rate_core": statistics.median(rates[peer.name, CORE]),
        "ratio": statistics.median(a / b for a, b in zip(ours, theirs, strict=True)),
        "bytes": weights[peer.name][0], "most_bytes": weights[peer.name][1],
        "citizens": peer.citizens, "weeks": peer.weeks, "neighbours": peer.neighbours,
        "slowest": min(theirs), "fastest": max(theirs),
    }  # fmt: skip


def machine() -> dict[str, Any]:
    """Return what the sitting ran on."""
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    models = [one.split(":")[1].strip() for one in lines if one.startswith("model name")]
    return {"processor": models[0] if models else platform.processor(), "cores": os.cpu_count(),
            "load": os.getloadavg()[0], "system": platform.platform()}  # fmt: skip


def main() -> None:
    """Check, measure, and write log, table and chart."""
    given = argparse.ArgumentParser()
    given.add_argument("--rounds", type=int, default=3)
    given.add_argument("--only-check", action="store_true")
    asked = given.parse_args()
    begun = datetime.now(UTC)
    path = HERE / "log" / f"{begun:%Y-%m-%dT%H%M}.jsonl"
    path.parent.mkdir(exist_ok=True)
    log, on = Log(path), machine()
    log.add(step="machine", begun=begun.isoformat(timespec="seconds"), **on)
    check(log)
    if asked.only_check:
        return
    rows = measure(log, asked.rounds)
    seconds = round((datetime.now(UTC) - begun).total_seconds())
    on["load"] = max([on["load"], *(one["load"] for one in log.lines if one["step"] == "time")])
    log.add(step="table", seconds=seconds, rows=rows)
    write_table(HERE / "table.md", rows, on, path.name, asked.rounds)
    draw_chart(HERE / "chart.svg", rows)
    print((HERE / "table.md").read_text())


if __name__ == "__main__":
    main()
