"""The command `validate`: everything published beside ours, as a table, a page and JSON."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from glasstown.lab.validation import CITIZENS, PARTS, SEED, SEEDS
from glasstown.lab.wording import noun
from glasstown.lab.writing import check_file
from glasstown.surfaces.app import NOTICE, app, console, print_json
from glasstown.surfaces.cli_run import whole_number

if TYPE_CHECKING:
    from glasstown.lab.validation.rows import Row
    from glasstown.lab.validation.validation import Validation

STYLES = {"misfit": "bold red", "within": "green", "exact": "green", "direction": "green"}


@app.command()
def validate(
    citizens: Annotated[
        int, typer.Option(parser=whole_number, metavar="N", help="Citizens of each country.")
    ] = CITIZENS,
    seeds: Annotated[
        int, typer.Option(parser=whole_number, metavar="N", help="Runs of each, at least 2.")
    ] = SEEDS,
    seed: Annotated[
        int, typer.Option(parser=whole_number, metavar="N", help="Names the seeds.")
    ] = SEED,
    out: Annotated[Path, typer.Option(help="The page to write.")] = Path("validation.html"),
    as_json: Annotated[
        bool, typer.Option("--json", help="Print JSON for another program.")
    ] = False,
) -> None:
    """Hold everything that was published beside what comes out here; misfits stay visible."""
    check_file(out, ".html")
    from glasstown.surfaces.progress_bar import ProgressBar

    bar = ProgressBar()
    bar.open("loading")
    try:
        from glasstown.lab.validation.validation import validate as validate_all

        found = validate_all(citizens=citizens, seeds=seeds, seed=seed, progress=bar)
    finally:
        bar.finished()
    if as_json:
        print_json(found.as_data())
    else:
        _say(found)
    from glasstown.surfaces.validation_page import write_page

    typer.echo(f"Page {write_page(found, out)}", err=as_json)
    raise typer.Exit(0 if found.is_complete else 130)


def _say(found: Validation) -> None:
    """Print the table of each part, and what the misfits mean."""
    out = console()
    out.print(f"{NOTICE} Published counts are scaled to {found.citizens:_} citizens ", end="")
    out.print(f"({found.scale}); intervals: 95 % of the mean over {found.seeds} seeds.")
    if not found.is_complete:
        out.print("Stopped before the end: what was finished by then is here, the rest is not.")
    for part, heading in PARTS.items():
        rows = [row for row in found.rows if row.part == part]
        out.print(f"\n({part}) {heading}", markup=False)
        out.print(rows_table(rows) if rows else "not run")
    misfits = found.misfits()
    held = len(found.rows) - len(misfits)
    out.print(f"\n{held} of {len(found.rows)} rows hold; {noun(len(misfits), 'misfit')}:")
    for row in misfits:
        out.print(f"- {row.id} {row.what}: {row.meaning}", markup=False)
    out.print(f"\nAgain: {found.command}", markup=False)


def rows_table(rows: list[Row]) -> Table:
    """Return rows as a table."""
    from glasstown.surfaces.validation_page import between, number

    table = Table(box=None, pad_edge=False, padding=(0, 1, 0, 0))
    for name in ("id", "what", "published", "here", "ours", "interval", "ratio", "verdict"):
        is_number = name in ("published", "here", "ours", "ratio")
        table.add_column(
            name, justify="right" if is_number else "left", overflow="fold",
            no_wrap=name in ("id", "verdict"),
        )  # fmt: skip
    for row in rows:
        ratio = "" if row.ratio is None else f"{row.ratio:.2f}"
        here = "" if row.scaled == "not scaled" else number(row.expected)
        table.add_row(
            row.id, row.what, number(row.published), here, number(row.ours), between(row), ratio,
            f"[{STYLES[row.verdict]}]{row.verdict}[/] ({row.kind})",
        )  # fmt: skip
    return table
