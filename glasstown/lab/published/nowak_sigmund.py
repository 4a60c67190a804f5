"""Nowak and Sigmund 1998: Evolution of indirect reciprocity by image scoring, Nature 393, 573-577.

A donor may pay c so that a recipient gains b > c. Discriminators help unless they know that the
recipient is a defector, and know it with probability q; defectors never help. With a share x of
discriminators the mean payoffs per meeting, once as donor and once as recipient, are (the
paper's analytic model, its last part before the discussion)::

    discriminator: b x - c (1 - q (1 - x))        defector: b x (1 - q)

so that discriminators hold out against few defectors only if q > c / b (FACTS T5), from a share
x = c (1 - q) / (q (b - c)) on. As in that model a refusal to a known defector does not spoil the
refuser's own image; where it does (pure image scoring) the answer is less kind, see Leimar and
Hammerstein 2001. Payoffs are in units of c.

Ours: the finite population. In each round of meetings everybody is once a donor and once a
recipient, in a random ring, and images are really kept; the gains of a generation decide who is
copied.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from glasstown.lab.published.case import Case, Outcome, exactly, near, points

BENEFIT, COST = 4.0, 1.0
"""Gain of the recipient and cost of the donor; their ratio is our choice, c / b = 0.25."""


class Payoffs(NamedTuple):
    """Mean payoffs per meeting (units of c)."""

    discriminator: float
    defector: float


def payoffs(share: float, q: float, benefit: float = BENEFIT, cost: float = COST) -> Payoffs:
    """Return the mean payoffs at a share of discriminators and information q (both 0 to 1)."""
    return Payoffs(
        benefit * share - cost * (1 - q * (1 - share)),
        benefit * share * (1 - q),
    )


def least_share(q: float, benefit: float = BENEFIT, cost: float = COST) -> float:
    """Return the share of discriminators from which on they gain; above 1 where they never do."""
    return float("inf") if q == 0 else cost * (1 - q) / (q * (benefit - cost))


def replicated(
    q: float, start: float, benefit: float = BENEFIT, cost: float = COST, steps: int = 20_000
) -> float:
    """Return the share of discriminators after replicator dynamics from a start (steps of 0.01)."""
    share = start
    for _ in range(steps):
        gains = payoffs(share, q, benefit, cost)
        share += 0.01 * share * (1 - share) * (gains.discriminator - gains.defector)
        share = min(max(share, 0.0), 1.0)
    return share


def critical_information(
    start: float = 0.999, benefit: float = BENEFIT, cost: float = COST
) -> float:
    """Return the least q at which discriminators return from a start near 1, by bisection."""
    low, high = 0.0, 1.0
    while high - low > 1e-5:
        middle = (low + high) / 2
        if replicated(middle, start, benefit, cost) > start:
            high = middle
        else:
            low = middle
    return (low + high) / 2


class Village(NamedTuple):
    """A finite population (ours): people, meetings of each in a generation, copying, mutation."""

    people: int = 200
    meetings: int = 50
    generations: int = 150
    copying: float = 0.5
    mutation: float = 0.005


def helped_in_the_end(q: float, seed: int, village: Village | None = None) -> float:
    """Return the share of meetings with help in the last third of the generations.

    From 90 % discriminators on. Images start good in each generation; help makes a good image,
    refusing somebody who is known as bad leaves it, refusing otherwise makes a bad one.
    """
    village = village or Village()
    luck = np.random.default_rng([seed, 5])
    discriminates = np.arange(village.people) < 0.9 * village.people
    helped = []
    for _ in range(village.generations):
        gains, share = _generation(discriminates, q, village, luck)
        helped.append(share)
        discriminates = _copied(discriminates, gains, village, luck)
    last = village.generations // 3
    return sum(helped[-last:]) / last


def _generation(
    discriminates: NDArray[np.bool_], q: float, village: Village, luck: np.random.Generator
) -> tuple[NDArray[np.float64], float]:
    """Let everybody meet; return mean gains per meeting and the share of meetings with help."""
    people = village.people
    is_good = np.ones(people, bool)
    recipient = np.empty(people, np.int64)
    gains, helped = np.zeros(people), 0
    for _ in range(village.meetings):
        ring = luck.permutation(people)
        recipient[ring] = np.roll(ring, 1)
        refuses = ~is_good[recipient] & (luck.random(people) < q)
        helps = discriminates & ~refuses
        gains -= COST * helps
        gains[recipient] += BENEFIT * helps
        is_good = np.where(discriminates & refuses, is_good, helps)
        helped += int(helps.sum())
    return gains / village.meetings, helped / (village.meetings * people)


def _copied(
    kind: NDArray[np.bool_], gains: NDArray[np.float64], village: Village,
    luck: np.random.Generator,
) -> NDArray[np.bool_]:  # fmt: skip
    """Return the next generation: some copy somebody who gained more, a few change by chance."""
    models = luck.integers(village.people, size=village.people)
    copies = (gains[models] > gains) & (luck.random(village.people) < village.copying)
    after = np.where(copies, kind[models], kind)
    return after ^ (luck.random(village.people) < village.mutation)


SWEEP = (0.05, 0.15, 0.4, 0.6, 0.9)
"""Information q below and above c / b = 0.25 (ours)."""


def run_information(seeds: Sequence[int]) -> list[Outcome]:
    """T5: the critical information, in the equations and in a finite population."""
    critical = COST / BENEFIT
    found = critical_information()
    inner = least_share(0.5)
    outcomes = [
        near("critical information q, replicator dynamics", critical, [found], 0.001,
             "Scoring people keeps them helping only if scores are known often enough."),
        exactly("q = 0.5: gains equal at the least share", 0.0,
                round(payoffs(inner, 0.5).discriminator - payoffs(inner, 0.5).defector, 12),
                "Too few who discriminate die out even where scores are well known."),
    ]  # fmt: skip
    for q in SWEEP:
        shares = [helped_in_the_end(q, seed) for seed in seeds]
        margins = [one - 0.5 if q > critical else 0.5 - one for one in shares]
        claim = "most meetings help" if q > critical else "few meetings help"
        outcomes.append(
            points(f"meetings with help, q = {q:g}", claim, shares, margins,
                   "Below c / b knowing little of others, those who never help take over.")
        )  # fmt: skip
    return outcomes


CASES = (
    Case("T5", "Image scoring", "Nowak and Sigmund 1998, Nature 393, 573-577",
         "discriminators stable only if q > c / b", run_information),
)  # fmt: skip
