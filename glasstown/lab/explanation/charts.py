"""The charts of an explanation: shares, what each mechanism alone decides, pairs, ways."""

from __future__ import annotations

from textwrap import wrap

import altair as alt
import polars as pl

from glasstown.lab.charts.numbering import numbered
from glasstown.lab.charts.series import Series
from glasstown.lab.charts.theme import BLUE, GREY, INK, NARROW, SKY, VERMILION, Chart, finished
from glasstown.lab.explanation.attribution import Attribution
from glasstown.lab.explanation.explanation import Explanation
from glasstown.lab.explanation.findings import (
    but_for_found,
    net_found,
    pair_found,
    shares_found,
    ways_found,
)
from glasstown.lab.wording import noun

HEADINGS = {
    "shares": "What those shut out owe to each mechanism",
    "decides": "What each mechanism decides",
    "net": "The whole effect, shared out",
    "pairs": "How mechanisms act together",
    "ways": "What it took",
}
MOST_WAYS = 8


def _rows(labels: list[str], width: int, field: str = "label") -> alt.Y:
    """Return the axis of rows with long names broken."""
    split = " : ".join(
        f"datum.value == {one!r} ? {wrap(one, 44 if width >= NARROW else 17)!r}" for one in labels
    )
    return alt.Y(
        f"{field}:N", title=None, sort=labels,
        axis=alt.Axis(labelExpr=f"{split} : datum.value", labelLimit=320),
    )  # fmt: skip


def _bars(rows: list[dict[str, object]], finding: str, width: int, colour: str = BLUE) -> Chart:
    """Draw one bar a row of label, adults, low and high, with its interval."""
    data = pl.DataFrame(rows, infer_schema_length=None)
    base = alt.Chart(data).encode(y=_rows(data["label"].to_list(), width))
    ticks = alt.Axis(tickCount=6 if width >= NARROW else 3)
    drawing: alt.TopLevelMixin = base.mark_bar(color=colour, opacity=0.85).encode(
        x=alt.X("adults:Q", title="adults, mean over seeds", axis=ticks)
    )
    if data["low"].null_count() < data.height:
        drawing += base.mark_rule(color=INK, strokeWidth=1.5).encode(x="low:Q", x2="high:Q")
    lines = sum(len(wrap(str(row["label"]), 44 if width >= NARROW else 17)) for row in rows)
    height = 18 * lines + 20 * len(rows) + 40
    return finished(finding, data, drawing, width, height)


def shares(one: Attribution, label: str, width: int) -> Chart | None:
    """Draw each mechanism's share in those befallen, and those befallen anyway."""
    if one.befallen.mean == 0:
        return None
    ordered = sorted(one.shares(), key=lambda row: -row.share.mean)
    rows: list[dict[str, object]] = [
        {"label": row.mechanism, "adults": row.share.mean, "low": row.share.low,
         "high": row.share.high}
        for row in ordered
    ]  # fmt: skip
    rows.append({"label": "with all of these off too", "adults": one.anyway.mean,
                 "low": one.anyway.low, "high": one.anyway.high})  # fmt: skip
    return _bars(rows, shares_found(one, label), width)


def net(one: Attribution, width: int) -> Chart | None:
    """Draw each mechanism's share in the whole effect on the country."""
    rows: list[dict[str, object]] = [
        {"label": row.mechanism, "adults": row.net.mean, "low": row.net.low, "high": row.net.high}
        for row in sorted(one.shares(), key=lambda row: -row.net.mean)
    ]
    if not any(row["adults"] for row in rows):
        return None
    return _bars(rows, net_found(one), width, VERMILION)


def decides(one: Attribution, width: int) -> Chart | None:
    """Draw, for each mechanism, whom it decides: but for it, by it alone, spared by it."""
    kinds = (("but for it not", "but_for", VERMILION), ("by it alone", "alone", BLUE),
             ("kept from it", "spared", SKY))  # fmt: skip
    ordered = sorted(one.shares(), key=lambda row: -row.but_for.mean)
    rows = [
        {"label": row.mechanism, "kind": kind, "adults": getattr(row, name).mean,
         "low": getattr(row, name).low, "high": getattr(row, name).high, "order": place}
        for row in ordered
        for place, (kind, name, _) in enumerate(kinds)
    ]  # fmt: skip
    data = pl.DataFrame(rows, infer_schema_length=None)
    if not data["adults"].to_numpy().any():
        return None
    names, columns = [kind for kind, _, _ in kinds], 3 if width >= NARROW else 1
    scale = alt.Scale(domain=names, range=[colour for _, _, colour in kinds])
    colour = alt.Color("kind:N", scale=scale, sort=names,
                       legend=alt.Legend(title=None, columns=columns))  # fmt: skip
    base = alt.Chart(data.with_columns(number=(pl.col("order") + 1).cast(pl.String))).encode(
        x=alt.X("adults:Q", title="adults, mean over seeds",
                axis=alt.Axis(tickCount=6 if width >= NARROW else 3)),
        y=_rows([row.mechanism for row in ordered], width),
        yOffset=alt.YOffset("kind:N", sort=names),
    )  # fmt: skip
    series = [Series(name, kind, shade) for kind, name, shade in kinds]
    bars = base.mark_bar(stroke=INK, strokeWidth=0.4).encode(color=numbered(colour, series))
    text = base.mark_text(align="left", dx=4, color=INK, fontSize=11).encode(text="number:N")
    drawing = alt.LayerChart(layer=[bars, text])
    return finished(but_for_found(one), data.drop("order"), drawing, width, 66 * len(ordered) + 50)


def pairs(one: Attribution, width: int) -> Chart | None:
    """Draw the interaction of every two mechanisms."""
    rows: list[dict[str, object]] = [
        {"label": f"{pair.first} and {pair.second}", "adults": pair.term.mean,
         "low": pair.term.low, "high": pair.term.high}
        for pair in one.pairs()
    ]  # fmt: skip
    if not any(row["adults"] for row in rows):
        return None
    return _bars(rows, f"{pair_found(one.pairs()[0])}", width, GREY)


def ways(one: Attribution, width: int) -> Chart | None:
    """Draw what it took, the most frequent ways first."""
    known = one.ways()
    if not known:
        return None
    rows: list[dict[str, object]] = [
        {"label": way.words, "adults": way.adults, "low": None, "high": None}
        for way in known[:MOST_WAYS]
    ]
    if len(known) > MOST_WAYS:
        rest = sum(way.adults for way in known[MOST_WAYS:])
        rows.append({"label": f"{noun(len(known) - MOST_WAYS, 'rarer way')}", "adults": rest,
                     "low": None, "high": None})  # fmt: skip
    chart = _bars(rows, ways_found(one), width)
    return chart._replace(data=chart.data.select("label", "adults"))


def charts(explanation: Explanation, width: int) -> dict[str, Chart]:
    """Draw every chart that there is something for."""
    if not explanation.attributions:
        return {}
    one = explanation.attributions["excluded"]
    drawn = {
        "shares": shares(one, explanation.world.label, width),
        "ways": ways(one, width),
        "decides": decides(one, width),
        "net": net(one, width),
        "pairs": pairs(one, width),
    }
    return {key: chart for key, chart in drawn.items() if chart is not None}
