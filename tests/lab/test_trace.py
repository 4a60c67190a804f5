"""A life as it is told: points that add up, rules that exist, a portrait, and who can be found."""

from __future__ import annotations

import json
import signal
from functools import cache
from typing import Any, NamedTuple

import pytest
from varied import CASES

import glasstown as gt
from glasstown.engine.country import Country
from glasstown.engine.reference_people import Citizen
from glasstown.errors import InputError
from glasstown.lab.rollout import Timetable
from glasstown.lab.scenario import load_scenario
from glasstown.lab.trace.finding import VOCABULARY, words_in
from glasstown.lab.trace.life import Follower, Life
from glasstown.lab.trace.narrator import Narrator
from glasstown.lab.trace.noting import Note
from glasstown.lab.trace.rulebook import Rulebook
from glasstown.lab.trace.standing import standing
from glasstown.lab.trace.tracing import Trace
from glasstown.lab.trace.witness import Witness
from glasstown.scheme.loading import load_scheme
from glasstown.society.compilation import compile_society

CITIZENS, WEEKS = 4_000, 40
SOMEBODY = 221
"""An adult who did and lost something in these weeks."""
BY_NAME = {case.name: case for case in CASES}


@cache
def traced(scheme: str, citizen: int, beside: str | None = None) -> Trace:
    return gt.trace(scheme, citizen, beside=beside, citizens=CITIZENS, weeks=WEEKS, threads=1)


def by_citizen(people: list[Citizen], notes: list[Note]) -> list[tuple[Citizen, list[Note]]]:
    """Return everybody with the notes that are about them."""
    found: dict[int, list[Note]] = {one.index: [] for one in people}
    for note in notes:
        found[note.citizen].append(note)
    return [(one, found[one.index]) for one in people]


class Told(NamedTuple):
    """How often points moved, and which kinds and ways of events there were."""

    moved: int
    kinds: set[str]
    ways: set[str]


def told_block(country: Country, block: int, weeks: int, book_of: Any) -> Told:
    """Tell a whole block's weeks; check every sum and every rule on the way."""
    witness = Witness(country, block)
    people = witness.near.people.everybody
    narrators = {one.index: Narrator(one.index, country.society.behaviours) for one in people}
    moved, kinds, ways = 0, set[str](), set[str]()
    for week in range(weeks):
        book: Rulebook = book_of(week)
        books = witness.near.books(country.worlds, country.state)
        before = {one.index: standing(books, one, book) for one in people}
        scores = country.state.points[0].astype(int)
        country.advance()
        for one, notes in by_citizen(people, witness.week.notes):
            events = narrators[one.index].tell(notes, book, before[one.index], (1, 2, 3))
            points = sum(round(10 * event.points) for event in events if event.points is not None)
            assert points == country.state.points[0, one.index] - scores[one.index]
            moved += sum(bool(event.points) for event in events)
            for event in events:
                kinds.add(event.kind)
                ways.add(str(event.facts.get("way", event.facts.get("outcome"))))
                check_rule(book, event.rule, event.source)
                assert event.sentence
                assert "  " not in event.sentence
                json.dumps(event.as_data())
    return Told(moved, kinds, ways)


@cache
def told_case(name: str) -> Told:
    """Tell a block of one of the varied cases."""
    case = BY_NAME[name]
    scheme = load_scheme(case.scheme)
    return told_block(case.country(), 1, min(case.weeks, 12), lambda _: Rulebook(scheme, case.day))


def check_rule(book: Rulebook, rule: str, source: str) -> None:
    """The rule that an event names is a line of the scheme, and its source is that line's."""
    if not rule:
        return
    part: Any = book.scheme
    for name in rule.replace("[", ".").replace("]", "").split("."):
        if name.isdigit():
            part = part[int(name)]
        elif isinstance(part, dict):
            part = part[name]
        elif not hasattr(part, name) or rule.startswith("speech"):
            part = part.speech
            break
        else:
            part = getattr(part, name)
    assert part.source == source, rule


