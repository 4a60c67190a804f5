"""Runs: queued, watched, cancelled, shared, reloaded; the same bytes as without the lab."""

from __future__ import annotations

import struct
import threading
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from starlette.testclient import TestClient
from visiting import HERE, LIMITS, SMALL, Visitor

import glasstown as gt
from glasstown.engine.measures import INDEX
from glasstown.lab.runfolder import read_manifest
from glasstown.surfaces.lab.app import make_app
from glasstown.surfaces.lab.asking import Ask, ask_of, checked
from glasstown.surfaces.lab.limits import Limits
from glasstown.surfaces.lab.queueing import Works
from glasstown.surfaces.lab.series import STREAMED

LONG = {"weeks": 200, "citizens": 4_000}


def unpacked(raw: bytes) -> tuple[int, np.ndarray]:
    """Return the first week, and the planes by week as the page rebuilds them."""
    magic, citizens, first, weeks = struct.unpack_from("<4sIII", raw)
    assert magic == b"GTF1"
    planes = np.frombuffer(raw[16:], np.uint8).reshape(weeks, 4, citizens).copy()
    for week in range(1, weeks):
        planes[week] ^= planes[week - 1]
    return first, planes


def test_a_run_is_an_ordinary_one(
    visitor: Visitor, finished: dict[str, Any], folder: Path, tmp_path: Path
) -> None:
    place = folder / finished["folder"]
    assert read_manifest(place)["digest"] == finished["digest"]
    again = gt.run(
        "total-2020", citizens=1_500, weeks=6, seed=3, spark=["2014-01-29"], out=tmp_path,
        report=False, threads=2,
    )  # fmt: skip
    assert again.digest == finished["digest"]
    assert again.folder.name == finished["folder"]
    assert gt.load(place).weekly.equals(again.weekly)


def test_a_link_gives_the_same_digest(visitor: Visitor) -> None:
    changes = {"scheme.friends.points": -3, "society.conformity": 8}
    first = visitor.runs(changes=changes, without=["speech"], seed=8)
    again = visitor.runs(**ask_of(first["link"]))
    assert again["digest"] == first["digest"]
    assert again["id"] != first["id"]
    other = visitor.runs(changes=changes, seed=8)
    assert other["digest"] != first["digest"]


def test_the_stream_tells_every_week_once(visitor: Visitor) -> None:
    run = visitor.start(seed=21, weeks=40)
    told = visitor.events(run)
    assert [name for name, _, _ in told][-1] == "end"
    weeks = [data for name, _, data in told if name == "weeks"]
    numbers = [n for data in weeks for n in range(data["first"], data["last"] + 1)]
    assert numbers == list(range(1, 41))
    assert all(set(data["columns"]) == set(STREAMED) for data in weeks)
    later = [data for name, _, data in visitor.events(run, after=35) if name == "weeks"]
    assert [data["first"] for data in later] == [36]
    critical = [one for data in weeks for one in data["columns"]["critical"]]
    assert later[0]["columns"]["critical"] == critical[-5:]


def test_the_stream_agrees_with_the_table(
    visitor: Visitor, finished: dict[str, Any], folder: Path
) -> None:
    columns = visitor.get(f"runs/{finished['id']}/weekly")["columns"]
    weekly = gt.load(folder / finished["folder"]).weekly
    totals = (
        weekly.drop("date", "region", "settlement", "group").group_by("week").sum().sort("week")
    )
    for name in ("adults", "listed", "critical", "gathered", "points_lost_friends"):
        assert columns[name] == pytest.approx(totals[name].to_list())
    assert columns["score_mean"] == pytest.approx(
        (totals["score_sum"] / totals["adults"]).to_list(), abs=1e-3
    )
    named = visitor.get(f"runs/{finished['id']}/weekly?first=2&last=3&names=merits,acted")
    assert named["weeks"] == [2, 3]
    assert named["columns"]["acted"] == totals["acted"].to_list()[1:3]
    wrong = visitor.get(f"runs/{finished['id']}/weekly?names=listd", 404)
    assert "did you mean 'listed'" in wrong["error"]["message"]


