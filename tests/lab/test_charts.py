"""Charts hold the numbers of the run, say them in a sentence, and are left out when empty."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np
import polars as pl
import pytest

sys.path.insert(0, str(Path(__file__).parent))
import fake_run

from glasstown.engine.measures import CAUSES
from glasstown.lab.charts import CHARTS, charts
from glasstown.lab.charts.exclusion import CAUSE_COLOURS, tile_places
from glasstown.lab.charts.scores import members_of, quantiles
from glasstown.lab.tallies import Tallies, Tenure
from glasstown.lab.wording import EXIT_WORDS
from glasstown.scheme.compilation import compile_scheme
from glasstown.scheme.declaration import Scheme
from glasstown.society.catalogue import behaviours
from glasstown.society.declaration import Society

PROVINCES = 31


def drawn(name: str, weeks: int, groups=("rest",), width: int = 720):
    return charts(fake_run.weekly(name, weeks, groups), fake_run.manifest(name, weeks), width)


def test_a_total_scheme_has_every_chart_but_that_of_members():
    keys = list(drawn("total", 120, ("rest", "minority")))
    assert keys == [kind.key for kind in CHARTS if kind.key != "members"]


def test_charts_with_nothing_to_show_are_left_out():
    assert set(drawn("none", 120)) == {"speech", "honesty"}
    assert set(drawn("open", 60)) == {"speech", "honesty", "members", "scores", "tiers"}
    listed = drawn("court-list", 60)
    assert not {"scores", "tiers", "points", "groups", "ability", "bids", "waits"} & set(listed)
    assert {"excluded", "map", "denied_service", "records"} <= set(listed)


@pytest.mark.parametrize("weeks", [1, 2, 120])
@pytest.mark.parametrize("width", [720, 350])
@pytest.mark.parametrize("name", ["total", "open"])
def test_every_chart_is_valid_vega_lite_with_its_data_inline(weeks, width, name):
    for key, chart in drawn(name, weeks, ("rest", "minority"), width).items():
        spec = chart.drawing.to_dict()  # altair checks it against the schema of Vega-Lite
        text = json.dumps(spec)
        assert '"url"' not in text, key
        title = spec["title"]["text"] if isinstance(spec["title"], dict) else spec["title"]
        assert " ".join(title) == chart.finding
        assert chart.finding.endswith(".")
        assert chart.data.height > 0


def test_the_shares_of_a_chart_are_those_of_the_run():
    weekly = fake_run.weekly("total", 60)
    data = charts(weekly, fake_run.manifest("total", 60))["excluded"].data
    last = weekly.filter(week=60)
    expected = last["excluded_inability"].sum() / last["adults"].sum()
    assert data["what could not be helped"][-1] == pytest.approx(expected)
    assert data.height == 60


def test_the_map_puts_each_share_on_its_own_tile():
    weekly = fake_run.weekly("total", 20)
    chart = charts(weekly, fake_run.manifest("total", 20))["map"]
    regions = Tallies(weekly, fake_run.manifest("total", 20)).regions
    expected = dict(regions.select("region", pl.col("excluded") / pl.col("adults")).rows())
    spec = chart.drawing.to_dict()
    rows = [row for data in spec["datasets"].values() for row in data]
    assert rows
    for row in rows:
        assert row["shut_out"] == pytest.approx(expected[row["region"]])
        assert float(row["shut_out_text"].strip("%")) == pytest.approx(
            100 * row["shut_out"], abs=0.5
        )


def test_denials_by_service_follow_the_numbers():
    weekly = fake_run.weekly("total", 20)
    manifest = fake_run.manifest("total", 20)
    before = charts(weekly, manifest)["denied_service"].finding
    doubled = weekly.with_columns(denied_flight=pl.col("denied_flight") * 2)
    assert charts(doubled, manifest)["denied_service"].finding != before


def test_points_lost_are_per_adult_and_year():
    weekly = fake_run.weekly("total", 52)
    data = charts(weekly, fake_run.manifest("total", 52))["points"].data
    expected = weekly["points_lost_deeds"].sum() / (weekly["adults"].sum() * 7 / 365.25)
    assert data["own deeds"][0] == pytest.approx(expected, rel=0.02)


def test_quantiles_are_read_from_the_bins():
    bins = np.zeros((2, 20))
    bins[0, :] = 5  # even over the range: the quantiles of a uniform
    bins[1, 10] = 100  # all in one bin
    read = quantiles(bins, 0.0, 200.0)
    assert read[0] == pytest.approx([20, 50, 100, 150, 180])
    assert read[1] == pytest.approx([101, 102.5, 105, 107.5, 109])


def test_quantiles_skip_empty_bins():
    bins = np.zeros((1, 20))
    bins[0, 0] = bins[0, 19] = 50
    read = quantiles(bins, 0.0, 20.0)[0]
    assert read[1] <= 1.0
    assert read[3] >= 19.0


def test_the_tile_layout_has_a_place_for_each_province():
    path = Path(__file__).parents[2] / "glasstown" / "lab" / "data" / "tiles.csv"
    names = pl.read_csv(path)["name_en"].to_list()
    places = tile_places(names)
    assert places.height == PROVINCES
    assert places.select("row", "col").unique().height == PROVINCES
    assert places["label"].n_unique() == PROVINCES


def test_unknown_regions_get_an_alphabetic_grid():
    places = tile_places(["Delta", "Alpha", "Beta", "Gamma", "Beijing"])
    assert places["region"].to_list() == ["Alpha", "Beijing", "Beta", "Delta", "Gamma"]
    assert places.select("row", "col").unique().height == 5


def test_every_cause_has_a_colour_of_its_own():
    assert set(CAUSE_COLOURS) == set(CAUSES)
    assert len(set(CAUSE_COLOURS.values())) == len(CAUSES)


def test_firms_are_shares_of_firms():
    weekly, manifest = fake_run.weekly("total", 60), fake_run.manifest("total", 60)
    found = charts(weekly, manifest)
    last = weekly.filter(week=60)
    firms = last["firms"].sum()
    assert found["firm_tiers"].data["poor"][-1] == pytest.approx(last["firm_tier_2"].sum() / firms)
    listed = found["firm_lists"].data
    assert listed["on the black list"][-1] == pytest.approx(last["firms_black"].sum() / firms)
    bids = found["bids"].data
    assert bids["refused: the owner is listed"].sum() == weekly["bids_denied_owner"].sum()
    assert bids["year"].to_list() == [2014, 2015]


def test_exits_and_appeals_are_those_of_the_run():
    weekly, manifest = fake_run.weekly("total", 60), fake_run.manifest("total", 60)
    found = charts(weekly, manifest)
    exits = found["exits"].data
    assert exits[EXIT_WORDS["insiders"]].sum() == weekly["exits_insiders"].sum()
    assert "end of the list" not in " ".join(exits.columns), "no list ended"
    appeals = found["appeals"].data
    lost = weekly["appeals"].sum() - weekly["appeals_won"].sum()
    assert (appeals["won"].sum(), appeals["lost"].sum()) == (weekly["appeals_won"].sum(), lost)


def test_the_confusion_matrix_has_four_cells_with_shares_of_their_row():
    weekly, manifest = fake_run.weekly("total", 60), fake_run.manifest("total", 60)
    data = charts(weekly, manifest)["ability"].data
    cells = {(row["case"], row["outcome"]): row["number"] for row in data.rows(named=True)}
    assert cells == {
        ("what could not be helped", "spared"): weekly["spared_unable"].sum(),
        ("what could not be helped", "entered"): weekly["entries_inability"].sum(),
        ("own deeds", "spared"): weekly["spared_unwilling"].sum(),
        ("own deeds", "entered"): weekly["entries_deeds"].sum(),
    }
    assert data.group_by("case").agg(pl.col("share").sum())["share"].to_list() == [1.0, 1.0]


def test_an_empty_row_of_the_matrix_has_no_share():
    weekly = fake_run.weekly("total", 9).with_columns(
        spared_unwilling=pl.lit(0), entries_deeds=pl.lit(0)
    )
    data = charts(weekly, fake_run.manifest("total", 9))["ability"].data
    assert data.filter(case="own deeds")["text"].to_list() == ["0 (none)", "0 (none)"]


def test_members_alone_stand_in_the_scores_of_a_voluntary_scheme():
    weekly, manifest = fake_run.weekly("open", 60), fake_run.manifest("open", 60)
    found, last = charts(weekly, manifest), weekly.filter(week=60)
    members = last["enrolled"].sum()
    assert found["members"].data["members"][-1] == pytest.approx(members / last["adults"].sum())
    share = last["tier_1"].sum() / members
    assert found["tiers"].data["high"][-1] == pytest.approx(share)
    assert found["tiers"].data["plain"][-1] == pytest.approx(1 - share)
    assert "of members were in tier plain" in found["tiers"].finding
    mean = 100 + 25 * last["tier_1"].sum() / members
    assert found["scores"].data["mean"][-1] == pytest.approx(mean)


@pytest.mark.parametrize(("start", "place"), [(0, 0), (100, 9), (200, 19), (10.1, 1)])
def test_outsiders_leave_the_bin_of_the_start(start, place):
    """The bin of the start as the engine's own numbers have it."""
    scheme = fake_run.scheme("open")
    scheme["score"]["start"] = start
    terms = compile_scheme(Scheme.model_validate(scheme), Society(), behaviours()).terms
    assert (terms.start - terms.floor) * terms.bin_q32 >> 32 == place
    row = {"week": [1], "adults": [10], "enrolled": [4], "score_sum": [10.0 * start],
           "tier_1": [10], "tier_2": [10]}  # fmt: skip
    row |= {f"score_bin_{i:02d}": [10 if i == place else 0] for i in range(20)}
    weeks = members_of(Tenure("open", scheme, pl.DataFrame(row), True))
    assert weeks[f"score_bin_{place:02d}"].item() == 4
    assert weeks["adults"].item() == 4
    assert weeks["score_sum"].item() == pytest.approx(4 * start)


