"""The charts of a dossier: each says one thing, with the numbers behind it."""

from __future__ import annotations

from collections.abc import Callable
from textwrap import wrap

import altair as alt
import polars as pl

from glasstown.engine.measures import WRONGLY
from glasstown.lab.assessment.context import SOURCE_WORDS
from glasstown.lab.assessment.domains import MISTAKES
from glasstown.lab.assessment.dossier import Assessment
from glasstown.lab.assessment.remedies import DAMAGE
from glasstown.lab.assessment.variants import APART
from glasstown.lab.assessment.wrongs import HOP_WORDS
from glasstown.lab.charts.theme import (
    BLUE,
    INK,
    NARROW,
    ORANGE,
    SKY,
    VERMILION,
    Chart,
    bars,
    finished,
)
from glasstown.lab.wording import CAUSE_WORDS, decimal, percent

MOST_SOURCES = 16
TIMES = [0.1, 0.2, 0.5, 0.7, 1, 1.5, 2, 3, 5, 10]
"""Where an axis of ratios is labelled."""
SHORT = {"shut_out": "ever shut out", "shut_out_wrongly": "not for own doing"}


def _height(rows: int, width: int) -> int:
    return (26 if width >= NARROW else 44) * rows + 50


def matrix(found: Assessment, width: int) -> Chart | None:
    """Draw refusals and delays by source and treatment; the same part of life is framed."""
    section = found.section("context")
    rows = [
        {"source": SOURCE_WORDS.get(source, source).replace("_", " ").split(" (")[0],
         "treatment": treatment.replace("_", " "), "value": max(one.mean, 0.0),
         "is_same": source == treatment, "text": _brief(one.mean)}
        for source, row in section.measures["matrix"].items()
        for treatment, one in row.items()
    ]  # fmt: skip
    data = pl.DataFrame(rows)
    if data.is_empty() or data["value"].sum() <= 0:
        return None
    order = (
        data.group_by("source").agg(pl.col("value").sum()).sort("value", descending=True)
    )["source"].to_list()[:MOST_SOURCES]  # fmt: skip
    data = data.filter(pl.col("source").is_in(order))
    is_wide = width >= NARROW
    base = alt.Chart(data).encode(
        x=alt.X("treatment:N", title="refused or delayed in", sort=None,
                axis=alt.Axis(orient="top", labelAngle=0 if is_wide else -60)),
        y=alt.Y("source:N", title=None, sort=order),
    )  # fmt: skip
    scale = alt.Scale(type="symlog", constant=5, scheme="viridis", reverse=True)
    colour = alt.Color(
        "value:Q", scale=scale, legend=None,
    )  # fmt: skip
    most = float(data["value"].to_numpy().max())
    words = alt.condition(alt.datum.value > most / 12, alt.value("white"), alt.value("black"))
    layers = (
        base.mark_rect(filled=False, stroke=INK, strokeOpacity=0.12),
        base.transform_filter("datum.value >= 0.5").mark_rect().encode(color=colour),
        base.transform_filter(alt.datum.is_same).mark_rect(
            filled=False, stroke=VERMILION, strokeWidth=3
        ),
        base.mark_text(fontSize=12 if is_wide else 9).encode(text="text:N", color=words),
    )
    share = section.measures["share_off_diagonal_fell"]
    said = "no share can be told" if share is None else percent(share.mean)
    finding = (
        f"Outside the part of life in which it arose: {said}. Requests per 100,000 adults and "
        "year that would not have been refused or delayed without penalties for the source (rows); "
        "framed: the same part of life."
    )
    return finished(finding, data.drop("text"), alt.layer(*layers), width, _height(len(order), 700))


def _brief(value: float) -> str:
    if abs(value) < 0.5:
        return ""
    return f"{value:,.0f}".replace("-", "−")


def causes(found: Assessment, width: int) -> Chart | None:
    """Draw person-years shut out by cause."""
    known = found.section("wrongs").measures["person_years_by_cause_per_100_000_adults_and_year"]
    rows = [
        {"label": CAUSE_WORDS[cause] + ("" if cause in WRONGLY else " (own doing)"),
         "value": one.mean, "text": decimal(one.mean)}
        for cause, one in known.items() if one is not None and one.mean > 0
    ]  # fmt: skip
    if not rows:
        return None
    data = pl.DataFrame(rows).sort("value", descending=True)
    wrong = sum(one.mean for c, one in known.items() if one is not None and c in WRONGLY)
    whole = sum(one.mean for one in known.values() if one is not None)
    finding = f"{percent(wrong / whole)} of all time shut out was not for the person's own doing."
    drawing = bars(data, "person-years per 100,000 a year", width, VERMILION)
    return finished(finding, data.drop("text"), drawing, width, _height(data.height, width))


