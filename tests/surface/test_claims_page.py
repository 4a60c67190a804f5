"""The claims' page and command: everything is on it, nothing is fetched, failures are seen."""

from __future__ import annotations

import io
import json
import re

import pytest
from rich.console import Console
from test_report import Page
from tested_claims import fakes, use_small
from typer.testing import CliRunner

from glasstown.lab.claims import testing
from glasstown.lab.claims.catalogue import catalogue
from glasstown.surfaces import claiming, cli
from glasstown.surfaces.claims_page import write_page


@pytest.fixture(scope="module")
def text(tmp_path_factory) -> str:
    path = write_page(fakes(), tmp_path_factory.mktemp("page") / "below" / "claims.html")
    assert [one.name for one in path.parent.iterdir()] == ["claims.html"]
    return path.read_text("utf-8")


def called(*words: str):
    return CliRunner().invoke(cli.app, ["claims", *words])


def test_nothing_is_fetched(text):
    page = Page(text)
    for load in page.loads:
        assert (
            load.startswith(("data:", "#", "https://example.org/paper"))
            or ":" in load[:8]
            or ("url(" not in load)
        ), load
    assert not re.search(r"(src|srcset|action)\s*=\s*[\"']?\s*(https?:)?//", text)
    assert re.findall(r'href="(http[^"]*)"', text) == ["https://example.org/paper"]
    assert not {"script", "iframe", "object", "embed", "base", "form", "img"} & set(page.tags)
    assert "default-src 'none'" in text
    assert page.open == []
    assert len(page.identifiers) == len(set(page.identifiers))


def test_everything_is_on_the_page(text):
    assert text.index("not a prediction") < text.index("<h1>")
    summary = text.split('id="summary"')[1].split("</table>")[0]
    for one in fakes().tested:
        name = one.claim.name
        assert f'href="#{name}"' in summary
        assert f'<h2 id="{name}">' in text
        for words in (one.claim.said_by, one.claim.did, one.claim.takes_for_granted):
            assert words in text
    assert 'class="badge holds"' in summary
    assert "not measured" in summary
    assert "does not hold at 0" in summary
    assert "Critics are 20.0 percentage points fewer." in summary
    assert "−22.5 to −17.5 percentage points" in summary
    assert "It can be &lt;ended&gt;." in text
    assert "<ended>" not in text
    assert "glasstown claims --citizens 5000 --seeds 3 --seed 7" in text
    assert text.count("<svg") == 2


def test_members_that_failed_are_told_together(text):
    assert "as tested, seed 1, 3: no luck &lt;here&gt;" in text


def test_the_numbers_of_a_chart_stand_beside_it(text):
    numbers = text.split('aria-label="Numbers: Speech falls."')[1].split("</table>")[0]
    assert re.search(r'row">0</th><td>11.0 percentage points</td>', numbers)
    assert '<th scope="row">32 (as tested)</th>' in numbers


def test_the_table_says_verdicts():
    console = Console(width=140, record=True, file=io.StringIO())
    console.print(claiming.verdict_table(fakes()))
    printed = console.export_text()
    assert re.search(
        r"Speech falls\. +✓ holds +−20\.0 pp +−22\.5 to −17\.5 pp +below 0 pp", printed
    )
    assert re.search(r"– not measured", printed)


def test_the_command_tests_writes_and_prints(tmp_path, monkeypatch):
    use_small(monkeypatch)
    out = tmp_path / "out"
    given = ["--only", "it_ends", "--citizens", "5_000", "--seeds", "2", "--out", str(out)]
    done = called(*given)
    assert done.exit_code == 0, done.output
    assert "A synthetic society, not a prediction." in done.stdout
    assert "1 claim: holds: 1." in done.stdout
    assert sorted(one.name for one in out.iterdir()) == [
        "claims.html", "claims.json", "values.jsonl",
    ]  # fmt: skip
    again = called(*given, "--json")
    data = json.loads(again.stdout)
    assert data == json.loads((out / "claims.json").read_text("utf-8"))
    assert data["claims"][0]["result"]["verdict"] == "holds"


def test_the_list_runs_nothing(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(testing, "claims", None)
    done = called("--list")
    assert done.exit_code == 0
    for one in catalogue():
        assert one.name in done.stdout
    assert list(tmp_path.iterdir()) == []
    data = json.loads(called("--list", "--json", "--only", "cash_refuge").stdout)
    assert [one["name"] for one in data] == ["cash_refuge"]
    assert data[0]["holds"]["bound"] == 0.1


def test_a_stop_is_told_with_what_is_kept(tmp_path, monkeypatch):
    def stopped(**_):
        (tmp_path / "values.jsonl").write_text("")
        raise KeyboardInterrupt("3 of 8 members are finished")

    monkeypatch.setattr(testing, "claims", stopped)
    done = called("--out", str(tmp_path))
    assert done.exit_code == 130
    assert "3 of 8 members are finished; they are kept in" in done.stderr
    assert "same command goes on" in done.stderr


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (["--only", "cash_refug"], "Did you mean 'cash_refuge'?"),
        (["--list", "--only", "x"], "there is no claim 'x'"),
        (["--citizens", "3"], "citizens: from 5_000"),
        (["--citizens", "many"], "must be a whole number"),
        (["--seeds", "1"], "seeds: from 2 to 100"),
    ],
)
def test_bad_input_is_told(given, words, tmp_path):
    done = called(*given, "--out", str(tmp_path / "out"))
    assert done.exit_code == 2
    assert words in re.sub(r"\s+", " ", done.stderr.replace("│", " "))
    assert not (tmp_path / "out").exists()
