"""Stocks recounted and facts published, as the reference engine does them: nothing is carried over.

Who is low, listed or specially served is worked out from score and listing each time.
"""

from __future__ import annotations

from collections.abc import Container, Iterator

import numpy as np
from numpy.typing import NDArray

from glasstown.engine.measures import CAUSES, HOSPITAL, INDEX
from glasstown.engine.reference_firms import firm_list, firm_points, rating
from glasstown.engine.reference_owners import Firm
from glasstown.engine.reference_people import Citizen
from glasstown.engine.reference_week import Books
from glasstown.engine.world import (
    CASH,
    COMPLIANCE,
    HUSHED,
    MOBILISING,
    PUBLISHED,
    SERVED,
    SOCIAL,
    UNHEARD,
)
from glasstown.laws import publish as facts
from glasstown.laws.firm import BLACK, RED
from glasstown.laws.sanction import DELAY, DENY, FAVOUR, NEVER, NOTHING, cause_of, tier_of
from glasstown.society.traits import SUPPORTS_FROM

CAUTIOUS_FROM = 128
"""Caution from which an adult is counted as cautious: above one half."""


def mark_standing(books: Books, citizen: Citizen) -> None:
    """Mark whether a citizen is low, listed, and under any sanction, reward or notice."""
    is_low = facts.is_publicly_low(books.points(citizen), books.terms(citizen).low_below)
    treatments = books.by_tier(citizen) + books.by_list(citizen)
    is_touched = any(action != NOTHING for action in treatments)
    books.set_bit(citizen, facts.LOW, int(is_low))
    books.set_bit(citizen, facts.LISTED, int(books.is_black(citizen)))
    books.set_bit(citizen, SERVED, int(is_touched or books.is_noticed(citizen)))


def publish(books: Books) -> None:
    """Let everybody know from next week on what is known of every adult now."""
    for citizen in books.people.adults:
        mark_standing(books, citizen)
        for fact in range(facts.FACTS):
            books.set_bit(citizen, PUBLISHED + fact, books.bit(citizen, fact))
        books.set_bit(citizen, HUSHED, books.bit(citizen, UNHEARD))


def recount(
    books: Books, shape: tuple[int, int, int], zones: Container[int] | None = None
) -> NDArray[np.int64]:
    """Return every stock by zone and group, in its column of a tally of the given shape.

    ``zones`` are those to count in; nothing: all.
    """
    of_zone, groups, width = shape
    tally = [[[0] * width for _ in range(groups)] for _ in range(of_zone)]
    for citizen in books.people.adults:
        if zones is None or citizen.zone in zones:
            row = tally[citizen.zone][citizen.group]
            for measure, amount in standing(books, citizen):
                row[INDEX[measure]] += amount
            for measure in voice(books, citizen):
                row[INDEX[measure]] += 1
    for firm in books.realm.firms.values():
        if zones is None or firm.zone in zones:
            row = tally[firm.zone][firm.owner.group]
            for measure, amount in firm_standing(books, firm):
                row[INDEX[measure]] += amount
    return np.array(tally, np.int64)


def standing(books: Books, citizen: Citizen) -> Iterator[tuple[str, int]]:
    """Yield what an adult counts for by score, listing and caution."""
    t, score, caution = books.terms(citizen), books.points(citizen), books.caution(citizen)
    action = books.treatment(citizen, HOSPITAL)
    yield "adults", 1
    yield "enrolled", int(books.is_enrolled(citizen)) * books.terms(citizen).has_score
    yield "score_sum", score
    yield f"tier_{books.tier(citizen, score) + 1}", 1
    yield f"score_bin_{(score - t.floor) * t.bin_q32 >> 32:02d}", 1
    yield "low", int(facts.is_publicly_low(score, t.low_below))
    yield "listed", int(books.is_black(citizen))
    yield "listed_red", int(books.is_red(citizen))
    yield "noticed", int(books.is_noticed(citizen))
    yield "hospital_first", int(action == FAVOUR)
    yield "hospital_last", int(action == DELAY)
    yield "caution_sum", caution
    yield "cautious", int(caution >= CAUTIOUS_FROM)
    cause = exclusion(books, citizen)
    if cause is not None:
        yield f"excluded_{CAUSES[cause]}", 1


def firm_standing(books: Books, firm: Firm) -> Iterator[tuple[str, int]]:
    """Yield what a firm counts for, in its owner's group."""
    t, listed = books.terms(firm.owner), firm_list(books, firm)
    yield "firms", 1
    yield "firms_black", int(listed == BLACK)
    yield "firms_red", int(listed == RED)
    yield "firm_compliance_sum", firm_points(books, firm, COMPLIANCE)
    yield "firm_social_sum", firm_points(books, firm, SOCIAL)
    if t.firm_tiers > 0:
        limits = (t.firm_limit_1, t.firm_limit_2, t.firm_limit_3, t.firm_limit_4)
        yield f"firm_tier_{tier_of(rating(books, firm), *limits, NEVER) + 1}", 1


def exclusion(books: Books, citizen: Citizen) -> int | None:
    """Return why an adult is shut out of some service: the list's cause before the score's."""
    if DENY in books.by_list(citizen):
        return cause_of(books.listing(citizen))
    limit = books.rules(citizen).deny_until[books.tier(citizen, books.points(citizen))]
    return None if limit == NEVER else books.blame(citizen, limit)


def voice(books: Books, citizen: Citizen) -> Iterator[str]:
    """Yield what an adult counts for by what is shown, paid and said."""
    is_opposed = books.trait(citizen, "opinion") < SUPPORTS_FROM
    is_praising = books.bit(citizen, facts.PRAISING) == 1
    is_critical = books.bit(citizen, facts.CRITICAL) == 1
    for measure, holds in (
        ("shamed", books.bit(citizen, facts.SHAMED) == 1),
        ("paying_cash", books.bit(citizen, CASH) == 1),
        ("opposed", is_opposed),
        ("praising", is_praising),
        ("critical", is_critical),
        ("mobilising", books.bit(citizen, MOBILISING) == 1),
        ("falsifying", is_opposed and is_praising),
        ("silenced", is_opposed and not is_praising and not is_critical),
    ):
        if holds:
            yield measure
