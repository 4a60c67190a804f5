"""Layout: citizens shared out, whole blocks, and every citizen found again."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from glasstown.society.layout import (
    BLOCKS,
    CHUNK_GROUPS,
    CHUNK_SIZE,
    CHUNK_WORLD,
    CITIZENS,
    FIRST_BLOCK,
    FIRST_CITIZEN,
    GROUP_BLOCKS,
    REGION,
    SETTLEMENT,
    apportion,
    block_and_lane,
    lay_out,
)
from glasstown.society.region_table import RegionRow, read_region_table

CHINA = read_region_table("china-2020")


def rows(*parts: tuple[int, float]) -> list[RegionRow]:
    """Return regions of given populations and urban shares."""
    return [
        CHINA[i].model_copy(update={"population_2020": population, "urban_pct": urban})
        for i, (population, urban) in enumerate(parts)
    ]


weights = st.lists(st.integers(1, 10**9), min_size=1, max_size=40)


@given(st.integers(1, 2 * 10**9), weights)
def test_apportioning_is_exact_and_within_one_of_the_quota(n: int, shares: list[int]) -> None:
    counts = apportion(n, shares)
    assert sum(counts) == n
    total = sum(shares)
    for count, share in zip(counts, shares, strict=True):
        assert abs(count * total - n * share) < total


@given(st.integers(1, 10**6), weights)
def test_the_larger_gets_no_less(n: int, shares: list[int]) -> None:
    pairs = sorted(zip(shares, apportion(n, shares), strict=True))
    for (small, few), (large, many) in pairwise(pairs):
        assert few <= many or small == large


def test_the_country_itself_is_reproduced() -> None:
    people = [row.population_2020 for row in CHINA]
    assert apportion(sum(people), people) == people


@pytest.mark.parametrize("citizens", [1_000, 30_001, 1_000_000])
def test_regions_stand_in_order_urban_before_rural_in_whole_blocks(citizens: int) -> None:
    layout = lay_out(citizens, CHINA)
    zones, places = layout.places.zones, layout.places
    assert layout.region_names == tuple(row.name_en for row in CHINA)
    assert zones[:, REGION].tolist() == [r for r in range(31) for _ in range(2)]
    assert zones[:, SETTLEMENT].tolist() == [0, 1] * 31
    assert zones[:, CITIZENS].sum() == citizens
    assert (zones[:, BLOCKS] == -(-zones[:, CITIZENS] // 64)).all()
    assert (zones[:, FIRST_BLOCK] == np.cumsum(zones[:, BLOCKS]) - zones[:, BLOCKS]).all()
    assert (zones[:, FIRST_CITIZEN] == np.cumsum(zones[:, CITIZENS]) - zones[:, CITIZENS]).all()
    assert layout.blocks == zones[:, BLOCKS].sum() == len(places.block_zone)
    assert (places.block_zone == np.repeat(np.arange(62), zones[:, BLOCKS])).all()
    assert (places.regions[:, 0] == zones[::2, FIRST_BLOCK]).all()
    assert (places.regions[:, 1] == zones[::2, BLOCKS] + zones[1::2, BLOCKS]).all()
    urban = zones[::2, CITIZENS] / np.maximum(zones[::2, CITIZENS] + zones[1::2, CITIZENS], 1)
    size = zones[::2, CITIZENS] + zones[1::2, CITIZENS]
    for share, people, row in zip(urban, size, CHINA, strict=True):
        assert abs(share - row.urban_pct / 100) * people <= 0.5 + 1e-6


@pytest.mark.parametrize("citizens", [1_000, 1_000_000])
def test_chunks_hold_every_group_of_blocks_once(citizens: int) -> None:
    places = lay_out(citizens, CHINA).places
    found = [
        (zone, group)
        for zone, first, groups, _ in places.chunks.tolist()
        for group in range(first, first + groups)
    ]
    wanted = [
        (zone, group)
        for zone, blocks in enumerate(places.zones[:, BLOCKS].tolist())
        for group in range(-(-blocks // GROUP_BLOCKS))
    ]
    assert found == wanted
    assert places.chunks[:, CHUNK_SIZE].max() <= CHUNK_GROUPS
    assert (places.chunks[:, CHUNK_WORLD] == 0).all()  # the first of the worlds, until told


EMPTY_ZONES = rows((500, 0.0), (700, 100.0), (1, 50.0), (900, 40.0), (640, 100.0))


@pytest.mark.parametrize("citizens", [1_000, 2_741])
def test_every_citizen_is_found_where_the_zones_say(citizens: int) -> None:
    layout = lay_out(citizens, EMPTY_ZONES)
    zones = layout.places.zones
    assert (zones[:, CITIZENS] == 0).sum() >= 3
    number = 0
    for zone in zones.tolist():
        for offset in range(zone[CITIZENS]):
            place = (zone[FIRST_BLOCK] + offset // 64, offset % 64)
            assert block_and_lane(layout, number) == place
            number += 1
    assert number == citizens


@settings(max_examples=50)
@given(st.integers(0, 999_999))
def test_a_citizen_of_the_country_is_in_a_block_of_its_zone(citizen: int) -> None:
    layout = COUNTRY
    block, lane = block_and_lane(layout, citizen)
    zone = layout.places.zones[layout.places.block_zone[block]]
    assert zone[FIRST_CITIZEN] + 64 * (block - zone[FIRST_BLOCK]) + lane == citizen
    assert citizen < zone[FIRST_CITIZEN] + zone[CITIZENS]


COUNTRY = lay_out(1_000_000, CHINA)


@pytest.mark.parametrize("citizen", [-1, 1_000_000, 10**12])
def test_there_is_no_such_citizen(citizen: int) -> None:
    with pytest.raises(ValueError, match=f"citizen {citizen} is not among 0 to 999999"):
        block_and_lane(COUNTRY, citizen)
