"""The small model in mesa-frames: one agent set, whose data frame is changed by expressions.

As its documentation has it: an `AgentSetPolars` with a column for each attribute, and native Polars
expressions over whole columns; a tie is a column of rows, its other end is gathered.
"""

from __future__ import annotations

import numpy as np
import polars as pl
import small
from mesa_frames import AgentSetPolars, ModelDF
from small import Look, Setting

TIES = [f"tie_{k}" for k in range(small.NEAR + small.FAR)]


class Citizens(AgentSetPolars):
    """All citizens."""

    def __init__(self, model: Society, setting: Setting) -> None:
        super().__init__(model)
        citizens, rng = setting.citizens, model.draws
        self += pl.DataFrame(
            {
                "unique_id": pl.arange(citizens, eager=True),
                "honesty": rng.random(citizens, np.float32),
                "score": pl.repeat(setting.start, citizens, dtype=pl.Int16, eager=True),
                "listed_until": pl.repeat(0, citizens, dtype=pl.Int16, eager=True),
                "low": pl.repeat(setting.start < small.LOW_BELOW, citizens, eager=True),
                **dict(zip(TIES, small.ties(citizens, rng), strict=True)),
            }
        )

    def step(self) -> None:
        """Run one week."""
        model, citizens = self.model, len(self)
        draws = [pl.Series(model.draws.random(citizens, np.float32)) for _ in range(3)]
        honesty, score = pl.col("honesty"), pl.col("score")
        deeds = self.agents.select(
            ((draws[0] < small.INFRACTION * (1 - honesty)) & (draws[1] < small.SEEN)).alias("seen"),
            (draws[2] < small.GOOD_DEED * honesty).alias("good"),
        )
        model.events += int(deeds["seen"].sum() + deeds["good"].sum())
        around = pl.sum_horizontal(pl.col("low").cast(pl.Int8).gather(pl.col(tie)) for tie in TIES)
        moved = (
            score
            - small.COST * deeds["seen"].cast(pl.Int16)
            + small.GAIN * deeds["good"].cast(pl.Int16)
            - small.TIE_COST * (around > small.MOST_LOW_TIES).cast(pl.Int16)
        ).clip(small.FLOOR, small.CEILING)
        entered = (score < small.LISTED_BELOW) & (pl.col("listed_until") <= model.weeks)
        until = pl.lit(model.weeks + small.TERM, pl.Int16)
        self.agents = self.agents.with_columns(moved.cast(pl.Int16).alias("score")).with_columns(
            pl.when(entered).then(until).otherwise(pl.col("listed_until")).alias("listed_until"),
            (score < small.LOW_BELOW).alias("low"),
        )


class Society(ModelDF):
    """The model."""

    def __init__(self, setting: Setting) -> None:
        super().__init__(seed=setting.seed)
        self.draws = np.random.default_rng(setting.seed)
        self.events = self.weeks = 0
        self.agents += Citizens(self, setting)

    def step(self) -> None:
        """Run one week."""
        self.weeks += 1
        self.agents.do("step")

    def week(self) -> None:
        """Run one week, as the model's `step`."""
        self.step()

    def look(self) -> Look:
        """Return scores, who is listed, and the events so far."""
        frame = next(iter(self.agents._agentsets)).agents
        return Look(
            frame["score"].to_numpy(), frame["listed_until"].to_numpy() > self.weeks, self.events
        )


if __name__ == "__main__":
    small.serve("mesa-frames", Society)
