"""The charts of a life: its score, the spells it went through, its caution; two lives together."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import altair as alt
import polars as pl

from glasstown.lab.charts.theme import (
    BLUE,
    EDGE,
    GREEN,
    NARROW,
    ORANGE,
    Chart,
    Series,
    colours,
    finished,
    lines,
    when,
)
from glasstown.lab.trace.life import Life, labels_of
from glasstown.lab.trace.standing import Standing
from glasstown.lab.trace.telling import hides
from glasstown.lab.wording import joined, noun

COLOURS = (BLUE, ORANGE)
AROUND = (
    Series("low", "publicly low", BLUE), Series("listed", "listed", ORANGE),
    Series("shown", "shown on screens", GREEN),
)  # fmt: skip
SPELLS: dict[str, Callable[[Standing], bool]] = {
    "on a black list": lambda one: one.list_colour == "black",
    "notice of a listing": lambda one: one.notice is not None,
    "on a red list": lambda one: one.list_colour == "red",
    "shut out of a service": lambda one: one.excluded_for is not None,
    "publicly low": lambda one: one.is_low,
    "shown on screens": lambda one: one.is_shown,
    "opposed, hiding it": hides,
    "voicing criticism": lambda one: one.stance == "criticism",
    "voicing praise": lambda one: one.stance == "praise",
    "paying cash": lambda one: one.pays_cash,
    "own firm listed": lambda one: any(x["list"] == "black" for x in one.firms),
}
"""What a life may go through for a while."""


def charts(lives: Sequence[Life], width: int) -> dict[str, Chart]:
    """Return the charts of lives, in a width in pixels; those with nothing to show left out."""
    made = {"score": score(lives, width), "spells": spells(lives, width),
            "caution": caution(lives, width), "around": around(lives, width)}  # fmt: skip
    return {key: chart for key, chart in made.items() if chart is not None}


def _series(lives: Sequence[Life]) -> list[Series]:
    return [
        Series(label, label, colour)
        for label, colour in zip(labels_of(lives), COLOURS, strict=False)
    ]


def weekly(lives: Sequence[Life], of: Callable[[Standing], float | None]) -> pl.DataFrame:
    """Return a number of every week, one column a life."""
    first = lives[0].weeks
    columns: dict[str, Any] = {
        "week": [one.week for one in first],
        "date": [one.day for one in first],
    }
    for label, life in zip(labels_of(lives), lives, strict=True):
        columns[label] = pl.Series([of(one.after) for one in life.weeks], dtype=pl.Float64)
    return pl.DataFrame(columns)


def score(lives: Sequence[Life], width: int) -> Chart | None:
    """Draw the score of each life that has one."""
    scored = [one for one in lives if any(week.after.score is not None for week in one.weeks)]
    if not scored or not scored[0].weeks:
        return None
    told = joined([
        f"{label}: from {_written(life.start.score)} to {_written(life.end.score)}"
        for label, life in zip(labels_of(lives), lives, strict=True) if life in scored
    ])  # fmt: skip
    data, series = weekly(lives, lambda one: one.score), _series(lives)
    shown = [one for one, life in zip(series, lives, strict=True) if life in scored]
    base = alt.Chart(
        data.unpivot([one.label for one in shown], index=["week", "date"], variable_name="series",
                     value_name="value").drop_nulls()
    )  # fmt: skip
    drawing = base.mark_line(interpolate="step-after", strokeWidth=2.2).encode(
        x=when(width),
        y=alt.Y("value:Q", title="points", scale=alt.Scale(zero=False),
                axis=alt.Axis(tickCount=6)),
        color=colours(shown, width),
        strokeDash=_dashes(shown),
    )  # fmt: skip
    return finished(f"The score. {told}.", data, drawing, width)


def _dashes(series: Sequence[Series]) -> alt.StrokeDash:
    labels = [one.label for one in series]
    scale = alt.Scale(domain=labels, range=[[1, 0], [6, 3]][: len(labels)])
    return alt.StrokeDash("series:N", scale=scale, legend=None)


def _written(value: float | None) -> str:
    return "none" if value is None else f"{value:.1f}"


def spells(lives: Sequence[Life], width: int) -> Chart | None:
    """Draw from when to when each life went through what."""
    data = spell_rows(lives)
    if data.is_empty():
        return None
    labels = labels_of(lives)
    weeks = data.group_by("series", "what").agg(pl.col("weeks").sum())
    long = weeks.sort("weeks", "what", descending=True).row(0, named=True)
    series = _series(lives)
    known = [one for one in SPELLS if one in data["what"].to_list()]
    y = alt.Y("what:N", title=None, sort=known,
              axis=alt.Axis(labelLimit=240 if width >= NARROW else 130))  # fmt: skip
    drawing = (
        alt.Chart(data)
        .mark_bar(**EDGE)
        .encode(x=when(width), x2="until:T", y=y, color=colours(series, width))
    )
    if len(labels) > 1:
        drawing = drawing.encode(yOffset=alt.YOffset("series:N", sort=labels))
    said = f"The longest spell in all: {long['what']}, {noun(long['weeks'], 'week')}"
    under = f", under {long['series']}" if len(labels) > 1 else ""
    height = 60 + (38 if len(labels) > 1 else 26) * len(known)
    return finished(f"{said}{under}.", data, drawing, width, height)


def spell_rows(lives: Sequence[Life]) -> pl.DataFrame:
    """Return one row for each spell: series, what, date, until, weeks."""
    rows = []
    for label, life in zip(labels_of(lives), lives, strict=True):
        for what, holds in SPELLS.items():
            since = None
            for week in [*life.weeks, None]:
                is_on = week is not None and holds(week.after)
                if is_on and since is None:
                    since = week
                elif not is_on and since is not None:
                    last = life.weeks[-1] if week is None else week
                    count = last.week - since.week + (week is None)
                    rows.append((label, what, since.day, last.day, count))
                    since = None
    schema = {"series": pl.String, "what": pl.String, "date": pl.Date, "until": pl.Date,
              "weeks": pl.Int64}  # fmt: skip
    return pl.DataFrame(rows, schema=schema, orient="row")


def around(lives: Sequence[Life], width: int) -> Chart | None:
    """Draw how many of the ties of the first life are known to be low, listed or shown."""
    weeks = lives[0].weeks
    data = pl.DataFrame(
        {
            "week": [one.week for one in weeks],
            "date": [one.day for one in weeks],
            **{one.label: [week.after.ties[one.column] for week in weeks] for one in AROUND},
        }
    )
    most = [f"{data[one.label].to_numpy().max()} {one.label} at most" for one in AROUND
            if weeks and data[one.label].to_numpy().max() > 0]  # fmt: skip
    if not most:
        return None
    living = weeks[-1].after.ties["living"]
    under = f" under {labels_of(lives)[0]}" if len(lives) > 1 else ""
    told = f"Among the {noun(living, 'tie')} of this life{under}: {joined(most)}."
    drawing = lines(data, list(AROUND), "ties", width, "d")
    return finished(told, data, drawing, width, 220)


def caution(lives: Sequence[Life], width: int) -> Chart | None:
    """Draw caution, from 0 to 1."""
    if not lives[0].weeks or not any(week.after.caution for one in lives for week in one.weeks):
        return None
    data, series = weekly(lives, lambda one: one.caution), _series(lives)
    most = joined([
        f"{label}: {max(week.after.caution for week in life.weeks):.0%} at most"
        for label, life in zip(labels_of(lives), lives, strict=True)
    ])  # fmt: skip
    drawing = lines(data, series, "share of caution's range", width)
    return finished(f"Caution. {most}.", data, drawing, width, 220)
