"""Descriptions: bytes, time, and marginals within sampling error of the published ones."""

import json
from collections import Counter

import numpy as np
import pytest

import glasstown as gt
from glasstown.engine.country import Country
from glasstown.engine.marginals_kernel import COUNTED, REPLICATES, count_groups, count_marginals
from glasstown.engine.world import build_world
from glasstown.errors import InputError
from glasstown.lab import description
from glasstown.lab.biographies import person
from glasstown.lab.marginals import MISFIT, Marginal, marginals, ratio
from glasstown.lab.rollout import Timetable
from glasstown.lab.scenario import load_scenario
from glasstown.scheme.compilation import compile_scheme
from glasstown.society.compilation import URBAN_SHARE, compile_society
from glasstown.society.marginals import INTERNET_PCT
from glasstown.surfaces import describing

CITIZENS = 5_000


def world_of(**changes):
    scenario = load_scenario("none", overrides={"citizens": CITIZENS, **changes})
    society = compile_society(scenario.society)
    scheme = compile_scheme(scenario.scheme, scenario.society, society.behaviours)
    return society, build_world(society, scheme)


@pytest.fixture(scope="module")
def large() -> dict[str, Marginal]:
    _, world = world_of(citizens=300_000)
    return {one.name: one for one in marginals(world, "china-2020", 1)[0]}


