"""A witness: it follows one block of a country, and proves that it understood what it saw.

The country runs on its own engine. Each week the witness lives the week of one block (64
citizens) again, with the plain-Python reference engine, on a copy of what that block can know:
its own state and its neighbours' published words. The reference tells it everything it decides.
At the end of the week the two states of the block must be the same, to the byte; so what was
noted is not a story about the run but what happened in it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from glasstown.engine.country import Country
from glasstown.engine.engines import Engine
from glasstown.engine.plan import Change
from glasstown.engine.reference import live
from glasstown.engine.reference_gathering import gather
from glasstown.engine.reference_owners import SLOTS, found_firms
from glasstown.engine.reference_people import Citizen, People
from glasstown.engine.reference_regimes import Regime
from glasstown.engine.reference_rollout import enter_scheme
from glasstown.engine.reference_week import Books, Realm, Week
from glasstown.engine.world import (
    CHANGING,
    HIDDEN,
    JOINED_BEFORE,
    Receipts,
    State,
    World,
    copied,
    week_keys,
)
from glasstown.errors import EngineError
from glasstown.lab.trace.noting import GATHERING, Note, Noting
from glasstown.society import layout as at


class Replayed(NamedTuple):
    """A week of a block as it was lived again: all notes, and the tally of the block alone."""

    notes: list[Note]
    tally: NDArray[np.int64]


class Neighbourhood:
    """One block, the blocks its ties lead to, and a state of its own to live weeks in.

    Parameters
    ----------
    country : Country
        The country, between two weeks.
    block : int
        The block that is followed.
    """

    def __init__(self, country: Country, block: int) -> None:
        self.block, self.zone = block, int(country.society.layout.places.block_zone[block])
        self._shape = country._tallies.shape[1:]
        self._handed = np.zeros(country._handed.shape[1:], np.int64)
        keys = [int(key) for key in week_keys(country.seed, 0)]
        self.people = People(country.world, keys, block)
        self.firms = found_firms(self.people)
        self.state = copied(country.state)
        self._near = np.array(self.people.near, np.int64)
        self._regimes: list[Regime] = []

    def refresh(self, state: State) -> None:
        """Copy what the block can know from a country's state."""
        block, firms = slice(self.block, self.block + 1), self._firms()
        lanes = slice(self.block * at.BLOCK, (self.block + 1) * at.BLOCK)
        self.state.words[:, self._near] = state.words[:, self._near]
        self.state.words[:, block] = state.words[:, block]
        self.state.points[:, lanes] = state.points[:, lanes]
        self.state.listing[lanes] = state.listing[lanes]
        self.state.caution[lanes] = state.caution[lanes]
        self.state.firm_points[:, firms] = state.firm_points[:, firms]
        self.state.firm_listing[firms] = state.firm_listing[firms]

    def _firms(self) -> slice:
        return slice(SLOTS * self.block, SLOTS * (self.block + 1))

    def of_block(self, state: State, name: str) -> NDArray[Any]:
        """Return one changing field of a state, of the block alone."""
        lanes = slice(self.block * at.BLOCK, (self.block + 1) * at.BLOCK)
        part = {"words": slice(self.block, self.block + 1), "firm_points": self._firms(),
                "firm_listing": self._firms()}.get(name, lanes)  # fmt: skip
        field: NDArray[Any] = getattr(state, name)[..., part]
        return field

    def differing(self, state: State) -> list[str]:
        """Return the fields in which a state of the block is not the one that was lived here."""
        return [
            name
            for name in CHANGING
            if not np.array_equal(self.of_block(state, name), self.of_block(self.state, name))
        ]

    def books(self, worlds: Sequence[World], state: State) -> Books:
        """Return the books of the block by a state, each zone in the world it is in."""
        return Books(self._realm(worlds, worlds_by_zone(state)), state)

    def _realm(self, worlds: Sequence[World], of_zone: Sequence[int]) -> Realm:
        return Realm(self.people, self.firms, [self._regime(one) for one in worlds], of_zone)

    def _regime(self, world: World) -> Regime:
        """Return a world as plain numbers, made once while it holds."""
        for regime in self._regimes:
            if regime.world is world:
                return regime
        self._regimes = [*self._regimes[-7:], Regime(world)]
        return self._regimes[-1]

    def live(
        self, worlds: Sequence[World], of_zone: Sequence[int], keys: Any, week: int,
        receipts: Receipts, rounds: Sequence[NDArray[np.uint64]] | None,
    ) -> Replayed:  # fmt: skip
        """Live a week of the block; ``rounds`` says who had joined a gathering, if one formed."""
        tally, self._handed[:] = np.zeros(self._shape, np.int64), 0
        realm = self._realm(worlds, of_zone)
        now = Noting(realm, self.state, [int(key) for key in keys], week, tally, self._handed)

        def look(_week: Week, number: int, joining: list[Citizen]) -> bool:  # noqa: ARG001
            assert rounds is not None
            if number >= len(rounds):
                return False
            for plane, words in zip((JOINED_BEFORE, HIDDEN), rounds[number], strict=True):
                self.state.words[plane, self._near] = words[self._near]
            return True

        live(now, receipts, None if rounds is None else lambda one: gather(one, look))
        for plane in GATHERING:
            self.state.words[plane, self._near] = 0
        return Replayed(now.notes, tally)

    def enter(
        self, before: Sequence[World], worlds: Sequence[World], of_zone: Sequence[int], keys: Any,
        change: Change,
    ) -> Replayed:  # fmt: skip
        """Put the block under another scheme, before a week."""
        tally = np.zeros(self._shape, np.int64)
        realm = self._realm(worlds, of_zone)
        now = Noting(realm, self.state, [int(key) for key in keys], 0, tally, None)
        enter_scheme(now, change, self._regime(before[change.before]))
        return Replayed(now.notes, tally)


