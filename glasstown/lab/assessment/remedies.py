"""Article 27(1)(e, f): what puts mistakes right, how long it takes, and what can be undone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from glasstown.engine.measures import EXITS, WRONGLY
from glasstown.lab.assessment.estimates import (
    Estimate,
    Section,
    Table,
    has_variant,
    last,
    over_seeds,
    pooled,
    pooled_share,
    quantile,
    ratio,
    total,
)
from glasstown.lab.assessment.members import Record
from glasstown.lab.assessment.variants import NO_APPEAL, NONE, SCHEME, SWITCHED_OFF, half_time
from glasstown.lab.outcomes import WRONG
from glasstown.lab.scenario import Scenario
from glasstown.lab.wording import CAUSE_WORDS, EXIT_WORDS, counted, noun
from glasstown.society.compilation import WEEKS_A_YEAR

DAMAGE = {
    "caution": "caution raised",
    "ties": "ties cut and not mended",
    "silence": "critics silenced",
    "low": "adults publicly low",
    "shut_out": "adults shut out",
}


def section(records: Sequence[Record]) -> Section:
    """Return the section on remedies."""
    times = listing_times(records)
    won = pooled_share(records, _flow("appeals_won"), _flow("appeals"))
    untold = pooled_share(records, _flow("appeals_not_told"), _flow("appeals_not_told", "appeals"))
    made = over_seeds(records, lambda one: total(one, SCHEME, "appeals"))
    spared = pooled_share(records, _flow("spared_appeal", "spared_performed"), _flow("notices"))
    saved = _saved(records)
    exits = {way: over_seeds(records, _flow(f"exits_{way}")) for way in EXITS}
    corrected = over_seeds(
        records,
        lambda one: ratio(
            total(one, SCHEME, "points_won_correction"),
            total(one, SCHEME, "points_lost_misidentification"),
        ),
    )
    measures = {
        "weeks_on_lists": times, "appeals": made, "appeals_won": won, "not_told": untold,
        "notices_cleared_before_harm": spared, "appeal_saves_of_wrong_exclusion": saved,
        "points_booked_by_mistake_given_back": corrected, "exits": exits,
    }  # fmt: skip
    return Section(
        "remedies", "Remedies",
        "Article 27(1)(e) and (f): who can put a mistake right, how often does it work, and how "
        "long does it take?",
        tuple(_words(times, made, won, untold, spared, saved, corrected)), _tables(times, exits),
        measures,
    )  # fmt: skip


def _flow(*names: str) -> Callable[[Record], float]:
    return lambda one: total(one, SCHEME, *names)


def _saved(records: Sequence[Record]) -> Estimate | None:
    """Return the share of wrongful exclusion that appeal spares, from runs without it."""
    if not has_variant(records, NO_APPEAL):
        return None

    def measure(one: Record) -> float | None:
        without = total(one, NO_APPEAL, *WRONG)
        return ratio(without - total(one, SCHEME, *WRONG), without)

    return over_seeds(records, measure)


def listing_times(records: Sequence[Record]) -> dict[str, dict[str, int | None]]:
    """Return how long black listings lasted, by cause, and of all that were wrong (`wrong`)."""
    causes = {c for one in records for key in ("listings", "open_listings") for c in one[key]}
    found: dict[str, dict[str, int | None]] = {}
    wrong_ended: dict[int, int] = {}
    wrong_open: dict[int, int] = {}
    for cause in [one for one in CAUSE_WORDS if one in causes]:
        ended = pooled(records, "listings", cause)
        standing = pooled(records, "open_listings", cause)
        found[cause] = _times(ended, standing)
        if cause in WRONGLY:
            _add(wrong_ended, ended)
            _add(wrong_open, standing)
    if wrong_ended or wrong_open:
        found["wrong"] = _times(wrong_ended, wrong_open)
    return found


def _add(into: dict[int, int], more: dict[int, int]) -> None:
    for weeks, count in more.items():
        into[weeks] = into.get(weeks, 0) + count


def _times(ended: dict[int, int], standing: dict[int, int]) -> dict[str, int | None]:
    return {
        "ended": sum(ended.values()), "standing": sum(standing.values()),
        "p50": quantile(ended, 0.5), "p90": quantile(ended, 0.9),
    }  # fmt: skip


def _words(
    times: dict[str, dict[str, int | None]], made: Estimate | None, won: Estimate | None,
    untold: Estimate | None, spared: Estimate | None, saved: Estimate | None,
    corrected: Estimate | None,
) -> list[str]:  # fmt: skip
    said = []
    wrong = times.get("wrong")
    if wrong is not None and wrong["ended"]:
        said.append(
            f"A wrongful black listing lasted {noun(wrong['p50'] or 0, 'week')} at the median and "
            f"{noun(wrong['p90'] or 0, 'week')} for one in ten or longer "
            f"({counted(wrong['ended'])} that ended, {counted(wrong['standing'] or 0)} that still "
            "stood at the end)."
        )
    elif wrong is not None:
        said.append(f"None of {counted(wrong['standing'] or 0)} wrongful black listings had ended.")
    if made is not None and won is not None:
        said.append(
            f"In each country {made.said()} appeals were decided in the mean; "
            f"{won.said('percent')} were won."
        )
    else:
        said.append("No appeal was decided.")
    if untold is not None and untold.mean > 0:
        said.append(
            f"In {untold.said('percent')} of cases in which an appeal was possible, nobody had "
            "told the listed."
        )
    if spared is not None:
        said.append(
            f"Of all notices {spared.said('percent')} were cleared before they did harm, by appeal "
            "or by performing."
        )
    if saved is not None:
        said.append(
            "Against a run without appeal, appeal spared "
            f"{saved.said('percent')} of wrongful exclusion."
        )
    if corrected is not None:
        said.append(
            f"Of the points lost by mistake {corrected.said('percent')} were found and given back."
        )
    return said


def _tables(
    times: dict[str, dict[str, int | None]], exits: dict[str, Estimate | None]
) -> tuple[Table, ...]:
    rows = tuple(
        ("all that were wrong" if cause == "wrong" else CAUSE_WORDS[cause],
         counted(one["ended"] or 0), counted(one["standing"] or 0),
         "" if one["p50"] is None else str(one["p50"]),
         "" if one["p90"] is None else str(one["p90"]))
        for cause, one in times.items()
    )  # fmt: skip
    ways = tuple(
        (EXIT_WORDS[way], one.short()) for way, one in exits.items() if one is not None and one.mean
    )
    tables = []
    if rows:
        tables.append(Table(
            "times", "How long black listings lasted, by the cause of the entry",
            ("cause", "ended", "not over at the end", "p50, weeks", "p90, weeks"), rows,
            "Pooled over seeds; quantiles of those that ended. Later entries had less time to end: "
            "see those not over.",
        ))  # fmt: skip
    if ways:
        tables.append(Table(
            "ways", "How black lists were left, in each country", ("way", "exits"), ways,
        ))  # fmt: skip
    return tuple(tables)


def standing(record: Record, variant: str, name: str) -> float:
    """Return how much of a damage stands at the end of a run."""
    if name == "ties":
        return total(record, variant, "ties_cut") - total(record, variant, "ties_mended")
    if name == "caution":
        return last(record, variant, "caution_sum")
    if name == "silence":
        return -last(record, variant, "critical")
    if name == "low":
        return last(record, variant, "low")
    return last(record, variant, *(one for one in record["last"][variant]
                                   if one.startswith("excluded_")))  # fmt: skip


def left(record: Record, name: str) -> float | None:
    """Return the share of a damage that is left at the end of the run without the scheme."""
    ended, kept, never = (standing(record, one, name) for one in (SWITCHED_OFF, SCHEME, NONE))
    return ratio(ended - never, kept - never) if kept - never > 0 else None


def reversibility(records: Sequence[Record], scenario: Scenario) -> Section:
    """Return the section on what is left after the scheme has ended."""
    question = "HUDERIA: how reversible is the harm once the scheme is switched off?"
    if not has_variant(records, SWITCHED_OFF, NONE):
        return Section("reversibility", "Reversibility", question,
                       ("Could not be measured.",), (), {})  # fmt: skip
    found = {
        name: value
        for name in DAMAGE
        if (value := over_seeds(records, partial(left, name=name))) is not None
    }
    after = scenario.weeks - half_time(scenario)
    when = f"{after / WEEKS_A_YEAR:.1f} years" if after > WEEKS_A_YEAR else noun(after, "week")
    parts = [f"{DAMAGE[name]} {value.said('percent')}" for name, value in found.items()]
    said = ["In the runs the scheme did no damage that could be undone."]
    if parts:
        said = [f"What is left {when} after it was switched off: {'; '.join(parts)}."]
        said.append("The time that was lost, and what was refused in it, is not given back.")
    rows = tuple((DAMAGE[name], one.short("percent")) for name, one in found.items())
    table = Table(
        "left", f"Share of the damage that is left {when} after switching off",
        ("damage", "left"), rows,
        "The run that ends the scheme at half time against the one that keeps it and the one that "
        "never had it. 100%: nothing came back; 0%: as if it had never been.",
    )  # fmt: skip
    return Section(
        "reversibility", "Reversibility", question, tuple(said), (table,) if rows else (),
        {"weeks_after": after, "left": found},
    )  # fmt: skip
