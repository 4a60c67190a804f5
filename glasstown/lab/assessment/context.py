"""Article 5(1)(c)(i): treatment in parts of life unrelated to those in which the data arose.

As declared: every pair of something held against somebody and a service touched for it. As it
fell: what would not have been refused or delayed, had the scheme punished nothing in one part of
life; the same country and the same luck, run without those penalties. Refusals for which several
parts of life were needed count for each of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from glasstown.engine.measures import SERVICES
from glasstown.lab.assessment.domains import (
    MISTAKES,
    OTHERS,
    Link,
    declared_links,
    domain_of_service,
)
from glasstown.lab.assessment.estimates import (
    Estimate,
    Section,
    Table,
    flow_per_100_000,
    has_variant,
    over_seeds,
    total,
)
from glasstown.lab.assessment.members import Record
from glasstown.lab.assessment.variants import DOMAIN, HOP, SCHEME
from glasstown.lab.scenario import Scenario
from glasstown.lab.wording import counted, percent

SOURCE_WORDS = {
    "friends": "friends (others' deeds)", "household": "household (others' deeds)",
    "firm": "own firm (its listing)", MISTAKES: "mistakes (nobody's or another's deed)",
}  # fmt: skip


def detriments(service: str) -> tuple[str, ...]:
    """Return the columns in which detriment at a service is counted: requests refused, delayed."""
    delayed = ("hospital_requests_delayed",) if service == "hospital" else ()
    return (f"denied_{service}", *delayed)


ALL_DETRIMENTS = tuple(column for service in SERVICES for column in detriments(service))


def sources(records: Sequence[Record]) -> dict[str, str]:
    """Return the variant that does without each source, by the source's name."""
    known = list(records[0]["totals"])
    found = {
        name.removeprefix(DOMAIN): name
        for name in known
        if name.startswith(DOMAIN) and has_variant(records, name)
    }
    for name in (*OTHERS, MISTAKES):
        if has_variant(records, f"{HOP}{name}"):
            found[name] = f"{HOP}{name}"
    return found


def fell(record: Record, variant: str, treatment: str) -> float:
    """Return the requests refused or delayed in a domain that would not have been without."""
    names = [
        column
        for service, domain in domain_of_service().items()
        if domain == treatment
        for column in detriments(service)
    ]
    return total(record, SCHEME, *names) - total(record, variant, *names)


def off_diagonal(record: Record, found: dict[str, str]) -> float | None:
    """Return the share of all that fell outside the part of life in which it arose."""
    treatments = list(dict.fromkeys(domain_of_service().values()))
    whole = sum(fell(record, one, t) for one in found.values() for t in treatments)
    same = sum(fell(record, found[t], t) for t in treatments if t in found)
    return 1 - same / whole if whole > 0 else None


def matrix(records: Sequence[Record]) -> dict[str, dict[str, Estimate]]:
    """Return requests refused or delayed per 100,000 adults and year, by source and treatment."""
    found = sources(records)
    treatments = list(dict.fromkeys(domain_of_service().values()))
    rows: dict[str, dict[str, Estimate]] = {}
    for source, variant in found.items():
        row = {}
        for treatment in treatments:
            value = over_seeds(records, partial(_rate, variant=variant, treatment=treatment))
            if value is not None:
                row[treatment] = value
        rows[source] = row
    return rows


def _rate(record: Record, *, variant: str, treatment: str) -> float:
    lost = fell(record, variant, treatment)
    adults = total(record, SCHEME, "adults")
    return lost / adults * 100_000 * 365.25 / 7


