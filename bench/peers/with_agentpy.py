"""The small model in AgentPy: an agent list whose methods are called for all agents.

Ties are kept as a list of agents, not as nodes of an `ap.Network`.
"""

from __future__ import annotations

import agentpy as ap
import numpy as np
import small
from small import Look, Setting


class Citizen(ap.Agent):
    """A citizen."""

    def setup(self) -> None:
        """Begin."""
        self.honesty = self.model.random.random()
        self.score = self.p.start
        self.listed_until = 0
        self.is_low = self.score < small.LOW_BELOW
        self.ties: list[Citizen] = []

    def act(self) -> None:
        """Do what is done this week, and lose for low ties."""
        model = self.model
        draw, score = model.random.random, self.score
        if draw() < small.INFRACTION * (1 - self.honesty) and draw() < small.SEEN:
            score -= small.COST
            model.events += 1
        if draw() < small.GOOD_DEED * self.honesty:
            score += small.GAIN
            model.events += 1
        if sum([other.is_low for other in self.ties]) > small.MOST_LOW_TIES:
            score -= small.TIE_COST
        self.score = min(max(score, small.FLOOR), small.CEILING)
        if self.score < small.LISTED_BELOW and self.listed_until <= model.t:
            self.listed_until = model.t + small.TERM

    def publish(self) -> None:
        """Let others know whether the score is low."""
        self.is_low = self.score < small.LOW_BELOW


class Society(ap.Model):
    """The model."""

    def setup(self) -> None:
        """Make everybody, and tie them."""
        self.events = 0
        self.citizens = ap.AgentList(self, self.p.citizens, Citizen)
        everybody = list(self.citizens)
        found = small.ties(self.p.citizens, self.nprandom).T.tolist()
        for agent, others in zip(everybody, found, strict=True):
            agent.ties = [everybody[i] for i in others]

    def step(self) -> None:
        """Run one week."""
        self.citizens.act()
        self.citizens.publish()


class Stepped:
    """The model, week by week."""

    def __init__(self, setting: Setting) -> None:
        self.model = Society({**setting._asdict(), "steps": 10**9})
        self.model.sim_setup()

    def week(self) -> None:
        """Run one week."""
        self.model.sim_step()

    def look(self) -> Look:
        """Return scores, who is listed, and the events so far."""
        citizens = self.model.citizens
        until = np.array(list(citizens.listed_until))
        return Look(np.array(list(citizens.score)), until > self.model.t, self.model.events)


if __name__ == "__main__":
    small.serve("agentpy", Stepped)
