"""Speak: the stance is monotone in opinion, caution and peers; fear makes false praise."""

from __future__ import annotations

from fractions import Fraction
from itertools import product
from math import floor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from glasstown.laws import Q16
from glasstown.laws.speak import (
    CRITICISM,
    EFFORT,
    PRAISE,
    SILENCE,
    is_unheard,
    mobilises,
    stance,
)
from glasstown.society.declaration import Society

byte = st.integers(0, 255)
ties = st.integers(0, 14)
weights = st.tuples(
    st.integers(0, 64 * 256), st.integers(0, 1024), st.integers(0, 1024),
    st.integers(0, 128), st.integers(0, 128),
)  # fmt: skip
FAVOUR = {CRITICISM: -1, SILENCE: 0, PRAISE: 1}
SOCIETY = Society.model_validate({})
USUAL = (
    round(SOCIETY.conformity * 256),
    round(SOCIETY.fear_of_speech * 256),
    round(SOCIETY.praise_from_fear * 256),
)


def favour(opinion: int, boldness: int, caution: int, plus: int, minus: int, w: tuple) -> int:
    """Return -1, 0 or 1: criticism, silence, praise."""
    return FAVOUR[stance(opinion, boldness, caution, plus, minus, *w)]


@given(byte, byte, byte, ties, ties, weights)
def test_a_better_opinion_never_makes_critical(o, b, c, plus, minus, w) -> None:
    assert favour(min(o + 1, 255), b, c, plus, minus, w) >= favour(o, b, c, plus, minus, w)


@given(byte, byte, byte, ties, ties, weights)
def test_more_caution_never_makes_critical(o, b, c, plus, minus, w) -> None:
    assert favour(o, b, min(c + 1, 255), plus, minus, w) >= favour(o, b, c, plus, minus, w)


@given(byte, byte, byte, ties, ties, weights)
def test_peers_pull_their_own_way(o, b, c, plus, minus, w) -> None:
    here = favour(o, b, c, plus, minus, w)
    assert favour(o, b, c, plus + 1, minus, w) >= here
    assert favour(o, b, c, plus, minus + 1, w) <= here


@given(byte, byte, byte, ties, ties, weights)
def test_boldness_never_makes_praise(o, b, c, plus, minus, w) -> None:
    assert favour(o, min(b + 1, 255), c, plus, minus, w) <= favour(o, b, c, plus, minus, w)


@given(byte, byte, byte, ties, ties, weights)
def test_pay_and_penalty_move_towards_praise(o, b, c, plus, minus, w) -> None:
    here = favour(o, b, c, plus, minus, w)
    assert favour(o, b, c, plus, minus, (*w[:3], w[3] + 1, w[4])) >= here
    assert favour(o, b, c, plus, minus, (*w[:4], w[4] + 1)) >= here


@given(byte, byte, byte, ties, ties, weights)
def test_the_stance_is_the_stronger_of_those_that_pass(o, b, c, plus, minus, w) -> None:
    conformity, fear, from_fear, pays, costs = w
    peers = (minus - plus) * conformity / 256
    criticise = 128 - o + b / 4 + peers - c * fear / 256 - costs
    praise = o - 128 - peers + c * from_fear / 256 + pays
    margins = [criticise - EFFORT, praise - EFFORT, criticise - praise]
    if min(abs(margin) for margin in margins) <= 4:
        return  # four products are cut to whole points: too near to call
    if o < 128 and criticise > EFFORT and criticise > praise:
        assert stance(o, b, c, plus, minus, *w) == CRITICISM
    else:
        assert stance(o, b, c, plus, minus, *w) == (PRAISE if praise > EFFORT else SILENCE)


def test_nobody_falsifies_alone_and_unafraid() -> None:
    for o, b in product(range(256), range(0, 256, 15)):
        voiced = stance(o, b, 0, 0, 0, *USUAL, 0, 0)
        assert voiced != (PRAISE if o < 128 else CRITICISM)


def test_who_supports_never_criticises() -> None:
    assert all(stance(128, b, 0, 0, 14, 64 * 256, 0, 0, 0, 0) != CRITICISM for b in range(256))


def test_fear_silences_then_falsifies() -> None:
    # Kuran 1991: the same private opposition is voiced, kept, and turned into false praise.
    voiced = [stance(60, 128, c, 0, 0, *USUAL, 16, 32) for c in (0, 80)]
    assert voiced == [CRITICISM, SILENCE]
    assert stance(120, 128, 255, 0, 0, *USUAL, 16, 32) == PRAISE
    assert stance(120, 128, 0, 0, 0, *USUAL, 16, 32) == SILENCE


def test_critical_ties_lower_the_threshold() -> None:
    # Granovetter 1978: who keeps silent alone speaks when enough others do.
    alone = [stance(100, 64, 0, 0, n, *USUAL, 0, 0) for n in range(6)]
    assert alone[0] == SILENCE
    assert alone[-1] == CRITICISM
    assert alone == sorted(alone)


@pytest.mark.parametrize(("caution", "fear", "costs"), [(0, 205, 0), (80, 205, 8), (255, 1024, 3)])
def test_who_mobilises_over_all_opinions_and_boldness(caution: int, fear: int, costs: int) -> None:
    held_back = floor(Fraction(caution * fear, 256)) + costs
    for opinion, boldness in product(range(256), repeat=2):
        resolve = 128 - opinion + boldness // 2 - held_back
        assert mobilises(opinion, boldness, caution, fear, costs, 80) == int(resolve > 80)


def test_a_minority_of_critics_mobilises_and_nobody_else() -> None:
    """Unafraid, by the packaged numbers: calling others together asks for more than criticism."""
    above, pairs = round(SOCIETY.mobilise_above), list(product(range(128), range(256)))
    critics = {pair for pair in pairs if stance(*pair, 0, 0, 0, *USUAL, 0, 0) == CRITICISM}
    resolute = {pair for pair in pairs if mobilises(*pair, 0, USUAL[1], 0, above)}
    assert resolute < critics
    assert 0 < len(resolute) < len(critics) / 2
    # With a threshold as low as that of speaking, some would call together and not criticise.
    assert any(mobilises(*pair, 0, USUAL[1], 0, EFFORT) for pair in set(pairs) - critics)


def test_fear_and_penalty_keep_from_mobilising() -> None:
    called = [mobilises(10, 100, c, USUAL[1], 0, 80) for c in range(256)]
    assert called == sorted(called, reverse=True)
    assert (called[0], called[-1]) == (1, 0)
    assert mobilises(10, 100, 0, USUAL[1], 87, 80) == 1
    assert mobilises(10, 100, 0, USUAL[1], 88, 80) == 0


@pytest.mark.parametrize("is_mobilising", [0, 1])
def test_a_platform_hides_its_share(is_mobilising: int) -> None:
    criticism, mobilisation = round(0.3 * Q16), round(0.8 * Q16)
    for online in (1, 255):
        hidden = sum(
            is_unheard(online, is_mobilising, bits, criticism, mobilisation) for bits in range(Q16)
        )
        assert hidden == (mobilisation if is_mobilising else criticism)
    assert all(is_unheard(0, is_mobilising, bits, 0, 0) for bits in (0, 1, Q16 - 1))