def section(records: Sequence[Record], scenario: Scenario) -> Section:
    """Return the section on unrelated contexts."""
    links = declared_links(scenario)
    apart = sum(not one.is_same for one in links)
    found = sources(records)
    share = over_seeds(records, lambda one: off_diagonal(one, found))
    whole = over_seeds(records, lambda one: flow_per_100_000(one, SCHEME, *ALL_DETRIMENTS))
    sentences = [_declared_words(links, apart)]
    rows = matrix(records)
    if share is not None and whole is not None:
        sentences.append(
            f"As it fell in the runs, {share.said('percent')} of refusals and delays came in "
            "another part of life than the one in which the data arose."
        )
        sentences.append(_largest_words(rows))
    elif whole is not None and whole.mean == 0:
        sentences.append("In the runs no request was refused or delayed under the scheme.")
    measures = {
        "links_declared": len(links),
        "links_off_diagonal": apart,
        "share_off_diagonal_declared": apart / len(links) if links else None,
        "share_off_diagonal_fell": share,
        "requests_refused_or_delayed_per_100_000_adults_and_year": whole,
        "matrix": rows,
        "links": [one._asdict() for one in links],
    }
    return Section(
        "context", "Treatment in unrelated parts of life",
        "Article 5(1)(c)(i): is detriment suffered in contexts unrelated to those in which the "
        "data arose?",
        tuple(sentences), _tables(links, rows), measures,
        sentences[1] if len(sentences) > 1 else "",
    )  # fmt: skip


def _declared_words(links: list[Link], apart: int) -> str:
    if not links:
        return "The rules link nothing that is held against somebody to a service."
    return (
        f"The rules declare {counted(len(links))} links from something that is held against "
        f"somebody to a service that is refused or delayed for it; {counted(apart)} "
        f"({percent(apart / len(links))}) lead into another part of life."
    )


def _largest_words(rows: dict[str, dict[str, Estimate]]) -> str:
    sums = {source: sum(one.mean for one in row.values()) for source, row in rows.items()}
    some = [one for one in sums if sums[one] >= 0.5]
    top = sorted(some, key=lambda one: sums[one], reverse=True)[:3]
    if not top:
        return "No single source stands behind a refusal or delay that can be told apart."
    named = ", ".join(f"{SOURCE_WORDS.get(one, one)} ({counted(sums[one])})" for one in top)
    return (
        "Most detriment hung on: "
        f"{named} requests refused or delayed per 100,000 adults and year, which would not have "
        "been without it."
    )


def _tables(links: list[Link], rows: dict[str, dict[str, Estimate]]) -> tuple[Table, ...]:
    treatments = list(dict.fromkeys(domain_of_service().values()))
    body = []
    for source in dict.fromkeys([*(one.source_domain for one in links), *rows]):
        declared = [sum(one.source_domain == source and one.treatment_domain == t for one in links)
                    for t in treatments]  # fmt: skip
        body.append((SOURCE_WORDS.get(source, source.replace("_", " ")),
                     *(str(one) if one else "" for one in declared)))  # fmt: skip
    fallen = [
        (SOURCE_WORDS.get(source, source.replace("_", " ")),
         *(_cell(row.get(t), source == t) for t in treatments))
        for source, row in rows.items()
    ]  # fmt: skip
    heads = ("source", *(t.replace("_", " ") for t in treatments))
    return (
        Table("declared", "As declared: links of source and treatment, by domain", heads,
              tuple(body), "A link is one deed (or contagion) and one service. Same names: the "
              "same part of life."),
        Table("fell", "As it fell: requests refused or delayed per 100,000 adults and year, that "
              "would not have been without the source (mean over seeds)", heads, tuple(fallen),
              "Each row is a pair of runs. Where several sources were needed for a refusal, it "
              "counts in each row; rows don't add up to the whole. * same part of life. Bids of "
              "firms, public shaming and points are not in it."),
    )  # fmt: skip


def _cell(value: Estimate | None, is_same: bool) -> str:
    if value is None or abs(value.mean) < 0.05:
        return "0" + ("*" if is_same else "")
    text = f"{value.mean:,.1f}" if abs(value.mean) < 100 else f"{value.mean:,.0f}"
    return text.replace("-", "−") + ("*" if is_same else "")
