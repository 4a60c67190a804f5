"""Runs: checked, started, watched, cancelled, read, and laid side by side."""

from __future__ import annotations

import threading
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import FileResponse, StreamingResponse

from glasstown.errors import nearest_word
from glasstown.lab import reporting, runfolder
from glasstown.lab.charts import CHARTS, ChartKind
from glasstown.lab.findings import findings as findings_of
from glasstown.lab.scenario import scenario_hash
from glasstown.lab.showing import WIDE
from glasstown.surfaces.lab import lives, traces
from glasstown.surfaces.lab.asking import (
    Ask,
    checked,
    differences,
    link_of,
    normalised,
    scenario_text,
)
from glasstown.surfaces.lab.calling import Allowed, AllRuns, Number, OneRun, OtherRun, Week
from glasstown.surfaces.lab.drawn import drawn_chart, drawn_keys
from glasstown.surfaces.lab.events import stream
from glasstown.surfaces.lab.pairing import Pair
from glasstown.surfaces.lab.refusal import RefusedError, unknown
from glasstown.surfaces.lab.runs import needs_weeks
from glasstown.surfaces.lab.series import KNOWN, STREAMED, columns
from glasstown.surfaces.lab.streaming import counted

worlds = APIRouter(prefix="/api", tags=["runs"])
_REPORTS = threading.Lock()


@worlds.post("/check")
def check(ask: Ask, limits: Allowed) -> dict[str, Any]:
    """Check an ask without running it."""
    scenario, asked = checked(ask, limits), normalised(ask)
    return {
        "ask": asked.model_dump(),
        "scenario_hash": scenario_hash(scenario),
        "link": link_of(asked),
        "title": scenario.scheme.title,
        "differences": differences(asked),
        "yaml": scenario_text(asked),
    }


@worlds.post("/scenario.yaml", response_class=Response)
def scenario_file(ask: Ask, limits: Allowed) -> Response:
    """Return an ask as a scenario file."""
    scenario = checked(ask, limits)
    name = f"{scenario.scheme.name}-seed{scenario.seed}.yaml"
    return Response(
        scenario_text(normalised(ask)),
        media_type="text/yaml",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@worlds.post("/runs", status_code=201)
def start(ask: Ask, runs: AllRuns, limits: Allowed) -> dict[str, Any]:
    """Start a run."""
    scenario = checked(ask, limits)
    return runs.record(runs.start(normalised(ask), scenario))


@worlds.get("/runs/{key}")
def show(run: OneRun, runs: AllRuns) -> dict[str, Any]:
    """Show where a run is."""
    return runs.record(run)


@worlds.delete("/runs/{key}")
def cancel(run: OneRun, runs: AllRuns) -> dict[str, Any]:
    """Cancel a run; the weeks that are done stay readable."""
    return runs.record(runs.cancel(run.id))


@worlds.get("/runs/{key}/events", response_class=StreamingResponse)
def events(request: Request, run: OneRun, runs: AllRuns, after: Week = 0) -> StreamingResponse:
    """Stream a run's state and its weeks."""
    return counted(request, stream(runs, run, after))


@worlds.get("/runs/{key}/weekly")
def weekly(
    run: OneRun,
    first: Week = 1,
    last: Week = 10_000,
    names: Annotated[str | None, Query(max_length=4000)] = None,
) -> dict[str, Any]:
    """Return national measures by week."""
    wanted = names.split(",") if names else list(STREAMED)
    for name in wanted:
        if name not in KNOWN:
            nearest = nearest_word(name, KNOWN)
            hint = f"; did you mean '{nearest}'?" if nearest else ""
            raise RefusedError(404, "unknown", f"there is no measure '{name[:60]}'{hint}")
    first, last = max(first, 1), min(last, run.weeks_done)
    return {
        "weeks": list(range(first, last + 1)),
        "columns": columns(run.work.sums[first - 1 : max(last, 0)], wanted),
    }


@worlds.get("/runs/{key}/charts")
def charts(run: OneRun) -> dict[str, Any]:
    """List the charts that have something to show."""
    tallies = needs_weeks(run).work.tallies()
    kept = drawn_keys(tallies)
    return {
        "weeks_done": tallies.weeks,
        "charts": [{"key": one.key, "heading": one.heading} for one in CHARTS if one.key in kept],
    }


@worlds.get("/runs/{key}/charts/{chart}")
def chart(
    run: OneRun, chart: str, width: Annotated[int, Query(ge=200, le=2000)] = WIDE
) -> dict[str, Any]:
    """Return one chart as a Vega-Lite specification, with the numbers in it."""
    kind: ChartKind | None = next((one for one in CHARTS if one.key == chart), None)
    if kind is None:
        raise unknown("chart", chart[:60])
    drawn = drawn_chart(needs_weeks(run).work.tallies(), kind, width)
    if drawn is None:
        raise unknown("chart with anything to show in this run", chart)
    return drawn


@worlds.get("/runs/{key}/findings")
def findings(run: OneRun) -> dict[str, Any]:
    """Say in plain sentences what has happened so far."""
    tallies = needs_weeks(run).work.tallies()
    return {
        "weeks_done": tallies.weeks,
        "is_complete": run.state == "finished",
        "findings": [one._asdict() for one in findings_of(tallies)],
    }


@worlds.get("/runs/{key}/report.html", response_class=FileResponse)
def report(run: OneRun) -> FileResponse:
    """Return the report of a finished run."""
    folder = run.work.folder
    if run.state != "finished" or folder is None:
        raise RefusedError(409, "not_yet", "only a finished run has a report")
    path = folder / runfolder.REPORT
    with _REPORTS:
        if not path.is_file():
            reporting.write(folder)
    return FileResponse(path, media_type="text/html", filename=f"{folder.name}.html")


@worlds.get("/runs/{key}/citizens/{number}")
def citizen(run: OneRun, number: Number) -> dict[str, Any]:
    """Return a citizen's life so far."""
    return lives.life(run, number)


@worlds.get("/runs/{key}/citizens/{number}/trace")
def trace(run: OneRun, number: Number) -> dict[str, Any]:
    """Tell a citizen's life with every point and its rule; takes as long as the run, or longer."""
    return traces.trace(run, number)


@worlds.get("/runs/{key}/citizens/{number}/ties")
def ties(run: OneRun, number: Number) -> dict[str, Any]:
    """Return whom a citizen has ties with."""
    return lives.ties(run, number)


@worlds.get("/runs/{key}/beside/{other}")
def beside(run: OneRun, other: OtherRun, week: Week | None = None) -> dict[str, Any]:
    """Compare two runs of the same people and luck in one week."""
    return Pair(run, other).at(week)


@worlds.get("/runs/{key}/beside/{other}/weeks")
def beside_weeks(run: OneRun, other: OtherRun) -> dict[str, Any]:
    """Compare two runs of the same people and luck week by week."""
    return Pair(run, other).weekly()
