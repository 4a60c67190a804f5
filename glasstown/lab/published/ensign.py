"""Ensign, Friedler, Neville, Scheidegger and Venkatasubramanian 2018: patrols by past records.

"Runaway feedback loops in predictive policing", PMLR 81:160-171 (FAT* 2018), sections 3 (urn
models) and 4 (correction).

An urn holds balls of two areas, A and B. Each day one ball is drawn: that area is patrolled. A
crime is discovered there with the area's rate (per patrol, 0 to 1), and each discovered crime
adds a ball of the area. Then

- at equal rates this is Polya's urn, only slower: the share of patrols in A tends to a random
  limit, Beta(a, b) from a and b balls at the start (Polya 1931; FACTS T7, from memory);
- at unequal rates all patrols go to the area with the higher rate, and the number of balls of B
  grows as that of A to the power of the ratio of the rates (Athreya and Ney 1972, chapter V.9);
- the correction counts a discovered crime only with a probability that falls as the area is
  patrolled more (1 less its share, over the larger of both): the share tends to the true one;
- residents' reports of both areas, added whatever is patrolled, only attenuate: with weights w
  of discovered and 1 - w of reported crime the share x solves (the authors' section 3.3; their
  published code has the same urn)::

      (d_A - d_B) x^2 + (r_A + r_B + d_B - d_A) x - r_A = 0,   d = w rate,  r = (1 - w) rate
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from glasstown.lab.published.case import Case, Outcome, below, between, near, points

URNS = 400
"""Urns in a run; each seed has its own."""
DAYS = 5_000
MORE, LESS = 0.6, 0.3
"""Unequal rates (ours)."""
SURE = 1e-3
"""Probability with which a right urn fails one of the checks by chance."""


def patrolled(
    rates: tuple[float, float], seed: int, start: tuple[int, int] = (1, 1), days: int = DAYS,
    urns: int = URNS, reported: float = 0.0, is_corrected: bool = False,
) -> NDArray[np.float64]:  # fmt: skip
    """Return the balls of A and B in each urn after some days, shape (2, urns).

    Parameters
    ----------
    rates : tuple of float
        Crimes discovered per patrol in A and in B (0 to 1).
    seed : int
        Seed of the draws.
    start : tuple of int
        Balls of A and B on the first day.
    days : int
        Patrols.
    urns : int
        Independent urns.
    reported : float
        Weight of residents' reports, 1 - w; each day adds it times the rate to both areas.
    is_corrected : bool
        Whether a discovered crime counts less the more its area is patrolled.
    """
    luck = np.random.default_rng([seed, 7])
    balls = np.repeat(np.array(start, float)[:, np.newaxis], urns, axis=1)
    for _ in range(days):
        share = balls[0] / balls.sum(axis=0)
        is_a = luck.random(urns) < share
        found = luck.random(urns) < np.where(is_a, rates[0], rates[1])
        if is_corrected:
            here = np.where(is_a, share, 1 - share)
            found &= luck.random(urns) < (1 - here) / np.maximum(share, 1 - share)
        balls[0] += (1 - reported) * (found & is_a) + reported * rates[0]
        balls[1] += (1 - reported) * (found & ~is_a) + reported * rates[1]
    return balls


def shares_of(balls: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the share of A in each urn."""
    return np.asarray(balls[0] / balls.sum(axis=0))


def beta_below(x: float, a: int, b: int) -> float:
    """Return the Beta(a, b) distribution function for whole a and b, as a binomial tail."""
    n = a + b - 1
    return sum(math.comb(n, j) * x**j * (1 - x) ** (n - j) for j in range(a, n + 1))


def distance_to_beta(shares: NDArray[np.float64], a: int, b: int) -> float:
    """Return the Kolmogorov-Smirnov distance of shares to Beta(a, b)."""
    ranked = np.sort(shares)
    below = np.array([beta_below(float(one), a, b) for one in ranked])
    steps = np.arange(len(ranked) + 1) / len(ranked)
    return float(max((steps[1:] - below).max(), (below - steps[:-1]).max()))


def distance_of_few(added: int, a: int, b: int) -> float:
    """Return how far the urn's share after some added balls is from its limit, exactly.

    The number of added balls of A is beta-binomial; this is the largest distance of the share's
    distribution function to Beta(a, b), looked at on both sides of each of its steps.
    """
    whole = math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b)
    reached, distance = 0.0, 0.0
    for j in range(added + 1):
        below = beta_below((a + j) / (a + b + added), a, b)
        log_chance = math.lgamma(added + 1) - math.lgamma(j + 1) - math.lgamma(added - j + 1)
        log_chance += math.lgamma(a + j) + math.lgamma(b + added - j) - math.lgamma(a + b + added)
        distance = max(distance, abs(below - reached))
        reached += math.exp(log_chance + whole)
        distance = max(distance, abs(below - reached))
    return distance


def distance_allowed(urns: int, added: int, start: tuple[int, int]) -> float:
    """Return a distance to Beta that a right urn exceeds at most with probability `SURE`.

    Chance: Dvoretzky, Kiefer and Wolfowitz 1956 with Massart's constant (1990),
    P(D > e) <= 2 exp(-2 urns e^2); to it comes the exact distance of an urn with that few balls
    added. It shrinks as balls are added, so ``added`` is the least of all urns.
    """
    return math.sqrt(math.log(2 / SURE) / (2 * urns)) + distance_of_few(added, *start)


