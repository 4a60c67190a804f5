"""A country week by week: the driver that every engine shares.

It holds what is national or regional (keys, which scheme is in force where, what was misbooked
last week, hospital waits, the stocks, the digest) and leaves every citizen to the engine.
"""

from __future__ import annotations

import copy
import hashlib
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from glasstown.engine import columns as c
from glasstown.engine.engines import ENGINES, SHARES
from glasstown.engine.measures import STOCKS
from glasstown.engine.plan import Plan, Regimes, Steady, change_of
from glasstown.engine.streams import hash_of
from glasstown.engine.world import (
    CHANGING,
    Receipts,
    State,
    World,
    build_world,
    copied,
    fresh_state,
    week_keys,
)
from glasstown.laws.serve import cobham_wait
from glasstown.scheme.compilation import CompiledScheme, Terms
from glasstown.society import layout as at
from glasstown.society.compilation import GROUP_CITIZENS, CompiledSociety
from glasstown.society.poisson import CERTAIN, poisson_table

Q8 = 256
UNTOLD = bytes(32)
"""The chain of tallies before the first week."""


class Standing(NamedTuple):
    """Where a country stands between two weeks, its state aside.

    ``week``: how many weeks have passed; ``chain``: 32 bytes, the hash of their tallies, see
    `Country.digest`; ``stocks`` int64 (zones, groups, stocks); ``handed`` int64 (regions,
    behaviours): what was handed on in the last week.
    """

    week: int
    chain: bytes
    stocks: NDArray[np.int64]
    handed: NDArray[np.int64]


