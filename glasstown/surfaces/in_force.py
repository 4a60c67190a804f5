"""What was in force in a run, for its report: schemes, phases, and mechanisms with their origin.

A manifest's scheme is the scenario's own. Where schemes came by phases it may have held nowhere,
so a report on such a run names what did.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from glasstown.lab.phases import MOST_NAMED
from glasstown.lab.tallies import Tallies
from glasstown.lab.wording import joined, noun
from glasstown.scheme.declaration import Scheme
from glasstown.scheme.having import has_mechanism
from glasstown.scheme.mechanisms import MECHANISMS
from glasstown.surfaces.settings import Setting, settings


class Heading(NamedTuple):
    """What stands at the top of a report."""

    title: str
    summary: str
    name: str
    source: str
    confidence: str


class PhaseRow(NamedTuple):
    """A phase as a row: its date, its first week, its regions, its scheme, and where it got to."""

    since: str
    week: int
    regions: str
    label: str
    title: str
    note: str


class MechanismRow(NamedTuple):
    """A mechanism as a row: what it does, from where, and whether it took part."""

    name: str
    step: str
    meaning: str
    origin: str
    took_part: str


def heading(tallies: Tallies) -> Heading:
    """Return title, summary and origin of what a run is about."""
    if not tallies.course.is_staged:
        scheme: Mapping[str, Any] = tallies.manifest.get("scheme") or {}
        return Heading(*(str(scheme.get(key, "")) for key in
                         ("title", "summary", "name", "source", "confidence")))  # fmt: skip
    names = [one.label for one in tallies.tenures]
    held = [f"{one.label} ({one.scheme['title']})" for one in tallies.tenures if one.scheme]
    return Heading(
        f"A rollout in {noun(len(tallies.course.stages), 'phase')}",
        f"Schemes came into force by date and region; in force were {joined(held) or 'none'}. "
        "Before the first phase of a region there was no scheme in it.",
        joined(names),
        "this scenario",
        "assumed",
    )


def phase_rows(tallies: Tallies) -> list[PhaseRow]:
    """Return the phases of a run; none where it has none."""
    course, there = tallies.course, tallies.regions["region"].to_list()
    rows = []
    for stage in course.stages:
        names = stage.regions
        said = joined(names) if len(names) <= MOST_NAMED else ", ".join(names)
        named = [name for name in there if not names or name in names]
        held = sum(course.label(name, tallies.weeks) == stage.label for name in named)
        note = f"its scheme held at the end in {held} of {noun(len(named), 'region')}"
        if stage.week > tallies.weeks:
            note = "had not begun by the end"
        title = str(course.scheme(stage.label).get("title", ""))
        rows.append(PhaseRow(str(stage.since), stage.week, said or "all", stage.label, title, note))
    return rows


def scheme_settings(tallies: Tallies) -> list[tuple[str, list[Setting]]]:
    """Return the settings of each scheme that the scenario brings, by its label."""
    course = tallies.course
    return [(label, settings(Scheme, scheme)) for label, scheme in course.schemes.items()]


def mechanism_rows(tallies: Tallies) -> list[MechanismRow]:
    """Return every mechanism with its origin, and whether it took part in the run."""
    course = tallies.course
    held = {one.label: Scheme.model_validate(one.scheme) for one in tallies.tenures if one.scheme}
    of_scenario = {"rollout": course.is_staged, "gatherings": bool(course.sparks)}
    rows = []
    for one in MECHANISMS:
        having = [label for label, scheme in held.items() if has_mechanism(scheme, one.name)]
        if one.name in course.without:
            took_part = "left out"
        elif one.name in of_scenario:
            took_part = "yes" if of_scenario[one.name] else "the scenario names none"
        elif not having:
            took_part = "not in this scheme" if len(held) < 2 else "in no scheme"
        elif len(having) == len(held) == 1 or not tallies.is_mixed:
            took_part = "yes"
        else:
            took_part = f"in {joined(having)}"
        rows.append(MechanismRow(one.name, one.step, one.meaning, one.origin, took_part))
    return rows
