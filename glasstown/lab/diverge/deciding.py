"""Deciding: in one week of one block of two runs, the first thing that went differently.

Both weeks are lived again by the reference engine, which notes every decision with its draw and
its limit. What is compared is what happened and which draws fell below their limits; a limit
that differs without consequence is not where two runs part.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from glasstown.engine.country import Country
from glasstown.engine.measures import CAUSES, SERVICES
from glasstown.lab.biographies import STANCES
from glasstown.lab.diverge.fields import PLANES, number_of
from glasstown.lab.trace.noting import Note
from glasstown.society.compilation import CHANNELS

PURPOSES = {
    "weighed": "CANDIDATE", "does": "CANDIDATE", "looked": "WATCH", "recorded": "WATCH",
    "received": "RECEIVE", "triggers": "ENTER", "tested": "ENTER", "shown for entry": "SHAME",
    "shown for fall": "SHAME", "told": "NOTICE", "objects": "APPEAL", "decided": "APPEAL",
    "performs": "REMEDY", "repairs": "REMEDY", "notice": "REMEDY", "asks": "INSIDE",
    "favoured": "INSIDE", "aware": "AWARE", "corrects": "REFLECT", "expires": "REFLECT",
    "feels": "REFLECT", "hidden": "VOICE", "cuts": "CUT", "mends": "MEND", "denied": "DEMAND",
}  # fmt: skip
"""Which purpose the draw behind a decision has: see docs/week.md."""

SHARED = 3
"""How many things are told that both runs did before they part."""
WEIGHED = ("draw", "limit", "age", "bits", "rate")
"""Numbers that decide and may differ without consequence."""


class Decision(NamedTuple):
    """Where two runs part: the step, the citizen, what went differently, and its numbers.

    ``a`` and ``b`` hold the numbers in either run, None where it did not happen; ``next_a`` and
    ``next_b`` say what happened instead, ``shared`` what both did to that citizen just before;
    ``draw`` is the purpose of the draw behind it.
    """

    step: str
    citizen: int
    block: int
    what: str
    a: dict[str, int | str] | None
    b: dict[str, int | str] | None
    next_a: str
    next_b: str
    shared: tuple[str, ...]
    draw: str | None

    def as_data(self) -> dict[str, Any]:
        """Return the decision for another program."""
        return {**self._asdict(), "shared": list(self.shared)}


def is_decision(note: Note) -> bool:
    """Return whether a note weighs a draw against a limit."""
    return "draw" in note.numbers and "limit" in note.numbers


def has_passed(note: Note) -> bool:
    """Return whether something happened: an outcome, or a draw below its limit."""
    if note.numbers.get("gone") == 0:
        return False  # nothing faded, at whatever rate
    return not is_decision(note) or note.numbers["draw"] < note.numbers["limit"]


def _compared(note: Note) -> tuple[Any, ...]:
    """Return what of a note must be the same in both runs."""
    kept = {name: one for name, one in note.numbers.items() if name not in WEIGHED}
    return note.step, note.citizen, note.what, kept


def first_difference(
    country: Country, block: int, a: Sequence[Note], b: Sequence[Note]
) -> Decision | None:
    """Return the first thing in which two weeks of a block differ, None if there is none."""
    done_a = [one for one in a if has_passed(one)]
    done_b = [one for one in b if has_passed(one)]
    place = next(
        (i for i, (x, y) in enumerate(zip(done_a, done_b, strict=False))
         if _compared(x) != _compared(y)),
        min(len(done_a), len(done_b)),
    )  # fmt: skip
    here_a = done_a[place] if place < len(done_a) else None
    here_b = done_b[place] if place < len(done_b) else None
    if here_a is None and here_b is None:
        return None
    note = _leading(here_a, here_b, done_a[place:], done_b[place:])
    return Decision(
        note.step,
        number_of(country, note.citizen),
        block,
        note.what,
        _named(country, _numbers(note, a)),
        _named(country, _numbers(note, b)),
        said(country, here_a),
        said(country, here_b),
        tuple(said(country, x) for x in done_a[:place] if x.citizen == note.citizen)[-SHARED:],
        PURPOSES.get(note.what),
    )


def _leading(
    a: Note | None, b: Note | None, rest_a: Sequence[Note], rest_b: Sequence[Note]
) -> Note:
    """Return the one of two differing notes that tells more: a weighed draw, or what is extra."""
    if a is None or b is None:
        found = b if a is None else a
        assert found is not None
        return found
    if is_decision(a) != is_decision(b):
        return a if is_decision(a) else b
    is_a_later_in_b = _compared(a) in [_compared(one) for one in rest_b]
    is_b_later_in_a = _compared(b) in [_compared(one) for one in rest_a]
    return b if is_a_later_in_b and not is_b_later_in_a else a


def _numbers(note: Note, among: Sequence[Note]) -> dict[str, int] | None:
    """Return the numbers of the same decision in a run, None if it was not weighed there."""
    if note in among:
        return note.numbers
    same = [x for x in among if x[:3] == note[:3]]
    for key in ("behaviour", "list", "service", "tie", "channel", "plane", "round", "draw"):
        if key in note.numbers:
            same = [x for x in same if x.numbers.get(key) == note.numbers[key]]
    return same[0].numbers if same else None


def _named(country: Country, numbers: dict[str, int] | None) -> dict[str, int | str] | None:
    """Return a decision's numbers, with names where a number stands for one."""
    if numbers is None:
        return None
    names: dict[str, Sequence[str]] = {
        "behaviour": [one.name for one in country.society.behaviours],
        "channel": CHANNELS, "service": SERVICES, "cause": CAUSES, "stance": STANCES,
        "plane": [PLANES.get(i, str(i)) for i in range(max(PLANES) + 1)],
    }  # fmt: skip
    return {name: names[name][one] if name in names else one for name, one in numbers.items()}


def said(country: Country, note: Note | None) -> str:
    """Say a note in one line."""
    if note is None:
        return "nothing more"
    numbers = _named(country, note.numbers) or {}
    told = ", ".join(f"{name} {one}" for name, one in numbers.items())
    return f"{note.step}: citizen {number_of(country, note.citizen)}: {note.what} ({told})"
