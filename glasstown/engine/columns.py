"""Positions of the measures in a row of the tally, as constants that kernels can read."""

from __future__ import annotations

from glasstown.engine.measures import CAUSES, INDEX, NAMES, OWN_CAUSES

(
    ADULTS, ACTED, OFFENCES, MERITS, POSTS_PRAISE, POSTS_CRITICAL, POSTS_MOBILISING, POSTS_HIDDEN,
    SEEN, BOOKED, HANDED_ON, MISBOOKED, FALSE_MATCHES, RECORDS_POSITIVE, RECORDS_NEGATIVE,
    UNENROLLED_RECORDS,
) = range(INDEX["adults"], INDEX["adults"] + 16)  # fmt: skip
LOST_DEEDS, WON_DEEDS = INDEX["points_lost_deeds"], INDEX["points_won_deeds"]
LOST_ERROR, WON_ERROR = (
    INDEX["points_lost_misidentification"],
    INDEX["points_won_misidentification"],
)
LOST_FRIENDS, LOST_HOUSEHOLD = INDEX["points_lost_friends"], INDEX["points_lost_household"]
WON_FRIENDS, WON_HOUSEHOLD = INDEX["points_won_friends"], INDEX["points_won_household"]
LOST_SPEECH, WON_SPEECH = INDEX["points_lost_speech"], INDEX["points_won_speech"]
EXPIRED_DOWN, EXPIRED_UP = INDEX["points_expired_down"], INDEX["points_expired_up"]
LOST_FIRM, WON_FIRM = INDEX["points_lost_firm"], INDEX["points_won_firm"]
LOST_ROLLOUT, WON_ROLLOUT = INDEX["points_lost_rollout"], INDEX["points_won_rollout"]
LOST_LEFT, WON_LEFT = INDEX["points_lost_left"], INDEX["points_won_left"]
WON_INSIDERS = INDEX["points_won_insiders"]
WON_REPAIR = INDEX["points_won_repair"]
WON_CORRECTION, LOST_CORRECTION = (
    INDEX["points_won_correction"],
    INDEX["points_lost_correction"],
)
ENTRIES, EXCLUDED = INDEX["entries_deeds"], INDEX["excluded_deeds"]
EXIT_TERM, EXIT_PERFORMED, EXIT_APPEAL, EXIT_REPAIR, EXIT_INSIDERS, EXIT_ROLLOUT = range(
    INDEX["exits_term"], INDEX["exits_term"] + 6
)
(
    NOTICES, SPARED_UNABLE, SPARED_UNWILLING, SPARED_APPEAL, SPARED_PERFORMED, SPARED_ROLLOUT,
) = range(INDEX["notices"], INDEX["notices"] + 6)  # fmt: skip
RENEWALS, ENTRIES_RED, EXITS_RED = INDEX["renewals"], INDEX["entries_red"], INDEX["exits_red"]
APPEALS, APPEALS_WON = INDEX["appeals"], INDEX["appeals_won"]
APPEALS_NOT_TOLD = INDEX["appeals_not_told"]
SHAMINGS, SHAMINGS_WRONG = INDEX["shamings"], INDEX["shamings_wrong"]
DENIED, DENIED_FOR, FAVOURED = (
    INDEX["denied_loan"], INDEX["denied_for_deeds"], INDEX["favoured_loan"],
)  # fmt: skip
WAIT = INDEX["hospital_wait_favoured"]
REQUESTS_DELAYED = INDEX["hospital_requests_delayed"]
CHILDREN_SHUT_OUT = INDEX["children_shut_out"]
TIES_CUT, TIES_MENDED = INDEX["ties_cut"], INDEX["ties_mended"]
INSIDERS_CAUGHT, JOINED_SCHEME, LEFT_SCHEME, GATHERED = range(
    INDEX["insiders_caught"], INDEX["insiders_caught"] + 4
)
(
    FIRM_OFFENCES, FIRM_MERITS, FIRM_RECORDS, HARMED, FIRM_ENTRIES, FIRM_ENTRIES_RED,
    FIRM_EXIT_TERM, FIRM_EXIT_PERFORMED, FIRM_EXIT_ROLLOUT, FIRM_LOST, FIRM_WON, FIRM_LOST_OWNER,
    FIRM_EXPIRED_UP, FIRM_EXPIRED_DOWN, FIRM_WON_ROLLOUT, FIRM_LOST_ROLLOUT, BIDS, BIDS_DENIED,
    BIDS_DENIED_OWNER, BIDS_FAVOURED,
) = range(INDEX["firm_offences"], INDEX["firm_offences"] + 20)  # fmt: skip
SCORE_SUM, TIER_1, BIN_0, LOW, LISTED, LISTED_RED = (
    INDEX["score_sum"], INDEX["tier_1"], INDEX["score_bin_00"], INDEX["low"], INDEX["listed"],
    INDEX["listed_red"],
)  # fmt: skip
HOSPITAL_FIRST, HOSPITAL_LAST = INDEX["hospital_first"], INDEX["hospital_last"]
SHAMED, CAUTION_SUM, CAUTIOUS = INDEX["shamed"], INDEX["caution_sum"], INDEX["cautious"]
(
    PAYING_CASH, OPPOSED, PRAISING, CRITICAL, FALSIFYING, SILENCED, MOBILISING, ENROLLED, NOTICED,
    FIRMS, FIRMS_BLACK, FIRMS_RED, FIRM_TIER_1,
) = range(INDEX["paying_cash"], INDEX["paying_cash"] + 13)  # fmt: skip
FIRM_COMPLIANCE_SUM, FIRM_SOCIAL_SUM = INDEX["firm_compliance_sum"], INDEX["firm_social_sum"]
WIDTH = len(NAMES)
"""Fixed columns; after them one column for each behaviour acted, then one for each booked."""

assert NAMES[UNENROLLED_RECORDS] == "unenrolled_records"
assert NAMES[EXIT_ROLLOUT] == "exits_rollout"
assert NAMES[SPARED_ROLLOUT] == "spared_rollout"
assert NAMES[GATHERED] == "gathered"
assert NAMES[BIDS_FAVOURED] == "bids_favoured"
assert NAMES[FIRM_TIER_1] == "firm_tier_1"
assert CAUSES.index("household") == 3
assert len(OWN_CAUSES) == 6
