"""What holds where and from when: the schemes in force, zone by zone and week by week."""

from __future__ import annotations

from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from glasstown.scheme.compilation import IS_BLACK, LISTS, CompiledScheme


class Regimes(NamedTuple):
    """What holds from a week on.

    ``schemes``: the schemes in force, as compiled for the week, one a world; ``identities``: the
    hash of the declaration of each (a zone that gets another one begins anew); ``lists``: the
    names of its lists; ``of_zone`` int64 (zones,): which of them holds in each zone;
    ``traits`` uint8 (zones, 10, 256): the quantile tables of the time, None for the society's own.
    """

    schemes: tuple[CompiledScheme, ...]
    identities: tuple[str, ...]
    lists: tuple[tuple[str, ...], ...]
    of_zone: NDArray[np.int64]
    traits: NDArray[np.uint8] | None = None


class Plan(Protocol):
    """What a country asks of whoever knows its dates."""

    def at(self, week: int) -> Regimes | None:
        """Return what holds from a week (from 0) on, None if nothing changes; week 0 has all."""

    def holding(self, week: int) -> Regimes:
        """Return what holds in a week, whether or not anything changes in it."""

    def is_spark(self, week: int) -> bool:
        """Return whether a gathering may form in a week."""


class Steady:
    """One scheme everywhere, all the time."""

    def __init__(self, scheme: CompiledScheme, zones: int, sparks: frozenset[int]) -> None:
        self._regimes = Regimes((scheme,), ("",), ((),), np.zeros(zones, np.int64))
        self._sparks = sparks

    def at(self, week: int) -> Regimes | None:
        """Return the one scheme in week 0."""
        return self._regimes if week == 0 else None

    def holding(self, week: int) -> Regimes:  # noqa: ARG002
        """Return the one scheme."""
        return self._regimes

    def is_spark(self, week: int) -> bool:
        """Return whether a gathering may form in a week."""
        return week in self._sparks


class Change(NamedTuple):
    """A zone that gets another scheme.

    ``before``, ``after``: which world held and holds; ``lists`` int64 (4,): what becomes of each
    list (0: it ends); ``keeps_score``, ``keeps_firms``: 1 where scores and firms' ratings go on.
    """

    zone: int
    before: int
    after: int
    lists: NDArray[np.int64]
    keeps_score: int
    keeps_firms: int


def change_of(zone: int, old: Regimes, new: Regimes) -> Change | None:
    """Return what changes in a zone from one week to the next; None if its scheme goes on."""
    before, after = int(old.of_zone[zone]), int(new.of_zone[zone])
    if old.identities[before] == new.identities[after]:
        return None
    first, second = old.schemes[before], new.schemes[after]
    lists = np.zeros(LISTS + 1, np.int64)
    for i, name in enumerate(old.lists[before]):
        if name in new.lists[after]:
            j = new.lists[after].index(name)
            is_same = first.rules.lists[i + 1, IS_BLACK] == second.rules.lists[j + 1, IS_BLACK]
            lists[i + 1] = j + 1 if is_same else 0
    a, b = first.terms, second.terms
    is_same_score = (a.start, a.floor, a.ceiling) == (b.start, b.floor, b.ceiling)
    opens_up = a.is_voluntary == 0 and b.is_voluntary == 1
    is_same_rating = (a.has_firms, a.firm_start, a.firm_social_most) == (
        b.has_firms, b.firm_start, b.firm_social_most,
    )  # fmt: skip
    return Change(
        zone, before, after, lists, int(is_same_score and not opens_up), int(is_same_rating)
    )
