"""What a search lowers, and what it keeps in sight: harms, and the scheme's own stated benefit.

Harm left is the mean, over the harms that the scheme does, of what is left of each: every harm
counts the same, which is a choice of ours; the parts are shown beside it, and a search may be
asked for some of them only. Benefit kept is the share of the fall in offences of citizens that is
left, never counted as more than the whole: nobody is praised for controlling more.
"""

from __future__ import annotations

from typing import NamedTuple

from glasstown.engine.measures import INDEX, SERVICES
from glasstown.lab.outcomes import EXCLUDED, WRONG, Sums

HARM_WORDS = {
    "shut_out": "time shut out of services",
    "shut_out_wrongly": "time shut out, not for own doing",
    "refused": "requests refused",
    "children": "time children are kept out of schools",
    "shown": "faces shown on screens",
    "silence": "criticism not voiced (against no scheme)",
    "ties": "ties cut and not mended (against no scheme)",
}
HARMS = tuple(HARM_WORDS)
LEAST = 1e-9
"""A harm below this is none that the scheme does."""


def harms_of(sums: Sums, none: Sums) -> dict[str, float]:
    """Return the harms of a run per adult-week, against the same luck without a scheme."""
    adults = _sum(sums, "adults")
    return {
        "shut_out": _sum(sums, *EXCLUDED) / adults,
        "shut_out_wrongly": _sum(sums, *WRONG) / adults,
        "refused": _sum(sums, *(f"denied_{one}" for one in SERVICES)) / adults,
        "children": _sum(sums, "children_shut_out") / adults,
        "shown": _sum(sums, "shamings") / adults,
        "silence": (_sum(none, "critical") - _sum(sums, "critical")) / adults,
        "ties": (_net(sums) - _net(none)) / adults,
    }


def _sum(sums: Sums, *names: str) -> float:
    return float(sums[:, [INDEX[name] for name in names]].sum())


def _net(sums: Sums) -> float:
    return _sum(sums, "ties_cut") - _sum(sums, "ties_mended")


def offences_of(sums: Sums) -> float:
    """Return the offences of citizens per adult-week, seen or not."""
    return (_sum(sums, "offences") - _sum(sums, "firm_offences")) / _sum(sums, "adults")


class Base(NamedTuple):
    """What a seed is measured against: harms of the scheme, offences under it and without."""

    harms: dict[str, float]
    offences: float
    offences_without: float

    @property
    def benefit(self) -> float:
        """The fall in offences that the scheme brings; below zero: a rise."""
        return self.offences_without - self.offences


class Measured(NamedTuple):
    """One candidate under one seed: what is left of each harm, of all, and of the benefit.

    ``benefit`` is None where the scheme has none to keep.
    """

    left: dict[str, float]
    harm_left: float
    benefit: float | None


def measured(sums: Sums, none: Sums, base: Base, wanted: tuple[str, ...]) -> Measured:
    """Return a candidate's measures against the scheme as it is."""
    harms = harms_of(sums, none)
    left = {
        name: max(harms[name], 0.0) / base.harms[name]
        for name in wanted
        if base.harms[name] > LEAST
    }
    kept = None
    if base.benefit > 0:
        kept = min((base.offences_without - offences_of(sums)) / base.benefit, 1.0)
    return Measured(left, sum(left.values()) / len(left) if left else 0.0, kept)
