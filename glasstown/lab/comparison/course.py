"""The course of a few outcomes week by week, in every world, over seeds."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import numpy as np
import polars as pl
from numpy.typing import NDArray

from glasstown.lab.outcomes import BY_NAME, Sums

QUARTER = 13
COURSES = ("excluded", "excluded_wrongly", "listed", "low", "silenced", "cautious", "offences")
"""Outcomes that are followed by week; a rate is that of the quarter that ends then."""


def weekly_course(sums: Sums) -> NDArray[np.float64]:
    """Return the outcomes of `COURSES` at the end of every week, float64 (weeks, outcomes)."""
    weeks = range(len(sums))
    return np.array(
        [[BY_NAME[name].of(sums[max(0, week + 1 - QUARTER) : week + 1]) for name in COURSES]
         for week in weeks]
    )  # fmt: skip


def put_together(
    labels: Sequence[str], courses: Sequence[Sequence[NDArray[np.float64]]], start: date
) -> pl.DataFrame:
    """Return mean, least and largest over seeds by world, week and outcome.

    Parameters
    ----------
    labels : sequence of str
        The worlds.
    courses : sequence of sequence of NDArray
        For each world, what `weekly_course` gave for each seed.
    start : date
        First day of the first week.
    """
    frames = []
    for label, course in zip(labels, courses, strict=True):
        if not course:
            continue
        whole = np.array(course)
        ends = [start + timedelta(days=7 * week + 6) for week in range(whole.shape[1])]
        for place, name in enumerate(COURSES):
            one = whole[:, :, place]
            frames.append(
                pl.DataFrame(
                    {"world": label, "week": range(1, len(ends) + 1), "date": ends,
                     "outcome": name, "mean": one.mean(axis=0), "least": one.min(axis=0),
                     "largest": one.max(axis=0)}
                )
            )  # fmt: skip
    return pl.concat(frames) if frames else pl.DataFrame()
