"""Outcomes: what a run did to people, as the numbers that runs are compared by.

Each is a number for the whole country, made from the weekly national tallies: shares of adults at
the end, or rates per adult and year over the run. And, citizen by citizen, who is shut out.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from glasstown.engine.country import Country
from glasstown.engine.measures import CAUSES, INDEX, OWN_CAUSES, SERVICES, WRONGLY
from glasstown.engine.world import BY_ERROR, BY_OTHERS, BY_SPEECH, SCORE
from glasstown.laws.sanction import NEVER
from glasstown.laws.score import ASSOCIATION, MISIDENTIFIED, OWN, SEVERAL, SPEECH
from glasstown.scheme.compilation import DENIES, CompiledScheme
from glasstown.society import layout as at
from glasstown.society.compilation import WEEKS_A_YEAR

Sums = NDArray[np.int64]
NOT_EXCLUDED = -1


class Outcome(NamedTuple):
    """One number that runs are compared by."""

    name: str
    unit: str
    meaning: str
    of: Callable[[Sums], float]


def _share(*names: str) -> Callable[[Sums], float]:
    """Return a stock (or several, added) of the last week as a share of adults."""
    columns = [INDEX[name] for name in names]
    return lambda sums: float(sums[-1, columns].sum() / sums[-1, INDEX["adults"]])


def _rate(*names: str) -> Callable[[Sums], float]:
    """Return a flow (or several, added) per adult and year."""
    columns = [INDEX[name] for name in names]
    return lambda sums: float(
        sums[:, columns].sum() / sums[:, INDEX["adults"]].sum() * WEEKS_A_YEAR
    )


def _mean_score(sums: Sums) -> float:
    return float(sums[-1, INDEX["score_sum"]] / sums[-1, INDEX["adults"]] / 10)


EXCLUDED = tuple(f"excluded_{cause}" for cause in OWN_CAUSES)
WRONG = tuple(f"excluded_{cause}" for cause in OWN_CAUSES if cause in WRONGLY)
SHARE, RATE = "share of adults at the end", "per adult and year"

OUTCOMES: tuple[Outcome, ...] = (
    Outcome("excluded", SHARE, "Shut out of a service.", _share(*EXCLUDED)),
    Outcome("excluded_wrongly", SHARE, "Shut out, not for their own doing.", _share(*WRONG)),
    Outcome(
        "excluded_association", SHARE, "Shut out for others.", _share("excluded_association")
    ),
    Outcome("listed", SHARE, "On a black list.", _share("listed")),
    Outcome("low", SHARE, "Publicly low.", _share("low")),
    Outcome("score", "points", "Mean score at the end.", _mean_score),
    Outcome("denied", RATE, "Requests refused.", _rate(*(f"denied_{one}" for one in SERVICES))),
    Outcome(
        "denied_wrongly", RATE, "Requests refused, not for their own doing.",
        _rate(*(f"denied_for_{one}" for one in WRONGLY)),
    ),
    Outcome("offences", RATE, "Offences, seen or not.", _rate("offences")),
    Outcome("merits", RATE, "Merits, seen or not.", _rate("merits")),
    Outcome("firm_offences", RATE, "Offences of firms.", _rate("firm_offences")),
    Outcome("shamings", RATE, "Faces shown on screens.", _rate("shamings")),
    Outcome("critical", SHARE, "Voice criticism.", _share("critical")),
    Outcome("mobilising", SHARE, "Call others to come together.", _share("mobilising")),
    Outcome("praising", SHARE, "Voice praise.", _share("praising")),
    Outcome("falsifying", SHARE, "Privately opposed and voice praise.", _share("falsifying")),
    Outcome("silenced", SHARE, "Privately opposed and say nothing.", _share("silenced")),
    Outcome("cautious", SHARE, "Caution above one half.", _share("cautious")),
    Outcome("paying_cash", SHARE, "Pay cash though they could pay digitally.",
            _share("paying_cash")),
    Outcome("ties_cut", RATE, "Ties cut.", _rate("ties_cut")),
    Outcome("gathered", RATE, "Joined a gathering.", _rate("gathered")),
    Outcome("enrolled", SHARE, "Take part in the score.", _share("enrolled")),
)  # fmt: skip

BY_NAME: dict[str, Outcome] = {one.name: one for one in OUTCOMES}


def national(tallies: Sequence[Sums]) -> Sums:
    """Return the national sums of weekly tallies (zones, groups, width), int64 (weeks, width)."""
    return np.array([tally.sum(axis=(0, 1)) for tally in tallies])


def excluded_for(country: Country) -> NDArray[np.int8]:
    """Return, for every lane, the cause (a place in CAUSES) of standing exclusion.

    int8 (lanes,), NOT_EXCLUDED where there is none: the same cause that the tallies count.
    """
    causes = np.full(country.state.listing.size, NOT_EXCLUDED, np.int8)
    for zone, row in enumerate(country.society.layout.places.zones.tolist()):
        first = row[at.FIRST_BLOCK] * at.BLOCK
        lanes = slice(first, first + row[at.CITIZENS])
        scheme = country.regimes.schemes[int(country.regimes.of_zone[zone])]
        causes[lanes] = causes_among(country, scheme, lanes)
    return causes


def causes_among(
    country: Country, scheme: CompiledScheme, lanes: slice | NDArray[np.int64]
) -> NDArray[np.int8]:
    """Return the causes of lanes that live under one scheme; see `glasstown.laws.score.blame`."""
    points = country.state.points[:, lanes].astype(np.int64)
    listing, t = country.state.listing[lanes].astype(np.int64), scheme.terms
    score = points[SCORE]
    limits = (t.limit_1, t.limit_2, t.limit_3, t.limit_4, t.limit_5)
    tier = (score[:, None] < np.array(limits)).sum(axis=1)
    limit = scheme.rules.deny_until[tier]
    causes = np.full(score.size, OWN, np.int8)
    parts = points[BY_ERROR], points[BY_OTHERS], points[BY_SPEECH]
    # The first that makes the difference counts, so it is written last.
    for cause, part in (
        (SEVERAL, sum(parts)), (SPEECH, parts[2]), (ASSOCIATION, parts[1]),
        (MISIDENTIFIED, parts[0]),
    ):  # fmt: skip
        causes[score - part >= limit] = cause
    causes[limit == NEVER] = NOT_EXCLUDED
    listed = (listing & 3) * (1 - ((listing >> 5) & 1))
    denies = scheme.rules.lists[listed, DENIES] == 1
    causes[denies] = ((listing >> 2) & 7)[denies]
    return causes


assert len(CAUSES) <= 127
