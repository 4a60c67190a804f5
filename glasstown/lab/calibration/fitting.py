"""Fitting: parameters for which the means over seeds meet published numbers.

The objective is half the sum of squared log ratios, ours over published, of the calibrated
targets alone. `scipy.optimize.least_squares` (trust region reflective, Branch, Coleman and Li
1999) minimises it within bounds; every evaluation runs the same seeds, so that two evaluations
differ by their parameters and hardly by luck. Steps of the numerical Jacobian are a tenth of a
parameter, wide against what luck is left.

The intervals say how far luck alone moves the result: the covariance of the seeds' ratios, over
their number, taken through the Jacobian (delta method, Student's quantile). The published
numbers are taken as exact, so the intervals hold nothing of their own errors.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import stats
from scipy.optimize import OptimizeResult, least_squares

from glasstown.lab.validation.rows import LEVEL

STEP = 0.1
NEAR, MOVE = 0.01, 5e-3
"""Stops where the targets are met within one percent (root mean square) or a step moves less than
half a percent: counts are whole numbers, so closer there is nothing to be found."""
LEAST = 1e-3
"""Ours counts as at least this share of the published number: the logarithm of none is none."""

STOPPED, MET = -2, "The targets are met within one percent."
"""What scipy says where the search was stopped because it was near enough, and what that means."""

Measured = Callable[[Mapping[str, float]], NDArray[np.float64]]
"""From values of the parameters to what is measured: one row a seed, one column a target."""


class Range(NamedTuple):
    """A parameter to be fitted: its name, its start and its bounds."""

    name: str
    start: float
    low: float
    high: float


class Fitted(NamedTuple):
    """A parameter after the fit, with its interval."""

    name: str
    start: float
    value: float
    low: float
    high: float
    is_at_bound: bool


class Fit(NamedTuple):
    """The result of a fit.

    ``before`` and ``after`` are the means over seeds of what was measured, by target, at the
    start and at the end; ``objective_before`` and ``objective_after`` half the sum of squared log
    ratios there; ``evaluations`` counts the sets of runs, those of the Jacobian included.
    """

    parameters: tuple[Fitted, ...]
    before: NDArray[np.float64]
    after: NDArray[np.float64]
    objective_before: float
    objective_after: float
    evaluations: int
    message: str


def log_ratios(
    measured: NDArray[np.float64], published: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return the logarithm of ours (mean over seeds) over published, by target."""
    ratio = measured.mean(axis=0) / published
    return np.asarray(np.log(np.maximum(ratio, LEAST)))


def fit(
    ranges: Sequence[Range], measured: Measured, published: NDArray[np.float64], most: int
) -> Fit:
    """Fit parameters.

    Parameters
    ----------
    ranges : sequence of Range
        The parameters.
    measured : callable
        Runs all seeds under given values.
    published : float array (targets,)
        What is to be met, each above 0.
    most : int
        Most steps of the optimiser.

    Raises
    ------
    ValueError
        If there are fewer targets than parameters: nothing would tell them apart.
    """
    if len(published) < len(ranges):
        raise ValueError(f"{len(ranges)} parameters need as many targets, not {len(published)}")
    starts = np.array([one.start for one in ranges])
    seen: dict[bytes, NDArray[np.float64]] = {}

    def found(x: NDArray[np.float64]) -> NDArray[np.float64]:
        key = np.asarray(x, np.float64).tobytes()
        if key not in seen:
            values = x * starts
            seen[key] = measured({r.name: float(v) for r, v in zip(ranges, values, strict=True)})
        return seen[key]

    bounds = [one.low / one.start for one in ranges], [one.high / one.start for one in ranges]
    first = np.ones(len(ranges))

    def look(intermediate_result: OptimizeResult) -> None:
        if intermediate_result.cost <= len(published) * NEAR**2 / 2:
            raise StopIteration

    solved = least_squares(
        lambda x: log_ratios(found(x), published), first, bounds=bounds, method="trf",
        diff_step=STEP, x_scale=1.0, ftol=None, xtol=MOVE, gtol=None, max_nfev=most,
        callback=look,
    )  # fmt: skip
    reach = _reach(np.asarray(solved.jac), found(solved.x))
    fitted = tuple(
        Fitted(
            one.name, one.start, float(x * one.start),
            max(float((x - r) * one.start), one.low), min(float((x + r) * one.start), one.high),
            bool(active),
        )
        for one, x, r, active in zip(ranges, solved.x, reach, solved.active_mask, strict=True)
    )  # fmt: skip
    before, after = found(first), found(solved.x)
    return Fit(
        fitted, before.mean(axis=0), after.mean(axis=0),
        float((log_ratios(before, published) ** 2).sum() / 2), float(solved.cost), len(seen),
        MET if solved.status == STOPPED else str(solved.message),
    )  # fmt: skip


def _reach(jacobian: NDArray[np.float64], after: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return half the width of the interval of each parameter, as a share of its start."""
    seeds = len(after)
    deviations = after / np.maximum(after.mean(axis=0), 1e-300) - 1
    covariance = np.atleast_2d(np.cov(deviations, rowvar=False)) / seeds
    back = np.linalg.pinv(jacobian)
    errors = np.sqrt(np.maximum(np.diag(back @ covariance @ back.T), 0))
    return np.asarray(errors * stats.t.ppf((1 + LEVEL) / 2, seeds - 1))
