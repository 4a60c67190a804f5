"""The small model in plain NumPy: a column for each attribute, a week in whole-array steps."""

from __future__ import annotations

import numpy as np
import small
from small import Look, Setting


class Society:
    """Columns of everybody."""

    def __init__(self, setting: Setting) -> None:
        self.rng = np.random.default_rng(setting.seed)
        citizens = setting.citizens
        self.ties = small.ties(citizens, self.rng, setting.has_cliques)
        self.honesty = self.rng.random(citizens, np.float32)
        self.score = np.full(citizens, setting.start, np.int16)
        self.listed_until = np.zeros(citizens, np.int16)
        self.low = self.score < small.LOW_BELOW
        self.weeks = self.events = 0

    def week(self) -> None:
        """Run one week."""
        citizens, rng = len(self.score), self.rng
        done = np.flatnonzero(
            rng.random(citizens, np.float32) < np.float32(small.INFRACTION) * (1 - self.honesty)
        )
        seen = done[rng.random(len(done)) < small.SEEN]
        good = np.flatnonzero(
            rng.random(citizens, np.float32) < np.float32(small.GOOD_DEED) * self.honesty
        )
        # Each citizen stands at most once in either, so plain indexing adds everything.
        self.score[seen] -= small.COST
        self.score[good] += small.GAIN
        around = np.zeros(citizens, np.int8)
        for others in self.ties:
            around += self.low[others]
        self.score -= small.TIE_COST * (around > small.MOST_LOW_TIES)
        np.clip(self.score, small.FLOOR, small.CEILING, out=self.score)
        self.weeks += 1
        entered = (self.score < small.LISTED_BELOW) & (self.listed_until <= self.weeks)
        self.listed_until[entered] = self.weeks + small.TERM
        self.low = self.score < small.LOW_BELOW
        self.events += len(seen) + len(good)

    def look(self) -> Look:
        """Return scores, who is listed, and the events so far."""
        return Look(self.score, self.listed_until > self.weeks, self.events)


if __name__ == "__main__":
    small.serve("numpy", Society)
