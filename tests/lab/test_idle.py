"""What was never used is told: by scheme, by date, and only where it was in force.

The country is a stand-in that holds what Idle reads; no kernel runs.
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from glasstown.engine import columns as c
from glasstown.engine.measures import INDEX
from glasstown.lab.idle import Idle
from glasstown.lab.rollout import Timetable
from glasstown.lab.scenario import load_scenario
from glasstown.laws.sanction import pack_listing, pack_notice
from glasstown.society import layout as at
from glasstown.society.compilation import compile_society

LINE = {"source": "me", "confidence": "assumed"}
SCHEME: dict[str, Any] = {
    "name": "mine", "title": "Mine", "summary": "Of my own.", **LINE,
    "score": {"start": 100, "ceiling": 200, **LINE},
    "rules": [
        {"behaviour": "jaywalking", "points": -5, "until": "2014-02-01", **LINE},
        {"behaviour": "jaywalking", "points": -9, "since": "2014-02-01", **LINE},
        {"behaviour": "bribe", "points": -20, **LINE},
    ],
    "lists": [{"name": "shunned", "score_below": 50, "grace_weeks": 2, **LINE}],
    "firms": {
        "rating": LINE, "rules": [{"behaviour": "counterfeit", "points": -20, **LINE}],
        "black": {"below": 70, **LINE}, "red_above": 150, **LINE,
    },
}  # fmt: skip


class Watch:
    """A run that never ran: weeks are told to Idle one by one."""

    def __init__(self, **changes: Any) -> None:
        scenario = load_scenario({"scheme": SCHEME, "society": {"citizens": 5000}, **changes})
        self.society = compile_society(scenario.society)
        self.listing = np.zeros(self.society.layout.blocks * at.BLOCK, np.uint16)
        state = SimpleNamespace(listing=self.listing)
        self.country: Any = SimpleNamespace(society=self.society, week=0, state=state)
        self.idle = Idle(self.country, Timetable(scenario, self.society))
        self.names = [one.name for one in self.society.behaviours]

    def week(self, region: str = "Henan", booked: tuple[str, ...] = (), **measures: int) -> None:
        zones = len(self.society.layout.places.zones)
        tally = np.zeros((zones, 1, c.WIDTH + 2 * len(self.names)), np.int64)
        tally[:, :, c.ADULTS] = 10
        zone = 2 * self.society.layout.region_names.index(region)
        for name in booked:
            tally[zone, 0, c.WIDTH + len(self.names) + self.names.index(name)] = 1
        for name, value in measures.items():
            tally[zone, 0, INDEX[name]] = value
        self.country.week += 1
        self.idle.look(tally)

    def said(self) -> str:
        return "\n".join(self.idle.warnings())


def test_what_was_never_used_is_told() -> None:
    watch = Watch()
    watch.week()
    assert watch.idle.warnings() == [
        "4 rules of 4 never fired in 1 week: jaywalking, jaywalking, bribe and counterfeit.",
        "Nobody was entered in 1 week on: shunned.",
        "No firm was entered in 1 week on the black and red lists of firms.",
    ]


def test_a_rule_of_a_later_date_has_not_fired_yet() -> None:
    watch = Watch()
    watch.week(booked=("jaywalking", "counterfeit"))
    assert "2 rules of 4 never fired in 1 week: jaywalking and bribe." in watch.said()
    for _ in range(5):
        watch.week(booked=("jaywalking",))
    assert "1 rule of 4 never fired in 6 weeks: bribe." in watch.said()


def test_a_notice_is_no_entry() -> None:
    watch = Watch()
    zone = watch.society.layout.places.zones[2 * watch.society.layout.region_names.index("Henan")]
    lane = int(zone[at.FIRST_BLOCK]) * at.BLOCK
    watch.listing[lane] = pack_notice(1, 0, 0)
    watch.week(entries_deeds=1)
    assert "shunned" in watch.said()
    watch.listing[lane] = pack_listing(1, 0, 0)
    watch.week(entries_deeds=1)
    assert "shunned" not in watch.said()


@pytest.mark.parametrize(
    ("measure", "left"), [("firm_entries", "red"), ("firm_entries_red", "black")]
)
def test_firms_lists_are_told_one_by_one(measure: str, left: str) -> None:
    watch = Watch()
    watch.week(**{measure: 3})
    assert f"No firm was entered in 1 week on the {left} list of firms." in watch.said()


def test_a_rule_fires_where_its_scheme_is_in_force() -> None:
    phases = [
        {"since": "2014-01-01", "scheme": "suining-2010"},
        {"since": "2014-01-08", "regions": ["Henan"]},
        {"since": "2016-01-01", "scheme": "none"},
    ]
    watch = Watch(rollout=phases)
    watch.week("Henan", booked=("bribe",))
    watch.week("Hebei", booked=("bribe",))
    assert "mine: 4 rules of 4 never fired in 1 week" in watch.said()
    watch.week("Henan", booked=("bribe",))
    assert "mine: 3 rules of 4 never fired in 2 weeks" in watch.said()
    assert "suining-2010: " in watch.said()
    assert "none: " not in watch.said(), "it was in force nowhere"
    assert "1 phase had not begun by the end: since 2016-01-01." in watch.said()


def test_a_spark_outside_of_the_run_is_told() -> None:
    watch = Watch(spark=["2014-01-08", "2013-01-01", "2019-05-01"])
    for _ in range(3):
        watch.week()
    said = watch.said()
    assert "Outside of the run no gathering could form: 2013-01-01 and 2019-05-01." in said


def test_what_is_left_out_is_no_warning() -> None:
    late = {"rollout": [{"since": "2019-01-01"}], "spark": ["2019-05-01"]}
    watch = Watch(**late, without=["rollout", "gatherings"])
    watch.week()
    assert "2019" not in watch.said()
