"""The command `explain`: why people are shut out, by mechanism, as a table, a page and JSON."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from glasstown.lab.explanation import MOST_MECHANISMS, SEEDS, USUAL
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
    whole_number,
)
from glasstown.surfaces.comparing import AsJson, Out
from glasstown.surfaces.study_folder import written

if TYPE_CHECKING:
    from glasstown.lab.explanation.attribution import Attribution
    from glasstown.lab.explanation.explanation import Explanation

Seeds = Annotated[
    int, typer.Option(parser=whole_number, metavar="N", help="Seeds; intervals take at least 2.")
]


@app.command()
def explain(
    given: Given,
    mechanisms: Annotated[
        str | None,
        typer.Option(
            metavar="NAME,...",
            help=f"Up to {MOST_MECHANISMS} mechanisms, all 2^m worlds of which are run; those of "
            f"{', '.join(USUAL)} that the scheme has by default.",
        ),
    ] = None,
    citizens: Citizens = None,
    weeks: Weeks = None,
    seeds: Seeds = SEEDS,
    seed: Seed = None,
    without: Without = None,
    setting: Setting = None,
    out: Out = Path("explanations"),
    threads: Threads = None,
    as_json: AsJson = False,
) -> None:
    """Explain why each citizen who is shut out is: exact shares of mechanisms, all worlds run."""
    changes = overrides(citizens, weeks, seed, without, setting)
    from glasstown.surfaces.progress_bar import ProgressBar

    bar = ProgressBar()
    bar.open("loading")
    try:
        from glasstown.lab.explanation.explaining import explain as explain_world
        from glasstown.lab.pairing import names_in

        found = explain_world(
            given, mechanisms=None if mechanisms is None else names_in(mechanisms), seeds=seeds,
            out=out, threads=threads, progress=bar, **changes,
        )  # fmt: skip
    finally:
        bar.finished()
    if as_json:
        print_json(found.as_data())
    else:
        _say(found)
    drawn = written(found, out, to_stderr=as_json)
    if not found.attributions:
        raise typer.Exit(1)
    raise typer.Exit(drawn if found.is_complete else 130)


def _say(found: Explanation) -> None:
    """Print what was found, and the table of each outcome."""
    from glasstown.lab.explanation.findings import explanation_found

    out = console()
    out.print(
        f"{NOTICE} Scale {found.scale}; {found.scenario.society.citizens:_} citizens, "
        f"{found.seeds_shared} seeds; intervals are 95 % intervals of the mean over seeds.\n"
    )
    if not found.is_complete:
        typer.echo(
            f"Stopped after seed {found.seeds_done} of {len(found.seeds)}; the same command goes "
            "on from there.",
            err=True,
        )
    for sentence in [*explanation_found(found), *found.notes]:
        out.print(f"- {sentence}", markup=False)
    for one in found.attributions.values():
        out.print()
        out.print(shares_table(one))
    for failure in found.failures:
        out.print(f"Failed: {failure}", markup=False)


def shares_table(one: Attribution) -> Table:
    """Return the shares of an outcome as a table."""
    from glasstown.lab.standing import STANDINGS
    from glasstown.surfaces.explanation_page import row_of

    heads = {"mechanism": STANDINGS[one.outcome], "share": "share", "part": "of them",
             "but_for": "but for it not", "alone": "by it alone", "spared": "kept from it",
             "net": "in the whole effect"}  # fmt: skip
    table = Table(box=None, pad_edge=False, padding=(0, 1, 0, 0))
    for head in heads.values():
        table.add_column(head, overflow="fold")
    for share in one.shares():
        row = row_of(share, one.befallen.mean)
        table.add_row(*(row[name] for name in heads))
    return table
