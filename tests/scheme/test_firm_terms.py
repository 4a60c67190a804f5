"""Firms of a scheme as single numbers: ranges, limits, lists, contagion, and what is left out."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from harsh import firms, harsh, without_firm

from glasstown.laws import Q16, Q32
from glasstown.laws.sanction import NEVER
from glasstown.scheme.compilation import CATEGORY, ENTER_1, POINTS, CompiledScheme, compile_scheme
from glasstown.scheme.firm_terms import LIMITS, ZEROS, firm_terms
from glasstown.scheme.firms import Firms
from glasstown.scheme.loading import load_scheme
from glasstown.scheme.units import ALWAYS_ABOVE, SERVICE_NAMES
from glasstown.society.catalogue import behaviours
from glasstown.society.compilation import WEEKS_A_YEAR
from glasstown.society.declaration import Society

SCORE = load_scheme(harsh()).score
NAMES = [one.name for one in behaviours()]


def terms(*without: str, score: Any = SCORE, weeks: int = 4, **changes: Any) -> dict[str, int]:
    """Return the numbers of the harsh scheme's firms, with parts changed."""
    return firm_terms(Firms.model_validate(firms(**changes)), score, weeks, without)


def compiled(*without: str, **changes: Any) -> CompiledScheme:
    scheme = load_scheme(harsh(firms=firms(**changes)))
    return compile_scheme(scheme, Society.model_validate({}), behaviours(), without)


def test_points_become_tenths_and_shares_fixed_point() -> None:
    got = terms()
    assert got == got | {
        "has_firms": 1, "firm_start": 1000, "firm_social_most": 600, "firm_below": 800,
        "firm_red_above": 1250, "firm_term": 6, "firm_priority_q8": 640, "firm_exempt_q8": 128,
        "firm_bars_bids": 1, "firm_favours_bids": 1, "firm_owner_points": -60,
        "firm_points_owner": -120, "firm_owner_bars_bids": 1, "firm_tiers": 5,
        "firm_limit_1": 1300, "firm_limit_2": 1150, "firm_limit_3": 1000, "firm_limit_4": 850,
    }  # fmt: skip


def test_the_services_denied_to_owners_are_bits() -> None:
    bits = terms()["firm_denies"]
    denied = {name for i, name in enumerate(SERVICE_NAMES) if bits >> i & 1}
    assert denied == {"loan", "rental"}


@pytest.mark.parametrize("weeks", [1, 2, 4, 8])
def test_rates_are_those_of_a_reflection(weeks: int) -> None:
    got = terms(weeks=weeks)
    assert got["firm_performed_q32"] / Q32 == pytest.approx(3.0 / WEEKS_A_YEAR * weeks)
    kept = (1 - got["firm_expiry_q16"] / Q16) ** (30 / weeks)
    assert kept == pytest.approx(0.5, abs=0.001)


def test_what_is_not_declared_is_off() -> None:
    got = firm_terms(None, SCORE, 4, ())
    assert set(got) == {*ZEROS, *LIMITS, "firm_below", "firm_red_above", "firm_priority_q8"}
    assert all(got[name] == 0 for name in ZEROS)
    assert all(got[name] == NEVER for name in (*LIMITS, "firm_below"))
    assert got["firm_red_above"] == ALWAYS_ABOVE
    assert got["firm_priority_q8"] == 256  # inspected as often as anybody


def test_without_a_rating_there_is_nothing_to_fall_below() -> None:
    bare = {"rating": None, "rules": None, "tiers": None, "red_above": None}
    got = terms(**bare)
    assert (got["has_firms"], got["firm_below"], got["firm_tiers"]) == (1, NEVER, 0)
    assert (got["firm_start"], got["firm_social_most"], got["firm_expiry_q16"]) == (0, 0, 0)
    assert got["firm_term"] == 6


def test_optional_parts() -> None:
    assert terms(black=None)["firm_below"] == NEVER
    assert terms(black=None)["firm_performed_q32"] == 0
    assert terms(black=without_firm("black", term_weeks=None))["firm_term"] == 0
    assert terms(rating=without_firm("rating", half_life_weeks=None))["firm_expiry_q16"] == 0
    assert terms(red_above=None)["firm_red_above"] == ALWAYS_ABOVE
    three = firms()["tiers"][:3]
    assert [terms(tiers=three)[name] for name in LIMITS] == [1300, 1150, NEVER, NEVER]


def test_an_owner_without_a_score_loses_no_points() -> None:
    """Everything else of the contagion stays."""
    scored, bare = terms(), terms(score=None)
    assert {name for name in scored if scored[name] != bare[name]} == {"firm_owner_points"}
    assert bare["firm_owner_points"] == 0


LEFT_OUT = {
    "sanctions": {"firm_bars_bids", "firm_denies", "firm_owner_bars_bids"},
    "rewards": {"firm_favours_bids"},
    "firm": {"firm_owner_points", "firm_denies", "firm_points_owner", "firm_owner_bars_bids"},
}


@pytest.mark.parametrize("mechanism", LEFT_OUT)
def test_leaving_a_mechanism_out_zeroes_its_numbers_only(mechanism: str) -> None:
    whole, bare = terms(), terms(mechanism)
    assert {name for name in whole if whole[name] != bare[name]} == LEFT_OUT[mechanism]
    assert all(bare[name] == 0 for name in LEFT_OUT[mechanism])


def test_a_scheme_without_firms_leaves_them_alone() -> None:
    whole, bare = compiled(), compiled("firms")
    none = firm_terms(None, SCORE, 4, ())
    assert {name: getattr(bare.terms, name) for name in none} == none
    moved = {NAMES[i] for i in np.flatnonzero((whole.rules.rules != bare.rules.rules).any(axis=1))}
    by_firms = {one.name for one in behaviours() if one.by == "firm"}
    assert moved
    assert moved <= by_firms
    assert not bare.rules.rules[[NAMES.index(name) for name in by_firms], POINTS].any()


@pytest.mark.parametrize(
    ("behaviour", "points", "category", "enters"),
    [
        ("counterfeit", -200, 0, 0.0), ("unsafe_food", -150, 0, 0.2),
        ("firm_judgment_evaded", 0, 0, 1.0), ("corporate_giving", 200, 1, 0.0),
        ("loyalty_display", 150, 1, 0.0),
    ],
)  # fmt: skip
def test_a_firms_behaviour_has_points_a_category_and_a_chance_of_entry(
    behaviour: str, points: int, category: int, enters: float
) -> None:
    row = compiled().rules.rules[NAMES.index(behaviour)]
    assert (row[POINTS], row[CATEGORY]) == (points, category)
    # One list of firms: the second and third chances are for citizens' lists.
    assert row[ENTER_1 : ENTER_1 + 3].tolist() == [round(enters * Q16), 0, 0]
