"""A country whose published facts and cut ties are scattered at random, for tests of lookups.

No run brings so many of everything: here each adult or child is listed, low, shamed, praising,
critical or unheard by a throw of dice, and a fifth of all ties is cut by one end.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from case import UNEVEN, Case
from harsh import harsh
from numpy.typing import NDArray

from glasstown.engine.country import Country
from glasstown.engine.reference_people import Citizen, People
from glasstown.engine.world import CUT, HUSHED, PUBLISHED, World, week_keys
from glasstown.laws.publish import FACTS
from glasstown.society.ties import FREE_TIES, HOUSEHOLD_TIES


@dataclass
class Scattered:
    """A country, everybody in it, and the week's keys."""

    country: Country
    world: World
    people: People
    keys: NDArray[np.uint64]

    def is_known(self, one: Citizen, plane: int) -> bool:
        """Tell whether a citizen's bit of a plane is set."""
        return bool(int(self.country.state.words[plane, one.block]) >> one.lane & 1)

    def living(self, one: Citizen) -> list[tuple[int, Citizen]]:
        """Return kind and other end of each tie outside the household that neither end has cut."""
        return [
            (tie, other)
            for tie, other in self.people.ties(one)
            if not self.is_known(one, CUT + tie - HOUSEHOLD_TIES)
            and not self.is_known(other, CUT + tie - HOUSEHOLD_TIES)
        ]


def scattered(seed: int, share: float = 0.3, **society: Any) -> Scattered:
    """Return a country of all shapes of zones with facts (at a share) and cuts scattered."""
    case = Case("scattered", harsh(), society, UNEVEN, seed=seed)
    made = case.country()
    words, rng = made.state.words, np.random.default_rng(seed)
    keys = week_keys(seed, 0)
    people = People(made.world, [int(key) for key in keys])
    lived_in = np.zeros(words.shape[1] * 64, bool)
    lived_in[[one.index for one in people.everybody]] = True
    for plane in (*range(PUBLISHED, PUBLISHED + FACTS), HUSHED):
        words[plane] = packed((rng.random(len(lived_in)) < share) & lived_in)
    for plane in range(CUT, CUT + FREE_TIES):
        # Who lacks a tie stays without it: cuts are added to what is shut.
        words[plane] |= packed(rng.random(len(lived_in)) < 0.1)
    return Scattered(made, made.world, people, keys)


def packed(bits: NDArray[np.bool_]) -> NDArray[np.uint64]:
    """Return 64 lanes a word, the first lane lowest."""
    return np.packbits(bits, bitorder="little").view("<u8").astype(np.uint64)
