"""A search in sentences: which change removes most, which few do nearly all, and at what price."""

from __future__ import annotations

from glasstown.lab.safeguards.search import Candidate, Found
from glasstown.lab.wording import joined, noun, percent

NEARLY = 0.9
"""Share of what can be removed that counts as nearly all of it."""
KEPT = 0.8
"""Share of the benefit that counts as most of it."""


def words_of(names: tuple[str, ...]) -> str:
    """Write a set of safeguards."""
    return joined([one.replace("_", " ") for one in names]) or "no change"


def nearly_all(found: Found) -> Candidate | None:
    """Return the smallest set that removes nearly all that any set removes."""
    sets = found.best_of_size()
    most = max((1 - one.harm_left.mean for one in sets), default=0.0)
    if most <= 0:
        return None
    return next((one for one in sets if 1 - one.harm_left.mean >= NEARLY * most), None)


def keeping_most(found: Found) -> Candidate | None:
    """Return the set that leaves least harm of those that keep most of the benefit."""
    sets = [one for one in found.candidates if one.benefit and one.benefit.mean >= KEPT]
    kept = [one for one in sets if one.size]
    return min(kept, key=lambda one: (one.harm_left.mean, one.size), default=None)


def sentences(found: Found) -> list[str]:
    """Say what was found."""
    said = []
    single = found.alone()
    if single:
        said.append(
            f"One change removes most by itself: {words_of(single[0].names)}. "
            f"{_harm(single[0])}{_benefit(single[0])}."
        )
    best = nearly_all(found)
    if best is not None and best.size > 1:
        said.append(
            f"{noun(best.size, 'change')} remove nearly all that any set here removes: "
            f"{words_of(best.names)}. {_harm(best)}{_benefit(best)}."
        )
    cheap = keeping_most(found)
    if cheap is not None and cheap != best and (not single or cheap != single[0]):
        said.append(
            f"Of the sets that keep {percent(KEPT)} of the benefit or more, one leaves least harm: "
            f"{words_of(cheap.names)}. {_harm(cheap)}{_benefit(cheap)}."
        )
    dearest = _keeps_least(found)
    if dearest is not None and dearest.benefit is not None:
        said.append(
            f"The change that costs most of the scheme's own benefit is {words_of(dearest.names)}: "
            f"{dearest.benefit.said('percent')} of the fall in offences is kept."
        )
    if found.benefit is None or found.benefit.mean <= 0:
        said.append("The scheme as it is does not lower offences: it has no benefit to lose.")
    else:
        said.append(
            f"As it is, the scheme lowers offences of citizens by {found.benefit.said('percent')}."
        )
    if not found.is_complete:
        whole = 2 ** len(found.safeguards)
        said.append(
            f"{len(found.candidates)} of {whole:,} sets were run; a set that was not may do better."
        )
    return said


def _harm(one: Candidate) -> str:
    return f"Of the harm {one.harm_left.said('percent')} is left"


def _benefit(one: Candidate) -> str:
    if one.benefit is None:
        return ""
    return f", and of the scheme's own benefit {percent(max(one.benefit.mean, 0.0))} is kept"


def _keeps_least(found: Found) -> Candidate | None:
    single = [one for one in found.alone() if one.benefit is not None]
    least = min(single, key=lambda one: one.benefit.mean if one.benefit else 0.0, default=None)
    if least is None or least.benefit is None or least.benefit.mean > 0.9:
        return None
    return least
