"""The whole validation: every part run, its rows in order, and the published series over time."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any, NamedTuple

import polars as pl

from glasstown.errors import InputError
from glasstown.lab.manifest import scale
from glasstown.lab.progress import Progress, Silent
from glasstown.lab.showing import WIDE, named
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
from glasstown.lab.validation.rows import Row
from glasstown.lab.validation.runs import Runner, check_replicates, seeds_of
from glasstown.society.catalogue import services
from glasstown.society.declaration import ServiceDemand
from glasstown.society.region_table import PACKAGED
from glasstown.version import version

if TYPE_CHECKING:
    from glasstown.lab.charts.theme import Chart

FEWEST_CITIZENS = 10_000
WEEKS = sum(one.WEEKS for one in (record, rongcheng, speech, ties, insiders, firms))


class Validation(NamedTuple):
    """A finished validation.

    ``paths`` are our published series by week, see `glasstown.lab.validation.record.paths`;
    ``is_complete`` is false where somebody stopped it: what was finished until then is there.
    """

    rows: tuple[Row, ...]
    paths: pl.DataFrame
    citizens: int
    seeds: int
    seed: int
    is_complete: bool = True

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
            "complete": self.is_complete,
            "rows": [{**row._asdict(), "ratio": row.ratio} for row in self.rows],
        }

    def charts(self, width: int = WIDE) -> dict[str, Chart]:
        """Draw every chart that there is something for, by name; a notebook displays each."""
        from glasstown.lab.validation.charts import charts

        return charts(self, width)

    def chart(self, name: str, width: int = WIDE) -> Chart:
        """Draw one chart.

        Raises
        ------
        InputError
            If there is no such chart, or it has nothing to show.
        """
        return named(self.charts(width), name)


def validate(
    *,
    citizens: int = CITIZENS,
    seeds: int = SEEDS,
    seed: int = SEED,
    progress: Progress | None = None,
) -> Validation:
    """Run everything that published numbers can be held against.

    Ctrl-C stops it; what was finished by then is returned, if the court list was.

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
        If the country is too small or too large, the seeds too few or the seed out of range.
    """
    if citizens < FEWEST_CITIZENS:
        message = "in a smaller country nothing of the record is left"
        raise InputError(f"citizens: at least {FEWEST_CITIZENS:_}; {message}; not {citizens}")
    check_replicates(record.SCHEME, citizens, seeds, seed)
    told, replicates = progress or Silent(), seeds_of(seed, seeds)
    runner = Runner(citizens, replicates, told)
    told.started(seeds * WEEKS, f"validation: {citizens:_} citizens, {seeds} seeds")
    try:
        scenario = {"scheme": record.SCHEME, "start": record.START, "weeks": record.WEEKS}
        runs = runner.all_seeds(scenario, record.SCHEME)
        demand: dict[str, ServiceDemand] = {one.name: one for one in services()}
        rows, is_complete = record.rows(runs, demand, citizens), False
        with contextlib.suppress(KeyboardInterrupt):
            rows += rongcheng.rows(runner)
            rows += speech.rows(runner, runs)
            for part in (ties, insiders, firms):
                rows += part.rows(runner)
            rows += models.rows(replicates, told)
            is_complete = True
    finally:
        told.finished()
    return Validation(tuple(rows), record.paths(runs), citizens, seeds, seed, is_complete)
