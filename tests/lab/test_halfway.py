"""Trace and diverge go on to the very same result from wherever they stopped; a failure is told."""

from __future__ import annotations

import contextlib
import errno
import json
import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import glasstown as gt
from glasstown.engine import checkpoint
from glasstown.engine.country import Country
from glasstown.errors import EngineError, InputError
from glasstown.lab import halfway, schedule
from glasstown.lab.diverge.divergence import Divergence
from glasstown.lab.halfway import Halfway
from glasstown.lab.trace import living, tracing
from glasstown.lab.trace.tracing import Trace

WEEKS = 20
GIVEN = {
    "scheme": "total-2020",
    "weeks": WEEKS,
    "seed": 3,
    "start": "2018-01-01",
    "society": {
        "citizens": 3_000, "groups": [{"name": "minority", "share": 0.2}],
        "gather_effort": 60, "mobilise_above": 20,
    },
    "rollout": [
        {"since": "2018-01-01", "scheme": "rongcheng-2014"},
        {"since": "2018-03-01"},
        {"since": "2018-04-20", "scheme": "court-list"},
    ],
    "spark": ["2018-02-05", "2018-04-02"],
}  # fmt: skip
OWNER = 941
"""An adult with a firm, of whom things of many kinds are told."""
LATE = {"without": ["friends"]}
EARLY_FRIENDS = {"scheme.friends.threshold_ties": 1, "scheme.friends.points": -3}


def traced(out: Path | None = None, citizen: int = OWNER, **more: Any) -> Trace:
    given = more.pop("given", GIVEN)
    return gt.trace(given, citizen, **{"beside": "none", "out": out, "threads": 1, **more})


def diverged(out: Path | None = None, weeks: int = 24, **more: Any) -> Divergence:
    return gt.diverge(
        "total-2020", citizens=4_000, weeks=weeks, threads=1, out=out,
        **{"changes": LATE, **EARLY_FRIENDS, **more},
    )  # fmt: skip


@contextlib.contextmanager
def in_week(
    week: int, happens: Callable[[], object], scheme: str = "", times: int = 1
) -> Iterator[None]:
    """Let something happen in a week, the first so many times that a country comes to it."""
    advance, left = Country.advance, [times]

    def advancing(country: Country) -> Any:
        names = [one.name for one in country.plan.schemes]
        if country.week + 1 == week and left[0] and (not scheme or scheme in names):
            left[0] -= 1
            happens()
        return advance(country)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Country, "advance", advancing)
        yield


def asked_to_stop(
    week: int, number: int = signal.SIGINT
) -> contextlib.AbstractContextManager[None]:
    return in_week(week, lambda: signal.raise_signal(number))


def fails(error: BaseException) -> Callable[[], object]:
    def failing() -> None:
        raise error

    return failing


def told(result: Trace | Divergence) -> str:
    return json.dumps(result.as_data())