def worlds_by_zone(state: State) -> list[int]:
    """Return which world holds in each zone, as a state's chunks say."""
    of_zone = [0] * (int(state.chunks[:, at.CHUNK_ZONE].max()) + 1)
    for chunk in state.chunks:
        of_zone[int(chunk[at.CHUNK_ZONE])] = int(chunk[at.CHUNK_WORLD])
    return of_zone


class Witness(Engine):
    """An engine that lets another do the work and lives the weeks of one block again.

    Parameters
    ----------
    country : Country
        The country, before its first week; from now on its engine is this witness.
    block : int
        The block that is followed.

    Attributes
    ----------
    week : Replayed
        What happened in the block in the last week, a new scheme before it included.
    """

    def __init__(self, country: Country, block: int) -> None:
        self.near = Neighbourhood(country, block)
        self._engine: Engine = country.engine
        self._entered: Replayed | None = None
        self.week = Replayed([], np.zeros(0, np.int64))
        country.engine = self

    def prepare(self, worlds: Sequence[World], state: State, keys: Any) -> None:
        """Let the engine prepare."""
        self._engine.prepare(worlds, state, keys)

    def take_census(self, worlds: Sequence[World], state: State, keys: Any, tallies: Any) -> None:
        """Let the engine count."""
        self._engine.take_census(worlds, state, keys, tallies)

    def enter(
        self, before: Sequence[World], worlds: Sequence[World], state: State, keys: Any,
        changes: Sequence[Change], tallies: Any,
    ) -> None:  # fmt: skip
        """Put zones under other schemes, the block's own with the eyes of its citizens."""
        self.near.refresh(self.fetched(state))
        self._engine.enter(before, worlds, state, keys, changes, tallies)
        for change in changes:
            if change.zone == self.near.zone:
                of_zone = worlds_by_zone(state)
                self._entered = self.near.enter(before, worlds, of_zone, keys, change)
                self._prove(state, "a new scheme")

    def run_week(
        self, worlds: Sequence[World], state: State, keys: Any, week: int, receipts: Receipts,
        tallies: Any, handed: Any, *, is_spark: bool,
    ) -> None:  # fmt: skip
        """Run one week, and live it again."""
        self.near.refresh(self.fetched(state))
        given = (worlds, state, keys, week, receipts, tallies, handed)
        rounds = joined_by_round(self._engine, *given) if is_spark else None
        self._engine.run_week(*given, is_spark=is_spark)
        of_zone = worlds_by_zone(state)
        lived = self.near.live(worlds, of_zone, keys, week, receipts, rounds)
        self._prove(state, f"week {week + 1}")
        if self._entered is not None:
            lived = Replayed(
                [*self._entered.notes, *lived.notes], self._entered.tally + lived.tally
            )
        self.week, self._entered = lived, None

    def fetched(self, state: State) -> State:
        """Let the engine bring a state up to date."""
        return self._engine.fetched(state)

    def forget(self, state: State) -> None:
        """Let the engine forget what it knew of a state."""
        self._engine.forget(state)

    def _prove(self, state: State, when: str) -> None:
        """Hold what was lived here against what the engine made.

        Raises
        ------
        EngineError
            If the two are not the same, to the byte.
        """
        differing = self.near.differing(self.fetched(state))
        if differing:
            raise EngineError(
                f"{when}, block {self.near.block}: the engine's {', '.join(differing)} are not "
                "those of the reference engine. This is a bug of Glasstown: please report it with "
                "your scenario; 'glasstown diverge' with --engines reference,cpu shows where"
            )


def joined_by_round(
    engine: Engine, worlds: Sequence[World], state: State, keys: Any, week: int,
    receipts: Receipts, tallies: Any, handed: Any,
) -> list[NDArray[np.uint64]]:  # fmt: skip
    """Return who had joined and who was hidden before each further round of a gathering.

    uint64 (2, blocks) each. The week is run on a copy up to the gathering, which then forms round
    by round with the compiled kernels.
    """
    from glasstown.engine import cpu
    from glasstown.engine.engines import MAX_ROUNDS
    from glasstown.engine.packing import pack_worlds

    aside = copied(state)
    engine.run_week(
        worlds, aside, keys, week, receipts, np.zeros_like(tallies), np.zeros_like(handed),
        is_spark=False,
    )  # fmt: skip
    engine.fetched(aside)
    packed, added, seen = pack_worlds(worlds), np.zeros(1, np.int64), []
    cpu.gather_pass(packed, aside, keys, 0, True, added)
    for _ in range(MAX_ROUNDS):
        cpu.look_pass(aside, 0, 1)
        seen.append(aside.words[[JOINED_BEFORE, HIDDEN]].copy())
        cpu.gather_pass(packed, aside, keys, 0, False, added)
        if added.sum() == 0:
            break
    return seen
