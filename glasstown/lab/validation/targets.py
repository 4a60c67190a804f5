"""The published numbers that ours are held against, each with its source and confidence.

``targets.csv`` holds what was published as such, ``anchors.csv`` what follows from it by a
division or was published in words only; the note of each row says how. ``sources.csv`` says what
a source id stands for.
"""

from __future__ import annotations

import csv
from functools import cache
from importlib import resources
from typing import NamedTuple

from glasstown.society.region_table import PACKAGED, read_region_table

FILES = ("targets.csv", "anchors.csv")


class Target(NamedTuple):
    """One published number.

    ``kind`` is cumulative, stock, flow_month, flow_year, share, rate, ratio, change, survey,
    experiment, score, count or events, as in the file; ``date`` is a day, a month or a year.
    """

    id: str
    metric: str
    date: str
    value: float
    unit: str
    kind: str
    source_id: str
    confidence: str
    note: str

    @property
    def source(self) -> str:
        """What the source id stands for."""
        return sources()[self.source_id]


@cache
def sources() -> dict[str, str]:
    """Return what each source id stands for."""
    return {row["source_id"]: row["title"] for row in _rows("sources.csv")}


@cache
def targets() -> dict[str, Target]:
    """Return every published number by its id."""
    known: dict[str, Target] = {}
    for name in FILES:
        for row in _rows(name):
            target = Target(**{**row, "value": float(row["value"])})  # type: ignore[arg-type]
            assert target.id not in known, f"{name}: {target.id} stands twice"
            known[target.id] = target
    return known


def _rows(name: str) -> list[dict[str, str]]:
    """Read a packaged table."""
    text = (resources.files("glasstown.lab.validation") / "data" / name).read_text("utf-8")
    return list(csv.DictReader(text.splitlines()))


@cache
def published_citizens() -> int:
    """Return the population that published counts are about: the packaged provinces of 2020."""
    return sum(row.population_2020 for row in read_region_table(PACKAGED))


def scale_of(citizens: int) -> float:
    """Return by what a published count is multiplied for a country of so many citizens.

    >>> round(1 / scale_of(1_000_000))
    1410
    """
    return citizens / published_citizens()
