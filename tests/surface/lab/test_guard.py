"""Safety: who may call, from where, with how much; and that nothing leaves its folder."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient
from visiting import HERE, LIMITS, SMALL, Visitor

from glasstown.surfaces.lab.app import make_app
from glasstown.surfaces.lab.limits import Limits

TOKEN = "a-token-that-nobody-guesses"


@pytest.fixture(scope="module")
def closed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """A lab with a token and a name of its own."""
    made = make_app(
        tmp_path_factory.mktemp("closed"), LIMITS, hosts=["lab.example"], token=TOKEN,
        is_warmed=False,
    )  # fmt: skip
    with TestClient(made, base_url="http://lab.example") as client:
        yield client


def refused(answer: Any, status: int, kind: str) -> None:
    assert answer.status_code == status, answer.text
    assert answer.json()["error"]["kind"] == kind


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example", "", "localhost.", "[", "a b", "localhost@x"]
)
def test_an_unknown_host_is_refused(client: TestClient, host: str) -> None:
    for path in ("/", "/api/lab", "/static/x.js"):
        refused(client.get(path, headers={"host": host}), 403, "host")


@pytest.mark.parametrize("host", ["localhost:8765", "127.0.0.1", "[::1]:9000", "192.168.1.7:80"])
def test_loopback_and_plain_addresses_are_hosts(client: TestClient, host: str) -> None:
    assert client.get("/api/lab", headers={"host": host}).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "http://evil.example"},
        {"origin": "null"},
        {"origin": "http://["},
        {"origin": "http://127.0.0.1:9999"},
        {"origin": "http://127.0.0.1:8765.evil.example"},
        {"sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors"},
        {"sec-fetch-site": "same-site"},
        {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate"},
    ],
)
def test_calls_from_other_pages_are_refused(client: TestClient, headers: dict[str, str]) -> None:
    refused(client.post("/api/runs", json=SMALL, headers=headers), 403, "origin")
    refused(client.get("/api/schemes", headers=headers), 403, "origin")


def test_calls_from_the_page_itself_pass(client: TestClient) -> None:
    own = {"origin": HERE, "sec-fetch-site": "same-origin", "sec-fetch-mode": "cors"}
    assert client.get("/api/schemes", headers=own).status_code == 200


def test_a_link_elsewhere_may_lead_to_the_page_only(client: TestClient) -> None:
    link = {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate"}
    assert client.get("/static/nothing.js", headers=link).status_code == 404
    refused(client.get("/static/x.js", headers={"sec-fetch-site": "cross-site"}), 403, "origin")


@pytest.mark.parametrize(
    "given", [None, "", "Bearer", "Bearer wrong", f"Basic {TOKEN}", f"Bearer {TOKEN}x", "Bearer ä"]
)
def test_a_token_is_needed(closed: TestClient, given: str | None) -> None:
    headers = {} if given is None else {"authorization": given.encode("latin-1")}
    for path in ("/api/lab", "/api/openapi.json", "/api/runs/x", "/api/nothing"):
        refused(closed.get(path, headers=headers), 401, "token")
    refused(closed.post("/api/runs", json=SMALL, headers=headers), 401, "token")
    refused(closed.get(f"/api/lab?token={TOKEN}", headers=headers), 401, "token")


def test_the_token_lets_in_and_the_name_is_known(closed: TestClient) -> None:
    lab = closed.get("/api/lab", headers={"authorization": f"Bearer {TOKEN}"})
    assert lab.json()["needs_token"]
    assert TOKEN not in lab.text


def test_every_answer_is_sealed(client: TestClient) -> None:
    answers = [
        client.get("/api/lab"), client.get("/nothing"), client.get("/api/nothing"),
        client.post("/api/runs", content=b"{"), client.get("/", headers={"host": "evil"}),
    ]  # fmt: skip
    for answer in answers:
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert "set-cookie" not in answer.headers
        assert "access-control-allow-origin" not in answer.headers


def test_large_bodies_are_refused(client: TestClient) -> None:
    body = json.dumps({**SMALL, "without": ["x" * 60] * 6000})
    assert len(body) > LIMITS.body_bytes
    refused(client.post("/api/runs", content=body), 413, "too_large")

    def slowly() -> Iterator[bytes]:
        for _ in range(100):
            yield b" " * 10_000

    refused(client.post("/api/check", content=slowly()), 413, "too_large")


@pytest.mark.parametrize(
    "body",
    [
        b"", b"{", b"[]", b"null", b"\xff\xfe", b'{"scheme": 1}', b"[" * 20_000,
        b'{"scheme": "none", "citizens": 1e9999}', b'{"scheme": "none", "citizens": NaN}',
        b'{"scheme": "none", "x": 1}', b'{"scheme": "none", "citizens": "2000"}',
        b'{"scheme": "none", "changes": {"society.conformity": {"a": 1}}}',
        b'{"scheme": "none", "changes": {"society.conformity": [1]}}',
        b'{"scheme": "none", "seed": 99999999999999999999}', b'{"scheme": "none", "seed": -1}',
    ],
)  # fmt: skip
def test_what_is_no_ask_is_unreadable(client: TestClient, body: bytes) -> None:
    answer = client.post("/api/runs", content=body, headers={"content-type": "application/json"})
    refused(answer, 400, "unreadable")


@pytest.mark.parametrize(
    "path",
    [
        "/static/../app.py", "/static/..%2fapp.py", "/static/%2e%2e/app.py", "/static//etc/passwd",
        "/static/..%5capp.py", "/static/%00", "/api/runs/..%2f..%2fetc%2fpasswd",
        "/api/runs/../../../etc/passwd/report.html", "/api/runs/%2e%2e/report.html",
        "/api/schemes/..%2f..%2fpyproject.toml", "/api/schemes/%2fetc%2fpasswd",
        "/api/levers?scheme=/etc/passwd", "/api/levers?scheme=../x.yaml",
    ],
)  # fmt: skip
def test_paths_lead_nowhere(client: TestClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code in (400, 404), answer.text
    assert "root:" not in answer.text
    assert "def " not in answer.text


def test_text_of_an_ask_opens_no_file(visitor: Visitor, tmp_path: Path) -> None:
    secret = tmp_path / "secret.csv"
    secret.write_text("the secret of this file\n")
    hostile: list[dict[str, Any]] = [
        {"scheme": str(secret)},
        {"changes": {"society.regions": str(secret)}},
        {"rollout": [{"since": "2014-01-01", "scheme": str(secret)}]},
        {"changes": {"scheme.participation": "!!python/object/apply:os.system ['true']"}},
        {"groups": [{"name": str(secret)[:40], "share": 0.1}]},
    ]
    for one in hostile:
        for path in ("check", "runs"):
            answer = visitor.client.post(f"/api/{path}", json={**SMALL, **one})
            assert answer.status_code in (400, 422), answer.text
            assert "the secret" not in answer.text


def test_many_calls_are_slowed_down(tmp_path: Path) -> None:
    limits = Limits(calls=(0.5, 5), starts=(0.5, 2), running=1, citizens=(1_000, 2_000))
    with TestClient(make_app(tmp_path, limits, is_warmed=False), base_url=HERE) as client:
        answers = [client.post("/api/runs", json={**SMALL, "citizens": 1}) for _ in range(3)]
        assert [one.status_code for one in answers] == [422, 422, 429]
        answers = [client.get("/api/lab") for _ in range(3)]
        assert [one.status_code for one in answers] == [200, 200, 429]
        refused(answers[-1], 429, "rate")
        assert int(answers[-1].headers["retry-after"]) >= 1


def test_streams_are_bounded(tmp_path: Path, client: TestClient, finished: dict[str, Any]) -> None:
    limits = Limits(streams=1, running=1, citizens=(1_000, 2_000))
    with TestClient(make_app(tmp_path, limits, is_warmed=False), base_url=HERE) as alone:
        visitor = Visitor(alone)
        run = visitor.runs(citizens=1_000, weeks=1)
        for _ in range(3):
            assert visitor.events(run)[-1][0] == "end", "a stream that ended gives its place back"


def test_methods_and_addresses_that_are_not(client: TestClient) -> None:
    refused(client.put("/api/runs", json=SMALL), 405, "method")
    refused(client.get("/api/nothing"), 404, "unknown")
    refused(client.get("/api/runs/unknown"), 404, "unknown")
