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
from glasstown.lab.charts.scores import quantiles
from glasstown.lab.tallies import Tallies

PROVINCES = 31


def drawn(name: str, weeks: int, groups=("rest",), width: int = 720):
    return charts(fake_run.weekly(name, weeks, groups), fake_run.manifest(name, weeks), width)


def test_a_total_scheme_has_every_chart():
    keys = list(drawn("total", 120, ("rest", "minority")))
    assert keys == [kind.key for kind in CHARTS]


def test_charts_with_nothing_to_show_are_left_out():
    assert set(drawn("none", 120)) == {"speech", "honesty"}
    listed = drawn("court-list", 60)
    assert not {"scores", "tiers", "points", "groups"} & set(listed)
    assert {"excluded", "map", "denied_service", "records"} <= set(listed)


@pytest.mark.parametrize("weeks", [1, 2, 120])
@pytest.mark.parametrize("width", [720, 350])
def test_every_chart_is_valid_vega_lite_with_its_data_inline(weeks, width):
    for key, chart in drawn("total", weeks, ("rest", "minority"), width).items():
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
