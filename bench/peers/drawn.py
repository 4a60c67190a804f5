"""Table and chart of the small model beside its peers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import altair as alt
import polars as pl

from glasstown.lab.charts.theme import BLUE, GREY, themed

BUSY_LOAD = 1.5
"""Mean number of running processes above which others shared the machine's cores."""


def write_table(
    path: Path, rows: list[dict[str, Any]], on: dict[str, Any], log: str, rounds: int
) -> None:
    """Write the table in Markdown, fastest first, with what it was measured on."""
    lines = [
        "| | version | citizen-weeks a second | a core's second | starting at 80 "
        "| Glasstown is faster by | bytes a citizen, at rest (at most) | citizens x weeks "
        "| ties read |",
        "|---|---|--:|--:|--:|--:|--:|--:|---|",
    ]
    for one in sorted(rows, key=lambda one: -one["rate"]):
        lines.append(
            f"| {one['name']} | {one['version']} | {one['rate']:.1e} | {one['rate_core']:.1e} "
            f"| {one['rate_80']:.1e} "
            f"| {one['ratio']:,.3g} | {one['bytes']:,.0f} ({one['most_bytes']:,.0f}) "
            f"| {one['citizens']:_} x {one['weeks']} | {one['neighbours']} |"
        )
    busy = on["load"] > BUSY_LOAD * on["cores"]
    lines += [
        "",
        f"Medians of {rounds} rounds in one sitting; how much faster is the median of the ratios "
        f"within each round. {on['processor']}, {on['cores']} cores. Raw log: `log/{log}`.",
        *([f"The machine was shared (load {on['load']:.1f}): only ratios count."] if busy else []),
        "A synthetic society, not a prediction.",
    ]
    path.write_text("\n".join(lines) + "\n")


def draw_chart(path: Path, rows: list[dict[str, Any]]) -> None:
    """Draw speed and memory beside each other, on logarithmic scales."""
    frame = pl.DataFrame(
        [{key: one[key] for key in ("name", "rate", "slowest", "fastest", "bytes")} for one in rows]
    )
    order = frame.sort("rate", descending=True)["name"].to_list()
    names = alt.Y("name:N", sort=order, title=None)
    colour = alt.condition(alt.datum.name == "Glasstown", alt.value(BLUE), alt.value(GREY))
    base = alt.Chart(frame).encode(y=names)
    panels = []
    for column, title in (
        ("rate", "citizen-weeks a second (median, all rounds)"), ("bytes", "bytes a citizen"),
    ):  # fmt: skip
        x = alt.X(f"{column}:Q", title=title, scale=alt.Scale(type="log"),
                  axis=alt.Axis(format="~s", tickCount=5))  # fmt: skip
        layers = [base.mark_circle(size=110, opacity=1).encode(x=x, color=colour)]
        if column == "rate":
            layers.insert(
                0,
                base.mark_rule(strokeWidth=3, opacity=0.4).encode(
                    x=alt.X("slowest:Q", scale=alt.Scale(type="log"), title=title), x2="fastest:Q",
                    color=colour,
                ),
            )  # fmt: skip
        panels.append(alt.layer(*layers).properties(width=290, height=200))
    title = "One small model in seven frameworks: further right is faster, and heavier"
    themed(alt.hconcat(*panels, title=title)).save(str(path))
