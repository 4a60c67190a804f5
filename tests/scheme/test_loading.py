"""Loading a scheme: by name, by path, as changes; its behaviours and its hash."""

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
