"""One of the country's worlds as plain numbers, for the reference engine.

Which world holds is a matter of the zone: in a rollout some zones are under another scheme, and
from a date on more citizens are online. Whatever a rule, a term or a trait is, the reference asks
the regime of the citizen's zone for it.
"""

from __future__ import annotations

from typing import Any

from glasstown.engine.reference_people import Citizen, plain
from glasstown.engine.world import World
from glasstown.scheme.compilation import Rules
from glasstown.society import traits
from glasstown.society.compilation import SLOPE_TRAITS


class Regime:
    """A world, read by one citizen or one rule at a time."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.rules: Rules = plain(world.rules)
        self.people: Any = plain(world.people)
        self.terms, self.response = world.terms, world.response
        self._slopes: dict[int, list[int]] = {}

    def slopes(self, citizen: Citizen) -> list[int]:
        """Return the traits that rates depend on, 0 to 255, in the order of `SLOPE_TRAITS`."""
        known = self._slopes.get(citizen.index)
        if known is None:
            known = self._slopes[citizen.index] = self._read(citizen)
        return known

    def trait(self, citizen: Citizen, name: str) -> int:
        """Return one of the traits that rates depend on, 0 to 255."""
        return self.slopes(citizen)[SLOPE_TRAITS.index(name)]

    def _read(self, citizen: Citizen) -> list[int]:
        """Look the traits up in the tables of the citizen's zone."""
        tables = self.people.traits[citizen.zone]
        is_old = citizen.band >= traits.FIRST_OLD_BAND
        online = traits.TABLE_ONLINE_60 if is_old else traits.TABLE_ONLINE
        return [
            int(tables[table][traits.trait_byte(citizen.word, byte)])
            for table, byte in (
                (traits.TABLE_INCOME, traits.INCOME),
                (traits.TABLE_HONESTY, traits.HONESTY),
                (traits.TABLE_CIVIC, traits.CIVIC),
                (traits.TABLE_OPINION, traits.OPINION),
                (traits.TABLE_BOLDNESS, traits.BOLDNESS),
                (online, traits.ONLINE),
                (traits.TABLE_DIGITAL, traits.DIGITAL),
            )
        ]
