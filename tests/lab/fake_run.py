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
SPARK_WEEK = 2
"""The spark of ``total``: 8 January 2014, the first day of its second week."""


def scheme(name: str) -> dict[str, Any]:
    """Return the dump of a small scheme: total, court-list, none, or open (a voluntary one)."""
    body: dict[str, Any] = {
        "name": name, "title": name, "summary": f"A {name} for tests.", **LINE,
    }  # fmt: skip
    if name == "open":
        body["participation"] = "voluntary"
        body["joining"] = {"awareness": 0.5, "leave_below": 80, **LINE}
        body["score"] = {"start": 100, "floor": 0, "ceiling": 200, **LINE}
        body["tiers"] = [{"name": "high", "at_least": 120, **LINE},
                         {"name": "plain", "at_least": 0, **LINE}]  # fmt: skip
        return Scheme.model_validate(body).model_dump(mode="json")
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
        body["lists"][0] |= {"grace_weeks": 4, "ability_test": {"recognises_unable": 0.5, **LINE}}
        body["rewards"] = [{"tier": "A", "service": "hospital", "action": "favour", **LINE}]
        body["sanctions"].append({"tier": "D", "service": "hospital", "action": "delay", **LINE})
        body["insiders"] = {"points": 5, "strikes": 0.5, **LINE}
        body["platforms"] = {"forum": {"complies_from": "2014-01-01", "hides_criticism": 0.5,
                                       **LINE}}  # fmt: skip
        body["firms"] = {
            "rating": LINE, "red_above": 150, "bars_bids": True, "favours_bids": True,
            "black": {"below": 70, **LINE},
            "tiers": [{"name": "good", "at_least": 90, **LINE},
                      {"name": "poor", "at_least": 0, **LINE}],
            "contagion": {"owner_denies": ["flight"], "bars_bids": True, **LINE}, **LINE,
        }  # fmt: skip
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
            "weeks": weeks, "seed": 7, "without": [], "rollout": [],
            "spark": ["2014-01-08"] if name == "total" else [],
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
    row: dict[str, float] = {**dict.fromkeys(NAMES, 0), "week": week}
    grown = week / weeks
    quiet = name == "none"
    row |= {
        "adults": adults, "acted": adults // 4, "offences": adults // 20 - int(adults * grown / 90),
        "opposed": adults * 3 // 10, "critical": int(adults * (0.14 - (not quiet) * 0.08 * grown)),
        "silenced": int(adults * (0.16 + (not quiet) * 0.06 * grown)),
        "falsifying": 0 if quiet else int(adults * 0.04 * grown),
        "praising": adults // 10, "posts_praise": adults // 50, "posts_critical": adults // 60,
        "hospital_wait_normal": 170, "hospital_wait_favoured": 30, "hospital_wait_delayed": 900,
        "posts_mobilising": adults // 900, "enrolled": adults,
        "firms": adults // 30, "firm_offences": adults // 1000, "consumers_harmed": adults // 500,
    }  # fmt: skip
    if name == "open":
        _joined(row, adults, grown, (week - 1) / weeks)
    if quiet or name == "open":
        return row
    causes = CAUSES if name == "total" else ("deeds", "inability", "household")
    for index, cause in enumerate(causes):
        people = int(adults * grown * harsh * 0.03 / (index + 1))
        row[f"denied_for_{cause}"] = people // 30
        if cause in OWN_CAUSES:
            row[f"excluded_{cause}"] = people
            row[f"entries_{cause}"] = people // 80
    row["denied_school"] = row["denied_for_household"]
    refused = sum(row[f"denied_for_{cause}"] for cause in (*OWN_CAUSES, "firm"))
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


def _joined(row: dict[str, float], adults: int, grown: float, before: float) -> None:
    """A voluntary scheme that a third of adults join in the end; a quarter of members win points.

    Who stays out stands at the start, as the engine has it.
    """
    members, left = int(adults * grown / 3), adults // 5000
    best = members // 4
    row |= {
        "enrolled": members, "left_scheme": left,
        "joined_scheme": members - int(adults * before / 3) + left,
        "tier_1": best, "tier_2": adults - best,
        "score_bin_12": best, "score_bin_09": adults - best,
        "score_sum": adults * 100.0 + best * 25,
    }  # fmt: skip


def _firms(row: dict[str, float], grown: float) -> None:
    firms = row["firms"]
    poor, black, red = int(firms * 0.3 * grown), int(firms * 0.2 * grown), int(firms * 0.1 * grown)
    row |= {
        "firm_records": firms // 20, "firm_entries": firms // 90, "firms_black": black,
        "firms_red": red, "firm_tier_1": firms - poor, "firm_tier_2": poor, "bids": firms // 9,
        "bids_denied": firms // 40, "bids_denied_owner": firms // 80, "bids_favoured": firms // 70,
        "points_lost_firm": firms / 50,
    }  # fmt: skip


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
        "notices": adults // 600, "noticed": adults // 2000, "spared_unable": adults // 900,
        "spared_unwilling": adults // 2000, "spared_performed": adults // 1500,
        "appeals": adults // 800, "appeals_won": adults // 1900, "appeals_not_told": adults // 950,
        "points_won_insiders": adults / 400, "exits_insiders": adults // 3000,
        "insiders_caught": adults // 4000, "posts_hidden": adults // 150,
        "favoured_hospital": adults // 70, "favoured_rental": adults // 300,
        "hospital_requests_delayed": adults // 400, "hospital_first": adults // 50,
        "hospital_last": low, "gathered": adults // 10 if row["week"] == SPARK_WEEK else 0,
    }  # fmt: skip
    _firms(row, grown)
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


PHASES = (
    {"since": "2014-02-01", "regions": ["Beijing", "Hebei"], "scheme": "total"},
    {"since": "2014-03-01", "regions": ["Henan"], "scheme": "open"},
    {"since": "2014-06-01", "regions": ["Hebei"], "scheme": "none"},
)
"""Phases of `staged`: they begin in weeks 6, 10 and 23."""
BEGUN = (6, 10, 23)


def staged(weeks: int) -> tuple[pl.DataFrame, dict[str, Any]]:
    """Return the frame and the manifest of a run with three phases; its own scheme never held."""
    frames = {name: weekly(name, weeks) for name in ("none", "total", "open")}
    is_total = pl.col("region").is_in(["Beijing", "Hebei"]) & (pl.col("week") >= BEGUN[0])
    is_total &= ~((pl.col("region") == "Hebei") & (pl.col("week") >= BEGUN[2]))
    is_open = (pl.col("region") == "Henan") & (pl.col("week") >= BEGUN[1])
    rows = [
        frames["total"].filter(is_total),
        frames["open"].filter(is_open),
        frames["none"].filter(~is_total & ~is_open).with_columns(enrolled=pl.col("adults")),
    ]
    told = manifest("court-list", weeks)
    phases = [{**phase, "scheme": scheme(str(phase["scheme"]))} for phase in PHASES]
    told["scenario"]["rollout"] = phases
    return pl.concat(rows).sort("week", "region", "settlement"), told


def folder(path: Path, name: str, weeks: int, **changed: Any) -> Path:
    """Write a run folder without its report, and return it."""
    path.mkdir(parents=True, exist_ok=True)
    groups = changed.pop("groups", ("rest",))
    weekly(name, weeks, groups).write_parquet(path / "weekly.parquet")
    (path / "manifest.json").write_text(json.dumps(manifest(name, weeks, **changed)), "utf-8")
    return path
