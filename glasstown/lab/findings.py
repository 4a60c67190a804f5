"""The findings of one run: plain sentences made from its numbers, true whatever the numbers are.

A finding says what happened under the scheme, never what the scheme caused: that needs the two
runs of a pair. Stocks are people, flows are requests, listings or records; which of them a
sentence counts is said each time.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import polars as pl

from glasstown.engine.measures import OWN_CAUSES, SERVICES, WRONGLY
from glasstown.lab.business import bids, firms, owners
from glasstown.lab.conduct import caution, hidden, honesty, speech
from glasstown.lab.listings import ability, appeals, entries, insiders, notices
from glasstown.lab.participation import gatherings, joining, rewards, rollout
from glasstown.lab.scoring import score
from glasstown.lab.tallies import WEEKS_PER_YEAR, Tallies
from glasstown.lab.wording import (
    CAUSE_WORDS,
    SERVICE_WORDS,
    Finding,
    counted,
    decimal,
    joined,
    largest,
    noun,
    one_in,
    percent,
    was,
)

LEAST_ADULTS = 1000
"""A region or group with fewer adults is too small for its share to mean something."""


def findings(
    weekly: pl.DataFrame | pl.LazyFrame | Tallies, manifest: Mapping[str, Any] | None = None
) -> list[Finding]:
    """Say in plain sentences what happened in a run.

    Parameters
    ----------
    weekly : polars.DataFrame, polars.LazyFrame or Tallies
        The weekly frame of the run folder, or its tallies.
    manifest : mapping, optional
        The manifest of the same run; not needed with tallies.

    Returns
    -------
    list of Finding
        The headline findings, the gravest first. What a run has no numbers for is left out.

    Raises
    ------
    ValueError
        The weekly frame has no rows.
    """
    tallies = weekly if isinstance(weekly, Tallies) else Tallies(weekly, manifest or {})
    found = [one(tallies) for one in FINDINGS]
    return [finding for finding in found if finding is not None]


def _shares(share: float) -> str:
    return ", ".join(word for word in (percent(share), one_in(share)) if word)


def _stopped(tallies: Tallies) -> Finding | None:
    if tallies.manifest.get("complete", True):
        return None
    weeks = (tallies.manifest.get("scenario") or {}).get("weeks")
    of = f" of {counted(weeks)}" if weeks else ""
    return Finding(
        f"This run was stopped after week {counted(tallies.weeks)}{of}: everything here is about "
        "the weeks that were simulated.",
        "weeks",
        tallies.weeks,
    )


def excluded(tallies: Tallies) -> Finding:
    """Say how many adults are shut out of a service at the end."""
    shut_out, adults = tallies.last("excluded"), tallies.last("adults")
    if shut_out == 0:
        sentence = f"At the end of {tallies.ends} nobody was shut out of a service."
        peak = tallies.country.sort("excluded", descending=True).row(0, named=True)
        if peak["excluded"]:
            sentence += (
                f" At the most it was {noun(peak['excluded'], 'adult')}, in week {peak['week']}."
            )
        return Finding(sentence, "excluded", 0.0)
    share = shut_out / adults if adults else 0.0
    return Finding(
        f"At the end of {tallies.ends} {counted(shut_out)} of {noun(adults, 'adult')} "
        f"({_shares(share)}) {was(shut_out)} shut out of at least one service.",
        "excluded",
        shut_out,
    )


def excluded_wrongly(tallies: Tallies) -> Finding | None:
    """Say how many of those shut out are so not for their own doing, and the largest cause."""
    shut_out, wrongly = tallies.last("excluded"), tallies.last("excluded_wrongly")
    if shut_out == 0:
        return None
    if wrongly == 0:
        sentence = "All who were shut out at the end were so for their own deeds or words."
        return Finding(sentence, "excluded_wrongly", 0.0)
    top, amount = largest(
        (cause, tallies.last(f"excluded_{cause}")) for cause in OWN_CAUSES if cause in WRONGLY
    )
    words = joined([CAUSE_WORDS[cause] for cause in top])
    cause = (
        f"the largest such cause was {words} ({noun(amount, 'adult')})"
        if len(top) == 1
        else f"the largest such causes were {words} ({noun(amount, 'adult')} each)"
    )
    return Finding(
        f"Of those shut out at the end, {counted(wrongly)} ({percent(wrongly / shut_out)}) "
        f"{was(wrongly)} so not for their own doing; {cause}.",
        "excluded_wrongly",
        wrongly,
    )


def denied(tallies: Tallies) -> Finding:
    """Say how many requests were refused, how often each excluded adult, and the service."""
    requests, weeks = tallies.total("denied"), noun(tallies.weeks, "week")
    if requests == 0:
        return Finding(f"In {weeks} no request for a service was refused.", "denied", 0.0)
    top, amount = largest((service, tallies.total(f"denied_{service}")) for service in SERVICES)
    sentence = f"In {weeks} {noun(requests, 'request')} for a service {was(requests)} refused"
    years = tallies.total("excluded") / WEEKS_PER_YEAR
    others = tallies.total("denied_for_household") + tallies.total("denied_for_firm")
    if years >= 1:
        aside = " (those for a member of the household or the own firm aside)" if others else ""
        sentence += (
            f", about {decimal((requests - others) / years)} for every year that an adult spent "
            f"shut out{aside}"
        )
    words = joined([SERVICE_WORDS[service] for service in top])
    each = " each" if len(top) > 1 else ""
    return Finding(
        f"{sentence}; most often refused: {words} ({percent(amount / requests)}{each}).",
        "denied",
        requests,
    )


def records(tallies: Tallies) -> Finding:
    """Say how many records were booked to somebody who had not done the deed."""
    made, wrong = tallies.total("records"), tallies.total("records_wrong")
    if made == 0:
        return Finding("No deed was put on record.", "records_wrong", 0.0)
    made_by = "The schemes" if tallies.is_mixed else "The scheme"
    share = wrong / made
    if wrong == 0:
        words = f"{noun(made, 'record')} of deeds: all were booked to whoever had done the deed"
    else:
        words = (
            f"{noun(made, 'record')} of deeds: {counted(wrong)} ({_shares(share)}) "
            f"{was(wrong)} booked to somebody who had not done the deed"
        )
    return Finding(f"{made_by} made {words}.", "records_wrong", share)


def regions(tallies: Tallies) -> Finding | None:
    """Say where the smallest and the largest share of adults is shut out at the end."""
    return _extremes(tallies.regions, "region")


def groups(tallies: Tallies) -> Finding | None:
    """Say in which group the smallest and the largest share of adults is shut out."""
    return _extremes(tallies.groups, "group")


def _extremes(rows: pl.DataFrame, key: str) -> Finding | None:
    kept = rows.filter(pl.col("adults") >= LEAST_ADULTS)
    shares = kept.select(key, share=pl.col("excluded") / pl.col("adults")).sort("share", key)
    if shares.height < 2 or not shares["share"][-1]:
        return None
    low, high = float(shares["share"][0]), float(shares["share"][-1])
    ends = []
    for share in (low, high):
        names = shares.filter(pl.col("share") == share)[key].to_list()
        ends.append(f"{percent(share)} ({names[0] if len(names) == 1 else f'{len(names)} {key}s'})")
    spread = f"went from {ends[0]} to {ends[1]}" if low < high else f"was {ends[0]} everywhere"
    return Finding(
        f"Among {key}s with at least {counted(LEAST_ADULTS)} adults the share of adults shut out "
        f"at the end {spread}.",
        "excluded",
        high,
    )


FINDINGS: tuple[Callable[[Tallies], Finding | None], ...] = (
    _stopped, excluded, excluded_wrongly, rollout, denied, groups, owners, entries, ability,
    notices, appeals, insiders, score, joining, records, hidden, gatherings, speech, caution,
    honesty, firms, bids, rewards, regions,
)  # fmt: skip
"""The headline findings in the order they are told; each is left out where it has no numbers."""
