"""The command compare and its page: worlds side by side, every number at hand, nothing fetched."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest
from test_report import Page
from typer.testing import CliRunner, Result

sys.path.insert(0, str(Path(__file__).parents[1] / "lab"))
from worlds import MIDWAY, START, WEEKS, world

from glasstown.lab.comparison.comparing import compare
from glasstown.lab.comparison.comparison import Comparison
from glasstown.lab.comparison.differences import Estimate, Factor
from glasstown.lab.comparison.findings import (
    by_how_much,
    causes_found,
    comparison_found,
    course_found,
    pairing_found,
    parting_found,
    times,
)
from glasstown.surfaces import cli

ROOT = Path(__file__).parents[2]
SMALL = ["--citizens", "1_000", "--weeks", "4", "--seeds", "2"]


def called(*words: str) -> Result:
    return CliRunner().invoke(cli.app, list(words))


@pytest.fixture(scope="module")
def found() -> Comparison:
    return compare(world(), "none", without=[["misidentification"]], seeds=3, citizens=1_500,
                   weeks=WEEKS, start=START)  # fmt: skip


@pytest.fixture(scope="module")
def text(found, tmp_path_factory) -> str:
    folder = found.write(tmp_path_factory.mktemp("out"), "glasstown compare <b>")
    assert sorted(one.name for one in folder.iterdir()) == ["comparison.html", "comparison.json"]
    assert json.loads((folder / "comparison.json").read_text())["differences"]
    return (folder / "comparison.html").read_text("utf-8")


def test_nothing_is_fetched_and_everything_is_closed(text) -> None:
    page = Page(text)
    for load in page.loads:
        assert load.startswith(("data:", "#")) or ("url(" not in load and ":" not in load[:8]), load
    assert not {"script", "iframe", "object", "embed", "base", "form"} & set(page.tags)
    assert "default-src 'none'" in text
    assert page.open == []
    assert len(page.identifiers) == len(set(page.identifiers))
    assert "glasstown compare &lt;b&gt;" in text


def test_the_label_comes_first_and_every_sentence_is_there(text, found) -> None:
    body = text.split("<body>")[1]
    assert body.index("not a prediction") < body.index("<h1>")
    unescaped = text.replace("&#39;", "'")
    for sentences in comparison_found(found).values():
        for sentence in sentences:
            assert sentence in unescaped


def test_each_chart_has_a_sentence_its_numbers_and_two_widths(text) -> None:
    page, count = Page(text), text.count("<figure>")
    assert count >= 8
    assert page.tags.count("svg") == 2 * count
    charts = [label for label in page.labels if label.startswith("Chart: ")]
    assert len(charts) == count
    assert all(label.endswith(".") for label in charts)
    assert text.count("Save as CSV") == count
    for key in ("excluded", "causes", "moved", "differences-0", "pairing-1"):
        assert f'id="chart-{key}"' in text


def test_both_worlds_stand_beside_each_other_in_tables(text, found) -> None:
    assert text.count("<caption>Outcomes") == 2
    assert text.count("<caption>Adults at the end") == 2
    row = found.of("excluded", "test without misidentification")
    assert f"{row.factor.value:.1f} times" in text or "times (" in text
    assert found.digests["test"][0] in text


def test_sentences_say_more_or_less_and_what_may_be_luck(found) -> None:
    row = found.of("excluded", "none")
    less = row._replace(difference=Estimate(-0.02, -0.03, -0.01, 4))
    assert by_how_much(less) == "2.0 percentage points less (95% interval 1.0 to 3.0)"
    luck = row._replace(difference=Estimate(0.001, -0.002, 0.004, 4))
    assert by_how_much(luck) == (
        "0.10 percentage points more, which may be luck (95% interval 0.20 less to 0.40 more)"
    )
    same = row._replace(difference=Estimate(0.0, 0.0, 0.0, 4))
    assert by_how_much(same) == "no seed shows any difference"


@pytest.mark.parametrize(
    ("factor", "words"),
    [
        (Factor(40.0, 15.0, 110.0), "beyond the published tenfold"),
        (Factor(3.0, 1.2, 8.0), "short of the published tenfold"),
        (Factor(12.0, 4.0, 50.0), "these seeds don't settle"),
        (Factor(12.0, None, None), "an interval takes three seeds"),
        (Factor(None, None, None, "no pair differs"), "no factor, as no pair differs"),
    ],
)
def test_the_factor_is_held_to_the_published_one(found, factor, words) -> None:
    row = found.of("excluded", "none")._replace(factor=factor)
    assert words in pairing_found(row, "test")


def test_a_parting_is_dated() -> None:
    one = compare(world(), "none", since=MIDWAY, seeds=2, citizens=1_500, weeks=WEEKS, start=START)
    assert parting_found(one, f"none from {MIDWAY}") == (
        f"none from {MIDWAY} parts from test in week 9 (28 February 2018): 8 weeks before are one "
        "world, simulated once."
    )


def test_the_command_compares_keeps_and_goes_on(tmp_path) -> None:
    given = ["compare", "total-2020", "--without", "friends,household", *SMALL,
             "--out", str(tmp_path)]  # fmt: skip
    done = called(*given)
    assert done.exit_code == 0, done.output
    assert "A synthetic society, not a prediction." in done.stdout
    assert "total-2020 without friends and household" in done.stdout
    page = Path(re.findall(r"Page (\S+)", done.stdout.replace("\n", ""))[0])
    assert page.is_file()
    assert len(list((tmp_path / "members").iterdir())) == 4
    again = called(*given, "--json")
    assert "0 weeks" in again.stderr
    data = json.loads(again.stdout)
    assert [one["label"] for one in data["worlds"]][1].endswith("friends and household")
    assert data["seeds_done"] == 2


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["total-2020"], "at least two worlds"),
        (["total-2020", "reforn"], "'reform'"),
        (["total-2020", "--without", "freinds"], "'friends'"),
        (["total-2020", "--without", ","], "name at least one mechanism"),
        (["total-2020", "reform", "--seeds", "1"], "seeds: a whole number from 2"),
        (["total-2020", "reform", "--since", "soon"], "since: must be a date"),
        (["total-2020", "reform", "--since", "2030-01-01"], "since: must lie after 2014-01-01"),
        (["total-2020", "reform", "--set", "nothing"], "must be KEY=VALUE"),
    ],
)
def test_what_cannot_be_compared_is_told(words, told, tmp_path) -> None:
    done = called("compare", *words, "--out", str(tmp_path / "out"))
    assert done.exit_code == 2, done.output
    assert told in done.stderr
    assert "Traceback" not in done.output
    assert not (tmp_path / "out").exists()


def test_a_folder_that_cannot_be_written_is_told(tmp_path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    done = called("compare", "total-2020", "reform", *SMALL, "--out", str(blocked))
    assert done.exit_code == 2
    assert "can't write there" in done.stderr


def test_the_python_in_the_guide_runs(tmp_path) -> None:
    guide = (ROOT / "docs" / "comparing.md").read_text("utf-8")
    blocks = re.findall(r"```python\n(.*?)```", guide, re.DOTALL)
    assert len(blocks) == 2
    code = "\n".join(blocks)
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True,
                          text=True, check=False)  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "Estimate(" in done.stdout
    assert "friends " in done.stdout


def test_the_guide_shows_the_record_that_is_kept() -> None:
    """Every factor in the guide's table stands in the raw record, and tenfold is told as it is."""
    guide = (ROOT / "docs" / "comparing.md").read_text("utf-8")
    record = pl.read_csv(ROOT / "bench" / "pairing" / "total-2020.csv")
    rows = record.filter(pl.col("outcome").is_in(["excluded", "excluded_wrongly", "listed", "low"]))
    assert rows.height == 28
    for row in rows.iter_rows(named=True):
        ends = [times(row[name]) for name in ("factor", "factor_low", "factor_high")]
        assert f"{ends[0]} ({ends[1]} to {ends[2]})" in guide, row
    contagious = pl.read_csv(ROOT / "bench" / "pairing" / "contagious.csv")
    row = contagious.filter(pl.col("outcome") == "excluded").row(0, named=True)
    assert f"{times(row['factor'])} ({times(row['factor_low'])} to" in guide


