"""A citizen's life: who it is, and each week in which something about it changed."""

from __future__ import annotations

from typing import Any

from glasstown.engine.measures import CAUSES
from glasstown.lab.biographies import person
from glasstown.lab.rollout import Timetable
from glasstown.lab.stage import planes as p
from glasstown.lab.stage.neighbourhood import ties_of
from glasstown.scheme.declaration import Scheme
from glasstown.society.layout import block_and_lane
from glasstown.surfaces.lab.refusal import RefusedError, unknown
from glasstown.surfaces.lab.runs import Run
from glasstown.surfaces.lab.traces import can_trace
from glasstown.surfaces.lab.works import Work

NOT_ON_STAGE = "this citizen is not on the stage: only who stands there is followed by week"


def begun(run: Run) -> Work:
    """Return the work of a run whose stage is set.

    Raises
    ------
    RefusedError
        It has not begun yet, or failed before.
    """
    if not run.work.is_ready:
        raise RefusedError(409, "not_yet", "this run has not begun yet: nobody is on stage")
    return run.work


def life(run: Run, citizen: int) -> dict[str, Any]:
    """Return a citizen's life so far; see `docs/lab.md`."""
    work = begun(run)
    society, seed = _recording(work).society, work.scenario.seed
    if citizen >= society.layout.citizens:
        raise unknown("citizen", citizen)
    place = _recording(work).places.place_of(citizen)
    who = person(society, seed, citizen)._asdict()
    who.pop("citizen")
    return {
        "citizen": citizen,
        "person": who,
        "is_on_stage": place is not None,
        "weeks": [] if place is None else _weeks(run, citizen, place),
        "can_trace": can_trace(),
        "note": NOT_ON_STAGE if place is None else None,
    }


def ties(run: Run, citizen: int) -> dict[str, Any]:
    """Return whom a citizen has ties with."""
    work = begun(run)
    society = _recording(work).society
    if citizen >= society.layout.citizens:
        raise unknown("citizen", citizen)
    found = ties_of(society, work.scenario.seed, citizen)
    return {"citizen": citizen, "ties": [one._asdict() for one in found]}


def _recording(work: Work) -> Any:
    return work.recording


def _weeks(run: Run, citizen: int, place: int) -> list[dict[str, Any]]:
    """Return week 0 and each week in which something differs from the one before."""
    recording = _recording(run.work)
    layout = recording.society.layout
    zone = int(layout.places.block_zone[block_and_lane(layout, citizen)[0]])
    is_adult = bool(recording.people[0, place] & 8)
    found: list[dict[str, Any]] = []
    before: dict[str, Any] | None = None
    schemes = _Schemes(run.work.plan, zone)
    for week, four in enumerate(recording.film.of_place(place, run.weeks_done).tolist()):
        now = _said(four, schemes.at(week), is_adult=is_adult)
        if now != before:
            found.append({"week": week, **now})
        before = now
    return found


class _Schemes:
    """The scheme in force in a zone, week by week."""

    def __init__(self, plan: Timetable | None, zone: int) -> None:
        assert plan is not None
        self._plan, self._zone, self._is_one = plan, zone, len(plan.schemes) == 1

    def at(self, week: int) -> Scheme:
        """Return the scheme under which a week ended."""
        if self._is_one:
            return self._plan.schemes[0]
        numbers = self._plan.schemes_by_zone(max(week - 1, 0))
        return self._plan.schemes[int(numbers[self._zone])]


def _said(four: list[int], scheme: Scheme, *, is_adult: bool) -> dict[str, Any]:
    """Return four bytes of the stage in words."""
    status, voice, shut, _ = four
    tier, on_list = status & 7, status >> 3 & 3
    cause = CAUSES[shut >> 4 & 7] if on_list in (p.BLACK, p.NOTICED) else None
    has_tier = tier < len(scheme.tiers)
    return {
        "tier": scheme.tiers[tier].name if has_tier else None,
        "list": {p.BLACK: "black", p.RED: "red"}.get(on_list),
        "listed_for": cause,
        "shut_out_for": CAUSES[(shut & 15) - 1] if shut & 15 else None,
        "stance": p.STANCES[voice & 3] if is_adult else None,
        "caution": voice >> 2 & 7,
        "is_shamed": bool(status & p.SHAMED),
        "is_low": bool(status & p.LOW),
        "has_joined": bool(voice & p.JOINED_BIT),
        "pays_cash": bool(voice & p.CASH_BIT),
        "takes_part": bool(status & p.ENROLLED_BIT),
        "is_noticed": on_list == p.NOTICED,
    }
