"""The dossier's page and command: everything is on it, nothing is fetched, errors are told."""

from __future__ import annotations

import json
import re

import assessed
import pytest
from test_report import Page
from typer.testing import CliRunner

import glasstown as gt
from glasstown.lab.assessment.headings import LIMITS
from glasstown.lab.progress import Silent
from glasstown.surfaces import cli
from glasstown.surfaces.assessment_page import write_page


@pytest.fixture(scope="module")
def found():
    scheme = assessed.scheme(title="A <b>bold</b> scheme")
    return gt.assess(assessed.scenario(scheme=scheme), seeds=2, weeks=20, progress=Silent())


@pytest.fixture(scope="module")
def text(found, tmp_path_factory) -> str:
    path = write_page(found, tmp_path_factory.mktemp("page") / "below" / "assessment.html")
    assert [one.name for one in path.parent.iterdir()] == ["assessment.html"]
    return path.read_text("utf-8")


def test_nothing_is_fetched_and_all_is_escaped(text):
    page = Page(text)
    for load in page.loads:
        assert load.startswith(("data:", "#")) or ("url(" not in load and ":" not in load[:8]), load
    assert not re.search(r"(src|href|srcset|action)\s*=\s*[\"']?\s*(https?:)?//", text)
    assert not {"script", "iframe", "object", "embed", "base", "form"} & set(page.tags)
    assert page.open == []
    assert len(page.identifiers) == len(set(page.identifiers))
    assert "<b>bold" not in text
    assert "A &lt;b&gt;bold&lt;/b&gt; scheme" in text


def test_everything_is_on_the_page(text, found):
    plain = text.replace("&#39;", "'").replace("&#34;", '"').replace("&gt;", ">")
    plain = plain.replace("&lt;", "<")
    assert plain.index("not a prediction") < plain.index("<h1>")
    assert "no legal verdict" in plain
    for section in found.sections:
        assert f'id="{section.key}"' in plain
        for sentence in section.sentences:
            assert sentence in plain
        for table in section.tables:
            assert table.caption in plain
    for limit in LIMITS:
        assert limit in plain
    assert plain.count("<figure>") >= 6
    assert found.command in plain


def called(*words: object):
    return CliRunner().invoke(cli.app, [str(word) for word in words])


def test_the_command_prints_sentences_and_writes_page_and_json(tmp_path):
    file = tmp_path / "mine.yaml"
    given = assessed.scenario(society={"citizens": 2_000}, weeks=8)
    file.write_text(json.dumps(given), "utf-8")
    result = called("assess", file, "--seeds", 2, "--out", tmp_path / "out")
    assert result.exit_code == 0, result.stderr
    squeezed = " ".join(result.stdout.split())
    assert "A synthetic society, not a prediction." in squeezed
    assert "no legal verdict" in squeezed
    assert "2_000 citizens" in squeezed
    (folder,) = (tmp_path / "out").iterdir()
    kept = {one.name for one in folder.iterdir()}
    assert kept == {"assessment.html", "assessment.json", "seeds.jsonl"}
    again = called("assess", file, "--seeds", 2, "--out", tmp_path / "out", "--json")
    data = json.loads(again.stdout)
    assert data == json.loads((folder / "assessment.json").read_text("utf-8"))
    assert "Page" in again.stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["total-2021"], "Did you mean 'total-2020'"),
        (["none", "--seeds", "1"], "seeds: at least 2"),
        (["none", "--citizens", "1_999"], "citizens: at least 2_000"),
        (["none", "--seeds", "many"], "must be a whole number"),
        (["missing.yaml"], "missing.yaml"),
    ],
)
def test_bad_input_is_told_without_a_traceback(words, said, tmp_path):
    result = called("assess", *words, "--out", tmp_path)
    assert result.exit_code == 2
    assert said in " ".join(result.stderr.split())
    assert "Traceback" not in result.stderr
