"""Nax, Perc, Szolnoki and Helbing 2015: cooperation when people are scored by their group.

"Stability of cooperation under image scoring in group interactions", Scientific Reports 5:12145,
doi 10.1038/srep12145.

What we take from the paper is its question and its two results (abstract, seen; FACTS T6): a
public-goods game in groups, where what is known of a person is the group's score, the person's
own, or a mixture; by group alone cooperation is unsustainable, and the share of individual
scoring that it needs depends on the population size and is generally very small. Its equations
were not at hand: no equation of the paper is used, and every formula here is our own choice.

The game: in each round everybody is put at random into groups of n; a contribution of 1 is worth
r to the group, shared among all n, 1 < r < n. Conditional contributors give as much (0 to 1) as
the mean score that they see of the other members, as most people do in experiments (Fischbacher,
Gaechter and Fehr 2001); defectors give nothing. The score seen of a person is with probability g
the own one (1 for a conditional contributor: giving less to the bad is not held against it, as
in Nowak and Sigmund's analytic model; 0 for a defector), else the mean given in the person's last
group. For few defectors in a large population a defector's score is on average
s = (1 - g)(n - 2 + s) / n, so a defector gains less than the others only if::

    g > r (n - 2) / (r - 1) - (n - 1)

At g = 0 guilt is never used up: it only spreads over the groups, until nobody gives anything.
Payoffs are in contributions.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from glasstown.lab.published.case import Case, Outcome, points

NOT_SMALL = 0.15
"""Shares of individual scoring up to 0.1 count as very small (ours, fixed before any run); of the
shares tried 0.2 comes next, and this lies halfway."""
SUSTAINED = 0.5
"""Mean contribution (0 to 1) above which cooperation counts as sustained (ours)."""
HIGH_RETURN, LOW_RETURN = 0.75, 0.3
"""r / n: the two returns of Isaac and Walker 1988, QJE 103(1), from memory."""


class Game(NamedTuple):
    """A population and its game: persons, persons in a group, r / n, rounds, generations."""

    people: int = 120
    group: int = 4
    return_share: float = HIGH_RETURN
    rounds: int = 200
    generations: int = 60
    mutation: float = 0.01


def needed_share(group: int, return_share: float) -> float:
    """Return the least g at which few defectors gain less, in a large population.

    0 if any share will do, above 1 if not even scoring each person alone is enough.
    """
    worth = return_share * group
    return max(0.0, worth * (group - 2) / (worth - 1) - (group - 1))


def contributions(shares: Sequence[float], seed: int, game: Game | None = None) -> list[float]:
    """Return the mean contribution in the last quarter of the generations, for each share g.

    Everybody starts as a conditional contributor with a full score. After each generation half
    of the people copy a random other who gained more; some change by chance.
    """
    game = game or Game()
    luck = np.random.default_rng([seed, 6])
    g = np.array(shares)[:, np.newaxis]
    is_conditional = np.ones((len(shares), game.people), bool)
    given = []
    for _ in range(game.generations):
        gains, mean = _generation(is_conditional, g, game, luck)
        given.append(mean)
        is_conditional = _copied(is_conditional, gains, game, luck)
    mean = np.mean(given[-(game.generations // 4) :], axis=0)
    return [float(one) for one in mean]


def _generation(
    is_conditional: NDArray[np.bool_], g: NDArray[np.float64], game: Game,
    luck: np.random.Generator,
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:  # fmt: skip
    """Play all rounds; return everybody's gains and the mean contribution, per share g.

    The groups of a round are the same for all shares.
    """
    kinds = is_conditional.shape[0]
    by_group = np.ones(is_conditional.shape)
    gains, mean = np.zeros(is_conditional.shape), np.zeros(kinds)
    own = is_conditional.astype(float)
    for _ in range(game.rounds):
        seen = np.where(luck.random(own.shape) < g, own, by_group)
        places = luck.permutation(game.people)
        given, yielded = _play(seen[:, places], own[:, places], game.group)
        gains[:, places] += game.return_share * game.group * yielded - given
        by_group[:, places] = yielded
        mean += given.mean(axis=1)
    return gains / game.rounds, mean / game.rounds


def _play(
    seen: NDArray[np.float64], own: NDArray[np.float64], group: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return what each gives and the mean given in each one's group; groups lie side by side."""
    kinds = seen.shape[0]
    scores = seen.reshape(kinds, -1, group)
    of_others = (scores.sum(axis=2, keepdims=True) - scores) / (group - 1)
    given = of_others * own.reshape(scores.shape)
    mean = np.broadcast_to(given.mean(axis=2, keepdims=True), given.shape)
    return given.reshape(seen.shape), mean.reshape(seen.shape)


