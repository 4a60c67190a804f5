"""What those on stage are in a week: four bytes a citizen.

=====  ====  ==================================================================================
plane  bits  what
=====  ====  ==================================================================================
0      0-2   tier, 0 the best; 7: none (no tiers, a child, or not taking part)
0      3-4   list: 0 none, 1 black, 2 red, 3 notice of a black one
0      5-7   shamed; publicly low; takes part in the score
1      0-1   stance: silence, praise, criticism, criticism that calls others to come together
1      2-4   caution, in eighths of its range
1      5-7   pays cash though it could pay digitally; joined a gathering; speaks and is not heard
2      0-3   shut out of a service: 0 no, else 1 + cause
2      4-6   cause of the listing, or of the notice
2      7     shut out or listed, not for the own doing
3      0-3   round of the gathering in which the citizen joined, from 1; 15: the 15th or later
3      4-7   ties cut; 15: more
=====  ====  ==================================================================================
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from glasstown.engine.country import Country
from glasstown.engine.measures import CAUSES, WRONGLY
from glasstown.engine.world import CASH, CUT, ENROLLED, MOBILISING, SCORE, UNHEARD
from glasstown.lab.outcomes import causes_among
from glasstown.lab.stage.places import Places
from glasstown.laws import publish as facts
from glasstown.scheme.compilation import IS_BLACK, CompiledScheme
from glasstown.society.ties import FREE_TIES

PLANES = 4
NO_TIER = 7
NOT_LISTED, BLACK, RED, NOTICED = range(4)
STANCES = ("silence", "praise", "criticism", "mobilisation")
SHAMED, LOW, ENROLLED_BIT = 1 << 5, 1 << 6, 1 << 7
CASH_BIT, JOINED_BIT, UNHEARD_BIT = 1 << 5, 1 << 6, 1 << 7
WRONG = 1 << 7
MOST = 15
"""The most that four bits count."""
IS_WRONG = np.array([cause in WRONGLY for cause in CAUSES] + [False] * (8 - len(CAUSES)))

Bytes = NDArray[np.uint8]


class Taker:
    """Takes down, week by week, what those on stage are.

    Parameters
    ----------
    country : Country
        The country, before its first week.
    places : Places
        Who stands on stage.
    is_adult : bool array (citizens,)
        Who is an adult: children are never scored or listed.
    """

    def __init__(self, country: Country, places: Places, is_adult: NDArray[np.bool_]) -> None:
        self._country, self._places, self._is_adult = country, places, is_adult
        self._never_cut = country.state.words[CUT : CUT + FREE_TIES, places.blocks]
        self._cut = np.zeros(places.citizens, np.uint8)
        self._cut_words = self._never_cut.copy()

    def take(self, rounds: Bytes) -> Bytes:
        """Return the planes of the week that has just ended, uint8 (4, citizens).

        ``rounds`` uint8 (citizens,) says in which round each joined a gathering, 0: none.
        """
        planes = np.empty((PLANES, self._places.citizens), np.uint8)
        listing = self._country.state.listing[self._places.lanes]
        standing = self._standing(listing)
        planes[0] = self._status(standing)
        planes[1] = self._voice(rounds)
        cause = ((listing >> 2) & 7).astype(np.uint8)
        shut_out = standing.excluded
        is_listed = (standing.on_list == BLACK) | (standing.on_list == NOTICED)
        wrong = (is_listed & IS_WRONG[cause]) | ((shut_out > 0) & IS_WRONG[shut_out - 1 & 7])
        planes[2] = shut_out | (np.where(is_listed, cause, 0) << 4) | _flag(wrong, WRONG)
        planes[3] = np.minimum(rounds, MOST) | (self._ties_cut() << 4)
        return planes

    def _bits(self, plane: int) -> NDArray[np.bool_]:
        """Return one plane of the state's words for those on stage."""
        return self._unpacked(self._country.state.words[plane, self._places.blocks])

    def _unpacked(self, words: NDArray[np.uint64]) -> NDArray[np.bool_]:
        little = np.ascontiguousarray(words.astype("<u8", copy=False))
        bits = np.unpackbits(little.view(np.uint8), bitorder="little")
        return bits.reshape(-1, 64)[self._places.is_present].view(np.bool_)

    def _standing(self, listing: NDArray[np.uint16]) -> Standing:
        """Return tier, list and exclusion of each, scheme by scheme."""
        country, places = self._country, self._places
        world = country.regimes.of_zone[places.zone]
        found = Standing(*(np.zeros(places.citizens, np.uint8) for _ in range(3)))
        for number in np.unique(world).tolist():
            chosen = np.repeat(world == number, places.count)
            scheme = country.regimes.schemes[number]
            for whole, part in zip(
                found, _standing(country, scheme, places.lanes[chosen], listing[chosen]),
                strict=True,
            ):  # fmt: skip
                whole[chosen] = part
        found.excluded[~self._is_adult] = 0
        takes_part = self._bits(ENROLLED) & self._is_adult
        found.tier[~takes_part] = NO_TIER
        return found

    def _status(self, standing: Standing) -> Bytes:
        return (
            standing.tier
            | standing.on_list * np.uint8(8)
            | _flag(self._bits(facts.SHAMED), SHAMED)
            | _flag(self._bits(facts.LOW), LOW)
            | _flag(self._bits(ENROLLED) & self._is_adult, ENROLLED_BIT)
        )

    def _voice(self, rounds: Bytes) -> Bytes:
        critical = self._bits(facts.CRITICAL)
        stance = np.where(critical, 2 + (critical & self._bits(MOBILISING)), 0)
        stance = np.where(self._bits(facts.PRAISING), 1, stance).astype(np.uint8)
        caution = self._country.state.caution[self._places.lanes] // np.uint8(32)
        voice: Bytes = (
            stance
            | (caution * np.uint8(4))
            | _flag(self._bits(CASH), CASH_BIT)
            | _flag(rounds > 0, JOINED_BIT)
            | _flag(self._bits(UNHEARD), UNHEARD_BIT)
        )
        return voice

    def _ties_cut(self) -> Bytes:
        """Return how many ties each has cut, at most 15; counted anew where any changed."""
        words = self._country.state.words[CUT : CUT + FREE_TIES, self._places.blocks]
        if not np.array_equal(words, self._cut_words):
            self._cut_words = words
            counts = sum(
                self._unpacked(word & ~never).astype(np.uint8)
                for word, never in zip(words, self._never_cut, strict=True)
            )
            self._cut = np.minimum(counts, MOST).astype(np.uint8)
        return self._cut


