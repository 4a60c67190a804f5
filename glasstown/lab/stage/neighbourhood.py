"""Whom a citizen has ties with: looked up by the plain Python laws, one citizen at a time."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, NamedTuple

from glasstown.engine.meeting import block_key_of, is_itself, open_there, partner, present_in
from glasstown.engine.reference_people import plain
from glasstown.engine.world import week_keys
from glasstown.laws.draws import PEOPLE, stream
from glasstown.society import layout as at
from glasstown.society.compilation import CompiledSociety
from glasstown.society.households import head_lane
from glasstown.society.layout import BLOCK, block_and_lane
from glasstown.society.ties import HOUSEHOLD_TIES, KINDS, TIES


class Tie(NamedTuple):
    """One end of a tie, and its kind."""

    citizen: int
    kind: str


def ties_of(society: CompiledSociety, seed: int, citizen: int) -> list[Tie]:
    """Return the ties of a citizen as they are at the start: none is cut yet.

    Raises
    ------
    ValueError
        There is no such citizen.
    """
    block, lane = block_and_lane(society.layout, citizen)
    places = plain(society.layout.places)
    world: Any = SimpleNamespace(places=_Table(places), response=society.response)
    state: Any = SimpleNamespace(block_zone=_Row(places.block_zone))
    keys = week_keys(seed, 0).tolist()
    found = [Tie(one, KINDS[0]) for one in _household(world, state, keys, block, lane)]
    key = block_key_of(world, state, block)
    for tie in range(HOUSEHOLD_TIES, TIES):
        met = partner(world, state, keys, block, key, tie)
        other, there = met >> 6, lane ^ (met & 63)
        if is_itself(block, other, met & 63):
            continue
        here = open_there(world, state, keys, block, tie) >> lane & 1
        if here and open_there(world, state, keys, other, tie) >> there & 1:
            found.append(Tie(_number(world, state, other, there), KINDS[tie]))
    return found


class _Row(list[Any]):
    """A list with the shape that kernels ask for."""

    @property
    def shape(self) -> tuple[int, ...]:
        return (len(self),)


class _Matrix(list[Any]):
    """Rows that are looked up by row and column at once, as kernels do."""

    def __getitem__(self, where: Any) -> Any:
        if isinstance(where, tuple):
            return super().__getitem__(where[0])[where[1]]
        return super().__getitem__(where)


class _Table(SimpleNamespace):
    """Places as plain numbers."""

    def __init__(self, places: Any) -> None:
        super().__init__(
            zones=_Matrix(places.zones), regions=_Matrix(places.regions),
            zone_keys=places.zone_keys, region_keys=places.region_keys,
        )  # fmt: skip


def _household(world: Any, state: Any, keys: list[int], block: int, lane: int) -> list[int]:
    """Return the others of a citizen's household, by number."""
    crowd = stream(keys[PEOPLE], block_key_of(world, state, block))
    head = head_lane(crowd, lane)
    first, present = lane & ~3, present_in(world, state, block)
    return [
        _number(world, state, block, other)
        for other in range(first, min(first + 4, present))
        if other != lane and head_lane(crowd, other) == head
    ]


def _number(world: Any, state: Any, block: int, lane: int) -> int:
    """Return the number of the citizen in a lane of a block."""
    zone = world.places.zones[state.block_zone[block]]
    return int(zone[at.FIRST_CITIZEN] + (block - zone[at.FIRST_BLOCK]) * BLOCK + lane)
