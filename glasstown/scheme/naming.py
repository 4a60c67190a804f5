"""Names in a scheme that must exist in the society: behaviours, who does them, platforms.

A scheme's own declaration can't know them. Also told here, because it takes two lines to see:
rules for one behaviour whose dates overlap, so that it would be unclear which holds.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from itertools import combinations
from typing import NamedTuple

from glasstown.errors import Problem, nearest_word
from glasstown.scheme.declaration import Rule, Scheme
from glasstown.wording import Location, dotted, line_of, listed

FIRM = "firm"


class Named(NamedTuple):
    """A behaviour that a scheme names: the key it stands at, and whether a firm must do it."""

    location: Location
    name: str
    of_firm: bool = False


class Found(NamedTuple):
    """What is wrong at a key of a scheme."""

    location: Location
    given: str
    message: str
    nearest: str | None = None


def named_behaviours(scheme: Scheme) -> Iterator[Named]:
    """Yield every behaviour that a scheme names, with the key it stands at."""
    for index, rule in enumerate(scheme.rules):
        yield Named(("rules", index, "behaviour"), rule.behaviour)
    for index, one in enumerate(scheme.lists):
        for name in one.behaviours:
            yield Named(("lists", index, "behaviours", name), name)
    for channel, watching in scheme.channels.items():
        if watching.false_match_as is not None:
            yield Named(("channels", channel, "false_match_as"), watching.false_match_as)
    if scheme.firms is None:
        return
    for index, firm_rule in enumerate(scheme.firms.rules):
        yield Named(("firms", "rules", index, "behaviour"), firm_rule.behaviour, True)
    if scheme.firms.black is not None:
        for name in scheme.firms.black.behaviours:
            yield Named(("firms", "black", "behaviours", name), name, True)


def problems_of_names(
    scheme: Scheme,
    behaviours: Collection[str],
    platforms: Collection[str],
    lines: Mapping[str, int],
    at: str = "",
) -> list[Problem]:
    """Tell what a scheme names and the society does not have, and rules that overlap.

    Parameters
    ----------
    scheme : Scheme
        The scheme.
    behaviours : collection of str
        Names of the behaviours there are; a mapping also says who does each.
    platforms : collection of str
        Names of the platforms there are.
    lines, at : Mapping, str
        Lines of the scheme's file, and the dotted key at which the scheme stands in it.
    """
    found = [*_unknown(scheme, behaviours), *_platforms(scheme, platforms), *_rules(scheme)]
    problems = []
    for one in found:
        key = dotted(one.location, at)
        problems.append(Problem(key, one.given, one.message, line_of(key, lines), one.nearest))
    return problems


def _unknown(scheme: Scheme, behaviours: Collection[str]) -> Iterator[Found]:
    """Yield behaviours that there are not, or that somebody else does."""
    actors = behaviours if isinstance(behaviours, Mapping) else None
    for one in named_behaviours(scheme):
        given = f"'{one.name}'"
        if one.name not in behaviours:
            message = f"there is no behaviour {given}; there are: {listed(sorted(behaviours))}"
            yield Found(one.location, given, message, nearest_word(one.name, behaviours))
        elif actors is not None and (actors[one.name] == FIRM) != one.of_firm:
            others = sorted(name for name, by in actors.items() if (by == FIRM) == one.of_firm)
            message = f"{given} is what firms do: it belongs under firms"
            if one.of_firm:
                message = f"firms don't do {given}; they do: {listed(others)}"
            yield Found(one.location, given, message)


def _platforms(scheme: Scheme, platforms: Collection[str]) -> Iterator[Found]:
    """Yield platforms that there are not."""
    for name in scheme.platforms:
        if name not in platforms:
            message = f"there is no platform '{name}'; there are: {listed(sorted(platforms))}"
            yield Found(("platforms", name), f"'{name}'", message, nearest_word(name, platforms))


def _rules(scheme: Scheme) -> Iterator[Found]:
    """Yield rules that never hold, and those that hold together with an earlier one."""
    for index, rule in enumerate(scheme.rules):
        if rule.since is not None and rule.until is not None and rule.since >= rule.until:
            message = f"the rule never holds: since {rule.since} is not before until {rule.until}"
            yield Found(("rules", index), str(rule.since), message)
    for (first, one), (second, other) in combinations(enumerate(scheme.rules), 2):
        if one.behaviour == other.behaviour and _overlap(one, other):
            message = (
                f"holds at the same time as rules[{first}], which is for '{one.behaviour}' too;"
                " keep one, or set since and until so that they follow each other"
            )
            yield Found(("rules", second), f"'{one.behaviour}'", message)
    rules = scheme.firms.rules if scheme.firms is not None else []
    for index, name in _again([rule.behaviour for rule in rules]):
        message = f"'{name}' has a rule already; keep one"
        yield Found(("firms", "rules", index), f"'{name}'", message)


def _overlap(one: Rule, other: Rule) -> bool:
    """Tell whether two rules hold on a day together."""
    start = max(one.since or date.min, other.since or date.min)
    return start < min(one.until or date.max, other.until or date.max)


def _again(names: Sequence[str]) -> Iterator[tuple[int, str]]:
    """Yield names that stood before, with their place."""
    for index, name in enumerate(names):
        if name in names[:index]:
            yield index, name
