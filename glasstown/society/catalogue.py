"""The packaged behaviours, services and platforms, read once from their YAML lists."""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import TypeVar, get_args

from pydantic import BaseModel

from glasstown.errors import DeclarationError, Problem
from glasstown.reading import parse, validate
from glasstown.society.declaration import Behaviour, Platform, Service, ServiceDemand

Line = TypeVar("Line", bound=BaseModel)


@cache
def behaviours() -> tuple[Behaviour, ...]:
    """Return the behaviours of the society, in the order of the catalogue."""
    return _read("behaviours.yaml", Behaviour)


@cache
def services() -> tuple[ServiceDemand, ...]:
    """Return the demand for each service, in the order of `Service`."""
    rows = {one.name: one for one in _read("services.yaml", ServiceDemand)}
    missing = [name for name in get_args(Service) if name not in rows]
    if missing:
        problem = Problem("services", ", ".join(missing), f"are missing: {', '.join(missing)}")
        raise DeclarationError("services.yaml", [problem])
    return tuple(rows[name] for name in get_args(Service))


@cache
def platforms() -> tuple[Platform, ...]:
    """Return the online platforms, in the order of the catalogue."""
    return _read("platforms.yaml", Platform)


def _read(name: str, model: type[Line]) -> tuple[Line, ...]:
    """Read a packaged list of declarations."""
    text = (resources.files("glasstown.society") / "data" / name).read_text("utf-8")
    return named_rows(text, name, model)


def named_rows(text: str, file: str, model: type[Line]) -> tuple[Line, ...]:
    """Read a YAML list of declarations, each with a name of its own.

    Raises
    ------
    DeclarationError
        A line can't be used, or a name stands twice; file, line and key are named.
    """
    document = parse(text, file, list)
    rows: dict[str, Line] = {}
    for index, data in enumerate(document.data):
        row = validate(model, data, document.lines, file, f"[{index}]")
        key = str(getattr(row, "name", index))
        if key in rows:
            line = document.lines[f"[{index}]"]
            raise DeclarationError(file, [Problem(key, key, "stands twice; keep one", line)])
        rows[key] = row
    return tuple(rows.values())
