"""The report is one file that fetches nothing, escapes everything and says what it must."""

from __future__ import annotations

import base64
import html
import json
import re
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest
import yaml

sys.path.insert(0, str(Path(__file__).parents[1] / "lab"))
import fake_run

from glasstown.lab.charts import CHARTS
from glasstown.lab.scenario import load_scenario, scenario_hash
from glasstown.scheme.declaration import Scheme
from glasstown.scheme.loading import SHIPPED, load_scheme
from glasstown.scheme.mechanisms import MECHANISMS
from glasstown.society.declaration import Society
from glasstown.surfaces import report
from glasstown.surfaces.drawing import drawn
from glasstown.surfaces.report import write_report
from glasstown.surfaces.settings import counts, settings

VOID = {"meta", "link", "br", "hr", "img", "input"}
LOADING = {"src", "srcset", "href", "xlink:href", "data", "action", "poster", "style"}


class Page(HTMLParser):
    """What a browser would load, and whether every element is closed."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.loads: list[str] = []
        self.tags: list[str] = []
        self.open: list[str] = []
        self.identifiers: list[str] = []
        self.labels: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.loads += [value or "" for name, value in attrs if name in LOADING]
        self.identifiers += [value for name, value in attrs if name == "id"]
        self.labels += [value for name, value in attrs if name == "aria-label"]
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


@pytest.fixture(scope="module")
def text(tmp_path_factory) -> str:
    folder = fake_run.folder(
        tmp_path_factory.mktemp("run"), "total", 60, groups=("rest", "minority"),
        warnings=["rule <script>alert(1)</script> never fired"],
    )  # fmt: skip
    path = write_report(folder)
    assert path == folder / "report.html"
    assert sorted(one.name for one in folder.iterdir()) == [
        "manifest.json", "report.html", "weekly.parquet",
    ]  # fmt: skip
    return path.read_text("utf-8")


@pytest.fixture(scope="module")
def page(text) -> Page:
    return Page(text)


def test_nothing_is_fetched(text, page):
    for load in page.loads:
        assert load.startswith(("data:", "#")) or ("url(" not in load and ":" not in load[:8]), load
    assert not re.search(r"(src|href|srcset|action)\s*=\s*[\"']?\s*(https?:)?//", text)
    assert not re.search(r"url\(\s*[\"']?(https?:)?//|@import", text)
    assert not {"script", "iframe", "object", "embed", "base", "form"} & set(page.tags)
    assert "default-src 'none'" in text


def test_the_page_is_well_formed(page):
    assert page.open == []
    assert len(page.identifiers) == len(set(page.identifiers))
    assert page.tags.count("h1") == 1


def test_the_label_and_the_scale_come_first(text):
    body = text.split("<body>")[1]
    assert body.index("synthetic society, not a prediction") < body.index("<h1>")
    assert body.index("1:1410") < body.index("<h1>")
    assert "<title>total" in text


def test_everything_of_the_run_is_escaped(text):
    assert "<script>" not in text
    assert "&lt;script&gt;alert(1)" in text


def test_each_chart_has_words_numbers_and_two_widths(text, page):
    count = text.count("<figure>")
    assert count == len(CHARTS) - 1, "all but that of members: nobody may stay out"
    assert page.tags.count("svg") == 2 * count
    charts = [label for label in page.labels if label.startswith("Chart: ")]
    assert len(charts) == count
    assert all(label.endswith(".") and re.search(r"\d", label) for label in charts)
    links = re.findall(
        r'download="\w+\.csv" href="data:text/csv;charset=utf-8;base64,([^"]+)"', text
    )
    assert len(links) == count
    csv = base64.b64decode(links[0]).decode().splitlines()
    assert csv[0].startswith("week,date,own deeds")
    assert len(csv) == 61


def test_the_findings_are_on_the_page(text):
    assert 'data-measure="excluded"' in text
    assert re.search(r"At the end of week 60 \(22 February 2015\) [\d,]+ of [\d,]+ adults", text)


def test_settings_carry_unit_source_and_confidence(text):
    assert "conformity" in text
    assert "Granovetter 1978; Kuran 1991; size unknown" in text
    assert "rules[jaywalking].points" in text
    assert "are assumed</strong>" in text


def test_the_box_says_how_to_run_it_again(text):
    for value in ("aaa111", "bbb222", "ccc333", "glasstown run scenario.yaml", "numpy 2.4.6"):
        assert value in text
    found = re.search(r'download="scenario.yaml" href="data:[^,]+,([^"]+)"', text)
    scenario = yaml.safe_load(base64.b64decode(found[1]))
    assert scenario["seed"] == 7
    assert Scheme.model_validate(scenario["scheme"]).rules[0].points == -5


def test_mechanisms_stand_with_their_origin(text):
    for one in MECHANISMS:
        assert f"<code>{one.name}</code>" in text
        assert html.escape(one.origin, quote=False) in html.unescape(text)
    assert "the scenario names none" in text, "it has no rollout"
    assert "not in this scheme" in text


@pytest.fixture(scope="module")
def staged(tmp_path_factory) -> str:
    folder = tmp_path_factory.mktemp("staged")
    weekly, manifest = fake_run.staged(40)
    weekly.write_parquet(folder / "weekly.parquet")
    (folder / "manifest.json").write_text(json.dumps(manifest), "utf-8")
    return write_report(folder).read_text("utf-8")


def test_a_rollout_is_headed_by_what_was_in_force(staged):
    assert Page(staged).open == []
    assert "<h1>A rollout in 3 phases</h1>" in staged
    assert "<h1>court-list" not in staged, "the scenario's own scheme held nowhere"
    head = staged.split("</header>")[0]
    assert "total (total)" in head
    assert "open (open)" in head
    assert "court-list" not in head
    assert "What was in force where and when" in staged
    assert "its scheme held at the end in 1 of 2 regions" in staged
    assert "its scheme held at the end in 1 of 1 region" in staged
    assert "under the schemes, in one synthetic society" in staged
    for label in ("total", "open", "none"):
        assert f"The scheme <code>{label}</code>: " in staged


def test_mechanisms_of_several_schemes_name_theirs(staged):
    row = re.search(r"<code>participation</code></th>.*?</tr>", staged, re.DOTALL)
    assert row is not None
    assert "<td>in open</td>" in row[0]


def test_a_rollout_can_be_run_again_from_its_report(tmp_path):
    """The scenario that a report holds is the scenario that was run, every scheme in full."""
    given = {
        "scheme": "total-2020", "spark": ["2018-05-01"],
        "rollout": [{"since": "2015-01-01", "regions": ["Hainan"], "scheme": "rongcheng-2021"},
                    {"since": "2016-01-01"}],
    }  # fmt: skip
    scenario = load_scenario(given)
    data = scenario.model_dump(mode="json")
    text = report.reproduction({"scenario": data, "scheme": data["scheme"]})["scenario"]
    (tmp_path / "again.yaml").write_text(text, "utf-8")
    assert scenario_hash(load_scenario(tmp_path / "again.yaml")) == scenario_hash(scenario)


@pytest.mark.parametrize("name", SHIPPED)
def test_every_setting_of_a_shipped_scheme_is_known_by_its_line(name):
    rows = settings(Scheme, load_scheme(name).model_dump(mode="json"))
    plain = ("participation", "low_tier", "cash_ends")
    for row in rows:
        assert row.confidence or row.key in plain, row.key
        assert "{" not in row.value, row.key


def test_dated_coverage_is_said_with_its_dates():
    rows = {row.key: row for row in
            settings(Scheme, load_scheme("total-2020").model_dump(mode="json"))}  # fmt: skip
    assert rows["channels.camera.urban"].value.startswith("0.15 on 2014-01-01, ")
    assert rows["platforms.microblog.hides_mobilisation"].confidence == "assumed"


def test_what_is_left_out_is_said(tmp_path):
    scenario = fake_run.manifest("none", 9)["scenario"] | {"without": ["friends"]}
    folder = fake_run.folder(tmp_path, "none", 5, scenario=scenario, complete=False, weeks_done=5)
    text = write_report(folder).read_text("utf-8")
    assert "Points are lost for low friends." in text
    assert "This run is not complete." in text
    assert "stopped after week 5 of 9" in text


def test_a_failure_leaves_the_old_report_and_no_rest(tmp_path, monkeypatch):
    folder = fake_run.folder(tmp_path, "none", 5)
    (folder / "report.html").write_text("old", "utf-8")
    monkeypatch.setattr(report, "report_figures", lambda _: {})
    monkeypatch.setattr(report.os, "replace", _broken)
    with pytest.raises(OSError, match="disk"):
        write_report(folder)
    assert (folder / "report.html").read_text("utf-8") == "old"
    assert not list(folder.glob(".report-*"))


def _broken(*_):
    raise OSError("disk")


def test_a_drawing_that_fails_says_why():
    with pytest.raises(RuntimeError, match="charts could not be drawn"):
        drawn([{"mark": {"type": "nonsense"}, "data": {"url": "https://example.org/a.csv"}}])


def test_settings_of_a_scheme_know_their_line():
    rows = {row.key: row for row in settings(Scheme, fake_run.scheme("total"))}
    rule = rows["rules[jaywalking].points"]
    assert (rule.value, rule.unit, rule.source, rule.confidence) == (
        "-5", "points", "test", "reported",
    )  # fmt: skip
    assert rows["channels.camera.urban"].unit == "share"
    assert "name" not in rows
    assert not any(key.endswith((".source", ".confidence")) for key in rows)


def test_settings_of_a_society_know_what_was_changed():
    values = Society(conformity=3.0).model_dump(mode="json")
    rows = {row.key: row for row in settings(Society, values)}
    assert not rows["conformity"].is_default
    assert rows["conformity"].source == "this scenario"
    assert rows["caution_half_life_weeks"].is_default
    assert "Penney 2016" in rows["caution_half_life_weeks"].source


def test_settings_are_counted_by_confidence():
    rows = settings(Scheme, fake_run.scheme("total"))
    assert counts(rows)["reported"] == sum(row.confidence == "reported" for row in rows) > 0