def _copied(
    kind: NDArray[np.bool_], gains: NDArray[np.float64], game: Game, luck: np.random.Generator
) -> NDArray[np.bool_]:
    """Return the next generation."""
    models = luck.integers(game.people, size=kind.shape)
    gained_more = np.take_along_axis(gains, models, 1) > gains
    copies = gained_more & (luck.random(kind.shape) < 0.5)
    after = np.where(copies, np.take_along_axis(kind, models, 1), kind)
    return after ^ (luck.random(kind.shape) < game.mutation)


SHARES = (0.0, 0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 1.0)
"""Shares g of individual scoring that are tried."""
FEW, MANY = 24, 240
"""Two sizes of the population (ours; the paper's were not seen)."""


def least_share(found: Sequence[float]) -> float:
    """Return the least of `SHARES` that sustains cooperation; above 1 if none does."""
    sustaining = [g for g, one in zip(SHARES, found, strict=True) if one > SUSTAINED]
    return min(sustaining, default=2.0)


def run_scoring(seeds: Sequence[int]) -> list[Outcome]:
    """T6: cooperation by share of individual scoring, groups of 4 and return 0.75 at first."""
    fours = [contributions(SHARES, seed) for seed in seeds]
    tens = [contributions(SHARES, seed, Game(group=10)) for seed in seeds]
    poor = [contributions([1.0], seed, Game(return_share=LOW_RETURN)) for seed in seeds]
    least, of_tens = [least_share(one) for one in fours], [least_share(one) for one in tens]
    few, many = (
        [least_share(contributions(SHARES, seed, Game(people=size))) for seed in seeds]
        for size in (FEW, MANY)
    )
    more = [b - a for a, b in zip(few, many, strict=True)]
    return [
        points("mean contribution, scored by group only", "unsustainable (at most 0.5)",
               [one[0] for one in fours], [SUSTAINED - one[0] for one in fours],
               "Where people are judged by their group, in the end nobody contributes."),
        points("mean contribution, each scored alone", "sustained (above 0.5)",
               [one[-1] for one in fours], [one[-1] - SUSTAINED for one in fours],
               "Where people are judged by their own deeds, most contribute."),
        points("least share of individual scoring, groups of 4", "very small (at most 0.1)",
               least, [NOT_SMALL - one for one in least],
               "A little knowledge of the person is enough to undo guilt by association."),
        points("the same, groups of 10", "very small (at most 0.1)",
               of_tens, [NOT_SMALL - one for one in of_tens],
               "In larger groups far more must be known of the person."),
        points("mean contribution, each scored alone, return 0.3", "sustained (above 0.5)",
               [one[-1] for one in poor], [one[-1] - SUSTAINED for one in poor],
               "Where contributing returns little, no kind of scoring sustains it in our version."),
        points(f"least share, {MANY} people less {FEW} people", "depends on the population",
               more, [one if sum(more) > 0 else -one for one in more],
               "How much must be known of the person may depend on how many people there are."),
    ]  # fmt: skip


CASES = (
    Case("T6", "Scored by group or alone", "Nax et al. 2015, Scientific Reports 5:12145",
         "by group alone unsustainable; a very small share of individual scoring restores it",
         run_scoring),
)  # fmt: skip
