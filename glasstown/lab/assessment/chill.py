"""Chilled rights: what is thought and not said, and by whom who was never punished."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from glasstown.lab.assessment.estimates import (
    Estimate,
    Section,
    Table,
    has_variant,
    last,
    over_seeds,
    ratio,
    total,
)
from glasstown.lab.assessment.members import Record
from glasstown.lab.assessment.variants import NONE, SCHEME
from glasstown.lab.wording import percent

STOCKS = {
    "opposed": "privately opposed to the government",
    "critical": "voice criticism",
    "praising": "voice praise",
    "falsifying": "privately opposed and voice praise",
    "silenced": "privately opposed and say nothing",
    "cautious": "cautious (above one half of the scale)",
    "paying_cash": "pay cash though they could pay digitally",
}


def gap(record: Record, variant: str) -> float:
    """Return private opposition less voiced criticism, as shares of adults at the end."""
    return (last(record, variant, "opposed") - last(record, variant, "critical")) / last(
        record, variant, "adults"
    )


def _share(name: str, variant: str) -> Callable[[Record], float | None]:
    return lambda one: ratio(last(one, variant, name), last(one, variant, "adults"))


def section(records: Sequence[Record]) -> Section:
    """Return the section on speech, caution and ties."""
    if not has_variant(records, NONE):
        return Section("chill", "Chilled rights", "", ("Could not be measured.",), (), {})
    here = over_seeds(records, lambda one: gap(one, SCHEME))
    without = over_seeds(records, lambda one: gap(one, NONE))
    widened = over_seeds(records, lambda one: gap(one, SCHEME) - gap(one, NONE))
    silent = over_seeds(records, _of_silence("silent", "critics_without"))
    spared = over_seeds(records, _of_silence("silent_unpunished", "unpunished"))
    cut = over_seeds(records, lambda one: _ties(one, SCHEME) - _ties(one, NONE))
    stocks = {
        name: (over_seeds(records, _share(name, SCHEME)), over_seeds(records, _share(name, NONE)))
        for name in STOCKS
    }
    gathered = _gathered(records)
    measures = {
        "public_private_gap": here, "public_private_gap_without_scheme": without,
        "gap_widened": widened, "critics_silenced": silent,
        "critics_silenced_among_never_sanctioned": spared,
        "ties_cut_net_per_1_000_adults": cut, "gathered_against_none": gathered,
        "shares_at_the_end": {name: {"scheme": a, "none": b} for name, (a, b) in stocks.items()},
    }  # fmt: skip
    rows = tuple(
        (STOCKS[name], a.short("percent"), b.short("percent"))
        for name, (a, b) in stocks.items()
        if a is not None and b is not None
    )
    table = Table(
        "speech", "Adults at the end of the run", ("", "under the scheme", "without any"), rows,
        "Same society, same luck. Opinion and caution are states of the model that no survey "
        "could read.",
    )  # fmt: skip
    return Section(
        "chill", "Chilled rights",
        "Do people keep silent, pay cash, or avoid others because of the scheme, also those whom "
        "it never touched?",
        tuple(_words(here, without, widened, silent, spared, cut, gathered)), (table,), measures,
    )  # fmt: skip


def _of_silence(above: str, below: str) -> Callable[[Record], float | None]:
    return lambda one: ratio(one["silence"].get(above, 0), one["silence"].get(below, 0))


def _ties(record: Record, variant: str) -> float:
    net = total(record, variant, "ties_cut") - total(record, variant, "ties_mended")
    return 1000 * net / last(record, variant, "adults")


def _gathered(records: Sequence[Record]) -> Estimate | None:
    """Return who gathered under the scheme over who did without it; None without a spark."""
    return over_seeds(
        records, lambda one: ratio(total(one, SCHEME, "gathered"), total(one, NONE, "gathered"))
    )


def _words(
    here: Estimate | None, without: Estimate | None, widened: Estimate | None,
    silent: Estimate | None, spared: Estimate | None, cut: Estimate | None,
    gathered: Estimate | None,
) -> list[str]:  # fmt: skip
    said = []
    if here is not None and without is not None and widened is not None:
        said.append(
            "The gap between private opposition and voiced criticism was "
            f"{percent(abs(here.mean))} of adults under the scheme and "
            f"{percent(abs(without.mean))} without any: {widened.said('points')} wider."
        )
    if silent is not None:
        said.append(
            f"Of those who voice criticism without the scheme, {silent.said('percent')} do not "
            "under it."
        )
    if spared is not None:
        said.append(
            "Among those of them whom it never shut out, listed, shamed or left with a score below "
            f"the start, it was {spared.said('percent')}: they fell silent without being punished."
        )
    if cut is not None and abs(cut.mean) >= 0.05:
        said.append(f"For every 1,000 adults {cut.said()} more ties were cut and not mended.")
    if gathered is not None:
        said.append(
            f"On the dates of the scenario {gathered.said('percent')} as many gathered as without "
            "the scheme."
        )
    else:
        said.append("Gatherings were not tested: the scenario names no date (spark).")
    return said
