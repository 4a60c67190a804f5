"""Schemes and mechanisms in the terminal and as records."""

from __future__ import annotations

import json
import re

import pytest
from rich.console import Console
from typer.testing import CliRunner, Result

from glasstown.scheme.having import has_mechanism
from glasstown.scheme.loading import SHIPPED, load_scheme, scheme_hash
from glasstown.scheme.mechanisms import MECHANISM_NAMES, MECHANISMS
from glasstown.surfaces import cli, listing
from glasstown.surfaces.scheme_lines import parts_of, scheme_page, sourced_lines

SOURCE = {"source": "me", "confidence": "assumed"}
MINE = {
    "name": "mine", "title": "Mine [bold]", "summary": "Of my own.", **SOURCE,
    "score": {"start": 100, "ceiling": 200, **SOURCE},
    "cash_ends": "2020-01-01",
    "channels": {
        "camera": {
            "urban": [{"on": "2014-01-01", "share": 0.1}, {"on": "2019-12-31", "share": 0.7}],
            "rural": 0.3, "miss": 0.0, **SOURCE,
        },
    },
    "lists": [
        {
            "name": "black", "behaviours": {"jaywalking": 1}, "grace_weeks": 9,
            "ability_test": {"recognises_unable": 0.7, "source": "[red]", "confidence": "seen"},
            **SOURCE,
        },
    ],
    "firms": {"bars_bids": True, "rating": {"compliance": 100, **SOURCE}, **SOURCE},
}  # fmt: skip


def called(*words: str) -> Result:
    return CliRunner().invoke(cli.app, list(words))


def page(width: int = 200) -> str:
    console = Console(width=width, force_terminal=False)
    with console.capture() as caught:
        console.print(scheme_page(load_scheme(MINE), "abc"))
    return caught.get()


def test_every_line_of_a_scheme_is_told_once() -> None:
    """As many lines as the file has sources, within other lines too."""
    for name in SHIPPED:
        text = json.dumps(load_scheme(name).model_dump(mode="json"))
        lines = sourced_lines(load_scheme(name))
        assert len(lines) == text.count('"source":') - 1  # its own is no line
        assert len({line.key for line in lines}) == len(lines)


def test_a_line_within_a_line_stands_for_itself() -> None:
    lines = {line.key: line for line in sourced_lines(load_scheme(MINE))}
    assert lines["lists[0].ability_test"].says == "recognises_unable 0.7"
    assert lines["lists[0].ability_test"].confidence == "seen"
    assert "recognises_unable" not in lines["lists[0]"].says
    assert lines["firms"].says == "bars_bids yes"
    assert lines["firms.rating"].says == "compliance 100 points"


def test_what_a_line_sets_is_told_and_nothing_else() -> None:
    lines = {line.key: line.says for line in sourced_lines(load_scheme(MINE))}
    assert lines["channels.camera"] == (
        "urban 0.1 on 2014-01-01 -> 0.7 on 2019-12-31; rural 0.3; miss 0"
    )
    assert lines["lists[0]"] == "name black; behaviours jaywalking 1; grace_weeks 9"
    assert lines["score"] == "start 100 points; ceiling 200 points"


def test_lines_stand_by_part_in_the_order_of_the_declaration() -> None:
    assert [name for name, _ in parts_of(load_scheme(MINE))] == [
        "score", "channels", "lists", "firms",
    ]  # fmt: skip


def test_the_page_says_what_it_is_and_each_part() -> None:
    said = page()
    for words in (
        "mine: Mine [bold]", "Source (assumed): me", "participation: mandatory",
        "cash_ends: 2020-01-01", "Lines: 1 seen, 5 assumed", "Hash: abc",
    ):  # fmt: skip
        assert words in said
    headings = [row for row in said.splitlines() if re.fullmatch(r"[a-z_]+ *", row)]
    assert [row.strip() for row in headings] == ["score", "channels", "lists", "firms"]
    assert "[red]" in said


@pytest.mark.parametrize("width", [80, 100])
def test_nothing_is_cut_off_in_a_narrow_terminal(width: int) -> None:
    said = page(width)
    assert max(map(len, said.splitlines())) <= width
    assert "\u2026" not in said  # Rich's mark of what it cut off
    assert "assumed" in said


def test_a_shipped_scheme_in_the_terminal() -> None:
    result = called("schemes", "total-2020")
    assert result.exit_code == 0
    for name, lines in parts_of(load_scheme("total-2020")):
        assert f"\n{name}" in result.stdout
        assert lines
    assert re.search(r"Lines: [\d a-z,]*\d+ reported, \d+ assumed", result.stdout)


def test_schemes_as_records_say_who_may_stay_out() -> None:
    records = {one["name"]: one for one in json.loads(called("schemes", "--json").stdout)}
    assert set(records) == set(SHIPPED)
    assert records["sesame"]["participation"] == "voluntary"
    assert records["total-2020"]["participation"] == "mandatory"
    assert records["reform"]["hash"] == scheme_hash(load_scheme("reform"))


def test_mechanisms_as_records_name_the_schemes_that_have_them() -> None:
    records = json.loads(called("mechanisms", "--json").stdout)
    assert [one["name"] for one in records] == list(MECHANISM_NAMES)
    for one in records:
        expected = [name for name in SHIPPED if has_mechanism(load_scheme(name), one["name"])]
        assert one["schemes"] == expected
        assert one["meaning"]
        assert one["measure"]


def test_mechanisms_in_the_terminal() -> None:
    result = called("mechanisms")
    assert result.exit_code == 0
    for one in MECHANISMS:
        assert re.search(rf"^{one.name} +{one.step} ", result.stdout, re.MULTILINE), one


@pytest.mark.parametrize(
    ("having", "words"),
    [
        (SHIPPED, "all"),
        ((), "no shipped one"),
        (("sesame", "total-2020"), "sesame, total-2020"),
        (tuple(one for one in SHIPPED if one != "none"), "all but none"),
    ],
)
def test_schemes_with_a_mechanism_are_said_in_few_words(
    monkeypatch: pytest.MonkeyPatch, having: tuple[str, ...], words: str
) -> None:
    monkeypatch.setattr(listing, "schemes_with", lambda _: having)
    assert listing._schemes("friends") == words
