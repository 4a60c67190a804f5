"""A small scheme with something of everything that an assessment asks for."""

from __future__ import annotations

from typing import Any

from countries import LINE, scheme_of

WATCHING = {"urban": 1.0, "rural": 1.0, "miss": 0.0, "misidentification": 0.1, **LINE}
RULES = {
    "loan_default": -12, "overdue_month": -8, "jaywalking": -3, "fare_dodging": -5,
    "online_criticism": -4,
}  # fmt: skip
DOMAINS = {"credit", "traffic", "transport", "speech", "judgments"}


def black(**changes: Any) -> dict[str, Any]:
    """Return a black list of defaulters."""
    return {
        "name": "defaulters", "behaviours": {"judgment_unable": 1.0, "judgment_evaded": 1.0},
        "term_weeks": 12, **LINE, **changes,
    }  # fmt: skip


def scheme(**changes: Any) -> dict[str, Any]:
    """Return the scheme; ``None`` removes a part."""
    treat = {"action": "deny", **LINE}
    parts = {
        "name": "assessed",
        "channels": dict.fromkeys(("court", "payment", "camera", "platform", "agency"), WATCHING),
        "rules": [{"behaviour": k, "points": v, **LINE} for k, v in RULES.items()],
        "tiers": [
            {"name": "good", "at_least": 90, **LINE}, {"name": "poor", "at_least": 0, **LINE},
        ],
        "low_tier": "poor",
        "lists": [black()],
        "sanctions": [
            {"tier": "poor", "service": "loan", **treat},
            {"tier": "poor", "service": "flight", **treat},
            {"list": "defaulters", "service": "train", **treat},
            {"list": "defaulters", "service": "hospital", "action": "delay", **LINE},
        ],
        "friends": {"threshold_ties": 1, "points": -12, "period_weeks": 4, **LINE},
        "household": {"points": -2, "denies": ["school"], **LINE},
        "expiry": {"half_life_weeks": 26, **LINE},
        "appeal": {
            "rate": 0.8, "delay_weeks": 3, "success_when_wrong": 0.9, "success_when_right": 0.0,
            "correction": 0.1, **LINE,
        },
    }  # fmt: skip
    return scheme_of(**{k: v for k, v in {**parts, **changes}.items() if v is not None})


def scenario(**changes: Any) -> dict[str, Any]:
    """Return a scenario of the scheme with a group of about five adults."""
    return {
        "scheme": scheme(), "start": "2018-01-03", "weeks": 30,
        "society": {"citizens": 6_000, "groups": [{"name": "handful", "share": 0.001}]},
        **changes,
    }  # fmt: skip
