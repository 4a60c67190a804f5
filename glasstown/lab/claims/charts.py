"""The chart of a tested claim: the effect with its interval in every setting, against the bound.

One row a setting. The shaded side of the dashed line is where the claim
holds; verdicts differ in colour and in shape.
"""

from __future__ import annotations

import json
from textwrap import wrap
from typing import Any

import altair as alt
import polars as pl

from glasstown.lab.charts.theme import BLUE, GREY, INK, ORANGE, PLAIN, VERMILION, Chart, finished
from glasstown.lab.claims.declaration import Claim, Form
from glasstown.lab.claims.verdicts import Claims, Effect, Tested, Verdict
from glasstown.lab.claims.wording import number, rows, sentence

COLOURS: dict[Verdict, str] = {
    "holds": BLUE, "does not hold": VERMILION, "depends": ORANGE, "not measured": GREY,
}  # fmt: skip
SHAPES: dict[Verdict, str] = {
    "holds": "circle", "does not hold": "diamond", "depends": "triangle-up",
    "not measured": "cross",
}  # fmt: skip
AXES: dict[Form, str] = {"percent": "~%", "points": "~%", "number": PLAIN}
WIDTH = 340
"""One width for desk and phone: beside the text there, below it here."""

ROW = 34


def numbers(tested: Tested) -> pl.DataFrame:
    """Return one row a setting: its words, its effect and interval, and its verdict."""
    return pl.DataFrame(
        [_row(place, one.setting, one.effect, tested.claim)
         for place, one in enumerate(rows(tested))],
        schema_overrides={"effect": pl.Float64, "low": pl.Float64, "high": pl.Float64},
    )  # fmt: skip


def _row(place: int, said: str, effect: Effect, claim: Claim) -> dict[str, Any]:
    text = "not measured" if effect.mean is None else number(effect.mean, claim.form)
    return {
        "place": place, "setting": said, "effect": effect.mean, "low": effect.low,
        "high": effect.high, "seeds": effect.seeds, "verdict": effect.verdict,
        "text": text.removesuffix(" percentage points"),
    }  # fmt: skip


def charts(found: Claims, width: int = WIDTH) -> dict[str, Chart]:
    """Draw every claim of which something was measured, by the name of the claim."""
    drawn = {one.claim.name: chart(one, width) for one in found.tested}
    return {name: one for name, one in drawn.items() if one is not None}


def chart(tested: Tested, width: int = WIDTH) -> Chart | None:
    """Draw a tested claim; None if nothing of it could be measured."""
    data = numbers(tested)
    shown = data.drop_nulls("effect")
    if shown.is_empty():
        return None
    claim, start, end = tested.claim, *_domain(shown, tested.claim)
    scale = alt.Scale(domain=[start, end], nice=False)
    across = alt.X(
        "effect:Q", title=_axis_title(claim), scale=scale,
        axis=alt.Axis(format=AXES[claim.form], tickCount=4),
    )  # fmt: skip
    base = alt.Chart(shown).encode(y=_settings(data))
    bound = claim.holds.bound
    side = [bound, end] if claim.holds.side == "above" else [start, bound]
    strip = alt.Chart(pl.DataFrame({"from": [side[0]], "to": [side[1]]}))
    rule = alt.Chart(pl.DataFrame({"bound": [bound]}))
    layers = (
        strip.mark_rect(color=BLUE, opacity=0.1).encode(x=alt.X("from:Q", scale=scale), x2="to:Q"),
        rule.mark_rule(color=INK, strokeDash=[4, 3]).encode(x="bound:Q"),
        base.mark_rule(color=INK, opacity=0.7, strokeWidth=1.5).encode(x="low:Q", x2="high:Q"),
        base.mark_point(filled=True, size=85, opacity=1).encode(x=across, **_marks(shown)),
        base.mark_text(dy=-11, color=INK, fontSize=11).encode(x=across, text="text:N"),
    )
    height = ROW * data.height + 8
    return finished(
        sentence(claim, tested.effect), data.drop("place"), alt.layer(*layers), width, height
    )


def _domain(shown: pl.DataFrame, claim: Claim) -> tuple[float, float]:
    """Return the ends of the axis: everything measured, the bound, and nothing, with room."""
    ends = [claim.holds.bound, 0.0]
    for name in ("effect", "low", "high"):
        ends += shown[name].drop_nulls().to_list()
    low, high = min(ends), max(ends)
    room = 0.12 * (high - low or 1.0)
    return low - room, high + room


def _axis_title(claim: Claim) -> list[str]:
    return wrap(claim.effect, 38)


def _settings(data: pl.DataFrame) -> alt.Y:
    """Return the axis of settings, by place: what was not measured keeps an empty row."""
    labels = [
        f"{said}|(not measured)" if verdict == "not measured" else said
        for said, verdict in zip(data["setting"], data["verdict"], strict=True)
    ]
    lines = f"split({json.dumps(labels)}[datum.value], '|')"
    scale = alt.Scale(domain=data["place"].to_list())
    return alt.Y(
        "place:O", title=None, scale=scale,
        axis=alt.Axis(labelExpr=lines, labelLimit=130, grid=False),
    )  # fmt: skip


def _marks(shown: pl.DataFrame) -> dict[str, alt.Color | alt.Shape]:
    """Return colour and shape by verdict; the page has their key."""
    names = [one for one in COLOURS if one in set(shown["verdict"])]
    colour = alt.Scale(domain=names, range=[COLOURS[one] for one in names])
    shape = alt.Scale(domain=names, range=[SHAPES[one] for one in names])
    return {
        "color": alt.Color("verdict:N", scale=colour, legend=None),
        "shape": alt.Shape("verdict:N", scale=shape, legend=None),
    }
