"""Part b: two years of Rongcheng's scheme, against the records that were counted by 2015.

The country is Shandong alone, the province that Rongcheng lies in: no county has a row of its
own. FACTS 2.3: 33,000 positive and 260,000 negative records on 590,000 persons and 30,000 bodies.
No distribution of grades was published, so none is compared.
"""

from __future__ import annotations

import csv
import tempfile
from datetime import date
from importlib import resources
from pathlib import Path

from glasstown.lab.validation.rows import Claim, Row, judged
from glasstown.lab.validation.runs import Runner
from glasstown.lab.validation.series import Series
from glasstown.lab.validation.targets import targets

SCHEME, PROVINCE = "rongcheng-2014", "Shandong"
START, WEEKS = date(2014, 1, 1), 105
UNTIL = date(2015, 12, 31)
FACTOR = 1.5
RATES = (
    "the rates and visibility of everyday deeds are assumed, none is published, and none was "
    "moved to meet this; what Rongcheng's offices recorded is another mix than ours."
)


def table(folder: Path) -> Path:
    """Write a region table of the one province into a folder and return its path."""
    text = (resources.files("glasstown.society") / "data" / "provinces.csv").read_text("utf-8")
    lines = list(csv.DictReader(text.splitlines()))
    path = folder / "shandong.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, lines[0].keys())
        writer.writeheader()
        writer.writerow(next(line for line in lines if line["name_en"] == PROVINCE))
    return path


def for_each_positive(ours: Series) -> float:
    """Return how many negative records stand against each positive one."""
    positive = ours.upto(("records_positive",), UNTIL)
    return ours.upto(("records_negative",), UNTIL) / positive if positive else 0.0


def per_subject(ours: Series) -> float:
    """Return the negative records for each adult."""
    return ours.upto(("records_negative",), UNTIL) / ours.on(("adults",), UNTIL)


def rows(runner: Runner) -> list[Row]:
    """Run the scheme and hold its records against the published ones."""
    with tempfile.TemporaryDirectory() as folder:
        scenario = {
            "scheme": SCHEME, "start": START, "weeks": WEEKS,
            "society": {"regions": str(table(Path(folder)))},
        }  # fmt: skip
        runs = runner.all_seeds(scenario, SCHEME)
    known = targets()
    ratio = Claim(
        known["F14"], "b", "negative records for each positive one by the end of 2015",
        "prediction", "Records of persons that won no points, over those that won points.", RATES,
        factor=FACTOR,
    )  # fmt: skip
    each = Claim(
        known["F15"], "b", "negative records per subject by the end of 2015", "prediction",
        "Records of persons that won no points, over adults; the published subjects are persons "
        "and bodies.", RATES, factor=FACTOR,
    )  # fmt: skip
    return [
        judged(ratio, [for_each_positive(one) for one in runs], runner.citizens),
        judged(each, [per_subject(one) for one in runs], runner.citizens),
    ]
