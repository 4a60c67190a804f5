"""A scenario lived through to its end: what the laboratory runs, without a folder or a report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from countries import run
from numpy.typing import NDArray

from glasstown.engine.country import Country
from glasstown.lab.rollout import Timetable
from glasstown.lab.scenario import load_scenario
from glasstown.society.compilation import compile_society


def country_of(given: Mapping[str, Any], without: Sequence[str] = ()) -> tuple[Country, int]:
    """Return the country of a scenario, before its first week, and its weeks."""
    scenario = load_scenario({**given, "without": list(without)})
    society = compile_society(scenario.society, scenario.without)
    return Country(society, Timetable(scenario, society), scenario.seed), scenario.weeks


def lived(given: Mapping[str, Any], without: Sequence[str] = ()) -> NDArray[np.int64]:
    """Return the national tally of each week, int64 (weeks, width)."""
    return run(*country_of(given, without))
