"""Shares, rates and monthly reports: what is known about the lists beside the counts of entries.

The monthly reports count all black lists, of which the courts' are the most (87.8 % of new
entries in May 2018); ours has the courts' alone, so their factor is wide (``ALL_LISTS``).
"""

from __future__ import annotations

from datetime import date

from glasstown.lab.tallies import WEEKS_PER_YEAR
from glasstown.lab.validation.measures import (
    AIR,
    ALL_EXITS,
    BAN_DAYS,
    CALIBRATED_MISSED,
    COMPLIED,
    END,
    LISTED,
    NEW,
    PERSON_EXITS,
    PERSON_TIMES,
    PERSONS,
    Demand,
    Record,
    tried_within,
)
from glasstown.lab.validation.rows import Claim
from glasstown.lab.validation.series import Series, days_of
from glasstown.lab.validation.targets import targets

ALL_LISTS, ONE_LIST, BURSTS, SHARE = 1.5, 1.25, 1.5, 1.05
YEAR = date(2018, 1, 1)
OF_ALL_LISTS = "The published number is of all black lists, ours of the courts' list."
POISSON = (
    "From the declared demand for flights, by the Poisson formula; the tallies count tickets, not "
    "who asked."
)


def shares() -> list[Record]:
    """Return what is published of how many complied, tried to fly, and are natural persons."""
    known = targets()
    rest = "firms and citizens were listed in another proportion than ours."
    bulk = "firms were struck off in bulk that month; our firms leave one by one."
    complied = Claim(
        known["F01"], "a", "complied, of all entered until the end of 2018", "calibrated",
        "Exits by performance (citizens and firms) over person-times entered.", CALIBRATED_MISSED,
    )  # fmt: skip
    may = Claim(
        known["F07"], "a", "natural persons, of new entries in May 2018", "calibrated",
        f"Citizens' entries over those of citizens and firms. {OF_ALL_LISTS}", CALIBRATED_MISSED,
    )  # fmt: skip
    december = Claim(
        known["F08"], "a", "natural persons, of new entries in December 2018", "prediction",
        f"As in May. {OF_ALL_LISTS}", rest, factor=SHARE,
    )  # fmt: skip
    leaving = Claim(
        known["F11"], "a", "natural persons, of exits in December 2018", "prediction",
        f"Citizens' exits over those of citizens and firms. {OF_ALL_LISTS}", bulk, factor=ONE_LIST,
    )  # fmt: skip
    return [
        Record(complied, _complied),
        Record(may, lambda ours, _: _of_month(ours, "F07", PERSONS, NEW)),
        Record(december, lambda ours, _: _of_month(ours, "F08", PERSONS, NEW)),
        Record(leaving, lambda ours, _: _of_month(ours, "F11", PERSON_EXITS, ALL_EXITS)),
        *_tries(),
    ]


def _complied(ours: Series, _: Demand) -> float:
    entered = ours.upto(PERSON_TIMES, END)
    return ours.upto(COMPLIED, END) / entered if entered else 0.0


def _tries() -> list[Record]:
    """Return what is published of those who tried to fly in the first month of the ban."""
    known = targets()
    who = Claim(
        known["F02"], "a", "listed who tried to fly in the first 34 days", "calibrated", POISSON,
        CALIBRATED_MISSED,
    )  # fmt: skip
    again = (
        "who wanted to fly in 2014 tried again and again; our demand is steady and takes a "
        "refusal for an answer."
    )
    each = Claim(
        known["F03"], "a", "tickets that each of them tried to buy", "prediction", POISSON, again,
        factor=BURSTS,
    )  # fmt: skip

    def attempts(_: Series, demand: Demand) -> float:
        flight = demand["flight"]
        return flight.rate * BAN_DAYS / 365.25 / tried_within(flight, BAN_DAYS)

    return [
        Record(who, lambda _, demand: tried_within(demand["flight"], BAN_DAYS)),
        Record(each, attempts),
    ]


def _of_month(ours: Series, id_: str, part: tuple[str, ...], whole: tuple[str, ...]) -> float:
    """Return one flow as a share of another in the month of a target; 0 where that is 0."""
    first, last = days_of(targets()[id_])
    of = ours.between(whole, first, last)
    return ours.between(part, first, last) / of if of else 0.0


