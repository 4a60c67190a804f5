"""Who was hit: adults counted by what they are, alone and two ways crossed.

Counted at the level of the citizen, over the whole country. Traits are those of the synthetic
society; income is cut into thirds of its adults.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from glasstown.engine.country import Country
from glasstown.engine.kinds import (
    BAND,
    GROUP,
    INCOME,
    IS_ONLINE,
    IS_OPPOSED,
    IS_PRESENT,
    OCCUPATION,
    SIZE,
    kinds,
)
from glasstown.lab.assessment.following import Lives
from glasstown.society import layout as at
from glasstown.society import traits

OUTCOMES = ("shut_out", "shut_out_wrongly", "listed", "low", "shut_out_at_end")
OUTCOME_WORDS = {
    "shut_out": "ever shut out of a service",
    "shut_out_wrongly": "ever shut out not for their own doing",
    "listed": "ever on a black list",
    "low": "ever publicly low",
    "shut_out_at_end": "shut out at the end",
}


class Trait(NamedTuple):
    """One way of telling adults apart: its name, its values, and each lane's place among them."""

    name: str
    values: tuple[str, ...]
    places: NDArray[np.int64]


class People(NamedTuple):
    """The adults of a country: which lanes they are, and what tells them apart."""

    adults: NDArray[np.bool_]
    opposed: NDArray[np.bool_]
    traits: tuple[Trait, ...]


def people_of(country: Country) -> People:
    """Return the adults of a country and the traits by which they are told apart."""
    table = kinds(country.worlds, country.state, country.seed)
    adults = (table[:, BAND] >= traits.FIRST_ADULT_BAND) & (table[:, IS_PRESENT] == 1)
    zones = country.society.layout.places.zones
    lanes = zones[:, at.BLOCKS] * at.BLOCK
    settlement = np.repeat(zones[:, at.SETTLEMENT], lanes)
    first = traits.FIRST_ADULT_BAND
    bands = np.clip(table[:, BAND].astype(np.int64) - first, 0, 2)  # 60-64 and 65+ together
    thirds = np.quantile(table[adults, INCOME], (1 / 3, 2 / 3))
    income = np.searchsorted(thirds, table[:, INCOME], side="left")
    told = [
        Trait("settlement", at.SETTLEMENTS, settlement),
        Trait("age", ("18-39", "40-59", "60+"), bands),
        Trait("income", ("lowest third", "middle third", "highest third"), income),
        Trait("internet", ("offline", "online"), table[:, IS_ONLINE].astype(np.int64)),
        Trait("occupation", traits.OCCUPATIONS, table[:, OCCUPATION].astype(np.int64)),
        Trait("opinion", ("supporting", "opposed"), table[:, IS_OPPOSED].astype(np.int64)),
        Trait("household", ("alone", "with others"), (table[:, SIZE] > 1).astype(np.int64)),
    ]
    if len(country.society.groups) > 1:
        told.append(Trait("group", country.society.groups, table[:, GROUP].astype(np.int64)))
    return People(adults, adults & (table[:, IS_OPPOSED] == 1), tuple(told))


def cells(people: People, lives: Lives, excluded: NDArray[np.bool_]) -> list[dict[str, Any]]:
    """Return the adults and outcomes of every cell.

    Parameters
    ----------
    people : People
        The adults.
    lives : Lives
        What became of them.
    excluded : bool array (lanes,)
        Who is shut out at the end.

    Returns
    -------
    list of dict
        ``by`` (one or two traits), ``cell`` (their values), ``adults``, and one count for each of
        `OUTCOMES`. The first has no trait: all adults.
    """
    became = (lives.weeks > 0, lives.weeks_wrong > 0, lives.listed, lives.low, excluded)
    kept = np.array([one[people.adults] for one in became], np.int64)
    rows = [_row((), (), int(people.adults.sum()), kept.sum(axis=1))]
    for crossed in _ways(people.traits):
        rows += _counted(crossed, people, kept)
    return rows


def _ways(told: tuple[Trait, ...]) -> Iterator[tuple[Trait, ...]]:
    yield from ((one,) for one in told)
    yield from combinations(told, 2)


def _counted(
    crossed: tuple[Trait, ...], people: People, kept: NDArray[np.int64]
) -> Iterator[dict[str, Any]]:  # fmt: skip
    sizes = [len(one.values) for one in crossed]
    place = np.ravel_multi_index([one.places[people.adults] for one in crossed], sizes)
    count = int(np.prod(sizes))
    adults = np.bincount(place, minlength=count)
    outcomes = [np.bincount(place[row == 1], minlength=count) for row in kept]
    for number in range(count):
        values = np.unravel_index(number, sizes)
        names = tuple(one.values[int(i)] for one, i in zip(crossed, values, strict=True))
        by = tuple(one.name for one in crossed)
        yield _row(by, names, int(adults[number]), np.array([one[number] for one in outcomes]))


def _row(
    by: tuple[str, ...], cell: tuple[str, ...], adults: int, outcomes: NDArray[np.int64]
) -> dict[str, Any]:  # fmt: skip
    counts = dict(zip(OUTCOMES, outcomes.tolist(), strict=True))
    return {"by": list(by), "cell": list(cell), "adults": adults, **counts}
