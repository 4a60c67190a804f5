"""A run: what it writes, that it says the truth, and that nothing finished is ever lost."""

import datetime as dt
import errno
import json
import signal
from pathlib import Path

import numpy as np
import polars as pl
import pytest

import glasstown as gt
from glasstown.engine import kernels
from glasstown.engine.measures import CAUSES, IN_POINTS, NAMES, TIERS
from glasstown.errors import EngineError, InputError, ResourceError
from glasstown.lab import recording, reporting, room, weekly
from glasstown.lab.biographies import ADULT_COLUMNS, EVERY_WEEKS, SAMPLED, person, sampled
from glasstown.lab.interruption import Interruption
from glasstown.lab.manifest import timings
from glasstown.lab.run import Run
from glasstown.lab.scenario import load_scenario
from glasstown.society.compilation import compile_society

CITIZENS, WEEKS = 5_000, 16
FULL = OSError(errno.ENOSPC, "No space left on device")


class Told:
    """A progress that remembers."""

    def __init__(self):
        self.said = []

    def started(self, total_weeks, message):
        self.said.append(("started", total_weeks))

    def stage(self, text):
        self.said.append(("stage", text))

    def week(self, number):
        self.said.append(("week", number))

    def finished(self):
        self.said.append(("finished",))


GROUPED = {
    "scheme": "total-2020",
    "weeks": WEEKS,
    "seed": 3,
    "society": {
        "citizens": CITIZENS,
        "groups": [{"name": "minority", "share": 0.2, "misidentification": 10}],
    },
}


