"""A comparison in sentences, each made from its numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta

from glasstown.lab.comparison.comparison import Comparison, Difference
from glasstown.lab.comparison.differences import PUBLISHED_FACTOR, Estimate, Factor
from glasstown.lab.outcomes import RATE, SHARE, Outcome
from glasstown.lab.wording import CAUSE_WORDS, counted, decimal, joined, noun, percent

HARDLY = 1.5
"""A factor below this is told as one that hardly does anything."""
MANY = 3
"""With more other worlds than this, a sentence about all of them names only the ends."""
SAID = ("excluded", "excluded_wrongly", "denied", "silenced", "offences")
"""Outcomes that get a sentence of their own."""


def value_in_words(outcome: Outcome, value: float) -> str:
    """Write an outcome's value with its unit."""
    if outcome.unit == SHARE:
        return percent(value)
    return decimal(value) if value >= 0 else f"−{decimal(-value)}"


def change_in_words(outcome: Outcome, value: float) -> str:
    """Write a difference with its sign and unit; shares in percentage points.

    >>> from glasstown.lab.outcomes import BY_NAME
    >>> change_in_words(BY_NAME["excluded"], -0.0123), change_in_words(BY_NAME["denied"], 0.5)
    ('−1.2 pp', '+0.50')
    """
    size = abs(value) * (100 if outcome.unit == SHARE else 1)
    unit = " pp" if outcome.unit == SHARE else ""
    sign = "" if value == 0 else "+" if value > 0 else "−"
    return f"{sign}{decimal(size)}{unit}"


def interval_in_words(outcome: Outcome, value: Estimate) -> str:
    """Write the interval of a difference, or that there is none."""
    if value.low is None or value.high is None:
        return "no interval"
    return f"{change_in_words(outcome, value.low)} to {change_in_words(outcome, value.high)}"


def factor_in_words(factor: Factor) -> str:
    """Write how much pairing took off the variance."""
    if factor.value is None:
        return factor.note
    if factor.low is None or factor.high is None:
        return f"{times(factor.value)} times"
    return f"{times(factor.value)} times ({times(factor.low)} to {times(factor.high)})"


def times(value: float) -> str:
    """Write a factor.

    >>> times(1.04), times(23.4), times(12345.0)
    ('1.0', '23', '12,345')
    """
    return f"{value:.1f}" if value < 10 else counted(value)


def values_found(rows: Sequence[Difference], first: str, shown: Difference | None = None) -> str:
    """Say an outcome's values in the first world and in others, without a full stop."""
    known = rows[0] if shown is None else shown
    o = known.outcome
    of = {SHARE: " of adults", RATE: " per adult and year"}.get(o.unit, f" {o.unit}")
    words = [f"{value_in_words(o, known.first.mean)}{of} under {first}"]
    words += [f"{value_in_words(o, one.other.mean)} under {one.world}" for one in rows]
    when = "" if o.unit == RATE or o.meaning.rstrip(".").endswith("at the end") else " at the end"
    return f"{o.meaning.rstrip('.')}{when}: {joined(words)}"


def difference_found(one: Difference, first: str) -> str:
    """Say how an outcome differs between two worlds."""
    return f"{values_found([one], first)}; {by_how_much(one)}."


def by_how_much(one: Difference) -> str:
    """Say a difference with its interval, as 'more' or 'less'."""
    by = one.difference
    if by.mean == 0 and by.low == by.high:
        return "no seed shows any difference"
    unit = " percentage points" if one.outcome.unit == SHARE else ""
    said = f"{_size(one, by.mean)}{unit} {_way(by.mean)}"
    if by.low is None or by.high is None:
        return f"{said} (one seed: no interval)"
    if by.is_clear:
        ends = sorted((abs(by.low), abs(by.high)))
        return f"{said} (95% interval {_size(one, ends[0])} to {_size(one, ends[1])})"
    return (f"{said}, which may be luck (95% interval {_size(one, by.low)} {_way(by.low)} to "
            f"{_size(one, by.high)} {_way(by.high)})")  # fmt: skip


def _size(one: Difference, value: float) -> str:
    return decimal(abs(value) * (100 if one.outcome.unit == SHARE else 1))


def _way(value: float) -> str:
    return "more" if value > 0 else "less"


def course_found(comparison: Comparison, name: str) -> str:
    """Say, in one sentence, an outcome's values in all worlds and by how much they differ."""
    rows = [one for one in comparison.differences if one.outcome.name == name]
    if not rows:
        return "No seed came through in two worlds."
    first = comparison.worlds[0].label
    if len(rows) == 1:
        return difference_found(rows[0], first)
    if len(rows) > MANY:
        return ends_found(rows, first)
    sure = [one.world for one in rows if one.difference.is_clear]
    if not sure:
        return f"{values_found(rows, first)}; none differs from {first} beyond luck."
    return (
        f"{values_found(rows, first)}; {joined(sure)} differ{'s' * (len(sure) == 1)} beyond luck."
    )


def ends_found(rows: Sequence[Difference], first: str) -> str:
    """Say an outcome in the first world, and in those where it is least and most."""
    ordered = sorted(rows, key=lambda one: one.other.mean)
    clear = sum(one.difference.is_clear for one in rows)
    words = [f"{which} {value_in_words(one.outcome, one.other.mean)} under {one.world}"
             for which, one in (("least", ordered[0]), ("most", ordered[-1]))]  # fmt: skip
    start = values_found([], first, rows[0])
    return f"{start}; of {len(rows)} other worlds {joined(words)}; {clear} differ beyond luck."


