"""Associate, speak, adapt and cut, as the reference engine does them: tie by tie."""

from __future__ import annotations

from typing import NamedTuple

from glasstown.engine.reference_firms import reflect_firm
from glasstown.engine.reference_listed import correct, is_favoured, lives, repair
from glasstown.engine.reference_people import Citizen
from glasstown.engine.reference_sanction import leave_red, sanction
from glasstown.engine.reference_week import Week
from glasstown.engine.world import (
    BY_ERROR,
    BY_OTHERS,
    BY_SPEECH,
    CASH,
    CUT,
    ENROLLED,
    HUSHED,
    MOBILISING,
    OWNER_HIT,
    SCORE,
    UNHEARD,
)
from glasstown.laws import adapt as adapting
from glasstown.laws import associate as associating
from glasstown.laws import publish as facts
from glasstown.laws import sanction as sanctions
from glasstown.laws import speak as speaking
from glasstown.laws import take_part as taking_part
from glasstown.laws.draws import AWARE, INSIDE, MEND, REFLECT, VOICE, draw, field, high32, low32
from glasstown.laws.draws import CUT as CUT_DRAW
from glasstown.scheme.compilation import TERM
from glasstown.society.ties import FIRST_ONLINE, HOUSEHOLD_TIES

SPEECH_FACTS = (facts.PRAISING, facts.CRITICAL)


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
    return week.number % week.response(citizen).reflection_weeks == citizen.phase


def is_reckoning(week: Week, citizen: Citizen) -> bool:
    """Return whether friends, household and firm are reckoned with in this reflection."""
    number = week.number // week.response(citizen).reflection_weeks
    return number % week.terms(citizen).friends_every == 0


def reflect(week: Week) -> None:
    """Let every adult and every firm whose block is due reflect."""
    for citizen in week.people.adults:
        if is_due(week, citizen):
            reflect_citizen(week, citizen)
    for firm in week.realm.firms.values():
        if is_due(week, firm.owner) and week.terms(firm.owner).has_firms:
            reflect_firm(week, firm, is_reckoning=is_reckoning(week, firm.owner))


def reflect_citizen(week: Week, citizen: Citizen) -> None:
    """Let an adult join or leave, associate, adapt and speak."""
    around, before = look_around(week, citizen), week.points(citizen)
    week.note("associate", citizen, "around", **around._asdict())
    take_part(week, citizen)
    put_right(week, citizen)
    ask_insiders(week, citizen, before)
    lost = associate(week, citizen, around) if is_reckoning(week, citizen) else 0
    expire(week, citizen)
    adapt(week, citizen, around, lost)
    end_red_term(week, citizen)
    sanction(week, citizen, before)
    speak(week, citizen, around)
    choose_cash(week, citizen)
    leave_screens(week, citizen)


def look_around(week: Week, citizen: Citizen) -> Around:
    """Count what is known of everybody a citizen is tied to."""
    household = citizen.household
    ties = [
        (tie, other) for tie, other in week.people.ties(citizen) if lives(week, citizen, tie, other)
    ]
    fallen = [
        week.is_known(one, facts.LOW) or week.is_known(one, facts.LISTED) for one in household
    ]

    def known(fact: int) -> int:
        heard = [
            other
            for tie, other in ties
            if fact not in SPEECH_FACTS or tie < FIRST_ONLINE or week.bit(other, HUSHED) == 0
        ]
        return sum(week.is_known(one, fact) for one in household + heard)

    return Around(
        low=sum(week.is_known(other, facts.LOW) for _, other in ties),
        household=sum(fallen),
        listed=known(facts.LISTED),
        shamed=known(facts.SHAMED),
        praising=known(facts.PRAISING),
        critical=known(facts.CRITICAL),
    )


def mood(week: Week, citizen: Citizen, index: int) -> int:
    """Return one of the three draws of a citizen's reflection."""
    return draw(week.keys[REFLECT], citizen.block_key, 64 * index + citizen.lane)


def take_part(week: Week, citizen: Citizen) -> None:
    """Let who may stay out of the score join it, and who is in it leave."""
    t = week.terms(citizen)
    if not t.is_voluntary:
        return
    if week.is_enrolled(citizen):
        if taking_part.leaves_scheme(week.points(citizen), t.leave_below):
            leave_scheme(week, citizen)
        return
    draws = field(draw(week.keys[AWARE], citizen.block_key, citizen.lane), 0, 16)
    aware = draws < t.aware_q16
    week.note("reflect", citizen, "aware", draw=draws, limit=t.aware_q16)
    opinion, caution = week.trait(citizen, "opinion"), week.caution(citizen)
    if taking_part.joins_scheme(aware, opinion, caution, t.join_reward, t.join_fear_q8):
        week.set_bit(citizen, ENROLLED, 1)
        week.count(citizen, "joined_scheme")


