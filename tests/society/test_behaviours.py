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
from glasstown.engine.firms import firm_word, owner_of, sector_of
from glasstown.engine.kernels import kernel
from glasstown.engine.meeting import block_key_of, present_in
from glasstown.engine.packing import pack_worlds
from glasstown.engine.world import MOBILISING, SCORE, week_keys
from glasstown.laws import act
from glasstown.laws import publish as facts
from glasstown.laws.draws import PEOPLE, bit, i64, stream
from glasstown.society import compilation as b
from glasstown.society import traits
from glasstown.society.catalogue import behaviours, sectors
from glasstown.society.compilation import CHANNELS, SLOTS, WEEKS_A_YEAR
from glasstown.society.declaration import Actor, Behaviour, Pillar, Sector
from glasstown.society.households import head_lane

CITIZENS, WEEKS = 200_000, 26


@kernel()
def sum_rates(worlds, state, keys, out, actors, firms):
    """Sum acceptance over those who may act; ``actors`` gets 1 for adults, 2 for officials, and
    ``firms`` each firm's sector and 1 more."""
    world = worlds[0]
    for block in range(state.block_zone.shape[0]):
        zone = i64(state.block_zone[block])
        key, present = block_key_of(world, state, block), present_in(world, state, block)
        crowd = stream(keys[PEOPLE], key)
        for lane in range(present):
            head = head_lane(crowd, lane)
            word = traits.first_word(crowd, lane, head, world.response.resemblance)
            band = age_band(world, zone, head == lane, word)
            if band < traits.FIRST_ADULT_BAND:
                continue
            byte = traits.trait_byte(traits.second_word(crowd, lane), traits.OCCUPATION)
            job = traits.occupation_of(byte, band, world.response.officials)
            actors[block * 64 + lane] = 1 + job
            for one in range(out.shape[0]):
                row = world.people.behaviours[one]
                plane = facts.SHAMED + row[b.STANCE]
                if row[b.STANCE] == b.MOBILISATION:
                    plane = MOBILISING
                if row[b.STANCE] > 0 and bit(state.words[plane, block], lane) == 0:
                    continue
                if row[b.ACTOR] == b.FIRM or (row[b.ACTOR] == b.OFFICIAL and job == 0):
                    continue
                out[one] += accepted(world, zone, band, word, one)
        for slot in range(2):
            word = firm_word(keys, key, slot)
            lane = owner_of(crowd, word, slot, present)
            if lane < 0:
                continue
            sector = sector_of(world, word)
            firms[2 * block + slot] = 1 + sector
            owner = traits.first_word(crowd, lane, lane, world.response.resemblance)
            band = age_band(world, zone, True, owner)
            for one in range(out.shape[0]):
                row = world.people.behaviours[one]
                if row[b.ACTOR] == b.FIRM and (row[b.SECTORS_DOING] >> sector) & 1:
                    # Each of the 32 places of the half block that is drawn stands for the firm.
                    out[one] += 32 * accepted(world, zone, band, owner, one)


@kernel()
def accepted(world, zone, band, word, one):
    """Return the probability that a candidate without any caution accepts."""
    row = world.people.behaviours[one]
    first = act.propensity(
        slope_value(world, zone, band, word, row[b.TRAIT_1]), row[b.ZERO_1], row[b.STEP_1]
    )
    second = act.propensity(
        slope_value(world, zone, band, word, row[b.TRAIT_2]), row[b.ZERO_2], row[b.STEP_2]
    )
    return act.acceptance(first, second, 0, 0, row[b.SCALE]) / 4294967296.0


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
        world, n = pack_worlds([self.made.world]), len(behaviours())
        self.acted, self.expected = np.zeros((WEEKS, n)), np.zeros((WEEKS, n))
        self.jobs = np.zeros(self.made.society.layout.blocks * 64, np.int64)
        self.firms = np.zeros(self.made.society.layout.blocks * 2, np.int64)
        self.harmed = 0
        keys = week_keys(1, 0)
        for week in range(WEEKS):
            rates = np.zeros(n)
            sum_rates(world, self.made.state, keys, rates, self.jobs, self.firms)
            self.expected[week] = rates * picks(self.made)
            tally = self.made.advance().sum(axis=(0, 1))
            self.acted[week] = tally[c.WIDTH : c.WIDTH + n]
            self.harmed += int(tally[c.HARMED])

    def actors(self, one: Behaviour) -> int:
        """Return how many citizens, or firms of its sectors, do a behaviour."""
        if one.by == "firm":
            doing = [1 + i for i, row in enumerate(sectors()) if row.name in one.sectors]
            return int(np.isin(self.firms, doing).sum() if doing else (self.firms > 0).sum())
        return int((self.jobs == 2).sum() if one.by == "official" else (self.jobs > 0).sum())


@pytest.fixture(scope="module")
def ran() -> Run:
    return Run()


