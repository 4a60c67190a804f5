"""The small model's numbers, its ties, and the command line that all peers share.

Everybody has a score of 100 and an honesty p, uniform. Each week an infraction with probability
0.02 (1 - p), seen with probability 0.5, costs 5; a good deed with 0.01 p gives 2; more than half of
8 ties below 80 last week costs 1; the score stays within 0 to 200; below 60 one is listed for 52
weeks. Six ties lead into the block of 64, two anywhere; all are symmetric.

This file needs NumPy alone: it is run inside each peer's own environment.
"""

from __future__ import annotations

import argparse
import json
import platform
import time
from collections.abc import Callable
from importlib.metadata import version
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

START, FLOOR, CEILING = 100, 0, 200
INFRACTION, SEEN, COST = 0.02, 0.5, 5
GOOD_DEED, GAIN = 0.01, 2
LOW_BELOW, MOST_LOW_TIES, TIE_COST = 80, 4, 1
LISTED_BELOW, TERM = 60, 52
BLOCK, NEAR, FAR = 64, 6, 2
WARM_UP_WEEKS = 3


class Setting(NamedTuple):
    """What one model is made of."""

    citizens: int
    seed: int
    start: int = START
    has_cliques: bool = False
    """Whether the near ties are two cliques of four, as Glasstown's are; NumPy only."""


class Look(NamedTuple):
    """What a model looks like between two weeks."""

    scores: NDArray[np.number]
    listed: NDArray[np.bool_]
    events: int
    """Infractions seen and good deeds so far."""


class Model(Protocol):
    """The small model in some framework."""

    def week(self) -> None:
        """Run one week."""

    def look(self) -> Look:
        """Return scores, who is listed, and the events so far."""


def clique_masks(blocks: int, rng: np.random.Generator) -> NDArray[np.int64]:
    """Return six masks a block, int64 (blocks, 6): a, b, a^b and c, d, c^d, all different."""
    found = np.zeros((blocks, NEAR), np.int64)
    left = np.arange(blocks)
    while len(left):
        a, b, c, d = rng.integers(1, BLOCK, (4, len(left)))
        found[left] = np.stack([a, b, a ^ b, c, d, c ^ d], axis=1)
        in_order = np.sort(found[left], axis=1)
        is_open = (in_order[:, 0] == 0) | (in_order[:, 1:] == in_order[:, :-1]).any(axis=1)
        left = left[is_open]
    return found


def ties(citizens: int, rng: np.random.Generator, has_cliques: bool = False) -> NDArray[np.int32]:
    """Return the ties, int32 (8, citizens): six by XOR in the block, two in random pairs."""
    if citizens % BLOCK:
        raise ValueError(f"{citizens} citizens: whole blocks of {BLOCK} are needed")
    blocks = citizens // BLOCK
    if has_cliques:
        masks = clique_masks(blocks, rng)
    else:
        masks = np.argsort(rng.random((blocks, BLOCK - 1), np.float32), axis=1)[:, :NEAR] + 1
    lanes = np.arange(BLOCK, dtype=np.int32)
    first = np.arange(blocks, dtype=np.int32)[:, None] * BLOCK
    found = np.empty((NEAR + FAR, citizens), np.int32)
    for k in range(NEAR):
        found[k] = (first + (lanes ^ masks[:, k, None].astype(np.int32))).ravel()
    for k in range(NEAR, NEAR + FAR):
        order = rng.permutation(citizens).astype(np.int32)
        found[k, order[0::2]], found[k, order[1::2]] = order[1::2], order[0::2]
    return found


def summary(look: Look, events_before: int, weeks: int) -> list[float]:
    """Return mean score, share below 80, share listed, events a citizen and week since."""
    citizens = len(look.scores)
    return [
        float(np.mean(look.scores, dtype=np.float64)),
        float(np.count_nonzero(look.scores < LOW_BELOW) / citizens),
        float(np.count_nonzero(look.listed) / citizens),
        (look.events - events_before) / citizens / weeks,
    ]


def resident_bytes() -> tuple[int, int]:
    """Return how much memory is resident now, and the most that ever was."""
    with open("/proc/self/status") as status:
        lines = dict(line.split(":", 1) for line in status)
    return int(lines["VmRSS"].split()[0]) * 1024, int(lines["VmHWM"].split()[0]) * 1024


def timed(make: Callable[[Setting], Model], setting: Setting, weeks: int) -> dict[str, float]:
    """Return the seconds of some weeks after a warm-up, and the memory afterwards.

    ``scored`` is how many have a score.
    """
    model = make(setting)
    for _ in range(WARM_UP_WEEKS):
        model.week()
    begin, busy = time.perf_counter(), time.process_time()
    for _ in range(weeks):
        model.week()
    seconds, core_seconds = time.perf_counter() - begin, time.process_time() - busy
    resident, most = resident_bytes()
    return {"start": setting.start, "scored": len(model.look().scores), "weeks": weeks,
            "seconds": seconds, "core_seconds": core_seconds,
            "resident": resident, "most": most}  # fmt: skip


def looked_at(make: Callable[[Setting], Model], setting: Setting, weeks: list[int]) -> dict:
    """Return how many have a score, and the summary at some weeks."""
    model, done, events, found, scored = make(setting), 0, 0, [], 0
    for week in weeks:
        for _ in range(week - done):
            model.week()
        look = model.look()
        found.append(summary(look, events, week - done))
        done, events, scored = week, look.events, len(look.scores)
    return {"scored": scored, "looks": found}


def serve(package: str, make: Callable[[Setting], Model]) -> None:
    """Time the model or look at it, as the command line says, and print one line of JSON."""
    given = argparse.ArgumentParser()
    given.add_argument("do", choices=["time", "look"])
    given.add_argument("--citizens", type=int, required=True)
    given.add_argument("--weeks", type=int, nargs="+", required=True)
    given.add_argument("--seeds", type=int, nargs="+", default=[1])
    given.add_argument("--start", type=int, nargs="+", default=[START])
    given.add_argument("--cliques", action="store_true", help="NumPy only: near ties in cliques")
    given.add_argument("--cost", type=int, default=COST, help="another cost: a model that is wrong")
    asked = given.parse_args()
    globals()["COST"] = asked.cost
    settings = [
        Setting(asked.citizens, seed, start, asked.cliques)
        for start in asked.start
        for seed in asked.seeds
    ]
    if asked.do == "time":
        found: list = [timed(make, one, asked.weeks[0]) for one in settings]
    else:
        found = [looked_at(make, one, asked.weeks) for one in settings]
    versions = {"python": platform.python_version(), package: version(package)}
    settings_told = [one._asdict() for one in settings]
    print(json.dumps({"settings": settings_told, "found": found, "versions": versions}))
