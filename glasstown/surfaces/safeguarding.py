"""The command `safeguards`: the smallest changes that remove most harm."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from glasstown.lab.safeguards import EVALUATIONS, SEED, SEEDS
from glasstown.surfaces.app import NOTICE, app, console, print_json
from glasstown.surfaces.cli_run import Citizens, Setting, Weeks, overrides, whole_number

if TYPE_CHECKING:
    from glasstown.lab.safeguards.search import Found


@app.command()
def safeguards(
    given: Annotated[
        str,
        typer.Argument(
            metavar="SCHEME_OR_FILE", help="A shipped scheme, or a scheme's or scenario's file."
        ),
    ],
    citizens: Citizens = None,
    weeks: Weeks = None,
    seeds: Annotated[
        int, typer.Option(parser=whole_number, metavar="N", help="Seeds of each set, at least 2.")
    ] = SEEDS,
    seed: Annotated[
        int, typer.Option(parser=whole_number, metavar="N", help="Names the seeds.")
    ] = SEED,
    evaluations: Annotated[
        int, typer.Option(parser=whole_number, metavar="N", help="Sets that are run at the most.")
    ] = EVALUATIONS,
    only: Annotated[
        list[str] | None, typer.Option(help="A safeguard that may be taken; may be repeated.")
    ] = None,
    harm: Annotated[
        list[str] | None, typer.Option(help="A harm that is lowered; may be repeated.")
    ] = None,
    settings: Setting = None,
    out: Annotated[
        Path, typer.Option(help="The folder below which the search's folder is made.")
    ] = Path("safeguards"),
    as_json: Annotated[
        bool, typer.Option("--json", help="Print JSON for another program.")
    ] = False,
) -> None:
    """Find the smallest changes that remove most harm; finished sets are kept, and it goes on."""
    from glasstown.surfaces.progress_bar import ProgressBar

    bar = ProgressBar()
    bar.open("loading")
    try:
        from glasstown.lab.safeguards.search import safeguards as search

        found = search(
            given, seeds=seeds, seed=seed, evaluations=evaluations, only=only, harms=harm, out=out,
            progress=bar, **overrides(citizens, weeks, None, None, settings),
        )  # fmt: skip
    finally:
        bar.finished()
    if as_json:
        print_json(found.as_data())
    else:
        _say(found)
    from glasstown.surfaces.safeguards_page import PAGE, write_page

    typer.echo(f"Page {write_page(found, (found.folder or out) / PAGE)}", err=as_json)


def _say(found: Found) -> None:
    """Print what was found, and the front."""
    from glasstown.lab.safeguards.wording import sentences, words_of

    out = console()
    out.print(
        f"{NOTICE} {found.scenario.society.citizens:_} citizens ({found.scale}), "
        f"{found.scenario.weeks} weeks, {found.seeds} seeds.",
        markup=False,
    )
    for sentence in sentences(found):
        out.print(f"- {sentence}", markup=False)
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for name in ("changes", "harm left", "benefit kept", "safeguards"):
        table.add_column(name, justify="right" if name == "changes" else "left", overflow="fold")
    for one in found.front():
        kept = "none to keep" if one.benefit is None else one.benefit.short("percent")
        table.add_row(
            str(one.size), one.harm_left.short("percent"), kept, words_of(one.names)
        )  # fmt: skip
    out.print("\nThe front: no set that was run does better in one respect and worse in none.")
    out.print(table)
    for name, why in found.failures.items():
        out.print(f"\nCould not be applied: {name}: {why}", markup=False)
    if found.left:
        out.print(f"\n{found.left} sets were not reached.", markup=False)
    out.print(f"\nAgain: {found.command}", markup=False)
