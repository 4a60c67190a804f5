"""The page of a comparison: worlds side by side in charts and tables, in one file."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

from glasstown.lab.comparison.charts import charts, headings
from glasstown.lab.comparison.comparison import JSON, Comparison, Difference
from glasstown.lab.comparison.findings import (
    amount,
    change_in_words,
    comparison_found,
    factor_in_words,
    interval_in_words,
    value_in_words,
)
from glasstown.lab.comparison.transitions import STATES, Transitions
from glasstown.lab.wording import CAUSE_WORDS
from glasstown.surfaces.figures import figures, write_page


def row_of(one: Difference) -> dict[str, str]:
    """Return an outcome's row in words."""
    o = one.outcome
    return {
        "what": o.meaning.rstrip("."),
        "unit": o.unit,
        "first": value_in_words(o, one.first.mean),
        "other": value_in_words(o, one.other.mean),
        "difference": change_in_words(o, one.difference.mean),
        "interval": interval_in_words(o, one.difference),
        "factor": factor_in_words(one.factor),
        "seeds": str(one.difference.seeds),
    }


def crossed_rows(one: Transitions) -> tuple[list[str], list[tuple[str, list[str]]]]:
    """Return headings and rows of a table of transitions, empty causes left out."""
    kept = [i for i in range(len(STATES)) if i == 0 or one.table[i].any() or one.table[:, i].any()]
    names = [STATES[0] if i == 0 else CAUSE_WORDS[STATES[i]] for i in kept]
    rows = [
        (name, [amount(float(one.table[i, j])) for j in kept])
        for name, i in zip(names, kept, strict=True)
    ]
    return names, rows


def table_of(comparison: Comparison, world: str) -> dict[str, Any]:
    """Return the tables of a world against the first."""
    rows = [row_of(one) for one in comparison.differences if one.world == world]
    names: list[str] = []
    crossed: list[tuple[str, list[str]]] = []
    if world in comparison.transitions:
        names, crossed = crossed_rows(comparison.transitions[world])
    return {"world": world, "rows": rows, "columns": names, "crossed": crossed}


def write_comparison(comparison: Comparison, path: Path, command: str = "") -> Path:
    """Write the page of a comparison and return its path.

    Raises
    ------
    OSError
        If it can't be written.
    RuntimeError
        If the charts could not be drawn.
    """
    labels = [one.label for one in comparison.worlds]
    drawings = figures(partial(charts, comparison), headings(comparison))
    return write_page(
        "comparison.html.j2", path, comparison.as_data(),
        title=f"{labels[0]} beside {' and '.join(labels[1:])}",
        result=comparison, first=comparison.worlds[0], findings=comparison_found(comparison),
        figures=list(drawings.values()), command=command, download=JSON,
        tables=[table_of(comparison, one) for one in labels[1:]],
    )  # fmt: skip
