"""Behaviours: the catalogue, and that the engine draws each at its own Poisson rate.

The number of deeds of one kind in a week is a sum of independent thinned Poisson variables, so it
is Poisson with the sum of the citizens' own rates: candidates of a citizen and week (the bound)
times the share of picks times acceptance. That sum is computed here over every citizen, and under
the scheme `none`, where nobody has any caution.
"""

from __future__ import annotations

from itertools import pairwise
from typing import get_args

import numpy as np
import pytest
from countries import LINE, country, scheme_of

from glasstown.engine import columns as c
from glasstown.engine.citizen import age_band, slope_value
from glasstown.engine.country import Country
from glasstown.engine.kernels import kernel
from glasstown.engine.meeting import block_key_of, present_in
from glasstown.engine.packing import pack_world
from glasstown.engine.world import SCORE, week_keys
from glasstown.laws import act
from glasstown.laws import publish as facts
from glasstown.laws.draws import PEOPLE, bit, i64, stream
from glasstown.society import compilation as b
from glasstown.society import traits
from glasstown.society.catalogue import behaviours
from glasstown.society.compilation import CHANNELS, SLOTS, WEEKS_A_YEAR
from glasstown.society.declaration import Behaviour, Pillar
from glasstown.society.households import head_lane

CITIZENS, WEEKS = 200_000, 26


@kernel()
def sum_rates(worlds, state, keys, out, actors):
    """Sum acceptance over those who may act; ``actors`` counts adults, officials, owners."""
    world = worlds[0]
    for block in range(state.block_zone.shape[0]):
        zone = i64(state.block_zone[block])
        crowd = stream(keys[PEOPLE], block_key_of(world, state, block))
        for lane in range(present_in(world, state, block)):
            head = head_lane(crowd, lane)
            word = traits.first_word(crowd, lane, head, world.response.resemblance)
            band = age_band(world, zone, head == lane, word)
            if band < traits.FIRST_ADULT_BAND:
                continue
            byte = traits.trait_byte(traits.second_word(crowd, lane), traits.OCCUPATION)
            job = traits.occupation_of(byte, band, world.response.officials, world.response.owners)
            actors[block * 64 + lane] = 1 + job
            for one in range(out.shape[0]):
                row = world.people.behaviours[one]
                stance = row[b.STANCE]
                if stance > 0 and bit(state.words[facts.SHAMED + stance, block], lane) == 0:
                    continue
                if row[b.ACTOR] > 0 and row[b.ACTOR] != job:
                    continue
                first = act.propensity(
                    slope_value(world, zone, band, word, row[b.TRAIT_1]),
                    row[b.ZERO_1],
                    row[b.STEP_1],
                )
                second = act.propensity(
                    slope_value(world, zone, band, word, row[b.TRAIT_2]),
                    row[b.ZERO_2],
                    row[b.STEP_2],
                )
                out[one] += act.acceptance(first, second, 0, 0, row[b.SCALE]) / 4294967296.0


def picks(made) -> np.ndarray:
    """Return the candidates a citizen and week of each behaviour."""
    people = made.world.people
    count = people.count.astype(float) / 2**32
    group = (1 - np.concatenate([[0.0], count[:-1]])).sum()  # the mean of the table itself
    share = np.zeros(SLOTS)
    for slot, (threshold, other) in enumerate(people.alias.tolist()):
        share[slot] += threshold / 65536 / SLOTS
        share[other] += (65536 - threshold) / 65536 / SLOTS
    return group / b.GROUP_CITIZENS * share[: len(people.behaviours)]


class Run:
    """Deeds and what was expected of them, by week and behaviour."""

    def __init__(self) -> None:
        self.made = country("none", CITIZENS)
        world, n = pack_world(self.made.world), len(behaviours())
        self.acted, self.expected = np.zeros((WEEKS, n)), np.zeros((WEEKS, n))
        self.jobs = np.zeros(self.made.society.layout.blocks * 64, np.int64)
        keys = week_keys(1, 0)
        for week in range(WEEKS):
            rates = np.zeros(n)
            sum_rates(world, self.made.state, keys, rates, self.jobs)
            self.expected[week] = rates * picks(self.made)
            tally = self.made.advance().sum(axis=(0, 1))
            self.acted[week] = tally[c.WIDTH : c.WIDTH + n]


@pytest.fixture(scope="module")
def ran() -> Run:
    return Run()


def test_the_catalogue_is_whole() -> None:
    known = behaviours()
    assert len(known) >= 29
    assert {one.pillar for one in known} == set(get_args(Pillar))
    assert {one.by for one in known} == {"adult", "official", "owner"}
    for one in known:
        assert one.source.strip()
        assert one.confidence
        assert one.rate > 0
    rate = Behaviour.model_fields["rate"]
    assert rate.json_schema_extra["unit"] == "per adult of the named kind and year"


def test_a_line_without_its_source_is_refused() -> None:
    whole = behaviours()[0].model_dump()
    del whole["source"]
    with pytest.raises(ValueError, match="source"):
        Behaviour.model_validate(whole)


def misfit(acted: np.ndarray, expected: np.ndarray) -> float:
    """Return the worst |z| of the behaviours over all weeks."""
    total = expected.sum(axis=0)
    return float((np.abs(acted.sum(axis=0) - total) / np.sqrt(total)).max())


