"""Phases: schemes that come into force by date and region, as declared and as a run had them.

A region lives under the scheme of the last phase that has begun and names it; before any phase it
lives under none. A manifest holds the scenario's own scheme beside the phases: where there are
phases, only they say what was in force.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from pydantic import Field

from glasstown.declaration import Declared
from glasstown.lab.wording import joined
from glasstown.scheme.declaration import Scheme

if TYPE_CHECKING:
    from glasstown.lab.scenario import Scenario

WEEK = timedelta(weeks=1)
MOST_NAMED = 4
"""More dates or regions than this are counted in a sentence, not named."""
BEFORE_ANY = "none"
"""The scheme of a region that no phase has reached."""


class Phase(Declared):
    """A scheme that comes into force in some regions on a date."""

    since: date = Field(description="First day; it holds from the first week that begins then.")
    regions: list[str] = Field(
        default_factory=list, description="Names of the regions; none named: all of them."
    )
    scheme: Scheme | None = Field(
        None,
        description="A shipped scheme, a path, or `from:` and changes; nothing: the scenario's.",
    )


def week_of(start: date, day: date) -> int:
    """Return the first week (from 0) that begins on a day or after it.

    >>> week_of(date(2014, 1, 1), date(2014, 1, 1)), week_of(date(2014, 1, 1), date(2014, 1, 2))
    (0, 1)
    """
    return max(-((start - day).days // 7), 0)


def spark_weeks(start: date, sparks: list[date]) -> dict[date, int]:
    """Return the week (from 0) of each spark; one before the start is in none.

    >>> spark_weeks(date(2014, 1, 1), [date(2013, 5, 1), date(2014, 1, 8)])
    {datetime.date(2014, 1, 8): 1}
    """
    return {day: week_of(start, day) for day in sparks if day >= start}


class Stage(NamedTuple):
    """A phase as a run had it: its first week (from 1), its regions (none: all), its scheme."""

    week: int
    since: date
    regions: tuple[str, ...]
    label: str


class Course:
    """What was in force where and when in a run.

    Parameters
    ----------
    manifest : mapping
        The manifest of the run.

    Attributes
    ----------
    schemes : dict of str to mapping
        The schemes that the scenario brings, by a label that tells them apart: the name, with a
        number where two have the same. Without phases, the scenario's own alone.
    stages : list of Stage
        The phases in the order in which they begin; none where the scenario has none, or leaves
        the mechanism out.
    sparks : list of int
        Weeks (from 1) in which a gathering may form.
    """

    def __init__(self, manifest: Mapping[str, Any]) -> None:
        scenario: Mapping[str, Any] = manifest.get("scenario") or {}
        own: Mapping[str, Any] = manifest.get("scheme") or {}
        self.start = date.fromisoformat(str(scenario.get("start") or "2014-01-01"))
        self.without = frozenset(scenario.get("without") or [])
        self.schemes: dict[str, Mapping[str, Any]] = {}
        phases = [] if "rollout" in self.without else scenario.get("rollout") or []
        self.stages = sorted(
            (self._stage(phase, own) for phase in phases), key=lambda one: one.since
        )
        if not phases:
            self._labelled(own)
        days = [date.fromisoformat(str(day)) for day in scenario.get("spark") or []]
        found = {} if "gatherings" in self.without else spark_weeks(self.start, days)
        self.sparks = sorted({week + 1 for week in found.values()})

    def _stage(self, phase: Mapping[str, Any], own: Mapping[str, Any]) -> Stage:
        since = date.fromisoformat(str(phase["since"]))
        label = self._labelled(phase.get("scheme") or own)
        regions = tuple(phase.get("regions") or ())
        return Stage(week_of(self.start, since) + 1, since, regions, label)

    def _labelled(self, scheme: Mapping[str, Any]) -> str:
        """Return the label of a scheme; equal ones share theirs."""
        name = str(scheme.get("name", ""))
        label, number = name, 1
        while self.schemes.setdefault(label, scheme) != scheme:
            number += 1
            label = f"{name} ({number})"
        return label

    @property
    def is_staged(self) -> bool:
        """Whether schemes came into force by phases."""
        return bool(self.stages)

    def label(self, region: str, week: int) -> str:
        """Return the label of the scheme in force in a region in a week (from 1)."""
        if not self.is_staged:
            return next(iter(self.schemes))
        held = BEFORE_ANY
        for stage in self.stages:
            if stage.week <= week and (not stage.regions or region in stage.regions):
                held = stage.label
        return held

    def scheme(self, label: str) -> Mapping[str, Any]:
        """Return a scheme by its label; before any phase there is nothing in it."""
        return self.schemes.get(label, {})

    def regions_under(self, regions: list[str], week: int) -> dict[str, list[str]]:
        """Return the regions under each scheme in a week, by label."""
        under: dict[str, list[str]] = {}
        for region in regions:
            under.setdefault(self.label(region, week), []).append(region)
        return under


def phase_words(stage: Stage) -> str:
    """Return a phase in words."""
    names = stage.regions
    if not names:
        where = "everywhere"
    elif len(names) <= MOST_NAMED:
        where = f"in {joined(names)}"
    else:
        where = f"in {len(names)} regions"
    day = f"{stage.since.day} {stage.since:%B %Y}"
    return f"{stage.label} {where} from week {stage.week} (since {day})"


class Dates(NamedTuple):
    """What a scenario dates, in words."""

    phases: list[str]
    sparks: list[str]


def dates_in_words(scenario: Scenario) -> Dates:
    """Say in words which phases begin and on which dates a gathering may form.

    What is dated beyond the last week is told as such; what is left out is not there.
    """
    course = Course(
        {
            "scenario": scenario.model_dump(mode="json"),
            "scheme": scenario.scheme.model_dump(mode="json"),
        }
    )
    beyond = "; after the last week"
    phases = [phase_words(one) + beyond * (one.week > scenario.weeks) for one in course.stages]
    weeks = spark_weeks(scenario.start, scenario.spark)
    sparks = []
    for day in [] if "gatherings" in scenario.without else scenario.spark:
        if day not in weeks:
            sparks.append(f"{day} (before the first week)")
        else:
            sparks.append(f"{day} (week {weeks[day] + 1}{beyond * (weeks[day] >= scenario.weeks)})")
    return Dates(phases, sparks)
