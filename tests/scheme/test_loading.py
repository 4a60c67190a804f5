"""Loading a scheme: by name, by path, as changes; its behaviours and its hash."""

import json
from pathlib import Path

import pytest
import yaml

from glasstown.errors import DeclarationError, InputError
from glasstown.scheme.declaration import Scheme
from glasstown.scheme.loading import SHIPPED, load_scheme, scheme_hash, shipped_document

SOURCE = {"source": "me", "confidence": "assumed"}
MINE = {
    "name": "mine", "title": "Mine", "summary": "Of my own.", **SOURCE,
    "score": {"start": 100, "ceiling": 200, **SOURCE},
    "rules": [{"behaviour": "jaywalking", "points": -5, **SOURCE}],
    "expiry": {"half_life_weeks": 52, **SOURCE},
}  # fmt: skip


def written(folder: Path, name: str, data: object) -> Path:
    path = folder / name
    path.write_text(yaml.safe_dump(data, sort_keys=False))
    return path


def test_schemes_are_shipped() -> None:
    assert {"none", "court-list", "total-2020"} <= set(SHIPPED)


@pytest.mark.parametrize("name", SHIPPED)
def test_every_shipped_scheme_loads_under_its_own_name(name: str) -> None:
    scheme = load_scheme(name)
    assert isinstance(scheme, Scheme)
    assert scheme.name == name


def test_a_wrong_name_lists_the_shipped_and_the_nearest() -> None:
    with pytest.raises(DeclarationError) as caught:
        load_scheme("total2020")
    assert caught.value.problems[0].nearest == "total-2020"
    assert all(name in str(caught.value) for name in SHIPPED)


def test_a_path_a_mapping_and_a_scheme_are_the_same(tmp_path: Path) -> None:
    path = written(tmp_path, "mine.yaml", MINE)
    hashes = {scheme_hash(load_scheme(one)) for one in (path, str(path), MINE, load_scheme(MINE))}
    assert len(hashes) == 1


def test_the_hash_is_of_the_content() -> None:
    other = {**MINE, "score": {**MINE["score"], "start": 101}}
    assert scheme_hash(load_scheme(MINE)) != scheme_hash(load_scheme(other))
    turned = dict(reversed(MINE.items()))
    assert scheme_hash(load_scheme(MINE)) == scheme_hash(load_scheme(turned))
    assert len(scheme_hash(load_scheme(MINE))) == 64


def test_changes_merge_replace_and_remove(tmp_path: Path) -> None:
    written(tmp_path, "mine.yaml", MINE)
    rules = [{"behaviour": "blood_donation", "points": 5, **SOURCE}]
    changes = {"from": "mine.yaml", "score": {"start": 50}, "rules": rules, "expiry": None}
    scheme = load_scheme(changes, folder=tmp_path)
    assert scheme.score is not None
    assert (scheme.score.start, scheme.score.ceiling) == (50, 200)
    assert [rule.behaviour for rule in scheme.rules] == ["blood_donation"]
    assert scheme.expiry is None


def test_a_changed_line_keeps_neither_name_nor_source(tmp_path: Path) -> None:
    path = written(tmp_path, "mine.yaml", {**MINE, "confidence": "seen"})
    scheme = load_scheme({"from": str(path), "score": {"start": 50}})
    assert scheme.name == "mine-changed"
    assert scheme.confidence == "assumed"
    assert scheme.score is not None
    assert scheme.score.source == "changed from: me"
    assert scheme.expiry is not None
    assert scheme.expiry.source == "me"
    named = load_scheme({"from": str(path), "name": "other", "score": {"start": 50, **SOURCE}})
    assert named.name == "other"
    assert named.score is not None
    assert named.score.source == "me"


def test_no_changes_change_nothing() -> None:
    assert load_scheme({"from": "none"}) == load_scheme("none")


def test_a_file_may_start_from_a_file_beside_it(tmp_path: Path) -> None:
    written(tmp_path, "mine.yaml", MINE)
    (tmp_path / "sub").mkdir()
    path = written(tmp_path / "sub", "more.yaml", {"from": "../mine.yaml", "title": "More"})
    assert load_scheme(path).title == "More"


