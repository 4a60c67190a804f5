"""A block's weeks are lived again: the same bytes, all its flows, and a wrong engine is caught."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from varied import CASES

from glasstown.engine.country import Country
from glasstown.engine.measures import FLOWS, NAMES
from glasstown.engine.world import SCORE
from glasstown.errors import EngineError
from glasstown.lab.trace.noting import STEPS, step_of
from glasstown.lab.trace.witness import Witness
from glasstown.society import layout as at

BY_NAME = {case.name: case for case in CASES}
LIVED = (
    "shipped-total-2020", "harsh", "uneven", "groups", "cautious", "grace-appealed", "insiders",
    "voluntary-for-all", "firms-7", "hidden", "gathered", "gathered-by-all", "another-score",
    "opened-and-closed", "many-at-once", "household-denies",
)  # fmt: skip
WAITS = [i for i, name in enumerate(NAMES) if name.startswith("hospital_wait")]


@pytest.mark.parametrize("name", LIVED)
def test_every_week_of_a_block_is_lived_again(name: str) -> None:
    """The witness raises when the bytes differ; here it must also have seen something."""
    case = BY_NAME[name]
    country = case.country(workers=2)
    blocks = country.society.layout.blocks
    witness = Witness(country, sum(map(ord, name)) % blocks)
    noted = 0
    for _ in country.weeks(case.weeks):
        noted += len(witness.week.notes)
        indices = {one.citizen // at.BLOCK for one in witness.week.notes}
        assert indices <= {witness.near.block}
    assert noted > 0


def test_all_blocks_together_make_the_tally() -> None:
    case = BY_NAME["another-score"]
    country = case.country()
    witnesses = [Witness(country, block) for block in range(country.society.layout.blocks)]
    flows = [i for i in FLOWS if i not in WAITS]
    for _ in range(6):
        tally = country.advance()
        lived = np.sum([one.week.tally for one in witnesses], axis=0)
        np.testing.assert_array_equal(lived[:, :, flows], tally[:, :, flows])
        np.testing.assert_array_equal(lived[:, :, len(NAMES) :], tally[:, :, len(NAMES) :])


def test_the_run_is_not_touched_by_its_witness() -> None:
    case = BY_NAME["gathered"]
    alone, watched = case.country(), case.country()
    Witness(watched, 3)
    for _ in range(case.weeks):
        np.testing.assert_array_equal(alone.advance(), watched.advance())
    assert alone.digest() == watched.digest()


class Faulty:
    """An engine that gets one score wrong in one week."""

    def __init__(self, country: Country, block: int, week: int) -> None:
        self._engine, self._block, self._week = country.engine, block, week
        country.engine = self

    def __getattr__(self, name: str) -> Any:
        return getattr(self._engine, name)

    def run_week(
        self, worlds: Any, state: Any, keys: Any, week: int, *more: Any, **and_: Any
    ) -> None:
        self._engine.run_week(worlds, state, keys, week, *more, **and_)
        if week == self._week:
            state.points[SCORE, self._block * at.BLOCK] += 1


def test_a_wrong_engine_is_caught_in_the_week_in_which_it_is_wrong() -> None:
    country = BY_NAME["harsh"].country()
    Faulty(country, block=2, week=3)
    Witness(country, 2)
    list(country.weeks(3))
    with pytest.raises(EngineError, match=r"week 4, block 2: the engine's points are not those"):
        country.advance()


def test_a_wrong_engine_elsewhere_is_not_this_blocks_matter() -> None:
    country = BY_NAME["harsh"].country()
    Faulty(country, block=2, week=3)
    Witness(country, 5)
    assert len(list(country.weeks(4))) == 4


def test_every_flow_has_a_step() -> None:
    known = {"act", *STEPS}
    for i in FLOWS:
        if i not in WAITS:
            assert step_of(NAMES[i]) in known, NAMES[i]
