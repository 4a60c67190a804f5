"""Targets, scaling, verdicts (with cases that must fail), and how a published date is asked."""

from __future__ import annotations

import datetime as dt

import numpy as np
import polars as pl
import pytest
from countries import country

from glasstown.engine.measures import NAMES
from glasstown.engine.reference_people import People
from glasstown.engine.world import CUT, ENROLLED, week_keys
from glasstown.lab.validation import models, record, rongcheng, speech, ties
from glasstown.lab.validation.measures import tried_within
from glasstown.lab.validation.rows import Claim, interval, is_near, is_within, judged
from glasstown.lab.validation.series import Series, days_of
from glasstown.lab.validation.targets import published_citizens, targets
from glasstown.lab.validation.validation import validate
from glasstown.laws.publish import LOW
from glasstown.society.catalogue import services
from glasstown.society.declaration import ServiceDemand

KNOWN = targets()
DEMAND = {one.name: one for one in services()}
CHINA = 1_409_778_724


def weekly(weeks: int = 300, start: dt.date = record.START, **columns: float) -> Series:
    """A country in which every week is alike: given measures, all others 0."""
    ends = [start + dt.timedelta(days=7 * week + 6) for week in range(weeks)]
    names = (*NAMES, *columns)
    data = {name: np.full(weeks, columns.get(name, 0.0)) for name in names}
    return Series(pl.DataFrame({"date": ends, **data}))


def claim(kind: str, value: float = 100.0, **more) -> Claim:
    target = KNOWN["D05"]._replace(value=value)
    return Claim(target, "a", "something", kind, "Measured so.", "it is otherwise.", **more)


# The packaged numbers, some by hand from FACTS 2.1, 2.2 and 2.3.
@pytest.mark.parametrize(
    ("id_", "value", "date"),
    [
        ("D01", 87_079, "2014-03-10"), ("D03", 9_590_000, "2017-12-31"),
        ("D05", 12_770_000, "2018-12-31"), ("A04", 17_460_000, "2018-12-31"),
        ("R03", 5_470_000, "2018-12-31"), ("N04", 126_790, "2018-05"), ("R11", 33_000, "2015-12"),
        ("R12", 260_000, "2015-12"), ("F01", 0.275, "2018-12-31"), ("F06", 0.0151, "2018-05"),
    ],
)  # fmt: skip
def test_packaged_targets_are_the_published_ones(id_, value, date):
    assert (KNOWN[id_].value, KNOWN[id_].date) == (value, date)


def test_derived_targets_follow_from_the_published_ones():
    assert KNOWN["F06"].value == pytest.approx(KNOWN["N04"].value / KNOWN["N02"].value, abs=1e-4)
    assert KNOWN["F08"].value == pytest.approx(282_084 / KNOWN["N05"].value, abs=1e-3)
    assert KNOWN["F11"].value == pytest.approx(202_123 / KNOWN["N06"].value, abs=1e-3)
    assert KNOWN["F09"].value == pytest.approx(0.8776 * KNOWN["N03"].value, abs=1)
    assert KNOWN["F14"].value == pytest.approx(KNOWN["R12"].value / KNOWN["R11"].value, abs=0.05)
    assert KNOWN["F15"].value == pytest.approx(KNOWN["R12"].value / 620_000, abs=1e-2)
    assert KNOWN["F01"].value == pytest.approx(3_510_000 / KNOWN["D05"].value, abs=1e-3)
    assert KNOWN["F02"].value == pytest.approx(12_389 / KNOWN["D02"].value, abs=1e-3)
    assert KNOWN["F03"].value == pytest.approx(KNOWN["A01"].value / 12_389, abs=0.05)
    assert KNOWN["F04"].value == pytest.approx(12 * 0.849 * 248_417 / 1.113e9, rel=0.01)
    assert KNOWN["F05"].value == pytest.approx(12 * 282_084 / 1.113e9, rel=0.01)


def test_every_target_has_a_source_and_a_confidence():
    assert len(KNOWN) > 70
    for one in KNOWN.values():
        assert len(one.source) > len(one.source_id), one.id
        assert one.confidence in ("seen", "derived"), one.id


def test_counts_are_scaled_by_the_population_of_the_provinces():
    assert published_citizens() == CHINA
    row = judged(claim("prediction", 1e6, is_count=True, factor=2), [70.0, 72.0], 100_000)
    assert row.expected == pytest.approx(1e6 * 100_000 / CHINA)
    assert row.published == 1e6
    assert row.scaled == "1:14100"
    assert judged(claim("prediction", factor=2), [100.0, 100.0], 100_000).scaled == "not scaled"


