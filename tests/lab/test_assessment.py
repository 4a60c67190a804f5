"""The dossier: what is counted is what happened, what is small is suppressed, nothing is lost."""

from __future__ import annotations

import json
import os
import signal

import assessed
import numpy as np
import pytest

import glasstown as gt
from glasstown.engine.measures import INDEX
from glasstown.errors import DeclarationError, InputError
from glasstown.lab.assessment import dossier, members
from glasstown.lab.assessment.context import section as context_section
from glasstown.lab.assessment.disparity import rates
from glasstown.lab.assessment.domains import (
    declared_links,
    is_punished,
    punished_domains,
    without_domain,
)
from glasstown.lab.assessment.estimates import estimate, pooled_share
from glasstown.lab.assessment.following import followed
from glasstown.lab.assessment.people import OUTCOMES, people_of
from glasstown.lab.assessment.proportion import LONGEST, first_refusal, penalties
from glasstown.lab.assessment.shelf import Shelf
from glasstown.lab.assessment.variants import SCHEME, SWITCHED_OFF, planned
from glasstown.lab.biographies import person
from glasstown.lab.branches import by_citizen, grow, parting, prepared, weeks_to_run
from glasstown.lab.outcomes import EXCLUDED, NOT_EXCLUDED, WRONG, excluded_for
from glasstown.lab.progress import Silent
from glasstown.lab.scenario import load_scenario
from glasstown.scheme.loading import load_scheme
from glasstown.society.catalogue import behaviours

SEEDS = 2


class Counting(Silent):
    """Counts the weeks told, and may ask for a stop after some of them."""

    def __init__(self, stop_at: int | None = None) -> None:
        self.weeks, self.stop_at = [], stop_at

    def started(self, total_weeks, message):
        self.total = total_weeks

    def week(self, number):
        self.weeks.append(number)
        if self.stop_at is not None and number == self.stop_at:
            os.kill(os.getpid(), signal.SIGINT)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("assessments")


@pytest.fixture(scope="module")
def found(folder):
    return gt.assess(assessed.scenario(), seeds=SEEDS, out=folder, progress=Silent())


@pytest.fixture(scope="module")
def branch():
    return prepared([load_scenario(assessed.scenario())])[0]


@pytest.fixture(scope="module")
def lived(branch):
    return followed(branch, 11)


def test_a_followed_run_is_the_run_and_counts_what_the_tallies_count(branch, lived):
    country, lives = lived
    leaf = next(grow([branch], 11))
    assert leaf.digest == country.digest()
    for weeks, names in ((lives.weeks, EXCLUDED), (lives.weeks_wrong, WRONG)):
        columns = [INDEX[name] for name in names]
        assert weeks.sum() == leaf.sums[:, columns].sum() > 0
    entries = sum(leaf.sums[:, INDEX[f"entries_{one}"]].sum() for one in lives.listings)
    ended = sum(sum(one.values()) for one in lives.listings.values())
    standing = sum(sum(one.values()) for one in lives.open_listings.values())
    assert standing == leaf.sums[-1, INDEX["listed"]] > 0
    assert ended <= entries
    assert max(max(one) for one in lives.listings.values()) == 12  # the term


def test_who_people_are_is_what_the_plain_laws_say(lived):
    country, _ = lived
    people = people_of(country)
    layout = country.society.layout
    society = country.society._replace(people=country.worlds[0].people)
    adults = by_citizen(layout, people.adults)
    places = {one.name: (one.values, by_citizen(layout, one.places)) for one in people.traits}
    for citizen in range(0, 6_000, 61):
        known = person(society, country.seed, citizen)
        is_adult = known.age_band not in ("0-14", "15-17")
        assert adults[citizen] == is_adult
        if not is_adult:
            continue
        told = {name: values[int(at[citizen])] for name, (values, at) in places.items()}
        assert told["settlement"] == known.settlement
        assert told["occupation"] == known.occupation
        assert told["group"] == known.group
        assert (told["household"] == "alone") == (known.household_size == 1)
        assert (told["internet"] == "online") == (known.online > 0)
        assert told["age"] == ("60+" if known.age_band in ("60-64", "65+") else known.age_band)
        assert (told["opinion"] == "opposed") == (round(known.opinion * 255) < 128)


