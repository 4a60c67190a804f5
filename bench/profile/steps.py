"""Where a week's time goes: each pass of the compiled engine, timed on one thread.

``python bench/profile/steps.py [citizens] [weeks before] [weeks timed]`` runs `total-2020` and
prints the median milliseconds of each pass, per million citizens, its share, and the same as bytes
of a plain memory copy measured in the same run. Time of the thread, not of the wall: what others do
on the machine still shows, through the caches and the memory they share.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections import defaultdict

import numpy as np

from glasstown.engine import cpu
from glasstown.engine.country import Country
from glasstown.lab.rollout import Timetable
from glasstown.lab.scenario import load_scenario
from glasstown.society.compilation import compile_society


class Timed:
    """The kernels, each call added to the time of its pass."""

    def __init__(self):
        self.spent = defaultdict(float)

    def __getattr__(self, name):
        kernel = getattr(cpu, name)

        def call(*arguments):
            begin = time.thread_time()
            kernel(*arguments)
            self.spent[name] += time.thread_time() - begin

        return call


def copy_rate(megabytes=256, times=5):
    """Return bytes a second of copying memory, on one thread."""
    source = np.ones(megabytes * 1_000_000, np.uint8)
    target = np.empty_like(source)
    seconds = []
    for _ in range(times):
        begin = time.thread_time()
        np.copyto(target, source)
        seconds.append(time.thread_time() - begin)
    return source.size / statistics.median(seconds)


def main(citizens=10_000_000, before=40, weeks=12):
    scenario = load_scenario(
        "total-2020", overrides={"citizens": citizens, "weeks": before + weeks, "seed": 1}
    )
    society = compile_society(scenario.society, scenario.without)
    country = Country(society, Timetable(scenario, society), scenario.seed, workers=1)
    for _ in range(before):
        country.advance()
    passes, totals = defaultdict(list), []
    for _ in range(weeks):
        country.engine._cpu = timed = Timed()
        begin = time.thread_time()
        country.advance()
        totals.append(time.thread_time() - begin)
        for name, seconds in timed.spent.items():
            passes[name].append(seconds)
        passes["python"].append(totals[-1] - sum(timed.spent.values()))
    whole, copied = statistics.median(totals), copy_rate()
    print(f"total-2020, {citizens:_} citizens, weeks {before + 1} to {before + weeks}, one thread")
    print(f"memory copy: {copied / 1e9:.1f} GB a second")
    print(f"{'pass':<14}{'ms a million':>14}{'share':>8}{'bytes of copy a citizen':>26}")
    rows = sorted(passes.items(), key=lambda row: -statistics.median(row[1]))
    for name, seconds in [*rows, ("week", totals)]:
        each = statistics.median(seconds) / citizens
        share, copy = each * citizens / whole, each * copied
        print(f"{name.removesuffix('_pass'):<14}{each * 1e9:>14.2f}{share:>8.1%}{copy:>26.0f}")
    print(f"{citizens / whole:.3g} citizen-weeks a second and thread; digest {country.digest()}")


if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:]))
