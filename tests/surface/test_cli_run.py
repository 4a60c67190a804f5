"""The commands that run, from outside: what they say, on which stream, and what they leave."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

import glasstown as gt
from glasstown.errors import InputError
from glasstown.lab import reporting
from glasstown.surfaces import cli
from glasstown.surfaces.cli_run import overrides

ROOT = Path(__file__).parents[2]
COMMAND = [sys.executable, "-m", "glasstown.surfaces.cli"]
SMALL = ("total-2020", "--citizens", "5_000", "--weeks", "12", "--threads", "2")


def called(*words: object) -> Result:
    return CliRunner().invoke(cli.app, [str(word) for word in words])


@pytest.fixture(scope="module")
def ran(tmp_path_factory) -> tuple[Result, Path]:
    out = tmp_path_factory.mktemp("runs")
    result = called("run", *SMALL, "--out", out)
    (folder,) = out.iterdir()
    return result, folder


def test_a_run_says_what_it_found(ran) -> None:
    result, folder = ran
    assert result.exit_code == 0, result.stderr
    run = gt.load(folder)
    squeezed = " ".join(result.stdout.split())
    assert "A synthetic society, not a prediction." in squeezed
    for finding in run.findings():
        assert finding.sentence in squeezed
    assert f"Digest {run.digest}" in squeezed
    assert str(folder) in result.stdout
    assert "citizen-weeks a second" in squeezed
    assert (folder / "report.html").stat().st_size > 10_000


def test_progress_goes_to_stderr(ran) -> None:
    result, _ = ran
    assert "simulating" in result.stderr
    assert "12/12 weeks" in result.stderr
    assert "simulating" not in result.stdout


def test_the_same_run_again_is_refused(ran) -> None:
    _, folder = ran
    result = called("run", *SMALL, "--out", folder.parent)
    assert result.exit_code == 2
    assert "is here already, complete" in result.stderr
    assert "--overwrite" in result.stderr
    again = called("run", *SMALL, "--out", folder.parent, "--overwrite", "--no-report")
    assert again.exit_code == 0
    assert not (folder / "report.html").exists()


def test_the_report_is_written_again(ran) -> None:
    _, folder = ran
    (folder / "report.html").unlink(missing_ok=True)
    result = called("report", folder)
    assert result.exit_code == 0
    assert (folder / "report.html").exists()
    assert "report.html" in result.stdout


def test_a_report_that_fails_is_told_and_the_run_stays(tmp_path, monkeypatch) -> None:
    def fails(folder):
        raise ValueError("no ink")

    monkeypatch.setattr(reporting, "writer", fails)
    result = called("run", *SMALL, "--out", tmp_path)
    (folder,) = tmp_path.iterdir()
    assert result.exit_code == 1
    assert "The report could not be written (ValueError: no ink)" in result.stderr
    assert "Digest" in result.stdout
    assert gt.load(folder).is_complete


def test_settings_reach_the_scenario(tmp_path) -> None:
    result = called(
        "run", *SMALL, "--weeks", "2", "--seed", "0", "--without", "friends", "--without",
        "speech", "--set", "conformity=8", "--set", "scheme.friends.points=-0.2", "--no-report",
        "--out", tmp_path,
    )  # fmt: skip
    assert result.exit_code == 0, result.stderr
    (folder,) = tmp_path.iterdir()
    scenario = gt.load(folder).manifest["scenario"]
    assert (scenario["seed"], scenario["without"]) == (0, ["friends", "speech"])
    assert scenario["society"]["conformity"] == 8
    assert scenario["scheme"]["friends"]["points"] == -0.2


def test_overrides_leave_out_what_nobody_gave() -> None:
    assert overrides(None, 5, 0, None, ["regions=a.csv", "cut_rate = 0.5"]) == {
        "weeks": 5, "seed": 0, "regions": "a.csv", "cut_rate": 0.5,
    }  # fmt: skip


@pytest.mark.parametrize("setting", ["conformity", "=8", "a=", "a=[1", "a='"])
def test_a_setting_that_is_none(setting) -> None:
    with pytest.raises(InputError, match="--set"):
        overrides(None, None, None, None, [setting])


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("run", "totel-2020"), "Did you mean 'total-2020'?"),
        (("run", "none", "--citizens", "0"), "society.citizens: must be a whole number from 1000"),
        (
            ("run", "none", "--citizens", "many"),
            "must be a whole number such as 1_000_000, not 'many'",
        ),
        (("run", "none", "--set", "conformty=8"), "Did you mean 'conformity'?"),
        (("run", "none", "--without", "friend"), "Did you mean 'friends'?"),
        (("run", "none", "--weeks", "100_000"), "weeks: must be a whole number from 1 to 1000"),
        (("run", "none", "--threads", "0"), "--threads"),
        (("run", "none", "--out", "/dev/null/x"), "/dev/null/x"),
        (("run", "nowhere.yaml"), "there is no such file"),
        (("report", "nowhere"), "there is no such run folder"),
        (("describe", "none", "--seed", "-1"), "seed: must be"),
        (("bench", "none", "--weeks", "0"), "weeks: must be"),
    ],
)
def test_bad_input_is_told_with_exit_code_2(words, said) -> None:
    result = called(*words)
    assert result.exit_code == 2
    assert said in " ".join(result.stderr.split())
    assert "Traceback" not in result.stderr
    assert result.stdout == ""


def test_a_damaged_folder(tmp_path) -> None:
    (tmp_path / "manifest.json").write_text("{")
    result = called("report", tmp_path)
    assert result.exit_code == 2
    assert "can't be read" in result.stderr


def test_too_many_citizens(monkeypatch) -> None:
    monkeypatch.setattr("glasstown.lab.room.memory_available", lambda: 4_000_000_000)
    result = called("run", "none", "--citizens", "2_000_000_000")
    assert result.exit_code == 2
    assert "citizens would fit: --citizens" in result.stderr


def test_an_engine_that_is_not_there(tmp_path) -> None:
    result = called("run", "none", "--engine", "gpu", "--out", tmp_path)
    assert result.exit_code == 3
    assert "engine 'gpu' is not one of" in result.stderr


@pytest.mark.skipif(os.name == "nt", reason="needs signals")
@pytest.mark.usefixtures("ran")  # kernels are compiled by then
def test_ctrl_c_from_outside_keeps_the_finished_weeks(tmp_path) -> None:
    words = ["run", "total-2020", "--citizens", "20_000", "--weeks", "1000", "--out", str(tmp_path)]
    with subprocess.Popen(
        [*COMMAND, *words], cwd=ROOT, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stderr is not None
        assert any("100/1000 weeks" in line for line in process.stderr)
        process.send_signal(signal.SIGINT)
        stdout, stderr = process.communicate(timeout=120)
    assert process.returncode == 130, stderr
    assert "stopping after this week" in stderr
    assert "Stopped after week" in stderr
    (folder,) = tmp_path.iterdir()
    run = gt.load(folder)
    assert not run.is_complete
    assert 100 <= run.manifest["weeks_done"] < 1000
    assert run.weekly["week"].n_unique() == run.manifest["weeks_done"]
    assert "This run was stopped after week" in stdout
    assert (folder / "report.html").exists()


def test_a_country_is_described() -> None:
    result = called("describe", "court-list", "--citizens", "20_000")
    assert result.exit_code == 0, result.stderr
    squeezed = " ".join(result.stdout.split())
    assert "20_000 citizens in 31 regions" in squeezed
    for words in ("bytes a citizen", "Expected time", "one-person households", "25.40 %"):
        assert words in squeezed
    assert "the published three don't agree" in squeezed


def test_a_description_for_another_program() -> None:
    described = json.loads(called("describe", "none", "--citizens", "5_000", "--json").stdout)
    assert described["scenario"]["society"]["citizens"] == 5_000
    names = [one["name"] for one in described["marginals"]]
    assert "internet users" in names
    assert all("difference" in one for one in described["marginals"])


def test_the_speed_is_measured(monkeypatch) -> None:
    monkeypatch.setattr("glasstown.lab.speed.copy_rate", lambda: 1e10)
    result = called("bench", "--citizens", "5_000", "--weeks", "10", "--threads", "1")
    assert result.exit_code == 0, result.stderr
    lines = result.stdout.splitlines()
    rate = float(lines[1].split()[0])
    ratio = float(lines[3].split()[-2])
    assert rate * ratio == pytest.approx(1e10, rel=0.1)
    assert "peak memory" in lines[4]


def test_help_of_every_command_says_what_it_does() -> None:
    for name in ("run", "describe", "report", "bench"):
        result = called(name, "--help")
        assert result.exit_code == 0
        assert len(result.stdout.splitlines()) > 5


def test_the_first_frame_is_there_within_a_second(tmp_path) -> None:
    start = time.perf_counter()
    with subprocess.Popen(
        [*COMMAND, "run", *SMALL, "--out", str(tmp_path), "--no-report"],
        cwd=ROOT, text=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
    ) as process:  # fmt: skip
        assert process.stderr is not None
        first = process.stderr.readline()
        waited = time.perf_counter() - start
        process.stderr.read()
    assert first == "loading\n"
    # A second on an idle machine; three, because tests share theirs.
    assert waited < 3
    assert process.returncode == 0


def test_importing_the_package_loads_nothing_heavy() -> None:
    heavy = "numba", "numpy", "polars", "pydantic", "altair", "rich", "typer"
    code = f"import sys, glasstown; print([name for name in {heavy} if name in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, text=True, capture_output=True, timeout=60
    )
    assert done.stdout == "[]\n", done.stderr


def test_the_package_names_what_it_offers() -> None:
    assert set(gt.__all__) == {
        "Assessment", "Comparison", "Explanation", "Run", "__version__", "assess", "calibrate",
        "claims", "compare", "describe", "diverge", "explain", "find", "load", "resume", "run",
        "safeguards", "schemes", "trace", "validate",
    }  # fmt: skip
    assert all(getattr(gt, name) is not None for name in gt.__all__)
    assert set(dir(gt)) == set(gt.__all__)
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = gt.nothing
