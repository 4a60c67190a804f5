"""Where two runs part: the week, the field, the citizen and the draw, or that they never do."""

from __future__ import annotations

import json
import signal
from typing import Any

import numpy as np
import pytest

import glasstown as gt
from glasstown.engine.engines import ENGINES, CpuEngine
from glasstown.engine.world import SCORE
from glasstown.errors import EngineError, InputError
from glasstown.lab.branches import by_citizen
from glasstown.lab.diverge import pair
from glasstown.lab.diverge.divergence import Divergence
from glasstown.lab.diverge.diverging import diverge
from glasstown.lab.scenario import load_scenario

CITIZENS = 4_000
EARLY_FRIENDS = {"scheme.friends.threshold_ties": 1, "scheme.friends.points": -3}


def compared(a: Any, b: Any = None, weeks: int = 40, **more: Any) -> Divergence:
    return diverge(a, b, citizens=CITIZENS, weeks=weeks, threads=1, **more)


def test_one_scenario_twice_is_identical(tmp_path) -> None:
    found = compared("total-2020", weeks=12)
    assert found.is_identical
    assert found.weeks_compared == 12
    assert found.decision is None
    run = gt.run("total-2020", citizens=CITIZENS, weeks=12, out=tmp_path, report=False)
    assert found.digests == (run.digest, run.digest)


def test_a_mechanism_left_out_shows_where_it_did_something_first() -> None:
    found = compared("total-2020", weeks=80, changes={"without": ["friends"]}, **EARLY_FRIENDS)
    assert found.start == ()
    assert found.week is not None
    assert found.decision is not None
    assert (found.decision.step, found.decision.what) == ("associate", "points_lost_friends")
    assert found.decision.b is None
    assert found.decision.a is not None
    assert found.decision.citizen in {one.citizen for one in found.fields}
    lost = next(one for one in found.tallies if one.measure == "points_lost_friends")
    assert lost.b == 0 < lost.a
    assert compared(
        "total-2020", weeks=found.week - 1, changes={"without": ["friends"]}, **EARLY_FRIENDS
    ).is_identical


def test_the_field_that_differs_is_the_one_in_the_states() -> None:
    found = compared("total-2020", changes={"scheme.expiry.half_life_weeks": 8})
    week = found.week or 0
    both = [
        pair.member(load_scenario("total-2020", overrides={
            "citizens": CITIZENS, "weeks": week, "scheme.expiry.half_life_weeks": weeks,
        }), "cpu", 1).country for weeks in (104, 8)
    ]  # fmt: skip
    given = load_scenario("total-2020").scheme.expiry
    assert given is not None
    assert given.half_life_weeks == 104
    for one in both:
        list(one.weeks(week))
    scores = [by_citizen(one.society.layout, one.state.points[SCORE]) for one in both]
    where = np.flatnonzero(scores[0] != scores[1])
    score = next(one for one in found.fields if one.field == "score")
    assert (score.differs_for, score.citizen) == (where.size, where[0])
    assert (score.a, score.b) == tuple(one[where[0]] / 10 for one in scores)
    assert found.decision is not None
    assert found.decision.what == "expires"
    assert found.decision.draw == "REFLECT"


def test_a_draw_against_two_limits_is_named() -> None:
    found = compared("total-2020", changes={"scheme.channels.court.misidentification": 0.4})
    one = found.decision
    assert one is not None
    assert (one.step, one.what, one.draw) == ("watch", "recorded", "WATCH")
    assert one.a is not None
    assert one.b is not None
    assert one.a["draw"] == one.b["draw"]
    assert int(one.a["limit"]) <= int(one.a["draw"]) < int(one.b["limit"])


def test_schemes_that_start_apart_are_compared_by_what_happens() -> None:
    found = compared("total-2020", "court-list")
    assert next(one.field for one in found.start) == "score"
    assert (found.start[0].a, found.start[0].b) == (100, 0)
    assert found.week == 1
    assert found.decision is not None
    assert not {one.field for one in found.start} & {one.field for one in found.fields}


def test_two_seeds_part_before_the_first_week() -> None:
    found = compared("total-2020", changes={"seed": 2}, weeks=2)
    assert any("tie" in one.field for one in found.start)
    assert found.decision is not None
    assert found.decision.step == "act"


@pytest.mark.parametrize("mechanism", ["watch", "misses", "speech", "caution", "household",
                                       "sanctions", "conformity", "firms"])  # fmt: skip
def test_what_differs_is_always_traced_to_a_decision(mechanism: str) -> None:
    found = compared("total-2020", weeks=120, changes={"without": [mechanism]})
    assert found.week is not None
    assert found.decision is not None
    assert found.decision.a != found.decision.b


def test_the_engines_are_identical() -> None:
    found = diverge("total-2020", citizens=1_000, weeks=4, engines=("reference", "cpu"))
    assert found.is_identical


class Faulty(CpuEngine):
    """A cpu engine that gets one citizen's caution wrong in the third week."""

    def run_week(
        self, worlds: Any, state: Any, keys: Any, week: int, *more: Any, **and_: Any
    ) -> None:
        super().run_week(worlds, state, keys, week, *more, **and_)
        if week == 2:
            state.caution[64 + 5] += 1


def test_a_wrong_engine_is_shown_with_what_the_reference_does(monkeypatch) -> None:
    monkeypatch.setitem(ENGINES, "faulty", Faulty)
    found = diverge("total-2020", citizens=1_000, weeks=6, engines=("reference", "faulty"))
    assert found.week == 3
    assert [one.field for one in found.fields] == ["caution"]
    assert found.fields[0].block == 1
    assert found.decision is None
    assert all(f"citizen {found.fields[0].citizen}:" in line for line in found.notes)


def test_ctrl_c_says_how_far_it_went(monkeypatch) -> None:
    fields = pair.differing_fields

    def interrupted(one: Any, *more: Any) -> Any:
        if one.week == 3:
            signal.raise_signal(signal.SIGINT)
        return fields(one, *more)

    monkeypatch.setattr(pair, "differing_fields", interrupted)
    found = compared("total-2020", weeks=10)
    assert (found.weeks_compared, found.is_identical) == (3, True)


def test_a_divergence_is_data() -> None:
    data = json.loads(json.dumps(compared("total-2020", "court-list").as_data()))
    assert data["label"] == "synthetic society, not a prediction"
    assert data["is_identical"] is False
    assert data["decision"]["citizen"] >= 0


@pytest.mark.parametrize(
    ("more", "error", "message"),
    [
        ({"changes": {"citizens": 2_000}}, InputError, "citizens: 4000 in A and 2000 in B"),
        ({"changes": {"weeks": 3}}, InputError, "weeks: 40 in A and 3 in B"),
        ({"changes": {"without": ["frends"]}}, InputError, "Did you mean 'friends'"),
        ({"engines": ("cpu",)}, InputError, "needs two of cpu, reference"),
        ({"engines": "cpu"}, InputError, "needs two of cpu, reference"),
        ({"engines": ("cpu", "gpu2")}, EngineError, "'gpu2' is not one of"),
    ],
)
def test_what_cannot_be_compared_is_refused(more: Any, error: Any, message: str) -> None:
    with pytest.raises(error, match=message):
        compared("total-2020", **more)
