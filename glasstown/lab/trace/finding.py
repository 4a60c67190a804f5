"""Find: synthetic citizens worth looking at, by a few words, as they stand at the end of a run."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from math import gcd
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from glasstown.engine.country import Country
from glasstown.engine.measures import CAUSES, WRONGLY
from glasstown.engine.world import CASH, ENROLLED, MOBILISING, SCORE, UNHEARD
from glasstown.errors import InputError, nearest_word
from glasstown.lab.biographies import Person, person
from glasstown.lab.branches import by_citizen
from glasstown.lab.outcomes import NOT_EXCLUDED, excluded_for
from glasstown.lab.progress import Progress, Silent
from glasstown.lab.scenario import Scenario, load_scenario
from glasstown.lab.trace.ending import ended
from glasstown.laws import publish as facts
from glasstown.scheme.compilation import IS_BLACK
from glasstown.society import traits
from glasstown.wording import shortened

MOST = 10
"""How many citizens are named when nobody says."""
Mask = NDArray[np.bool_]


class Match(NamedTuple):
    """A citizen that was found."""

    citizen: int
    region: str
    settlement: str
    age_band: str
    occupation: str
    score: float | None
    excluded_for: str | None
    listed_for: str | None


class Found(NamedTuple):
    """The citizens that were found; ``total`` is None where not everybody was looked at.

    ``can_go_on`` says whether the run was stopped and kept, so that the same call goes on.
    """

    words: tuple[str, ...]
    matches: tuple[Match, ...]
    total: int | None
    week: int
    can_go_on: bool = False

    def as_data(self) -> dict[str, Any]:
        """Return what was found for another program."""
        return {"words": list(self.words), "matches": [one._asdict() for one in self.matches],
                "total": self.total, "week": self.week}  # fmt: skip


class Crowd:
    """Everybody's state at the end of a run, arrays of one entry a citizen."""

    def __init__(self, country: Country) -> None:
        layout, state = country.society.layout, country.state
        self._country, self._words = country, state.words
        self._layout = layout
        self.causes = by_citizen(layout, excluded_for(country))
        self.score = by_citizen(layout, state.points[SCORE])
        listing = by_citizen(layout, state.listing).astype(np.int64)
        self.caution = by_citizen(layout, state.caution)
        self.is_noticed = (listing >> 5) & 1 == 1
        number = (listing & 3) * ~self.is_noticed
        worlds = np.array([one.rules.lists[:, IS_BLACK] for one in country.worlds])
        places = layout.places.zones
        of_zone = np.repeat(np.arange(len(places)), places[:, 4])
        black = worlds[country.regimes.of_zone[of_zone], number] == 1
        self.zone = of_zone
        self.is_listed, self.is_red = black & (number > 0), ~black & (number > 0)
        self.listed_for = np.where(self.is_listed, (listing >> 2) & 7, NOT_EXCLUDED)

    def bit(self, plane: int) -> Mask:
        """Return a plane of everybody's bits."""
        words = np.ascontiguousarray(self._words[plane], "<u8")
        lanes = np.unpackbits(words.view(np.uint8), bitorder="little").astype(bool)
        return by_citizen(self._layout, lanes)

    def is_for(self, *causes: str) -> Mask:
        """Return who is shut out or listed for one of some causes."""
        numbers = [CAUSES.index(one) for one in causes]
        return np.isin(self.causes, numbers) | np.isin(self.listed_for, numbers)

    def has_score(self) -> Mask:
        """Return who lives where there is a score."""
        scored = [self._country.terms_of(zone).has_score for zone in range(self.zone.max() + 1)]
        return np.array(scored, bool)[self.zone]


class Word(NamedTuple):
    """A word to find citizens by: what it means, and how it is looked up.

    ``of_state`` narrows everybody by the state, ``of_person`` looks at who is left.
    """

    meaning: str
    of_state: Callable[[Crowd], Mask] | None = None
    of_person: Callable[[Person], bool] | None = None


def _is_opposed(one: Person) -> bool:
    return one.opinion * 255 < traits.SUPPORTS_FROM


def _is_child(one: Person) -> bool:
    return one.age_band in traits.AGE_BANDS[: traits.FIRST_ADULT_BAND]


def _by(cause: str) -> Callable[[Crowd], Mask]:
    return lambda crowd: crowd.is_for(cause)


def _plane(plane: int) -> Callable[[Crowd], Mask]:
    return lambda crowd: crowd.bit(plane)


def _is_silent(crowd: Crowd) -> Mask:
    return ~crowd.bit(facts.PRAISING) & ~crowd.bit(facts.CRITICAL)


