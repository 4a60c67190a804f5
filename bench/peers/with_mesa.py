"""The small model in Mesa: agents of one class, activated through the model's agent set.

As Mesa's documentation has it: agents made by `create_agents`, randomness from the model's own
generator, and a week in two stages (`do`), because everybody reads last week's standing. Ties are
kept as a list of agents, not as cells of a `discrete_space.Network`.
"""

from __future__ import annotations

import mesa
import numpy as np
import small
from small import Look, Setting


class Citizen(mesa.Agent):
    """A citizen."""

    def __init__(self, model: mesa.Model, honesty: float, score: int) -> None:
        super().__init__(model)
        self.honesty, self.score = honesty, score
        self.listed_until = 0
        self.is_low = score < small.LOW_BELOW
        self.ties: list[Citizen] = []

    def act(self) -> None:
        """Do what is done this week, and lose for low ties."""
        draw, score, model = self.random.random, self.score, self.model
        if draw() < small.INFRACTION * (1 - self.honesty) and draw() < small.SEEN:
            score -= small.COST
            model.events += 1
        if draw() < small.GOOD_DEED * self.honesty:
            score += small.GAIN
            model.events += 1
        if sum([other.is_low for other in self.ties]) > small.MOST_LOW_TIES:
            score -= small.TIE_COST
        self.score = min(max(score, small.FLOOR), small.CEILING)
        if self.score < small.LISTED_BELOW and self.listed_until <= model.weeks:
            self.listed_until = model.weeks + small.TERM

    def publish(self) -> None:
        """Let others know whether the score is low."""
        self.is_low = self.score < small.LOW_BELOW


class Society(mesa.Model):
    """The model."""

    def __init__(self, setting: Setting) -> None:
        super().__init__(seed=setting.seed)
        self.events = self.weeks = 0
        honesty = self.rng.random(setting.citizens)
        Citizen.create_agents(self, setting.citizens, honesty, setting.start)
        everybody = list(self.agents)
        for agent, others in zip(
            everybody, small.ties(setting.citizens, self.rng).T.tolist(), strict=True
        ):
            agent.ties = [everybody[i] for i in others]

    def step(self) -> None:
        """Run one week."""
        self.weeks += 1
        self.agents.do("act")
        self.agents.do("publish")

    def week(self) -> None:
        """Run one week, as the model's `step`."""
        self.step()

    def look(self) -> Look:
        """Return scores, who is listed, and the events so far."""
        until = np.array(self.agents.get("listed_until"))
        return Look(np.array(self.agents.get("score")), until > self.weeks, self.events)


if __name__ == "__main__":
    small.serve("mesa", Society)
