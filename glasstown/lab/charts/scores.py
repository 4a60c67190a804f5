"""How scores and tiers moved, what points were lost for, and how many records were right."""

from __future__ import annotations

import altair as alt
import numpy as np
import polars as pl

from glasstown.engine.measures import SCORE_BINS, TIERS
from glasstown.lab.charts.theme import (
    BLUE,
    GREEN,
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
    share_columns,
    stacked,
    thinned,
    when,
)
from glasstown.lab.findings import records as records_found
from glasstown.lab.scoring import score as score_found
from glasstown.lab.tallies import Tallies, Tenure
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
    "firm": Series("points_lost_firm", "the listing of the own firm", GREEN),
}
OTHERS = ("misidentification", "friends", "household")
"""Of these, what is lost for somebody else's doing or by mistake."""
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


def most_lived(tallies: Tallies) -> Tenure | None:
    """Return the scheme whose score most adult-weeks were lived with; None without one."""
    scored = [one for one in tallies.tenures if one.has_score]
    return max(scored, key=lambda one: float(member_weeks(one).sum()), default=None)


def member_weeks(held: Tenure) -> pl.Series:
    """Return how many adults took part in a score, week by week."""
    return held.country["enrolled" if held.is_voluntary else "adults"]


def not_drawn(tallies: Tallies, held: Tenure) -> str:
    """Return a sentence that names the schemes whose scores a chart leaves out; often nothing."""
    others = [one.label for one in tallies.tenures if one.has_score and one.label != held.label]
    return f" Not drawn here: {joined(others)}." if others else ""


def under(tallies: Tallies, held: Tenure) -> str:
    """Return how a finding begins that is about one scheme: which, and as of when."""
    ended = int(held.country["week"][-1])
    when_ended = "at the end" if ended == tallies.weeks else f"in week {ended}, its last,"
    if not tallies.is_mixed:
        return f"{when_ended[0].upper()}{when_ended[1:]} "
    return f"Under {held.label} {when_ended} "


def members_of(held: Tenure) -> pl.DataFrame:
    """Return the weeks of a scheme with its members alone in ``adults``, tiers and bins.

    Who stays out of a voluntary scheme stands at its start exactly, so that is where the tallies
    hold them.
    """
    weeks = held.country
    if not held.is_voluntary:
        return weeks
    score = held.scheme["score"]
    floor, ceiling = float(score["floor"]), float(score["ceiling"])
    # As the engine places a score in tenths: the range is one tenth longer than its ends.
    step = (SCORE_BINS << 32) // (round(10 * (ceiling - floor)) + 1)
    place = round(10 * (held.start - floor)) * step >> 32
    lows = [float(tier["at_least"]) for tier in held.scheme.get("tiers") or []]
    tier = next((i for i, low in enumerate(lows) if held.start >= low), len(lows) - 1)
    outside = pl.col("adults") - pl.col("enrolled")
    columns = [f"score_bin_{place:02d}", *([f"tier_{tier + 1}"] if lows else [])]
    moved = [(pl.col(name) - outside).alias(name) for name in columns]
    whole = pl.col("score_sum") - held.start * outside
    return weeks.with_columns(*moved, score_sum=whole, adults=pl.col("enrolled")).filter(
        pl.col("adults") > 0
    )


def scores(tallies: Tallies, width: int) -> Chart | None:
    """Draw the mean score and the middle half and four fifths of the scores over time."""
    names = [f"score_bin_{place:02d}" for place in range(SCORE_BINS)]
    held = most_lived(tallies)
    weeks = members_of(held) if held else tallies.country.clear()
    if held is None or weeks.is_empty() or not (weeks["adults"] > 0).all():
        return None
    bins = weeks.select(names).to_numpy().astype(float)
    if not bins.sum(axis=1).all():
        return None
    score = held.scheme["score"]
    read = quantiles(bins, float(score["floor"]), float(score["ceiling"]))
    data = weeks.select("week", "date", mean=pl.col("score_sum") / pl.col("adults")).with_columns(
        pl.Series(name, read[:, place]) for place, name in enumerate(BANDS)
    )
    finding = score_found(tallies).sentence
    if tallies.is_mixed:
        finding = f"{under(tallies, held)}the mean score was {decimal(data['mean'][-1])}."
        finding += not_drawn(tallies, held)
    return finished(finding, data, _score_bands(data, width), width)


