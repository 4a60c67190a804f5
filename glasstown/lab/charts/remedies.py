"""Ways off a list and around it: exits, appeals, and the test of ability."""

from __future__ import annotations

import altair as alt
import polars as pl

from glasstown.engine.measures import EXITS
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
    Chart,
    Series,
    columns,
    finished,
    per_year,
)
from glasstown.lab.listings import ability as ability_found
from glasstown.lab.listings import appeals as appeals_found
from glasstown.lab.listings import confusion
from glasstown.lab.tallies import Tallies
from glasstown.lab.wording import EXIT_WORDS, counted, joined, largest, noun, percent

EXIT_COLOURS = dict(zip(EXITS, (GREY, GREEN, BLUE, SKY, VERMILION, ORANGE), strict=True))


def exits(tallies: Tallies, width: int) -> Chart | None:
    """Draw how black lists were left, by year."""
    series = [
        Series(f"exits_{one}", EXIT_WORDS[one], EXIT_COLOURS[one])
        for one in EXITS
        if tallies.total(f"exits_{one}")
    ]
    if not series:
        return None
    data = per_year(tallies, series).drop("adult_years")
    top, amount = largest((one.label, tallies.total(one.column)) for one in series)
    whole = tallies.total("exits")
    each = " each" if len(top) > 1 else ""
    finding = (
        f"Black lists were left {noun(whole, 'time')}, most often by {joined(top)} "
        f"({percent(amount / whole)}{each})."
    )
    drawing = columns(data, series, "exits in the year", width)
    return finished(finding, data, drawing, width)


def appeals(tallies: Tallies, width: int) -> Chart | None:
    """Draw appeals won and lost, and the listings of which nobody was told, by year."""
    found = appeals_found(tallies)
    if found is None:
        return None
    series = [
        Series("appeals_won", "won", GREEN),
        Series("appeals_lost", "lost", PURPLE),
        Series("appeals_not_told", "not made: never told", VERMILION),
    ]
    lost = pl.col("appeals") - pl.col("appeals_won")
    country = tallies.country.with_columns(appeals_lost=lost)
    kept = [one for one in series if country[one.column].sum()]
    data = per_year(tallies, kept, country).drop("adult_years")
    drawing = columns(data, kept, "listings in the year", width)
    return finished(found.sentence, data, drawing, width)


def ability(tallies: Tallies, width: int) -> Chart | None:
    """Draw whom the test of ability spared and who was entered, as a matrix."""
    found, said = confusion(tallies), ability_found(tallies)
    if found is None or said is None:
        return None
    wide = width >= NARROW
    unable, able = "what could not be helped", "own deeds"
    cells = [
        (unable, "spared", found.unable_spared), (unable, "entered", found.unable_entered),
        (able, "spared", found.able_spared), (able, "entered", found.able_entered),
    ]  # fmt: skip
    data = pl.DataFrame(cells, ["case", "outcome", "number"], orient="row").with_columns(
        share=pl.col("number") / pl.col("number").sum().over("case")
    )
    text = [
        f"{counted(number)} ({percent(share) if share == share else 'none'})"
        for number, share in data["number", "share"].rows()
    ]
    data = data.with_columns(text=pl.Series(text, dtype=pl.String)).fill_nan(0.0)
    words = "split(datum.label, '|')"
    axis = alt.Axis(labelExpr=words, labelAngle=0) if not wide else alt.Axis(labelAngle=0)
    labels = data.with_columns(
        label=pl.col("case").str.replace_all(" ", "|") if not wide else "case"
    )
    base = alt.Chart(labels).encode(
        x=alt.X("outcome:N", title=None, sort=["spared", "entered"], axis=alt.Axis(labelAngle=0)),
        y=alt.Y("label:N", title=None, sort=labels["label"].unique(maintain_order=True).to_list(),
                axis=axis),
    )  # fmt: skip
    shade = alt.Color(
        "share:Q", scale=alt.Scale(scheme="viridis", domain=[0, 1], reverse=True),
        legend=alt.Legend(title="share of the row", format="~p", gradientLength=150, tickCount=3),
    )  # fmt: skip
    ink = alt.condition("datum.share > 0.55", alt.value("#fff"), alt.value("#000"))
    tiles = base.mark_rect(cornerRadius=3, **EDGE).encode(color=shade)
    drawing = tiles + base.mark_text(fontSize=14).encode(text="text:N", color=ink)
    return finished(said.sentence, data, drawing, width, height=170)
