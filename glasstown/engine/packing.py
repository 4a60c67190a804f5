"""The world in one record of fixed shape, as compiled kernels get it.

A kernel that took the world as some thirty arrays would pass hundreds of words with every call
and be compiled anew for nothing; a record is one pointer. The shapes are the largest allowed, so
the same kernel serves every society and scheme.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from glasstown.engine.world import Receipts, World
from glasstown.errors import ResourceError
from glasstown.scheme.compilation import Terms
from glasstown.society.compilation import Response
from glasstown.society.poisson import CERTAIN

MAX_REGIONS, MAX_BEHAVIOURS, MAX_GROUPS, MAX_COUNT = 64, 64, 4, 1024
MAX_ZONES = 2 * MAX_REGIONS
CANDIDATE_ROWS, HASH_ROWS = 8, 3
ROOM = MAX_COUNT + 40
"""Places in a row of candidates: not a power of two, or all rows would share a set of a cache."""


def _scalars(names: tuple[str, ...]) -> np.dtype[Any]:
    return np.dtype([(name, "i8") for name in names], align=True)


WORLD = np.dtype(
    [
        ("places", np.dtype([
            ("zones", "i8", (MAX_ZONES, 6)), ("zone_keys", "u8", (MAX_ZONES,)),
            ("regions", "i8", (MAX_REGIONS, 2)), ("region_keys", "u8", (MAX_REGIONS,)),
        ], align=True)),
        ("people", np.dtype([
            ("traits", "u1", (MAX_ZONES, 10, 256)), ("behaviours", "i8", (MAX_BEHAVIOURS, 17)),
            ("alias", "i8", (64, 2)), ("count", "i8", (MAX_COUNT,)), ("guide", "i8", (256,)),
            ("demand", "i8", (8, 2, 6)), ("demand_from", "i8", (8, 2)),
            ("group_limits", "i8", (3,)), ("firm_limits", "i8", (4,)), ("bids", "i8", (5, 6)),
        ], align=True)),
        ("response", _scalars(Response._fields)),
        ("rules", np.dtype([
            ("rules", "i8", (MAX_BEHAVIOURS, 12)), ("lists", "i8", (4, 11)),
            ("treatments", "i8", (9, 8)),
            ("treated", "i8", (9,)), ("deny_until", "i8", (6,)),
            ("visibility", "i8", (256,)), ("hides", "i8", (2, 256)),
        ], align=True)),
        ("terms", _scalars(Terms._fields)),
    ],
    align=True,
)  # fmt: skip

RECEIPTS = np.dtype(
    [
        ("count", "i8", (MAX_ZONES, MAX_COUNT)), ("false", "i8", (MAX_ZONES,)),
        ("handed", "i8", (MAX_REGIONS, MAX_BEHAVIOURS)),
        ("matched", "i8", (MAX_ZONES, MAX_BEHAVIOURS)),
        ("weights", "i8", (MAX_GROUPS,)),
    ],
    align=True,
)  # fmt: skip


def _fill(target: NDArray[Any], part: NamedTuple) -> None:
    """Copy a named tuple of arrays and numbers into a record, the rest left as it is."""
    names = target.dtype.names or ()
    for name in part._fields:
        if name not in names:
            continue
        value = np.asarray(getattr(part, name))
        if value.ndim == 0:
            target[name] = value
            continue
        field = target[name]
        if any(have > room for have, room in zip(value.shape, field.shape, strict=True)):
            raise ResourceError(f"{name}: {value.shape} is more than an engine holds {field.shape}")
        field[tuple(slice(0, size) for size in value.shape)] = value


def pack_worlds(worlds: Sequence[World]) -> NDArray[Any]:
    """Return worlds as an array of records.

    Raises
    ------
    ResourceError
        If a table is larger than the record, such as a Poisson table of too many candidates.
    """
    packed = np.zeros(len(worlds), WORLD)
    for record, world in zip(packed, worlds, strict=True):
        record["people"]["count"][:] = CERTAIN
        for name in World._fields:
            _fill(record[name], getattr(world, name))
    return packed


def pack_receipts(receipts: Receipts, packed: NDArray[Any]) -> None:
    """Copy a week's receipts into an array of one record."""
    _fill(packed[0], receipts)