def test_frames_agree_with_the_measures(visitor: Visitor, finished: dict[str, Any]) -> None:
    key = finished["id"]
    raw = visitor.client.get(f"/api/runs/{key}/frames")
    assert raw.headers["content-encoding"] == "gzip"
    first, planes = unpacked(raw.content)
    assert (first, planes.shape) == (0, (7, 4, 1_500))
    columns = visitor.get(f"runs/{key}/weekly")["columns"]
    told = {
        "listed": (planes[:, 0] >> 3 & 3) == 1,
        "listed_red": (planes[:, 0] >> 3 & 3) == 2,
        "noticed": (planes[:, 0] >> 3 & 3) == 3,
        "shamed": (planes[:, 0] & 32) > 0,
        "low": (planes[:, 0] & 64) > 0,
        "enrolled": (planes[:, 0] & 128) > 0,
        "praising": (planes[:, 1] & 3) == 1,
        "critical": (planes[:, 1] & 2) > 0,
        "mobilising": (planes[:, 1] & 3) == 3,
        "paying_cash": (planes[:, 1] & 32) > 0,
        "gathered": (planes[:, 1] & 64) > 0,
        "excluded": (planes[:, 2] & 15) > 0,
    }
    for name, bits in told.items():
        assert bits.sum(axis=1)[1:].tolist() == columns[name], name
    assert sum(columns["gathered"]) > 0
    assert ((planes[:, 3] & 15) > 0).tolist() == told["gathered"].tolist()
    later, part = unpacked(visitor.client.get(f"/api/runs/{key}/frames?first=4&last=5").content)
    assert later == 4
    assert (part == planes[4:6]).all()
    _, none = unpacked(visitor.client.get(f"/api/runs/{key}/frames?first=7&last=9").content)
    assert len(none) == 0


def test_the_stage_says_who_is_where(visitor: Visitor, finished: dict[str, Any]) -> None:
    stage = visitor.get(f"runs/{finished['id']}/stage")
    assert (stage["citizens"], stage["of"]) == (1_500, 1_500)
    assert sum(one["count"] for one in stage["zones"]) == 1_500
    assert sum(one["count"] for one in stage["blocks"]) == 1_500
    numbers = [one["citizen"] + i for one in stage["blocks"] for i in range(one["count"])]
    assert numbers == list(range(1_500))
    assert stage["schemes"] == ["total-2020"]
    assert stage["tiers"][0][0]["name"] == "exemplary"
    people = visitor.client.get(f"/api/runs/{finished['id']}/people").content
    assert len(people) == 2 * 1_500
    adults = sum(1 for one in people[:1_500] if one & 8)
    assert adults == visitor.get(f"runs/{finished['id']}/weekly")["columns"]["adults"][0]


def test_a_life_is_what_the_frames_say(visitor: Visitor, finished: dict[str, Any]) -> None:
    key = finished["id"]
    _, planes = unpacked(visitor.client.get(f"/api/runs/{key}/frames").content)
    joined = int(np.flatnonzero((planes[:, 1] & 64).any(axis=0))[0])
    life = visitor.get(f"runs/{key}/citizens/{joined}")
    assert life["is_on_stage"]
    assert set(life["person"]) >= {"region", "age_band", "honesty", "household_size"}
    assert life["weeks"][0]["week"] == 0
    week = int(np.flatnonzero(planes[:, 1, joined] & 64)[0])
    assert [one["week"] for one in life["weeks"] if one["has_joined"]] == [week]
    ties = visitor.get(f"runs/{key}/citizens/{joined}/ties")["ties"]
    assert ties
    for one in ties:
        back = visitor.get(f"runs/{key}/citizens/{one['citizen']}/ties")["ties"]
        assert {"citizen": joined, "kind": one["kind"]} in back
    assert "no citizen '1500'" in visitor.get(f"runs/{key}/citizens/1500", 404)["error"]["message"]


def test_charts_and_findings_are_the_report_s(
    visitor: Visitor, finished: dict[str, Any], folder: Path
) -> None:
    key = finished["id"]
    found = visitor.get(f"runs/{key}/findings")
    run = gt.load(folder / finished["folder"])
    assert [one["sentence"] for one in found["findings"]] == [
        one.sentence for one in run.findings()
    ]
    keys = [one["key"] for one in visitor.get(f"runs/{key}/charts")["charts"]]
    assert {"speech", "gatherings", "scores"} <= set(keys)
    chart = visitor.get(f"runs/{key}/charts/speech?width=400")
    assert chart["spec"]["width"] == 400
    assert chart["spec"]["$schema"].startswith("https://vega.github.io/schema/vega-lite/")
    assert len(chart["rows"][0]) == len(chart["columns"])
    assert visitor.get(f"runs/{key}/charts/speeches", 404)["error"]["kind"] == "unknown"


def test_findings_are_told_while_it_runs(visitor: Visitor) -> None:
    run = visitor.start(seed=31, **LONG)
    visitor.waits_for(run, weeks=3)
    first = visitor.get(f"runs/{run['id']}/findings")
    assert 3 <= first["weeks_done"] < 200
    assert not first["is_complete"]
    assert not any("was stopped" in one["sentence"] for one in first["findings"])
    assert visitor.get(f"runs/{run['id']}/charts/speech")["weeks_done"] >= first["weeks_done"]
    visitor.client.delete(f"/api/runs/{run['id']}")


