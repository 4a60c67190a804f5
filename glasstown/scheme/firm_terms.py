"""What a scheme does to firms, as single numbers."""

from __future__ import annotations

from collections.abc import Sequence

from glasstown.laws import Q16
from glasstown.laws.sanction import NEVER
from glasstown.scheme.declaration import Score
from glasstown.scheme.firms import FirmContagion, Firms
from glasstown.scheme.units import ALWAYS_ABOVE, service_bits, tenths, weekly_q32

ZEROS = (
    "has_firms", "firm_start", "firm_social_most", "firm_expiry_q16", "firm_term",
    "firm_performed_q32", "firm_exempt_q8", "firm_bars_bids", "firm_favours_bids",
    "firm_owner_points", "firm_denies", "firm_points_owner", "firm_owner_bars_bids", "firm_tiers",
)  # fmt: skip
LIMITS = ("firm_limit_1", "firm_limit_2", "firm_limit_3", "firm_limit_4")


def firm_terms(
    firms: Firms | None, score: Score | None, reflection_weeks: int, without: Sequence[str]
) -> dict[str, int]:
    """Return the numbers of `glasstown.scheme.compilation.Terms` that are about firms."""
    terms = dict.fromkeys(ZEROS, 0) | dict.fromkeys(LIMITS, NEVER)
    terms |= {"firm_below": NEVER, "firm_red_above": ALWAYS_ABOVE, "firm_priority_q8": 256}
    if firms is None:
        return terms
    terms |= _rating_terms(firms, reflection_weeks)
    terms["has_firms"] = 1
    terms["firm_priority_q8"] = round(firms.priority * 256)
    terms["firm_exempt_q8"] = round(firms.exempt * 256)
    terms["firm_bars_bids"] = int(firms.bars_bids and "sanctions" not in without)
    terms["firm_favours_bids"] = int(firms.favours_bids and "rewards" not in without)
    if firms.black is not None:
        terms["firm_term"] = firms.black.term_weeks or 0
        terms["firm_performed_q32"] = weekly_q32(firms.black.performed * reflection_weeks)
        if firms.black.below is not None and firms.rating is not None:
            terms["firm_below"] = tenths(firms.black.below)
    if firms.contagion is not None and "firm" not in without:
        terms |= _contagion_terms(firms.contagion, without)
        if score is None:
            terms["firm_owner_points"] = 0
    return terms


def _rating_terms(firms: Firms, reflection_weeks: int) -> dict[str, int]:
    rating = firms.rating
    if rating is None:
        return {}
    half_life = rating.half_life_weeks
    share = 1 - 2 ** (-reflection_weeks / half_life) if half_life else 0.0
    limits = [tenths(tier.at_least) for tier in firms.tiers[:-1]]
    limits += [NEVER] * (len(LIMITS) - len(limits))
    return {
        "firm_start": tenths(rating.compliance),
        "firm_social_most": tenths(rating.social),
        "firm_expiry_q16": round(share * Q16),
        "firm_red_above": ALWAYS_ABOVE if firms.red_above is None else tenths(firms.red_above),
        "firm_tiers": len(firms.tiers),
        **dict(zip(LIMITS, limits, strict=True)),
    }


def _contagion_terms(contagion: FirmContagion, without: Sequence[str]) -> dict[str, int]:
    denies = [] if "sanctions" in without else contagion.owner_denies
    return {
        "firm_owner_points": tenths(contagion.owner_points),
        "firm_denies": service_bits(list(denies)),
        "firm_points_owner": tenths(contagion.firm_points),
        "firm_owner_bars_bids": int(contagion.bars_bids and "sanctions" not in without),
    }
