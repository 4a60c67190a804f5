"""Say in plain words what is wrong with a declaration, and what would be right.

The words are made from the declaration's own schema (type, range, unit, allowed words), so
that no message can disagree with the declaration it speaks of.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import BaseModel, ValidationError

from glasstown.errors import Problem, nearest_word

Schema = dict[str, Any]
Location = tuple[int | str, ...]

_PATTERNS = {
    r"^[a-z][a-z0-9_]{0,39}$": (
        "a name of at most 40 lower-case letters, digits and underscores, a letter first"
    ),
    r"^[a-z0-9][a-z0-9-]{0,39}$": (
        "a name of at most 40 lower-case letters, digits and hyphens, no hyphen first"
    ),
}
_BRANCH = re.compile(r"constrained-\w+|list\[\w+\]")
_NULL = {"type": "null"}
_PLAIN = {"boolean": "true or false", "object": "keys and values", "null": "nothing"}


def shortened(given: object, width: int = 60) -> str:
    """Show a given value in a message, in one short line.

    >>> shortened("friends"), shortened(True), shortened([1, 2]), shortened(None)
    ("'friends'", 'true', 'a list of 2', 'nothing')
    """
    if given is None:
        return "nothing"
    if isinstance(given, bool):
        return str(given).lower()
    if isinstance(given, Mapping):
        return "keys and values"
    if isinstance(given, list | tuple | set):
        return f"a list of {len(given)}"
    text = _printable(str(given))
    text = text if len(text) <= width else text[: width - 3] + "..."
    return f"'{text}'" if isinstance(given, str) else text


def listed(words: Sequence[object]) -> str:
    """Join allowed words for a message."""
    return ", ".join(str(word) for word in words) if words else "none"


def dotted(location: Location, at: str = "") -> str:
    """Write a location as a dotted key.

    >>> dotted(("lists", 0, "performed"), "scheme")
    'scheme.lists[0].performed'
    """
    key = at
    for part in location:
        if isinstance(part, int):
            key += f"[{part}]"
        else:
            key += f".{_printable(part)}" if key else _printable(part)
    return key


def _printable(text: str) -> str:
    """Return text in one line without control characters, safe for a terminal."""
    return "".join(one if one.isprintable() else "?" for one in " ".join(text.split()))


def line_of(key: str, lines: Mapping[str, int]) -> int | None:
    """Find the line of a dotted key, or of the nearest key above it."""
    while key and key not in lines:
        cut = re.search(r"(\.[^.\[\]]*|\[\d+\])$", key)
        key = key[: cut.start()] if cut else ""
    return lines.get(key)


def problems_of(
    error: ValidationError, model: type[BaseModel], lines: Mapping[str, int], at: str
) -> list[Problem]:
    """Tell everything that is wrong with a declaration."""
    schema = model.model_json_schema()
    details = _of_one_branch(error.errors(include_url=False, include_context=True))
    wrong_keys = [one["loc"][:-1] for one in details if one["loc"][-1:] == ("[key]",)]
    problems = []
    for one in details:
        location: Location = one["loc"]
        if any(location[: len(key)] == key and location[-1] != "[key]" for key in wrong_keys):
            continue
        key, given, message, nearest = _told(one["type"], one, schema, location)
        name = dotted(key, at) or model.__name__.lower()
        problems.append(Problem(name, given, message, line_of(dotted(key, at), lines), nearest))
    return problems


def _of_one_branch(details: Sequence[Any]) -> list[Any]:
    """Keep, where a number or a list may stand, what is wrong with the one that was given.

    Pydantic tells what is wrong with both, and names the branch in the location.
    """
    is_list: dict[Location, bool] = {}
    for one in details:
        if one["loc"] and _BRANCH.fullmatch(str(one["loc"][-1])):
            is_list.setdefault(one["loc"][:-1], isinstance(one["input"], list))
    kept = []
    for one in details:
        at = next((i for i, part in enumerate(one["loc"]) if _BRANCH.fullmatch(str(part))), None)
        if at is None:
            kept.append(one)
        elif is_list.get(one["loc"][:at], False) == one["loc"][at].startswith("list["):
            kept.append({**one, "loc": one["loc"][:at] + one["loc"][at + 1 :]})
    return kept


def _told(
    kind: str, detail: Any, schema: Schema, location: Location
) -> tuple[Location, str, str, str | None]:
    """Return location, given value, message and nearest word of one detail."""
    given = detail["input"]
    if location[-1:] == ("[key]",):
        location = location[:-1]
        names = node_at(schema, location[:-1]).get("propertyNames", {})
        return location, str(given), f"no such key; must be {described(names)}", _near(given, names)
    if kind == "extra_forbidden":
        allowed = list(node_at(schema, location[:-1]).get("properties", {}))
        nearest = nearest_word(location[-1], allowed)
        return location, str(location[-1]), f"no such key; allowed: {listed(allowed)}", nearest
    node = node_at(schema, location)
    if kind == "missing":
        meaning = f" ({node['description']})" if "description" in node else ""
        return location, "nothing", f"is missing; must be {described(node)}{meaning}", None
    if kind == "value_error" and "enum" not in node:
        return location, shortened(given), str(detail["msg"]).removeprefix("Value error, "), None
    bounds = _date_bound(detail) if node.get("format") == "date" else ""
    message = f"must be {described(node)}{bounds}, not {shortened(given)}"
    return location, shortened(given), message, _near(given, node)


def _date_bound(detail: Any) -> str:
    """Name the bound that a date oversteps, which the schema can't carry."""
    words = {"ge": "not before", "le": "not after"}
    bounds = detail.get("ctx", {}).items()
    return "".join(f", {words[name]} {bound}" for name, bound in bounds if name in words)


