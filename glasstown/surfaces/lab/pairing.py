"""Two worlds side by side: the same people and the same luck; what differs is what was changed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from glasstown.lab.stage.film import MOST_WEEKS, Bytes
from glasstown.surfaces.lab.lives import begun
from glasstown.surfaces.lab.refusal import RefusedError, unknown
from glasstown.surfaces.lab.runs import Run
from glasstown.surfaces.lab.series import STREAMED, columns, known

MOST_NAMED = 500
SHUT_OUT = 15
"""The bits of plane 2 that say for what somebody is shut out; 0: not."""


class Pair:
    """Two runs of the same people under the same luck.

    Parameters
    ----------
    here, there : Run
        The runs.

    Raises
    ------
    RefusedError
        They are not of the same people, or one has not begun.
    """

    def __init__(self, here: Run, there: Run) -> None:
        first, second = here.work.scenario, there.work.scenario
        same = {
            "citizens": (first.society.citizens, second.society.citizens),
            "seed": (first.seed, second.seed),
            "start": (first.start.isoformat(), second.start.isoformat()),
        }
        apart = {name: list(pair) for name, pair in same.items() if pair[0] != pair[1]}
        if apart:
            words = "; ".join(f"{name}: {one} and {two}" for name, (one, two) in apart.items())
            raise RefusedError(
                409, "not_a_pair", f"not the same people and luck: {words}", allowed=apart
            )
        self.here, self.there = here, there
        begun(here), begun(there)
        self.weeks = min(here.weeks_done, there.weeks_done)

    def weekly(self) -> dict[str, list[int]]:
        """Return for each week how many on stage differ, and who is shut out in one only."""
        rows = [
            (week, int(differ.sum()), int(only_here.sum()), int(only_there.sum()))
            for week, differ, only_here, only_there in self._compared(0, self.weeks)
        ]
        names = ("weeks", "differing", "shut_out_only_here", "shut_out_only_there")
        return {name: [row[i] for row in rows] for i, name in enumerate(names)}

    def at(self, week: int | None) -> dict[str, Any]:
        """Return how the two differ in a week, the last that both have by default."""
        week = self.weeks if week is None else week
        if not 0 <= week <= self.weeks:
            raise unknown("week that both have", week)
        _, differ, only_here, only_there = next(self._compared(week, week))
        numbers = self._recording(self.here).places.numbers()
        return {
            "run": self.here.id,
            "other": self.there.id,
            "week": week,
            "what": self._what(),
            "parting": self._parting(),
            "citizens": int(differ.size),
            "differing": int(differ.sum()),
            "shut_out_only_here": int(only_here.sum()),
            "shut_out_only_there": int(only_there.sum()),
            "only_here": numbers[only_here][:MOST_NAMED].tolist(),
            "only_there": numbers[only_there][:MOST_NAMED].tolist(),
            "measures": self._measures(week) if week else [],
        }

    def _what(self) -> list[dict[str, Any]]:
        """Return what was asked for differently."""
        one, two = self.here.ask.model_dump(), self.there.ask.model_dump()
        changes = one.pop("changes"), two.pop("changes")
        keys = sorted({*changes[0], *changes[1]})
        rows = [(name, one[name], two[name]) for name in one]
        rows += [(key, changes[0].get(key), changes[1].get(key)) for key in keys]
        return [{"key": key, "run": a, "other": b} for key, a, b in rows if a != b]

    def _parting(self) -> int | None:
        """Return the first week in which anybody on stage differs."""
        weeks = self._compared(0, self.weeks)
        return next((week for week, differ, _, _ in weeks if differ.any()), None)

    def _measures(self, week: int) -> list[dict[str, Any]]:
        """Return the national measures of a week in both worlds."""
        meaning = {one.name: one for one in known()}
        here, there = (
            columns(run.work.sums[week - 1 : week], STREAMED) for run in (self.here, self.there)
        )
        return [
            {
                "name": name,
                "meaning": meaning[name].meaning,
                "unit": meaning[name].unit,
                "here": here[name][0],
                "there": there[name][0],
                "difference": round(here[name][0] - there[name][0], 3),
            }
            for name in STREAMED
        ]

    def _compared(
        self, first: int, last: int
    ) -> Iterator[tuple[int, NDArray[np.bool_], NDArray[np.bool_], NDArray[np.bool_]]]:
        """Yield, week by week, who differs at all, and who is shut out in one world only."""
        for start in range(first, last + 1, MOST_WEEKS):
            until = min(start + MOST_WEEKS - 1, last)
            frames = (self._frames(run, start, until) for run in (self.here, self.there))
            for week, (one, two) in enumerate(zip(*frames, strict=True), start=start):
                shut = [(planes[2] & SHUT_OUT) > 0 for planes in (one, two)]
                yield week, (one != two).any(axis=0), shut[0] & ~shut[1], shut[1] & ~shut[0]

    def _frames(self, run: Run, first: int, last: int) -> list[Bytes]:
        frames: list[Bytes] = self._recording(run).film.frames(first, last)
        return frames

    @staticmethod
    def _recording(run: Run) -> Any:
        return run.work.recording
