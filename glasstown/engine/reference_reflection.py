"""Associate, speak, adapt and cut, as the reference engine does them: tie by tie."""

from __future__ import annotations

from typing import NamedTuple

from glasstown.engine.reference_events import leave_red, sanction
from glasstown.engine.reference_listed import correct
from glasstown.engine.reference_people import Citizen
from glasstown.engine.reference_week import Week
from glasstown.engine.world import BY_ERROR, BY_OTHERS, BY_SPEECH, CASH, CUT, SCORE
from glasstown.laws import adapt as adapting
from glasstown.laws import associate as associating
from glasstown.laws import publish as facts
from glasstown.laws import sanction as sanctions
from glasstown.laws import speak as speaking
from glasstown.laws.draws import CUT as CUT_DRAW
from glasstown.laws.draws import MEND, REFLECT, draw, field, high32, low32
from glasstown.scheme.compilation import TERM
from glasstown.society.ties import HOUSEHOLD_TIES


class Around(NamedTuple):
    """How many ties of a citizen are known for what; ``household``: members low or listed."""

    low: int
    household: int
    listed: int
    shamed: int
    praising: int
    critical: int


def is_due(week: Week, citizen: Citizen) -> bool:
    """Return whether a citizen's block reflects this week."""
    return week.number % week.response.reflection_weeks == citizen.phase


def reflect(week: Week) -> None:
    """Let every adult whose block is due associate, adapt and speak."""
    number = week.number // week.response.reflection_weeks
    is_reckoning = number % week.terms.friends_every == 0
    for citizen in week.people.adults:
        if is_due(week, citizen):
            around = look_around(week, citizen)
            before = week.points(citizen)
            put_right(week, citizen)
            lost = associate(week, citizen, around) if is_reckoning else 0
            expire(week, citizen)
            adapt(week, citizen, around, lost)
            end_red_term(week, citizen)
            sanction(week, citizen, before)
            speak(week, citizen, around)
            choose_cash(week, citizen)
            leave_screens(week, citizen)


def look_around(week: Week, citizen: Citizen) -> Around:
    """Count what is known of everybody a citizen is tied to."""
    household, ties = citizen.household, week.people.ties(citizen)
    friends = [other for tie, other in ties if lives(week, citizen, tie, other)]
    fallen = [
        week.is_known(one, facts.LOW) or week.is_known(one, facts.LISTED) for one in household
    ]

    def known(fact: int) -> int:
        return sum(week.is_known(one, fact) for one in household + friends)

    return Around(
        low=sum(week.is_known(one, facts.LOW) for one in friends),
        household=sum(fallen),
        listed=known(facts.LISTED),
        shamed=known(facts.SHAMED),
        praising=known(facts.PRAISING),
        critical=known(facts.CRITICAL),
    )


def lives(week: Week, citizen: Citizen, tie: int, other: Citizen) -> bool:
    """Return whether both ends keep a tie."""
    plane = CUT + tie - HOUSEHOLD_TIES
    return week.bit(citizen, plane) == 0 and week.bit(other, plane) == 0


def mood(week: Week, citizen: Citizen, index: int) -> int:
    """Return one of the three draws of a citizen's reflection."""
    return draw(week.keys[REFLECT], citizen.block_key, 64 * index + citizen.lane)


def put_right(week: Week, citizen: Citizen) -> None:
    """Give back points booked by mistake, and let the low who are not listed repair."""
    t, bits = week.terms, mood(week, citizen, 0)
    is_low = facts.is_publicly_low(week.points(citizen), t.low_below)
    if week.points(citizen, BY_ERROR) != 0 and low32(bits) < t.correction_q32:
        correct(week, citizen)
    if is_low and not week.is_black(citizen) and high32(bits) < t.repair_reflection_q32:
        week.count(citizen, "points_won_repair", week.move_score(citizen, t.repair_points))


def associate(week: Week, citizen: Citizen, around: Around) -> int:
    """Move the score for low friends, then for the household; return the points lost."""
    t = week.terms
    points = associating.friends_points(around.low, t.friends_threshold, t.friends_points)
    by_friends = week.move_score(citizen, points)
    week.count_points(citizen, "friends", by_friends)
    points = associating.household_points(around.household, t.household_points)
    by_household = week.move_score(citizen, points)
    week.count_points(citizen, "household", by_household)
    week.add_to_part(citizen, BY_OTHERS, by_friends + by_household)
    return max(-by_friends - by_household, 0)


