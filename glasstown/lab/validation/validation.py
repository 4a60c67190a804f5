"""The whole validation: every part run, its rows in order, and the published series over time."""

from __future__ import annotations

from typing import Any, NamedTuple

import polars as pl

from glasstown.errors import InputError
from glasstown.lab.manifest import scale
from glasstown.lab.progress import Progress, Silent
from glasstown.lab.validation import (
    CITIZENS,
    SEED,
    SEEDS,
    firms,
    insiders,
    models,
    record,
    rongcheng,
    speech,
    ties,
)
from glasstown.lab.validation.rows import FEWEST_SEEDS, Row
from glasstown.lab.validation.runs import Runner, seeds_of
from glasstown.society.catalogue import services
from glasstown.society.declaration import ServiceDemand
from glasstown.society.region_table import PACKAGED
from glasstown.version import version

FEWEST_CITIZENS = 10_000
WEEKS = sum(one.WEEKS for one in (record, rongcheng, speech, ties, insiders, firms))


class Validation(NamedTuple):
    """A finished validation.

    ``paths`` are our published series by week, see `glasstown.lab.validation.record.paths`.
    """

    rows: tuple[Row, ...]
    paths: pl.DataFrame
    citizens: int
    seeds: int
    seed: int

    @property
    def command(self) -> str:
        """The command that gives this result."""
        return (
            f"glasstown validate --citizens {self.citizens} --seeds {self.seeds} --seed {self.seed}"
        )

    @property
    def scale(self) -> str:
        """How much smaller the country is than the published one, as 1:4700."""
        return scale(self.citizens, PACKAGED)

    def misfits(self) -> list[Row]:
        """Return the rows that don't hold."""
        return [row for row in self.rows if row.verdict == "misfit"]

    def as_data(self) -> dict[str, Any]:
        """Return everything for another program."""
        return {
            "command": self.command,
            "glasstown": version(),
            "citizens": self.citizens,
            "seeds": self.seeds,
            "scale": self.scale,
            "rows": [{**row._asdict(), "ratio": row.ratio} for row in self.rows],
        }


def validate(
    *,
    citizens: int = CITIZENS,
    seeds: int = SEEDS,
    seed: int = SEED,
    progress: Progress | None = None,
) -> Validation:
    """Run everything that published numbers can be held against.

    Parameters
    ----------
    citizens : int
        Citizens of each synthetic country; published counts are scaled to it.
    seeds : int
        Runs of everything that is drawn, at least two.
    seed : int
        Names the seeds.
    progress : Progress, optional
        Who is told.

    Raises
    ------
    InputError
        If the country is too small or the seeds too few.
    """
    if seeds < FEWEST_SEEDS:
        raise InputError(
            f"seeds: at least {FEWEST_SEEDS}, as intervals are over seeds; not {seeds}"
        )
    if citizens < FEWEST_CITIZENS:
        message = "in a smaller country nothing of the record is left"
        raise InputError(f"citizens: at least {FEWEST_CITIZENS:_}; {message}; not {citizens}")
    told, replicates = progress or Silent(), seeds_of(seed, seeds)
    runner = Runner(citizens, replicates, told)
    told.started(seeds * WEEKS, f"validation: {citizens:_} citizens, {seeds} seeds")
    try:
        scenario = {"scheme": record.SCHEME, "start": record.START, "weeks": record.WEEKS}
        runs = runner.all_seeds(scenario, record.SCHEME)
        demand: dict[str, ServiceDemand] = {one.name: one for one in services()}
        rows = record.rows(runs, demand, citizens) + rongcheng.rows(runner)
        rows += speech.rows(runner, runs) + ties.rows(runner)
        rows += insiders.rows(runner) + firms.rows(runner)
        rows += models.rows(replicates, told)
    finally:
        told.finished()
    return Validation(tuple(rows), record.paths(runs), citizens, seeds, seed)
