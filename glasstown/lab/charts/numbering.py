"""Numbers that tell series apart without colour: in the legend, and on the layers themselves."""

from __future__ import annotations

import json
from typing import Any

import altair as alt
import polars as pl

from glasstown.lab.charts.series import Series

LEAST_NUMBERED = 0.045
"""A layer thinner than this share of the tallest stack has no room for its number."""


def numbered(channel: alt.Color, series: list[Series]) -> alt.Color:
    """Return a colour channel with the number of each series before its name in the legend."""
    labels = json.dumps([one.label for one in series])
    channel["legend"].labelExpr = f"(indexof({labels}, datum.label) + 1) + ' ' + datum.label"
    return channel


def ink_on(colour: str) -> str:
    """Return black or white, whichever reads better on a colour (WCAG 2.1, relative luminance).

    >>> ink_on("#F0E442"), ink_on("#0072B2")
    ('#000', '#fff')
    """
    coded = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in coded]
    light = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    return "#000" if light > 0.179 else "#fff"


def numbers_inside(rows: pl.DataFrame, series: list[Series]) -> pl.DataFrame:
    """Return where the number of each layer stands in the last stack, if it is thick enough.

    ``rows`` are those of `glasstown.lab.charts.theme.unpivoted`, with weeks or years.
    """
    key = "year" if "year" in rows.columns else "week"
    return middles(rows, key, series).filter(pl.col(key) == rows[key].to_numpy().max())


def middles(rows: pl.DataFrame, key: str, series: list[Series]) -> pl.DataFrame:
    """Return the middle, number and ink of each layer of the stacks by ``key``, thin ones left out.

    ``rows`` have ``value`` and the place of the series as ``order``.
    """
    tallest = rows.group_by(key).agg(pl.col("value").sum())["value"].to_numpy().max()
    inks = {place: ink_on(one.colour) for place, one in enumerate(series)}
    value = pl.col("value")
    return (
        rows.sort("order")
        .with_columns(
            middle=value.cum_sum().over(key) - value / 2,
            number=(pl.col("order") + 1).cast(pl.String),
            ink=pl.col("order").replace_strict(inks, return_dtype=pl.String),
        )
        .filter((value > 0) & (value >= LEAST_NUMBERED * tallest))
    )


def numbers(
    placed: pl.DataFrame, x: alt.X, y: alt.Y | str = "middle:Q", **mark: Any
) -> list[alt.Chart]:
    """Return the numbers of layers as text, black on light and white on dark colours."""
    return [
        alt.Chart(placed.filter(pl.col("ink") == ink).drop("ink", "value", "order"))
        .mark_text(color=ink, fontSize=12, fontWeight="bold", **mark)
        .encode(x=x, y=y, text="number:N")
        for ink in sorted(placed["ink"].unique())
    ]