def expire(week: Week, citizen: Citizen) -> None:
    """Let points fade towards the start, and the parts of the score with them."""
    rate, bits = week.terms.expiry_q16, mood(week, citizen, 2)
    gone = adapting.faded(week.points(citizen) - week.terms.start, rate, field(bits, 0, 16))
    week.add_points(citizen, SCORE, -gone)
    week.count(citizen, "points_expired_down" if gone > 0 else "points_expired_up", abs(gone))
    for which in (BY_ERROR, BY_OTHERS, BY_SPEECH):
        part = week.points(citizen, which)
        gone = adapting.faded(part, rate, field(bits, 16 * which, 16))
        week.add_points(citizen, which, -gone)


def adapt(week: Week, citizen: Citizen, around: Around, lost: int) -> None:
    """Let caution fade, and rise with own losses and the ties' punishment."""
    response, bits, caution = week.response, mood(week, citizen, 1), week.caution(citizen)
    rise = adapting.rise_from_loss(lost, week.terms.loss_rise_q16)
    rise += adapting.rise_from_ties(
        around.listed, around.shamed, response.listed_tie_q16, response.shamed_tie_q16,
        field(bits, 16, 16),
    )  # fmt: skip
    week.set_caution(
        citizen, caution - adapting.faded(caution, response.fade_q16, field(bits, 0, 16))
    )
    week.raise_caution(citizen, rise)


def end_red_term(week: Week, citizen: Citizen) -> None:
    """Take a citizen off a red list at the end of its term."""
    listing = week.listing(citizen)
    term = week.rules.lists[sanctions.list_of(listing)][TERM]
    if week.is_red(citizen) and 0 < term <= week.number - sanctions.week_of(listing):
        leave_red(week, citizen)


def speak(week: Week, citizen: Citizen, around: Around) -> None:
    """Choose the stance that a citizen voices until the next reflection."""
    response, t = week.response, week.terms
    stance = speaking.stance(
        citizen.trait("opinion"), citizen.trait("boldness"), week.caution(citizen),
        around.praising, around.critical, response.conformity_q8, response.fear_q8,
        response.praise_from_fear_q8, t.praise_pays, t.criticism_costs,
    )  # fmt: skip
    week.set_bit(citizen, facts.PRAISING, int(stance == speaking.PRAISE))
    week.set_bit(citizen, facts.CRITICAL, int(stance == speaking.CRITICISM))


def choose_cash(week: Week, citizen: Citizen) -> None:
    """Let the cautious pay cash; who is offline has nothing else."""
    digital = citizen.trait("digital") if citizen.trait("online") > 0 else 0
    cash = adapting.pays_cash(week.caution(citizen), digital, week.response.cash_above)
    week.set_bit(citizen, CASH, cash)


def leave_screens(week: Week, citizen: Citizen) -> None:
    """Take a face off the screens once everybody could see it."""
    if week.is_known(citizen, facts.SHAMED):
        week.set_bit(citizen, facts.SHAMED, 0)


def cut(week: Week) -> None:
    """Let who is due and cautious cut ties with the publicly low, and mend with who recovered."""
    for citizen in week.people.adults:
        if not is_due(week, citizen):
            continue
        for tie, other in week.people.ties(citizen):
            is_low = week.is_known(other, facts.LOW)
            if week.bit(citizen, CUT + tie - HOUSEHOLD_TIES):
                if not is_low:
                    change_tie(week, citizen, tie, MEND, week.response.mend_q32)
            elif is_low and week.caution(citizen) > week.response.cut_above:
                change_tie(week, citizen, tie, CUT_DRAW, week.response.cut_q32)


def change_tie(week: Week, citizen: Citizen, tie: int, purpose: int, limit: int) -> None:
    """Cut or mend one end of a tie, by a draw."""
    if low32(draw(week.keys[purpose], citizen.block_key, tie * 64 + citizen.lane)) < limit:
        is_cut = purpose == CUT_DRAW
        week.set_bit(citizen, CUT + tie - HOUSEHOLD_TIES, int(is_cut))
        week.count(citizen, "ties_cut" if is_cut else "ties_mended")