def _score_bands(data: pl.DataFrame, width: int) -> alt.TopLevelMixin:
    drawn = thinned(data)
    base = alt.Chart(drawn).encode(x=when(width))
    axis = alt.Y("p10:Q", title="score (points)", scale=alt.Scale(zero=False))
    if data.height == 1:
        outer, inner = base.mark_bar(size=60, opacity=0.25), base.mark_bar(size=60, opacity=0.4)
    else:
        outer, inner = base.mark_area(opacity=0.45), base.mark_area(opacity=0.55)
    line = base.mark_line(strokeWidth=2.4, point=data.height == 1)
    bands: alt.TopLevelMixin = (
        _layer(outer, "four fifths of adults").encode(y=axis, y2="p90:Q")
        + _layer(inner, "half of adults").encode(y="p25:Q", y2="p75:Q")
        + _layer(line, "mean").encode(y="mean:Q")
    )
    return bands


def _layer(layer: alt.Chart, label: str) -> alt.Chart:
    domain = ["mean", "half of adults", "four fifths of adults"]
    scale = alt.Scale(domain=domain, range=[VERMILION, BLUE, SKY])
    colour = alt.Color("layer:N", scale=scale, legend=alt.Legend(title=None, symbolOpacity=1))
    return layer.transform_calculate(layer=f"'{label}'").encode(color=colour)


def tier_series(column: str, names: list[str]) -> list[Series]:
    """Return the series of tiers, from the best, in colours that go dark towards the worst."""
    worst_first = TIER_COLOURS[: len(names)] if len(names) > 2 else (TIER_COLOURS[0], "#22A884")
    return [
        Series(f"{column}_{place + 1}", name, worst_first[len(names) - 1 - place])
        for place, name in enumerate(names)
    ]


def tiers(tallies: Tallies, width: int) -> Chart | None:
    """Draw the share of adults in each tier over time."""
    held = most_lived(tallies)
    if held is None or "tiers" in tallies.course.without:
        return None
    series, weeks = tier_series("tier", held.tier_names[:TIERS]), members_of(held)
    if not series or weeks.is_empty() or not weeks["adults"][-1]:
        return None
    data, adults = share_columns(weeks, series, "adults"), float(weeks["adults"][-1])
    top, amount = largest((one.label, float(weeks[one.column][-1])) for one in series)
    worst = series[-1]
    whom = "members" if held.is_voluntary else "adults"
    finding = f"{under(tallies, held)}{percent(amount / adults)} of {whom} were in tier "
    finding += f"{joined(top)}{' each' if len(top) > 1 else ''}"
    if worst.label not in top:
        share = float(weeks[worst.column][-1]) / adults
        finding += f" and {percent(share)} in the lowest, {worst.label}"
    drawing = stacked(data, series[::-1], f"share of {whom}", width)
    return finished(f"{finding}.{not_drawn(tallies, held)}", data, drawing, width)


def points(tallies: Tallies, width: int) -> Chart | None:
    """Draw the points lost per adult and year, by cause."""
    series = [one for one in POINT_CAUSES.values() if tallies.total(one.column)]
    if not series:
        return None
    data = per_year(tallies, series)
    top, amount = largest((one.label, tallies.total(one.column)) for one in series)
    whole = sum(tallies.total(one.column) for one in series)
    others = sum(tallies.total(POINT_CAUSES[one].column) for one in OTHERS)
    scored = [one for one in tallies.tenures if one.has_score]
    aside = ""
    if len(scored) < len(tallies.tenures) or any(one.is_voluntary for one in scored):
        aside = ", those without a score included"
    if len(scored) > 1:
        aside += ", points of all schemes added"
    finding = (
        f"Adults lost {decimal(whole / float(data['adult_years'].sum()))} points a year each on "
        f"average{aside}, most for {joined(top)} ({percent(amount / whole)}); "
        f"{percent(others / whole)} were lost for somebody else's doing or by mistake."
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
