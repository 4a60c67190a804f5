"""Which schemes have a mechanism: read from what they declare, never written by hand.

A scheme has a mechanism if its declaration gives that part something to do. Parts of the society
(such as conformity) and of the scenario (gatherings, rollout) are there under every scheme.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache

from glasstown.scheme.declaration import Scheme
from glasstown.scheme.loading import SHIPPED, load_scheme
from glasstown.scheme.watching import Watching
from glasstown.society.catalogue import behaviours

Has = Callable[[Scheme], bool]


def has_mechanism(scheme: Scheme, name: str) -> bool:
    """Tell whether a scheme has a mechanism; KeyError if there is no such mechanism."""
    return _HAS[name](scheme)


@cache
def schemes_with(name: str) -> tuple[str, ...]:
    """Return the shipped schemes that have a mechanism, by name."""
    return tuple(one for one in SHIPPED if has_mechanism(shipped(one), name))


@cache
def shipped(name: str) -> Scheme:
    """Return a shipped scheme, read once."""
    return load_scheme(name)


def _always(_: Scheme) -> bool:
    return True


def _watches(scheme: Scheme) -> bool:
    return any(_covers(one) for one in scheme.channels.values())


def _covers(watching: Watching) -> bool:
    """Tell whether a channel sees anything at any time."""
    dated = (watching.urban, watching.rural)
    shares = [
        point if isinstance(point, float | int) else point.share
        for one in dated
        for point in (one if isinstance(one, list) else [one])
    ]
    return any(share > 0 for share in shares)


def _misses(scheme: Scheme) -> bool:
    return any(one.miss > 0 and _covers(one) for one in scheme.channels.values())


def _mistakes(scheme: Scheme) -> bool:
    return any(
        one.misidentification > 0 or one.false_match * one.searches > 0
        for one in scheme.channels.values()
        if _covers(one)
    )


def _spoken(scheme: Scheme) -> list[bool]:
    """Return, for each rule with points, whether it is about speech."""
    speech = {one.name for one in behaviours() if one.kind == "speech"}
    return [rule.behaviour in speech for rule in scheme.rules if rule.points != 0]


def _shames(scheme: Scheme) -> bool:
    screens = scheme.shaming is not None and scheme.shaming.lowest_tier > 0
    return (screens and len(scheme.tiers) > 1) or any(one.shaming > 0 for one in scheme.lists)


def _sanctions(scheme: Scheme) -> bool:
    house, firms = scheme.household, scheme.firms
    contagion = firms.contagion if firms is not None else None
    return (
        bool(scheme.sanctions)
        or (house is not None and bool(house.denies))
        or (firms is not None and firms.bars_bids)
        or (contagion is not None and (bool(contagion.owner_denies) or contagion.bars_bids))
    )


def _rewards(scheme: Scheme) -> bool:
    return bool(scheme.rewards) or (scheme.firms is not None and scheme.firms.favours_bids)


def _appeals(scheme: Scheme) -> bool:
    appeal = scheme.appeal
    return appeal is not None and (appeal.rate > 0 or appeal.correction > 0)


def _household(scheme: Scheme) -> bool:
    house = scheme.household
    return house is not None and (house.points != 0 or bool(house.denies))


def _frightens(scheme: Scheme) -> bool:
    """Tell whether anything in a scheme makes citizens cautious: a loss, a listing, shaming."""
    speech, friends, house = scheme.speech, scheme.friends, scheme.household
    losses = [rule.points for rule in scheme.rules]
    losses += [speech.praise, speech.criticism, speech.mobilisation] if speech else []
    losses += [friends.points] if friends else []
    losses += [house.points] if house else []
    black = any(one.colour == "black" for one in scheme.lists)
    firms = scheme.firms is not None and scheme.firms.black is not None
    return any(one < 0 for one in losses) or black or firms or _shames(scheme)


def _flees_to_cash(scheme: Scheme) -> bool:
    payment = scheme.channels.get("payment")
    return payment is not None and _covers(payment) and _frightens(scheme)


def _cuts(scheme: Scheme) -> bool:
    return scheme.low_tier is not None and _frightens(scheme)


def _insiders(scheme: Scheme) -> bool:
    insiders = scheme.insiders
    if insiders is None or insiders.dishonest == 0:
        return False
    return insiders.rate * insiders.points != 0 or insiders.strikes > 0


def _censors(scheme: Scheme) -> bool:
    rules = scheme.platforms.values()
    return any(one.hides_criticism > 0 or one.hides_mobilisation > 0 for one in rules)


def _contagious_firms(scheme: Scheme) -> bool:
    contagion = scheme.firms.contagion if scheme.firms is not None else None
    if contagion is None:
        return False
    points = contagion.owner_points != 0 or contagion.firm_points != 0
    return points or bool(contagion.owner_denies) or contagion.bars_bids


def _inspects(scheme: Scheme) -> bool:
    inspection = scheme.channels.get("inspection")
    return scheme.firms is not None and inspection is not None and _covers(inspection)


_HAS: Mapping[str, Has] = {
    "watch": _watches,
    "misses": _misses,
    "misidentification": _mistakes,
    "score": lambda one: not all(_spoken(one)),
    "tiers": lambda one: len(one.tiers) > 1,
    "lists": lambda one: bool(one.lists),
    "shaming": _shames,
    "sanctions": _sanctions,
    "rewards": _rewards,
    "appeal": _appeals,
    "repair": lambda one: one.repair is not None and one.repair.rate > 0,
    "friends": lambda one: one.friends is not None and one.friends.points != 0,
    "household": _household,
    "speech": lambda one: one.speech is not None or any(_spoken(one)),
    "conformity": _always,
    "caution": _frightens,
    "expiry": lambda one: one.expiry is not None,
    "cash": _flees_to_cash,
    "cutting": _cuts,
    "grace": lambda one: any(black.grace_weeks > 0 for black in one.lists),
    "ability_test": lambda one: any(black.ability_test is not None for black in one.lists),
    "insiders": _insiders,
    "participation": lambda one: one.joining is not None,
    "censorship": _censors,
    "platforms": lambda one: any(rule.shut_from is not None for rule in one.platforms.values()),
    "firms": lambda one: one.firms is not None,
    "firm": _contagious_firms,
    "inspections": _inspects,
    "cash_end": lambda one: one.cash_ends is not None,
    "growth": _always,
    "rollout": _always,
    "gatherings": _always,
}
