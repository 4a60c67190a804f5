"""The worlds of claims: compiled once, run together under each seed, their shared past once.

Two claims that name the same world share its run, and worlds that differ from a date on share
their past (`glasstown.lab.branches`). What is kept of a run is what a measure may read: the weekly
sums by group, and the state at the end. A world that fails is told as a reason; the others go on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from glasstown.engine.plan import Regimes
from glasstown.engine.world import State, World, copied
from glasstown.lab.branches import Branch, Leaf, grow, prepared, weeks_to_run
from glasstown.lab.scenario import Scenario
from glasstown.society.compilation import CompiledSociety


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

    def last(self, weeks: int) -> Lived:
        """Return the same world with the sums of its last weeks only."""
        return self._replace(by_group=self.by_group[-weeks:], sums=self.sums[-weeks:])


class Failed(NamedTuple):
    """A world that could not be compiled or run, and why."""

    why: str


def why(error: Exception) -> str:
    """Say an unexpected failure in one line."""
    return f"{type(error).__name__}: {error}" if str(error) else type(error).__name__


class Worlds:
    """Scenarios made ready to be run together, by their place in the list.

    Parameters
    ----------
    scenarios : sequence of Scenario
        The worlds; their seeds say nothing here.
    needed : sequence of int
        The places of those that will be asked for; no other is compiled.
    told : callable, optional
        Called before each is compiled.
    """

    def __init__(
        self, scenarios: Sequence[Scenario], needed: Sequence[int],
        told: Callable[[], None] | None = None,
    ) -> None:  # fmt: skip
        self.scenarios = list(scenarios)
        self._branches: dict[int, Branch] = {}
        self._failed: dict[int, Failed] = {}
        for place in needed:
            if told is not None:
                told()
            try:
                self._branches[place] = prepared([self.scenarios[place]])[0]
            except Exception as error:
                self._failed[place] = Failed(f"not compiled: {why(error)}")

    def weeks(self, places: Sequence[int]) -> int:
        """Return how many weeks are simulated for some worlds under one seed."""
        return sum(
            weeks_to_run([self._branches[place] for place in alike])
            for alike in self._alike(places)
        )

    def lived(
        self, places: Sequence[int], seed: int, told: Callable[[], None]
    ) -> Iterator[tuple[int, Lived | Failed]]:
        """Run some worlds under a seed, and yield each when it has lived, or failed.

        Parameters
        ----------
        places : sequence of int
            Which worlds.
        seed : int
            The seed of all of them.
        told : callable
            Called after each simulated week.
        """
        for place in places:
            if place in self._failed:
                yield place, self._failed[place]
        for alike in self._alike(places):
            yield from self._together(alike, seed, told)

    def _alike(self, places: Sequence[int]) -> list[list[int]]:
        """Return the worlds that were compiled, those of equally many weeks together."""
        by_weeks: dict[int, list[int]] = {}
        for place in places:
            if place in self._branches:
                by_weeks.setdefault(self.scenarios[place].weeks, []).append(place)
        return list(by_weeks.values())

    def _together(
        self, places: list[int], seed: int, told: Callable[[], None]
    ) -> Iterator[tuple[int, Lived | Failed]]:
        """Run worlds of equally many weeks; if one fails, each of the rest by itself."""
        left = list(places)
        try:
            for leaf in grow([self._branches[place] for place in places], seed, told=told):
                for number in leaf.places:
                    place = places[number]
                    left.remove(place)
                    yield place, lived(leaf, self.scenarios[place], seed)
        except Exception as error:
            if len(places) == 1:
                yield places[0], Failed(f"not run to the end: {why(error)}")
                return
            for place in left:
                yield from self._together([place], seed, told)


def lived(leaf: Leaf, scenario: Scenario, seed: int) -> Lived:
    """Return what a measure may read of a run that ended."""
    country = leaf.country
    return Lived(
        scenario, leaf.by_group, leaf.sums, country.society, country.regimes, country.worlds,
        copied(country.state), seed,
    )  # fmt: skip
