"""What is calibrated for the court list: each parameter, its bounds, and the keys that hold it.

A parameter may stand behind several keys, whose proportions are then assumed and stay. The
search starts from fixed values, so that everybody who runs it starts there: what follows from
FACTS 2.1 and 2.2 by hand (0.27 % of adults listed a year, seven tenths of them for judgments;
15 to 17 % of new entries firms; 1.5 air tickets a listed person-year), or a guess.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from glasstown.scheme.dated import Point
from glasstown.scheme.declaration import Scheme
from glasstown.society.declaration import Behaviour, ServiceDemand

SCHEME_FILE = "scheme/catalogue/court-list.yaml"
BEHAVIOURS_FILE = "society/data/behaviours.yaml"
SERVICES_FILE = "society/data/services.yaml"

JUDGMENTS = ("judgment_evaded", "judgment_unable")
FIRM_JUDGMENTS = "firm_judgment_evaded"
OPENING, JOINING = 1, 2
"""Places of the calibrated points in the dated coverage of the courts."""


class Inputs(NamedTuple):
    """What a court-list run is made from: the scheme and the society's two lists."""

    scheme: Scheme
    behaviours: tuple[Behaviour, ...]
    services: tuple[ServiceDemand, ...]

    def rate(self, name: str) -> float:
        """Return the yearly rate of a behaviour."""
        return next(one.rate for one in self.behaviours if one.name == name)

    def demand(self) -> dict[str, ServiceDemand]:
        """Return the demand for each service by name."""
        return {one.name: one for one in self.services}

    def coverage(self) -> list[Point]:
        """Return the dated coverage of the courts; the same in towns and in the country."""
        points = self.scheme.channels["court"].urban
        assert not isinstance(points, float | int), "the courts' coverage is dated"
        return list(points)


class Parameter(NamedTuple):
    """One calibrated parameter.

    Parameters
    ----------
    name, unit, meaning : str
        What it is.
    start, low, high : float
        Where the search starts, and its bounds.
    now : callable
        Its value in given inputs.
    put : callable
        The inputs with another value.
    keys : callable
        The keys of packaged files that hold it, each with its value in given inputs.
    """

    name: str
    unit: str
    meaning: str
    start: float
    low: float
    high: float
    now: Callable[[Inputs], float]
    put: Callable[[Inputs, float], Inputs]
    keys: Callable[[Inputs], dict[str, float]]


def with_values(inputs: Inputs, values: Mapping[str, float]) -> Inputs:
    """Return the inputs with the parameters of `COURT_LIST` set to given values."""
    for one in COURT_LIST:
        inputs = one.put(inputs, values[one.name])
    return inputs


def _rates(inputs: Inputs, rates: Mapping[str, float]) -> Inputs:
    """Return the inputs with the rates of some behaviours replaced."""
    changed = tuple(
        one.model_copy(update={"rate": rates.get(one.name, one.rate)}) for one in inputs.behaviours
    )
    return inputs._replace(behaviours=changed)


def _scaled(inputs: Inputs, names: Sequence[str], total: float) -> Inputs:
    """Return the inputs with behaviours scaled so that their rates sum to a total."""
    now = sum(inputs.rate(name) for name in names)
    return _rates(inputs, {name: inputs.rate(name) * total / now for name in names})


def _judgments() -> Parameter:
    return Parameter(
        "judgments", "per adult and year",
        "Judgments not performed by persons, the unwilling and the unable together.", 2.2e-3, 2e-4,
        2e-2,
        lambda inputs: sum(inputs.rate(name) for name in JUDGMENTS),
        lambda inputs, value: _scaled(inputs, JUDGMENTS, value),
        lambda inputs: {f"{BEHAVIOURS_FILE}: {name}.rate": inputs.rate(name) for name in JUDGMENTS},
    )  # fmt: skip


def _firm_judgments() -> Parameter:
    return Parameter(
        "firm_judgments", "per firm and year", "Judgments not performed by firms.", 0.013, 1e-3,
        0.2,
        lambda inputs: inputs.rate(FIRM_JUDGMENTS),
        lambda inputs, value: _rates(inputs, {FIRM_JUDGMENTS: value}),
        lambda inputs: {f"{BEHAVIOURS_FILE}: {FIRM_JUDGMENTS}.rate": inputs.rate(FIRM_JUDGMENTS)},
    )  # fmt: skip


