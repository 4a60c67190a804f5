"""What claims measure in worlds, beyond the outcomes: functions registered by name.

``ALONE`` holds what is measured in one world (every outcome of `glasstown.lab.outcomes` too),
``TOGETHER`` what is measured in all worlds of a claim at once, citizen by citizen: they share
their luck, so a citizen of one world is the same citizen in the others.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from glasstown.engine import columns as c
from glasstown.engine.favours import ADULTS, LOW, count_favoured
from glasstown.engine.measures import INDEX
from glasstown.engine.world import BY_ERROR, BY_OTHERS, BY_SPEECH, CASH, SCORE
from glasstown.lab.claims.worlds import Lived
from glasstown.lab.outcomes import BY_NAME, EXCLUDED, WRONG
from glasstown.lab.phases import week_of
from glasstown.laws import publish as facts
from glasstown.society import layout as at
from glasstown.society.compilation import WEEKS_A_YEAR

Lanes = NDArray[np.bool_]
FRAUD = (
    "broken_contract", "pyramid_selling", "illegal_fundraising", "private_loan_breach",
    "counterfeit", "unsafe_food", "tax_evasion", "firm_contract", "unpaid_wages", "hiding_assets",
    "false_testimony",
)  # fmt: skip
"""Deeds that deceive somebody, of citizens and of firms: what counts as fraud here."""


class NothingToMeasureError(Exception):
    """What is to be compared is not there in these worlds, as no gathering without a spark."""


def over(above: float, below: float, what: str) -> float:
    """Return a ratio; say what is missing where there is nothing to divide by."""
    if below == 0:
        raise NothingToMeasureError(f"nothing to measure: nobody is {what}")
    return above / below


def lanes_of(words: NDArray[np.uint64]) -> Lanes:
    """Return the bits of words as one truth value a lane.

    >>> lanes_of(np.array([5, 1], np.uint64)).nonzero()[0].tolist()
    [0, 2, 64]
    """
    little = np.ascontiguousarray(words, dtype="<u8").view(np.uint8)
    return np.unpackbits(little, bitorder="little").astype(bool)


def fact(lived: Lived, plane: int) -> Lanes:
    """Return who has a fact, by lane."""
    return lanes_of(lived.state.words[plane])


def of_zone(lived: Lived, name: str) -> NDArray[np.int64]:
    """Return a number of the scheme in force at the end, int64 (lanes,)."""
    numbers = np.zeros(lived.state.listing.size, np.int64)
    for zone, row in enumerate(lived.society.layout.places.zones.tolist()):
        first = row[at.FIRST_BLOCK] * at.BLOCK
        scheme = lived.regimes.schemes[int(lived.regimes.of_zone[zone])]
        value = getattr(scheme.terms, name)
        numbers[first : first + row[at.BLOCKS] * at.BLOCK] = value
    return numbers


def flow(lived: Lived, *names: str) -> float:
    """Return the sum of flows over the weeks measured."""
    return float(lived.sums[:, [INDEX[name] for name in names]].sum())


def adult_years(lived: Lived) -> float:
    """Return the years that adults lived in the weeks measured."""
    return flow(lived, "adults") / WEEKS_A_YEAR


def records(lived: Lived) -> float:
    """Return the records made per adult and year, right and wrong: the cost of a system."""
    return flow(lived, "booked", "misbooked", "false_matches") / adult_years(lived)


def fraud(lived: Lived) -> float:
    """Return the deeds of `FRAUD` per adult and year, seen or not."""
    names = [one.name for one in lived.society.behaviours]
    columns = [c.WIDTH + names.index(name) for name in FRAUD]
    return float(lived.sums[:, columns].sum()) / adult_years(lived)


def deserved_low(lived: Lived) -> float:
    """Return the share of the publicly low who are so for their own deeds alone.

    But-for, as in `glasstown.laws.score.blame`: without what was booked by mistake, lost for
    others or for speech, the score would still be low.
    """
    low = fact(lived, facts.LOW)
    points = lived.state.points.astype(np.int64)
    limit, score = of_zone(lived, "low_below"), points[SCORE]
    others = (points[BY_ERROR], points[BY_OTHERS], points[BY_SPEECH], points[1:].sum(axis=0))
    own = np.logical_and.reduce([score - part < limit for part in others])
    return over(int((low & own).sum()), int(low.sum()), "publicly low")


def falsifying_opposed(lived: Lived) -> float:
    """Return the share of the privately opposed who voice praise, in the last week."""
    last = lived.sums[-1]
    return over(float(last[c.FALSIFYING]), float(last[c.OPPOSED]), "privately opposed")


def low_by_acquaintance(lived: Lived) -> float:
    """Return how often who knows a dishonest official is publicly low, over who knows none."""
    insiders = lived.scenario.scheme.insiders
    below = round(insiders.dishonest * 256) if insiders is not None else 0
    counts = count_favoured(lived.worlds, lived.state, lived.seed, below)
    strangers = over(int(counts[0, LOW]), int(counts[0, ADULTS]), "without such acquaintance")
    friends = over(int(counts[1, LOW]), int(counts[1, ADULTS]), "acquainted with such an official")
    return over(friends, strangers, "publicly low")


def wrong_of_excluded(lived: Lived) -> float:
    """Return the share of time shut out of a service that is not for the citizen's own doing."""
    return over(flow(lived, *WRONG), flow(lived, *EXCLUDED), "shut out")


