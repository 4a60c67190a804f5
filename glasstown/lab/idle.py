"""What a scenario declares and a run never used: rules, lists, phases and sparks.

Every declared scheme is watched where and while it was in force: a rule that fires under one
scheme says nothing about the same rule under another, nor about one that holds from a later date.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from glasstown.engine import columns as c
from glasstown.engine.country import Country
from glasstown.engine.measures import INDEX, OWN_CAUSES
from glasstown.lab.phases import spark_weeks, week_of
from glasstown.lab.rollout import Timetable
from glasstown.lab.wording import joined, noun
from glasstown.laws.sanction import list_of
from glasstown.scheme.declaration import Rule, Scheme
from glasstown.scheme.firms import FirmRule
from glasstown.society import layout as at
from glasstown.society.layout import BLOCK

ENTRIES = [INDEX[f"entries_{cause}"] for cause in OWN_CAUSES] + [INDEX["entries_red"]]
PIECE = 1 << 20
"""Citizens whose listings are looked through at once."""
FIRM_ENTRIES = {"black": c.FIRM_ENTRIES, "red": c.FIRM_ENTRIES_RED}


class Watched(NamedTuple):
    """A declared scheme and what of it was not used yet."""

    scheme: Scheme
    rules: dict[int, Rule | FirmRule]
    lists: set[int]
    firm_lists: set[str]


class Idle:
    """Watches a run for what its scenario declares and nothing ever uses.

    Parameters
    ----------
    country : Country
        The country that runs.
    plan : Timetable
        What holds where and when in it.
    """

    def __init__(self, country: Country, plan: Timetable) -> None:
        self._country, self._plan = country, plan
        self._names = [one.name for one in country.society.behaviours]
        self._watched = [_watched(one) for one in plan.schemes]
        self._weeks_held = [0] * len(plan.schemes)

    def look(self, tally: NDArray[np.int64]) -> None:
        """Look at a finished week, int64 (zones, groups, width)."""
        week = self._country.week - 1
        by_zone, zones = self._plan.schemes_by_zone(week), tally.sum(axis=1)
        for number, watched in enumerate(self._watched):
            held = np.flatnonzero((by_zone == number) & (zones[:, c.ADULTS] > 0))
            if held.size == 0:
                continue
            self._weeks_held[number] += 1
            self._look_at(watched, held, zones[held], self._plan.day_of(week))

    def _look_at(
        self, watched: Watched, held: NDArray[np.int64], rows: NDArray[np.int64], day: date
    ) -> None:
        """Look at the zones that a scheme held in, and take from it what was used."""
        booked = rows[:, c.WIDTH + len(self._names) :].sum(axis=0)
        for place, rule in list(watched.rules.items()):
            if _holds(rule, day) and booked[self._names.index(rule.behaviour)]:
                del watched.rules[place]
        if watched.lists:
            for zone in held[rows[:, ENTRIES].any(axis=1)].tolist():
                watched.lists.difference_update(self._lists_in(zone))
        for colour in list(watched.firm_lists):
            if rows[:, FIRM_ENTRIES[colour]].any():
                watched.firm_lists.discard(colour)

    def _lists_in(self, zone: int) -> set[int]:
        """Return the lists that somebody in a zone is on."""
        row = self._country.society.layout.places.zones[zone]
        first, count = int(row[at.FIRST_BLOCK]) * BLOCK, int(row[at.BLOCKS]) * BLOCK
        listings = self._country.state.listing[first : first + count]
        # Piece by piece: a zone may be a hundred million people, and `unique` sorts a copy.
        pieces = (listings[i : i + PIECE] for i in range(0, count, PIECE))
        return {list_of(one) for piece in pieces for one in np.unique(piece).tolist()}

    def seen(self) -> dict[str, Any]:
        """Return what is still unused, and for how long each scheme held, as JSON."""
        left = [
            {"rules": list(one.rules), "lists": sorted(one.lists),
             "firm_lists": sorted(one.firm_lists)}
            for one in self._watched
        ]  # fmt: skip
        return {"unused": left, "weeks_held": list(self._weeks_held)}

    def go_on(self, seen: Mapping[str, Any]) -> None:
        """Go on from what `seen` returned in an earlier part of the run."""
        self._weeks_held = [int(weeks) for weeks in seen["weeks_held"]]
        for watched, left in zip(self._watched, seen["unused"], strict=True):
            for place in set(watched.rules) - set(left["rules"]):
                del watched.rules[place]
            watched.lists.intersection_update(left["lists"])
            watched.firm_lists.intersection_update(left["firm_lists"])

    def warnings(self) -> list[str]:
        """Say in plain sentences what was never used."""
        said: list[str] = []
        named = sum(weeks > 0 for weeks in self._weeks_held) > 1
        for watched, weeks in zip(self._watched, self._weeks_held, strict=True):
            if weeks:
                said += _unused(watched, weeks, f"{watched.scheme.name}: " if named else "")
        return said + list(self._never_begun())

    def _never_begun(self) -> Iterator[str]:
        """Yield what the scenario dates outside of the weeks that were run."""
        scenario, weeks = self._plan.scenario, self._country.week
        start, without = scenario.start, scenario.without
        late = [one.since for one in scenario.rollout if week_of(start, one.since) >= weeks]
        if late and "rollout" not in without:
            days = joined([str(day) for day in sorted(late)])
            yield f"{noun(len(late), 'phase')} had not begun by the end: since {days}."
        inside = [day for day, week in spark_weeks(start, scenario.spark).items() if week < weeks]
        outside = [str(day) for day in scenario.spark if day not in inside]
        if outside and "gatherings" not in without:
            yield f"Outside of the run no gathering could form: {joined(outside)}."


def _watched(scheme: Scheme) -> Watched:
    """Return a scheme with everything in it still unused."""
    firms = scheme.firms
    rules: list[Rule | FirmRule] = [*scheme.rules, *(firms.rules if firms else [])]
    firm_lists = {"black"} if firms and firms.black else set()
    if firms and firms.red_above is not None:
        firm_lists.add("red")
    return Watched(scheme, dict(enumerate(rules)), set(range(1, len(scheme.lists) + 1)), firm_lists)


def _holds(rule: Rule | FirmRule, day: date) -> bool:
    """Return whether a rule is in force on a day."""
    if isinstance(rule, FirmRule):
        return True
    return (rule.since is None or rule.since <= day) and (rule.until is None or day < rule.until)


def _unused(watched: Watched, held: int, under: str) -> Iterator[str]:
    """Yield sentences on what of a scheme was never used while it was in force."""
    scheme, weeks = watched.scheme, noun(held, "week")
    of = len(scheme.rules) + (len(scheme.firms.rules) if scheme.firms else 0)
    if watched.rules:
        names = joined([rule.behaviour for rule in watched.rules.values()])
        count = noun(len(watched.rules), "rule")
        yield f"{under}{count} of {of} never fired in {weeks}: {names}."
    if watched.lists:
        names = joined([scheme.lists[number - 1].name for number in sorted(watched.lists)])
        yield f"{under}Nobody was entered in {weeks} on: {names}."
    if watched.firm_lists:
        lists = joined(sorted(watched.firm_lists))
        many = "lists" if len(watched.firm_lists) > 1 else "list"
        yield f"{under}No firm was entered in {weeks} on the {lists} {many} of firms."
