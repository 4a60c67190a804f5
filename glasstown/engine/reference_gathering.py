"""A gathering, as the reference engine lets it form: round by round until nobody more joins."""

from __future__ import annotations

from collections.abc import Callable

from glasstown.engine.reference_events import watch
from glasstown.engine.reference_listed import lives
from glasstown.engine.reference_people import Citizen
from glasstown.engine.reference_week import Week
from glasstown.engine.world import HIDDEN, JOINED, JOINED_BEFORE
from glasstown.laws import gather as laws
from glasstown.laws.draws import GATHER, draw, field
from glasstown.society.ties import FIRST_ONLINE

MOST_ROUNDS = 200


def look(week: Week, number: int, joining: list[Citizen]) -> bool:  # noqa: ARG001
    """Let everybody see who has joined so far; return whether another round follows."""
    for citizen in week.people.adults:
        week.set_bit(citizen, JOINED_BEFORE, week.bit(citizen, JOINED))
    return bool(joining)


def gather(week: Week, look: Callable[[Week, int, list[Citizen]], bool] = look) -> None:
    """Let a gathering form, watch who came, and leave no trace of it but what was booked.

    ``look`` is told the number of each round and who joined in it, and does as the function above.
    """
    everybody = {citizen.index: threshold(week, citizen) for citizen in week.people.adults}
    for number in range(1 + MOST_ROUNDS):
        joining = [one for one in week.people.adults if is_joining(week, one, everybody[one.index])]
        for citizen in joining:
            week.note("gather", citizen, "joins", round=number, needed=everybody[citizen.index])
            join(week, citizen)
        if not look(week, number, joining):
            break
    for citizen in week.people.adults:
        if week.bit(citizen, JOINED) == 1:
            come(week, citizen)
    for citizen in week.people.adults:
        for plane in (JOINED, JOINED_BEFORE, HIDDEN):
            week.set_bit(citizen, plane, 0)


def threshold(week: Week, citizen: Citizen) -> int:
    """Return how many ties must have joined before a citizen does."""
    t, response = week.terms(citizen), week.response(citizen)
    costs = 0
    if week.is_enrolled(citizen):
        costs = laws.stake(week.points(citizen), t.floor, t.ceiling, t.mobilisation_costs)
    reluctance = laws.reluctance(
        week.trait(citizen, "opinion"), week.trait(citizen, "boldness"), week.caution(citizen),
        response.fear_q8, costs, response.gather_effort,
    )  # fmt: skip
    return laws.threshold_ties(reluctance, response.gather_peers_q8)


def is_joining(week: Week, citizen: Citizen, needed: int) -> bool:
    """Return whether a citizen who stayed away so far joins in this round."""
    if week.bit(citizen, JOINED) == 1:
        return False
    ties = week.people.ties(citizen)
    joined = sum(week.bit(other, JOINED_BEFORE) for other in citizen.household)
    joined += sum(
        week.bit(other, JOINED_BEFORE)
        for tie, other in ties
        if lives(week, citizen, tie, other) and (tie < FIRST_ONLINE or week.bit(other, HIDDEN) == 0)
    )
    return laws.joins(joined, needed)


def join(week: Week, citizen: Citizen) -> None:
    """Let a citizen join, seen by ties online or hidden from them."""
    hides = week.rules(citizen).hides[1][citizen.platform]
    bits = field(draw(week.keys[GATHER], citizen.block_key, citizen.lane), 0, 16)
    is_offline = week.trait(citizen, "online") == 0
    week.set_bit(citizen, JOINED, 1)
    week.set_bit(citizen, HIDDEN, int(is_offline or bits < hides))


def come(week: Week, citizen: Citizen) -> None:
    """Count who came, and let the channels watch."""
    week.count(citizen, "gathered")
    behaviour = week.terms(citizen).gathering
    if behaviour >= 0:
        bits, enters = (
            draw(week.keys[GATHER], citizen.block_key, 64 * part + citizen.lane) for part in (1, 2)
        )
        watch(week, citizen, behaviour, None, bits, enters)
