"""One seed of an assessment: every variant run under it, and what is kept of them.

A record is plain data, so that it can be kept on disk and read again: national totals and last
stocks of every variant, who is shut out in one variant and not in another, the cells of adults,
and how long exclusion and listings lasted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from glasstown.engine.country import Country
from glasstown.engine.world import SCORE
from glasstown.lab.assessment.following import Lives, followed
from glasstown.lab.assessment.people import cells, people_of
from glasstown.lab.assessment.variants import NONE, SCHEME, Variant
from glasstown.lab.branches import Branch, Leaf, grow
from glasstown.lab.claims.measures import lanes_of
from glasstown.lab.outcomes import NOT_EXCLUDED, Sums, excluded_for
from glasstown.lab.weekly import column_names
from glasstown.laws import publish as facts
from glasstown.society import layout as at

Record = dict[str, Any]
Bits = NDArray[np.bool_]


def lived(
    variants: Sequence[Variant], branches: Sequence[Branch], seed: int,
    told: Callable[[], None] | None = None, *, workers: int | None = None,
) -> Record:  # fmt: skip
    """Run every variant under one seed.

    Parameters
    ----------
    variants : sequence of Variant
        What is run, the scheme itself among them.
    branches : sequence of Branch
        The same, made ready.
    seed : int
        The seed.
    told : callable, optional
        Called after each simulated week; what it raises ends the work.
    workers : int, optional
        Threads that share a week; one for each usable processor by default.

    Returns
    -------
    dict
        Plain data; see the module.
    """
    names = [one.name for one in variants]
    totals: dict[str, dict[str, int]] = {}
    last: dict[str, dict[str, int]] = {}
    out: dict[str, Bits] = {}
    critics: dict[str, Bits] = {}
    digests: dict[str, str] = {}
    for leaf in grow(branches, seed, workers=workers, told=told):
        excluded = excluded_for(leaf.country) != NOT_EXCLUDED
        speaking = lanes_of(leaf.country.state.words[facts.CRITICAL])
        columns = _columns(leaf)
        for place in leaf.places:
            name = names[place]
            totals[name], last[name] = _sums(leaf.sums, columns)
            out[name], critics[name] = excluded, speaking
            digests[name] = leaf.digest
    branch = branches[names.index(SCHEME)]
    country, lives = followed(branch, seed, told, workers=workers)
    people = people_of(country)
    return {
        "seed": seed,
        "digest": digests[SCHEME],
        "totals": totals,
        "last": last,
        "pairs": {name: _pair(out[SCHEME], one) for name, one in out.items()},
        "cells": cells(people, lives, out[SCHEME]),
        "weeks": _weeks(lives, people.adults),
        "spells": _plain(lives.spells),
        "open_spells": _plain(lives.open_spells),
        "listings": _plain(lives.listings),
        "open_listings": _plain(lives.open_listings),
        "silence": _silence(critics, country, lives, people.opposed),
    }


def _columns(leaf: Leaf) -> tuple[str, ...]:
    return column_names([one.name for one in leaf.country.society.behaviours])


def _sums(sums: Sums, columns: tuple[str, ...]) -> tuple[dict[str, int], dict[str, int]]:
    """Return the sums of all weeks (of stocks too: person-weeks), and the last week's numbers."""
    whole, end = sums.sum(axis=0).tolist(), sums[-1].tolist()
    return (
        {name: value for name, value in zip(columns, whole, strict=True) if value},
        {name: value for name, value in zip(columns, end, strict=True) if value},
    )


def _pair(scheme: Bits, other: Bits) -> dict[str, int]:
    """Return who is shut out at the end in both, only under the scheme, only in the other."""
    return {
        "both": int((scheme & other).sum()),
        "scheme_only": int((scheme & ~other).sum()),
        "other_only": int((~scheme & other).sum()),
    }


def _weeks(lives: Lives, adults: Bits) -> dict[str, dict[str, int]]:
    """Return how many adults were shut out for so many weeks, in all and not for own doing."""
    found = {}
    for name, weeks in (("shut_out", lives.weeks), ("shut_out_wrongly", lives.weeks_wrong)):
        counted = np.bincount(weeks[adults])
        found[name] = {str(i): int(one) for i, one in enumerate(counted.tolist()) if i and one}
    return found


def _plain(spells: dict[str, Counter[int]]) -> dict[str, dict[str, int]]:
    return {
        cause: {str(length): count for length, count in sorted(counts.items())}
        for cause, counts in spells.items()
    }


def _silence(
    critics: dict[str, Bits], country: Country, lives: Lives, opposed: Bits
) -> dict[str, int]:  # fmt: skip
    """Return critics without a scheme, and how many of them are silent under it, unpunished.

    Unpunished: never shut out, listed, publicly low or shamed, and at the end with a score at its
    start or above it.
    """
    if NONE not in critics:
        return {}
    speak, here = critics[NONE], critics[SCHEME]
    spared = ~(lives.listed | lives.low | lives.shamed) & (lives.weeks == 0)
    spared &= country.state.points[SCORE] >= _starts(country)
    return {
        "critics_without": int(speak.sum()),
        "silent": int((speak & ~here).sum()),
        "silent_unpunished": int((speak & ~here & spared).sum()),
        "unpunished": int((speak & spared).sum()),
        "opposed": int(opposed.sum()),
        "opposed_unpunished": int((opposed & spared).sum()),
        "opposed_unpunished_not_critical": int((opposed & spared & ~here).sum()),
    }


def _starts(country: Country) -> NDArray[np.int64]:
    """Return the start of the score in force for every lane, tenths of points."""
    zones = country.society.layout.places.zones
    starts = [country.terms_of(zone).start for zone in range(len(zones))]
    return np.repeat(np.array(starts, np.int64), zones[:, at.BLOCKS] * at.BLOCK)