def test_a_cancelled_run_keeps_its_weeks(visitor: Visitor, folder: Path) -> None:
    run = visitor.start(seed=41, **LONG)
    visitor.waits_for(run, weeks=5)
    cancelled = visitor.client.delete(f"/api/runs/{run['id']}").json()
    assert cancelled["state"] == "cancelled"
    assert 5 <= cancelled["weeks_done"] < 200
    assert cancelled["digest"] is None
    told = visitor.events(run)
    assert told[-1][0] == "end"
    assert len(visitor.get(f"runs/{run['id']}/weekly")["weeks"]) == cancelled["weeks_done"]
    again = visitor.client.delete(f"/api/runs/{run['id']}").json()
    assert again["weeks_done"] == cancelled["weeks_done"]
    place = folder / cancelled["folder"]
    until = time.monotonic() + 20
    while time.monotonic() < until and not (place / "manifest.json").is_file():
        time.sleep(0.05)
    manifest = read_manifest(place)
    assert not manifest["complete"]
    assert manifest["weeks_done"] >= cancelled["weeks_done"]


def test_two_visitors_share_a_world_and_cancel_alone(visitor: Visitor) -> None:
    mine, yours = (visitor.start(seed=51, weeks=120) for _ in range(2))
    assert mine["id"] != yours["id"]
    visitor.waits_for(mine, weeks=2)
    assert visitor.client.delete(f"/api/runs/{mine['id']}").json()["state"] == "cancelled"
    ended = visitor.waits_for(yours)
    assert (ended["state"], ended["weeks_done"]) == ("finished", 120)
    assert visitor.get(f"runs/{mine['id']}")["weeks_done"] < 120


def test_a_cancelled_world_can_be_asked_for_again(visitor: Visitor) -> None:
    first = visitor.start(seed=61, weeks=150)
    visitor.waits_for(first, weeks=2)
    visitor.client.delete(f"/api/runs/{first['id']}")
    again = visitor.runs(seed=61, weeks=150)
    assert again["weeks_done"] == 150
    straight = visitor.runs(seed=61, weeks=150)
    assert straight["digest"] == again["digest"]


def test_a_page_that_is_loaded_again_finds_its_run(client: TestClient, visitor: Visitor) -> None:
    run = visitor.start(seed=71, weeks=60)
    visitor.waits_for(run, weeks=4)
    reloaded = Visitor(client)
    assert reloaded.get(f"runs/{run['id']}")["weeks_done"] >= 4
    first = reloaded.events(run)[1]
    assert (first[0], first[2]["first"]) == ("weeks", 1)
    assert reloaded.get(f"runs/{run['id']}")["state"] == "finished"


def test_a_full_queue_is_told(tmp_path: Path) -> None:
    limits = Limits(citizens=(1_000, 4_000), weeks=(1, 200), waiting=2, running=1, begun=1)
    with TestClient(make_app(tmp_path, limits, is_warmed=False), base_url=HERE) as client:
        visitor = Visitor(client)
        runs = [visitor.start(seed=i, **LONG) for i in range(1, 4)]
        visitor.waits_for(runs[0], weeks=1)
        answer = client.post("/api/runs", json={**SMALL, **LONG, "seed": 10})
        assert answer.status_code == 429
        assert answer.json()["error"]["kind"] == "busy"
        assert answer.json()["error"]["allowed"] == {"waiting": 2}
        assert int(answer.headers["retry-after"]) > 0
        places = [visitor.get(f"runs/{one['id']}")["place"] for one in runs[1:]]
        assert places == [0, 1]
        # Who waits can leave, and the next moves up.
        assert client.delete(f"/api/runs/{runs[1]['id']}").json()["state"] == "cancelled"
        assert visitor.get(f"runs/{runs[2]['id']}")["place"] == 0
        started = time.monotonic()
    assert time.monotonic() - started < 10, "closing the lab stops what is running"


