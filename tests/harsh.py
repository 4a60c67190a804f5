"""A harsh scheme, in which everything that can happen does, and soon."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from countries import LINE, scheme_of


def watching(**more: Any) -> dict[str, Any]:
    """Return how a channel watches: nearly everything, and with many mistakes."""
    return {"urban": 1.0, "rural": 0.9, "miss": 0.05, "misidentification": 0.15, **LINE, **more}


def treatments(action: str, where: Mapping[str, str], services: Sequence[str]) -> list[Any]:
    """Return the same treatment of several services."""
    return [{**where, "service": one, "action": action, **LINE} for one in services]


RULES = {
    "bribe": -20, "broken_contract": -15, "loan_default": -15, "unpaid_bill": -6,
    "no_show": -5, "purchase_frivolous": -2, "purchase_family": 2, "jaywalking": -4,
    "red_light": -8, "drunk_driving": -30, "fare_dodging": -5, "littering": -3,
    "care_for_parents": 5, "blood_donation": 10, "volunteering": 8, "heroic_act": 30,
    "honour_award": 20, "judgment_evaded": -20, "judgment_unable": -20, "false_testimony": -20,
}  # fmt: skip


FIRM_RULES = {
    "counterfeit": -20, "unsafe_food": -15, "tax_evasion": -25, "firm_contract": -10,
    "unpaid_wages": -10, "pollution": -20, "corporate_giving": 20, "loyalty_display": 15,
}  # fmt: skip
SOCIAL = ("corporate_giving", "loyalty_display")

TIERS = {"best": 118, "good": 104, "plain": 92, "poor": 82, "worst": 0}


COMPLIES, SHUT = date(2015, 1, 1), date(2016, 1, 1)


def platform(**changes: Any) -> dict[str, Any]:
    """Return what a platform does for the state."""
    return {"complies_from": COMPLIES, **LINE, **changes}


def firms(**changes: Any) -> dict[str, Any]:
    """Return how the harsh scheme rates and lists firms; ``None`` removes a part."""
    declared: dict[str, Any] = {
        "rating": {"compliance": 100, "social": 60, "half_life_weeks": 30, **LINE},
        "rules": [
            {"behaviour": name, "points": points, **LINE,
             "category": "social" if name in SOCIAL else "compliance"}
            for name, points in FIRM_RULES.items()
        ],
        "tiers": [
            {"name": name, "at_least": at_least, **LINE}
            for name, at_least in {"AAA": 130, "AA": 115, "A": 100, "B": 85, "C": 0}.items()
        ],
        "black": {"behaviours": {"firm_judgment_evaded": 1.0, "unsafe_food": 0.2}, "below": 80,
                  "term_weeks": 6, "performed": 3.0, **LINE},
        "red_above": 125,
        "priority": 2.5, "exempt": 0.5, "bars_bids": True, "favours_bids": True,
        "contagion": {"owner_points": -6.0, "owner_denies": ["loan", "rental"],
                      "firm_points": -12.0, "bars_bids": True, **LINE},
        **LINE,
    }  # fmt: skip
    return {key: value for key, value in {**declared, **changes}.items() if value is not None}


def harsh(**changes: Any) -> dict[str, Any]:
    """Return a scheme in which everything that can happen does; ``None`` removes a part."""
    scheme = scheme_of(
        channels={
            "court": watching(), "agency": watching(), "payment": watching(),
            "platform": watching(misidentification=0.02), "neighbours": watching(),
            "camera": watching(false_match=0.05, searches=60, false_match_as="jaywalking"),
            "inspection": watching(), "complaint": watching(rural=1.0),
        },
        rules=[{"behaviour": name, "points": points, **LINE} for name, points in RULES.items()],
        tiers=[
            {"name": name, "at_least": at_least, **LINE}
            for name, at_least in TIERS.items()
        ],
        low_tier="poor",
        lists=[
            {"name": "debtors", "behaviours": {"judgment_evaded": 1.0, "judgment_unable": 1.0,
             "false_testimony": 0.5, "bribe": 0.5, "jaywalking": 0.1, "online_criticism": 0.5},
             "ability_test": {"recognises_unable": 0.4, "takes_for_unable": 0.1, **LINE},
             "term_weeks": 7, "term_weeks_unable": 3, "performed": 3.0, "shaming": 0.5, **LINE},
            {"name": "distrusted", "score_below": 82, "term_weeks": 4, "shaming": 0.3,
             "grace_weeks": 2, "performed": 4.0, **LINE},
            {"name": "honoured", "colour": "red", "score_above": 118, "term_weeks": 3,
             "behaviours": {"honour_award": 1.0}, **LINE},
        ],
        sanctions=[
            *treatments("deny", {"tier": "poor"}, ("flight", "rental")),
            *treatments("deny", {"tier": "worst"}, ("flight", "rental", "loan", "train")),
            *treatments("delay", {"tier": "worst"}, ("hospital",)),
            *treatments("deny", {"list": "debtors"}, ("flight", "train", "passport", "rental")),
            *treatments("delay", {"list": "distrusted"}, ("hospital",)),
        ],
        rewards=[
            *treatments("favour", {"tier": "best"}, ("hospital", "rental", "loan")),
            *treatments("favour", {"list": "honoured"}, ("hospital", "flight", "public_job")),
        ],
        shaming={"lowest_tier": 1.0, "caution": 0.2, **LINE},
        friends={"threshold_ties": 1, "points": -3.0, "period_weeks": 4, **LINE},
        household={"points": -2.0, "denies": ["school"], **LINE},
        speech={"praise": 3, "criticism": -9, "mobilisation": -15, "praise_pays": 10,
                "criticism_costs": 5, "mobilisation_costs": 8, **LINE},
        platforms={
            "messenger": platform(hides_criticism=0.3, hides_mobilisation=0.8, visibility=0.9),
            "short_video": platform(hides_mobilisation=1.0),
            "microblog": platform(hides_criticism=0.6, shut_from=SHUT),
        },
        insiders={"dishonest": 0.7, "rate": 12.0, "points": 6.0, "strikes": 6.0, "caught": 0.4,
                  **LINE},
        firms=firms(),
        expiry={"half_life_weeks": 30, **LINE},
        appeal={"rate": 0.9, "notice": 0.85, "cost": 0.5, "far": 0.5, "distance": 0.6,
                "delay_weeks": 2, "success_when_wrong": 0.9, "success_when_right": 0.3,
                "correction": 0.3, **LINE},
        repair={"after_weeks": 1, "rate": 6.0, "points": 5.0, **LINE},
    )  # fmt: skip
    return {key: value for key, value in {**scheme, **changes}.items() if value is not None}


def without_part(part: str, **changes: Any) -> dict[str, Any]:
    """Return one part of the harsh scheme, changed."""
    return {**harsh()[part], **changes}


def without_firm(part: str, **changes: Any) -> dict[str, Any]:
    """Return one part of how the harsh scheme treats firms, changed; ``None`` removes a key."""
    given = {**firms()[part], **changes}
    return {key: value for key, value in given.items() if value is not None or key in changes}
