"""How numbers become words: one spelling of counts, shares and causes for every sentence.

A sentence must be true at the precision it is printed with: nothing above zero is printed as
"0%", nothing below all of them as "100%", and "1 in N" is said only where it adds something.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import NamedTuple

CAUSE_WORDS: dict[str, str] = {
    "deeds": "own deeds",
    "inability": "what could not be helped",
    "misidentification": "records booked to the wrong person",
    "household": "a listed member of the household",
    "speech": "what was said",
    "association": "points lost for friends and household",
    "several": "several causes together",
    "firm": "the listing of the own firm",
}
"""What stands for each cause of ``glasstown.engine.measures.CAUSES`` in a sentence or legend."""

SERVICE_WORDS: dict[str, str] = {
    "loan": "bank loans",
    "flight": "flights",
    "train": "fast trains",
    "passport": "passports",
    "hospital": "hospital visits",
    "school": "school places",
    "rental": "deposit-free rentals",
    "public_job": "public jobs",
}

EXIT_WORDS: dict[str, str] = {
    "term": "end of term",
    "performed": "having performed what was owed",
    "appeal": "appeal",
    "repair": "repair",
    "insiders": "officials whom the listed knew",
    "rollout": "the end of the list itself",
}
"""How a black list is left, by ``glasstown.engine.measures.EXITS``."""


class Finding(NamedTuple):
    """One sentence, the measure it rests on, and the value of that measure."""

    sentence: str
    measure: str
    value: float


def counted(number: float) -> str:
    """Write a count with separators.

    >>> counted(1234567)
    '1,234,567'
    """
    return f"{round(number):,}"


def noun(number: float, one: str, many: str | None = None) -> str:
    """Write a count with its noun, in the singular for one.

    >>> noun(1, "request"), noun(2, "listing"), noun(0, "person-time")
    ('1 request', '2 listings', '0 person-times')
    """
    word = one if round(number) == 1 else (many or f"{one}s")
    return f"{counted(number)} {word}"


def was(number: float) -> str:
    """Return the verb that goes with a count.

    >>> was(1), was(0)
    ('was', 'were')
    """
    return "was" if round(number) == 1 else "were"


def percent(share: float) -> str:
    """Write a share as a percentage that neither hides nor completes anything by rounding.

    >>> [percent(x) for x in (0, 0.00001, 0.0012, 0.0345, 0.26, 0.9999, 1)]
    ['0%', 'less than 0.01%', '0.12%', '3.5%', '26%', 'more than 99.9%', '100%']
    """
    value = 100 * share
    if value in (0, 100):
        return f"{value:.0f}%"
    if value < 0.01:
        return "less than 0.01%"
    if 99.9 < value < 100:
        return "more than 99.9%"
    digits = 2 if value < 0.995 else 1 if value < 9.95 or 99 < value < 100 else 0
    return f"{value:.{digits}f}%"


def one_in(share: float) -> str:
    """Write a share as 'about 1 in N', or nothing where N would be under 3 or endless.

    >>> one_in(0.015), one_in(0.7), one_in(0)
    ('about 1 in 67', '', '')
    """
    if not 0 < share <= 0.34:
        return ""
    whole = 1 / share
    step = 10 ** max(0, math.floor(math.log10(whole)) - 1)
    return f"about 1 in {counted(round(whole / step) * step)}"


def decimal(number: float) -> str:
    """Write a measured number with two or three telling digits.

    >>> [decimal(x) for x in (0, 0.0123, 1.25, 71.24, 1234.5)]
    ['0', '0.012', '1.2', '71.2', '1,234']
    """
    if number == 0:
        return "0"
    if abs(number) >= 1000:
        return f"{number:,.0f}"
    if abs(number) >= 1:
        return f"{number:.1f}"
    return f"{number:.{min(8, 1 - math.floor(math.log10(abs(number))))}f}"


def joined(words: Sequence[str]) -> str:
    """Join words as a sentence does.

    >>> joined(["a"]), joined(["a", "b", "c"])
    ('a', 'a, b and c')
    """
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} and {words[-1]}"


def largest(amounts: Iterable[tuple[str, float]]) -> tuple[list[str], float]:
    """Return the names that share the largest amount, and the amount; no names if it is zero.

    >>> largest([("a", 2), ("b", 5), ("c", 5)])
    (['b', 'c'], 5)
    """
    known = list(amounts)
    top = max((amount for _, amount in known), default=0)
    return ([name for name, amount in known if amount == top] if top > 0 else []), top
