"""The measures that every week is tallied in: names, units, and whether they are flows or stocks.

A *flow* counts what happened in the week and starts at zero each week. A *stock* counts the
citizens (or points) in a state at the end of the week; the engine keeps it by adding what a
citizen becomes and subtracting what it was, and the invariants recount it from the state.

Points are kept in tenths throughout the engine; the frames that users see are in points.
"""

from __future__ import annotations

from typing import NamedTuple

CAUSES = (
    "deeds", "inability", "misidentification", "household", "speech", "association", "several",
)  # fmt: skip
"""Why somebody is listed or shut out: the one cause that a listing or denial is tallied under.

``deeds``: own deeds, seen; ``inability``: listed for what could not be helped;
``misidentification``: but for points (or a listing) booked for another's deed; ``household``:
denied directly for a listed member (children's school); ``association``: but for the points lost
for friends and household; ``speech``: but for the points for what was said; ``several``: but for
two or three of these together, none alone. The order is that of `glasstown.laws.score`.
"""

OWN_CAUSES = tuple(cause for cause in CAUSES if cause != "household")
"""The causes of a listing, and of the standing exclusion of an adult."""

WRONGLY = ("inability", "misidentification", "household", "association", "several")
"""The causes that are not the citizen's own doing."""

SERVICES = (
    "loan", "flight", "train", "passport", "hospital", "school", "rental", "public_job",
)  # fmt: skip
HOSPITAL = SERVICES.index("hospital")
SCHOOL = SERVICES.index("school")

TIERS = 6
SCORE_BINS = 20
EXITS = ("term", "performed", "appeal", "repair")


class Measure(NamedTuple):
    """One column of the tally."""

    name: str
    kind: str
    unit: str
    meaning: str


