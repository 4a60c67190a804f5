"""The charts of one run, each defined once for report, notebook and browser.

A chart is a function of the tallies and a width in pixels; it returns its finding, the numbers
in it and an Altair chart, or nothing where the run has nothing for it to show.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import polars as pl

from glasstown.lab.charts import conduct, exclusion, firms, participation, remedies, scores
from glasstown.lab.charts.theme import Chart
from glasstown.lab.showing import WIDE
from glasstown.lab.tallies import Tallies


class ChartKind(NamedTuple):
    """A chart that a run may have."""

    key: str
    heading: str
    function: Callable[[Tallies, int], Chart | None]


CHARTS: tuple[ChartKind, ...] = (
    ChartKind("excluded", "Who is shut out, and for what", exclusion.by_cause),
    ChartKind("map", "Where people are shut out", exclusion.tile_map),
    ChartKind("groups", "Who is shut out, by group", exclusion.by_group),
    ChartKind("denied_service", "What is refused", exclusion.denied_service),
    ChartKind("denied_cause", "For what it is refused", exclusion.denied_cause),
    ChartKind("exits", "How lists are left", remedies.exits),
    ChartKind("appeals", "Appeals", remedies.appeals),
    ChartKind("ability", "Unable or unwilling", remedies.ability),
    ChartKind("scores", "How scores move", scores.scores),
    ChartKind("tiers", "Who is in which tier", scores.tiers),
    ChartKind("points", "What points are lost for", scores.points),
    ChartKind("records", "Records right and wrong", scores.records),
    ChartKind("members", "Who takes part", participation.members),
    ChartKind("rewards", "What goes first", participation.rewards),
    ChartKind("waits", "Waits at hospitals", participation.waits),
    ChartKind("speech", "What people think and what they say", conduct.speech),
    ChartKind("caution", "Caution and cash", conduct.caution),
    ChartKind("ties", "Ties cut", conduct.ties),
    ChartKind("gatherings", "Gatherings", participation.gatherings),
    ChartKind("honesty", "Offences", conduct.honesty),
    ChartKind("firm_tiers", "Firms by tier", firms.tiers),
    ChartKind("firm_lists", "Firms on lists", firms.listed),
    ChartKind("bids", "Bids of firms", firms.bids),
)
"""Every chart, in the order of the report."""


def charts(
    weekly: pl.DataFrame | pl.LazyFrame | Tallies,
    manifest: Mapping[str, Any] | None = None,
    width: int = WIDE,
) -> dict[str, Chart]:
    """Draw all charts that a run has something to show for.

    Parameters
    ----------
    weekly : polars.DataFrame, polars.LazyFrame or Tallies
        The weekly frame of the run folder, or its tallies.
    manifest : mapping, optional
        The manifest of the same run; not needed with tallies.
    width : int
        Total width of a chart, in pixels.

    Returns
    -------
    dict of str to Chart
        By key, in the order of `CHARTS`.
    """
    tallies = weekly if isinstance(weekly, Tallies) else Tallies(weekly, manifest or {})
    drawn = {kind.key: kind.function(tallies, width) for kind in CHARTS}
    return {key: chart for key, chart in drawn.items() if chart is not None}
