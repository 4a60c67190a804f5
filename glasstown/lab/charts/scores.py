"""How scores and tiers moved, what points were lost for, and how many records were right."""

from __future__ import annotations

import altair as alt
import numpy as np
import polars as pl

from glasstown.engine.measures import SCORE_BINS, TIERS
from glasstown.lab.charts.theme import (
    BLUE,
    GREY,
    ORANGE,
    PURPLE,
    SKY,
    VERMILION,
    Chart,
    Series,
    columns,
    finished,
    per_year,
    shares,
    stacked,
    thinned,
    when,
)
from glasstown.lab.findings import records as records_found
from glasstown.lab.findings import score as score_found
from glasstown.lab.tallies import Tallies
from glasstown.lab.wording import decimal, joined, largest, percent

TIER_COLOURS = ("#440154", "#414487", "#2A788E", "#22A884", "#7AD151", "#FDE725")
"""Six steps of viridis, dark for the worst."""

POINT_CAUSES = {
    "deeds": Series("points_lost_deeds", "own deeds", GREY),
    "speech": Series("points_lost_speech", "what was said", PURPLE),
    "misidentification": Series(
        "points_lost_misidentification", "records booked to the wrong person", VERMILION
    ),
    "friends": Series("points_lost_friends", "low friends", BLUE),
    "household": Series("points_lost_household", "members of the household", SKY),
}
BANDS = {"p10": 0.10, "p25": 0.25, "p50": 0.50, "p75": 0.75, "p90": 0.90}


def quantiles(bins: np.ndarray, floor: float, ceiling: float) -> np.ndarray:
    """Read quantiles of the score from twenty bins, taking each bin as evenly filled.

    Parameters
    ----------
    bins : ndarray of shape (weeks, 20)
        Adults in each twentieth of the range.
    floor, ceiling : float
        Range of the score, in points.

    Returns
    -------
    ndarray of shape (weeks, 5)
        The 10th, 25th, 50th, 75th and 90th percentile, in points.
    """
    edges = np.linspace(floor, ceiling, SCORE_BINS + 1)
    rows = []
    for week in bins:
        below = np.concatenate([[0.0], np.cumsum(week)])
        wanted = np.array(list(BANDS.values())) * below[-1]
        place = np.clip(np.searchsorted(below, wanted, side="left"), 1, SCORE_BINS)
        filled = np.maximum(below[place] - below[place - 1], 1e-9)
        inside = (wanted - below[place - 1]) / filled
        rows.append(edges[place - 1] + inside * (edges[place] - edges[place - 1]))
    return np.array(rows)


def scores(tallies: Tallies, width: int) -> Chart | None:
    """Draw the mean score and the middle half and four fifths of the scores over time."""
    names = [f"score_bin_{place:02d}" for place in range(SCORE_BINS)]
    if not tallies.has_score or not tallies.last("adults"):
        return None
    bins = tallies.country.select(names).to_numpy().astype(float)
    if not bins.sum(axis=1).all():
        return None
    score = tallies.scheme["score"]
    read = quantiles(bins, float(score["floor"]), float(score["ceiling"]))
    data = tallies.country.select(
        "week", "date", mean=pl.col("score_sum") / pl.col("adults")
    ).with_columns(pl.Series(name, read[:, place]) for place, name in enumerate(BANDS))
    drawn = thinned(data)
    base = alt.Chart(drawn).encode(x=when(width))
    axis = alt.Y("p10:Q", title="score (points)", scale=alt.Scale(zero=False))
    if data.height == 1:
        outer, inner = base.mark_bar(size=60, opacity=0.25), base.mark_bar(size=60, opacity=0.4)
    else:
        outer, inner = base.mark_area(opacity=0.45), base.mark_area(opacity=0.55)
    line = base.mark_line(strokeWidth=2.4, point=data.height == 1)
    drawing = (
        _layer(outer, "four fifths of adults").encode(y=axis, y2="p90:Q")
        + _layer(inner, "half of adults").encode(y="p25:Q", y2="p75:Q")
        + _layer(line, "mean").encode(y="mean:Q")
    )
    return finished(score_found(tallies).sentence, data, drawing, width)


def _layer(layer: alt.Chart, label: str) -> alt.Chart:
    domain = ["mean", "half of adults", "four fifths of adults"]
    scale = alt.Scale(domain=domain, range=[VERMILION, BLUE, SKY])
    colour = alt.Color("layer:N", scale=scale, legend=alt.Legend(title=None, symbolOpacity=1))
    return layer.transform_calculate(layer=f"'{label}'").encode(color=colour)


def tiers(tallies: Tallies, width: int) -> Chart | None:
    """Draw the share of adults in each tier over time."""
    names = tallies.tier_names
    worst_first = TIER_COLOURS[: len(names)] if len(names) > 2 else (TIER_COLOURS[0], "#22A884")
    series = [
        Series(f"tier_{place + 1}", name, worst_first[len(names) - 1 - place])
        for place, name in list(enumerate(names))[:TIERS]
    ]
    if not series or not sum(tallies.last(one.column) for one in series):
        return None
    data = shares(tallies, series)
    top, amount = largest((one.label, tallies.last(one.column)) for one in series)
    worst = series[-1]
    finding = f"At the end {percent(amount / tallies.last('adults'))} of adults were in tier "
    finding += f"{joined(top)}{' each' if len(top) > 1 else ''}"
    if worst.label not in top:
        finding += f" and {percent(tallies.share(worst.column))} in the lowest, {worst.label}"
    drawing = stacked(data, series[::-1], "share of adults", width)
    return finished(f"{finding}.", data, drawing, width)


def points(tallies: Tallies, width: int) -> Chart | None:
    """Draw the points lost per adult and year, by cause."""
    series = [one for one in POINT_CAUSES.values() if tallies.total(one.column)]
    if not series:
        return None
    data = per_year(tallies, series)
    top, amount = largest((one.label, tallies.total(one.column)) for one in series)
    whole = sum(tallies.total(one.column) for one in series)
    others = whole - tallies.total("points_lost_deeds") - tallies.total("points_lost_speech")
    finding = (
        f"Adults lost {decimal(whole / float(data['adult_years'].sum()))} points a year each on "
        f"average, most for {joined(top)} ({percent(amount / whole)}); {percent(others / whole)} "
        "were lost for somebody else's doing or by mistake."
    )
    rates = [pl.col(one.label) / pl.col("adult_years") for one in series]
    data = data.select("year", *rates)
    drawing = columns(data, series, "points lost per adult and year", width)
    return finished(finding, data, drawing, width)


def records(tallies: Tallies, width: int) -> Chart | None:
    """Draw the records made each year: right, of another's deed, of nobody's deed."""
    if not tallies.total("records"):
        return None
    series = [
        Series("booked", "booked to who did the deed", GREY),
        Series("misbooked", "booked for another's deed", VERMILION),
        Series("false_matches", "booked for nobody's deed", ORANGE),
    ]
    data = per_year(tallies, series).drop("adult_years")
    drawing = columns(data, series, "records in the year", width)
    return finished(records_found(tallies).sentence, data, drawing, width)
