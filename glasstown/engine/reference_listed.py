"""Serve and remedy, as the reference engine does them: every adult asked, one service at a time."""

from __future__ import annotations

from glasstown.engine.measures import CAUSES, HOSPITAL, SCHOOL, SERVICES
from glasstown.engine.reference_people import Citizen
from glasstown.engine.reference_sanction import put_in_force, renew, sanction
from glasstown.engine.reference_week import Books, Week
from glasstown.engine.world import BY_ERROR, CUT, OWNER_HIT
from glasstown.laws import publish as facts
from glasstown.laws import remedy as remedies
from glasstown.laws import sanction as sanctions
from glasstown.laws import score as scoring
from glasstown.laws import serve as serving
from glasstown.laws.draws import (
    APPEAL,
    DEMAND,
    INSIDE,
    NOTICE,
    REMEDY,
    draw,
    field,
    high32,
    low32,
)
from glasstown.scheme.compilation import BELOW, GRACE, PERFORMED, TERM, TERM_UNABLE
from glasstown.society import traits
from glasstown.society.ties import HOUSEHOLD_TIES


def serve(week: Week) -> None:
    """Answer everybody's requests for services that a tier, a list or a household touches."""
    for citizen in week.people.everybody:
        if citizen.is_adult:
            actions = zip(week.by_tier(citizen), week.by_list(citizen), strict=True)
            for service, (by_tier, by_list) in enumerate(actions):
                if service != SCHOOL:
                    serve_adult(week, citizen, service, by_tier, by_list)
        elif is_denied_for_household(week, citizen, SCHOOL):
            week.count(citizen, "children_shut_out")
            deny(week, citizen, SCHOOL, scoring.HOUSEHOLD)


def serve_adult(week: Week, citizen: Citizen, service: int, by_tier: int, by_list: int) -> None:
    """Answer an adult's requests: a denial counts once, for the citizen's own standing first."""
    action = sanctions.treatment(by_tier, by_list)
    if action == sanctions.DENY:
        deny(week, citizen, service, denial_cause(week, citizen, by_list))
    elif is_denied_for_firm(week, citizen, service):
        deny(week, citizen, service, scoring.FIRM)
    elif is_denied_for_household(week, citizen, service):
        deny(week, citizen, service, scoring.HOUSEHOLD)
    elif action == sanctions.FAVOUR:
        count = requests(week, citizen, service)
        week.count(citizen, f"favoured_{SERVICES[service]}", count)
    elif action == sanctions.DELAY and service == HOSPITAL:
        week.count(citizen, "hospital_requests_delayed", requests(week, citizen, service))


def deny(week: Week, citizen: Citizen, service: int, cause: int) -> None:
    """Deny a week's requests for a service."""
    count = requests(week, citizen, service)
    week.note("serve", citizen, "denied", service=service, cause=cause, requests=count)
    week.count(citizen, f"denied_{SERVICES[service]}", count)
    week.count(citizen, f"denied_for_{CAUSES[cause]}", count)


def denial_cause(week: Week, citizen: Citizen, by_list: int) -> int:
    """Return why a service is denied to an adult: the list's cause before the score's."""
    if by_list == sanctions.DENY:
        return sanctions.cause_of(week.listing(citizen))
    tier = week.tier(citizen, week.points(citizen))
    return week.blame(citizen, week.rules(citizen).deny_until[tier])


def is_denied_for_firm(week: Week, citizen: Citizen, service: int) -> bool:
    """Return whether a service is denied to the owner of a firm that was found listed."""
    is_touched = (week.terms(citizen).firm_denies >> service) & 1 == 1
    return is_touched and week.bit(citizen, OWNER_HIT) == 1


def is_denied_for_household(week: Week, citizen: Citizen, service: int) -> bool:
    """Return whether a service is denied for a member of the household known to be listed."""
    if (week.terms(citizen).household_denies >> service) & 1 == 0 or week.is_black(citizen):
        return False
    return any(week.is_known(other, facts.LISTED) for other in citizen.household)