def rates() -> list[Record]:
    """Return what is published by adult, by listed person, and by month."""
    known = targets()
    hazard = Claim(
        known["F04"], "a", "newly listed persons per adult in 2018", "prediction",
        f"Citizens' entries in 2018 over adults. {OF_ALL_LISTS}",
        "persons are listed more or less often than the monthly reports say.", until=known["F05"],
    )  # fmt: skip
    leaving = Claim(
        known["F06"], "a", "exits of the listed in May 2018", "prediction",
        f"Exits of citizens and firms over both on the list. {OF_ALL_LISTS}",
        "people left the lists faster or slower than ours do.", factor=ALL_LISTS,
    )  # fmt: skip
    tickets = Claim(
        known["F10"], "a", "air tickets blocked per listed person-year in 2018", "prediction",
        "Flights denied in 2018 over the mean of the listed citizens.",
        "the published rate takes the stock as 5.5m, ours has another.", factor=ALL_LISTS,
    )  # fmt: skip
    return [
        Record(hazard, _hazard),
        Record(leaving, _leaving),
        Record(tickets, _tickets_a_year),
    ]


def _hazard(ours: Series, _: Demand) -> float:
    weeks = ((END - YEAR).days + 1) / 7
    return ours.between(PERSONS, YEAR, END) / ours.on(("adults",), END) / weeks * WEEKS_PER_YEAR


def _leaving(ours: Series, _: Demand) -> float:
    first, last = days_of(targets()["F06"])
    stock = ours.on(LISTED, last)
    return ours.between(ALL_EXITS, first, last) / stock if stock else 0.0


def _tickets_a_year(ours: Series, _: Demand) -> float:
    stock = (ours.on(("listed",), YEAR) + ours.on(("listed",), END)) / 2
    return ours.between(AIR, YEAR, END) / stock if stock else 0.0


def monthly() -> list[Record]:
    """Return the counts of the reports on all black lists."""
    more = "other authorities' lists, which ours lacks, weigh more than a third."
    bodies = (
        "the share of bodies in new entries (F07), which ours is calibrated on, makes more firms "
        "than were said to be barred: not every body is a firm, and one may be entered again."
    )
    pace = "people left the lists faster or slower than ours do."
    bulk = "the lists were cleared in bulk at the end of 2018; ours has no such clearing."
    uneven = "entries in that month were not the year's mean."
    known = targets()
    on_record = Claim(
        known["N01"], "a", "records on all black lists until May 2018", "prediction",
        OF_ALL_LISTS, more, True, ALL_LISTS,
    )  # fmt: skip
    entities = Claim(
        known["N02"], "a", "persons and firms on black lists in May 2018", "prediction",
        OF_ALL_LISTS, pace, True, ALL_LISTS,
    )  # fmt: skip
    barred = Claim(
        known["N09"], "a", "firms barred from bidding until the end of 2018", "prediction",
        f"Entries of firms: a listed firm may not bid. {OF_ALL_LISTS}", bodies, True, ALL_LISTS,
    )  # fmt: skip
    until = days_of(known["N01"])[1]
    return [
        Record(on_record, lambda ours, _: ours.upto(PERSON_TIMES, until)),
        Record(entities, lambda ours, _: ours.on(LISTED, until)),
        Record(barred, lambda ours, _: ours.upto(("firm_entries",), END)),
        _flow("F09", "new judgment defaulters in May 2018", NEW, uneven, ONE_LIST),
        _flow("N03", "new on all black lists in May 2018", NEW, more, ALL_LISTS),
        _flow("N04", "exits from all black lists in May 2018", ALL_EXITS, pace, ALL_LISTS),
        _flow("N05", "new on all black lists in December 2018", NEW, more, ALL_LISTS),
        _flow("N06", "exits from all black lists in December 2018", ALL_EXITS, bulk, ALL_LISTS),
        _flow("N07", "new on all black lists in 2018", NEW, more, ALL_LISTS),
    ]


def _flow(id_: str, what: str, names: tuple[str, ...], misfit: str, factor: float) -> Record:
    """Return the record of what was counted in the month or year of a target."""
    known = targets()[id_]
    first, last = days_of(known)
    measure = "The published number and ours are of the courts' list."
    measure = measure if id_ == "F09" else OF_ALL_LISTS
    claim = Claim(known, "a", what, "prediction", measure, misfit, True, factor)
    return Record(claim, lambda ours, _: ours.between(names, first, last))
