"""A comparison: worlds that share every draw, and the paired differences between them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import polars as pl

from glasstown.errors import InputError
from glasstown.lab import reporting
from glasstown.lab.branches import Parting
from glasstown.lab.comparison.differences import (
    Estimate,
    Factor,
)
from glasstown.lab.comparison.transitions import STATES, Transitions
from glasstown.lab.manifest import scale
from glasstown.lab.outcomes import BY_NAME, Outcome
from glasstown.lab.pairing import NamedWorld
from glasstown.lab.results import result_name, write_result
from glasstown.lab.runfolder import LABEL
from glasstown.lab.scenario import scenario_hash
from glasstown.lab.showing import WIDE, named
from glasstown.version import version

if TYPE_CHECKING:
    from glasstown.lab.charts.theme import Chart

JSON, PAGE = "comparison.json", "comparison.html"


class Difference(NamedTuple):
    """One outcome in the first world and in another, over the seeds that both came through.

    ``difference`` is the other less the first; ``factor`` says what pairing took off its variance.
    """

    world: str
    outcome: Outcome
    first: Estimate
    other: Estimate
    difference: Estimate
    factor: Factor


class Comparison(NamedTuple):
    """Worlds that were compared.

    ``causes`` hold, by world and cause, the share of adults shut out at the end. ``partings`` say
    where each other world parts from the first (None: never). ``digests`` hold, by world and seed,
    the digest that a run of its own would have (None: it failed). ``weekly`` has a row for each
    world, week and outcome: mean, least and largest over seeds.
    """

    worlds: tuple[NamedWorld, ...]
    seed: int
    seeds: tuple[int, ...]
    seeds_done: int
    differences: tuple[Difference, ...]
    transitions: dict[str, Transitions]
    causes: dict[str, dict[str, Estimate]]
    partings: dict[str, Parting | None]
    digests: dict[str, list[str | None]]
    weekly: pl.DataFrame
    failures: tuple[str, ...]
    weeks_shared: int

    @property
    def is_complete(self) -> bool:
        """Whether every seed was run."""
        return self.seeds_done == len(self.seeds)

    @property
    def citizens(self) -> int:
        """Citizens of each country."""
        return self.worlds[0].scenario.society.citizens

    @property
    def scale(self) -> str:
        """How much smaller the country is than that of its region table."""
        return scale(self.citizens, self.worlds[0].scenario.society.regions)

    def of(self, outcome: str, world: str | None = None) -> Difference:
        """Return the difference in an outcome; without a world, that of the second.

        Raises
        ------
        InputError
            If there is no such outcome or world in this comparison.
        """
        wanted = self.worlds[1].label if world is None else world
        for one in self.differences:
            if one.outcome.name == outcome and one.world == wanted:
                return one
        labels = [one.label for one in self.worlds[1:]]
        raise InputError(f"no outcome '{outcome}' of '{wanted}'; outcomes: {', '.join(BY_NAME)}; "
                         f"worlds: {', '.join(labels)}")  # fmt: skip

    @property
    def frame(self) -> pl.DataFrame:
        """The differences as a Polars frame, one row for each world and outcome."""
        return pl.DataFrame([_row(one) for one in self.differences], infer_schema_length=None)

    @property
    def name(self) -> str:
        """What its folder is called: the same worlds under the same seeds have the same name."""
        parts = [scenario_hash(one.scenario) for one in self.worlds]
        words = "/vs/".join(one.label for one in self.worlds).split("/")
        return result_name(words, [*parts, len(self.seeds)])

    def write(self, out: str | Path, command: str = "") -> Path:
        """Write JSON and page into a folder of its own below another, and return it.

        Raises
        ------
        OSError
            If it can't be written.
        ReportError
            If the page can't be drawn; the JSON stands.
        """
        folder = Path(out) / self.name
        write_result(self, folder / JSON, folder / PAGE, command)
        return folder

    def page(self, path: str | Path, command: str = "") -> Path:
        """Write the page, one file that works offline, and return its path."""
        return reporting.write_page(self, Path(path), command)

    def as_data(self) -> dict[str, Any]:
        """Return everything for another program."""
        first = self.worlds[0].scenario
        return {
            "label": LABEL, "glasstown": version(), "scale": self.scale,
            "citizens": self.citizens, "start": str(first.start), "weeks": first.weeks,
            "seed": self.seed, "seeds": list(self.seeds), "seeds_done": self.seeds_done,
            "complete": self.is_complete, "failures": list(self.failures),
            "weeks_shared_a_seed": self.weeks_shared,
            "worlds": [
                {"label": one.label, "scenario_hash": scenario_hash(one.scenario),
                 "parts": _parted(self.partings.get(one.label)),
                 "digests": self.digests[one.label],
                 "scenario": one.scenario.model_dump(mode="json")}
                for one in self.worlds
            ],
            "causes": {
                label: {cause: share._asdict() for cause, share in one.items()}
                for label, one in self.causes.items()
            },
            "differences": [_row(one) for one in self.differences],
            "transitions": {
                label: {**{name: getattr(one, name)._asdict() for name in one._fields[:-1]},
                        "states": list(STATES), "table": one.table.tolist()}
                for label, one in self.transitions.items()
            },
        }  # fmt: skip

    def charts(self, width: int = WIDE) -> dict[str, Chart]:
        """Draw every chart that there is something for, by name; a notebook displays each."""
        from glasstown.lab.comparison.charts import charts

        return charts(self, width)

    def chart(self, name: str, width: int = WIDE) -> Chart:
        """Draw one chart.

        Raises
        ------
        InputError
            If there is no such chart, or it has nothing to show.
        """
        return named(self.charts(width), name)


def _parted(where: Parting | None) -> dict[str, Any] | None:
    return None if where is None else {"week": where.week + 1, "what": where.what}


def _row(one: Difference) -> dict[str, Any]:
    """Return a difference in one flat row."""
    row: dict[str, Any] = {"world": one.world, "outcome": one.outcome.name,
                           "unit": one.outcome.unit, "seeds": one.difference.seeds}  # fmt: skip
    for name in ("first", "other", "difference"):
        value: Estimate = getattr(one, name)
        row |= {name: value.mean, f"{name}_low": value.low, f"{name}_high": value.high}
    factor = one.factor
    row |= {"factor": factor.value, "factor_low": factor.low, "factor_high": factor.high}
    return {**row, "factor_note": factor.note}
