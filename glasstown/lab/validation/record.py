"""Part a: the court list from its first day to the end of 2018, against what was published.

The list began on 1 October 2013; 274 weeks later 2018 ends. What was calibrated is named as such
(`glasstown.lab.calibration`), all else is prediction, at a factor that is fixed here before any
run: ``SAME_SERIES`` at another date of a series whose last number was calibrated, ``BEGINNING``
in its first months, which rest on how the courts joined.
"""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

import numpy as np
import polars as pl

from glasstown.lab.validation import reports
from glasstown.lab.validation.measures import (
    AIR,
    BAN_SINCE,
    CALIBRATED_MISSED,
    PERSON_TIMES,
    PERSONS,
    RAIL,
    Demand,
    Record,
)
from glasstown.lab.validation.rows import Claim, Kind, Row, judged
from glasstown.lab.validation.series import Series, days_of
from glasstown.lab.validation.targets import targets

SCHEME = "court-list"
START, WEEKS = date(2013, 10, 1), 274
SAME_SERIES, BEGINNING = 1.25, 1.5


class Path(NamedTuple):
    """A series that was published at several dates: ours, since when, and the targets."""

    name: str
    measures: tuple[str, ...]
    since: date | None
    ids: tuple[str, ...]


ENTERED = Path("entries on the list", PERSON_TIMES, None, ("D01", "D02", "D03", "D04", "D05"))
FLOWN = Path("air tickets blocked", AIR, BAN_SINCE, ("A01", "A02", "A03", "A04"))
RIDDEN = Path("fast-rail tickets blocked", RAIL, BAN_SINCE, ("R01", "R02", "R03"))
PATHS = (ENTERED, FLOWN, RIDDEN)


def _counted(path: Path, id_: str, kind: Kind, misfit: str, factor: float = 1.0) -> Record:
    """Return the record of a series at one of its dates."""
    known = targets()[id_]
    day = days_of(known)[1]
    named = [name for name in path.measures if name not in PERSONS]
    if len(named) < len(path.measures):
        named = ["entries of all causes", *named]
    since = f" since {path.since}" if path.since else ""
    claim = Claim(
        known, "a", f"{path.name} until {known.date}", kind,
        f"{' + '.join(named)}, summed{since}.", misfit, True, factor,
    )  # fmt: skip
    return Record(claim, lambda ours, _: ours.upto(path.measures, day, path.since))


def counts() -> list[Record]:
    """Return the published series, date by date."""
    early = (
        "courts joined otherwise; that half of the coverage of July 2014 was there at once is ours."
    )
    shape = "the series bends otherwise than ours: the listed, or their demand, grew otherwise."
    bursts = "the first month came in bursts that a steady demand does not give."
    missed = CALIBRATED_MISSED
    return [
        _counted(ENTERED, "D01", "prediction", early, BEGINNING),
        _counted(ENTERED, "D02", "calibrated", missed),
        _counted(ENTERED, "D03", "calibrated", missed),
        _counted(ENTERED, "D04", "prediction", shape, SAME_SERIES),
        _counted(ENTERED, "D05", "calibrated", missed),
        _counted(FLOWN, "A01", "prediction", bursts, BEGINNING),
        _counted(FLOWN, "A02", "prediction", shape, SAME_SERIES),
        _counted(FLOWN, "A03", "prediction", shape, SAME_SERIES),
        _counted(FLOWN, "A04", "calibrated", missed),
        _counted(RIDDEN, "R01", "prediction", shape, SAME_SERIES),
        _counted(RIDDEN, "R02", "prediction", shape, SAME_SERIES),
        _counted(RIDDEN, "R03", "calibrated", missed),
    ]


def records() -> list[Record]:
    """Return every claim on the record, the published series first."""
    return [*counts(), *reports.shares(), *reports.rates(), *reports.monthly()]


def rows(runs: list[Series], demand: Demand, citizens: int) -> list[Row]:
    """Hold the runs of the court list, one a seed, against the record."""
    return [
        judged(one.claim, [one.measured(run, demand) for run in runs], citizens)
        for one in records()
    ]


def paths(runs: list[Series]) -> pl.DataFrame:
    """Return our published series by week: ``series``, ``date``, ``mean``, ``least``, ``largest``.

    The last three are over the runs, one a seed.
    """
    frames = []
    for path in PATHS:
        counted = np.array([path.since is None or end >= path.since for end in runs[0].ends])
        totals = np.array([np.cumsum(run.column(path.measures) * counted) for run in runs])
        columns = {
            "series": [path.name] * len(counted),
            "date": runs[0].ends,
            "mean": totals.mean(axis=0),
            "least": totals.min(axis=0),
            "largest": totals.max(axis=0),
        }
        frames.append(pl.DataFrame(columns))
    return pl.concat(frames)
