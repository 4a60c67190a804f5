"""Standing: where one citizen stands at the end of a week, by all that is known of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from glasstown.engine.measures import CAUSES, SERVICES
from glasstown.engine.reference_firms import firm_list, rating
from glasstown.engine.reference_listed import lives
from glasstown.engine.reference_people import Citizen
from glasstown.engine.reference_stocks import exclusion
from glasstown.engine.reference_week import Books
from glasstown.engine.world import CASH, CUT, MOBILISING, UNHEARD
from glasstown.lab.trace.rulebook import Rulebook
from glasstown.laws import publish as facts
from glasstown.laws.firm import BLACK, RED
from glasstown.laws.sanction import DELAY, DENY, FAVOUR, NEVER, notice_of
from glasstown.society.ties import HOUSEHOLD_TIES
from glasstown.society.traits import SUPPORTS_FROM


@dataclass(frozen=True)
class Standing:
    """Where a citizen stands; ``listing`` is packed, shares are from 0 to 1.

    ``ties`` counts those that live, the household included, and of them the publicly low, listed
    and shown, and who voices praise or criticism.
    """

    score: float | None
    tier: str | None
    list: str | None
    list_colour: str | None
    notice: str | None
    listing: int
    excluded_for: str | None
    shut_out_of: tuple[str, ...]
    served_last: tuple[str, ...]
    served_first: tuple[str, ...]
    is_member: bool
    is_low: bool
    is_shown: bool
    is_opposed: bool
    stance: str
    is_mobilising: bool
    is_unheard: bool
    caution: float
    pays_cash: bool
    ties: dict[str, int]
    firms: tuple[dict[str, Any], ...]

    def as_data(self) -> dict[str, Any]:
        """Return the standing for another program."""
        hidden = ("listing", "firms") if not self.firms else ("listing",)
        data = {name: one for name, one in vars(self).items() if name not in hidden}
        return {name: list(x) if isinstance(x, tuple) else x for name, x in data.items()}


def standing(books: Books, citizen: Citizen, book: Rulebook) -> Standing:
    """Return where a citizen stands by the books of the block it lives in."""
    score, terms = books.points(citizen), books.terms(citizen)
    listing = books.listing(citizen)
    actions = [books.treatment(citizen, one) for one in range(len(SERVICES))]
    adult = citizen.is_adult
    cause = exclusion(books, citizen) if adult else None
    says = "praise" if books.bit(citizen, facts.PRAISING) else (
        "criticism" if books.bit(citizen, facts.CRITICAL) else "silence"
    )  # fmt: skip
    named = book.list_name(books.listed_on(citizen)) or None

    def treated(action: int) -> tuple[str, ...]:
        return tuple(SERVICES[i] for i, one in enumerate(actions) if adult and one == action)

    return Standing(
        score=score / 10 if adult and terms.has_score else None,
        tier=_tier(books, citizen, book) if adult else None,
        list=named,
        list_colour=book.list_colour(books.listed_on(citizen)) or None,
        notice=book.list_name(notice_of(listing)) or None,
        listing=listing,
        excluded_for=None if cause is None else CAUSES[cause],
        shut_out_of=treated(DENY),
        served_last=treated(DELAY),
        served_first=treated(FAVOUR),
        is_member=bool(adult and books.is_enrolled(citizen) and terms.has_score),
        is_low=bool(adult and facts.is_publicly_low(score, terms.low_below)),
        is_shown=books.bit(citizen, facts.SHAMED) == 1,
        is_opposed=books.trait(citizen, "opinion") < SUPPORTS_FROM,
        stance=says,
        is_mobilising=books.bit(citizen, MOBILISING) == 1,
        is_unheard=books.bit(citizen, UNHEARD) == 1,
        caution=books.caution(citizen) / 255,
        pays_cash=books.bit(citizen, CASH) == 1,
        ties=_ties(books, citizen),
        firms=tuple(_firms(books, citizen)),
    )


def _tier(books: Books, citizen: Citizen, book: Rulebook) -> str | None:
    """Return the name of the tier; None without tiers."""
    names = [one.name for one in book.scheme.tiers]
    if not names or (len(names) > 1 and books.terms(citizen).limit_1 == NEVER):
        return None
    return names[books.tier(citizen, books.points(citizen))]


def _ties(books: Books, citizen: Citizen) -> dict[str, int]:
    """Count the ties that live, and what is known of their other ends."""
    free = books.people.ties(citizen)
    kept = [other for tie, other in free if lives(books, citizen, tie, other)]
    others = citizen.household + kept
    counts = {"living": len(others), "household": len(citizen.household)}
    counts["cut"] = sum(books.bit(citizen, CUT + tie - HOUSEHOLD_TIES) for tie, other in free)
    for name, fact in (
        ("low", facts.LOW), ("listed", facts.LISTED), ("shown", facts.SHAMED),
        ("praising", facts.PRAISING), ("critical", facts.CRITICAL),
    ):  # fmt: skip
        counts[name] = sum(books.is_known(other, fact) for other in others)
    return counts


def _firms(books: Books, citizen: Citizen) -> list[dict[str, Any]]:
    """Return where the own firms stand."""
    names = {BLACK: "black", RED: "red"}
    return [
        {"sector": firm.sector, "rating": rating(books, firm) / 10,
         "list": names.get(firm_list(books, firm))}
        for firm in books.realm.firms.values()
        if firm.owner is citizen
    ]  # fmt: skip
