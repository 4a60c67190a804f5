"""The packaged sectors of firms."""

from pathlib import Path
from typing import get_args

import pytest

from glasstown.errors import DeclarationError
from glasstown.society import catalogue
from glasstown.society.catalogue import sectors
from glasstown.society.declaration import Sector

LINE = "- {name: %s, share: %s, bids: 1, source: me, confidence: assumed}\n"


@pytest.fixture
def packaged(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Let the catalogue read its list from a file of the test."""
    file = tmp_path / "data" / "firms.yaml"
    file.parent.mkdir()
    monkeypatch.setattr(catalogue.resources, "files", lambda _: tmp_path)
    return file


def written(file: Path, shares: dict[str, float]) -> None:
    file.write_text("".join(LINE % row for row in shares.items()))


def test_sectors_stand_in_the_order_of_the_engine_and_share_all_firms() -> None:
    assert tuple(one.name for one in sectors()) == get_args(Sector)
    assert sum(one.share for one in sectors()) == pytest.approx(1)
    assert all(one.bids > 0 for one in sectors())


def test_a_missing_sector_is_told(packaged: Path) -> None:
    written(packaged, dict.fromkeys(get_args(Sector)[1:], 0.25))
    with pytest.raises(DeclarationError, match=r"firms\.yaml: firms: are missing: food"):
        sectors.__wrapped__()


def test_shares_that_do_not_sum_to_1_are_told(packaged: Path) -> None:
    written(packaged, dict.fromkeys(get_args(Sector), 0.25))
    with pytest.raises(DeclarationError, match=r"must sum to 1"):
        sectors.__wrapped__()


def test_rows_may_stand_in_any_order(packaged: Path) -> None:
    written(packaged, dict.fromkeys(reversed(get_args(Sector)), 0.2))
    assert tuple(one.name for one in sectors.__wrapped__()) == get_args(Sector)
