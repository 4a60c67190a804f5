"""Firms: their tiers, their lists, and the bids that are refused or go first."""

from __future__ import annotations

from glasstown.engine.measures import FIRM_TIERS
from glasstown.lab.business import bids as bids_found
from glasstown.lab.business import rates_firms
from glasstown.lab.charts.scores import tier_series, under
from glasstown.lab.charts.theme import (
    GREEN,
    ORANGE,
    VERMILION,
    Chart,
    Series,
    columns,
    finished,
    lines,
    per_year,
    share_columns,
    shares,
    stacked,
)
from glasstown.lab.tallies import Tallies, Tenure
from glasstown.lab.wording import joined, largest, percent


def tiers(tallies: Tallies, width: int) -> Chart | None:
    """Draw the share of firms in each tier of their rating over time."""
    rated = [one for one in tallies.tenures if _tier_names(one)]
    if not rated or "firms" in tallies.course.without:
        return None
    held = max(rated, key=lambda one: float(one.country["firms"].sum()))
    series = tier_series("firm_tier", _tier_names(held)[:FIRM_TIERS])
    if not held.last("firms"):
        return None
    data = share_columns(held.country, series, "firms")
    top, amount = largest((one.label, held.last(one.column)) for one in series)
    finding = f"{under(tallies, held)}{percent(amount / held.last('firms'))} of firms were in tier "
    finding += f"{joined(top)}{' each' if len(top) > 1 else ''}"
    worst = series[-1]
    if worst.label not in top:
        share = held.last(worst.column) / held.last("firms")
        finding += f" and {percent(share)} in the lowest, {worst.label}"
    drawing = stacked(data, series[::-1], "share of firms", width)
    return finished(f"{finding}.", data, drawing, width)


def _tier_names(held: Tenure) -> list[str]:
    return [str(tier["name"]) for tier in (held.scheme.get("firms") or {}).get("tiers") or []]


def listed(tallies: Tallies, width: int) -> Chart | None:
    """Draw the share of firms on the black and on the red list over time."""
    series = [
        Series("firms_black", "on the black list", VERMILION),
        Series("firms_red", "on the red list", GREEN),
    ]
    kept = [one for one in series if tallies.total(one.column)]
    if not kept or not rates_firms(tallies):
        return None
    data = shares(tallies, kept, "firms")
    said = joined([f"{percent(tallies.share(one.column, 'firms'))} {one.label}" for one in kept])
    drawing = lines(data, kept, "share of firms", width)
    return finished(f"Of all firms there stood at the end {said}.", data, drawing, width)


def bids(tallies: Tallies, width: int) -> Chart | None:
    """Draw the bids of firms that were refused or went first, by year."""
    found = bids_found(tallies)
    if found is None:
        return None
    series = [
        Series("bids_denied", "refused: the firm is listed", VERMILION),
        Series("bids_denied_owner", "refused: the owner is listed", ORANGE),
        Series("bids_favoured", "first: the firm is on the red list", GREEN),
    ]
    kept = [one for one in series if tallies.total(one.column)]
    data = per_year(tallies, kept).drop("adult_years")
    drawing = columns(data, kept, "bids in the year", width, side_by_side=True)
    return finished(found.sentence, data, drawing, width)
