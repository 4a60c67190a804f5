"""The page of a dossier: one HTML file that needs nothing else."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from glasstown.lab.assessment.charts import CHARTS, charts
from glasstown.lab.assessment.dossier import Assessment
from glasstown.lab.assessment.headings import LIMITS
from glasstown.lab.charts.theme import Chart
from glasstown.lab.writing import write_text
from glasstown.surfaces.app import NOTICE
from glasstown.surfaces.drawing import drawn
from glasstown.surfaces.report import WIDTHS, Figure, _csv, _data_uri, _inline, _table
from glasstown.version import version

PAGE = "assessment.html"


def drawn_figures(
    by_width: Mapping[str, Mapping[str, Chart]], named: Mapping[str, str]
) -> dict[str, Figure]:  # fmt: skip
    """Draw charts in each width, by key; ``named`` has their headings."""
    keys = list(by_width["wide"])
    specs: list[dict[str, Any]] = []
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
            key, named[key], chart.finding, inline["wide", key], inline["narrow", key], names,
            rows, len(rows) < chart.data.height, _data_uri(_csv(chart.data), "text/csv"),
        )  # fmt: skip
    return made


def rendered(found: Assessment, drawings: dict[str, Figure]) -> str:
    """Return the page; everything in it is escaped."""
    environment = Environment(
        loader=PackageLoader("glasstown.surfaces"), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    text = json.dumps(found.as_data(), indent=1, ensure_ascii=False)
    by_section: dict[str, list[Figure]] = {}
    for key, figure in drawings.items():
        by_section.setdefault(CHARTS[key][0], []).append(figure)
    return environment.get_template("assessment.html.j2").render(
        notice=NOTICE,
        version=version(),
        found=found,
        scheme=found.scenario.scheme,
        limits=LIMITS,
        figures=by_section,
        data_uri=_data_uri(text, "application/json"),
    )


def write_page(found: Assessment, path: Path) -> Path:
    """Write the page, replacing an older one whole, and return its path.

    Raises
    ------
    OSError
        If it can't be written.
    RuntimeError
        If the charts could not be drawn.
    """
    by_width = {name: charts(found, width) for name, width in WIDTHS.items()}
    named = {key: heading for key, (_, heading, _) in CHARTS.items()}
    return write_text(rendered(found, drawn_figures(by_width, named)), path)