VOCABULARY: dict[str, Word] = {
    "excluded": Word("shut out of a service", lambda crowd: crowd.causes != NOT_EXCLUDED),
    "listed": Word("on a black list", lambda crowd: crowd.is_listed),
    "red": Word("on a red list", lambda crowd: crowd.is_red),
    "noticed": Word("has notice of an entry", lambda crowd: crowd.is_noticed),
    "low": Word("publicly low", _plane(facts.LOW)),
    "shamed": Word("shown on public screens", _plane(facts.SHAMED)),
    "innocent": Word("excluded or listed, not for own doing",
                     lambda crowd: crowd.is_for(*WRONGLY)),
    "by deeds": Word("excluded or listed for own deeds", _by("deeds")),
    "by inability": Word("excluded or listed for what could not be helped", _by("inability")),
    "by mistake": Word("excluded or listed for another's deed", _by("misidentification")),
    "by association": Word("excluded for friends, household or firm", _by("association")),
    "by speech": Word("excluded or listed for what was said", _by("speech")),
    "by several": Word("excluded for several causes together", _by("several")),
    "member": Word("takes part in the score",
                   lambda crowd: crowd.bit(ENROLLED) & crowd.has_score()),
    "critic": Word("voices criticism", _plane(facts.CRITICAL)),
    "praising": Word("voices praise", _plane(facts.PRAISING)),
    "silent": Word("says nothing", _is_silent),
    "mobilising": Word("calls others to come together", _plane(MOBILISING)),
    "unheard": Word("speaks, and is not heard online", _plane(UNHEARD)),
    "cautious": Word("caution above one half", lambda crowd: crowd.caution >= 128),
    "cash": Word("pays cash though able to pay digitally", _plane(CASH)),
    "opposed": Word("privately opposed to the government", None, _is_opposed),
    "supporter": Word("privately in favour of the government", None,
                      lambda one: not _is_opposed(one)),
    "silenced": Word("privately opposed and says nothing", _is_silent, _is_opposed),
    "falsifying": Word("privately opposed and voices praise", _plane(facts.PRAISING), _is_opposed),
    "owner": Word("owns a firm", None, lambda one: one.occupation == "owner"),
    "official": Word("an official", None, lambda one: one.occupation == "official"),
    "child": Word("a child, who is neither scored nor listed", None, _is_child),
    "urban": Word("lives in a town", None, lambda one: one.settlement == "urban"),
    "rural": Word("lives in the country", None, lambda one: one.settlement == "rural"),
}  # fmt: skip
"""The words; several, with commas between, must all hold."""


def words_in(given: str | Sequence[str]) -> tuple[str, ...]:
    """Return the words of a request.

    >>> words_in("Excluded, innocent,by  association")
    ('excluded', 'innocent', 'by association')

    Raises
    ------
    InputError
        If one is not in the vocabulary, or there is none.
    """
    parts = given.split(",") if isinstance(given, str) else [str(one) for one in given]
    words = tuple(" ".join(one.lower().split()) for one in parts if one.strip())
    for word in words:
        if word not in VOCABULARY:
            nearest = nearest_word(word, VOCABULARY)
            hint = f". Did you mean '{nearest}'?" if nearest else ""
            raise InputError(
                f"find: {shortened(word)} is none of the words: {', '.join(VOCABULARY)}{hint}"
            )
    if not words:
        raise InputError(f"find: needs at least one word of: {', '.join(VOCABULARY)}")
    return words


def find(
    given: str | Path | Mapping[str, Any] | Scenario,
    words: str | Sequence[str],
    *,
    most: int = MOST,
    out: str | Path | None = None,
    threads: int | None = None,
    progress: Progress | None = None,
    **overrides: Any,
) -> Found:
    """Run a scenario and name some citizens of whom all words hold at its end.

    Parameters
    ----------
    given : str, Path, Mapping or Scenario
        A shipped scheme's name, a path to a scenario file, or a mapping.
    words : str or sequence of str
        Words of `VOCABULARY`, in one text with commas between.
    most : int
        How many citizens are named, from all over the country.
    out : str or Path, optional
        The folder below which a country that is stopped on its way is kept, so that the same
        call goes on with it; nothing is kept by default.
    threads, progress, **overrides
        As for `glasstown.trace`.

    Raises
    ------
    InputError
        If the scenario can't be used, a word is not known, or ``most`` is no number above 0.
    """
    wanted = words_in(words)
    if isinstance(most, bool) or not isinstance(most, int) or most < 1:
        raise InputError(f"most: must be a whole number from 1, not {most!r}")
    scenario = load_scenario(given, overrides=overrides)
    told = progress or Silent()
    told.started(scenario.weeks, f"{scenario.scheme.name}: {scenario.society.citizens:_} citizens")
    try:
        country, can_go_on = ended(scenario, out, threads, told)
        told.stage("looking")
        return found(country, wanted, most)._replace(can_go_on=can_go_on)
    finally:
        told.finished()


def found(country: Country, words: Sequence[str], most: int = MOST) -> Found:
    """Return citizens of whom all words hold now, from all over the country."""
    crowd = Crowd(country)
    chosen = [VOCABULARY[one] for one in words]
    holds = np.ones(crowd.score.size, bool)
    for word in chosen:
        if word.of_state is not None:
            holds &= word.of_state(crowd)
    tests = [one.of_person for one in chosen if one.of_person is not None]
    is_about_children = "child" in words
    matches, is_whole = list[Match](), True
    for citizen in _spread(np.flatnonzero(holds)):
        if len(matches) == most:
            is_whole = False
            break
        one = person(country.society, country.seed, citizen)
        if _is_child(one) == is_about_children and all(test(one) for test in tests):
            matches.append(_match(crowd, one))
    matches.sort()
    return Found(tuple(words), tuple(matches), len(matches) if is_whole else None, country.week)


def _spread(numbers: NDArray[np.int64]) -> Iterator[int]:
    """Yield numbers so that the first few come from all over: by strides of a golden section."""
    count = numbers.size
    step = max(int(count * 0.618), 1)
    while gcd(step, count) > 1:
        step += 1
    for i in range(count):
        yield int(numbers[i * step % count])


def _match(crowd: Crowd, one: Person) -> Match:
    """Return what is told of a citizen that was found."""
    at, is_adult = one.citizen, not _is_child(one)
    cause, listed = int(crowd.causes[at]), int(crowd.listed_for[at])
    return Match(
        one.citizen, one.region, one.settlement, one.age_band, one.occupation,
        float(crowd.score[at]) / 10 if is_adult and crowd.has_score()[at] else None,
        CAUSES[cause] if is_adult and cause != NOT_EXCLUDED else None,
        CAUSES[listed] if listed != NOT_EXCLUDED else None,
    )  # fmt: skip
