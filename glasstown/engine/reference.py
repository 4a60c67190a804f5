"""The reference engine: the specification in plain Python, citizen by citizen and tie by tie.

Slow and obvious. It shares the laws with the compiled engines and none of their code: no words of
64 citizens, no shortcuts for the quiet, no running stocks. The parity tests hold every engine to
its bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from glasstown.engine.engines import Engine
from glasstown.engine.plan import Change
from glasstown.engine.reference_events import act, receive
from glasstown.engine.reference_gathering import gather
from glasstown.engine.reference_listed import remedy, serve
from glasstown.engine.reference_owners import Firm, found_firms
from glasstown.engine.reference_people import People, plain
from glasstown.engine.reference_reflection import cut, reflect
from glasstown.engine.reference_regimes import Regime
from glasstown.engine.reference_rollout import enter_scheme
from glasstown.engine.reference_stocks import mark_standing, publish, recount
from glasstown.engine.reference_week import Books, Realm, Week
from glasstown.engine.world import COMPLIANCE, CUT, ENROLLED, Receipts, State, World
from glasstown.laws.draws import MASK64, PEOPLE
from glasstown.society import layout as at
from glasstown.society.ties import FREE_TIES, HOUSEHOLD_TIES, TIES


def live(week: Week, receipts: Receipts, gather: Callable[[Week], None] | None) -> None:
    """Let a week pass, step by step, with a gathering or without one."""
    act(week)
    receive(week, plain(receipts))
    serve(week)
    remedy(week)
    reflect(week)
    cut(week)
    if gather is not None:
        gather(week)
    publish(week)


class ReferenceEngine(Engine):
    """Plain Python; the number of workers only says how many tallies there are to choose from."""

    def __init__(self, workers: int) -> None:
        self.workers = workers
        self._known: tuple[int, People, dict[tuple[int, int, int], Firm]] | None = None
        self._regimes: list[Regime] = []

    def _realm(self, worlds: Sequence[World], keys: list[int], of_zone: Sequence[int]) -> Realm:
        """Return everybody, every firm and every world, each looked up once."""
        if self._known is None or self._known[0] != keys[PEOPLE]:
            people = People(worlds[0], keys)
            self._known = (keys[PEOPLE], people, found_firms(people))
            self._regimes = []
        regimes = [self._regime(world) for world in worlds]
        return Realm(self._known[1], self._known[2], regimes, [int(one) for one in of_zone])

    def _books(self, worlds: Sequence[World], state: State, keys: Any) -> Books:
        """Return the books of a country between two weeks, its zones in the worlds they are in."""
        of_zone = [0] * len(worlds[0].places.zones)
        for chunk in state.chunks:
            of_zone[int(chunk[at.CHUNK_ZONE])] = int(chunk[at.CHUNK_WORLD])
        return Books(self._realm(worlds, [int(key) for key in keys], of_zone), state)

    def _regime(self, world: World) -> Regime:
        """Return a world as plain numbers, made once."""
        for regime in self._regimes:
            if regime.world is world:
                return regime
        self._regimes.append(Regime(world))
        return self._regimes[-1]

    def prepare(self, worlds: Sequence[World], state: State, keys: Any) -> None:
        """Shut the ties that nobody has, enrol who must take part, give firms their start."""
        books = self._books(worlds, state, keys)
        state.words[CUT : CUT + FREE_TIES] = MASK64
        for citizen in books.people.everybody:
            for tie in range(HOUSEHOLD_TIES, TIES):
                books.set_bit(citizen, CUT + tie - HOUSEHOLD_TIES, int(not citizen.openness[tie]))
        for citizen in books.people.adults:
            books.set_bit(citizen, ENROLLED, int(not books.terms(citizen).is_voluntary))
        for firm in books.realm.firms.values():
            state.firm_points[COMPLIANCE, firm.index] = books.terms(firm.owner).firm_start

    def run_week(
        self, worlds: Sequence[World], state: State, keys: Any, week: int, receipts: Receipts,
        tallies: Any, handed: Any, *, is_spark: bool,
    ) -> None:  # fmt: skip
        """Run one week, step by step; arguments as in `glasstown.engine.engines.Engine`."""
        realm = self._books(worlds, state, keys).realm
        now = Week(realm, state, [int(key) for key in keys], int(week), tallies[0], handed[0])
        before = recount(now, tallies[0].shape)
        live(now, receipts, gather if is_spark else None)
        tallies[0] += recount(now, tallies[0].shape) - before

    def enter(
        self, before: Sequence[World], worlds: Sequence[World], state: State, keys: Any,
        changes: Sequence[Change], tallies: Any,
    ) -> None:  # fmt: skip
        """Put zones under other schemes, before a week's act."""
        keys, shape = [int(key) for key in keys], tallies[0].shape
        held = {change.zone: change.before for change in changes}
        holds = {change.zone: change.after for change in changes}
        old = self._realm(before, keys, [held.get(zone, 0) for zone in range(shape[0])])
        new = self._realm(worlds, keys, [holds.get(zone, 0) for zone in range(shape[0])])
        stocks = recount(Books(old, state), shape, holds)
        # Between two weeks: nothing is drawn, and no week written down.
        now = Week(new, state, keys, 0, tallies[0], None)
        for change in changes:
            enter_scheme(now, change, old.regimes[change.before])
        tallies[0] += recount(now, shape, holds) - stocks

    def take_census(self, worlds: Sequence[World], state: State, keys: Any, tallies: Any) -> None:
        """Count every stock, and mark everybody's standing."""
        books = self._books(worlds, state, keys)
        for citizen in books.people.adults:
            mark_standing(books, citizen)
        tallies[0] += recount(books, tallies[0].shape)
