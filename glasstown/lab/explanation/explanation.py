"""An explanation: what those who are shut out owe to each mechanism, over seeds."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import polars as pl

from glasstown.lab import reporting
from glasstown.lab.explanation.attribution import Attribution
from glasstown.lab.manifest import scale
from glasstown.lab.pairing import NamedWorld
from glasstown.lab.results import result_name, write_result
from glasstown.lab.runfolder import LABEL
from glasstown.lab.scenario import Scenario, scenario_hash
from glasstown.lab.showing import WIDE, named
from glasstown.version import version

if TYPE_CHECKING:
    from glasstown.lab.charts.theme import Chart

JSON, PAGE, CITIZENS = "explanation.json", "explanation.html", "citizens.parquet"


class Explanation(NamedTuple):
    """What those who were shut out owe it to.

    ``attributions`` by outcome; there are none if no seed came through all worlds. ``citizens``
    has a row for each citizen who is shut out with all mechanisms on: seed (from 1), citizen,
    fate (bit w: shut out in world w too), and the Shapley share of each mechanism.
    """

    world: NamedWorld
    mechanisms: tuple[str, ...]
    attributions: dict[str, Attribution]
    citizens: pl.DataFrame
    seeds: tuple[int, ...]
    seeds_done: int
    notes: tuple[str, ...]
    failures: tuple[str, ...]
    weeks_a_seed: int

    @property
    def is_complete(self) -> bool:
        """Whether every seed was run."""
        return self.seeds_done == len(self.seeds)

    @property
    def scenario(self) -> Scenario:
        """The scenario with all mechanisms on."""
        return self.world.scenario

    @property
    def scale(self) -> str:
        """How much smaller the country is than that of its region table."""
        return scale(self.scenario.society.citizens, self.scenario.society.regions)

    @property
    def seeds_shared(self) -> int:
        """Seeds that came through all worlds: those that the shares are over."""
        return len(next(iter(self.attributions.values())).fates) if self.attributions else 0

    @property
    def name(self) -> str:
        """What its folder is called."""
        parts = [scenario_hash(self.scenario), list(self.mechanisms), len(self.seeds)]
        return result_name([self.world.label, "by", *self.mechanisms], parts)

    def write(self, out: str | Path, command: str = "") -> Path:
        """Write JSON, page and citizens into a folder of its own below another, and return it.

        Raises
        ------
        OSError
            If it can't be written.
        ReportError
            If the page can't be drawn; the rest stands.
        """
        folder = Path(out) / self.name
        folder.mkdir(parents=True, exist_ok=True)
        self.citizens.write_parquet(folder / CITIZENS)
        write_result(self, folder / JSON, folder / PAGE, command)
        return folder

    def page(self, path: str | Path, command: str = "") -> Path:
        """Write the page, one file that works offline, and return its path."""
        return reporting.write_page(self, Path(path), command)

    def as_data(self) -> dict[str, Any]:
        """Return everything but the citizens for another program."""
        return {
            "label": LABEL, "glasstown": version(), "scale": self.scale,
            "world": self.world.label, "mechanisms": list(self.mechanisms),
            "seed": self.scenario.seed, "seeds": list(self.seeds), "seeds_done": self.seeds_done,
            "seeds_shared": self.seeds_shared, "complete": self.is_complete,
            "notes": list(self.notes), "failures": list(self.failures),
            "weeks_a_seed": self.weeks_a_seed,
            "outcomes": {name: one.as_data() for name, one in self.attributions.items()},
            "scenario_hash": scenario_hash(self.scenario),
            "scenario": self.scenario.model_dump(mode="json"),
        }  # fmt: skip

    def charts(self, width: int = WIDE) -> dict[str, Chart]:
        """Draw every chart that there is something for, by name; a notebook displays each."""
        from glasstown.lab.explanation.charts import charts

        return charts(self, width)

    def chart(self, name: str, width: int = WIDE) -> Chart:
        """Draw one chart.

        Raises
        ------
        InputError
            If there is no such chart, or it has nothing to show.
        """
        return named(self.charts(width), name)
