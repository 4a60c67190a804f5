"""The rulebook: which line of a scheme an event comes from, and what that line rests on."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from glasstown.declaration import Sourced
from glasstown.scheme.declaration import Scheme
from glasstown.society.declaration import Behaviour


class Line(NamedTuple):
    """A line of a scheme: its dotted key, its source, and how sure it is."""

    rule: str
    source: str
    confidence: str


NOWHERE = Line("", "", "")


class Rulebook:
    """A declared scheme as it is on a day, asked for the line behind an event.

    Parameters
    ----------
    scheme : Scheme
        The scheme that holds where the citizen lives.
    day : date
        The day.
    """

    def __init__(self, scheme: Scheme, day: date) -> None:
        self.scheme, self.day = scheme, day

    def line(self, key: str, part: Sourced | None) -> Line:
        """Return a part of the scheme as a line; an empty one if the scheme has no such part."""
        return NOWHERE if part is None else Line(key, part.source, part.confidence)

    def of_part(self, name: str) -> Line:
        """Return one of the scheme's parts, such as ``friends`` or ``firms.contagion``."""
        part = self.scheme
        for one in name.split("."):
            part = getattr(part, one, None)  # type: ignore[assignment]
        return self.line(name, part if isinstance(part, Sourced) else None)

    def of_behaviour(self, behaviour: Behaviour) -> Line:
        """Return the rule that gives points for a behaviour; a rule goes before rules of speech."""
        if behaviour.by == "firm":
            rules = [] if self.scheme.firms is None else self.scheme.firms.rules
            found = next((i for i, one in enumerate(rules) if one.behaviour == behaviour.name), -1)
            return self.line(f"firms.rules[{found}]", rules[found]) if found >= 0 else NOWHERE
        for i, rule in enumerate(self.scheme.rules):
            starts = rule.since is None or rule.since <= self.day
            if rule.behaviour == behaviour.name and starts and (
                rule.until is None or self.day < rule.until
            ):  # fmt: skip
                return self.line(f"rules[{i}]", rule)
        if behaviour.stance is not None and self.scheme.speech is not None:
            return self.line(f"speech.{behaviour.stance}", self.scheme.speech)
        return NOWHERE

    def of_list(self, number: int) -> Line:
        """Return a list by its number, from 1."""
        known = 0 < number <= len(self.scheme.lists)
        return (
            self.line(f"lists[{number - 1}]", self.scheme.lists[number - 1]) if known else NOWHERE
        )

    def list_name(self, number: int) -> str:
        """Return the name of a list by its number; of none, nothing."""
        known = 0 < number <= len(self.scheme.lists)
        return self.scheme.lists[number - 1].name.replace("_", " ") if known else ""

    def list_colour(self, number: int) -> str:
        """Return whether a list is black or red."""
        known = 0 < number <= len(self.scheme.lists)
        return self.scheme.lists[number - 1].colour if known else ""

    def of_treatment(self, service: str, action: str, tier: str | None, listed: int) -> Line:
        """Return the sanction or reward that treats a service, by the list before the tier."""
        name = self.scheme.lists[listed - 1].name if 0 < listed <= len(self.scheme.lists) else None
        for key in ("sanctions", "rewards"):
            fitting = [
                (one.list is None, f"{key}[{i}]", one)
                for i, one in enumerate(getattr(self.scheme, key))
                if one.service == service
                and one.action == action
                and ((one.list is not None and one.list == name)
                     or (one.tier is not None and one.tier == tier))
            ]  # fmt: skip
            if fitting:
                _, where, part = min(fitting, key=lambda row: row[:2])
                return self.line(where, part)
        return NOWHERE

    def of_channel(self, channel: str) -> Line:
        """Return how a channel watches."""
        return self.line(f"channels.{channel}", self.scheme.channels.get(channel))  # type: ignore[call-overload]

    def false_matches_as(self, behaviour: str) -> list[str]:
        """Return the channels that book a false match as a behaviour."""
        return [
            name for name, one in self.scheme.channels.items() if one.false_match_as == behaviour
        ]

    def watching_for(self, behaviour: Behaviour) -> list[str]:
        """Return the channels of the scheme that can see a behaviour."""
        return [name for name in behaviour.seen_by if name in self.scheme.channels]
