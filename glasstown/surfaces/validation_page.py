"""The page of a validation: one HTML file that needs nothing else, every row and chart on it."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

from glasstown.lab.calibration import CALIBRATED
from glasstown.lab.calibration.recorded import recorded
from glasstown.lab.validation import PARTS
from glasstown.lab.validation.charts import charts
from glasstown.lab.validation.rows import Row
from glasstown.lab.validation.validation import Validation
from glasstown.lab.writing import write_text
from glasstown.surfaces.figures import Figure, figures, filled, json_link

HEADINGS = {
    "series-0": "Entries on the list",
    "series-1": "Air tickets blocked",
    "series-2": "Fast-rail tickets blocked",
    "ratios-a": "The record, ours over published",
    "ratios-b": "Rongcheng, ours over published",
    "ratios-c": "The literature, ours over published",
    "ratios-d": "Published models, ours over published",
}
CHART_PARTS = {"a": ("series-0", "series-1", "series-2", "ratios-a"), "b": ("ratios-b",),
               "c": ("ratios-c",), "d": ("ratios-d",)}  # fmt: skip


def number(value: float | str | None) -> str:
    """Write a value of a row.

    >>> [number(one) for one in (12_770_000, 0.275, -0.0312, 8.7, "falls", None, 0)]
    ['12,770,000', '0.275', '-0.0312', '8.7', 'falls', '', '0']
    """
    if value is None or isinstance(value, str):
        return value or ""
    if abs(value) >= 1000:
        return f"{value:,.0f}"
    return f"{value:.4g}" if abs(value) >= 100 else f"{value:.3g}"


def between(row: Row) -> str:
    """Write the interval of a row; nothing where nothing is drawn."""
    if row.low is None or row.high is None:
        return ""
    return f"{number(row.low)} to {number(row.high)}"


def rendered(validation: Validation, drawings: dict[str, Figure]) -> str:
    """Return the page; everything in it is escaped."""
    return filled(
        "validation.html.j2",
        validation=validation,
        calibration=recorded(CALIBRATED[0]),
        parts=[_part(validation, key, drawings) for key in PARTS],
        number=number,
        between=between,
        data_uri=json_link(validation.as_data()),
    )


def _part(validation: Validation, key: str, drawings: dict[str, Figure]) -> dict[str, Any]:
    """Return what the page says of one part."""
    return {
        "key": key,
        "heading": PARTS[key],
        "rows": [row for row in validation.rows if row.part == key],
        "figures": [drawings[one] for one in CHART_PARTS[key] if one in drawings],
    }


def write_page(validation: Validation, path: Path) -> Path:
    """Write the page, replacing an older one whole, and return its path.

    Raises
    ------
    OSError
        If it can't be written.
    RuntimeError
        If the charts could not be drawn.
    """
    page = rendered(validation, figures(partial(charts, validation), HEADINGS))
    return write_text(page, path)
