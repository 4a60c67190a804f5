"""Seeds of replicate runs."""

from __future__ import annotations

from glasstown.laws.draws import fold, mix64


def seeds_of(seed: int, count: int) -> list[int]:
    """Return the seeds of replicate runs: hashed, so that neighbouring seeds share none.

    >>> seeds_of(1, 2) == seeds_of(1, 3)[:2], set(seeds_of(1, 9)) & set(seeds_of(2, 9))
    (True, set())
    """
    return [fold(mix64(seed), place) for place in range(count)]