def test_a_fault_of_the_base_is_told_in_the_file_of_the_base(tmp_path: Path) -> None:
    written(tmp_path, "mine.yaml", {**MINE, "score": {"start": 100, **SOURCE}})
    with pytest.raises(DeclarationError, match=r"mine\.yaml: line \d+: score\.ceiling: is missing"):
        load_scheme({"from": "mine.yaml", "title": "More"}, folder=tmp_path)


def test_schemes_that_start_from_each_other_are_refused(tmp_path: Path) -> None:
    written(tmp_path, "a.yaml", {"from": "b.yaml"})
    path = written(tmp_path, "b.yaml", {"from": "a.yaml"})
    with pytest.raises(DeclarationError, match="starts from itself"):
        load_scheme(path)


def test_behaviours_are_those_of_the_society() -> None:
    assert load_scheme(MINE, behaviours={"jaywalking"}).name == "mine"
    with pytest.raises(DeclarationError, match=r"rules\[0\]\.behaviour: there is no behaviour"):
        load_scheme(MINE, behaviours={"litter"})


def test_line_and_key_of_a_mapping_within_a_file() -> None:
    with pytest.raises(DeclarationError) as caught:
        load_scheme(
            {**MINE, "rules": []} | {"scores": 1},
            file="f.yaml", lines={"scheme": 3, "scheme.scores": 9}, at="scheme",
        )  # fmt: skip
    problem = caught.value.problems[0]
    assert (caught.value.file, problem.key, problem.line) == ("f.yaml", "scheme.scores", 9)


@pytest.mark.parametrize("given", [3, None, ["none"]])
def test_what_is_no_scheme(given: object) -> None:
    with pytest.raises(InputError, match="must be a scheme's name"):
        load_scheme(given)  # type: ignore[arg-type]


def test_a_shipped_document_has_lines() -> None:
    assert shipped_document("none").lines["name"] >= 1


def test_null_brings_back_the_default(tmp_path: Path) -> None:
    score = {"start": 100, "floor": 50, "ceiling": 200, **SOURCE}
    path = written(tmp_path, "mine.yaml", {**MINE, "score": score})
    scheme = load_scheme({"from": str(path), "score": {"floor": None}})
    assert scheme.score is not None
    assert scheme.score.floor == 0


def test_the_order_of_channels_does_not_count() -> None:
    watching = {"urban": 1, "rural": 1, **SOURCE}
    one, two = (
        scheme_hash(load_scheme({**MINE, "channels": dict.fromkeys(names, watching)}))
        for names in (["court", "camera"], ["camera", "court"])
    )
    assert one == two


def test_a_wrong_channel_is_told_once() -> None:
    with pytest.raises(DeclarationError) as caught:
        load_scheme({**MINE, "channels": {"cameras": {}}})
    assert [one.key for one in caught.value.problems] == ["channels.cameras"]


ACTORS = {"jaywalking": "adult", "bribe": "official", "pollution": "firm"}
FIRMS = {"rating": SOURCE, "rules": [{"behaviour": "pollution", "points": -5, **SOURCE}], **SOURCE}


def told(data: dict[str, object], behaviours: object = ACTORS) -> list[tuple[str, str]]:
    """Return key and message of every problem of a scheme."""
    with pytest.raises(DeclarationError) as caught:
        load_scheme(data, behaviours=behaviours)  # type: ignore[arg-type]
    return [(one.key, one.message) for one in caught.value.problems]


def test_what_firms_do_stands_under_firms() -> None:
    assert load_scheme({**MINE, "firms": FIRMS}, behaviours=ACTORS).firms is not None
    rules = [{"behaviour": "pollution", "points": -5, **SOURCE}]
    key, message = told({**MINE, "rules": rules})[0]
    assert key == "rules[0].behaviour"
    assert message == "'pollution' is what firms do: it belongs under firms"


@pytest.mark.parametrize("part", ["rules", "black"])
def test_firms_do_only_what_firms_do(part: str) -> None:
    black = {"behaviours": {"bribe": 1}, **SOURCE}
    rules = [{"behaviour": "bribe", "points": -5, **SOURCE}]
    parts = {"rules": {"rules": rules, "rating": SOURCE}, "black": {"black": black}}
    keys = {"rules": "firms.rules[0].behaviour", "black": "firms.black.behaviours.bribe"}
    problems = told({**MINE, "firms": {**parts[part], **SOURCE}})
    assert problems == [(keys[part], "firms don't do 'bribe'; they do: pollution")]


