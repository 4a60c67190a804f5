"""Act, watch and score, as the reference engine does them: one deed at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from glasstown.engine.reference_firms import Firm, book_firm, count_firm_deed, firm_at, inspected
from glasstown.engine.reference_people import Citizen
from glasstown.engine.reference_sanction import enter_for_behaviour, sanction
from glasstown.engine.reference_week import Week
from glasstown.engine.world import BY_ERROR, BY_SPEECH, CASH, MOBILISING, UNHEARD, Receipts
from glasstown.laws import act as acting
from glasstown.laws import adapt
from glasstown.laws import publish as facts
from glasstown.laws import score as scoring
from glasstown.laws import watch as watching
from glasstown.laws.draws import (
    CANDIDATE,
    COUNT,
    ENTER,
    RECEIVE,
    RECEIVE_COUNT,
    WATCH,
    draw,
    field,
    high32,
    low32,
)
from glasstown.scheme.compilation import ERROR_1, IS_RECORD, POINTS, URBAN_1
from glasstown.society import compilation as b
from glasstown.society.traits import OFFICIAL

STANCE_PLANES = {"praise": facts.PRAISING, "criticism": facts.CRITICAL, "mobilisation": MOBILISING}
POSTS = {"praise": "posts_praise", "mobilisation": "posts_mobilising"}
"""Where a post of a stance is counted; all others are critical."""
FIRST_RECEIPT_ENTRY = 1 << 20
"""Where the draws of entries by receipts start, after those of any group's candidates."""


class Deed(NamedTuple):
    """Who did what, for which firm, and the place and number of its draws."""

    citizen: Citizen
    behaviour: int
    where: int
    number: int
    firm: Firm | None


def outcome(bits: int, cumulative: Sequence[int]) -> int:
    """Return which outcome a 32-bit draw means, by cumulative thresholds."""
    which = 0
    while bits >= cumulative[which]:
        which += 1
    return which


def act(week: Week) -> None:
    """Let everybody act, and book what is seen; no deed of a week deters another."""
    for deed in list(deeds(week)):
        count_deed(week, deed)
        bits, enters = (
            draw(week.keys[purpose], deed.where, deed.number) for purpose in (WATCH, ENTER)
        )
        watch(week, deed.citizen, deed.behaviour, deed.firm, bits, enters)


def deeds(week: Week) -> Iterator[Deed]:
    """Yield each deed of the week."""
    for zone, first, where in week.people.groups():
        people = week.regime(zone).people
        candidates = outcome(high32(draw(week.keys[COUNT], where, 0)), people.count)
        for i in range(candidates):
            bits = draw(week.keys[CANDIDATE], where, i)
            offset, slot = first + field(bits, 0, 9), field(bits, 9, 6)
            threshold, other = people.alias[slot]
            behaviour = slot if field(bits, 15, 16) < threshold else int(other)
            is_firms = b.ACTORS[people.behaviours[behaviour][b.ACTOR]] == "firm"
            firm = firm_at(week, zone, offset) if is_firms else None
            citizen = firm.owner if firm else week.people.at(zone, offset)
            if citizen is None or (is_firms and firm is None):
                continue
            if accepts(week, citizen, behaviour, firm, field(bits, 31, 32)):
                yield Deed(citizen, behaviour, where, i, firm)


def accepts(week: Week, citizen: Citizen, behaviour: int, firm: Firm | None, bits: int) -> bool:
    """Return whether a candidate does the deed."""
    kind, stance = week.kind(citizen, behaviour), stance_of(week, citizen, behaviour)
    if not citizen.is_adult:
        return False
    if stance is not None and week.bit(citizen, STANCE_PLANES[stance]) == 0:
        return False
    if b.ACTORS[kind[b.ACTOR]] == "official" and citizen.occupation != OFFICIAL:
        return False
    if firm is not None and (kind[b.SECTORS_DOING] >> firm.sector) & 1 == 0:
        return False
    slopes = week.regime(citizen.zone).slopes(citizen)
    first = acting.propensity(slopes[kind[b.TRAIT_1]], kind[b.ZERO_1], kind[b.STEP_1])
    second = acting.propensity(slopes[kind[b.TRAIT_2]], kind[b.ZERO_2], kind[b.STEP_2])
    limit = acting.acceptance(first, second, kind[b.DETERRED], week.caution(citizen), kind[b.SCALE])
    week.note("act", citizen, "weighed", behaviour=behaviour, draw=bits, limit=limit)
    return bits < limit


def stance_of(week: Week, citizen: Citizen, behaviour: int) -> str | None:
    """Return the stance that a behaviour voices, if it is speech that voices one."""
    return b.STANCES[week.kind(citizen, behaviour)[b.STANCE]]


def count_deed(week: Week, deed: Deed) -> None:
    """Count a deed, seen or not, in the name of the citizen or of the firm's owner."""
    citizen, kind = deed.citizen, week.kind(deed.citizen, deed.behaviour)
    week.count(citizen, "acted")
    week.count_behaviour(citizen, deed.behaviour, is_booked=False)
    if kind[b.KIND] == b.OFFENCE:
        week.count(citizen, "offences")
    if kind[b.KIND] == b.MERIT:
        week.count(citizen, "merits")
    if kind[b.KIND] == b.SPEECH:
        stance = stance_of(week, citizen, deed.behaviour)
        week.count(citizen, POSTS.get(stance or "", "posts_critical"))
        criticism, mobilisation = week.rules(citizen).hides
        is_hiding = criticism[citizen.platform] + mobilisation[citizen.platform] > 0
        if is_hiding and week.trait(citizen, "online") > 0:
            week.count(citizen, "posts_hidden", week.bit(citizen, UNHEARD))
    if deed.firm is not None:
        count_firm_deed(week, deed.firm, kind, deed.where, deed.number)