def test_with_many_worlds_sentences_name_the_ends_only(found) -> None:
    """Five worlds of made-up labels: the least and the most are named, and how many differ."""
    rows = [one for one in found.differences if one.outcome.name == "excluded"]
    many = tuple(
        rows[0]._replace(world=f"w{place}", other=Estimate(place / 100, None, None, 3))
        for place in range(1, 5)
    )
    worlds = (found.worlds[0], *(found.worlds[1]._replace(label=one.world) for one in many))
    told = course_found(found._replace(differences=many, worlds=worlds), "excluded")
    assert "of 4 other worlds least 1.0% under w1 and most 4.0% under w4" in told
    causes = dict.fromkeys(("test", "w1", "w2", "w3", "w4"), found.causes["test"])
    causes["w3"] = {name: one._replace(mean=one.mean / 2) for name, one in causes["w3"].items()}
    said = causes_found(found._replace(causes=causes))
    assert [name for name in causes if f"under {name}," in said] in (
        ["test", "w1", "w3"], ["test", "w2", "w3"], ["test", "w3", "w4"],
    )  # fmt: skip


def test_a_page_that_cannot_be_drawn_costs_no_number(tmp_path, monkeypatch) -> None:
    from glasstown.surfaces import comparison_page

    def failing(*_given):
        raise RuntimeError("no pen")

    monkeypatch.setattr(comparison_page, "figures", failing)
    done = called("compare", "total-2020", "reform", *SMALL, "--out", str(tmp_path))
    assert done.exit_code == 1
    assert "Shut out of a service" in done.stdout
    assert "the page could not be drawn (RuntimeError: no pen)" in done.stderr
    assert len(list(tmp_path.glob("*/comparison.json"))) == 1
