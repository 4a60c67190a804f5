"""A draw belongs to a citizen and a week: nobody else's arrival, scheme or seed moves it."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from varied import SPEECH, Case, busy, harsh, table, without_part

from glasstown.engine.country import Country
from glasstown.engine.measures import NAMES
from glasstown.engine.reference_owners import found_firms
from glasstown.engine.reference_people import Citizen, People
from glasstown.engine.world import build_world, week_keys
from glasstown.laws.draws import PEOPLE, stream
from glasstown.laws.publish import CRITICAL, PRAISING
from glasstown.scheme.mechanisms import MECHANISM_NAMES
from glasstown.society import layout as at
from glasstown.society.traits import own_word

BEFORE = {"West": (400, 55), "Middle": (300, 0), "East": (300, 55)}
WEEKS = 8


def grown(more: int) -> Case:
    """Return a country in which the middle region has more citizens, and nothing is watched."""
    sizes = {**BEFORE, "Middle": (300 + more, 0)}
    return Case(
        "grown", "none", {"citizens": 1_000 + more}, table(sizes), without=("conformity",),
        weeks=WEEKS,
    )  # fmt: skip


def people_of(case: Case, seed: int = 1) -> People:
    """Return everybody in a case's country."""
    return People(build_world(*case.compiled()), [int(key) for key in week_keys(seed, 0)])


def by_place(people: People) -> dict[tuple[int, int], Citizen]:
    """Return everybody by zone and place in it."""
    firsts = [row[at.FIRST_BLOCK] * at.BLOCK for row in people.places.zones]
    return {(one.zone, one.index - firsts[one.zone]): one for one in people.everybody}


def luck(citizen: Citizen) -> tuple[object, ...]:
    """Return what a citizen is, and the key of all the citizen's draws."""
    return (
        citizen.block_key, citizen.lane, citizen.head, citizen.band, citizen.group,
        citizen.occupation, citizen.word, citizen.second, citizen.phase,
        citizen.openness, [other.lane for other in citizen.household if other.lane < citizen.lane],
    )  # fmt: skip


@pytest.mark.parametrize("more", [1, 20, 64, 600])
def test_more_citizens_in_a_region_change_nobody_else(more: int) -> None:
    before, after = people_of(grown(0)), people_of(grown(more))
    old, new = by_place(before), by_place(after)
    assert len(new) == len(old) + more
    assert {place: luck(one) for place, one in old.items()} == {
        place: luck(new[place]) for place in old
    }
    wheres = [list(people.groups()) for people in (before, after)]
    assert set(wheres[0]) <= set(wheres[1])


@pytest.mark.parametrize("more", [1, 20, 64, 600])
def test_more_citizens_in_a_region_change_no_firm(more: int) -> None:
    before, after = people_of(grown(0)), people_of(grown(more))
    old, new = firms_by_place(before), firms_by_place(after)
    assert {place: new[place] for place in old} == old
    assert len(old) > 25
    assert firms_by_place(people_of(grown(0), 0)) != old  # another seed's firms


def firms_by_place(people: People) -> dict[tuple[int, int, int], tuple[object, ...]]:
    """Return what every firm is, by zone, place of the block and slot."""
    return {
        place: (firm.sector, firm.slot, luck(firm.owner))
        for place, firm in found_firms(people).items()
    }


def test_another_seed_changes_everybody() -> None:
    """The comparison above can fail."""
    old, new = by_place(people_of(grown(0), 0)), by_place(people_of(grown(0), 1))
    assert all(luck(one) != luck(new[place]) for place, one in old.items())
    shared = sum(one.second == new[place].second for place, one in old.items())
    assert shared == 0


