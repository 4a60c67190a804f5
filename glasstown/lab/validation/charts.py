"""The charts of a validation: our series with their band beside the published points, and ratios.

Counts are those of the synthetic country; what was published is scaled down to it.
"""

from __future__ import annotations

import json
from textwrap import wrap

import altair as alt
import polars as pl

from glasstown.lab.charts.theme import (
    BLUE,
    GREEN,
    INK,
    NARROW,
    ORANGE,
    PLAIN,
    VERMILION,
    Chart,
    finished,
    when,
)
from glasstown.lab.validation import record
from glasstown.lab.validation.record import Path
from glasstown.lab.validation.rows import CALIBRATED_WITHIN, Row
from glasstown.lab.validation.series import days_of
from glasstown.lab.validation.targets import targets
from glasstown.lab.validation.validation import Validation

VERDICTS = {"within": GREEN, "exact": BLUE, "direction": ORANGE, "misfit": VERMILION}
KINDS = {
    "calibrated": "circle", "prediction": "diamond", "exact": "square", "direction": "triangle-up",
}  # fmt: skip
MOST_LINES = 2
"""Of the words beside a row; the table has all of them."""
FARTHEST = 50.0
"""Ratios beyond this many times are drawn at the edge; the table has them as they are."""


def published_points(validation: Validation, path: Path) -> pl.DataFrame:
    """Return the published numbers of a series, scaled, with how ours was compared with them."""
    rows = {row.id: row for row in validation.rows}
    kept = [rows[one] for one in path.ids]
    return pl.DataFrame(
        {
            "target": [row.id for row in kept],
            "date": [days_of(targets()[row.id])[1] for row in kept],
            "published": [float(row.expected) for row in kept],
            "ours": [float(row.ours) for row in kept],
            "kind": [row.kind for row in kept],
        }
    )


def series(validation: Validation, path: Path, width: int) -> Chart:
    """Draw one published series: our mean and band over seeds, and the published points."""
    weekly = validation.paths.filter(pl.col("series") == path.name)
    points = published_points(validation, path)
    base = alt.Chart(weekly)
    title = f"{path.name}, all until then"
    y = alt.Y("mean:Q", title=title, axis=alt.Axis(format=PLAIN, tickCount=6))
    band = base.mark_area(color=BLUE, opacity=0.25).encode(
        x=when(width), y="least:Q", y2="largest:Q"
    )
    line = base.mark_line(color=BLUE, strokeWidth=2.2).encode(x=when(width), y=y)
    shape = alt.Shape(
        "kind:N", title=None,
        scale=alt.Scale(domain=["calibrated", "prediction"], range=["circle", "diamond"]),
        legend=alt.Legend(symbolFillColor=VERMILION, symbolStrokeColor=VERMILION),
    )  # fmt: skip
    dots = alt.Chart(points).mark_point(size=90, filled=True, color=VERMILION, opacity=1)
    last = points.row(-1, named=True)
    finding = (
        f"{path.name.capitalize()} by the end of {last['date'].year}: published "
        f"{last['published']:,.0f} at this scale ({validation.scale}), ours {last['ours']:,.0f} "
        f"(line; band: least and largest of {validation.seeds} seeds)."
    )
    drawing = band + line + dots.encode(x=when(width), y="published:Q", shape=shape)
    return finished(finding, points, drawing, width)


def _ratios(rows: list[Row]) -> pl.DataFrame:
    """Return the rows that have a ratio above zero, with its interval."""
    kept = [(row, row.ratio) for row in rows if row.ratio is not None and row.ratio > 0]
    records = []
    for number, (row, ratio) in enumerate(kept):
        expected = float(row.expected)
        ends = sorted((one / expected if one is not None else ratio) for one in (row.low, row.high))
        records.append(
            {
                "label": f"{row.id} {row.what.split(': ', 1)[-1]}", "place": number, "ratio": ratio,
                "low": ends[0], "high": ends[1], "kind": row.kind, "verdict": row.verdict,
            }
        )  # fmt: skip
    return pl.DataFrame(records)


