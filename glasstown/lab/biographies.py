"""Biographies: the traits and the state of a sample of citizens, every quarter of a year.

The sample is one citizen of each of n equal stretches of citizen numbers, so it is spread over
the country as people are; who it is depends on the seed alone. Traits are computed by the plain
Python laws, one citizen at a time: they serve as a check of what the engines compute.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

from glasstown.engine.country import Country
from glasstown.engine.measures import CAUSES
from glasstown.engine.world import CASH, CUT, ENROLLED, SCORE, week_keys
from glasstown.lab.parts import Parts
from glasstown.lab.weekly import write_whole
from glasstown.laws import publish as facts
from glasstown.laws.draws import FIRM, PEOPLE, SAMPLE, draw, field, fold, high32, stream
from glasstown.laws.firm import owner_lane
from glasstown.laws.sanction import cause_of, list_of, notice_of, tier_of
from glasstown.scheme.compilation import Terms
from glasstown.scheme.declaration import Scheme
from glasstown.society import layout as at
from glasstown.society import traits
from glasstown.society.compilation import CompiledSociety
from glasstown.society.households import QUAD, head_lane
from glasstown.society.layout import BLOCK, Layout, block_and_lane
from glasstown.society.ties import FREE_TIES

SAMPLED = 2_000
EVERY_WEEKS = 13
PREFIX = "lives-"
STANCES = ("silence", "praise", "criticism")
ADULT_COLUMNS = ("score", "tier", "list", "listed_cause", "noticed", "is_enrolled", "stance")
"""What a child doesn't have: empty there. ``noticed`` is the list that a notice is about."""


class Person(NamedTuple):
    """Who a sampled citizen is: what never changes. Shares are from 0 to 1.

    ``online`` and ``digital`` are those at the end of 2020, to which they grow with the years.
    """

    citizen: int
    region: str
    settlement: str
    group: str
    age_band: str
    occupation: str
    household_size: int
    income: float
    honesty: float
    opinion: float
    boldness: float
    online: float
    digital: float


class Snapshot(NamedTuple):
    """The state of the sample at the end of a week; arrays of one entry a citizen."""

    week: int
    score: NDArray[np.int16]
    listing: NDArray[np.uint16]
    caution: NDArray[np.uint8]
    words: NDArray[np.uint64]
    schemes: list[Scheme]
    terms: list[Terms]


def sampled(citizens: int, seed: int, count: int = SAMPLED) -> list[int]:
    """Return the numbers of the sampled citizens, rising.

    >>> sampled(1000, 1, 3) == sampled(1000, 1, 3)
    True
    >>> sampled(5, 1) == [0, 1, 2, 3, 4]
    True
    """
    count = min(count, citizens)
    key = int(week_keys(seed, 0)[SAMPLE])
    numbers = []
    for i in range(count):
        first, last = citizens * i // count, citizens * (i + 1) // count
        numbers.append(first + (high32(draw(key, i, 0)) * (last - first) >> 32))
    return numbers


def person(society: CompiledSociety, seed: int, citizen: int) -> Person:
    """Return who a citizen is.

    Raises
    ------
    ValueError
        If there is no such citizen.
    """
    layout, people = society.layout, society.people
    block, lane = block_and_lane(layout, citizen)
    zone = int(layout.places.block_zone[block])
    row = layout.places.zones[zone]
    place = block - int(row[at.FIRST_BLOCK])
    place_key = fold(int(layout.places.zone_keys[zone]), place)
    crowd = stream(int(week_keys(seed, 0)[PEOPLE]), place_key)
    head = head_lane(crowd, lane)
    word = traits.first_word(crowd, lane, head, society.response.resemblance)
    second = traits.second_word(crowd, lane)
    age_table = traits.TABLE_AGE_HEAD if head == lane else traits.TABLE_AGE_MEMBER
    band = int(people.traits[zone, age_table, traits.trait_byte(word, traits.AGE)])
    is_old = band >= traits.FIRST_OLD_BAND
    present = min(int(row[at.CITIZENS]) - BLOCK * place, BLOCK)

    def level(byte: int, table: int) -> float:
        return int(people.traits[zone, table, traits.trait_byte(word, byte)]) / 255

    return Person(
        citizen=citizen,
        region=layout.region_names[int(row[at.REGION])],
        settlement=at.SETTLEMENTS[int(row[at.SETTLEMENT])],
        group=_group(society, crowd, head),
        age_band=traits.AGE_BANDS[band],
        occupation=_occupation(society, second, band, lane in _owners(seed, place_key, present)),
        household_size=_household_size(crowd, head, present),
        income=level(traits.INCOME, traits.TABLE_INCOME),
        honesty=level(traits.HONESTY, traits.TABLE_HONESTY),
        opinion=level(traits.OPINION, traits.TABLE_OPINION),
        boldness=level(traits.BOLDNESS, traits.TABLE_BOLDNESS),
        online=level(traits.ONLINE, traits.TABLE_ONLINE_60 if is_old else traits.TABLE_ONLINE),
        digital=level(traits.DIGITAL, traits.TABLE_DIGITAL),
    )


