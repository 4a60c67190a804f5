"""The alias table once more, with all in one number that a candidate is first asked for."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from glasstown.engine.world import ENROLLED, MOBILISING
from glasstown.laws import publish as facts
from glasstown.society import compilation as b

PLANE_SHIFT, FIRM_SHIFT, FREE_SHIFT = 8, 16, 17
"""In a code: the behaviour (8 bits), the plane that must be set (8), whether a firm does it (1),
whether it asks for no stance (1)."""
BYTE = 255
PLANES_ASKED = {
    None: ENROLLED, "praise": facts.PRAISING, "criticism": facts.CRITICAL,
    "mobilisation": MOBILISING,
}  # fmt: skip
"""The plane that must be set for a stance. Whoever holds one is an adult; for the other deeds it
is asked who takes part, which where nobody may stay out is every adult."""


def slot_codes(behaviours: NDArray[np.int64], alias: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return a code for each slot's own behaviour and for its other one, int64 (64, 2).

    Parameters
    ----------
    behaviours, alias : int64 arrays (behaviours, 17), (64, 2)
        Tables of `glasstown.society.compilation.People`.
    """
    own = np.minimum(np.arange(len(alias)), len(behaviours) - 1)
    behaviour = np.stack([own, alias[:, 1]], axis=1)
    stance = behaviours[behaviour, b.STANCE]
    planes = np.array([PLANES_ASKED[name] for name in b.STANCES], np.int64)
    is_firms = (behaviours[behaviour, b.ACTOR] == b.FIRM).astype(np.int64)
    is_free = (stance == 0).astype(np.int64)
    return (
        behaviour | planes[stance] << PLANE_SHIFT | is_firms << FIRM_SHIFT | is_free << FREE_SHIFT
    )
