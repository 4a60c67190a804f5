"""The fit finds what made the numbers; its intervals cover; a parameter moves its keys alone."""

from __future__ import annotations

import numpy as np
import pytest

from glasstown.errors import InputError
from glasstown.lab.calibration import check_scheme
from glasstown.lab.calibration.court_list import calibrate, claims, packaged
from glasstown.lab.calibration.fitting import LEAST, Range, fit, log_ratios
from glasstown.lab.calibration.parameters import COURT_LIST, with_values
from glasstown.lab.calibration.recorded import recorded

RANGES = [Range("rate", 1.0, 0.1, 10.0), Range("leave", 0.5, 0.05, 5.0)]


def model(luck: np.ndarray):
    """Entries are proportional to the rate, leavers also to the leaving; each seed has its luck."""

    def measured(values):
        entries = 300 * values["rate"] * luck[:, 0]
        return np.stack([entries, entries * values["leave"] * luck[:, 1]], axis=1)

    return measured


def test_the_fit_finds_the_parameters():
    found = fit(RANGES, model(np.ones((3, 2))), np.array([600.0, 120.0]), 20)
    assert found.parameters[0].value == pytest.approx(2, rel=1e-3)
    assert found.parameters[1].value == pytest.approx(0.2, rel=1e-3)
    assert found.objective_after < 1e-6 < found.objective_before
    assert found.before == pytest.approx([300, 150])
    assert found.after == pytest.approx([600, 120], rel=1e-3)


def test_what_is_out_of_reach_stops_at_its_bound_and_says_so():
    found = fit(RANGES, model(np.ones((3, 2))), np.array([6000.0, 1200.0]), 20)
    assert found.parameters[0].is_at_bound
    # The method stays strictly inside; it stops where a step moves less than half a percent.
    assert found.parameters[0].value == pytest.approx(10, rel=5e-3)
    assert found.objective_after > 0.01


def test_intervals_cover_what_made_the_numbers():
    rng = np.random.default_rng(7)
    covered = 0
    for _ in range(60):
        luck = 1 + 0.05 * rng.standard_normal((6, 2))
        one = fit(RANGES, model(luck), np.array([600.0, 120.0]), 20).parameters[0]
        covered += one.low <= 2 <= one.high
    # 95 % intervals: of 60, 52 or fewer would come once in 100 times.
    assert covered >= 53


def test_intervals_narrow_with_the_luck():
    rng = np.random.default_rng(3)
    noise = rng.standard_normal((6, 2))
    wide, narrow = (
        fit(RANGES, model(1 + size * noise), np.array([600.0, 120.0]), 20).parameters[0]
        for size in (0.05, 0.005)
    )
    assert (wide.high - wide.low) > 5 * (narrow.high - narrow.low) > 0


def test_fewer_targets_than_parameters_are_refused():
    with pytest.raises(ValueError, match="as many targets"):
        fit(RANGES, lambda _: np.ones((3, 1)), np.array([1.0]), 20)


def test_nothing_measured_is_far_off_not_infinite():
    assert log_ratios(np.zeros((3, 1)), np.array([5.0])) == pytest.approx(np.log(LEAST))


@pytest.mark.parametrize("one", COURT_LIST, ids=lambda one: one.name)
def test_a_parameter_moves_its_keys_and_no_others(one):
    inputs = packaged()
    before = {key: value for p in COURT_LIST for key, value in p.keys(inputs).items()}
    changed = one.put(inputs, one.now(inputs) * 0.9)
    after = {key: value for p in COURT_LIST for key, value in p.keys(changed).items()}
    moved = {key for key in before if before[key] != after[key]}
    assert moved == set(one.keys(inputs))
    assert one.now(changed) == pytest.approx(one.now(inputs) * 0.9)
    assert packaged() == inputs


def test_packaged_values_are_within_their_bounds_and_values_are_put():
    inputs = packaged()
    values = {one.name: one.now(inputs) for one in COURT_LIST}
    for one in COURT_LIST:
        assert one.low < values[one.name] <= one.high, one.name
        assert one.low < one.start < one.high, one.name
    same = with_values(inputs, values)
    assert same.coverage()[1:] == inputs.coverage()[1:]
    assert same.services == inputs.services


def test_the_package_holds_what_the_recorded_calibration_found():
    told = recorded("court-list")
    inputs = packaged()
    held = {key: value for one in COURT_LIST for key, value in one.keys(inputs).items()}
    assert set(held) == set(told["settings"])
    for key, value in held.items():
        # Three digits are kept; what an interval over luck says is wider by far.
        assert value == pytest.approx(told["settings"][key], rel=5e-3), key
    for name, one in told["targets"].items():
        assert one["after"] == pytest.approx(one["expected"], rel=0.05), name
    assert told["command"].startswith("glasstown calibrate court-list --citizens 300000 ")


def test_there_are_as_many_targets_as_parameters():
    assert len(claims()) == len(COURT_LIST)
    assert {one.claim.kind for one in claims()} == {"calibrated"}


def test_only_the_court_list_can_be_calibrated():
    assert check_scheme("court-list") == "court-list"
    with pytest.raises(InputError, match="can be calibrated: court-list"):
        check_scheme("total-2020")
    with pytest.raises(InputError, match="Did you mean 'court-list'"):
        check_scheme("court-lists")


def test_a_tiny_country_is_calibrated_and_says_how():
    told = calibrate(citizens=10_000, seeds=2, most=2).as_data()
    assert told["objective_after"] < told["objective_before"]
    assert told["command"] == "glasstown calibrate court-list --citizens 10000 --seeds 2 --seed 1"
    assert set(told["targets"]) == {"D02", "D03", "D05", "A04", "R03", "F01", "F02", "F07"}
    for name, found in told["parameters"].items():
        assert found["low"] <= found["value"] <= found["high"], name
    rates = "society/data/behaviours.yaml: judgment_evaded.rate"
    assert told["settings"][rates] == pytest.approx(
        told["parameters"]["judgments"]["value"] * 0.0013 / 0.0022, rel=0.05
    )
    with pytest.raises(InputError, match="seeds: at least 2"):
        calibrate(citizens=10_000, seeds=1)
