"""The command `assess`: the dossier of a scheme as sentences, a page and JSON."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from glasstown.lab.assessment import SEED, SEEDS
from glasstown.surfaces.app import NOTICE, app, console, print_json
from glasstown.surfaces.cli_run import Citizens, Setting, Weeks, Without, overrides, whole_number

if TYPE_CHECKING:
    from glasstown.lab.assessment.dossier import Assessment


@app.command()
def assess(
    given: Annotated[
        str,
        typer.Argument(
            metavar="SCHEME_OR_FILE", help="A shipped scheme, or a scheme's or scenario's file."
        ),
    ],
    citizens: Citizens = None,
    weeks: Weeks = None,
    seeds: Annotated[
        int, typer.Option(parser=whole_number, metavar="N", help="Countries, at least 2.")
    ] = SEEDS,
    seed: Annotated[
        int, typer.Option(parser=whole_number, metavar="N", help="Names the seeds.")
    ] = SEED,
    without: Without = None,
    settings: Setting = None,
    out: Annotated[
        Path, typer.Option(help="The folder below which the dossier's folder is made.")
    ] = Path("assessments"),
    as_json: Annotated[
        bool, typer.Option("--json", help="Print JSON for another program.")
    ] = False,
) -> None:
    """Measure what an impact assessment asks for; finished seeds are kept, and it goes on."""
    from glasstown.surfaces.progress_bar import ProgressBar

    bar = ProgressBar()
    bar.open("loading")
    try:
        from glasstown.lab.assessment.dossier import assess as assess_scheme

        found = assess_scheme(
            given, seeds=seeds, seed=seed, out=out, progress=bar,
            **{name: value for name, value in
               overrides(citizens, weeks, None, without, settings).items() if value is not None},
        )  # fmt: skip
    finally:
        bar.finished()
    if as_json:
        print_json(found.as_data())
    else:
        _say(found)
    from glasstown.surfaces.assessment_page import PAGE, write_page

    folder = found.folder or out
    typer.echo(f"Page {write_page(found, folder / PAGE)}", err=as_json)


def _say(found: Assessment) -> None:
    """Print the sentences of every section."""
    out = console()
    society = found.scenario.society
    out.print(
        f"{NOTICE} {society.citizens:_} citizens ({found.scale}), {found.scenario.weeks} weeks, "
        f"{len(found.records)} seeds. Measures, no legal verdict.",
        markup=False,
    )
    for section in found.sections:
        if section.key == "fria":
            continue
        out.print(f"\n{section.heading}", style="bold", markup=False)
        for sentence in section.sentences:
            out.print(f"- {sentence}", markup=False)
    for one in found.failures:
        out.print(f"\nFailed: {one}", markup=False)
    if found.left:
        out.print(f"\n{found.left} of {found.seeds} seeds were not reached.", markup=False)
    out.print(f"\nAgain: {found.command}", markup=False)
