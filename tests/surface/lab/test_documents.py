"""Documents: the page of tested claims, and dossiers: made, watched, cancelled, read."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient
from visiting import HERE, LIMITS, LONGEST_WAIT_S, Visitor

from glasstown.lab.assessment.dossier import assess
from glasstown.lab.claims.recorded import recorded
from glasstown.lab.claims.wording import MARKS
from glasstown.surfaces.lab.app import make_app
from glasstown.surfaces.lab.limits import Limits

SMALL: dict[str, Any] = {"scheme": "court-list", "citizens": 2_000, "weeks": 8, "seeds": 2}


class _Parts(HTMLParser):
    """What a page is made of."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}


def _has_no_script(text: str) -> bool:
    parts = _Parts(text)
    return "script" not in parts.tags and not any(one.startswith("on") for one in parts.attributes)


def _made(visitor: Visitor, dossier: dict[str, Any]) -> dict[str, Any]:
    """Return a dossier once it has ended."""
    until = time.monotonic() + LONGEST_WAIT_S
    while time.monotonic() < until:
        now: dict[str, Any] = visitor.get(f"dossiers/{dossier['id']}")
        if now["state"] in ("finished", "cancelled", "failed"):
            return now
        time.sleep(0.02)
    raise AssertionError(f"still not there: {now}")


@pytest.fixture(scope="module")
def dossier(client: TestClient) -> dict[str, Any]:
    """A dossier of a world with a change."""
    visitor = Visitor(client)
    ask = {**SMALL, "seed": 4, "changes": {"scheme.appeal.rate": 0.6}}
    done = _made(visitor, visitor.post("dossiers", ask, 201))
    assert done["state"] == "finished", done
    return done


def test_claims_have_verdicts_and_a_page_of_their_own(client: TestClient) -> None:
    told = Visitor(client).get("claims")
    assert told["counts"] == recorded().counts
    assert told["command"] == "glasstown claims --citizens 50000 --seeds 8 --seed 3"
    for one in told["claims"]:
        assert one["mark"] == MARKS[one["result"]["verdict"]]
        assert re.search(r"\d|no ", one["sentence"])
    answer = client.get(told["page"])
    assert answer.status_code == 200
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; style-src 'unsafe-inline'; img-src data:;")
    assert "script-src" not in policy
    assert _has_no_script(answer.text)
    assert answer.text.count("<svg") == len([one for one in recorded().tested if one.swept])
    for one in told["claims"]:
        assert f'<h2 id="{one["name"]}">' in answer.text


def test_a_dossier_is_a_page_of_its_own(
    client: TestClient, dossier: dict[str, Any], folder: Path
) -> None:
    assert dossier["weeks_done"] == dossier["weeks"] > 2 * 8
    assert dossier["link"].endswith("&scheme.appeal.rate=0.6")
    answer = client.get(dossier["page"])
    assert answer.status_code == 200
    assert "style-src 'unsafe-inline'" in answer.headers["content-security-policy"]
    assert "script-src" not in answer.headers["content-security-policy"]
    assert answer.headers["cache-control"] == "no-store"
    assert _has_no_script(answer.text)
    assert "not a prediction" in answer.text
    assert "glasstown assess scenario.yaml --citizens 2000 --weeks 8 --seeds 2" in answer.text
    assert str(folder) not in answer.text


def test_a_dossier_lands_in_a_folder_and_is_what_the_command_makes(
    client: TestClient, dossier: dict[str, Any], folder: Path
) -> None:
    [made] = (folder / "dossiers").glob("*-2000-8w-*")
    assert {one.name for one in made.iterdir()} >= {"assessment.json", "assessment.html"}
    here = json.loads((made / "assessment.json").read_text("utf-8"))
    again = assess("court-list", citizens=2_000, weeks=8, seeds=2, seed=4,
                   **{"scheme.appeal.rate": 0.6}).as_data()  # fmt: skip
    assert here["digests"] == again["digests"]
    assert here["sections"] == again["sections"]
    assert here["scheme_hash"] == again["scheme_hash"]


def test_the_making_of_a_dossier_is_told(client: TestClient, dossier: dict[str, Any]) -> None:
    """The same again reads the seeds that are finished, so it is over at once."""
    visitor = Visitor(client)
    again = visitor.post("dossiers", dossier["ask"], 201)
    text = client.get(f"/api/dossiers/{again['id']}/events").text
    kinds = re.findall(r"^event: (\w+)$", text, re.MULTILINE)
    assert kinds[0] == "state"
    assert kinds[-1] == "end"
    end = json.loads(re.findall(r"^data: (.*)$", text, re.MULTILINE)[-1])
    assert end["state"] == "finished"
    assert end["page"] != dossier["page"]
    assert client.get(end["page"]).content == client.get(dossier["page"]).content