def test_the_catalogue_is_whole() -> None:
    known = behaviours()
    assert len(known) >= 29
    assert {one.pillar for one in known} == set(get_args(Pillar))
    assert {one.by for one in known} == set(get_args(Actor))
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
    many = ran.actors(one)
    expected = one.rate * many * WEEKS / WEEKS_A_YEAR
    # Among few officials or firms honesty itself has a sampling error.
    slopes = sum(slope**2 for slope in one.traits.values()) / 3 / many
    error = (1 / expected + slopes) ** 0.5
    found = ran.acted[:, index].sum() / expected
    assert found == pytest.approx(1, abs=4 * error + 0.03)
    if expected > 1000:
        assert found != pytest.approx(1.2, abs=4 * error + 0.03)


def test_there_is_a_firm_for_32_citizens(ran) -> None:
    """A half block that is not full has one by chance; there are 62 zones with such an end."""
    found = (ran.firms > 0).sum()
    assert found == pytest.approx(CITIZENS / 32, abs=4 * (62 / 4) ** 0.5)
    assert found != pytest.approx(CITIZENS / 33, abs=4 * (62 / 4) ** 0.5)


def test_consumers_are_harmed_as_the_catalogue_says(ran) -> None:
    deeds = ran.acted.sum(axis=0)
    means = np.array([one.harmed for one in behaviours()])
    # A deed with mean m harms 1 to 2 m - 1, evenly: variance (m - 1) m / 3.
    error = float((deeds * means * (means - 1) / 3).sum()) ** 0.5
    assert ran.harmed == pytest.approx(deeds @ means, abs=4 * error)
    assert ran.harmed != pytest.approx(1.25 * (deeds @ means), abs=4 * error)


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
    """Return 0 (child), 1 (ordinary) or 2 (official) for each whose score moved."""
    made, weeks = touched(behaviour, 52)
    jobs, firms = (np.zeros(made.society.layout.blocks * many, np.int64) for many in (64, 2))
    world = pack_worlds([made.world])
    sum_rates(world, made.state, week_keys(1, 0), np.zeros(1), jobs, firms)
    return [job for _, moved in weeks for job in jobs[moved].tolist()]


@pytest.mark.parametrize("behaviour", ["bribe", "favour_for_friend"])
def test_officials_do_what_only_they_do(behaviour: str) -> None:
    found = jobs_of_touched(behaviour)
    assert len(found) > 3
    assert set(found) == {2}


def test_what_adults_do_is_done_by_all_but_children() -> None:
    assert set(jobs_of_touched("littering")) == {1, 2}


def sectors_of_touched(behaviour: str, category: int) -> set[str]:
    """Return the sectors of the firms whose rating one behaviour moves; no score may move."""
    channels = {name: {"urban": 1.0, "rural": 1.0, **LINE} for name in CHANNELS}
    name = ("compliance", "social")[category]
    rules = [{"behaviour": behaviour, "points": -1 + 2 * category, "category": name, **LINE}]
    rating = {"compliance": 100, "social": 100, "half_life_weeks": None, **LINE}
    scheme = scheme_of(channels=channels, firms={"rating": rating, "rules": rules, **LINE})
    made = country(scheme, 100_000)
    jobs, firms = (np.zeros(made.society.layout.blocks * many, np.int64) for many in (64, 2))
    world = pack_worlds([made.world])
    sum_rates(world, made.state, week_keys(1, 0), np.zeros(1), jobs, firms)
    before = made.state.firm_points.copy()
    for _ in range(26):
        made.advance()
    assert (made.state.points[SCORE] == made.world.terms.start).all()
    moved = made.state.firm_points != before
    assert not moved[1 - category].any()
    assert moved[category].sum() > 5
    names = ("nobody", *(one.name for one in sectors()))
    return {names[which] for which in np.unique(firms[moved[category]]).tolist()}


@pytest.mark.parametrize(
    ("behaviour", "category", "doing"),
    [
        ("unsafe_food", 0, {"food"}),
        ("counterfeit", 0, {"manufacturing", "trade"}),
        ("tax_evasion", 0, set(get_args(Sector))),
        ("loyalty_display", 1, set(get_args(Sector))),
    ],
)
def test_firms_do_what_their_sector_does_and_answer_for_it_themselves(
    behaviour: str, category: int, doing: set[str]
) -> None:
    assert sectors_of_touched(behaviour, category) == doing


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
        ("gathering_call", MOBILISING),
    ],
)
def test_only_those_speak_who_hold_the_stance(behaviour: str, fact: int) -> None:
    held = holding(behaviour, fact)
    assert len(held) > 30
    assert all(held)


def test_who_holds_another_stance_is_told_apart() -> None:
    assert not any(holding("online_praise", facts.CRITICAL))
    assert 0 < np.mean(holding("littering", facts.PRAISING)) < 1
