"""Does the benefit justify it: offences fewer than without, beside ordinary enforcement.

The scheme's own stated benefit is honesty: fewer offences of citizens, and less fraud (of citizens
and firms). Ordinary enforcement is the experiment of the catalogue of claims
(`fraud_beyond_enforcement`): the same watching and the same penalties, and nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Protocol

from glasstown.lab.assessment.estimates import (
    Estimate,
    Section,
    Table,
    estimate,
    flow_per_100_000,
    has_variant,
    over_seeds,
    per_100_000,
    ratio,
)
from glasstown.lab.assessment.members import Record
from glasstown.lab.assessment.variants import ENFORCEMENT, NONE, SCHEME
from glasstown.lab.claims.measures import FRAUD
from glasstown.lab.outcomes import EXCLUDED, WRONG


class Of(Protocol):
    """A measure of a record in one of its variants."""

    def __call__(self, record: Record, variant: str) -> float:
        """Return it."""


WORLD_WORDS = {
    NONE: "no scheme", ENFORCEMENT: "ordinary enforcement", SCHEME: "the scheme",
}  # fmt: skip


def offences(record: Record, variant: str) -> float:
    """Return the offences of citizens per 100,000 adults and year, seen or not."""
    firms = flow_per_100_000(record, variant, "firm_offences")
    return flow_per_100_000(record, variant, "offences") - firms


def fraud(record: Record, variant: str) -> float:
    """Return the deeds of citizens and firms that deceive somebody, per 100,000 adults and year."""
    return flow_per_100_000(record, variant, *(f"acted_{one}" for one in FRAUD))


def wrong(record: Record, variant: str) -> float:
    """Return the person-years wrongly shut out per 100,000 adults and year."""
    return per_100_000(record, variant, *WRONG)


def harm(record: Record, variant: str) -> float:
    """Return the person-years shut out per 100,000 adults and year, for whatever cause."""
    return per_100_000(record, variant, *EXCLUDED)


def made(record: Record, variant: str) -> float:
    """Return the records made per 100,000 adults and year, right and wrong."""
    return flow_per_100_000(record, variant, "booked", "misbooked", "false_matches")


def shown(record: Record, variant: str) -> float:
    """Return the faces shown on screens per 100,000 adults and year."""
    return flow_per_100_000(record, variant, "shamings")


MEASURED: dict[str, tuple[str, Of]] = {
    "offences": ("offences of citizens", offences),
    "fraud": ("frauds of citizens and firms", fraud),
    "records": ("records made", made),
    "shut_out": ("person-years shut out", harm),
    "shut_out_wrongly": ("person-years wrongly shut out", wrong),
    "shown": ("faces shown on screens", shown),
}  # fmt: skip


def section(records: Sequence[Record]) -> Section:
    """Return the section on benefit per wrongful exclusion."""
    worlds = [one for one in WORLD_WORDS if has_variant(records, one)]
    levels = {
        name: {world: over_seeds(records, partial(of, variant=world)) for world in worlds}
        for name, (_, of) in MEASURED.items()
    }
    changes = {
        name: _change(records, of, NONE)
        for name, of in (("offences", offences), ("fraud", fraud))
        if NONE in worlds
    }
    beyond = {
        name: _change(records, of, ENFORCEMENT)
        for name, of in (("offences", offences), ("fraud", fraud))
        if ENFORCEMENT in worlds
    }
    bought = {
        world: over_seeds(records, _bought(world)) for world in worlds if world != SCHEME
    }  # fmt: skip
    rows = tuple(
        (MEASURED[name][0], *(_short(by_world[world]) for world in worlds))
        for name, by_world in levels.items()
    )
    table = Table(
        "worlds", "Per 100,000 adults and year", ("", *(WORLD_WORDS[one] for one in worlds)), rows,
        "Same society, same luck. Offences are counted whether or not anybody saw them. The cost "
        "of enforcement is taken as the records made; what screens, lists and refusals cost is "
        "left out, in favour of the scheme.",
    )  # fmt: skip
    measures = {
        "levels_per_100_000_adults_and_year": levels, "change_against_none": changes,
        "change_against_enforcement": beyond,
        "offences_fewer_per_wrongful_person_year_against": bought,
    }  # fmt: skip
    return Section(
        "benefit", "Benefit against wrongful exclusion",
        "Does the scheme reach its aim, more than ordinary enforcement does, and at what price in "
        "wrongful exclusion?",
        (*_words(changes, beyond, bought, ENFORCEMENT in worlds), *_costs(levels["records"])),
        (table,), measures, _headline(changes, bought),
    )  # fmt: skip


def _headline(
    changes: dict[str, Estimate | None], bought: dict[str, Estimate | None]
) -> str:  # fmt: skip
    """Put benefit and price in one sentence."""
    fewer, price = changes.get("offences"), bought.get(ENFORCEMENT) or bought.get(NONE)
    if fewer is None or price is None:
        return ""
    beside = "ordinary enforcement" if bought.get(ENFORCEMENT) else "no scheme"
    return (
        f"Offences of citizens: {_moved(fewer, 'without the scheme')}; beside {beside}, "
        f"{price.said()} fewer for each person-year wrongly shut out."
    )


def _costs(records: dict[str, Estimate | None]) -> list[str]:
    """Say how many records the scheme and ordinary enforcement make: the cost of each."""
    ours, theirs = records.get(SCHEME), records.get(ENFORCEMENT)
    if ours is None or theirs is None:
        return []
    return [
        f"The scheme made {ours.said()} records per 100,000 adults and year, ordinary enforcement "
        f"{theirs.said()}."
    ]


def _short(one: Estimate | None) -> str:
    return "" if one is None else one.short()


def _change(records: Sequence[Record], of: Of, against: str) -> Estimate | None:
    def measure(one: Record) -> float | None:
        return ratio(of(one, SCHEME) - of(one, against), of(one, against))

    return over_seeds(records, measure)


def _bought(against: str) -> Callable[[Record], float | None]:
    """Return offences fewer than in another world for each person-year wrongly shut out."""

    def measure(one: Record) -> float | None:
        fewer = offences(one, against) - offences(one, SCHEME)
        return ratio(fewer, wrong(one, SCHEME) - wrong(one, against))

    return measure


def _words(
    changes: dict[str, Estimate | None], beyond: dict[str, Estimate | None],
    bought: dict[str, Estimate | None], is_enforced: bool,
) -> list[str]:  # fmt: skip
    said = []
    names = {"offences": "Offences of citizens", "fraud": "Fraud"}
    for name, value in changes.items():
        if value is not None:
            said.append(f"{names[name]}: {_moved(value, 'without the scheme')}.")
    for name, value in beyond.items():
        if value is not None:
            said.append(f"{names[name]}: {_moved(value, 'under ordinary enforcement')}.")
    for world, one in bought.items():
        if one is not None:
            said.append(
                f"For each person-year wrongly shut out there were {one.said()} fewer offences of "
                f"citizens than with {WORLD_WORDS[world]}"
                f"{' (below zero: more)' if one.mean < 0 or (one.low or 0) < 0 else ''}."
            )
    if not is_enforced:
        said.append(
            "There is no ordinary enforcement to compare with: the scheme takes no points, so "
            "without its lists nothing of it is left that could serve as a penalty."
        )
    if NONE in bought and bought[NONE] is None:
        said.append("Nobody was wrongly shut out, so there is no price to set the benefit against.")
    return said


def _moved(value: Estimate, world: str) -> str:
    word = "fewer" if value.mean <= 0 else "more"
    if value.low is None or value.high is None:
        return f"{estimate([abs(value.mean)]).said('percent')} {word} than {world}"
    ends = sorted((-value.low, -value.high)) if value.mean <= 0 else (value.low, value.high)
    turned = Estimate(abs(value.mean), ends[0], ends[1], value.seeds)
    unsure = ", no more than luck explains" if value.low <= 0 <= value.high else ""
    return f"{turned.said('percent')} {word} than {world}{unsure}"
