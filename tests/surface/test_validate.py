"""The validation's page and tables: everything is on them, nothing is fetched, misfits are seen."""

from __future__ import annotations

import datetime as dt
import io
import json
import re

import numpy as np
import polars as pl
import pytest
from rich.console import Console
from test_report import Page
from typer.testing import CliRunner

from glasstown.lab.validation import record
from glasstown.lab.validation.rows import Row, judged
from glasstown.lab.validation.validation import Validation
from glasstown.surfaces import cli, validating
from glasstown.surfaces.validation_page import between, number, write_page

CITIZENS = 300_000


def rows() -> tuple[Row, ...]:
    """Return every claim on the record, met but for the exits, and rows of the other parts."""
    made = []
    for place, one in enumerate(record.records()):
        claim = one.claim
        factor = CITIZENS / 1_409_778_724 if claim.is_count else 1.0
        off = 3.0 if claim.target.id == "N06" else 1.0
        value = claim.target.value * factor * off
        made.append(judged(claim, [0.99 * value, 1.01 * value * (1 + place / 1e4)], CITIZENS))
    line = made[0]._replace(part="b", id="F14", kind="prediction", low=None, high=None)
    return (
        *made, line, line._replace(part="c", id="T13", published="falls", expected="falls",
                                   what="<script>alert(1)</script>", kind="direction"),
        line._replace(part="d", id="T1", published=100.0, expected=100.0, ours=100.0, kind="exact",
                      verdict="exact", scaled="not scaled"),
    )  # fmt: skip


@pytest.fixture(scope="module")
def found() -> Validation:
    ends = [record.START + dt.timedelta(days=7 * week + 6) for week in range(record.WEEKS)]
    frames = [
        pl.DataFrame({
            "series": [path.name] * len(ends), "date": ends,
            "mean": np.linspace(0, 900, len(ends)), "least": np.linspace(0, 850, len(ends)),
            "largest": np.linspace(0, 950, len(ends)),
        })
        for path in record.PATHS
    ]  # fmt: skip
    return Validation(rows(), pl.concat(frames), CITIZENS, 6, 2)


@pytest.fixture(scope="module")
def text(found, tmp_path_factory) -> str:
    path = write_page(found, tmp_path_factory.mktemp("page") / "below" / "validation.html")
    assert [one.name for one in path.parent.iterdir()] == ["validation.html"]
    return path.read_text("utf-8")


def test_nothing_is_fetched(text):
    page = Page(text)
    for load in page.loads:
        assert load.startswith(("data:", "#")) or ("url(" not in load and ":" not in load[:8]), load
    assert not re.search(r"(src|href|srcset|action)\s*=\s*[\"']?\s*(https?:)?//", text)
    assert not {"script", "iframe", "object", "embed", "base", "form"} & set(page.tags)
    assert "default-src 'none'" in text
    assert page.open == []
    assert len(page.identifiers) == len(set(page.identifiers))


def test_everything_is_on_the_page(text, found):
    assert text.index("not a prediction") < text.index("<h1>")
    for row in found.rows:
        assert f'<th scope="row">{row.id}</th>' in text, row.id
    assert text.count("<figure>") == 6  # no number in part c of these rows
    assert "glasstown validate --citizens 300000 --seeds 6 --seed 2" in text
    assert "1:4700" in text
    assert "glasstown calibrate court-list --citizens" in text
    assert '<th scope="row">flight_concentration</th>' in text
    assert "<script>alert" not in text


def test_a_misfit_is_told_first_with_what_it_means(text, found):
    assert [row.id for row in found.misfits()] == ["N06"]
    told = text.split('id="misfits"')[1].split("</section>")[0]
    assert "cleared in bulk" in told
    assert '<span class="misfit">misfit</span>' in text


def test_the_charts_say_their_numbers(text):
    assert "published 2,717 at this scale (1:4700)" in text
    assert re.search(r"Of \d+ numbers \d+ hold and 1 is a misfit", text)


def test_numbers_and_intervals_are_written_plainly(found):
    assert number(9_590_000) == "9,590,000"
    assert between(found.rows[0]).count(" to ") == 1
    assert between(found.rows[-1]) == ""


def test_the_table_marks_misfits(found):
    console = Console(width=160, record=True, file=io.StringIO())
    console.print(validating.rows_table(list(found.rows)))
    printed = console.export_text()
    assert re.search(r"N06 .*3\.0\d misfit \(prediction\)", printed)
    assert printed.count("within (calibrated)") == 8