def test_gatherings_are_bars_by_date():
    weekly, manifest = fake_run.weekly("total", 60), fake_run.manifest("total", 60)
    chart = charts(weekly, manifest)["gatherings"]
    assert chart.data["week"].to_list() == [fake_run.SPARK_WEEK]
    assert chart.data["gathered"].to_list() == [weekly["gathered"].sum()]
    manifest["scenario"]["spark"] = []
    assert "gatherings" not in charts(weekly, manifest)


def test_a_class_of_patients_is_drawn_while_somebody_is_in_it():
    weekly = fake_run.weekly("total", 60).with_columns(
        hospital_last=pl.when(pl.col("week") > 30).then(pl.col("hospital_last")).otherwise(0)
    )
    data = charts(weekly, fake_run.manifest("total", 60))["waits"].data
    assert data["served last"].null_count() == 30
    assert data["served first"].null_count() == 0


def test_scores_under_phases_are_those_of_one_scheme_where_it_held():
    weekly, manifest = fake_run.staged(40)
    found = charts(weekly, manifest)
    finding = found["scores"].finding
    assert finding.startswith("Under total ")
    assert finding.endswith("Not drawn here: open.")
    beijing = weekly.filter((pl.col("week") == 40) & (pl.col("region") == "Beijing"))
    mean = beijing["score_sum"].sum() / beijing["adults"].sum()
    data = found["scores"].data
    assert data["mean"][-1] == pytest.approx(mean)
    assert data["week"].to_list() == list(range(fake_run.BEGUN[0], 41))
    members = found["members"].data
    assert members["week"].to_list() == list(range(fake_run.BEGUN[1], 41))
    assert found["members"].finding.startswith("Under open at the end ")
    assert "points of all schemes added" in found["points"].finding


def test_a_scheme_that_ended_is_told_as_of_its_last_week():
    weekly, manifest = fake_run.staged(40)
    manifest["scenario"]["rollout"].append({**fake_run.PHASES[2], "regions": [],
                                            "scheme": fake_run.scheme("none")})  # fmt: skip
    finding = charts(weekly, manifest)["scores"].finding
    assert finding.startswith("Under total in week 22, its last, the mean score was ")


def test_tiers_that_are_left_out_are_not_drawn():
    manifest = fake_run.manifest("total", 60)
    manifest["scenario"]["without"] = ["tiers", "firms"]
    assert not {"tiers", "firm_tiers", "firm_lists"} & set(
        charts(fake_run.weekly("total", 60), manifest)
    )
