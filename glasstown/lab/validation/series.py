"""The national weekly series of one run, asked as published ones are: up to, during, on a day.

Published dates fall within weeks; a week's count is spread evenly over its days.
"""

from __future__ import annotations

import calendar
from collections.abc import Sequence
from datetime import date, timedelta

import numpy as np
import polars as pl
from numpy.typing import NDArray

from glasstown.lab.validation.targets import Target


class Series:
    """One run's national counts by week.

    Parameters
    ----------
    weekly : polars.DataFrame
        One row a week, in order: ``date`` (last day of the week) and one column a measure.
    """

    def __init__(self, weekly: pl.DataFrame) -> None:
        self.weekly = weekly
        self.ends = weekly["date"].to_list()
        self._days = np.array([one.toordinal() for one in self.ends], np.float64)

    def column(self, names: Sequence[str]) -> NDArray[np.float64]:
        """Return the weekly sum of some measures."""
        return (
            self.weekly.select(pl.sum_horizontal(list(names))).to_series().to_numpy().astype(float)
        )

    def upto(self, names: Sequence[str], day: date, since: date | None = None) -> float:
        """Return what was counted until the end of a day, all of it or since another day.

        Raises
        ------
        ValueError
            If the day lies after the run.
        """
        before = 0.0 if since is None else self.upto(names, since - timedelta(days=1))
        where = day.toordinal()
        if where > self._days[-1]:
            raise ValueError(f"{day} lies after the last week, which ends on {self.ends[-1]}")
        totals = np.concatenate([[0.0], np.cumsum(self.column(names))])
        days = np.concatenate([[self._days[0] - 7], self._days])
        return float(np.interp(where, days, totals)) - before

    def between(self, names: Sequence[str], first: date, last: date) -> float:
        """Return what was counted from the first day to the end of the last."""
        return self.upto(names, last, since=first)

    def on(self, names: Sequence[str], day: date) -> float:
        """Return a stock at the end of a day, straight between the ends of weeks."""
        if day.toordinal() > self._days[-1]:
            raise ValueError(f"{day} lies after the last week, which ends on {self.ends[-1]}")
        return float(np.interp(day.toordinal(), self._days, self.column(names)))

    def mean(self, names: Sequence[str], first: int, last: int) -> float:
        """Return the mean of a measure over weeks, counted from 1, both ends included."""
        return float(self.column(names)[first - 1 : last].mean())


def days_of(target: Target) -> tuple[date, date]:
    """Return the first and the last day of a target's date: a day, a month or a year.

    >>> from glasstown.lab.validation.targets import targets
    >>> [str(day) for day in days_of(targets()["N03"])]
    ['2018-05-01', '2018-05-31']
    """
    parts = [int(part) for part in target.date.split("-")]
    if len(parts) == 3:
        day = date(*parts)
        return day, day
    year, months = parts[0], parts[1:] or [1, 12]
    last = months[-1]
    return date(year, months[0], 1), date(year, last, calendar.monthrange(year, last)[1])
