"""A life: one citizen followed through a run, week by week, each week proven."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from pydantic import TypeAdapter

from glasstown.engine import columns as c
from glasstown.engine.country import Country
from glasstown.engine.reference_people import Citizen
from glasstown.engine.world import SCORE
from glasstown.lab.biographies import Person, person
from glasstown.lab.rollout import Timetable
from glasstown.lab.trace.events import Event, tie_kind
from glasstown.lab.trace.narrator import Narrator
from glasstown.lab.trace.rulebook import Rulebook
from glasstown.lab.trace.standing import Standing, standing
from glasstown.lab.trace.witness import Replayed, Witness
from glasstown.society import traits
from glasstown.society.catalogue import platforms, sectors
from glasstown.society.compilation import CompiledSociety
from glasstown.society.layout import BLOCK, block_and_lane

FIFTHS = ("poorest", "second", "middle", "fourth", "richest")
LEVELS = ("very low", "low", "middling", "high", "very high")


class Who(NamedTuple):
    """Who a synthetic citizen is, as computed from the seed and the number; nothing is stored."""

    citizen: int
    region: str
    settlement: str
    group: str
    age_band: str
    occupation: str
    household_size: int
    income_fifth: str
    honesty: str
    boldness: str
    thinks: str
    opinion: float
    online: str
    pays_digitally: str
    platform: str
    firms: tuple[str, ...]
    ties_by_kind: dict[str, int]

    @property
    def is_adult(self) -> bool:
        """Whether the citizen may be scored and listed."""
        return self.age_band in traits.AGE_BANDS[traits.FIRST_ADULT_BAND :]


class LivedWeek(NamedTuple):
    """A week of a life: its number from 1, its first day, what happened, and where it led."""

    week: int
    day: date
    scheme: str
    events: tuple[Event, ...]
    after: Standing

    def as_data(self) -> dict[str, Any]:
        """Return the week for another program."""
        return {
            "week": self.week,
            "day": str(self.day),
            "scheme": self.scheme,
            "events": [one.as_data() for one in self.events],
            "after": self.after.as_data(),
        }


@dataclass(frozen=True)
class Life:
    """One synthetic life under one scheme.

    Parameters
    ----------
    scheme, title : str
        The scheme's name, and its title with what was left out of it.
    label : str
        What it is called beside another: the scheme's name, and what was left out.
    start : Standing
        Where the citizen stood before the first week.
    weeks : tuple of LivedWeek
        Every week that was lived.
    digest : str
        The digest of the whole run.
    """

    scheme: str
    title: str
    label: str
    start: Standing
    weeks: tuple[LivedWeek, ...]
    digest: str

    @property
    def end(self) -> Standing:
        """Where the citizen stands at the end."""
        return self.weeks[-1].after if self.weeks else self.start

    def events(self, kind: str | None = None) -> list[Event]:
        """Return all events, or those of a kind."""
        found = [event for week in self.weeks for event in week.events]
        return [one for one in found if kind is None or one.kind == kind]

    def points_by_cause(self) -> dict[str, float]:
        """Return what moved the score in all, by cause; the sum is the change of the score."""
        sums: Counter[str] = Counter()
        for event in self.events():
            if event.points:
                sums[cause_of_points(event)] += round(10 * event.points)
        return {name: one / 10 for name, one in sums.most_common()}

    def as_data(self) -> dict[str, Any]:
        """Return the life for another program."""
        return {
            "scheme": self.scheme,
            "title": self.title,
            "label": self.label,
            "digest": self.digest,
            "points_by_cause": self.points_by_cause(),
            "start": self.start.as_data(),
            "weeks": [one.as_data() for one in self.weeks],
        }


def labels_of(lives: Sequence[Life]) -> list[str]:
    """Return what each life is called beside the others; two of one name are told apart."""
    names = [one.label for one in lives]
    return (
        names if len(set(names)) == len(names) else [f"{x} ({i + 1})" for i, x in enumerate(names)]
    )


CAUSES_OF_POINTS = {
    "friends": "low friends",
    "household": "the household",
    "firm": "the own firm",
    "rollout": "a new scheme's start",
    "left": "leaving the scheme",
    "insiders": "an official's favour",
    "repair": "credit repair",
    "correction": "mistakes put right",
}
"""Causes of points that are no record, in words."""


def cause_of_points(event: Event) -> str:
    """Return for what an event moved the score."""
    if event.kind == "points":
        return CAUSES_OF_POINTS[str(event.facts["cause"])]
    return {"mistake": "records booked by mistake", "speech": "speech", "gathering": "speech",
            "fading": "fading towards the start"}.get(event.kind, "own deeds")  # fmt: skip


_WEEKS = TypeAdapter(list[LivedWeek])


class Follower:
    """Follows one citizen through a country that runs.

    Parameters
    ----------
    country : Country
        The country, before its first week.
    plan : Timetable
        What it follows: it knows the declared schemes and their dates.
    citizen : int
        The citizen's number.
    """

    def __init__(self, country: Country, plan: Timetable, citizen: int) -> None:
        self._country, self._plan = country, plan
        self.block, lane = block_and_lane(country.society.layout, citizen)
        self._witness = Witness(country, self.block)
        near = self._witness.near
        found = (one for one in near.people.everybody if one.index == self.block * BLOCK + lane)
        self.citizen: Citizen = next(found)
        self._narrator = Narrator(self.citizen.index, country.society.behaviours)
        self.who = who(country.society, country.seed, citizen, self)
        self.start = self._standing(self._book(0))
        self._before, self.weeks = self.start, list[LivedWeek]()

    @property
    def firms(self) -> list[int]:
        """The sectors of the firms that the citizen owns."""
        firms = self._witness.near.firms.values()
        return [one.sector for one in firms if one.owner is self.citizen]

    def kinds_of_ties(self) -> dict[str, int]:
        """Return how many ties of each kind the citizen has, cut or not."""
        ties = self._witness.near.people.ties(self.citizen)
        kinds = Counter(tie_kind(tie) for tie, _ in ties)
        return {"household": len(self.citizen.household), **dict(sorted(kinds.items()))}

    def advance(self) -> None:
        """Run one week of the country, and tell it from the citizen's side.

        Raises
        ------
        EngineError
            If the week lived again is not the week that the engine made.
        """
        week = self._country.week
        score = self._score()
        tally = self._country.advance()
        book = self._book(week)
        waits = tally[self.citizen.zone, 0, c.WAIT : c.WAIT + 3].tolist()
        lived: Replayed = self._witness.week
        events = self._narrator.tell(lived.notes, book, self._before, waits)
        moved = sum(round(10 * one.points) for one in events if one.points is not None)
        if (
            self.citizen.is_adult
        ):  # where a child lives a new scheme's start is put, and is nobody's
            assert moved == self._score() - score, "the points of a week must add up"
        after = self._standing(book)
        self.weeks.append(LivedWeek(week + 1, book.day, book.scheme.name, tuple(events), after))
        self._before = after

    def kept(self) -> list[Any]:
        """Return the weeks that were lived as JSON, to be found again by `go_on`."""
        kept: list[Any] = _WEEKS.dump_python(self.weeks, mode="json")
        return kept

    def go_on(self, kept: list[Any]) -> None:
        """Go on after weeks that were lived before; the country was taken up there already."""
        self.weeks = _WEEKS.validate_python(kept)
        self._before = self.weeks[-1].after

    def _score(self) -> int:
        return int(self._country.state.points[SCORE, self.citizen.index])

    def _book(self, week: int) -> Rulebook:
        declared = self._plan.declared(week)
        return Rulebook(declared[self.citizen.zone], self._plan.day_of(week))

    def _standing(self, book: Rulebook) -> Standing:
        books = self._witness.near.books(self._country.worlds, self._country.state)
        return standing(books, self.citizen, book)


def who(society: CompiledSociety, seed: int, citizen: int, follower: Follower) -> Who:
    """Return who a citizen is, in bands: a synthetic number has no name."""
    known: Person = person(society, seed, citizen)
    word, second = follower.citizen.word, follower.citizen.second
    income = traits.trait_byte(word, traits.INCOME)
    return Who(
        citizen=citizen,
        region=known.region,
        settlement=known.settlement,
        group=known.group,
        age_band=known.age_band,
        occupation=known.occupation,
        household_size=known.household_size,
        income_fifth=FIFTHS[income * 5 // 256],
        honesty=_level(known.honesty),
        boldness=_level(known.boldness),
        thinks="opposed" if known.opinion * 255 < traits.SUPPORTS_FROM else "in favour",
        opinion=round(known.opinion, 3),
        online="offline" if known.online == 0 else _level(known.online),
        pays_digitally=_level(known.digital),
        platform=_platform(traits.trait_byte(second, traits.PLATFORM)),
        firms=tuple(sectors()[one].name for one in follower.firms),
        ties_by_kind=follower.kinds_of_ties(),
    )


def _level(share: float) -> str:
    return LEVELS[min(int(share * len(LEVELS)), len(LEVELS) - 1)]


def _platform(byte: int) -> str:
    """Return the platform behind a trait byte, before any is shut."""
    known, reached = platforms(), 0.0
    users = sum(one.users for one in known)
    for one in known:
        reached += one.users / users
        if byte < reached * 256:
            return one.name
    return known[-1].name
