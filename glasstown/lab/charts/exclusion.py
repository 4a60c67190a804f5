"""Who is shut out, for what, of what, where, and in which group."""

from __future__ import annotations

from importlib.resources import files
from textwrap import wrap

import altair as alt
import polars as pl

from glasstown.engine.measures import CAUSES, OWN_CAUSES, SERVICES, WRONGLY
from glasstown.lab.charts.theme import (
    BLUE,
    EDGE,
    GREEN,
    GREY,
    NARROW,
    ORANGE,
    PURPLE,
    SKY,
    VERMILION,
    YELLOW,
    Chart,
    Series,
    bars,
    bars_height,
    finished,
    shares,
    stacked,
    themed,
)
from glasstown.lab.tallies import Tallies
from glasstown.lab.wording import CAUSE_WORDS, SERVICE_WORDS, joined, largest, noun, percent

CAUSE_COLOURS = {
    "deeds": GREY,
    "speech": PURPLE,
    "inability": ORANGE,
    "misidentification": VERMILION,
    "association": BLUE,
    "household": SKY,
    "several": YELLOW,
    "firm": GREEN,
}
ORDER = [cause for cause in CAUSES if cause not in WRONGLY] + list(WRONGLY)


def by_cause(tallies: Tallies, width: int) -> Chart | None:
    """Draw the share of adults who are shut out, by cause, over time."""
    series = [
        Series(f"excluded_{cause}", CAUSE_WORDS[cause], CAUSE_COLOURS[cause])
        for cause in ORDER
        if cause in OWN_CAUSES and tallies.total(f"excluded_{cause}")
    ]
    if not series:
        return None
    data = shares(tallies, series)
    share, wrongly = tallies.share("excluded"), tallies.share("excluded_wrongly", "excluded")
    finding = f"At the end {percent(share)} of adults were shut out of a service"
    if share:
        finding += f", {percent(wrongly)} of them not for their own doing"
    drawing = stacked(data, series, "adults shut out of a service", width)
    return finished(f"{finding}.", data, drawing, width)


def amounts(rows: list[tuple[str, str, float]]) -> pl.DataFrame:
    """Return rows of key, words and total as what `bars` draws; empty ones are left out."""
    kept = [(words, total) for _, words, total in rows if total]
    data = pl.DataFrame(kept, schema={"label": pl.String, "value": pl.Float64}, orient="row")
    whole = data["value"].sum()
    text = [percent(value / whole) for value in data["value"]]
    return data.with_columns(text=pl.Series(text, dtype=pl.String)).sort("value", descending=True)


def denied_service(tallies: Tallies, width: int) -> Chart | None:
    """Draw the requests refused in the whole run, by service."""
    rows = [(one, SERVICE_WORDS[one], tallies.total(f"denied_{one}")) for one in SERVICES]
    return _refused(rows, "", BLUE, width)


def denied_cause(tallies: Tallies, width: int) -> Chart | None:
    """Draw the requests refused in the whole run, by cause."""
    rows = [(one, CAUSE_WORDS[one], tallies.total(f"denied_for_{one}")) for one in CAUSES]
    return _refused(rows, "because of ", VERMILION, width)


def _refused(
    rows: list[tuple[str, str, float]], because: str, colour: str, width: int
) -> Chart | None:
    top, amount = largest((words, total) for _, words, total in rows)
    if not top:
        return None
    whole = sum(total for _, _, total in rows)
    finding = (
        f"Of {noun(whole, 'refused request')}, {percent(amount / whole)}"
        f"{' each' if len(top) > 1 else ''} were {because or 'for '}{joined(top)}."
    )
    data = amounts(rows)
    drawing = bars(data, "requests refused in the whole run", width, colour)
    return finished(finding, data, drawing, width, height=bars_height(data, width))


def by_group(tallies: Tallies, width: int) -> Chart | None:
    """Draw the share of adults shut out in each group at the end."""
    if tallies.groups.height < 2 or not tallies.last("excluded"):
        return None
    share = pl.col("excluded") / pl.col("adults")
    rows = tallies.groups.filter(pl.col("adults") > 0)
    data = rows.select(label="group", value=share).sort("value", descending=True)
    text = pl.Series([percent(value) for value in data["value"]], dtype=pl.String)
    data = data.with_columns(text=text)
    said = joined([f"{words} in group {name}" for name, words in data["label", "text"].rows()])
    drawing = bars(data, "share of adults shut out at the end", width, form="~p")
    return finished(
        f"Shut out at the end were {said}.", data, drawing, width, 34 * data.height + 20
    )


