"""Fields: the state and the tallies of two countries, compared one named field at a time."""

from __future__ import annotations

from collections.abc import Container, Iterator
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from glasstown.engine.country import Country
from glasstown.engine.measures import FLOWS, NAMES
from glasstown.engine.reference_owners import SLOTS
from glasstown.engine.world import (
    BY_ERROR,
    BY_OTHERS,
    BY_SPEECH,
    CASH,
    COMPLIANCE,
    CUT,
    ENROLLED,
    HIDDEN,
    HUSHED,
    JOINED,
    JOINED_BEFORE,
    MOBILISING,
    OWNER_HIT,
    PUBLISHED,
    SCORE,
    SERVED,
    SOCIAL,
    UNHEARD,
    State,
)
from glasstown.lab.trace.events import tie_kind
from glasstown.laws import publish as facts
from glasstown.society import layout as at
from glasstown.society.ties import FREE_TIES, HOUSEHOLD_TIES

POINTS = {SCORE: "score", BY_ERROR: "points by mistake", BY_OTHERS: "points for others",
          BY_SPEECH: "points for speech"}  # fmt: skip
FIRM_POINTS = {COMPLIANCE: "a firm's compliance", SOCIAL: "a firm's social responsibility"}
FACT_NAMES = {facts.LOW: "low", facts.LISTED: "listed", facts.SHAMED: "shamed",
              facts.PRAISING: "praising", facts.CRITICAL: "critical"}  # fmt: skip
PLANES = {
    **FACT_NAMES,
    **{PUBLISHED + fact: f"known as {name}" for fact, name in FACT_NAMES.items()},
    **{CUT + tie: f"without tie {tie + HOUSEHOLD_TIES} ({tie_kind(tie + HOUSEHOLD_TIES)})"
       for tie in range(FREE_TIES)},
    SERVED: "served specially", CASH: "pays cash", ENROLLED: "takes part", HUSHED: "known unheard",
    UNHEARD: "unheard", MOBILISING: "mobilising", OWNER_HIT: "owner of a listed firm",
    JOINED: "joined", JOINED_BEFORE: "joined before", HIDDEN: "hidden",
}  # fmt: skip
TENTHS = ("score", "points by mistake", "points for others", "points for speech",
          *FIRM_POINTS.values())  # fmt: skip
"""Fields that are shown in points."""


class Differing(NamedTuple):
    """A field in which two states differ: how many citizens (or firms), and the first of them.

    ``citizen`` is a citizen's number, for a firm the first of its block; ``block`` is where.
    """

    field: str
    differs_for: int
    citizen: int
    block: int
    a: float
    b: float


class Cell(NamedTuple):
    """A measure in which two weekly tallies differ, and the first zone in which it does."""

    measure: str
    zone: int
    a: int
    b: int


def columns(state: State) -> Iterator[tuple[str, NDArray[Any], int]]:
    """Yield each field of a state: its name, its values, and how many of them make a block.

    A field of bits comes as words of 64 citizens, one a block.
    """
    for row, name in POINTS.items():
        yield name, state.points[row], at.BLOCK
    yield "listing", state.listing, at.BLOCK
    yield "caution", state.caution, at.BLOCK
    for plane, name in PLANES.items():
        yield name, state.words[plane], 1
    for row, name in FIRM_POINTS.items():
        yield name, state.firm_points[row], SLOTS
    yield "a firm's listing", state.firm_listing, SLOTS


def differing_fields(one: Country, other: Country, but: Container[str] = ()) -> list[Differing]:
    """Return the fields in which two states differ, those named in ``but`` left out."""
    found = []
    for (name, a, size), (_, b, _) in zip(columns(one.state), columns(other.state), strict=True):
        if name not in but and not np.array_equal(a, b):
            found.append(_differing(one, name, a, b, size))
    return found


def _differing(
    country: Country, name: str, a: NDArray[Any], b: NDArray[Any], size: int
) -> Differing:
    """Return how a field differs."""
    where = np.flatnonzero(a != b)
    first, count = int(where[0]), where.size
    block, lane, values = first // size, first % size, (float(a[first]), float(b[first]))
    if size == 1:
        apart = a ^ b
        count = int(np.unpackbits(apart[where].view(np.uint8)).sum())
        bits = int(apart[first])
        lane = (bits & -bits).bit_length() - 1
        values = float(int(a[first]) >> lane & 1), float(int(b[first]) >> lane & 1)
    if size == SLOTS:
        lane = 0
    if name in TENTHS:
        values = values[0] / 10, values[1] / 10
    return Differing(name, count, number_of(country, block * at.BLOCK + lane), block, *values)


def number_of(country: Country, index: int) -> int:
    """Return the number of the citizen at a place of the country."""
    places = country.society.layout.places
    row = places.zones[places.block_zone[index // at.BLOCK]]
    return int(row[at.FIRST_CITIZEN]) + index - int(row[at.FIRST_BLOCK]) * at.BLOCK


def differing_cells(
    country: Country, a: NDArray[np.int64], b: NDArray[np.int64], *, only_flows: bool
) -> list[Cell]:
    """Return the measures in which two weekly tallies (zones, groups, width) differ."""
    wanted = list(FLOWS) if only_flows else list(range(len(NAMES)))
    wanted += range(len(NAMES), a.shape[2])
    sums_a, sums_b = a.sum(axis=1), b.sum(axis=1)
    found = []
    for column in wanted:
        where = np.flatnonzero(sums_a[:, column] != sums_b[:, column])
        if where.size:
            zone = int(where[0])
            found.append(
                Cell(measure_of(country, column), zone, int(sums_a[zone, column]),
                     int(sums_b[zone, column]))
            )  # fmt: skip
    return found


def measure_of(country: Country, column: int) -> str:
    """Return what a column of the tally counts."""
    if column < len(NAMES):
        return NAMES[column]
    behaviours = country.society.behaviours
    kind, which = divmod(column - len(NAMES), len(behaviours))
    return f"{('done', 'booked')[kind]}: {behaviours[which].name}"
