"""The worlds of claims: countries that are run once for each seed and remembered for a while.

Two claims that name the same world share its run. What is kept of a run is what a measure may
read: the weekly sums by group, and the state at the end.
"""

from __future__ import annotations

from collections import OrderedDict
from datetime import date
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from glasstown.engine.country import Country
from glasstown.engine.engines import default_workers
from glasstown.engine.plan import Regimes
from glasstown.engine.world import State, World
from glasstown.lab.progress import Progress, Silent
from glasstown.lab.rollout import Timetable
from glasstown.lab.scenario import Scenario, scenario_hash
from glasstown.society.compilation import CompiledSociety, compile_society

MOST_BYTES = 512 * 1024 * 1024
"""How much of what was run is remembered; the oldest is forgotten first."""


class Lived(NamedTuple):
    """A world after its last week.

    ``by_group`` int64 (weeks, groups, width): the weekly tallies, summed over zones; ``sums`` the
    same of the country, int64 (weeks, width). The rest is the country's own.
    """

    scenario: Scenario
    by_group: NDArray[np.int64]
    sums: NDArray[np.int64]
    society: CompiledSociety
    regimes: Regimes
    worlds: list[World]
    state: State
    seed: int

    @property
    def start(self) -> date:
        """First day of the first week."""
        return self.scenario.start

    @property
    def bytes(self) -> int:
        """About how much memory it takes."""
        state = sum(getattr(one, "nbytes", 0) for one in self.state)
        return int(self.by_group.nbytes + self.sums.nbytes + state)

    def last(self, weeks: int) -> Lived:
        """Return the same world with the sums of its last weeks only."""
        return self._replace(by_group=self.by_group[-weeks:], sums=self.sums[-weeks:])


class Worlds:
    """Runs worlds and remembers them.

    Parameters
    ----------
    progress : Progress, optional
        Who is told of every week.
    """

    def __init__(self, progress: Progress | None = None) -> None:
        self.progress = progress or Silent()
        self._weeks = 0
        self._known: OrderedDict[str, Lived] = OrderedDict()

    def lived(self, scenario: Scenario) -> Lived:
        """Return a scenario's world after its last week, from memory where it was run before."""
        key = scenario_hash(scenario)
        if key not in self._known:
            self._known[key] = self._run(scenario)
        self._known.move_to_end(key)
        while len(self._known) > 1 and sum(x.bytes for x in self._known.values()) > MOST_BYTES:
            self._known.popitem(last=False)
        return self._known[key]

    def _run(self, scenario: Scenario) -> Lived:
        society = compile_society(scenario.society, scenario.without)
        plan = Timetable(scenario, society)
        country = Country(society, plan, scenario.seed, workers=default_workers())
        by_group = []
        for tally in country.weeks(scenario.weeks):
            by_group.append(tally.sum(axis=0))
            self._weeks += 1
            self.progress.week(self._weeks)
        weekly = np.array(by_group)
        return Lived(
            scenario, weekly, weekly.sum(axis=1), society, country.regimes, country.worlds,
            country.state, scenario.seed,
        )  # fmt: skip
