"""Which schemes have a mechanism: told from the declaration, and equal to what leaving it out does.

A scheme has a mechanism exactly if its compiled numbers move when the mechanism is left out. That
holds for all mechanisms of the scheme itself; those of the society and of the scenario are there
under every scheme, or need the society to act.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from glasstown.scheme.compilation import CompiledScheme, compile_scheme
from glasstown.scheme.declaration import Scheme
from glasstown.scheme.having import has_mechanism, schemes_with
from glasstown.scheme.loading import SHIPPED, load_scheme
from glasstown.scheme.mechanisms import MECHANISM_NAMES
from glasstown.society.catalogue import behaviours
from glasstown.society.declaration import Society

OF_SOCIETY = {"conformity", "caution", "cash", "cutting"}
OF_SCENARIO = {"growth", "rollout", "gatherings"}
SOURCE = {"source": "me", "confidence": "assumed"}
MINE = {"name": "mine", "title": "Mine", "summary": "Of my own.", **SOURCE}
SCORE = {"start": 100, "ceiling": 200, **SOURCE}
RULE = {"behaviour": "jaywalking", "points": -5, **SOURCE}
COURT = {"urban": 1.0, "rural": 1.0, **SOURCE}


def scheme_of(**parts: Any) -> Scheme:
    return load_scheme({**MINE, **parts})


def compiled(scheme: Scheme, *without: str) -> CompiledScheme:
    return compile_scheme(scheme, Society.model_validate({}), behaviours(), without)


def is_same(one: CompiledScheme, other: CompiledScheme) -> bool:
    tables = zip(one.rules, other.rules, strict=True)
    return (
        all(np.array_equal(a, b) for a, b in tables)
        and one.terms == other.terms
        and one.false_matches == other.false_matches
    )


@pytest.mark.parametrize("name", SHIPPED)
def test_a_scheme_has_what_moves_when_it_is_left_out(name: str) -> None:
    scheme = load_scheme(name)
    whole = compiled(scheme)
    for mechanism in MECHANISM_NAMES:
        if mechanism not in OF_SOCIETY | OF_SCENARIO:
            moves = not is_same(whole, compiled(scheme, mechanism))
            assert has_mechanism(scheme, mechanism) == moves, mechanism


@pytest.mark.parametrize("mechanism", sorted(OF_SOCIETY))
def test_what_is_of_the_society_moves_no_scheme_that_lacks_it(mechanism: str) -> None:
    for name in SHIPPED:
        scheme = load_scheme(name)
        if not has_mechanism(scheme, mechanism):
            assert is_same(compiled(scheme), compiled(scheme, mechanism))


@pytest.mark.parametrize("mechanism", MECHANISM_NAMES)
def test_every_mechanism_is_known(mechanism: str) -> None:
    assert set(schemes_with(mechanism)) <= set(SHIPPED)


def test_no_such_mechanism() -> None:
    with pytest.raises(KeyError):
        has_mechanism(load_scheme("none"), "frends")


@pytest.mark.parametrize(
    ("mechanism", "schemes"),
    [
        ("friends", {"sesame", "total-2020"}),
        ("grace", {"reform", "rongcheng-2021"}),
        ("ability_test", {"reform"}),
        ("insiders", {"total-2020"}),
        ("firm", {"court-list", "total-2020"}),
        ("participation", {"rongcheng-2021", "city-rewards", "sesame"}),
        ("speech", {"suining-2010", "rongcheng-2014", "total-2020"}),
        ("conformity", set(SHIPPED)),
    ],
)
def test_who_has_what(mechanism: str, schemes: set[str]) -> None:
    assert set(schemes_with(mechanism)) == schemes


def test_no_scheme_has_little() -> None:
    none = load_scheme("none")
    has = {name for name in MECHANISM_NAMES if has_mechanism(none, name)}
    assert has <= {"conformity"} | OF_SCENARIO


NO_LISTS = {"behaviours": {"jaywalking": 1}, **SOURCE}
FRIENDS = {"threshold_ties": 2, "points": -1, **SOURCE}
INSIDERS = {"points": 5, **SOURCE}
PLATFORM = {"complies_from": "2015-01-01", **SOURCE}


@pytest.mark.parametrize(
    ("mechanism", "parts", "changed"),
    [
        (
            "watch",
            {"channels": {"court": COURT}},
            {"channels": {"court": {**COURT, "urban": 0, "rural": 0}}},
        ),
        ("misses", {"channels": {"court": {**COURT, "miss": 0.1}}}, {"channels": {"court": COURT}}),
        (
            "misidentification",
            {"channels": {"court": {**COURT, "misidentification": 0.1}}},
            {"channels": {"court": COURT}},
        ),
        (
            "score",
            {"score": SCORE, "rules": [RULE]},
            {"score": SCORE, "rules": [{**RULE, "behaviour": "online_praise"}]},
        ),
        (
            "speech",
            {"score": SCORE, "rules": [{**RULE, "behaviour": "rumour"}]},
            {"score": SCORE, "rules": [RULE]},
        ),
        (
            "grace",
            {"lists": [{"name": "a", **NO_LISTS, "grace_weeks": 4}]},
            {"lists": [{"name": "a", **NO_LISTS}]},
        ),
        (
            "friends",
            {"score": SCORE, "friends": FRIENDS},
            {"score": SCORE, "friends": {**FRIENDS, "points": 0}},
        ),
        ("insiders", {"insiders": INSIDERS}, {"insiders": {**INSIDERS, "points": 0}}),
        ("insiders", {"insiders": INSIDERS}, {"insiders": {**INSIDERS, "dishonest": 0}}),
        (
            "censorship",
            {"platforms": {"forum": {**PLATFORM, "hides_criticism": 0.5}}},
            {"platforms": {"forum": PLATFORM}},
        ),
        (
            "platforms",
            {"platforms": {"forum": {**PLATFORM, "shut_from": "2016-01-01"}}},
            {"platforms": {"forum": PLATFORM}},
        ),
        ("cash_end", {"cash_ends": "2020-01-01"}, {}),
        ("household", {"household": {"denies": ["school"], **SOURCE}}, {"household": SOURCE}),
        ("sanctions", {"firms": {"bars_bids": True, **SOURCE}}, {"firms": SOURCE}),
        (
            "firm",
            {"firms": {"contagion": {"bars_bids": True, **SOURCE}, **SOURCE}},
            {"firms": {"contagion": SOURCE, **SOURCE}},
        ),
    ],
)
def test_a_part_that_does_nothing_is_not_had(
    mechanism: str, parts: dict[str, Any], changed: dict[str, Any]
) -> None:
    assert has_mechanism(scheme_of(**parts), mechanism)
    assert not has_mechanism(scheme_of(**changed), mechanism)


@pytest.mark.parametrize(
    "parts",
    [
        {"lists": [{"name": "a", **NO_LISTS}]},
        {"score": SCORE, "rules": [RULE]},
        {"score": SCORE, "friends": FRIENDS},
        {"score": SCORE, "speech": {"criticism": -1, **SOURCE}},
    ],
)
def test_what_makes_cautious(parts: dict[str, Any]) -> None:
    assert has_mechanism(scheme_of(**parts), "caution")


def test_rewards_alone_make_nobody_cautious() -> None:
    rewarding = scheme_of(score=SCORE, rules=[{**RULE, "points": 5}])
    assert not has_mechanism(rewarding, "caution")
    assert has_mechanism(rewarding, "score")
