"""Part c: schemes are easily bent by those who run them (Hmaidi 2018, 35C3).

The total system is run three times with the same luck: with officials who help their own ties and
whom nobody watches, with four favours in five found out, and without insiders. At the end,
among adults who know a dishonest official and among those who know none, the share that is
publicly low:

- *bent*: the advantage of knowing one (low share of those who don't less of those who do), with
  unwatched insiders less without: whether insiders bend who is low;
- *watched*: the same, unwatched less watched: whether watching the officials undoes it.

The talk's abstract says that most systems are prone to manipulation by leaders of all levels; its
model has not been published, so only the direction is held against it.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from glasstown.engine.favours import ADULTS, LOW, count_favoured
from glasstown.lab.scenario import load_scenario
from glasstown.lab.validation.rows import Claim, Row, judged
from glasstown.lab.validation.runs import Runner
from glasstown.lab.validation.targets import targets

SCHEME, START, WEEKS_EACH = "total-2020", date(2014, 1, 1), 156
WEEKS = 3 * WEEKS_EACH
LINE = {"source": "experiment on insiders: sizes assumed", "confidence": "assumed"}
FAVOURS = {"dishonest": 0.5, "rate": 4.0, "points": 10.0, "strikes": 0.0, **LINE}


def worlds() -> list[dict[str, Any]]:
    """Return the three scenarios: unwatched, watched, none."""
    start = {"start": START, "weeks": WEEKS_EACH}
    bent = {"from": SCHEME, "insiders": {**FAVOURS, "caught": 0.0}}
    watched = {"from": SCHEME, "insiders": {**FAVOURS, "caught": 0.8}}
    return [
        {"scheme": bent, **start},
        {"scheme": watched, **start},
        {"scheme": bent, "without": ["insiders"], **start},
    ]


def advantage(runner: Runner, given: dict[str, Any], seed: int, below: int) -> float:
    """Run a scenario; return how much less often who knows an insider is publicly low."""
    _, country = runner.country(given, seed)
    runner.live(country, START, WEEKS_EACH)
    counts = count_favoured(country.worlds, country.state, seed, below)
    shares = counts[:, LOW] / counts[:, ADULTS].clip(1)
    return float(shares[0] - shares[1])


def rows(runner: Runner) -> list[Row]:
    """Run the experiment and hold it against the talk."""
    bent, watched = [], []
    insiders = load_scenario(worlds()[0]).scheme.insiders
    below = round(insiders.dishonest * 256) if insiders is not None else 0
    for place, seed in enumerate(runner.seeds):
        runner.progress.stage(f"insiders, seed {place + 1} of {len(runner.seeds)}")
        first, second, third = (advantage(runner, one, seed, below) for one in worlds())
        bent.append(first - third)
        watched.append(first - second)
    known = targets()
    bend = Claim(
        known["F23"], "c", "schemes are bent by those who run them", "direction",
        "Share publicly low of adults who know no dishonest official, less of those who know one, "
        f"after {WEEKS_EACH} weeks; with unwatched insiders less without.",
        "officials who help their ties don't change who is low.", side=1,
        said="prone to manipulation", test="Hmaidi",
    )  # fmt: skip
    watch = Claim(
        known["F24"], "c", "watching officials takes the advantage away", "direction",
        "The same, with unwatched insiders less with four favours in five found out and undone.",
        "finding favours out does not take the advantage away.", side=1,
        said="prone to manipulation", test="Hmaidi",
    )  # fmt: skip
    return [judged(bend, bent, runner.citizens), judged(watch, watched, runner.citizens)]