def tails(found: Assessment, width: int) -> Chart | None:
    """Draw how long spells of exclusion lasted: median, one in ten, one in a hundred."""
    spells = found.section("proportion").measures["spells_by_cause"]
    rows = [
        {"label": CAUSE_WORDS[cause], "p50": one["p50"], "p90": one["p90"], "p99": one["p99"],
         "spells": one["spells"]}
        for cause, one in spells.items() if one["spells"]
    ]  # fmt: skip
    if not rows:
        return None
    data = pl.DataFrame(rows)
    base = _labelled(data, width)
    points = data.unpivot(["p50", "p90", "p99"], index="label", variable_name="of all spells")
    points = points.with_columns(
        pl.col("of all spells").replace_strict(
            {"p50": "half", "p90": "nine in ten", "p99": "99 in 100"}
        )
    )
    dots = _labelled(points, width).mark_point(filled=True, size=110, opacity=1)
    scale = alt.Scale(domain=["half", "nine in ten", "99 in 100"], range=[SKY, BLUE, VERMILION])
    legend = alt.Legend(title="weeks not exceeded by", columns=3)
    shapes = alt.Scale(domain=scale.domain, range=["circle", "square", "diamond"])
    shape = alt.Shape("of all spells:N", legend=legend, sort=None, scale=shapes)
    layers = (
        base.mark_rule(color=INK, opacity=0.5).encode(x="p50:Q", x2="p99:Q"),
        dots.encode(
            x=alt.X("value:Q", title="weeks shut out in one spell", scale=alt.Scale(zero=True)),
            color=alt.Color("of all spells:N", scale=scale, legend=legend, sort=None), shape=shape,
        ),
    )  # fmt: skip
    top = data.sort("p99", descending=True).row(0, named=True)
    finding = (
        f"The longest tail is for {top['label']}: one spell in a hundred lasted more than "
        f"{top['p99']} weeks (median {top['p50']})."
    )
    return finished(finding, data, alt.layer(*layers), width, _height(data.height, width) + 40)


def _labelled(data: pl.DataFrame, width: int) -> alt.Chart:
    """Return a chart of one row per label, labels broken where the page is narrow."""
    wide = width >= NARROW
    broken = data.with_columns(
        pl.Series("label", ["|".join(wrap(one, 40 if wide else 17)) for one in data["label"]])
    )
    order = broken["label"].unique(maintain_order=True).to_list()
    axis = alt.Axis(labelExpr="split(datum.label, '|')", labelLimit=300)
    return alt.Chart(broken).encode(y=alt.Y("label:N", title=None, sort=order, axis=axis))


def disparity(found: Assessment, width: int) -> Chart | None:
    """Draw how many times the share of everybody else is shut out, by trait."""
    rows = [
        {"label": f"{one['by'][0]}: {one['cell'][0]}", "ratio": one["ratio"],
         "low": one["ratio_low"], "high": one["ratio_high"], "share": one["rate"],
         "outcome": SHORT[one["outcome"]]}
        for one in found.section("disparity").measures["rates"]
        if len(one["by"]) == 1 and one["ratio"] is not None and one["ratio_high"] is not None
        and one["outcome"] in SHORT
    ]  # fmt: skip
    if not rows:
        return None
    data = pl.DataFrame(rows)
    is_wide = width >= NARROW
    names = data["outcome"].unique(maintain_order=True).to_list()
    scale = alt.Scale(type="log", nice=False)
    colour = alt.Color(
        "outcome:N", sort=None, scale=alt.Scale(domain=names, range=[BLUE, ORANGE][: len(names)]),
        legend=alt.Legend(title=None, columns=2 if is_wide else 1),
    )  # fmt: skip
    shape = alt.Shape(
        "outcome:N", sort=None,
        scale=alt.Scale(domain=names, range=["circle", "diamond"][: len(names)]),
        legend=alt.Legend(title=None, columns=2 if is_wide else 1),
    )  # fmt: skip
    base = _labelled(data, width).encode(yOffset=alt.YOffset("outcome:N", sort=None))
    rule = alt.Chart(pl.DataFrame({"one": [1.0]})).mark_rule(color=INK, opacity=0.5)
    layers = (
        rule.encode(x=alt.X("one:Q", scale=scale)),
        base.mark_rule(opacity=0.9).encode(
            x=alt.X("low:Q", scale=scale), x2="high:Q", color=colour
        ),
        base.mark_point(filled=True, size=70, opacity=1).encode(
            x=alt.X("ratio:Q", scale=scale, title="times the share of everybody else",
                    axis=alt.Axis(values=TIMES, format="~g")),
            color=colour, shape=shape,
        ),
    )  # fmt: skip
    first = data.filter(pl.col("outcome") == names[0])
    if first.is_empty():
        return None
    top = first.sort("ratio", descending=True).row(0, named=True)
    finding = (
        f"Furthest above everybody else in being {names[0]}: {top['label']}, {top['ratio']:.1f} "
        f"times (95% interval {top['low']:.1f} to {top['high']:.1f})."
    )
    rows_high = data["label"].n_unique()
    return finished(finding, data, alt.layer(*layers), width, _height(rows_high, width) + 50)


