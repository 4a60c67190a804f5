"""What was done, in sums over behaviours: a week's deeds are tallied by behaviour alone."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from glasstown.engine import columns as c
from glasstown.society import compilation as b


def sum_up(behaviours: NDArray[np.int64], tallies: NDArray[np.int64]) -> None:
    """Fill in the columns that are sums over behaviours acted.

    Parameters
    ----------
    behaviours : int64 array (behaviours, 17)
        The table of `glasstown.society.compilation.People`.
    tallies : int64 array (workers, zones, groups, width)
        A week's tallies; the sums are added to the first worker's.
    """
    kind, stance = behaviours[:, b.KIND], behaviours[:, b.STANCE]
    is_speech = kind == b.SPEECH
    mobilises, praises = stance == b.MOBILISATION, stance == b.PRAISE
    sums = {
        c.ACTED: np.ones_like(kind, bool),
        c.OFFENCES: kind == b.OFFENCE,
        c.MERITS: kind == b.MERIT,
        c.POSTS_MOBILISING: is_speech & mobilises,
        c.POSTS_PRAISE: is_speech & praises,
        c.POSTS_CRITICAL: is_speech & ~mobilises & ~praises,
    }
    acted = tallies[..., c.WIDTH : c.WIDTH + len(behaviours)].sum(axis=0)
    tallies[0][..., list(sums)] += acted @ np.array(list(sums.values()), np.int64).T
