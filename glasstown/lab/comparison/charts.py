"""The charts of a comparison: the worlds side by side, each with its sentence and its numbers."""

from __future__ import annotations

from collections.abc import Callable
from textwrap import wrap

import altair as alt
import polars as pl

from glasstown.engine.measures import OWN_CAUSES
from glasstown.lab.charts.exclusion import CAUSE_COLOURS
from glasstown.lab.charts.numbering import middles, numbered, numbers
from glasstown.lab.charts.theme import (
    BLUE,
    GREEN,
    GREY,
    INK,
    NARROW,
    ORANGE,
    PURPLE,
    SKY,
    VERMILION,
    YELLOW,
    Chart,
    Series,
    finished,
    legend,
    thinned,
    when,
)  # fmt: skip
from glasstown.lab.comparison.comparison import Comparison
from glasstown.lab.comparison.differences import PUBLISHED_FACTOR
from glasstown.lab.comparison.findings import (
    causes_found,
    change_in_words,
    course_found,
    factor_in_words,
    moved_found,
    pairing_found,
)
from glasstown.lab.outcomes import BY_NAME, RATE, SHARE
from glasstown.lab.wording import CAUSE_WORDS, noun

WORLD_COLOURS = (BLUE, VERMILION, GREEN, PURPLE, ORANGE, SKY, GREY, YELLOW)
FARTHEST = 2.0
"""Relative differences beyond this (200 %) are drawn at the edge; the table has them all."""
EXCLUSION = ("excluded", "excluded_wrongly", "excluded_association", "listed", "low")


def worlds_series(comparison: Comparison) -> list[Series]:
    """Return the worlds with their colours."""
    colours = zip(comparison.worlds, WORLD_COLOURS * 8, strict=False)
    return [Series(one.label, one.label, colour) for one, colour in colours]


def _colour(series: list[Series], width: int) -> alt.Color:
    domain = [one.label for one in series]
    scale = alt.Scale(domain=domain, range=[one.colour for one in series])
    return alt.Color("world:N", scale=scale, sort=domain, legend=_strokes(series, width))


