"""Worlds that can be paired: scenarios over one society that share every draw.

A world is a scheme's name, a scenario's file, or a mapping; leaving mechanisms out of the first
makes further worlds, and so does a scheme that takes over on a date. Two runs are a pair only
over the same society, from the same start, for as many weeks and under one seed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from glasstown.errors import InputError
from glasstown.lab.phases import Phase
from glasstown.lab.scenario import Scenario, load_scenario
from glasstown.lab.wording import joined
from glasstown.scheme.loading import is_path
from glasstown.wording import shortened

Given = str | Path | Mapping[str, Any] | Scenario
CITIZENS = 100_000
"""Citizens where only a scheme is named: a study is many runs."""
MOST_SEEDS, MOST_THREADS = 1000, 1024


class NamedWorld(NamedTuple):
    """A world of a study: what it is called, and its scenario."""

    label: str
    scenario: Scenario


def load_world(given: Given, overrides: Mapping[str, Any] | None = None) -> NamedWorld:
    """Load a world.

    Parameters
    ----------
    given : str, Path, Mapping or Scenario
        What `load_scenario` takes, or a mapping with ``from:``: a shipped scheme's name, and
        beside it keys of a scenario (``without: [friends]``) or changes of the scheme.
    overrides : Mapping, optional
        Single keys that replace its own. Of a scheme alone, without a society, there are
        `CITIZENS` citizens.

    Raises
    ------
    InputError
        Something can't be used; file, line and key are named.
    """
    if isinstance(given, Mapping) and "scheme" not in given and "from" in given:
        given = _of_changes(given)
    changes = dict(overrides or {})
    is_bare = isinstance(given, str) and not is_path(given)
    if isinstance(given, Mapping):
        is_bare = "society" not in given
    if is_bare and changes.get("citizens") is None and changes.get("society.citizens") is None:
        changes["citizens"] = CITIZENS
    scenario = load_scenario(given, overrides=changes)
    is_file = isinstance(given, str | Path) and is_path(given)
    return NamedWorld(Path(str(given)).stem if is_file else label_of(scenario), scenario)


def _of_changes(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the scenario of a mapping with ``from:``, keys of scenario and scheme told apart."""
    own = {key: value for key, value in given.items() if key in Scenario.model_fields}
    scheme = {key: value for key, value in given.items() if key not in Scenario.model_fields}
    return {**own, "scheme": scheme if len(scheme) > 1 else scheme["from"]}


def label_of(scenario: Scenario) -> str:
    """Return what a scenario is called: its scheme, and what is left out."""
    if not scenario.without:
        return scenario.scheme.name
    return f"{scenario.scheme.name} without {joined(scenario.without)}"


def worlds_of(
    given: Sequence[Given], *, without: Sequence[Sequence[str]] = (), since: date | None = None,
    overrides: Mapping[str, Any] | None = None,
) -> list[NamedWorld]:  # fmt: skip
    """Return the worlds of a comparison, which can all be paired, each with a name of its own.

    Parameters
    ----------
    given : sequence
        The worlds, the first of which the others are compared with.
    without : sequence of sequences of str
        Further worlds: the first one without some mechanisms.
    since : date, optional
        If given, the other worlds are the first one until that day, and then go under their own
        scheme.
    overrides : Mapping, optional
        Single keys that replace those of all worlds.

    Raises
    ------
    InputError
        A world can't be loaded, there are fewer than two, or they can't be paired.
    """
    worlds = [load_world(one, overrides) for one in given]
    if not worlds:
        raise InputError(_too_few())
    first = worlds[0]
    if since is not None:
        if without:
            raise InputError(
                "since: a mechanism is left out for a whole run; with a date, name a scheme that "
                "takes over on it"
            )
        worlds = [first, *(_taking_over(first, one, since) for one in worlds[1:])]
    for names in without:
        left_out = [*first.scenario.without, *names]
        scenario = load_scenario(first.scenario, overrides={"without": left_out})
        label = f"{first.label} without {joined(list(names))}"
        worlds.append(NamedWorld(label, scenario))
    if len(worlds) < 2:
        raise InputError(_too_few())
    for other in worlds[1:]:
        check_pair(first, other)
    return _named_apart(worlds)


