"""Tables and records of what there is to choose from: schemes, their lines, mechanisms."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from pydantic import BaseModel
from rich.table import Table

from glasstown.declaration import Sourced
from glasstown.scheme.declaration import Scheme
from glasstown.scheme.loading import scheme_hash
from glasstown.scheme.mechanisms import MECHANISMS


class SourcedLine(NamedTuple):
    """One line of a scheme: its dotted key, what it says, how sure it is and from where."""

    key: str
    says: str
    confidence: str
    source: str


def sourced_lines(scheme: Scheme) -> list[SourcedLine]:
    """Return every line of a scheme with its source and confidence."""
    return list(_lines("", {name: getattr(scheme, name) for name in Scheme.model_fields}))


def _lines(key: str, value: Any) -> Iterator[SourcedLine]:
    """Yield the lines below a key."""
    if isinstance(value, Sourced):
        yield SourcedLine(key, _says(value), value.confidence, value.source)
    elif isinstance(value, dict):
        for name, one in value.items():
            yield from _lines(f"{key}.{name}" if key else name, one)
    elif isinstance(value, list):
        for index, one in enumerate(value):
            yield from _lines(f"{key}[{index}]", one)


def _says(line: BaseModel) -> str:
    """Return the values that a line sets, with their units."""
    words = []
    for name, field in type(line).model_fields.items():
        value = getattr(line, name)
        if name in ("source", "confidence") or (not field.is_required() and value == field.default):
            continue
        if value in ({}, []):
            continue
        extra = field.json_schema_extra
        unit = str(extra.get("unit", "")) if isinstance(extra, dict) else ""
        unit = "" if unit in ("share", "probability", "") else f" {unit}"
        words.append(f"{name} {_value(value)}{unit}")
    return "; ".join(words)


def _value(value: object) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{key} {_value(one)}" for key, one in value.items())
    if isinstance(value, list):
        return ", ".join(map(_value, value))
    return f"{value:g}" if isinstance(value, float) else str(value)


def scheme_record(scheme: Scheme) -> dict[str, Any]:
    """Return a scheme's short record for another program."""
    record = {name: getattr(scheme, name) for name in ("name", "title", "summary", "confidence")}
    return {**record, "hash": scheme_hash(scheme)}


def schemes_table(schemes: list[Scheme]) -> Table:
    """Return the table of shipped schemes."""
    table = _table("scheme", "title", "confidence", "what it is")
    for one in schemes:
        table.add_row(one.name, one.title, one.confidence, one.summary)
    return table


def scheme_table(scheme: Scheme) -> Table:
    """Return the table of a scheme's lines."""
    table = _table("line", "says", "confidence", "source")
    for line in sourced_lines(scheme):
        table.add_row(*line)
    return table


def mechanisms_table() -> Table:
    """Return the table of mechanisms."""
    table = _table("mechanism", "step", "what it does", "moves")
    for one in MECHANISMS:
        table.add_row(*one)
    return table


def _table(*columns: str) -> Table:
    """Return an empty table whose first column never breaks within a word."""
    table = Table(box=None, pad_edge=False, padding=(0, 2, 1, 0))
    for index, name in enumerate(columns):
        table.add_column(name, overflow="fold", no_wrap=index == 0 and name != "line")
    return table
