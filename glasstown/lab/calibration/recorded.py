"""The calibration whose values the package holds: what the command wrote when it was last run."""

from __future__ import annotations

from importlib import resources
from typing import Any

import yaml


def recorded(scheme: str) -> dict[str, Any]:
    """Return the recorded calibration of a scheme, as `Calibration.as_data` gave it."""
    path = resources.files("glasstown.lab.calibration") / "data" / f"{scheme}.yaml"
    data: dict[str, Any] = yaml.safe_load(path.read_text("utf-8"))
    return data
