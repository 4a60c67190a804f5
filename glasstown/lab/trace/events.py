"""Events: what happened to a citizen, in a sentence, with its points and the line behind it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from glasstown.lab.trace.rulebook import NOWHERE, Line, Rulebook
from glasstown.lab.trace.standing import Standing
from glasstown.society.declaration import Behaviour
from glasstown.society.ties import FIRST_ACQUAINTANCE, FIRST_COLLEAGUE, FIRST_ONLINE


@dataclass
class Event:
    """One thing that happened to a citizen in a week.

    ``kind`` is what it is about: deed, mistake, points, fading, list, denied, favoured, waits,
    remedy, shown, speech, caution, tie, member, firm, gathering. ``points`` moved the score, None
    where nothing could.
    """

    step: str
    kind: str
    sentence: str
    points: float | None = None
    rule: str = ""
    source: str = ""
    confidence: str = ""
    facts: dict[str, Any] = field(default_factory=dict)

    def rests_on(self, line: Line) -> Event:
        """Name the line of the scheme that the event comes from."""
        self.rule, self.source, self.confidence = line
        return self

    def as_data(self) -> dict[str, Any]:
        """Return the event for another program, empty fields left out."""
        return {name: one for name, one in asdict(self).items() if one not in (None, "", {})}


def tie_kind(tie: int) -> str:
    """Return what kind of tie one of the fourteen is.

    >>> tie_kind(0), tie_kind(4), tie_kind(13)
    ('household', 'neighbour', 'online')
    """
    if tie < 3:
        return "household"
    if tie < FIRST_COLLEAGUE:
        return "neighbour"
    if tie < FIRST_ACQUAINTANCE:
        return "colleague"
    return "acquaintance" if tie < FIRST_ONLINE else "online"


def signed(points: float) -> str:
    """Write points with their sign.

    >>> signed(-4.0), signed(0.5), signed(0)
    ('-4.0 points', '+0.5 points', 'no points')
    """
    return f"{points:+.1f} points" if points else "no points"


def words_of(name: str) -> str:
    """Return a name as words.

    >>> words_of("red_light")
    'red light'
    """
    return name.replace("_", " ")


def percent_of(level: int) -> str:
    """Write a level from 0 to 255 as a percentage of its range.

    >>> percent_of(128), percent_of(1)
    ('50%', '0.4%')
    """
    share = 100 * level / 255
    return f"{share:.1f}%" if 0 < level < 26 else f"{share:.0f}%"


class Teller:
    """What every part of the narrator has: the week's book, the events so far, what led to them."""

    _book: Rulebook
    _before: Standing
    _waits: Sequence[int]

    def __init__(self, citizen: int, behaviours: Sequence[Behaviour]) -> None:
        self._citizen, self._behaviours = citizen, behaviours
        self._events: list[Event] = []
        self._deed: Event | None = None
        self._listings = (0, 0)
        self._around: dict[str, int] = {}
        self._trigger = self._why = ""

    def _add(
        self, step: str, kind: str, sentence: str, line: Line = NOWHERE,
        points: float | None = None, **numbers: Any,
    ) -> Event:  # fmt: skip
        self._events.append(Event(step, kind, sentence, points, facts=numbers).rests_on(line))
        return self._events[-1]
