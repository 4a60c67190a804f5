"""The commands `trace` and `diverge`, and the page of a life."""

from __future__ import annotations

import contextlib
import json
import re
import signal
from collections.abc import Callable, Iterator
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

import glasstown as gt
from glasstown.engine.country import Country
from glasstown.surfaces import cli, trace_page
from glasstown.surfaces.app import NOTICE, app

assert cli
SIZE = ("--citizens", "4_000", "--weeks", "40")
LISTED = "221"
"""A citizen who is booked by mistake, low and listed in these weeks."""


def called(*words: str) -> Result:
    return CliRunner().invoke(app, list(words))


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path, monkeypatch) -> None:
    """What is written where nobody says is written into a folder of the test."""
    monkeypatch.chdir(tmp_path)


@contextlib.contextmanager
def in_week(week: int, happens: Callable[[], object], left_out: str = "") -> Iterator[None]:
    """Let something happen once in a week, of the run without a mechanism if one is named."""
    advance, done = Country.advance, list[int]()

    def advancing(country: Country) -> Any:
        without = country.plan.scenario.without
        if country.week + 1 == week and not done and (not left_out or left_out in without):
            done.append(week)
            happens()
        return advance(country)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Country, "advance", advancing)
        yield


def runs_out_of_memory() -> None:
    raise MemoryError("no room")


@pytest.fixture(scope="module")
def page(tmp_path_factory) -> tuple[Path, Result]:
    out = tmp_path_factory.mktemp("pages")
    words = ("trace", "total-2020", LISTED, *SIZE, "--beside", "none", "--out", str(out))
    result = called(*words)
    return next(out.glob("*/trace.html")), result


