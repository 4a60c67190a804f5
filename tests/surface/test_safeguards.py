"""Safeguards: each is a change that a file could write, and a search finds the sets that help."""

from __future__ import annotations

import json
from itertools import combinations

import assessed
import pytest
import yaml
from test_report import Page
from typer.testing import CliRunner

import glasstown as gt
from glasstown.errors import DeclarationError, InputError
from glasstown.lab.progress import Silent
from glasstown.lab.safeguards import search
from glasstown.lab.safeguards.changes import (
    NAMES,
    SAFEGUARDS,
    TERM_WEEKS_UNABLE,
    applicable,
    changes_of,
    guarded,
)
from glasstown.lab.safeguards.measures import HARM_WORDS, Base, measured
from glasstown.lab.safeguards.wording import sentences
from glasstown.lab.scenario import load_scenario
from glasstown.scheme.loading import SHIPPED, load_scheme
from glasstown.surfaces import cli
from glasstown.surfaces.safeguards_page import as_file, write_page

FEW = ("term_limits", "no_contagion", "free_speech")
SIZE = {"citizens": 3_000, "weeks": 20, "seeds": 2}


def harsh(**changes):
    """Return the small scheme with long terms, faces on screens and points for speech."""
    lists = [assessed.black(term_weeks=100, shaming=0.5)]
    speech = {"criticism": -4, "criticism_costs": 64, **assessed.LINE}
    return assessed.scenario(scheme=assessed.scheme(lists=lists, speech=speech, **changes))


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("safeguards")


@pytest.fixture(scope="module")
def found(folder):
    return gt.safeguards(harsh(), only=FEW, out=folder, progress=Silent(), **SIZE)


@pytest.mark.parametrize("name", SHIPPED)
def test_each_safeguard_is_a_change_that_a_file_can_write(name):
    scenario = load_scenario(name)
    for one in applicable(scenario):
        changes = one.of(scenario.scheme)
        assert changes, one.name
        text = yaml.safe_dump(json.loads(json.dumps({"from": name, **changes}, default=str)))
        try:
            by_file = load_scheme(yaml.safe_load(text))
        except DeclarationError:
            assert (name, one.name) == ("suining-2010", "opt_in")  # its start is treated
            continue
        assert by_file == guarded(scenario, [one]).scheme


def test_all_together_leave_what_each_changed():
    scenario = load_scenario("total-2020")
    assert [one.name for one in applicable(scenario)] == list(NAMES)
    scheme = guarded(scenario, SAFEGUARDS).scheme
    black = next(one for one in scheme.lists if one.colour == "black")
    assert black.term_weeks_unable == TERM_WEEKS_UNABLE
    assert black.grace_weeks == 8
    assert black.shaming == 0
    assert (scheme.friends, scheme.household, scheme.speech, scheme.shaming) == (None,) * 4
    assert scheme.sanctions == []
    assert scheme.participation == "voluntary"
    # What is put in is in: nothing but the checking of records could be done twice.
    again = [one.name for one in applicable(scenario.model_copy(update={"scheme": scheme}))]
    assert again == ["checked_records"]
    merged = changes_of(scenario.scheme, SAFEGUARDS)
    assert load_scheme({"from": "total-2020", **merged}) == scheme


def test_a_safeguard_never_makes_a_scheme_harsher():
    scheme = load_scenario("reform").scheme
    after = guarded(load_scenario("reform"), SAFEGUARDS[:5]).scheme
    for one, other in zip(scheme.lists, after.lists, strict=True):
        assert (other.term_weeks or 9999) <= (one.term_weeks or 9999)
        assert other.grace_weeks >= one.grace_weeks
    assert after.appeal == scheme.appeal  # it is fast already


def test_few_sets_are_all_run_and_the_front_is_right(found):
    assert found.is_complete
    sets = {one.names for one in found.candidates}
    assert sets == {some for size in range(4) for some in combinations(FEW, size)}
    base = next(one for one in found.candidates if not one.names)
    assert base.harm_left.mean == pytest.approx(1)
    assert base.benefit is None or base.benefit.mean == pytest.approx(1)
    front = found.front()
    for one in front:
        assert not any(
            all(a <= b for a, b in zip(other.objectives(), one.objectives(), strict=True))
            and other.objectives() != one.objectives()
            for other in found.candidates
        )
    beaten = [one for one in found.candidates if one not in front]
    for one in beaten:
        assert one.harm_left.mean >= 1 or any(
            all(a <= b for a, b in zip(other.objectives(), one.objectives(), strict=True))
            for other in front
        )
    alone = found.alone()
    assert [one.harm_left.mean for one in alone] == sorted(one.harm_left.mean for one in alone)
    assert min(one.harm_left.mean for one in found.candidates) < 0.9


def test_each_harm_is_moved_by_what_is_against_it(found):
    by_names = {one.names: one for one in found.candidates}
    assert by_names["free_speech",].left["silence"].mean < 0.5
    assert by_names["no_contagion",].left["children"].mean == 0
    assert all(one.mean == pytest.approx(1) for one in by_names[()].left.values())