def test_cells_add_up_to_all_adults(found):
    for record in found.records:
        whole = record["cells"][0]
        assert whole["adults"] == record["last"][SCHEME]["adults"]
        ways = {tuple(row["by"]) for row in record["cells"][1:]}
        assert len(ways) == 8 + 8 * 7 // 2
        for by in ways:
            rows = [row for row in record["cells"] if tuple(row["by"]) == by]
            for name in ("adults", *OUTCOMES):
                assert sum(row[name] for row in rows) == whole[name], (by, name)


def test_a_group_of_five_is_suppressed_and_said(found):
    handful = [one for one in rates(found.records) if "handful" in one.cell]
    assert handful
    assert all(one.is_suppressed and one.rate is None and one.ratio is None for one in handful)
    section = found.section("disparity")
    assert "handful" in " ".join(section.sentences)
    assert "suppressed" in " ".join(section.sentences)
    row = next(row for row in section.tables[0].rows if row[1] == "handful")
    assert "suppressed" in row
    assert {"by": ["group"], "cell": ["handful"]} in section.measures["suppressed"]


def test_rates_and_ratios_are_those_of_fairlearn(lived):
    metrics = pytest.importorskip("fairlearn.metrics")
    country, lives = lived
    people = people_of(country)
    excluded = excluded_for(country) != NOT_EXCLUDED
    record = {"cells": members.cells(people, lives, excluded)}
    hit = (lives.weeks > 0)[people.adults].astype(int)
    ours = {
        (one.by, one.cell): one
        for one in rates([record])
        if one.outcome == "shut_out" and not one.is_suppressed
    }
    names = ("income", "settlement")
    columns = {
        one.name: np.array(one.values)[one.places[people.adults]]
        for one in people.traits if one.name in names
    }  # fmt: skip
    for by in (("income",), ("settlement", "income")):
        frame = metrics.MetricFrame(
            metrics={"rate": metrics.selection_rate, "count": metrics.count},
            y_true=hit, y_pred=hit,
            sensitive_features={name: columns[name] for name in by},
        )  # fmt: skip
        for cell, row in frame.by_group.iterrows():
            key = (by, cell if isinstance(cell, tuple) else (cell,))
            assert ours[key].adults == row["count"]
            assert ours[key].rate == pytest.approx(row["rate"], rel=1e-12)
    worst = frame.group_max()["rate"] / frame.overall["rate"]
    assert worst == pytest.approx(
        max(one.rate for key, one in ours.items() if key[0] == by) / ours[(), ()].rate
    )


def test_punished_domains_and_what_is_left_without_one():
    scenario = load_scenario(assessed.scenario())
    assert set(punished_domains(scenario)) == assessed.DOMAINS
    for domain in assessed.DOMAINS:
        blind = without_domain(scenario, domain)
        assert set(punished_domains(blind)) == assessed.DOMAINS - {domain}
    total = load_scenario("total-2020")
    blind = without_domain(total, "food").scheme
    food = [one for one in behaviours() if one.domain == "food"]
    assert any(is_punished(total.scheme, one) for one in food)
    assert not any(is_punished(blind, one) for one in food)
    assert without_domain(total, "giving").scheme.model_dump() == total.scheme.model_dump()


def test_declared_links_are_pairs_of_deed_and_service():
    scenario = load_scenario(assessed.scenario())
    links = declared_links(scenario)
    pairs = {(one.source, one.service) for one in links}
    assert {(deed, service) for deed in assessed.RULES for service in ("loan", "flight")} <= pairs
    assert ("judgment_unable", "hospital") in pairs
    assert ("judgment_unable", "loan") not in pairs
    assert ("household", "school") in pairs
    same = {(one.source, one.service) for one in links if one.is_same}
    assert same == {("loan_default", "loan"), ("overdue_month", "loan"),
                    ("fare_dodging", "flight")}  # fmt: skip
    apart = load_scenario(assessed.scenario(without=["friends", "household", "lists"]))
    assert {one.source for one in declared_links(apart)} == set(assessed.RULES)
    assert (
        declared_links(load_scenario(assessed.scenario(without=["sanctions", "household"]))) == []
    )


def test_a_scheme_that_stays_in_its_own_field_is_on_the_diagonal():
    rules = [{"behaviour": "no_show", "points": -15, **assessed.LINE}]
    sanctions = [{"tier": "poor", "service": "rental", "action": "deny", **assessed.LINE}]
    narrow = assessed.scheme(
        rules=rules, sanctions=sanctions, lists=None, friends=None, household=None,
        channels={"payment": {**assessed.WATCHING, "misidentification": 0.0}},
    )  # fmt: skip
    given = assessed.scenario(scheme=narrow)
    found = gt.assess(given, seeds=2, citizens=6_000, weeks=20, progress=Silent())
    measures = found.section("context").measures
    assert measures["share_off_diagonal_declared"] == 0
    assert measures["share_off_diagonal_fell"].mean == pytest.approx(0, abs=1e-12)
    assert "no contagion" in found.section("association").sentences[0]


