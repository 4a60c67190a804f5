"""Small countries for the tests, built without a scenario."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from glasstown.engine.country import Country
from glasstown.engine.measures import INDEX, MEASURES, NAMES
from glasstown.scheme.compilation import compile_scheme
from glasstown.scheme.loading import load_scheme
from glasstown.society.compilation import compile_rows
from glasstown.society.declaration import Behaviour, Society
from glasstown.society.region_table import read_region_table

LINE = {"source": "test", "confidence": "assumed"}


def country(
    scheme: str | Mapping[str, Any] = "none", citizens: int = 100_000, seed: int = 1, *,
    without: Sequence[str] = (), catalogue: Sequence[Behaviour] | None = None, **society: Any,
) -> Country:  # fmt: skip
    """Build a country on the cpu engine; keywords are those of `Society`."""
    declared = Society.model_validate({"citizens": citizens, **society})
    rows = read_region_table(declared.regions)
    compiled = compile_rows(declared, rows, without, catalogue)
    names = [one.name for one in compiled.behaviours]
    loaded = load_scheme(scheme, behaviours=names)
    return Country(compiled, compile_scheme(loaded, declared, compiled.behaviours, without), seed)


def scheme_of(**parts: Any) -> dict[str, Any]:
    """Return a whole scheme with a score from 0 to 200 that starts at 100, and given parts."""
    score = {"start": 100, "floor": 0, "ceiling": 200, **LINE}
    return {"name": "test", "title": "Test", "summary": "For a test.", "score": score,
            **LINE, **parts}  # fmt: skip


def run(made: Country, weeks: int) -> NDArray[np.int64]:
    """Run weeks; return the national tally of each week, int64 (weeks, width)."""
    return np.array([tally.sum(axis=(0, 1)) for tally in made.weeks(weeks)])


def total(weekly: NDArray[np.int64], name: str) -> int:
    """Return a flow over all weeks, or the last week's stock; a prefix sums all its measures."""
    names = [one for one in NAMES if one == name or one.startswith(f"{name}_")]
    if name in NAMES:
        names = [name]
    if name == "denied":  # by service; the same denials stand again by cause
        names = [one for one in names if not one.startswith("denied_for_")]
    if not names:
        raise KeyError(name)
    value = 0
    for one in names:
        column = weekly[:, INDEX[one]]
        value += int(column[-1] if MEASURES[INDEX[one]].kind == "stock" else column.sum())
    return value
