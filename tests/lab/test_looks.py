"""Charts read with any eyes, on grey paper, and in words: finding, numbers, drawing."""

from __future__ import annotations

import sys
from itertools import combinations
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
import fake_run
import sight
from print_check import LEAST_APART, LEAST_LIGHTNESS, is_told_without_colour, named_colours

from glasstown.errors import InputError
from glasstown.lab.charts import CHARTS, charts, theme
from glasstown.lab.charts.numbering import ink_on, numbers_inside
from glasstown.lab.charts.scores import TIER_COLOURS
from glasstown.lab.charts.series import Series
from glasstown.lab.charts.theme import unpivoted
from glasstown.lab.run import Run

PALETTE = {
    name: getattr(theme, name)
    for name in ("ORANGE", "SKY", "GREEN", "YELLOW", "BLUE", "VERMILION", "PURPLE", "GREY")
}
OTHER_MARKS = {"scores": "a line inside two nested bands"}
"""Charts whose series are told apart by what kind of mark they are."""


def drawn(width: int = 720):
    total = charts(fake_run.weekly("total", 120, ("rest", "minority")),
                   fake_run.manifest("total", 120), width)  # fmt: skip
    open_ = charts(fake_run.weekly("open", 60), fake_run.manifest("open", 60), width)
    return {**open_, **total}


def test_a_test_of_sight_sees_what_it_should():
    assert sight.apart("#ffffff", "#000000", sight.SIGHTS["usual"]) == pytest.approx(100, abs=0.1)
    assert sight.lab("#ff0000") == pytest.approx([53.24, 80.09, 67.20], abs=0.1)
    for blind in (sight.PROTANOPIA, sight.DEUTERANOPIA):
        assert sight.lab("#808080", blind) == pytest.approx(sight.lab("#808080"), abs=0.1)
    # A grey that was here once, beside our purple: 38.9 apart to most, hardly at all to some.
    assert sight.apart("#8A8F98", theme.PURPLE, sight.DEUTERANOPIA) < 5


@pytest.mark.parametrize("name", sight.SIGHTS)
def test_any_two_colours_of_the_palette_differ_to_every_eye(name):
    for (one, a), (other, b) in combinations(PALETTE.items(), 2):
        assert sight.apart(a, b, sight.SIGHTS[name]) >= LEAST_APART, (one, other)
    for a, b in combinations(TIER_COLOURS, 2):
        assert sight.apart(a, b, sight.SIGHTS[name]) >= LEAST_APART, (a, b)


@pytest.mark.parametrize("width", [720, 350])
def test_every_chart_is_read_without_its_colours(width):
    seen = set()
    for key, chart in drawn(width).items():
        spec = chart.drawing.to_dict(validate=False)
        colours = named_colours(spec)
        for name in sight.SIGHTS:
            for a, b in combinations(colours.values(), 2):
                assert sight.apart(a, b, sight.SIGHTS[name]) >= LEAST_APART, (key, a, b)
        close = [pair for pair in combinations(colours.values(), 2)
                 if sight.lightness_apart(*pair) < LEAST_LIGHTNESS]  # fmt: skip
        if close and key not in OTHER_MARKS:
            assert is_told_without_colour(spec), (key, close)
            seen.add(key)
    assert {"excluded", "points", "exits", "speech", "ties"} <= seen


def test_a_number_stands_in_the_middle_of_its_layer():
    import polars as pl

    series = [Series("a", "a", theme.BLUE), Series("b", "b", theme.YELLOW),
              Series("c", "c", theme.GREY)]  # fmt: skip
    data = pl.DataFrame({"week": [1, 2], "date": ["x", "y"], "a": [0.9, 0.4], "b": [0.0, 0.2],
                         "c": [0.0, 0.01]})  # fmt: skip
    placed = numbers_inside(unpivoted(data, series), series)
    assert placed["number"].to_list() == ["1", "2"], "the third is too thin"
    assert placed["middle"].to_list() == pytest.approx([0.2, 0.5])
    assert placed["ink"].to_list() == ["#fff", "#000"]
    for one in PALETTE.values():
        ink = {"#000": "#000000", "#fff": "#ffffff"}[ink_on(one)]
        assert sight.lightness_apart(ink, one) > 35


def test_every_chart_has_a_finding_with_a_number_that_a_notebook_shows():
    for key, chart in drawn().items():
        assert any(c.isdigit() for c in chart.finding), key
        shown = chart._repr_mimebundle_(None, None)
        spec = next(v for k, v in _bundle(shown).items() if "vegalite" in k or k == "text/html")
        assert chart.finding.split()[0] in str(spec)


def _bundle(shown):
    return shown[0] if isinstance(shown, tuple) else shown


def test_a_run_gives_its_charts_by_the_names_of_the_report(tmp_path):
    folder = fake_run.folder(tmp_path, "total", 20)
    run = Run(folder, fake_run.manifest("total", 20))
    assert set(run.charts()) <= {kind.key for kind in CHARTS}
    assert run.chart("excluded").finding == run.charts()["excluded"].finding
    with pytest.raises(
        InputError, match=r"chart 'exclude' is not one of .*Did you mean 'excluded'"
    ):
        run.chart("exclude")
    with pytest.raises(InputError, match="chart 'members' has nothing to show here; those that"):
        run.chart("members")
