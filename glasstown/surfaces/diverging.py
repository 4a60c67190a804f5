"""The command `diverge`: where two runs part, or that they never do."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.table import Table

from glasstown.engine.measures import MEASURES
from glasstown.lab.wording import noun
from glasstown.surfaces.app import NOTICE, app, console, print_json
from glasstown.surfaces.cli_run import (
    Citizens,
    Given,
    Seed,
    Setting,
    Threads,
    Weeks,
    Without,
    overrides,
)

if TYPE_CHECKING:
    from glasstown.lab.diverge.deciding import Decision
    from glasstown.lab.diverge.divergence import Divergence
    from glasstown.lab.diverge.fields import Differing

MOST_ROWS = 12


@app.command()
def diverge(
    a: Given,
    b: Annotated[
        str | None,
        typer.Argument(metavar="[SCHEME_OR_FILE]", help="The second run; the first by default."),
    ] = None,
    citizens: Citizens = None,
    weeks: Weeks = None,
    seed: Seed = None,
    without: Without = None,
    setting: Setting = None,
    change: Annotated[
        list[str] | None,
        typer.Option(
            "--b",
            metavar="KEY=VALUE",
            help="A key of the second run alone, as seed=2, without=friends or conformity=8; may "
            "be repeated.",
        ),
    ] = None,
    engines: Annotated[
        str, typer.Option(metavar="A,B", help="What runs the first and the second.")
    ] = "cpu,cpu",
    out: Annotated[
        Path,
        typer.Option(
            help="Folder below which both runs are kept when they are stopped; the same command "
            "goes on with them, and nothing is left there in the end."
        ),
    ] = Path("divergences"),
    threads: Threads = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Find the first week, step, citizen and draw in which two runs part."""
    given = overrides(citizens, weeks, seed, without, setting)
    from glasstown.surfaces.progress_bar import ProgressBar

    bar = ProgressBar()
    bar.open("loading")
    try:
        from glasstown.lab.diverge.diverging import diverge as find_divergence

        found = find_divergence(
            a, b, changes=changes_of_b(change),
            engines=[one.strip() for one in engines.split(",")], out=out, threads=threads,
            progress=bar, **given,
        )  # fmt: skip
    finally:
        bar.finished()
    if as_json:
        print_json(found.as_data())
    else:
        _say(found)
    if found.is_answered or found.failures:
        raise typer.Exit(int(bool(found.failures)))
    goes_on = "goes on from there" if found.can_go_on else "starts again from the first week"
    compared = f"week {found.weeks_compared} of {found.weeks}"
    typer.echo(f"Stopped after {compared}; the same command {goes_on}.", err=True)
    raise typer.Exit(130)


def changes_of_b(settings: list[str] | None) -> dict[str, Any]:
    """Return the keys of the second run alone; ``without`` takes one mechanism or a list.

    >>> changes_of_b(["seed=2", "without=friends"])
    {'seed': 2, 'without': ['friends']}
    """
    changes = overrides(None, None, None, None, settings)
    if isinstance(changes.get("without"), str):
        changes["without"] = [one.strip() for one in changes["without"].split(",")]
    return changes


def _say(found: Divergence) -> None:
    """Print where two runs part."""
    out = console()
    out.print(f"{NOTICE}\nA: {found.a}\nB: {found.b}\n", markup=False)
    for failure in found.failures:
        out.print(f"Failed: {failure}", markup=False)
    if found.is_identical:
        stopped = "" if found.weeks_compared == found.weeks else f" of {found.weeks}"
        out.print(
            f"Identical for all {noun(found.weeks_compared, 'week')}{stopped}: every field of the "
            f"state and every tally.\nDigest {found.digests[0]}", markup=False,
        )  # fmt: skip
        return
    if found.start:
        out.print("They differ before the first week:")
        out.print(fields_table(list(found.start)))
    if found.week is None:
        were = "was" if found.weeks_compared == 1 else "were"
        weeks = f"{noun(found.weeks_compared, 'week')} that {were} compared"
        out.print(f"Nothing {'else ' * bool(found.start)}differs in {weeks}.")
        return
    again = " again" if found.start else ""
    out.print(f"They part{again} in week {found.week} ({found.day}).", markup=False)
    if found.decision is not None:
        for line in decision_lines(found.decision):
            out.print(line, markup=False)
    if found.notes:
        out.print("What the reference engine does with the first citizen that differs:")
        for line in found.notes:
            out.print(f"  {line}", markup=False)
    if found.fields:
        out.print("\nAt the end of that week:")
        out.print(fields_table(list(found.fields)))
    if found.tallies:
        out.print("\nIn that week's tally (the first zone that differs):")
        out.print(tallies_table(found))


def decision_lines(one: Decision) -> list[str]:
    """Say a decision in lines."""
    meanings = {measure.name: measure.meaning for measure in MEASURES}
    what = meanings.get(one.what, one.what).rstrip(".").lower()
    draw = f" (draw {one.draw})" if one.draw else ""
    return [
        f"Step {one.step}, citizen {one.citizen}, block {one.block}: {what}{draw}",
        *(f"  both: {line}" for line in one.shared),
        f"  A: {numbers_said(one.a)}",
        f"  B: {numbers_said(one.b)}",
        f"  what A does there: {one.next_a}",
        f"  what B does there: {one.next_b}",
    ]


def numbers_said(numbers: dict[str, int | str] | None) -> str:
    """Say the numbers of a decision; a draw beside its limit.

    >>> numbers_said({"behaviour": "bribe", "draw": 7, "limit": 5}), numbers_said(None)
    ('behaviour bribe; draw 7 is not below the limit 5', 'it does not happen')
    """
    if numbers is None:
        return "it does not happen"
    parts = [f"{name} {one}" for name, one in numbers.items() if name not in ("draw", "limit")]
    if "draw" in numbers and "limit" in numbers:
        below = "is below" if int(numbers["draw"]) < int(numbers["limit"]) else "is not below"
        parts.append(f"draw {numbers['draw']} {below} the limit {numbers['limit']}")
    elif "draw" in numbers or "limit" in numbers:
        parts += [f"{name} {numbers[name]}" for name in ("draw", "limit") if name in numbers]
    return "; ".join(parts)


def fields_table(fields: list[Differing]) -> Table:
    """Return the fields that differ, the first few."""
    table = _table("field", "differs for", "first citizen", "A", "B")
    for one in fields[:MOST_ROWS]:
        table.add_row(
            one.field, f"{one.differs_for:,}", str(one.citizen), f"{one.a:g}", f"{one.b:g}"
        )
    if len(fields) > MOST_ROWS:
        table.add_row(f"... and {len(fields) - MOST_ROWS} more", "", "", "", "")
    return table


def tallies_table(found: Divergence) -> Table:
    """Return the measures that differ, the first few."""
    table = _table("measure", "zone", "A", "B")
    for one in found.tallies[:MOST_ROWS]:
        table.add_row(one.measure, str(one.zone), f"{one.a:,}", f"{one.b:,}")
    if len(found.tallies) > MOST_ROWS:
        table.add_row(f"... and {len(found.tallies) - MOST_ROWS} more", "", "", "")
    return table


def _table(*columns: str) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for i, name in enumerate(columns):
        table.add_column(name, justify="left" if i == 0 else "right")
    return table