def excluded_wrongly_years(lived: Lived) -> float:
    """Return the days a year that an adult is wrongly shut out, in the mean."""
    return flow(lived, *WRONG) / flow(lived, "adults") * 365.25


def children_for_each_listed(lived: Lived) -> float:
    """Return the children kept out of a school for each adult listed, in the mean week."""
    return over(flow(lived, "children_shut_out"), flow(lived, "listed"), "on a black list")


def group_ratio(lived: Lived) -> float:
    """Return how much oftener the first group is wrongly shut out than the rest, in the mean."""
    columns = [INDEX[name] for name in WRONG]
    wrong = lived.by_group[:, :, columns].sum(axis=(0, 2))
    rates = wrong / lived.by_group[:, :, c.ADULTS].sum(axis=0)
    return over(float(rates[0]), float(rates[-1]), "wrongly shut out in the rest")


def enrolled_before(lived: Lived) -> float:
    """Return the share of adults who take part in the last week before the last phase begins."""
    begins = max(week_of(lived.start, one.since) for one in lived.scenario.rollout)
    week = lived.sums[begins - 1]
    return float(week[c.ENROLLED] / week[c.ADULTS])


def put_in(lived: Lived) -> float:
    """Return the share of adults who take part at the end and did not before the last phase."""
    return BY_NAME["enrolled"].of(lived.sums) - enrolled_before(lived)


def but_for_low(worlds: Sequence[Lived]) -> float:
    """Return the share of the publicly low of the first world who are not low in the second."""
    low, without = (fact(one, facts.LOW) for one in worlds[:2])
    return over(int((low & ~without).sum()), int(low.sum()), "publicly low")


def spared_by_cash(worlds: Sequence[Lived]) -> float:
    """Return the share of their loss that cash spares those who pay it.

    Who pays cash at the end of the first world: how much higher they stand than the same citizens
    do in the second, where nobody can turn to cash, over what they have lost there.
    """
    payers = fact(worlds[0], CASH)
    with_cash, without = (one.state.points[SCORE].astype(np.int64) for one in worlds[:2])
    lost = (of_zone(worlds[1], "start") - without)[payers].sum()
    return over(float((with_cash - without)[payers].sum()), float(max(lost, 0)), "paying cash")


def silent_unpunished(worlds: Sequence[Lived]) -> float:
    """Return the share of the second world's critics who are silent in the first, unpunished.

    Unpunished: on no list, not shamed, and with a score at the start or above it.
    """
    critics = fact(worlds[1], facts.CRITICAL)
    here = worlds[0]
    stands = here.state.points[SCORE].astype(np.int64) >= of_zone(here, "start")
    spared = stands & ~fact(here, facts.LISTED) & ~fact(here, facts.SHAMED)
    silent = critics & spared & ~fact(here, facts.CRITICAL)
    return over(int(silent.sum()), int(critics.sum()), "a critic")


def _standing(lived: Lived, name: str) -> float:
    """Return what stands at the end: cut ties, caution, or critics."""
    whole = lived.sums
    if name == "ties":
        return float((whole[:, c.TIES_CUT] - whole[:, c.TIES_MENDED]).sum())
    return float(whole[-1, {"caution": c.CAUTION_SUM, "speech": c.CRITICAL}[name]])


def _left(worlds: Sequence[Lived], name: str) -> float:
    """Return the share of the damage that is left: ended, never ended, never begun."""
    ended, kept, never = (_standing(one, name) for one in worlds[:3])
    return over(ended - never, kept - never, f"damaged in {name}")


def left_of_caution(worlds: Sequence[Lived]) -> float:
    """Return the share of the caution raised that is left after the end of the scheme."""
    return _left(worlds, "caution")


def left_of_ties(worlds: Sequence[Lived]) -> float:
    """Return the share of the ties cut that are still cut after the end of the scheme."""
    return _left(worlds, "ties")


def left_of_speech(worlds: Sequence[Lived]) -> float:
    """Return the share of the critics silenced who are still silent after the end."""
    return _left(worlds, "speech")


def left_of_worst(worlds: Sequence[Lived]) -> float:
    """Return the largest of what is left of caution, cut ties and silence."""
    return max(left_of_caution(worlds), left_of_ties(worlds), left_of_speech(worlds))


_FUNCTIONS: tuple[Callable[[Lived], float], ...] = (
    records, fraud, deserved_low, falsifying_opposed, low_by_acquaintance, wrong_of_excluded,
    excluded_wrongly_years, children_for_each_listed, group_ratio, enrolled_before, put_in,
)  # fmt: skip


def _outcome(name: str) -> Callable[[Lived], float]:
    return lambda lived: BY_NAME[name].of(lived.sums)


ALONE: dict[str, Callable[[Lived], float]] = {
    **{name: _outcome(name) for name in BY_NAME},
    **{one.__name__: one for one in _FUNCTIONS},
}
TOGETHER: dict[str, Callable[[Sequence[Lived]], float]] = {
    one.__name__: one
    for one in (
        but_for_low, spared_by_cash, silent_unpunished, left_of_caution, left_of_ties,
        left_of_speech, left_of_worst,
    )
}  # fmt: skip
