"""The charts of a search: harm left against benefit kept, and what each safeguard does alone."""

from __future__ import annotations

import altair as alt
import polars as pl

from glasstown.lab.charts.theme import BLUE, GREY, INK, NARROW, VERMILION, Chart, bars, finished
from glasstown.lab.safeguards.search import Candidate, Found
from glasstown.lab.safeguards.wording import keeping_most, nearly_all, words_of
from glasstown.lab.wording import noun, percent

HEADINGS = {
    "front": "Harm left and benefit kept",
    "alone": "What each safeguard removes by itself",
    "size": "How far a number of changes goes",
}


def front(found: Found, width: int) -> Chart | None:
    """Draw every set that was run, those of the front with the number of their changes."""
    on = {one.names for one in found.front()}
    rows = [
        {"safeguards": words_of(one.names), "changes": one.size, "harm_left": one.harm_left.mean,
         "benefit_kept": one.benefit.mean, "is_on_front": one.names in on}
        for one in found.candidates if one.benefit is not None
    ]  # fmt: skip
    if not rows:
        return None
    data = pl.DataFrame(rows)
    kind = pl.when("is_on_front").then(pl.lit("on the front")).otherwise(pl.lit("beaten"))
    base = alt.Chart(data.with_columns(kind=kind))
    names = ["on the front", "beaten"]
    legend = alt.Legend(title=None, columns=2)
    ticks = 5 if width >= NARROW else 4
    x = alt.X("benefit_kept:Q", title="share of the scheme's own benefit kept",
              axis=alt.Axis(format="~p", tickCount=ticks))  # fmt: skip
    y = alt.Y("harm_left:Q", title="share of the harm left",
              axis=alt.Axis(format="~p", tickCount=6), scale=alt.Scale(zero=True))  # fmt: skip
    dots = base.mark_point(filled=True, opacity=0.9).encode(
        x=x, y=y,
        color=alt.Color("kind:N", legend=legend,
                        scale=alt.Scale(domain=names, range=[VERMILION, GREY])),
        shape=alt.Shape("kind:N", legend=legend,
                        scale=alt.Scale(domain=names, range=["diamond", "circle"])),
        size=alt.condition(alt.datum.is_on_front, alt.value(130), alt.value(40)),
    )  # fmt: skip
    words = base.transform_filter(alt.datum.is_on_front).mark_text(
        dy=-12, color=INK, fontSize=11
    )  # fmt: skip
    drawing = dots + words.encode(x=x, y=y, text="changes:Q")
    best = keeping_most(found) or nearly_all(found)
    finding = "No set removes any harm."
    if best is not None:
        finding = (
            f"{noun(best.size, 'change')} ({words_of(best.names)}): "
            f"{percent(best.harm_left.mean)} of the harm is left"
        )
        if best.benefit is not None:
            finding += f", {percent(max(best.benefit.mean, 0.0))} of the benefit is kept"
        finding += ". The numbers say how many changes a set of the front makes."
    return finished(finding, data, drawing, width, 380)


def alone(found: Found, width: int) -> Chart | None:
    """Draw the share of harm that each safeguard removes by itself."""
    rows = [
        {"label": words_of(one.names), "value": max(1 - one.harm_left.mean, 0.0),
         "text": percent(max(1 - one.harm_left.mean, 0.0))}
        for one in found.alone()
    ]  # fmt: skip
    data = pl.DataFrame(rows)
    if data.is_empty() or data["value"].sum() <= 0:
        return None
    top = data.row(0, named=True)
    finding = f"By itself, {top['label']} removes most: {top['text']} of the harm."
    drawing = bars(data, "share of the harm removed", width, BLUE, "~p")
    height = (26 if width >= NARROW else 40) * data.height + 50
    return finished(finding, data.drop("text"), drawing, width, height)


def by_size(found: Found, width: int) -> Chart | None:
    """Draw the least harm that a number of changes leaves, among the sets that were run."""
    sets = found.best_of_size()
    if len(sets) < 2:
        return None
    data = pl.DataFrame([_row(one) for one in sets])
    base = alt.Chart(data)
    x = alt.X("changes:O", title="number of changes", axis=alt.Axis(labelAngle=0))
    y = alt.Y("harm_left:Q", title="least harm left", axis=alt.Axis(format="~p", tickCount=6))
    band = base.mark_rule(color=INK, opacity=0.6).encode(x=x, y="low:Q", y2="high:Q")
    bar = base.mark_bar(color=BLUE).encode(x=x, y=y)
    least = min(sets, key=lambda one: one.harm_left.mean)
    finding = (
        f"The least harm that was reached is {percent(least.harm_left.mean)} of the scheme's, with "
        f"{least.size} changes (lines: 95% intervals)."
    )
    return finished(finding, data, bar + band, width, 300)


def _row(one: Candidate) -> dict[str, float | int | str]:
    mean = one.harm_left.mean
    low, high = one.harm_left.low, one.harm_left.high
    return {
        "changes": one.size, "harm_left": mean, "low": mean if low is None else low,
        "high": mean if high is None else high, "safeguards": words_of(one.names),
    }  # fmt: skip


def charts(found: Found, width: int) -> dict[str, Chart]:
    """Draw every chart that a search has something to show for, by key."""
    drawn = {
        "front": front(found, width), "alone": alone(found, width), "size": by_size(found, width),
    }  # fmt: skip
    return {key: chart for key, chart in drawn.items() if chart is not None}
