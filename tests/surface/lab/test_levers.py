"""Levers: every declared range is one, and each stands under the mechanism that it belongs to."""

from __future__ import annotations

import types
from collections.abc import Iterator
from datetime import date
from typing import Any, Union, get_args, get_origin

import annotated_types
import numpy as np
import pytest
from pydantic import BaseModel

from glasstown.scheme.compilation import compile_scheme
from glasstown.scheme.declaration import Scheme
from glasstown.scheme.loading import SHIPPED
from glasstown.scheme.mechanisms import MECHANISM_NAMES
from glasstown.society.catalogue import behaviours
from glasstown.society.compilation import compile_society
from glasstown.society.declaration import Society
from glasstown.surfaces.lab.asking import Ask, checked
from glasstown.surfaces.lab.levers import OF_THE_ASK, Lever, groups, levers
from glasstown.surfaces.lab.limits import Limits

DAY = date(2019, 6, 1)


def models(annotation: Any) -> Iterator[type[BaseModel]]:
    """Yield the declarations in an annotation."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in get_args(annotation):
        yield from models(part)


def ranged(model: type[BaseModel], at: str = "") -> Iterator[str]:
    """Yield the names of the parameters with a bound, however deep, without places in lists."""
    for name, field in model.model_fields.items():
        inner = list(models(field.annotation))
        for one in inner:
            yield from ranged(one, f"{at}{name}.")
        bounds = (annotated_types.Ge, annotated_types.Le, annotated_types.Gt, annotated_types.Lt)
        if any(isinstance(one, bounds) for one in metadata(field)) and not inner:
            yield f"{at}{name}"


def metadata(field: Any) -> Iterator[Any]:
    """Yield what is said beside a type, in the field and in its annotation."""
    todo = [*field.metadata, field.annotation]
    while todo:
        one = todo.pop()
        if get_origin(one) in (Union, types.UnionType) or hasattr(one, "__metadata__"):
            todo += [*get_args(one), *getattr(one, "__metadata__", ())]
        elif hasattr(one, "metadata"):
            todo += one.metadata
        yield one


def bare(key: str) -> str:
    """Return a key without its first part, places in lists, and names of channels and such."""
    parts = [part.split("[")[0] for part in key.split(".")[1:]]
    return ".".join(part for i, part in enumerate(parts) if i == 0 or parts[i - 1] not in NAMED)


PLAIN = compile_society(Society.model_validate({}))
NAMED = ("channels", "platforms", "behaviours")


def test_every_declared_range_is_a_lever() -> None:
    found = {bare(key) for name in SHIPPED for key in levers(name)}
    wanted = {*ranged(Scheme), *ranged(Society)}
    assert len(wanted) > 60
    left_out = {"groups.share", "groups.misidentification", "citizens"}
    assert wanted - found == left_out, "these have keys of the ask"
    assert OF_THE_ASK == ("society.citizens",)


def test_a_lever_says_what_its_declaration_says() -> None:
    lever = levers("total-2020")["scheme.friends.points"]
    assert (lever.minimum, lever.maximum, lever.step) == (-1000, 1000, 0.1)
    assert lever.unit == "points per low tie and period"
    assert lever.mechanism == "friends"
    assert "LifeSiteNews" in lever.source
    assert lever.confidence == "reported"
    loan = levers("total-2020")["society.sociability"]
    assert (loan.kind, loan.choices) == ("choice", [0.5, 0.75, 0.875, 1.0])
    assert levers("total-2020")["society.conformity"].source.startswith("Granovetter 1978")


def test_groups_are_the_mechanisms_and_the_rest() -> None:
    found = groups("court-list")
    assert [one.mechanism for one in found] == [*MECHANISM_NAMES, None]
    assert sum(len(one.levers) for one in found) == len(levers("court-list"))
    by_name = {one.mechanism: one for one in found}
    assert not by_name["friends"].is_there
    assert all(not one.is_there and one.value is None for one in by_name["friends"].levers)
    assert by_name["appeal"].is_there


def moved(lever: Lever) -> Any:
    """Return another value that a lever may have."""
    if lever.kind == "boolean":
        return not lever.value
    if lever.kind == "choice":
        assert lever.choices is not None
        return next(one for one in lever.choices if one != lever.value)
    low = 0 if lever.minimum is None else lever.minimum
    high = 200 if lever.maximum is None else lever.maximum
    other = low + (high - low) / 4
    if lever.value is not None and abs(lever.value - other) < (high - low) / 20:
        other = low + (high - low) / 2
    return round(other) if lever.kind == "integer" or lever.step else other


def compiled(without: str | None, key: str, value: Any) -> Any:
    asked = Ask.model_validate({"scheme": "total-2020", "changes": {key: value}})
    scenario = checked(asked, Limits())
    left_out = [] if without is None else [without]
    society = compile_society(scenario.society, left_out) if key.startswith("society.") else PLAIN
    scheme = compile_scheme(scenario.scheme, scenario.society, behaviours(), left_out, DAY)
    return [society.people, society.response, scheme.rules, scheme.terms, scheme.false_matches]


def same(one: Any, other: Any) -> bool:
    if isinstance(one, np.ndarray):
        return bool(np.array_equal(one, other))
    if isinstance(one, list | tuple):
        return all(same(a, b) for a, b in zip(one, other, strict=True))
    return bool(one == other)


SWITCHED = (
    "misses", "misidentification", "grace", "shaming", "appeal", "repair", "insiders", "firms",
    "firm", "friends", "household", "speech", "conformity", "censorship", "expiry",
)  # fmt: skip
"""Mechanisms without which their numbers are not even compiled."""


@pytest.mark.parametrize("mechanism", SWITCHED)
def test_a_lever_does_nothing_without_its_mechanism(mechanism: str) -> None:
    group = next(one for one in groups("total-2020") if one.mechanism == mechanism)
    mine = [one for one in group.levers if one.is_there and one.kind in ("number", "integer")]
    assert mine
    # One of each name: the others of a list are compiled alike.
    moves = False
    for lever in {bare(one.key): one for one in reversed(mine)}.values():
        value = moved(lever)
        without = [compiled(mechanism, lever.key, one) for one in (lever.value, value)]
        assert same(*without), f"{lever.key} matters without {mechanism}"
        moves |= not same(*(compiled(None, lever.key, one) for one in (lever.value, value)))
    assert moves, f"nothing of {mechanism} matters"
