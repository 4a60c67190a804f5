"""Who takes part: members of a voluntary scheme, gatherings, and what is given as a reward."""

from __future__ import annotations

import altair as alt
import polars as pl

from glasstown.engine.measures import SERVICES
from glasstown.lab.charts.exclusion import amounts
from glasstown.lab.charts.scores import under
from glasstown.lab.charts.theme import (
    BLUE,
    GREEN,
    GREY,
    INK,
    NARROW,
    PLAIN,
    PURPLE,
    VERMILION,
    Chart,
    Series,
    bars,
    bars_height,
    finished,
    lines,
    share_columns,
)
from glasstown.lab.participation import gathered
from glasstown.lab.participation import gatherings as gatherings_found
from glasstown.lab.tallies import Tallies
from glasstown.lab.wording import SERVICE_WORDS, joined, largest, noun, percent


def members(tallies: Tallies, width: int) -> Chart | None:
    """Draw the share of adults who take part in a voluntary scheme over time."""
    open_ = [one for one in tallies.tenures if one.is_voluntary]
    if not open_:
        return None
    held = max(open_, key=lambda one: float(one.country["adults"].sum()))
    series = [Series("enrolled", "members", BLUE)]
    data = share_columns(held.country, series, "adults")
    share = held.last("enrolled") / held.last("adults")
    finding = f"{under(tallies, held)}{percent(share)} of adults took part."
    return finished(finding, data, lines(data, series, "share of adults", width), width)


def gatherings(tallies: Tallies, width: int) -> Chart | None:
    """Draw how many adults joined a gathering, one bar for each week in which one might form."""
    found, said = gathered(tallies), gatherings_found(tallies)
    if said is None:
        return None
    dates = [tallies.country["date"][week - 1] for week, _ in found]
    data = pl.DataFrame(
        {"week": [week for week, _ in found], "date": dates,
         "gathered": [number for _, number in found]}
    )  # fmt: skip
    drawn = data.with_columns(day=pl.col("date").cast(pl.String))
    many = len(found) > (20 if width >= NARROW else 8)
    base = alt.Chart(drawn).encode(
        x=alt.X("day:O", title="week that ends on",
                axis=alt.Axis(labelAngle=-90 if many else -45, labelOverlap=True)),
        y=alt.Y("gathered:Q", title="adults who joined", axis=alt.Axis(format=PLAIN, tickCount=5)),
    )  # fmt: skip
    drawing = base.mark_bar(color=PURPLE, size=max(3, min(40, (width - 120) // (len(found) + 1))))
    if many:
        return finished(said.sentence, data, drawing, width)
    text = base.mark_text(dy=-7, color=INK, fontSize=12).encode(
        text=alt.Text("gathered:Q", format=PLAIN)
    )
    return finished(said.sentence, data, drawing + text, width)


def rewards(tallies: Tallies, width: int) -> Chart | None:
    """Draw the requests that went first in the whole run, by service."""
    rows = [(one, SERVICE_WORDS[one], tallies.total(f"favoured_{one}")) for one in SERVICES]
    top, amount = largest((words, total) for _, words, total in rows)
    if not top:
        return None
    whole = sum(total for _, _, total in rows)
    each = " each" if len(top) > 1 else ""
    finding = (
        f"Of {noun(whole, 'request')} that went first as a reward, {percent(amount / whole)}{each} "
        f"were for {joined(top)}."
    )
    data = amounts(rows)
    drawing = bars(data, "requests served first in the whole run", width, GREEN)
    return finished(finding, data, drawing, width, height=bars_height(data, width))


def waits(tallies: Tallies, width: int) -> Chart | None:
    """Draw the expected wait of each class at hospitals over time."""
    classes = [
        (Series("hospital_wait_favoured", "served first", GREEN), "hospital_first"),
        (Series("hospital_wait_normal", "all others", GREY), ""),
        (Series("hospital_wait_delayed", "served last", VERMILION), "hospital_last"),
    ]
    kept = [(one, stock) for one, stock in classes if not stock or tallies.total(stock)]
    if len(kept) == 1:
        return None
    series = [one for one, _ in kept]
    # A class waits where somebody is in it; before that there is nothing to draw.
    named = [
        (
            pl.when(pl.col(stock) > 0).then(pl.col(one.column)) if stock else pl.col(one.column)
        ).alias(one.label)
        for one, stock in kept
    ]
    data = tallies.country.select("week", "date", *named)
    ends = [(one, data[one.label][-1]) for one in series]
    said = joined([f"{wait:,.0f} minutes ({one.label})" for one, wait in ends if wait is not None])
    finding = f"At the end the expected wait at hospitals was {said}, on average over places."
    drawing = lines(data, series, "expected wait in minutes", width, form=PLAIN)
    return finished(finding, data, drawing, width)
