"""How a tested claim is said: effects, intervals, verdicts and flips in words."""

from __future__ import annotations

import contextlib
from typing import NamedTuple

from glasstown.lab.claims.declaration import Claim, Form
from glasstown.lab.claims.verdicts import Claims, Effect, Flip, Tested, Verdict
from glasstown.lab.outcomes import OUTCOMES, SHARE
from glasstown.lab.wording import decimal, joined, noun, percent

MARKS: dict[Verdict, str] = {
    "holds": "✓", "does not hold": "✗", "depends": "~", "not measured": "–",
}  # fmt: skip
SIDES = {"makers": "its makers", "critics": "its critics", "press": "the press"}
SAYING = {"makers": "say its makers", "critics": "say its critics", "press": "says the press"}
WORLDS = {
    "total": "the total system", "none": "no system", "enforcement": "ordinary enforcement",
    "apart": "the total system without its rule on friends",
    "unbent": "the total system, no official can help",
    "cashless": "the total system without cash", "changed": "voluntary, then mandatory",
    "rewards": "a score that only rewards", "ended": "ended after two years",
    "kept": "never ended", "never": "never begun", "appeals": "the court's list with appeals",
    "no_appeals": "the court's list without appeals", "court": "the court's list",
    "together": "the worlds compared",
}  # fmt: skip
"""What stands for each world of the catalogue on a page."""


class Measured(NamedTuple):
    """A measure in words, and how its value is written."""

    words: str
    form: Form


MEASURES: dict[str, Measured] = {
    **{
        one.name: Measured(
            f"{one.meaning.rstrip('.')} ({one.unit})", "percent" if one.unit == SHARE else "number"
        )
        for one in OUTCOMES
    },
    "records": Measured("Records made, right and wrong (per adult and year)", "number"),
    "fraud": Measured("Deeds that deceive somebody, seen or not (per adult and year)", "number"),
    "deserved_low": Measured("Low for own deeds alone (share of the publicly low)", "percent"),
    "falsifying_opposed": Measured("Voice praise (share of the privately opposed)", "percent"),
    "low_by_acquaintance": Measured(
        "Risk of being publicly low with such an acquaintance, over that without", "number"
    ),
    "wrong_of_excluded": Measured(
        "Not for people's own doing (share of the time shut out)", "percent"
    ),
    "excluded_wrongly_years": Measured("Days a year that an adult is wrongly shut out", "number"),
    "children_for_each_listed": Measured("Children kept out for each adult listed", "number"),
    "group_ratio": Measured("How many times as often the group is wrongly shut out", "number"),
    "enrolled_before": Measured("Take part just before the change (share of adults)", "percent"),
    "put_in": Measured("Put in by the change (share of adults)", "percent"),
    "but_for_low": Measured("Low only for their friends (share of the publicly low)", "percent"),
    "spared_by_cash": Measured("Spared by cash (share of the loss of points)", "percent"),
    "silent_unpunished": Measured("Silent and unpunished (share of would-be critics)", "percent"),
    "left_of_caution": Measured("Caution that is left (share of what was raised)", "percent"),
    "left_of_ties": Measured("Cut ties that are left (share of what was cut)", "percent"),
    "left_of_speech": Measured("Silence that is left (share of the critics silenced)", "percent"),
    "left_of_worst": Measured("The largest of the three", "percent"),
}


def amount(value: float, form: Form) -> str:
    """Write an amount without its sign.

    >>> amount(-0.0234, "percent"), amount(0.0234, "points")
    ('2.3%', '2.3 percentage points')
    >>> [amount(one, "number") for one in (0, 0.00156, 0.4926, 1.234, 150.07)]
    ['0', '0.0016', '0.49', '1.23', '150.1']
    """
    size = abs(value)
    if form == "percent":
        return percent(size) if size <= 1 else f"{100 * size:,.0f}%"
    if form == "points":
        return f"{100 * size:.{1 if size >= 0.001 else 2}f} percentage points"
    if size < 0.1:
        return decimal(size)
    return f"{size:.2f}" if size < 10 else f"{size:,.1f}"


def number(value: float, form: Form) -> str:
    """Write an amount with its sign where it is below zero (a true minus).

    >>> number(-0.0234, "percent"), number(0.5, "percent")
    ('−2.3%', '50%')
    """
    written = amount(value, form)
    return f"−{written}" if value < 0 and any(one in "123456789" for one in written) else written


def bound(claim: Claim) -> str:
    """Write the bound of a claim as it was declared: 5%, not 5.0%."""
    value = claim.holds.bound
    units: dict[Form, str] = {"percent": "%", "points": " percentage points", "number": ""}
    size = abs(value) * (1 if claim.form == "number" else 100)
    return f"{'−' if value < 0 else ''}{size:g}{units[claim.form]}"


