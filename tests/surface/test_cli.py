"""The command line: what it says, on which stream, with which exit code, and how fast."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from glasstown.errors import EngineError
from glasstown.lab.scenario import Scenario, load_scenario
from glasstown.scheme.loading import SHIPPED, load_scheme, scheme_hash
from glasstown.scheme.mechanisms import MECHANISM_NAMES
from glasstown.society.declaration import Society
from glasstown.surfaces import cli, listing
from glasstown.surfaces.app import app

ROOT = Path(__file__).parents[2]
COMMAND = [sys.executable, "-m", "glasstown.surfaces.cli"]


def called(*words: str) -> Result:
    return CliRunner().invoke(app, list(words))


def outside(*words: str, **more: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*COMMAND, *words], cwd=ROOT, text=True, timeout=60, **more)  # type: ignore


def test_schemes_lists_the_shipped() -> None:
    result = called("schemes")
    assert result.exit_code == 0
    assert all(name in result.stdout for name in SHIPPED)


def test_schemes_as_json() -> None:
    records = json.loads(called("schemes", "--json").stdout)
    assert [one["name"] for one in records] == list(SHIPPED)
    assert records[0]["hash"] == scheme_hash(load_scheme(SHIPPED[0]))


def test_a_scheme_shows_every_line_with_source_and_confidence() -> None:
    scheme = load_scheme("court-list")
    result = called("schemes", "court-list")
    assert result.exit_code == 0
    lines = listing.sourced_lines(scheme)
    assert {line.key for line in lines} >= {"lists[0]", "channels.court"}
    squeezed = "".join(result.stdout.split())
    for line in lines:
        assert line.confidence in squeezed
        assert line.key in squeezed
    assert scheme_hash(scheme) in result.stdout


def test_a_scheme_as_json_loads_again() -> None:
    record = json.loads(called("schemes", "total-2020", "--json").stdout)
    digest = record.pop("hash")
    assert scheme_hash(load_scheme(record)) == digest


def test_mechanisms() -> None:
    assert all(name in called("mechanisms").stdout for name in MECHANISM_NAMES)
    records = json.loads(called("mechanisms", "--json").stdout)
    assert [one["name"] for one in records] == list(MECHANISM_NAMES)


def test_new_writes_every_default_and_check_takes_it(tmp_path: Path) -> None:
    file = tmp_path / "s.yaml"
    assert called("new", str(file)).exit_code == 0
    assert load_scenario(file) == load_scenario("total-2020")
    text = file.read_text()
    for name in (*Society.model_fields, *Scenario.model_fields):
        assert f"{name}:" in text
    said = " ".join(text.replace("#", " ").split())
    assert "[weeks; from 4 to 520; assumed; source: Penney 2016" in said
    assert max(map(len, text.splitlines())) <= 100
    result = called("check", str(file))
    assert result.exit_code == 0
    assert result.stdout.startswith("OK: scenario of 364 weeks from 2014-01-01, seed 1")
    assert scheme_hash(load_scheme("total-2020")) in result.stdout


def test_check_says_phases_and_sparks(tmp_path: Path) -> None:
    file = tmp_path / "s.yaml"
    file.write_text(
        "scheme: none\nweeks: 60\nspark: [2014-05-01]\n"
        "rollout: [{since: 2015-01-01, regions: [Hainan], scheme: court-list}, {since: 2018-01-01}]"
    )
    result = called("check", str(file))
    assert result.exit_code == 0, result.stderr
    lines = [line.strip() for line in result.stdout.splitlines()]
    assert "phase: court-list in Hainan from week 54 (since 1 January 2015)" in lines
    assert (
        "phase: none everywhere from week 210 (since 1 January 2018); after the last week" in lines
    )
    assert "a gathering may form on 2014-05-01 (week 19)" in lines


def test_the_examples_in_a_new_file_are_taken(tmp_path: Path) -> None:
    file = tmp_path / "s.yaml"
    assert called("new", str(file)).exit_code == 0
    rows = file.read_text().splitlines()
    for name in ("rollout", "spark"):
        at = rows.index(f"{name}: []")
        rows[at] = f"{name}: {rows[at - 1].removeprefix('# For example: ')}"
    file.write_text("\n".join(rows))
    scenario = load_scenario(file)
    assert len(scenario.rollout) == len(scenario.spark) == 1


def test_new_never_overwrites(tmp_path: Path) -> None:
    file = tmp_path / "s.yaml"
    file.write_text("mine")
    result = called("new", str(file))
    assert (result.exit_code, result.stdout) == (2, "")
    assert "is there already" in result.stderr
    assert file.read_text() == "mine"


def test_new_in_no_folder(tmp_path: Path) -> None:
    result = called("new", str(tmp_path / "nowhere" / "s.yaml"))
    assert result.exit_code == 2
    assert "does not exist" in result.stderr


def test_new_with_no_such_scheme_writes_nothing(tmp_path: Path) -> None:
    assert called("new", str(tmp_path / "s.yaml"), "--scheme", "nope").exit_code == 2
    assert list(tmp_path.iterdir()) == []


def test_check_takes_a_scheme(tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text("from: none\nname: mine\n")
    result = called("check", str(file))
    assert result.exit_code == 0
    assert result.stdout.startswith("OK: scheme mine: ")


def test_check_tells_every_fault_on_stderr(tmp_path: Path) -> None:
    file = tmp_path / "s.yaml"
    file.write_text("scheme: none\nweekz: 3\nseed: -1\n")
    result = called("check", str(file))
    assert (result.exit_code, result.stdout) == (2, "")
    assert "line 2: weekz: no such key" in result.stderr
    assert "line 3: seed: must be a whole number" in result.stderr
    assert not set("╭│╰─") & set(result.stderr)


@pytest.mark.parametrize(
    ("error", "code", "words"),
    [
        (EngineError("no device here"), 3, "no device here"),
        (KeyboardInterrupt(), 130, "Stopped."),
        (OSError(28, "No space left on device", "runs/x"), 2, "runs/x: No space left on device"),
        (PermissionError(13, "Permission denied"), 2, "Can't read or write: Permission denied"),
    ],
)
def test_failures_end_in_one_line(
    monkeypatch: pytest.MonkeyPatch, error: BaseException, code: int, words: str
) -> None:
    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr(cli, "_list_schemes", fail)
    result = called("schemes")
    assert (result.exit_code, result.stderr) == (code, f"{words}\n")


def test_a_bug_is_not_hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(cli, "_list_schemes", fail)
    assert isinstance(called("schemes").exception, ZeroDivisionError)


def test_from_outside() -> None:
    version = outside("--version", capture_output=True)
    assert version.returncode == 0
    assert version.stdout.startswith("glasstown ")
    wrongs = {("schemes", "nope"): "no shipped scheme", ("bogus",): "No such command"}
    for words, said in wrongs.items():
        wrong = outside(*words, capture_output=True)
        assert (wrong.returncode, wrong.stdout) == (2, "")
        assert said in wrong.stderr
        assert "Traceback" not in wrong.stderr


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs /dev/full")
@pytest.mark.parametrize("words", [("schemes",), ("mechanisms", "--json"), ("--version",)])
def test_a_full_disk_is_one_line(words: tuple[str, ...]) -> None:
    with open("/dev/full", "w") as full:
        done = outside(*words, stdout=full, stderr=subprocess.PIPE)
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1
    assert "No space left on device" in done.stderr


def test_a_closed_pipe_is_quiet() -> None:
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "w") as pipe:
        done = outside("schemes", "total-2020", stdout=pipe, stderr=subprocess.PIPE)
    assert done.stderr == ""


@pytest.mark.skipif(os.name == "nt", reason="needs named pipes")
def test_an_interruption_ends_with_130(tmp_path: Path) -> None:
    pipe = tmp_path / "s.yaml"
    os.mkfifo(pipe)
    with (
        subprocess.Popen(
            [*COMMAND, "check", str(pipe)], cwd=ROOT, stderr=subprocess.PIPE, text=True
        ) as process,
        open(pipe, "w"),
    ):  # opens as soon as the command waits for what to read
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=30)
    assert (process.returncode, said) == (130, "Stopped.\n")


def test_the_command_line_imports_nothing_heavy() -> None:
    heavy = "numba", "polars", "altair", "pandas", "pyarrow", "vl_convert"
    code = (
        "import sys, glasstown.surfaces.cli;"
        f"print([name for name in {heavy} if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, text=True, capture_output=True, timeout=60
    )
    assert done.stdout == "[]\n"
