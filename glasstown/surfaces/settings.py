"""The settings of a run as rows of a table, made from the declarations themselves.

A line of a scheme carries its own source and confidence; a parameter of the society carries
those of its declaration. Nothing is described twice.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from glasstown.scheme.dated import Point

LABELS = ("name", "behaviour", "tier", "list", "service")
"""Fields that tell the lines of a list apart; they stand in the key of a row, not in its value."""

SILENT = ("source", "confidence", "title", "summary")
CONFIDENCES = ("seen", "derived", "memory", "reported", "assumed")


class Setting(NamedTuple):
    """One row: a dotted key, its value, and how it is known."""

    key: str
    value: str
    unit: str
    meaning: str
    source: str
    confidence: str
    is_default: bool


class _Line(NamedTuple):
    source: str
    confidence: str


def settings(model: type[BaseModel], values: Mapping[str, Any]) -> list[Setting]:
    """Return the settings that a declaration was given, in the order of the declaration.

    Parameters
    ----------
    model : type of BaseModel
        The declaration, such as ``Society`` or ``Scheme``.
    values : mapping
        Its dump, as a manifest holds it.

    Returns
    -------
    list of Setting
        Empty settings are left out; so are names, titles and sources of lines.
    """
    return list(_rows(model, values, "", _Line("", "")))


def counts(rows: list[Setting]) -> dict[str, int]:
    """Count settings by confidence, in the order from the surest to our own choice."""
    return {
        name: number
        for name in CONFIDENCES
        if (number := sum(row.confidence == name for row in rows))
    }


def _rows(
    model: type[BaseModel], values: Mapping[str, Any], prefix: str, above: _Line
) -> Iterator[Setting]:
    own = values.get("source"), values.get("confidence")
    line = _Line(str(own[0]), str(own[1])) if prefix and all(own) else above
    for name, value in values.items():
        field = model.model_fields.get(name)
        is_label = bool(prefix) and name in LABELS
        if value in (None, [], {}, "") or is_label or name in SILENT or not (prefix or field):
            continue
        if not prefix and name == "name":
            continue
        yield from _field(field, value, f"{prefix}{name}", line)


def _field(field: FieldInfo | None, value: Any, key: str, line: _Line) -> Iterator[Setting]:
    inner = _model_in(field.annotation) if field else None
    if inner is None or inner is Point or not isinstance(value, Mapping | list):
        yield _setting(field, value, key, line)
    elif isinstance(value, list):
        for place, one in enumerate(value):
            yield from _rows(inner, one, f"{key}[{_label(one, place)}].", line)
    elif field is not None and get_origin(field.annotation) is dict:
        for name, one in value.items():
            yield from _rows(inner, one, f"{key}.{name}.", line)
    else:
        yield from _rows(inner, value, f"{key}.", line)


def _setting(field: FieldInfo | None, value: Any, key: str, line: _Line) -> Setting:
    extra = field.json_schema_extra if field else None
    declared = extra if isinstance(extra, dict) else {}
    is_default = field is not None and not field.is_required() and value == field.get_default(
        call_default_factory=True, validated_data={}
    )  # fmt: skip
    known = line if line.confidence else _Line(
        str(declared.get("source", "")), str(declared.get("confidence", ""))
    )  # fmt: skip
    if is_default and declared.get("source"):
        known = _Line(str(declared["source"]), str(declared["confidence"]))
    elif not line.confidence and not is_default:
        known = _Line("this scenario", "assumed")
    return Setting(
        key=key,
        value=_said(value),
        unit=str(declared.get("unit", "")),
        meaning=(field.description or "") if field else "",
        source=known.source,
        confidence=known.confidence,
        is_default=is_default,
    )


def _model_in(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    found = (_model_in(part) for part in get_args(annotation))
    return next((model for model in found if model is not None), None)


def _label(one: Mapping[str, Any], place: int) -> str:
    return ", ".join(str(one[name]) for name in LABELS if one.get(name)) or str(place + 1)


def _said(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, float):
        return f"{value:g}"
    if isinstance(value, Mapping) and set(value) == set(Point.model_fields):
        return f"{_said(value['share'])} on {value['on']}"
    if isinstance(value, Mapping):
        return ", ".join(f"{key}: {_said(one)}" for key, one in value.items())
    if isinstance(value, list):
        return ", ".join(_said(one) for one in value)
    return str(value)
