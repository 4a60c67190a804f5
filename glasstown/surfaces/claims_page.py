"""The page of tested claims: one HTML file that needs nothing else, for a reader of newspapers."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from markupsafe import Markup

from glasstown.lab.claims.charts import COLOURS, charts, numbers
from glasstown.lab.claims.verdicts import VERDICTS, Claims, Tested
from glasstown.lab.claims.wording import (
    MARKS,
    MEASURES,
    SAYING,
    SIDES,
    WORLDS,
    by_side,
    flips_in_short,
    interval,
    number,
    reason,
    rows,
    sentence,
    turns,
)
from glasstown.lab.writing import write_text
from glasstown.surfaces.drawing import drawn
from glasstown.surfaces.figures import csv_link, data_uri, filled, inline, slim, untitled

MEANINGS = {
    "holds": "the whole interval lies beyond the bound that was fixed before the run",
    "does not hold": "the whole interval lies short of it",
    "depends": "the interval crosses it: in a country of this size luck decides",
    "not measured": "too few of the runs could be made or measured",
}
CONFIDENCES = {
    "seen": "read in the source named", "derived": "computed from such numbers",
    "memory": "from memory, not read again", "reported": "claimed by the press, not evidenced",
    "assumed": "our choice, moved to see what hangs on it",
}  # fmt: skip


def drawings(found: Claims) -> dict[str, Markup]:
    """Draw the chart of every claim that was measured, by the name of the claim."""
    known = charts(found)
    svgs = drawn([untitled(one) for one in known.values()])
    return {name: inline(slim(svg), name) for name, svg in zip(known, svgs, strict=True)}


def rendered(found: Claims, charts: dict[str, Markup]) -> str:
    """Return the page; everything in it is escaped."""
    text = json.dumps(found.as_data(), ensure_ascii=False, separators=(",", ":"))
    given = [one.effect.verdict for one in found.tested]
    return filled(
        "claims.html.j2",
        found=found,
        counts=[(one, MARKS[one], given.count(one)) for one in VERDICTS if one in given],
        by_side=by_side(found),
        meanings=[(one, MARKS[one], MEANINGS[one]) for one in VERDICTS],
        colours=COLOURS,
        cards=[card(one, charts.get(one.claim.name)) for one in found.tested],
        confidences=CONFIDENCES,
        data_uri=data_uri(text, "application/json"),
    )


def card(tested: Tested, drawing: Markup | None) -> dict[str, Any]:
    """Return what the page says of one claim."""
    claim, effect = tested.claim, tested.effect
    return {
        "claim": claim,
        "side": SIDES[claim.side],
        "saying": SAYING[claim.side],
        "verdict": effect.verdict,
        "mark": MARKS[effect.verdict],
        "class": effect.verdict.replace(" ", "-"),
        "sentence": sentence(claim, effect),
        "value": "" if effect.mean is None else number(effect.mean, claim.form),
        "interval": interval(effect, claim.form),
        "seeds": effect.seeds,
        "reason": reason(tested),
        "flips": flips_in_short(tested),
        "moved_source": "" if claim.flips is None else plain_source(claim.flips.source),
        "tested_at": "" if claim.flips is None else claim.flips.said(None),
        "turns": turns(tested),
        "drawing": drawing,
        "csv": csv_link(numbers(tested).drop("place")),
        "rows": settings(tested),
        "measured": measured(tested),
        "failures": failures(tested),
    }


def plain_source(source: str) -> str:
    """Leave out of a source the number of the list of facts, which only our files know.

    >>> plain_source("FACTS 2.8: NISTIR 8280")
    'NISTIR 8280'
    """
    return re.sub(r"^FACTS [\w.]+: ", "", source)


def settings(tested: Tested) -> list[dict[str, Any]]:
    """Return the numbers of the chart, written."""
    form = tested.claim.form
    return [
        {
            "setting": setting,
            "value": "" if one.mean is None else number(one.mean, form),
            "interval": interval(one, form),
            "seeds": one.seeds,
            "verdict": one.verdict,
        }
        for setting, one in rows(tested)
    ]


def measured(tested: Tested) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return what was measured in each world, in words: measure, then world and value."""
    return [
        (
            MEASURES[name].words,
            [
                (WORLDS[world], number(value, MEASURES[name].form))
                for world, value in values.items()
            ],
        )
        for name, values in tested.shown.items()
        if values
    ]


def failures(tested: Tested) -> list[str]:
    """Return the members that failed, those alike together."""
    sweep, by_reason = tested.claim.flips, dict[tuple[str, str], list[int]]()
    for one in tested.failures:
        at = "as tested" if sweep is None or one.value is None else f"at {sweep.said(one.value)}"
        by_reason.setdefault((at, one.why), []).append(one.seed)
    return [
        f"{at}, seed {', '.join(map(str, seeds))}: {why}" for (at, why), seeds in by_reason.items()
    ]


def write_page(found: Claims, path: Path) -> Path:
    """Write the page, replacing an older one whole, and return its path.

    Raises
    ------
    OSError
        If it can't be written.
    RuntimeError
        If the charts could not be drawn.
    """
    return write_text(rendered(found, drawings(found)), path)
