"""What a run folder says about its run: all that is needed to run it again and to compare it."""

from __future__ import annotations

import platform
import sys
from importlib import metadata
from pathlib import Path
from typing import Any, NamedTuple

from glasstown.lab.runfolder import LABEL
from glasstown.lab.scenario import Scenario, scenario_hash
from glasstown.scheme.loading import scheme_hash
from glasstown.society.region_table import read_region_table
from glasstown.version import version


class Timings(NamedTuple):
    """Seconds of a run: what its first week took longer than the others, and all else."""

    compile_s: float
    simulate_s: float
    citizen_weeks: int

    @property
    def rate(self) -> float:
        """Citizen-weeks a second, preparation and compilation left out."""
        return self.citizen_weeks / self.simulate_s if self.simulate_s > 0 else 0.0


def timings(prepared_s: float, weeks_s: list[float], citizens: int) -> Timings:
    """Tell the time for compiling from that for simulating.

    The first week is charged with the mean of the others; what it took beyond that, and the
    preparation, counts as compiling.
    """
    later = weeks_s[1:]
    usual = sum(later) / len(later) if later else sum(weeks_s)
    beyond = max(weeks_s[0] - usual, 0.0) if weeks_s else 0.0
    return Timings(prepared_s + beyond, sum(weeks_s) - beyond, citizens * len(weeks_s))


def scale(citizens: int, regions: str) -> str:
    """Return how much smaller the synthetic country is than the one of its region table.

    >>> scale(1_000_000, "china-2020")
    '1:1410'
    """
    ratio = sum(row.population_2020 for row in read_region_table(regions)) / citizens
    if ratio < 1:
        return f"{1 / ratio:.3g}:1"
    return f"1:{float(f'{ratio:.3g}'):.10g}"


def peak_memory_bytes() -> int:
    """Return the most memory that this process has held so far."""
    try:
        # What `getrusage` says goes on counting from the process that started this one.
        status = Path("/proc/self/status").read_text("ascii").splitlines()
        return 1024 * next(int(line.split()[1]) for line in status if line.startswith("VmHWM"))
    except (OSError, StopIteration):
        pass
    try:
        import resource
    except ImportError:  # Windows
        import psutil

        return int(getattr(psutil.Process().memory_info(), "peak_wset", 0))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


def processor() -> str:
    """Return the name of the processor."""
    try:
        lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
        return next(line.split(":", 1)[1].strip() for line in lines if "model name" in line)
    except (OSError, StopIteration):
        return platform.processor() or platform.machine()


def versions() -> dict[str, str]:
    """Return the versions of what a run is made with."""
    made_with = {name: metadata.version(name) for name in ("numpy", "numba", "polars")}
    return {"python": platform.python_version(), **made_with}


def describe_run(
    scenario: Scenario, *, digest: str | None, engine: str, threads: int, weeks_done: int,
    took: Timings, warnings: list[str],
) -> dict[str, Any]:  # fmt: skip
    """Return the manifest of a run."""
    return {
        "glasstown": version(),
        "label": LABEL,
        "scale": scale(scenario.society.citizens, scenario.society.regions),
        "complete": weeks_done == scenario.weeks,
        "weeks_done": weeks_done,
        "digest": digest,
        "scenario": scenario.model_dump(mode="json"),
        "scheme": scenario.scheme.model_dump(mode="json"),
        "scenario_hash": scenario_hash(scenario),
        "scheme_hash": scheme_hash(scenario.scheme),
        "engine": engine,
        "threads": threads,
        "timings": {
            "compile_s": round(took.compile_s, 3),
            "simulate_s": round(took.simulate_s, 3),
            "citizen_weeks_per_second": round(took.rate, 1),
        },
        "peak_memory_bytes": peak_memory_bytes(),
        "versions": versions(),
        "processor": processor(),
        "warnings": warnings,
    }
