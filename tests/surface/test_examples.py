"""The scenarios in docs/examples run in small to their end, and reports name what was in force."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

import glasstown as gt
from glasstown.lab.phases import dates_in_words
from glasstown.lab.scenario import load_scenario

FOLDER = Path(__file__).parents[2] / "docs" / "examples"
FILES = sorted(FOLDER.glob("*.yaml"))


def test_there_are_examples() -> None:
    assert "rollout.yaml" in [one.name for one in FILES]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_an_example_runs_to_its_end(file: Path, tmp_path: Path) -> None:
    scenario = load_scenario(file)
    run = gt.run(file, citizens=2_000, out=tmp_path)
    assert run.is_complete
    sentences = " ".join(one.sentence for one in run.findings())
    dates = dates_in_words(scenario)
    for words in dates.phases:
        assert words in sentences
    gathered = run.weekly.filter(run.weekly["gathered"] > 0)["week"].unique()
    assert gathered.len() <= len(dates.sparks)
    page = (run.folder / "report.html").read_text("utf-8")
    for phase in scenario.rollout:
        scheme = phase.scheme or scenario.scheme
        assert f"<code>{scheme.name}</code>" in page
    left_out = [f"<code>{name}</code>" for name in scenario.without]
    assert all(name in page for name in left_out)


def test_the_readme_shows_the_example_that_is_there() -> None:
    """The short rollout in the README loads, and its phases are among those of the file."""
    readme = (FOLDER.parents[1] / "README.md").read_text("utf-8")
    text = readme.split("```yaml\n")[1].split("```")[0]
    shown = load_scenario(yaml.safe_load(text))
    whole = load_scenario(FOLDER / "rollout.yaml")
    assert shown.spark == whole.spark
    assert all(phase in whole.rollout for phase in shown.rollout)
