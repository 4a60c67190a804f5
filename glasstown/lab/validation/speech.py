"""Part c: speech chilled by surveillance (T13), and the gap between public and private (T16).

T13 (Penney 2016): views of sensitive pages fell when surveillance became known and came partly
back in 14 months. Here a country without a scheme gets the watching scheme after a year; its
critical posts are compared, week by week, with those of the same country without it, so that
nothing but the scheme differs. Pages viewed and posts written are not the same thing: the
direction is compared, and the size at a factor of 2. What came back came back when the news had
faded; so the same is run a second time with the scheme switched off after seven months, which
also says how far speech recovers from it.

T16 (Carter et al. 2024): asked directly, more support the government than in list experiments.
Who voices no criticism is taken to answer that they support it; private support is what the
society's opinions were made from (60 %, FACTS 2.6), so the gap measures what is not said. No
scheme here is the country that was surveyed: the gap is shown under the court list and under the
system as reported in 2018.
"""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np

from glasstown.lab.validation.rows import Claim, Row, judged
from glasstown.lab.validation.runs import Runner
from glasstown.lab.validation.series import Series
from glasstown.lab.validation.targets import targets

SCHEME = "total-2020"
START, BEFORE, AFTER = date(2014, 1, 1), 52, 61
WEEKS = 3 * (BEFORE + AFTER)
SECOND_MONTH, EARLY, LATE = (5, 8), (5, 30), (49, AFTER)
"""Weeks of the scheme, counted from 1: the second month, months 2 to 7, months 12 to 14."""
SIZE = 2.0
CRITICAL, PRAISE = ("posts_critical",), ("posts_praise",)
Pair = tuple[Series, Series]
SAID = {"F16": "falls", "F20": "recovers in part", "F19": "falls further than the comparator"}
ENDED = "what was chilled stays chilled when the scheme is gone."
LASTING = (
    "while the watching goes on, losses renew caution, so speech does not come back: ours is a "
    "lasting scheme, Penney's a revelation that faded from the news."
)
UNAFRAID = (
    "the society knows no fear but what a scheme makes. The surveys were made under censorship and "
    "policing that a court list leaves out; without them most of the opposed say so."
)
FEARFUL = "the system as reported in 2018 silences more or fewer than surveys suggest."
PAIRED = "Posts under the scheme over those of the same country without it, less 1"


def change(watched: Series, free: Series, posts: tuple[str, ...], weeks: tuple[int, int]) -> float:
    """Return the relative change of posts in some weeks of the scheme."""
    first, last = BEFORE + weeks[0], BEFORE + weeks[1]
    without = free.mean(posts, first, last)
    return watched.mean(posts, first, last) / without - 1 if without else 0.0


def lowest(watched: Series, free: Series) -> float:
    """Return the change in the lowest four weeks after the first month."""
    months = [(week, week + 3) for week in range(5, AFTER - 2)]
    return min(change(watched, free, CRITICAL, one) for one in months)


def rows(runner: Runner, listed: list[Series]) -> list[Row]:
    """Run the country with and without the scheme; ``listed`` are runs of the court list."""
    common = {"start": START, "weeks": BEFORE + AFTER}
    begins = [{"since": START + timedelta(weeks=BEFORE)}]
    watched = runner.all_seeds(
        {**common, "scheme": SCHEME, "rollout": begins}, f"none, then {SCHEME}"
    )
    free = runner.all_seeds({**common, "scheme": "none"}, "none")
    ends = {"since": START + timedelta(weeks=BEFORE + EARLY[1]), "scheme": "none"}
    ended = runner.all_seeds(
        {**common, "scheme": SCHEME, "rollout": [*begins, ends]}, f"none, then {SCHEME}, then none"
    )
    pairs = list(zip(watched, free, strict=True))
    citizens = runner.citizens
    return [
        *directions(pairs, citizens),
        *sizes(pairs, citizens),
        *recovery(list(zip(ended, free, strict=True)), citizens),
        *support(listed, "court-list", UNAFRAID, citizens),
        *support(watched, SCHEME, FEARFUL, citizens),
    ]


