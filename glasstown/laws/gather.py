"""Gather: who joins a gathering that others have joined.

Granovetter 1978 ("Threshold models of collective behavior", American Journal of Sociology 83(6),
section "The model"): somebody joins once at least as many as the own threshold have joined; a
threshold of 0 joins without anybody. Kuran 1991 takes the same rule for public opposition.
"""

from __future__ import annotations

from glasstown.laws import law

NEVER_GATHERS = 1 << 20
"""A reluctance that no number of ties overcomes."""


@law
def joins(joined: int, threshold: int) -> bool:
    """Return whether somebody joins, given how many have joined (same unit as the threshold)."""
    return joined >= threshold


@law
def reluctance(
    opinion: int, boldness: int, caution: int, fear_q8: int, costs: int, effort: int
) -> int:
    """Return how much keeps an adult from a gathering, in points of opinion.

    The effort, less opposition and boldness, more for fear and for what there is to lose. At or
    below 0 somebody goes without seeing anybody else go; supporters never go.
    """
    if opinion >= 128:
        return NEVER_GATHERS
    return effort - (128 - opinion) - (boldness >> 1) + ((caution * fear_q8) >> 8) + costs


@law
def stake(score: int, floor: int, ceiling: int, costs: int) -> int:
    """Return what a member of a scheme has to lose: more, the higher the score stands."""
    return (costs * (score - floor)) // (ceiling - floor)


@law
def threshold_ties(kept_back: int, peers_q8: int) -> int:
    """Return how many ties must be seen to join before an adult does: Granovetter's threshold."""
    if kept_back <= 0:
        return 0
    if peers_q8 <= 0:
        return NEVER_GATHERS
    return ((kept_back << 8) + peers_q8 - 1) // peers_q8
