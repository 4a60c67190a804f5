"""Serve and remedy, as the reference engine does them: every adult asked, one service at a time."""

from __future__ import annotations

from glasstown.engine.measures import CAUSES, HOSPITAL, SCHOOL, SERVICES
from glasstown.engine.reference_events import renew, sanction
from glasstown.engine.reference_people import Citizen
from glasstown.engine.reference_week import Week
from glasstown.engine.world import BY_ERROR
from glasstown.laws import publish as facts
from glasstown.laws import remedy as remedies
from glasstown.laws import sanction as sanctions
from glasstown.laws import score as scoring
from glasstown.laws import serve as serving
from glasstown.laws.draws import APPEAL, DEMAND, REMEDY, draw, field, high32, low32
from glasstown.scheme.compilation import BELOW, PERFORMED, TERM
from glasstown.society import traits


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
    week.count(citizen, f"denied_{SERVICES[service]}", count)
    week.count(citizen, f"denied_for_{CAUSES[cause]}", count)


def denial_cause(week: Week, citizen: Citizen, by_list: int) -> int:
    """Return why a service is denied to an adult: the list's cause before the score's."""
    if by_list == sanctions.DENY:
        return sanctions.cause_of(week.listing(citizen))
    return week.blame(citizen, week.rules.deny_until[week.tier(week.points(citizen))])


def is_denied_for_household(week: Week, citizen: Citizen, service: int) -> bool:
    """Return whether a service is denied for a member of the household known to be listed."""
    if (week.terms.household_denies >> service) & 1 == 0 or week.is_black(citizen):
        return False
    return any(week.is_known(other, facts.LISTED) for other in citizen.household)


def requests(week: Week, citizen: Citizen, service: int) -> int:
    """Return how often a citizen asks for a service this week."""
    people = week.people.people
    byte, heavy_from = people.demand_from[service]
    heavy = int(traits.trait_byte(citizen.second, byte) >= heavy_from)
    bits = draw(week.keys[DEMAND], citizen.block_key, citizen.lane * 4 + service // 2)
    return serving.poisson_count(
        field(bits, 32 * (service % 2), 32), *people.demand[service][heavy]
    )


def remedy(week: Week) -> None:
    """Look at every black listing from before this week."""
    for citizen in week.people.adults:
        if week.is_black(citizen) and sanctions.week_of(week.listing(citizen)) < week.number:
            before = week.points(citizen)
            end(week, citizen)
            sanction(week, citizen, before)


def end(week: Week, citizen: Citizen) -> None:
    """End a listing, if it ends: by its term, an appeal that is due, performance or repair."""
    t, listing = week.terms, week.listing(citizen)
    row, cause = week.rules.lists[sanctions.list_of(listing)], sanctions.cause_of(listing)
    age = week.number - sanctions.week_of(listing)
    if remedies.is_term_over(age, row[TERM]):
        if week.points(citizen) >= row[BELOW]:
            leave(week, citizen, "term")
            return
        renew(week, citizen)
    if age == t.appeal_delay and is_appeal_won(week, citizen, cause):
        leave(week, citizen, "appeal")
        correct(week, citizen)
        return
    bits = draw(week.keys[REMEDY], citizen.block_key, citizen.lane)
    way = remedies.early_exit(
        cause, age, low32(bits), high32(bits), row[PERFORMED], t.repair_week_q32, t.repair_after
    )
    if way == remedies.PERFORMED:
        leave(week, citizen, "performed")
    if way == remedies.REPAIR:
        leave(week, citizen, "repair")
        week.count(citizen, "points_won_repair", week.move_score(citizen, t.repair_points))


def is_appeal_won(week: Week, citizen: Citizen, cause: int) -> bool:
    """Decide an appeal that is due, if one was made."""
    t = week.terms
    bits = draw(week.keys[APPEAL], citizen.block_key, citizen.lane)
    if low32(bits) >= t.appeal_q32:
        return False
    week.count(citizen, "appeals")
    is_won = remedies.appeal_succeeds(cause, high32(bits), t.appeal_wrong_q32, t.appeal_right_q32)
    week.count(citizen, "appeals_won", int(is_won))
    return is_won


def leave(week: Week, citizen: Citizen, exit_: str) -> None:
    """Take a citizen off a black list."""
    week.set_listing(citizen, 0)
    week.count(citizen, f"exits_{exit_}")


def correct(week: Week, citizen: Citizen) -> None:
    """Give back, or take back, the points that were booked by mistake."""
    by_error = week.points(citizen, BY_ERROR)
    week.count_points(citizen, "correction", week.move_score(citizen, -by_error))
    week.add_points(citizen, BY_ERROR, -by_error)