def test_a_list_and_a_false_match_are_not_for_firms() -> None:
    lists = [{"name": "black", "behaviours": {"pollution": 1}, **SOURCE}]
    channels = {"camera": {"urban": 1, "rural": 1, "false_match_as": "pollution", **SOURCE}}
    keys = {key for key, _ in told({**MINE, "lists": lists, "channels": channels})}
    assert keys == {"lists[0].behaviours.pollution", "channels.camera.false_match_as"}


def test_names_alone_say_not_who_does_it() -> None:
    assert load_scheme({**MINE, "rules": []}, behaviours=set(ACTORS)).rules == []
    rules = [{"behaviour": "pollution", "points": -5, **SOURCE}]
    assert load_scheme({**MINE, "rules": rules}, behaviours=set(ACTORS)).rules


def test_a_platform_that_there_is_not() -> None:
    rule = {"complies_from": "2015-01-01", **SOURCE}
    assert load_scheme({**MINE, "platforms": {"messenger": rule}}).platforms
    with pytest.raises(DeclarationError) as caught:
        load_scheme({**MINE, "platforms": {"messengr": rule}})
    problem = caught.value.problems[0]
    assert (problem.key, problem.nearest) == ("platforms.messengr", "messenger")


def dated_rules(*spans: tuple[str | None, str | None]) -> dict[str, object]:
    rules = [
        {"behaviour": "jaywalking", "points": -5, "since": since, "until": until, **SOURCE}
        for since, until in spans
    ]
    return {**MINE, "rules": rules}


@pytest.mark.parametrize(
    "spans",
    [
        [(None, "2015-01-01"), ("2015-01-01", None)],
        [("2016-01-01", None), ("2014-01-01", "2015-01-01"), ("2015-01-01", "2016-01-01")],
    ],
)
def test_rules_for_one_behaviour_may_follow_each_other(
    spans: list[tuple[str | None, str | None]],
) -> None:
    assert len(load_scheme(dated_rules(*spans)).rules) == len(spans)


@pytest.mark.parametrize(
    ("spans", "keys"),
    [
        ([(None, None), (None, None)], ["rules[1]"]),
        ([(None, "2015-01-02"), ("2015-01-01", None)], ["rules[1]"]),
        ([("2015-01-01", "2016-01-01"), ("2014-01-01", "2020-01-01")], ["rules[1]"]),
        ([(None, "2014-01-01"), ("2015-01-01", None), ("2016-01-01", None)], ["rules[2]"]),
        ([("2015-01-01", "2015-01-01")], ["rules[0]"]),
        ([("2016-01-01", "2015-01-01")], ["rules[0]"]),
    ],
)
def test_rules_that_overlap_or_never_hold_are_refused(
    spans: list[tuple[str | None, str | None]], keys: list[str]
) -> None:
    assert [key for key, _ in told(dated_rules(*spans))] == keys


def test_a_firm_has_one_rule_for_a_behaviour() -> None:
    rule = {"behaviour": "pollution", "points": -5, **SOURCE}
    firms = {"rating": SOURCE, "rules": [rule, rule], **SOURCE}
    assert told({**MINE, "firms": firms}) == [
        ("firms.rules[1]", "'pollution' has a rule already; keep one")
    ]


@pytest.mark.parametrize("name", SHIPPED)
def test_a_shipped_scheme_is_the_same_from_json(name: str) -> None:
    scheme = load_scheme(name)
    again = load_scheme(json.loads(json.dumps(scheme.model_dump(mode="json"))))
    assert scheme_hash(again) == scheme_hash(scheme)
    assert again == scheme


@pytest.mark.parametrize("day", ["2015-1-1", "2015-13-01", "20150101", 2015])
def test_text_that_is_no_day_stays_refused(day: object) -> None:
    assert [key for key, _ in told({**MINE, "cash_ends": day})] == ["cash_ends"]
