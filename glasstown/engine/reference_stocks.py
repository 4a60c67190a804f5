"""Stocks recounted and facts published, as the reference engine does them: nothing is carried over.

Who is low, listed or specially served is worked out from score and listing each time.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from glasstown.engine.measures import CAUSES, HOSPITAL, INDEX
from glasstown.engine.reference_people import Citizen
from glasstown.engine.reference_week import Books
from glasstown.engine.world import CASH, PUBLISHED, SERVED
from glasstown.laws import publish as facts
from glasstown.laws.sanction import DELAY, DENY, FAVOUR, NEVER, NOTHING, cause_of
from glasstown.society.traits import SUPPORTS_FROM

CAUTIOUS_FROM = 128
"""Caution from which an adult is counted as cautious: above one half."""


def mark_standing(books: Books, citizen: Citizen) -> None:
    """Mark whether a citizen is low, listed, and under any sanction or reward."""
    is_low = facts.is_publicly_low(books.points(citizen), books.terms.low_below)
    treatments = books.by_tier(citizen) + books.by_list(citizen)
    books.set_bit(citizen, facts.LOW, int(is_low))
    books.set_bit(citizen, facts.LISTED, int(books.is_black(citizen)))
    books.set_bit(citizen, SERVED, int(any(action != NOTHING for action in treatments)))


def publish(books: Books) -> None:
    """Let everybody know from next week on what is known of every adult now."""
    for citizen in books.people.adults:
        mark_standing(books, citizen)
        for fact in range(facts.FACTS):
            books.set_bit(citizen, PUBLISHED + fact, books.bit(citizen, fact))


def recount(books: Books, shape: tuple[int, int, int]) -> NDArray[np.int64]:
    """Return every stock by zone and group, in its column of a tally of the given shape."""
    zones, groups, width = shape
    tally = [[[0] * width for _ in range(groups)] for _ in range(zones)]
    for citizen in books.people.adults:
        row = tally[citizen.zone][citizen.group]
        for measure, amount in standing(books, citizen):
            row[INDEX[measure]] += amount
        for measure in voice(books, citizen):
            row[INDEX[measure]] += 1
    return np.array(tally, np.int64)


def standing(books: Books, citizen: Citizen) -> Iterator[tuple[str, int]]:
    """Yield what an adult counts for by score, listing and caution."""
    t, score, caution = books.terms, books.points(citizen), books.caution(citizen)
    is_listed, is_black = books.listed_on(citizen) > 0, books.is_black(citizen)
    action = books.treatment(citizen, HOSPITAL)
    yield "adults", 1
    yield "score_sum", score
    yield f"tier_{books.tier(score) + 1}", 1
    yield f"score_bin_{(score - t.floor) * t.bin_q32 >> 32:02d}", 1
    yield "low", int(facts.is_publicly_low(score, t.low_below))
    yield "listed", int(is_black)
    yield "listed_red", int(is_listed and not is_black)
    yield "hospital_first", int(action == FAVOUR)
    yield "hospital_last", int(action == DELAY)
    yield "caution_sum", caution
    yield "cautious", int(caution >= CAUTIOUS_FROM)
    cause = exclusion(books, citizen)
    if cause is not None:
        yield f"excluded_{CAUSES[cause]}", 1


def exclusion(books: Books, citizen: Citizen) -> int | None:
    """Return why an adult is shut out of some service: the list's cause before the score's."""
    if DENY in books.by_list(citizen):
        return cause_of(books.listing(citizen))
    limit = books.rules.deny_until[books.tier(books.points(citizen))]
    return None if limit == NEVER else books.blame(citizen, limit)


def voice(books: Books, citizen: Citizen) -> Iterator[str]:
    """Yield what an adult counts for by what is shown, paid and said."""
    is_opposed = citizen.trait("opinion") < SUPPORTS_FROM
    is_praising = books.bit(citizen, facts.PRAISING) == 1
    is_critical = books.bit(citizen, facts.CRITICAL) == 1
    for measure, holds in (
        ("shamed", books.bit(citizen, facts.SHAMED) == 1),
        ("paying_cash", books.bit(citizen, CASH) == 1),
        ("opposed", is_opposed),
        ("praising", is_praising),
        ("critical", is_critical),
        ("falsifying", is_opposed and is_praising),
        ("silenced", is_opposed and not is_praising and not is_critical),
    ):
        if holds:
            yield measure
