"""Findings are true whatever the numbers are, and move when the numbers move."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import polars as pl
import pytest

sys.path.insert(0, str(Path(__file__).parent))
import fake_run

from glasstown.engine.measures import CAUSES, EXITS, OWN_CAUSES, SERVICES, WRONGLY
from glasstown.lab.findings import findings
from glasstown.lab.listings import confusion
from glasstown.lab.tallies import Period, Tallies
from glasstown.lab.wording import CAUSE_WORDS, EXIT_WORDS, SERVICE_WORDS, counted, percent


def told(weekly: pl.DataFrame, name: str = "total", **changed) -> dict[str, str]:
    """Sentences by measure, the first of each."""
    weeks = weekly["week"].max()
    found = findings(weekly, fake_run.manifest(name, weeks, **changed))
    return {one.measure: one.sentence for one in reversed(found)}


def changed(weekly: pl.DataFrame, **columns) -> pl.DataFrame:
    return weekly.with_columns(**columns)


@pytest.fixture(scope="module")
def total() -> pl.DataFrame:
    return fake_run.weekly("total", 120)


def test_every_cause_and_service_has_words():
    assert set(CAUSE_WORDS) == set(CAUSES)
    assert set(SERVICE_WORDS) == set(SERVICES)
    assert tuple(EXIT_WORDS) == EXITS


def test_exclusion_is_that_of_the_last_week(total):
    last = total.filter(week=120)
    shut_out = last.select(
        pl.sum_horizontal([f"excluded_{one}" for one in OWN_CAUSES]).sum()
    ).item()
    wrongly = [f"excluded_{one}" for one in OWN_CAUSES if one in WRONGLY]
    blameless = last.select(pl.sum_horizontal(wrongly).sum()).item()
    sentences = told(total)
    assert counted(shut_out) in sentences["excluded"]
    assert percent(shut_out / last["adults"].sum()) in sentences["excluded"]
    assert counted(blameless) in sentences["excluded_wrongly"]
    assert CAUSE_WORDS["inability"] in sentences["excluded_wrongly"]


def test_doubling_the_denials_of_one_service_changes_the_sentence(total):
    before = told(total)["denied"]
    after = told(changed(total, denied_loan=pl.col("denied_loan") * 4))["denied"]
    requests = sum(int(total[f"denied_{one}"].sum()) for one in SERVICES)
    assert counted(requests) in before
    assert counted(requests + 3 * int(total["denied_loan"].sum())) in after
    assert "flights" in before
    assert "bank loans" in after


@pytest.mark.parametrize("cause", ["household", "firm"])
def test_refusals_of_others_are_kept_out_of_the_rate_of_those_shut_out(total, cause):
    plain = told(total)["denied"]
    extra = pl.col(f"denied_for_{cause}") * 50
    more = told(changed(total, **{f"denied_for_{cause}": pl.col(f"denied_for_{cause}") + extra,
                                  "denied_school": pl.col("denied_school") + extra}))  # fmt: skip
    rate = plain.split("about ")[1].split(" for")[0]
    assert f"about {rate} for every year" in more["denied"]
    assert "(those for a member of the household or the own firm aside)" in more["denied"]
    assert plain.split(" requests")[0] != more["denied"].split(" requests")[0]


@pytest.mark.parametrize(
    ("column", "measure"),
    [
        ("excluded_deeds", "excluded"),
        ("excluded_association", "excluded_wrongly"),
        ("entries_deeds", "entries"),
        ("score_sum", "score_sum"),
        ("misbooked", "records_wrong"),
        ("critical", "critical"),
        ("paying_cash", "cautious"),
        ("ties_cut", "cautious"),
        ("offences", "offences"),
        ("denied_for_firm", "denied_for_firm"),
        ("points_lost_firm", "denied_for_firm"),
        ("spared_unable", "spared_unable"),
        ("spared_unwilling", "spared_unable"),
        ("entries_inability", "spared_unable"),
        ("notices", "notices"),
        ("spared_performed", "notices"),
        ("appeals", "appeals"),
        ("appeals_won", "appeals"),
        ("appeals_not_told", "appeals"),
        ("points_won_insiders", "points_won_insiders"),
        ("exits_insiders", "points_won_insiders"),
        ("insiders_caught", "points_won_insiders"),
        ("posts_hidden", "posts_hidden"),
        ("gathered", "gathered"),
        ("firm_offences", "consumers_harmed"),
        ("consumers_harmed", "consumers_harmed"),
        ("firm_records", "consumers_harmed"),
        ("firm_entries", "consumers_harmed"),
        ("firms_black", "consumers_harmed"),
        ("firms_red", "consumers_harmed"),
        ("bids_denied", "bids_denied"),
        ("bids_denied_owner", "bids_denied"),
        ("bids_favoured", "bids_denied"),
        ("favoured_hospital", "favoured"),
        ("hospital_requests_delayed", "favoured"),
        ("hospital_wait_delayed", "favoured"),
    ],
)
def test_each_sentence_moves_with_its_numbers(total, column, measure):
    assert told(total)[measure] != told(changed(total, **{column: pl.col(column) * 2}))[measure]


def test_where_nobody_is_denied_anything():
    sentences = told(fake_run.weekly("none", 120), "none")
    assert "nobody was shut out" in sentences["excluded"]
    assert sentences["denied"] == "In 120 weeks no request for a service was refused."
    assert sentences["score_sum"] == "This scheme keeps no score."
    assert sentences["records_wrong"] == "No deed was put on record."
    assert "no tie had been cut" in sentences["cautious"]
    unsaid = {"excluded_wrongly", "entries", "points_won_rollout", "denied_for_firm", "notices",
              "spared_unable", "appeals", "points_won_insiders", "enrolled", "posts_hidden",
              "gathered", "bids_denied", "favoured"}  # fmt: skip
    assert not unsaid & set(sentences)
    assert "on it" not in sentences["consumers_harmed"], "nobody keeps a list of firms"


def test_a_list_without_a_score():
    sentences = told(fake_run.weekly("court-list", 60), "court-list")
    assert sentences["score_sum"] == "This scheme keeps no score."
    assert "listings, not people" in sentences["entries"]
    assert "first quarter of the run (weeks 1 to 15)" in sentences["offences"]


def test_one_week_is_not_compared_with_itself():
    sentences = told(fake_run.weekly("total", 1))
    assert "over the 1 week of the run" in sentences["offences"]
    assert "In 1 week " in sentences["denied"]
    assert "first" not in sentences["critical"]


def test_one_person_is_said_in_the_singular():
    quiet = fake_run.weekly("none", 10)
    here = (
        (pl.col("region") == "Henan") & (pl.col("settlement") == "urban") & (pl.col("week") == 10)
    )
    one = changed(quiet, excluded_inability=here.cast(pl.Int64), denied_loan=here.cast(pl.Int64))
    sentences = told(one, "none")
    assert " 1 of " in sentences["excluded"]
    assert "was shut out" in sentences["excluded"]
    assert "less than 0.01%" in sentences["excluded"]
    assert "1 (100%) was so not for their own doing" in sentences["excluded_wrongly"]
    assert "1 request for a service was refused; most often" in sentences["denied"]


def test_all_excluded_for_their_own_doing():
    own = {f"excluded_{one}": pl.lit(0) for one in OWN_CAUSES if one in WRONGLY}
    sentences = told(changed(fake_run.weekly("total", 10), **own))
    assert sentences["excluded_wrongly"].endswith("for their own deeds or words.")


def test_a_peak_that_passed_is_told():
    weekly = fake_run.weekly("none", 10)
    here = (pl.col("week") == 4) & (pl.col("region") == "Henan")
    sentence = told(changed(weekly, excluded_deeds=here.cast(pl.Int64)), "none")["excluded"]
    assert sentence.endswith("At the most it was 2 adults, in week 4.")


def test_an_equal_largest_cause_is_shared():
    weekly = fake_run.weekly("total", 10)
    equal = changed(weekly, excluded_association=pl.col("excluded_inability"))
    assert "the largest such causes were" in told(equal)["excluded_wrongly"]


def test_an_interrupted_run_says_so_first():
    weekly = fake_run.weekly("total", 9)
    manifest = fake_run.manifest("total", 364, complete=False, weeks_done=9)
    first = findings(weekly, manifest)[0]
    assert first.sentence.startswith("This run was stopped after week 9 of 364")
    assert "stopped" not in findings(weekly, fake_run.manifest("total", 9))[0].sentence


def test_groups_and_regions_are_compared_only_where_large_enough():
    weekly = fake_run.weekly("total", 10, ("rest", "minority"))
    sentences = [one.sentence for one in findings(weekly, fake_run.manifest("total", 10))]
    assert any("(rest)" in one and "(minority)" in one for one in sentences)
    assert any("(Beijing)" in one and "(Xinjiang)" in one for one in sentences)
    small = changed(weekly, adults=pl.col("adults") // 50)
    sentences = [one.sentence for one in findings(small, fake_run.manifest("total", 10))]
    assert not any("(Beijing)" in one for one in sentences)


def test_firms_offences_are_not_those_of_citizens(total):
    fewer = changed(total, firm_offences=pl.lit(0))
    assert told(fewer)["offences"] != told(total)["offences"]
    assert "consumers_harmed" not in told(fewer)


def test_what_became_of_notices_adds_up(total):
    sentence = told(total)["notices"]
    numbers = [int(one.replace(",", "")) for one in re.findall(r"(?<![\d(.])[\d,]*\d(?![%.\d])",
                                                               sentence)]  # fmt: skip
    assert numbers[0] == total["notices"].sum() == sum(numbers[1:])


def test_the_confusion_matrix_holds_every_case(total):
    found = confusion(Tallies(total, fake_run.manifest("total", 120)))
    assert found == (
        total["spared_unable"].sum(), total["entries_inability"].sum(),
        total["spared_unwilling"].sum(), total["entries_deeds"].sum(),
    )  # fmt: skip
    assert confusion(Tallies(fake_run.weekly("court-list", 9), {})) is None


def test_no_sentence_claims_a_cause(total):
    for sentence in told(total).values():
        for word in ("because of the scheme", "caused by the scheme", "led to", "thanks to"):
            assert word not in sentence


def test_waits_are_means_weighted_by_citizens():
    weekly = changed(
        fake_run.weekly("none", 2),
        hospital_wait_normal=pl.when(pl.col("settlement") == "urban").then(100).otherwise(200),
    )
    waits = Tallies(weekly, {}).country["hospital_wait_normal"]
    assert waits[0] == pytest.approx(120.0, abs=0.5)  # rural rows have a quarter of the adults


def test_periods():
    tallies = Tallies(fake_run.weekly("none", 120), {})
    first, last = tallies.first_and_last()
    assert (first.start, first.end, last.start, last.end) == (5, 56, 69, 120)
    assert tallies.during(Period(1, 120, ""), "adults") == 1.0


def test_no_rows_is_an_error():
    with pytest.raises(ValueError, match="no rows"):
        findings(fake_run.weekly("none", 1).clear(), {})