def _near(given: object, node: Schema) -> str | None:
    """Return the nearest allowed word, or the number that a text seems to mean."""
    words = node.get("enum", [])
    if isinstance(given, int | float) and all(isinstance(one, int | float) for one in words):
        return str(min(words, key=lambda one: abs(one - given))) if words else None
    if words:
        return nearest_word(given, [str(word) for word in words])
    if isinstance(given, str) and node.get("type") in ("number", "integer"):
        cleaned = given.replace(",", "").replace(" ", "").removesuffix("%")
        if re.fullmatch(r"[-+]?\d+(\.\d+)?", cleaned) and not given.endswith("%"):
            return cleaned
    return None


def node_at(schema: Schema, location: Location) -> Schema:
    """Find the part of a JSON Schema that speaks of a location."""
    node: Any = schema
    for part in location:
        node = _resolved(node, schema, isinstance(part, int))
        if isinstance(part, int):
            node = node.get("items", {})
        else:
            named = node.get("properties", {}).get(part)
            values = [*node.get("patternProperties", {}).values(), {}]
            node = named or node.get("additionalProperties") or values[0]
    return _resolved(node, schema)


def _resolved(node: Any, schema: Schema, in_list: bool = False) -> Schema:
    """Follow a reference, and an optional value to what it is when given.

    Of a number or a list, ``in_list`` takes the list.
    """
    if not isinstance(node, dict):
        return {}
    outer = {key: value for key, value in node.items() if key not in ("$ref", "anyOf", "allOf")}
    if "$ref" in node:
        target = schema["$defs"][node["$ref"].rsplit("/", 1)[-1]]
        return {**_resolved(target, schema), **outer}
    options = [one for one in node.get("anyOf") or node.get("allOf") or [] if one != _NULL]
    lists = [one for one in options if one.get("type") == "array"]
    if in_list and lists:
        return {**_resolved(lists[0], schema), **outer}
    if len(options) > len(lists) > 0:
        outer["or_list"] = True
    return {**_resolved(options[0], schema), **outer} if options else outer


def described(node: Schema) -> str:
    """Say what a declaration takes: kind, range, unit, allowed words.

    >>> described({"type": "integer", "minimum": 1, "maximum": 1000, "unit": "weeks"})
    'a whole number from 1 to 1000 (unit: weeks)'
    """
    if "enum" in node:
        return f"one of: {listed(node['enum'])}"
    if "const" in node:
        return str(node["const"])
    kind = node.get("type", "object")
    if kind in ("integer", "number"):
        unit = f" (unit: {node['unit']})" if "unit" in node else ""
        noun = "a whole number" if kind == "integer" else "a number"
        return noun + number_range(node) + unit + (", or a list" if "or_list" in node else "")
    if kind == "string":
        return _text(node)
    if kind == "array":
        most = f" of at most {node['maxItems']}" if "maxItems" in node else ""
        return f"a list{most}"
    most = f", at most {node['maxProperties']}" if "maxProperties" in node else ""
    return _PLAIN.get(kind, "a value") + most


def _text(node: Schema) -> str:
    """Say what a text may be."""
    if node.get("format") == "date":
        return "a date such as 2014-01-01"
    if "pattern" in node:
        return _PATTERNS.get(node["pattern"], f"text of the form {node['pattern']}")
    return f"text of at most {node['maxLength']} characters" if "maxLength" in node else "text"


def number_range(node: Schema) -> str:
    """Say the range of a number, such as `` from 0 to 1``."""
    low, high = node.get("minimum"), node.get("maximum")
    above, below = node.get("exclusiveMinimum"), node.get("exclusiveMaximum")
    words = []
    if low is not None and high is not None:
        words.append(f"from {_number(low)} to {_number(high)}")
    else:
        pairs = (("more than", above), ("at least", low), ("at most", high), ("below", below))
        words += [f"{word} {_number(bound)}" for word, bound in pairs if bound is not None]
    if "multipleOf" in node:
        words.append(f"in steps of {_number(node['multipleOf'])}")
    return " " + " and ".join(words) if words else ""


def _number(value: float) -> str:
    """Write a bound so that it can be copied into a file."""
    if float(value).is_integer():
        return f"{int(value):_}" if abs(value) >= 10_000 else str(int(value))
    return f"{value:g}"
