"""Firms: whose firm a drawn place stands for, against looking every firm up one by one."""

from __future__ import annotations

import numpy as np
import pytest
from case import MIXED, UNEVEN, Case
from countries import country

from glasstown.engine.firms import NOWHERE, owner_offset
from glasstown.engine.kernels import kernel
from glasstown.engine.packing import pack_worlds
from glasstown.engine.reference_owners import Firm, found_firms
from glasstown.engine.reference_people import People
from glasstown.engine.world import week_keys
from glasstown.laws.firm import SECTORS
from glasstown.society import layout as at
from glasstown.society.catalogue import sectors
from glasstown.society.compilation import CITIZENS_A_FIRM

ALL_SECTORS = (1 << SECTORS) - 1


@kernel()
def fill_owners(worlds, keys, zone, sectors, out):
    for offset in range(out.shape[0]):
        out[offset] = owner_offset(worlds[0], keys, zone, offset, sectors)


class Lookup:
    """Every firm of a country, and what the engine finds at each place of each zone."""

    def __init__(self, rows: tuple, seed: int) -> None:
        made = Case("owners", "none", rows=rows, seed=seed).country()
        self.world, self.keys = made.world, week_keys(seed, 0)
        self.people = People(made.world, [int(key) for key in self.keys])
        self.firms = found_firms(self.people)
        self.zones = self.people.places.zones

    def engine(self, zone: int, sector_bits: int) -> list[int]:
        """Return the owner's place for each place of a zone, and of a block beyond its end."""
        out = np.zeros((self.zones[zone][at.BLOCKS] + 1) * at.BLOCK, np.int64)
        fill_owners(pack_worlds([self.world]), self.keys, zone, sector_bits, out)
        return out.tolist()

    def plain(self, zone: int, sector_bits: int) -> list[int]:
        """Return the same, firm by firm."""
        places = range((self.zones[zone][at.BLOCKS] + 1) * at.BLOCK)
        firms = [self.firms.get((zone, one // 64, one % 64 // 32)) for one in places]
        return [
            at.BLOCK * firm.place + firm.owner.lane
            if firm is not None and firm.sector in sectors_of(sector_bits) else NOWHERE
            for firm in firms
        ]  # fmt: skip

    def owned(self) -> list[Firm]:
        """Return every firm."""
        return list(self.firms.values())


def sectors_of(bits: int) -> set[int]:
    return {sector for sector in range(SECTORS) if bits >> sector & 1}


@pytest.fixture(scope="module", params=[(MIXED, 1), (UNEVEN, 2)], ids=["mixed", "uneven"])
def lookup(request: pytest.FixtureRequest) -> Lookup:
    return Lookup(*request.param)


@pytest.mark.parametrize("sector_bits", [ALL_SECTORS, 0b00001, 0b01010, 0b10100, 0])
def test_every_place_stands_for_the_owner_of_its_half_blocks_firm(
    lookup: Lookup, sector_bits: int
) -> None:
    for zone in range(len(lookup.zones)):
        assert lookup.engine(zone, sector_bits) == lookup.plain(zone, sector_bits)


def test_sectors_and_empty_halves_count(lookup: Lookup) -> None:
    """The comparison above can fail: places differ in both."""
    found = [one for zone in range(len(lookup.zones)) for one in lookup.engine(zone, ALL_SECTORS)]
    few = [one for zone in range(len(lookup.zones)) for one in lookup.engine(zone, 0b00001)]
    assert NOWHERE in found
    assert 0 < len(few) - few.count(NOWHERE) < len(found) - found.count(NOWHERE)


def test_an_owner_is_an_adult_head_in_the_same_half(lookup: Lookup) -> None:
    for firm in lookup.owned():
        assert firm.owner.is_adult
        assert firm.owner.head == firm.owner.lane
        assert firm.owner.lane // 32 == firm.slot
        assert firm.owner.index // 64 * 2 + firm.slot == firm.index


def test_nobody_owns_two_firms(lookup: Lookup) -> None:
    owners = [firm.owner.index for firm in lookup.owned()]
    assert len(set(owners)) == len(owners)


@pytest.fixture(scope="module")
def many() -> list[Firm]:
    made = country(citizens=40_000)
    keys = [int(key) for key in week_keys(1, 0)]
    return list(found_firms(People(made.world, keys)).values())


def test_one_firm_for_32_citizens(many: list[Firm]) -> None:
    """Only the last half block of each of 62 zones is a matter of luck, by how full it is."""
    error = (62 / 4) ** 0.5
    assert len(many) == pytest.approx(40_000 / CITIZENS_A_FIRM, abs=4 * error)
    assert len(many) != pytest.approx(40_000 / 33, abs=4 * error)


def test_sectors_have_their_shares_among_firms(many: list[Firm]) -> None:
    for i, one in enumerate(sectors()):
        found = sum(firm.sector == i for firm in many) / len(many)
        error = (one.share * (1 - one.share) / len(many)) ** 0.5
        assert found == pytest.approx(one.share, abs=4 * error)
        assert found != pytest.approx(one.share + 0.12, abs=4 * error)