def test_more_control_is_never_counted_as_a_benefit(found):
    import numpy as np

    from glasstown.engine.measures import NAMES as MEASURES

    def sums(**numbers):
        row = np.zeros((1, len(MEASURES)), np.int64)
        for name, value in {"adults": 1000, **numbers}.items():
            row[0, MEASURES.index(name)] = value
        return row

    none, harder = sums(offences=100), sums(offences=10, excluded_deeds=5)
    harms = dict.fromkeys(HARM_WORDS, 1.0)
    got = measured(harder, none, Base(harms, 0.08, 0.1), ("shut_out",))
    assert got.benefit == 1.0
    assert got.harm_left == pytest.approx(0.005)
    assert measured(harder, none, Base(harms, 0.2, 0.1), ("shut_out",)).benefit is None
    worse = found.candidates[0]._replace(
        names=("x",), harm_left=found.candidates[0].harm_left._replace(mean=1.2)
    )
    assert worse not in found._replace(candidates=(*found.candidates, worse)).front()


def test_what_is_finished_is_read_again(found, folder, monkeypatch):
    monkeypatch.setattr(search, "grow", lambda *_, **__: 1 / 0)
    again = gt.safeguards(harsh(), only=FEW, out=folder, progress=Silent(), **SIZE)
    assert again.candidates == found.candidates


def test_nsga_ii_chooses_the_same_sets_again(tmp_path, monkeypatch):
    pytest.importorskip("optuna")
    only = ("term_limits", "notice", "no_contagion", "free_speech", "no_shaming")
    given = {"only": only, "evaluations": 14, "out": tmp_path, "progress": Silent(), **SIZE}
    first = gt.safeguards(harsh(), **given)
    assert not first.is_complete
    assert len(first.candidates) == 14
    assert (only in {one.names for one in first.candidates}) is True
    monkeypatch.setattr(search, "grow", lambda *_, **__: 1 / 0)
    again = gt.safeguards(harsh(), **given)
    assert again.candidates == first.candidates
    assert "of 32 sets were run" in " ".join(sentences(first))


def test_a_set_that_can_not_be_run_is_recorded(monkeypatch):
    def fails(scenario, chosen):
        if len(chosen) > 1:
            raise InputError("these don't go together")
        return guarded(scenario, chosen)

    monkeypatch.setattr(search, "guarded", fails)
    found = gt.safeguards(
        harsh(), only=FEW[:2], progress=Silent(), citizens=2_000, weeks=12, seeds=2
    )  # fmt: skip
    assert found.failures == {"term_limits + no_contagion": "these don't go together"}
    assert len(found.candidates) == 3


def test_the_page_and_the_file_of_each_set(found, tmp_path):
    text = write_page(found, tmp_path / "safeguards.html").read_text("utf-8")
    page = Page(text)
    assert page.open == []
    assert len(page.identifiers) == len(set(page.identifiers))
    assert not {"script", "iframe", "form"} & set(page.tags)
    assert text.index("not a prediction") < text.index("<h1>")
    plain = text.replace("&#39;", "'")
    for sentence in sentences(found):
        assert sentence in plain
    assert plain.count("<figure>") == (3 if found.benefit and found.benefit.mean > 0 else 2)
    for one in found.front():
        if one.names:
            assert yaml.safe_load(as_file(found, one))["from"] == "assessed"
    data = json.loads((found.folder / search.RESULT).read_text("utf-8"))
    assert data["label"] == "synthetic society, not a prediction"
    assert [tuple(one["safeguards"]) for one in data["front"]] == [
        one.names for one in found.front()
    ]


def test_the_command(tmp_path):
    def called(*words):
        words = ("safeguards", *words, "--out", tmp_path / "out")
        return CliRunner().invoke(cli.app, [str(one) for one in words])

    file = tmp_path / "mine.yaml"
    file.write_text(json.dumps(harsh()), "utf-8")
    small = ("--citizens", 2_000, "--weeks", 12, "--seeds", 2, "--only", "free_speech")
    result = called(file, *small)
    assert result.exit_code == 0, result.stderr
    assert "free speech" in result.stdout
    assert "A synthetic society, not a prediction." in result.stdout
    assert json.loads(called(file, *small, "--json").stdout)["is_complete"] is True
    for words, said in (
        ((file, "--only", "free_speach"), "Did you mean 'free_speech'"),
        ((file, "--harm", "silense"), "Did you mean 'silence'"),
        (("total-2021",), "Did you mean 'total-2020'"),
        (("none",), "no safeguard finds anything to change"),
        ((file, "--evaluations", 1), "evaluations: from 2"),
        ((file, "--seeds", 1), "seeds: at least 2"),
    ):
        wrong = called(*words)
        assert wrong.exit_code == 2
        assert said in " ".join(wrong.stderr.split())
