"""Memory: bytes a citizen as said and as resident, and nothing that grows with the weeks."""

from __future__ import annotations

import gc
import re
import subprocess
import sys
import tracemalloc
from pathlib import Path

import psutil
import pytest

import glasstown as gt
from glasstown.engine.country import Country
from glasstown.engine.world import LINE_BYTES, State, state_bytes
from glasstown.errors import ResourceError
from glasstown.lab import room
from glasstown.lab.rollout import Timetable
from glasstown.lab.scenario import load_scenario
from glasstown.society.compilation import CompiledSociety, compile_society
from glasstown.society.region_table import REQUIRED

ROOT = Path(__file__).parents[2]
NATION = 1_409_778_724
"""The people of the packaged census table."""
GIB = 1 << 30
A_WEEK = 2_000
"""Bytes that Python may come to hold a week: lists and caches that fill up, no arrays."""
EARLY, LATE = 53, 261
"""Two weeks 208 weeks apart, each the first after a part was written."""


class Watching:
    """A progress that looks at memory in two weeks."""

    def __init__(self, late: int) -> None:
        self._weeks = EARLY, late
        self.traced: dict[int, int] = {}
        self.resident: dict[int, int] = {}

    def started(self, total_weeks: int, message: str) -> None:
        pass

    def stage(self, text: str) -> None:
        pass

    def finished(self) -> None:
        pass

    def week(self, number: int) -> None:
        if number == 1:  # by now the kernels are loaded, which takes long if it is traced
            tracemalloc.start()
        if number in self._weeks:
            gc.collect()
            self.traced[number] = tracemalloc.get_traced_memory()[0]
            self.resident[number] = psutil.Process().memory_info().rss


def growth(tmp_path: Path, late: int) -> tuple[int, int]:
    """Return by how many bytes a run grows: what Python holds, what is resident."""
    watching = Watching(late)
    table = tmp_path / "regions.csv"  # of two regions: weeks are cheap, and traced all the same
    rows = "1,Ash,East,600,60,20,15,50\n2,Elm,West,400,30,20,15,50\n"
    table.write_text(",".join(REQUIRED) + "\n" + rows)
    try:
        gt.run(
            "total-2020", citizens=2_000, regions=str(table), weeks=late, out=tmp_path,
            report=False, threads=1, progress=watching, checkpoint_weeks=60,
        )  # fmt: skip
    finally:
        tracemalloc.stop()
    traced, resident = watching.traced, watching.resident
    return traced[late] - traced[EARLY], resident[late] - resident[EARLY]


def test_nothing_grows_with_the_weeks(tmp_path) -> None:
    traced, resident = growth(tmp_path, LATE)
    assert traced < A_WEEK * (LATE - EARLY), traced
    # What no tracer sees: 72,000 bytes a week would be found, a tally of 31 regions has 150,000.
    assert resident < 15_000_000, resident


def test_what_a_run_keeps_of_its_weeks_is_seen(tmp_path, monkeypatch) -> None:
    """The case that the test above must fail."""
    kept, advance = [], Country.advance

    def keeping(country):
        kept.append(advance(country))
        return kept[-1]

    monkeypatch.setattr(Country, "advance", keeping)
    traced, _ = growth(tmp_path, EARLY + 13)
    assert traced > 3 * A_WEEK * 13


def society_of(citizens: int) -> CompiledSociety:
    return compile_society(load_scenario("total-2020", overrides={"citizens": citizens}).society)


def test_a_nation_fits_under_22_gib() -> None:
    society = society_of(NATION)
    assert society.layout.citizens == NATION
    assert sum(state_bytes(society.layout).values()) < 16 * NATION
    assert room.memory_needed(society, 2) < 22 * GIB
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(room, "memory_available", lambda: 22 * GIB)
        room.check_memory(society, 2)


def test_larger_than_memory_is_said_with_what_would_fit(monkeypatch) -> None:
    monkeypatch.setattr(room, "memory_available", lambda: 8 * GIB)
    society = society_of(NATION)
    with pytest.raises(ResourceError, match="1_409_778_724 citizens need about 22_") as caught:
        room.check_memory(society, 2)
    fitting = int(str(caught.value).rsplit(" ", 1)[1])
    assert 0.9 * 8 * GIB / 16 < fitting < 8 * GIB / 15.7
    room.check_memory(society_of(fitting), 2)
    assert room.citizens_fitting(society, 2, 8 * GIB) == fitting


def test_the_bytes_by_field_are_those_of_the_arrays() -> None:
    """Whatever an engine keeps for each block or citizen is in the description."""
    scenario = load_scenario("total-2020", overrides={"citizens": 10_000})
    society = compile_society(scenario.society)
    state: State = Country(society, Timetable(scenario, society), 1).state
    owners = {id(array if array.base is None else _owner(array)): array for array in state}
    held = sum(_owner(array).nbytes for array in owners.values()) - state.chunks.nbytes
    told = sum(state_bytes(society.layout).values())
    # At most a line more for each array, so that it begins with one.
    assert told <= held <= told + LINE_BYTES * len(owners)


def _owner(array):
    """Return the array that owns the memory that another shows."""
    while array.base is not None:
        array = array.base
    return array


def test_bytes_resident() -> None:
    """Measured from outside: a week, a digest and a checkpoint of 3 million citizens."""
    words = ["bench/memory/resident.py", "--citizens", "3000000", "--weeks", "1"]
    done = subprocess.run(
        [sys.executable, *words], cwd=ROOT, text=True, capture_output=True, check=False,
        env={"PYTHONPATH": str(ROOT), "PATH": "", "HOME": str(Path.home())},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    peak = float(done.stdout.splitlines()[-2].split()[-1])
    assert re.search("the same after the checkpoint$", done.stdout.strip())
    # 15.74 by formula; what stays of buffers and freed memory, a few megabytes, is the rest.
    assert 15.7 < peak < 19, done.stdout
