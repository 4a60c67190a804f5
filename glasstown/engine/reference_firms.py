"""What firms do and what comes of it, as the reference engine does it: one firm at a time."""

from __future__ import annotations

from collections.abc import Sequence

from glasstown.engine.reference_owners import SLOTS, Firm
from glasstown.engine.reference_week import Books, Week
from glasstown.engine.world import COMPLIANCE, OWNER_HIT, SOCIAL
from glasstown.laws import adapt, remedy, serve, watch
from glasstown.laws import firm as laws
from glasstown.laws import sanction as sanctions
from glasstown.laws import score as scoring
from glasstown.laws.draws import FIRM_WEEK, draw, field, high32, low32
from glasstown.scheme.compilation import CATEGORY, ENTER_1, POINTS
from glasstown.society import compilation as b
from glasstown.society import layout as at


def firm_at(week: Week, zone: int, offset: int) -> Firm | None:
    """Return the firm that a place of a zone stands for: a half of a block stands for its own."""
    return week.realm.firms.get((zone, offset // at.BLOCK, offset % at.BLOCK * SLOTS // at.BLOCK))


def firm_points(books: Books, firm: Firm, category: int) -> int:
    """Return compliance or social responsibility (tenths)."""
    return int(books.state.firm_points[category, firm.index])


def rating(books: Books, firm: Firm) -> int:
    """Return the rating (tenths): both categories together."""
    return firm_points(books, firm, COMPLIANCE) + firm_points(books, firm, SOCIAL)


def firm_list(books: Books, firm: Firm) -> int:
    """Return which list a firm is on: `BLACK`, `RED` or 0."""
    return sanctions.list_of(int(books.state.firm_listing[firm.index]))


def is_firm_black(books: Books, firm: Firm) -> bool:
    """Return whether a firm is on the black list."""
    return firm_list(books, firm) == laws.BLACK


def inspected(week: Week, firm: Firm, seen: int) -> int:
    """Return the probability (q16) that an inspection sees a deed of this firm."""
    t, listed = week.terms(firm.owner), firm_list(week, firm)
    return watch.inspected(
        seen, int(listed == laws.BLACK), int(listed == laws.RED), t.firm_priority_q8,
        t.firm_exempt_q8,
    )  # fmt: skip


def count_firm_deed(week: Week, firm: Firm, kind: Sequence[int], where: int, number: int) -> None:
    """Count a deed as a firm's, and the consumers whom it harms."""
    if kind[b.KIND] == b.OFFENCE:
        week.count(firm.owner, "firm_offences")
    if kind[b.KIND] == b.MERIT:
        week.count(firm.owner, "firm_merits")
    bits = draw(week.keys[FIRM_WEEK], where, number)
    week.count(firm.owner, "consumers_harmed", laws.consumers_harmed(kind[b.HARMED], low32(bits)))


def move_category(week: Week, firm: Firm, category: int, points: int) -> int:
    """Move a category of the rating as far as it goes; return the points that really moved it."""
    t = week.terms(firm.owner)
    most = t.firm_start if category == COMPLIANCE else t.firm_social_most
    moved = laws.category_change(firm_points(week, firm, category), points, most)
    week.state.firm_points[category, firm.index] += moved
    return moved


def book_firm(week: Week, firm: Firm, behaviour: int, enters: int) -> None:
    """Book one record to a firm: the points of its rule, and the lists that follow."""
    rule, t = week.rules(firm.owner).rules[behaviour], week.terms(firm.owner)
    week.count(firm.owner, "firm_records")
    moved = move_category(week, firm, rule[CATEGORY], rule[POINTS])
    week.note("score", firm.owner, "firm record", firm=firm.slot, behaviour=behaviour,
              points=rule[POINTS], moved=moved)  # fmt: skip
    week.count(firm.owner, "firm_points_lost" if moved < 0 else "firm_points_won", abs(moved))
    if field(enters, 0, 16) < rule[ENTER_1] or rating(week, firm) < t.firm_below:
        enter_firm(week, firm)
    judge_red(week, firm)


def enter_firm(week: Week, firm: Firm) -> None:
    """Enter a firm on the black list, and frighten its owner; who is there stays as it is."""
    if is_firm_black(week, firm):
        return
    set_firm_listing(week, firm, laws.BLACK)
    week.count(firm.owner, "firm_entries")
    week.raise_caution(firm.owner, week.response(firm.owner).listing_rise)


def set_firm_listing(week: Week, firm: Firm, listed: int) -> None:
    """List a firm from this week on."""
    week.state.firm_listing[firm.index] = sanctions.pack_listing(listed, scoring.OWN, week.number)


def judge_red(week: Week, firm: Firm) -> None:
    """Put a firm on the red list, or take it off, by its rating; black goes before red."""
    is_above = rating(week, firm) > week.terms(firm.owner).firm_red_above
    listed = firm_list(week, firm)
    if is_above and listed == 0:
        set_firm_listing(week, firm, laws.RED)
        week.count(firm.owner, "firm_entries_red")
    if listed == laws.RED and not is_above:
        week.state.firm_listing[firm.index] = 0


def reflect_firm(week: Week, firm: Firm, *, is_reckoning: bool) -> None:
    """Let a rating fade, an owner's listing tell, a term end, and bids be made."""
    bits, chance = (
        draw(week.keys[FIRM_WEEK], firm.owner.block_key, part << 16 | firm.slot) for part in (1, 2)
    )
    fade(week, firm, bits)
    if is_reckoning:
        pay_for_owner(week, firm)
    if is_firm_black(week, firm):
        leave_black(week, firm, low32(chance))
    elif rating(week, firm) < week.terms(firm.owner).firm_below:
        enter_firm(week, firm)
    judge_red(week, firm)
    bid(week, firm, high32(chance))
    week.set_bit(firm.owner, OWNER_HIT, int(is_firm_black(week, firm)))


def fade(week: Week, firm: Firm, bits: int) -> None:
    """Let both categories go back towards where they start."""
    t = week.terms(firm.owner)
    for category, start in ((COMPLIANCE, t.firm_start), (SOCIAL, 0)):
        beyond = firm_points(week, firm, category) - start
        gone = adapt.faded(beyond, t.firm_expiry_q16, field(bits, 16 * category, 16))
        week.state.firm_points[category, firm.index] -= gone
        way = "up" if category == COMPLIANCE else "down"
        week.count(firm.owner, f"firm_points_expired_{way}", abs(gone))


def pay_for_owner(week: Week, firm: Firm) -> None:
    """Take points from the firm of a listed owner."""
    points = week.terms(firm.owner).firm_points_owner
    if points != 0 and week.is_black(firm.owner):
        moved = move_category(week, firm, COMPLIANCE, points)
        week.count(firm.owner, "firm_points_lost_owner", -moved)


def leave_black(week: Week, firm: Firm, chance: int) -> None:
    """End a firm's listing by its term or by performance; a term ends with a rating still low."""
    t = week.terms(firm.owner)
    age = week.number - sanctions.week_of(int(week.state.firm_listing[firm.index]))
    way = None
    if remedy.is_term_over(age, t.firm_term):
        if rating(week, firm) < t.firm_below:
            set_firm_listing(week, firm, laws.BLACK)
        else:
            way = "term"
    elif chance < t.firm_performed_q32:
        way = "performed"
    if way is not None:
        week.state.firm_listing[firm.index] = 0
        week.count(firm.owner, f"firm_exits_{way}")


def bid(week: Week, firm: Firm, chance: int) -> None:
    """Count a firm's bids, and which of them its or its owner's listing decides."""
    t, owner, listed = week.terms(firm.owner), firm.owner, firm_list(week, firm)
    count = serve.poisson_count(chance, *week.regime(firm.zone).people.bids[firm.sector])
    week.count(owner, "bids", count)
    if listed == laws.BLACK and t.firm_bars_bids:
        week.count(owner, "bids_denied", count)
    elif week.is_black(owner) and t.firm_owner_bars_bids:
        week.count(owner, "bids_denied_owner", count)
    elif listed == laws.RED and t.firm_favours_bids:
        week.count(owner, "bids_favoured", count)
