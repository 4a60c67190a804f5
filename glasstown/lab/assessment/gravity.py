"""Article 5(1)(c)(ii): treatment in proportion to the behaviour and its gravity, or not."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from glasstown.lab.assessment.estimates import (
    Estimate,
    Section,
    Table,
    has_variant,
    over_seeds,
    pooled,
    quantile,
    ratio,
    total,
)
from glasstown.lab.assessment.members import Record
from glasstown.lab.assessment.proportion import LONGEST, Penalty, penalties
from glasstown.lab.assessment.variants import DOMAIN, SCHEME
from glasstown.lab.outcomes import EXCLUDED
from glasstown.lab.scenario import Scenario
from glasstown.lab.wording import CAUSE_WORDS, counted, decimal, noun
from glasstown.society.catalogue import behaviours

TRIFLE, LONG_WEEKS = 3, 26
"""Gravity up to which a deed is a trifle here, and weeks from which a loss is long."""
SHOWN = 20
LOST_POINTS = tuple(
    f"points_lost_{one}"
    for one in ("deeds", "misidentification", "friends", "household", "speech", "firm")
)


def punished(domain: str) -> list[str]:
    """Return the names of the behaviours of citizens in a domain."""
    return [one.name for one in behaviours() if one.domain == domain and one.by != "firm"]


def weeks_per_record(record: Record, domain: str) -> float | None:
    """Return the weeks shut out that hung on a domain, over the records booked in it."""
    lost = total(record, SCHEME, *EXCLUDED) - total(record, f"{DOMAIN}{domain}", *EXCLUDED)
    return ratio(lost, total(record, SCHEME, *(f"booked_{one}" for one in punished(domain))))


def mean_gravity(records: Sequence[Record], domain: str) -> float | None:
    """Return the mean gravity of what was booked in a domain."""
    known = {one.name: one.gravity for one in behaviours()}
    booked = {
        name: sum(total(one, SCHEME, f"booked_{name}") for one in records)
        for name in punished(domain)
    }
    weighed = sum(known[name] * count for name, count in booked.items())
    return ratio(weighed, sum(booked.values()))


def by_domain(records: Sequence[Record]) -> dict[str, tuple[float, Estimate]]:
    """Return mean gravity and weeks shut out per record, by domain."""
    found = {}
    for name in records[0]["totals"]:
        if not name.startswith(DOMAIN) or not has_variant(records, name):
            continue
        domain = name.removeprefix(DOMAIN)
        weeks = over_seeds(records, partial(weeks_per_record, domain=domain))
        gravity = mean_gravity(records, domain)
        if weeks is not None and gravity is not None:
            found[domain] = (gravity, weeks)
    return dict(sorted(found.items(), key=lambda one: -one[1][1].mean))


def tails(records: Sequence[Record]) -> dict[str, dict[str, int | None]]:
    """Return how long spells of exclusion lasted, by their cause, those cut off by the end too."""
    causes = {cause for one in records for key in ("spells", "open_spells") for cause in one[key]}
    found = {}
    for cause in [one for one in CAUSE_WORDS if one in causes]:
        ended = pooled(records, "spells", cause)
        standing = pooled(records, "open_spells", cause)
        both = {
            week: ended.get(week, 0) + standing.get(week, 0) for week in {*ended, *standing}
        }  # fmt: skip
        found[cause] = {
            "spells": sum(both.values()), "standing": sum(standing.values()),
            "p50": quantile(both, 0.5), "p90": quantile(both, 0.9), "p99": quantile(both, 0.99),
        }  # fmt: skip
    return found


def section(records: Sequence[Record], scenario: Scenario) -> Section:
    """Return the section on proportion."""
    rules = penalties(scenario)
    domains, spells = by_domain(records), tails(records)
    per_point = over_seeds(
        records,
        lambda one: ratio(
            total(one, SCHEME, *EXCLUDED), total(one, SCHEME, *LOST_POINTS) / 10
        ),
    )  # fmt: skip
    whole = pooled(records, "weeks", "shut_out")
    sentences = [*_rule_words(rules), *_run_words(domains, spells, whole)]
    measures = {
        "weeks_shut_out_per_point_lost": per_point,
        "weeks_per_person": {
            "people": sum(whole.values()), "p50": quantile(whole, 0.5),
            "p90": quantile(whole, 0.9), "p99": quantile(whole, 0.99),
        },
        "spells_by_cause": spells,
        "weeks_per_record_by_domain": {
            name: {"mean_gravity": one[0], "weeks_per_record": one[1]}
            for name, one in domains.items()
        },
        "rules": [{**one._asdict(), "weeks_per_gravity": one.weeks_per_gravity} for one in rules],
    }  # fmt: skip
    return Section(
        "proportion", "Sanction against gravity",
        "Article 5(1)(c)(ii): is detriment unjustified or disproportionate to the behaviour or its "
        "gravity?",
        tuple(sentences), _tables(rules, domains, spells), measures,
        next((one for one in sentences if one.startswith("Of those")), ""),
    )  # fmt: skip


def _rule_words(rules: list[Penalty]) -> list[str]:
    if not rules:
        return ["The rules take no points from citizens and enter nobody on a black list."]
    listed = [one for one in rules if one.weeks_p99 is not None]
    trifles = [
        one for one in listed
        if one.gravity <= TRIFLE and (one.weeks_p50 or 0) >= LONG_WEEKS
    ]  # fmt: skip
    said = [f"The rules punish {noun(len(rules), 'kind of deed', 'kinds of deeds')}"
            f", {len(listed)} of them by a black list."]  # fmt: skip
    if trifles:
        named = ", ".join(one.behaviour.replace("_", " ") for one in trifles[:4])
        said.append(
            f"For {noun(len(trifles), 'deed')} of a gravity of at most {TRIFLE} of 10 ({named}) "
            f"half of those entered stay listed for {LONG_WEEKS} weeks or more."
        )
    light = [one for one in rules if one.gravity <= TRIFLE and one.records is not None]
    if light:
        worst = min(light, key=lambda one: (one.records or 0, one.points))
        said.append(
            f"{noun(worst.records or 0, 'record')} of {worst.behaviour.replace('_', ' ')} "
            f"(gravity {worst.gravity} of 10), close together, bring a score from the start to "
            "the first refusal."
        )
    return said


def _run_words(
    domains: dict[str, tuple[float, Estimate]], spells: dict[str, dict[str, int | None]],
    whole: dict[int, int],
) -> list[str]:  # fmt: skip
    if not whole:
        return ["In the runs nobody was shut out of a service."]
    said = [
        f"Of those who were ever shut out in the runs, half were so for at most "
        f"{noun(quantile(whole, 0.5) or 0, 'week')} in all, and one in a hundred for more than "
        f"{noun(quantile(whole, 0.99) or 0, 'week')}."
    ]
    wrong = {k: v for k, v in spells.items() if k != "deeds" and (v["spells"] or 0) >= 10}
    if wrong and "deeds" in spells:
        longest = max(wrong, key=lambda one: (wrong[one]["p99"] or 0, wrong[one]["p50"] or 0))
        said.append(
            f"A spell for own deeds lasted {spells['deeds']['p50']} weeks at the median and "
            f"{spells['deeds']['p99']} at the 99th percentile; the longest tail beside it is for "
            f"{CAUSE_WORDS[longest]} ({wrong[longest]['p50']} and {wrong[longest]['p99']})."
        )
    per = {
        name: weeks.mean / max(gravity, 0.5)
        for name, (gravity, weeks) in domains.items()
        if weeks.mean > 0
    }
    if per:
        worst, mildest = max(per, key=lambda one: per[one]), min(per, key=lambda one: per[one])
        said.append(
            "Weeks shut out for each record and point of gravity went from "
            f"{decimal(per[mildest])} ({mildest.replace('_', ' ')}) to {decimal(per[worst])} "
            f"({worst.replace('_', ' ')})."
        )
    return said


def _tables(
    rules: list[Penalty], domains: dict[str, tuple[float, Estimate]],
    spells: dict[str, dict[str, int | None]],
) -> tuple[Table, ...]:  # fmt: skip
    declared = tuple(
        (
            one.behaviour.replace("_", " "), one.domain.replace("_", " "), str(one.gravity),
            f"{one.points:g}".replace("-", "−"), f"{one.listed:.0%}" if one.listed else "",
            _weeks(one.weeks_p50), _weeks(one.weeks_p99),
            "" if one.weeks_per_gravity is None else decimal(one.weeks_per_gravity),
            "" if one.records is None else counted(one.records),
            _fading(one),
        )
        for one in rules[:SHOWN]
    )  # fmt: skip
    fell = tuple(
        (name.replace("_", " "), f"{gravity:.1f}", weeks.short(),
         decimal(weeks.mean / max(gravity, 0.5)) if weeks.mean > 0 else "0")
        for name, (gravity, weeks) in domains.items()
    )  # fmt: skip
    rows = tuple(
        (CAUSE_WORDS[cause], counted(one["spells"] or 0), str(one["p50"]), str(one["p90"]),
         str(one["p99"]), counted(one["standing"] or 0))
        for cause, one in spells.items()
    )  # fmt: skip
    shown = f"The {SHOWN} gravest of {len(rules)}; all of them stand in the JSON. "
    return (
        Table("penalties", "As declared: what one record may cost", (
            "deed", "domain", "gravity", "points", "listed", "weeks on the list, p50",
            "weeks on the list, p99", "p99 over gravity", "records to a refusal by score",
            "weeks until that fades",
        ), declared, (shown if len(rules) > SHOWN else "") + "Weeks on a list follow from term, "
        "performing, repair and appeal; renewals are not in it. Gravity: 1 (trifle) to 10 (grave "
        "crime), 0 no offence; ours, see the catalogue of behaviours."),
        Table("per_record", "As it fell: weeks shut out for each record, by where the record arose",
              ("domain", "mean gravity", "weeks shut out per record", "per point of gravity"),
              fell, "Person-weeks that would not have been without penalties in this domain, over "
              "the records booked in it; gravity below one half counts as one half."),
        Table("spells", "As it fell: how long spells of exclusion lasted, by their cause",
              ("cause", "spells", "p50, weeks", "p90", "p99", "not over at the end"), rows,
              "Pooled over seeds. Spells that the end of the run cut off count as long as they "
              "lasted until then."),
    )  # fmt: skip


def _weeks(weeks: int | None) -> str:
    if weeks is None:
        return ""
    return "no end" if weeks >= LONGEST else counted(weeks)


def _fading(one: Penalty) -> str:
    if one.records is None:
        return ""
    return "never" if one.score_weeks is None else decimal(one.score_weeks)
