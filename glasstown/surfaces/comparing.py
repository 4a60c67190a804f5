"""The command `compare`: worlds that share every draw, in sentences, as a page and JSON."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from glasstown.lab.comparison import SEEDS
from glasstown.surfaces.app import NOTICE, app, console, print_json
from glasstown.surfaces.cli_run import (
    Citizens,
    Seed,
    Setting,
    Threads,
    Weeks,
    overrides,
    whole_number,
)
from glasstown.surfaces.study_folder import written

if TYPE_CHECKING:
    from glasstown.lab.comparison.comparison import Comparison

Seeds = Annotated[
    int, typer.Option(parser=whole_number, metavar="N", help="Runs of each world, at least 2.")
]
Out = Annotated[
    Path, typer.Option(help="Folder in which finished runs are kept and the page is written.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for another program.")]


@app.command()
def compare(
    given: Annotated[
        list[str],
        typer.Argument(
            metavar="SCHEME_OR_FILE",
            help="Worlds, the first of which the others are compared with: shipped schemes "
            "(100,000 citizens, unless --citizens says otherwise) or scenario files.",
        ),
    ],
    without: Annotated[
        list[str] | None,
        typer.Option(
            metavar="MECHANISM[,...]",
            help="One more world: the first one without these; may be repeated.",
        ),
    ] = None,
    since: Annotated[
        str | None,
        typer.Option(
            metavar="DATE",
            help="The other schemes take over from the first one's on this day, as 2017-01-01.",
        ),
    ] = None,
    citizens: Citizens = None,
    weeks: Weeks = None,
    seeds: Seeds = SEEDS,
    seed: Seed = None,
    setting: Setting = None,
    out: Out = Path("comparisons"),
    threads: Threads = None,
    as_json: AsJson = False,
) -> None:
    """Compare worlds that share all their luck: paired differences, and who is shut out where."""
    changes = overrides(citizens, weeks, seed, None, setting)
    from glasstown.surfaces.progress_bar import ProgressBar

    bar = ProgressBar()
    bar.open("loading")
    try:
        from glasstown.lab.comparison.comparing import compare as compare_worlds
        from glasstown.lab.pairing import names_in

        found = compare_worlds(
            *given, without=[names_in(one) for one in without or []], since=since, seeds=seeds,
            out=out, threads=threads, progress=bar, **changes,
        )  # fmt: skip
    finally:
        bar.finished()
    if as_json:
        print_json(found.as_data())
    else:
        _say(found)
    drawn = written(found, out, to_stderr=as_json)
    raise typer.Exit(drawn if found.is_complete else 130)


def _say(found: Comparison) -> None:
    """Print what was found, and the table of every pair."""
    from glasstown.lab.comparison.findings import comparison_found

    out = console()
    out.print(f"{NOTICE} Scale {found.scale}; {found.citizens:_} citizens, ", end="")
    out.print(f"{found.seeds_done} seeds; intervals are 95 % intervals of the mean over seeds.\n")
    if not found.is_complete:
        typer.echo(
            f"Stopped after seed {found.seeds_done} of {len(found.seeds)}; the same command goes "
            "on from there.",
            err=True,
        )
    findings = comparison_found(found)
    for world in found.worlds[1:]:
        out.print(f"\n{found.worlds[0].label} and {world.label}\n", markup=False)
        for sentence in findings.get(world.label, []):
            out.print(f"- {sentence}", markup=False)
        out.print()
        out.print(table_of(found, world.label))
    for failure in found.failures:
        out.print(f"Failed: {failure}", markup=False)


def table_of(found: Comparison, world: str) -> Table:
    """Return the outcomes of a pair as a table."""
    from glasstown.surfaces.comparison_page import row_of

    table = Table(box=None, pad_edge=False, padding=(0, 1, 0, 0))
    heads = {"what": "outcome", "first": "first", "other": "other", "difference": "difference",
             "interval": "95 % interval", "factor": "variance divided by"}  # fmt: skip
    for name, head in heads.items():
        is_number = name in ("first", "other", "difference")
        table.add_column(head, justify="right" if is_number else "left", overflow="fold")
    for one in found.differences:
        if one.world == world:
            row = row_of(one)
            table.add_row(*(row[name] for name in heads))
    return table