def hops(found: Assessment, width: int) -> Chart | None:
    """Draw what fraction of refused requests hangs on each contagion."""
    known = found.section("association").measures["attributable_fractions"]
    rows = [
        {"label": HOP_WORDS[name], "value": max(one["refusals"].mean, 0.0),
         "text": one["refusals"].said("percent").split(" (")[0]}
        for name, one in known.items() if one["refusals"] is not None
    ]  # fmt: skip
    data = pl.DataFrame(rows)
    if data.is_empty() or data["value"].sum() <= 0:
        return None
    data = data.sort("value", descending=True)
    single = data.filter(~pl.col("label").is_in([HOP_WORDS[APART], HOP_WORDS[MISTAKES]]))
    top = (data if single.is_empty() else single).row(0, named=True)
    finding = (
        f"Of single hops, {top['label']} carries most: without it {top['text']} fewer requests are "
        "refused."
    )
    drawing = bars(data, "share of refused requests", width, ORANGE, "~p")
    return finished(finding, data.drop("text"), drawing, width, _height(data.height, width))


def speech(found: Assessment, width: int) -> Chart | None:
    """Draw what is thought and said at the end, under the scheme and without any."""
    from glasstown.lab.assessment.chill import STOCKS

    known = found.section("chill").measures.get("shares_at_the_end", {})
    rows = [
        {"label": STOCKS[name], "world": words, "share": one[world].mean}
        for name, one in known.items()
        for world, words in (("scheme", "under the scheme"), ("none", "without any"))
        if one["scheme"] is not None and one["none"] is not None
    ]
    if not rows:
        return None
    data = pl.DataFrame(rows)
    names = ["under the scheme", "without any"]
    legend = alt.Legend(title=None, columns=2)
    scale = alt.Scale(domain=names, range=[VERMILION, BLUE])
    base = _labelled(data, width)
    dots = base.mark_point(filled=True, size=120, opacity=1).encode(
        x=alt.X("share:Q", title="share of adults at the end",
                axis=alt.Axis(format="~p", tickCount=5)),
        color=alt.Color("world:N", scale=scale, legend=legend),
        shape=alt.Shape("world:N", legend=legend,
                        scale=alt.Scale(domain=names, range=["diamond", "circle"])),
    )  # fmt: skip
    lines = base.mark_line(color=INK, opacity=0.4).encode(x="share:Q", detail="label:N")
    share = {(one["label"], one["world"]): one["share"] for one in rows}
    key = STOCKS["critical"]
    finding = (
        f"Criticism is voiced by {percent(share[key, names[1]])} of adults without the scheme and "
        f"by {percent(share[key, names[0]])} under it; what is thought is nearly the same."
    )
    opposed = STOCKS["opposed"]
    if abs(share[opposed, names[0]] - share[opposed, names[1]]) > 0.01:
        finding = finding.replace("; what is thought is nearly the same", "")
    height = _height(len(known), width) + 40
    return finished(finding, data, lines + dots, width, height)


def left(found: Assessment, width: int) -> Chart | None:
    """Draw what is left of the damage after switching off."""
    known = found.section("reversibility").measures.get("left", {})
    rows = [
        {"label": DAMAGE[name], "value": max(one.mean, 0.0), "text": percent(max(one.mean, 0.0))}
        for name, one in known.items()
    ]
    data = pl.DataFrame(rows)
    if data.is_empty() or data["value"].sum() <= 0:
        return None
    data = data.sort("value", descending=True)
    top = data.row(0, named=True)
    finding = f"Most is left of this: {top['label']} ({top['text']})."
    drawing = bars(data, "share of the damage left after switching off", width, BLUE, "~p")
    return finished(finding, data.drop("text"), drawing, width, _height(data.height, width))


CHARTS: dict[str, tuple[str, str, Callable[[Assessment, int], Chart | None]]] = {
    "matrix": ("context", "Where data arise and where treatment falls", matrix),
    "tails": ("proportion", "How long exclusion lasts", tails),
    "causes": ("wrongs", "Time shut out, by cause", causes),
    "hops": ("association", "Refusals that hang on others", hops),
    "disparity": ("disparity", "Who is hit more often than everybody else", disparity),
    "speech": ("chill", "What is thought and what is said", speech),
    "left": ("reversibility", "What is left after switching off", left),
}
"""By key: the section it belongs to, its heading, and the function that draws it."""


def charts(found: Assessment, width: int) -> dict[str, Chart]:
    """Draw every chart that a dossier has something to show for, by key."""
    drawn = {key: draw(found, width) for key, (_, _, draw) in CHARTS.items()}
    return {key: chart for key, chart in drawn.items() if chart is not None}
