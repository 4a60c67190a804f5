"""A scheme as lines to read: what each says, how sure it is, and from where; grouped by part."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any, NamedTuple, get_args

from pydantic import BaseModel
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from glasstown.declaration import Confidence, Sourced
from glasstown.scheme.dated import Point
from glasstown.scheme.declaration import Scheme

STYLES = {
    "seen": "green", "derived": "cyan", "memory": "yellow", "reported": "magenta",
    "assumed": "bright_black",
}  # fmt: skip
"""How each confidence is marked; the word stands there too, for who sees no colours."""


class SourcedLine(NamedTuple):
    """One line of a scheme: its dotted key, what it says, how sure it is and from where."""

    key: str
    says: str
    confidence: str
    source: str


def sourced_lines(scheme: Scheme) -> list[SourcedLine]:
    """Return every line of a scheme with its source and confidence."""
    return [line for _, lines in parts_of(scheme) for line in lines]


def parts_of(scheme: Scheme) -> list[tuple[str, list[SourcedLine]]]:
    """Return the lines of a scheme under the key of their part, in the order of the declaration."""
    parts = [(name, list(_lines(name, getattr(scheme, name)))) for name in Scheme.model_fields]
    return [(name, lines) for name, lines in parts if lines]


def _lines(key: str, value: Any) -> Iterator[SourcedLine]:
    """Yield the lines below a key, a line before those within it."""
    if isinstance(value, Sourced):
        yield SourcedLine(key, _says(value), value.confidence, value.source)
        for name in type(value).model_fields:
            yield from _lines(f"{key}.{name}", getattr(value, name))
    elif isinstance(value, dict):
        for name, one in value.items():
            yield from _lines(f"{key}.{name}", one)
    elif isinstance(value, list):
        for index, one in enumerate(value):
            yield from _lines(f"{key}[{index}]", one)


def _says(line: BaseModel) -> str:
    """Return the values that a line sets, with their units; lines within it say their own."""
    words = []
    for name, field in type(line).model_fields.items():
        value = getattr(line, name)
        is_silent = not field.is_required() and value == field.default
        if name in ("source", "confidence") or (is_silent and name not in line.model_fields_set):
            continue
        if value in ({}, []) or _has_lines(value):
            continue
        words.append(f"{name} {_value(value)}{_unit(name, field.json_schema_extra)}")
    return "; ".join(words)


def _unit(name: str, extra: object) -> str:
    """Return the unit to put behind a value; none where the name tells it, or it is a share."""
    unit = str(extra.get("unit", "")) if isinstance(extra, dict) else ""
    return "" if unit in ("share", "probability", "") or name.endswith(unit) else f" {unit}"


def _has_lines(value: object) -> bool:
    """Tell whether a value is, or holds, lines of its own."""
    if isinstance(value, list):
        return any(map(_has_lines, value))
    return isinstance(value, Sourced)


def _value(value: object) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{key} {_value(one)}" for key, one in value.items())
    if isinstance(value, list):
        return (" -> " if _is_dated(value) else ", ").join(map(_value, value))
    if isinstance(value, Point):
        return f"{value.share:g} on {value.on}"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if value is None:
        return "none"
    return f"{value:g}" if isinstance(value, float) else str(value)


def _is_dated(value: list[Any]) -> bool:
    return bool(value) and isinstance(value[0], Point)


def scheme_page(scheme: Scheme, digest: str) -> RenderableType:
    """Return a scheme as a page: what it is, then a table for each part."""
    parts: list[RenderableType] = [
        Text(f"{scheme.name}: {scheme.title}", "bold"),
        Text(scheme.summary),
        Text.assemble("Source (", _marked(scheme.confidence), f"): {scheme.source}"),
        *(Text(f"{name}: {value}") for name, value in _plain(scheme)),
        Text.assemble("Lines: ", *_counts(scheme)),
        Text(f"Hash: {digest}"),
    ]
    for name, lines in parts_of(scheme):
        parts += [Text(f"\n{name}", "bold"), _table(lines)]
    return Group(*parts)


def _plain(scheme: Scheme) -> Iterator[tuple[str, str]]:
    """Yield the keys of a scheme that are words or dates and no lines."""
    yield "participation", scheme.participation
    if scheme.low_tier is not None:
        yield "low_tier", scheme.low_tier
    if scheme.cash_ends is not None:
        yield "cash_ends", str(scheme.cash_ends)


def _counts(scheme: Scheme) -> Iterator[str | Text]:
    """Yield how many lines there are of each confidence."""
    found = Counter(line.confidence for line in sourced_lines(scheme))
    known = [one for one in get_args(Confidence) if found[one]]
    for index, one in enumerate(known):
        yield f"{', ' if index else ''}{found[one]} "
        yield _marked(one)
    if not known:
        yield "none"


def _marked(confidence: str) -> Text:
    return Text(confidence, STYLES[confidence])


def _table(lines: list[SourcedLine]) -> Table:
    """Return the table of a part's lines."""
    table = Table(box=None, pad_edge=False, padding=(0, 2, 1, 0))
    table.add_column("line", overflow="fold", ratio=3)
    table.add_column("says", overflow="fold", ratio=5)
    table.add_column("confidence", no_wrap=True)
    table.add_column("source", overflow="fold", ratio=7)
    for line in lines:
        says, source = Text(line.says), Text(line.source)
        table.add_row(Text(line.key), says, _marked(line.confidence), source)
    return table
