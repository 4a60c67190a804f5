"""The packaged behaviours, services, platforms and sectors, read once from their YAML lists."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib import resources
from typing import TypeVar, get_args

from pydantic import BaseModel

from glasstown.errors import DeclarationError, Problem
from glasstown.reading import parse, validate
from glasstown.society.declaration import (
    Behaviour,
    FirmSector,
    Platform,
    Sector,
    Service,
    ServiceDemand,
)

Line = TypeVar("Line", bound=BaseModel)


@cache
def behaviours() -> tuple[Behaviour, ...]:
    """Return the behaviours of the society, in the order of the catalogue."""
    return _read("behaviours.yaml", Behaviour)


@cache
def services() -> tuple[ServiceDemand, ...]:
    """Return the demand for each service, in the order of `Service`."""
    return _in_order("services", _read("services.yaml", ServiceDemand), get_args(Service))


@cache
def platforms() -> tuple[Platform, ...]:
    """Return the online platforms, in the order of the catalogue."""
    return _read("platforms.yaml", Platform)


@cache
def sectors() -> tuple[FirmSector, ...]:
    """Return the sectors of firms, in the order of `Sector`; their shares sum to 1."""
    rows = _in_order("firms", _read("firms.yaml", FirmSector), get_args(Sector))
    total = sum(one.share for one in rows)
    if abs(total - 1) > 1e-9:
        problem = Problem("firms", f"{total:g}", "the shares of the sectors must sum to 1")
        raise DeclarationError("firms.yaml", [problem])
    return rows


def _in_order(key: str, rows: Sequence[Line], names: Sequence[str]) -> tuple[Line, ...]:
    """Return rows in the order of the names that they must all have."""
    known = {str(getattr(one, "name", "")): one for one in rows}
    missing = ", ".join(name for name in names if name not in known)
    if missing:
        raise DeclarationError(f"{key}.yaml", [Problem(key, missing, f"are missing: {missing}")])
    return tuple(known[name] for name in names)


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
