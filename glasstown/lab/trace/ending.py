"""Ending: a country run to its end, or as far as somebody lets it, with nothing written down."""

from __future__ import annotations

from pathlib import Path

from glasstown.engine.country import Country
from glasstown.engine.engines import default_workers
from glasstown.lab import room
from glasstown.lab.halfway import Halfway, asked_of
from glasstown.lab.interruption import STOPPING, Interruption
from glasstown.lab.pairing import label_of
from glasstown.lab.progress import Progress
from glasstown.lab.results import result_name
from glasstown.lab.rollout import Timetable
from glasstown.lab.scenario import Scenario, scenario_hash
from glasstown.society.compilation import compile_society


def ended(
    scenario: Scenario, out: str | Path | None, threads: int | None, told: Progress
) -> tuple[Country, bool]:
    """Run a scenario to its end, or to Ctrl-C.

    Parameters
    ----------
    scenario : Scenario
        What is run.
    out : str or Path, optional
        The folder below which the country is kept when it is stopped, and taken up again.
    threads : int, optional
        How many threads share a week.
    told : Progress
        Who is told.

    Returns
    -------
    tuple
        The country, and whether it can go on from where it was kept.

    Raises
    ------
    InputError
        If there is no room for it, or what was kept is damaged.
    """
    society = compile_society(scenario.society, scenario.without)
    workers = threads or default_workers()
    room.check_memory(society, workers)
    country = Country(society, Timetable(scenario, society), scenario.seed, workers=workers)
    name = result_name(["find", label_of(scenario)], [scenario_hash(scenario)])
    folder = None if out is None else Path(out) / name
    halfway = Halfway("trace", folder, {"find in": asked_of(scenario)})
    with Interruption(lambda: told.stage(STOPPING)) as interruption, halfway.claimed() as since:
        if since is not None:
            halfway.restore(country, since, "country")
        for week in range(country.week + 1, scenario.weeks + 1):
            country.advance()
            told.week(week)
            is_asked = interruption.is_asked and week < scenario.weeks
            if week < scenario.weeks and halfway.is_due(week, is_stopping=is_asked):
                halfway.put_down(told, {"country": (country, {})}, {})
            if is_asked:
                return country, halfway.can_go_on
        halfway.discard()
    return country, False