@pytest.mark.parametrize(
    ("scheme", "block", "has_points"),
    [("total-2020", 3, True), ("total-2020", 40, True), ("court-list", 40, False),
     ("rongcheng-2014", 40, True)],
)  # fmt: skip
def test_points_of_every_week_add_up(scheme: str, block: int, has_points: bool) -> None:
    scenario = load_scenario(scheme, overrides={"citizens": CITIZENS, "weeks": WEEKS, "seed": 4})
    society = compile_society(scenario.society)
    plan = Timetable(scenario, society)
    country = Country(society, plan, scenario.seed)
    zone = int(society.layout.places.block_zone[block])
    told = told_block(
        country, block, WEEKS, lambda week: Rulebook(plan.declared(week)[zone], plan.day_of(week))
    )
    assert (told.moved > 0) == has_points


SELDOM = (
    "harsh", "insiders", "voluntary-for-all", "grace-5", "firms-7", "gathered",
    "household-denies", "rewards-at-start", "cautious",
)  # fmt: skip


@pytest.mark.parametrize("name", SELDOM)
def test_what_seldom_happens_adds_up_too(name: str) -> None:
    assert told_case(name).moved > 0


def test_every_kind_of_event_is_told() -> None:
    kinds = set[str]().union(*(told_case(name).kinds for name in SELDOM))
    ways = set[str]().union(*(told_case(name).ways for name in SELDOM))
    assert kinds == {
        "deed", "mistake", "points", "fading", "list", "denied", "favoured", "waits", "remedy",
        "shown", "speech", "caution", "tie", "member", "firm", "gathering",
    }  # fmt: skip
    assert ways >= {
        "unseen", "seen", "booked", "booked to somebody else", "entered", "noticed", "renewed",
        "left by term", "spared by appeal", "cuts", "mends", "won", "lost", "not told",
    }  # fmt: skip


def test_a_rollout_is_told_from_the_region_where_the_citizen_lives() -> None:
    given = {
        "scheme": "total-2020", "society": {"citizens": CITIZENS}, "weeks": 30,
        "rollout": [{"since": "2014-03-01"}],
    }  # fmt: skip
    life = gt.trace(given, 17).life
    assert [one.scheme for one in life.weeks[:8]] == ["none"] * 8
    assert life.weeks[-1].scheme == "total-2020"
    assert life.weeks[7].after.score is None
    assert life.end.score is not None
    assert any(one.facts.get("cause") == "rollout" for one in life.events("points"))


def test_two_lives_share_their_luck() -> None:
    other = traced("total-2020", SOMEBODY, "none")
    same = gt.trace("total-2020", SOMEBODY, beside="total-2020", citizens=CITIZENS, weeks=9)
    assert same.lives[0] == same.lives[1]
    assert other.life.weeks[:9] == same.life.weeks
    assert other.lives[1].scheme == "none"
    deeds = [
        [(week.week, event.facts["behaviour"]) for week in life.weeks for event in week.events
         if event.kind == "deed"] for life in other.lives
    ]  # fmt: skip
    assert deeds[0]
    assert set(deeds[0]) <= set(deeds[1])  # caution only ever deters, and none makes cautious less


def test_a_trace_is_data() -> None:
    done = traced("total-2020", SOMEBODY, "none")
    data = json.loads(json.dumps(done.as_data()))
    assert data["label"] == "synthetic society, not a prediction"
    assert data["who"]["citizen"] == SOMEBODY
    assert len(data["lives"]) == 2
    assert len(data["lives"][0]["weeks"]) == WEEKS
    assert data["lives"][0]["weeks"][5]["week"] == 6
    assert data["sums"][0]["what"] == "deeds of note"
    assert "name" not in data["who"]
    assert len(data["lives"][0]["digest"]) == 64


def test_the_digest_is_the_runs_own(tmp_path) -> None:
    run = gt.run("reform", citizens=2_000, weeks=10, out=tmp_path, report=False)
    assert gt.trace("reform", 3, citizens=2_000, weeks=10).life.digest == run.digest


