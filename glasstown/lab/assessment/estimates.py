"""Numbers with intervals: over seeds, and of counts; and the parts that a dossier is made of.

An interval over seeds (Student, 95 %) says what luck does in a country of this size. It says
nothing of how sure the settings are.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np
from scipy import stats

from glasstown.lab.assessment.members import Record
from glasstown.lab.validation.rows import interval
from glasstown.lab.wording import decimal, percent
from glasstown.society.compilation import WEEKS_A_YEAR

HUNDRED_THOUSAND = 100_000


class Estimate(NamedTuple):
    """A mean over seeds and its 95 % interval; None where one seed gives none."""

    mean: float
    low: float | None
    high: float | None
    seeds: int

    def said(self, form: str = "number") -> str:
        """Write it in words, as a ``number``, a ``percent`` or (percentage) ``points``."""
        write = FORMS[form]
        if self.low is None or self.high is None:
            return f"{write(self.mean)} (one seed, no interval)"
        if self.low == self.high:
            return write(self.mean)
        return f"{write(self.mean)} (95% interval {write(self.low)} to {write(self.high)})"

    def short(self, form: str = "number") -> str:
        """Write it for a table."""
        write = FORMS[form]
        if self.low is None or self.high is None or self.low == self.high:
            return write(self.mean)
        return f"{write(self.mean)} ({write(self.low)} to {write(self.high)})"


def signed_percent(share: float) -> str:
    """Write a share that may be below zero.

    >>> signed_percent(-0.25), signed_percent(-0.00001), signed_percent(0.25)
    ('−25%', '0%', '25%')
    """
    if share < 0:
        return "0%" if share > -0.0001 else f"−{percent(-share)}"
    return percent(share)


def _number(value: float) -> str:
    return f"−{decimal(-value)}" if value < 0 else decimal(value)


FORMS: dict[str, Callable[[float], str]] = {
    "number": _number,
    "percent": signed_percent,
    "points": lambda share: f"{_number(100 * share)} points",
}


class Table(NamedTuple):
    """A table of a dossier: what it shows, its columns, its rows as text, and a note."""

    key: str
    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str = ""


class Section(NamedTuple):
    """One question of an assessment, answered by sentences, tables and numbers."""

    key: str
    heading: str
    question: str
    sentences: tuple[str, ...]
    tables: tuple[Table, ...]
    measures: dict[str, Any]
    headline: str = ""

    @property
    def short_answer(self) -> str:
        """The one sentence that stands on top of the dossier."""
        return self.headline or (self.sentences[0] if self.sentences else "")

    def as_data(self) -> dict[str, Any]:
        """Return everything for another program."""
        return {
            "heading": self.heading,
            "question": self.question,
            "sentences": list(self.sentences),
            "measures": {name: plain(value) for name, value in self.measures.items()},
            "tables": [
                {"caption": one.caption, "note": one.note,
                 "rows": [dict(zip(one.columns, row, strict=True)) for row in one.rows]}
                for one in self.tables
            ],
        }  # fmt: skip


def plain(value: Any) -> Any:
    """Return a value of a section as plain data."""
    if isinstance(value, Estimate):
        return value._asdict()
    if isinstance(value, dict):
        return {str(name): plain(one) for name, one in value.items()}
    if hasattr(value, "_asdict"):
        return plain(value._asdict())
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    return value


def estimate(values: Sequence[float]) -> Estimate:
    """Return mean and interval of the values of independent seeds.

    >>> estimate([1.0, 1.0])
    Estimate(mean=1.0, low=1.0, high=1.0, seeds=2)
    """
    if len(values) < 2:
        return Estimate(float(values[0]), None, None, 1)
    low, high = interval(values)
    return Estimate(float(np.mean(values)), low, high, len(values))


def over_seeds(
    records: Sequence[Record], measure: Callable[[Record], float | None]
) -> Estimate | None:
    """Return a measure over seeds; None where no seed has it, as with nothing to divide by."""
    values = [one for one in map(measure, records) if one is not None]
    return estimate(values) if values else None


def pooled_share(
    records: Sequence[Record], above: Callable[[Record], float], below: Callable[[Record], float]
) -> Estimate | None:
    """Return a share of counts over all seeds, with Wilson's interval; None of nothing."""
    hits, cases = round(sum(map(above, records))), round(sum(map(below, records)))
    if not cases:
        return None
    wilson = stats.binomtest(hits, cases).proportion_ci(0.95, method="wilson")
    return Estimate(hits / cases, float(wilson.low), float(wilson.high), len(records))


def total(record: Record, variant: str, *names: str) -> float:
    """Return the sum of flows (or of stocks, as person-weeks) over the run."""
    known = record["totals"][variant]
    return float(sum(known.get(name, 0) for name in names))


def last(record: Record, variant: str, *names: str) -> float:
    """Return the sum of measures of the last week."""
    known = record["last"][variant]
    return float(sum(known.get(name, 0) for name in names))


def years(record: Record, variant: str, *names: str) -> float:
    """Return person-years spent in the states of some stocks."""
    return total(record, variant, *names) / WEEKS_A_YEAR


def per_100_000(record: Record, variant: str, *names: str) -> float:
    """Return a flow, or person-years of a stock, per 100,000 adults and year."""
    adults = total(record, variant, "adults")
    return total(record, variant, *names) / adults * HUNDRED_THOUSAND


def flow_per_100_000(record: Record, variant: str, *names: str) -> float:
    """Return a flow per 100,000 adults and year."""
    return per_100_000(record, variant, *names) * WEEKS_A_YEAR


def ratio(above: float, below: float) -> float | None:
    """Return a ratio; None where there is nothing to divide by."""
    return above / below if below else None


def has_variant(records: Sequence[Record], *names: str) -> bool:
    """Tell whether variants were run under every seed."""
    return all(name in one["totals"] for one in records for name in names)


def pooled(records: Sequence[Record], key: str, *path: str) -> dict[int, int]:
    """Return a histogram (value to count) summed over seeds."""
    found: dict[int, int] = {}
    for record in records:
        here = record[key]
        for part in path:
            here = here.get(part, {})
        for value, count in here.items():
            found[int(value)] = found.get(int(value), 0) + int(count)
    return found


def quantile(histogram: dict[int, int], share: float) -> int | None:
    """Return the smallest value that a share of all does not exceed; None of nobody.

    >>> quantile({1: 50, 10: 49, 99: 1}, 0.5), quantile({1: 50, 10: 49, 99: 1}, 0.995)
    (1, 99)
    """
    whole, seen = sum(histogram.values()), 0
    for value in sorted(histogram):
        seen += histogram[value]
        if seen >= share * whole:
            return value
    return None