class Country:
    """A synthetic country under one or more schemes, ready to be run week by week.

    Parameters
    ----------
    society : CompiledSociety
        What was compiled from the declaration.
    scheme : CompiledScheme or Plan
        One scheme for everybody and all the time, or what holds where and from when.
    seed : int
        Seed of the whole run; 0 is a seed.
    engine : str
        A name in `glasstown.engine.engines.ENGINES`.
    workers : int
        How many workers (threads) share a week. The result doesn't depend on it.
    """

    def __init__(
        self, society: CompiledSociety, scheme: CompiledScheme | Plan, seed: int, *,
        engine: str = "cpu", workers: int = 1,
    ) -> None:  # fmt: skip
        self.society, self.seed = society, seed
        behaviours, places = len(society.behaviours), society.layout.places
        zones = len(places.zones)
        self.plan: Plan = (
            Steady(scheme, zones, frozenset()) if isinstance(scheme, CompiledScheme) else scheme
        )
        self.engine_name, self.engine, self.workers = engine, ENGINES[engine](workers), workers
        regimes = self.plan.at(0)
        if regimes is None:
            raise ValueError("a plan must say what holds in week 0")
        self.regimes = regimes
        self.worlds = self._build(regimes)
        self._state = fresh_state(society.layout, [self.terms_of(zone) for zone in range(zones)])
        self._settle_zones()
        self.week, self._is_branching = 0, False
        self._shape = (zones, len(society.groups), c.WIDTH + 2 * behaviours)
        shares = SHARES * workers
        self._tallies = np.zeros((shares, *self._shape), np.int64)
        self._handed = np.zeros((shares, len(places.regions), behaviours), np.int64)
        self._last_handed = self._handed[0].copy()
        self._chain = UNTOLD
        self.engine.prepare(self.worlds, self._state, week_keys(seed, 0))
        self.stocks = self.census()

    @property
    def state(self) -> State:
        """The state as it is now, to be read; who writes to it hands it back with `stand`."""
        return self.engine.fetched(self._state)

    @property
    def world(self) -> World:
        """The first of the worlds; places and response are the same in all."""
        return self.worlds[0]

    def terms_of(self, zone: int) -> Terms:
        """Return the single numbers of the scheme in force in a zone."""
        return self.regimes.schemes[int(self.regimes.of_zone[zone])].terms

    def census(self) -> NDArray[np.int64]:
        """Return every stock counted from the state, int64 (zones, groups, stocks)."""
        self._tallies[:] = 0
        self.engine.take_census(self.worlds, self._state, week_keys(self.seed, 0), self._tallies)
        return self._tallies.sum(axis=0)[:, :, STOCKS]

    def advance(self) -> NDArray[np.int64]:
        """Run one week; return its tally, int64 (zones, groups, width), stocks at its end."""
        self._tallies[:] = 0
        self._handed[:] = 0
        keys = week_keys(self.seed, self.week)
        if self.week > 0 or self._is_branching:
            self._follow_plan(keys)
        self.engine.run_week(
            self.worlds, self._state, keys, self.week, self._receipts(), self._tallies,
            self._handed, is_spark=self.plan.is_spark(self.week),
        )  # fmt: skip
        tally = self._tallies.sum(axis=0)
        waits = self._waits()
        self.stocks += tally[:, :, STOCKS]
        tally[:, :, STOCKS] = self.stocks
        tally[:, :, c.WAIT : c.WAIT + 3] = waits[:, None, :]
        self._last_handed = self._handed.sum(axis=0)
        told = np.ascontiguousarray(tally, "<i8")
        self._chain = hashlib.sha256(self._chain + told.tobytes()).digest()
        self.week += 1
        return tally

    def branch(self, plan: Plan) -> Country:
        """Return a country that shares everything so far and follows another plan from now on.

        The same bytes come out as from a run of that plan from the start, if the two plans agree
        on all weeks that have passed: `glasstown.lab.branches` sees to that.
        """
        other: Country = copy.copy(self)
        other.plan = plan
        other._state = copied(self.state)
        other.engine = ENGINES[self.engine_name](self.workers)
        other.stocks, other._last_handed = self.stocks.copy(), self._last_handed.copy()
        other._tallies, other._handed = np.zeros_like(self._tallies), np.zeros_like(self._handed)
        other._is_branching = True
        return other

    @property
    def standing(self) -> Standing:
        """Where the country stands, its state aside: what a checkpoint holds beside the state."""
        return Standing(self.week, self._chain, self.stocks, self._last_handed)

    def stand(self, standing: Standing) -> None:
        """Go on from where a country of the same plan stood; its state is filled in already."""
        self.week, self._chain = standing.week, standing.chain
        self.stocks, self._last_handed = standing.stocks.copy(), standing.handed.copy()
        past = range(max(self.week - 1, 0), -1, -1)
        # As it was compiled when it came into force, not as it would be compiled for last week.
        self.regimes = next(found for week in past if (found := self.plan.at(week)) is not None)
        self.worlds, self._is_branching = self._build(self.regimes), False
        self.engine.forget(self._state)
        self._settle_zones()

    def _build(self, regimes: Regimes) -> list[World]:
        """Return a world for each scheme in force."""
        return [build_world(self.society, one, regimes.traits) for one in regimes.schemes]

    def _settle_zones(self) -> None:
        """Write down which world holds in each chunk's zone."""
        chunks = self._state.chunks
        chunks[:, at.CHUNK_WORLD] = self.regimes.of_zone[chunks[:, at.CHUNK_ZONE]]

    def _follow_plan(self, keys: NDArray[np.uint64]) -> None:
        """Let another scheme, or other numbers, come into force where the plan says so."""
        is_first, self._is_branching = self._is_branching, False
        regimes = self.plan.holding(self.week) if is_first else self.plan.at(self.week)
        if regimes is None:
            return
        before, worlds = self.worlds, self._build(regimes)
        zones = range(len(self.society.layout.places.zones))
        changes = [change_of(zone, self.regimes, regimes) for zone in zones]
        self.regimes, self.worlds = regimes, worlds
        self._settle_zones()
        changed = [one for one in changes if one is not None]
        if changed:
            self.engine.enter(before, worlds, self._state, keys, changed, self._tallies)
        for one in changed:
            # What was seen under the old scheme is nobody's record under the new one.
            self._last_handed[self.society.layout.places.zones[one.zone, at.REGION]] = 0

    def weeks(self, count: int) -> Iterator[NDArray[np.int64]]:
        """Run weeks one by one."""
        for _ in range(count):
            yield self.advance()

    def digest(self) -> str:
        """Return the SHA-256 that stands for all tallies so far and for the state as it is.

        The chain of tallies begins with 32 zero bytes; each week's link is the SHA-256 of the
        last one and of the week's tally as little-endian int64. The digest is the SHA-256 of the
        last link and of the SHA-256 of every field that changes, in the order of
        `glasstown.engine.world.CHANGING`, each in the order of `glasstown.engine.streams`.
        """
        digest = hashlib.sha256(self._chain)
        for name in CHANGING:
            digest.update(hash_of(getattr(self.state, name)))
        return digest.hexdigest()

    def _receipts(self) -> Receipts:
        """Return what reaches citizens this week of records that are not theirs.

        Each adult of a region receives what was handed on there last week at the same rate, times
        the weight of the group; false matches come at the scheme's rate, times the weight.
        """
        zones = self.society.layout.places.zones
        weights = [round(weight * Q8) for weight in self.society.group_weights]
        most = max(weights)
        by_zone = self.stocks[:, :, 0] @ np.array(weights, np.int64)
        by_region = [int(by_zone[2 * r : 2 * r + 2].sum()) for r in range(len(zones) // 2)]
        rates, false = [], []
        for zone in range(len(zones)):
            region, settlement = int(zones[zone, at.REGION]), int(zones[zone, at.SETTLEMENT])
            handed = int(self._last_handed[region].sum())
            rate = (handed * most << 40) // by_region[region] if by_region[region] else 0
            matched = sum(r for _, r in self._false_matches(zone, settlement)) * most // Q8
            rates.append(GROUP_CITIZENS * (rate + matched))
            false.append((matched << 32) // (rate + matched) if matched else 0)
        return Receipts(
            count=poisson_table(rates),
            false=np.array(false, np.int64),
            handed=_cumulative(self._last_handed),
            matched=self._matched(),
            weights=np.array([(weight << 16) // most for weight in weights], np.int64),
        )

    def _false_matches(self, zone: int, settlement: int) -> tuple[tuple[int, int], ...]:
        return self.regimes.schemes[int(self.regimes.of_zone[zone])].false_matches[settlement]

    def _matched(self) -> NDArray[np.int64]:
        zones = self.society.layout.places.zones
        rates = np.zeros((len(zones), len(self.society.behaviours)), np.int64)
        for zone, settlement in enumerate(zones[:, at.SETTLEMENT].tolist()):
            for behaviour, rate in self._false_matches(zone, settlement):
                # Shares only: twelve bits less keep the sums within 64 bits.
                rates[zone, behaviour] += rate >> 12
        return _cumulative(rates)

    def _waits(self) -> NDArray[np.int64]:
        """Return the expected hospital wait (minutes) of the three classes, (zones, 3).

        The classes share the load in proportion to their numbers at the start of the week.
        """
        response = self.society.response
        zones = self.society.layout.places.zones
        load, seconds = response.hospital_load_q16, response.hospital_seconds
        stock = {name: i for i, name in enumerate(STOCKS)}
        first = self.stocks[:, :, stock[c.HOSPITAL_FIRST]].sum(axis=1)
        last = self.stocks[:, :, stock[c.HOSPITAL_LAST]].sum(axis=1)
        waits = np.zeros((len(zones), 3), np.int64)
        for zone, citizens in enumerate(zones[:, at.CITIZENS].tolist()):
            if citizens == 0:
                continue
            upto_first = load * int(first[zone]) // citizens
            upto_normal = load * (citizens - int(last[zone])) // citizens
            for i, (before, upto) in enumerate(
                ((0, upto_first), (upto_first, upto_normal), (upto_normal, load))
            ):
                waits[zone, i] = (cobham_wait(load, before, upto, seconds) + 30) // 60
        return waits


def _cumulative(counts: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return cumulative q32 along the last axis; the last entry is certain."""
    # Python integers would not overflow either: counts stay far below 2**31.
    totals = counts.sum(axis=-1, keepdims=True)
    table = (np.cumsum(counts, axis=-1) << 32) // np.maximum(totals, 1)
    table[:, -1] = CERTAIN
    return np.where(totals == 0, CERTAIN, table)
