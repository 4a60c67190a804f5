"""What a scheme declares and a run never used: rules that never fired, lists nobody entered."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from glasstown.engine import columns as c
from glasstown.engine.country import Country
from glasstown.engine.measures import INDEX, OWN_CAUSES
from glasstown.lab.wording import joined, noun
from glasstown.laws.sanction import list_of
from glasstown.scheme.declaration import Scheme

ENTRIES = [INDEX[f"entries_{cause}"] for cause in OWN_CAUSES] + [INDEX["entries_red"]]
LANES_AT_ONCE = 1 << 22


class Idle:
    """Watches a run for what its scheme declares and nothing ever uses.

    Parameters
    ----------
    country : Country
        The country that runs.
    scheme : Scheme
        The scheme's declaration.
    """

    def __init__(self, country: Country, scheme: Scheme) -> None:
        self._country, self._scheme = country, scheme
        self._booked = np.zeros(len(country.society.behaviours), np.int64)
        self._unseen = set(range(1, len(scheme.lists) + 1))

    def look(self, tally: NDArray[np.int64]) -> None:
        """Look at a finished week; lists are searched only until each was seen once."""
        country = tally.sum(axis=(0, 1))
        self._booked += country[c.WIDTH + self._booked.size :]
        if self._unseen and country[ENTRIES].any():
            listing = self._country.state.listing
            self._unseen = {one for one in self._unseen if not _is_anybody_on(one, listing)}

    def warnings(self) -> list[str]:
        """Say in plain sentences what was never used."""
        weeks = noun(self._country.week, "week")
        names = [one.name for one in self._country.society.behaviours]
        rules = [
            one.behaviour
            for one in self._scheme.rules
            if self._booked[names.index(one.behaviour)] == 0
        ]
        lists = [self._scheme.lists[number - 1].name for number in sorted(self._unseen)]
        said = []
        if rules:
            said.append(
                f"{noun(len(rules), 'rule')} of {len(self._scheme.rules)} never fired in {weeks}: "
                f"{joined(rules)}."
            )
        if lists:
            said.append(f"Nobody was entered in {weeks} on: {joined(lists)}.")
        return said


def _is_anybody_on(number: int, listing: Any) -> bool:
    """Return whether anybody is on a list, looking at a part of the country at a time."""
    parts = (listing[i : i + LANES_AT_ONCE] for i in range(0, listing.size, LANES_AT_ONCE))
    return any(np.any(list_of(part) == number) for part in parts)
