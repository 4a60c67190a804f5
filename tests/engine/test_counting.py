"""Counting what ties are known for: 64 lanes at once, against counting tie by tie.

Six of the eight counters mean something: five published facts, and members of the household who
are low or listed. The last two run along with the cache line and are read by nobody.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from scattered import Scattered, scattered

from glasstown.engine.counting import (
    OF_HOUSEHOLD,
    count_lane,
    count_ties,
    lanes_counted,
    look_around,
)
from glasstown.engine.kernels import kernel
from glasstown.engine.lanes import COUNTERS
from glasstown.engine.listed import household_words
from glasstown.engine.meeting import block_key_of
from glasstown.engine.packing import pack_worlds
from glasstown.engine.reference_people import Citizen
from glasstown.engine.world import HUSHED, PUBLISHED
from glasstown.laws.draws import PEOPLE, stream
from glasstown.laws.publish import CRITICAL, LISTED, LOW, PRAISING, SHAMED
from glasstown.society.ties import FIRST_ONLINE

COUNTED = 6
SAID = (PRAISING, CRITICAL)


@kernel()
def fill_counts(worlds, state, keys, counters, counts, planes, around):
    world = worlds[0]
    for block in range(state.block_zone.shape[0]):
        block_key = block_key_of(world, state, block)
        one, two, three = household_words(stream(keys[PEOPLE], block_key))
        count_ties(state, keys, block, block_key, one, two, three, counters)
        for which in range(8):
            planes[block, which] = lanes_counted(counters, which)
            for lane in range(64):
                counts[block * 64 + lane, which] = count_lane(counters, which, lane)
        for lane in range(64):
            seen = look_around(counters, lane)
            around[block * 64 + lane, 0] = seen.low
            around[block * 64 + lane, 1] = seen.listed
            around[block * 64 + lane, 2] = seen.shamed
            around[block * 64 + lane, 3] = seen.household


class Counted:
    """What the engine counted for each lane of a country."""

    def __init__(self, made: Scattered) -> None:
        lanes = len(made.country.state.caution)
        self.made = made
        self.counts = np.zeros((lanes, 8), np.int64)
        self.planes = np.zeros((lanes // 64, 8), np.uint64)
        self.around = np.zeros((lanes, 4), np.int64)
        room = np.full(COUNTERS, 0xDEAD, np.uint64)  # what lay there before must not count
        fill_counts(
            pack_worlds([made.world]), made.country.state, made.keys, room, self.counts,
            self.planes, self.around,
        )  # fmt: skip

    def engine(self) -> list[list[int]]:
        """Return the six counters of each citizen."""
        return [self.counts[one.index, :COUNTED].tolist() for one in self.made.people.everybody]

    def plain(self, hears: Callable[[int, Citizen], bool]) -> list[list[int]]:
        """Return them counted tie by tie; ``hears`` says of whom words are heard over a tie."""
        return [self._around(one, hears) for one in self.made.people.everybody]

    def _around(self, one: Citizen, hears: Callable[[int, Citizen], bool]) -> list[int]:
        made, counts = self.made, [0] * COUNTED
        for other in one.household:
            for fact in (LISTED, SHAMED, *SAID):
                counts[fact] += made.is_known(other, PUBLISHED + fact)
            is_low = made.is_known(other, PUBLISHED + LOW)
            counts[OF_HOUSEHOLD] += is_low or made.is_known(other, PUBLISHED + LISTED)
        for tie, other in made.living(one):
            for fact in (LOW, LISTED, SHAMED):
                counts[fact] += made.is_known(other, PUBLISHED + fact)
            for fact in SAID:
                counts[fact] += made.is_known(other, PUBLISHED + fact) and hears(tie, other)
        return counts


@pytest.fixture(scope="module", params=[{}, {"sociability": 1.0}], ids=["usual", "all tied"])
def counted(request: pytest.FixtureRequest) -> Counted:
    return Counted(scattered(3, **request.param))


def test_every_lane_counts_as_tie_by_tie(counted: Counted) -> None:
    made = counted.made

    def hears(tie: int, other: Citizen) -> bool:
        return tie < FIRST_ONLINE or not made.is_known(other, HUSHED)

    assert counted.engine() == counted.plain(hears)
    assert (np.array(counted.engine()).max(axis=0) >= 3).all()


def test_who_is_hidden_online_is_heard_face_to_face(counted: Counted) -> None:
    """Hearing everybody, or nobody who is hidden, would count others: the check can fail."""
    made = counted.made
    everybody = counted.plain(lambda _tie, _other: True)
    nobody_hidden = counted.plain(lambda _tie, other: not made.is_known(other, HUSHED))
    for said in SAID:
        totals = [
            sum(row[said] for row in rows)
            for rows in (nobody_hidden, counted.engine(), everybody)
        ]  # fmt: skip
        assert totals[0] < totals[1] < totals[2]
    for fact in (LOW, LISTED, SHAMED, OF_HOUSEHOLD):
        assert [row[fact] for row in everybody] == [row[fact] for row in counted.engine()]


def test_padding_counts_nothing_and_is_told_by_nobody(counted: Counted) -> None:
    lived_in = {one.index for one in counted.made.people.everybody}
    padding = [i for i in range(len(counted.counts)) if i not in lived_in]
    assert padding
    # The household's counters are read for adults only; free ties of padding are shut.
    assert (counted.counts[padding][:, LOW] == 0).all()


def test_the_planes_say_who_counted_anything(counted: Counted) -> None:
    for which in range(8):
        for block, word in enumerate(counted.planes[:, which].tolist()):
            lanes = [word >> lane & 1 for lane in range(64)]
            assert lanes == [
                int(count > 0) for count in counted.counts[64 * block : 64 * block + 64, which]
            ]


def test_looking_around_reads_four_of_the_counters(counted: Counted) -> None:
    columns = [LOW, LISTED, SHAMED, OF_HOUSEHOLD]
    np.testing.assert_array_equal(counted.around, counted.counts[:, columns])


def test_all_ties_of_all_kinds_fit_the_counters() -> None:
    """Fourteen known ties of a citizen with all ties are counted to the last."""
    made = Counted(scattered(4, share=1.1, sociability=1.0))
    most = [len(made.made.living(one)) + len(one.household) for one in made.made.people.everybody]
    listed = [row[LISTED] for row in made.engine()]
    assert listed == most
    assert max(listed) >= 12
