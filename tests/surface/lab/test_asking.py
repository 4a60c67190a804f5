"""An ask: as JSON, as a link, as a file, always the same world; and what it can't say."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from glasstown.errors import DeclarationError
from glasstown.lab.scenario import load_scenario, scenario_hash
from glasstown.scheme.loading import SHIPPED
from glasstown.scheme.mechanisms import MECHANISM_NAMES
from glasstown.surfaces.lab.asking import (
    Ask,
    ask_of,
    checked,
    differences,
    link_of,
    normalised,
    scenario_text,
)
from glasstown.surfaces.lab.levers import levers
from glasstown.surfaces.lab.limits import Limits
from glasstown.surfaces.lab.refusal import RefusedError

FULL: dict[str, Any] = {
    "scheme": "total-2020", "citizens": 3_000, "weeks": 9, "seed": 4, "start": "2015-01-07",
    "without": ["speech", "friends"], "spark": ["2015-02-04"],
    "groups": [{"name": "minority", "share": 0.1, "misidentification": 5}],
    "rollout": [{"since": "2015-01-21", "regions": ["Beijing"]},
                {"since": "2015-02-11", "scheme": "reform"}],
    "changes": {
        "scheme.household.points": -3, "society.conformity": 8.5, "scheme.rules[2].points": -5,
        "scheme.channels.camera.urban[1].share": 0.5, "scheme.lists[0].term_weeks": None,
        "scheme.platforms.forum.shut_from": "2019-01-01", "society.digital_growth": False,
    },
}  # fmt: skip


def ask(**keys: Any) -> Ask:
    return Ask.model_validate(keys)


def hash_of(asked: Ask) -> str:
    return scenario_hash(checked(asked, Limits()))


def test_a_link_holds_the_whole_ask() -> None:
    asked = normalised(ask(**FULL))
    again = Ask.model_validate(ask_of("#view=stage&" + link_of(asked) + "&token=x"))
    assert again == asked
    assert hash_of(again) == hash_of(ask(**FULL))


def test_the_scenario_file_is_the_same_world(tmp_path: Path) -> None:
    asked = ask(**FULL)
    file = tmp_path / "asked.yaml"
    file.write_text(scenario_text(asked))
    loaded = load_scenario(file)
    assert scenario_hash(loaded) == hash_of(asked)
    assert loaded.scheme.rules[2].points == -5
    assert loaded.scheme.rules[2].confidence == "assumed"
    assert loaded.scheme.rules[3] == load_scenario("total-2020").scheme.rules[3]
    assert loaded.scheme.lists[0].term_weeks is None
    assert not loaded.society.digital_growth


@pytest.mark.parametrize("name", SHIPPED)
def test_an_ask_without_changes_is_the_preset(name: str) -> None:
    plain = load_scenario(name, overrides={"citizens": 20_000, "weeks": 156})
    assert hash_of(ask(scheme=name)) == scenario_hash(plain)


@settings(max_examples=25)
@given(st.data())
def test_what_is_set_to_its_preset_is_no_change(data: st.DataObject) -> None:
    known = [one for one in levers("total-2020").values() if one.is_there]
    lever = data.draw(st.sampled_from(known))
    same = ask(scheme="total-2020", changes={lever.key: lever.value})
    assert normalised(same) == ask(scheme="total-2020")
    assert hash_of(same) == hash_of(ask(scheme="total-2020"))


def test_differences_name_the_preset() -> None:
    rows = differences(normalised(ask(**FULL)))
    by_key = {one["key"]: one for one in rows}
    assert rows[0] == {"key": "without", "preset": [], "value": ["friends", "speech"]}
    assert by_key["scheme.household.points"] == {
        "key": "scheme.household.points", "preset": -0.2, "value": -3,
    }  # fmt: skip
    assert len(rows) == 1 + len(FULL["changes"])


@settings(max_examples=40)
@given(
    st.sampled_from(SHIPPED),
    st.lists(st.sampled_from(MECHANISM_NAMES), unique=True, max_size=4),
    st.integers(0, 2**53 - 1),
)
def test_links_come_back(name: str, without: list[str], seed: int) -> None:
    asked = normalised(ask(scheme=name, without=without, seed=seed))
    assert Ask.model_validate(ask_of(link_of(asked))) == asked


@pytest.mark.parametrize(
    ("keys", "key", "words"),
    [
        ({"scheme": "total"}, "scheme", "Did you mean 'total-2020'"),
        ({"scheme": "../total-2020.yaml"}, "scheme", "no shipped scheme"),
        ({"scheme": "/etc/passwd"}, "scheme", "no shipped scheme"),
        ({"rollout": [{"since": "2014-01-01", "scheme": "/tmp/x.yaml"}]}, "rollout[0].scheme",
         "no shipped scheme"),
        ({"rollout": [{"since": "2014-01-01", "regions": ["Peking"]}]}, "rollout[0].regions[0]",
         "no region"),
        ({"changes": {"society.regions": "/etc/passwd.csv"}}, "society.regions", "no such lever"),
        ({"changes": {"society.citizens": 10**9}}, "society.citizens", "no such lever"),
        ({"changes": {"scheme.from": "x.yaml"}}, "scheme.from", "no such lever"),
        ({"changes": {"scheme": "x.yaml"}}, "scheme", "no such lever"),
        ({"changes": {"scheme.friends.pointz": 1}}, "scheme.friends.pointz",
         "Did you mean 'scheme.friends.points'"),
        ({"changes": {"scheme.friends.points": 7000}}, "scheme.friends.points", "to 1000"),
        ({"changes": {"scheme.rules[2].points": "much"}}, "scheme.rules[2].points", "a number"),
        ({"changes": {"society.sociability": 0.6}}, "society.sociability", "Did you mean '0.5'"),
        ({"scheme": "court-list", "changes": {"scheme.friends.points": 1}},
         "scheme.friends.points", "court-list does not have"),
        ({"without": ["friend"]}, "without[0]", "Did you mean 'friends'"),
        ({"start": "soon"}, "start", "a date"),
        ({"spark": ["soon"]}, "spark[0]", "a date"),
    ],
)  # fmt: skip
def test_what_can_t_be_asked(keys: dict[str, Any], key: str, words: str) -> None:
    with pytest.raises(DeclarationError) as caught:
        checked(ask(**{"scheme": "total-2020", **keys}), Limits())
    assert [one.key for one in caught.value.problems] == [key]
    assert words in str(caught.value)


def test_what_is_too_large_here_is_told_with_what_is_allowed() -> None:
    limits = Limits(citizens=(1_000, 5_000), weeks=(1, 10))
    with pytest.raises(RefusedError) as caught:
        checked(ask(scheme="none", citizens=5_001, weeks=11), limits)
    assert caught.value.status == 422
    assert caught.value.allowed == {"citizens": [1_000, 5_000], "weeks": [1, 10]}
    assert "citizens: must be from 1_000 to 5_000 here, not 5_001" in caught.value.message
