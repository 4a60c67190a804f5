"""Tables and records of what there is to choose from: schemes and mechanisms."""

from __future__ import annotations

from typing import Any

from rich.table import Table
from rich.text import Text

from glasstown.scheme.declaration import Scheme
from glasstown.scheme.having import schemes_with
from glasstown.scheme.loading import SHIPPED, scheme_hash
from glasstown.scheme.mechanisms import MECHANISMS
from glasstown.surfaces.scheme_lines import sourced_lines

__all__ = ["mechanism_records", "mechanisms_table", "scheme_record", "schemes_table",
           "sourced_lines"]  # fmt: skip

FEW = 3
"""Schemes without a mechanism that are named instead of those with it."""


def scheme_record(scheme: Scheme) -> dict[str, Any]:
    """Return a scheme's short record for another program."""
    record = {name: getattr(scheme, name) for name in ("name", "title", "summary", "confidence")}
    return {**record, "participation": scheme.participation, "hash": scheme_hash(scheme)}


def schemes_table(schemes: list[Scheme]) -> Table:
    """Return the table of shipped schemes."""
    table = _table("scheme", "title", "confidence", "what it is")
    for one in schemes:
        table.add_row(*map(Text, (one.name, one.title, one.confidence, one.summary)))
    return table


def mechanism_records() -> list[dict[str, Any]]:
    """Return every mechanism for another program, with the shipped schemes that have it."""
    return [{**one._asdict(), "schemes": list(schemes_with(one.name))} for one in MECHANISMS]


def mechanisms_table() -> Table:
    """Return the table of mechanisms: what each does, from where, who has it, what it moves."""
    table = _table("mechanism", "step", "what it does, and where it comes from", "schemes", "moves")
    for one in MECHANISMS:
        origin = str(one._asdict().get("origin", ""))
        meaning = Text.assemble(one.meaning, " ", (origin, "bright_black"))
        table.add_row(Text(one.name), one.step, meaning, _schemes(one.name), one.measure)
    return table


def _schemes(mechanism: str) -> str:
    """Say in few words which shipped schemes have a mechanism."""
    having = schemes_with(mechanism)
    rest = [one for one in SHIPPED if one not in having]
    if not having:
        return "no shipped one"
    if not rest:
        return "all"
    return f"all but {', '.join(rest)}" if len(rest) <= FEW else ", ".join(having)


def _table(*columns: str) -> Table:
    """Return an empty table whose first column never breaks within a word."""
    table = Table(box=None, pad_edge=False, padding=(0, 2, 1, 0))
    for index, name in enumerate(columns):
        table.add_column(name, overflow="fold", no_wrap=index == 0)
    return table