def reported_limit(rates: tuple[float, float], reported: float) -> float:
    """Return the share of patrols in A in the limit, with reports of a weight (0 to 1)."""
    d_a, d_b = ((1 - reported) * rate for rate in rates)
    r_a, r_b = (reported * rate for rate in rates)
    square, line = d_a - d_b, r_a + r_b + d_b - d_a
    root = math.sqrt(line**2 + 4 * square * r_a)
    return 2 * r_a / (line + root)


def growth_power(
    rates: tuple[float, float], seeds: Sequence[int], days: int = DAYS
) -> tuple[float, float]:
    """Return the power p of A's growth as which B's balls grow in the last four fifths of days.

    An urn with the same seed and fewer days is the same urn earlier. If B grows as A's power p,
    then over all urns the late balls of B are expected to add up to the early ones times each
    urn's growth of A to the power p; p is solved from that sum (a mean of logarithms would be
    too low, as many urns have few balls of B). With it comes its standard error.
    """
    early, late = (
        np.concatenate([patrolled(rates, seed, days=one) for seed in seeds], axis=1)
        for one in (days // 5, days)
    )
    grown = np.log(late[0] / early[0])
    low, high = 0.0, 2.0
    while high - low > 1e-9:
        power = (low + high) / 2
        if (early[1] * np.exp(power * grown)).sum() < late[1].sum():
            low = power
        else:
            high = power
    expected = early[1] * np.exp(power * grown)
    error = math.sqrt(float(((late[1] - expected) ** 2).sum()))
    return power, error / float((expected * grown).sum())


EQUAL = (0.5, 0.5)
UNEQUAL = (MORE, LESS)
STARTS = ((1, 1), (2, 1), (5, 2))
FROM_BELOW, FROM_ABOVE = (1, 1), (39, 1)
REPORTS = (0.5, 0.1)
"""Starts (balls of A and B) and weights of reports that are shown (ours)."""


def run_urns(seeds: Sequence[int]) -> list[Outcome]:
    """T7: equal rates, unequal rates, the correction and reports."""
    outcomes = []
    for start in STARTS:
        distances, allowed = _distances(seeds, start)
        outcomes.append(
            below(f"equal rates, start {start}: distance to Beta{start}", allowed, distances,
                  "At equal crime, chance alone decides which area is patrolled for good.")
        )  # fmt: skip
    early, late = (
        [float(np.median(shares_of(patrolled(UNEQUAL, seed, days=days)))) for seed in seeds]
        for days in (DAYS // 5, DAYS)
    )
    power, error = growth_power(UNEQUAL, seeds)
    corrected = [shares_of(patrolled(UNEQUAL, seed, is_corrected=True)) for seed in seeds]
    means = [float(one.mean()) for one in corrected]
    spread = float(np.mean([one.std() for one in corrected])) / math.sqrt(URNS * len(seeds))
    outcomes += [
        points("unequal rates: median share of patrols in A", "tends to 1", late,
               [min(b - a, b - 0.95) for a, b in zip(early, late, strict=True)],
               "Twice the crime draws not twice the patrols but nearly all of them."),
        near("unequal rates: power of growth of the other area", LESS / MORE,
             [power], 4 * error,
             "The other area falls behind as a power law, so it never catches up."),
        near("corrected: share of patrols in A", MORE / (MORE + LESS), means, 4 * spread + 2 / DAYS,
             "Counting less where one looks more lets the true shares come out."),
    ]  # fmt: skip
    return outcomes + [_with_reports(weight, seeds) for weight in REPORTS]


def _distances(seeds: Sequence[int], start: tuple[int, int]) -> tuple[list[float], float]:
    """Return the distance to Beta of each seed, and the one allowed for all of them."""
    runs = [patrolled(EQUAL, seed, start) for seed in seeds]
    added = int(min(one.sum(axis=0).min() for one in runs)) - sum(start)
    distances = [distance_to_beta(shares_of(one), *start) for one in runs]
    return distances, distance_allowed(URNS, added, start)


def _with_reports(weight: float, seeds: Sequence[int]) -> Outcome:
    """Compare with the limit the shares reached from below it and from above it."""
    lower, upper = (
        [
            float(shares_of(patrolled(UNEQUAL, seed, start, reported=weight)).mean())
            for seed in seeds
        ]
        for start in (FROM_BELOW, FROM_ABOVE)
    )
    return between(
        f"reports of weight {weight:g}: share in A (truth {MORE / (MORE + LESS):.3f})",
        round(reported_limit(UNEQUAL, weight), 4), lower, upper,
        "Residents' reports pull patrols towards the true share and never reach it.",
    )  # fmt: skip


CASES = (
    Case("T7", "Patrols that feed on their own records",
         "Ensign et al. 2018, PMLR 81:160-171",
         "equal rates diverge (Beta limit); unequal: all to one; correction works; "
         "reports only attenuate", run_urns),
)  # fmt: skip
