"""Resuming: the same digest and tables from wherever a run was stopped; else a clear refusal."""

from __future__ import annotations

import contextlib
import errno
import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

import glasstown as gt
from glasstown.engine import checkpoint
from glasstown.engine.country import Country
from glasstown.errors import EngineError, InputError, ResourceError
from glasstown.lab import room, schedule, weekly
from glasstown.lab.biographies import Biographies
from glasstown.lab.branches import prepared
from glasstown.lab.rollout import Timetable
from glasstown.lab.run import Run
from glasstown.lab.scenario import load_scenario
from glasstown.lab.schedule import Schedule
from glasstown.lab.unfinished import Unfinished
from glasstown.society.compilation import compile_society
from glasstown.surfaces import cli

ROOT = Path(__file__).parents[2]
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
        {"since": "2018-03-01", "regions": ["Shandong", "Henan"]},
        {"since": "2018-04-20", "scheme": "court-list"},
    ],
    "spark": ["2018-02-05", "2018-04-02"],
}  # fmt: skip


def run(out: Path, **more: object) -> Run:
    return gt.run(GIVEN, **{"out": out, "threads": 1, "report": False, **more})


def resume(folder: Path, **more: object) -> Run:
    return gt.resume(folder, **{"threads": 1, "report": False, **more})


@contextlib.contextmanager
def in_week(week: int, happens: Callable[[], object]) -> Iterator[None]:
    """Let something happen while a week runs."""
    advance = Country.advance

    def advancing(country):
        if country.week + 1 == week:
            happens()
        return advance(country)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Country, "advance", advancing)
        yield


def ctrl_c(week: int, number: int = signal.SIGINT) -> contextlib.AbstractContextManager[None]:
    return in_week(week, lambda: signal.raise_signal(number))


def the_end(week: int) -> contextlib.AbstractContextManager[None]:
    """Let everything end in the middle of a week, without a word."""

    def ends() -> None:
        raise KeyboardInterrupt

    return in_week(week, ends)


def stopped(out: Path, week: int, **more: object) -> Path:
    """Return the folder of a run that was stopped by Ctrl-C after a week."""
    with ctrl_c(week), pytest.warns(UserWarning, match="stopped before"):
        return run(out, **more).folder


def cut_off(out: Path, week: int, **more: object) -> Path:
    """Return the folder of a run that ended in the middle of a week."""
    with the_end(week), pytest.raises(KeyboardInterrupt):
        run(out, **more)
    (folder,) = out.iterdir()
    return folder