def test_calibrated_holds_within_a_tenth_and_no_further():
    assert judged(claim("calibrated"), [109.0, 110.9], 100_000).verdict == "within"
    assert judged(claim("calibrated"), [110.0, 112.0], 100_000).verdict == "misfit"
    assert judged(claim("calibrated"), [89.0, 90.0], 100_000).verdict == "misfit"
    assert is_within(110.0, 100.0, 1.1)


def test_a_prediction_holds_within_its_factor_and_no_further():
    assert judged(claim("prediction", factor=1.25), [124.0, 126.0], 100_000).verdict == "within"
    assert judged(claim("prediction", factor=1.25), [126.0, 127.0], 100_000).verdict == "misfit"
    assert judged(claim("prediction", factor=1.25), [79.0, 79.5], 100_000).verdict == "misfit"
    assert not is_near(0.0, 100.0, 10)
    assert is_near(-30.0, -27.0, 1.25)


def test_a_prediction_of_a_range_holds_inside_it_only():
    upper = KNOWN["D05"]._replace(value=120.0)
    for value, verdict in ((100.0, "within"), (120.0, "within"), (99.0, "misfit"), (121, "misfit")):
        row = judged(claim("prediction", until=upper), [value, value], 100_000)
        assert (row.verdict, row.expected, row.ratio) == (verdict, "100 to 120", None)


def test_a_direction_needs_the_whole_interval_on_its_side():
    down = claim("direction", side=-1, said="falls")
    assert judged(down, [-0.2, -0.21, -0.19], 100_000).verdict == "direction"
    assert judged(down, [-0.2, 0.1, -0.1], 100_000).verdict == "misfit"
    assert judged(down, [0.2, 0.21, 0.19], 100_000).verdict == "misfit"
    assert judged(down, [0.0, 0.0], 100_000).verdict == "misfit"
    up = claim("direction", side=1, said="rises")
    assert judged(up, [0.2, 0.21], 100_000).published == "rises"
    assert judged(up, [0.2, 0.21, 0.19], 100_000).verdict == "direction"


def test_a_misfit_says_what_it_means_and_a_fit_does_not():
    fits = judged(claim("calibrated"), [100.0, 100.0], 100_000)
    misses = judged(claim("calibrated"), [200.0, 200.0], 100_000)
    assert fits.meaning == "Measured so."
    assert misses.meaning == "Measured so. Misfit: it is otherwise."


def test_one_seed_makes_no_interval():
    with pytest.raises(ValueError, match="at least 2 seeds"):
        judged(claim("calibrated"), [100.0], 100_000)


def test_the_interval_is_students():
    # Mean 2, standard error 1 / sqrt(3), t(2) at 97.5 % 4.3027 (any table).
    low, high = interval([1.0, 2.0, 3.0])
    assert (low + high) / 2 == pytest.approx(2)
    assert (high - low) / 2 == pytest.approx(4.3027 / 3**0.5, rel=1e-4)


def test_a_published_day_within_a_week_counts_its_days():
    ours = weekly(denied_flight=7)
    assert ours.upto(["denied_flight"], record.START) == pytest.approx(1)
    assert ours.upto(["denied_flight"], record.START + dt.timedelta(days=9)) == pytest.approx(10)
    month = ours.between(["denied_flight"], dt.date(2018, 5, 1), dt.date(2018, 5, 31))
    assert month == pytest.approx(31)
    with pytest.raises(ValueError, match="lies after the last week"):
        weekly(10).upto(["denied_flight"], dt.date(2018, 1, 1))


def test_dates_of_targets():
    assert days_of(KNOWN["N07"]) == (dt.date(2018, 1, 1), dt.date(2018, 12, 31))
    assert days_of(KNOWN["D02"]) == (dt.date(2014, 7, 23),) * 2


def test_the_list_runs_to_the_end_of_2018():
    assert record.START + dt.timedelta(weeks=record.WEEKS, days=-1) == dt.date(2018, 12, 31)


def rows_of(**columns: float) -> dict[str, object]:
    runs = [weekly(adults=80_000, **columns), weekly(adults=80_000, **columns)]
    return {row.id: row for row in record.rows(runs, DEMAND, 100_000)}


def test_every_published_series_is_compared_once():
    ids = [one.claim.target.id for one in record.records()]
    assert len(ids) == len(set(ids))
    assert {"D01", "D05", "A01", "A04", "R01", "R03", "N01", "N07", "N09"} <= set(ids)
    calibrated = {one.claim.target.id for one in record.records() if one.claim.kind == "calibrated"}
    assert calibrated == {"D02", "D03", "D05", "A04", "R03", "F01", "F02", "F07"}


def test_entries_count_renewals_and_firms():
    alone = rows_of(entries_deeds=10)["D05"].ours
    assert rows_of(entries_deeds=10, renewals=2, firm_entries=3)["D05"].ours == pytest.approx(
        1.5 * alone
    )
    assert alone == pytest.approx(10 * record.WEEKS)


