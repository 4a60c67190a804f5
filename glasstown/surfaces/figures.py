"""Charts as figures of a page: drawn in two widths, with the numbers and a link to save them."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from glasstown.lab.charts.theme import Chart
from glasstown.lab.writing import write_text
from glasstown.surfaces.app import NOTICE
from glasstown.surfaces.drawing import drawn
from glasstown.surfaces.report import WIDTHS, Figure, _csv, _data_uri, _inline, _table
from glasstown.version import version


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

    Raises
    ------
    RuntimeError
        If they could not be drawn.
    """
    by_width = {name: charts(width) for name, width in WIDTHS.items()}
    keys = list(by_width["wide"])
    specs = []
    for name in WIDTHS:
        for key in keys:
            spec = by_width[name][key].drawing.to_dict(validate=False)
            spec.pop("title", None)
            specs.append(spec)
    svgs = iter(drawn(specs))
    inline = {(name, key): _inline(next(svgs), f"{name}-{key}") for name in WIDTHS for key in keys}
    made = {}
    for key in keys:
        chart = by_width["wide"][key]
        names, rows = _table(chart.data)
        made[key] = Figure(
            key, headings[key], chart.finding, inline["wide", key], inline["narrow", key], names,
            rows, len(rows) < chart.data.height, _data_uri(_csv(chart.data), "text/csv"),
        )  # fmt: skip
    return made


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
    environment = Environment(
        loader=PackageLoader("glasstown.surfaces"), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    text = json.dumps(data, indent=1, ensure_ascii=False)
    page = environment.get_template(template).render(
        notice=NOTICE, version=version(), data_uri=_data_uri(text, "application/json"), **given
    )
    return write_text(page, path)
