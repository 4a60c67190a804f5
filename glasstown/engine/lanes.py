"""Rows of the room in which a block's 64 lanes are worked out."""

from __future__ import annotations

OWN, LIKE, MOODS, TRAITS, HEADS_OWN = range(5)
"""Rows of the hashes of a block, uint64 (5, 64): TRAITS is each lane's first trait word."""
HASHES = 5
(
    LISTING, CAUTION, LOST, LISTED_TIES, SHAMED_TIES, GONE, BAND, GROUP, OPINION, BOLDNESS, STANCE,
    MOBILISES, HEAD,
) = range(4, 17)  # fmt: skip
"""Rows of the numbers of a block, int64 (17, 64), after the four parts of a score."""
NUMBERS = 17
BITS = 256
"""Draws of 16 bits: four a lane."""
COUNTERS = 40
"""Words of `glasstown.engine.counting`: four planes of eight counters, and eight words of room."""