def test_as_it_fell_is_the_difference_of_the_pair(found):
    section = found.section("context")
    record = found.records[0]
    with_, without = (record["totals"][one] for one in (SCHEME, "domain:credit"))
    lost = with_["denied_loan"] - without.get("denied_loan", 0)
    assert lost > 0
    adult_years = with_["adults"] / (365.25 / 7)
    only = context_section(found.records[:1], found.scenario).measures["matrix"]
    assert only["credit"]["credit"].mean == pytest.approx(lost / adult_years * 1e5)
    assert set(section.measures["matrix"]) == {
        *assessed.DOMAINS, "friends", "household", "misidentification",
    }  # fmt: skip
    assert 0 < section.measures["share_off_diagonal_fell"].mean < 1


def test_friends_who_cost_much_are_guilt_by_association(found):
    hops = found.section("association").measures["attributable_fractions"]
    assert set(hops) == {"friends", "household", "apart", "misidentification"}
    assert hops["friends"]["exclusion"].mean > 0.02
    assert hops["apart"]["exclusion"].mean >= hops["friends"]["exclusion"].mean - 0.01
    pair = found.records[0]["pairs"]["without:friends"]
    assert pair["scheme_only"] > 0
    assert found.records[0]["pairs"][SCHEME]["scheme_only"] == 0


def test_weeks_on_a_list_follow_from_its_terms():
    def on(**changes):
        given = assessed.scheme(lists=[assessed.black(**changes)], appeal=None)
        known = penalties(load_scenario(assessed.scenario(scheme=given)))
        return {one.behaviour: (one.weeks_p50, one.weeks_p99) for one in known}

    assert on()["judgment_evaded"] == (12, 12)
    rate = 365.25 / 7 * 0.1  # one in ten each week
    weeks = on(term_weeks=None, performed=rate)["judgment_evaded"]
    assert weeks == tuple(int(np.ceil(np.log(left) / np.log(0.9))) for left in (0.5, 0.01))
    assert on(term_weeks=None, performed=rate)["judgment_unable"] == (LONGEST, LONGEST)
    assert on(term_weeks_unable=4)["judgment_unable"] == (4, 4)


def test_records_to_a_refusal_and_the_way_back():
    scenario = load_scenario(assessed.scenario())
    assert first_refusal(scenario.scheme, []) == 90
    assert first_refusal(scenario.scheme, ["tiers"]) is None
    known = {one.behaviour: one for one in penalties(scenario)}
    assert known["loan_default"].records == 1  # 12 points, and room for 10
    assert known["loan_default"].score_weeks == pytest.approx(26 * np.log2(12 / 10))
    assert known["jaywalking"].records == 4
    assert known["fare_dodging"].records == 3  # at 90 nothing is refused yet
    without = {one.behaviour: one for one in penalties(
        load_scenario(assessed.scenario(without=["expiry", "speech"]))
    )}  # fmt: skip
    assert without["jaywalking"].score_weeks is None
    assert "online_criticism" not in without


def test_variants_share_what_they_share():
    scenario = load_scenario(assessed.scenario())
    plan = planned(scenario)
    assert not plan.failures
    names = [one.name for one in plan.variants]
    assert len(set(names)) == len(names)
    branches = prepared([one.scenario for one in plan.variants])
    first, off = branches[names.index(SCHEME)], branches[names.index(SWITCHED_OFF)]
    assert parting(first, off).week == scenario.weeks // 2
    assert weeks_to_run([first, off]) == scenario.weeks * 3 // 2
    for one in branches[1:]:
        assert parting(first, one) is not None


def test_a_court_list_has_no_enforcement_to_compare_with():
    names = [one.name for one in planned(load_scenario("court-list")).variants]
    assert "enforcement" not in names
    assert "enforcement" in [one.name for one in planned(load_scenario("total-2020")).variants]


def test_no_scheme_does_no_harm():
    found = gt.assess("none", citizens=2_000, weeks=10, seeds=2, progress=Silent())
    said = " ".join(sentence for one in found.sections for sentence in one.sentences)
    assert "nobody was shut out" in said
    assert "No harm came up" in said
    assert found.section("huderia").tables == ()
    json.dumps(found.as_data())


