"""The stage: who stands on it, and that its bytes say what tallies and biographies say."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import glasstown as gt
from glasstown.engine.measures import CAUSES, INDEX, OWN_CAUSES
from glasstown.engine.reference_people import People
from glasstown.engine.world import build_world, week_keys
from glasstown.errors import InputError
from glasstown.lab.biographies import person
from glasstown.lab.rollout import Timetable
from glasstown.lab.scenario import load_scenario
from glasstown.lab.stage.film import FILE, Film, FilmClosedError, packed, read_film
from glasstown.lab.stage.neighbourhood import ties_of
from glasstown.lab.stage.places import FEWEST, choose
from glasstown.lab.stage.planes import PLANES, STANCES
from glasstown.lab.stage.watching import Watched
from glasstown.scheme.compilation import compile_scheme
from glasstown.society import layout as at
from glasstown.society import traits
from glasstown.society.compilation import compile_society
from glasstown.society.layout import block_and_lane, lay_out
from glasstown.society.region_table import read_region_table
from glasstown.society.ties import KINDS

WEEKS = 60
PHASED: dict[str, Any] = {
    "scheme": "total-2020", "start": "2016-01-06", "weeks": WEEKS, "spark": ["2016-04-06"],
    "society": {"citizens": 1_900, "gather_effort": 170.0,
                "groups": [{"name": "minority", "share": 0.3}]},
    "rollout": [
        {"since": "2016-01-06", "scheme": "court-list"},
        {"since": "2016-01-06", "regions": ["Shandong", "Henan"]},
        {"since": "2016-06-01", "regions": ["Sichuan", "Hebei"], "scheme": "rongcheng-2014"},
    ],
}  # fmt: skip
"""Three schemes at once, one of them without a score, and a gathering that many join."""


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Watched]:
    """A run that was watched to its end."""
    scenario = load_scenario(PHASED)
    society = compile_society(scenario.society, scenario.without)
    heard: list[int] = []
    run = Watched(
        scenario, tmp_path_factory.mktemp("watched"), lambda one: heard.append(len(one.sums))
    )
    with run.unfinished.claimed():
        run.carry_out(society, Timetable(scenario, society))
    assert heard == list(range(WEEKS + 1))
    yield run
    assert run.film is not None
    run.film.close()


def all_weeks(run: Watched) -> np.ndarray:
    assert run.film is not None
    frames = [run.film.frames(week, week)[0] for week in range(WEEKS + 1)]
    return np.array(frames)


def test_being_watched_changes_no_byte(watched: Watched, tmp_path: Path) -> None:
    plain = gt.run(PHASED, out=tmp_path, report=False)
    assert gt.load(watched.folder).digest == plain.digest
    assert gt.load(watched.folder).weekly.equals(plain.weekly)


def test_the_film_adds_up_to_the_tallies(watched: Watched) -> None:
    planes = all_weeks(watched)[1:]
    told = {
        "shamed": planes[:, 0] & 32, "low": planes[:, 0] & 64,
        "listed": (planes[:, 0] & 24) == 8, "listed_red": (planes[:, 0] & 24) == 16,
        "noticed": (planes[:, 0] & 24) == 24, "critical": planes[:, 1] & 2,
        "praising": (planes[:, 1] & 3) == 1, "mobilising": (planes[:, 1] & 3) == 3,
        "paying_cash": planes[:, 1] & 32, "gathered": planes[:, 1] & 64,
    }  # fmt: skip
    for cause in OWN_CAUSES:
        told[f"excluded_{cause}"] = (planes[:, 2] & 15) == 1 + CAUSES.index(cause)
    for name, bits in told.items():
        sums = [int(one[INDEX[name]]) for one in watched.sums]
        assert np.count_nonzero(bits, axis=1).tolist() == sums, name
    for tier in range(5):
        counted = [int(one[INDEX[f"tier_{tier + 1}"]]) for one in watched.sums]
        # A scheme without tiers is tallied as one tier; on stage it has none.
        assert all(np.count_nonzero((planes[:, 0] & 7) == tier, axis=1) <= counted)
    assert max(one[INDEX["gathered"]] for one in watched.sums) > 100


def test_rounds_of_a_gathering(watched: Watched) -> None:
    planes = all_weeks(watched)
    rounds = planes[:, 3] & 15
    assert ((rounds > 0) == ((planes[:, 1] & 64) > 0)).all()
    week = int(np.argmax((rounds > 0).sum(axis=1)))
    counts = np.bincount(rounds[week])
    assert (counts[1:4] > 0).all(), "those who need nobody, then who saw them, then who saw those"
    assert not rounds[np.arange(WEEKS + 1) != week].any()


def test_the_last_week_is_what_biographies_say(watched: Watched) -> None:
    lives = gt.load(watched.folder).citizens
    last = lives.filter(lives["week"] == WEEKS).sort("citizen")
    assert last.height == 1_900, "everybody of so small a country has a biography"
    planes = all_weeks(watched)[-1]
    is_adult = (watched.people[0] & 8) > 0
    stance = [STANCES[min(one & 3, 2)] if a else None
              for one, a in zip(planes[1].tolist(), is_adult, strict=True)]  # fmt: skip
    assert stance == last["stance"].to_list()
    eighths = (last["caution"] * 255).round().cast(int).to_numpy() // 32
    assert (planes[1] >> 2 & 7).tolist() == eighths.tolist()
    assert ((planes[0] & 64) > 0).tolist() == last["is_low"].to_list()
    assert ((planes[0] & 32) > 0).tolist() == last["is_shamed"].to_list()
    assert (planes[3] >> 4).tolist() == last["ties_cut"].clip(0, 15).to_list()
    on_list = [one is not None for one in last["list"].to_list()]
    assert np.isin(planes[0] >> 3 & 3, (1, 2)).tolist() == on_list
    blamed = [CAUSES[one >> 4 & 7] if listed == 1 else None
              for one, listed in zip(planes[2].tolist(), (planes[0] >> 3 & 3).tolist(),
                                     strict=True)]  # fmt: skip
    told = last["listed_cause"].to_list()
    assert [one for one in blamed if one] == [
        one for one, listed in zip(told, planes[0] >> 3 & 3, strict=True) if listed == 1
    ]


def test_people_are_who_the_laws_say(watched: Watched) -> None:
    society, seed = watched.country.society, watched.scenario.seed
    opinions = society.people.traits
    for citizen in range(0, 1_900, 37):
        who = person(society, seed, citizen)
        byte = int(watched.people[0, citizen])
        assert traits.AGE_BANDS[byte & 7] == who.age_band
        assert society.groups[byte >> 4 & 3] == who.group
        assert at.SETTLEMENTS[byte >> 6 & 1] == who.settlement
        # Opinion doesn't grow with the years, so the tables of 2020 say the same.
        assert int(watched.people[1, citizen]) == round(who.opinion * 255)
    assert opinions.shape[1] == traits.TABLES


@pytest.mark.parametrize("citizens", [1_000, 24_000, 24_001, 200_000, 3_000_000])
def test_the_stage_is_spread_over_the_country(citizens: int) -> None:
    layout = lay_out(citizens, read_region_table("china-2020"))
    places = choose(layout)
    assert places.citizens >= min(citizens, FEWEST)
    assert places.citizens <= max(24_000, 1.4 * FEWEST)
    filled = layout.places.zones[:, at.BLOCKS] > 0
    assert set(places.zone.tolist()) == set(np.flatnonzero(filled).tolist())
    assert (np.diff(places.blocks) > 0).all()
    numbers = places.numbers()
    assert (np.diff(numbers) > 0).all()
    for place in (0, 63, places.citizens // 2, places.citizens - 1):
        citizen = int(numbers[place])
        block, lane = block_and_lane(layout, citizen)
        assert int(places.lanes[place]) == block * 64 + lane
        assert places.place_of(citizen) == place
    if citizens > 24_000:
        gap = next(i for i in range(citizens) if i not in set(numbers[:5_000].tolist()))
        assert places.place_of(gap) is None


def test_a_film_reads_back(tmp_path: Path) -> None:
    luck = np.random.default_rng(3)
    weeks = [luck.integers(0, 256, (PLANES, 50), np.uint8) for _ in range(70)]
    film = Film(tmp_path / FILE, 50)
    for week in weeks:
        film.add(week)
    assert film.weeks == 70
    assert all((a == b).all() for a, b in zip(film.frames(0, 63), weeks[:64], strict=True))
    assert len(film.frames(3, 900)) == 64, "no more than so many at once"
    assert (film.frames(69, 69)[0] == weeks[69]).all()
    assert film.frames(70, 80) == []
    assert (film.of_place(7, 60) == np.array(weeks[:61])[:, :, 7]).all()
    raw = packed(weeks[:3], 0, 50)
    assert len(raw) == 16 + 3 * PLANES * 50
    assert not (tmp_path / FILE).exists(), "what is not finished is not there"
    film.finish()
    assert all((a == b).all() for a, b in zip(read_film(tmp_path / FILE), weeks, strict=True))
    film.close()
    with pytest.raises(FilmClosedError):
        film.frames(0, 1)


@pytest.mark.parametrize("harm", [lambda raw: raw[:-3], lambda raw: b"X" + raw[1:], lambda _: b""])
def test_a_broken_film_is_told(tmp_path: Path, harm: Any) -> None:
    film = Film(tmp_path / FILE, 9)
    film.add(np.ones((PLANES, 9), np.uint8))
    film.finish()
    film.close()
    (tmp_path / FILE).write_bytes(harm((tmp_path / FILE).read_bytes()))
    with pytest.raises(InputError, match="not the stage of a run"):
        read_film(tmp_path / FILE)


def test_ties_are_those_of_the_reference() -> None:
    scenario = load_scenario("none", overrides={"citizens": 2_000, "seed": 5})
    society = compile_society(scenario.society)
    scheme = compile_scheme(scenario.scheme, scenario.society, society.behaviours)
    people = People(build_world(society, scheme), week_keys(5, 0).tolist())
    number = {}
    for citizen in range(2_000):
        block, lane = block_and_lane(society.layout, citizen)
        number[block * 64 + lane] = citizen
    by_number = {number[one.index]: one for one in people.everybody}
    for citizen in range(0, 2_000, 41):
        one = by_number[citizen]
        wanted = [(number[other.index], KINDS[tie]) for tie, other in people.ties(one)]
        wanted += [(number[other.index], "household") for other in one.household]
        assert sorted(ties_of(society, 5, citizen)) == sorted(wanted)
    with pytest.raises(ValueError, match="not among"):
        ties_of(society, 5, 2_000)
