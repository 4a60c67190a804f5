"""The small model in Starsim: a module with states of its own over a network of edges.

As Starsim's documentation has it: states are `ss.Arr`s of the module, chances are `ss.bernoulli`
distributions whose `filter` returns who it happens to, and ties are an `ss.Network` of edges.
"""

from __future__ import annotations

import numpy as np
import small
import starsim as ss
from small import Look, Setting


class Ties(ss.Network):
    """Ties that stay as they are."""

    def step(self) -> None:
        """Change nothing."""


class Scoring(ss.Module):
    """Deeds, points and the list."""

    def __init__(self, start: int) -> None:
        super().__init__()
        self.define_pars(
            infraction=ss.bernoulli(p=lambda self, uids: (
                small.INFRACTION * (1 - self.honesty[uids])
            )),
            seen=ss.bernoulli(p=small.SEEN),
            good_deed=ss.bernoulli(p=lambda self, uids: small.GOOD_DEED * self.honesty[uids]),
        )  # fmt: skip
        self.define_states(
            ss.FloatArr("honesty", default=ss.random(name="honesty")),
            ss.FloatArr("score", default=start),
            ss.FloatArr("listed_until", default=0),
            ss.BoolArr("low", default=start < small.LOW_BELOW),
        )
        self.events = 0

    def step(self) -> None:
        """Run one week."""
        people, edges = self.sim.people, self.sim.networks[0].edges
        seen = self.pars.seen.filter(self.pars.infraction.filter(people.auids))
        good = self.pars.good_deed.filter(people.auids)
        self.score[seen] = self.score[seen] - small.COST
        self.score[good] = self.score[good] + small.GAIN
        self.events += len(seen) + len(good)
        # Only edges from a low citizen count; each edge holds for both of its ends.
        low, size = self.low.raw, len(people)
        around = np.bincount(edges.p2[low[edges.p1]], minlength=size)
        around += np.bincount(edges.p1[low[edges.p2]], minlength=size)
        losing = ss.uids(np.flatnonzero(around > small.MOST_LOW_TIES))
        self.score[losing] = self.score[losing] - small.TIE_COST
        self.score[:] = np.clip(self.score.values, small.FLOOR, small.CEILING)
        now = self.ti + 1
        entered = ((self.score < small.LISTED_BELOW) & (self.listed_until <= now)).uids
        self.listed_until[entered] = now + small.TERM
        self.low[:] = self.score < small.LOW_BELOW


class Stepped:
    """The simulation, week by week."""

    def __init__(self, setting: Setting) -> None:
        found = small.ties(setting.citizens, np.random.default_rng(setting.seed))
        here = np.arange(setting.citizens, dtype=np.int32)
        whole = [(here[here < others], others[here < others]) for others in found]
        one, other = (np.concatenate(ends) for ends in zip(*whole, strict=True))
        network = Ties(p1=one, p2=other, beta=np.ones(len(one), np.float32), label="ties")
        self.sim = ss.Sim(
            n_agents=setting.citizens, dt=ss.week, dur=ss.weeks(2000), rand_seed=setting.seed,
            networks=network, custom=Scoring(setting.start), verbose=0, copy_inputs=False,
        )  # fmt: skip
        self.sim.init()
        self.scoring = self.sim.custom[0]
        self.weeks = 0

    def week(self) -> None:
        """Run one week."""
        self.sim.run_one_step()
        self.weeks += 1

    def look(self) -> Look:
        """Return scores, who is listed, and the events so far."""
        scoring = self.scoring
        until = np.array(scoring.listed_until.values)
        return Look(np.array(scoring.score.values), until > self.weeks, scoring.events)


if __name__ == "__main__":
    small.serve("starsim", Stepped)