def _catalogue() -> tuple[Measure, ...]:
    flow, stock = "flow", "stock"
    people = "citizens"
    rows = [
        Measure("adults", stock, people, "Adults, who may be scored and listed."),
        Measure("acted", flow, "deeds", "Deeds of the behaviour catalogue."),
        Measure("offences", flow, "deeds", "Offences committed, seen or not."),
        Measure("merits", flow, "deeds", "Merits, seen or not."),
        Measure("posts_praise", flow, "posts", "Posts of praise."),
        Measure("posts_critical", flow, "posts", "Critical posts, rumours and petitions."),
        Measure("seen", flow, "deeds", "Deeds that a channel saw, whoever they were booked to."),
        Measure("booked", flow, "records", "Records booked to the citizen who did the deed."),
        Measure("handed_on", flow, "records", "Deeds that were seen and booked to nobody here: "
                "they reach somebody else in the region next week."),
        Measure("misbooked", flow, "records", "Records received for another's deed."),
        Measure("false_matches", flow, "records", "Records received for nobody's deed."),
        Measure("records_positive", flow, "records", "Records that won points."),
        Measure("records_negative", flow, "records", "Records that won no points."),
    ]  # fmt: skip
    for cause, what in (
        ("deeds", "own deeds"),
        ("misidentification", "deeds of others booked by mistake"),
        ("friends", "low friends"),
        ("household", "members of the household"),
        ("speech", "what was said"),
    ):
        rows.append(Measure(f"points_lost_{cause}", flow, "points", f"Points lost for {what}."))
        rows.append(Measure(f"points_won_{cause}", flow, "points", f"Points won for {what}."))
    rows += [
        Measure("points_expired_down", flow, "points", "Points above the start that faded."),
        Measure("points_expired_up", flow, "points", "Points below the start that faded."),
        Measure("points_won_repair", flow, "points", "Points won back by repair."),
        Measure("points_won_correction", flow, "points", "Points given back, booked by mistake."),
        Measure("points_lost_correction", flow, "points", "Points taken back, booked by mistake."),
    ]
    rows += [
        Measure(f"entries_{cause}", flow, "listings", f"Entries on black lists: {cause}.")
        for cause in OWN_CAUSES
    ]
    rows += [
        Measure(f"exits_{exit_}", flow, "listings", f"Exits from black lists: {exit_}.")
        for exit_ in EXITS
    ]
    rows += [
        Measure(
            "renewals",
            flow,
            "listings",
            "Black listings renewed: a new trigger, or a term ends with the score still below.",
        ),
        Measure("entries_red", flow, "listings", "Entries on red lists."),
        Measure("exits_red", flow, "listings", "Exits from red lists."),
        Measure("appeals", flow, "appeals", "Appeals decided."),
        Measure("appeals_won", flow, "appeals", "Appeals that succeeded."),
        Measure("shamings", flow, "showings", "Faces shown on public screens."),
        Measure("shamings_wrong", flow, "showings", "Of these, not for the citizen's own doing."),
    ]
    rows += [
        Measure(f"denied_{service}", flow, "requests", f"Requests refused: {service}.")
        for service in SERVICES
    ]
    rows += [
        Measure(f"denied_for_{cause}", flow, "requests", f"Requests refused because of: {cause}.")
        for cause in CAUSES
    ]
    rows += [
        Measure(f"favoured_{service}", flow, "requests", f"Requests served first: {service}.")
        for service in SERVICES
    ]
    for name in ("favoured", "normal", "delayed"):
        rows.append(
            Measure(f"hospital_wait_{name}", flow, "minutes", f"Expected wait of the {name} class.")
        )
    rows += [
        Measure("hospital_requests_delayed", flow, "requests", "Hospital requests made to wait."),
        Measure(
            "children_shut_out",
            flow,
            "children",
            "Children in a listed household whose school is denied for it, counted anew each week.",
        ),
        Measure("ties_cut", flow, "ties", "Ties cut."),
        Measure("ties_mended", flow, "ties", "Ties mended."),
    ]
    rows.append(Measure("score_sum", stock, "points", "Sum of the scores of adults."))
    rows += [
        Measure(f"tier_{tier + 1}", stock, people, f"Adults in tier {tier + 1}, from the best.")
        for tier in range(TIERS)
    ]
    rows += [
        Measure(f"score_bin_{bin_:02d}", stock, people, "Adults in one twentieth of the range.")
        for bin_ in range(SCORE_BINS)
    ]
    rows += [
        Measure("low", stock, people, "Adults with a publicly low score."),
        Measure("listed", stock, people, "Adults on a black list."),
        Measure("listed_red", stock, people, "Adults on a red list."),
        Measure("hospital_first", stock, people, "Adults whom hospitals serve first."),
        Measure("hospital_last", stock, people, "Adults whom hospitals serve last."),
    ]
    rows += [
        Measure(f"excluded_{cause}", stock, people, f"Adults shut out of a service: {cause}.")
        for cause in OWN_CAUSES
    ]
    rows += [
        Measure("shamed", stock, people, "Adults on public screens."),
        Measure("caution_sum", stock, "255ths", "Sum of caution."),
        Measure("cautious", stock, people, "Adults with caution above one half."),
        Measure(
            "paying_cash", stock, people, "Adults who pay cash though they could pay digitally."
        ),
        Measure("opposed", stock, people, "Adults privately opposed to the government."),
        Measure("praising", stock, people, "Adults who voice praise."),
        Measure("critical", stock, people, "Adults who voice criticism."),
        Measure("falsifying", stock, people, "Adults privately opposed who voice praise."),
        Measure("silenced", stock, people, "Adults privately opposed who say nothing."),
    ]
    return tuple(rows)


MEASURES: tuple[Measure, ...] = _catalogue()
STOCKS: tuple[int, ...] = tuple(i for i, one in enumerate(MEASURES) if one.kind == "stock")
NAMES: tuple[str, ...] = tuple(measure.name for measure in MEASURES)
INDEX: dict[str, int] = {name: index for index, name in enumerate(NAMES)}
FLOWS: tuple[int, ...] = tuple(i for i, one in enumerate(MEASURES) if one.kind == "flow")
IN_POINTS: tuple[str, ...] = tuple(one.name for one in MEASURES if one.unit == "points")
