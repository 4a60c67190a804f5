"""Kill a run with SIGKILL at random moments, resume it, and hold it to the run that nobody killed.

    python bench/soak/kill.py --kills 100 --seconds 900

Each trial begins a run, kills it at a random moment of its whole length (setting up, simulating,
writing parts and checkpoints, putting the tables together), often kills the resumed run as well,
and resumes until it is complete. Then the digest and both tables, row by row, must be those of
the run that was left alone. Every run is a process of its own, forked from one that has loaded
the kernels. Leaves with 0 if every trial agrees, with 1 if one differs.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import random
import signal
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import glasstown as gt
from glasstown.engine.checkpoint import sources_hash
from glasstown.engine.country import Country
from glasstown.errors import InputError
from glasstown.lab.resuming import resume
from glasstown.lab.rollout import Timetable
from glasstown.lab.run import run
from glasstown.lab.runfolder import MANIFEST, UNFINISHED, folder_name, is_complete
from glasstown.lab.scenario import load_scenario
from glasstown.society.compilation import compile_society

SCENARIO = {
    "scheme": "total-2020",
    "start": "2018-01-01",
    "rollout": [
        {"since": "2018-02-01", "regions": ["Beijing", "Shandong"], "scheme": "rongcheng-2014"},
        {"since": "2018-04-01"},
    ],
    "spark": ["2018-05-01"],
    "seed": 5,
}


def forked(work: Callable[[], object], kill_after_s: float | None = None) -> bool:
    """Do work in a process of its own; return whether it ended well, False if it was killed."""
    child = os.fork()
    if child == 0:
        code = 1
        try:
            work()
            code = 0
        except BaseException:
            traceback.print_exc()
        finally:
            sys.stderr.flush()
            os._exit(code)
    if kill_after_s is not None:
        time.sleep(kill_after_s)
        os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        return False
    if os.waitstatus_to_exitcode(status) != 0:
        sys.exit("a run failed; see above")
    return True


class Soak:
    """Trials of one scenario below one folder."""

    def __init__(self, given: argparse.Namespace, below: Path) -> None:
        self.given, self.below = given, below
        self.scenario = load_scenario(
            SCENARIO, overrides={"citizens": given.citizens, "weeks": given.weeks}
        )
        self.random = random.Random(given.seed)
        self.kills, self.trials = 0, 0
        self.found = Counter[str]()
        self._warm()
        # A rehearsal: kernels of phases and sparks, compiled the first time, would lengthen it.
        forked(lambda: self._begin(below / "rehearsal"))
        start = time.perf_counter()
        forked(lambda: self._begin(below / "alone"))
        self.length_s = time.perf_counter() - start
        self.alone = below / "alone" / folder_name(self.scenario)

    def _warm(self) -> None:
        """Load the kernels, on a country of one week, before any process is forked."""
        small = load_scenario(self.scenario, overrides={"weeks": 1, "citizens": 1_000})
        society = compile_society(small.society)
        Country(society, Timetable(small, society), 1).advance()
        sources_hash()

    def _begin(self, out: Path) -> None:
        run(
            self.scenario, out=out, threads=1, report=False, overwrite=True,
            checkpoint_weeks=self.given.checkpoint_weeks,
        )  # fmt: skip

    def trial(self) -> None:
        """Begin a run, kill it, resume it until it is complete, and compare."""
        self.trials += 1
        out = self.below / f"trial-{self.trials}"
        folder = out / folder_name(self.scenario)
        is_done = forked(lambda: self._begin(out), self._moment())
        while not is_done:
            self.kills += 1
            self.found[self._state(folder)] += 1
            is_spared = self.kills >= self.given.kills or self.random.random() < 0.5
            again = None if is_spared else self._moment()
            is_done = forked(lambda: self._go_on(out, folder), again)
        forked(lambda: self._compare(folder))

    def _moment(self) -> float:
        return self.random.uniform(0, 1.05 * self.length_s)

    def _go_on(self, out: Path, folder: Path) -> None:
        if is_complete(folder):
            # Killed after its last word: there is nothing to do but to clear away.
            with contextlib.suppress(InputError):
                resume(folder, threads=1, report=False)
        elif (folder / UNFINISHED / "run.json").exists():
            resume(folder, threads=1, report=False)
        else:
            self._begin(out)

    def _state(self, folder: Path) -> str:
        """Say what a killed run left."""
        if (folder / MANIFEST).exists():
            return "after its manifest"
        unfinished = folder / UNFINISHED
        if not (unfinished / "run.json").exists():
            return "before it was written down"
        if (unfinished / "whole.parquet").exists() or (folder / "weekly.parquet").exists():
            return "while its tables were put together"
        if any(unfinished.glob(".checkpoint-*")):
            return "while a checkpoint was written"
        if any(unfinished.glob("checkpoint-*")):
            return "after a checkpoint"
        return "before its first checkpoint"

    def _compare(self, folder: Path) -> None:
        alone, killed = gt.load(self.alone), gt.load(folder)
        assert killed.is_complete
        assert killed.digest == alone.digest, f"{folder}: another digest"
        assert killed.weekly.equals(alone.weekly), f"{folder}: another weekly table"
        assert killed.citizens.equals(alone.citizens), f"{folder}: other citizens"
        assert killed.manifest["warnings"] == alone.manifest["warnings"], folder
        left = {path.name for path in folder.iterdir()}
        assert left == {"manifest.json", "weekly.parquet", "citizens.parquet"}, left


def main() -> None:
    parser = argparse.ArgumentParser(description="Kill runs at random moments and resume them.")
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--seconds", type=float, default=900, help="no trial begins after these")
    parser.add_argument("--citizens", type=int, default=20_000)
    parser.add_argument("--weeks", type=int, default=40)
    parser.add_argument("--checkpoint-weeks", type=int, default=3)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    start = time.perf_counter()
    with tempfile.TemporaryDirectory(prefix="glasstown-soak-") as below:
        soak = Soak(given, Path(below))
        digest = json.loads((soak.alone / MANIFEST).read_text("utf-8"))["digest"]
        print(f"{given.citizens:_} citizens, {given.weeks} weeks, left alone "
              f"{soak.length_s:.2f} s, digest {digest}", flush=True)  # fmt: skip
        while soak.kills < given.kills and time.perf_counter() - start < given.seconds:
            soak.trial()
            print(f"trial {soak.trials}: {soak.kills} kills so far, same bytes", flush=True)
    for state, count in soak.found.most_common():
        print(f"killed {state}: {count}")
    print(f"{soak.trials} runs, {soak.kills} kills, all complete with the same digest and tables, "
          f"{time.perf_counter() - start:.0f} s")  # fmt: skip


if __name__ == "__main__":
    main()
