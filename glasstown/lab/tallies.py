"""The weekly tallies of one run, summed the ways that sentences and charts ask for.

Only small frames are kept (the country by week, as a whole and under each scheme; regions and
groups in the last week), so that a run of many regions and years is read lazily and never held.
Sums over causes get names of their own: ``excluded``, ``denied``, ``entries`` and ``records``, and
what of them is not the citizen's own doing (``*_wrongly``). Waits are means weighted by citizens.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import polars as pl

from glasstown.engine.measures import EXITS, NAMES, OWN_CAUSES, SERVICES, WRONGLY
from glasstown.lab.phases import Course

WEEKS_PER_YEAR = 365.25 / 7
KEYS = ("week", "date", "region", "settlement", "group", "scheme")
WAITS = tuple(name for name in NAMES if name.startswith("hospital_wait_"))


class Period(NamedTuple):
    """Some weeks of the run, both ends included, and what a sentence calls them."""

    start: int
    end: int
    words: str


def _sums() -> list[pl.Expr]:
    wrongly = [cause for cause in OWN_CAUSES if cause in WRONGLY]
    added = {
        "excluded": [f"excluded_{cause}" for cause in OWN_CAUSES],
        "excluded_wrongly": [f"excluded_{cause}" for cause in wrongly],
        "denied": [f"denied_{service}" for service in SERVICES],
        "denied_wrongly": [f"denied_for_{cause}" for cause in WRONGLY],
        "entries": [f"entries_{cause}" for cause in OWN_CAUSES],
        "entries_wrongly": [f"entries_{cause}" for cause in wrongly],
        "exits": [f"exits_{exit_}" for exit_ in EXITS],
        "records": ["booked", "misbooked", "false_matches"],
        "records_wrong": ["misbooked", "false_matches"],
        "favoured": [f"favoured_{service}" for service in SERVICES],
        "posts": ["posts_praise", "posts_critical", "posts_mobilising"],
    }
    sums = [pl.sum_horizontal(columns).alias(name) for name, columns in added.items()]
    return [*sums, (pl.col("offences") - pl.col("firm_offences")).alias("offences_citizens")]


def summed(weekly: pl.LazyFrame, by: list[str]) -> pl.DataFrame:
    """Sum the rows of a weekly frame, waits as means weighted by citizens.

    Parameters
    ----------
    weekly : polars.LazyFrame
        One row per week, region, settlement and group.
    by : list of str
        The columns that tell the rows of the result apart.

    Returns
    -------
    polars.DataFrame
        Sorted by ``by``; the measures, ``citizens``, and the sums over causes.
    """
    columns = weekly.collect_schema().names()
    plain = [name for name in columns if name not in KEYS and name not in WAITS]
    people = pl.col("citizens").sum()
    means = [((pl.col(name) * pl.col("citizens")).sum() / people).alias(name) for name in WAITS]
    rows = weekly.group_by(by).agg(*[pl.col(name).sum() for name in plain], *means)
    return rows.with_columns(_sums()).sort(by).collect()


class Tenure(NamedTuple):
    """A scheme where and while it was in force.

    Its label, its declaration, its weeks summed, and whether citizens could stay out of it.
    """

    label: str
    scheme: Mapping[str, Any]
    country: pl.DataFrame
    is_voluntary: bool

    @property
    def has_score(self) -> bool:
        """Whether the scheme keeps a score."""
        return bool(self.scheme.get("score"))

    @property
    def tier_names(self) -> list[str]:
        """Names of the tiers, from the best."""
        return [str(tier["name"]) for tier in self.scheme.get("tiers") or []]

    @property
    def start(self) -> float:
        """The score that everybody starts with."""
        return float(self.scheme["score"]["start"])

    def last(self, name: str) -> float:
        """Return a measure of the scheme's last week."""
        return float(self.country[name][-1])


