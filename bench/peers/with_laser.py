"""The small model in laser-core: properties of a LaserFrame, components compiled by Numba.

As LASER's documentation has it: one frame of agents with typed properties, and components that walk
it in parallel compiled loops, drawing from Numba's generators that `laser.core.random` seeds.
"""

from __future__ import annotations

import numba as nb
import numpy as np
import small
from laser.core import LaserFrame
from laser.core import random as laser_random
from small import Look, Setting

TIES = small.NEAR + small.FAR


@nb.njit(nogil=True, parallel=True, cache=True)
def act(citizens, tick, honesty, score, listed_until, low, ties):
    """Run everybody's week; return how many events there were."""
    events = 0
    for i in nb.prange(citizens):
        now = score[i]
        chance = small.INFRACTION * (1 - honesty[i])
        if np.random.random() < chance and np.random.random() < small.SEEN:
            now -= small.COST
            events += 1
        if np.random.random() < small.GOOD_DEED * honesty[i]:
            now += small.GAIN
            events += 1
        around = 0
        for k in range(TIES):
            around += low[ties[k, i]]
        if around > small.MOST_LOW_TIES:
            now -= small.TIE_COST
        now = min(max(now, small.FLOOR), small.CEILING)
        score[i] = now
        if now < small.LISTED_BELOW and listed_until[i] <= tick:
            listed_until[i] = tick + small.TERM
    return events


@nb.njit(nogil=True, parallel=True, cache=True)
def publish(citizens, score, low):
    """Let others know whose score is low."""
    for i in nb.prange(citizens):
        low[i] = score[i] < small.LOW_BELOW


class Scoring:
    """A component: deeds, points and the list."""

    def __init__(self, model: Society) -> None:
        self.events = 0
        people = model.people
        people.add_scalar_property("honesty", np.float32)
        people.add_scalar_property("score", np.int16, model.start)
        people.add_scalar_property("listed_until", np.int16)
        people.add_scalar_property("low", np.uint8, int(model.start < small.LOW_BELOW))
        people.add_vector_property("ties", TIES, np.int32)
        people.honesty[:] = model.prng.random(people.count, np.float32)
        people.ties[:] = small.ties(people.count, model.prng)

    def __call__(self, model: Society, tick: int) -> None:
        people = model.people
        self.events += act(
            people.count, tick, people.honesty, people.score, people.listed_until, people.low,
            people.ties,
        )  # fmt: skip
        publish(people.count, people.score, people.low)


class Society:
    """The model: a frame and its components."""

    def __init__(self, setting: Setting) -> None:
        self.prng = laser_random.seed(setting.seed)
        self.start, self.tick = setting.start, 0
        self.people = LaserFrame(setting.citizens)
        self.components = [Scoring(self)]

    def week(self) -> None:
        """Run one week."""
        self.tick += 1
        for component in self.components:
            component(self, self.tick)

    def look(self) -> Look:
        """Return scores, who is listed, and the events so far."""
        people = self.people
        return Look(people.score, people.listed_until > self.tick, self.components[0].events)


if __name__ == "__main__":
    small.serve("laser-core", Society)
