"""A life that is traced from the page is the life that `glasstown trace` tells."""

from __future__ import annotations

from typing import Any

import pytest
from visiting import Visitor

from glasstown.surfaces.lab import traces


def test_a_life_is_traced_up_to_the_last_week(visitor: Visitor, finished: dict[str, Any]) -> None:
    tracing = pytest.importorskip("glasstown.lab.trace.tracing")
    path = f"runs/{finished['id']}/citizens/700"
    life = visitor.get(path)
    assert life["can_trace"]
    told = visitor.get(f"{path}/trace")
    alone = tracing.trace(
        "total-2020", 700, citizens=1_500, weeks=6, seed=3, spark=["2014-01-29"], threads=1
    )
    assert told["findings"] == alone.findings()
    events = [(week.week, one.sentence) for week in alone.life.weeks for one in week.events]
    assert [(one["week"], one["sentence"]) for one in told["events"]] == events
    assert told["lives"][0]["digest"] == finished["digest"]
    assert visitor.get(f"{path}/trace") == told
    assert visitor.get(f"runs/{finished['id']}/citizens/1500/trace", 404)


def test_where_nobody_can_be_traced_it_is_told(
    visitor: Visitor, finished: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(traces, "MAKER", "glasstown.lab.nowhere.tracing")
    assert not visitor.get(f"runs/{finished['id']}/citizens/1")["can_trace"]
    error = visitor.get(f"runs/{finished['id']}/citizens/1/trace", 404)["error"]
    assert "can't trace" in error["message"]
