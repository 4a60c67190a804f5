"""The national series that a page draws while a world runs: measures by week, as plain lists."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from glasstown.engine.measures import (
    EXITS,
    IN_POINTS,
    INDEX,
    MEASURES,
    NAMES,
    OWN_CAUSES,
    SERVICES,
    WRONGLY,
    Measure,
)

Sums = Sequence[NDArray[np.int64]]
TENTHS = 10

ADDED: dict[str, tuple[Measure, tuple[str, ...]]] = {
    name: (Measure(name, kind, unit, meaning), parts)
    for name, kind, unit, meaning, parts in (
        ("excluded", "stock", "citizens", "Adults shut out of a service.",
         tuple(f"excluded_{one}" for one in OWN_CAUSES)),
        ("excluded_wrongly", "stock", "citizens", "Of these, not for their own doing.",
         tuple(f"excluded_{one}" for one in OWN_CAUSES if one in WRONGLY)),
        ("denied", "flow", "requests", "Requests refused.",
         tuple(f"denied_{one}" for one in SERVICES)),
        ("entries", "flow", "listings", "Entries on black lists.",
         tuple(f"entries_{one}" for one in OWN_CAUSES)),
        ("exits", "flow", "listings", "Exits from black lists.",
         tuple(f"exits_{one}" for one in EXITS)),
        ("records", "flow", "records", "Records booked to citizens.",
         ("booked", "misbooked", "false_matches")),
        ("records_wrong", "flow", "records", "Of these, booked to somebody who did nothing.",
         ("misbooked", "false_matches")),
    )
}  # fmt: skip
"""Sums of measures, as the findings call them."""
MEAN = Measure("score_mean", "stock", "points", "Mean score of adults.")

STREAMED = (
    "adults", "low", "listed", "listed_red", "excluded", "excluded_wrongly", "shamed", "cautious",
    "paying_cash", "opposed", "praising", "critical", "silenced", "falsifying", "mobilising",
    "enrolled", "noticed", "score_mean", "offences", "denied", "entries", "exits", "appeals",
    "appeals_won", "records", "records_wrong", "points_lost_friends", "points_lost_household",
    "posts_critical", "posts_hidden", "shamings", "gathered", "ties_cut", "firms_black",
    "acted", "firm_offences",
)  # fmt: skip
"""What the event stream carries."""


def known() -> list[Measure]:
    """Return every measure that can be asked for."""
    return [*MEASURES, *(one for one, _ in ADDED.values()), MEAN]


KNOWN = frozenset((*NAMES, *ADDED, MEAN.name))


def columns(sums: Sums, names: Sequence[str]) -> dict[str, list[Any]]:
    """Return measures by name, one number a week; points in points, means as means."""
    if not sums:
        return {name: [] for name in names}
    table = np.stack(sums)
    return {name: _column(table, name).tolist() for name in names}


def _column(table: NDArray[np.int64], name: str) -> NDArray[Any]:
    if name in ADDED:
        return table[:, [INDEX[part] for part in ADDED[name][1]]].sum(axis=1)
    if name == MEAN.name:
        adults = np.maximum(table[:, INDEX["adults"]], 1)
        return np.round(table[:, INDEX["score_sum"]] / adults / TENTHS, 3)
    column = table[:, INDEX[name]]
    return column / TENTHS if name in IN_POINTS else column
