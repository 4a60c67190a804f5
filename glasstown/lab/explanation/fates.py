"""Fates: what becomes of a citizen in every world, one bit a world, in one word of 64 bits.

Bit w of a fate says whether the citizen is shut out (or listed, or low) in world w; a world is a
number whose bit k says that the k-th mechanism is on. Counting equal fates loses nothing that
shares, but-for counts or interactions are made from, and keeps them whole numbers.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from glasstown.lab.wording import joined

Fates = Counter[int]
"""How many citizens have each fate."""


def counted_fates(bits: Sequence[NDArray[np.uint8]], citizens: int) -> NDArray[np.uint64]:
    """Return every citizen's fate, uint64 (citizens,).

    Parameters
    ----------
    bits : sequence of NDArray
        For each world, packed bits by citizen, the lowest first.
    citizens : int
        How many citizens there are.
    """
    fates = np.zeros(citizens, np.uint64)
    for world, packed in enumerate(bits):
        one = np.unpackbits(packed, count=citizens, bitorder="little").astype(np.uint64)
        fates |= one << np.uint64(world)
    return fates


def tallied(fates: NDArray[np.uint64]) -> Fates:
    """Count equal fates; those whom nothing befalls in any world are left out."""
    values, counts = np.unique(fates, return_counts=True)
    found = zip(values.tolist(), counts.tolist(), strict=True)
    return Counter({int(fate): int(count) for fate, count in found if fate})


def game_of(fates: Mapping[int, int], worlds: int) -> list[int]:
    """Return how many citizens it befalls in each world."""
    return [
        sum(count for fate, count in fates.items() if fate >> world & 1) for world in range(worlds)
    ]


def befallen(fates: Mapping[int, int], worlds: int) -> Fates:
    """Return the fates of those whom it befalls with every mechanism on."""
    return Counter({fate: n for fate, n in fates.items() if fate >> (worlds - 1) & 1})


def but_for(fates: Mapping[int, int], worlds: int, k: int) -> int:
    """Count those whom it befalls with all mechanisms on, and not but for the k-th."""
    last = worlds - 1
    return sum(
        n for fate, n in fates.items() if fate >> last & 1 and not fate >> (last ^ 1 << k) & 1
    )


def spared(fates: Mapping[int, int], worlds: int, k: int) -> int:
    """Count those whom the k-th mechanism spares: it befalls them only when that one is off."""
    last = worlds - 1
    return sum(
        n for fate, n in fates.items() if not fate >> last & 1 and fate >> (last ^ 1 << k) & 1
    )


def alone(fates: Mapping[int, int], k: int) -> int:
    """Count those whom it befalls with the k-th mechanism alone on, and with none not."""
    return sum(n for fate, n in fates.items() if fate >> (1 << k) & 1 and not fate & 1)


def way_in_words(fate: int, names: Sequence[str]) -> str:
    """Say what it takes for a fate that befalls somebody with all mechanisms on.

    >>> way_in_words(0b1010, ["friends", "speech"]), way_in_words(0b1111, ["friends", "speech"])
    ('friends', 'whatever of these is switched off')
    >>> way_in_words(0b1000, ["friends", "speech"]), way_in_words(0b1110, ["friends", "speech"])
    ('friends and speech together', 'friends, or speech: either is enough')
    """
    if fate == (1 << (1 << len(names))) - 1:
        return "whatever of these is switched off"
    enough = _least_sets(fate, len(names))
    if enough is None:
        return "in a way that one mechanism opens and another closes"
    sets = [
        joined([names[k] for k in one]) + (" together" if len(one) > 1 else "") for one in enough
    ]
    if len(sets) == 1:
        return sets[0]
    return ", or ".join(sets) + (": either is enough" if len(sets) == 2 else ": each is enough")


def _least_sets(fate: int, m: int) -> list[tuple[int, ...]] | None:
    """Return the smallest sets of mechanisms that are enough; None if more can undo it."""
    for world in range(1 << m):
        for k in range(m):
            if fate >> world & 1 and not fate >> (world | 1 << k) & 1:
                return None
    found: list[tuple[int, ...]] = []
    for size in range(m + 1):
        for one in combinations(range(m), size):
            is_known = any(set(less) <= set(one) for less in found)
            if fate >> sum(1 << k for k in one) & 1 and not is_known:
                found.append(one)
    return found
