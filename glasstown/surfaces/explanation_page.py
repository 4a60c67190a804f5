"""The page of an explanation: shares, but-for counts and interactions, in one file."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

from glasstown.lab.comparison.differences import Estimate
from glasstown.lab.comparison.findings import amount
from glasstown.lab.explanation.attribution import Attribution, Share
from glasstown.lab.explanation.charts import HEADINGS, charts
from glasstown.lab.explanation.explanation import JSON, Explanation
from glasstown.lab.explanation.findings import explanation_found, net_found, signed
from glasstown.lab.standing import STANDINGS
from glasstown.lab.wording import joined, percent
from glasstown.surfaces.figures import figures, write_page


def in_words(value: Estimate) -> str:
    """Write a mean with its interval."""
    if value.low is None or value.high is None:
        return signed(value.mean)
    return f"{signed(value.mean)} ({signed(value.low)} to {signed(value.high)})"


def row_of(one: Share, befallen: float) -> dict[str, str]:
    """Return a mechanism's row in words."""
    part = one.share.mean / befallen if befallen else 0.0
    return {
        "mechanism": one.mechanism,
        "share": in_words(one.share),
        "part": f"−{percent(-part)}" if part < 0 else percent(part),
        "but_for": in_words(one.but_for),
        "alone": in_words(one.alone),
        "spared": in_words(one.spared),
        "net": in_words(one.net),
    }


def table_of(one: Attribution) -> dict[str, Any]:
    """Return the tables of an outcome."""
    games = one.games
    worlds = []
    for world in range(one.worlds):
        on = [name for k, name in enumerate(one.mechanisms) if world >> k & 1]
        mean = sum(game[world] for game in games) / len(games)
        worlds.append((joined(on) or "none of them", amount(mean)))
    return {
        "what": STANDINGS[one.outcome].capitalize(),
        "total": net_found(one),
        "rows": [row_of(row, one.befallen.mean) for row in one.shares()],
        "pairs": [(f"{x.first} and {x.second}", in_words(x.term)) for x in one.pairs()],
        "worlds": worlds[::-1],
    }


def write_explanation(explanation: Explanation, path: Path, command: str = "") -> Path:
    """Write the page of an explanation and return its path.

    Raises
    ------
    OSError
        If it can't be written.
    RuntimeError
        If the charts could not be drawn.
    """
    drawings = figures(partial(charts, explanation), HEADINGS)
    return write_page(
        "explanation.html.j2", path, explanation.as_data(),
        title=f"Why people are shut out under {explanation.world.label}",
        result=explanation, findings=explanation_found(explanation),
        worlds=1 << len(explanation.mechanisms), names=joined(explanation.mechanisms),
        figures=list(drawings.values()), command=command, download=JSON,
        tables=[table_of(one) for one in explanation.attributions.values()],
    )  # fmt: skip
