"""The one look of all charts: palette, fonts, axes, and the frame that a chart is made from.

Colours are those of Okabe and Ito (2008, Color Universal Design) and of viridis; text and rules
take the colour of the page, so that a chart reads on white, on dark and on paper. No series is told
by its colour alone: lines have dashes, layers and columns the number of their place in the legend.
"""

from __future__ import annotations

from textwrap import wrap
from typing import Any, NamedTuple

import altair as alt
import polars as pl

from glasstown.lab.charts.numbering import numbered, numbers, numbers_inside
from glasstown.lab.charts.series import Series as Series
from glasstown.lab.tallies import Tallies

INK = "currentColor"
FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'DejaVu Sans', sans-serif"
ORANGE, SKY, GREEN, YELLOW = "#E69F00", "#56B4E9", "#009E73", "#F0E442"
BLUE, VERMILION, PURPLE, GREY = "#0072B2", "#D55E00", "#CC79A7", "#5F656D"

EDGE: dict[str, Any] = {"stroke": INK, "strokeWidth": 0.5, "strokeOpacity": 0.5}
"""A hairline around a colour, so that the darkest reads on dark and the lightest on white."""

PLAIN = ",.12~g"
"""The number format of counts: separators, no prefixes, no needless zeros."""

NARROW = 600
"""Below this width a chart is drawn for a phone: fewer ticks, legend in fewer columns."""

MOST_WEEKS = 120


class Chart(NamedTuple):
    """A drawn chart, the sentence it shows, and the numbers in it; a notebook displays it."""

    finding: str
    data: pl.DataFrame
    drawing: alt.TopLevelMixin

    def _repr_mimebundle_(self, *args: Any, **named: Any) -> Any:
        """Display the drawing, with the finding as its title, as Altair is set up to."""
        return self.drawing._repr_mimebundle_(*args, **named)


def themed(drawing: alt.TopLevelMixin) -> alt.TopLevelMixin:
    """Give a chart the look of all charts."""
    quiet = {"domainOpacity": 0.5, "gridOpacity": 0.13, "tickOpacity": 0.5}
    axis = {"labelColor": INK, "titleColor": INK, "domainColor": INK, "tickColor": INK,
            "gridColor": INK, "labelFontSize": 12, "titleFontSize": 12, "titleFontWeight": "normal",
            "labelLimit": 220, **quiet}  # fmt: skip
    legend = {"labelColor": INK, "titleColor": INK, "labelFontSize": 12, "titleFontSize": 12,
              "titleFontWeight": "normal", "orient": "top", "labelLimit": 330}  # fmt: skip
    header = {"labelColor": INK, "titleColor": INK, "labelFontSize": 13}
    return drawing.configure(
        font=FONT, background="transparent", axis=axis, legend=legend, header=header,
        view={"stroke": None}, title={"color": INK, "anchor": "start", "fontSize": 14},
    )  # fmt: skip


