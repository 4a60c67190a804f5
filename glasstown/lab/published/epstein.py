"""Epstein 2002: Modeling civil violence, PNAS 99 (suppl. 3), 7243-7250, Model I.

Grievance G = H (1 - L) with hardship H and legitimacy L; estimated arrest probability
P = 1 - exp(-k C / A) with C cops and A actives in view, the asking agent included in A; somebody
is active if G - R P > T (his equations of Model I; H and R uniform from 0 to 1). Cops arrest one
active in view at random, for up to J_max periods. In each period everybody, in random order,
moves to a random free site in view and then acts.

The paper does not say how C / A is rounded, and everything hangs on it: rounded down or to the
nearest it bursts, not rounded it never does (FACTS T4). Our choices: view is a disc of radius 7,
an arrested agent keeps its site, terms are whole periods from 1 to J_max, all start quiet. For the
fall of legitimacy (T4b, from memory) neither its size nor the terms of jail are known to us: both
terms are shown, and the fall is from where nobody can rebel to the legitimacy of T4.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from statistics import median
from typing import NamedTuple

import numpy as np

from glasstown.lab.published.case import Case, Outcome, exactly, meets, points

Rounding = Callable[[float], float]


def unrounded(ratio: float) -> float:
    """Return C / A as it is."""
    return ratio


ROUNDINGS: dict[str, Rounding] = {"floor": math.floor, "round": round, "none": unrounded}
K = 2.3
"""So that P is 0.9 for one cop and one active (paper)."""
THRESHOLD = 0.1
BURST = 50
"""Actives above which FACTS T4 counts a burst."""


class Setting(NamedTuple):
    """A run's parameters: sites on a side of the torus, shares of sites, periods (FACTS T4)."""

    side: int = 40
    citizens: float = 0.70
    cops: float = 0.04
    vision: float = 7.0
    most_jail: int = 30


class Streets:
    """The torus: who stands where, and how many cops and actives are in view of each site."""

    def __init__(self, setting: Setting) -> None:
        side, reach = setting.side, int(setting.vision)
        steps = [
            (x, y)
            for x in range(-reach, reach + 1)
            for y in range(-reach, reach + 1)
            if 0 < x * x + y * y <= setting.vision**2
        ]
        self.view = np.array(
            [[(row + x) % side * side + (column + y) % side for x, y in steps]
             for row in range(side) for column in range(side)]
        )  # fmt: skip
        self.around = self.view.tolist()
        self.holder = [-1] * (side * side)
        self.cops = np.zeros(side * side, np.int64)
        self.actives = np.zeros(side * side, np.int64)

    def free_site(self, site: int, draws: Iterator[float]) -> int:
        """Return a random free site in view, or the own one if 200 looks find none."""
        near = self.around[site]
        for _ in range(200):
            there: int = near[int(next(draws) * len(near))]
            if self.holder[there] < 0:
                return there
        return site


def _uniform(luck: np.random.Generator) -> Iterator[float]:
    """Yield uniform draws without end."""
    while True:
        yield from luck.random(4096).tolist()


class Rebellion:
    """One run of Model I.

    Parameters
    ----------
    legitimacy : float
        Of the government, 0 to 1; may be changed between periods.
    seed : int
        Seed of all its draws.
    rounding : str
        What is done to C / A: "floor", "round" or "none".
    setting : Setting
        Sizes and shares.
    """

    def __init__(
        self, legitimacy: float, seed: int, rounding: str = "floor", setting: Setting | None = None
    ) -> None:
        setting = setting or Setting()
        self.legitimacy, self._rounded = legitimacy, ROUNDINGS[rounding]
        self._most_jail = setting.most_jail
        self._luck = np.random.default_rng([seed, 4])
        self._draws = _uniform(self._luck)
        sites = setting.side**2
        self.citizens, cops = round(setting.citizens * sites), round(setting.cops * sites)
        self._everybody = self.citizens + cops
        self._hardship = self._luck.random(self.citizens).tolist()
        self._aversion = self._luck.random(self.citizens).tolist()
        self.is_active = [False] * self.citizens
        self._jailed = [0] * self.citizens
        self.active = 0
        self._streets = Streets(setting)
        self._site = self._luck.permutation(sites)[: self._everybody].tolist()
        for one, site in enumerate(self._site):
            self._streets.holder[site] = one
        for site in self._site[self.citizens :]:
            self._streets.cops[self._streets.view[site]] += 1

    def period(self) -> int:
        """Let everybody move and act once; return how many are active then."""
        for one in self._luck.permutation(self._everybody).tolist():
            if one >= self.citizens:
                self._move(one)
                self._arrest_near(one)
            elif self._jailed[one]:
                self._jailed[one] -= 1
            else:
                self._move(one)
                self._decide(one)
        return self.active

    def run(self, periods: int) -> list[int]:
        """Return the number of actives at the end of each of some periods."""
        return [self.period() for _ in range(periods)]

    def _move(self, one: int) -> None:
        """Move somebody to a free site in view; what others see moves with it."""
        streets, old = self._streets, self._site[one]
        new = streets.free_site(old, self._draws)
        if new == old:
            return
        streets.holder[old], streets.holder[new], self._site[one] = -1, one, new
        if one >= self.citizens:
            streets.cops[streets.view[old]] -= 1
            streets.cops[streets.view[new]] += 1
        elif self.is_active[one]:
            streets.actives[streets.view[old]] -= 1
            streets.actives[streets.view[new]] += 1

    def _decide(self, one: int) -> None:
        """Apply the agents' rule: active if G - R P > T."""
        grievance = self._hardship[one] * (1 - self.legitimacy)
        if grievance <= THRESHOLD:
            wants = False
        else:
            site = self._site[one]
            ratio = int(self._streets.cops[site]) / (1 + int(self._streets.actives[site]))
            arrest = 1 - math.exp(-K * self._rounded(ratio))
            wants = grievance - self._aversion[one] * arrest > THRESHOLD
        if wants != self.is_active[one]:
            self._turn(one, wants)

    def _turn(self, one: int, is_active: bool) -> None:
        """Make somebody active or quiet, to be seen by all around."""
        change = 1 if is_active else -1
        self.is_active[one] = is_active
        self.active += change
        self._streets.actives[self._streets.view[self._site[one]]] += change

    def _arrest_near(self, one: int) -> None:
        """Apply the cops' rule: arrest one active in view at random."""
        site = self._site[one]
        if not self._streets.actives[site]:
            return
        seen = [self._streets.holder[there] for there in self._streets.around[site]]
        actives = [who for who in seen if 0 <= who < self.citizens and self.is_active[who]]
        arrested = actives[int(next(self._draws) * len(actives))]
        self._turn(arrested, False)
        self._jailed[arrested] = 1 + int(next(self._draws) * self._most_jail)


