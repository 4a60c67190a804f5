"""Attribution: one outcome shared out among mechanisms, over seeds, exactly."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any, NamedTuple

from glasstown.lab.comparison.differences import Estimate, estimate
from glasstown.lab.explanation.fates import (
    Fates,
    alone,
    befallen,
    but_for,
    game_of,
    spared,
    way_in_words,
)
from glasstown.lab.explanation.shares import dividends, interactions, shapley


class Share(NamedTuple):
    """What one mechanism has to do with an outcome.

    Numbers of adults a seed. ``share`` is its Shapley share in those whom the outcome befalls with
    all mechanisms on, and ``exact`` the same summed over seeds; ``net`` its share in the whole
    effect on the country, those whom it spares counted against it. ``but_for``: befallen, and not
    without it; ``spared``: befallen without it only; ``alone``: befallen where it alone is on, and
    not where none is.
    """

    mechanism: str
    share: Estimate
    exact: Fraction
    net: Estimate
    net_exact: Fraction
    but_for: Estimate
    spared: Estimate
    alone: Estimate


class Pair(NamedTuple):
    """How two mechanisms act together: the Shapley interaction index, in adults a seed."""

    first: str
    second: str
    term: Estimate
    exact: Fraction


class Way(NamedTuple):
    """What it took for some of those befallen: words, and how many adults a seed."""

    words: str
    adults: float


@dataclass(frozen=True)
class Attribution:
    """One outcome under all 2^m worlds, a tally of fates for each seed.

    Parameters
    ----------
    outcome : str
        A name in `glasstown.lab.standing.STANDINGS`.
    mechanisms : tuple of str
        Bit k of a world says that the k-th is on.
    fates : tuple of Fates
        By seed: how many adults have each fate.
    adults : tuple of int
        By seed: all adults.
    """

    outcome: str
    mechanisms: tuple[str, ...]
    fates: tuple[Fates, ...]
    adults: tuple[int, ...]

    @property
    def worlds(self) -> int:
        """How many worlds there are."""
        return 1 << len(self.mechanisms)

    @cached_property
    def games(self) -> list[list[int]]:
        """By seed, how many adults it befalls in every world."""
        return [game_of(one, self.worlds) for one in self.fates]

    @cached_property
    def games_of_befallen(self) -> list[list[int]]:
        """The same, of those only whom it befalls with all mechanisms on."""
        return [game_of(befallen(one, self.worlds), self.worlds) for one in self.fates]

    @property
    def befallen(self) -> Estimate:
        """Adults whom it befalls with all mechanisms on."""
        return estimate([float(one[-1]) for one in self.games])

    @property
    def share_of_adults(self) -> Estimate:
        """The same as a share of adults."""
        pairs = zip(self.games, self.adults, strict=True)
        return estimate([one[-1] / adults for one, adults in pairs])

    @property
    def anyway(self) -> Estimate:
        """Of these, whom it befalls with all chosen mechanisms off too."""
        return estimate([float(one[0]) for one in self.games_of_befallen])

    @property
    def total_exact(self) -> int:
        """The total effect summed over seeds: befallen with all on, less befallen with all off."""
        return sum(one[-1] - one[0] for one in self.games)

    @property
    def total(self) -> Estimate:
        """The total effect."""
        return estimate([float(one[-1] - one[0]) for one in self.games])

    def shares(self) -> list[Share]:
        """Return what each mechanism has to do with it, in the order they were named."""
        return list(self._shares)

    @cached_property
    def _shares(self) -> list[Share]:
        whole = [shapley(one) for one in self.games]
        of_befallen = [shapley(one) for one in self.games_of_befallen]
        found = []
        for k, name in enumerate(self.mechanisms):
            share, net = [one[k] for one in of_befallen], [one[k] for one in whole]
            found.append(
                Share(
                    name, _mean(share), sum(share, Fraction(0)), _mean(net), sum(net, Fraction(0)),
                    estimate([float(but_for(one, self.worlds, k)) for one in self.fates]),
                    estimate([float(spared(one, self.worlds, k)) for one in self.fates]),
                    estimate([float(alone(one, k)) for one in self.fates]),
                )
            )  # fmt: skip
        return found

    def pairs(self) -> list[Pair]:
        """Return how every two mechanisms act together in the whole effect, the strongest first."""
        by_seed = [interactions(one) for one in self.games]
        found = []
        for i, j in by_seed[0] if by_seed else ():
            values = [one[i, j] for one in by_seed]
            found.append(
                Pair(self.mechanisms[i], self.mechanisms[j], _mean(values),
                     sum(values, Fraction(0)))
            )  # fmt: skip
        return sorted(found, key=lambda one: -abs(one.exact))

    def ways(self) -> list[Way]:
        """Return what it took for those befallen, the most frequent first."""
        adults: dict[str, int] = {}
        for fates in self.fates:
            for fate, count in befallen(fates, self.worlds).items():
                words = way_in_words(fate, self.mechanisms)
                adults[words] = adults.get(words, 0) + count
        ordered = sorted(adults.items(), key=lambda one: -one[1])
        return [Way(words, count / len(self.fates)) for words, count in ordered]

    def as_data(self) -> dict[str, Any]:
        """Return everything for another program; exact fractions as text."""
        return {
            "outcome": self.outcome,
            "befallen": self.befallen._asdict(),
            "share_of_adults": self.share_of_adults._asdict(),
            "befallen_with_all_off_too": self.anyway._asdict(),
            "total_effect": {**self.total._asdict(), "exact_over_seeds": self.total_exact},
            "shares": [
                {"mechanism": one.mechanism, "share": one.share._asdict(),
                 "share_exact_over_seeds": str(one.exact), "net": one.net._asdict(),
                 "net_exact_over_seeds": str(one.net_exact), "but_for": one.but_for._asdict(),
                 "spared": one.spared._asdict(), "alone": one.alone._asdict()}
                for one in self.shares()
            ],
            "interactions": [
                {"mechanisms": [one.first, one.second], "term": one.term._asdict(),
                 "term_exact_over_seeds": str(one.exact)}
                for one in self.pairs()
            ],
            "ways": [one._asdict() for one in self.ways()],
            "worlds": [
                {"on": [name for k, name in enumerate(self.mechanisms) if world >> k & 1],
                 "befallen_by_seed": [game[world] for game in self.games],
                 "dividend_by_seed": [dividends(game)[world] for game in self.games]}
                for world in range(self.worlds)
            ],
        }  # fmt: skip


def _mean(values: list[Fraction]) -> Estimate:
    return estimate([float(one) for one in values])
