"""Who stands on the stage: all of a small country, else whole blocks spread over every zone.

The choice depends on the layout alone, so the runs of a pair have the same citizens on stage.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from glasstown.society import layout as at
from glasstown.society.layout import BLOCK, Layout

FEWEST = 20_000
"""Citizens on stage at least, where there are so many."""
WHOLE_BELOW = 24_000
"""A country of at most so many citizens stands on stage as a whole."""


class Places(NamedTuple):
    """The citizens on stage, by place: blocks follow each other, and so do their lanes.

    ``blocks`` int64 (blocks,): number in the country; ``zone``, ``count``, ``first``, ``citizen``
    int64 (blocks,): the block's zone, citizens, first place, and its first citizen's number;
    ``lanes`` int64 (citizens,): each citizen's lane in the state; ``is_present`` bool
    (blocks, 64).
    """

    blocks: NDArray[np.int64]
    zone: NDArray[np.int64]
    count: NDArray[np.int64]  # type: ignore[assignment]
    first: NDArray[np.int64]
    citizen: NDArray[np.int64]
    lanes: NDArray[np.int64]
    is_present: NDArray[np.bool_]

    @property
    def citizens(self) -> int:
        """How many citizens are on stage."""
        return int(self.lanes.size)

    def place_of(self, citizen: int) -> int | None:
        """Return the place of a citizen number, None if the citizen is not on stage."""
        i = int(np.searchsorted(self.citizen, citizen, side="right")) - 1
        offset = citizen - int(self.citizen[i])
        return int(self.first[i]) + offset if offset < int(self.count[i]) else None

    def numbers(self) -> NDArray[np.int64]:
        """Return the number of the citizen at each place, int64 (citizens,)."""
        return np.repeat(self.citizen - self.first, self.count) + np.arange(self.citizens)


def choose(layout: Layout, fewest: int = FEWEST, whole_below: int = WHOLE_BELOW) -> Places:
    """Choose who stands on stage."""
    zones = layout.places.zones
    everybody = layout.citizens <= max(whole_below, fewest)
    chosen = [
        int(row[at.FIRST_BLOCK]) + _spread(int(row[at.BLOCKS]), fewest / layout.citizens, everybody)
        for row in zones
    ]
    blocks = np.concatenate(chosen).astype(np.int64)
    zone = layout.places.block_zone[blocks].astype(np.int64)
    place = blocks - zones[zone, at.FIRST_BLOCK]
    count = np.minimum(zones[zone, at.CITIZENS] - BLOCK * place, BLOCK)
    is_present = np.arange(BLOCK) < count[:, None]
    lanes = (blocks[:, None] * BLOCK + np.arange(BLOCK))[is_present]
    return Places(
        blocks, zone, count, np.cumsum(count) - count,
        zones[zone, at.FIRST_CITIZEN] + BLOCK * place, lanes, is_present,
    )  # fmt: skip


def _spread(blocks: int, share: float, everybody: bool) -> NDArray[np.int64]:
    """Return which of a zone's blocks are chosen: at least a share of them, evenly apart."""
    # Whoever lives in a zone's last, unfilled block makes the others carry more than their share.
    wanted = blocks if everybody else min(int(np.ceil(blocks * share)) + (share > 0), blocks)
    return np.arange(wanted, dtype=np.int64) * blocks // max(wanted, 1)