def finished(
    finding: str, data: pl.DataFrame, drawing: alt.TopLevelMixin, width: int, height: int = 300
) -> Chart:
    """Return a single-panel chart of a total width in pixels, themed and titled."""
    sized = drawing.properties(
        width=width, height=height, title=wrap(finding, width // 8),
        autosize=alt.AutoSizeParams(type="fit-x", contains="padding"),
    )  # fmt: skip
    return Chart(finding, data, themed(sized))


def shares(tallies: Tallies, series: list[Series], of: str = "adults") -> pl.DataFrame:
    """Return weekly columns as shares of another: week, date, and one column per series."""
    return share_columns(tallies.country, series, of)


def share_columns(weeks: pl.DataFrame, series: list[Series], of: str) -> pl.DataFrame:
    """Return columns of some weeks as shares of another, 0 where that is 0."""
    whole = pl.col(of)
    share = [
        pl.when(whole > 0).then(pl.col(one.column) / whole).otherwise(0.0).alias(one.label)
        for one in series
    ]
    return weeks.select("week", "date", *share)


def per_year(
    tallies: Tallies, series: list[Series], weeks: pl.DataFrame | None = None
) -> pl.DataFrame:
    """Return flows summed by calendar year: year, one column per series, and ``adult_years``."""
    sums = [pl.col(one.column).sum().alias(one.label) for one in series]
    years = (pl.col("adults").sum() * 7 / 365.25).alias("adult_years")
    return (
        (tallies.country if weeks is None else weeks)
        .with_columns(year=pl.col("date").dt.year())
        .group_by("year")
        .agg(*sums, years)
        .sort("year")
    )


def thinned(weekly: pl.DataFrame, most: int = MOST_WEEKS) -> pl.DataFrame:
    """Return at most ``most`` of the weeks, evenly apart and always with the last one.

    >>> thinned(pl.DataFrame({"week": range(1, 11)}), most=4)["week"].to_list()
    [1, 4, 7, 10]
    """
    step = -(-weekly.height // most)
    return weekly.reverse().gather_every(step).reverse()


def unpivoted(data: pl.DataFrame, series: list[Series]) -> pl.DataFrame:
    """Return one row per week (or year) and series, with the place of the series as ``order``."""
    labels = [one.label for one in series]
    keys = [name for name in ("week", "date", "year") if name in data.columns]
    rows = data.unpivot(labels, index=keys, variable_name="series", value_name="value")
    places = {label: place for place, label in enumerate(labels)}
    return rows.with_columns(order=pl.col("series").replace_strict(places))


def when(width: int) -> alt.X:
    """Return the time axis."""
    ticks = 8 if width >= NARROW else 4
    return alt.X("date:T", title=None, scale=alt.Scale(type="utc"), axis={"tickCount": ticks})


def legend(series: list[Series], width: int) -> alt.Legend:
    """Return the legend of the series, in as many columns as fit."""
    longest = max(len(one.label) for one in series)
    fit = int((width - 80) // (6.5 * longest + 24))
    return alt.Legend(title=None, columns=max(1, min(len(series), fit)), symbolSize=180)


def colours(series: list[Series], width: int) -> alt.Color:
    """Return the colour channel of the series, with its legend on top."""
    domain, colour_range = [one.label for one in series], [one.colour for one in series]
    scale = alt.Scale(domain=domain, range=colour_range)
    return alt.Color("series:N", scale=scale, legend=legend(series, width), sort=domain)


def stacked(data: pl.DataFrame, series: list[Series], unit: str, width: int) -> alt.LayerChart:
    """Draw shares over time, stacked and numbered; one bar if there is one week only."""
    rows = unpivoted(thinned(data), series)
    base = alt.Chart(rows)
    marked = base.mark_area(**EDGE) if data.height > 1 else base.mark_bar(size=60, **EDGE)
    layers = marked.encode(
        x=when(width),
        y=alt.Y("value:Q", title=unit, stack="zero", axis=alt.Axis(format="~p", tickCount=6)),
        color=numbered(colours(series, width), series),
        order="order:Q",
    )
    inside: dict[str, Any] = {"align": "right", "dx": -5} if data.height > 1 else {}
    texts = numbers(numbers_inside(rows, series), when(width), **inside)
    return alt.LayerChart(layer=[layers, *texts])


def lines(
    data: pl.DataFrame, series: list[Series], unit: str, width: int, form: str = "~p"
) -> alt.Chart:
    """Draw series over time as lines from zero; points if there is one week only."""
    dashes = [[1, 0], [7, 3], [2, 2], [9, 3, 2, 3], [4, 4]]
    labels = [one.label for one in series]
    base = alt.Chart(unpivoted(thinned(data), series))
    return base.mark_line(strokeWidth=2.2, point=data.height == 1).encode(
        x=when(width),
        y=alt.Y(
            "value:Q", title=unit, scale=alt.Scale(zero=True),
            axis=alt.Axis(format=form, tickCount=6),
        ),
        color=colours(series, width),
        strokeDash=alt.StrokeDash(
            "series:N", scale=alt.Scale(domain=labels, range=dashes[: len(labels)]),
            legend=legend(series, width), sort=labels,
        ),
    )  # fmt: skip


def bars(
    data: pl.DataFrame, unit: str, width: int, colour: str = BLUE, form: str = PLAIN
) -> alt.LayerChart:
    """Draw one horizontal bar per row of ``label`` and ``value``, longest first, with ``text``."""
    wide = width >= NARROW
    longest = float(data["value"].to_numpy().max())
    lines = ["|".join(one) for one in _beside(data, width)]
    broken = data.with_columns(pl.Series("label", lines))
    labels = alt.Axis(labelExpr="split(datum.label, '|')", labelLimit=300)
    order = broken["label"].to_list()
    base = alt.Chart(broken).encode(y=alt.Y("label:N", title=None, sort=order, axis=labels))
    scale = alt.Scale(domain=[0, longest * (1.12 if wide else 1.3)], nice=False)
    ticks = alt.Axis(format=form, tickCount=5 if wide else 3)
    across = alt.X("value:Q", title=unit, scale=scale, axis=ticks)
    words = base.mark_text(align="left", dx=4, color=INK, fontSize=12)
    return base.mark_bar(color=colour).encode(x=across) + words.encode(x=across, text="text:N")


def bars_height(data: pl.DataFrame, width: int) -> int:
    """Return the height of `bars`: room for the bar with the most lines of words beside it."""
    most = max(len(lines) for lines in _beside(data, width))
    return max(34, 15 * most + 4) * data.height + 20


def _beside(data: pl.DataFrame, width: int) -> list[list[str]]:
    """Return the words beside each bar, in lines."""
    return [wrap(label, 60 if width >= NARROW else 17) for label in data["label"]]


def columns(
    data: pl.DataFrame, series: list[Series], unit: str, width: int, side_by_side: bool = False
) -> alt.LayerChart:
    """Draw columns per calendar year, stacked or side by side, those of the last year numbered."""
    rows = unpivoted(data, series)
    size = min(48, (width - 120) // (data.height + 1))
    x = alt.X("year:O", title="calendar year", axis=alt.Axis(labelAngle=0))
    base = alt.Chart(rows)
    drawn = (base.mark_bar() if side_by_side else base.mark_bar(size=size)).encode(
        x=x,
        y=alt.Y("value:Q", title=unit, axis=alt.Axis(format=PLAIN, tickCount=6)),
        color=numbered(colours(series, width), series),
        order="order:Q",
    )
    if not side_by_side:
        texts = numbers(numbers_inside(rows, series), x)
        return alt.LayerChart(layer=[drawn, *texts])
    last = rows.filter(pl.col("year") == pl.col("year").max())
    above = alt.Chart(last.with_columns(number=(pl.col("order") + 1).cast(pl.String)))
    text = above.mark_text(dy=-7, color=INK, fontSize=12, fontWeight="bold").encode(
        x=x, y="value:Q", text="number:N", xOffset="order:O"
    )
    return alt.LayerChart(layer=[drawn.encode(xOffset="order:O"), text])