@pytest.mark.parametrize("more", [1, 64])
def test_more_citizens_change_nothing_that_others_do(more: int) -> None:
    before, after = grown(0).country(), grown(more).country()
    for _ in range(WEEKS):
        old, new = before.advance(), after.advance()
        # What hospitals expect is a matter of the zone; all else there is of citizens.
        np.testing.assert_array_equal(old[[0, 1, 4, 5]], new[[0, 1, 4, 5]])
        acted = len(NAMES)
        assert (old[3, :, acted:] <= new[3, :, acted:]).all()
        assert old.sum() > 0
    places = by_place(people_of(grown(0))), by_place(people_of(grown(more)))
    for fact in (PRAISING, CRITICAL):
        voiced = [
            [bit_of(country, fact, known[place]) for place in places[0]]
            for country, known in zip((before, after), places, strict=True)
        ]
        assert voiced[0] == voiced[1]
        assert any(voiced[0])


def bit_of(country: Country, plane: int, citizen: Citizen) -> int:
    """Return one bit of a citizen's."""
    return int(country.state.words[plane, citizen.block]) >> citizen.lane & 1


def test_seed_0_is_a_seed() -> None:
    digests = set()
    for seed in (0, 1, 2**64 - 1):
        country = Case("seed", harsh(), seed=seed).country()
        country.advance()
        digests.add(country.digest())
    again = Case("seed", harsh(), seed=0).country()
    again.advance()
    assert len(digests) == 3
    assert again.digest() in digests


def test_seeds_and_weeks_share_no_stream() -> None:
    seeds = (0, 1, 2, 3, 2**32, 2**63, 2**64 - 1)
    keys = [int(key) for seed in seeds for week in range(20) for key in week_keys(seed, week)[9:]]
    keys += [int(key) for seed in seeds for key in week_keys(seed, 0)[1:9]]
    kept = [key for key in keys if key]
    # Numbers of purposes that nobody uses have keys too; none is zero but the unused first.
    assert len(kept) == len(keys) == len(set(keys))


def test_seeds_share_no_traits() -> None:
    blocks = {one.block_key for one in people_of(grown(0)).everybody}
    words: list[int] = []
    for seed in (0, 1, 2, 3):
        key = int(week_keys(seed, 0)[PEOPLE])
        words += [own_word(stream(key, block), lane) for block in blocks for lane in range(64)]
    assert len(set(words)) == len(words)


def deeds(case: Case) -> NDArray[np.int64]:
    """Return the deeds of each behaviour but speech, by week, zone and group."""
    catalogue = case.catalogue or ()
    columns = [len(NAMES) + i for i, one in enumerate(catalogue) if one.name not in SPEECH]
    return np.array([tally[:, :, columns] for tally in case.country().weeks(WEEKS)])


@pytest.mark.parametrize("mechanism", MECHANISM_NAMES)
def test_a_mechanism_left_out_moves_no_deed_that_nothing_deters(mechanism: str) -> None:
    whole = deeds(Case("undeterred", harsh(), catalogue=busy(0.0)))
    without = deeds(Case("undeterred", harsh(), catalogue=busy(0.0), without=(mechanism,)))
    assert whole.sum() > 1_000
    np.testing.assert_array_equal(whole, without)


def test_caution_left_out_moves_deeds_that_it_deters() -> None:
    """The comparison above can fail."""
    whole = deeds(Case("deterred", harsh(), catalogue=busy(1.0)))
    without = deeds(Case("deterred", harsh(), catalogue=busy(1.0), without=("caution",)))
    assert whole.sum() < without.sum()


def test_every_scheme_meets_the_same_undeterred_deeds() -> None:
    catalogue = busy(0.0)
    runs = [deeds(Case("any", scheme, catalogue=catalogue)) for scheme in ("none", "total-2020")]
    np.testing.assert_array_equal(*runs)


def test_leaving_friends_out_keeps_the_period_of_the_household() -> None:
    scheme = harsh(friends=without_part("friends", period_weeks=8))
    every = [
        Case("period", scheme, without=without).compiled()[1].terms.friends_every
        for without in ((), ("friends",))
    ]
    assert every[0] == 2
    assert every[0] == every[1]
