"""The gallery in the docs holds every chart, with its finding, its run and its numbers."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from xml.etree import ElementTree

import polars as pl
import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "lab"))
import fake_run

from glasstown.lab.charts import CHARTS, charts
from glasstown.lab.comparison.charts import HEADINGS
from glasstown.surfaces.gallery import SOURCES, Drawn, chosen, written

ROOT = Path(__file__).parents[2]
GALLERY = ROOT / "docs" / "gallery"
LARGEST, ALL_TOGETHER = 60_000, 1_500_000
KEYS = [kind.key for kind in CHARTS] + [f"compare-{key}" for key in HEADINGS]


@pytest.fixture(scope="module")
def index() -> str:
    return (GALLERY / "README.md").read_text("utf-8")


@pytest.mark.parametrize("key", KEYS)
def test_every_chart_is_there_with_its_finding_its_run_and_its_numbers(key, index):
    found = re.search(
        rf"!\[(.+)\]\({key}\.svg\)\n\n(.+)\n\n`{key}` · from \[(.+?)\]\(#(.+?)\)", index
    )
    assert found, key
    finding, said, source, anchor = found.groups()
    assert finding == said
    assert re.search(r"\d", finding)
    assert finding.endswith(".")
    assert source == anchor
    assert f"### {source}\n" in index
    svg = (GALLERY / f"{key}.svg").read_text("utf-8")
    assert ElementTree.fromstring(svg).tag.endswith("svg")
    assert len(svg.encode()) < LARGEST
    assert finding.split()[0] in svg, "the drawing has the finding as its title"
    assert pl.read_csv(GALLERY / "data" / f"{key}.csv", infer_schema_length=None).height > 0


def test_the_gallery_is_small_and_holds_nothing_else(index):
    files = [one for one in GALLERY.rglob("*") if one.is_file()]
    assert sum(one.stat().st_size for one in files) < ALL_TOGETHER
    known = {f"{key}.svg" for key in KEYS} | {f"{key}.csv" for key in KEYS}
    assert {one.name for one in files} == known | {"README.md", "total.yaml"}
    assert "A synthetic society, not a prediction" in index


def test_every_source_is_named_by_its_command_and_a_digest(index):
    for one in SOURCES:
        section = index.split(f"### {one.name}\n")[1].split("###")[0]
        assert one.command in section
        assert re.search(r"`[0-9a-f]{64}`", section)


def test_a_gallery_takes_each_chart_from_the_first_run_that_has_it(tmp_path):
    first, second = SOURCES[1:3]
    made = {
        first.name: Drawn(_charts("court-list", 20), {"court-list": "1" * 64}),
        second.name: Drawn(_charts("open", 20), {"open": "2" * 64}),
    }
    pieces = {one.key: one.source for one in chosen(made, (first, second))}
    assert pieces["excluded"] == first.name
    assert pieces["members"] == second.name
    assert pieces["speech"] == first.name
    text = written(tmp_path, made, (first, second)).read_text("utf-8")
    assert text.count("![") == len(pieces) == len(list(tmp_path.glob("*.svg")))
    assert made[first.name].charts["excluded"].finding in text
    assert "1" * 64 in text


def _charts(name: str, weeks: int):
    return charts(fake_run.weekly(name, weeks), fake_run.manifest(name, weeks), 720)