def ratios(validation: Validation, part: str, width: int) -> Chart | None:
    """Draw ours over published, a dot and an interval for each row of a part that is a number."""
    data = _ratios([row for row in validation.rows if row.part == part])
    if data.is_empty():
        return None
    shown = data.with_columns(pl.col("ratio", "low", "high").clip(1 / FARTHEST, FARTHEST))
    is_wide = width >= NARROW
    domain = [
        min(0.5, float(shown["low"].to_numpy().min()) / 1.1),
        max(2.0, float(shown["high"].to_numpy().max()) * 1.1),
    ]
    strip = alt.Chart(
        pl.DataFrame({"from": [1 - CALIBRATED_WITHIN], "to": [1 + CALIBRATED_WITHIN]})
    )
    labels = [wrap(one, 52 if is_wide else 24)[:MOST_LINES] for one in shown["label"]]
    base = alt.Chart(shown).encode(y=_places(labels))
    scale = alt.Scale(type="log", domain=domain, nice=False)
    x = alt.X("ratio:Q", title="ours over published", scale=scale)
    layers = (
        strip.mark_rect(color=GREEN, opacity=0.15).encode(x="from:Q", x2="to:Q"),
        alt.Chart(pl.DataFrame({"one": [1.0]})).mark_rule(color=INK, opacity=0.5).encode(x="one:Q"),
        base.mark_rule(color=INK, opacity=0.7).encode(x="low:Q", x2="high:Q"),
        base.mark_point(filled=True, size=80, opacity=1).encode(x=x, **_marks(shown)),
        base.transform_filter("datum.verdict == 'misfit'")
        .mark_point(filled=False, size=260, color=INK, strokeWidth=1.3)
        .encode(x=x),
    )
    missed = int((data["verdict"] == "misfit").sum())
    finding = (
        f"Of {data.height} numbers {data.height - missed} hold and {missed} "
        f"{'is a misfit' if missed == 1 else 'are misfits'}; the green strip is within 10 %."
    )
    height = (22 if max(map(len, labels)) == 1 else 18 * MOST_LINES) * data.height + 30
    return finished(finding, data.drop("place"), alt.layer(*layers), width, height)


def _places(labels: list[list[str]]) -> alt.Y:
    """Return the axis of rows, by place and not by label: two rows may be called the same."""
    broken = ["|".join(lines) for lines in labels]
    lines = f"split({json.dumps(broken)}[datum.value], '|')"
    return alt.Y("place:O", title=None, axis=alt.Axis(labelExpr=lines, labelLimit=340))


def _marks(shown: pl.DataFrame) -> dict[str, alt.Color | alt.Shape]:
    """Return colour by verdict and shape by kind, with legends of what is there."""

    def scale(column: str, known: dict[str, str]) -> alt.Scale:
        there = [name for name in known if name in set(shown[column])]
        return alt.Scale(domain=there, range=[known[name] for name in there])

    # One above and one below, so that both fit on a phone.
    named = "datum.label == 'misfit' ? 'misfit (ringed)' : datum.label"
    above = alt.Legend(title=None, columns=2, labelExpr=named)
    below = alt.Legend(title=None, columns=2, orient="bottom")
    return {
        "color": alt.Color("verdict:N", scale=scale("verdict", VERDICTS), legend=above),
        "shape": alt.Shape("kind:N", scale=scale("kind", KINDS), legend=below),
    }


def charts(validation: Validation, width: int) -> dict[str, Chart]:
    """Draw every chart, by a key that can stand in a page."""
    drawn: dict[str, Chart | None] = {
        f"series-{place}": series(validation, path, width)
        for place, path in enumerate(record.PATHS)
    }
    for part in "abcd":
        drawn[f"ratios-{part}"] = ratios(validation, part, width)
    return {key: chart for key, chart in drawn.items() if chart is not None}
