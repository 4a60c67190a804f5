"""Article 27(1)(c): which categories of people are hit, alone and two ways crossed.

Rates over all seeds with Wilson intervals (each seed's country has other people in it), and how
many times the rate of everybody else (relative risk; Katz's log interval), both by SciPy. A cell
of fewer than `FEWEST_PEOPLE` adults in any of the countries is suppressed, and so is a ratio that
rests on fewer than that many people hit. What the tables hold is held to fairlearn's
`MetricFrame` in the tests; the library itself is not needed to run this, as it brings pandas and
scikit-learn along for what are here sums of counts.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from scipy import stats

from glasstown.lab.assessment import FEWEST_PEOPLE
from glasstown.lab.assessment.estimates import Section, Table
from glasstown.lab.assessment.members import Record
from glasstown.lab.assessment.people import OUTCOME_WORDS, OUTCOMES
from glasstown.lab.wording import counted, noun, percent

SUPPRESSED = "suppressed"
SHOWN_CROSSED = 16


class Rate(NamedTuple):
    """One outcome in one cell; ``ratio`` is to everybody else; None where suppressed."""

    by: tuple[str, ...]
    cell: tuple[str, ...]
    outcome: str
    adults: int
    hit: int | None
    rate: float | None
    low: float | None
    high: float | None
    ratio: float | None
    ratio_low: float | None
    ratio_high: float | None

    @property
    def name(self) -> str:
        """The cell in words."""
        return ", ".join(self.cell)

    @property
    def is_suppressed(self) -> bool:
        """Whether the cell is too small to be told."""
        return self.hit is None


def rates(records: Sequence[Record]) -> list[Rate]:
    """Return the rate of every outcome in every cell."""
    found = []
    by_cell: dict[tuple[Any, ...], list[dict[str, Any]]] = {}
    for record in records:
        for row in record["cells"]:
            by_cell.setdefault((tuple(row["by"]), tuple(row["cell"])), []).append(row)
    everybody = by_cell[(), ()]
    for (by, cell), rows in by_cell.items():
        least = min(row["adults"] for row in rows)
        for outcome in OUTCOMES:
            found.append(_rate(by, cell, outcome, rows, everybody, least < FEWEST_PEOPLE))
    return found


def _rate(
    by: tuple[str, ...], cell: tuple[str, ...], outcome: str, rows: list[dict[str, Any]],
    everybody: list[dict[str, Any]], is_small: bool,
) -> Rate:  # fmt: skip
    adults, hit = sum(one["adults"] for one in rows), sum(one[outcome] for one in rows)
    nothing = (None,) * 7
    if is_small:
        return Rate(by, cell, outcome, adults, *nothing)
    wilson = stats.binomtest(hit, adults).proportion_ci(0.95, method="wilson")
    others = sum(one["adults"] for one in everybody) - adults
    others_hit = sum(one[outcome] for one in everybody) - hit
    ratios: tuple[float | None, float | None, float | None] = (None, None, None)
    if by and min(hit, others_hit) >= FEWEST_PEOPLE and others > 0:
        risk = stats.contingency.relative_risk(hit, adults, others_hit, others)
        reach = risk.confidence_interval(0.95)
        ratios = (float(risk.relative_risk), float(reach.low), float(reach.high))
    return Rate(
        by, cell, outcome, adults, hit, hit / adults, float(wilson.low), float(wilson.high), *ratios
    )


def section(records: Sequence[Record]) -> Section:
    """Return the section on who is hit."""
    found = rates(records)
    singles = [one for one in found if len(one.by) == 1]
    crossed = [one for one in found if len(one.by) == 2]
    small = {(one.by, one.cell) for one in found if one.is_suppressed}
    sentences = [*_words(singles, "shut_out"), *_words(singles, "shut_out_wrongly")]
    sentences += _crossed_words(crossed)
    sentences += _small_words(small, len({(one.by, one.cell) for one in found}))
    measures = {
        "fewest_people": FEWEST_PEOPLE,
        "rates": [{**one._asdict(), "suppressed": one.is_suppressed} for one in found],
        "suppressed": [{"by": list(by), "cell": list(cell)} for by, cell in sorted(small)],
    }
    return Section(
        "disparity", "Who is hit",
        "Article 27(1)(c): which categories of people are affected, and are some hit more often "
        "than others?",
        tuple(sentences), tuple(_tables(singles, crossed)), measures,
    )  # fmt: skip


def _told(rows: Sequence[Rate], outcome: str) -> list[Rate]:
    """Return rates whose ratio is told and whose interval lies on one side of 1, largest first."""
    sure = [
        one for one in rows
        if one.outcome == outcome and one.ratio is not None and (one.ratio_low or 0) > 1
    ]  # fmt: skip
    return sorted(sure, key=lambda one: -(one.ratio or 0))


def _words(rows: Sequence[Rate], outcome: str) -> Iterator[str]:
    top = _told(rows, outcome)[:3]
    for one in top:
        yield (
            f"{one.by[0].capitalize()} '{one.name}': {percent(one.rate or 0)} were "
            f"{OUTCOME_WORDS[outcome]}, {one.ratio:.1f} times the share of everybody else "
            f"(95% interval {one.ratio_low:.1f} to {one.ratio_high:.1f})."
        )
    if not top:
        yield (
            f"No trait by itself tells who was {OUTCOME_WORDS[outcome]} beyond what luck in "
            "countries of this size explains."
        )


def _crossed_words(rows: Sequence[Rate]) -> Iterator[str]:
    top = _told(rows, "shut_out")[:1]
    for one in top:
        yield (
            f"Two traits crossed, the share ever shut out was highest against everybody else for "
            f"{one.by[0]} '{one.cell[0]}' and {one.by[1]} '{one.cell[1]}': {one.ratio:.1f} times "
            f"(95% interval {one.ratio_low:.1f} to {one.ratio_high:.1f})."
        )


def _small_words(small: set[tuple[tuple[str, ...], tuple[str, ...]]], whole: int) -> Iterator[str]:
    if not small:
        return
    alone = [", ".join(cell) for by, cell in sorted(small) if len(by) == 1]
    named = f" Among them: {', '.join(alone)}." if alone else ""
    yield (
        f"{noun(len(small), 'cell')} of {counted(whole)} had fewer than {FEWEST_PEOPLE} adults in "
        f"a country and {'is' if len(small) == 1 else 'are'} suppressed.{named}"
    )


def _tables(singles: Sequence[Rate], crossed: Sequence[Rate]) -> Iterator[Table]:
    heads = ("trait", "value", "adults", "share", "95% interval", "times everybody else's")
    note = (
        "Pooled over seeds; Wilson intervals. Everybody else: all other adults. No ratio where "
        f"fewer than {FEWEST_PEOPLE} people were hit on either side."
    )
    for outcome in ("shut_out", "shut_out_wrongly", "listed"):
        rows = tuple(_line(one.by[0], one.name, one) for one in singles if one.outcome == outcome)
        yield Table(outcome, f"Adults {OUTCOME_WORDS[outcome]}, by trait", heads, rows, note)
    ranked = _told(crossed, "shut_out")[:SHOWN_CROSSED]
    if ranked:
        rows = tuple(_line(" × ".join(one.by), one.name, one) for one in ranked)
        yield Table(
            "crossed", "Adults ever shut out, two traits crossed: the highest ratios", heads, rows,
            f"{note} The {len(ranked)} highest of those whose interval lies above 1; with so many "
            "cells some do so by luck. All cells stand in the JSON.",
        )  # fmt: skip


def _line(trait: str, value: str, one: Rate) -> tuple[str, ...]:
    if one.rate is None or one.low is None or one.high is None:
        return (trait, value, f"under {FEWEST_PEOPLE} a country", SUPPRESSED, "", "")
    ratio = ""
    if one.ratio is not None:
        ratio = f"{one.ratio:.2f} ({one.ratio_low:.2f} to {one.ratio_high:.2f})"
    return (trait, value, counted(one.adults), percent(one.rate),
            f"{percent(one.low)} to {percent(one.high)}", ratio)  # fmt: skip
