"""The synthetic country beside the published one, at a million citizens.

Two kinds of misfit are allowed, and named: sampling error (four standard errors; random groups
of blocks, so likeness within households is in it) and the rounding of a table to 256 entries
(half an entry is 0.2 points; over 62 zones it averages out).
"""

from __future__ import annotations

import numpy as np
import pytest
from countries import country

from glasstown.engine.citizen import age_band
from glasstown.engine.kernels import kernel
from glasstown.engine.marginals_kernel import COUNTED, count_marginals
from glasstown.engine.meeting import block_key_of, present_in
from glasstown.engine.packing import pack_worlds
from glasstown.engine.world import week_keys
from glasstown.laws.draws import PEOPLE, i64, stream
from glasstown.society import marginals, traits
from glasstown.society.households import MEAN_SIZE, head_lane
from glasstown.society.marginals import (
    REFERENCE_SHIFT_60,
    REFERENCE_SHIFT_RURAL,
    REFERENCE_SHIFT_URBAN,
    age_shares,
    age_tables,
    internet_share,
    internet_share_60,
    level_table,
    opinion_table,
    solve_shifts,
    zone_tables,
)
from glasstown.society.region_table import read_region_table

CHINA = read_region_table("china-2020")
CITIZENS = 1_000_000


@kernel()
def count_ages(worlds, state, keys, out):
    world = worlds[0]
    for block in range(state.block_zone.shape[0]):
        zone = i64(state.block_zone[block])
        crowd = stream(keys[PEOPLE], block_key_of(world, state, block))
        for lane in range(present_in(world, state, block)):
            word = traits.own_word(crowd, lane)
            out[zone, age_band(world, zone, head_lane(crowd, lane) == lane, word)] += 1


@pytest.fixture(scope="module")
def million():
    return country(citizens=CITIZENS)


@pytest.fixture(scope="module")
def counts(million) -> np.ndarray:
    """Replicates by settlement by what is counted."""
    counted, step = count_marginals(million.world, 1, 1 << 30)
    assert step == 1
    return counted


@pytest.fixture(scope="module")
def ages(million) -> np.ndarray:
    """Citizens by zone and age band."""
    out = np.zeros((62, 6), np.int64)
    count_ages(pack_worlds([million.world]), million.state, week_keys(1, 0), out)
    return out


def share(counts: np.ndarray, top: tuple[str, ...], bottom: str) -> tuple[float, float]:
    """Return a share in per cent and its standard error, from the replicates."""
    a = sum(counts[:, COUNTED.index(name)] for name in top).astype(float)
    b = counts[:, COUNTED.index(bottom)].astype(float)
    ratio = a.sum() / b.sum()
    error = (a - ratio * b).std(ddof=1) * len(a) ** 0.5 / b.sum()
    return 100 * ratio, 100 * error


NATIONAL = [
    # FACTS 3, census 2020. The packaged 60+ and 65+ shares of regions are rounded to 0.01 to
    # 0.1 points and weigh without servicemen: 0.1 is allowed on top.
    ("0-14", ("age_0",), "citizens", 17.95, 0.1),
    ("15-59", ("age_1", "age_2", "age_3"), "citizens", 63.35, 0.15),
    ("60+", ("age_4", "age_5"), "citizens", 18.70, 0.1),
    ("65+", ("age_5",), "citizens", 13.50, 0.1),
    # FACTS 2.5
    ("online, 60+", ("online_60",), "age_60", 42.0, 0.1),
    ("paying online", ("paying_online",), "online", 86.4, 0.2),
    ("supporting", ("supporting",), "adults", 60.0, 0.2),
    ("officials", ("officials",), "working_age", 2.2, 0.2),
]


@pytest.mark.parametrize(
    ("top", "bottom", "published", "rounding"),
    [row[1:] for row in NATIONAL],
    ids=[r[0] for r in NATIONAL],
)
def test_national_shares(counts, top, bottom, published, rounding) -> None:
    whole = counts.sum(axis=1)
    if bottom == "age_60":
        old = whole[:, COUNTED.index("age_4")] + whole[:, COUNTED.index("age_5")]
        whole = whole.copy()
        whole[:, COUNTED.index("citizens")] = old
        bottom = "citizens"
    value, error = share(whole, top, bottom)
    assert error < 0.2
    assert abs(value - published) < 4 * error + rounding
    assert abs(value - (published + 1.5)) > 4 * error + rounding  # a point and a half would show


@pytest.mark.parametrize(("settlement", "published"), [(0, 79.8), (1, 55.9)])
def test_internet_use_by_settlement(counts, settlement: int, published: float) -> None:
    value, error = share(counts[:, settlement], ("online",), "citizens")
    assert abs(value - published) < 4 * error + 0.1
    assert abs(value - 70.4) > 4 * error + 0.1  # the national share is neither's


