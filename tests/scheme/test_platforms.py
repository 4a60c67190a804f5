"""Platforms as tables: shares of users, what is hidden from when, where a shutdown moves users."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pytest

from glasstown.laws import Q16
from glasstown.scheme.platforms import platform_tables
from glasstown.scheme.voice import PlatformRule
from glasstown.society.catalogue import platforms

SOURCE = {"source": "me", "confidence": "assumed"}
COMPLIES, SHUT = date(2016, 3, 1), date(2018, 3, 1)
BEFORE, BETWEEN, AFTER = date(2015, 1, 1), date(2017, 1, 1), date(2019, 1, 1)
NAMES = tuple(one.name for one in platforms())
SEEN = {one.name: round(one.visibility * Q16) for one in platforms()}


def rule(**given: Any) -> PlatformRule:
    return PlatformRule.model_validate({"complies_from": COMPLIES, **SOURCE, **given})


def told_apart(**changes: dict[str, Any]) -> dict[str, PlatformRule]:
    """Return a rule for each platform, whose visibility tells which platform it is."""
    return {
        name: rule(complies_from=date(2000, 1, 1), visibility=(i + 1) / 16,
                   **changes.get(name, {}))
        for i, name in enumerate(NAMES)
    }  # fmt: skip


def homes(rules: dict[str, PlatformRule], day: date = AFTER, *without: str) -> np.ndarray:
    """Return which platform stands behind each trait byte, told by its visibility."""
    visibility = platform_tables(rules, day, without)[0]
    return np.round(visibility / Q16 * 16).astype(int) - 1


def test_users_have_their_shares() -> None:
    found = np.bincount(homes(told_apart()), minlength=len(NAMES))
    assert found.sum() == 256
    for count, one in zip(found, platforms(), strict=True):
        # A share is cut to whole bytes at both of its ends.
        assert count / 256 == pytest.approx(one.users, abs=1 / 256)


def test_without_rules_platforms_are_the_societys() -> None:
    visibility, hides = platform_tables({}, AFTER, ())
    assert visibility.tolist() == [SEEN[NAMES[home]] for home in homes(told_apart())]
    assert (hides == 0).all()
    assert visibility.shape == (256,)
    assert hides.shape == (2, 256)


@pytest.mark.parametrize("name", NAMES)
def test_a_shutdown_moves_its_users_and_nobody_else(name: str) -> None:
    which, old = NAMES.index(name), homes(told_apart())
    new = homes(told_apart(**{name: {"shut_from": SHUT}}))
    stayed = old != which
    assert (new[stayed] == old[stayed]).all()
    assert (new != which).all()
    assert (~stayed).any()


def test_users_of_a_platform_that_is_shut_move_in_proportion() -> None:
    """The half of all users who used the messenger: 128 bytes, enough to see proportions."""
    old, new = homes(told_apart()), homes(told_apart(messenger={"shut_from": SHUT}))
    moved = new[old == NAMES.index("messenger")]
    others = {one.name: one.users for one in platforms() if one.name != "messenger"}
    for name, users in others.items():
        share = users / sum(others.values())
        found = (moved == NAMES.index(name)).sum()
        assert found == pytest.approx(len(moved) * share, abs=1)
    evenly = len(moved) / len(others)
    assert (moved == NAMES.index("short_video")).sum() != pytest.approx(evenly, abs=1)


def test_two_shutdowns_leave_the_rest() -> None:
    shut = {name: {"shut_from": SHUT} for name in ("messenger", "microblog")}
    new = homes(told_apart(**shut))
    assert set(new) == {NAMES.index(name) for name in NAMES if name not in shut}


def test_where_every_platform_is_shut_users_stay() -> None:
    """There is nowhere to go, and the tables of such a society are still whole."""
    shut = {name: {"shut_from": SHUT} for name in NAMES}
    assert (homes(told_apart(**shut)) == homes(told_apart())).all()


def test_a_shutdown_waits_for_its_day_and_can_be_left_out() -> None:
    rules = told_apart(messenger={"shut_from": SHUT})
    usual = homes(told_apart())
    assert (homes(rules, date(2018, 2, 28)) == usual).all()
    assert (homes(rules, SHUT) != usual).any()
    assert (homes(rules, AFTER, "platforms") == usual).all()
    assert (homes(rules, AFTER, "censorship") == homes(rules, AFTER)).all()


def test_a_platform_complies_from_its_day_on() -> None:
    rules = {"microblog": rule(hides_criticism=0.25, hides_mobilisation=0.75, visibility=1.0)}
    there = homes(told_apart()) == NAMES.index("microblog")
    for day, complies in ((BEFORE, 0), (date(2016, 2, 29), 0), (COMPLIES, 1), (AFTER, 1)):
        visibility, hides = platform_tables(rules, day, ())
        seen = round(0.9 * Q16) if not complies else Q16
        assert set(visibility[there].tolist()) == {seen}
        assert set(hides[0, there].tolist()) == {complies * Q16 // 4}
        assert set(hides[1, there].tolist()) == {complies * 3 * Q16 // 4}
        assert (hides[:, ~there] == 0).all()


def test_who_has_to_move_is_hidden_as_the_new_platform_hides() -> None:
    rules = {
        "messenger": rule(hides_mobilisation=1.0, shut_from=SHUT),
        "short_video": rule(hides_mobilisation=0.5),
    }
    shares = [
        (platform_tables(rules, day, ())[1][1] > 0).mean() for day in (BEFORE, BETWEEN, AFTER)
    ]
    users = {one.name: one.users for one in platforms()}
    moved = users["short_video"] / (1 - users["messenger"])
    assert shares == pytest.approx(
        [0, users["messenger"] + users["short_video"], moved], abs=2 / 256
    )


def test_without_censorship_nothing_is_hidden_and_all_else_stays() -> None:
    rules = {"messenger": rule(hides_criticism=1.0, hides_mobilisation=1.0, visibility=0.75)}
    whole, bare = (platform_tables(rules, AFTER, without) for without in ((), ("censorship",)))
    assert (whole[1] > 0).any()
    assert (bare[1] == 0).all()
    assert (whole[0] == bare[0]).all()


def test_a_platform_cannot_be_shut_before_it_complies() -> None:
    with pytest.raises(ValueError, match="shut_from must not be before complies_from"):
        rule(shut_from=date(2016, 2, 29))
