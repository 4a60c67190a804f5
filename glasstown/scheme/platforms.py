"""Platforms under a scheme, as tables by the trait byte that says which platform a citizen uses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import numpy as np
from numpy.typing import NDArray

from glasstown.laws import Q16
from glasstown.scheme.voice import PlatformRule
from glasstown.society.catalogue import platforms


def platform_tables(
    rules: Mapping[str, PlatformRule], day: date, without: Sequence[str]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return visibility, int64 (256,), and what is hidden, int64 (2, 256), on a day; both q16.

    A platform complies from its date on; one that is shut down has no users: they move to the
    others in proportion to the others' users, each trait byte to the same platform in all worlds
    of the same day.
    """
    known = platforms()
    is_shut = [_is_shut(rules.get(one.name), day, without) for one in known]
    shares = [0.0 if shut else one.users for one, shut in zip(known, is_shut, strict=True)]
    home = _pick(np.arange(256) / 256, [one.users for one in known])
    # Who must move keeps the byte's place within the old platform as a draw for the new one.
    firsts = np.concatenate([[0], np.cumsum([(home == i).sum() for i in range(len(known))])])
    place = (np.arange(256) - firsts[home] + 0.5) / np.maximum(np.bincount(home)[home], 1)
    moved = _pick(place, shares) if sum(shares) > 0 else home
    where = np.where(np.array(is_shut)[home], moved, home)
    visibility, hides = [], []
    for one in known:
        rule = rules.get(one.name)
        complies = rule is not None and rule.complies_from <= day
        seen = one.visibility
        if rule is not None and complies and rule.visibility is not None:
            seen = rule.visibility
        visibility.append(round(seen * Q16))
        is_hiding = rule is not None and complies and "censorship" not in without
        hides.append(
            (round(rule.hides_criticism * Q16), round(rule.hides_mobilisation * Q16))
            if rule is not None and is_hiding
            else (0, 0)
        )
    return np.array(visibility, np.int64)[where], np.array(hides, np.int64)[where].T.copy()


def _is_shut(rule: PlatformRule | None, day: date, without: Sequence[str]) -> bool:
    if rule is None or rule.shut_from is None or "platforms" in without:
        return False
    return rule.shut_from <= day


def _pick(points: NDArray[np.float64], shares: Sequence[float]) -> NDArray[np.int64]:
    """Return which of the shares each point from 0 to 1 falls into."""
    limits = np.cumsum(shares) / sum(shares)
    picks = np.searchsorted(limits, points, side="right").clip(0, len(shares) - 1)
    return np.asarray(picks, np.int64)
