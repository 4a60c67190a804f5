"""The page of a trace: one HTML file that needs nothing else, a life as a timeline."""

from __future__ import annotations

from datetime import date
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from glasstown.lab.trace.charts import charts
from glasstown.lab.trace.events import Event
from glasstown.lab.trace.life import LivedWeek, labels_of
from glasstown.lab.trace.tracing import Trace
from glasstown.lab.wording import noun
from glasstown.lab.writing import write_text
from glasstown.surfaces.figures import Figure, figures, filled, json_link
from glasstown.surfaces.tracing import number, portrait

HEADINGS = {"score": "The score", "spells": "From when to when", "caution": "Caution",
            "around": "The people around"}  # fmt: skip
KINDS = {
    "deed": "did", "mistake": "mistake", "points": "points", "list": "list", "denied": "denied",
    "favoured": "favoured", "waits": "waits", "remedy": "remedy", "shown": "shown",
    "speech": "speech", "caution": "caution", "tie": "ties", "member": "takes part",
    "firm": "firm", "gathering": "gathering",
}  # fmt: skip
"""What stands before each kind of event."""
MEANINGS = {
    "did": "something the citizen did, seen or not",
    "mistake": "a record of something the citizen did not do",
    "points": "points for others, repair, favours, or a new start",
    "list": "entered, noticed, spared or left",
    "denied": "a service asked for and refused",
    "favoured": "served first, as a reward",
    "waits": "served last, as a sanction",
    "remedy": "appeals and favours of officials",
    "shown": "on public screens",
    "speech": "what was said, and what was privately thought",
    "caution": "how careful the citizen became",
    "ties": "ties cut or mended",
    "takes part": "joined or left a voluntary scheme",
    "firm": "what the citizen's own firm did, and what was done to it",
    "gathering": "joined others in the street",
}


class Moment(NamedTuple):
    """A line of the timeline: a week with what happened in each life, or a quiet stretch."""

    week: int
    day: str
    quiet: int
    cells: list[tuple[str, list[Event], str]]


def moments(trace: Trace) -> list[Moment]:
    """Return the timeline: weeks in which something happened, and quiet stretches as one."""
    labels, found, quiet = labels_of(trace.lives), list[Moment](), 0
    for weeks in zip(*(life.weeks for life in trace.lives), strict=True):
        told = [[one for one in week.events if one.kind != "fading"] for week in weeks]
        if not any(told):
            quiet += 1
            continue
        if quiet:
            found.append(Moment(0, "", quiet, []))
        cells = [(label, events, standing_said(week))
                 for label, events, week in zip(labels, told, weeks, strict=True)]  # fmt: skip
        found.append(Moment(weeks[0].week, day(weeks[0].day), 0, cells))
        quiet = 0
    return [*found, Moment(0, "", quiet, [])] if quiet else found


def day(one: date) -> str:
    """Write a day.

    >>> day(date(2014, 1, 1))
    '1 January 2014'
    """
    return f"{one.day} {one:%B %Y}"


def standing_said(week: LivedWeek) -> str:
    """Say in a few words where the citizen stands at the end of a week."""
    after = week.after
    parts = [] if after.score is None else [f"score {after.score:.1f}"]
    parts += [after.tier] if after.tier and after.is_member else []
    parts += [f"{after.list_colour} list"] if after.list else []
    parts += ["publicly low"] if after.is_low else []
    parts += ["shut out"] if after.excluded_for else []
    return " · ".join(parts)


def rendered(trace: Trace, drawings: list[Figure], command: str = "") -> str:
    """Return the page; everything in it is escaped."""
    timeline = moments(trace)
    used = {KINDS[event.kind] for one in timeline for _, events, _ in one.cells for event in events}
    return filled(
        "trace.html.j2",
        trace=trace,
        portrait=portrait(trace),
        labels=labels_of(trace.lives),
        figures=drawings,
        moments=timeline,
        kinds=KINDS,
        meanings={name: one for name, one in MEANINGS.items() if name in used},
        sources=sources(trace),
        number=number,
        command=command,
        noun=noun,
        day=day,
        data_uri=json_link(trace.as_data()),
    )


def sources(trace: Trace) -> list[dict[str, Any]]:
    """Return every line of a scheme that the life met, with its source and how often."""
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for label, life in zip(labels_of(trace.lives), trace.lives, strict=True):
        for event in life.events():
            if event.rule:
                row = found.setdefault(
                    (label, event.rule),
                    {"scheme": label, "rule": event.rule, "source": event.source,
                     "confidence": event.confidence, "times": 0},
                )  # fmt: skip
                row["times"] += 1
    return list(found.values())


def write_page(trace: Trace, path: Path, command: str = "") -> Path:
    """Write the page, replacing an older one whole, and return its path.

    ``command`` is the one that gives the same page again, if there is one.

    Raises
    ------
    OSError
        If it can't be written.
    RuntimeError
        If the charts could not be drawn.
    """
    drawings = list(figures(partial(charts, trace.lives), HEADINGS).values())
    return write_text(rendered(trace, drawings, command), path)
