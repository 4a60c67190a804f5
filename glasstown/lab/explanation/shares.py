"""Exact shares of mechanisms in an effect, from its value in every world of theirs.

A world is a set of mechanisms that are on, written as a number whose bit k says that the k-th is
on; a game is a list of one value for each of the 2^m worlds. All results are whole numbers or
fractions, so that the Shapley values add up to the total effect without a remainder.

Shapley 1953 (A value for n-person games, Contributions to the Theory of Games II, 307-317);
Harsanyi 1963 (International Economic Review 4, 194-220) for the dividends; Grabisch and Roubens
1999 (International Journal of Game Theory 28, 547-565) for the interaction index.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from math import comb

Game = Sequence[int]


def size_of(game: Game) -> int:
    """Return how many mechanisms a game is about.

    Raises
    ------
    ValueError
        If it does not hold one value for each of the 2^m worlds.
    """
    size = len(game).bit_length() - 1
    if len(game) != 1 << size:
        raise ValueError(f"a game has 2^m values, not {len(game)}")
    return size


def shapley(game: Game) -> list[Fraction]:
    """Return each mechanism's share of ``game[-1] - game[0]``; the shares add up to it exactly.

    >>> shapley([0, 0, 0, 6])
    [Fraction(3, 1), Fraction(3, 1)]
    """
    m = size_of(game)
    shares = []
    for k in range(m):
        whole = Fraction(0)
        for world in _without(m, 1 << k):
            others = world.bit_count()
            weight = Fraction(1, m * comb(m - 1, others))
            whole += weight * (game[world | 1 << k] - game[world])
        shares.append(whole)
    return shares


def interactions(game: Game) -> dict[tuple[int, int], Fraction]:
    """Return the Shapley interaction index of each pair of mechanisms, the smaller place first.

    Above zero, the two together do more than each for itself (neither suffices); below zero,
    each does what the other would do too.

    >>> interactions([0, 0, 0, 6])[0, 1], interactions([0, 6, 6, 6])[0, 1]
    (Fraction(6, 1), Fraction(-6, 1))
    """
    m = size_of(game)
    found = {}
    for i in range(m):
        for j in range(i + 1, m):
            pair, whole = 1 << i | 1 << j, Fraction(0)
            for world in _without(m, pair):
                weight = Fraction(1, (m - 1) * comb(m - 2, world.bit_count()))
                together = game[world | pair] + game[world]
                whole += weight * (together - game[world | 1 << i] - game[world | 1 << j])
            found[i, j] = whole
    return found


def dividends(game: Game) -> list[int]:
    """Return Harsanyi's dividend of every set of mechanisms: what it does that no part of it does.

    The dividends of all sets add up to ``game[-1]``, that of no mechanism included.

    >>> dividends([1, 1, 1, 7])
    [1, 0, 0, 6]
    """
    found = list(game)
    for k in range(size_of(game)):
        for world in range(len(found)):
            if world >> k & 1:
                found[world] -= found[world ^ 1 << k]
    return found


def _without(m: int, parts: int) -> Iterator[int]:
    """Yield the worlds in which some mechanisms are off."""
    return (world for world in range(1 << m) if not world & parts)
