"""A description in the terminal: lines of size, bytes and time, and the table of marginals."""

from __future__ import annotations

from typing import Any

from rich.table import Table

from glasstown.lab.description import Description
from glasstown.lab.marginals import Marginal
from glasstown.lab.wording import joined
from glasstown.surfaces.app import NOTICE

UNLIKELY = 3
"""Standard errors from which a difference is no accident of a small country."""


def lines(described: Description) -> list[str]:
    """Return what a scenario is in a few lines."""
    scenario = described.scenario
    citizens = scenario.society.citizens
    fields = ", ".join(
        f"{name} {size / citizens:.3g}" for name, size in described.bytes_by_field.items()
    )
    is_room = described.memory_bytes <= described.memory_available
    return [
        ("The scenario's own scheme, which phases may bring: " if described.phases else "")
        + f"{scenario.scheme.name}: {scenario.scheme.title}",
        f"{NOTICE} Scale {described.scale}.",
        f"{citizens:_} citizens in {described.regions} regions and "
        f"{described.blocks:_} blocks, {scenario.weeks} weeks from {scenario.start}, "
        f"seed {scenario.seed}",
        *(f"Phase: {words}" for words in described.phases),
        *([f"A gathering may form on {joined(described.sparks)}"] if described.sparks else []),
        f"State: {described.bytes_a_citizen:.2f} bytes a citizen ({fields}), "
        f"{sum(described.bytes_by_field.values()):_} bytes",
        f"Memory: about {described.memory_bytes:_} bytes in all, of {described.memory_available:_} "
        f"available: it {'fits' if is_room else 'does NOT fit'}; about "
        f"{described.citizens_fitting:_} citizens would",
        f"Disk: at most {described.disk_bytes:_} bytes, and while it runs up to "
        f"{described.checkpoint_bytes:_} for checkpoints",
        f"Expected time: {duration(described.expected_s)} ({described.basis})",
        f"Scenario hash {described.scenario_hash}",
        f"Scheme hash {described.scheme_hash}",
        "",
    ]


def duration(seconds: float) -> str:
    """Write a time in the unit that suits it.

    >>> [duration(one) for one in (0.4, 12, 200, 9000)]
    ['under a second', '12 s', '3.3 min', '2.5 h']
    """
    if seconds < 1:
        return "under a second"
    if seconds < 120:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.1f} min" if seconds < 7200 else f"{seconds / 3600:.1f} h"


def marginals_table(rows: list[Marginal]) -> Table:
    """Return the marginals beside the published ones."""
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column("marginal")
    for name in ("ours", "+-", "published", "difference"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("source", overflow="fold")
    for one in rows:
        unit = " %" if one.unit == "%" else ""
        difference = one.difference
        mark = ""
        if difference is not None and one.error and abs(difference) > UNLIKELY * one.error:
            mark = " !"
        table.add_row(
            one.name if unit else f"{one.name} ({one.unit})",
            f"{one.ours:.2f}{unit}",
            f"{one.error:.2f}" if one.error else "exact",
            "" if one.published is None else f"{one.published:.2f}{unit}",
            "" if difference is None else f"{difference:+.2f}{mark}",
            one.source,
        )
    return table


def notes(described: Description) -> list[str]:
    """Return what has to be said below the table."""
    said = [
        "",
        "+-: standard error of a country of this size. "
        f"!: differs by more than {UNLIKELY} of them, so not by accident of the draw.",
    ]
    said += [f"{one.name}: {one.note}." for one in described.marginals if one.note]
    if described.share_counted < 1:
        said.append(f"Counted in one block of {round(1 / described.share_counted)}.")
    return said


def record(described: Description) -> dict[str, Any]:
    """Return a description for another program."""
    data = described._asdict()
    data["scenario"] = described.scenario.model_dump(mode="json")
    data["marginals"] = [
        {**one._asdict(), "difference": one.difference} for one in described.marginals
    ]
    return data