def _performed() -> Parameter:
    def put(inputs: Inputs, value: float) -> Inputs:
        lists = [one.model_copy(update={"performed": value}) for one in inputs.scheme.lists]
        firms = inputs.scheme.firms
        assert firms is not None, "the court list has firms"
        assert firms.black is not None, "the court list lists firms"
        black = firms.black.model_copy(update={"performed": value})
        changes = {"lists": lists, "firms": firms.model_copy(update={"black": black})}
        return inputs._replace(scheme=inputs.scheme.model_copy(update=changes))

    def keys(inputs: Inputs) -> dict[str, float]:
        rates = {f"lists.{one.name}.performed": one.performed for one in inputs.scheme.lists}
        firms = inputs.scheme.firms
        if firms is not None and firms.black is not None:
            rates["firms.black.performed"] = firms.black.performed
        return {f"{SCHEME_FILE}: {key}": value for key, value in rates.items()}

    return Parameter(
        "performed", "per listed year", "How fast those who are able perform and leave.", 0.34,
        0.02, 4.0,
        lambda inputs: inputs.scheme.lists[0].performed, put, keys,
    )  # fmt: skip


def _covered(inputs: Inputs, shares: Mapping[int, float]) -> Inputs:
    """Return the inputs with points of the courts' coverage replaced, by their place."""
    points = [
        point.model_copy(update={"share": shares.get(place, point.share)})
        for place, point in enumerate(inputs.coverage())
    ]
    court = inputs.scheme.channels["court"].model_copy(update={"urban": points, "rural": points})
    channels = {**inputs.scheme.channels, "court": court}
    return inputs._replace(scheme=inputs.scheme.model_copy(update={"channels": channels}))


def _coverage_keys(inputs: Inputs, places: Sequence[int]) -> dict[str, float]:
    """Return the keys of points of the courts' coverage."""
    points = inputs.coverage()
    return {
        f"{SCHEME_FILE}: channels.court.{where}[{points[place].on}].share": points[place].share
        for where in ("urban", "rural")
        for place in places
    }


def _opening() -> Parameter:
    # One number for the first nine months: half of the coverage at their end was there at once.
    return Parameter(
        "coverage_opening", "share", "Coverage of the courts on the second date of their ramp; on "
        "the first it is half of that.", 0.1, 0.01, 0.6,
        lambda inputs: inputs.coverage()[OPENING].share,
        lambda inputs, value: _covered(inputs, {0: value / 2, OPENING: value}),
        lambda inputs: _coverage_keys(inputs, (0, OPENING)),
    )  # fmt: skip


def _joining() -> Parameter:
    return Parameter(
        "coverage_joining", "share", "Coverage of the courts on the third date of their ramp.",
        0.8, 0.05, 1.0,
        lambda inputs: inputs.coverage()[JOINING].share,
        lambda inputs, value: _covered(inputs, {JOINING: value}),
        lambda inputs: _coverage_keys(inputs, (JOINING,)),
    )  # fmt: skip


def _service(service: str, field: str, meaning: str, start: float, low: float) -> Parameter:
    """Return the parameter that is one field of the demand for a service."""
    is_rate = field == "rate"
    unit = "requests per adult and year" if is_rate else "share of citizens"

    def put(inputs: Inputs, value: float) -> Inputs:
        changed = tuple(
            one.model_copy(update={field: value}) if one.name == service else one
            for one in inputs.services
        )
        return inputs._replace(services=changed)

    def now(inputs: Inputs) -> float:
        return float(getattr(inputs.demand()[service], field))

    return Parameter(
        f"{service}_{field}", unit, meaning, start, low, 20.0 if is_rate else 1.0, now, put,
        lambda inputs: {f"{SERVICES_FILE}: {service}.{field}": now(inputs)},
    )  # fmt: skip


COURT_LIST: tuple[Parameter, ...] = (
    _judgments(),
    _firm_judgments(),
    _opening(),
    _joining(),
    _performed(),
    _service("flight", "rate", "Air tickets bought.", 1.5, 0.05),
    _service("flight", "concentration", "Who buys nine tenths of air tickets.", 0.07, 0.01),
    _service("train", "rate", "Fast-train tickets bought.", 0.5, 0.05),
)
"""What `glasstown calibrate court-list` looks for."""
