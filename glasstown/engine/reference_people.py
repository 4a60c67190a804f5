"""Who lives in a country, for the reference engine: one plain object a citizen.

Places, households and ties never change, and neither do the words that traits are read from: they
are looked up once. What the words mean by date and scheme is the matter of
`glasstown.engine.reference_week.Regime`. A tie is found the slow way: each end's 4-bit openness
against its own sociability, one citizen at a time.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from glasstown.engine.world import World
from glasstown.laws.draws import MASK, PEOPLE, PHASE, draw, fold, stream
from glasstown.laws.draws import field as bits_of
from glasstown.society import layout as at
from glasstown.society import traits
from glasstown.society.households import head_lane
from glasstown.society.ties import (
    COMMUNITY,
    FIRST_ACQUAINTANCE,
    FIRST_COLLEAGUE,
    FIRST_ONLINE,
    HOUSEHOLD_TIES,
    TIES,
    colleague,
    four_bits,
    neighbour_mask,
    openness_word,
    paired,
    sociability_word,
)

FREE = range(HOUSEHOLD_TIES, TIES)
"""Kinds of ties outside the household."""


@dataclass(slots=True, eq=False)
class Citizen:
    """One citizen: the place, and the two words that all traits are read from."""

    zone: int
    region: int
    settlement: int
    block: int
    lane: int
    index: int
    block_key: int
    head: int
    band: int
    group: int
    occupation: int
    word: int
    second: int
    phase: int
    openness: list[bool]
    household: list[Citizen] = field(default_factory=list)
    """The others of the household, by lane."""
    ties: list[tuple[int, Citizen]] | None = None

    @property
    def is_adult(self) -> bool:
        """Whether the citizen may act, be scored and be listed."""
        return self.band >= traits.FIRST_ADULT_BAND

    @property
    def platform(self) -> int:
        """The byte behind which the platform stands that the citizen uses."""
        return traits.trait_byte(self.second, traits.PLATFORM)


def plain(part: Any) -> Any:
    """Return a named tuple with every array in it turned into lists of Python numbers."""
    return part._replace(
        **{
            name: value.tolist()
            for name, value in part._asdict().items()
            if hasattr(value, "tolist")
        }
    )


class People:
    """All citizens of a country under one seed.

    Parameters
    ----------
    world : World
        Any of the country's worlds: places, ages and groups are the same in all of them.
    keys : list of int
        The keys of any week: traits and ties keep theirs.
    block : int, optional
        The only block whose people live here, for who follows one block; those whom they are tied
        to are known, and no more. All blocks by default.
    """

    def __init__(self, world: World, keys: list[int], block: int | None = None) -> None:
        self.places, self.keys, self.block = plain(world.places), keys, block
        self.people, self.response = plain(world.people), world.response
        self._citizens: dict[int, Citizen] = {}
        self._planes: dict[int, tuple[list[list[int]], list[int]]] = {}
        self._partners: dict[tuple[int, int], tuple[int, int]] = {}
        self.near = list(self.blocks()) if block is None else self._near(block)
        for number in self.near:
            zone = self.places.block_zone[number]
            place = number - self.places.zones[zone][at.FIRST_BLOCK]
            for lane in range(self.present(zone, place)):
                citizen = self._born(zone, place * at.BLOCK + lane)
                self._citizens[citizen.index] = citizen
        self.everybody = [one for one in self._citizens.values() if self._is_here(one.block)]
        self.adults = [citizen for citizen in self.everybody if citizen.is_adult]
        for citizen in self.everybody:
            citizen.household = list(self._household(citizen))

    def blocks(self) -> Iterator[int]:
        """Yield the blocks whose people live here."""
        yield from (one for one in range(len(self.places.block_zone)) if self._is_here(one))

    def _is_here(self, block: int) -> bool:
        return self.block is None or block == self.block

    def _near(self, block: int) -> list[int]:
        """Return a block and those that its ties lead to."""
        return sorted({block, *(self._partner(block, tie)[0] for tie in FREE)})

    def at(self, zone: int, offset: int) -> Citizen | None:
        """Return the citizen at a place of a zone; None where nobody lives."""
        first = self.places.zones[zone][at.FIRST_BLOCK]
        if offset >= self.places.zones[zone][at.CITIZENS]:
            return None
        here = self._is_here(first + offset // at.BLOCK)
        return self._citizens[first * at.BLOCK + offset] if here else None

    def present(self, zone: int, place: int) -> int:
        """Return how many citizens live in a block of a zone."""
        left = self.places.zones[zone][at.CITIZENS] - place * at.BLOCK
        return int(min(max(left, 0), at.BLOCK))

    def groups(self) -> Iterator[tuple[int, int, int]]:
        """Yield zone, first place and key of each 512 places that share a draw of candidates."""
        for zone, row in enumerate(self.places.zones):
            for place in range(0, row[at.BLOCKS], at.GROUP_BLOCKS):
                first = row[at.FIRST_BLOCK] + place
                if self.block is None or first <= self.block < first + at.GROUP_BLOCKS:
                    yield zone, place * at.BLOCK, fold(self.places.zone_keys[zone], place)

    def ties(self, citizen: Citizen) -> list[tuple[int, Citizen]]:
        """Return the kind and the other end of each tie outside the household, cut or not."""
        if citizen.ties is None:
            citizen.ties = []
            for tie in FREE:
                block, mask = self._partner(citizen.block, tie)
                other = self._citizens.get(block * at.BLOCK + (citizen.lane ^ mask))
                if other is None or other is citizen:
                    continue
                if citizen.openness[tie] and other.openness[tie]:
                    citizen.ties.append((tie, other))
        return citizen.ties

    def _born(self, zone: int, offset: int) -> Citizen:
        """Look a citizen up: place, household, traits."""
        row, place, lane = self.places.zones[zone], offset // at.BLOCK, offset % at.BLOCK
        block_key = fold(self.places.zone_keys[zone], place)
        crowd = stream(self.keys[PEOPLE], block_key)
        head = head_lane(crowd, lane)
        word = traits.first_word(crowd, lane, head, self.response.resemblance)
        second = traits.second_word(crowd, lane)
        tables = self.people.traits[zone]
        ages = tables[traits.TABLE_AGE_HEAD if head == lane else traits.TABLE_AGE_MEMBER]
        band = ages[traits.trait_byte(word, traits.AGE)]
        block = row[at.FIRST_BLOCK] + place
        return Citizen(
            zone=zone,
            region=row[at.REGION],
            settlement=row[at.SETTLEMENT],
            block=block,
            lane=lane,
            index=block * at.BLOCK + lane,
            block_key=block_key,
            head=head,
            band=band,
            group=self._group(traits.second_word(crowd, head)),
            occupation=traits.occupation_of(
                traits.trait_byte(second, traits.OCCUPATION), band,
                self.response.officials,
            ),
            word=word,
            second=second,
            phase=bits_of(draw(self.keys[PHASE], block_key, 0), 0, 16)
            % self.response.reflection_weeks,
            openness=self._openness(crowd, lane),
        )  # fmt: skip

    def _group(self, heads_word: int) -> int:
        """Return the social group by the second trait word of the head of the household."""
        bits = bits_of(heads_word, traits.GROUP_SHIFT, 16)
        for group in range(self.response.groups - 1):
            if bits < self.people.group_limits[group]:
                return group
        return self.response.groups - 1

    def _openness(self, crowd: int, lane: int) -> list[bool]:
        """Return whether a citizen is open to each kind of tie."""
        if crowd not in self._planes:
            mixing = self.response.mixing
            against = [
                [openness_word(crowd, tie, plane) for plane in range(4)] for tie in range(TIES)
            ]
            own = [sociability_word(crowd, plane, mixing) for plane in range(4)]
            self._planes[crowd] = against, own
        against, own = self._planes[crowd]

        def number(words: list[int]) -> int:
            return four_bits(words[0], words[1], words[2], words[3], lane)

        return [
            number(words) <= number(own) and (self.response.kinds_of_ties >> tie) & 1 == 1
            for tie, words in enumerate(against)
        ]

    def _household(self, citizen: Citizen) -> Iterator[Citizen]:
        """Yield the others of a citizen's household."""
        first = citizen.index - citizen.lane % 4
        for index in range(first, first + 4):
            other = self._citizens.get(index)
            if other is not None and other is not citizen and other.head == citizen.head:
                yield other

    def _partner(self, block: int, tie: int) -> tuple[int, int]:
        """Return the partner block and the lane mask of a block's tie (3 to 13)."""
        if (block, tie) not in self._partners:
            self._partners[block, tie] = self._find_partner(block, tie)
        return self._partners[block, tie]

    def _find_partner(self, block: int, tie: int) -> tuple[int, int]:
        places, mask_key = self.places, self.keys[MASK]
        zone = places.block_zone[block]
        first, blocks = places.zones[zone][at.FIRST_BLOCK], places.zones[zone][at.BLOCKS]
        if tie < FIRST_COLLEAGUE:
            block_key = fold(places.zone_keys[zone], block - first)
            which = tie - HOUSEHOLD_TIES + 1
            return block, neighbour_mask(draw(mask_key, block_key, 0), which)
        if tie < FIRST_ACQUAINTANCE:
            community = (block - first) // COMMUNITY
            start = first + community * COMMUNITY
            size = min(COMMUNITY, first + blocks - start)
            here = fold(fold(places.zone_keys[zone], at.COMMUNITY_KEY), community)
            scope = fold(mask_key, here)
            which = tie - FIRST_COLLEAGUE + 1
            met = colleague(scope, mask_key, size, block - start, which)
        elif tie < FIRST_ONLINE:
            region = places.zones[zone][at.REGION]
            start, size = places.regions[region]
            scope = fold(mask_key, places.region_keys[region])
            met = paired(scope, mask_key, size, block - start, tie)
        else:
            start, scope = 0, fold(mask_key, at.COUNTRY_KEY)
            met = paired(scope, mask_key, len(places.block_zone), block, tie)
        return start + met // at.BLOCK, met % at.BLOCK
