"""What people said, how cautious they grew, which ties were cut, and what offences they did."""

from __future__ import annotations

import polars as pl

from glasstown.lab.charts.theme import (
    BLUE,
    GREEN,
    GREY,
    ORANGE,
    PLAIN,
    PURPLE,
    SKY,
    VERMILION,
    Chart,
    Series,
    columns,
    finished,
    lines,
    per_year,
    shares,
)
from glasstown.lab.conduct import honesty as honesty_found
from glasstown.lab.tallies import WEEKS_PER_YEAR, Tallies
from glasstown.lab.wording import counted, noun, percent

QUARTER = 13


def speech(tallies: Tallies, width: int) -> Chart | None:
    """Draw private opposition beside what is voiced over time."""
    series = [
        Series("opposed", "privately opposed", GREY),
        Series("silenced", "opposed, say nothing", BLUE),
        Series("falsifying", "opposed, voice praise", VERMILION),
        Series("critical", "voice criticism", GREEN),
        Series("praising", "voice praise", ORANGE),
    ]
    if not any(tallies.total(one.column) for one in series):
        return None
    data = shares(tallies, series)
    finding = (
        f"At the end {percent(tallies.share('opposed'))} of adults were privately opposed; "
        f"{percent(tallies.share('critical'))} of adults voiced criticism and "
        f"{percent(tallies.share('praising'))} praise."
    )
    return finished(finding, data, lines(data, series, "share of adults", width), width)


def caution(tallies: Tallies, width: int) -> Chart | None:
    """Draw mean caution, and the shares who are cautious and pay cash, over time."""
    series = [
        Series("caution", "mean caution (share of its range)", GREY),
        Series("cautious", "cautious (above one half)", PURPLE),
        Series("paying_cash", "pay cash instead", SKY),
    ]
    if not tallies.total("caution_sum"):
        return None
    whole = pl.col("adults")
    data = tallies.country.select(
        "week",
        "date",
        (pl.col("caution_sum") / 255 / whole).alias(series[0].label),
        *[(pl.col(one.column) / whole).alias(one.label) for one in series[1:]],
    )
    finding = (
        f"At the end {percent(tallies.share('cautious'))} of adults were cautious and "
        f"{percent(tallies.share('paying_cash'))} paid cash where they could pay digitally."
    )
    unit = "share of adults or of range"
    return finished(finding, data, lines(data, series, unit, width), width)


def ties(tallies: Tallies, width: int) -> Chart | None:
    """Draw the ties cut and mended in each year."""
    cut, mended = tallies.total("ties_cut"), tallies.total("ties_mended")
    if not cut:
        return None
    series = [Series("ties_cut", "cut", VERMILION), Series("ties_mended", "mended", GREEN)]
    data = per_year(tallies, series)
    rates = [pl.col(one.label) * 1000 / pl.col("adult_years") for one in series]
    data = data.select("year", *rates)
    unit = "ties per 1,000 adults and year"
    drawing = columns(data, series, unit, width, side_by_side=True)
    was = "was" if round(cut) == 1 else "were"
    finding = f"{noun(cut, 'tie')} {was} cut and {counted(mended)} mended in the whole run."
    return finished(finding, data, drawing, width)


def honesty(tallies: Tallies, width: int) -> Chart | None:
    """Draw the offences committed per adult and year, seen or not, by quarter of a year."""
    if not tallies.total("offences_citizens"):
        return None
    series = [
        Series("offences_citizens", "offences of citizens, seen or not", BLUE),
        Series("records", "records of any deed, firms' too", ORANGE),
    ]
    rate = [
        (pl.col(one.column).sum() / pl.col("adults").sum() * WEEKS_PER_YEAR).alias(one.label)
        for one in series
    ]
    data = (
        tallies.country.group_by((pl.col("week") - 1) // QUARTER)
        .agg(pl.col("date").last(), *rate, last=pl.col("week").last())
        .sort("last")
        .select(pl.col("last").alias("week"), "date", *[one.label for one in series])
    )
    drawing = lines(data, series, "per adult and year", width, form=PLAIN)
    return finished(honesty_found(tallies).sentence, data, drawing, width)
