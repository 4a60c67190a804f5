"""Rows of the room in which a block's 64 lanes are worked out."""

from __future__ import annotations

from glasstown.society.layout import CHUNK_GROUPS, GROUP_BLOCKS

OWN, LIKE, MOODS, TRAITS, HEADS_OWN = range(5)
"""Rows of the hashes of a block, uint64 (5, 64): TRAITS is each lane's first trait word."""
HASHES = 5
(
    LOST, LISTED_TIES, SHAMED_TIES, GROUP, OPINION, BOLDNESS, STANCE, MOBILISES, HEAD, PATTERN,
) = range(10)  # fmt: skip
"""Rows of the numbers of a block, int16 (10, 64)."""
NUMBERS = 10
LISTING, CAUTION, BITS = 256, 320, 384
"""In uint16 (384,): four draws of 16 bits a lane, then each lane's listing and caution before."""
UNFADED, BEFORE, AFTER, PAST = 256, 320, 384, 448
"""In int16 (448,): each lane's four points before; then, lane beside lane, the scores as they were
before they faded, before the reflection, and after it."""
DUE = 40
"""In the counters' room, after `glasstown.engine.counting`'s four planes of eight counters and
eight words: the places of a chunk's blocks that reflect, and a few places of room."""
COUNTERS = DUE + CHUNK_GROUPS * GROUP_BLOCKS + 8