def test_households(counts) -> None:
    whole = counts.sum(axis=1)
    value, error = share(whole, ("one_person",), "households")
    assert abs(value - 25.4) < 4 * error + 0.05  # cut-off households at the ends of zones
    inverse, error = share(whole, ("households",), "citizens")
    assert abs(inverse - 100 / 2.62) < 4 * error + 0.05


def expected_ages(row) -> np.ndarray:
    """Return the shares of age bands that a region's tables really give."""
    heads, members = (np.bincount(table, minlength=6) / 256 for table in age_tables(row))
    return heads / MEAN_SIZE + members * (1 - 1 / MEAN_SIZE)


@pytest.mark.parametrize("region", range(31), ids=[row.name_en for row in CHINA])
def test_ages_by_region(ages, region: int) -> None:
    row = CHINA[region]
    found = ages[2 * region : 2 * region + 2].sum(axis=0)
    n, p = found.sum(), expected_ages(row)
    error = np.sqrt(p * (1 - p) / n)
    assert (np.abs(found / n - p) < 4.5 * error + 1 / n).all()
    old = found[traits.FIRST_OLD_BAND :].sum() / n
    published = row.age60plus_pct / 100
    sampling = 4.5 * (published * (1 - published) / n) ** 0.5
    assert abs(old - published) < sampling + 1 / 256  # two bands, half an entry each


def test_the_ages_of_one_region_are_not_anothers(ages) -> None:
    # Liaoning is the oldest region, Tibet the youngest: the check tells them apart.
    old = {
        row.name_en: ages[2 * r : 2 * r + 2, 4:].sum() / ages[2 * r : 2 * r + 2].sum()
        for r, row in enumerate(CHINA)
    }
    by_table = sorted(CHINA, key=lambda row: row.age60plus_pct)
    assert max(old, key=old.__getitem__) == by_table[-1].name_en
    assert min(old, key=old.__getitem__) == by_table[0].name_en
    assert old[by_table[-1].name_en] - old[by_table[0].name_en] > 0.1


@pytest.mark.parametrize("row", CHINA, ids=[row.name_en for row in CHINA])
def test_tables_round_by_less_than_an_entry(row) -> None:
    assert np.abs(expected_ages(row) - age_shares(row)).max() < 1 / 256
    heads, members = age_tables(row)
    assert len(heads) == len(members) == 256
    assert heads.min() == traits.FIRST_ADULT_BAND  # no child heads a household
    for settlement in (0, 1):
        online = zone_tables(row, settlement)
        for table, wanted in (
            (traits.TABLE_ONLINE_60, internet_share_60(row, settlement)),
            (traits.TABLE_DIGITAL, marginals.ONLINE_PAYMENT_SHARE),
        ):
            assert abs((online[table] > 0).mean() - wanted) <= 0.5 / 256 + 1e-12
        old = row.age60plus_pct / 100
        young = (online[traits.TABLE_ONLINE] > 0).mean()
        mixed = old * (online[traits.TABLE_ONLINE_60] > 0).mean() + (1 - old) * young
        assert abs(mixed - internet_share(row, settlement)) <= 1 / 256


@pytest.mark.parametrize("under_18", [0, 10, 21.05, 45, 60])
def test_a_region_may_have_fewer_or_more_children(under_18: float) -> None:
    row = CHINA[0].model_copy(update={"under18_pct": under_18})
    young = expected_ages(row)[: traits.FIRST_ADULT_BAND]
    assert abs(young.sum() - under_18 / 100) < 2 / 256
    assert (young > 0).tolist() == [under_18 > 0] * 2


def test_children_and_the_old_are_not_more_than_everybody() -> None:
    given = CHINA[0].model_dump() | {"under18_pct": 60, "age60plus_pct": 41, "age65plus_pct": 30}
    with pytest.raises(ValueError, match="exceed 100 together"):
        type(CHINA[0])(**given)


def test_the_shifts_are_those_that_reproduce_the_published_shares() -> None:
    shifts = (REFERENCE_SHIFT_URBAN, REFERENCE_SHIFT_RURAL, REFERENCE_SHIFT_60)
    assert solve_shifts(CHINA) == pytest.approx(shifts, abs=5e-4)
    assert solve_shifts(CHINA[:10]) != pytest.approx(shifts, abs=5e-4)


def test_private_support() -> None:
    table = opinion_table()
    assert (table >= traits.SUPPORTS_FROM).mean() == pytest.approx(0.6, abs=0.5 / 256)
    assert (np.diff(table.astype(int)) >= 0).all()
    assert (table.min(), table.max()) == (0, 255)


@pytest.mark.parametrize("wanted", [0.0, 0.001, 0.42, 1.0])
def test_levels(wanted: float) -> None:
    table = level_table(wanted)
    having = table[table > 0].astype(int)
    assert len(having) == round(256 * wanted)
    if len(having) > 1:
        assert (having.min(), having.max()) == (1, 255)