def _group(society: CompiledSociety, crowd: int, head: int) -> str:
    bits = field(traits.second_word(crowd, head), traits.GROUP_SHIFT, 16)
    limits = society.people.group_limits[: len(society.groups) - 1]
    return society.groups[int(np.searchsorted(limits, bits, side="right"))]


def _occupation(society: CompiledSociety, second: int, band: int, is_owner: bool) -> str:
    if is_owner:
        return traits.OCCUPATIONS[traits.OWNER]
    byte = traits.trait_byte(second, traits.OCCUPATION)
    return traits.OCCUPATIONS[traits.occupation_of(byte, band, society.response.officials)]


def _owners(seed: int, block_key: int, present: int) -> list[int]:
    """Return the lanes of a block that own its firms."""
    keys = week_keys(seed, 0)
    crowd = stream(int(keys[PEOPLE]), block_key)
    lanes = [
        owner_lane(field(draw(int(keys[FIRM]), block_key, slot), 0, 8), slot, present)
        for slot in (0, 1)
    ]
    return [head_lane(crowd, lane) for lane in lanes if lane >= 0]


def _household_size(crowd: int, head: int, present: int) -> int:
    quad = head & ~(QUAD - 1)
    lanes = range(quad, min(quad + QUAD, present))
    return sum(head_lane(crowd, lane) == head for lane in lanes)


def _list_name(number: int, scheme: Scheme) -> str | None:
    """Return the name of a list by its number; 0 is none."""
    return scheme.lists[number - 1].name if number else None


def _tier_name(score: int, scheme: Scheme, terms: Terms) -> str | None:
    """Return the name of the tier of a score; None without tiers."""
    names = [one.name for one in scheme.tiers]
    if not names or terms.lowest_tier >= len(names):
        return None
    limits = terms.limit_1, terms.limit_2, terms.limit_3, terms.limit_4, terms.limit_5
    return names[tier_of(score, *limits)]


