"""Sanction, as the reference engine does it: notices, lists, renewals, faces on screens."""

from __future__ import annotations

from glasstown.engine.measures import CAUSES
from glasstown.engine.reference_people import Citizen
from glasstown.engine.reference_week import Week
from glasstown.laws import publish as facts
from glasstown.laws import remedy
from glasstown.laws import sanction as sanctions
from glasstown.laws import score as scoring
from glasstown.laws.draws import SHAME, draw, field, high32, low32
from glasstown.scheme.compilation import (
    ABOVE,
    ALWAYS_ABOVE,
    BELOW,
    ENTER_1,
    GRACE,
    IS_BLACK,
    LISTS,
    SHAMING,
    UNABLE_Q16,
    UNWILLING_Q16,
)
from glasstown.society.compilation import INABILITY


def enter_for_behaviour(
    week: Week, citizen: Citizen, behaviour: int, cause: int, enters: int
) -> None:
    """Enter a citizen on every list that a booked behaviour triggers, by 16 bits a list."""
    rule = week.rules(citizen).rules[behaviour]
    for entered in range(1, LISTS + 1):
        draws, limit = field(enters, 16 * (entered - 1), 16), rule[ENTER_1 + entered - 1]
        is_triggered = draws < limit
        if limit > 0:
            week.note("sanction", citizen, "triggers", behaviour=behaviour, list=entered,
                      draw=draws, limit=limit)  # fmt: skip
        if is_triggered and not is_spared(week, citizen, behaviour, entered, enters):
            enter(week, citizen, entered, cause)


def is_spared(week: Week, citizen: Citizen, behaviour: int, entered: int, enters: int) -> bool:
    """Look at the ability of who is about to enter a black list, and count who is spared."""
    row = week.rules(citizen).lists[entered]
    is_inability = week.kind(citizen, behaviour)[INABILITY] == 1
    week.note("sanction", citizen, "tested", list=entered, draw=field(enters, 48, 16),
              limit=row[UNABLE_Q16 if is_inability else UNWILLING_Q16])  # fmt: skip
    if row[IS_BLACK] == 0 or not remedy.is_spared(
        is_inability, field(enters, 48, 16), row[UNABLE_Q16], row[UNWILLING_Q16]
    ):
        return False
    week.count(citizen, "spared_unable" if is_inability else "spared_unwilling")
    return True


def enter(week: Week, citizen: Citizen, entered: int, cause: int) -> None:
    """Enter a citizen on a list: black goes before red, and a black trigger renews a black one.

    Who was given notice waits for what comes of it: no other trigger counts until then.
    """
    row = week.rules(citizen).lists[entered]
    if week.is_noticed(citizen):
        return
    if row[IS_BLACK] == 0:
        if week.listed_on(citizen) == 0:
            week.set_listing(citizen, sanctions.pack_listing(entered, cause, week.number))
            week.count(citizen, "entries_red")
        return
    if week.is_black(citizen):
        renew(week, citizen)
        return
    if week.is_red(citizen):
        week.count(citizen, "exits_red")
    if row[GRACE] > 0:
        week.set_listing(citizen, sanctions.pack_notice(entered, cause, week.number))
        week.count(citizen, "notices")
    else:
        put_in_force(week, citizen, entered, cause)


def put_in_force(week: Week, citizen: Citizen, entered: int, cause: int) -> None:
    """Publish a black listing: from now on it shuts out, and its term runs."""
    week.set_listing(citizen, sanctions.pack_listing(entered, cause, week.number))
    week.count(citizen, f"entries_{CAUSES[cause]}")
    week.raise_caution(citizen, week.response(citizen).listing_rise)
    draws, limit = low32(shame_bits(week, citizen)), week.rules(citizen).lists[entered][SHAMING]
    week.note("sanction", citizen, "shown for entry", draw=draws, limit=limit)
    if draws < limit:
        shame(week, citizen, cause)


def renew(week: Week, citizen: Citizen) -> None:
    """Start the term of a listing again: the list and the cause stay."""
    old = week.listing(citizen)
    week.set_listing(
        citizen,
        sanctions.pack_listing(sanctions.list_of(old), sanctions.cause_of(old), week.number),
    )
    week.count(citizen, "renewals")


def shame_bits(week: Week, citizen: Citizen) -> int:
    """Return the week's draw of shaming: 32 bits for an entry, 32 for a fall."""
    return draw(week.keys[SHAME], citizen.block_key, citizen.lane)


def shame(week: Week, citizen: Citizen, cause: int) -> None:
    """Show a citizen on public screens."""
    week.set_bit(citizen, facts.SHAMED, 1)
    week.count(citizen, "shamings")
    if remedy.is_wrong(cause):
        week.count(citizen, "shamings_wrong")
    week.raise_caution(citizen, week.terms(citizen).shame_rise)


def sanction(week: Week, citizen: Citizen, before: int) -> None:
    """Draw the consequences of a score that moved: lists, red lists, and the lowest tier."""
    now = week.points(citizen)
    if now < before:
        enter_for_low_score(week, citizen)
        leave_red_for_score(week, citizen)
    if now > before:
        enter_for_high_score(week, citizen)
    t, tier = week.terms(citizen), week.tier(citizen, now)
    has_fallen = tier != week.tier(citizen, before) and tier == t.lowest_tier
    if has_fallen:
        week.note("sanction", citizen, "shown for fall", draw=high32(shame_bits(week, citizen)),
                  limit=t.shame_lowest_q32)  # fmt: skip
    if has_fallen and high32(shame_bits(week, citizen)) < t.shame_lowest_q32:
        shame(week, citizen, week.blame(citizen, week.tier_limit(citizen, tier)))


def enter_for_low_score(week: Week, citizen: Citizen) -> None:
    """Enter who is on no black list on the first whose limit the score lies below."""
    for entered in range(1, LISTS + 1):
        limit = week.rules(citizen).lists[entered][BELOW]
        if week.points(citizen) < limit and not week.is_black(citizen):
            week.note("sanction", citizen, "below", list=entered, score=week.points(citizen),
                      limit=limit)  # fmt: skip
            enter(week, citizen, entered, week.blame(citizen, limit))


def enter_for_high_score(week: Week, citizen: Citizen) -> None:
    """Enter who is on no list on the first red one whose limit the score lies above."""
    for entered in range(1, LISTS + 1):
        limit = week.rules(citizen).lists[entered][ABOVE]
        if week.points(citizen) > limit:
            week.note("sanction", citizen, "above", list=entered, score=week.points(citizen),
                      limit=limit)  # fmt: skip
            enter(week, citizen, entered, scoring.OWN)


def leave_red_for_score(week: Week, citizen: Citizen) -> None:
    """Take a citizen off a red list when the score no longer lies above its limit."""
    limit = week.rules(citizen).lists[week.listed_on(citizen)][ABOVE]
    if week.is_red(citizen) and limit != ALWAYS_ABOVE and week.points(citizen) <= limit:
        leave_red(week, citizen)


def leave_red(week: Week, citizen: Citizen) -> None:
    """Take a citizen off a red list."""
    week.set_listing(citizen, 0)
    week.count(citizen, "exits_red")