def watch(
    week: Week, citizen: Citizen, behaviour: int, firm: Firm | None, bits: int, enters: int
) -> None:
    """Let the channels see a deed; book it to who did it, or hand it on to somebody else.

    ``bits`` is the draw of being seen and ``enters`` that of entries on lists. A firm is known by
    its number: what it did is never booked to another.
    """
    rule = week.rules(citizen).rules[behaviour]
    seen_by = [slot for slot in (0, 1) if is_seen(week, citizen, behaviour, firm, slot, bits)]
    if not seen_by:
        return
    week.count(citizen, "seen")
    if not rule[IS_RECORD]:
        return
    error = rule[ERROR_1 + 3 * seen_by[0]]
    week.note("watch", citizen, "recorded", behaviour=behaviour, draw=high32(bits), limit=error)
    if firm is None and watching.is_handed_on(high32(bits), error):
        week.count(citizen, "handed_on")
        week.handed[citizen.region, behaviour] += 1
        return
    week.count(citizen, "booked")
    week.count_behaviour(citizen, behaviour, is_booked=True)
    if firm is None:
        score(week, citizen, behaviour, False, enters)
    else:
        book_firm(week, firm, behaviour, enters)


def is_seen(
    week: Week, citizen: Citizen, behaviour: int, firm: Firm | None, slot: int, bits: int
) -> bool:
    """Return whether one of the two channels sees a deed."""
    rules = week.rules(citizen)
    coverage = rules.rules[behaviour][URBAN_1 + 3 * slot + citizen.settlement]
    channel = week.kind(citizen, behaviour)[b.CHANNEL_1 + slot]
    seen = watching.in_view(
        coverage, channel, week.trait(citizen, "digital"), week.bit(citizen, CASH),
        week.trait(citizen, "online"), rules.visibility[citizen.platform],
        week.terms(citizen).is_cash_over,
    )  # fmt: skip
    if firm is not None and channel == watching.INSPECTION:
        seen = inspected(week, firm, seen)
    draws = field(bits, 16 * slot, 16)
    week.note("watch", citizen, "looked", behaviour=behaviour, channel=channel, draw=draws,
              limit=seen)  # fmt: skip
    return draws < seen


def receive(week: Week, receipts: Receipts) -> None:
    """Book what was seen of others last week, and what matched nobody, to those it falls on."""
    for zone, first, where in week.people.groups():
        count = outcome(high32(draw(week.keys[RECEIVE_COUNT], where, 0)), receipts.count[zone])
        for i in range(count):
            who, what = (draw(week.keys[RECEIVE], where, 2 * i + part) for part in (0, 1))
            citizen = week.people.at(zone, first + field(who, 0, 9))
            if citizen is None or not citizen.is_adult:
                continue
            if field(who, 16, 16) >= receipts.weights[citizen.group]:
                continue
            is_false = low32(what) < receipts.false[zone]
            if is_false:
                week.count(citizen, "false_matches")
                behaviour = outcome(high32(what), receipts.matched[citizen.zone])
            else:
                week.count(citizen, "misbooked")
                behaviour = outcome(high32(what), receipts.handed[citizen.region])
            week.note("watch", citizen, "received", behaviour=behaviour, is_false=int(is_false),
                      draw=low32(what), limit=receipts.false[zone])  # fmt: skip
            enters = draw(week.keys[ENTER], where, FIRST_RECEIPT_ENTRY + i)
            score(week, citizen, behaviour, True, enters)


def score(week: Week, citizen: Citizen, behaviour: int, is_error: bool, enters: int) -> None:
    """Book one record: the points of its rule, the lists it enters, and what follows.

    Who takes no part in the score wins and loses no points, but may be listed all the same.
    """
    points = week.rules(citizen).rules[behaviour][POINTS]
    kind = week.kind(citizen, behaviour)
    is_speech = kind[b.KIND] == b.SPEECH
    before = week.points(citizen)
    moved = week.move_score(citizen, points if week.is_enrolled(citizen) else 0)
    week.note("score", citizen, "record", behaviour=behaviour, is_error=int(is_error),
              points=points, moved=moved)  # fmt: skip
    if is_error:
        week.add_to_part(citizen, BY_ERROR, moved)
        week.count_points(citizen, "misidentification", moved)
    elif is_speech:
        week.add_to_part(citizen, BY_SPEECH, moved)
        week.count_points(citizen, "speech", moved)
    else:
        week.count_points(citizen, "deeds", moved)
    count_record(week, citizen, points)
    if moved < 0:
        rise = adapt.rise_from_loss(-moved, week.terms(citizen).loss_rise_q16)
        week.raise_caution(citizen, rise)
    cause = scoring.listing_cause(is_error, kind[b.INABILITY], int(is_speech))
    enter_for_behaviour(week, citizen, behaviour, cause, enters)
    sanction(week, citizen, before)


def count_record(week: Week, citizen: Citizen, points: int) -> None:
    """Count a record by the points of its rule, or as one of somebody who takes no part."""
    if not week.is_enrolled(citizen):
        week.count(citizen, "unenrolled_records")
    else:
        week.count(citizen, "records_positive" if points > 0 else "records_negative")