def dispersion_z(acted: np.ndarray, expected: np.ndarray) -> float:
    """Return the z of the index of dispersion over weeks and behaviours that are not rare."""
    often = expected >= 5
    terms = (acted[often] - expected[often]) ** 2 / expected[often]
    # Variance of a term of a Poisson variable: 2 + 1 / mean.
    return float((terms - 1).sum() / np.sqrt((2 + 1 / expected[often]).sum()))


def test_each_behaviour_comes_at_its_citizens_own_rates(ran) -> None:
    assert (ran.expected.sum(axis=0) > 0).all()
    assert ran.acted.sum() > 300_000
    assert misfit(ran.acted, ran.expected) < 4.5
    assert misfit(ran.acted, ran.expected * 1.02) > 4.5


def test_weeks_scatter_as_poisson_does(ran) -> None:
    assert abs(dispersion_z(ran.acted, ran.expected)) < 4
    pairs = ran.acted.copy()
    pairs[1::2] = pairs[::2]  # weeks that repeat each other
    assert abs(dispersion_z(pairs[::2] + pairs[1::2], 2 * ran.expected[::2])) > 4


def test_weeks_are_independent(ran) -> None:
    often = (ran.expected >= 5).all(axis=0)
    z = (ran.acted[:, often] - ran.expected[:, often]) / np.sqrt(ran.expected[:, often])
    later = np.array([(a * b).mean() for a, b in pairwise(z)])
    error = (len(later) * often.sum()) ** -0.5
    assert abs(later.mean()) < 4 * error
    assert (z * z).mean() > 4 * error  # a week is not independent of itself


@pytest.mark.parametrize(
    "one", [one for one in behaviours() if one.kind != "speech"], ids=lambda one: one.name
)
def test_national_rates_are_those_of_the_catalogue(ran, one: Behaviour) -> None:
    """Four standard errors and 3 %: slopes refer to means of traits in the reference society."""
    index = [known.name for known in behaviours()].index(one.name)
    jobs = ran.jobs
    many = {"adult": (jobs > 0).sum(), "official": (jobs == 2).sum(), "owner": (jobs == 3).sum()}
    expected = one.rate * many[one.by] * WEEKS / WEEKS_A_YEAR
    # Among the few officials and owners of this country honesty itself has a sampling error.
    slopes = sum(slope**2 for slope in one.traits.values()) / 3 / many[one.by]
    error = (1 / expected + slopes) ** 0.5
    found = ran.acted[:, index].sum() / expected
    assert found == pytest.approx(1, abs=4 * error + 0.03)
    if expected > 1000:
        assert found != pytest.approx(1.2, abs=4 * error + 0.03)


Week = tuple[np.ndarray, np.ndarray]


def touched(behaviour: str, weeks: int = 26) -> tuple[Country, list[Week]]:
    """Run a scheme that books one behaviour without fail; return the country and, by week, the
    words as they were and whose score moved."""
    channels = {name: {"urban": 1.0, "rural": 1.0, **LINE} for name in CHANNELS}
    rule = {"behaviour": behaviour, "points": -0.1, **LINE}
    made = country(scheme_of(channels=channels, rules=[rule]), 100_000)
    moved = []
    for _ in range(weeks):
        words, before = made.state.words.copy(), made.state.points[SCORE].copy()
        made.advance()
        moved.append((words, np.flatnonzero(made.state.points[SCORE] != before)))
    return made, moved


def jobs_of_touched(behaviour: str) -> list[int]:
    """Return 0 (child), 1 (ordinary), 2 (official) or 3 (owner) for each whose score moved."""
    made, weeks = touched(behaviour, 52)
    jobs = np.zeros(made.society.layout.blocks * 64, np.int64)
    sum_rates(pack_world(made.world), made.state, week_keys(1, 0), np.zeros(1), jobs)
    return [job for _, moved in weeks for job in jobs[moved].tolist()]


@pytest.mark.parametrize(
    ("behaviour", "job"),
    [("bribe", 2), ("favour_for_friend", 2), ("tax_evasion", 3), ("unsafe_food", 3)],
)
def test_officials_and_owners_do_what_only_they_do(behaviour: str, job: int) -> None:
    found = jobs_of_touched(behaviour)
    assert len(found) > 3
    assert set(found) == {job}


def test_what_adults_do_is_done_by_all_but_children() -> None:
    assert set(jobs_of_touched("littering")) == {1, 2, 3}


def holding(behaviour: str, fact: int) -> list[int]:
    """Return, for each who posted, whether the stance was held before the week."""
    held = []
    for words, moved in touched(behaviour)[1]:
        word = words[fact, moved >> 6]
        held += (word >> (moved & 63).astype(np.uint64) & np.uint64(1)).tolist()
    return held


@pytest.mark.parametrize(
    ("behaviour", "fact"),
    [
        ("online_praise", facts.PRAISING),
        ("online_criticism", facts.CRITICAL),
        ("rumour", facts.CRITICAL),
    ],
)
def test_only_those_speak_who_hold_the_stance(behaviour: str, fact: int) -> None:
    held = holding(behaviour, fact)
    assert len(held) > 30
    assert all(held)


def test_who_holds_another_stance_is_told_apart() -> None:
    assert not any(holding("online_praise", facts.CRITICAL))
    assert 0 < np.mean(holding("littering", facts.PRAISING)) < 1
