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
    "firm",
)  # fmt: skip
"""Why somebody is listed or shut out: the one cause that a listing or denial is tallied under.

``deeds``: own deeds, seen; ``inability``: listed for what could not be helped;
``misidentification``: but for points (or a listing) booked for another's deed; ``household``:
denied directly for a listed member (children's school); ``association``: but for the points lost
for friends and household; ``speech``: but for the points for what was said; ``several``: but for
two or three of these together, none alone; ``firm``: denied directly for the own firm, which is
listed. The order is that of `glasstown.laws.score`.
"""

OWN_CAUSES = tuple(cause for cause in CAUSES if cause not in ("household", "firm"))
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
EXITS = ("term", "performed", "appeal", "repair", "insiders", "rollout")
FIRM_EXITS = ("term", "performed", "rollout")
FIRM_TIERS = 5


class Measure(NamedTuple):
    """One column of the tally."""

    name: str
    kind: str
    unit: str
    meaning: str


def _firm_flows() -> list[Measure]:
    """Return what happens to firms in a week."""
    flow = "flow"
    rows = [
        Measure("firm_offences", flow, "deeds", "Offences of firms, seen or not."),
        Measure("firm_merits", flow, "deeds", "Merits of firms, seen or not."),
        Measure("firm_records", flow, "records", "Records booked to firms."),
        Measure("consumers_harmed", flow, "consumers", "Consumers harmed by firms."),
        Measure("firm_entries", flow, "listings", "Entries on the black list of firms."),
        Measure("firm_entries_red", flow, "listings", "Entries on the red list of firms."),
    ]
    rows += [
        Measure(f"firm_exits_{one}", flow, "listings", f"Exits from firms' black list: {one}.")
        for one in FIRM_EXITS
    ]
    for name, what in (
        ("lost", "lost for records"), ("won", "won for records"),
        ("lost_owner", "lost for a listed owner"),
        ("expired_up", "of compliance that came back"),
        ("expired_down", "of social responsibility that faded"),
        ("won_rollout", "won by a new scheme's start"),
        ("lost_rollout", "lost by a new scheme's start"),
    ):  # fmt: skip
        rows.append(Measure(f"firm_points_{name}", flow, "points", f"Points of firms {what}."))
    return [
        *rows,
        Measure("bids", flow, "bids", "Bids of firms."),
        Measure("bids_denied", flow, "bids", "Bids refused: the firm is listed."),
        Measure("bids_denied_owner", flow, "bids", "Bids refused: the owner is listed."),
        Measure("bids_favoured", flow, "bids", "Bids that went first."),
    ]


def _firm_stocks() -> list[Measure]:
    """Return what firms are at the end of a week."""
    stock = "stock"
    return [
        Measure("firms", stock, "firms", "Firms."),
        Measure("firms_black", stock, "firms", "Firms on the black list."),
        Measure("firms_red", stock, "firms", "Firms on the red list."),
        *(
            Measure(f"firm_tier_{i + 1}", stock, "firms", f"Firms in tier {i + 1}, from the best.")
            for i in range(FIRM_TIERS)
        ),
        Measure("firm_compliance_sum", stock, "points", "Sum of the compliance of firms."),
        Measure("firm_social_sum", stock, "points", "Sum of firms' social responsibility."),
    ]


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
        Measure("posts_mobilising", flow, "posts", "Calls to come together."),
        Measure("posts_hidden", flow, "posts", "Posts that a platform hid from ties online."),
        Measure("seen", flow, "deeds", "Deeds that a channel saw, whoever they were booked to."),
        Measure("booked", flow, "records", "Records booked to the citizen who did the deed."),
        Measure("handed_on", flow, "records", "Deeds that were seen and booked to nobody here: "
                "they reach somebody else in the region next week."),
        Measure("misbooked", flow, "records", "Records received for another's deed."),
        Measure("false_matches", flow, "records", "Records received for nobody's deed."),
        Measure("records_positive", flow, "records", "Records that won points."),
        Measure("records_negative", flow, "records", "Records that won no points."),
        Measure("unenrolled_records", flow, "records", "Records of citizens who stayed out of a "
                "voluntary scheme: no points."),
    ]  # fmt: skip
    for cause, what in (
        ("deeds", "own deeds"),
        ("misidentification", "deeds of others booked by mistake"),
        ("friends", "low friends"),
        ("household", "members of the household"),
        ("speech", "what was said"),
        ("firm", "the own firm's listing"),
        ("rollout", "a new scheme's start, at which everybody begins anew"),
        ("left", "leaving a voluntary scheme"),
    ):
        rows.append(Measure(f"points_lost_{cause}", flow, "points", f"Points lost for {what}."))
        rows.append(Measure(f"points_won_{cause}", flow, "points", f"Points won for {what}."))
    rows += [
        Measure("points_expired_down", flow, "points", "Points above the start that faded."),
        Measure("points_expired_up", flow, "points", "Points below the start that faded."),
        Measure("points_won_insiders", flow, "points", "Points won through officials one knows."),
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
        Measure("notices", flow, "notices", "Notices of an entry on a black list."),
        Measure("spared_unable", flow, "citizens", "Found unable, and not entered."),
        Measure("spared_unwilling", flow, "citizens", "Taken for unable, and not entered."),
        Measure("spared_appeal", flow, "notices", "Notices that an appeal ended."),
        Measure("spared_performed", flow, "notices", "Notices ended by performing in time."),
        Measure("spared_rollout", flow, "notices", "Notices ended with their list."),
        Measure("appeals", flow, "appeals", "Appeals decided."),
        Measure(
            "appeals_not_told",
            flow,
            "listings",
            "Listed citizens who were not told of it when an appeal was due.",
        ),
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
        Measure("insiders_caught", flow, "favours", "Favours of officials that were found out."),
        Measure("joined_scheme", flow, people, "Adults who joined a voluntary scheme."),
        Measure("left_scheme", flow, people, "Members who left a voluntary scheme."),
        Measure("gathered", flow, people, "Adults who joined a gathering."),
        *_firm_flows(),
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
        Measure("mobilising", stock, people, "Critics who call others to come together."),
        Measure("enrolled", stock, people, "Adults who take part in the score."),
        Measure("noticed", stock, people, "Adults with notice of an entry on a black list."),
        *_firm_stocks(),
    ]
    return tuple(rows)


MEASURES: tuple[Measure, ...] = _catalogue()
STOCKS: tuple[int, ...] = tuple(i for i, one in enumerate(MEASURES) if one.kind == "stock")
NAMES: tuple[str, ...] = tuple(measure.name for measure in MEASURES)
INDEX: dict[str, int] = {name: index for index, name in enumerate(NAMES)}
FLOWS: tuple[int, ...] = tuple(i for i, one in enumerate(MEASURES) if one.kind == "flow")
IN_POINTS: tuple[str, ...] = tuple(one.name for one in MEASURES if one.unit == "points")
