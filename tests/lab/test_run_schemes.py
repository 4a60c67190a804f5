"""Runs of every shipped scheme, of a voluntary one, and of several at once: what they write."""

from __future__ import annotations

import polars as pl
import pytest

import glasstown as gt
from glasstown.lab.tallies import Tallies
from glasstown.scheme.loading import SHIPPED

CITIZENS = 5_000


def test_members_and_notices_agree_with_the_tallies(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr("glasstown.lab.biographies.Biographies.__init__.__defaults__", (CITIZENS,))
    run = gt.run("rongcheng-2021", citizens=CITIZENS, weeks=26, out=tmp_path, report=False, seed=2)
    for week in (13, 26):
        lives = run.citizens.filter(pl.col("week") == week)
        table = run.weekly.filter(pl.col("week") == week)
        assert lives["is_enrolled"].sum() == table["enrolled"].sum()
        assert lives["noticed"].is_not_null().sum() == table["noticed"].sum()
    assert 0 < lives["is_enrolled"].sum() < table["adults"].sum()
    lists = {one["name"] for one in run.manifest["scheme"]["lists"]}
    assert set(run.citizens["noticed"].drop_nulls()) <= lists
    assert run.weekly["noticed"].sum() > 0, "somebody has notice in some week"


def test_a_rollout_is_written_as_it_was(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr("glasstown.lab.biographies.Biographies.__init__.__defaults__", (CITIZENS,))
    run = gt.run(
        {"scheme": "total-2020", "weeks": 26, "spark": ["2014-05-01"],
         "society": {"citizens": CITIZENS},
         "rollout": [
             {"since": "2014-02-01", "regions": ["Henan", "Hubei"], "scheme": "suining-2010"},
             {"since": "2014-04-01", "regions": ["Hubei"]},
             {"since": "2019-01-01", "scheme": "reform"}]},
        out=tmp_path,
    )  # fmt: skip
    first = run.citizens.filter(pl.col("week") == 0)
    assert first["score"].null_count() == first.height, "no scheme was in force yet"
    last = run.citizens.filter((pl.col("week") == 26) & pl.col("stance").is_not_null())
    by_region = {
        region: (rows["score"].mean(), rows["is_enrolled"].all())
        for (region,), rows in last.group_by("region")
    }
    assert by_region["Henan"][0] > 900
    assert 90 < by_region["Hubei"][0] < 110
    assert by_region["Hebei"] == (None, False)
    table = run.weekly.filter(pl.col("week") == 26)
    assert last["is_enrolled"].sum() == table["enrolled"].sum()
    tallies = Tallies(run.weekly, run.manifest)
    under = {one.label: one.country["week"].to_list() for one in tallies.tenures}
    assert under == {
        "none": list(range(1, 27)), "suining-2010": list(range(6, 27)),
        "total-2020": list(range(14, 27)),
    }  # fmt: skip
    assert sum(one.country["adults"].sum() for one in tallies.tenures) == run.weekly["adults"].sum()
    gathered = run.weekly.group_by("week").agg(pl.col("gathered").sum())
    assert gathered.filter(pl.col("gathered") > 0)["week"].to_list() == [19]
    assert "1 phase had not begun by the end: since 2019-01-01." in run.manifest["warnings"]
    assert "A rollout in 3 phases" in (run.folder / "report.html").read_text("utf-8")


@pytest.mark.parametrize("name", SHIPPED)
def test_every_shipped_scheme_has_a_report(name, tmp_path) -> None:
    run = gt.run(name, citizens=2_000, weeks=12, out=tmp_path)
    assert run.findings()
    assert "<h1>" in (run.folder / "report.html").read_text("utf-8")
