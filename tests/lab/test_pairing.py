"""Worlds are named, loaded and refused: what can't share its luck is no pair."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from glasstown.errors import InputError
from glasstown.lab.pairing import (
    CITIZENS,
    check_seeds,
    check_threads,
    load_world,
    names_in,
    worlds_of,
)
from glasstown.lab.scenario import load_scenario

DAY = date(2018, 4, 4)


def labels(*given, **more) -> list[str]:
    return [one.label for one in worlds_of(given, **more)]


def refused(*given, **more) -> str:
    with pytest.raises(InputError) as caught:
        worlds_of(given, **more)
    return str(caught.value)


def test_a_bare_name_is_a_small_country_and_a_file_keeps_its_own(tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text("scheme: reform\nsociety: {citizens: 5000}\n")
    assert load_world("reform").scenario.society.citizens == CITIZENS
    assert load_world("reform", {"citizens": 7000}).scenario.society.citizens == 7000
    assert load_world(str(file)).scenario.society.citizens == 5000
    assert load_world(file).label == "mine"


def test_a_mapping_with_from_holds_keys_of_scenario_and_scheme() -> None:
    world = load_world({"from": "total-2020", "without": ["friends"], "weeks": 9})
    assert world.label == "total-2020 without friends"
    assert world.scenario.weeks == 9
    assert world.scenario.scheme == load_scenario("total-2020").scheme
    changed = load_world({"from": "total-2020", "friends": {"points": -2}}).scenario
    assert changed.scheme.friends is not None
    assert changed.scheme.friends.points == -2


def test_worlds_have_names_of_their_own() -> None:
    assert labels("total-2020", "reform", "reform") == ["total-2020", "reform", "reform (2)"]
    assert labels("total-2020", without=[["friends"], ["friends", "household"]]) == [
        "total-2020", "total-2020 without friends", "total-2020 without friends and household",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("other", "words"),
    [
        ({"scheme": "reform", "society": {"citizens": 6_000}}, ["citizens: 100000 and 6000"]),
        ({"scheme": "reform", "weeks": 9}, ["weeks: 364 and 9"]),
        ({"scheme": "reform", "seed": 7}, ["seed: 1 and 7"]),
        ({"scheme": "reform", "start": "2015-01-01"}, ["start: 2014-01-01 and 2015-01-01"]),
        ({"scheme": "reform", "society": {"citizens": 100_000, "conformity": 8}},
         ["conformity", "and 8"]),
    ],
)  # fmt: skip
def test_what_cannot_be_paired_is_told_key_by_key(other, words) -> None:
    told = refused("total-2020", other)
    assert "can't be paired" in told
    assert "--citizens, --weeks, --seed" in told
    for word in words:
        assert word in told


def test_one_world_is_too_few() -> None:
    assert "at least two worlds" in refused("total-2020")
    assert "--without friends" in refused()


def test_unknown_words_name_the_nearest() -> None:
    assert "'friends'" in refused("total-2020", without=[["freinds"]])
    assert "'total-2020'" in refused("total-2002", "reform")


def test_a_scheme_takes_over_on_a_date() -> None:
    given = {"start": "2018-01-03", "weeks": 20}
    first, other = worlds_of(["total-2020", "reform"], since=DAY, overrides=given)
    assert other.label == "reform from 2018-04-04"
    assert [one.since.isoformat() for one in other.scenario.rollout] == ["2018-01-03", "2018-04-04"]
    assert first.scenario.rollout == []


def test_a_date_that_can_do_nothing_is_refused() -> None:
    early = {"start": "2018-05-02", "weeks": 20}
    assert "must lie after 2018-05-02" in refused("total-2020", "reform", since=DAY,
                                                  overrides=early)  # fmt: skip
    assert "whole run" in refused("total-2020", since=DAY, without=[["friends"]])
    phased = {"scheme": "total-2020", "rollout": [{"since": "2016-01-01"}]}
    assert "dates of its own" in refused(phased, "reform", since=DAY)
    left_out = {"scheme": "reform", "without": ["caution"]}
    assert "only the scheme may differ" in refused("total-2020", left_out, since=DAY)


@pytest.mark.parametrize("seeds", [1, 0, -3, 1001, 2.5, True, "4"])
def test_a_number_of_seeds_that_gives_no_interval_is_refused(seeds) -> None:
    with pytest.raises(InputError, match="seeds: a whole number from 2 to 1000"):
        check_seeds(seeds, 2)


@pytest.mark.parametrize("threads", [0, -1, 1025, 1.5, True, "2"])
def test_threads_that_cannot_share_a_week_are_refused(threads) -> None:
    with pytest.raises(InputError, match="threads: must be a whole number from 1 to 1024"):
        check_threads(threads)


def test_a_list_of_nothing_names_nothing() -> None:
    with pytest.raises(InputError, match="name at least one mechanism"):
        names_in(" , ")
