"""Firms: the findings on what they did, how they were listed, and what it did to their owners."""

from __future__ import annotations

from glasstown.lab.tallies import WEEKS_PER_YEAR, Tallies
from glasstown.lab.wording import Finding, counted, decimal, noun, percent, was


def rates_firms(tallies: Tallies) -> bool:
    """Return whether a scheme that was in force rates, lists or inspects firms."""
    is_left_out = "firms" in tallies.course.without
    return not is_left_out and any(bool(one.scheme.get("firms")) for one in tallies.tenures)


def firms(tallies: Tallies) -> Finding | None:
    """Say what firms did to consumers, what of it was on record, and how many are listed."""
    offences, harmed = tallies.total("firm_offences"), tallies.total("consumers_harmed")
    there, years = tallies.last("firms"), tallies.total("firms") / WEEKS_PER_YEAR
    if offences == 0 or years == 0:
        return None
    sentence = (
        f"{noun(there, 'firm')} committed {decimal(offences / years)} offences each a year, seen "
        f"or not, by which consumers were harmed {noun(harmed, 'time')}"
    )
    if rates_firms(tallies):
        entered, black = tallies.total("firm_entries"), tallies.last("firms_black")
        red, booked = tallies.last("firms_red"), tallies.total("firm_records")
        reds = f" and {counted(red)} on the red one" if red else ""
        sentence += (
            f"; {noun(booked, 'record')} {was(booked)} booked to firms, their black list was "
            f"entered {noun(entered, 'time')}, and at the end {counted(black)} "
            f"({percent(black / there)}) {was(black)} on it{reds}"
        )
    return Finding(f"{sentence}.", "consumers_harmed", harmed)


def bids(tallies: Tallies) -> Finding | None:
    """Say how many bids of firms were refused or went first."""
    for_firm, for_owner = tallies.total("bids_denied"), tallies.total("bids_denied_owner")
    first, made = tallies.total("bids_favoured"), tallies.total("bids")
    refused = for_firm + for_owner
    if refused + first == 0:
        return None
    words = f"Of {noun(made, 'bid')} of firms {counted(refused)} {was(refused)} refused"
    if refused:
        words += f" ({percent(refused / made)})"
    if for_owner:
        words += f", {counted(for_owner)} of them because the owner was listed"
    if first:
        words += f", and {counted(first)} went first because the firm stood on the red list"
    return Finding(f"{words}.", "bids_denied", refused)


def owners(tallies: Tallies) -> Finding | None:
    """Say what a firm's listing did to its owner."""
    refused, lost = tallies.total("denied_for_firm"), tallies.total("points_lost_firm")
    if refused + lost == 0:
        return None
    parts = []
    if refused:
        parts.append(f"were refused {noun(refused, 'request')} for a service")
    if lost:
        parts.append(f"lost {counted(lost)} points")
    sentence = f"Owners of listed firms {' and '.join(parts)} for their firm's listing."
    return Finding(sentence, "denied_for_firm", refused)
