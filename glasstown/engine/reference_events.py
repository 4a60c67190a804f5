"""Act, watch, score and sanction, as the reference engine does them: one deed at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from glasstown.engine.measures import CAUSES
from glasstown.engine.reference_people import Citizen
from glasstown.engine.reference_week import Week
from glasstown.engine.world import BY_ERROR, BY_SPEECH, CASH
from glasstown.laws import act as acting
from glasstown.laws import adapt, remedy
from glasstown.laws import publish as facts
from glasstown.laws import sanction as sanctions
from glasstown.laws import score as scoring
from glasstown.laws import watch as watching
from glasstown.laws.draws import (
    CANDIDATE,
    COUNT,
    ENTER,
    RECEIVE,
    RECEIVE_COUNT,
    SHAME,
    WATCH,
    draw,
    field,
    high32,
    low32,
)
from glasstown.scheme.compilation import (
    ABOVE,
    ALWAYS_ABOVE,
    BELOW,
    ENTER_1,
    ERROR_1,
    IS_BLACK,
    IS_RECORD,
    LISTS,
    POINTS,
    SHAMING,
    URBAN_1,
)
from glasstown.society import compilation as b

STANCE_FACTS = (None, facts.PRAISING, facts.CRITICAL)
FIRST_RECEIPT_ENTRY = 1 << 20
"""Where the draws of entries by receipts start, after those of any group's candidates."""


def outcome(bits: int, cumulative: Sequence[int]) -> int:
    """Return which outcome a 32-bit draw means, by cumulative thresholds."""
    which = 0
    while bits >= cumulative[which]:
        which += 1
    return which


def act(week: Week) -> None:
    """Let everybody act, and book what is seen; no deed of a week deters another."""
    for citizen, behaviour, where, i in list(deeds(week)):
        count_deed(week, citizen, behaviour)
        watch(week, citizen, behaviour, where, i)


def deeds(week: Week) -> Iterator[tuple[Citizen, int, int, int]]:
    """Yield citizen, behaviour, and the place and number of the draws of each deed of the week."""
    people = week.people.people
    for zone, first, where in week.people.groups():
        candidates = outcome(high32(draw(week.keys[COUNT], where, 0)), people.count)
        for i in range(candidates):
            bits = draw(week.keys[CANDIDATE], where, i)
            citizen = week.people.at(zone, first + field(bits, 0, 9))
            slot = field(bits, 9, 6)
            threshold, other = people.alias[slot]
            behaviour = slot if field(bits, 15, 16) < threshold else other
            if citizen is not None and accepts(week, citizen, behaviour, field(bits, 31, 32)):
                yield citizen, behaviour, where, i


def accepts(week: Week, citizen: Citizen, behaviour: int, bits: int) -> bool:
    """Return whether a candidate does the deed."""
    kind = week.kinds[behaviour]
    if not citizen.is_adult:
        return False
    stance = STANCE_FACTS[kind[b.STANCE]]
    if stance is not None and week.bit(citizen, stance) == 0:
        return False
    if b.ACTORS[kind[b.ACTOR]] != "adult" and kind[b.ACTOR] != citizen.occupation:
        return False
    first = acting.propensity(citizen.slopes[kind[b.TRAIT_1]], kind[b.ZERO_1], kind[b.STEP_1])
    second = acting.propensity(citizen.slopes[kind[b.TRAIT_2]], kind[b.ZERO_2], kind[b.STEP_2])
    limit = acting.acceptance(first, second, kind[b.DETERRED], week.caution(citizen), kind[b.SCALE])
    return bits < limit


def count_deed(week: Week, citizen: Citizen, behaviour: int) -> None:
    """Count a deed, seen or not."""
    week.count(citizen, "acted")
    week.count_behaviour(citizen, behaviour, is_booked=False)
    kind = week.kinds[behaviour]
    if kind[b.KIND] == b.OFFENCE:
        week.count(citizen, "offences")
    if kind[b.KIND] == b.MERIT:
        week.count(citizen, "merits")
    if kind[b.KIND] == b.SPEECH:
        is_praise = b.STANCES[kind[b.STANCE]] == "praise"
        week.count(citizen, "posts_praise" if is_praise else "posts_critical")


def watch(week: Week, citizen: Citizen, behaviour: int, where: int, i: int) -> None:
    """Let the channels see a deed; book it to the citizen, or hand it on to somebody else."""
    rule = week.rules.rules[behaviour]
    bits = draw(week.keys[WATCH], where, i)
    seen_by = [slot for slot in (0, 1) if is_seen(week, citizen, behaviour, slot, bits)]
    if not seen_by:
        return
    week.count(citizen, "seen")
    if not rule[IS_RECORD]:
        return
    if watching.is_handed_on(high32(bits), rule[ERROR_1 + 3 * seen_by[0]]):
        week.count(citizen, "handed_on")
        week.handed[citizen.region, behaviour] += 1
        return
    week.count(citizen, "booked")
    week.count_behaviour(citizen, behaviour, is_booked=True)
    score(week, citizen, behaviour, False, draw(week.keys[ENTER], where, i))


def is_seen(week: Week, citizen: Citizen, behaviour: int, slot: int, bits: int) -> bool:
    """Return whether one of the two channels sees a deed."""
    coverage = week.rules.rules[behaviour][URBAN_1 + 3 * slot + citizen.settlement]
    channel = week.kinds[behaviour][b.CHANNEL_1 + slot]
    seen = watching.in_view(
        coverage, channel, citizen.trait("digital"), week.bit(citizen, CASH),
        citizen.trait("online"), citizen.visibility,
    )  # fmt: skip
    return field(bits, 16 * slot, 16) < seen


