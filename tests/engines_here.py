"""Which engines can run here; a test of another one is skipped, and says why."""

from __future__ import annotations

import pytest

from glasstown.engine.engines import ENGINES, check_engine
from glasstown.errors import EngineError


def lacking(name: str) -> str | None:
    """Return why an engine can't run here; None if it can."""
    try:
        check_engine(name)
    except EngineError as error:
        return str(error)
    return None


HERE = tuple(name for name in ENGINES if lacking(name) is None)


def skip_unless_here(*names: str) -> None:
    """Skip a test of an engine that can't run here, and say why."""
    for name in names:
        if why := lacking(name):
            pytest.skip(why)
