"""The command explain and its page: shares in words, tables and charts, nothing fetched."""

from __future__ import annotations

import json
import re
import sys
from collections import Counter
from pathlib import Path

import polars as pl
import pytest
from test_report import Page
from typer.testing import CliRunner, Result

sys.path.insert(0, str(Path(__file__).parents[1] / "lab"))
from worlds import world

from glasstown.engine.country import Country
from glasstown.lab.explanation.attribution import Attribution
from glasstown.lab.explanation.explaining import explain
from glasstown.lab.explanation.explanation import Explanation
from glasstown.lab.explanation.findings import (
    but_for_found,
    explanation_found,
    net_found,
    pair_found,
    shares_found,
    signed,
)
from glasstown.surfaces import cli


def called(*words: str) -> Result:
    return CliRunner().invoke(cli.app, list(words))


@pytest.fixture(scope="module")
def found() -> Explanation:
    return explain(world(), mechanisms=["friends", "misidentification", "speech"], seeds=2)


@pytest.fixture(scope="module")
def text(found, tmp_path_factory) -> str:
    folder = found.write(tmp_path_factory.mktemp("out"))
    assert sorted(one.name for one in folder.iterdir()) == [
        "citizens.parquet", "explanation.html", "explanation.json",
    ]  # fmt: skip
    assert pl.read_parquet(folder / "citizens.parquet").equals(found.citizens)
    return (folder / "explanation.html").read_text("utf-8")


def test_nothing_is_fetched_and_everything_is_closed(text) -> None:
    page = Page(text)
    for load in page.loads:
        assert load.startswith(("data:", "#")) or ("url(" not in load and ":" not in load[:8]), load
    assert not {"script", "iframe", "object", "embed", "base", "form"} & set(page.tags)
    assert page.open == []
    assert len(page.identifiers) == len(set(page.identifiers))
    body = text.split("<body>")[1]
    assert body.index("not a prediction") < body.index("<h1>")


def test_every_sentence_chart_and_table_is_there(text, found) -> None:
    unescaped = text.replace("&#39;", "'")
    for sentence in explanation_found(found):
        assert sentence in unescaped
    for key in ("shares", "ways", "decides", "net", "pairs"):
        assert f'id="chart-{key}"' in text
    assert text.count("<summary>All 8 worlds</summary>") == 4
    assert text.count("Shapley interaction index, adults a seed") == 4


def test_the_numbers_in_json_add_up_as_fractions(found) -> None:
    from fractions import Fraction

    for one in json.loads(json.dumps(found.as_data()))["outcomes"].values():
        parts = sum(Fraction(row["net_exact_over_seeds"]) for row in one["shares"])
        assert parts == one["total_effect"]["exact_over_seeds"]
        assert len(one["worlds"]) == 8


def test_sentences_say_what_pairs_do(found) -> None:
    pair = found.attributions["excluded"].pairs()[0]
    assert "do more together" in pair_found(pair._replace(exact=abs(pair.exact)))
    assert "do in part the same" in pair_found(pair._replace(exact=-abs(pair.exact)))
    assert "act each for itself" in pair_found(pair._replace(exact=pair.exact * 0))
    assert signed(-2.0) == "−2"


def test_sentences_leave_out_what_has_no_part() -> None:
    """Two citizens: one shut out by friends alone, one whatever is switched off."""
    friends_alone, always = 0b1010, 0b1111
    one = Attribution("excluded", ("friends", "speech"), (Counter({friends_alone: 1, always: 1}),),
                      (100,))  # fmt: skip
    assert shares_found(one, "x") == (
        "Under x 2 adults (2.0%) are shut out of a service at the end, 1 of them with friends and "
        "speech all switched off too; the other 1 is shared out: 1 to friends; nothing to speech."
    )
    assert but_for_found(one) == (
        "Switching off this one alone would spare so many of them: friends 1."
    )
    assert net_found(one) == (
        "With all of them on 1 adult more are shut out of a service than with all off (one seed: "
        "no interval): friends 1, which adds up exactly."
    )
    same = Attribution("excluded", ("friends", "speech"), (Counter({always: 3}),), (100,))
    assert but_for_found(same) == "Switching off one of these alone would spare none of them."
    assert (
        net_found(same) == "With all of them on as many are shut out of a service as with all off."
    )
    assert shares_found(same, "x").endswith("too: nothing is left to share out.")


def test_the_command_explains_keeps_and_goes_on(tmp_path) -> None:
    given = ["explain", "total-2020", "--mechanisms", "friends,household", "--citizens", "1_000",
             "--weeks", "4", "--seeds", "2", "--out", str(tmp_path)]  # fmt: skip
    done = called(*given)
    assert done.exit_code == 0, done.output
    assert "A synthetic society, not a prediction." in done.stdout
    assert "in the whole effect" in done.stdout
    assert Path(re.findall(r"Page (\S+)", done.stdout.replace("\n", ""))[0]).is_file()
    again = called(*given, "--json")
    assert "0 weeks" in again.stderr
    assert json.loads(again.stdout)["mechanisms"] == ["friends", "household"]


def test_where_no_shares_can_be_given_the_command_says_so(tmp_path, monkeypatch) -> None:
    def failing(country: Country):
        raise MemoryError("no room")

    monkeypatch.setattr(Country, "advance", failing)
    done = called("explain", "total-2020", "--mechanisms", "friends", "--citizens", "1_000",
                  "--weeks", "4", "--seeds", "2", "--out", str(tmp_path))  # fmt: skip
    assert done.exit_code == 1, done.output
    assert "No shares can be given" in done.stdout
    assert "Failed: seed 1, with friends on: MemoryError: no room" in done.stdout
    page = next(tmp_path.glob("*/explanation.html")).read_text("utf-8")
    assert "What failed" in page


@pytest.mark.parametrize(
    ("mechanisms", "told"),
    [
        ("freinds", "Did you mean 'friends'?"),
        ("friends,friends", "named twice"),
        ("friends,household,firm,speech,appeal,tiers,lists", "2^6 = 64"),
        (",", "name at least one mechanism"),
    ],
)
def test_mechanisms_that_cannot_be_used_are_told(mechanisms, told, tmp_path) -> None:
    out = ["--out", str(tmp_path / "out")]
    done = called("explain", "total-2020", "--mechanisms", mechanisms, *out)
    assert done.exit_code == 2
    assert told in done.stderr
    assert not (tmp_path / "out").exists()
