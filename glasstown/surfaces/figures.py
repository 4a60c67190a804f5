"""Charts as figures of a page: drawn in two widths, with the numbers and a link to save them.

Every page is one file that fetches nothing: the drawings stand in it, the data in links.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import polars as pl
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from glasstown.lab.charts.theme import Chart
from glasstown.lab.writing import write_text
from glasstown.surfaces.app import NOTICE
from glasstown.surfaces.drawing import drawn
from glasstown.version import version

WIDTHS = {"wide": 720, "narrow": 350}
MOST_ROWS = 14


class Figure(NamedTuple):
    """A chart as it stands on the page."""

    key: str
    heading: str
    finding: str
    wide: Markup
    narrow: Markup
    columns: list[str]
    rows: list[list[str]]
    is_shortened: bool
    csv: str


def figures(
    charts: Callable[[int], Mapping[str, Chart]], headings: Mapping[str, str]
) -> dict[str, Figure]:
    """Draw charts in each width.

    Parameters
    ----------
    charts : callable
        The charts by key, for a width in pixels.
    headings : mapping
        The heading of each.

    Returns
    -------
    dict of str to Figure
        By key, in the order of the charts.

    Raises
    ------
    RuntimeError
        If they could not be drawn.
    """
    by_width = {name: charts(width) for name, width in WIDTHS.items()}
    keys = list(by_width["wide"])
    svgs = iter(drawn([untitled(by_width[name][key]) for name in WIDTHS for key in keys]))
    inside = {(name, key): inline(next(svgs), f"{name}-{key}") for name in WIDTHS for key in keys}
    made = {}
    for key in keys:
        chart = by_width["wide"][key]
        names, rows = table(chart.data)
        made[key] = Figure(
            key, headings[key], chart.finding, inside["wide", key], inside["narrow", key], names,
            rows, len(rows) < chart.data.height, csv_link(chart.data),
        )  # fmt: skip
    return made


def untitled(chart: Chart) -> dict[str, Any]:
    """Return the specification of a chart whose finding the page itself says."""
    spec: dict[str, Any] = chart.drawing.to_dict(validate=False)
    spec.pop("title", None)
    return spec


def inline(svg: str, name: str) -> Markup:
    """Make a drawing part of a page: no identifier twice, hidden where the figure is named."""
    svg = re.sub(r'(\bid="|url\(#|href="#)', rf"\g<1>{name}-", svg)
    return Markup(svg.replace("<svg ", '<svg aria-hidden="true" focusable="false" ', 1))


def slim(svg: str) -> str:
    """Take out of a drawing what the page says itself: font, roles, empty paths, long decimals.

    >>> slim('<text font-family="x, y" opacity="1" x="1.23456">0.0001</text>')
    '<text x="1.23">0.0001</text>'
    """
    svg = re.sub(r'<path class="(back|fore)ground"[^>]*d="(M0,0h0v0h0Z|)"[^>]*/>', "", svg)
    said = r' (font-family|role|aria-\w+|pointer-events|class)="[^"]*"| opacity="1"'
    svg = re.sub(said, "", svg)
    return re.sub(r'="[^"]*"', lambda one: re.sub(r"(\d\.\d\d)\d+", r"\1", one[0]), svg)


def csv_link(data: pl.DataFrame) -> str:
    """Return the numbers of a chart as a link to a CSV file inside the page."""
    return data_uri(csv(data), "text/csv")


def csv(data: pl.DataFrame) -> str:
    """Return the numbers of a chart as CSV, without what is only written on it."""
    return data.drop("text", strict=False).write_csv(float_precision=6)


def data_uri(text: str, kind: str) -> str:
    """Return a text as a link that holds it."""
    return f"data:{kind};charset=utf-8;base64,{base64.b64encode(text.encode()).decode()}"


def table(data: pl.DataFrame) -> tuple[list[str], list[list[str]]]:
    """Return headings and rows of a chart's numbers: `MOST_ROWS` weeks, evenly apart."""
    kept = data.drop("text", strict=False)
    if "week" in kept.columns:
        step = -(-kept.height // MOST_ROWS)
        kept = kept.reverse().gather_every(step).reverse()
    rows = [
        [f"{one:,.4g}" if isinstance(one, float) and abs(one) < 1e4
         else f"{one:,.0f}" if isinstance(one, float) else str(one) for one in row]
        for row in kept.rows()
    ]  # fmt: skip
    return kept.columns, rows


def filled(template: str, **given: Any) -> str:
    """Fill a template of this package; everything in it is escaped."""
    environment = Environment(
        loader=PackageLoader("glasstown.surfaces"), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    return environment.get_template(template).render(notice=NOTICE, version=version(), **given)


def json_link(data: Any) -> str:
    """Return data as a link to a JSON file inside the page."""
    text = json.dumps(data, indent=1, ensure_ascii=False)
    return data_uri(text, "application/json")


def write_page(template: str, path: Path, data: Mapping[str, Any], **given: Any) -> Path:
    """Write a page by one rename and return its path; everything in it is escaped.

    Parameters
    ----------
    template : str
        Name of a template of this package.
    path : Path
        The file.
    data : mapping
        All numbers, which the page offers to save.
    **given : Any
        What the template names.
    """
    return write_text(filled(template, data_uri=json_link(data), **given), path)