def tile_places(regions: list[str]) -> pl.DataFrame:
    """Place regions on a grid: the packaged layout, or alphabetic if it lacks one of them.

    Parameters
    ----------
    regions : list of str
        Names of the regions.

    Returns
    -------
    polars.DataFrame
        Columns ``region``, ``label``, ``row`` and ``col``, one row per region.
    """
    path = files("glasstown.lab") / "data" / "tiles.csv"
    layout = pl.read_csv(path.read_bytes()).rename({"name_en": "region"})
    if set(regions) <= set(layout["region"]):
        return layout.filter(pl.col("region").is_in(regions))
    names = sorted(regions)
    wide = max(1, round(len(names) ** 0.5))
    return pl.DataFrame(
        {
            "region": names,
            "label": [name[:4] for name in names],
            "row": [place // wide for place in range(len(names))],
            "col": [place % wide for place in range(len(names))],
        }
    )


def _tiles(data: pl.DataFrame, column: str, title: str, step: int) -> alt.LayerChart:
    most = float(data[column].to_numpy().max()) or 1.0
    base = alt.Chart(data, title=title).encode(
        x=alt.X("col:O", axis=None, scale=alt.Scale(paddingInner=0.06)),
        y=alt.Y("row:O", axis=None, scale=alt.Scale(paddingInner=0.06)),
    )
    colour = alt.Color(
        f"{column}:Q",
        scale=alt.Scale(scheme="viridis", domain=[0, most], reverse=True),
        legend=alt.Legend(title="share of adults", format="~p", gradientLength=150, tickCount=3),
    )
    ink = alt.condition(f"datum.{column} > {0.55 * most}", alt.value("#fff"), alt.value("#000"))
    size = 11 if step > 42 else 10
    tiles = base.mark_rect(cornerRadius=3, **EDGE).encode(color=colour)
    bold = base.mark_text(dy=-7, fontWeight="bold", fontSize=size)
    names = bold.encode(text="label:N", color=ink)
    values = base.mark_text(dy=8, fontSize=size).encode(text=f"{column}_text:N", color=ink)
    return (tiles + names + values).properties(width=alt.Step(step), height=alt.Step(step))


def tile_map(tallies: Tallies, width: int) -> Chart | None:
    """Draw the regions as tiles, coloured by the share of adults shut out, and wrongly so."""
    rows = tallies.regions.filter(pl.col("adults") > 0)
    if rows.height < 2 or not rows["excluded"].sum():
        return None
    columns = ("shut_out", "wrongly")
    data = rows.select(
        "region",
        shut_out=pl.col("excluded") / pl.col("adults"),
        wrongly=pl.col("excluded_wrongly") / pl.col("adults"),
    ).sort("shut_out", "region", descending=[True, False])
    first, last = data.row(0, named=True), data.row(-1, named=True)
    finding = (
        f"The share of adults shut out at the end was largest in {first['region']} "
        f"({percent(first['shut_out'])}) and smallest in {last['region']} "
        f"({percent(last['shut_out'])})."
    )
    if first["shut_out"] == last["shut_out"]:
        finding = f"The share of adults shut out was {percent(first['shut_out'])} in all regions."
    texts = [pl.Series(f"{name}_text", [_short(one) for one in data[name]]) for name in columns]
    places = tile_places(data["region"].to_list())
    placed = data.with_columns(texts).join(places, on="region", maintain_order="left")
    wide = width >= NARROW
    across = int(placed["col"].to_numpy().max()) + 1
    step = max(36, min(48, (width - 40) // (across * (2 if wide else 1)) - 2))
    panels = [
        _tiles(placed, "shut_out", "shut out of a service", step),
        _tiles(placed, "wrongly", "not for their own doing", step),
    ]
    joined_panels = alt.hconcat(*panels, spacing=32) if wide else alt.vconcat(*panels, spacing=24)
    drawing = joined_panels.resolve_scale(color="independent").properties(
        title=alt.TitleParams(wrap(finding, width // 8))
    )
    return Chart(finding, data, themed(drawing))


def _short(share: float) -> str:
    value = 100 * share
    if 0 < value < 0.05:
        return "<0.1"
    return f"{value:.1f}%" if 0 < value < 9.95 else f"{value:.0f}%"
