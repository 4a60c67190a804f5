"""Findings on who takes part: phases, members, gatherings, and posts that are hidden."""

from __future__ import annotations

import sys
from pathlib import Path

import polars as pl
import pytest

sys.path.insert(0, str(Path(__file__).parent))
import fake_run

from glasstown.lab.findings import findings
from glasstown.lab.wording import counted


def told(weekly: pl.DataFrame, name: str = "total") -> dict[str, str]:
    """Sentences by measure, the first of each."""
    found = findings(weekly, fake_run.manifest(name, weekly["week"].max()))
    return {one.measure: one.sentence for one in reversed(found)}


def changed(weekly: pl.DataFrame, **columns) -> pl.DataFrame:
    return weekly.with_columns(**columns)


@pytest.fixture(scope="module")
def total() -> pl.DataFrame:
    return fake_run.weekly("total", 120)


def test_of_many_gatherings_the_largest_and_the_smallest_are_told(total):
    weekly = changed(total, gathered=pl.col("week") * 10)
    manifest = fake_run.manifest("total", 120)
    manifest["scenario"]["spark"] = [f"2014-0{month}-01" for month in range(1, 8)] + ["2030-01-01"]
    (said,) = [one for one in findings(weekly, manifest) if one.measure == "gathered"]
    rows = 10 * weekly.filter(week=27).height
    assert f"the largest was joined by {counted(27 * rows)} adults" in said.sentence
    assert "In 7 weeks a gathering might form" in said.sentence
    assert "(week 1, 5 January 2014)" in said.sentence


def test_a_gathering_that_nobody_joins_is_said(total):
    weekly = changed(total, gathered=pl.lit(0))
    assert told(weekly)["gathered"] == (
        "When a gathering might form, it was joined by nobody in week 2 (12 January 2014)."
    )


def test_a_stale_hidden_post_is_no_platforms_doing():
    weekly = changed(fake_run.weekly("none", 9), posts_hidden=pl.lit(3))
    assert "posts_hidden" not in told(weekly, "none")


def test_members_alone_make_the_mean_of_a_voluntary_scheme():
    weekly = fake_run.weekly("open", 60)
    sentences, last = told(weekly, "open"), weekly.filter(week=60)
    members, outside = last["enrolled"].sum(), (last["adults"] - last["enrolled"]).sum()
    mean = (last["score_sum"].sum() - 100 * outside) / members
    assert f"the {counted(members)} members was {mean:.1f}" in sentences["score_sum"]
    assert f"{counted(members)} of {counted(members + outside)} adults" in sentences["enrolled"]
    joined, left = weekly["joined_scheme"].sum(), weekly["left_scheme"].sum()
    assert joined - left == members, "the fake adds up"
    assert f"joined {counted(joined)} times and left {counted(left)}" in sentences["enrolled"]
    empty = changed(weekly, enrolled=pl.lit(0), score_sum=100.0 * pl.col("adults"))
    assert told(empty, "open")["score_sum"].endswith("at the end nobody took part.")
    mandatory = fake_run.manifest("open", 60)
    mandatory["scenario"]["without"] = ["participation"]
    assert (
        "Everybody started"
        in {one.measure: one.sentence for one in findings(weekly, mandatory)}["score_sum"]
    )


def test_a_rollout_names_its_phases_and_keeps_scores_apart():
    weekly, manifest = fake_run.staged(40)
    sentences = {one.measure: one.sentence for one in reversed(findings(weekly, manifest))}
    rollout = sentences["points_won_rollout"]
    for words in (
        "total in Beijing and Hebei from week 6 (since 1 February 2014)",
        "open in Henan from week 10 (since 1 March 2014)",
        "none in Hebei from week 23 (since 1 June 2014)",
    ):
        assert words in rollout
    assert "court-list" not in rollout, "the scenario's own scheme held nowhere"
    score = sentences["score_sum"]
    beijing = weekly.filter((pl.col("week") == 40) & (pl.col("region") == "Beijing"))
    mean = beijing["score_sum"].sum() / beijing["adults"].sum()
    assert score.startswith("Under total (Beijing) everybody started with 100 points; ")
    assert f"at the end the mean score of adults was {mean:.1f}" in score
    assert "Under open (Henan) members started" in score
    assert "The schemes made" in sentences["records_wrong"]
    moved = changed(weekly, points_won_rollout=pl.lit(2.0))
    again = {one.measure: one.sentence for one in findings(moved, manifest)}
    assert f"which moved {counted(2 * weekly.height)} points" in again["points_won_rollout"]


def test_a_phase_that_has_not_begun_is_said_so():
    weekly, manifest = fake_run.staged(40)
    early = weekly.filter(pl.col("week") <= 12)
    sentences = {one.measure: one.sentence for one in findings(early, manifest)}
    assert sentences["points_won_rollout"].endswith("1 later phase had not begun by the end.")
    before = {one.measure: one.sentence for one in findings(weekly.filter(week=1), manifest)}
    assert "no scheme was in force" in before["points_won_rollout"]
    assert before["score_sum"] == "This scheme keeps no score."
