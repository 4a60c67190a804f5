"""Insiders: whom a citizen knows in office, against a plain search over everybody's ties."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scattered import Scattered, scattered

from glasstown.engine.insiders import has_insider
from glasstown.engine.kernels import kernel
from glasstown.engine.meeting import block_key_of, present_in
from glasstown.engine.packing import pack_worlds
from glasstown.engine.reference_people import Citizen
from glasstown.engine.world import PUBLISHED
from glasstown.laws.publish import LISTED
from glasstown.society import traits

OFFICIALS = 90
"""Of 256: so many officials that knowing one is a matter of the ties."""


@kernel()
def fill_knows(worlds, state, keys, out):
    world = worlds[0]
    for block in range(state.block_zone.shape[0]):
        key, present = block_key_of(world, state, block), present_in(world, state, block)
        for lane in range(present):
            out[block * 64 + lane] = has_insider(world, state, keys, block, key, lane, present)


class Office(Scattered):
    """A country with many officials, and the questions that a plain search asks."""

    def knows(self) -> list[bool]:
        """Return what the engine says of each citizen."""
        out = np.zeros(len(self.country.state.caution), np.bool_)
        fill_knows(pack_worlds([self.world]), self.country.state, self.keys, out)
        return [bool(out[one.index]) for one in self.people.everybody]

    def helps(self, one: Citizen, *, is_listed_too: bool = False, below: int | None = None) -> bool:
        """Tell whether a citizen is an official who helps the own ties."""
        if one.occupation != traits.OFFICIAL:
            return False
        byte = traits.trait_byte(one.word, traits.HONESTY)
        honesty = self.people.people.traits[one.zone][traits.TABLE_HONESTY][byte]
        limit = self.world.terms.insider_below if below is None else below
        is_listed = self.is_known(one, PUBLISHED + LISTED)
        return honesty < limit and (is_listed_too or not is_listed)

    def searched(self, are_cuts_heeded: bool = True, **asked: Any) -> list[bool]:
        """Return, for each citizen, whether a household member or a living tie helps."""
        return [
            any(self.helps(other, **asked) for other in one.household)
            or any(
                self.helps(other, **asked)
                for _, other in (self.living(one) if are_cuts_heeded else self.people.ties(one))
            )
            for one in self.people.everybody
        ]


@pytest.fixture(scope="module", params=[1, 2])
def office(request: pytest.FixtureRequest) -> Office:
    plain = scattered(request.param)
    response = plain.world.response._replace(officials=OFFICIALS)
    world = plain.world._replace(response=response)
    people = type(plain.people)(world, [int(key) for key in plain.keys])
    return Office(plain.country, world, people, plain.keys)


def test_who_knows_an_insider_is_who_a_plain_search_finds(office: Office) -> None:
    found = office.searched()
    assert office.knows() == found
    assert 0.2 < np.mean(found) < 0.9


def test_each_condition_counts(office: Office) -> None:
    """A search that forgets one of them finds others: the comparison above can fail."""
    found = office.searched()
    for other in (
        office.searched(are_cuts_heeded=False),
        office.searched(is_listed_too=True),
        office.searched(below=256),
    ):
        assert sum(other) > sum(found)
        assert all(more or not less for more, less in zip(other, found, strict=True))
    assert sum(office.searched(below=128)) < sum(found)


def test_where_all_officials_are_honest_nobody_knows_one(office: Office) -> None:
    terms = office.world.terms._replace(insider_below=0)
    honest = Office(
        office.country, office.world._replace(terms=terms), office.people, office.keys
    )  # fmt: skip
    assert not any(honest.knows())


def test_nobody_is_ones_own_insider(office: Office) -> None:
    """An official without a helping tie is told that nobody helps."""
    pairs = zip(office.people.everybody, office.knows(), strict=True)
    assert any(office.helps(one) and not knows for one, knows in pairs)