def leave_scheme(week: Week, citizen: Citizen) -> None:
    """Take a member out: the score goes back to the start, and nothing of it is remembered."""
    week.set_bit(citizen, ENROLLED, 0)
    week.count(citizen, "left_scheme")
    week.count_points(citizen, "left", week.start_again(citizen))


def put_right(week: Week, citizen: Citizen) -> None:
    """Give back points booked by mistake, and let the low who are not listed repair."""
    t, bits = week.terms(citizen), mood(week, citizen, 0)
    is_low = facts.is_publicly_low(week.points(citizen), t.low_below)
    if week.points(citizen, BY_ERROR) != 0:
        week.note("remedy", citizen, "corrects", draw=low32(bits), limit=t.correction_q32)
    if week.points(citizen, BY_ERROR) != 0 and low32(bits) < t.correction_q32:
        correct(week, citizen)
    if is_low and not week.is_black(citizen) and high32(bits) < t.repair_reflection_q32:
        repair(week, citizen)


def ask_insiders(week: Week, citizen: Citizen, before: int) -> None:
    """Let a member who was publicly low ask an official among the ties to lift the score."""
    t = week.terms(citizen)
    is_low = facts.is_publicly_low(before, t.low_below)
    if t.insider_points == 0 or not is_low or not week.is_enrolled(citizen):
        return
    bits = draw(week.keys[INSIDE], citizen.block_key, citizen.lane)
    week.note("remedy", citizen, "asks", draw=low32(bits), limit=t.insider_q32)
    if low32(bits) < t.insider_q32 and is_favoured(week, citizen, high32(bits)):
        week.count(citizen, "points_won_insiders", week.move_score(citizen, t.insider_points))


def associate(week: Week, citizen: Citizen, around: Around) -> int:
    """Move the score for low friends, the household and the own firm; return the points lost."""
    t = week.terms(citizen)
    if not week.is_enrolled(citizen):
        return 0
    moved = 0
    for_friends = associating.friends_points(
        around.low, t.friends_threshold, t.friends_points, t.friends_once
    )
    for cause, points in (
        ("friends", for_friends),
        ("household", associating.household_points(around.household, t.household_points)),
        ("firm", associating.owner_points(week.bit(citizen, OWNER_HIT), t.firm_owner_points)),
    ):
        by_cause = week.move_score(citizen, points)
        week.count_points(citizen, cause, by_cause)
        moved += by_cause
    week.add_to_part(citizen, BY_OTHERS, moved)
    return max(-moved, 0)


def expire(week: Week, citizen: Citizen) -> None:
    """Let points fade towards the start, and the parts of the score with them."""
    t, bits = week.terms(citizen), mood(week, citizen, 2)
    rate = t.expiry_q16
    gone = adapting.faded(week.points(citizen) - t.start, rate, field(bits, 0, 16))
    week.note("adapt", citizen, "expires", bits=field(bits, 0, 16), rate=rate, gone=gone)
    week.add_points(citizen, SCORE, -gone)
    week.count(citizen, "points_expired_down" if gone > 0 else "points_expired_up", abs(gone))
    for which in (BY_ERROR, BY_OTHERS, BY_SPEECH):
        part = week.points(citizen, which)
        gone = adapting.faded(part, rate, field(bits, 16 * which, 16))
        week.add_points(citizen, which, -gone)


def adapt(week: Week, citizen: Citizen, around: Around, lost: int) -> None:
    """Let caution fade, and rise with own losses and the ties' punishment."""
    response, bits, caution = week.response(citizen), mood(week, citizen, 1), week.caution(citizen)
    rise = adapting.rise_from_loss(lost, week.terms(citizen).loss_rise_q16)
    by_ties = adapting.rise_from_ties(
        around.listed, around.shamed, response.listed_tie_q16, response.shamed_tie_q16,
        field(bits, 16, 16),
    )  # fmt: skip
    fades = adapting.faded(caution, response.fade_q16, field(bits, 0, 16))
    week.note("adapt", citizen, "feels", caution=caution, fades=fades, by_loss=rise,
              by_ties=by_ties)  # fmt: skip
    week.set_caution(citizen, caution - fades)
    week.raise_caution(citizen, rise + by_ties)


