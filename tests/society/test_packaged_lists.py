"""The packaged behaviours, services and platforms."""

from typing import get_args

import pytest

from glasstown.errors import DeclarationError
from glasstown.society.catalogue import behaviours, named_rows, platforms, services
from glasstown.society.declaration import Platform, Service

PLATFORM = "- {name: %s, users: %s, visibility: 0.5, source: me, confidence: assumed}\n"
PILLARS = {"government", "commercial", "social", "judicial"}


def test_services_stand_in_the_order_of_the_engine() -> None:
    assert tuple(one.name for one in services()) == get_args(Service)


def test_behaviours_have_names_of_their_own_and_all_pillars() -> None:
    names = [one.name for one in behaviours()]
    assert len(set(names)) == len(names) >= 25
    assert {one.pillar for one in behaviours()} == PILLARS
    assert {one.stance for one in behaviours()} >= {"praise", "criticism"}


def test_the_platforms_share_all_users() -> None:
    assert sum(one.users for one in platforms()) == pytest.approx(1)


def test_rows_are_read_in_order() -> None:
    rows = named_rows(PLATFORM % ("b", 0.5) + PLATFORM % ("a", 0.25), "p.yaml", Platform)
    assert [(row.name, row.users) for row in rows] == [("b", 0.5), ("a", 0.25)]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (PLATFORM % ("a", 0.5) + PLATFORM % ("a", 0.5), r"p\.yaml: line 2: a: stands twice"),
        (PLATFORM % ("a", 0.5) + PLATFORM % ("b", 2), r"p\.yaml: line 2: \[1\]\.users: must be"),
        ("a: 1\n", "must hold a list"),
        ("- 3\n", r"\[0\]: must be keys and values, not 3"),
    ],
)
def test_a_wrong_row_is_told(text: str, words: str) -> None:
    with pytest.raises(DeclarationError, match=words):
        named_rows(text, "p.yaml", Platform)
