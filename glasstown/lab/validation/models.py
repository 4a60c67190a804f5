"""Parts c and d: the published models with known answers, as rows of the validation.

Group scoring (T6) and runaway patrols (T7) are claims about such systems; the others test that a
mechanism is built as its paper has it. The verdicts are those of `glasstown.lab.published`.
"""

from __future__ import annotations

from collections.abc import Sequence

from glasstown.lab.progress import Progress
from glasstown.lab.published import CASES
from glasstown.lab.published.case import Case, Outcome
from glasstown.lab.validation.rows import Kind, Row

CLAIMS = ("T6", "T7")
RULES = {
    "exact": "equal, or equal at the digits published",
    "direction": "the published inequality in every seed",
}


def rows(seeds: Sequence[int], told: Progress) -> list[Row]:
    """Run every published model, and tell which."""
    ordered = sorted(CASES, key=lambda case: case.id not in CLAIMS)
    found = []
    for case in ordered:
        told.stage(f"published model {case.id}: {case.title}")
        found += [_row(case, outcome) for outcome in case.run(seeds)]
    return found


def _row(case: Case, outcome: Outcome) -> Row:
    """Return one outcome as a row; its interval is the least and the largest over the seeds."""
    is_number = not isinstance(outcome.published, str)
    kind: Kind = "exact" if is_number or outcome.verdict == "exact" else "direction"
    return Row(
        case.id, "c" if case.id in CLAIMS else "d", f"{case.title}: {outcome.what}",
        outcome.published, outcome.published, "not scaled", "as in the model", case.source,
        "seen", kind, outcome.ours, outcome.low, outcome.high, RULES[kind], outcome.verdict,
        outcome.meaning,
    )  # fmt: skip