def requests(week: Week, citizen: Citizen, service: int) -> int:
    """Return how often a citizen asks for a service this week."""
    people = week.regime(citizen.zone).people
    byte, heavy_from = people.demand_from[service]
    heavy = int(traits.trait_byte(citizen.second, byte) >= heavy_from)
    bits = draw(week.keys[DEMAND], citizen.block_key, citizen.lane * 4 + service // 2)
    return serving.poisson_count(
        field(bits, 32 * (service % 2), 32), *people.demand[service][heavy]
    )


def remedy(week: Week) -> None:
    """Look at every black listing and every notice from before this week."""
    for citizen in week.people.adults:
        is_notice = week.is_noticed(citizen)
        if not is_notice and not week.is_black(citizen):
            continue
        if sanctions.week_of(week.listing(citizen)) < week.number:
            before = week.points(citizen)
            if is_notice:
                decide_notice(week, citizen)
            else:
                end(week, citizen)
            sanction(week, citizen, before)


def decide_notice(week: Week, citizen: Citizen) -> None:
    """Spare who appeals or performs in time; once the grace is over the listing is in force."""
    listing = week.listing(citizen)
    noticed, cause = sanctions.notice_of(listing), sanctions.cause_of(listing)
    row, age = week.rules(citizen).lists[noticed], week.number - sanctions.week_of(listing)
    bits = draw(week.keys[REMEDY], citizen.block_key, citizen.lane)
    week.note("remedy", citizen, "notice", draw=low32(bits), limit=row[PERFORMED], age=age)
    if is_appeal_won(week, citizen, listing):
        spare(week, citizen, "appeal")
        correct(week, citizen)
    elif cause != scoring.INABILITY and low32(bits) < row[PERFORMED]:
        spare(week, citizen, "performed")
    elif age >= row[GRACE]:
        put_in_force(week, citizen, noticed, cause)


def spare(week: Week, citizen: Citizen, way: str) -> None:
    """Let a notice come to nothing."""
    week.set_listing(citizen, 0)
    week.count(citizen, f"spared_{way}")


def end(week: Week, citizen: Citizen) -> None:
    """End a listing, if it ends: by its term, an appeal, an insider, performance or repair."""
    t, listing = week.terms(citizen), week.listing(citizen)
    row = week.rules(citizen).lists[sanctions.list_of(listing)]
    cause, age = sanctions.cause_of(listing), week.number - sanctions.week_of(listing)
    if remedies.is_term_over(age, remedies.term_of(cause, row[TERM], row[TERM_UNABLE])):
        if week.points(citizen) >= row[BELOW]:
            leave(week, citizen, "term")
            return
        week.note("remedy", citizen, "still below", score=week.points(citizen), limit=row[BELOW])
        renew(week, citizen)
    if is_appeal_won(week, citizen, listing):
        leave(week, citizen, "appeal")
        correct(week, citizen)
        return
    if is_struck_off(week, citizen):
        leave(week, citizen, "insiders")
        return
    bits = draw(week.keys[REMEDY], citizen.block_key, citizen.lane)
    week.note("remedy", citizen, "performs", draw=low32(bits), limit=row[PERFORMED], age=age)
    week.note("remedy", citizen, "repairs", draw=high32(bits), limit=t.repair_week_q32, age=age)
    way = remedies.early_exit(
        cause, age, low32(bits), high32(bits), row[PERFORMED], t.repair_week_q32, t.repair_after
    )
    if way == remedies.PERFORMED:
        leave(week, citizen, "performed")
    if way == remedies.REPAIR:
        leave(week, citizen, "repair")
        repair(week, citizen)


def repair(week: Week, citizen: Citizen) -> None:
    """Win points back by repair; who takes no part in the score has none to win."""
    points = week.terms(citizen).repair_points if week.is_enrolled(citizen) else 0
    week.count(citizen, "points_won_repair", week.move_score(citizen, points))


def is_appeal_won(week: Week, citizen: Citizen, listing: int) -> bool:
    """Decide an appeal against a listing or a notice, if one was made and is due."""
    t, since, cause = week.terms(citizen), sanctions.week_of(listing), sanctions.cause_of(listing)
    if week.number - since != t.appeal_delay:
        return False
    mail = draw(week.keys[NOTICE], citizen.block_key, citizen.lane * 1024 + since)
    week.note("remedy", citizen, "told", draw=low32(mail), limit=t.appeal_notice_q32)
    if low32(mail) >= t.appeal_notice_q32:
        week.count(citizen, "appeals_not_told")
        return False
    is_far = cause == scoring.MISIDENTIFIED and field(mail, 32, 16) < t.appeal_far_q16
    limit = remedies.appeal_limit(
        t.appeal_q32, t.appeal_cost_q16, week.trait(citizen, "income"), int(is_far),
        t.appeal_distance_q16,
    )  # fmt: skip
    bits = draw(week.keys[APPEAL], citizen.block_key, citizen.lane)
    week.note("remedy", citizen, "objects", draw=low32(bits), limit=limit, is_far=int(is_far))
    if low32(bits) >= limit:
        return False
    week.count(citizen, "appeals")
    is_won = remedies.appeal_succeeds(cause, high32(bits), t.appeal_wrong_q32, t.appeal_right_q32)
    week.note("remedy", citizen, "decided", draw=high32(bits), is_won=int(is_won))
    week.count(citizen, "appeals_won", int(is_won))
    return is_won


def is_struck_off(week: Week, citizen: Citizen) -> bool:
    """Let a listed citizen ask an official among the ties to be struck off."""
    t = week.terms(citizen)
    bits = draw(week.keys[INSIDE], citizen.block_key, 64 + citizen.lane)
    week.note("remedy", citizen, "asks", draw=low32(bits), limit=t.insider_strike_q32)
    return low32(bits) < t.insider_strike_q32 and is_favoured(week, citizen, high32(bits))


def is_favoured(week: Week, citizen: Citizen, bits: int) -> bool:
    """Return whether an official among the ties does a favour and is not caught at it."""
    if not has_insider(week, citizen):
        return False
    limit = week.terms(citizen).insider_caught_q32
    is_caught = bits < limit
    week.note("remedy", citizen, "favoured", draw=bits, limit=limit)
    week.count(citizen, "insiders_caught", int(is_caught))
    return not is_caught


def has_insider(week: Week, citizen: Citizen) -> bool:
    """Return whether a citizen has a tie to a dishonest official not known to be listed."""
    ties = week.people.ties(citizen)
    others = citizen.household + [other for tie, other in ties if lives(week, citizen, tie, other)]
    below = week.terms(citizen).insider_below
    return any(
        other.occupation == traits.OFFICIAL
        and week.trait(other, "honesty") < below
        and not week.is_known(other, facts.LISTED)
        for other in others
    )


def lives(books: Books, citizen: Citizen, tie: int, other: Citizen) -> bool:
    """Return whether both ends of a tie are open to it and keep it."""
    plane = CUT + tie - HOUSEHOLD_TIES
    return books.bit(citizen, plane) == 0 and books.bit(other, plane) == 0


def leave(week: Week, citizen: Citizen, exit_: str) -> None:
    """Take a citizen off a black list."""
    week.set_listing(citizen, 0)
    week.count(citizen, f"exits_{exit_}")


def correct(week: Week, citizen: Citizen) -> None:
    """Give back, or take back, the points that were booked by mistake."""
    by_error = week.points(citizen, BY_ERROR)
    week.count_points(citizen, "correction", week.move_score(citizen, -by_error))
    week.add_points(citizen, BY_ERROR, -by_error)
