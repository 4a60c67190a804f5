"""Trace: run a scenario, follow one synthetic citizen through it, and say what its life was."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from glasstown.errors import InputError
from glasstown.lab import reporting
from glasstown.lab.halfway import Halfway, asked_of
from glasstown.lab.interruption import STOPPING, Interruption
from glasstown.lab.manifest import scale
from glasstown.lab.pairing import label_of
from glasstown.lab.progress import Progress, Silent
from glasstown.lab.results import result_name, write_result
from glasstown.lab.runfolder import LABEL
from glasstown.lab.scenario import Scenario, load_scenario, scenario_hash
from glasstown.lab.showing import WIDE, named
from glasstown.lab.trace.life import Life, LivedWeek, Who
from glasstown.lab.trace.living import Lives
from glasstown.lab.trace.telling import Row, beside_rows, sentences
from glasstown.scheme.declaration import Scheme
from glasstown.scheme.loading import load_scheme
from glasstown.version import version

if TYPE_CHECKING:
    from glasstown.lab.charts.theme import Chart

PAGE, JSON = "trace.html", "trace.json"


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
        The life, then the one beside it; both have equally many weeks. One that failed is left
        out.
    failures : tuple of str
        Which lives failed, in which week, and why.
    name : str
        The name of its folder: the same question has the same name.
    can_go_on : bool
        Whether it was stopped and kept, so that the same call goes on with it.
    """

    scenario: Scenario
    who: Who
    lives: tuple[Life, ...]
    failures: tuple[str, ...] = ()
    name: str = "trace"
    can_go_on: bool = field(default=False, compare=False)

    @property
    def life(self) -> Life:
        """The life under the scenario itself, or the one that is left if that failed."""
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

    def part_in(self) -> LivedWeek | None:
        """Return the first week in which what happened, or where it led, differs; None if never."""
        for weeks in zip(*(one.weeks for one in self.lives), strict=True):
            if any((one.events, one.after) != (weeks[0].events, weeks[0].after) for one in weeks):
                return weeks[0]
        return None

    def parting(self) -> str:
        """Say where two lives part; empty for one life."""
        if len(self.lives) == 1:
            return ""
        week = self.part_in()
        if week is None:
            return "Both lives are the same in every week: nothing that differs reached this one."
        return f"The two lives part in week {week.week}, which begins on {week.day}."

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

    def write(self, out: str | Path, command: str = "") -> Path:
        """Write JSON and page into a folder of its own below another, and return it.

        Raises
        ------
        ReportError
            If the page can't be drawn; the JSON stands.
        OSError
            If it can't be written.
        """
        folder = Path(out) / self.name
        write_result(self, folder / JSON, folder / PAGE, command)
        return folder

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
            "failures": list(self.failures),
            "who": {**self.who._asdict(), "firms": list(self.who.firms)},
            "findings": self.findings(),
            "parting": self.parting(),
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
    beside_without: Sequence[str] = (),
    out: str | Path | None = None,
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
    beside_without : sequence of str
        Mechanisms that are left out on that side alone; without another scheme, of the scenario's
        own: the same life but for these.
    out : str or Path, optional
        The folder below which a trace that is stopped is kept, so that the same call goes on with
        it; nothing is kept by default.
    threads : int, optional
        How many threads share a week.
    progress : Progress, optional
        Who is told how it is getting on.
    **overrides : Any
        Single keys of the scenario, as for `glasstown.run`.

    Returns
    -------
    Trace
        The life; after Ctrl-C the weeks that were lived. Of two lives one may have failed.

    Raises
    ------
    InputError
        If the scenario can't be used, there is no such citizen, or what stands in the folder is
        damaged or not of this question and version.
    EngineError
        If a week lived again is not the week that the engine made, and there is no other life.
    KeyboardInterrupt
        If it is interrupted twice, or before the first week.
    """
    scenario = load_scenario(given, overrides=overrides)
    check_citizen(citizen, scenario)
    scenarios = {"life": scenario}
    if beside is not None or beside_without:
        scenarios["beside"] = other_side(scenario, beside, beside_without)
    asked = {"citizen": str(citizen), **{name: asked_of(one) for name, one in scenarios.items()}}
    name, told = name_of(scenarios, citizen), progress or Silent()
    halfway = Halfway("trace", None if out is None else Path(out) / name, asked)
    lives = Lives(scenarios, citizen, threads)
    of = scenario.society.citizens
    told.started(scenario.weeks, f"citizen {citizen:_} of {of:_}, {scenario.scheme.name}")
    try:
        with Interruption(lambda: told.stage(STOPPING)) as asking, halfway.claimed() as since:
            lives.begin(halfway, since)
            lives.live(scenario.weeks, halfway, asking, told)
            if lives.week == scenario.weeks:
                halfway.discard()
    finally:
        told.finished()
    return Trace(
        scenario, lives.follower.who, lives.told(), lives.failed(), name, halfway.can_go_on
    )


def name_of(scenarios: Mapping[str, Scenario], citizen: int) -> str:
    """Return the name of a trace's folder."""
    labels = "/beside/".join(label_of(one) for one in scenarios.values()).split("/")
    hashes = [scenario_hash(one) for one in scenarios.values()]
    return result_name([f"citizen-{citizen}", *labels], [citizen, *hashes])


def other_side(
    scenario: Scenario, scheme: str | Path | Mapping[str, Any] | Scheme | None,
    without: Sequence[str],
) -> Scenario:  # fmt: skip
    """Return the scenario beside a given one: another scheme, or less of the same.

    Raises
    ------
    InputError
        If there is no such scheme or mechanism, or one is left out already.
    """
    if isinstance(without, str):
        raise InputError(f"beside_without: must be a list of mechanisms, such as ['{without}']")
    other = scenario if scheme is None else under(scenario, scheme)
    if not without:
        return other
    known = [one for one in without if one in other.without]
    if known:
        raise InputError(f"beside_without: {known[0]} is left out of both lives already")
    return load_scenario(other, overrides={"without": [*other.without, *without]})


def under(scenario: Scenario, scheme: str | Path | Mapping[str, Any] | Scheme) -> Scenario:
    """Return a scenario under another scheme, everywhere and all the time."""
    loaded = scheme if isinstance(scheme, Scheme) else load_scheme(scheme, at="beside")
    return scenario.model_copy(update={"scheme": loaded, "rollout": []})


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
