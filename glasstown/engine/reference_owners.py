"""Which firms a country has, for the reference engine: where they are, who owns them, what they do.

Each half of a block has at most one firm. Like a citizen's traits, a firm's owner and sector are
functions of the seed and the place.
"""

from __future__ import annotations

from dataclasses import dataclass

from glasstown.engine.reference_people import Citizen, People
from glasstown.laws import firm as firms
from glasstown.laws.draws import FIRM, PEOPLE, draw, field, fold, stream
from glasstown.society import layout as at
from glasstown.society.households import head_lane

SLOTS = 2
"""Firms of a block, at most."""


@dataclass(slots=True, eq=False, frozen=True)
class Firm:
    """One firm: the place, the owner, the sector."""

    zone: int
    place: int
    slot: int
    index: int
    sector: int
    owner: Citizen


def found_firms(people: People) -> dict[tuple[int, int, int], Firm]:
    """Return every firm by zone, place of the block in it, and slot."""
    firms = {}
    for block in people.blocks():
        zone = people.places.block_zone[block]
        place = block - people.places.zones[zone][at.FIRST_BLOCK]
        for slot in range(SLOTS):
            firm = found(people, zone, place, slot)
            if firm is not None:
                firms[zone, place, slot] = firm
    return firms


def found(people: People, zone: int, place: int, slot: int) -> Firm | None:
    """Return the firm of a slot; None where the half of the block is too empty for one."""
    block_key = fold(people.places.zone_keys[zone], place)
    bits = draw(people.keys[FIRM], block_key, slot)
    lane = firms.owner_lane(field(bits, 0, 8), slot, people.present(zone, place))
    if lane < 0:
        return None
    head = head_lane(stream(people.keys[PEOPLE], block_key), lane)
    owner = people.at(zone, place * at.BLOCK + head)
    assert owner is not None
    assert owner.is_adult
    block = people.places.zones[zone][at.FIRST_BLOCK] + place
    sector = firms.sector_of(field(bits, 16, 16), *people.people.firm_limits)
    return Firm(zone, place, slot, SLOTS * block + slot, sector, owner)