def receive(week: Week) -> None:
    """Book what was seen of others last week, and what matched nobody, to those it falls on."""
    receipts = week.receipts
    for zone, first, where in week.people.groups():
        count = outcome(high32(draw(week.keys[RECEIVE_COUNT], where, 0)), receipts.count[zone])
        for i in range(count):
            who, what = (draw(week.keys[RECEIVE], where, 2 * i + part) for part in (0, 1))
            citizen = week.people.at(zone, first + field(who, 0, 9))
            if citizen is None or not citizen.is_adult:
                continue
            if field(who, 16, 16) >= receipts.weights[citizen.group]:
                continue
            if low32(what) < receipts.false[zone]:
                week.count(citizen, "false_matches")
                behaviour = outcome(high32(what), receipts.matched[citizen.settlement])
            else:
                week.count(citizen, "misbooked")
                behaviour = outcome(high32(what), receipts.handed[citizen.region])
            enters = draw(week.keys[ENTER], where, FIRST_RECEIPT_ENTRY + i)
            score(week, citizen, behaviour, True, enters)


def score(week: Week, citizen: Citizen, behaviour: int, is_error: bool, enters: int) -> None:
    """Book one record: the points of its rule, the lists it enters, and what follows."""
    rule, kind = week.rules.rules[behaviour], week.kinds[behaviour]
    is_speech = kind[b.KIND] == b.SPEECH
    before = week.points(citizen)
    moved = week.move_score(citizen, rule[POINTS])
    if is_error:
        week.add_to_part(citizen, BY_ERROR, moved)
        week.count_points(citizen, "misidentification", moved)
    elif is_speech:
        week.add_to_part(citizen, BY_SPEECH, moved)
        week.count_points(citizen, "speech", moved)
    else:
        week.count_points(citizen, "deeds", moved)
    week.count(citizen, "records_positive" if rule[POINTS] > 0 else "records_negative")
    if moved < 0:
        rise = adapt.rise_from_loss(-moved, week.terms.loss_rise_q16)
        week.raise_caution(citizen, rise)
    cause = scoring.listing_cause(is_error, kind[b.INABILITY], int(is_speech))
    for entered in range(1, LISTS + 1):
        if field(enters, 16 * (entered - 1), 16) < rule[ENTER_1 + entered - 1]:
            enter(week, citizen, entered, cause)
    sanction(week, citizen, before)


def enter(week: Week, citizen: Citizen, entered: int, cause: int) -> None:
    """Enter a citizen on a list: black goes before red, and a black trigger renews a black one."""
    row = week.rules.lists[entered]
    packed = sanctions.pack_listing(entered, cause, week.number)
    if row[IS_BLACK] == 0:
        if week.listed_on(citizen) == 0:
            week.set_listing(citizen, packed)
            week.count(citizen, "entries_red")
        return
    if week.is_black(citizen):
        renew(week, citizen)
        return
    if week.is_red(citizen):
        week.count(citizen, "exits_red")
    week.set_listing(citizen, packed)
    week.count(citizen, f"entries_{CAUSES[cause]}")
    week.raise_caution(citizen, week.response.listing_rise)
    if low32(shame_bits(week, citizen)) < row[SHAMING]:
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
    week.raise_caution(citizen, week.terms.shame_rise)


def sanction(week: Week, citizen: Citizen, before: int) -> None:
    """Draw the consequences of a score that moved: lists, red lists, and the lowest tier."""
    now = week.points(citizen)
    if now < before:
        enter_for_low_score(week, citizen)
        leave_red_for_score(week, citizen)
    if now > before:
        enter_for_high_score(week, citizen)
    tier = week.tier(now)
    has_fallen = tier != week.tier(before) and tier == week.terms.lowest_tier
    if has_fallen and high32(shame_bits(week, citizen)) < week.terms.shame_lowest_q32:
        shame(week, citizen, week.blame(citizen, week.tier_limit(tier)))


def enter_for_low_score(week: Week, citizen: Citizen) -> None:
    """Enter who is on no black list on the first whose limit the score lies below."""
    for entered in range(1, LISTS + 1):
        limit = week.rules.lists[entered][BELOW]
        if week.points(citizen) < limit and not week.is_black(citizen):
            enter(week, citizen, entered, week.blame(citizen, limit))


def enter_for_high_score(week: Week, citizen: Citizen) -> None:
    """Enter who is on no list on the first red one whose limit the score lies above."""
    for entered in range(1, LISTS + 1):
        if week.points(citizen) > week.rules.lists[entered][ABOVE]:
            enter(week, citizen, entered, scoring.OWN)


def leave_red_for_score(week: Week, citizen: Citizen) -> None:
    """Take a citizen off a red list when the score no longer lies above its limit."""
    limit = week.rules.lists[week.listed_on(citizen)][ABOVE]
    if week.is_red(citizen) and limit != ALWAYS_ABOVE and week.points(citizen) <= limit:
        leave_red(week, citizen)


def leave_red(week: Week, citizen: Citizen) -> None:
    """Take a citizen off a red list."""
    week.set_listing(citizen, 0)
    week.count(citizen, "exits_red")
