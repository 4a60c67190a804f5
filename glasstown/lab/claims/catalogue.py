"""The packaged catalogue of claims, read once and checked against what can be measured."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib import resources

from glasstown.errors import DeclarationError, InputError, Problem, nearest_word
from glasstown.lab.claims.declaration import Claim
from glasstown.lab.claims.measures import ALONE, TOGETHER
from glasstown.society.catalogue import named_rows
from glasstown.wording import listed

FILE = "claims.yaml"


@cache
def catalogue() -> tuple[Claim, ...]:
    """Return the claims, in the order of the catalogue."""
    text = (resources.files("glasstown.lab.claims") / "data" / FILE).read_text("utf-8")
    return read(text, FILE)


def read(text: str, file: str) -> tuple[Claim, ...]:
    """Read a catalogue of claims.

    Raises
    ------
    DeclarationError
        A line can't be used; file, line and key are named.
    """
    claims = named_rows(text, file, Claim)
    problems = [problem for one in claims for problem in _problems(one)]
    if problems:
        raise DeclarationError(file, problems)
    return claims


def _problems(claim: Claim) -> list[Problem]:
    """Return what is wrong with the measures that a claim names."""
    known = [*ALONE, *TOGETHER]
    found = []
    for name in (claim.measure, *claim.shown):
        if name not in known:
            message = f"there is no measure '{name}'; there are: {listed(known)}"
            found.append(Problem(claim.name, name, message, None, nearest_word(name, known)))
    if claim.measure in TOGETHER and claim.compare != "level":
        message = f"'{claim.measure}' compares the worlds by itself: compare must be level"
        found.append(Problem(claim.name, claim.compare, message))
    return found


def chosen(names: Sequence[str] | None) -> tuple[Claim, ...]:
    """Return the claims of some names, in the order of the catalogue; all where none is named.

    Raises
    ------
    InputError
        If there is no such claim.
    """
    if not names:
        return catalogue()
    known = [one.name for one in catalogue()]
    for name in names:
        if name not in known:
            nearest = nearest_word(name, known)
            hint = f" Did you mean '{nearest}'?" if nearest else ""
            raise InputError(f"only: there is no claim '{name}'; there are: {listed(known)}.{hint}")
    return tuple(one for one in catalogue() if one.name in names)
