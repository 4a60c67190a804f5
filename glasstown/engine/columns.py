"""Positions of the measures in a row of the tally, as constants that kernels can read."""

from __future__ import annotations

from glasstown.engine.measures import CAUSES, INDEX, NAMES, OWN_CAUSES

(
    ADULTS, ACTED, OFFENCES, MERITS, POSTS_PRAISE, POSTS_CRITICAL, SEEN, BOOKED, HANDED_ON,
    MISBOOKED, FALSE_MATCHES, RECORDS_POSITIVE, RECORDS_NEGATIVE,
) = range(INDEX["adults"], INDEX["adults"] + 13)  # fmt: skip
LOST_DEEDS, WON_DEEDS = INDEX["points_lost_deeds"], INDEX["points_won_deeds"]
LOST_ERROR, WON_ERROR = (
    INDEX["points_lost_misidentification"],
    INDEX["points_won_misidentification"],
)
LOST_FRIENDS, LOST_HOUSEHOLD = INDEX["points_lost_friends"], INDEX["points_lost_household"]
WON_FRIENDS, WON_HOUSEHOLD = INDEX["points_won_friends"], INDEX["points_won_household"]
LOST_SPEECH, WON_SPEECH = INDEX["points_lost_speech"], INDEX["points_won_speech"]
EXPIRED_DOWN, EXPIRED_UP = INDEX["points_expired_down"], INDEX["points_expired_up"]
WON_REPAIR = INDEX["points_won_repair"]
WON_CORRECTION, LOST_CORRECTION = (
    INDEX["points_won_correction"],
    INDEX["points_lost_correction"],
)
ENTRIES, EXCLUDED = INDEX["entries_deeds"], INDEX["excluded_deeds"]
EXIT_TERM, EXIT_PERFORMED, EXIT_APPEAL, EXIT_REPAIR = range(
    INDEX["exits_term"], INDEX["exits_term"] + 4
)
RENEWALS, ENTRIES_RED, EXITS_RED = INDEX["renewals"], INDEX["entries_red"], INDEX["exits_red"]
APPEALS, APPEALS_WON = INDEX["appeals"], INDEX["appeals_won"]
SHAMINGS, SHAMINGS_WRONG = INDEX["shamings"], INDEX["shamings_wrong"]
DENIED, DENIED_FOR, FAVOURED = (
    INDEX["denied_loan"], INDEX["denied_for_deeds"], INDEX["favoured_loan"],
)  # fmt: skip
WAIT = INDEX["hospital_wait_favoured"]
REQUESTS_DELAYED = INDEX["hospital_requests_delayed"]
CHILDREN_SHUT_OUT = INDEX["children_shut_out"]
TIES_CUT, TIES_MENDED = INDEX["ties_cut"], INDEX["ties_mended"]
SCORE_SUM, TIER_1, BIN_0, LOW, LISTED, LISTED_RED = (
    INDEX["score_sum"], INDEX["tier_1"], INDEX["score_bin_00"], INDEX["low"], INDEX["listed"],
    INDEX["listed_red"],
)  # fmt: skip
HOSPITAL_FIRST, HOSPITAL_LAST = INDEX["hospital_first"], INDEX["hospital_last"]
SHAMED, CAUTION_SUM, CAUTIOUS = INDEX["shamed"], INDEX["caution_sum"], INDEX["cautious"]
PAYING_CASH, OPPOSED, PRAISING, CRITICAL, FALSIFYING, SILENCED = range(
    INDEX["paying_cash"], INDEX["paying_cash"] + 6
)
WIDTH = len(NAMES)
"""Fixed columns; after them one column for each behaviour acted, then one for each booked."""

assert NAMES[ADULTS + 12] == "records_negative"
assert NAMES[SILENCED] == "silenced"
assert CAUSES.index("household") == 3
assert len(OWN_CAUSES) == 6
