"""Ledgers of a week: what stocks change by, which sums are equal, which are at most another."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from glasstown.engine.country import Country
from glasstown.engine.measures import (
    CAUSES,
    EXITS,
    FIRM_EXITS,
    FIRM_TIERS,
    INDEX,
    NAMES,
    OWN_CAUSES,
    SCORE_BINS,
    SERVICES,
    TIERS,
)
from glasstown.scheme.compilation import GRACE, IS_BLACK

POINTS = (
    "deeds", "misidentification", "friends", "household", "speech", "firm", "rollout", "left",
)  # fmt: skip
WON = tuple(f"points_won_{cause}" for cause in (*POINTS, "insiders", "repair", "correction"))
LOST = tuple(f"points_lost_{cause}" for cause in (*POINTS, "correction"))
ENTRIES = tuple(f"entries_{cause}" for cause in OWN_CAUSES)
LEFT = tuple(f"exits_{exit_}" for exit_ in EXITS)
DENIED = tuple(f"denied_{service}" for service in SERVICES)
DENIED_FOR = tuple(f"denied_for_{cause}" for cause in CAUSES)
TIER, BIN = (
    tuple(f"tier_{i + 1}" for i in range(TIERS)),
    tuple(f"score_bin_{i:02d}" for i in range(SCORE_BINS)),
)
SPARED = ("spared_appeal", "spared_performed", "spared_rollout")
POSTS = ("posts_praise", "posts_critical", "posts_mobilising")
FIRM_LEFT = tuple(f"firm_exits_{exit_}" for exit_ in FIRM_EXITS)
FIRM_WON = ("firm_points_won", "firm_points_expired_up", "firm_points_won_rollout")
FIRM_LOST = (
    "firm_points_lost", "firm_points_lost_owner", "firm_points_expired_down",
    "firm_points_lost_rollout",
)  # fmt: skip
FIRM_TIER = tuple(f"firm_tier_{i + 1}" for i in range(FIRM_TIERS))
CHANGES = {
    ("score_sum",): ((*WON, "points_expired_up"), (*LOST, "points_expired_down")),
    ("listed",): (ENTRIES, LEFT),
    ("listed_red",): (("entries_red",), ("exits_red",)),
    ("firms",): ((), ()),
    ("firms_black",): (("firm_entries",), FIRM_LEFT),
    ("firm_compliance_sum", "firm_social_sum"): (FIRM_WON, FIRM_LOST),
    ("adults",): ((), ()),
}
"""Stocks, the flows that add to their sum, and the flows that take from it."""
SUMS = (
    (DENIED, DENIED_FOR),
    (TIER, ("adults",)),
    (BIN, ("adults",)),
    (
        ("records_positive", "records_negative", "unenrolled_records", "firm_records"),
        ("booked", "misbooked", "false_matches"),
    ),
    (("appeals_won",), ("exits_appeal", "spared_appeal")),
)
"""Measures whose sums are equal, in every zone and group."""
AT_MOST = (
    (("booked", "handed_on"), ("seen",)),
    (("seen",), ("acted", "gathered")),
    (("offences", "merits", *POSTS), ("acted",)),
    (("posts_hidden",), POSTS),
    (("firm_offences",), ("offences",)),
    (("firm_merits",), ("merits",)),
    (("firm_records",), ("booked",)),
    (("bids_denied", "bids_denied_owner", "bids_favoured"), ("bids",)),
    (("gathered",), ("adults",)),
    (("mobilising",), ("critical",)),
    (("enrolled",), ("adults",)),
    (("firms_black", "firms_red"), ("firms",)),
    (FIRM_TIER, ("firms",)),
    (("appeals_won",), ("appeals",)),
    (("shamings_wrong",), ("shamings",)),
    (("falsifying", "silenced"), ("opposed",)),
    (("praising", "critical"), ("adults",)),
    (("falsifying",), ("praising",)),
    (("listed", "listed_red", "noticed"), ("adults",)),
    (tuple(f"excluded_{cause}" for cause in OWN_CAUSES), ("adults",)),
)
"""Measures whose sum is at most another."""

TAMPERED = (
    *WON, *LOST, "points_expired_up", "points_expired_down", *ENTRIES, *LEFT, "entries_red",
    "exits_red", *DENIED, *DENIED_FOR, *TIER, *BIN, "adults", "booked", "misbooked",
    "false_matches", "records_positive", "records_negative", "acted", "score_sum", "listed",
    "listed_red", "appeals_won", "unenrolled_records", "firm_records", "spared_appeal", "firms",
    "firms_black", "firm_entries", *FIRM_LEFT, *FIRM_WON, *FIRM_LOST, "firm_compliance_sum",
    "firm_social_sum", *FIRM_TIER, "notices", *SPARED, "noticed", "enrolled", "joined_scheme",
    "left_scheme",
)  # fmt: skip
"""Measures of which one too many breaks some identity."""

Tally = NDArray[np.int64]


def summed(tally: Tally, names: tuple[str, ...]) -> Tally:
    """Return the sum of some measures, by zone and group."""
    return tally[:, :, [INDEX[name] for name in names]].sum(axis=2)


def violations(before: Tally, tally: Tally) -> list[str]:
    """Return which identities a week's tally breaks, given the tally with last week's stocks."""
    broken = []
    for stocks, (adding, taking) in CHANGES.items():
        change = summed(tally, stocks) - summed(before, stocks)
        if (change != summed(tally, adding) - summed(tally, taking)).any():
            broken.append(f"{stocks} do not change by their flows")
    for left, right in SUMS:
        if (summed(tally, left) != summed(tally, right)).any():
            broken.append(f"{left} and {right} differ")
    for left, right in AT_MOST:
        if (summed(tally, left) > summed(tally, right)).any():
            broken.append(f"{left} exceed {right}")
    rest = tally[:, :, len(NAMES) :]
    kinds = rest.shape[2] // 2
    for name, columns in (("acted", rest[:, :, :kinds]), ("booked", rest[:, :, kinds:])):
        if (columns.sum(axis=2) != summed(tally, (name,))).any():
            broken.append(f"{name} is not the sum over behaviours")
    if (tally < 0).any() and (np.delete(tally, INDEX["score_sum"], axis=2) < 0).any():
        broken.append("a measure is negative")
    return broken


def broken_notices(country: Country, before: Tally, tally: Tally, *, is_new: bool) -> list[str]:
    """Return what doesn't add up of notices and of members.

    What a notice came to is an entry of a list with grace; where all black lists have one, or
    none, that is all entries or none. A new scheme enrols and lets go without a flow, and may take
    notices over into a list without grace: ``is_new`` says that one came this week or before.
    """
    broken = []
    change = summed(tally, ("noticed",)) - summed(before, ("noticed",))
    published = summed(tally, ("notices",)) - summed(tally, SPARED) - change
    entries = summed(tally, ENTRIES)
    if (published < 0).any() or (published > entries).any():
        broken.append("notices come to less than nothing, or to more than all entries")
    for zone, has_grace in enumerate(graced(country)):
        wanted = {frozenset({True}): entries, frozenset({False}): 0 * entries}.get(has_grace)
        if not is_new and wanted is not None and (published[zone] != wanted[zone]).any():
            broken.append(f"notices do not come to the entries of zone {zone}")
    change = summed(tally, ("enrolled",)) - summed(before, ("enrolled",))
    flows = summed(tally, ("joined_scheme",)) - summed(tally, ("left_scheme",))
    if not is_new and (change != flows).any():
        broken.append("members do not change by who joins and leaves")
    return broken


def graced(country: Country) -> list[frozenset[bool]]:
    """Return, for each zone, whether its black lists have a grace: which answers there are."""
    lists = [country.worlds[int(world)].rules.lists[1:] for world in country.regimes.of_zone]
    return [frozenset(bool(row[GRACE]) for row in rows if row[IS_BLACK]) for rows in lists]


def broken_firms(country: Country, tally: Tally) -> list[str]:
    """Return the zones in which firms are in no tier, or in one though there are none."""
    tiers, firms = summed(tally, FIRM_TIER), summed(tally, ("firms",))
    has_tiers = [country.terms_of(zone).firm_tiers > 0 for zone in range(len(tiers))]
    return [
        f"firms of zone {zone} are not all in one tier each"
        for zone, has in enumerate(has_tiers)
        if (tiers[zone] != firms[zone] * int(has)).any()
    ]


def all_broken(country: Country, before: Tally, tally: Tally, *, is_new: bool = False) -> list[str]:
    """Return everything that doesn't add up in a week; ``is_new`` as in `broken_notices`."""
    return [
        *violations(before, tally),
        *broken_notices(country, before, tally, is_new=is_new),
        *broken_firms(country, tally),
    ]
