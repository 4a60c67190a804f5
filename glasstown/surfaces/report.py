"""The report of one run: one HTML file that needs nothing else, made from its run folder.

The charts are static drawings in two widths, one for a desk and one for a phone; each has its
numbers beside it. Nothing is fetched when the file is opened.
"""

from __future__ import annotations

import base64
import json
import os
import re
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import polars as pl
import yaml
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from glasstown.lab.charts import CHARTS, charts
from glasstown.lab.findings import findings
from glasstown.lab.tallies import Tallies
from glasstown.scheme.mechanisms import MECHANISMS
from glasstown.society.declaration import Society
from glasstown.surfaces.drawing import drawn
from glasstown.surfaces.in_force import heading, mechanism_rows, phase_rows, scheme_settings
from glasstown.surfaces.settings import Setting, counts, settings

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


def write_report(folder: Path) -> Path:
    """Write ``report.html`` into a run folder, replacing it whole.

    Parameters
    ----------
    folder : Path
        A run folder with ``manifest.json`` and ``weekly.parquet``.

    Returns
    -------
    Path
        The file written.

    Raises
    ------
    FileNotFoundError
        The folder holds no run.
    ValueError
        The run did not finish its first week.
    RuntimeError
        The charts could not be drawn.
    """
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    tallies = Tallies(pl.scan_parquet(folder / "weekly.parquet"), manifest)
    page = rendered(tallies, figures(tallies))
    handle, name = tempfile.mkstemp(dir=folder, prefix=".report-", suffix=".html")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(page)
        Path(name).chmod(0o644)
        os.replace(name, folder / "report.html")
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    return folder / "report.html"


def figures(tallies: Tallies) -> list[Figure]:
    """Draw every chart of a run in each width.

    Parameters
    ----------
    tallies : Tallies
        The tallies of the run.

    Returns
    -------
    list of Figure
        In the order of `CHARTS`; charts without anything to show are left out.
    """
    by_width = {name: charts(tallies, width=width) for name, width in WIDTHS.items()}
    keys = [kind for kind in CHARTS if kind.key in by_width["wide"]]
    specs = []
    for name in WIDTHS:
        for kind in keys:
            spec = by_width[name][kind.key].drawing.to_dict(validate=False)
            spec.pop("title", None)
            specs.append(spec)
    svgs = iter(drawn(specs))
    inline = {
        (name, kind.key): _inline(next(svgs), f"{name}-{kind.key}")
        for name in WIDTHS
        for kind in keys
    }
    made = []
    for kind in keys:
        chart = by_width["wide"][kind.key]
        names, rows = _table(chart.data)
        made.append(
            Figure(kind.key, kind.heading, chart.finding, inline["wide", kind.key],
                   inline["narrow", kind.key], names, rows, len(rows) < chart.data.height,
                   _data_uri(_csv(chart.data), "text/csv"))
        )  # fmt: skip
    return made


def _inline(svg: str, name: str) -> Markup:
    """Make a drawing part of the page: no identifier twice, hidden where the figure is named."""
    svg = re.sub(r'(\bid="|url\(#|href="#)', rf"\g<1>{name}-", svg)
    return Markup(svg.replace("<svg ", '<svg aria-hidden="true" focusable="false" ', 1))


def _csv(data: pl.DataFrame) -> str:
    return data.drop("text", strict=False).write_csv(float_precision=6)


def _data_uri(text: str, kind: str) -> str:
    return f"data:{kind};charset=utf-8;base64,{base64.b64encode(text.encode()).decode()}"


def _table(data: pl.DataFrame) -> tuple[list[str], list[list[str]]]:
    """Return headings and at most `MOST_ROWS` rows of a chart's numbers, weeks evenly apart."""
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


def rendered(tallies: Tallies, drawings: list[Figure]) -> str:
    """Return the report as HTML.

    Parameters
    ----------
    tallies : Tallies
        The tallies of the run.
    drawings : list of Figure
        Its charts.

    Returns
    -------
    str
        One document; everything from the run is escaped.
    """
    manifest = tallies.manifest
    scenario: Mapping[str, Any] = manifest.get("scenario") or {}
    environment = Environment(
        loader=PackageLoader("glasstown.surfaces"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    of_society = settings(Society, scenario.get("society") or {})
    of_schemes = scheme_settings(tallies)
    known = [row for _, rows in of_schemes for row in rows]
    return environment.get_template("report.html.j2").render(
        manifest=manifest,
        scenario=scenario,
        heading=heading(tallies),
        phases=phase_rows(tallies),
        mechanisms=mechanism_rows(tallies),
        tallies=tallies,
        findings=findings(tallies),
        figures=drawings,
        left_out=left_out(scenario),
        of_society=of_society,
        of_schemes=of_schemes,
        sureness=counts(of_society + known),
        reproduce=reproduction(manifest),
        facts=run_facts(manifest, of_society),
    )


def left_out(scenario: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return the mechanisms that a scenario leaves out, with what they do."""
    meanings = {one.name: one.meaning for one in MECHANISMS}
    return [(str(name), meanings.get(str(name), "")) for name in scenario.get("without") or []]


def reproduction(manifest: Mapping[str, Any]) -> dict[str, str]:
    """Return the scenario of a run, its schemes in full, as text and as a link to save it by."""
    whole = dict(manifest.get("scenario") or {})
    if manifest.get("scheme"):
        whole["scheme"] = _without_empty(manifest["scheme"])
    if whole.get("rollout"):
        whole["rollout"] = _without_empty(whole["rollout"])
    text = yaml.safe_dump(whole, sort_keys=False, allow_unicode=True)
    return {"scenario": text, "scenario_uri": _data_uri(text, "text/yaml")}


def _without_empty(value: Any) -> Any:
    if isinstance(value, Mapping):
        kept = {key: _without_empty(one) for key, one in value.items()}
        return {key: one for key, one in kept.items() if one not in (None, [], {})}
    return [_without_empty(one) for one in value] if isinstance(value, list) else value


def run_facts(manifest: Mapping[str, Any], of_society: list[Setting]) -> dict[str, str]:
    """Return what identifies a run, for the box on reproducibility."""
    scenario: Mapping[str, Any] = manifest.get("scenario") or {}
    timings: Mapping[str, Any] = manifest.get("timings") or {}
    citizens = next((row.value for row in of_society if row.key == "citizens"), "")
    versions = manifest.get("versions") or {"python": sys.version.split()[0]}
    facts = {
        "seed": scenario.get("seed"),
        "start": scenario.get("start"),
        "weeks done": f"{manifest.get('weeks_done')} of {scenario.get('weeks')}",
        "citizens": citizens,
        "scenario hash": manifest.get("scenario_hash"),
        "scheme hash": manifest.get("scheme_hash"),
        "digest of states and tallies": manifest.get("digest"),
        "engine": f"{manifest.get('engine')}, {manifest.get('threads')} threads",
        "versions": ", ".join(
            f"{name} {one}"
            for name, one in {"glasstown": manifest.get("glasstown"), **versions}.items()
        ),
    }
    if timings.get("simulate_s") is not None:
        facts["simulated in"] = f"{timings['simulate_s']:.1f} s"
    if timings.get("citizen_weeks_per_second"):
        facts["speed"] = f"{timings['citizen_weeks_per_second']:.3g} citizen-weeks a second"
    if manifest.get("peak_memory_bytes"):
        facts["peak memory"] = f"{manifest['peak_memory_bytes'] / 1e6:,.0f} MB"
    return {name: str(value) for name, value in facts.items() if value not in (None, "")}