def content(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture(scope="module")
def whole() -> Trace:
    return traced()


def test_a_trace_goes_on_from_every_stop_to_the_same_result(tmp_path, whole: Trace) -> None:
    for week, number in ((1, signal.SIGINT), (8, signal.SIGTERM), (9, signal.SIGINT),
                         (WEEKS - 1, signal.SIGTERM)):  # fmt: skip
        with asked_to_stop(week, number):
            stopped = traced(tmp_path)
        assert [len(one.weeks) for one in stopped.lives] == [week, week]
        assert stopped.can_go_on
        assert not stopped.is_complete
    with in_week(WEEKS - 1, fails(AssertionError("this week was lived already"))):
        done = traced(tmp_path)
    assert done == whole
    assert told(done) == told(whole)
    assert not done.can_go_on
    assert not content(tmp_path)
    assert len({event.kind for event in whole.life.events()}) > 4
    assert whole.life.end.firms


def test_a_trace_that_is_killed_goes_on_from_what_was_put_down_last(
    tmp_path, whole: Trace, monkeypatch
) -> None:
    monkeypatch.setattr(schedule, "EVERY_S", 0)
    monkeypatch.setattr(schedule, "MOST_SHARE", 1e9)
    with in_week(7, fails(KeyboardInterrupt()), "none"), pytest.raises(KeyboardInterrupt):
        traced(tmp_path)
    (folder,) = tmp_path.glob("*/unfinished/week-*")
    assert folder.name == "week-00006"
    with in_week(6, fails(AssertionError("this week was lived already"))):
        assert told(traced(tmp_path)) == told(whole)


def test_half_a_checkpoint_of_two_countries_counts_for_nothing(
    tmp_path, whole: Trace, monkeypatch
) -> None:
    with asked_to_stop(4):
        traced(tmp_path)
    save, saved = checkpoint.save, list[Path]()

    def saving(country: Country, folder: Path, kept: Any) -> Any:
        saved.append(folder)
        if len(saved) == 2:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return save(country, folder, kept)

    with monkeypatch.context() as patch, asked_to_stop(9):
        patch.setattr(checkpoint, "save", saving)
        stopped = traced(tmp_path)
    assert (len(stopped.life.weeks), stopped.can_go_on) == (9, True)
    assert [path.name for path in tmp_path.glob("*/unfinished/*week-*")] == ["week-00004"]
    assert told(traced(tmp_path)) == told(whole)


def test_a_full_disk_costs_only_the_way_on(tmp_path, monkeypatch) -> None:
    error = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    monkeypatch.setattr(checkpoint, "save", lambda *_: fails(error)())
    with asked_to_stop(3):
        stopped = traced(tmp_path)
    assert (len(stopped.life.weeks), stopped.can_go_on) == (3, False)
    assert not list(tmp_path.iterdir())


def test_whoever_is_looked_for_is_found_after_a_stop(tmp_path) -> None:
    with asked_to_stop(11):
        stopped = gt.find(GIVEN, "cautious", out=tmp_path, threads=1)
    assert (stopped.week, stopped.can_go_on) == (11, True)
    with in_week(11, fails(AssertionError("this week was lived already"))):
        found = gt.find(GIVEN, "cautious", out=tmp_path, threads=1)
    assert found == gt.find(GIVEN, "cautious", threads=1)
    assert not list(tmp_path.rglob("unfinished"))


@pytest.mark.parametrize("more", [{}, {"changes": {}, "engines": ("cpu", "cpu")}])
def test_a_divergence_goes_on_to_the_same_week_and_draw(tmp_path, more: dict[str, Any]) -> None:
    alone = diverged(**more)
    for week in (1, 9, 15):
        with asked_to_stop(week):
            stopped = diverged(tmp_path, **more)
        assert (stopped.weeks_compared, stopped.can_go_on, stopped.week) == (week, True, None)
    with in_week(15, fails(AssertionError("this week was lived already"))):
        done = diverged(tmp_path, **more)
    assert told(done) == told(alone)
    assert done == alone
    assert (alone.decision is not None) == (not more)
    assert not content(tmp_path)


def stopped_as(name: str, out: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder, of one name for all, of a trace that was stopped."""
    monkeypatch.setattr(tracing, "name_of", lambda *_: name)
    with asked_to_stop(2):
        traced(out)
    return out / name


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"citizen": 8}, r"not this one: citizen: 941 there, 8 here\. Go on with it as it was"),
        ({"beside": "reform"}, r"beside: none, 3_000 .* there, reform, 3_000 citizens"),
        ({"beside": None}, r"beside: none, 3_000 .* there, none here"),
        ({"beside_without": ["watch"]}, "none without watch, 3_000 citizens"),
        ({"seed": 4}, r"life: .*seed 3 .*there, .*seed 4"),
        ({"scheme.friends.points": -9}, r"life: total-2020, .*there, total-2020"),
    ],
)
def test_another_question_is_refused(tmp_path, monkeypatch, more: Any, words: str) -> None:
    folder = stopped_as("same", tmp_path, monkeypatch)
    before = content(folder)
    with pytest.raises(InputError, match=words):
        traced(tmp_path, **more)
    assert content(folder) == before


def spoilt(name: str, data: bytes) -> Callable[[Path], object]:
    return lambda folder: next(folder.rglob(name)).write_bytes(data)


@pytest.mark.parametrize(
    ("spoils", "words"),
    [
        (spoilt("asked.json", b"{"), r"damaged: asked.json can't be read"),
        (spoilt("asked.json", b"[]"), r"damaged: asked.json can't be read"),
        (spoilt("failed.json", b"x"), r"damaged: week-00002/failed.json can't be read"),
        (spoilt("index.json", b"{}"), "not that of a checkpoint of Glasstown"),
        (spoilt("caution", b"1"), r"caution is cut short.*or remove .*unfinished$"),
        (lambda folder: next(folder.rglob("beside")).rename(folder / "away"), "beside is not in"),
        (lambda folder: (folder / "unfinished/run.json").touch(), "an unfinished run: `glasstown"),
    ],
)
def test_what_is_damaged_or_not_a_trace_is_refused(
    tmp_path, monkeypatch, spoils: Callable[[Path], object], words: str
) -> None:
    folder = stopped_as("same", tmp_path, monkeypatch)
    spoils(folder)
    before = content(folder)
    with pytest.raises(InputError, match=words) as refusal:
        traced(tmp_path)
    assert "--overwrite" not in str(refusal.value)
    assert content(folder) == before


def test_another_version_or_kind_or_process_is_refused(tmp_path, monkeypatch) -> None:
    folder = stopped_as("same", tmp_path, monkeypatch)
    asked = json.loads((folder / "unfinished/asked.json").read_text("utf-8"))["asked"]
    other = Halfway("diverge", folder, asked).claimed()
    with pytest.raises(InputError, match="holds an unfinished trace"), other:
        pass
    with Halfway("trace", folder, asked).claimed() as since:
        assert since is not None
        assert since.week == 2
        with pytest.raises(InputError, match="another process is writing"):
            traced(tmp_path)
    monkeypatch.setattr(halfway, "sources_hash", lambda _: "0123456789abcdef")
    with pytest.raises(
        InputError, match=r"of another version: .*\(sources 0123456789abcdef\) here"
    ):
        traced(tmp_path)


def test_a_version_is_known_by_what_tells_the_weeks_too() -> None:
    assert halfway.sources_hash("trace") != halfway.sources_hash("diverge")


@pytest.mark.parametrize(
    ("scheme", "left", "failed"),
    [("none", "total-2020", "none, week 5: EngineError: no way"),
     ("total-2020", "none", "total-2020, week 5: EngineError: no way")],
)  # fmt: skip
def test_a_life_that_fails_is_recorded_and_the_other_told(
    tmp_path, scheme: str, left: str, failed: str
) -> None:
    given = {"scheme": "total-2020", "society": {"citizens": 2_000}, "weeks": 9}
    with in_week(5, fails(EngineError("no way")), scheme):
        done = traced(given=given, citizen=7)
    assert done.failures == (failed,)
    assert [one.scheme for one in done.lives] == [left]
    assert done.is_complete
    alone = gt.trace({**given, "scheme": left}, 7, threads=1)
    assert done.life == alone.life
    assert done.as_data()["failures"] == [failed]
    with in_week(5, fails(EngineError("no way")), scheme), asked_to_stop(7):
        assert not traced(tmp_path, given=given, citizen=7).is_complete
    assert told(traced(tmp_path, given=given, citizen=7)) == told(done)


def test_what_fails_before_the_first_week_is_recorded_too(monkeypatch) -> None:
    prepared = living.prepared

    def preparing(scenario: Any, *more: Any) -> Any:
        if scenario.scheme.name == "none":
            raise MemoryError
        return prepared(scenario, *more)

    monkeypatch.setattr(living, "prepared", preparing)
    assert traced().failures == ("none, before the first week: MemoryError",)


def test_where_no_life_is_left_the_error_is_raised() -> None:
    with in_week(3, fails(EngineError("no way")), times=2), pytest.raises(EngineError, match="no"):
        traced()


@pytest.mark.parametrize(
    ("times", "failed"),
    [(1, ("A, week 6: MemoryError",)), (2, ("A, week 6: MemoryError", "B, week 6: MemoryError"))],
)
def test_a_run_that_fails_is_told_with_the_week_reached(
    times: int, failed: tuple[str, ...]
) -> None:
    with in_week(6, fails(MemoryError()), times=times):
        found = diverged()
    assert found.failures == failed
    assert (found.weeks_compared, found.week, found.digests) == (5, None, (None, None))
    assert not found.is_identical
    assert not found.is_answered
    assert found.as_data()["failures"] == list(failed)


def test_the_second_run_may_fail_and_the_question_is_kept(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(schedule, "EVERY_S", 0)
    monkeypatch.setattr(schedule, "MOST_SHARE", 1e9)
    alone = diverged(weeks=8)
    with in_week(6, fails(MemoryError()), times=2):
        assert diverged(tmp_path, weeks=8).can_go_on
    with in_week(5, fails(AssertionError("this week was lived already"))):
        assert told(diverged(tmp_path, weeks=8)) == told(alone)


def test_beside_is_the_same_life_but_for_one_mechanism() -> None:
    given = {"scheme": "total-2020", "society": {"citizens": 4_000}, "weeks": 30}
    done = gt.trace(given, 221, beside_without=["caution"], threads=1)
    assert [one.label for one in done.lives] == ["total-2020", "total-2020 without caution"]
    assert done.lives[1].title.endswith(", without caution")
    alone = gt.trace(given, 221, without=["caution"], threads=1)
    assert done.lives[1] == alone.life
    assert done.lives[0] != done.lives[1]
    cautious = next(week for week in done.lives[0].weeks if week.after.caution)
    assert done.part_in() == cautious
    assert (
        done.parting()
        == f"The two lives part in week {cautious.week}, which begins on {cautious.day}."
    )
    assert max(week.after.caution for week in done.lives[1].weeks) == 0
    same = gt.trace({**given, "weeks": cautious.week - 1}, 221, beside_without=["caution"])
    assert same.part_in() is None
    assert same.parting().startswith("Both lives are the same in every week")
    assert alone.parting() == ""
    both = traced(beside="reform", beside_without=["appeal"], weeks=1)
    assert both.lives[1].label == "reform without appeal"


@pytest.mark.parametrize(
    ("without", "words"),
    [
        (["frends"], "Did you mean 'friends'"),
        ("friends", r"must be a list of mechanisms, such as \['friends'\]"),
        (["speech"], "speech is left out of both lives already"),
    ],
)
def test_mechanisms_that_cannot_be_left_out_beside_are_refused(without: Any, words: str) -> None:
    with pytest.raises(InputError, match=words):
        traced(beside=None, beside_without=without, without=["speech"])


def test_a_child_lives_through_a_rollout() -> None:
    found = gt.find(GIVEN, "child", threads=1, weeks=1, most=1)
    done = traced(citizen=found.matches[0].citizen, beside=None)
    assert done.is_complete
    assert not done.life.events("points")