def test_tickets_count_from_the_first_of_july_2014():
    weeks = (dt.date(2018, 12, 31) - dt.date(2014, 6, 30)).days / 7
    assert rows_of(denied_flight=7)["A04"].ours == pytest.approx(7 * weeks)


def test_shares_and_rates_are_what_they_say():
    rows = rows_of(
        entries_deeds=8, firm_entries=2, exits_performed=2, firm_exits_performed=0.5,
        listed=100, denied_flight=3,
    )  # fmt: skip
    assert rows["F01"].ours == pytest.approx(0.25)
    assert rows["F07"].ours == pytest.approx(0.8)
    assert rows["F11"].ours == pytest.approx(0.8)
    assert rows["F04"].ours == pytest.approx(8 * 365.25 / 7 / 80_000, rel=1e-3)
    assert rows["F06"].ours == pytest.approx(2.5 * 31 / 7 / 100)
    assert rows["F10"].ours == pytest.approx(3 * 365 / 7 / 100, rel=1e-3)


def test_an_empty_country_is_a_misfit_not_a_crash():
    rows = rows_of()
    assert rows["D05"].verdict == rows["F01"].verdict == rows["F07"].verdict == "misfit"


def test_who_tried_to_fly_is_the_poisson_share():
    even = ServiceDemand.model_validate(
        {"name": "flight", "meaning": "m", "domain": "d", "rate": 36.525, "concentration": 1,
         "source": "test", "confidence": "assumed"}
    )  # fmt: skip
    assert tried_within(even, 10) == pytest.approx(1 - np.exp(-1))
    few = even.model_copy(update={"concentration": 0.1})
    # Ten days: the heavy tenth asks 9 times in the mean, the light 0.1 / 0.9 times.
    share = 0.1 * (1 - np.exp(-9.0)) + 0.9 * (1 - np.exp(-1 / 9))
    assert tried_within(few, 10) == pytest.approx(share)


def test_paths_are_cumulative_and_start_when_they_are_counted():
    ours = record.paths([weekly(274, denied_flight=2), weekly(274, denied_flight=4)])
    air = ours.filter(pl.col("series") == "air tickets blocked")
    before = air.filter(pl.col("date") < dt.date(2014, 7, 1))
    assert before["largest"].to_list() == [0] * before.height
    last = air.row(-1, named=True)
    assert (last["least"], last["mean"], last["largest"]) == pytest.approx(
        (2 * (274 - before.height), 3 * (274 - before.height), 4 * (274 - before.height))
    )


def test_rongchengs_table_is_shandong_alone(tmp_path):
    lines = rongcheng.table(tmp_path).read_text("utf-8").splitlines()
    assert len(lines) == 2
    assert "Shandong" in lines[1]


def test_rongchengs_records():
    ours = weekly(105, start=rongcheng.START, records_positive=1, records_negative=8, adults=1000)
    assert rongcheng.for_each_positive(ours) == pytest.approx(8)
    days = (rongcheng.UNTIL - rongcheng.START).days + 1
    assert rongcheng.per_subject(ours) == pytest.approx(8 * days / 7 / 1000)
    assert rongcheng.for_each_positive(weekly(105, start=rongcheng.START)) == 0


def posts(critical: np.ndarray, praise: float = 100.0) -> Series:
    weeks = speech.BEFORE + speech.AFTER
    ends = [speech.START + dt.timedelta(days=7 * week + 6) for week in range(weeks)]
    data = {"posts_critical": critical, "posts_praise": np.full(weeks, praise)}
    return Series(pl.DataFrame({"date": ends, **data}))


def chilled(early: float, late: float, praise: float = 100.0) -> Series:
    critical = np.full(speech.BEFORE + speech.AFTER, 100.0)
    critical[speech.BEFORE :] = early
    critical[speech.BEFORE + 40 :] = late
    return posts(critical, praise)


def test_chilling_and_recovery_are_told_apart():
    free = posts(np.full(speech.BEFORE + speech.AFTER, 100.0))
    fell = [(chilled(70 + noise, 82 + noise), free) for noise in (0.0, 0.5, 1.0)]
    rows = speech.directions(fell, 100_000)
    assert [row.verdict for row in rows] == ["direction"] * 3
    assert rows[1].ours == pytest.approx(0.12)
    sizes = speech.sizes(fell, 100_000)
    assert [row.verdict for row in sizes] == ["within"] * 3
    assert sizes[0].ours == pytest.approx(-0.295)


