"""Trace: run a scenario, follow one synthetic citizen through it, and say what its life was."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from glasstown.engine.country import Country
from glasstown.engine.engines import default_workers
from glasstown.errors import InputError
from glasstown.lab import reporting, room
from glasstown.lab.interruption import Interruption
from glasstown.lab.manifest import scale
from glasstown.lab.progress import Progress, Silent
from glasstown.lab.rollout import Timetable
from glasstown.lab.runfolder import LABEL
from glasstown.lab.scenario import Scenario, load_scenario
from glasstown.lab.showing import WIDE, named
from glasstown.lab.trace.life import Follower, Life, Who
from glasstown.lab.trace.telling import Row, beside_rows, sentences
from glasstown.scheme.declaration import Scheme
from glasstown.scheme.loading import load_scheme
from glasstown.society.compilation import compile_society
from glasstown.version import version

if TYPE_CHECKING:
    from glasstown.lab.charts.theme import Chart

STOPPING = "stopping after this week (Ctrl-C again stops at once)"


@dataclass(frozen=True)
class Trace:
    """One synthetic life, and the same life under another scheme if one was asked for.

    Parameters
    ----------
    scenario : Scenario
        What was run.
    who : Who
        Who the citizen is.
    lives : tuple of Life
        The life, then the one beside it; both have equally many weeks.
    """

    scenario: Scenario
    who: Who
    lives: tuple[Life, ...]

    @property
    def life(self) -> Life:
        """The life under the scenario itself."""
        return self.lives[0]

    @property
    def is_complete(self) -> bool:
        """Whether every week was lived."""
        return len(self.life.weeks) == self.scenario.weeks

    @property
    def scale(self) -> str:
        """How much smaller the country is than the one of its region table."""
        society = self.scenario.society
        return scale(society.citizens, society.regions)

    def findings(self) -> list[str]:
        """Say in plain sentences what this life was, the gravest first."""
        return sentences(self.who, self.life)

    def beside(self) -> list[Row]:
        """Return the sums of the life, and of the one beside it."""
        return beside_rows(self.lives)

    def page(self, path: str | Path, command: str = "") -> Path:
        """Write the life as a page, one HTML file that needs nothing else; return its path.

        Raises
        ------
        ReportError
            If it can't be drawn.
        OSError
            If it can't be written.
        """
        return reporting.write_page(self, Path(path), command)

    def as_data(self) -> dict[str, Any]:
        """Return everything for another program."""
        society = self.scenario.society
        return {
            "label": LABEL,
            "glasstown": version(),
            "scale": self.scale,
            "citizens": society.citizens,
            "start": str(self.scenario.start),
            "seed": self.scenario.seed,
            "without": list(self.scenario.without),
            "weeks": self.scenario.weeks,
            "weeks_lived": len(self.life.weeks),
            "who": {**self.who._asdict(), "firms": list(self.who.firms)},
            "findings": self.findings(),
            "sums": [one._asdict() for one in self.beside()],
            "lives": [one.as_data() for one in self.lives],
        }

    def charts(self, width: int = WIDE) -> dict[str, Chart]:
        """Draw every chart that there is something for, by name; a notebook displays each."""
        from glasstown.lab.trace.charts import charts

        return charts(self.lives, width)

    def chart(self, name: str, width: int = WIDE) -> Chart:
        """Draw one chart.

        Raises
        ------
        InputError
            If there is no such chart, or it has nothing to show.
        """
        return named(self.charts(width), name)


def trace(
    given: str | Path | Mapping[str, Any] | Scenario,
    citizen: int,
    *,
    beside: str | Path | Mapping[str, Any] | Scheme | None = None,
    threads: int | None = None,
    progress: Progress | None = None,
    **overrides: Any,
) -> Trace:
    """Follow one synthetic citizen through a run, week by week.

    Every week is lived again by the reference engine and must give the same bytes: see
    `glasstown.lab.trace.witness`.

    Parameters
    ----------
    given : str, Path, Mapping or Scenario
        A shipped scheme's name, a path to a scenario file, or a mapping.
    citizen : int
        The citizen's number, from 0; `find` names some worth looking at.
    beside : str, Path, Mapping or Scheme, optional
        Another scheme, under which the same citizen lives with the same luck, without a rollout.
    threads : int, optional
        How many threads share a week.
    progress : Progress, optional
        Who is told how it is getting on.
    **overrides : Any
        Single keys of the scenario, as for `glasstown.run`.

    Returns
    -------
    Trace
        The life; after Ctrl-C the weeks that were lived.

    Raises
    ------
    InputError
        If the scenario can't be used or there is no such citizen.
    EngineError
        If a week lived again is not the week that the engine made.
    KeyboardInterrupt
        If it is interrupted twice, or before the first week.
    """
    scenario = load_scenario(given, overrides=overrides)
    check_citizen(citizen, scenario)
    scenarios = [scenario] if beside is None else [scenario, under(scenario, beside)]
    told = progress or Silent()
    name = f"citizen {citizen:_} of {scenario.society.citizens:_}, {scenario.scheme.name}"
    told.started(scenario.weeks, name)
    try:
        with Interruption(lambda: told.stage(STOPPING)) as interruption:
            followers = [prepared(one, citizen, threads) for one in scenarios]
            for week in range(1, scenario.weeks + 1):
                for _, one in followers:
                    one.advance()
                if week == 1:
                    told.stage("living")
                told.week(week)
                if interruption.is_asked:
                    break
    finally:
        told.finished()
    lives = [
        Life(one.scheme.name, title(one), follower.start, tuple(follower.weeks), country.digest())
        for one, (country, follower) in zip(scenarios, followers, strict=True)
    ]
    return Trace(scenario, followers[0][1].who, tuple(lives))


def prepared(scenario: Scenario, citizen: int, threads: int | None) -> tuple[Country, Follower]:
    """Return a scenario's country and who follows a citizen through it."""
    society = compile_society(scenario.society, scenario.without)
    plan = Timetable(scenario, society)
    workers = threads or default_workers()
    room.check_memory(society, workers)
    country = Country(society, plan, scenario.seed, workers=workers)
    return country, Follower(country, plan, citizen)


def under(scenario: Scenario, scheme: str | Path | Mapping[str, Any] | Scheme) -> Scenario:
    """Return a scenario under another scheme, everywhere and all the time."""
    loaded = scheme if isinstance(scheme, Scheme) else load_scheme(scheme, at="beside")
    return scenario.model_copy(update={"scheme": loaded, "rollout": []})


def title(scenario: Scenario) -> str:
    """Return what a life's scheme is called, with what is left out of it."""
    left = f", without {', '.join(scenario.without)}" if scenario.without else ""
    phases = ", in phases" if scenario.rollout else ""
    return f"{scenario.scheme.title}{phases}{left}"


def check_citizen(citizen: object, scenario: Scenario) -> None:
    """Refuse what is no citizen of a scenario's country.

    Raises
    ------
    InputError
        If it is no whole number, or there is no such citizen.
    """
    citizens = scenario.society.citizens
    if isinstance(citizen, bool) or not isinstance(citizen, int):
        raise InputError(f"citizen: must be a whole number such as 4711, not {citizen!r}")
    if not 0 <= citizen < citizens:
        raise InputError(
            f"citizen {citizen}: there is no such citizen; they are numbered from 0 to "
            f"{citizens - 1:_} (citizens: {citizens:_})"
        )