def transitions_found(comparison: Comparison, world: str) -> str:
    """Say who would not be shut out in another world, and who would be there only."""
    first, one = comparison.worlds[0].label, comparison.transitions[world]
    there = one.first_only.mean + one.both.mean
    if there == 0 and one.other_only.mean == 0:
        return f"Nobody is shut out at the end, neither under {first} nor under {world}."
    said = (
        f"Of {adults(there)} shut out under {first}, {amount(one.first_only.mean)} are not under "
    )
    said += f"{world}, and {amount(one.both.mean)} are under both; {amount(one.other_only.mean)} "
    return f"{said}are shut out under {world} only (means of {noun(one.both.seeds, 'seed')})."


def moved_found(comparison: Comparison) -> str:
    """Say, in one sentence, who of the first world would not be shut out in the others."""
    if len(comparison.transitions) == 1:
        return transitions_found(comparison, next(iter(comparison.transitions)))
    first, rows = comparison.worlds[0].label, comparison.transitions
    there = max(one.first_only.mean + one.both.mean for one in rows.values())
    if len(rows) > MANY:
        ordered = sorted(rows.items(), key=lambda one: -one[1].first_only.mean)
        rows = dict((ordered[0], ordered[-1]))
    words = [f"{amount(one.first_only.mean)} are not under {world}" for world, one in rows.items()]
    return f"Of {adults(there)} shut out under {first}, {joined(words)}."


def adults(number: float) -> str:
    """Write a mean number of adults."""
    return f"{amount(number)} {'adult' if number == 1 else 'adults'}"


def amount(number: float) -> str:
    """Write a mean number of people: whole from ten on.

    >>> amount(0), amount(0.25), amount(1234.5)
    ('0', '0.2', '1,234')
    """
    return counted(number) if number >= 10 or number == round(number) else f"{number:.1f}"


def pairing_found(one: Difference, first: str) -> str:
    """Say how much sharper pairing made the difference in who is shut out, and hold it to ten."""
    factor, what = one.factor, one.outcome.meaning.rstrip(".").lower()
    pair = f"{first} and {one.world}"
    if factor.value is None:
        return f"{what.capitalize()}, between {pair}: no factor, as {factor.note}."
    does = (
        "hardly sharpens the difference (variance divided"
        if factor.value < HARDLY
        else ("makes the difference sharper (variance divided")
    )
    said = f"{what.capitalize()}, between {pair}: pairing {does} by {times(factor.value)}"
    if factor.low is None or factor.high is None:
        return f"{said}; an interval takes three seeds)."
    said += f", 95% interval {times(factor.low)} to {times(factor.high)})"
    if factor.low >= PUBLISHED_FACTOR:
        return f"{said}, beyond the published tenfold."
    if factor.high < PUBLISHED_FACTOR:
        return (
            f"{said}, short of the published tenfold: too few of those shut out are the same "
            "people in both worlds."
        )
    return f"{said}; whether that is tenfold, as published elsewhere, these seeds don't settle."


def parting_found(comparison: Comparison, world: str) -> str:
    """Say when another world parts from the first."""
    first, where = comparison.worlds[0], comparison.partings[world]
    if where is None:
        return f"{world} never parts from {first.label}: every week is the same, to the byte."
    day = first.scenario.start + timedelta(weeks=where.week)
    if where.week == 0:
        return f"{world} differs from {first.label} from the first week on."
    return (f"{world} parts from {first.label} in week {where.week + 1} ({day:%-d %B %Y}): "
            f"{noun(where.week, 'week')} before are one world, simulated once.")  # fmt: skip


def causes_found(comparison: Comparison) -> str:
    """Say what most are shut out for in each world."""
    parts, shown = [], list(comparison.causes.items())
    if len(shown) > MANY + 1:
        shown = shown[:1] + sorted(shown[1:], key=lambda one: _whole(one[1]))[:: len(shown) - 2]
    for world, shares in shown:
        whole = _whole(shares)
        if whole == 0:
            parts.append(f"nobody under {world}")
            continue
        cause, most = max(shares.items(), key=lambda one: one[1].mean)
        parts.append(f"{percent(whole)} of adults under {world}, most of them for "
                     f"{CAUSE_WORDS[cause]} ({percent(most.mean / whole)})")  # fmt: skip
    return f"Shut out at the end: {joined(parts)}."


def _whole(shares: Mapping[str, Estimate]) -> float:
    return sum(one.mean for one in shares.values())


def comparison_found(comparison: Comparison) -> dict[str, list[str]]:
    """Return the findings of a comparison by world, the gravest first."""
    first, found = comparison.worlds[0].label, {}
    is_short = len(comparison.worlds) <= MANY + 1
    for world in comparison.worlds[1:]:
        if world.label not in comparison.transitions:
            continue
        rows = [comparison.of(name, world.label) for name in SAID]
        found[world.label] = [
            difference_found(rows[0], first),
            transitions_found(comparison, world.label),
            *(difference_found(one, first) for one in (rows[1:] if is_short else [])),
            pairing_found(rows[0], first),
            parting_found(comparison, world.label),
        ]
    return found
