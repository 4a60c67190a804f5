"""What a week costs from 1e5 citizens to a nation, each size in a process of its own.

    python bench/nation/scale.py                          # 1e5 to 1e8
    python bench/nation/scale.py --sizes 1_409_778_724 --weeks 4

Every size runs `total-2020` after a warm-up, nothing written, and tells seconds, citizen-weeks a
second, the peak of its memory and its digest. The raw lines go to ``scale.jsonl``; all that stand
there are drawn in one chart, both axes logarithmic, beside a line of exact proportion.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from pathlib import Path

import altair as alt
import polars as pl

from glasstown.engine.country import Country
from glasstown.lab.manifest import peak_memory_bytes, processor, versions
from glasstown.lab.rollout import Timetable
from glasstown.lab.scenario import load_scenario
from glasstown.lab.speed import copy_rate
from glasstown.society.compilation import compile_society

HERE = Path(__file__).parent
LOG, CHART = HERE / "scale.jsonl", HERE / "scale.svg"
SIZES = (100_000, 1_000_000, 10_000_000, 100_000_000)
WARM_UP_WEEKS = 4


def measured(citizens: int, weeks: int, threads: int) -> dict[str, object]:
    overrides = {"citizens": citizens, "weeks": WARM_UP_WEEKS + weeks, "seed": 1}
    scenario = load_scenario("total-2020", overrides=overrides)
    begin = time.perf_counter()
    society = compile_society(scenario.society, scenario.without)
    country = Country(society, Timetable(scenario, society), scenario.seed, workers=threads)
    made = time.perf_counter() - begin
    for _ in country.weeks(WARM_UP_WEEKS):
        pass
    begin = time.perf_counter()
    for _ in country.weeks(weeks):
        pass
    seconds = time.perf_counter() - begin
    peak, digest = peak_memory_bytes(), country.digest()
    del country
    return {
        "citizens": citizens, "weeks": weeks, "threads": threads, "seconds_to_make": round(made, 2),
        "seconds": round(seconds, 3), "citizen_weeks_a_second": round(citizens * weeks / seconds),
        "peak_memory_bytes": peak, "copy_bytes_a_second": round(copy_rate()), "digest": digest,
        "processor": processor(), "versions": versions(),
        "date": time.strftime("%Y-%m-%d %H:%M", time.gmtime()),
    }  # fmt: skip


def draw() -> None:
    rows = [json.loads(line) for line in LOG.read_text("utf-8").splitlines()]
    data = pl.DataFrame(
        [{"citizens": row["citizens"], "week": row["seconds"] / row["weeks"]} for row in rows]
    )
    least = data.sort("citizens").row(data["citizens"].arg_max())
    even = pl.DataFrame({
        "citizens": [data["citizens"].min(), data["citizens"].max()],
        "week": [least[1] * data["citizens"].min() / least[0], least[1]],
    })  # fmt: skip
    x = alt.X("citizens:Q", title="citizens").scale(type="log")
    y = alt.Y("week:Q", title="seconds a week").scale(type="log")
    line = alt.Chart(even).mark_line(strokeDash=[4, 4], color="#888").encode(x=x, y=y)
    points = alt.Chart(data).mark_point(filled=True, size=70, color="#0b5fa5").encode(x=x, y=y)
    title = "A week costs as much as there are citizens (dashed: exact proportion)"
    (line + points).properties(width=480, height=320, title=title).save(CHART)


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure a week's cost over sizes.")
    parser.add_argument("--sizes", nargs="+", type=int, default=SIZES)
    parser.add_argument("--weeks", type=int, default=12)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--one", type=int, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.one:
        print(json.dumps(measured(given.one, given.weeks, given.threads)))
        return
    for size in given.sizes:
        command = [sys.executable, __file__, "--one", str(size), "--weeks", str(given.weeks),
                   "--threads", str(given.threads)]  # fmt: skip
        line = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
        print(line, end="", flush=True)
        with LOG.open("a", encoding="utf-8") as log:
            log.write(line)
    draw()


if __name__ == "__main__":
    main()
