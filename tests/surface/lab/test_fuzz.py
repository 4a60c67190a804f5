"""A fuzz of the API from its own description: whatever is sent, the lab never fails."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from starlette.testclient import TestClient
from visiting import HERE, LIMITS, Visitor

from glasstown.surfaces.lab.app import make_app
from glasstown.surfaces.lab.guard import Guard

EXAMPLES = 12
SIZE = {"scheme": "total-2020", "citizens": 2_000, "weeks": 1}
FAILED = 500


def described() -> Any:
    """Return the lab's own description, as the fuzz reads it."""
    made = make_app(Path("nowhere"), LIMITS, is_warmed=False)
    assert isinstance(made, Guard)
    schema = schemathesis.openapi.from_dict(made.app.openapi())  # type: ignore[attr-defined]
    schema.config.update(base_url=HERE)
    return schema


OPERATIONS = {one.ok().label: one.ok() for one in described().get_all_operations()}


@pytest.fixture(scope="module")
def fuzzed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[TestClient, list[str]]]:
    """A lab with a finished and a cancelled run and a cancelled dossier, and their ids."""
    app = make_app(tmp_path_factory.mktemp("fuzzed"), LIMITS, is_warmed=False)
    with TestClient(app, base_url=HERE, raise_server_exceptions=False) as client:
        visitor = Visitor(client)
        runs = [visitor.runs(citizens=1_000, weeks=2), visitor.start(weeks=200, seed=2)]
        visitor.waits_for(runs[1], weeks=1)
        client.delete(f"/api/runs/{runs[1]['id']}")
        runs.append(visitor.post("dossiers", SIZE, 201))
        client.delete(f"/api/dossiers/{runs[2]['id']}")
        yield client, [one["id"] for one in runs]


def test_the_description_has_every_call() -> None:
    assert len(OPERATIONS) > 20
    assert "POST /api/runs" in OPERATIONS
    assert "GET /api/runs/{key}/frames" in OPERATIONS
    assert {"POST /api/dossiers", "GET /dossiers/{key}", "GET /claims"} <= set(OPERATIONS)


@pytest.mark.parametrize("label", OPERATIONS)
def test_the_lab_never_fails(label: str, fuzzed: tuple[TestClient, list[str]]) -> None:
    client, ids = fuzzed
    operation = OPERATIONS[label]
    seen: set[int] = set()

    @settings(
        max_examples=EXAMPLES, phases=[Phase.generate], suppress_health_check=list(HealthCheck)
    )
    @given(st.data())
    def sent(data: st.DataObject) -> None:
        mode = data.draw(st.sampled_from(GenerationMode))
        case = data.draw(operation.as_strategy(generation_mode=mode))
        for name in ("key", "other"):
            if name in (case.path_parameters or {}) and data.draw(st.booleans()):
                case.path_parameters[name] = data.draw(st.sampled_from(ids))
        if isinstance(case.body, dict) and data.draw(st.booleans()):
            case.body = {**SIZE, **case.body, "scheme": SIZE["scheme"]}
        keywords = case.as_transport_kwargs(base_url=HERE)
        if isinstance(keywords.get("data"), bytes | str):
            keywords["content"] = keywords.pop("data")
        answer = client.request(**{key: value for key, value in keywords.items() if key in KNOWN})
        assert answer.status_code < FAILED, f"{keywords}: {answer.text[:300]}"
        if answer.status_code >= 400:
            assert set(answer.json()["error"]) == {"kind", "message", "problems", "allowed"}
        if label == "POST /api/dossiers" and answer.status_code == 201:
            client.delete(f"/api/dossiers/{answer.json()['id']}")
        seen.add(answer.status_code)

    sent()
    assert seen, "something was sent"


KNOWN = ("method", "url", "headers", "params", "json", "content")
