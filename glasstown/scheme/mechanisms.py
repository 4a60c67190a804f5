"""The mechanisms: causal parts that can be left out one by one (``without: [friends]``).

Leaving one out changes compiled numbers only. No draw is added, dropped or renumbered, so the
two runs of a pair share all their luck.
"""

from __future__ import annotations

from typing import NamedTuple


class Mechanism(NamedTuple):
    """A causal part of the whole: what it does, where it comes from, what moves without it."""

    name: str
    step: str
    meaning: str
    measure: str
    origin: str


REPORT = "FACTS 0: the system as reported in 2018"

MECHANISMS: tuple[Mechanism, ...] = (
    Mechanism("watch", "watch", "Channels see what citizens do.", "booked", REPORT),
    Mechanism(
        "misses", "watch", "Channels miss part of what is in view.", "booked",
        "FACTS 2.8: misses of face recognition",
    ),
    Mechanism(
        "misidentification", "watch",
        "Deeds are booked to somebody else, and searches match somebody who did nothing.",
        "misbooked", "FACTS 2.7, 2.8: namesakes, a bus advert, NISTIR 8280",
    ),
    Mechanism(
        "growth", "watch",
        "Coverage and digital payments grow with the years.", "seen",
        "FACTS 2.5: cameras, internet users, online payment",
    ),
    Mechanism(
        "inspections", "watch", "Inspections see what firms do.", "firm_records",
        "FACTS 1.9: priority inspection",
    ),
    Mechanism("score", "score", "Booked deeds win and lose points.", "points_lost_deeds", REPORT),
    Mechanism(
        "participation", "score", "Citizens may stay out of a voluntary score.", "enrolled",
        "FACTS 1.1, 2.6: opt-in schemes, 11 % aware",
    ),
    Mechanism(
        "tiers", "sanction", "Bands of scores are treated differently.", "denied",
        "FACTS 1.3, 1.4: grades A to D",
    ),
    Mechanism(
        "lists", "sanction", "Black and red lists with terms.", "entries",
        "FACTS 1.2: the court's list of defaulters",
    ),
    Mechanism(
        "grace", "sanction", "A notice goes before the entry on a list.", "notices",
        "FACTS 1.2: 1 to 3 months since 2020",
    ),
    Mechanism(
        "ability_test", "sanction", "Who is unable is told from who is unwilling.",
        "spared_unable", "FACTS 1.2, 2.7: inability listed as dishonesty, conceded 2024",
    ),
    Mechanism(
        "shaming", "sanction", "Faces on public screens.", "shamings", "FACTS 0, 2.7",
    ),
    Mechanism("sanctions", "serve", "Services are denied or delayed.", "denied", REPORT),
    Mechanism("rewards", "serve", "Services are favoured.", "favoured", "FACTS 1.4, 1.6"),
    Mechanism(
        "appeal", "remedy", "Listings and wrong points can be contested.", "appeals_won",
        "FACTS 1.2: correction by the court",
    ),
    Mechanism("repair", "remedy", "Credit can be repaired.", "exits_repair", "FACTS 1.8"),
    Mechanism(
        "insiders", "remedy", "Officials lift the scores of their own ties.",
        "points_won_insiders", "Hmaidi 2018, 35C3 (FACTS 4)",
    ),
    Mechanism(
        "firms", "sanction", "Firms are rated, listed and kept from bids.", "firm_records",
        "FACTS 1.7, 2.2",
    ),
    Mechanism(
        "firm", "associate", "A firm's listing reaches its owner, an owner's the firm.",
        "denied_for_firm", "FACTS 1.2: legal representatives under spending limits",
    ),
    Mechanism(
        "friends", "associate", "Points are lost for low friends.", "points_lost_friends",
        "FACTS 0, 1.6: reported of the state, known of Sesame Credit",
    ),
    Mechanism(
        "household", "associate", "A household loses points and services for its members.",
        "points_lost_household", "FACTS 1.2, 2.7: children kept out of private schools",
    ),
    Mechanism(
        "speech", "speak", "Praise, criticism and mobilisation are scored.",
        "points_lost_speech", REPORT,
    ),
    Mechanism(
        "conformity", "speak", "Citizens voice what their ties voice.", "critical",
        "Granovetter 1978; Kuran 1991 (FACTS 4)",
    ),
    Mechanism(
        "censorship", "speak", "Platforms hide posts and joiners from ties online.",
        "posts_hidden", "King, Pan and Roberts 2013 (FACTS T19)",
    ),
    Mechanism(
        "platforms", "speak", "A platform that is shut down loses its users to the others.",
        "seen", "FACTS 0: platforms under the state's hand",
    ),
    Mechanism(
        "gatherings", "speak", "On a spark a gathering forms among those whose ties join.",
        "gathered", "Granovetter 1978 (FACTS T1)",
    ),
    Mechanism(
        "caution", "adapt", "Loss, listing and shaming make citizens cautious.", "caution_sum",
        "Penney 2016 (FACTS T13)",
    ),
    Mechanism(
        "expiry", "adapt", "Points fade towards the start.", "points_expired_down", "FACTS 1.8",
    ),
    Mechanism("cash", "adapt", "The cautious pay cash.", "paying_cash", REPORT),
    Mechanism(
        "cash_end", "adapt", "From a day on cash no longer serves.", "paying_cash",
        "our question to the report: cash as the last refuge",
    ),
    Mechanism(
        "cutting", "adapt", "The cautious cut ties with publicly low citizens.", "ties_cut",
        "Wei et al. 2016 (FACTS T10)",
    ),
    Mechanism(
        "rollout", "sanction", "Schemes come into force and end by dates and regions.",
        "points_won_rollout", "FACTS 2.4: pilots",
    ),
)  # fmt: skip

MECHANISM_NAMES: tuple[str, ...] = tuple(one.name for one in MECHANISMS)
