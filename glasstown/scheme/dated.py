"""Numbers that change with the date: one number, or points joined by straight lines.

Before the first point and after the last the value stays as it is there. A scheme is compiled
anew on the first day of each quarter between the points, so a line is followed in steps of a
quarter; a date that switches something is kept to the week.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import Annotated

from pydantic import Field

from glasstown.declaration import Declared, Share, parameter

STEP = timedelta(weeks=13)


class Point(Declared):
    """What a share is on a date."""

    on: date = Field(description="The date.")
    share: Share = parameter(unit="share", meaning="The share on that date.", ge=0, le=1)


DatedShare = Annotated[float, Field(ge=0, le=1)] | Annotated[list[Point], Field(min_length=1)]
"""A share, or its points in the order of their dates."""


def share_on(value: float | Sequence[Point], day: date) -> float:
    """Return a dated share on a day.

    >>> share_on(0.5, date(2014, 1, 1))
    0.5
    """
    if isinstance(value, float | int):
        return float(value)
    if day <= value[0].on:
        return value[0].share
    for first, last in pairwise(value):
        if day < last.on:
            passed = (day - first.on).days / (last.on - first.on).days
            return first.share + passed * (last.share - first.share)
    return value[-1].share


def steps_of(value: float | Sequence[Point]) -> Iterator[date]:
    """Yield the days on which a dated share takes a new value."""
    if isinstance(value, float | int):
        return
    day = value[0].on
    while day < value[-1].on:
        yield day
        day += STEP
    yield value[-1].on


def in_order(value: float | Sequence[Point]) -> bool:
    """Tell whether the dates of a dated share rise from one point to the next."""
    if isinstance(value, float | int):
        return True
    return all(one.on < next_.on for one, next_ in pairwise(value))
