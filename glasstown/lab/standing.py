"""Where every citizen stands at the end of a run: one bit a citizen and outcome."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from glasstown.engine.country import Country
from glasstown.engine.measures import CAUSES, WRONGLY
from glasstown.lab.branches import Leaf, by_citizen
from glasstown.lab.outcomes import NOT_EXCLUDED
from glasstown.laws.publish import LISTED, LOW

STANDINGS: dict[str, str] = {
    "excluded": "shut out of a service",
    "excluded_wrongly": "shut out for what is not their own doing",
    "listed": "on a black list",
    "low": "publicly low",
}
"""The outcomes that are kept, and what is said of whom they befall."""
_WRONGLY = [CAUSES.index(cause) for cause in WRONGLY]


def standings(leaf: Leaf) -> dict[str, NDArray[np.bool_]]:
    """Return, for each outcome of `STANDINGS`, whether it befalls a citizen: bool (citizens,)."""
    causes = leaf.causes()
    return {
        "excluded": causes != NOT_EXCLUDED,
        "excluded_wrongly": np.isin(causes, _WRONGLY),
        "listed": _fact(leaf.country, LISTED),
        "low": _fact(leaf.country, LOW),
    }


def _fact(country: Country, fact: int) -> NDArray[np.bool_]:
    """Return a fact of every citizen's, as it is at the end of the last week."""
    words = np.ascontiguousarray(country.state.words[fact]).astype("<u8")
    lanes = np.unpackbits(words.view(np.uint8), bitorder="little")
    found: NDArray[np.bool_] = by_citizen(country.society.layout, lanes).astype(bool)
    return found