def test_counts_are_those_of_the_plain_laws() -> None:
    groups = [{"name": "minority", "share": 0.2}]
    society, world = world_of(citizens=2_000, groups=groups)
    counts, step = count_marginals(world, 7, 10_000)
    people = [person(society, 7, citizen) for citizen in range(2_000)]
    found = dict(zip(COUNTED, counts.sum(axis=(0, 1)).tolist(), strict=True))
    assert step == 1
    assert counts.shape[0] == REPLICATES
    assert found["citizens"] == 2_000
    adults = [one for one in people if one.age_band not in ("0-14", "15-17")]
    bands = Counter(one.age_band for one in people)
    assert (found["age_0"], found["age_5"]) == (bands["0-14"], bands["65+"])
    assert found["adults"] == len(adults)
    assert found["online"] == sum(one.online > 0 for one in people)
    assert found["online_60"] == sum(
        one.online > 0 for one in people if one.age_band in ("60-64", "65+")
    )
    assert found["paying_online"] == sum(one.online > 0 and one.digital > 0 for one in people)
    assert found["supporting"] == sum(one.opinion >= 128 / 255 for one in adults)
    assert found["officials"] == sum(one.occupation == "official" for one in people)
    assert found["one_person"] == sum(one.household_size == 1 for one in people)
    assert found["households"] == round(sum(1 / one.household_size for one in people))
    assert found["ties_household"] == sum(one.household_size - 1 for one in people)
    by_zone = Counter((one.region, one.settlement, one.group) for one in people)
    tallied = count_groups(world, 7)
    names = society.layout.region_names
    for zone, row in enumerate(tallied):
        for group, count in zip(society.groups, row.tolist(), strict=True):
            place = (names[zone // 2], ("urban", "rural")[zone % 2], group)
            assert count == by_zone[place], place


def test_a_large_country_is_sampled() -> None:
    _, world = world_of(citizens=50_000)
    whole, _ = count_marginals(world, 1, 10_000)
    part, step = count_marginals(world, 1, 200)
    assert step == 5
    assert part.sum(axis=(0, 1))[0] * step == pytest.approx(whole.sum(axis=(0, 1))[0], rel=0.05)


def test_the_number_of_ties_is_even_for_each_kind() -> None:
    """Every tie has two ends, so an odd count would be a tie that one end doesn't know of."""
    _, world = world_of()
    counts, _ = count_marginals(world, 1, 10_000)
    for name, count in zip(COUNTED, counts.sum(axis=(0, 1)).tolist(), strict=True):
        if name.startswith("ties_"):
            assert count > 0
            assert count % 2 == 0, name


# Tables of 256 entries round shares to 0.2 points, which 300,000 citizens can tell from nothing.
ROUNDED = 0.2


@pytest.mark.parametrize(
    "name",
    ["aged 0 to 14", "aged 15 to 59", "aged 60 and older", "aged 65 and older",
     "mean size of households", "one-person households", "internet users, urban",
     "internet users, rural", "internet users, 60 and older", "paying online, of internet users",
     "privately supporting, of adults", "officials, of those aged 18 to 59"],
)  # fmt: skip
def test_marginals_are_the_published_ones(large, name) -> None:
    one = large[name]
    assert one.error > 0
    room = ROUNDED if one.unit == "%" else 0
    assert abs(one.difference) < 4 * one.error + room, one


def test_what_is_apportioned_is_exact(large) -> None:
    parts = [one for name, one in large.items() if name.startswith("population: ")]
    assert len(parts) == 4
    assert sum(one.ours for one in parts) == pytest.approx(100)
    for one in [*parts, large["urban"]]:
        assert one.error == 0
        assert abs(one.difference) < 0.1


def test_the_misfit_of_the_published_internet_shares_is_told(large) -> None:
    one = large["internet users"]
    assert one.note == MISFIT
    implied = URBAN_SHARE * INTERNET_PCT["urban"] + (1 - URBAN_SHARE) * INTERNET_PCT["rural"]
    assert round(implied, 1) == 71.2
    assert one.difference > 5 * one.error, "the misfit is larger than chance"


def test_ties_have_no_published_figure(large) -> None:
    kinds = [one for name, one in large.items() if name.startswith("mean ties: ")]
    assert len(kinds) == 5
    assert sum(one.ours for one in kinds) == pytest.approx(large["mean ties, all kinds"].ours)
    assert all(one.published is None and one.difference is None for one in kinds)
    # 1.62 others live in a citizen's household... seen from the citizen, larger ones weigh more.
    assert 2.0 < large["mean ties: household"].ours < 2.4


def test_the_standard_error_is_that_of_independent_draws() -> None:
    """Random groups against the closed form, for citizens who are drawn independently."""
    rng = np.random.default_rng(5)
    errors = []
    for _ in range(50):
        counts = np.zeros((REPLICATES, 2, len(COUNTED)), np.int64)
        counts[:, :, COUNTED.index("citizens")] = 500
        counts[:, :, COUNTED.index("online")] = rng.binomial(500, 0.3, (REPLICATES, 2))
        errors.append(ratio(counts, ("online",), ("citizens",))[1])
    expected = np.sqrt(0.3 * 0.7 / (500 * 2 * REPLICATES))
    # The mean of 50 such estimates, each with 31 degrees of freedom, is good to 2 %.
    assert np.mean(errors) == pytest.approx(expected, rel=0.06)


def test_a_ratio_to_nothing_is_zero() -> None:
    counts = np.zeros((REPLICATES, 2, len(COUNTED)), np.int64)
    assert ratio(counts, ("online",), ("citizens",)) == (0.0, 0.0)


def test_another_table_has_no_published_internet(tmp_path) -> None:
    from glasstown.society.region_table import REQUIRED

    table = tmp_path / "regions.csv"
    table.write_text(",".join(REQUIRED) + "\n1,Ash,East,100000,60,20,15,50\n")
    found = gt.describe("none", citizens=CITIZENS, regions=str(table)).marginals
    by_name = {one.name: one for one in found}
    assert by_name["internet users"].published is None
    assert by_name["internet users"].note == ""
    assert by_name["urban"].published == 60
    assert by_name["population: East"].ours == 100


def test_a_description(monkeypatch) -> None:
    monkeypatch.setattr(description, "is_compiled", lambda: False)
    told = gt.describe("total-2020", citizens=CITIZENS, weeks=10, threads=2)
    assert told.scenario.weeks == 10
    assert told.scale == "1:282000"
    assert sum(told.bytes_by_field.values()) == told.bytes_a_citizen * CITIZENS
    assert 13.8 < told.bytes_a_citizen < 25, "small countries are mostly padding"
    assert told.memory_bytes > 300_000_000
    assert told.expected_s == pytest.approx(CITIZENS * 10 / (2 * description.ASSUMED_RATE))
    assert told.basis.startswith("assumed: ")
    assert told.share_counted == 1


def test_firms_and_cut_ties_have_their_bytes(monkeypatch) -> None:
    monkeypatch.setattr(description, "is_compiled", lambda: False)
    told = gt.describe("none", citizens=CITIZENS)
    society, _ = world_of()
    scenario = load_scenario("none", overrides={"citizens": CITIZENS})
    state = Country(society, Timetable(scenario, society), 1, engine="reference").state
    held = {
        "firms": state.firm_points.nbytes + state.firm_listing.nbytes,
        **{name: getattr(state, name).nbytes for name in
           ("points", "listing", "caution", "words", "partners", "cutting", "block_zone")},
    }  # fmt: skip
    assert told.bytes_by_field == held


def test_phases_and_sparks_are_told(monkeypatch) -> None:
    monkeypatch.setattr(description, "is_compiled", lambda: False)
    phases = [{"since": "2015-01-01", "regions": ["Hainan"], "scheme": "court-list"}]
    told = gt.describe("none", citizens=CITIZENS, rollout=phases, spark=["2014-05-01"])
    assert told.phases == ["court-list in Hainan from week 54 (since 1 January 2015)"]
    assert told.sparks == ["2014-05-01 (week 19)"]
    lines = "\n".join(describing.lines(told))
    assert "Phase: court-list in Hainan" in lines
    assert "A gathering may form on 2014-05-01 (week 19)" in lines
    assert lines.startswith("The scenario's own scheme, which phases may bring: none")
    assert json.loads(json.dumps(describing.record(told)))["phases"] == told.phases
    plain = gt.describe("none", citizens=CITIZENS)
    assert (plain.phases, plain.sparks) == ([], [])


def test_at_most_sixteen_bytes_a_citizen() -> None:
    told = gt.describe("none", citizens=1_000_000)
    assert told.bytes_a_citizen <= 16


def test_a_wrong_scenario_is_told() -> None:
    with pytest.raises(InputError, match="Did you mean 'citizens'"):
        gt.describe("none", citicens=5)
