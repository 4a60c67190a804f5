"""What of a run's tallies answers to what was published about the lists.

Published entries are person-times of citizens and organisations. Ours are entries, renewals (a
second judgment against somebody listed) and entries of firms.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import NamedTuple

import numpy as np

from glasstown.engine.measures import EXITS, FIRM_EXITS, OWN_CAUSES
from glasstown.lab.validation.rows import Claim
from glasstown.lab.validation.series import Series
from glasstown.society.declaration import ServiceDemand

PERSONS = tuple(f"entries_{cause}" for cause in OWN_CAUSES)
NEW = (*PERSONS, "firm_entries")
PERSON_TIMES = (*NEW, "renewals")
PERSON_EXITS = tuple(f"exits_{exit_}" for exit_ in EXITS)
ALL_EXITS = (*PERSON_EXITS, *(f"firm_exits_{exit_}" for exit_ in FIRM_EXITS))
COMPLIED = ("exits_performed", "firm_exits_performed")
LISTED = ("listed", "firms_black")
AIR, RAIL = ("denied_flight",), ("denied_train",)

BAN_SINCE, BAN_DAYS = date(2014, 7, 1), 34
"""Tickets are counted from the first day that the published counts have; 34 days were reported."""

END = date(2018, 12, 31)
CALIBRATED_MISSED = "the calibration does not hold for this country or these seeds."

Demand = Mapping[str, ServiceDemand]


class Record(NamedTuple):
    """One claim on the record, and how it is measured in a run and its demand for services."""

    claim: Claim
    measured: Callable[[Series, Demand], float]


def tried_within(demand: ServiceDemand, days: int) -> float:
    """Return the share of citizens who ask for a service within some days.

    Requests are Poisson; a share ``concentration`` of citizens makes nine tenths of them (see
    `glasstown.society.compilation.demand_tables`).
    """
    heavy = demand.concentration
    mean = demand.rate * days / 365.25
    light = 0.0 if heavy == 1 else (1 - heavy) * -np.expm1(-0.1 * mean / (1 - heavy))
    return float(heavy * -np.expm1(-(1.0 if heavy == 1 else 0.9) * mean / heavy) + light)
