"""How wrong is it, and for whose doing: wrongful exclusion, predictive value, guilt by association.

*Wrong* is what is not the citizen's own doing: what could not be helped, records booked by
mistake, points lost for others, several of these together. Speech is own doing here, as the
scheme has it; what it costs is said apart.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from glasstown.engine.measures import OWN_CAUSES, SERVICES, WRONGLY
from glasstown.lab.assessment.domains import MISTAKES, OTHERS
from glasstown.lab.assessment.estimates import (
    Estimate,
    Section,
    Table,
    has_variant,
    last,
    over_seeds,
    per_100_000,
    ratio,
    total,
    years,
)
from glasstown.lab.assessment.members import Record
from glasstown.lab.assessment.variants import APART, HOP, SCHEME
from glasstown.lab.outcomes import EXCLUDED, WRONG
from glasstown.lab.wording import CAUSE_WORDS, joined

ENTRIES = tuple(f"entries_{cause}" for cause in OWN_CAUSES)
ENTRIES_RIGHT = tuple(f"entries_{cause}" for cause in OWN_CAUSES if cause not in WRONGLY)
RIGHT = tuple(name for name in EXCLUDED if name not in WRONG)
DENIED = tuple(f"denied_{one}" for one in SERVICES)
HOP_WORDS = {
    "friends": "friends", "household": "household", "firm": "own firm",
    APART: "all of these", MISTAKES: "mistakes (for comparison)",
}  # fmt: skip

Of = Callable[[Record], float | None]


def shares() -> dict[str, Of]:
    """Return the predictive values by name: right ones over all."""

    def part(right: tuple[str, ...], whole: tuple[str, ...]) -> Of:
        return lambda one: ratio(total(one, SCHEME, *right), total(one, SCHEME, *whole))

    return {
        "record": part(("booked",), ("booked", "misbooked", "false_matches")),
        "listing": part(ENTRIES_RIGHT, ENTRIES),
        "listing_for_deeds": part(("entries_deeds",), ENTRIES),
        "exclusion": part(RIGHT, EXCLUDED),
        "exclusion_for_deeds": part(("excluded_deeds",), EXCLUDED),
        "refusal": part(
            ("denied_for_deeds", "denied_for_speech"), DENIED,
        ),
        "showing": lambda one: _complement(
            ratio(total(one, SCHEME, "shamings_wrong"), total(one, SCHEME, "shamings"))
        ),
    }  # fmt: skip


def _complement(share: float | None) -> float | None:
    return None if share is None else 1 - share


VALUE_WORDS = {
    "record": "a record is of the citizen's own deed",
    "listing": "an entry on a black list is for own deeds or words",
    "listing_for_deeds": "an entry on a black list is for own deeds (not words)",
    "exclusion": "a week shut out is for own deeds or words",
    "exclusion_for_deeds": "a week shut out is for own deeds (not words)",
    "refusal": "a refused request is for own deeds or words",
    "showing": "a face on a screen is shown for own deeds or words",
}


def section(records: Sequence[Record]) -> Section:
    """Return the section on wrongful exclusion."""
    by_cause = {cause: over_seeds(records, _time(f"excluded_{cause}")) for cause in OWN_CAUSES}
    lost = over_seeds(records, lambda one: years(one, SCHEME, *WRONG))
    rate = over_seeds(records, lambda one: per_100_000(one, SCHEME, *WRONG))
    values = {name: over_seeds(records, of) for name, of in shares().items()}
    children = over_seeds(records, lambda one: years(one, SCHEME, "children_shut_out"))
    measures = {
        "wrong_person_years": lost,
        "wrong_person_years_per_100_000_adults_and_year": rate,
        "person_years_by_cause_per_100_000_adults_and_year": by_cause,
        "child_years_kept_from_schools": children,
        "predictive_values": values,
    }
    return Section(
        "wrongs", "Wrongful exclusion",
        "How many are shut out who should not be, for what, and for how long?",
        _wrong_words(lost, rate, by_cause, values, children),
        _wrong_tables(by_cause, values), measures,
    )  # fmt: skip


def _time(name: str) -> Of:
    return lambda one: per_100_000(one, SCHEME, name)


def _wrong_words(
    lost: Estimate | None, rate: Estimate | None, by_cause: dict[str, Estimate | None],
    values: dict[str, Estimate | None], children: Estimate | None,
) -> tuple[str, ...]:  # fmt: skip
    if lost is None or rate is None or all(not one or not one.mean for one in by_cause.values()):
        return ("In the runs nobody was shut out of a service.",)
    said = [
        f"People who had not earned it by deeds or words lost {lost.said()} person-years in each "
        f"country: {rate.said()} for every 100,000 adults and year."
    ]
    wrong = {c: one.mean for c, one in by_cause.items() if one and c in WRONGLY and one.mean > 0}
    if wrong:
        named = sorted(wrong, key=lambda one: -wrong[one])
        said.append(f"By cause, the largest first: {joined([CAUSE_WORDS[one] for one in named])}.")
    for name in ("listing", "exclusion"):
        value = values[name]
        if value is not None:
            said.append(f"The chance that {VALUE_WORDS[name]} was {value.said('percent')}.")
    if children is not None and children.mean > 0:
        said.append(
            f"Children lost {children.said()} years kept out of selective schools for a parent's "
            "listing."
        )
    return tuple(said)


def _wrong_tables(
    by_cause: dict[str, Estimate | None], values: dict[str, Estimate | None]
) -> tuple[Table, ...]:
    causes = tuple(
        (CAUSE_WORDS[cause], "not own doing" if cause in WRONGLY else "own doing", one.short())
        for cause, one in by_cause.items()
        if one is not None
    )
    chances = tuple(
        (VALUE_WORDS[name], one.short("percent")) for name, one in values.items() if one is not None
    )
    return (
        Table("causes", "Person-years shut out per 100,000 adults and year",
              ("cause", "whose doing", "person-years"), causes,
              "The cause is the one but for which somebody would not be shut out: mistakes first, "
              "then others, then speech; a listing keeps the cause of its entry."),
        Table("values", "Positive predictive values", ("the chance that ...", "share"), chances,
              "A listing or refusal for own deeds counts as right here, however harsh the rule."),
    )  # fmt: skip


def hops(records: Sequence[Record]) -> dict[str, dict[str, Estimate | None]]:
    """Return what fraction of harm hangs on each contagion, from runs without it."""
    found: dict[str, dict[str, Estimate | None]] = {}
    for name in (*OTHERS, APART, MISTAKES):
        variant = name if name == APART else f"{HOP}{name}"
        if has_variant(records, variant):
            found[name] = {
                "exclusion": over_seeds(records, _fraction(variant, total, *EXCLUDED)),
                "refusals": over_seeds(records, _fraction(variant, total, *DENIED)),
                "low": over_seeds(records, _fraction(variant, last, "low")),
                "but_for": over_seeds(records, _but_for(variant)),
            }
    return found


def _fraction(variant: str, of: Callable[..., float], *names: str) -> Of:
    def measure(one: Record) -> float | None:
        whole = of(one, SCHEME, *names)
        return ratio(whole - of(one, variant, *names), whole)

    return measure


def _but_for(variant: str) -> Of:
    def measure(one: Record) -> float | None:
        pair = one["pairs"][variant]
        return ratio(pair["scheme_only"], pair["scheme_only"] + pair["both"])

    return measure


def association(records: Sequence[Record]) -> Section:
    """Return the section on guilt by association."""
    found = hops(records)
    theirs = [name for name in found if name != MISTAKES]
    direct = over_seeds(
        records,
        lambda one: ratio(
            total(one, SCHEME, "denied_for_household", "denied_for_firm", "denied_for_association"),
            total(one, SCHEME, *DENIED),
        ),
    )
    said = []
    if not theirs:
        said.append("The scheme has no contagion through friends, household or firm.")
    for name in theirs:
        share, refused = found[name]["exclusion"], found[name]["refusals"]
        if share is None or refused is None:
            continue
        through = "all contagions together" if name == APART else f"contagion through {name}"
        said.append(
            f"Without {through}, time shut out would fall by {share.said('percent')} and refused "
            f"requests by {refused.said('percent')}."
        )
    if direct is not None and direct.mean > 0:
        said.append(
            f"Refused to somebody directly or by points for what others did: "
            f"{direct.said('percent')} of all refused requests."
        )
    rows = tuple(
        (HOP_WORDS[name], *(_short(one[key]) for key in ("exclusion", "refusals", "low",
                                                         "but_for")))
        for name, one in found.items()
    )  # fmt: skip
    table = Table(
        "hops", "Share of harm that hangs on each hop (attributable fraction)",
        ("hop", "time shut out", "refused requests", "publicly low at the end",
         "shut out at the end only with it"), rows,
        "Each row compares two runs with the same luck, with and without the hop. The last column "
        "follows the same citizens: those shut out at the end who are not so without it.",
    )  # fmt: skip
    return Section(
        "association", "Guilt by association",
        "How much of the harm has its cause in somebody else's life?",
        tuple(said), (table,) if rows else (),
        {"attributable_fractions": found, "refused_for_others": direct},
        next((one for one in said if "together" in one), ""),
    )  # fmt: skip


def _short(one: Estimate | None) -> str:
    return "" if one is None else one.short("percent")