def test_everything_is_plain_data(found, folder):
    path = found.folder / dossier.RESULT
    assert path.parent.parent == folder
    data = json.loads(path.read_text("utf-8"))
    assert data == json.loads(json.dumps(found.as_data()))
    assert data["label"] == "synthetic society, not a prediction"
    assert data["is_a_verdict"] is False
    assert {"context", "proportion", "fria", "huderia"} <= set(data["sections"])
    assert len(data["sections"]["fria"]["measures"]["elements"]) == 6
    assert data["seeds"] == SEEDS
    assert data["failures"] == []


def test_what_is_finished_is_read_again(found, folder):
    told = Counting()
    again = gt.assess(assessed.scenario(), seeds=SEEDS, out=folder, progress=told)
    assert again.records == found.records
    assert told.weeks == [told.total // 2, told.total]  # no week was run
    shelf = found.folder / dossier.SEEDS_FILE
    whole = shelf.read_text("utf-8")
    shelf.write_text(whole + '{"key": "cut o', "utf-8")
    try:
        assert len(Shelf(shelf)._records) == SEEDS
    finally:
        shelf.write_text(whole, "utf-8")


def test_a_stopped_assessment_goes_on(tmp_path, found):
    each = weeks_to_run(
        prepared([one.scenario for one in planned(found.scenario).variants])
    ) + found.scenario.weeks  # fmt: skip
    told = Counting(stop_at=each + 5)
    half = gt.assess(assessed.scenario(), seeds=SEEDS, out=tmp_path, progress=told)
    assert (len(half.records), half.left) == (1, 1)
    assert half.records[0] == found.records[0]
    with pytest.raises(KeyboardInterrupt):
        gt.assess(assessed.scenario(), seeds=SEEDS, progress=Counting(stop_at=3))


def test_a_failed_seed_is_recorded_and_not_fatal(monkeypatch, found):
    given = {one["seed"]: one for one in found.records}
    first = found.records[0]["seed"]

    def fails(variants, branches, seed, told=None, *, workers=None):
        if seed == first:
            raise ValueError("no luck")
        return given[seed]

    monkeypatch.setattr(dossier, "lived", fails)
    kept = gt.assess(assessed.scenario(), seeds=SEEDS, progress=Silent())
    assert [one["seed"] for one in kept.records] == [found.records[1]["seed"]]
    assert kept.failures == (f"seed {first}: ValueError: no luck",)
    assert "no interval" in " ".join(kept.sentences)
    monkeypatch.setattr(dossier, "lived", lambda *_, **__: 1 / 0)
    with pytest.raises(InputError, match=r"no seed could be run.*ZeroDivisionError"):
        gt.assess(assessed.scenario(), seeds=SEEDS, progress=Silent())


@pytest.mark.parametrize(
    ("given", "words", "error"),
    [
        ({"given": "totl-2020"}, "Did you mean 'total-2020'", DeclarationError),
        ({"given": "none", "citizens": 1_500}, "citizens: at least 2_000", InputError),
        ({"given": "none", "seeds": 1}, "seeds: at least 2", InputError),
        ({"given": "none", "without": ["freinds"]}, "friends", DeclarationError),
    ],
)
def test_what_can_not_be_assessed_is_said(given, words, error):
    with pytest.raises(error, match=words):
        gt.assess(given.pop("given"), **given)


def test_a_schemes_own_file_is_taken_as_it_is(tmp_path):
    path = tmp_path / "mine.yaml"
    text = load_scheme("court-list").model_dump_json(exclude_none=True)
    path.write_text(text, "utf-8")  # JSON is YAML
    found = gt.assess(path, citizens=2_000, weeks=6, seeds=2, progress=Silent())
    assert found.scenario.scheme.name == "court-list"
    assert found.command.startswith(f"glasstown assess {path} --citizens 2000 --weeks 6")


def test_estimates_are_over_seeds_or_over_counts():
    one = estimate([1.0, 2.0, 3.0])
    assert one.mean == 2
    assert one.low == pytest.approx(2 - 4.302652729 / 3**0.5)
    assert estimate([0.5]).said("percent") == "50% (one seed, no interval)"
    share = pooled_share([{"a": 0, "b": 10}], lambda x: x["a"], lambda x: x["b"])
    assert (share.mean, share.low) == (0, 0)
    assert share.high == pytest.approx(0.2775, abs=1e-4)  # Wilson: 1.96^2 / (10 + 1.96^2)
    assert pooled_share([{"a": 0, "b": 0}], lambda x: x["a"], lambda x: x["b"]) is None