def test_the_command_prints_a_table_or_json(found, tmp_path, monkeypatch):
    from glasstown.lab.validation import validation

    asked = {}
    monkeypatch.setattr(validation, "validate", lambda **given: asked.update(given) or found)
    page = tmp_path / "v.html"
    given = ["validate", "--citizens", "300_000", "--seeds", "6", "--out", str(page)]
    done = CliRunner().invoke(cli.app, given)
    assert done.exit_code == 0, done.output
    assert (asked["citizens"], asked["seeds"], asked["seed"]) == (300_000, 6, 2)
    assert "1 misfit:" in done.stdout
    assert page.is_file()
    done = CliRunner().invoke(cli.app, [*given, "--json"])
    data = json.loads(done.stdout)
    assert len(data["rows"]) == len(found.rows)
    assert data["rows"][0]["ratio"] == pytest.approx(1, abs=0.01)


def test_too_few_seeds_and_too_small_countries_are_told(tmp_path):
    out = ["--out", str(tmp_path / "v.html")]
    done = CliRunner().invoke(cli.app, ["validate", "--seeds", "1", *out])
    assert done.exit_code == 2
    assert "seeds: at least 2" in done.stderr
    done = CliRunner().invoke(cli.app, ["validate", "--citizens", "5_000", *out])
    assert done.exit_code == 2
    assert "citizens: at least 10_000" in done.stderr
    assert not (tmp_path / "v.html").exists()


@pytest.mark.parametrize("command", [["validate"], ["calibrate", "court-list"]])
def test_what_cannot_be_run_is_told_before_it_is(command, tmp_path):
    out = ["--out", str(tmp_path / "out.html")]
    for given, words in (
        (["--seed", "-1"], "seed: must be a whole number from 0"),
        (["--citizens", "3_000_000_000"], "citizens: must be a whole number from"),
        (["--seeds", "many"], "must be a whole number such as"),
    ):
        done = CliRunner().invoke(cli.app, [*command, *given, *out])
        assert done.exit_code == 2, given
        assert words in done.stderr
        assert "seed 1 of" not in done.stderr


def test_a_country_that_does_not_fit_into_memory_is_told_before_it_is_run(tmp_path, monkeypatch):
    from glasstown.lab import room

    monkeypatch.setattr(room, "memory_available", lambda: 500_000_000)
    given = ["validate", "--citizens", "50_000_000", "--out", str(tmp_path / "v.html")]
    done = CliRunner().invoke(cli.app, given)
    assert done.exit_code == 2
    assert re.search(r"50_000_000 citizens need about [\d_]+ bytes of memory", done.stderr)


def test_a_place_that_cannot_be_written_is_told_before_the_work(tmp_path):
    (tmp_path / "file").write_text("", "utf-8")
    below = str(tmp_path / "file" / "below")
    page = f"{below}/v.html"
    for command in (["validate", "--out", page], ["calibrate", "court-list", "--out", below]):
        done = CliRunner().invoke(cli.app, command)
        assert done.exit_code == 2
        assert "can't write there" in done.stderr
        assert "loading" not in done.stderr
    done = CliRunner().invoke(cli.app, ["validate", "--out", str(tmp_path)])
    assert done.exit_code == 2
    assert "is a folder; give the file to write" in done.stderr
    done = CliRunner().invoke(cli.app, ["validate", "--out", str(tmp_path / "page")])
    assert done.exit_code == 2
    assert "must end in .html" in done.stderr


def test_a_stopped_validation_shows_what_was_finished(found, tmp_path, monkeypatch):
    from glasstown.lab.validation import validation

    rest = tuple(row for row in found.rows if row.part == "a")
    stopped = found._replace(rows=rest, is_complete=False)
    monkeypatch.setattr(validation, "validate", lambda **_: stopped)
    page = tmp_path / "v.html"
    done = CliRunner().invoke(cli.app, ["validate", "--out", str(page)])
    assert done.exit_code == 130
    assert "Stopped before the end" in done.stdout
    assert done.stdout.count("not run") == 3
    assert "Stopped before the end" in page.read_text("utf-8")


def test_a_scheme_that_cannot_be_calibrated_is_told():
    done = CliRunner().invoke(cli.app, ["calibrate", "sesame"])
    assert done.exit_code == 2
    assert "can be calibrated: court-list" in done.stderr
