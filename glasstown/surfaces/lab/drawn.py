"""Charts for the page: the report's own, as Vega-Lite specifications that the browser draws."""

from __future__ import annotations

import math
import threading
from typing import Any
from weakref import WeakKeyDictionary

from glasstown.lab.charts import CHARTS, ChartKind
from glasstown.lab.showing import WIDE
from glasstown.lab.tallies import Tallies

MOST_ROWS = 400
_DRAWING = threading.Semaphore(2)
"""Altair is busy Python: more at once would only wait for each other."""


_KEYS: WeakKeyDictionary[Tallies, set[str]] = WeakKeyDictionary()


def drawn_keys(tallies: Tallies) -> set[str]:
    """Return the keys of the charts that a run has something to show for."""
    if tallies not in _KEYS:
        with _DRAWING:
            _KEYS[tallies] = {one.key for one in CHARTS if one.function(tallies, WIDE) is not None}
    return _KEYS[tallies]


def drawn_chart(tallies: Tallies, kind: ChartKind, width: int) -> dict[str, Any] | None:
    """Return one chart for a page; None where the run has nothing for it to show."""
    with _DRAWING:
        chart = kind.function(tallies, width)
        if chart is None:
            return None
        spec = chart.drawing.to_dict(validate=False)
    spec.pop("title", None)
    table = chart.data.drop("text", strict=False)
    rows = table.head(MOST_ROWS).rows()
    return {
        "key": kind.key,
        "heading": kind.heading,
        "finding": chart.finding,
        "weeks_done": tallies.weeks,
        "spec": spec,
        "columns": table.columns,
        "rows": [[plain(one) for one in row] for row in rows],
    }


def plain(value: Any) -> Any:
    """Return a value that JSON can hold: no number that is none, dates as text."""
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value if isinstance(value, int | float | str | None) else str(value)
