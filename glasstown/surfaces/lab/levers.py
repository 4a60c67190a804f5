"""The levers: every parameter of scheme and society with a declared range, by mechanism.

They are read from the declarations' own schemas and from what a scheme declares; none is named
here. A lever belongs to the mechanism that its declaration names, else to the nearest key above
it that is one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, NamedTuple

from pydantic import BaseModel

from glasstown.scheme.declaration import Scheme
from glasstown.scheme.having import has_mechanism, shipped
from glasstown.scheme.mechanisms import MECHANISM_NAMES, MECHANISMS
from glasstown.society.declaration import Society
from glasstown.surfaces.settings import LABELS, SILENT
from glasstown.wording import Location, Schema, dotted, node_at

OF_THE_ASK = ("society.citizens",)
"""What the ask has keys of its own for."""
_KINDS = {"number": "number", "integer": "integer", "boolean": "boolean"}


class Lever(NamedTuple):
    """One parameter: where it stands, what it may be, what it is, and how that is known."""

    key: str
    name: str
    label: str
    meaning: str
    unit: str
    source: str
    confidence: str
    kind: str
    minimum: float | None
    maximum: float | None
    is_minimum_excluded: bool
    is_maximum_excluded: bool
    step: float | None
    choices: list[Any] | None
    value: Any
    default: Any
    may_be_null: bool
    is_there: bool
    mechanism: str | None


class Group(NamedTuple):
    """The levers of one mechanism, or of none."""

    mechanism: str | None
    step: str
    meaning: str
    origin: str
    is_there: bool
    levers: list[Lever]

    def as_record(self) -> dict[str, Any]:
        """Return the group for a page."""
        rows = [one._asdict() for one in self.levers]
        for row in rows:
            row.pop("mechanism")
        return {**self._asdict(), "levers": rows}


@cache
def levers(scheme: str) -> dict[str, Lever]:
    """Return the levers of a shipped scheme and of the society, by key."""
    of_scheme = _Walk(Scheme, "scheme", shipped(scheme))
    of_society = _Walk(Society, "society", Society.model_validate({}))
    found = [*of_scheme.levers(), *of_society.levers()]
    return {one.key: one for one in found if one.key not in OF_THE_ASK}


@cache
def groups(scheme: str) -> tuple[Group, ...]:
    """Return the levers by mechanism, in the order of the week; what belongs to none comes last."""
    known, declared = levers(scheme).values(), shipped(scheme)
    found = [
        Group(
            one.name, one.step, one.meaning, one.origin, has_mechanism(declared, one.name),
            [lever for lever in known if lever.mechanism == one.name],
        )
        for one in MECHANISMS
    ]  # fmt: skip
    rest = [lever for lever in known if lever.mechanism is None]
    meaning = "What the society is like, whatever the scheme."
    return (*found, Group(None, "society", meaning, "", True, rest))


class _Line(NamedTuple):
    source: str
    confidence: str


class _Walk:
    """Walks a declaration along its schema."""

    def __init__(self, model: type[BaseModel], at: str, declared: BaseModel) -> None:
        self._schema: Schema = model.model_json_schema()
        self._at, self._data = at, declared.model_dump(mode="json")

    def levers(self) -> Iterator[Lever]:
        """Yield every lever, in the order of the declaration."""
        yield from self._object(self._data, (), (), _Line("", ""), None)

    def _object(
        self, data: Mapping[str, Any] | None, location: Location, words: tuple[str, ...],
        line: _Line, mechanism: str | None,
    ) -> Iterator[Lever]:  # fmt: skip
        node = node_at(self._schema, location)
        if data and location and data.get("source"):
            line = _Line(str(data["source"]), str(data.get("confidence", "")))
        for name in node.get("properties", {}):
            if name in SILENT or name == "name" or (location and name in LABELS):
                continue
            here = (*location, name)
            of = _mechanism_of(node["properties"][name], name, mechanism)
            value = None if data is None else data.get(name)
            word = (*words, name.replace("_", " "))
            yield from self._value(value, here, word, line, of, is_there=data is not None)

    def _value(
        self, value: Any, location: Location, words: tuple[str, ...], line: _Line,
        mechanism: str | None, *, is_there: bool,
    ) -> Iterator[Lever]:  # fmt: skip
        node = node_at(self._schema, location)
        if isinstance(value, list):
            for i, one in enumerate(value):
                if isinstance(one, Mapping):
                    word = (*words, _label(one, i))
                    yield from self._object(one, (*location, i), word, line, mechanism)
        elif "properties" in node:
            yield from self._object(value, location, words, line, mechanism)
        elif isinstance(value, Mapping):
            for name, one in value.items():
                here, word = (*location, name), (*words, name.replace("_", " "))
                yield from self._value(one, here, word, line, mechanism, is_there=True)
        elif _kind(node) is not None:
            yield self._lever(node, value, location, words, line, mechanism, is_there)

    def _lever(
        self, node: Schema, value: Any, location: Location, words: tuple[str, ...], line: _Line,
        mechanism: str | None, is_there: bool,
    ) -> Lever:  # fmt: skip
        kind, default = _kind(node), node.get("default")
        declared = _Line(str(node.get("source", "")), str(node.get("confidence", "")))
        is_default = "default" in node and value == default
        known = declared if (is_default and declared.source) or not line.confidence else line
        low, above = node.get("minimum"), node.get("exclusiveMinimum")
        high, below = node.get("maximum"), node.get("exclusiveMaximum")
        return Lever(
            key=dotted(location, self._at), name=str(location[-1]), label=": ".join(words),
            meaning=str(node.get("description", "")), unit=str(node.get("unit", "")),
            source=known.source, confidence=known.confidence, kind=str(kind),
            minimum=low if above is None else above, maximum=high if below is None else below,
            is_minimum_excluded=above is not None, is_maximum_excluded=below is not None,
            step=1 if kind == "integer" else node.get("multipleOf"),
            choices=list(node["enum"]) if "enum" in node else None,
            value=value, default=default, may_be_null=self._may_be_null(location),
            is_there=is_there, mechanism=mechanism,
        )  # fmt: skip

    def _may_be_null(self, location: Location) -> bool:
        """Tell whether a parameter may be left empty."""
        above = node_at(self._schema, location[:-1])
        raw = above.get("properties", {}).get(location[-1], {})
        return {"type": "null"} in raw.get("anyOf", [])


def _kind(node: Schema) -> str | None:
    """Return what sort of lever a declaration makes; None if it makes none."""
    if "enum" in node:
        return "choice"
    if node.get("format") == "date":
        return "date"
    return _KINDS.get(str(node.get("type")))


def _mechanism_of(node: Schema, name: str, above: str | None) -> str | None:
    """Return the mechanism of a key: named by its declaration, the key itself, or from above."""
    if "mechanism" in node:
        return str(node["mechanism"])
    return name if name in MECHANISM_NAMES else above


def _label(one: Mapping[str, Any], place: int) -> str:
    """Return what tells a line of a list from the others."""
    names = (*LABELS, "on")
    told = ", ".join(str(one[name]) for name in names if one.get(name)) or str(place + 1)
    return told.replace("_", " ")