def _strokes(series: list[Series], width: int) -> alt.Legend:
    """Return a legend of strokes, as strong as the lines and not as pale as the bands."""
    longest = max(len(one.label) for one in series)
    return alt.Legend(
        title=None, symbolType="stroke", symbolSize=500, symbolStrokeWidth=3, symbolOpacity=1,
        columns=max(1, min(len(series), int((width - 80) // (6.5 * longest + 44)))), labelLimit=280,
    )  # fmt: skip


def course(comparison: Comparison, name: str, width: int) -> Chart | None:
    """Draw an outcome over time in every world: the mean, and a band from least to largest."""
    weekly = comparison.weekly
    if weekly.is_empty():
        return None
    data = weekly.filter(pl.col("outcome") == name).drop("outcome")
    if not data["largest"].to_numpy().any():
        return None
    series, outcome = worlds_series(comparison), BY_NAME[name]
    drawn = pl.concat([thinned(data.filter(pl.col("world") == one.label)) for one in series])
    title = {SHARE: "share of adults", RATE: "per adult and year"}.get(outcome.unit, outcome.unit)
    form = "~p" if outcome.unit == SHARE else ",.3~g"
    y = alt.Y("mean:Q", title=title, axis=alt.Axis(format=form, tickCount=6))
    base, colour = alt.Chart(drawn), _colour(series, width)
    dashes = alt.StrokeDash(
        "world:N", sort=[one.label for one in series], legend=_strokes(series, width),
        scale=alt.Scale(domain=[one.label for one in series],
                        range=[[1, 0], [7, 3], [2, 2], [9, 3, 2, 3]][: len(series)]),
    )  # fmt: skip
    band = base.mark_area(opacity=0.2).encode(
        x=when(width), y="least:Q", y2="largest:Q", color=colour
    )
    line = base.mark_line(strokeWidth=2.2, point=len(drawn) == len(series)).encode(
        x=when(width), y=y, color=colour, strokeDash=dashes
    )
    return finished(course_found(comparison, name), data, band + line, width)


def causes(comparison: Comparison, width: int) -> Chart | None:
    """Draw what adults are shut out for at the end, one bar a world."""
    there = [
        cause for cause in OWN_CAUSES if any(one[cause].mean for one in comparison.causes.values())
    ]
    if not there:
        return None
    series = [Series(one, CAUSE_WORDS[one], CAUSE_COLOURS[one]) for one in there]
    rows = [
        {"world": world, "cause": CAUSE_WORDS[cause], "share": shares[cause].mean,
         "low": shares[cause].low, "high": shares[cause].high, "order": place}
        for world, shares in comparison.causes.items()
        for place, cause in enumerate(there)
    ]  # fmt: skip
    data = pl.DataFrame(rows, infer_schema_length=None)
    x = alt.X("share:Q", title="share of adults shut out at the end",
              axis=alt.Axis(format="~p", tickCount=5 if width >= NARROW else 3))  # fmt: skip
    bars = _parts(data, "cause", x, series, list(comparison.causes), width)
    height = 60 + 48 * len(comparison.causes)
    return finished(causes_found(comparison), data.drop("order"), bars, width, height)


def _parts(
    data: pl.DataFrame, part: str, x: alt.X, series: list[Series], worlds: list[str], width: int
) -> alt.LayerChart:
    """Draw one bar a world, its parts numbered as in the legend."""
    value, domain = str(x.shorthand).split(":")[0], [one.label for one in series]
    colour = alt.Color(
        f"{part}:N", sort=domain, legend=legend(series, width),
        scale=alt.Scale(domain=domain, range=[one.colour for one in series]),
    )  # fmt: skip
    rows = _rows("world", worlds, width)
    bars = (
        alt.Chart(data)
        .mark_bar(stroke=INK, strokeWidth=0.4)
        .encode(x=x, y=rows, color=numbered(colour, series), order="order:Q")
    )
    slim = data.select("world", "order", value=pl.col(value).cast(pl.Float64))
    texts = numbers(middles(slim, "world", series), alt.X("middle:Q"), rows)
    return alt.LayerChart(layer=[bars, *texts])


def _rows(field: str, labels: list[str], width: int) -> alt.Y:
    """Return the axis of rows with long names broken."""
    split = " : ".join(
        f"datum.value == {one!r} ? {wrap(one, 46 if width >= NARROW else 17)!r}" for one in labels
    )
    return alt.Y(
        f"{field}:N", title=None, sort=labels,
        axis=alt.Axis(labelExpr=f"{split} : datum.value", labelLimit=340),
    )  # fmt: skip


def moved(comparison: Comparison, width: int) -> Chart | None:
    """Draw who is shut out in the first world only, in both, in the other only."""
    first = comparison.worlds[0].label
    parts = (("first_only", f"under {first} only", BLUE), ("both", "under both", GREY),
             ("other_only", "under the other only", VERMILION))  # fmt: skip
    rows = [
        {"world": world, "who": label, "adults": getattr(one, name).mean,
         "low": getattr(one, name).low, "high": getattr(one, name).high, "order": place}
        for world, one in comparison.transitions.items()
        for place, (name, label, _) in enumerate(parts)
    ]  # fmt: skip
    data = pl.DataFrame(rows, infer_schema_length=None)
    if data.is_empty() or not data["adults"].to_numpy().any():
        return None
    series = [Series(label, label, colour) for _, label, colour in parts]
    x = alt.X("adults:Q", title="adults shut out (mean over seeds)",
              axis=alt.Axis(tickCount=5 if width >= NARROW else 3))  # fmt: skip
    bars = _parts(data, "who", x, series, list(comparison.transitions), width)
    height = 60 + 48 * len(comparison.transitions)
    return finished(moved_found(comparison), data.drop("order"), bars, width, height)


def differences(comparison: Comparison, world: str, width: int) -> Chart | None:
    """Draw every outcome's difference in percent of the first world's, with its interval."""
    rows = []
    for one in comparison.differences:
        size, by = one.first.mean, one.difference
        if one.world != world or size == 0 or by.low is None or by.high is None:
            continue
        rows.append(
            {"outcome": one.outcome.meaning.rstrip("."), "relative": by.mean / size,
             "low": by.low / size, "high": by.high / size,
             "difference": change_in_words(one.outcome, by.mean),
             "reading": "interval beside zero" if by.is_clear else "interval holds zero"}
        )  # fmt: skip
    if not rows:
        return None
    data = pl.DataFrame(rows)
    shown = data.with_columns(pl.col("relative", "low", "high").clip(-FARTHEST, FARTHEST))
    labels = data["outcome"].to_list()
    base = alt.Chart(shown).encode(y=_rows("outcome", labels, width))
    scale = alt.Scale(domain=["interval beside zero", "interval holds zero"],
                      range=[VERMILION, GREY])  # fmt: skip
    ticks = alt.Axis(format="+~p", tickCount=7 if width >= NARROW else 3)
    x = alt.X("relative:Q", axis=ticks,
              title=f"{world} against {comparison.worlds[0].label}" if width >= NARROW
              else "difference in percent")  # fmt: skip
    zero = alt.Chart(pl.DataFrame({"zero": [0.0]})).mark_rule(color=INK, opacity=0.6)
    above = alt.Legend(title=None, columns=2)
    colour = alt.Color("reading:N", scale=scale, legend=above)
    shapes = alt.Scale(domain=scale.domain, range=["diamond", "circle"])
    shape = alt.Shape("reading:N", scale=shapes, legend=above)
    drawing = (
        zero.encode(x="zero:Q")
        + base.mark_rule(color=INK, opacity=0.7).encode(x="low:Q", x2="high:Q")
        + base.mark_point(filled=True, size=70, opacity=1).encode(x=x, color=colour, shape=shape)
    )
    clear = [one for one in rows if one["reading"] == "interval beside zero"]
    found = (
        f"Of {noun(len(rows), 'outcome')} that there are under {comparison.worlds[0].label}, "
        f"{len(clear)} differ under {world} beyond luck (the 95% interval holds no zero)."
    )
    height = (22 if width >= NARROW else 36) * len(rows) + 40
    return finished(found, data, drawing, width, height)


def pairing(comparison: Comparison, world: str, width: int) -> Chart | None:
    """Draw what pairing took off the variance of each exclusion measure's difference."""
    kept = [
        one for one in comparison.differences
        if one.world == world and one.outcome.name in EXCLUSION and one.factor.low is not None
    ]  # fmt: skip
    if not kept:
        return None
    data = pl.DataFrame(
        [
            {"outcome": one.outcome.meaning.rstrip("."), "factor": one.factor.value,
             "low": one.factor.low, "high": one.factor.high, "words": factor_in_words(one.factor)}
            for one in kept
        ]
    )  # fmt: skip
    base = alt.Chart(data).encode(y=_rows("outcome", data["outcome"].to_list(), width))
    largest = max(float(one.factor.high or 0) for one in kept)
    scale = alt.Scale(type="log", domain=[0.5, max(20.0, largest * 1.2)], nice=False)
    bar = alt.Chart(pl.DataFrame({"bar": [PUBLISHED_FACTOR]}))
    drawing = (
        bar.mark_rule(color=VERMILION, strokeDash=[6, 3]).encode(x="bar:Q")
        + base.mark_rule(color=INK, opacity=0.7).encode(x="low:Q", x2="high:Q")
        + base.mark_point(filled=True, size=80, opacity=1, color=BLUE).encode(
            x=alt.X(
                "factor:Q",
                scale=scale,
                title="variance, unpaired over paired"
                if width < NARROW
                else "variance unpaired over paired; dashes: tenfold",
            )
        )
    )
    found = pairing_found(kept[0], comparison.worlds[0].label)
    return finished(found, data, drawing, width, 40 * len(kept) + 50)


HEADINGS: dict[str, str] = {
    "excluded": "Who is shut out",
    "causes": "For what they are shut out",
    "moved": "The same people in both worlds",
    "excluded_wrongly": "Shut out, not for their own doing",
    "silenced": "Opposed and silent",
    "cautious": "Cautious",
    "offences": "Offences",
}


def charts(comparison: Comparison, width: int) -> dict[str, Chart]:
    """Draw every chart that there is something for, by a key that can stand in a page."""
    made: dict[str, Callable[[], Chart | None]] = {
        "excluded": lambda: course(comparison, "excluded", width),
        "causes": lambda: causes(comparison, width),
        "moved": lambda: moved(comparison, width),
    }
    for name in ("excluded_wrongly", "silenced", "cautious", "offences"):
        made[name] = lambda name=name: course(comparison, name, width)  # type: ignore[misc]
    drawn = {key: draw() for key, draw in made.items()}
    for place, world in enumerate(comparison.worlds[1:]):
        drawn[f"differences-{place}"] = differences(comparison, world.label, width)
        drawn[f"pairing-{place}"] = pairing(comparison, world.label, width)
    return {key: chart for key, chart in drawn.items() if chart is not None}


def headings(comparison: Comparison) -> dict[str, str]:
    """Return the heading of every chart."""
    made = dict(HEADINGS)
    for place, world in enumerate(comparison.worlds[1:]):
        made[f"differences-{place}"] = f"Every outcome: {world.label}"
        made[f"pairing-{place}"] = f"What pairing is worth: {world.label}"
    return made
