"""The report of one run: one HTML file that needs nothing else, made from its run folder.

The charts are static drawings in two widths, one for a desk and one for a phone; each has its
numbers beside it. Nothing is fetched when the file is opened.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import polars as pl
import yaml

from glasstown.lab.charts import CHARTS, charts
from glasstown.lab.findings import findings
from glasstown.lab.tallies import Tallies
from glasstown.scheme.mechanisms import MECHANISMS
from glasstown.society.declaration import Society
from glasstown.surfaces.figures import Figure, data_uri, figures, filled
from glasstown.surfaces.in_force import heading, mechanism_rows, phase_rows, scheme_settings
from glasstown.surfaces.settings import Setting, counts, settings


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
    page = rendered(tallies, list(report_figures(tallies).values()))
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


def report_figures(tallies: Tallies) -> dict[str, Figure]:
    """Draw every chart of a run that has something to show, in the order of `CHARTS`."""
    headings = {kind.key: kind.heading for kind in CHARTS}
    return figures(lambda width: charts(tallies, width=width), headings)


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
    of_society = settings(Society, scenario.get("society") or {})
    of_schemes = scheme_settings(tallies)
    known = [row for _, rows in of_schemes for row in rows]
    return filled(
        "report.html.j2",
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
    return {"scenario": text, "scenario_uri": data_uri(text, "text/yaml")}


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
