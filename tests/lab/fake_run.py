"""Runs that never ran: weekly frames and manifests that are consistent, for tests of the report.

Stocks sum to what they must (tiers and bins to adults, causes of denial to services denied), so
that a sentence or chart can be checked against numbers known beforehand.
"""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import polars as pl

from glasstown.engine.measures import (
    CAUSES,
    MEASURES,
    NAMES,
    OWN_CAUSES,
    SCORE_BINS,
    SERVICES,
    TIERS,
)
from glasstown.scheme.declaration import Scheme
from glasstown.society.declaration import Society

REGIONS = ("Beijing", "Hebei", "Henan", "Sichuan", "Tibet (Xizang)", "Xinjiang")
LINE = {"source": "test", "confidence": "reported"}
START = dt.date(2014, 1, 5)


def scheme(name: str) -> dict[str, Any]:
    """Return the dump of a small scheme: ``total``, ``court-list`` or ``none``."""
    body: dict[str, Any] = {
        "name": name, "title": name, "summary": f"A {name} for tests.", **LINE,
    }  # fmt: skip
    if name != "none":
        body["lists"] = [
            {"name": "defaulters", "behaviours": {"default": 0.5}, "term_weeks": 104, **LINE}
        ]
        body["sanctions"] = [{"list": "defaulters", "service": "flight", "action": "deny", **LINE}]
        body["appeal"] = {"rate": 0.1, "delay_weeks": 8, "success_when_wrong": 0.5,
                          "success_when_right": 0.1, **LINE}  # fmt: skip
    if name == "total":
        body["score"] = {"start": 100, "floor": 0, "ceiling": 200, **LINE}
        body["tiers"] = [{"name": tier, "at_least": low, **LINE}
                         for tier, low in (("A", 120), ("B", 90), ("C", 60), ("D", 0))]  # fmt: skip
        body["low_tier"] = "D"
        body["rules"] = [{"behaviour": "jaywalking", "points": -5, **LINE}]
        body["channels"] = {"camera": {"urban": 0.8, "rural": 0.2, "misidentification": 0.01,
                                       **LINE}}  # fmt: skip
        body["friends"] = {"threshold_ties": 3, "points": -1, **LINE}
        body["speech"] = {"praise": 1, "criticism": -5, **LINE}
        body["confidence"] = "assumed"
    return Scheme.model_validate(body).model_dump(mode="json")


def manifest(name: str, weeks: int, **changed: Any) -> dict[str, Any]:
    """Return the manifest of a run that finished."""
    return {
        "glasstown": "0.1.0",
        "label": "synthetic society, not a prediction",
        "scale": "1:1410",
        "scenario": {
            "scheme": name, "society": Society().model_dump(mode="json"), "start": "2014-01-01",
            "weeks": weeks, "seed": 7, "without": [],
        },
        "scheme": scheme(name),
        "scenario_hash": "aaa111", "scheme_hash": "bbb222", "digest": "ccc333",
        "engine": "cpu", "threads": 2, "weeks_done": weeks, "complete": True,
        "timings": {"compile_s": 1.5, "simulate_s": 20.25, "citizen_weeks_per_second": 1.8e7},
        "peak_memory_bytes": 312_000_000,
        "versions": {"python": "3.11.2", "numpy": "2.4.6"},
        "warnings": [],
        **changed,
    }  # fmt: skip


