"""One line or layer of a chart."""

from __future__ import annotations

from typing import NamedTuple


class Series(NamedTuple):
    """One line or layer of a chart: the column, what it is called, its colour."""

    column: str
    label: str
    colour: str