class Standing(NamedTuple):
    """Tier, list and exclusion (0: none, else 1 + cause), uint8 (citizens,) each."""

    tier: Bytes
    on_list: Bytes
    excluded: Bytes


def _flag(is_set: NDArray[np.bool_], bit: int) -> Bytes:
    """Return a bit where something holds."""
    return is_set.astype(np.uint8) * np.uint8(bit)


def _standing(
    country: Country, scheme: CompiledScheme, lanes: NDArray[np.int64],
    listing: NDArray[np.uint16],
) -> Standing:  # fmt: skip
    """Return the standing of lanes that live under one scheme."""
    terms = scheme.terms
    score = country.state.points[SCORE, lanes]
    tier = np.full(lanes.size, NO_TIER, np.uint8)
    if terms.has_score and terms.lowest_tier < NO_TIER - 1:
        limits = (terms.limit_1, terms.limit_2, terms.limit_3, terms.limit_4, terms.limit_5)
        tier = np.sum([score < limit for limit in limits], axis=0, dtype=np.uint8)
    number = (listing & 3).astype(np.int64)
    is_notice = (listing >> 5) & 1
    colour = np.where(scheme.rules.lists[:, IS_BLACK] == 1, BLACK, RED)
    colour[0] = NOT_LISTED
    on_list = np.where(is_notice & (number > 0), NOTICED, colour[number]).astype(np.uint8)
    excluded = (causes_among(country, scheme, lanes) + 1).astype(np.uint8)
    return Standing(tier, on_list, excluded)
