"""Sanction against gravity, as the rules declare it: what one record of a deed may cost.

Two ways lead to refusals. *By list*: a record enters with a declared probability; how long the
listing lasts follows from its term, the rate at which what is owed is performed, repair and
appeal, week by week (renewals, favours of officials and the score left aside). *By score*: so
many records within a short time bring the score from its start to the first refusal; the time
until it is over follows from the half-life of points.
"""

from __future__ import annotations

import math
from typing import NamedTuple

from glasstown.lab.assessment.domains import chances_of, points_of, schemes_of
from glasstown.lab.scenario import Scenario
from glasstown.scheme.declaration import Scheme
from glasstown.scheme.lists import Listing
from glasstown.scheme.units import weekly_q32
from glasstown.society.catalogue import behaviours
from glasstown.society.declaration import Behaviour

LONGEST = 1040
"""Weeks after which a listing counts as without end here."""
TAIL = 0.99
Q32 = 1 << 32


class Penalty(NamedTuple):
    """What a record of one behaviour may cost under one scheme.

    ``listed`` is the probability that a record enters a black list that denies something;
    ``weeks_p50`` and ``weeks_p99`` are the weeks on it, once entered, that half of all and 99 of
    100 do not exceed (``LONGEST``: longer than that, or without end); ``records`` are those that
    bring a score from its start to the first refusal, ``score_weeks`` the weeks until that fades
    (None: never, without other deeds). Without such a way, None.
    """

    behaviour: str
    domain: str
    gravity: int
    points: float
    listed: float
    weeks_p50: int | None
    weeks_p99: int | None
    records: int | None
    score_weeks: float | None

    @property
    def weeks_per_gravity(self) -> float | None:
        """The long end of a listing over the gravity of the deed, once entered."""
        if self.weeks_p99 is None:
            return None
        return self.weeks_p99 / max(self.gravity, 1)


def penalties(scenario: Scenario) -> list[Penalty]:
    """Return what records of each behaviour may cost, the worst scheme of the scenario's."""
    found: dict[str, Penalty] = {}
    for scheme in schemes_of(scenario):
        for one in behaviours():
            if one.by == "firm":
                continue
            made = _penalty(scheme, one, scenario.without)
            known = found.get(one.name)
            if made is not None and (known is None or _badness(made) > _badness(known)):
                found[one.name] = made
    return sorted(found.values(), key=_badness, reverse=True)


def _badness(one: Penalty) -> tuple[float, float, float]:
    return (one.listed * (one.weeks_p99 or 0), -one.points, one.listed)


def _penalty(scheme: Scheme, deed: Behaviour, without: list[str]) -> Penalty | None:
    points = points_of(scheme, deed)
    if ("speech" if deed.kind == "speech" else "score") in without:
        points = 0.0
    chances = {} if "lists" in without else chances_of(scheme, deed.name)
    denying = {one.list for one in scheme.sanctions if one.list and "sanctions" not in without}
    entered = [
        (chances[one.name], weeks_on(one, scheme, deed, without))
        for one in scheme.lists
        if one.name in chances and one.name in denying
    ]
    if points >= 0 and not entered:
        return None
    worst = max(entered, key=lambda row: row[0] * row[1][1], default=None)
    records, weeks = _by_score(scheme, points, without)
    return Penalty(
        deed.name, deed.domain, deed.gravity, min(points, 0.0), worst[0] if worst else 0.0,
        worst[1][0] if worst else None, worst[1][1] if worst else None, records, weeks,
    )  # fmt: skip


def weeks_on(one: Listing, scheme: Scheme, deed: Behaviour, without: list[str]) -> tuple[int, int]:
    """Return the weeks on a list that half of all, and 99 of 100, do not exceed."""
    left, weeks = 1.0, 0
    term = one.term_weeks or LONGEST
    if deed.inability:
        term = one.term_weeks_unable or term
    performed = 0.0 if deed.inability else weekly_q32(one.performed) / Q32
    repair = scheme.repair if "repair" not in without else None
    appeal = scheme.appeal if "appeal" not in without else None
    median = None
    for weeks in range(1, min(term, LONGEST) + 1):
        left *= 1 - performed
        if repair is not None and weeks >= repair.after_weeks:
            left *= 1 - weekly_q32(repair.rate) / Q32
        if appeal is not None and weeks == appeal.delay_weeks:
            success = appeal.success_when_wrong if deed.inability else appeal.success_when_right
            left *= 1 - appeal.notice * appeal.rate * success
        if median is None and left <= 0.5:
            median = weeks
        if left <= 1 - TAIL:
            break
    return median if median is not None else weeks, weeks


def _by_score(
    scheme: Scheme, points: float, without: list[str]
) -> tuple[int | None, float | None]:  # fmt: skip
    """Return the records to the first refusal by score, and the weeks until it fades."""
    limit = first_refusal(scheme, without)
    if points >= 0 or limit is None or scheme.score is None:
        return None, None
    room = scheme.score.start - limit
    records = math.floor(round(room / -points, 9)) + 1
    depth = min(records * -points, scheme.score.start - scheme.score.floor)
    expiry = scheme.expiry if "expiry" not in without else None
    if expiry is None or room <= 0:
        return records, None
    return records, expiry.half_life_weeks * math.log2(depth / room)


def first_refusal(scheme: Scheme, without: list[str]) -> float | None:
    """Return the score below which something is refused or delayed; None if by no score."""
    limits = []
    if "sanctions" in without:
        return None
    names = [tier.name for tier in scheme.tiers]
    for one in scheme.sanctions:
        if one.tier is not None and "tiers" not in without:
            place = names.index(one.tier)
            if place > 0:
                limits.append(scheme.tiers[place - 1].at_least)
    denying = {one.list for one in scheme.sanctions if one.list}
    for black in scheme.lists:
        if black.score_below is not None and black.name in denying and "lists" not in without:
            limits.append(black.score_below)
    start = scheme.score.start if scheme.score is not None else 0.0
    return max((one for one in limits if one <= start), default=None)