class Tallies:
    """What happened in one run: by week, and by region and group in its last week.

    Parameters
    ----------
    weekly : polars.DataFrame or polars.LazyFrame
        The weekly frame of the run folder.
    manifest : mapping
        The manifest of the same run.

    Attributes
    ----------
    country : polars.DataFrame
        One row per week.
    regions, groups : polars.DataFrame
        One row per region or group, in the last week.
    course : Course
        What was in force where and when.
    tenures : list of Tenure
        The schemes that were in force, in the order in which they came.
    """

    def __init__(self, weekly: pl.DataFrame | pl.LazyFrame, manifest: Mapping[str, Any]) -> None:
        lazy = weekly.lazy()
        self.manifest = manifest
        self.course = Course(manifest)
        self.country = summed(lazy, ["week", "date"])
        if self.country.is_empty():
            raise ValueError("the weekly frame has no rows: the run did not finish its first week")
        self.weeks = int(self.country["week"][-1])
        last = lazy.filter(pl.col("week") == self.weeks)
        self.regions = summed(last, ["region"])
        self.groups = summed(last, ["group"])
        self.tenures = self._tenures(lazy)

    def _tenures(self, weekly: pl.LazyFrame) -> list[Tenure]:
        course = self.course
        if not course.is_staged:
            return [self._tenure(course.label("", 1), self.country)]
        names = self.regions["region"].to_list()
        rows = [
            (week, name, course.label(name, week))
            for week in range(1, self.weeks + 1)
            for name in names
        ]
        held = pl.DataFrame(rows, ["week", "region", "scheme"], orient="row").lazy()
        held = held.with_columns(pl.col("week").cast(self.country.schema["week"]))
        by_scheme = summed(weekly.join(held, on=["week", "region"]), ["scheme", "week", "date"])
        lived = by_scheme.filter(pl.col("adults") > 0)
        labels = lived.group_by("scheme").agg(pl.col("week").min()).sort("week", "scheme")
        return [
            self._tenure(one, lived.filter(scheme=one).drop("scheme")) for one in labels["scheme"]
        ]

    def _tenure(self, label: str, country: pl.DataFrame) -> Tenure:
        scheme, without = self.course.scheme(label), self.course.without
        is_open = scheme.get("participation") == "voluntary" and "participation" not in without
        return Tenure(label, scheme, country, is_open)

    @property
    def is_mixed(self) -> bool:
        """Whether more than one scheme was in force in the run."""
        return len(self.tenures) > 1

    @property
    def at_end(self) -> list[Tenure]:
        """The schemes in force in the last week."""
        return [one for one in self.tenures if one.country["week"][-1] == self.weeks]

    @property
    def has_black_list(self) -> bool:
        """Whether a scheme that was in force keeps a black list of citizens."""
        lists = [one for held in self.tenures for one in held.scheme.get("lists") or []]
        return any(one.get("colour") == "black" for one in lists)

    @property
    def ends(self) -> str:
        """The last week with its date, as a sentence says it."""
        return f"week {self.weeks} ({self.day_of(self.weeks)})"

    def day_of(self, week: int) -> str:
        """Return the last day of a week, as a sentence says it."""
        date = self.country["date"][week - 1]
        return f"{date.day} {date:%B %Y}"

    def total(self, name: str) -> float:
        """Return the sum of a flow over all weeks."""
        return float(self.country[name].sum())

    def last(self, name: str) -> float:
        """Return a measure of the last week."""
        return float(self.country[name][-1])

    def share(self, name: str, of: str = "adults") -> float:
        """Return one stock of the last week as a share of another, 0 where that is 0."""
        whole = self.last(of)
        return self.last(name) / whole if whole else 0.0

    def during(self, period: Period, name: str, of: str = "adults") -> float:
        """Return the sum of a measure over a period, over the sum of another (0 if that is 0)."""
        rows = self.country.filter(pl.col("week").is_between(period.start, period.end))
        whole = float(rows[of].sum())
        return float(rows[name].sum()) / whole if whole else 0.0

    def first_and_last(self) -> tuple[Period, Period] | None:
        """Return two periods to compare: years, else quarters of the run, else None.

        The first year leaves out the first four weeks, in which not every block has reflected.
        """
        weeks = self.weeks
        if weeks >= 108:
            return (
                Period(5, 56, "in the first year (weeks 5 to 56)"),
                Period(weeks - 51, weeks, f"in the last year (weeks {weeks - 51} to {weeks})"),
            )
        if weeks < 8:
            return None
        quarter = weeks // 4
        return (
            Period(1, quarter, f"in the first quarter of the run (weeks 1 to {quarter})"),
            Period(
                weeks - quarter + 1,
                weeks,
                f"in the last quarter of the run (weeks {weeks - quarter + 1} to {weeks})",
            ),
        )
