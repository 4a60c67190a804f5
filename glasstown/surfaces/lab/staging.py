"""The stage as the page reads it: where everybody stands, who they are, and their weeks."""

from __future__ import annotations

import gzip
from typing import Any

from fastapi import APIRouter, Response

from glasstown.engine.measures import CAUSES
from glasstown.lab.charts.exclusion import tile_places
from glasstown.lab.stage.film import packed
from glasstown.lab.stage.planes import PLANES
from glasstown.society import layout as at
from glasstown.surfaces.lab import lives
from glasstown.surfaces.lab.calling import OneRun, Week

staging = APIRouter(prefix="/api", tags=["runs"])
BINARY = "application/octet-stream"


@staging.get("/runs/{key}/stage")
def stage(run: OneRun) -> dict[str, Any]:
    """Say where the citizens of the stage are."""
    recording: Any = lives.begun(run).recording
    layout, places = recording.society.layout, recording.places
    schemes = run.work.plan.schemes if run.work.plan is not None else []
    zones = layout.places.zones
    counts = [int(places.count[places.zone == zone].sum()) for zone in range(len(zones))]
    return {
        "citizens": places.citizens,
        "of": layout.citizens,
        "regions": list(layout.region_names),
        "tiles": _tiles(list(layout.region_names)),
        "zones": [
            {
                "region": int(row[at.REGION]),
                "settlement": at.SETTLEMENTS[int(row[at.SETTLEMENT])],
                "first": sum(counts[:zone]),
                "count": counts[zone],
            }
            for zone, row in enumerate(zones)
        ],
        "blocks": [
            {"zone": zone, "first": first, "count": count, "citizen": citizen}
            for zone, first, count, citizen in zip(
                places.zone.tolist(), places.first.tolist(), places.count.tolist(),
                places.citizen.tolist(), strict=True,
            )
        ],
        "schemes": [one.name for one in schemes],
        "tiers": [[{"name": t.name, "at_least": t.at_least} for t in one.tiers] for one in schemes],
        "lists": [[{"name": one.name, "colour": one.colour} for one in s.lists] for s in schemes],
        "causes": list(CAUSES),
        "planes": PLANES,
        "weeks_done": run.weeks_done,
    }  # fmt: skip


def _tiles(regions: list[str]) -> list[dict[str, Any]]:
    """Return where each region stands on a tile map, in their order."""
    rows = {row["region"]: row for row in tile_places(regions).to_dicts()}
    return [{key: rows[name][key] for key in ("label", "row", "col")} for name in regions]


@staging.get("/runs/{key}/people", response_class=Response)
def people(run: OneRun) -> Response:
    """Return what never changes about those on stage: two planes of one byte each."""
    recording: Any = lives.begun(run).recording
    return Response(recording.people.tobytes(), media_type=BINARY)


@staging.get("/runs/{key}/frames", response_class=Response)
def frames(run: OneRun, first: Week = 0, last: Week = 10_000) -> Response:
    """Return weeks of the stage: the first in full, each next one XOR with the one before."""
    recording: Any = lives.begun(run).recording
    last = min(last, run.weeks_done)
    found = recording.film.frames(first, last) if first <= last else []
    body = gzip.compress(packed(found, first, recording.film.citizens), 1)
    return Response(body, media_type=BINARY, headers={"Content-Encoding": "gzip"})
