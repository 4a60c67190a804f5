"""Living: the lives of one citizen under several scenarios, week by week, kept on the way."""

from __future__ import annotations

from collections.abc import Mapping

from glasstown.engine.country import Country
from glasstown.engine.engines import default_workers
from glasstown.lab import room
from glasstown.lab.halfway import Halfway, Standstill, together
from glasstown.lab.interruption import Interruption
from glasstown.lab.pairing import label_of
from glasstown.lab.progress import Progress
from glasstown.lab.rollout import Timetable
from glasstown.lab.scenario import Scenario
from glasstown.lab.trace.life import Follower, Life
from glasstown.society.compilation import compile_society


class Lives:
    """The same citizen under several scenarios; one that fails does not end the others.

    Parameters
    ----------
    scenarios : Mapping
        By name, what is lived under; equally many weeks each.
    citizen : int
        The citizen's number.
    threads : int, optional
        How many threads share a week.

    Attributes
    ----------
    failures : dict
        By name, in which week a life could not go on, and why.
    week : int
        How many weeks were lived.
    """

    def __init__(
        self, scenarios: Mapping[str, Scenario], citizen: int, threads: int | None
    ) -> None:
        self._scenarios, self._citizen, self._threads = scenarios, citizen, threads
        self._lived: dict[str, tuple[Country, Follower]] = {}
        self.failures: dict[str, str] = {}
        self.week = 0

    def begin(self, halfway: Halfway, since: Standstill | None) -> None:
        """Make every country ready, or take it up again where it was put down.

        Raises
        ------
        InputError
            If there is no room for it, or what was put down is damaged.
        """

        def made(name: str) -> None:
            country, follower = prepared(self._scenarios[name], self._citizen, self._threads)
            if since is not None:
                follower.go_on(halfway.restore(country, since, name)["weeks"])
            self._lived[name] = country, follower

        if since is not None:
            self.failures, self.week = dict(since.failures), since.week
        names = [name for name in self._scenarios if name not in self.failures]
        self._go_on_with(*together(names, self.failures, made, "before the first week"))

    def live(
        self, weeks: int, halfway: Halfway, interruption: Interruption, told: Progress
    ) -> None:
        """Live up to a week, or until somebody asks to stop.

        Raises
        ------
        Exception
            What the last life failed by, if none is left.
        """
        first = self.week + 1
        for week in range(first, weeks + 1):
            self._go_on_with(
                *together(list(self._lived), self.failures, self._advance, f"week {week}")
            )
            self.week = week
            if week == first:
                told.stage("living")
            told.week(week)
            is_asked = interruption.is_asked
            if week < weeks and halfway.is_due(week, is_stopping=is_asked):
                kept = {name: (country, {"weeks": one.kept()})
                        for name, (country, one) in self._lived.items()}  # fmt: skip
                halfway.put_down(told, kept, self.failures)
            if is_asked:
                return

    def _advance(self, name: str) -> None:
        self._lived[name][1].advance()

    def _go_on_with(self, names: list[str], last: Exception | None) -> None:
        """Go on with those with which it went well."""
        if last is not None and not names:
            raise last
        self._lived = {name: self._lived[name] for name in names}

    @property
    def follower(self) -> Follower:
        """Whoever follows the first of the lives that are left."""
        return next(iter(self._lived.values()))[1]

    def told(self) -> tuple[Life, ...]:
        """Return the lives that are left."""
        return tuple(
            Life(
                one.scheme.name, title(one), label_of(one), follower.start,
                tuple(follower.weeks), country.digest(),
            )
            for name, one in self._scenarios.items()
            if name in self._lived
            for country, follower in [self._lived[name]]
        )  # fmt: skip

    def failed(self) -> tuple[str, ...]:
        """Say which lives failed, in which week, and why."""
        return tuple(
            f"{label_of(self._scenarios[name])}, {why}" for name, why in self.failures.items()
        )


def prepared(scenario: Scenario, citizen: int, threads: int | None) -> tuple[Country, Follower]:
    """Return a scenario's country and who follows a citizen through it."""
    society = compile_society(scenario.society, scenario.without)
    plan = Timetable(scenario, society)
    workers = threads or default_workers()
    room.check_memory(society, workers)
    country = Country(society, plan, scenario.seed, workers=workers)
    return country, Follower(country, plan, citizen)


def title(scenario: Scenario) -> str:
    """Return what a life's scheme is called, with what is left out of it."""
    left = f", without {', '.join(scenario.without)}" if scenario.without else ""
    phases = ", in phases" if scenario.rollout else ""
    return f"{scenario.scheme.title}{phases}{left}"
