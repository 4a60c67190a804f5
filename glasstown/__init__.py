"""Glasstown: a laboratory that simulates social-scoring systems over a synthetic society.

Everybody in it is synthetic; nothing it says is a prediction. Importing the package is light:
what runs a country is loaded when it is first asked for.

>>> import glasstown as gt
>>> "total-2020" in gt.schemes()
True
"""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from glasstown.lab import reporting
from glasstown.lab.claims import folder as claims_folder
from glasstown.version import version

if TYPE_CHECKING:
    from glasstown.lab.assessment.dossier import Assessment, assess
    from glasstown.lab.calibration.court_list import calibrate
    from glasstown.lab.claims.testing import claims
    from glasstown.lab.claims.verdicts import Claims
    from glasstown.lab.comparison.comparing import compare
    from glasstown.lab.comparison.comparison import Comparison
    from glasstown.lab.description import describe
    from glasstown.lab.diverge.diverging import diverge
    from glasstown.lab.explanation.explaining import explain
    from glasstown.lab.explanation.explanation import Explanation
    from glasstown.lab.resuming import resume
    from glasstown.lab.run import Run, load, run
    from glasstown.lab.safeguards.search import safeguards
    from glasstown.lab.trace.finding import find
    from glasstown.lab.trace.tracing import trace
    from glasstown.lab.validation.validation import validate

__all__ = [
    "Assessment",
    "Comparison",
    "Explanation",
    "Run",
    "__version__",
    "assess",
    "calibrate",
    "claims",
    "compare",
    "describe",
    "diverge",
    "explain",
    "find",
    "load",
    "resume",
    "run",
    "safeguards",
    "schemes",
    "trace",
    "validate",
]

_PLACES = {
    "Assessment": "glasstown.lab.assessment.dossier",
    "Comparison": "glasstown.lab.comparison.comparison",
    "Explanation": "glasstown.lab.explanation.explanation",
    "Run": "glasstown.lab.run",
    "assess": "glasstown.lab.assessment.dossier",
    "calibrate": "glasstown.lab.calibration.court_list",
    "claims": "glasstown.lab.claims.testing",
    "compare": "glasstown.lab.comparison.comparing",
    "describe": "glasstown.lab.description",
    "diverge": "glasstown.lab.diverge.diverging",
    "explain": "glasstown.lab.explanation.explaining",
    "find": "glasstown.lab.trace.finding",
    "load": "glasstown.lab.run",
    "resume": "glasstown.lab.resuming",
    "run": "glasstown.lab.run",
    "safeguards": "glasstown.lab.safeguards.search",
    "trace": "glasstown.lab.trace.tracing",
    "validate": "glasstown.lab.validation.validation",
}


def schemes() -> tuple[str, ...]:
    """Return the names of the shipped schemes."""
    from glasstown.scheme.loading import SHIPPED

    return SHIPPED


def _write_report(folder: Path) -> Path:
    from glasstown.surfaces.report import write_report

    return write_report(folder)


def _write_claims_page(found: Claims, path: Path) -> Path:
    from glasstown.surfaces.claims_page import write_page

    return write_page(found, path)


def _write_comparison(result: Any, path: Path, command: str) -> Path:
    from glasstown.surfaces.comparison_page import write_comparison

    return write_comparison(result, path, command)


def _write_explanation(result: Any, path: Path, command: str) -> Path:
    from glasstown.surfaces.explanation_page import write_explanation

    return write_explanation(result, path, command)


def _write_trace(result: Any, path: Path, command: str) -> Path:
    from glasstown.surfaces.trace_page import write_page

    return write_page(result, path, command)


def __getattr__(name: str) -> Any:
    if name == "__version__":
        return version()
    if name not in _PLACES:
        raise AttributeError(f"module 'glasstown' has no attribute '{name}'")
    return getattr(import_module(_PLACES[name]), name)


def __dir__() -> list[str]:
    return sorted(__all__)


# The lab may not import surfaces; the package as a whole knows both.
reporting.writer = _write_report
claims_folder.writer = _write_claims_page
reporting.page_writers["Comparison"] = _write_comparison
reporting.page_writers["Explanation"] = _write_explanation
reporting.page_writers["Trace"] = _write_trace
