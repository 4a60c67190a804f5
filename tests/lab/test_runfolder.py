"""Run folders: names, what can't be written, and what is damaged or foreign."""

import json
import os
import sys
from pathlib import Path

import fake_run
import polars as pl
import pytest

import glasstown as gt
from glasstown.errors import InputError
from glasstown.lab import runfolder
from glasstown.lab.runfolder import folder_name, prepared, read_manifest, write_manifest
from glasstown.lab.scenario import load_scenario


def scenario(**changes):
    return load_scenario("total-2020", overrides={"citizens": 5_000, "weeks": 12, **changes})


@pytest.fixture
def folder(tmp_path) -> Path:
    """A run folder that never ran, whole."""
    path = fake_run.folder(tmp_path / "run", "total", 12)
    pl.DataFrame({"citizen": [1]}).write_parquet(path / "citizens.parquet")
    return path


def test_a_name_tells_the_scenario() -> None:
    name = folder_name(scenario())
    assert name.startswith("total-2020-5000-12w-seed1-")
    others = [scenario(seed=0), scenario(weeks=13), scenario(conformity=8.0)]
    assert len({name, *map(folder_name, others)}) == 4


def test_a_folder_is_made_with_its_parents(tmp_path) -> None:
    folder = prepared(tmp_path / "a" / "b", scenario())
    assert folder.is_dir()
    assert list(folder.iterdir()) == []


def test_runs_is_the_default(tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert prepared(None, scenario()).parent == Path("runs")


def test_a_file_in_the_way(tmp_path) -> None:
    (tmp_path / "taken").write_text("")
    for out in (tmp_path / "taken", tmp_path / "taken" / "below"):
        with pytest.raises(InputError, match=r"can't write there.*Give another folder with --out"):
            prepared(out, scenario())


@pytest.mark.skipif(sys.platform != "linux", reason="needs /proc")
def test_a_folder_where_nobody_writes() -> None:
    with pytest.raises(InputError, match="can't write there"):
        prepared("/proc/nothing", scenario())


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root writes anywhere")
def test_a_folder_without_the_right_to_write(tmp_path) -> None:
    tmp_path.chmod(0o500)
    try:
        with pytest.raises(InputError, match="Permission denied"):
            prepared(tmp_path, scenario())
    finally:
        tmp_path.chmod(0o700)


def test_an_incomplete_run_may_be_replaced_and_a_complete_one_not(tmp_path) -> None:
    folder = prepared(tmp_path, scenario())
    write_manifest(folder, fake_run.manifest("total", 12, complete=False))
    assert prepared(tmp_path, scenario()) == folder
    write_manifest(folder, fake_run.manifest("total", 12))
    with pytest.raises(InputError, match="overwrite"):
        prepared(tmp_path, scenario())
    assert prepared(tmp_path, scenario(), overwrite=True) == folder
    (folder / "manifest.json").write_text("{")
    assert prepared(tmp_path, scenario()) == folder


def test_a_manifest_is_written_whole_or_not_at_all(tmp_path) -> None:
    write_manifest(tmp_path, {"a": 1})
    with pytest.raises(TypeError):
        write_manifest(tmp_path, {"a": object()})
    with pytest.raises(ValueError, match="JSON"):
        write_manifest(tmp_path, {"a": float("nan")})
    assert json.loads((tmp_path / "manifest.json").read_text()) == {"a": 1}
    assert [one.name for one in tmp_path.iterdir()] == ["manifest.json"]


def test_a_whole_folder_loads(folder) -> None:
    run = gt.load(folder)
    assert run.digest == "ccc333"
    assert run.weekly["week"].max() == 12


def test_no_folder_and_no_run(tmp_path) -> None:
    with pytest.raises(InputError, match="there is no such run folder"):
        gt.load(tmp_path / "nowhere")
    with pytest.raises(InputError, match=r"no run here: there is no manifest.json"):
        gt.load(tmp_path)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "can't be read"),
        ('{"label": "synth', "can't be read"),
        ("[]", "not the manifest of a run of Glasstown"),
        ('{"name": "an npm package"}', "not the manifest of a run of Glasstown"),
        (json.dumps({"label": runfolder.LABEL, "scheme": {}}), "scenario, weeks_done missing"),
    ],
)
def test_a_manifest_that_is_none(folder, text, words) -> None:
    (folder / "manifest.json").write_text(text)
    with pytest.raises(InputError, match=words):
        read_manifest(folder)


def test_a_manifest_that_is_no_text(folder) -> None:
    (folder / "manifest.json").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(InputError, match="can't be read"):
        gt.load(folder)


@pytest.mark.parametrize("name", ["weekly.parquet", "citizens.parquet"])
def test_a_table_that_is_missing_or_damaged(folder, name) -> None:
    whole = (folder / name).read_bytes()
    for damaged in (b"", b"nonsense" * 20, whole[: len(whole) // 2]):
        (folder / name).write_bytes(damaged)
        with pytest.raises(InputError, match="damaged"):
            gt.load(folder)
    (folder / name).unlink()
    with pytest.raises(InputError, match=f"{name}: missing"):
        gt.load(folder)


def test_a_table_of_another_run(folder) -> None:
    fake_run.weekly("total", 10).write_parquet(folder / "weekly.parquet")
    with pytest.raises(InputError, match="ends in week 10, not 12"):
        gt.load(folder)
    pl.DataFrame({"a": [1]}).write_parquet(folder / "weekly.parquet")
    with pytest.raises(InputError, match="damaged"):
        gt.load(folder)


def test_a_run_that_can_go_on_is_not_begun_again_by_accident(tmp_path) -> None:
    folder = prepared(tmp_path, scenario())
    (folder / "unfinished" / "checkpoint-00005").mkdir(parents=True)
    with pytest.raises(InputError, match=r"can go on: `glasstown resume .*--overwrite"):
        prepared(tmp_path, scenario())
    assert prepared(tmp_path, scenario(), overwrite=True) == folder
    with pytest.raises(InputError, match=r"cut off.*glasstown resume .*part-\*\.parquet"):
        gt.load(folder)
