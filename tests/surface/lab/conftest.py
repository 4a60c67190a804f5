"""One lab for all tests here: small limits, runs in a folder of its own, nothing warmed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient
from visiting import HERE, LIMITS, Visitor

from glasstown.surfaces.lab.app import make_app


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("lab")


@pytest.fixture(scope="session")
def client(folder: Path) -> Iterator[TestClient]:
    with TestClient(make_app(folder, LIMITS, is_warmed=False), base_url=HERE) as client:
        yield client


@pytest.fixture
def visitor(client: TestClient) -> Visitor:
    return Visitor(client)


@pytest.fixture(scope="session")
def finished(client: TestClient) -> dict[str, Any]:
    """A run with a gathering that everybody may read."""
    return Visitor(client).runs(spark=["2014-01-29"], seed=3)