@pytest.fixture(scope="module")
def out(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("runs")


@pytest.fixture(scope="module")
def told() -> Told:
    return Told()


@pytest.fixture(scope="module")
def done(out, told) -> Run:
    return gt.run(GROUPED, out=out, threads=2, progress=told)


def short(out: Path, weeks: int = 3, **more) -> Run:
    more.setdefault("report", False)
    return gt.run("total-2020", citizens=CITIZENS, weeks=weeks, out=out, **more)


def test_the_folder_holds_what_it_must(done) -> None:
    name = f"total-2020-{CITIZENS}-{WEEKS}w-seed3-{done.manifest['scenario_hash'][:8]}"
    assert done.folder.name == name
    assert sorted(one.name for one in done.folder.iterdir()) == [
        "citizens.parquet", "manifest.json", "report.html", "weekly.parquet",
    ]  # fmt: skip
    assert json.loads((done.folder / "manifest.json").read_text("utf-8")) == done.manifest


def test_the_manifest(done) -> None:
    manifest = done.manifest
    assert manifest["label"] == "synthetic society, not a prediction"
    assert manifest["complete"] is True
    assert (manifest["weeks_done"], manifest["threads"], manifest["engine"]) == (WEEKS, 2, "cpu")
    assert manifest["scale"] == "1:282000"
    assert load_scenario(manifest["scenario"]) == load_scenario(GROUPED)
    assert len(manifest["digest"]) == 64
    assert manifest["timings"]["citizen_weeks_per_second"] > 0
    assert manifest["peak_memory_bytes"] > 50_000_000
    assert set(manifest["versions"]) == {"python", "numpy", "numba", "polars"}
    assert manifest["processor"]


def test_the_weekly_table(done) -> None:
    table = done.weekly
    assert table.height == WEEKS * 62 * 2
    assert table.columns[:6] == ["week", "date", "region", "settlement", "group", "citizens"]
    assert table.columns[6 : 6 + len(NAMES)] == list(NAMES)
    behaviours = [
        name.removeprefix("acted_") for name in table.columns if name.startswith("acted_")
    ]
    assert table.columns[6 + len(NAMES) :] == [
        *(f"acted_{name}" for name in behaviours), *(f"booked_{name}" for name in behaviours),
    ]  # fmt: skip
    assert table.schema["week"] == pl.Int32
    assert all(table.schema[name] == pl.Float64 for name in IN_POINTS)
    dates = table.select("week", "date").unique().sort("week")
    assert dates["date"][0] == dt.date(2014, 1, 7)
    assert dates["date"][-1] == dt.date(2014, 1, 1) + dt.timedelta(days=7 * WEEKS - 1)


def test_the_weekly_table_adds_up(done) -> None:
    weeks = (
        done.weekly.group_by("week")
        .agg(pl.exclude("date", "region", "settlement", "group").sum())
        .sort("week")
    )
    assert (weeks["citizens"] == CITIZENS).all()
    assert weeks["adults"].n_unique() == 1
    tiers = weeks.select(pl.sum_horizontal(f"tier_{i + 1}" for i in range(TIERS))).to_series()
    assert (tiers == weeks["adults"]).all()
    acted = [name for name in weeks.columns if name.startswith("acted_")]
    assert (weeks.select(pl.sum_horizontal(acted)).to_series() == weeks["acted"]).all()
    booked = [name for name in weeks.columns if name.startswith("booked_")]
    assert (weeks.select(pl.sum_horizontal(booked)).to_series() == weeks["booked"]).all()
    assert weeks["acted"].sum() > 0
    # Points stand in points, not in the tenths of the engine.
    assert 50 < weeks["score_sum"][-1] / weeks["adults"][-1] < 150


def test_groups_have_their_citizens(done) -> None:
    last = done.weekly.filter(pl.col("week") == WEEKS)
    people = dict(last.group_by("group").agg(pl.col("citizens").sum()).rows())
    # Households belong to groups, so the spread is that of about 1,900 of them: 0.2 +- 0.009.
    assert people["minority"] / CITIZENS == pytest.approx(0.2, abs=0.04)
    society = compile_society(load_scenario(GROUPED).society)
    groups = [person(society, 3, citizen).group for citizen in range(0, CITIZENS, 10)]
    assert groups.count("minority") / len(groups) == pytest.approx(0.2, abs=0.08)


def test_biographies(done) -> None:
    lives = done.citizens
    assert lives["week"].unique().sort().to_list() == [0, EVERY_WEEKS, WEEKS]
    assert lives["citizen"].n_unique() == SAMPLED
    assert lives.height == 3 * SAMPLED
    first = lives.filter(pl.col("week") == 0)
    children = first.filter(pl.col("age_band").is_in(["0-14", "15-17"]))
    adults = first.filter(~pl.col("age_band").is_in(["0-14", "15-17"]))
    assert children.height / first.height == pytest.approx(0.21, abs=0.04)
    for name in ADULT_COLUMNS:
        assert children[name].null_count() == children.height
    assert (adults["score"] == 100).all()
    assert adults["tier"].n_unique() == 1
    assert adults["list"].null_count() == adults["noticed"].null_count() == adults.height
    assert adults["is_enrolled"].all(), "nobody may stay out"
    assert lives["caution"].is_between(0, 1).all()
    last = lives.filter(pl.col("week") == WEEKS)
    listed = last.filter(pl.col("list").is_not_null())
    assert set(listed["listed_cause"]) <= set(CAUSES)
    fixed = ["region", "settlement", "group", "age_band", "household_size", "opinion"]
    assert lives.group_by("citizen").agg(pl.col(fixed).n_unique()).select(pl.max(*fixed)).row(
        0
    ) == (1,) * len(fixed)


def test_a_sample_that_is_everybody_agrees_with_the_tallies(tmp_path, monkeypatch) -> None:
    """Traits by plain Python and state by indexing against what the kernels tallied."""
    monkeypatch.setattr("glasstown.lab.biographies.Biographies.__init__.__defaults__", (CITIZENS,))
    run = short(tmp_path, weeks=13)
    lives = run.citizens.filter(pl.col("week") == 13)
    table = run.weekly.filter(pl.col("week") == 13)
    adults = lives.filter(pl.col("score").is_not_null())
    assert lives.height == CITIZENS
    assert adults.height == table["adults"].sum()
    assert adults["score"].sum() == pytest.approx(table["score_sum"].sum())
    assert adults["list"].is_not_null().sum() == table["listed"].sum() + table["listed_red"].sum()
    for name, column in (("low", "is_low"), ("shamed", "is_shamed"), ("paying_cash", "pays_cash")):
        assert adults[column].sum() == table[name].sum(), name
    assert (adults["opinion"] < 128 / 255).sum() == table["opposed"].sum()
    for name, stance in (("praising", "praise"), ("critical", "criticism")):
        assert (adults["stance"] == stance).sum() == table[name].sum(), name
    assert (adults["caution"] * 255).sum() == pytest.approx(table["caution_sum"].sum())
    by_zone = adults.group_by("region", "settlement").len().sort("region", "settlement")
    tallied = table.filter(pl.col("adults") > 0).sort("region", "settlement")
    assert by_zone["len"].to_list() == tallied["adults"].to_list()
    tiers = adults.group_by("tier").len()
    names = [tier["name"] for tier in run.manifest["scheme"]["tiers"]]
    for tier, count in tiers.rows():
        assert table[f"tier_{names.index(tier) + 1}"].sum() == count


def test_a_scheme_without_a_score_has_no_scores(tmp_path) -> None:
    run = gt.run("court-list", citizens=CITIZENS, weeks=2, out=tmp_path, report=False)
    assert not run.citizens["is_enrolled"].any()
    assert run.citizens["score"].null_count() == run.citizens.height
    assert run.citizens["tier"].null_count() == run.citizens.height


def test_the_sample_depends_on_the_seed_and_is_spread() -> None:
    one, other = sampled(1_000_000, 1), sampled(1_000_000, 2)
    assert one != other
    assert one == sorted(set(one))
    assert len(one) == SAMPLED
    assert all(500 * i <= number < 500 * (i + 1) for i, number in enumerate(one))


def test_progress_is_told_in_order(done, told) -> None:
    said = told.said
    assert said[0] == ("started", WEEKS)
    assert said[-1] == ("finished",)
    assert [one[1] for one in said if one[0] == "week"] == list(range(1, WEEKS + 1))
    assert said[1][0] == "stage"


def test_the_same_scenario_gives_the_same_bytes(done, tmp_path) -> None:
    again = gt.run(GROUPED, out=tmp_path, threads=1, report=False)
    assert again.digest == done.digest
    assert again.weekly.equals(done.weekly)
    assert again.citizens.equals(done.citizens)


def test_parts_don_t_show(tmp_path, monkeypatch) -> None:
    whole = short(tmp_path / "a", weeks=7)
    monkeypatch.setattr(weekly, "PART_WEEKS", 3)
    parted = short(tmp_path / "b", weeks=7)
    assert parted.weekly.equals(whole.weekly)


def test_what_never_happened_is_a_warning(tmp_path) -> None:
    run = short(tmp_path, weeks=1, without=["watch"])
    rules, lists, firms = run.manifest["warnings"]
    scheme = run.manifest["scheme"]
    count = len(scheme["rules"]) + len(scheme["firms"]["rules"])
    assert f"{count} rules of {count} never fired in 1 week: " in rules
    assert lists == "Nobody was entered in 1 week on: untrustworthy and exemplary."
    assert firms == "No firm was entered in 1 week on the black and red lists of firms."


def test_load_reads_what_was_written(done) -> None:
    run = gt.load(str(done.folder))
    assert run == done
    assert run.weekly.equals(done.weekly)
    assert [one.sentence for one in run.findings()] == [one.sentence for one in done.findings()]
    assert run.findings()


def test_a_complete_run_stays(done, out) -> None:
    with pytest.raises(InputError, match=r"is here already, complete.*--overwrite"):
        gt.run(GROUPED, out=out, report=False)
    assert (done.folder / "report.html").exists()


def test_overwriting_replaces_the_run(tmp_path) -> None:
    first = short(tmp_path)
    (first.folder / "notes.txt").write_text("mine")
    (first.folder / "report.html").write_text("old")
    second = short(tmp_path, overwrite=True)
    assert second.digest == first.digest
    assert sorted(one.name for one in first.folder.iterdir()) == [
        "citizens.parquet", "manifest.json", "notes.txt", "weekly.parquet",
    ]  # fmt: skip


def interrupt_after(monkeypatch, week: int, times: int = 1) -> None:
    """Send SIGINT while a week runs."""
    advance = recording.Country.advance

    def interrupted(country):
        if country.week + 1 == week:
            for _ in range(times):
                signal.raise_signal(signal.SIGINT)
        return advance(country)

    monkeypatch.setattr(recording.Country, "advance", interrupted)


def test_ctrl_c_keeps_the_finished_weeks(tmp_path, monkeypatch) -> None:
    whole = short(tmp_path / "whole", weeks=5)
    before = signal.getsignal(signal.SIGINT)
    interrupt_after(monkeypatch, 5)
    told = Told()
    run = short(tmp_path, weeks=20, progress=told)
    assert signal.getsignal(signal.SIGINT) is before
    assert ("stage", recording.STOPPING) in told.said
    assert (run.is_complete, run.manifest["weeks_done"]) == (False, 5)
    assert run.digest == whole.digest
    assert run.weekly.equals(whole.weekly)
    assert run.citizens["week"].unique().sort().to_list() == [0, 5]
    assert "This run was stopped after week 5 of 20" in run.findings()[0].sentence
    assert gt.load(run.folder) == run
    monkeypatch.undo()
    again = short(tmp_path, weeks=20, overwrite=True)
    assert (again.is_complete, again.can_go_on) == (True, False), "it may be begun again, too"


def test_a_second_ctrl_c_stops_at_once(tmp_path, monkeypatch) -> None:
    interrupt_after(monkeypatch, 3, times=2)
    with pytest.raises(KeyboardInterrupt):
        short(tmp_path, weeks=20)
    (folder,) = tmp_path.iterdir()
    assert not (folder / "manifest.json").exists()
    with pytest.raises(InputError, match=r"no manifest.json.*cut off"):
        gt.load(folder)


def test_ctrl_c_is_not_heard_outside_of_a_run() -> None:
    before = signal.getsignal(signal.SIGINT)
    with Interruption(lambda: None) as interruption:
        signal.raise_signal(signal.SIGINT)
        assert interruption.is_asked
    assert signal.getsignal(signal.SIGINT) is before


def full_at(monkeypatch, part: int, *, combining: bool = False) -> None:
    """Let the disk be full when a part is written."""
    write, count = weekly.write_whole, []

    def writing(frame, path):
        count.append(path)
        if len(count) == part:
            raise FULL
        write(frame, path)

    monkeypatch.setattr(weekly, "PART_WEEKS", 4)
    monkeypatch.setattr(weekly, "write_whole", writing)
    if combining:

        def scan(*_given, **_options):
            raise pl.exceptions.ComputeError("parquet: underlying IO error: No space left")

        monkeypatch.setattr(pl, "scan_parquet", scan)


def test_a_full_disk_keeps_the_written_weeks(tmp_path, monkeypatch) -> None:
    full_at(monkeypatch, 3)
    with pytest.raises(ResourceError, match="No space left on device; 8 of 20 weeks are kept"):
        short(tmp_path, weeks=20)
    (folder,) = tmp_path.iterdir()
    run = gt.load(folder)
    assert (run.is_complete, run.digest, run.manifest["weeks_done"]) == (False, None, 8)
    assert run.weekly["week"].max() == 8
    assert run.citizens["week"].unique().to_list() == [0]


def test_a_full_disk_before_the_first_part_leaves_nothing(tmp_path, monkeypatch) -> None:
    full_at(monkeypatch, 1)
    with pytest.raises(ResourceError, match="no week was finished, nothing is kept"):
        short(tmp_path, weeks=20)
    assert list(tmp_path.iterdir()) == []


def test_a_disk_too_full_to_combine_never_looks_whole(tmp_path, monkeypatch) -> None:
    full_at(monkeypatch, 3, combining=True)
    with pytest.raises(ResourceError, match=r"the parts written are in .*unfinished"):
        short(tmp_path, weeks=20)
    (folder,) = tmp_path.iterdir()
    (parts,) = folder.iterdir()
    assert len(list(parts.glob("part-*.parquet"))) == 2
    with pytest.raises(InputError, match="no run here"):
        gt.load(folder)


def test_any_failure_keeps_the_written_weeks(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(weekly, "PART_WEEKS", 4)
    advance = recording.Country.advance

    def broken(country):
        if country.week == 6:
            raise ZeroDivisionError("a fault of ours")
        return advance(country)

    monkeypatch.setattr(recording.Country, "advance", broken)
    with pytest.raises(ZeroDivisionError) as caught:
        short(tmp_path, weeks=20)
    assert "4 of 20 weeks are kept there" in caught.value.__notes__[0]
    (folder,) = tmp_path.iterdir()
    assert gt.load(folder).manifest["weeks_done"] == 4


def test_too_many_citizens_are_refused_before_anything(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(room, "memory_available", lambda: 8_000_000_000)
    with pytest.raises(ResourceError) as caught:
        gt.run("none", citizens=2_000_000_000, out=tmp_path)
    said = str(caught.value)
    assert "2_000_000_000 citizens need about 31_" in said
    assert "8_000_000_000 are available" in said
    assert list(tmp_path.iterdir()) == []
    fitting = int(said.rsplit(" ", 1)[1])
    assert 450_000_000 < fitting < 500_000_000
    society = compile_society(load_scenario("none", overrides={"citizens": fitting}).society)
    room.check_memory(society, 2)


def test_no_memory_at_all(monkeypatch) -> None:
    monkeypatch.setattr(room, "memory_available", lambda: 1_000_000)
    with pytest.raises(ResourceError, match="not even 1_000 citizens would fit"):
        gt.run("none", citizens=CITIZENS)


def test_a_disk_too_small_is_refused_before_the_first_week(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(room.shutil, "disk_usage", lambda _: type("Usage", (), {"free": 9})())
    with pytest.raises(ResourceError, match="bytes of disk and 9 are free"):
        short(tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("threads", [0, -1, 2.5, "two", True])
def test_wrong_threads(threads, tmp_path) -> None:
    with pytest.raises(InputError, match="threads: must be a whole number"):
        short(tmp_path, threads=threads)


def test_an_engine_that_is_not_there(tmp_path) -> None:
    with pytest.raises(EngineError, match="engine 'gpu' is not one of"):
        short(tmp_path, engine="gpu")
    assert list(tmp_path.iterdir()) == []


def test_a_report_that_fails_loses_nothing(tmp_path, monkeypatch) -> None:
    def fails(folder):
        raise RuntimeError("no font")

    monkeypatch.setattr(reporting, "writer", fails)
    with pytest.warns(
        UserWarning, match=r"The report could not be written \(RuntimeError: no font"
    ):
        run = short(tmp_path, report=True)
    assert gt.load(run.folder).is_complete
    with pytest.raises(reporting.ReportError, match="The run itself is whole"):
        run.report()


def test_the_disk_estimate_is_an_upper_bound(done) -> None:
    society = compile_society(load_scenario(GROUPED).society)
    used = sum(one.stat().st_size for one in done.folder.iterdir())
    assert used < room.disk_needed(society, WEEKS)


def test_timings_tell_compiling_from_simulating() -> None:
    took = timings(1.0, [10.0, 2.0, 2.0], 100)
    assert (took.compile_s, took.simulate_s) == (9.0, 6.0)
    assert took.rate == pytest.approx(50)
    assert timings(1.0, [4.0], 100).simulate_s == 4.0


def test_kernels_count_as_compiled_after_a_run(done) -> None:
    assert kernels.is_compiled()
    assert not kernels.is_compiled("no_such_pass")


def test_tallies_are_not_shared_between_weeks(done) -> None:
    flows = done.weekly.group_by("week").agg(pl.col("acted").sum()).sort("week")["acted"]
    assert np.unique(flows.to_numpy()).size > 1
