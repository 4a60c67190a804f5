"""The calibration of the court list: its runs under given parameters, its targets, its result.

Calibrated are the targets that `glasstown.lab.validation` names so, and no others; its
predictions are never looked at here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from glasstown.lab.calibration import CITIZENS, SEED, SEEDS, check_scheme
from glasstown.lab.calibration.fitting import Fit, Range, fit
from glasstown.lab.calibration.parameters import COURT_LIST, Inputs, Parameter, with_values
from glasstown.lab.progress import Progress
from glasstown.lab.validation import record
from glasstown.lab.validation.measures import Record
from glasstown.lab.validation.runs import Runner, check_replicates, seeds_of
from glasstown.lab.validation.targets import scale_of
from glasstown.scheme.loading import load_scheme
from glasstown.society.catalogue import behaviours, services
from glasstown.version import version

MOST_STEPS = 8


class Calibration(NamedTuple):
    """A finished calibration, with what is needed to run it again."""

    scheme: str
    citizens: int
    seeds: int
    seed: int
    fit: Fit
    targets: tuple[str, ...]
    published: NDArray[np.float64]
    inputs: Inputs

    @property
    def declared(self) -> tuple[Parameter, ...]:
        """The parameters as they are declared, in the order of the fit."""
        return COURT_LIST

    @property
    def command(self) -> str:
        """The command that gives this result."""
        return (
            f"glasstown calibrate {self.scheme} --citizens {self.citizens} --seeds {self.seeds} "
            f"--seed {self.seed}"
        )

    def settings(self) -> dict[str, float]:
        """Return the keys of packaged files, each with its calibrated value."""
        found = {one.name: one.value for one in self.fit.parameters}
        inputs = with_values(self.inputs, found)
        return {key: value for one in COURT_LIST for key, value in one.keys(inputs).items()}

    def as_data(self) -> dict[str, Any]:
        """Return everything for JSON and YAML."""
        result = self.fit
        targets = zip(
            self.targets, self.published.tolist(), result.before.tolist(), result.after.tolist(),
            strict=True,
        )  # fmt: skip
        return {
            "command": self.command,
            "glasstown": version(),
            "scheme": self.scheme,
            "citizens": self.citizens,
            "seeds": self.seeds,
            "objective": "half the sum of squared log ratios, ours over published",
            "objective_before": result.objective_before,
            "objective_after": result.objective_after,
            "evaluations": result.evaluations,
            "message": result.message,
            "intervals": "95 %, from the spread over seeds through the Jacobian; published "
            "numbers taken as exact",
            "parameters": {
                one.name: {**one._asdict(), "packaged": declared.now(self.inputs)}
                for one, declared in zip(result.parameters, self.declared, strict=True)
            },
            "targets": {
                name: {"expected": expected, "before": before, "after": after}
                for name, expected, before, after in targets
            },
            "settings": self.settings(),
        }


def packaged() -> Inputs:
    """Return the inputs as the package has them."""
    return Inputs(load_scheme(record.SCHEME), behaviours(), services())


def claims() -> list[Record]:
    """Return what is calibrated on."""
    return [one for one in record.records() if one.claim.kind == "calibrated"]


def measure(runner: Runner, inputs: Inputs, wanted: Sequence[Record]) -> NDArray[np.float64]:
    """Run every seed under given inputs; return one row a seed, one column a target."""
    demand = inputs.demand()
    given = {"scheme": inputs.scheme, "start": record.START, "weeks": record.WEEKS}
    found = []
    for seed in runner.seeds:
        _, country = runner.country(given, seed, inputs.behaviours, inputs.services)
        series = runner.live(country, record.START, record.WEEKS)
        found.append([one.measured(series, demand) for one in wanted])
    return np.array(found)


def calibrate(
    scheme: str = record.SCHEME,
    *,
    citizens: int = CITIZENS,
    seeds: int = SEEDS,
    seed: int = SEED,
    most: int = MOST_STEPS,
    progress: Progress | None = None,
) -> Calibration:
    """Calibrate a scheme on the published numbers that the validation names as calibrated.

    Parameters
    ----------
    scheme : str
        A name in `CALIBRATED`.
    citizens : int
        Citizens of each country.
    seeds : int
        Runs of each evaluation, at least two; their luck is the same in every evaluation.
    seed : int
        Names the seeds.
    most : int
        Most steps of the optimiser.
    progress : Progress, optional
        Who is told.

    Raises
    ------
    InputError
        If the scheme can't be calibrated, the seeds are too few, or the citizens or the seed out of
        range.
    """
    check_scheme(scheme)
    check_replicates(scheme, citizens, seeds, seed)
    runner, inputs, wanted = Runner(citizens, seeds_of(seed, seeds), progress), packaged(), claims()
    factors = [scale_of(citizens) if one.claim.is_count else 1.0 for one in wanted]
    published = np.array(
        [one.claim.target.value * factor for one, factor in zip(wanted, factors, strict=True)]
    )
    ranges = [Range(one.name, one.start, one.low, one.high) for one in COURT_LIST]
    evaluations = 0

    def measured(values: Mapping[str, float]) -> NDArray[np.float64]:
        nonlocal evaluations
        evaluations += 1
        runner.progress.stage(f"set {evaluations} of runs")
        return measure(runner, with_values(inputs, values), wanted)

    largest = most * (len(ranges) + 1) * seeds * record.WEEKS
    runner.progress.started(largest, f"{scheme}: {citizens:_} citizens, {seeds} seeds, at most")
    try:
        result = fit(ranges, measured, published, most)
    finally:
        runner.progress.finished()
    names = tuple(one.claim.target.id for one in wanted)
    return Calibration(scheme, citizens, seeds, seed, result, names, published, inputs)