def _row(name: str, week: int, weeks: int, adults: int, harsh: float) -> dict[str, float]:
    """One row: a scheme that shuts out more each week, ``harsh`` times."""
    row: dict[str, float] = dict.fromkeys(NAMES, 0)
    grown = week / weeks
    quiet = name == "none"
    row |= {
        "adults": adults, "acted": adults // 4, "offences": adults // 20 - int(adults * grown / 90),
        "opposed": adults * 3 // 10, "critical": int(adults * (0.14 - (not quiet) * 0.08 * grown)),
        "silenced": int(adults * (0.16 + (not quiet) * 0.06 * grown)),
        "falsifying": 0 if quiet else int(adults * 0.04 * grown),
        "praising": adults // 10, "posts_praise": adults // 50, "posts_critical": adults // 60,
        "hospital_wait_normal": 170,
    }  # fmt: skip
    if quiet:
        return row
    causes = CAUSES if name == "total" else ("deeds", "inability", "household")
    for index, cause in enumerate(causes):
        people = int(adults * grown * harsh * 0.03 / (index + 1))
        row[f"denied_for_{cause}"] = people // 30
        if cause in OWN_CAUSES:
            row[f"excluded_{cause}"] = people
            row[f"entries_{cause}"] = people // 80
    row["denied_school"] = row["denied_for_household"]
    refused = sum(row[f"denied_for_{cause}"] for cause in OWN_CAUSES)
    for service, part in zip(SERVICES[:3], (0.25, 0.5, 0.0), strict=True):
        row[f"denied_{service}"] = int(refused * part)
    row["denied_train"] = refused - row["denied_loan"] - row["denied_flight"]
    row["listed"] = row["excluded_deeds"]
    row["exits_term"], row["exits_appeal"] = row["entries_deeds"] // 2, 1
    row |= {"seen": adults // 30, "booked": adults // 32, "misbooked": adults // 2000,
            "caution_sum": int(adults * 80 * grown), "cautious": int(adults * 0.2 * grown),
            "paying_cash": int(adults * 0.3 * grown), "ties_cut": adults // 400,
            "ties_mended": adults // 2000}  # fmt: skip
    if name == "total":
        _scored(row, adults, grown)
    return row


def _scored(row: dict[str, float], adults: int, grown: float) -> None:
    low = int(adults * 0.2 * grown)
    middle = int(adults * 0.5 * grown)
    row |= {
        "false_matches": adults // 3000, "points_lost_deeds": adults / 50,
        "points_lost_friends": adults / 90, "points_lost_speech": adults / 200,
        "points_won_deeds": adults / 100, "shamings": adults // 5000, "low": low,
        "score_sum": adults * (100.0 - 30 * grown),
        "tier_2": adults - low - middle, "tier_3": middle, "tier_4": low,
        "score_bin_10": adults - low - middle, "score_bin_07": middle, "score_bin_03": low,
    }  # fmt: skip
    assert sum(row[f"tier_{i + 1}"] for i in range(TIERS)) == adults
    assert sum(row[f"score_bin_{i:02d}"] for i in range(SCORE_BINS)) == adults


def weekly(name: str, weeks: int, groups: tuple[str, ...] = ("rest",)) -> pl.DataFrame:
    """Return a weekly frame of six regions; the last group is hit three times as hard."""
    rows = []
    for week in range(1, weeks + 1):
        for number, region in enumerate(REGIONS):
            for settlement in ("urban", "rural"):
                for place, group in enumerate(groups):
                    adults = (number + 1) * 4000 // (4 if settlement == "rural" else 1)
                    harsh = (1 + number / 5) * (3 if place and place == len(groups) - 1 else 1)
                    rows.append({
                        "week": week, "date": START + dt.timedelta(weeks=week - 1),
                        "region": region, "settlement": settlement, "group": group,
                        "citizens": adults * 5 // 4,
                        **_row(name, week, weeks, adults, harsh),
                        "acted_jaywalking": adults // 30, "booked_jaywalking": 0,
                    })  # fmt: skip
    points = {one.name: pl.Float64 if one.unit == "points" else pl.Int64 for one in MEASURES}
    return pl.DataFrame(rows, schema_overrides={"week": pl.Int32, **points})


def folder(path: Path, name: str, weeks: int, **changed: Any) -> Path:
    """Write a run folder without its report, and return it."""
    path.mkdir(parents=True, exist_ok=True)
    groups = changed.pop("groups", ("rest",))
    weekly(name, weeks, groups).write_parquet(path / "weekly.parquet")
    (path / "manifest.json").write_text(json.dumps(manifest(name, weeks, **changed)), "utf-8")
    return path