class Biographies:
    """Follows a sample of citizens through a run.

    Parameters
    ----------
    country : Country
        The country, before its first week.
    declared : callable
        Returns, for a week, the declared scheme of each zone: for the names of tiers and lists.
    count : int
        How many citizens.
    parts : Parts, optional
        Where each week's states are written; those that stand there already are not taken again.
        By default they are kept in memory.
    """

    def __init__(
        self, country: Country, declared: Callable[[int], list[Scheme]], count: int = SAMPLED, *,
        parts: Parts | None = None,
    ) -> None:  # fmt: skip
        self._country, self._declared, self._parts = country, declared, parts
        layout: Layout = country.society.layout
        self.citizens = sampled(layout.citizens, country.seed, count)
        where = np.array([block_and_lane(layout, one) for one in self.citizens], np.int64)
        self._blocks, self._lanes = where[:, 0], where[:, 1]
        self._zones = layout.places.block_zone[self._blocks].tolist()
        # Before the first week nobody has cut a tie: what is shut then is what never was a tie.
        self._never = country.state.words[CUT : CUT + FREE_TIES, self._blocks]
        self._taken: dict[int, pl.DataFrame] = {}
        self.take()

    def take(self) -> None:
        """Take down the state of the sample as it is now, at most once a week."""
        week = self._country.week
        if week in self._taken or (self._parts is not None and self._parts.has(week)):
            return
        frame = pl.DataFrame(self._columns(self._snapshot()))
        if self._parts is None:
            self._taken[week] = frame
            return
        path = self._parts.path(week)
        write_whole(frame, path)
        self._parts.note(path)

    @property
    def hashes(self) -> dict[str, str]:
        """The parts written so far, by name."""
        return {} if self._parts is None else self._parts.hashes

    def drop_others(self) -> None:
        """Drop parts that lie there and hold weeks to come."""
        if self._parts is not None:
            self._parts.drop_others()

    def _snapshot(self) -> Snapshot:
        """Return the state of the sample as it is now."""
        week, state = self._country.week, self._country.state
        at_lane = self._blocks * BLOCK + self._lanes
        by_zone = self._declared(max(week - 1, 0))
        return Snapshot(
            week, state.points[SCORE, at_lane], state.listing[at_lane],
            state.caution[at_lane], state.words[:, self._blocks],
            [by_zone[zone] for zone in self._zones],
            [self._country.terms_of(zone) for zone in self._zones],
        )  # fmt: skip

    def frame(self, last_week: int) -> pl.DataFrame:
        """Return one row for each citizen and week up to the last one, by citizen and week."""
        society, seed = self._country.society, self._country.seed
        persons = [person(society, seed, one) for one in self.citizens]
        who = pl.DataFrame(persons, schema=list(Person._fields), orient="row")
        is_adult = who["age_band"].is_in(list(traits.AGE_BANDS[traits.FIRST_ADULT_BAND :]))
        paths = [] if self._parts is None else self._parts.paths
        taken = [*self._taken.values(), *(pl.read_parquet(path) for path in paths)]
        states = [
            who.with_columns(one.get_columns()) for one in taken if one["week"][0] <= last_week
        ]
        adults = pl.Series("is_adult", np.tile(is_adult.to_numpy(), len(states)))
        rows = pl.concat(states).with_columns(
            pl.when(adults).then(pl.col(name)).alias(name) for name in ADULT_COLUMNS
        )
        first = ["citizen", "week"]
        return rows.select(*first, pl.exclude(first)).sort(first)

    def _columns(self, taken: Snapshot) -> dict[str, Any]:
        """Return the state at one week as columns."""
        size = len(self.citizens)
        lanes = self._lanes.astype(np.uint64)

        def is_set(plane: int) -> NDArray[np.bool_]:
            return ((taken.words[plane] >> lanes) & np.uint64(1)).astype(bool)

        has_score = np.array([scheme.score is not None for scheme in taken.schemes])
        stance = is_set(facts.PRAISING) + 2 * is_set(facts.CRITICAL).astype(np.int64)
        listings = taken.listing.tolist()
        rows = list(zip(listings, taken.schemes, strict=True))
        on = [_list_name(list_of(one), scheme) for one, scheme in rows]
        noticed = [_list_name(notice_of(one), scheme) for one, scheme in rows]
        blamed = [CAUSES[cause_of(one)] if list_of(one) else None for one in listings]
        return {
            "week": pl.Series(np.full(size, taken.week, np.int32)),
            "score": pl.Series(self._scores(taken), dtype=pl.Float64),
            "tier": pl.Series(self._tiers(taken), dtype=pl.String),
            "list": pl.Series(on, dtype=pl.String),
            "listed_cause": pl.Series(blamed, dtype=pl.String),
            "noticed": pl.Series(noticed, dtype=pl.String),
            "is_enrolled": pl.Series(is_set(ENROLLED) & has_score),
            "caution": pl.Series(taken.caution / 255),
            "stance": pl.Series([STANCES[one] for one in stance.tolist()], dtype=pl.String),
            "pays_cash": pl.Series(is_set(CASH)),
            "is_low": pl.Series(is_set(facts.LOW)),
            "is_shamed": pl.Series(is_set(facts.SHAMED)),
            "ties_cut": pl.Series(
                ((taken.words[CUT : CUT + FREE_TIES] & ~self._never) >> lanes & np.uint64(1)).sum(
                    axis=0, dtype=np.int64
                )
            ),
        }

    def _scores(self, taken: Snapshot) -> list[float | None]:
        return [
            None if scheme.score is None else score / 10
            for score, scheme in zip(taken.score.tolist(), taken.schemes, strict=True)
        ]

    def _tiers(self, taken: Snapshot) -> list[str | None]:
        rows = zip(taken.score.tolist(), taken.schemes, taken.terms, strict=True)
        return [_tier_name(*row) for row in rows]

    def write(self, path: Path, last_week: int) -> None:
        """Write ``citizens.parquet``."""
        write_whole(self.frame(last_week), path)
