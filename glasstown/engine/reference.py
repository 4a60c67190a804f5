"""The reference engine: the specification in plain Python, citizen by citizen and tie by tie.

Slow and obvious. It shares the laws with the compiled engines and none of their code: no words of
64 citizens, no shortcuts for the quiet, no running stocks. The parity tests hold every engine to
its bytes.
"""

from __future__ import annotations

from typing import Any

from glasstown.engine.reference_events import act, receive
from glasstown.engine.reference_listed import remedy, serve
from glasstown.engine.reference_people import People
from glasstown.engine.reference_reflection import cut, reflect
from glasstown.engine.reference_stocks import mark_standing, publish, recount
from glasstown.engine.reference_week import Books, Week
from glasstown.engine.world import Receipts, State, World
from glasstown.laws.draws import PEOPLE


class ReferenceEngine:
    """Plain Python; the number of workers only says how many tallies there are to choose from."""

    def __init__(self, workers: int) -> None:
        self.workers = workers
        self._known: tuple[World, int, People] | None = None

    def _people(self, world: World, keys: list[int]) -> People:
        """Return everybody in a world, looked up once."""
        known = self._known
        if known is None or known[0] is not world or known[1] != keys[PEOPLE]:
            known = self._known = (world, keys[PEOPLE], People(world, keys))
        return known[2]

    def prepare(self, world: World, state: State, keys: Any) -> None:
        """Do nothing: the reference looks for a tie's other end whenever it needs it."""

    def run_week(
        self, world: World, state: State, keys: Any, week: int, receipts: Receipts, tallies: Any,
        handed: Any,
    ) -> None:  # fmt: skip
        """Run one week, step by step; arguments as in `glasstown.engine.cpu.act_pass`."""
        keys = [int(key) for key in keys]
        people = self._people(world, keys)
        now = Week(world, state, people, keys, int(week), receipts, tallies[0], handed[0])
        before = recount(now, tallies[0].shape)
        act(now)
        receive(now)
        serve(now)
        remedy(now)
        reflect(now)
        cut(now)
        publish(now)
        tallies[0] += recount(now, tallies[0].shape) - before

    def take_census(self, world: World, state: State, keys: Any, tallies: Any) -> None:
        """Count every stock, and mark everybody's standing."""
        books = Books(world, state, self._people(world, [int(key) for key in keys]))
        for citizen in books.people.adults:
            mark_standing(books, citizen)
        tallies[0] += recount(books, tallies[0].shape)
