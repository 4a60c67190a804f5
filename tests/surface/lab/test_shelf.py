"""What there is to choose from, and that every preset can be run."""

from __future__ import annotations

from typing import Any

import pytest
from visiting import Visitor

from glasstown.engine.measures import NAMES
from glasstown.lab.claims.catalogue import catalogue
from glasstown.scheme.loading import SHIPPED, load_scheme, scheme_hash
from glasstown.scheme.mechanisms import MECHANISM_NAMES
from glasstown.surfaces.lab import shelf
from glasstown.surfaces.lab.asking import Ask, checked
from glasstown.surfaces.lab.limits import Limits
from glasstown.surfaces.lab.series import STREAMED


def test_the_lab_says_what_it_allows(visitor: Visitor) -> None:
    lab = visitor.get("lab")
    assert lab["notice"] == "A synthetic society, not a prediction."
    assert lab["limits"]["citizens"] == [1_000, 4_000]
    assert lab["is_ready"]
    assert not lab["needs_token"]
    assert Ask.model_validate(lab["default"]).scheme == "total-2020"


def test_schemes(visitor: Visitor) -> None:
    assert [one["name"] for one in visitor.get("schemes")["schemes"]] == list(SHIPPED)
    one = visitor.get("schemes/court-list")
    assert one["hash"] == scheme_hash(load_scheme("court-list"))
    row = next(row for row in one["rows"] if row["key"] == "appeal.rate")
    assert (row["value"], row["confidence"] != "") == ("0.3", True)
    assert visitor.get("schemes/court-lists", 404)["error"]["kind"] == "unknown"


def test_mechanisms_measures_claims(visitor: Visitor) -> None:
    assert [one["name"] for one in visitor.get("mechanisms")["mechanisms"]] == list(MECHANISM_NAMES)
    names = [one["name"] for one in visitor.get("measures")["measures"]]
    assert set(names) >= {*NAMES, *STREAMED}
    assert len(set(names)) == len(names)
    assert len(visitor.get("claims")["claims"]) == len(catalogue())


def test_levers(visitor: Visitor) -> None:
    found = visitor.get("levers?scheme=reform")
    assert {one["mechanism"] for one in found["groups"]} == {*MECHANISM_NAMES, None}
    assert visitor.get("levers?scheme=../reform", 404)["error"]["kind"] == "unknown"


@pytest.mark.parametrize("preset", shelf.presets()["presets"], ids=lambda one: one["name"])
def test_a_preset_can_be_run(preset: dict[str, Any]) -> None:
    assert preset["title"]
    assert preset["summary"]
    checked(Ask.model_validate(preset["ask"]), Limits())


def test_a_check_says_what_differs_and_how_to_keep_it(visitor: Visitor) -> None:
    asked = {"scheme": "total-2020", "weeks": 5, "citizens": 1_000, "without": ["friends"]}
    found = visitor.post("check", asked)
    assert found["differences"] == [{"key": "without", "preset": [], "value": ["friends"]}]
    assert found["link"] == "scheme=total-2020&citizens=1000&weeks=5&seed=1&without=friends"
    file = visitor.client.post("/api/scenario.yaml", json=asked)
    assert file.text == found["yaml"]
    assert file.headers["content-disposition"] == 'attachment; filename="total-2020-seed1.yaml"'


def test_a_check_tells_every_problem(visitor: Visitor) -> None:
    asked = {"scheme": "total-2020", "citizens": 1_000,
             "changes": {"scheme.friends.points": 7000, "society.conformity": -1}}  # fmt: skip
    error = visitor.post("check", asked, 422)["error"]
    assert error["kind"] == "scenario"
    # The scheme is loaded before the society: one stops the other.
    assert [one["key"] for one in error["problems"]] == ["scheme.friends.points"]
    over = visitor.post("check", {"scheme": "none", "citizens": 10**6}, 422)["error"]
    assert (over["kind"], over["allowed"]) == ("limit", {"citizens": [1_000, 4_000]})
