"""Where everybody is: regions are contiguous, urban before rural, both padded to whole blocks.

A *zone* is one settlement of one region. Block keys depend on the region's code, the settlement
and the block's place within it alone, so a larger region moves nobody's draws elsewhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from glasstown.laws.draws import fold
from glasstown.society.region_table import RegionRow

BLOCK = 64
GROUP_BLOCKS = 8
CHUNK_GROUPS = 64
"""Blocks that share one draw of candidates (512 citizens), and such groups in a unit of work."""

SETTLEMENTS = ("urban", "rural")
URBAN, RURAL = 0, 1
COUNTRY_KEY, REGION_KEY, COMMUNITY_KEY = 0x6C61, 0x7265, 0x636F

# Columns of the zone table.
REGION, SETTLEMENT, FIRST_BLOCK, BLOCKS, CITIZENS, FIRST_CITIZEN = range(6)
# Columns of the chunks.
CHUNK_ZONE, CHUNK_GROUP, CHUNK_SIZE, CHUNK_WORLD = range(4)


class Places(NamedTuple):
    """Zones, regions and blocks as arrays.

    ``zones`` int64 (zones, 6): columns REGION to FIRST_CITIZEN; ``zone_keys`` uint64 (zones,);
    ``regions`` int64 (regions, 2): first block, blocks; ``region_keys`` uint64 (regions,);
    ``block_zone`` uint8 (blocks,); ``chunks`` int64 (chunks, 4): zone,
    first group, groups, and which of an engine's worlds holds there.
    """

    zones: NDArray[np.int64]
    zone_keys: NDArray[np.uint64]
    regions: NDArray[np.int64]
    region_keys: NDArray[np.uint64]
    block_zone: NDArray[np.uint8]
    chunks: NDArray[np.int64]


@dataclass(frozen=True)
class Layout:
    """The country of N citizens: its regions' names and its places."""

    citizens: int
    blocks: int
    region_names: tuple[str, ...]
    places: Places


def apportion(citizens: int, weights: Sequence[int]) -> list[int]:
    """Share N citizens out by weights, by largest remainders, in integers.

    >>> apportion(10, [1, 1, 4])
    [2, 2, 6]
    """
    total = sum(weights)
    counts = [citizens * weight // total for weight in weights]
    rests = [citizens * weight % total for weight in weights]
    order = sorted(range(len(weights)), key=lambda i: (-rests[i], i))
    for i in order[: citizens - sum(counts)]:
        counts[i] += 1
    return counts


def lay_out(citizens: int, rows: Sequence[RegionRow]) -> Layout:
    """Lay out a country of N citizens over the rows of a region table."""
    counts = apportion(citizens, [row.population_2020 for row in rows])
    zones = np.zeros((2 * len(rows), 6), np.int64)
    regions = np.zeros((len(rows), 2), np.int64)
    first_block = first_citizen = 0
    for r, (row, count) in enumerate(zip(rows, counts, strict=True)):
        urban = round(count * row.urban_pct / 100)
        regions[r, 0] = first_block
        for settlement, here in ((URBAN, urban), (RURAL, count - urban)):
            blocks = -(-here // BLOCK)
            zones[2 * r + settlement] = (r, settlement, first_block, blocks, here, first_citizen)
            first_block += blocks
            first_citizen += here
        regions[r, 1] = first_block - regions[r, 0]
    places = Places(
        zones=zones,
        zone_keys=np.array(
            [fold(fold(REGION_KEY, row.gb_code), s + 1) for row in rows for s in (0, 1)], np.uint64
        ),
        regions=regions,
        region_keys=np.array([fold(REGION_KEY, row.gb_code) for row in rows], np.uint64),
        block_zone=np.repeat(np.arange(len(zones), dtype=np.uint8), zones[:, BLOCKS]),
        chunks=_chunks(zones),
    )
    return Layout(citizens, first_block, tuple(row.name_en for row in rows), places)


def _chunks(zones: NDArray[np.int64]) -> NDArray[np.int64]:
    """Cut every zone into units of work of at most CHUNK_GROUPS groups."""
    rows = []
    for zone, blocks in enumerate(zones[:, BLOCKS]):
        groups = -(-int(blocks) // GROUP_BLOCKS)
        for first in range(0, groups, CHUNK_GROUPS):
            rows.append((zone, first, min(CHUNK_GROUPS, groups - first), 0))
    return np.array(rows, np.int64).reshape(-1, 4)


def block_and_lane(layout: Layout, citizen: int) -> tuple[int, int]:
    """Return the block and lane of a citizen number.

    Raises
    ------
    ValueError
        If there is no such citizen.
    """
    if not 0 <= citizen < layout.citizens:
        raise ValueError(f"citizen {citizen} is not among 0 to {layout.citizens - 1}")
    zones = layout.places.zones
    # Zones without citizens share their start with the next one: 'right' skips them.
    zone = int(np.searchsorted(zones[:, FIRST_CITIZEN], citizen, side="right")) - 1
    offset = citizen - int(zones[zone, FIRST_CITIZEN])
    return int(zones[zone, FIRST_BLOCK]) + offset // BLOCK, offset % BLOCK