def bursts(active: Sequence[int], above: int = BURST) -> int:
    """Return how often the number of actives rises above a level."""
    return sum(
        before <= above < now for before, now in zip([0, *active], active, strict=False)
    )  # fmt: skip


PERIODS = 250
LOWERED_OVER = 200
CALM, UNREST = 0.9, 0.82
"""Legitimacies of FACTS T4: at 0.9 nobody can be active, at 0.82 there are bursts."""
FOR_GOOD = 1_000_000
FOUND = {
    "floor": ((7, 8), (327, 336), (0, 0)),
    "round": ((3, 4), (162, 179), None),
    "none": ((0, 0), (6, 7), None),
}
"""FACTS T4, computed with two seeds: bursts, peak and median of the actives in 250 periods."""


def lowered(seed: int, over: int, most_jail: int, periods: int = PERIODS) -> list[int]:
    """Return the actives while legitimacy falls from 0.9 to 0.82 in steps over some periods.

    ``over`` = 1 is the sudden drop, after 25 calm periods; a slow one starts in the first period.
    """
    rebellion = Rebellion(CALM, seed, "floor", Setting(most_jail=most_jail))
    start = 25 if over == 1 else 0
    active = []
    for period in range(periods):
        fallen = min(max(period - start + 1, 0) / over, 1.0)
        rebellion.legitimacy = CALM - (CALM - UNREST) * fallen
        active.append(rebellion.period())
    return active


def run_bursts(seeds: Sequence[int]) -> list[Outcome]:
    """T4: nobody is active at L = 0.9; at 0.82 the rounding of C / A decides whether it bursts."""
    calm = sum(max(Rebellion(CALM, seed).run(50)) for seed in seeds)
    outcomes = [
        exactly("most actives, legitimacy 0.9, 50 periods", 0, calm,
                "Where no grievance can exceed the threshold nobody ever rebels.")
    ]  # fmt: skip
    for rounding, (number, peak, middle) in FOUND.items():
        runs = [Rebellion(UNREST, seed, rounding).run(PERIODS) for seed in seeds]
        said = f"C / A with rounding: {rounding}"
        outcomes += [
            meets(f"bursts above 50, {said}", number, [bursts(one) for one in runs],
                  "Whether unrest comes in bursts hangs on how people round what they see."),
            meets(f"peak of actives, {said}", peak, [max(one) for one in runs],
                  "How many rebel at once hangs on the same detail that the paper leaves open."),
        ]  # fmt: skip
        if middle is not None:
            outcomes.append(
                meets(f"median of actives, {said}", middle, [median(one) for one in runs],
                      "Between bursts almost nobody rebels.")
            )  # fmt: skip
    return outcomes


def run_salami(seeds: Sequence[int]) -> list[Outcome]:
    """T4b: the same fall of legitimacy, at once or over 200 periods, by length of jail."""
    outcomes = []
    for most_jail, said in (
        (FOR_GOOD, "jailed for good"),
        (Setting().most_jail, "jailed up to 30"),
    ):
        fast = [max(lowered(seed, 1, most_jail)) for seed in seeds]
        slow = [max(lowered(seed, LOWERED_OVER, most_jail)) for seed in seeds]
        ratios = [b / a if a else 1.0 for a, b in zip(fast, slow, strict=True)]
        outcomes += [
            points(f"peak after a sudden fall, {said}", "an outburst (above 50)", fast,
                   [one - BURST for one in fast],
                   "A sudden loss of legitimacy brings everybody out at once."),
            points(f"peak in a slow fall, {said}", "no outburst (at most 50)", slow,
                   [BURST - one for one in slow],
                   "A slow loss lets the state take the boldest one by one, if they stay away."),
            points(f"peak, slow fall over sudden fall, {said}", "below 1",
                   ratios, [1 - one for one in ratios],
                   "The same loss brings out fewer at once if it comes slowly."),
        ]  # fmt: skip
    return outcomes


PAPER = "Epstein 2002, PNAS 99 (suppl. 3), 7243-7250, Model I"
CASES = (
    Case("T4", "Civil violence in bursts", PAPER,
         "none at L = 0.9; at 0.82 bursts if C/A is rounded down, none if not", run_bursts),
    Case("T4b", "A slow loss of legitimacy", PAPER,
         "a sudden fall gives an outburst, a slow one does not", run_salami),
)  # fmt: skip
