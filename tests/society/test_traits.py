"""Traits: uniform independent bytes, occupations and groups by their shares."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from countries import country

from glasstown.engine.citizen import slope_value
from glasstown.engine.kernels import kernel
from glasstown.engine.marginals_kernel import count_groups
from glasstown.engine.world import week_keys
from glasstown.laws.draws import PEOPLE, fold, stream
from glasstown.society import traits
from glasstown.society.compilation import SLOPE_TRAITS
from glasstown.society.layout import lay_out
from glasstown.society.region_table import read_region_table

BLOCKS = 2_000


@kernel()
def fill_traits(key, first, second):
    for block in range(first.shape[0]):
        crowd = stream(key, fold(0, block))
        for lane in range(64):
            first[block, lane] = traits.own_word(crowd, lane)
            second[block, lane] = traits.second_word(crowd, lane)


@pytest.fixture(scope="module")
def octets() -> np.ndarray:
    """The sixteen trait bytes of 128,000 citizens, (citizens, 16)."""
    words = [np.zeros((BLOCKS, 64), np.uint64) for _ in range(2)]
    fill_traits(week_keys(1, 0)[PEOPLE], *words)
    return np.hstack([word.ravel().view(np.uint8).reshape(-1, 8) for word in words])


def pair_z(a: np.ndarray, b: np.ndarray) -> float:
    counts = np.bincount((a >> 4).astype(int) * 16 + (b >> 4), minlength=256)
    expected = counts.sum() / 256
    return float((((counts - expected) ** 2 / expected).sum() - 255) / 510**0.5)


def test_bytes_are_independent_of_each_other(octets) -> None:
    # 120 pairs: |z| < 5 as in tests/laws/test_draws.py.
    for a, b in combinations(range(16), 2):
        assert abs(pair_z(octets[:, a], octets[:, b])) < 5
    assert pair_z(octets[:, 0], octets[:, 0]) > 1000


def test_bytes_of_neighbours_are_independent(octets) -> None:
    for byte in range(16):
        assert abs(pair_z(octets[:-1, byte], octets[1:, byte])) < 5


def test_a_byte_is_read_from_its_place() -> None:
    word = 0x8877_6655_4433_2211
    assert [traits.trait_byte(word, i) for i in range(8)] == [0x11 * (i + 1) for i in range(8)]


def test_seven_traits_are_read_from_their_own_tables() -> None:
    made = country(citizens=1_000)
    tables = {
        "income": traits.TABLE_INCOME, "honesty": traits.TABLE_HONESTY,
        "civic": traits.TABLE_CIVIC, "opinion": traits.TABLE_OPINION,
        "boldness": traits.TABLE_BOLDNESS, "online": traits.TABLE_ONLINE,
        "digital": traits.TABLE_DIGITAL,
    }  # fmt: skip
    places = {
        "income": traits.INCOME, "honesty": traits.HONESTY, "civic": traits.CIVIC,
        "opinion": traits.OPINION, "boldness": traits.BOLDNESS, "online": traits.ONLINE,
        "digital": traits.DIGITAL,
    }  # fmt: skip
    for zone in (0, 1, 33):
        for i, name in enumerate(SLOPE_TRAITS):
            for byte in (0, 77, 200, 255):
                word = byte << (8 * places[name])
                here = made.world.people.traits[zone]
                assert slope_value(made.world, zone, 2, word, i) == here[tables[name], byte]
                old = traits.TABLE_ONLINE_60 if name == "online" else tables[name]
                assert slope_value(made.world, zone, 4, word, i) == here[old, byte]


@pytest.mark.parametrize("band", range(6))
def test_only_those_of_working_age_have_an_office(band: int) -> None:
    found = [traits.occupation_of(byte, band, 6) for byte in range(256)]
    if band in (2, 3):
        assert found == [traits.OFFICIAL] * 6 + [traits.ORDINARY] * 250
    else:
        assert found == [traits.ORDINARY] * 256


def test_groups_have_their_shares() -> None:
    groups = [{"name": "ash", "share": 0.2}, {"name": "elm", "share": 0.05}]
    made = country(citizens=100_000, groups=groups)
    counts = count_groups(made.world, 1).sum(axis=0)
    assert counts.sum() == 100_000
    for found, share in zip(counts, (0.2, 0.05, 0.75), strict=True):
        # Whole households belong: an average of (sum of squared sizes / citizens) = 3.1 alike.
        error = (3.1 * share * (1 - share) / 100_000) ** 0.5
        assert found / 100_000 == pytest.approx(share, abs=4 * error)
        assert found / 100_000 != pytest.approx(share * 1.1, abs=4 * error)


def test_a_larger_region_moves_nobody_elsewhere() -> None:
    rows = list(read_region_table("china-2020"))
    before = lay_out(1_000_000, rows).places
    rows[3] = rows[3].model_copy(update={"population_2020": rows[3].population_2020 * 2})
    after = lay_out(1_040_000, rows).places
    # All luck of a block comes from its zone's key and its place within the zone.
    assert (before.zone_keys == after.zone_keys).all()
    assert (before.region_keys == after.region_keys).all()
    assert len(set(before.zone_keys.tolist())) == 62
