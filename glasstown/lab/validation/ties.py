"""Part c: fewer and more similar ties when scores use ties (T10).

Wei, Yildirim, Van den Bulte and Dellarocas 2016 (Marketing Science 35(2)): where a score takes in
one's ties, people form fewer ties and more similar ones. Here the total system is run with and
without its points for low friends, same luck. At the end, over ties outside the household between
two adults:

- *ties*: living ties for each adult (both ends open to it, neither has cut it);
- *similarity*: the share of ties whose ends are of one standing, both publicly low or both not,
  among living ties less among all ties that lived before the first week. It is what cutting has
  selected: how many are low, and that neighbours may be alike anyway, is the same in both.
"""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from glasstown.engine.country import Country
from glasstown.engine.world import CUT, ENROLLED, week_keys
from glasstown.lab.validation.rows import Claim, Row, judged
from glasstown.lab.validation.runs import Runner
from glasstown.lab.validation.targets import targets
from glasstown.laws.draws import MASK, draw, fold
from glasstown.laws.publish import LOW
from glasstown.society import layout as at
from glasstown.society.layout import BLOCK
from glasstown.society.ties import FIRST_COLLEAGUE, HOUSEHOLD_TIES, TIES, neighbour_mask

SCHEME, START, WEEKS_EACH = "total-2020", date(2014, 1, 1), 364
WEEKS = 2 * WEEKS_EACH
Bits = NDArray[np.bool_]


class Bonds(NamedTuple):
    """Ties for each adult, and how much more alike living ties are than all ties were."""

    ties: float
    selected: float


def lanes_of(words: NDArray[np.uint64]) -> Bits:
    """Return words as bits, (blocks, 64)."""
    shifts = np.arange(BLOCK, dtype=np.uint64)
    return ((words[:, None] >> shifts) & np.uint64(1)).astype(bool)


def partners(country: Country, tie: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the partner block and the lane mask of a kind of tie (3 to 13) for each block."""
    state, places = country.state, country.society.layout.places
    blocks = len(state.block_zone)
    if tie >= FIRST_COLLEAGUE:
        packed = state.partners[tie - FIRST_COLLEAGUE].astype(np.int64)
        return packed // BLOCK, packed % BLOCK
    key = int(week_keys(country.seed, 0)[MASK])
    masks = np.zeros(blocks, np.int64)
    for block in range(blocks):
        zone = int(state.block_zone[block])
        place = block - int(places.zones[zone, at.FIRST_BLOCK])
        bits = draw(key, fold(int(places.zone_keys[zone]), place), 0)
        masks[block] = neighbour_mask(bits, tie - HOUSEHOLD_TIES + 1)
    return np.arange(blocks), masks


def open_lanes(country: Country) -> list[Bits]:
    """Return, for each kind of tie outside the household, who has not shut it: (blocks, 64)."""
    words = country.state.words
    return [~lanes_of(words[CUT + place].copy()) for place in range(TIES - HOUSEHOLD_TIES)]


def bonds(country: Country, open_before: list[Bits]) -> Bonds:
    """Return the ties of a country now; ``open_before`` is `open_lanes` before its first week."""
    words = country.state.words
    adult, low = lanes_of(words[ENROLLED].copy()), lanes_of(words[LOW].copy())
    living = alike = before = alike_before = 0
    for place, (now, then) in enumerate(zip(open_lanes(country), open_before, strict=True)):
        block, mask = partners(country, place + HOUSEHOLD_TIES)
        lanes = np.arange(BLOCK) ^ mask[:, None]
        there = (block[:, None], lanes)
        is_pair = adult & adult[there]
        is_pair &= ~((block == np.arange(len(block))) & (mask == 0))[:, None]
        is_alike = low == low[there]
        is_living, was_living = is_pair & now & now[there], is_pair & then & then[there]
        living += int(is_living.sum())
        alike += int((is_living & is_alike).sum())
        before += int(was_living.sum())
        alike_before += int((was_living & is_alike).sum())
    return Bonds(living / int(adult.sum()), alike / max(living, 1) - alike_before / max(before, 1))


def rows(runner: Runner) -> list[Row]:
    """Run the scheme with and without points for low friends and hold its ties against T10."""
    fewer, closer = [], []
    for place, seed in enumerate(runner.seeds):
        found = []
        for without in ([], ["friends"]):
            left_out = f" without {without[0]}" if without else ""
            runner.progress.stage(f"{SCHEME}{left_out}, seed {place + 1} of {len(runner.seeds)}")
            given = {"scheme": SCHEME, "start": START, "weeks": WEEKS_EACH, "without": without}
            _, country = runner.country(given, seed)
            open_before = open_lanes(country)
            runner.live(country, START, WEEKS_EACH)
            found.append(bonds(country, open_before))
        fewer.append(found[0].ties - found[1].ties)
        closer.append(found[0].selected - found[1].selected)
    known, weeks = targets(), f"after {WEEKS_EACH} weeks"
    count = Claim(
        known["F21"], "c", "fewer ties when scores use ties", "direction",
        f"Living ties outside the household for each adult {weeks}, with less without points for "
        "low friends.", "losing points for friends makes nobody cut ties.", side=-1, said="fewer",
        test="T10",
    )  # fmt: skip
    similar = Claim(
        known["F22"], "c", "more similar ties when scores use ties", "direction",
        f"Share of living ties between two of one standing (low or not) {weeks}, less that of all "
        "ties as they were; with less without points for low friends.",
        "what is cut does not leave the like together.", side=1, said="more similar", test="T10",
    )  # fmt: skip
    return [
        judged(count, fewer, runner.citizens),
        judged(similar, closer, runner.citizens),
    ]
