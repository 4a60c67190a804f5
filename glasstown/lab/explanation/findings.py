"""An explanation in sentences, each made from its numbers."""

from __future__ import annotations

from glasstown.lab.comparison.differences import Estimate
from glasstown.lab.comparison.findings import adults, amount
from glasstown.lab.explanation.attribution import Attribution, Pair
from glasstown.lab.explanation.explanation import Explanation
from glasstown.lab.standing import STANDINGS
from glasstown.lab.wording import joined, noun, percent


def ends(value: Estimate) -> str:
    """Write an interval, or that there is none."""
    if value.low is None or value.high is None:
        return "one seed: no interval"
    return f"95% interval {signed(value.low)} to {signed(value.high)}"


def signed(number: float) -> str:
    """Write a mean number of people that may be below zero.

    >>> signed(-12.6), signed(0.0), signed(3.25)
    ('−13', '0', '3.2')
    """
    return f"−{amount(-number)}" if number < 0 else amount(number)


def nothing_found(explanation: Explanation) -> str:
    """Say that shares can't be given."""
    worlds = 1 << len(explanation.mechanisms)
    return (
        f"No shares can be given: they take all {worlds} worlds under one seed, and no seed came "
        f"through all of them. {noun(len(explanation.failures), 'run')} failed."
    )


def shares_found(one: Attribution, label: str) -> str:
    """Say how many it befalls and how they are shared out."""
    befalls, anyway = one.befallen.mean, one.anyway.mean
    what, rows = STANDINGS[one.outcome], one.shares()
    if befalls == 0:
        return f"Under {label} nobody is {what} at the end."
    names = f"{joined(one.mechanisms)} {'all ' * (len(rows) > 1)}switched off"
    said = (
        f"Under {label} {adults(befalls)} ({percent(one.share_of_adults.mean)}) "
        f"{'is' if befalls == 1 else 'are'} {what} at the end, {amount(anyway)} of them with "
        f"{names} too"
    )
    if befalls == anyway:
        return f"{said}: nothing is left to share out."
    ordered = sorted(rows, key=lambda row: -abs(row.share.mean))
    words = [f"{signed(row.share.mean)} to {row.mechanism}" for row in ordered if row.exact]
    nothing = [row.mechanism for row in ordered if not row.exact]
    none = f"; nothing to {joined(nothing)}" if nothing else ""
    rest = amount(befalls - anyway)
    verb = "is" if rest == "1" else "are"
    return f"{said}; the other {rest} {verb} shared out: {joined(words)}{none}."


def but_for_found(one: Attribution) -> str:
    """Say how many would be spared without each mechanism alone."""
    rows = sorted(one.shares(), key=lambda row: -row.but_for.mean)
    words = [f"{row.mechanism} {amount(row.but_for.mean)}" for row in rows if row.but_for.mean]
    if not words:
        return "Switching off one of these alone would spare none of them."
    return f"Switching off this one alone would spare so many of them: {joined(words)}."


def spared_found(one: Attribution) -> str | None:
    """Say which mechanisms keep people from it; nothing if none does."""
    rows = sorted(one.shares(), key=lambda row: -row.spared.mean)
    words = [f"{row.mechanism} {amount(row.spared.mean)}" for row in rows if row.spared.mean > 0]
    if not words:
        return None
    return (
        f"Others are kept from it, and would be {STANDINGS[one.outcome]} with this one alone "
        f"switched off: {joined(words)}."
    )


def net_found(one: Attribution) -> str:
    """Say the whole effect, and its exact parts."""
    total = one.total
    words = [f"{row.mechanism} {signed(row.net.mean)}" for row in one.shares() if row.net_exact]
    way = "more" if total.mean >= 0 else "fewer"
    if one.total_exact == 0:
        parts = f": {joined(words)}" if words else ""
        return f"With all of them on as many are {STANDINGS[one.outcome]} as with all off{parts}."
    return (
        f"With all of them on {adults(abs(total.mean))} {way} are {STANDINGS[one.outcome]} than "
        f"with all off ({ends(total)}): {joined(words)}, which adds up exactly."
    )


def pair_found(pair: Pair) -> str:
    """Say how two mechanisms act together."""
    names = f"{pair.first} and {pair.second}"
    if pair.exact == 0:
        return f"{names} act each for itself."
    is_clear = pair.term.is_clear
    sure = "" if is_clear else ", which may be luck"
    if pair.exact > 0:
        return (f"{names} do more together than each for itself: {signed(pair.term.mean)} adults "
                f"({ends(pair.term)}{sure}).")  # fmt: skip
    return (f"{names} do in part the same: {signed(pair.term.mean)} adults "
            f"({ends(pair.term)}{sure}).")  # fmt: skip


def ways_found(one: Attribution) -> str:
    """Say what it most often took."""
    ways = one.ways()
    if not ways:
        return f"Nobody is {STANDINGS[one.outcome]}."
    others = [way for way in ways if not way.words.startswith("whatever")]
    fixed = sum(way.adults for way in ways) - sum(way.adults for way in others)
    said = f"Of {adults(one.befallen.mean)} {STANDINGS[one.outcome]}, {amount(fixed)} are so "
    said += "whatever is switched off"
    if not others:
        return f"{said}."
    return f"{said}; what it took else, most often: {others[0].words} ({amount(others[0].adults)})."


def explanation_found(explanation: Explanation) -> list[str]:
    """Return the findings of an explanation, the gravest first."""
    if not explanation.attributions:
        return [nothing_found(explanation)]
    one = explanation.attributions["excluded"]
    found = [shares_found(one, explanation.world.label)]
    if one.befallen.mean:
        found += [but_for_found(one), ways_found(one)]
    found.append(net_found(one))
    spares = spared_found(one)
    found += [] if spares is None else [spares]
    found += [pair_found(pair) for pair in one.pairs()[:1]]
    others = [name for name in explanation.attributions if name != "excluded"]
    found += [shares_found(explanation.attributions[name], explanation.world.label)
              for name in others]  # fmt: skip
    return found