def test_recovery_is_what_comes_back_in_part():
    free = posts(np.full(speech.BEFORE + speech.AFTER, 100.0))
    noises = (0.0, 0.5, 1.0)
    part = [(chilled(70 + noise, 82 + noise), free) for noise in noises]
    rows = speech.recovery(part, 100_000)
    assert [row.verdict for row in rows] == ["direction", "within"]
    assert rows[0].ours == pytest.approx(0.12)
    whole = [(chilled(70 + noise, 100 + noise), free) for noise in noises]
    assert [row.verdict for row in speech.recovery(whole, 100_000)] == ["direction", "misfit"]
    none = [(chilled(70 + noise, 70 + noise), free) for noise in noises]
    assert [row.verdict for row in speech.recovery(none, 100_000)] == ["misfit", "within"]


def test_chilling_that_does_not_come_is_a_misfit():
    free = posts(np.full(speech.BEFORE + speech.AFTER, 100.0))
    lasting = [(chilled(70 + noise, 60 + noise), free) for noise in (0.0, 0.5, 1.0)]
    assert [row.verdict for row in speech.directions(lasting, 100_000)] == [
        "direction", "misfit", "direction",
    ]  # fmt: skip
    louder = [(chilled(110 + noise, 110 - noise, 50), free) for noise in (0.0, 0.5, 1.0)]
    assert {row.verdict for row in speech.directions(louder, 100_000)} == {"misfit"}
    assert {row.verdict for row in speech.sizes(louder, 100_000)} == {"misfit"}


def test_the_gap_is_who_is_opposed_and_does_not_say_so():
    runs = [weekly(adults=1000, opposed=400, critical=100 + more) for more in (0, 10)]
    rows = speech.support(runs, "court-list", "It is otherwise.", 100_000)
    assert rows[0].ours == pytest.approx(29.5)
    assert rows[1].ours == pytest.approx(89.5)
    assert [row.verdict for row in rows] == ["within", "misfit"]
    open_country = [weekly(adults=1000, opposed=400, critical=390 + more) for more in (0, 5)]
    assert speech.support(open_country, "none", "", 100_000)[0].verdict == "misfit"


def test_bonds_are_those_of_the_reference():
    made = country("total-2020", 3_000, 5)
    adults = People(made.world, week_keys(5, 0).tolist()).adults
    numbers = {one.index for one in adults}
    people = People(made.world, week_keys(5, 0).tolist())
    ends = [
        (one.index, other.index)
        for one in people.adults
        for _, other in people.ties(one)
        if other.index in numbers
    ]
    before = ties.open_lanes(made)
    assert ties.bonds(made, before) == (pytest.approx(len(ends) / len(adults)), 0.0)
    # Who is low cuts nothing: half the adults are made low, and one kind of tie is cut by them.
    low = {index for index in numbers if index % 2}
    words = np.zeros_like(made.state.words[LOW])
    for index in low:
        words[index // 64] |= np.uint64(1 << index % 64)
    made.state.words[LOW] = words
    made.state.words[CUT + 4] |= words
    kept = [
        (one.index, other.index)
        for one in people.adults
        for tie, other in people.ties(one)
        if other.index in numbers and not (tie == 7 and ({one.index, other.index} & low))
    ]
    alike, alike_before = (
        sum((one in low) == (other in low) for one, other in pairs) / len(pairs)
        for pairs in (kept, ends)
    )
    found = ties.bonds(made, before)
    assert found.ties == pytest.approx(len(kept) / len(adults))
    assert found.selected == pytest.approx(alike - alike_before)
    assert len(kept) < len(ends)
    assert int(np.bitwise_count(made.state.words[ENROLLED]).sum()) == len(adults)


def test_a_tiny_country_goes_through_every_part(monkeypatch):
    # The published models have tests of their own and take a minute; everything else is run.
    monkeypatch.setattr(models, "CASES", models.CASES[:1])
    found = validate(citizens=10_000, seeds=2)
    by_part = {part: [row for row in found.rows if row.part == part] for part in "abcd"}
    assert len(by_part["a"]) == len(record.records())
    assert [row.id for row in by_part["b"]] == ["F14", "F15"]
    tests = ["T13"] * 8 + ["T16"] * 4 + ["T10"] * 2 + ["Hmaidi"] * 2 + ["T20"] * 4
    assert [row.id for row in by_part["c"]] == tests
    assert {row.id for row in by_part["d"]} == {"T1"}
    assert {row.verdict for row in by_part["d"]} == {"exact"}
    entered = next(row for row in found.rows if row.id == "D05")
    assert 45 < entered.ours < 180  # 91 are expected
    assert found.paths["mean"].max() >= entered.ours
    again = validate(citizens=10_000, seeds=2)
    assert again == found._replace(paths=again.paths)


def test_ctrl_c_keeps_the_parts_that_are_finished(monkeypatch):
    def stopped(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(speech, "rows", stopped)
    found = validate(citizens=10_000, seeds=2)
    assert not found.is_complete
    assert {row.part for row in found.rows} == {"a", "b"}
    assert found.as_data()["complete"] is False
