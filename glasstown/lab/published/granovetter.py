"""Granovetter 1978: threshold models of collective behaviour, American Journal of Sociology 83(6).

Everybody joins once at least as many as the own threshold have joined (his section "The threshold
model"). Two of his results are hard: one person's threshold raised by one can end a riot of
100, and with normal thresholds the riot jumps at a critical spread (his figure 2). Thresholds are
persons (0 to 100), as is the spread; the whole crowd sees the whole crowd unless a network is
given.
"""

from __future__ import annotations

from collections.abc import Sequence
from statistics import NormalDist

from glasstown.lab.published.case import Case, Outcome, exactly, rounds_to
from glasstown.laws.gather import joins

CROWD = 100
MEAN = 25.0
"""Mean threshold of T2, in persons (paper, figure 2; FACTS T2, seen)."""
AT_SPREAD = {12.0: 4.0, 12.1: 4.6, 12.2: 5.5, 12.3: 100.0}
"""FACTS T2, computed: persons in the end by spread, to one decimal."""
DECLINE = {20.0: (99.99, 2), 30.0: (99.3, 1), 40.0: (96.3, 1), 60.0: (83.5, 1)}
"""FACTS T2b, computed: persons in the end by spread, and the decimals given."""


def in_a_crowd(thresholds: Sequence[int]) -> int:
    """Return how many have joined when nobody more joins; everybody sees everybody."""
    joined, before = 0, -1
    while joined != before:
        before = joined
        joined = sum(joins(before, one) for one in thresholds)
    return joined


def over_ties(thresholds: Sequence[int], ties: Sequence[Sequence[int]]) -> list[bool]:
    """Return who has joined when nobody more joins; everybody sees only the own ties.

    ``thresholds`` count joined ties (persons), ``ties`` lists each one's ties by index. Joining
    is for good, so the end does not depend on the order.
    """
    has_joined = [False] * len(thresholds)
    to_ask = list(range(len(thresholds)))
    reached_by = _reached_by(ties)
    while to_ask:
        one = to_ask.pop()
        seen = sum(has_joined[other] for other in ties[one])
        if not has_joined[one] and joins(seen, thresholds[one]):
            has_joined[one] = True
            to_ask.extend(reached_by[one])
    return has_joined


def _reached_by(ties: Sequence[Sequence[int]]) -> list[list[int]]:
    """Return for each one who sees it."""
    reached: list[list[int]] = [[] for _ in ties]
    for one, seen in enumerate(ties):
        for other in seen:
            reached[other].append(one)
    return reached


def everybody_tied(count: int) -> list[list[int]]:
    """Return the complete network's ties."""
    return [[other for other in range(count) if other != one] for one in range(count)]


def with_normal_thresholds(spread: float, mean: float = MEAN) -> float:
    """Return the persons who have joined in the end, from nobody on: r(t + 1) = 100 F(r(t)).

    F is the normal distribution of thresholds (persons). The sequence rises from 0 to the least
    fixed point, so it stops where one more step adds less than 1e-12 persons, or after a million
    steps (only within 1e-9 of the critical spread).
    """
    share_below = NormalDist(mean, spread).cdf
    joined = 0.0
    for _ in range(1_000_000):
        after = CROWD * share_below(joined)
        if after - joined < 1e-12:
            return after
        joined = after
    return joined


def critical_spread(mean: float = MEAN, low: float = 10.0, high: float = 15.0) -> float:
    """Return the spread (persons) where the end jumps, by bisection to 1e-6 persons.

    Below it the end is under half the crowd; the least fixed point vanishes in a tangency.
    """
    while high - low > 1e-6:
        middle = (low + high) / 2
        if with_normal_thresholds(middle, mean) < CROWD / 2:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def middle_quantiles(spread: float, mean: float = MEAN) -> list[float]:
    """Return 100 thresholds (persons) at the middle of each of 100 quantiles."""
    people = NormalDist(mean, spread)
    return [people.inv_cdf((one + 0.5) / CROWD) for one in range(CROWD)]


def with_whole_people(spread: float, mean: float = MEAN) -> int:
    """Return how many of 100 people at the mid-quantiles have joined in the end.

    A threshold of 3.2 persons is reached by the fourth, so each is rounded up; none is below 0.
    """
    return in_a_crowd([max(0, -int(-one // 1)) for one in middle_quantiles(spread, mean)])


def whole_people_jump(step: float = 0.01, low: float = 10.0, high: float = 15.0) -> float:
    """Return the least spread (persons, in steps from ``low``) at which more than half join."""
    for number in range(round((high - low) / step) + 1):
        spread = round(low + number * step, 6)
        if with_whole_people(spread) > CROWD // 2:
            return spread
    return float("nan")


def run_uniform(seeds: Sequence[int]) -> list[Outcome]:  # noqa: ARG001
    """T1: thresholds 0 to 99, and the same with the threshold of 1 raised to 2."""
    riot = list(range(CROWD))
    calm = [2 if one == 1 else one for one in riot]
    tied = everybody_tied(CROWD)
    meaning = "One person's threshold can decide whether a hundred people join or one does."
    return [
        exactly("who join, thresholds 0 to 99", 100, in_a_crowd(riot), meaning),
        exactly("who join, threshold 1 raised to 2", 1, in_a_crowd(calm), meaning),
        exactly("the first, over a complete network", 100, sum(over_ties(riot, tied)),
                "The cascade over ties gives the crowd's result where all are tied."),
        exactly("the second, over a complete network", 1, sum(over_ties(calm, tied)),
                "The cascade over ties gives the crowd's result where all are tied."),
    ]  # fmt: skip


def run_normal(seeds: Sequence[int]) -> list[Outcome]:  # noqa: ARG001
    """T2: normal thresholds around 25, by spread."""
    jump = "A small change of how thresholds spread turns a handful of people into a crowd."
    outcomes = [
        rounds_to(f"who join, spread {spread:g}", published, with_normal_thresholds(spread), 1,
                  jump)
        for spread, published in AT_SPREAD.items()
    ]  # fmt: skip
    whole = whole_people_jump()
    outcomes += [
        rounds_to("critical spread", 12.222, critical_spread(), 3, jump),
        rounds_to("critical spread, 100 whole people", 12.55, whole, 2,
                  "With whole people the jump comes later than with shares of people."),
        exactly("who join, whole people, 0.01 below it", 5, with_whole_people(whole - 0.01),
                "Ours are 5 a little further below: the published 5 came in coarser steps."),
        exactly("who join, whole people, at it", 100, with_whole_people(whole), jump),
    ]  # fmt: skip
    return outcomes


def run_decline(seeds: Sequence[int]) -> list[Outcome]:  # noqa: ARG001
    """T2b: past the jump, a wider spread means slowly fewer."""
    return [
        rounds_to(f"who join, spread {spread:g}", published, with_normal_thresholds(spread), digits,
                  "Past the jump fewer join the more people's thresholds differ.")
        for spread, (published, digits) in DECLINE.items()
    ]  # fmt: skip


PAPER = "Granovetter 1978, American Journal of Sociology 83(6), 1420-1443"
CASES = (
    Case("T1", "One threshold, two outcomes", PAPER, "100 join; then 1", run_uniform),
    Case("T2", "The critical spread of thresholds", PAPER,
         "4.0, 4.6, 5.5, 100 persons; jump at 12.222", run_normal),
    Case("T2b", "Past the critical spread", PAPER, "99.99, 99.3, 96.3, 83.5 persons", run_decline),
)  # fmt: skip
