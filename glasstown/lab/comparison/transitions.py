"""Citizen by citizen: who is shut out in one world, in the other, in both, in neither, and why."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from glasstown.engine.measures import CAUSES
from glasstown.lab.comparison.differences import Estimate, estimate

NOBODY = "not shut out"
STATES = (NOBODY, *CAUSES)
"""Rows and columns of a table of transitions: no exclusion, then the causes."""


class Transitions(NamedTuple):
    """How the adults of the first world fare in another, at the end.

    Numbers of adults, over seeds. ``table`` float (states, states): mean adults by what holds in
    the first world (rows) and in the other (columns), in the order of `STATES`.
    """

    first_only: Estimate
    other_only: Estimate
    both: Estimate
    neither: Estimate
    table: NDArray[np.float64]


def crossed(first: NDArray[np.int8], other: NDArray[np.int8], adults: int) -> NDArray[np.int64]:
    """Count adults by cause of exclusion in two worlds, int64 (states, states).

    Parameters
    ----------
    first, other : NDArray
        int8 (citizens,): causes as of `glasstown.lab.outcomes.excluded_for`.
    adults : int
        Adults of the country; children are never shut out themselves.
    """
    size = len(STATES)
    places = (first.astype(np.int64) + 1) * size + (other.astype(np.int64) + 1)
    table = np.bincount(places, minlength=size * size).reshape(size, size)
    table[0, 0] -= len(first) - adults
    return table


def transitions(tables: Sequence[NDArray[np.int64]]) -> Transitions:
    """Put the tables of all seeds together, at least one."""
    return Transitions(
        first_only=estimate([float(one[1:, 0].sum()) for one in tables]),
        other_only=estimate([float(one[0, 1:].sum()) for one in tables]),
        both=estimate([float(one[1:, 1:].sum()) for one in tables]),
        neither=estimate([float(one[0, 0]) for one in tables]),
        table=np.mean(tables, axis=0),
    )