def interval(effect: Effect, form: Form) -> str:
    """Write the interval of an effect; nothing where there is none.

    >>> interval(Effect("holds", -0.2, -0.25, -0.15, 5), "points")
    '−25.0 to −15.0 percentage points'
    """
    if effect.low is None or effect.high is None:
        return ""
    low, high = number(effect.low, form), number(effect.high, form)
    if low == high and form == "percent":
        low, high = (f"{100 * end:.3g}%".replace("-", "−") for end in (effect.low, effect.high))
    return f"{low.removesuffix(' percentage points')} to {high}"


def sentence(claim: Claim, effect: Effect) -> str:
    """Say an effect in the claim's own sentence."""
    if effect.mean is None:
        return "It could not be measured."
    # No effect at all is said in the direction of the claim: 0% fewer.
    is_below = effect.mean < 0 or (effect.mean == 0 and claim.holds.side == "below")
    text = claim.reads.format(
        value=number(effect.mean, claim.form), size=amount(effect.mean, claim.form),
        fewer="fewer" if is_below else "more", less="less" if is_below else "more",
        lower="lower" if is_below else "higher", higher="lower" if is_below else "higher",
    )  # fmt: skip
    return text[0].upper() + text[1:]


def reason(tested: Tested) -> str:
    """Say why the verdict is what it is, from the rule and the interval."""
    effect, rule = tested.effect, tested.claim.holds
    if effect.low is None:
        return f"Only {effect.seeds} of the seeds could be measured: there is no interval."
    between = interval(effect, tested.claim.form)
    limit = bound(tested.claim)
    where = {
        "holds": f"lies wholly {rule.side} the bound of {limit}",
        "does not hold": f"lies wholly short of the bound of {limit}",
        "depends": f"crosses the bound of {limit}: luck decides in a country of this size",
    }[effect.verdict]
    return f"The claim holds if {rule.words}. The interval ({between}) {where}."


def turns(tested: Tested) -> str:
    """Say under which settings the verdict flips, and that it doesn't where it doesn't."""
    sweep = tested.claim.flips
    if sweep is None:
        return "No setting was moved."
    missing = [one for one in tested.swept if one.effect.verdict == "not measured"]
    measured = [one for one in tested.swept if one not in missing]
    flips = [one for one in tested.flips if one not in missing]
    parts = []
    if flips:
        by_verdict: dict[Verdict, list[Flip]] = {}
        for one in flips:
            by_verdict.setdefault(one.effect.verdict, []).append(one)
        parts += [
            f"{verdict} at {joined([sweep.said(one.value) for one in rows])}"
            for verdict, rows in by_verdict.items()
        ]
        text = f"It {'; it '.join(parts)}"
    elif measured:
        tried = joined([sweep.said(one.value) for one in measured])
        text = f"The verdict is the same at every other value tried ({tried})"
    else:
        text = "No other value could be measured"
    if missing and (flips or measured):
        text += f"; not measured at {joined([sweep.said(one.value) for one in missing])}"
    return f"{text}."


def flips_in_short(tested: Tested) -> str:
    """Say for a cell of a table at which values which other verdict comes out."""
    sweep = tested.claim.flips
    flips = [one for one in tested.flips if one.effect.verdict != "not measured"]
    if sweep is None or not flips:
        return "none found"
    by_verdict: dict[Verdict, list[str]] = {}
    for one in flips:
        by_verdict.setdefault(one.effect.verdict, []).append(sweep.said(one.value))
    return "; ".join(f"{verdict} at {', '.join(said)}" for verdict, said in by_verdict.items())


class Row(NamedTuple):
    """One setting of a claim in words, and what came out there."""

    setting: str
    effect: Effect


def rows(tested: Tested) -> list[Row]:
    """Return every setting of a claim: by size where they are numbers, else its own first."""
    sweep = tested.claim.flips
    if sweep is None:
        return [Row("as tested", tested.effect)]
    said = [(sweep.said(None), " (as tested)", tested.effect)]
    said += [(sweep.said(one.value), "", one.effect) for one in tested.swept]
    with contextlib.suppress(ValueError):
        said.sort(key=lambda one: float(one[0].replace("−", "-")))
    return [Row(f"{words}{mark}", effect) for words, mark, effect in said]


def by_side(found: Claims) -> str:
    """Say how many claims of each side hold."""
    parts = []
    for side, who in SIDES.items():
        given = [one.effect.verdict for one in found.tested if one.claim.side == side]
        if given:
            held = given.count("holds")
            many = {0: "none", len(given): "all"}.get(held, str(held))
            parts.append(f"of {noun(len(given), 'claim')} of {who} {many if given[1:] else held}")
    text = f"{joined(parts)} {'holds' if len(found.tested) == 1 else 'hold'}."
    return text[0].upper() + text[1:]
