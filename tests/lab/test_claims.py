"""Claims: the catalogue, verdicts, shared worlds, going on after a stop, members that fail."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import signal
from importlib import resources
from pathlib import Path

import pytest
from tested_claims import CITIZENS, SMALL, fake, fakes, small, use_small

import glasstown as gt
from glasstown.engine.country import Country
from glasstown.engine.measures import INDEX
from glasstown.errors import DeclarationError, InputError
from glasstown.lab.claims import folder as folder_of_claims
from glasstown.lab.claims import measures, members, testing, wording, worlds
from glasstown.lab.claims.catalogue import catalogue, chosen, read
from glasstown.lab.claims.charts import chart
from glasstown.lab.claims.declaration import Rule
from glasstown.lab.claims.folder import PAGE, RESULT, VALUES, made
from glasstown.lab.claims.recorded import FILE, recorded
from glasstown.lab.claims.shelf import Member, Shelf
from glasstown.lab.claims.testing import claims
from glasstown.lab.claims.verdicts import judged
from glasstown.lab.reporting import ReportError
from glasstown.lab.rollout import Timetable
from glasstown.lab.scenario import load_scenario, scenario_hash
from glasstown.lab.seeds import seeds_of
from glasstown.society.compilation import compile_society
from glasstown.version import version

REQUIRED = {
    "honesty_rises", "fraud_beyond_enforcement", "low_scores_deserved", "friends_pull_down",
    "insiders_bend", "no_gatherings", "false_praise", "cash_refuge", "voluntary_to_mandatory",
    "rewards_alone", "damage_reversible", "appeals_repair",
}  # fmt: skip
PUBLISHED = Path(__file__).parents[2] / "docs" / "claims"
BELOW = Rule(side="below", bound=-0.1, words="a tenth fewer")
ABOVE = Rule(side="above", bound=0.5, words="most")


class Told:
    """A progress that counts weeks and, in a given week, presses Ctrl-C."""

    def __init__(self, press_at: int = 0) -> None:
        self.weeks, self.total, self.press_at, self.stages = 0, 0, press_at, []

    def started(self, total_weeks, message):
        self.total = total_weeks

    def stage(self, text):
        self.stages.append(text)

    def week(self, number):
        self.weeks = number
        if number == self.press_at:
            signal.raise_signal(signal.SIGINT)

    def finished(self):
        self.stages.append("finished")


def value_at(scenario, key: str):
    """Return what a dotted key of a scenario is; of a rollout, what its first phase brings."""
    first, *rest = key.split(".")
    scheme = scenario.rollout[0].scheme or scenario.scheme if scenario.rollout else scenario.scheme
    value = {"society": scenario.society, "scheme": scheme}[first].model_dump(mode="json")
    for name in rest:
        value = value[name]
    return value


# The catalogue.


def test_every_required_claim_is_there_with_all_a_page_needs():
    known = catalogue()
    assert {one.name for one in known} >= REQUIRED
    assert {one.side for one in known} == {"makers", "critics", "press"}
    for one in known:
        assert one.flips is not None, one.name
        for name in (one.measure, *one.shown):
            assert name in wording.MEASURES, name
        assert set(one.worlds) <= set(wording.WORLDS), one.name


def test_every_measure_has_words():
    assert set(wording.MEASURES) == {*measures.ALONE, *measures.TOGETHER}


def test_no_rule_and_no_swept_value_moves_after_it_was_fixed():
    """The digest is that of the catalogue as it stood before anything was run (commit 4096419)."""
    fixed = [
        (one.name, one.measure, one.compare, one.last_weeks, one.holds.side, one.holds.bound,
         one.flips.key, one.flips.worlds, one.flips.values, one.worlds)
        for one in catalogue()
    ]  # fmt: skip
    digest = hashlib.sha256(json.dumps(fixed, default=str).encode()).hexdigest()
    assert digest[:16] == "a254e62e339c4116"


def test_the_packaged_result_is_of_this_catalogue():
    """A claim or a rule that is changed must be tested again; see docs/claims."""
    tested = {one.claim.name: one.claim.model_dump(mode="json") for one in recorded().tested}
    assert list(tested) == [one.name for one in catalogue()]
    for ours in catalogue():
        assert tested[ours.name] == ours.model_dump(mode="json"), ours.name
    assert all(one.effect.seeds == recorded().seeds for one in recorded().tested)


def test_a_result_is_read_again_as_it_was():
    text = (resources.files("glasstown.lab.claims") / "data" / FILE).read_text("utf-8")
    data = json.loads(text)
    assert recorded().as_data() == {**data, "glasstown": version()}


def test_the_published_page_is_of_the_packaged_result():
    page = (PUBLISHED / PAGE).read_text("utf-8")
    found = re.search(r'download="claims.json" href="data:application/json[^,]*,([^"]+)"', page)
    data = json.loads(base64.b64decode(found[1]))
    assert data == {**recorded().as_data(), "glasstown": data["glasstown"]}
    assert recorded().command in page
    assert recorded().command in (PUBLISHED / "README.md").read_text("utf-8")
    assert sum(one.stat().st_size for one in PUBLISHED.iterdir()) < 300_000


@pytest.mark.parametrize("claim", catalogue(), ids=lambda one: one.name)
def test_what_is_swept_is_moved_and_its_base_is_what_the_experiment_has(claim):
    own, *moved = members.settings(claim, CITIZENS)
    hashes = [tuple(scenario_hash(one) for one in row.scenarios) for row in (own, *moved)]
    assert len(set(hashes)) == len(hashes)
    for name, scenario in zip(claim.worlds, own.scenarios, strict=True):
        if name in (claim.flips.worlds or claim.worlds):
            found = value_at(scenario, claim.flips.key)
            if claim.flips.key == "society.groups":
                found = [{key: one[key] for key in claim.flips.base[0]} for one in found]
            assert found == claim.flips.base, name


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("measure: critical", "measure: criticl", "Did you mean 'critical'?"),
        ("shown: [silent_unpunished]", "shown: [silence]", "there is no measure 'silence'"),
        ("    none: {scheme: none, start: 2018-01-01, weeks: 12}\n", "", "needs two worlds"),
        ("values: [0]", "values: [0, 32]", "repeats flips.base"),
        ("worlds: [total]", "worlds: [totl]", "none of ['total', 'none']"),
        ("{size} {fewer}", "few", "must hold {value} or {size}"),
        ("{size} {fewer}", "{size} {happier}", "none but"),
        ("base: 32", 'base: 32\n    words: ["dear"]', "the base and each value"),
        ("measure: critical", "measure: left_of_worst", "compare must be level"),
        ("https://example.org/paper", "javascript:alert(1)", "url"),
        ("bound: 0.0", "bound: .nan", "bound"),
    ],
)  # fmt: skip
def test_a_claim_that_cannot_be_tested_is_told(old, new, words):
    assert old in SMALL
    with pytest.raises(DeclarationError) as told:
        read(SMALL.replace(old, new, 1), "small.yaml")
    assert "small.yaml" in str(told.value)
    assert words in str(told.value)


def test_claims_are_chosen_by_name():
    assert [one.name for one in chosen(["errors_rare", "honesty_rises"])] == [
        "honesty_rises", "errors_rare",
    ]  # fmt: skip
    assert chosen(None) == chosen([]) == catalogue()
    with pytest.raises(InputError, match=r"no claim 'honesty_rise'.*Did you mean 'honesty_rises'"):
        chosen(["honesty_rise"])


# Verdicts.


@pytest.mark.parametrize(
    ("rule", "effects", "verdict"),
    [
        (BELOW, [-0.2, -0.21, -0.19], "holds"),
        (BELOW, [-0.05, -0.06, -0.05], "does not hold"),
        (BELOW, [-0.05, -0.2, -0.1], "depends"),
        (BELOW, [-0.11, -0.14], "depends"),  # the mean is beyond, the interval is not
        (BELOW, [-0.1, -0.1], "does not hold"),  # on the bound is not beyond it
        (BELOW, [0.3, 0.31], "does not hold"),
        (ABOVE, [0.6, 0.61], "holds"),
        (ABOVE, [0.5, 0.5], "does not hold"),
        (ABOVE, [0.4, 0.7, 0.6], "depends"),
        (ABOVE, [0.1, 0.11], "does not hold"),
        (ABOVE, [0.9], "not measured"),
        (ABOVE, [], "not measured"),
    ],
)
def test_verdicts_follow_from_interval_and_bound(rule, effects, verdict):
    effect = judged(rule, effects)
    assert effect.verdict == verdict
    assert effect.seeds == len(effects)
    assert (effect.low is None) == (verdict == "not measured")


def test_flips_are_other_verdicts_at_swept_values():
    flips = fake([-0.2, -0.21], [0.1, 0.11])
    assert [one.value for one in flips.flips] == [0]
    assert wording.turns(flips) == "It does not hold at 0."
    stays = fake([-0.2, -0.21], [-0.3, -0.31])
    assert stays.flips == []
    assert "same at every other value tried (0)" in wording.turns(stays)
    unknown = fake([-0.2, -0.21], [0.1])
    assert wording.turns(unknown) == "No other value could be measured."
    assert wording.flips_in_short(unknown) == "none found"


def test_effects_are_said_with_their_sign():
    fewer, more = fake([-0.02, -0.02], [0]), fake([0.02, 0.021], [0])
    assert wording.sentence(fewer.claim, fewer.effect) == "Critics are 2.0 percentage points fewer."
    assert wording.sentence(more.claim, more.effect).endswith("points more.")
    assert "lies wholly below the bound of 0 percentage points" in wording.reason(fewer)
    assert "short of the bound" in wording.reason(more)
    assert "crosses the bound" in wording.reason(fake([-0.02, 0.02], [0]))
    assert wording.by_side(fakes()) == (
        "Of 1 claim of its makers 0 and of 1 claim of its critics 1 hold."
    )


def test_the_chart_has_a_row_a_setting_in_the_order_of_their_size():
    drawn = chart(fake([-0.2, -0.21], [0.1, 0.11]))
    assert drawn.data["setting"].to_list() == ["0", "32 (as tested)"]
    assert drawn.data["verdict"].to_list() == ["does not hold", "holds"]
    assert chart(fakes().tested[1]).data["verdict"].to_list() == ["not measured"]
    assert chart(fake([], [])) is None


# Running.


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """Return both small claims as tested without a stop, their folder, and what was told."""
    told, folder = Told(), tmp_path_factory.mktemp("claims") / "below" / "out"
    with pytest.MonkeyPatch.context() as patch:
        use_small(patch)
        found = gt.claims(citizens=CITIZENS, seeds=2, seed=5, out=folder, progress=told)
    return found, folder, told


def test_an_effect_is_that_of_runs_from_scratch(whole):
    found, _, _ = whole
    by_hand = []
    for seed in seeds_of(5, 2):
        last = []
        for scheme in ("total-2020", "none"):
            given = {"scheme": scheme, "start": "2018-01-01", "weeks": 12}
            scenario = load_scenario(given, overrides={"citizens": CITIZENS})
            society = compile_society(scenario.society, scenario.without)
            country = Country(society, Timetable(scenario, society), seed)
            week = list(country.weeks(12))[-1].sum(axis=(0, 1))
            last.append(week[INDEX["critical"]] / week[INDEX["adults"]])
        by_hand.append(last[0] - last[1])
    effect = found.tested[0].effect
    assert effect.mean == pytest.approx(sum(by_hand) / 2, abs=1e-12)
    assert effect == judged(found.tested[0].claim.holds, by_hand)
    assert len(set(by_hand)) == 2


def test_worlds_and_their_past_are_shared(whole):
    found, _, told = whole
    # Total, none, total with another price, and ended: from week 5 (from 0) on its own.
    assert told.weeks == told.total == 2 * (12 + 12 + 12 + (12 - 5))
    assert told.stages[-1] == "finished"
    assert found.tested[1].effect.mean == pytest.approx(-1)
    assert found.tested[1].effect.verdict == "holds"


def test_the_result_is_written_and_says_what_it_is(whole):
    found, folder, _ = whole
    data = json.loads((folder / RESULT).read_text("utf-8"))
    assert "not a prediction" in data["label"]
    assert data["command"] == "glasstown claims --citizens 5000 --seeds 2 --seed 5"
    assert [one["name"] for one in data["claims"]] == ["speech_falls", "it_ends"]
    first = data["claims"][0]
    assert first["result"]["verdict"] == found.tested[0].effect.verdict
    assert set(first["measured"]) == {"critical", "silent_unpunished"}
    assert set(first["measured"]["critical"]) == {"total", "none"}
    assert first["swept"][0]["value"] == 0
    assert data["counts"] == found.counts
    assert "<h1>" in (folder / PAGE).read_text("utf-8")
    assert len((folder / VALUES).read_text("utf-8").splitlines()) == 2 * 3


def test_a_page_that_cannot_be_drawn_leaves_the_result_whole(whole, tmp_path, monkeypatch):
    use_small(monkeypatch)

    def failing(_found, _path):
        raise RuntimeError("no pen")

    monkeypatch.setattr(folder_of_claims, "writer", failing)
    with pytest.raises(ReportError, match=r"RuntimeError: no pen.*is whole"):
        claims(only=["it_ends"], citizens=CITIZENS, seeds=2, seed=5, out=tmp_path)
    data = json.loads((tmp_path / RESULT).read_text("utf-8"))
    assert data["claims"][0]["result"]["verdict"] == whole[0].tested[1].effect.verdict


def test_a_test_that_was_stopped_goes_on_and_comes_to_the_same(whole, tmp_path, monkeypatch):
    use_small(monkeypatch)
    given = {"citizens": CITIZENS, "seeds": 2, "seed": 5, "out": tmp_path}
    found, _, told = whole
    with pytest.raises(KeyboardInterrupt, match="3 of 6 members are finished"):
        claims(**given, progress=Told(press_at=told.total // 2))
    assert not (tmp_path / RESULT).exists()
    later = Told()
    again = claims(**given, progress=later)
    assert later.weeks == told.total // 2
    assert again.as_data() == found.as_data()
    nothing = Told()
    assert claims(**given, progress=nothing).as_data() == found.as_data()
    assert nothing.total == nothing.weeks == 0


def test_a_measure_that_fails_is_a_record_and_the_rest_goes_on(whole, tmp_path, monkeypatch):
    use_small(monkeypatch)
    found, first = whole[0], seeds_of(5, 2)[0]
    enrolled = measures.ALONE["enrolled"]

    def failing(lived):
        if lived.seed == first:
            raise ZeroDivisionError("no members <at all>")
        return enrolled(lived)

    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(measures.ALONE, "enrolled", failing)
        ours = claims(citizens=CITIZENS, seeds=2, seed=5, out=tmp_path)
    failed = ours.tested[1]
    assert failed.effect.verdict == "not measured"
    assert [one.seed for one in failed.failures] == [1]
    assert "ZeroDivisionError: no members" in failed.failures[0].why
    assert ours.tested[0].as_data() == found.tested[0].as_data()
    assert ours.as_data()["claims"][1]["failures"][0]["seed"] == 1
    # What failed is tried again, and nothing else is.
    told = Told()
    mended = claims(citizens=CITIZENS, seeds=2, seed=5, out=tmp_path, progress=told)
    assert mended.as_data() == found.as_data()
    assert told.weeks == 12 + (12 - 5)


def test_a_world_that_fails_takes_no_other_with_it(whole, monkeypatch):
    use_small(monkeypatch)
    grow = worlds.grow

    def failing(branches, seed, **more):
        if any(one.scenario.rollout for one in branches):
            raise MemoryError
        return grow(branches, seed, **more)

    monkeypatch.setattr(worlds, "grow", failing)
    ours = claims(citizens=CITIZENS, seeds=2, seed=5)
    assert ours.tested[0].as_data() == whole[0].tested[0].as_data()
    assert [one.why for one in ours.tested[1].failures] == [
        "world 'ended' not run to the end: MemoryError"
    ] * 2


def test_a_world_that_cannot_be_compiled_is_a_record(whole, monkeypatch):
    use_small(monkeypatch)
    prepared = worlds.prepared

    def failing(scenarios):
        if scenarios[0].rollout:
            raise ValueError("no such date")
        return prepared(scenarios)

    monkeypatch.setattr(worlds, "prepared", failing)
    ours = claims(citizens=CITIZENS, seeds=2, seed=5)
    assert "not compiled: ValueError: no such date" in ours.tested[1].failures[0].why
    assert ours.tested[0].as_data() == whole[0].tested[0].as_data()


def test_a_line_that_was_cut_off_counts_for_nothing(tmp_path):
    path = tmp_path / VALUES
    Shelf(path).put("a", Member(1.0, {}))
    with path.open("a", encoding="utf-8") as file:
        file.write('{"key": "b", "eff')
    torn = Shelf(path)
    assert torn.get("b") is None
    torn.put("c", Member(3.0, {}))
    torn.put("failed", Member(None, {}, "why"))
    again = Shelf(path)
    assert (again.get("a"), again.get("c")) == (Member(1.0, {}), Member(3.0, {}))
    assert again.get("b") is again.get("failed") is None


# Bad input.


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"citizens": 4_999}, "citizens: from 5_000 to 1_000_000"),
        ({"citizens": 10**12}, "not 1000000000000"),
        ({"seeds": 1}, "seeds: from 2 to 100"),
        ({"seeds": 10**6}, "not 1000000"),
        ({"seed": -1}, "seed: from 0"),
        ({"only": ["speech_fals"]}, "Did you mean 'speech_falls'?"),
    ],
)
def test_absurd_input_is_told_before_anything_is_made(given, words, tmp_path, monkeypatch):
    use_small(monkeypatch)
    with pytest.raises(InputError) as told:
        claims(**given, out=tmp_path / "out")
    assert words in str(told.value)
    assert not (tmp_path / "out").exists()


def test_a_folder_that_cannot_be_used_is_told(tmp_path):
    file = tmp_path / "file"
    file.write_text("mine")
    with pytest.raises(InputError, match="is a file, not a folder"):
        made(file)
    with pytest.raises(InputError, match="can't be written"):
        made(file / "below")
    with pytest.raises(InputError, match=r"holds something else \(file\)"):
        made(tmp_path)
    (tmp_path / VALUES).write_text("")
    assert made(tmp_path) == tmp_path


def test_small_claims_are_two():
    assert [one.name for one in small()] == ["speech_falls", "it_ends"]
    assert testing.FEWEST_CITIZENS == CITIZENS