@pytest.fixture(scope="module", autouse=True)
def _few_lives() -> Iterator[None]:
    """Follow few citizens: the sample of a run costs more than a country so small."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Biographies.__init__, "__defaults__", (100,))
        yield


@pytest.fixture(scope="module")
def whole(tmp_path_factory) -> Run:
    return run(tmp_path_factory.mktemp("whole"))


def same(done: Run, whole: Run) -> None:
    """Hold a run to the one that was left alone."""
    assert done.is_complete
    assert done.digest == whole.digest
    assert done.weekly.equals(whole.weekly)
    assert done.citizens.equals(whole.citizens)
    assert done.manifest["warnings"] == whole.manifest["warnings"]
    assert done.manifest["scenario"] == whole.manifest["scenario"]
    names = {"manifest.json", "weekly.parquet", "citizens.parquet"}
    assert {path.name for path in done.folder.iterdir()} == names
    assert gt.load(done.folder) == done


def content(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def refused(folder: Path, words: str) -> None:
    """Hold a refusal to its words, and to leaving everything as it was."""
    before = content(folder)
    with pytest.raises(InputError, match=words):
        resume(folder)
    assert content(folder) == before


def test_after_ctrl_c(whole, tmp_path) -> None:
    folder = stopped(tmp_path, 7)
    assert gt.load(folder).can_go_on
    assert gt.load(folder).weekly["week"].max() == 7
    assert set(gt.load(folder).citizens["week"]) == {0, 7}
    done = resume(folder)
    same(done, whole)
    assert set(done.citizens["week"]) == {0, 13, WEEKS}, "what Ctrl-C alone took down is gone"
    assert (whole.manifest["resumed_after"], done.manifest["resumed_after"]) == ([], [7])
    assert len(done.weekly) == WEEKS * 62 * 2


def test_again_and_again(whole, tmp_path) -> None:
    folder = stopped(tmp_path, 3)
    for week in (4, 13, 19):
        with ctrl_c(week, signal.SIGTERM), pytest.warns(UserWarning, match="stopped before"):
            assert resume(folder).manifest["weeks_done"] == week
    same(resume(folder), whole)


@pytest.mark.parametrize("week", [1, 4, 5, 6, 14, WEEKS])
def test_cut_off_in_a_week(week, whole, tmp_path) -> None:
    folder = cut_off(tmp_path, week, checkpoint_weeks=4)
    if week > 4:
        with pytest.raises(InputError, match=r"cut off.*glasstown resume"):
            gt.load(folder)
        assert weekly_parts(folder) == list(range(1, (week - 1) // 4 * 4 + 1))
    same(resume(folder), whole)


def weekly_parts(folder: Path) -> list[int]:
    """Return the weeks that whoever has a Parquet reader finds in a run that was cut off."""
    parts = weekly.pl.read_parquet(folder / "unfinished" / "part-*.parquet")
    return parts["week"].unique().sort().to_list()


def test_what_was_half_written_when_it_was_killed_goes_and_nothing_else(whole, tmp_path) -> None:
    folder = stopped(tmp_path, 9)
    for name in (".citizens.parquet-4711", ".manifest-x1y2", ".notes-of-mine", "notes.txt"):
        (folder / name).write_text("half")
    done = resume(folder)
    mine = {".notes-of-mine", "notes.txt"}
    assert mine == {path.name for path in folder.iterdir()} & {
        *mine, ".citizens.parquet-4711", ".manifest-x1y2",
    }  # fmt: skip
    for name in mine:
        (folder / name).unlink()
    same(done, whole)


def test_an_older_run_stays_until_the_new_one_is_whole(whole, tmp_path) -> None:
    folder = stopped(tmp_path, 9)
    with the_end(15), pytest.raises(KeyboardInterrupt):
        resume(folder, checkpoint_weeks=2)
    assert gt.load(folder).manifest["weeks_done"] == 9
    same(resume(folder), whole)


def test_a_run_that_replaces_a_complete_one(whole, tmp_path) -> None:
    first = run(tmp_path)
    assert cut_off(tmp_path, 9, overwrite=True, checkpoint_weeks=3) == first.folder
    assert gt.load(first.folder).is_complete
    same(resume(first.folder), whole)


def test_by_the_clock(monkeypatch) -> None:
    clock = [100.0]
    monkeypatch.setattr(schedule.time, "monotonic", lambda: clock[0])
    now_and_then = Schedule()
    assert not now_and_then.is_due(5)
    assert now_and_then.is_due(5, is_stopping=True)
    clock[0] += schedule.EVERY_S
    assert now_and_then.is_due(6)
    now_and_then.was_put_down(60.0)
    clock[0] += schedule.EVERY_S
    assert not now_and_then.is_due(7), "a slow one may take a twentieth of the time, no more"
    assert now_and_then.takes_long
    clock[0] += 60 / schedule.MOST_SHARE - schedule.EVERY_S
    assert now_and_then.is_due(8)


def test_by_weeks_and_never() -> None:
    by_weeks, never = Schedule(4), Schedule(0)
    assert [week for week in range(1, 10) if by_weeks.is_due(week)] == [4, 8]
    assert by_weeks.is_due(5, is_stopping=True)
    assert never.is_off
    assert not any(never.is_due(week, is_stopping=True) for week in range(1, 10))


@pytest.mark.parametrize("weeks", [-1, 1_001, 2.5, "two", True])
def test_wrong_checkpoint_weeks(weeks, tmp_path) -> None:
    with pytest.raises(InputError, match="checkpoint_weeks: must be a whole number from 0"):
        run(tmp_path, checkpoint_weeks=weeks)
    assert list(tmp_path.iterdir()) == []


def test_the_clock_puts_checkpoints_down(whole, tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(schedule, "EVERY_S", 0.0)
    monkeypatch.setattr(schedule, "MOST_SHARE", float("inf"))
    folder = cut_off(tmp_path, 8)
    assert Unfinished(folder).checkpoint().week == 7
    same(resume(folder), whole)


def test_without_checkpoints_nothing_is_left(tmp_path) -> None:
    folder = stopped(tmp_path, 5, checkpoint_weeks=0)
    assert not gt.load(folder).can_go_on
    assert not (folder / "unfinished").exists()
    refused(folder, r"nothing to resume.*kept no checkpoint")


def test_a_complete_run_and_no_run(whole, tmp_path) -> None:
    refused(whole.folder, "this run is complete: there is nothing to resume")
    refused(tmp_path, r"nothing to resume: there is no unfinished/run.json")
    with pytest.raises(InputError, match="there is no such run folder"):
        resume(tmp_path / "nowhere")


def test_what_was_left_after_the_last_word_is_dropped(tmp_path) -> None:
    done = run(tmp_path)
    (done.folder / "unfinished").mkdir()
    with pytest.raises(InputError, match="this run is complete"):
        resume(done.folder)
    assert not (done.folder / "unfinished").exists()


@pytest.fixture(scope="module")
def half(tmp_path_factory) -> Path:
    return stopped(tmp_path_factory.mktemp("half"), 6, checkpoint_weeks=2)


@pytest.fixture
def halved(half, tmp_path) -> Path:
    """Return a copy of a run that was stopped after week 6."""
    return Path(shutil.copytree(half, tmp_path / half.name))


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("checkpoint-00006/points", "points is damaged"),
        ("checkpoint-00006/stocks", "stocks is damaged"),
        ("checkpoint-00006/index.json", "its index"),
        ("part-00002.parquet", r"part-00002.parquet: damaged.*--overwrite"),
        ("lives-00000.parquet", r"lives-00000.parquet: damaged"),
        ("run.json", "run.json: can't be read"),
    ],
)
def test_what_is_damaged_is_told_and_what_was_finished_stays(name, words, halved) -> None:
    path = halved / "unfinished" / name
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 0x80
    path.write_bytes(bytes(data))
    refused(halved, words)
    assert gt.load(halved).weekly["week"].max() == 6


def test_what_is_missing(halved) -> None:
    (halved / "unfinished" / "part-00004.parquet").unlink()
    refused(halved, r"part-00004.parquet: can't be read: No such file")
    shutil.rmtree(halved / "unfinished" / "checkpoint-00006")
    assert resume(halved).is_complete, "without a checkpoint it begins again"


def test_a_changed_scenario(halved) -> None:
    path = halved / "unfinished" / "run.json"
    record = json.loads(path.read_text("utf-8"))
    changed = {**record, "scenario": {**record["scenario"], "seed": 4}}
    path.write_text(json.dumps(changed))
    refused(halved, "the scenario is not the one that this run began with")
    foreign = {**changed, "scenario_hash": "0" * 64}
    path.write_text(json.dumps(foreign))
    refused(halved, "the scenario is not the one")
    path.write_text(json.dumps({"name": "something else"}))
    refused(halved, "not the record of a run of Glasstown")
    path.write_text(json.dumps({"format": "glasstown run"}))
    refused(halved, "damaged: engine, folder, scenario, scenario_hash missing")


def test_a_checkpoint_of_another_scenario(halved, tmp_path) -> None:
    other = stopped(tmp_path / "other", 6, seed=4)
    shutil.rmtree(halved / "unfinished" / "checkpoint-00006")
    shutil.copytree(
        other / "unfinished" / "checkpoint-00006", halved / "unfinished" / "checkpoint-00006"
    )
    refused(halved, "this checkpoint is of another scenario than run.json")


def test_another_version(halved, monkeypatch) -> None:
    monkeypatch.setattr(checkpoint, "sources_hash", lambda: "f" * 16)
    refused(halved, r"made by Glasstown .* \(sources [0-9a-f]{16}\), this is .*ffff")


def test_a_table_of_regions_is_found_from_elsewhere_and_may_not_change(
    tmp_path, monkeypatch
) -> None:
    from glasstown.society.region_table import REQUIRED

    home = tmp_path / "home"
    home.mkdir()
    head = ",".join(REQUIRED) + "\n"
    (home / "regions.csv").write_text(head + "1,Ash,East,100000,60,20,15,50\n")
    monkeypatch.chdir(home)
    given = {"scheme": "none", "weeks": 4, "society": {"citizens": 2_000, "regions": "regions.csv"}}
    with ctrl_c(2), pytest.warns(UserWarning, match="stopped before"):
        folder = gt.run(given, out=tmp_path / "runs", report=False).folder
    monkeypatch.chdir(tmp_path)
    (home / "regions.csv").write_text(head + "1,Ash,East,100000,61,20,15,50\n")
    refused(folder, "its region table was changed")
    (home / "regions.csv").write_text(head + "1,Ash,East,100000,60,20,15,50\n")
    assert resume(folder).is_complete


def test_nobody_writes_a_run_that_another_process_writes(halved) -> None:
    hold = "import sys, time; from pathlib import Path; from glasstown.lab.unfinished import *\n"
    hold += "with Unfinished(Path(sys.argv[1])).claimed(): print('held', flush=True); input()"
    with subprocess.Popen(
        [sys.executable, "-c", hold, str(halved)], cwd=ROOT, text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    ) as holder:  # fmt: skip
        assert holder.stdout.readline() == "held\n"
        refused(halved, "another process is writing this run just now")
        with pytest.raises(InputError, match="another process is writing"):
            run(halved.parent, overwrite=True)
        holder.kill()
    assert resume(halved).is_complete, "the lock went with its process"


def test_a_full_disk_while_a_checkpoint_is_written(whole, tmp_path, monkeypatch) -> None:
    write = checkpoint._write_column

    def full(field, path):
        if path.parent.name.startswith(".checkpoint-00006") and path.name == "words":
            raise OSError(errno.ENOSPC, "No space left on device")
        return write(field, path)

    monkeypatch.setattr(checkpoint, "_write_column", full)
    with pytest.raises(ResourceError, match=r"No space left.*; 6 of 20 weeks.*glasstown resume"):
        run(tmp_path, checkpoint_weeks=3)
    (folder,) = tmp_path.iterdir()
    assert gt.load(folder).weekly["week"].max() == 6
    assert Unfinished(folder).checkpoint().week == 3
    monkeypatch.undo()
    same(resume(folder), whole)


def test_checkpoints_need_room_too(tmp_path, monkeypatch) -> None:
    society = compile_society(load_scenario(GIVEN).society)
    free = room.disk_needed(society, WEEKS) + 10
    monkeypatch.setattr(room.shutil, "disk_usage", lambda _: type("Disk", (), {"free": free})())
    with pytest.raises(ResourceError, match=r"for checkpoints .--checkpoint-weeks 0 does without"):
        run(tmp_path)
    assert list(tmp_path.iterdir()) == []
    assert run(tmp_path, checkpoint_weeks=0, weeks=2).is_complete


@contextlib.contextmanager
def mounted(folder: Path, size: str) -> Iterator[Path]:
    """Mount a small disk in memory, where we may."""
    folder.mkdir()
    words = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)]
    try:
        done = subprocess.run(words, capture_output=True, check=False)
    except OSError:
        pytest.skip("there is no mount")
    if done.returncode:
        pytest.skip("only root may mount a disk")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def test_a_disk_that_is_really_full_and_one_that_is_read_only(whole, tmp_path, monkeypatch) -> None:
    with mounted(tmp_path / "disk", "16m") as disk:
        monkeypatch.setattr(room, "check_disk", lambda *_, **__: None)
        (disk / "ballast").write_bytes(bytes(15_000_000))
        with pytest.raises(ResourceError, match="No space left on device"):
            run(disk, checkpoint_weeks=1)
        (disk / "ballast").unlink()
        folder = next(path for path in disk.iterdir() if path.is_dir())
        assert Unfinished(folder).checkpoint().week >= 1
        subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
        refused(folder, "can't write there: Read-only file system")
        with pytest.raises(InputError, match="can't write there: Read-only file system"):
            run(disk, overwrite=True)
        subprocess.run(["mount", "-o", "remount,rw", str(disk)], check=True)
        same(resume(folder), whole)


def test_a_country_taken_up_may_be_branched(half) -> None:
    """A what-if may go on from a checkpoint: the bytes of its own run."""
    scenarios = [load_scenario({**GIVEN, "spark": GIVEN["spark"][:count]}) for count in (2, 1)]
    plans, found = prepared(scenarios), Unfinished(half).checkpoint()
    society, digests = plans[0].society, []
    for scenario, plan in zip(scenarios, plans, strict=True):
        country = Country(society, plans[0], scenario.seed)
        checkpoint.restore(country, found)
        branched = country.branch(plan)
        alone = Country(society, Timetable(scenario, society), scenario.seed)
        assert len(list(branched.weeks(WEEKS - found.week))) + 6 == len(list(alone.weeks(WEEKS)))
        assert branched.digest() == alone.digest()
        digests.append(branched.digest())
    assert digests[0] != digests[1], "the spark made a difference"


def test_an_engine_that_is_not_there(halved) -> None:
    with pytest.raises(EngineError, match="engine 'gpu' is not one of"):
        resume(halved, engine="gpu")
    with pytest.raises(InputError, match="threads: must be"):
        resume(halved, threads=0)


def called(*words: object) -> object:
    return CliRunner().invoke(cli.app, [str(word) for word in words])


def test_from_the_command_line(whole, halved) -> None:
    result = called("resume", halved, "--threads", "2", "--no-report", "--checkpoint-weeks", "5")
    assert result.exit_code == 0, result.stderr
    assert f"Digest {whole.digest}" in " ".join(result.stdout.split())
    assert "A synthetic society, not a prediction." in result.stdout
    assert "reading the checkpoint of week 6" in result.stderr
    again = called("resume", halved)
    assert again.exit_code == 2
    assert "this run is complete" in again.stderr
    assert "Traceback" not in again.stderr


def test_a_stopped_run_says_how_to_go_on(tmp_path) -> None:
    words = ("run", "none", "--citizens", "2_000", "--weeks", "9", "--out", tmp_path, "--no-report")
    with ctrl_c(2):
        result = called(*words)
    (folder,) = tmp_path.iterdir()
    assert result.exit_code == 130
    assert f"go on with: glasstown resume {folder}" in result.stderr.replace("\n", " ")
    refusal = called(*words)
    assert refusal.exit_code == 2
    assert "can go on: `glasstown resume" in refusal.stderr


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_kill_9_at_ten_random_moments() -> None:
    """The soak in small; `bench/soak/kill.py` alone does a hundred."""
    words = ["--kills", "10", "--citizens", "2000", "--weeks", "16", "--checkpoint-weeks", "2"]
    shm = Path("/dev/shm")
    memory = {"TMPDIR": str(shm)} if os.access(shm, os.W_OK) else {}
    done = subprocess.run(
        [sys.executable, "bench/soak/kill.py", *words], cwd=ROOT, text=True, capture_output=True,
        timeout=300, check=False, env={**os.environ, "PYTHONPATH": str(ROOT), **memory},
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    last = done.stdout.splitlines()[-1]
    assert "all complete with the same digest and tables" in last
    assert int(last.split(" runs, ")[1].split()[0]) >= 10