def _too_few() -> str:
    return (
        "at least two worlds are compared: name another scheme or file, as in `glasstown compare "
        "total-2020 reform`, or leave a mechanism out of the first with --without friends (in "
        'Python: without=[["friends"]])'
    )


def _taking_over(first: NamedWorld, other: NamedWorld, since: date) -> NamedWorld:
    """Return the world that is the first until a day, and then goes under the other's scheme."""
    one, two = first.scenario, other.scenario
    for world in (first, other):
        if world.scenario.rollout:
            raise InputError(f"since: {world.label} has dates of its own (rollout); write them all "
                             "into two files and compare those")  # fmt: skip
    if one.without != two.without or one.spark != two.spark:
        raise InputError(
            f"since: {first.label} and {other.label} differ before that day in what is left out "
            "or in their sparks; only the scheme may differ"
        )
    if "rollout" in one.without:
        raise InputError("since: the mechanism rollout is left out, so that no date does anything")
    last = one.start.toordinal() + 7 * one.weeks
    if not one.start.toordinal() < since.toordinal() < last:
        raise InputError(
            f"since: must lie after {one.start} and before {date.fromordinal(last)}, in the run; "
            f"not {since}"
        )
    phases = [Phase(since=one.start, scheme=one.scheme), Phase(since=since, scheme=two.scheme)]
    scenario = one.model_copy(update={"rollout": phases})
    return NamedWorld(f"{other.label} from {since}", scenario)


def check_pair(one: NamedWorld, other: NamedWorld) -> None:
    """Refuse two worlds that would not share their luck.

    Raises
    ------
    InputError
        Naming every key that differs and both values.
    """
    differing = []
    first, second = one.scenario.society.model_dump(), other.scenario.society.model_dump()
    for key, value in first.items():
        if value != second[key]:
            differing.append(f"{key}: {shortened(value)} and {shortened(second[key])}")
    for key in ("start", "weeks", "seed"):
        pair = getattr(one.scenario, key), getattr(other.scenario, key)
        if pair[0] != pair[1]:
            differing.append(f"{key}: {pair[0]} and {pair[1]}")
    if differing:
        raise InputError(
            f"{one.label} and {other.label} can't be paired; they differ in {'; '.join(differing)}."
            " A pair has one society, start, number of weeks and seed: make the files agree, or "
            "set these for all worlds, as with --citizens, --weeks, --seed or --set KEY=VALUE"
        )


def _named_apart(worlds: list[NamedWorld]) -> list[NamedWorld]:
    """Return the worlds with no name twice."""
    named: list[NamedWorld] = []
    for world in worlds:
        count = sum(one.label.split(" (")[0] == world.label for one in named)
        label = f"{world.label} ({count + 1})" if count else world.label
        named.append(world._replace(label=label))
    return named


def check_seeds(seeds: int, fewest: int) -> None:
    """Refuse a number of seeds that gives no interval, or no end.

    Raises
    ------
    InputError
        If it is no whole number in the range.
    """
    is_whole = isinstance(seeds, int) and not isinstance(seeds, bool)
    if not is_whole or not fewest <= seeds <= MOST_SEEDS:
        raise InputError(
            f"seeds: a whole number from {fewest} to {MOST_SEEDS}, as intervals are over seeds; "
            f"not {shortened(seeds)}"
        )


def check_threads(threads: int | None) -> None:
    """Refuse a number of threads that can't share a week.

    Raises
    ------
    InputError
        If it is no whole number in the range; None stands for every usable processor.
    """
    is_whole = isinstance(threads, int) and not isinstance(threads, bool)
    if threads is not None and (not is_whole or not 1 <= threads <= MOST_THREADS):
        raise InputError(
            f"threads: must be a whole number from 1 to {MOST_THREADS}, not {shortened(threads)}"
        )


def names_in(text: str) -> list[str]:
    """Return the names in a list with commas, as flags give it.

    >>> names_in("friends, household")
    ['friends', 'household']

    Raises
    ------
    InputError
        If there is none.
    """
    names = [one.strip() for one in text.split(",") if one.strip()]
    if not names:
        raise InputError(
            f"{shortened(text)}: name at least one mechanism, as `glasstown mechanisms` lists them"
        )
    return names
