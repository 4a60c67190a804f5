"""Gather: who joins a gathering that others have joined.

Granovetter 1978 ("Threshold models of collective behavior", American Journal of Sociology 83(6),
section "The model"): somebody joins once at least as many as the own threshold have joined; a
threshold of 0 joins without anybody. Kuran 1991 takes the same rule for public opposition.
"""

from __future__ import annotations

from glasstown.laws import law


@law
def joins(joined: int, threshold: int) -> bool:
    """Return whether somebody joins, given how many have joined (same unit as the threshold)."""
    return joined >= threshold