@pytest.mark.parametrize(
    ("ask", "words"),
    [
        ({"seeds": 1}, "seeds: must be from 2 to 8 here, not 1"),
        ({"seeds": 9}, "seeds: must be from 2 to 8 here, not 9"),
        ({"citizens": 1_999}, "citizens: must be from 2_000 to 4_000 here, not 1_999"),
        ({"weeks": 1_000}, "weeks: must be from 1 to 200 here"),
    ],
)
def test_a_dossier_over_the_limits_is_refused(visitor: Visitor, ask: Any, words: str) -> None:
    error = visitor.post("dossiers", {**SMALL, **ask}, 422)["error"]
    assert error["kind"] == "limit"
    assert words in error["message"]
    assert error["allowed"]


def test_what_cannot_be_assessed_is_refused(visitor: Visitor) -> None:
    error = visitor.post("dossiers", {**SMALL, "scheme": "cuort-list"}, 422)["error"]
    assert error["problems"][0]["nearest"] == "court-list"
    assert (
        visitor.post("dossiers", {**SMALL, "out": "/tmp/x"}, 400)["error"]["kind"] == "unreadable"
    )
    assert visitor.get("dossiers/no-such", 404)["error"]["kind"] == "unknown"


@pytest.fixture
def narrow(tmp_path: Path) -> Iterator[TestClient]:
    """A lab on one processor in which one dossier may wait, two are kept, and a token is needed."""
    limits = Limits(**{**vars(LIMITS), "running": 1, "dossiers_waiting": 1, "dossiers_kept": 2})
    app = make_app(tmp_path, limits, is_warmed=False, token="t" * 16)
    bearer = {"authorization": "Bearer " + "t" * 16}
    with TestClient(app, base_url=HERE, headers=bearer) as client:
        yield client


def _until(
    visitor: Visitor, dossier: dict[str, Any], is_so: Callable[[dict[str, Any]], bool]
) -> Any:
    for _ in range(LONGEST_WAIT_S * 50):
        if is_so(now := visitor.get(f"dossiers/{dossier['id']}")):
            return now
        time.sleep(0.02)
    raise AssertionError(now)


def test_dossiers_wait_are_cancelled_and_forgotten(narrow: TestClient) -> None:
    visitor, long = Visitor(narrow), {**SMALL, "citizens": 4_000, "weeks": 200, "seeds": 8}
    first = visitor.post("dossiers", long, 201)
    _until(visitor, first, lambda one: one["state"] == "running")
    second = visitor.post("dossiers", {**long, "seed": 2}, 201)
    assert (second["state"], second["place"]) == ("queued", 1)
    refused = visitor.post("dossiers", {**long, "seed": 3}, 429)["error"]
    assert (refused["kind"], refused["allowed"]) == ("busy", {"waiting": 1})
    _until(visitor, first, lambda one: one["weeks_done"] > 0)
    assert narrow.get(f"/dossiers/{first['id']}").status_code == 409
    visitor.runs(citizens=1_000, weeks=3)
    assert visitor.get(f"dossiers/{first['id']}")["state"] == "running", "runs have their turn"
    for one in (second, first):
        assert narrow.delete(f"/api/dossiers/{one['id']}").status_code == 200
    stopped = _made(visitor, first)
    assert stopped["state"] == "cancelled"
    assert 0 < stopped["weeks_done"] < stopped["weeks"]
    assert _made(visitor, second)["weeks_done"] == 0
    third = visitor.post("dossiers", {**long, "seed": 3}, 201)
    assert visitor.get(f"dossiers/{first['id']}", 404)["error"]["kind"] == "unknown"
    narrow.delete(f"/api/dossiers/{third['id']}")


def test_calls_need_the_token_and_documents_an_address_that_cannot_be_guessed(
    narrow: TestClient,
) -> None:
    nobody = {"authorization": ""}
    assert narrow.post("/api/dossiers", json=SMALL, headers=nobody).status_code == 401
    assert narrow.get("/dossiers/guessed", headers=nobody).status_code == 404
    elsewhere = {"origin": "http://elsewhere.example", "sec-fetch-site": "cross-site"}
    assert narrow.get("/dossiers/guessed", headers=elsewhere).status_code == 403