def directions(pairs: list[Pair], citizens: int) -> list[Row]:
    """Hold pairs of runs, with and without the scheme, against what T13 says of directions."""
    early = [change(*pair, CRITICAL, EARLY) for pair in pairs]
    late = [change(*pair, CRITICAL, LATE) for pair in pairs]
    praise = [change(*pair, PRAISE, EARLY) for pair in pairs]
    drop = [change(*pair, CRITICAL, SECOND_MONTH) for pair in pairs]

    def row(id_: str, what: str, measure: str, misfit: str, side: int, found: list[float]) -> Row:
        claim = Claim(
            targets()[id_], "c", what, "direction", f"{PAIRED}{measure}.", misfit, side=side,
            said=SAID[id_], test="T13",
        )  # fmt: skip
        return judged(claim, found, citizens)

    return [
        row("F16", "critical posts fall when surveillance starts", ", second month",
            "criticism is not chilled.", -1, drop),
        row("F20", "part of it comes back", ": months 12 to 14 less months 2 to 7", LASTING, 1,
            np.subtract(late, early).tolist()),
        row("F19", "a safer comparator falls less", ", months 2 to 7: criticism less praise",
            "praise falls as much as criticism.", -1, np.subtract(early, praise).tolist()),
    ]  # fmt: skip


def sizes(pairs: list[Pair], citizens: int) -> list[Row]:
    """Hold pairs of runs, with and without the scheme, against what T13 says of sizes."""

    def row(id_: str, what: str, measure: str, found: list[float]) -> Row:
        claim = Claim(
            targets()[id_], "c", what, "prediction", f"{PAIRED}, {measure}.",
            "speech is chilled more or less than page views were.", factor=SIZE, test="T13",
        )  # fmt: skip
        return judged(claim, found, citizens)

    second = [change(*pair, CRITICAL, SECOND_MONTH) for pair in pairs]
    late = [change(*pair, CRITICAL, LATE) for pair in pairs]
    least = [lowest(*pair) for pair in pairs]
    return [
        row("F16", "change of critical posts in the second month", "second month", second),
        row("F17", "lowest change of critical posts", "lowest four weeks", least),
        row("F18", "change of critical posts after 14 months", "months 12 to 14", late),
    ]


def recovery(pairs: list[Pair], citizens: int) -> list[Row]:
    """Hold runs whose scheme ends after seven months against what T13 says of what came back."""
    late = [change(*pair, CRITICAL, LATE) for pair in pairs]
    early = [change(*pair, CRITICAL, EARLY) for pair in pairs]
    known = targets()
    back = Claim(
        known["F20"], "c", "part of it comes back once the watching has ended", "direction",
        f"{PAIRED}: months 12 to 14 less months 2 to 7, at whose end the scheme is switched off.",
        ENDED, side=1, said=SAID["F20"], test="T13",
    )  # fmt: skip
    size = Claim(
        known["F18"], "c", "change of critical posts after 14 months, the watching ended",
        "prediction", f"{PAIRED}, months 12 to 14; the scheme was switched off after month 7.",
        "more or less of speech came back than of page views.", factor=SIZE, test="T13",
    )  # fmt: skip
    rows = [judged(back, np.subtract(late, early).tolist(), citizens)]
    return [*rows, judged(size, late, citizens)]


def public_support(ours: Series, day: date) -> float:
    """Return the adults who voice no criticism on a day, in percent."""
    return 100 * (1 - ours.on(("critical",), day) / ours.on(("adults",), day))


def private_support(ours: Series, day: date) -> float:
    """Return the adults who are not privately opposed on a day, in percent."""
    return 100 * (1 - ours.on(("opposed",), day) / ours.on(("adults",), day))


def support(runs: list[Series], scheme: str, misfit: str, citizens: int) -> list[Row]:
    """Hold the gap at the end of some runs of a scheme, one a seed, against T16."""
    known, end = targets(), runs[0].ends[-1]
    public = [public_support(one, end) for one in runs]
    gaps = [said - private_support(one, end) for said, one in zip(public, runs, strict=True)]
    under = f"Under {scheme} on {end}: adults who voice no criticism"
    gap = Claim(
        known["F12"], "c", f"public less private support under {scheme}, in points", "prediction",
        f"{under}, less adults who are not privately opposed (the society is made with 60 % "
        "private support).", misfit, until=known["F13"], test="T16",
    )  # fmt: skip
    said = known["O16"]
    loud = Claim(
        said, "c", f"support said directly under {scheme}", "prediction", f"{under}, in percent.",
        misfit, until=said._replace(value=100.0), test="T16",
    )  # fmt: skip
    return [judged(gap, gaps, citizens), judged(loud, public, citizens)]
