"""The mechanisms: causal parts that can be left out one by one (``without: [friends]``).

Leaving one out changes compiled numbers only. No draw is added, dropped or renumbered, so the
two runs of a pair share all their luck.
"""

from __future__ import annotations

from typing import NamedTuple


class Mechanism(NamedTuple):
    """A causal part of the whole: what it does, and a measure that moves when it is left out."""

    name: str
    step: str
    meaning: str
    measure: str


MECHANISMS: tuple[Mechanism, ...] = (
    Mechanism("watch", "watch", "Channels see what citizens do.", "booked"),
    Mechanism("misses", "watch", "Channels miss part of what is in view.", "booked"),
    Mechanism(
        "misidentification",
        "watch",
        "Deeds are booked to somebody else, and searches match somebody who did nothing.",
        "misbooked",
    ),
    Mechanism("score", "score", "Booked deeds win and lose points.", "points_lost_deeds"),
    Mechanism("tiers", "sanction", "Bands of scores are treated differently.", "denied"),
    Mechanism("lists", "sanction", "Black and red lists with terms.", "entries"),
    Mechanism("shaming", "sanction", "Faces on public screens.", "shamings"),
    Mechanism("sanctions", "serve", "Services are denied or delayed.", "denied"),
    Mechanism("rewards", "serve", "Services are favoured.", "favoured"),
    Mechanism("appeal", "remedy", "Listings and wrong points can be contested.", "appeals_won"),
    Mechanism("repair", "remedy", "Credit can be repaired.", "exits_repair"),
    Mechanism("friends", "associate", "Points are lost for low friends.", "points_lost_friends"),
    Mechanism(
        "household",
        "associate",
        "A household loses points and services for its members.",
        "points_lost_household",
    ),
    Mechanism("speech", "speak", "Praise and criticism are scored.", "points_lost_speech"),
    Mechanism("conformity", "speak", "Citizens voice what their ties voice.", "critical"),
    Mechanism(
        "caution", "adapt", "Loss, listing and shaming make citizens cautious.", "caution_sum"
    ),
    Mechanism("expiry", "adapt", "Points fade towards the start.", "points_expired_down"),
    Mechanism("cash", "adapt", "The cautious pay cash.", "paying_cash"),
    Mechanism("cutting", "adapt", "The cautious cut ties with publicly low citizens.", "ties_cut"),
)

MECHANISM_NAMES: tuple[str, ...] = tuple(one.name for one in MECHANISMS)
