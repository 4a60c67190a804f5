"""Bytes resident for each citizen, stage by stage: made, some weeks, hashed, put down, taken up.

    python bench/memory/resident.py --citizens 100_000_000 --weeks 2

Before the country is made everything else is loaded, and a small country has run: the difference
is what the citizens cost. The peak is the most that the process has held at any moment.
"""

from __future__ import annotations

import argparse
import gc
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import psutil

from glasstown.engine import checkpoint
from glasstown.engine.country import Country
from glasstown.engine.world import state_bytes
from glasstown.lab.manifest import peak_memory_bytes, processor, versions
from glasstown.lab.rollout import Timetable
from glasstown.lab.scenario import Scenario, load_scenario
from glasstown.society.compilation import compile_society


def made(scenario: Scenario, threads: int) -> Country:
    society = compile_society(scenario.society)
    return Country(society, Timetable(scenario, society), scenario.seed, workers=threads)


class Stages:
    """Prints what each stage took and what is resident after it."""

    def __init__(self, citizens: int) -> None:
        self.citizens, self.before = citizens, resident()
        print(f"{'':28}{'seconds':>9}{'bytes a citizen':>17}{'peak, bytes a citizen':>23}")

    def stage(self, name: str, work: Callable[[], object]) -> object:
        start = time.perf_counter()
        result = work()
        took = time.perf_counter() - start
        each = (resident() - self.before) / self.citizens
        most = (peak_memory_bytes() - self.before) / self.citizens
        print(f"{name:28}{took:9.2f}{each:17.3f}{most:23.3f}", flush=True)
        return result


def resident() -> int:
    gc.collect()
    return int(psutil.Process().memory_info().rss)


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure the bytes resident for each citizen.")
    parser.add_argument("--citizens", type=int, default=100_000_000)
    parser.add_argument("--weeks", type=int, default=2)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--scheme", default="total-2020")
    given = parser.parse_args()
    small = load_scenario(given.scheme, overrides={"citizens": 20_000})
    for _ in made(small, given.threads).weeks(4):
        pass
    scenario = load_scenario(given.scheme, overrides={"citizens": given.citizens})
    layout = compile_society(scenario.society).layout
    print(f"{given.scheme}, {given.citizens:_} citizens, {given.threads} threads, {processor()}")
    print(f"{versions()}, before the country {resident():_} bytes")
    print(f"state by formula: {sum(state_bytes(layout).values()) / given.citizens:.3f} bytes a "
          f"citizen")  # fmt: skip
    stages = Stages(given.citizens)
    with tempfile.TemporaryDirectory(prefix="glasstown-memory-") as folder:
        digest = put_down(stages, scenario, given, Path(folder))
        again = taken_up(stages, scenario, given, Path(folder))
    same = "the same" if again == digest else "ANOTHER"
    print(f"digest {digest}, {same} after the checkpoint")


def put_down(stages: Stages, scenario: Scenario, given: argparse.Namespace, folder: Path) -> object:
    country = stages.stage("made, counted", lambda: made(scenario, given.threads))
    assert isinstance(country, Country)
    for week in range(1, given.weeks + 1):
        stages.stage(f"week {week}", country.advance)
    digest = stages.stage("digest", country.digest)
    stages.stage("checkpoint put down", lambda: checkpoint.save(country, folder, {}))
    return digest


def taken_up(stages: Stages, scenario: Scenario, given: argparse.Namespace, folder: Path) -> object:
    country = stages.stage("made anew, counted", lambda: made(scenario, given.threads))
    assert isinstance(country, Country)
    found = checkpoint.newest(folder)
    assert found is not None
    stages.stage("checkpoint taken up", lambda: checkpoint.restore(country, found))
    return stages.stage("digest", country.digest)


if __name__ == "__main__":
    main()
