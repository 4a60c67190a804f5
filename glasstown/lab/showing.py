"""The charts of a result by name: the same names in Python, on the command line and on pages.

A light module: Altair is loaded when something is first drawn.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from glasstown.errors import InputError, nearest_word

if TYPE_CHECKING:
    from glasstown.lab.charts.theme import Chart

WIDE = 720
"""Width of a chart at a desk, in pixels."""


def named(charts: Mapping[str, Chart], name: str, others: Iterable[str] = ()) -> Chart:
    """Return one of some charts.

    Parameters
    ----------
    charts : mapping
        The charts that there are.
    name : str
        The key of one of them.
    others : iterable of str
        Names of charts that could be, and that have nothing to show here.

    Raises
    ------
    InputError
        If there is no such chart.
    """
    if name in charts:
        return charts[name]
    there = ", ".join(charts) or "none"
    if name in set(others):
        raise InputError(f"chart '{name}' has nothing to show here; those that have: {there}.")
    near = nearest_word(name, charts)
    hint = f" Did you mean '{near}'?" if near else ""
    raise InputError(f"chart '{name}' is not one of {there}.{hint}")
