"""Take part: who joins a voluntary scheme, who leaves it."""

from __future__ import annotations

from fractions import Fraction
from itertools import product

import pytest

from glasstown.laws.sanction import NEVER
from glasstown.laws.take_part import joins_scheme, leaves_scheme


@pytest.mark.parametrize(("reward", "fear_q8"), [(0, 128), (40, 128), (255, 1024), (1, 77)])
def test_who_joins_over_all_opinions_and_cautions(reward: int, fear_q8: int) -> None:
    fear = Fraction(fear_q8, 256)
    joined = 0
    for opinion, caution in product(range(256), repeat=2):
        expected = (opinion - 128) + reward > fear * caution
        assert joins_scheme(True, opinion, caution, reward, fear_q8) == expected
        joined += expected
    assert 0 < joined < 65_536


def test_who_does_not_know_of_it_never_joins() -> None:
    for opinion, caution, reward in product((0, 128, 255), (0, 255), (0, 255)):
        assert not joins_scheme(False, opinion, caution, reward, 0)
    assert joins_scheme(True, 255, 0, 255, 0)


def test_rewards_draw_in_and_fear_keeps_out() -> None:
    assert [joins_scheme(True, 100, 0, reward, 128) for reward in (27, 28, 29)] == [
        False, False, True,
    ]  # fmt: skip
    assert [joins_scheme(True, 168, caution, 0, 128) for caution in (79, 80, 81)] == [
        True, False, False,
    ]  # fmt: skip


def test_without_reward_or_fear_supporters_join_and_nobody_else() -> None:
    joined = [opinion for opinion in range(256) if joins_scheme(True, opinion, 0, 0, 128)]
    assert joined == list(range(129, 256))


def test_who_falls_below_the_limit_leaves() -> None:
    for score, limit in product(range(-50, 51), repeat=2):
        assert leaves_scheme(score, limit) == (score not in range(limit, 51))
    assert not any(leaves_scheme(score, NEVER) for score in (-10_000, 0, 20_000))