def test_pairs_differ_by_what_was_changed(visitor: Visitor) -> None:
    asked = {"seed": 5, "weeks": 30, "citizens": 3_000}
    hard = visitor.runs(
        **asked, changes={"scheme.friends.points": -30.0, "scheme.friends.threshold_ties": 1}
    )
    soft = visitor.runs(**asked, without=["friends"])
    beside = visitor.get(f"runs/{hard['id']}/beside/{soft['id']}")
    assert {one["key"] for one in beside["what"]} == {
        "without", "scheme.friends.points", "scheme.friends.threshold_ties",
    }  # fmt: skip
    weeks = visitor.get(f"runs/{hard['id']}/beside/{soft['id']}/weeks")
    assert weeks["weeks"] == list(range(31))
    assert weeks["differing"][0] == 0, "before the first week the worlds are one"
    assert beside["differing"] == weeks["differing"][-1] > 0
    assert weeks["differing"].index(next(filter(None, weeks["differing"]))) == beside["parting"]
    _, here = unpacked(visitor.client.get(f"/api/runs/{hard['id']}/frames?first=30").content)
    _, there = unpacked(visitor.client.get(f"/api/runs/{soft['id']}/frames?first=30").content)
    only = ((here[0, 2] & 15) > 0) & ((there[0, 2] & 15) == 0)
    assert np.flatnonzero(only).tolist() == beside["only_here"]
    lost = next(one for one in beside["measures"] if one["name"] == "points_lost_friends")
    assert lost["there"] == 0
    mirrored = visitor.get(f"runs/{soft['id']}/beside/{hard['id']}?week=30")
    assert mirrored["only_there"] == beside["only_here"]
    itself = visitor.get(f"runs/{hard['id']}/beside/{hard['id']}")
    assert (itself["differing"], itself["parting"], itself["what"]) == (0, None, [])


def test_other_people_are_no_pair(visitor: Visitor, finished: dict[str, Any]) -> None:
    other = visitor.runs(seed=4)
    answer = visitor.get(f"runs/{finished['id']}/beside/{other['id']}", 409)["error"]
    assert answer["kind"] == "not_a_pair"
    assert answer["allowed"] == {"seed": [3, 4]}


def test_a_run_that_fails_says_why(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("no folder")
    with TestClient(make_app(blocked, LIMITS, is_warmed=False), base_url=HERE) as client:
        visitor = Visitor(client)
        ended = visitor.waits_for(visitor.start())
        assert ended["state"] == "failed"
        assert "can't write there" in ended["error"]["message"]
        assert visitor.get(f"runs/{ended['id']}/findings", 409)["error"]["kind"] == "not_yet"
        assert visitor.get(f"runs/{ended['id']}/stage", 409)["error"]["kind"] == "not_yet"


def test_old_worlds_are_let_go(tmp_path: Path) -> None:
    limits = Limits(citizens=(1_000, 4_000), weeks=(1, 20), running=1, kept=2, runs=3)
    with TestClient(make_app(tmp_path, limits, is_warmed=False), base_url=HERE) as client:
        visitor = Visitor(client)
        runs = [visitor.runs(seed=i, citizens=1_000, weeks=2) for i in range(1, 6)]
        assert visitor.get(f"runs/{runs[0]['id']}", 404)["error"]["kind"] == "unknown"
        gone = visitor.client.get(f"/api/runs/{runs[2]['id']}/frames")
        assert gone.status_code == 404
        assert visitor.client.get(f"/api/runs/{runs[4]['id']}/frames").status_code == 200
        assert visitor.get("lab")["queue"] == {"waiting": 0, "running": 0, "kept": 2}


def test_worlds_that_have_begun_take_turns(tmp_path: Path) -> None:
    limits = Limits(citizens=(1_000, 4_000), weeks=(1, 200), running=1, begun=3)
    with TestClient(make_app(tmp_path, limits, is_warmed=False), base_url=HERE) as client:
        visitor = Visitor(client)
        runs = [visitor.start(seed=i, weeks=100, citizens=1_000) for i in range(1, 4)]
        for run in runs:
            visitor.waits_for(run, weeks=1)
        done = [visitor.get(f"runs/{run['id']}") for run in runs]
        assert [one["state"] for one in done].count("running") >= 2, "none waits for another's end"
        ended = [visitor.waits_for(run) for run in runs]
        assert [one["weeks_done"] for one in ended] == [100] * 3
        assert len({one["digest"] for one in ended}) == 3


def test_many_at_once_get_their_own(tmp_path: Path) -> None:
    limits = Limits(citizens=(1_000, 2_000), weeks=(1, 20), running=2, waiting=20)
    works = Works(limits, tmp_path)
    asks = [
        Ask.model_validate({"scheme": "total-2020", "citizens": 1_000, "weeks": 3, "seed": i % 4})
        for i in range(12)
    ]
    found: dict[int, Any] = {}

    def want(i: int) -> None:
        found[i] = works.want(checked(asks[i], limits))

    threads = [threading.Thread(target=want, args=(i,)) for i in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    until = time.monotonic() + 60
    while time.monotonic() < until and any(one.state != "finished" for one in found.values()):
        time.sleep(0.02)
    digests = {i: found[i].manifest["digest"] for i in found}
    assert len({id(one) for one in found.values()}) == 4
    for i in range(4):
        alone = gt.run(
            "total-2020", citizens=1_000, weeks=3, seed=i, out=tmp_path / "alone", report=False
        )
        assert {digests[j] for j in range(i, 12, 4)} == {alone.digest}
        assert found[i].recording.sums[-1][INDEX["adults"]] > 0
    works.close()
