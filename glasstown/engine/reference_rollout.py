"""Another scheme in a zone, as the reference engine brings it in: citizen by citizen.

A score that means something else starts again; a list that the new scheme doesn't know ends, and
who was on one that goes on stays there, for the old reason and from the old week.
"""

from __future__ import annotations

from glasstown.engine.plan import Change
from glasstown.engine.reference_firms import firm_points, is_firm_black
from glasstown.engine.reference_owners import Firm
from glasstown.engine.reference_people import Citizen
from glasstown.engine.reference_regimes import Regime
from glasstown.engine.reference_stocks import mark_standing
from glasstown.engine.reference_week import Week
from glasstown.engine.world import COMPLIANCE, ENROLLED, OWNER_HIT, SCORE, SOCIAL
from glasstown.scheme.compilation import IS_BLACK
from glasstown.society import layout as at

NOTICE_BIT = 1 << 5


def enter_scheme(week: Week, change: Change, old: Regime) -> None:
    """Put the adults and the firms of a zone under another scheme; ``week`` knows the new one."""
    if not change.keeps_score:
        start_places_again(week, change.zone)
    for citizen in week.people.adults:
        if citizen.zone == change.zone:
            if not change.keeps_score:
                week.count_points(citizen, "rollout", week.start_again(citizen))
            carry_listing(week, citizen, change, old)
            enrol(week, citizen, old)
            mark_standing(week, citizen)
    for firm in week.realm.firms.values():
        if firm.zone == change.zone and not change.keeps_firms:
            start_firm_again(week, firm)


def start_places_again(week: Week, zone: int) -> None:
    """Put the new start where children live and where nobody does: it stands there untouched."""
    row = week.people.places.zones[zone]
    adults = {citizen.index for citizen in week.people.adults}
    first = row[at.FIRST_BLOCK] * at.BLOCK
    for index in set(range(first, first + row[at.BLOCKS] * at.BLOCK)) - adults:
        week.state.points[:, index] = 0
        week.state.points[SCORE, index] = week.regime(zone).terms.start


def carry_listing(week: Week, citizen: Citizen, change: Change, old: Regime) -> None:
    """Keep a listing or a notice on the list that goes on; end it where none does."""
    listing = week.listing(citizen)
    was = listing & 3
    if was == 0:
        return
    becomes = int(change.lists[was])
    if becomes != 0:
        week.set_listing(citizen, listing & ~3 | becomes)
        return
    week.set_listing(citizen, 0)
    if listing & NOTICE_BIT:
        week.count(citizen, "spared_rollout")
    else:
        is_black = old.rules.lists[was][IS_BLACK] == 1
        week.count(citizen, "exits_rollout" if is_black else "exits_red")


def enrol(week: Week, citizen: Citizen, old: Regime) -> None:
    """Enrol everybody in a mandatory scheme; a voluntary one keeps the members of another."""
    if not week.terms(citizen).is_voluntary:
        week.set_bit(citizen, ENROLLED, 1)
    elif not old.terms.is_voluntary:
        week.set_bit(citizen, ENROLLED, 0)


def start_firm_again(week: Week, firm: Firm) -> None:
    """Put a firm's rating back to its start and end its listing, for its owner too."""
    if is_firm_black(week, firm):
        week.count(firm.owner, "firm_exits_rollout")
    week.state.firm_listing[firm.index] = 0
    for category, start in ((COMPLIANCE, week.terms(firm.owner).firm_start), (SOCIAL, 0)):
        moved = start - firm_points(week, firm, category)
        way = "lost" if moved < 0 else "won"
        week.count(firm.owner, f"firm_points_{way}_rollout", abs(moved))
        week.state.firm_points[category, firm.index] = start
    week.set_bit(firm.owner, OWNER_HIT, 0)
