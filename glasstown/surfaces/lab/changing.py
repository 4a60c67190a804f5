"""Changes to a shipped scheme: from the keys of levers to what a scenario file says."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

from glasstown.scheme.having import shipped


def changed_scheme(name: str, values: Mapping[str, Any]) -> str | dict[str, Any]:
    """Return a shipped scheme with levers at other values, as a scenario file would say it.

    Parameters
    ----------
    name : str
        The scheme's name.
    values : mapping
        Values by the key of a lever; those that are no part of a scheme are left out.

    Returns
    -------
    str or dict
        The name alone, or ``from:`` and changes; of a list the whole list.
    """
    mine = {key: value for key, value in values.items() if key.startswith("scheme.")}
    if not mine:
        return name
    base = shipped(name).model_dump(mode="json", exclude_none=True)
    changes: dict[str, Any] = {}
    for key, value in mine.items():
        _put(changes, base, _parts(key)[1:], value)
    return {"from": name, **changes}


def _parts(key: str) -> list[str | int]:
    """Return the parts of a dotted key.

    >>> _parts("scheme.rules[2].points")
    ['scheme', 'rules', 2, 'points']
    """
    parts: list[str | int] = []
    for part in key.replace("[", ".[").split("."):
        parts.append(int(part[1:-1]) if part.startswith("[") else part)
    return parts


def _put(changes: Any, base: Any, parts: list[str | int], value: Any) -> None:
    """Put a value below changes; a list on the way is taken over from the base as a whole."""
    part, rest = parts[0], parts[1:]
    below = base.get(part) if isinstance(base, Mapping) else base[part]
    if not rest:
        if isinstance(changes, list) or value is not None or below is not None:
            changes[part] = value
        return
    is_known = isinstance(part, int) or part in changes
    if not is_known:
        changes[part] = copy.deepcopy(below) if isinstance(below, list) else {}
    _put(changes[part], below, rest, value)
    _lose_source(changes[part], below)


def _lose_source(line: Any, base: Any) -> None:
    """Say of a changed line of a list that it is changed; of all else `changed` says so."""
    is_copied = isinstance(line, dict) and line.get("source") == base.get("source")
    if is_copied and "source" in line:
        line.update(source=f"changed from: {base['source']}", confidence="assumed")