def test_points_by_cause_are_the_change_of_the_score() -> None:
    life: Life = traced("total-2020", SOMEBODY, "none").life
    assert life.start.score is not None
    assert life.end.score is not None
    change = round(10 * (life.end.score - life.start.score))
    assert sum(round(10 * one) for one in life.points_by_cause().values()) == change


def test_a_child_is_told_as_one() -> None:
    found = gt.find("total-2020", "child", citizens=CITIZENS, weeks=1, most=1)
    done = traced("total-2020", found.matches[0].citizen)
    assert not done.who.is_adult
    assert "is a child" in done.findings()[0]
    assert done.life.start.score is None
    assert not done.life.events("deed")


def test_an_owners_firm_is_told() -> None:
    found = gt.find("total-2020", "owner", citizens=CITIZENS, weeks=1, most=1)
    done = traced("total-2020", found.matches[0].citizen)
    assert done.who.firms
    assert "firm" in done.findings()[-1]
    assert done.life.end.firms


@pytest.mark.parametrize(
    ("citizen", "message"),
    [
        (CITIZENS, r"citizen 4000: there is no such citizen; they are numbered from 0 to 3_999"),
        (-1, "no such citizen"),
        (True, "must be a whole number"),
        ("seven", "must be a whole number"),
        (1.5, "must be a whole number"),
    ],
)
def test_who_is_no_citizen_is_refused(citizen: Any, message: str) -> None:
    with pytest.raises(InputError, match=message):
        gt.trace("total-2020", citizen, citizens=CITIZENS, weeks=1)


def test_an_unknown_scheme_beside_is_refused() -> None:
    with pytest.raises(InputError, match="total-2020"):
        gt.trace("total-2020", 1, beside="total-2021", citizens=CITIZENS, weeks=1)


def test_ctrl_c_keeps_the_weeks_that_were_lived(monkeypatch) -> None:
    advance = Follower.advance

    def interrupted(follower) -> None:
        advance(follower)
        if len(follower.weeks) == 3:
            signal.raise_signal(signal.SIGINT)

    monkeypatch.setattr(Follower, "advance", interrupted)
    done = gt.trace("total-2020", 7, citizens=CITIZENS, weeks=20)
    assert not done.is_complete
    assert len(done.life.weeks) == 3


HOLDS = {
    "excluded": lambda end: end.excluded_for is not None,
    "listed": lambda end: end.list_colour == "black",
    "low": lambda end: end.is_low,
    "critic": lambda end: end.stance == "criticism",
    "silenced": lambda end: end.is_opposed and end.stance == "silence",
    "falsifying": lambda end: end.is_opposed and end.stance == "praise",
    "unheard": lambda end: end.is_unheard,
}


@pytest.mark.parametrize("word", HOLDS)
def test_who_is_found_is_so(word: str) -> None:
    found = gt.find("total-2020", word, citizens=CITIZENS, weeks=WEEKS, most=2)
    assert found.matches, word
    assert HOLDS[word](traced("total-2020", found.matches[0].citizen).life.end)


def test_found_are_counted_and_spread() -> None:
    everybody = gt.find("total-2020", "low", citizens=CITIZENS, weeks=WEEKS, most=CITIZENS)
    assert everybody.total == len(everybody.matches)
    run = gt.find("total-2020", ["member", "urban"], citizens=CITIZENS, weeks=1, most=5)
    assert run.total is None
    assert len({one.region for one in run.matches}) > 2
    nobody = gt.find("none", "listed", citizens=CITIZENS, weeks=1)
    assert (nobody.total, nobody.matches) == (0, ())


def test_words_that_are_none_are_refused() -> None:
    with pytest.raises(InputError, match=r"'inocent' is none of the words: excluded.*'innocent'"):
        words_in("excluded, inocent")
    with pytest.raises(InputError, match="at least one word"):
        words_in(" , ")
    with pytest.raises(InputError, match="most"):
        gt.find("none", "low", citizens=CITIZENS, weeks=1, most=0)
    assert words_in(", ".join(VOCABULARY)) == tuple(VOCABULARY)