def end_red_term(week: Week, citizen: Citizen) -> None:
    """Take a citizen off a red list at the end of its term."""
    listing = week.listing(citizen)
    term = week.rules(citizen).lists[sanctions.list_of(listing)][TERM]
    if week.is_red(citizen) and 0 < term <= week.number - sanctions.week_of(listing):
        leave_red(week, citizen)


def speak(week: Week, citizen: Citizen, around: Around) -> None:
    """Choose the stance that a citizen voices until the next reflection, and who won't hear it."""
    response, t = week.response(citizen), week.terms(citizen)
    opinion, boldness = week.trait(citizen, "opinion"), week.trait(citizen, "boldness")
    caution = week.caution(citizen)
    stance = speaking.stance(
        opinion, boldness, caution, around.praising, around.critical, response.conformity_q8,
        response.fear_q8, response.praise_from_fear_q8, t.praise_pays, t.criticism_costs,
    )  # fmt: skip
    is_critical = stance == speaking.CRITICISM
    mobilises = speaking.mobilises(
        opinion, boldness, caution, response.fear_q8, t.mobilisation_costs, response.mobilise_above
    )
    week.note("speak", citizen, "stance", stance=stance, opinion=opinion, boldness=boldness,
              caution=caution, praising=around.praising, critical=around.critical)  # fmt: skip
    week.set_bit(citizen, facts.PRAISING, int(stance == speaking.PRAISE))
    week.set_bit(citizen, facts.CRITICAL, int(is_critical))
    week.set_bit(citizen, MOBILISING, int(is_critical and mobilises == 1))
    week.set_bit(citizen, UNHEARD, is_unheard(week, citizen, stance))


def is_unheard(week: Week, citizen: Citizen, stance: int) -> int:
    """Return 1 for who speaks and is offline, or whose criticism the platform hides."""
    if stance == speaking.SILENCE:
        return 0
    hides = [0, 0]
    if stance == speaking.CRITICISM:
        hides = [row[citizen.platform] for row in week.rules(citizen).hides]
    bits = field(draw(week.keys[VOICE], citizen.block_key, citizen.lane), 0, 16)
    online, is_mobilising = week.trait(citizen, "online"), week.bit(citizen, MOBILISING)
    week.note("speak", citizen, "hidden", draw=bits, limit=hides[is_mobilising])
    return speaking.is_unheard(online, is_mobilising, bits, hides[0], hides[1])


def choose_cash(week: Week, citizen: Citizen) -> None:
    """Let the cautious pay cash while it serves; who is offline has nothing else."""
    digital = week.trait(citizen, "digital") if week.trait(citizen, "online") > 0 else 0
    cash = adapting.pays_cash(week.caution(citizen), digital, week.response(citizen).cash_above)
    week.set_bit(citizen, CASH, 0 if week.terms(citizen).is_cash_over else cash)


def leave_screens(week: Week, citizen: Citizen) -> None:
    """Take a face off the screens once everybody could see it."""
    if week.is_known(citizen, facts.SHAMED):
        week.set_bit(citizen, facts.SHAMED, 0)


def cut(week: Week) -> None:
    """Let who is due and cautious cut ties with the publicly low, and mend with who recovered."""
    for citizen in week.people.adults:
        if not is_due(week, citizen):
            continue
        response = week.response(citizen)
        for tie, other in week.people.ties(citizen):
            is_low = week.is_known(other, facts.LOW)
            if week.bit(citizen, CUT + tie - HOUSEHOLD_TIES):
                if not is_low:
                    change_tie(week, citizen, tie, MEND, response.mend_q32)
            elif is_low and week.caution(citizen) > response.cut_above:
                change_tie(week, citizen, tie, CUT_DRAW, response.cut_q32)


def change_tie(week: Week, citizen: Citizen, tie: int, purpose: int, limit: int) -> None:
    """Cut or mend one end of a tie, by a draw."""
    draws = low32(draw(week.keys[purpose], citizen.block_key, tie * 64 + citizen.lane))
    is_cut = purpose == CUT_DRAW
    week.note("adapt", citizen, "cuts" if is_cut else "mends", tie=tie, draw=draws, limit=limit)
    if draws < limit:
        week.set_bit(citizen, CUT + tie - HOUSEHOLD_TIES, int(is_cut))
        week.count(citizen, "ties_cut" if is_cut else "ties_mended")