class Outline(HTMLParser):
    """Collects tags, identifiers and links of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        for name, value in attrs:
            if name == "id":
                self.ids.append(value or "")
            if name in ("href", "src"):
                self.links.append(value or "")


def test_the_terminal_tells_the_life(page) -> None:
    out = page[1].stdout
    assert page[1].exit_code == 0
    assert NOTICE in out
    assert "Citizen 221 under The total system" in out
    for word in ("On a black list for", "booked by mistake", "Wrongly booked by", "nobody saw it",
                 "gave the same bytes", "rules[", "quiet"):  # fmt: skip
        assert word in " ".join(out.split()), word
    assert "what happened (none)" in out


def test_the_page_stands_alone_and_says_everything(page) -> None:
    text = page[0].read_text("utf-8")
    outline = Outline()
    outline.feed(text)
    assert NOTICE in text
    assert "This citizen does not exist" in text
    assert not [one for one in outline.links if not one.startswith(("data:", "#"))]
    assert "http" not in re.sub(r"data:[^\"']+|xmlns[^ >]+", "", text).replace("http-equiv", "")
    assert {"script", "iframe", "link"} & set(outline.tags) <= {"link"}
    assert len(outline.ids) == len(set(outline.ids))
    assert 'name="viewport"' in text
    for section in ("who", "life", "beside", "charts", "weeks", "sources", "true"):
        assert section in outline.ids, section
    plain = unescape(re.sub(r"<[^>]+>", "", text))
    done = gt.trace("total-2020", 221, beside="none", citizens=4_000, weeks=40)
    for life in done.lives:
        for event in life.events():
            assert (event.sentence in plain) == (event.kind != "fading"), event.sentence
            assert event.source in plain
    for sentence in done.findings():
        assert sentence in plain
    for life in done.lives:
        assert life.digest in plain


def test_the_page_without_another_life(tmp_path) -> None:
    done = gt.trace("none", 5, citizens=2_000, weeks=6)
    path = done.page(tmp_path / "new" / "life.html")
    text = path.read_text("utf-8")
    assert 'id="beside"' not in text
    assert "Week by week" in text


def test_kinds_of_events_have_words_and_meanings() -> None:
    assert set(trace_page.KINDS.values()) <= set(trace_page.MEANINGS)


def test_a_trace_as_json(tmp_path) -> None:
    result = called("trace", "total-2020", LISTED, *SIZE, "--json", "--no-page")
    data = json.loads(result.stdout)
    assert result.exit_code == 0
    assert data["who"]["citizen"] == 221
    assert data["lives"][0]["weeks"][-1]["week"] == 40


def test_found_in_the_terminal_and_as_json() -> None:
    result = called("trace", "total-2020", *SIZE, "--find", "low, listed")
    assert result.exit_code == 0
    assert "221" in result.stdout
    assert "glasstown trace total-2020" in result.stdout
    assert "--citizens 4000 --weeks 40" in result.stdout
    data = json.loads(called("trace", "total-2020", *SIZE, "--find", "low", "--json").stdout)
    assert 221 in [one["citizen"] for one in data["matches"]]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("total-2020",), "either a CITIZEN"),
        (("total-2020", "5", "--find", "low"), "either a CITIZEN"),
        (("total-2020", "4000", *SIZE), "no such citizen; they are numbered from 0 to 3_999"),
        (("total-2020", "five", *SIZE), "must be a whole number"),
        (("total-2020", *SIZE, "--find", "lost"), "is none of the words: excluded, listed"),
        (("total-2021", "5", *SIZE), "total-2020"),
        (("total-2020", "5", *SIZE, "--beside", "nome"), "none"),
        (("total-2020", "5", *SIZE, "--out", "life.html"), "not a page; give life"),
        (("total-2020", "5", *SIZE, "--beside-without", "frends"), "Did you mean 'friends'"),
        (("total-2020", "5", *SIZE, "--beside-without", ","), "name at least one mechanism"),
    ],
)
def test_bad_requests_are_told_plainly(words: tuple[str, ...], message: str) -> None:
    result = called("trace", *words)
    assert result.exit_code == 2
    assert message in result.stderr
    assert "Traceback" not in result.stderr


def test_a_stopped_trace_goes_on_by_the_same_command(tmp_path) -> None:
    words = ("trace", "total-2020", LISTED, "--citizens", "2_000", "--weeks", "9",
             "--beside-without", "caution,friends", "--json")  # fmt: skip
    whole = called(*words, "--out", "other", "--no-page")
    assert whole.exit_code == 0
    assert not list(Path("other").glob("*"))
    with in_week(4, lambda: signal.raise_signal(signal.SIGINT)):
        stopped = called(*words)
    assert stopped.exit_code == 130
    assert "Stopped after week 4 of 9; the same command goes on from there." in stopped.stderr
    (folder,) = (tmp_path / "traces").iterdir()
    assert folder.name.startswith("citizen-221-total-2020-beside-total-2020-without-caution-and-")
    assert "Stopped after week 4 of 9." in (folder / "trace.html").read_text("utf-8")
    done = called(*words)
    assert done.exit_code == 0
    assert done.stdout == whole.stdout
    assert json.loads((folder / "trace.json").read_text("utf-8")) == json.loads(whole.stdout)
    assert {path.name for path in folder.iterdir()} == {"trace.html", "trace.json"}
    assert "Stopped after" not in (folder / "trace.html").read_text("utf-8")


def test_a_life_that_fails_is_said_in_the_terminal_and_on_the_page() -> None:
    words = ("trace", "total-2020", LISTED, "--citizens", "2_000", "--weeks", "6",
             "--beside-without", "friends")  # fmt: skip
    with in_week(3, runs_out_of_memory, "friends"):
        result = called(*words)
    said = "total-2020 without friends, week 3: MemoryError: no room"
    assert result.exit_code == 1
    assert f"Failed: {said}" in result.stdout
    assert "Citizen 221 under The total system" in result.stdout
    assert "Traceback" not in result.stderr
    (folder,) = Path("traces").iterdir()
    assert said in (folder / "trace.html").read_text("utf-8")
    assert json.loads((folder / "trace.json").read_text("utf-8"))["failures"] == [said]


def test_a_search_that_is_stopped_goes_on() -> None:
    words = ("trace", "total-2020", "--citizens", "2_000", "--weeks", "5", "--find", "silent")
    with in_week(2, lambda: signal.raise_signal(signal.SIGTERM)):
        stopped = called(*words)
    assert stopped.exit_code == 130
    assert "At the end of week 2" in stopped.stdout
    assert "Stopped after week 2 of 5; the same command goes on from there." in stopped.stderr
    assert "At the end of week 5" in called(*words).stdout
    assert not Path("traces").exists() or not list(Path("traces").iterdir())


def test_a_stopped_divergence_goes_on_and_a_failed_one_says_how_far_it_came() -> None:
    words = (
        "diverge",
        "total-2020",
        "--citizens",
        "2_000",
        "--weeks",
        "6",
        "--b",
        "without=friends",
    )
    whole = called(*words, "--json")
    with in_week(1, lambda: signal.raise_signal(signal.SIGINT)):
        stopped = called(*words, "--json")
    assert stopped.exit_code == 130
    assert "Stopped after week 1 of 6; the same command goes on from there." in stopped.stderr
    with in_week(2, runs_out_of_memory, "friends"):
        failed = called(*words)
    assert failed.exit_code == 1
    assert "Failed: B, week 2: MemoryError: no room" in failed.stdout
    assert "Nothing differs in 1 week that was compared." in failed.stdout
    done = called(*words, "--json")
    assert (done.exit_code, done.stdout) == (0, whole.stdout)
    assert not list(Path("divergences").glob("*"))


def test_identical_runs_say_so() -> None:
    result = called("diverge", "reform", "--citizens", "2_000", "--weeks", "5")
    assert result.exit_code == 0
    assert "Identical for all 5 weeks" in result.stdout
    assert re.search(r"Digest [0-9a-f]{64}", result.stdout)


def test_runs_that_part_are_told_with_their_decision() -> None:
    words = ("diverge", "total-2020", *SIZE, "--b", "scheme.channels.court.misidentification=0.4")
    result = called(*words)
    out = " ".join(result.stdout.split())
    assert result.exit_code == 0
    assert NOTICE in out
    assert re.search(r"They part in week \d+ \(20", out)
    assert "Step watch, citizen" in out
    assert "(draw WATCH)" in out
    assert re.search(r"draw (\d+) is not below the limit \d+ B: .*draw \1 is below the limit", out)
    data = json.loads(called(*words, "--json").stdout)
    assert data["decision"]["what"] == "recorded"


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (("total-2020", "--b", "citizens=2000"), 2, "can't be compared"),
        (("total-2020", "--b", "without=frends"), 2, "friends"),
        (("total-2020", "--b", "seed"), 2, "KEY=VALUE"),
        (("total-2020", "--engines", "cpu"), 2, "needs two of"),
        (("total-2020", "--engines", "cpu,gpu2"), 3, "not one of"),
    ],
)
def test_what_cannot_diverge_is_told_plainly(
    words: tuple[str, ...], code: int, message: str
) -> None:
    result = called("diverge", *words, "--weeks", "2")
    assert result.exit_code == code
    assert message in result.stderr
    assert "Traceback" not in result.stderr
