"""Scenarios: defaults, files, overrides, hashes, and the published schemas."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from glasstown.errors import DeclarationError, InputError
from glasstown.lab.scenario import Scenario, load_scenario, scenario_hash
from glasstown.lab.schema import SUBJECTS, json_schema, publish, schema_text
from glasstown.scheme.loading import load_scheme
from glasstown.scheme.mechanisms import MECHANISM_NAMES
from glasstown.society.region_table import REQUIRED

ROOT = Path(__file__).parents[2]
TABLE = ",".join(REQUIRED) + "\n1,Ash,East,100000,60,20,15,50\n"


def test_defaults() -> None:
    scenario = load_scenario("none")
    assert scenario.scheme == load_scheme("none")
    assert (scenario.weeks, scenario.seed, scenario.start) == (364, 1, date(2014, 1, 1))
    assert scenario.without == []
    assert scenario.society.citizens == 1_000_000


def test_every_field_says_unit_and_meaning() -> None:
    for name, field in Scenario.model_fields.items():
        assert field.description, name
        assert isinstance(field.json_schema_extra, dict), name
        assert "unit" in field.json_schema_extra, name


@pytest.mark.parametrize("seed", [0, 1, 2**63, 2**64 - 1])
def test_every_seed_is_a_seed(seed: int) -> None:
    assert load_scenario("none", overrides={"seed": seed}).seed == seed
    assert load_scenario({"scheme": "none", "seed": seed}).seed == seed


def test_overrides_replace_single_keys() -> None:
    given = {"scheme": "none", "weeks": 10, "society": {"citizens": 5000, "cut_rate": 0.5}}
    changes = {"weeks": 20, "citizens": 6000, "without": ("friends",), "seed": None}
    scenario = load_scenario(given, overrides=changes)
    assert (scenario.weeks, scenario.seed, scenario.without) == (20, 1, ["friends"])
    assert (scenario.society.citizens, scenario.society.cut_rate) == (6000, 0.5)
    assert given["society"] == {"citizens": 5000, "cut_rate": 0.5}


def test_dotted_overrides_reach_society_and_scheme() -> None:
    friends: dict[str, float] = {"points": -3, "period_weeks": 8}
    changes = {f"scheme.friends.{key}": value for key, value in friends.items()}
    changes["society.cut_rate"] = 0.25
    scenario = load_scenario("total-2020", overrides=changes)
    whole = load_scheme("total-2020")
    assert scenario.society.cut_rate == 0.25
    assert scenario.scheme.friends is not None
    assert whole.friends is not None
    assert (scenario.scheme.friends.points, scenario.scheme.friends.period_weeks) == (-3, 8)
    assert scenario.scheme.friends.threshold_ties == whole.friends.threshold_ties
    assert scenario.scheme.rules == whole.rules
    assert scenario.scheme.name == "total-2020-changed"


def test_the_scheme_itself_may_be_replaced() -> None:
    scenario = load_scenario({"scheme": "none", "weeks": 5}, overrides={"scheme": "court-list"})
    assert (scenario.scheme.name, scenario.weeks) == ("court-list", 5)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"citizens": 5}, "setting: society.citizens: must be a whole number from 1000"),
        ({"weeks": 0}, "setting: weeks"),
        ({"week": 3}, "Did you mean 'weeks'?"),
        ({"society.citicens": 3}, "Did you mean 'citizens'?"),
        ({"without": ["friend"]}, "Did you mean 'friends'?"),
        ({"scheme": "nine"}, "Did you mean 'none'?"),
        ({"start": "yesterday"}, "not 'yesterday'"),
        ({"scheme.frends.points": 3}, "Did you mean 'friends'?"),
        ({"seed": True}, "not true"),
        ({"regions": "nowhere.csv"}, "no such file"),
    ],
)
def test_a_wrong_override_is_told_as_a_setting(changes: dict[str, Any], words: str) -> None:
    with pytest.raises(InputError) as caught:
        load_scenario("total-2020", overrides=changes)
    assert words in str(caught.value)


def test_a_wrong_name_is_told_with_the_shipped() -> None:
    with pytest.raises(DeclarationError, match="there is no shipped scheme 'nope'"):
        load_scenario("nope")


@pytest.mark.parametrize("given", [3, None, ["none"]])
def test_what_is_no_scenario(given: Any) -> None:
    with pytest.raises(InputError, match="must be a scheme's name, a path or a mapping"):
        load_scenario(given)


def test_paths_are_relative_to_the_file_that_names_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "study"
    folder.mkdir()
    (folder / "regions.csv").write_text(TABLE)
    (folder / "mine.yaml").write_text("from: none\ntitle: Mine\n")
    file = folder / "scenario.yaml"
    file.write_text("scheme: mine.yaml\nsociety: {regions: regions.csv}\n")
    monkeypatch.chdir(tmp_path)
    for overrides in ({}, {"weeks": 3}):
        scenario = load_scenario("study/scenario.yaml", overrides=overrides)
        assert scenario.scheme.title == "Mine"
        assert Path(scenario.society.regions).read_text() == TABLE


def test_a_file_a_mapping_and_numpy_numbers_are_the_same(tmp_path: Path) -> None:
    file = tmp_path / "s.yaml"
    file.write_text("scheme: none\nweeks: 10\nstart: 2018-05-01\nseed: 3\n")
    mapping = {"scheme": "none", "weeks": np.int64(10), "start": "2018-05-01", "seed": np.uint64(3)}
    assert load_scenario(file) == load_scenario(mapping)


def test_a_stored_scenario_is_the_same_scenario() -> None:
    scenario = load_scenario("total-2020", overrides={"citizens": 5000, "without": ["friends"]})
    stored = json.loads(json.dumps(scenario.model_dump(mode="json")))
    assert scenario_hash(load_scenario(stored)) == scenario_hash(scenario)
    assert load_scenario(scenario) == scenario


def test_the_hash_counts_content_only(tmp_path: Path) -> None:
    base = scenario_hash(load_scenario("none"))
    others = [{"seed": 0}, {"weeks": 10}, {"citizens": 2000}, {"start": "2015-01-01"},
              {"without": ["friends"]}, {"scheme": "court-list"}, {"cut_rate": 0.5}]  # fmt: skip
    hashes = {scenario_hash(load_scenario("none", overrides=one)) for one in others}
    assert len(hashes | {base}) == len(others) + 1
    one, two = (
        scenario_hash(load_scenario("none", overrides={"without": names}))
        for names in (["friends", "speech"], ["speech", "friends"])
    )
    assert one == two
    (tmp_path / "a.csv").write_text(TABLE)
    (tmp_path / "b.csv").write_text(TABLE)
    (tmp_path / "c.csv").write_text(TABLE.replace("100000", "100001"))
    a, b, c = (
        scenario_hash(load_scenario("none", overrides={"regions": str(tmp_path / f"{name}.csv")}))
        for name in "abc"
    )
    assert a == b != c


@pytest.mark.parametrize("name", MECHANISM_NAMES)
def test_every_mechanism_may_be_left_out(name: str) -> None:
    assert load_scenario("none", overrides={"without": [name]}).without == [name]


@pytest.mark.parametrize("of", SUBJECTS)
def test_the_published_schema_is_current(of: Any) -> None:
    published = ROOT / "docs" / "schema" / f"{of}.schema.json"
    assert published.read_text("utf-8") == schema_text(of), "run python -m glasstown.lab.schema"


def test_the_schema_of_a_scenario() -> None:
    schema = json_schema("scenario")
    assert schema["required"] == ["scheme"]
    assert schema["additionalProperties"] is False
    assert set(schema["properties"]) == set(Scenario.model_fields)
    assert schema["properties"]["weeks"]["maximum"] == 1000
    assert schema["properties"]["without"]["items"]["enum"] == list(MECHANISM_NAMES)
    assert [one.get("type", "scheme") for one in schema["properties"]["scheme"]["anyOf"]] == [
        "string", "scheme", "scheme",
    ]  # fmt: skip


@pytest.mark.parametrize("of", SUBJECTS)
def test_every_reference_of_a_schema_is_defined(of: Any, tmp_path: Path) -> None:
    publish(tmp_path)
    text = (tmp_path / f"{of}.schema.json").read_text("utf-8")
    defined = json.loads(text)["$defs"]
    named = {part.split('"')[0] for part in text.split('"#/$defs/')[1:]}
    assert named
    assert named <= set(defined)


def test_a_fault_of_a_table_is_told_in_the_table(tmp_path: Path) -> None:
    (tmp_path / "regions.csv").write_text(TABLE.replace("100000", "many"))
    file = tmp_path / "s.yaml"
    file.write_text("scheme: none\nsociety: {regions: regions.csv}\n")
    with pytest.raises(DeclarationError, match=r"regions\.csv: line 2: population_2020: must be"):
        load_scenario(file)


ROLLOUT = {
    "scheme": "total-2020",
    "rollout": [
        {"since": "2015-01-01", "regions": ["Hainan", "Hubei"], "scheme": "court-list"},
        {"since": date(2016, 1, 1), "scheme": {"from": "total-2020", "friends": {"points": -3}}},
        {"since": "2017-01-01", "regions": []},
    ],
    "spark": ["2016-05-01", date(2018, 5, 1)],
}


def test_a_rollout_is_loaded_with_its_schemes_in_full() -> None:
    scenario = load_scenario(ROLLOUT)
    first, second, third = scenario.rollout
    assert (first.since, first.regions) == (date(2015, 1, 1), ["Hainan", "Hubei"])
    assert first.scheme == load_scheme("court-list")
    assert second.scheme is not None
    assert second.scheme.friends is not None
    assert second.scheme.friends.points == -3
    assert third.scheme is None, "the scenario's own"
    assert scenario.spark == [date(2016, 5, 1), date(2018, 5, 1)]
    assert load_scenario("total-2020").rollout == load_scenario("total-2020").spark == []


def test_a_rollout_in_a_file_finds_its_schemes_beside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "study"
    folder.mkdir()
    (folder / "mine.yaml").write_text("from: none\ntitle: Mine\n")
    (folder / "s.yaml").write_text(
        "scheme: none\nspark: [2018-05-01]\nrollout:\n"
        "  - {since: 2015-01-01, scheme: mine.yaml, regions: [Hainan]}\n"
    )
    monkeypatch.chdir(tmp_path)
    scenario = load_scenario("study/s.yaml", overrides={"weeks": 9})
    assert scenario.rollout[0].scheme is not None
    assert scenario.rollout[0].scheme.title == "Mine"
    assert scenario.spark == [date(2018, 5, 1)]


def test_a_stored_rollout_is_the_same_scenario() -> None:
    scenario = load_scenario(ROLLOUT)
    stored = json.loads(json.dumps(scenario.model_dump(mode="json")))
    assert load_scenario(stored) == scenario
    assert scenario_hash(load_scenario(stored)) == scenario_hash(scenario)


def test_the_hash_counts_phases_and_sparks() -> None:
    whole = load_scenario(ROLLOUT)
    first, *others = ROLLOUT["rollout"]  # type: ignore[misc]
    changes: list[dict[str, Any]] = [
        {"rollout": []}, {"rollout": others}, {"spark": []}, {"spark": ["2016-05-02"]},
        {"rollout": [{**first, "since": "2015-01-02"}, *others]},
        {"rollout": [{**first, "regions": ["Hainan"]}, *others]},
        {"rollout": [{**first, "scheme": "none"}, *others]},
        {"rollout": [*others, first]},
    ]  # fmt: skip
    hashes = {scenario_hash(load_scenario({**ROLLOUT, **one})) for one in changes}
    assert len(hashes | {scenario_hash(whole)}) == len(changes) + 1


def test_a_region_of_an_own_table_may_have_a_phase(tmp_path: Path) -> None:
    (tmp_path / "regions.csv").write_text(TABLE)
    file = tmp_path / "s.yaml"
    text = "scheme: none\nsociety: {regions: regions.csv}\nrollout:\n"
    file.write_text(text + "  - {since: 2015-01-01, regions: [Ash]}\n")
    assert load_scenario(file).rollout[0].regions == ["Ash"]
    file.write_text(text + "  - {since: 2015-01-01, regions: [Hainan]}\n")
    with pytest.raises(DeclarationError, match=r"regions\[0\].*no region 'Hainan'.*Ash"):
        load_scenario(file)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"rollout": [{"regions": ["Hubei"]}]}, "rollout[0].since: is missing"),
        ({"rollout": [{"since": "soon"}]}, "must be a date such as 2014-01-01, not 'soon'"),
        (
            {"rollout": [{"since": "2015-01-01", "scheme": "totel-2020"}]},
            "Did you mean 'total-2020'?",
        ),
        ({"rollout": [{"since": "2015-01-01", "region": "Hubei"}]}, "Did you mean 'regions'?"),
        ({"rollout": [{"since": "2015-01-01", "regions": ["Hubai"]}]}, "Did you mean 'Hubei'?"),
        ({"rollout": [{"since": "2015-01-01", "scheme": 3}]}, "rollout[0].scheme"),
        ({"rollout": ["2015-01-01"]}, "rollout[0]: must be"),
        ({"rollout": "2015-01-01"}, "rollout: must be a list"),
        ({"spark": "2015-01-01"}, "spark: must be a list"),
        ({"spark": ["2015-13-01"]}, "spark[0]: must be a date"),
        ({"rollout": [{"since": "2015-01-01"}] * 65}, "rollout: must be a list of at most 64"),
    ],
)
def test_a_wrong_phase_or_spark_is_told(changes: dict[str, Any], words: str) -> None:
    with pytest.raises(InputError) as caught:
        load_scenario({"scheme": "none", **changes})
    assert words in str(caught.value)


def test_the_schema_of_a_phase_takes_what_the_loader_takes() -> None:
    node = json_schema("scenario")["$defs"]["Phase"]["properties"]["scheme"]
    assert [one.get("type", "scheme") for one in node["anyOf"]] == ["string", "scheme", "scheme"]
