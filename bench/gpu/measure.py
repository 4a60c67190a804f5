"""Parity, then size: what the cuda engine does on a machine with a CUDA device.

    python bench/gpu/measure.py                         # parity, then 1e6, 1e7 and 1e8 citizens
    python bench/gpu/measure.py --sizes 1_409_778_724   # a nation: about 27 GB on the device

The parity suite comes first, with its output kept in ``parity.txt``: while it fails, nothing is
measured. Each size runs `total-2020` in a process of its own, after a warm-up, on the device and,
unless ``--alone``, with the cpu engine beside it; both digests go to ``log.jsonl`` with the times.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from glasstown.engine import device
from glasstown.engine.country import Country
from glasstown.engine.engines import check_engine, default_workers
from glasstown.errors import EngineError
from glasstown.lab.manifest import peak_memory_bytes, processor, versions
from glasstown.lab.rollout import Timetable
from glasstown.lab.scenario import load_scenario
from glasstown.society.compilation import compile_society

HERE = Path(__file__).parent
LOG, PARITY = HERE / "log.jsonl", HERE / "parity.txt"
SIZES = (1_000_000, 10_000_000, 100_000_000)
WARM_UP_WEEKS = 4


def check_parity() -> None:
    """Run the parity suite, its cuda tests included, and stop if it fails."""
    command = [sys.executable, "-m", "pytest", "tests/parity", "-rs"]
    done = subprocess.run(command, cwd=HERE.parents[1], capture_output=True, text=True, check=False)
    PARITY.write_text(done.stdout + done.stderr, "utf-8")
    if done.returncode != 0:
        sys.exit(f"the parity suite failed, see {PARITY}: nothing was measured")


def measured(engine: str, citizens: int, weeks: int) -> dict[str, object]:
    """Return what some weeks of one engine took, in this process."""
    overrides = {"citizens": citizens, "weeks": WARM_UP_WEEKS + weeks, "seed": 1}
    scenario = load_scenario("total-2020", overrides=overrides)
    free = device.free_bytes() if engine == "cuda" else None
    begin = time.perf_counter()
    society = compile_society(scenario.society, scenario.without)
    plan, workers = Timetable(scenario, society), default_workers()
    country = Country(society, plan, scenario.seed, engine=engine, workers=workers)
    made = time.perf_counter() - begin
    for _ in country.weeks(WARM_UP_WEEKS):
        pass
    begin = time.perf_counter()
    for _ in country.weeks(weeks):
        pass
    seconds = time.perf_counter() - begin
    after = device.free_bytes() if engine == "cuda" else None
    return {
        "engine": engine, "runs_on": runs_on() if engine == "cuda" else processor(),
        "citizens": citizens, "weeks": weeks, "seconds_to_make": round(made, 2),
        "seconds": round(seconds, 3), "citizen_weeks_a_second": round(citizens * weeks / seconds),
        "peak_memory_bytes": peak_memory_bytes(),
        "device_bytes": None if free is None or after is None else free - after,
        "digest": country.digest(), "versions": {**versions(), "numba-cuda": numba_cuda()},
        "date": time.strftime("%Y-%m-%d %H:%M", time.gmtime()),
    }  # fmt: skip


def numba_cuda() -> str | None:
    """Return the version of numba-cuda, None without it."""
    try:
        return version("numba-cuda")
    except PackageNotFoundError:
        return None


def runs_on() -> str:
    """Return the name of the device."""
    if device.is_simulated():
        return "Numba's simulator: no measurement"
    from numba import cuda

    name = cuda.get_current_device().name
    return name.decode() if isinstance(name, bytes) else str(name)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    parser.add_argument("--weeks", type=int, default=12)
    parser.add_argument("--alone", action="store_true", help="without the cpu engine beside it")
    parser.add_argument("--no-parity", action="store_true", help="measure without checking first")
    parser.add_argument("--one", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.one:
        print(json.dumps(measured(given.one, given.sizes[0], given.weeks)))
        return
    try:
        check_engine("cuda")
    except EngineError as error:
        sys.exit(str(error))
    if not given.no_parity:
        check_parity()
    for citizens in given.sizes:
        digests = set()
        for engine in ("cuda",) if given.alone else ("cuda", "cpu"):
            size = ("--sizes", str(citizens), "--weeks", str(given.weeks))
            command = [sys.executable, __file__, "--one", engine, *size]
            line = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout
            with LOG.open("a", encoding="utf-8") as log:
                log.write(line)
            print(line, end="", flush=True)
            digests.add(json.loads(line)["digest"])
        if len(digests) > 1:
            sys.exit(f"{citizens:_} citizens: the two engines differ")


if __name__ == "__main__":
    main()
