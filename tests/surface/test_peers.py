"""The bench of peers: its check lets equal models pass and no others, and Glasstown is equal."""

from __future__ import annotations

import importlib
import re
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PEERS = ROOT / "bench" / "peers"
SEEDS = range(1, 7)
CITIZENS = 8_192


@pytest.fixture(scope="module")
def bench():
    """Import the bench's modules by name, as its scripts do."""
    names = ("small", "drawn", "compare", "with_numpy", "with_glasstown")
    sys.path.insert(0, str(PEERS))
    try:
        yield {name: importlib.import_module(name) for name in names}
    finally:
        sys.path.remove(str(PEERS))
        for name in names:
            sys.modules.pop(name, None)


def looks(bench, make, seeds, *, citizens=CITIZENS, start=100, has_cliques=False):
    """Return what a model looks like, seed by seed."""
    small = bench["small"]
    return [
        small.looked_at(
            make, small.Setting(citizens, seed, start, has_cliques), bench["compare"].LOOKS
        )
        for seed in seeds
    ]


@pytest.mark.parametrize("start", [100, 80])
def test_glasstown_has_the_small_models_statistics(bench, start) -> None:
    numpy = bench["with_numpy"].Society
    right = looks(bench, numpy, SEEDS, start=start, has_cliques=True)
    found = looks(bench, bench["with_glasstown"].Small, [1], citizens=16_384, start=start)
    assert bench["compare"].deviations(found, right) == []


def test_glasstown_without_low_friends_has_not(bench, monkeypatch) -> None:
    right = looks(bench, bench["with_numpy"].Society, SEEDS, start=80, has_cliques=True)
    model = bench["with_glasstown"]
    monkeypatch.setattr(model, "WITHOUT", (*model.WITHOUT, "friends"))
    found = looks(bench, model.Small, [1], citizens=16_384, start=80)
    assert bench["compare"].deviations(found, right)


def test_a_wrong_model_deviates_and_another_seed_does_not(bench, monkeypatch) -> None:
    deviations, numpy = bench["compare"].deviations, bench["with_numpy"].Society
    right = looks(bench, numpy, SEEDS, start=80)
    assert deviations(looks(bench, numpy, [50, 51], start=80), right) == []
    monkeypatch.setattr(bench["small"], "COST", 6)
    told = deviations(looks(bench, numpy, [50, 51], start=80), right)
    assert any("mean score" in one for one in told)


def test_low_ties_cost_in_the_yardstick(bench, monkeypatch) -> None:
    numpy, compare = bench["with_numpy"].Society, bench["compare"]
    right = looks(bench, numpy, SEEDS, start=80)
    monkeypatch.setattr(bench["small"], "TIE_COST", 0)
    assert compare.deviations(looks(bench, numpy, [50], start=80), right)


def test_ties_are_symmetric_and_lead_where_they_should(bench) -> None:
    import numpy as np

    small = bench["small"]
    found = small.ties(1_024, np.random.default_rng(1))
    here = np.arange(1_024)
    assert all((others[others] == here).all() and (others != here).all() for others in found)
    near = found[: small.NEAR]
    assert (near // small.BLOCK == here // small.BLOCK).all()
    assert all(len(set(column)) == small.NEAR for column in near.T.tolist())


def test_cliques_are_closed(bench) -> None:
    import numpy as np

    small = bench["small"]
    a, b, c, d, e, f = small.clique_masks(500, np.random.default_rng(2)).T
    assert ((a ^ b) == c).all()
    assert ((d ^ e) == f).all()
    found = small.ties(1_024, np.random.default_rng(1), True)
    assert all(len(set(column)) == small.NEAR for column in found[: small.NEAR].T.tolist())


def test_every_peer_is_pinned_and_installed_by_make(bench) -> None:
    makefile = (ROOT / "Makefile").read_text()
    named = re.search(r"^PEERS := (.*)$", makefile, re.MULTILINE)
    assert named is not None
    environments = {peer.environment for peer in bench["compare"].PEERS} - {None}
    assert set(named[1].split()) == environments
    for name in environments:
        text = (PEERS / "requirements" / f"{name}.txt").read_text()
        assert re.fullmatch(rf"{name}==[\w.]+\n", text)
    assert all((PEERS / peer.script).exists() for peer in bench["compare"].PEERS)
