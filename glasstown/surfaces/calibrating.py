"""The command `calibrate`: parameters found from published aggregates, with their intervals."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
import yaml
from rich.table import Table

from glasstown.lab.calibration import CITIZENS, SEED, SEEDS, check_scheme
from glasstown.lab.writing import check_folder, write_text
from glasstown.surfaces.app import NOTICE, app, console
from glasstown.surfaces.cli_run import whole_number

if TYPE_CHECKING:
    from glasstown.lab.calibration.court_list import Calibration


@app.command()
def calibrate(
    scheme: Annotated[str, typer.Argument(help="The scheme: court-list.")],
    citizens: Annotated[
        int, typer.Option(parser=whole_number, metavar="N", help="Citizens of each country.")
    ] = CITIZENS,
    seeds: Annotated[
        int, typer.Option(parser=whole_number, metavar="N", help="Runs of each set, at least 2.")
    ] = SEEDS,
    seed: Annotated[
        int, typer.Option(parser=whole_number, metavar="N", help="Names the seeds.")
    ] = SEED,
    out: Annotated[Path, typer.Option(help="Folder for the JSON and YAML files.")] = Path(
        "calibration"
    ),
) -> None:
    """Find the parameters that no source gives, so that named published numbers are met."""
    check_scheme(scheme)
    check_folder(out)
    from glasstown.surfaces.progress_bar import ProgressBar

    bar = ProgressBar()
    bar.open("loading")
    try:
        from glasstown.lab.calibration.court_list import calibrate as calibrate_scheme

        found = calibrate_scheme(scheme, citizens=citizens, seeds=seeds, seed=seed, progress=bar)
    finally:
        bar.finished()
    _say(found)
    for path in write(found, out):
        typer.echo(f"File {path}")


def write(found: Calibration, folder: Path) -> list[Path]:
    """Write a calibration as JSON and YAML, and return the files."""
    data = found.as_data()
    whole = folder / f"{found.scheme}.json"
    write_text(json.dumps(data, indent=2, ensure_ascii=False) + "\n", whole)
    plain = folder / f"{found.scheme}.yaml"
    head = f"# {found.command}\n# Values for the files of the package, and how they were found.\n"
    write_text(head + yaml.safe_dump(data, sort_keys=False, allow_unicode=True), plain)
    return [whole, plain]


def _say(found: Calibration) -> None:
    """Print parameters, targets and the keys to set."""
    out, fit = console(), found.fit
    out.print(f"{NOTICE} {found.citizens:_} citizens, {found.seeds} seeds.\n", markup=False)
    out.print(_parameters(found))
    out.print("\nIntervals: 95 %, luck alone (spread over seeds, through the Jacobian).\n")
    out.print(_targets(found))
    out.print(
        f"\nHalf the sum of squared log ratios: {fit.objective_before:.3g} before, "
        f"{fit.objective_after:.3g} after {fit.evaluations} sets of runs. {fit.message}",
        markup=False,
    )
    out.print("\nSet in the package:")
    for key, value in found.settings().items():
        out.print(f"  {key}: {value:.4g}", markup=False)
    out.print(f"\nAgain: {found.command}", markup=False)


def _parameters(found: Calibration) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for name in ("parameter", "start", "value", "interval", "packaged", "unit"):
        is_number = name in ("start", "value", "packaged")
        table.add_column(name, justify="right" if is_number else "left")
    for one, declared in zip(found.fit.parameters, found.declared, strict=True):
        at_bound = " (at its bound)" if one.is_at_bound else ""
        table.add_row(
            one.name, f"{one.start:.4g}", f"{one.value:.4g}{at_bound}",
            f"{one.low:.4g} to {one.high:.4g}", f"{declared.now(found.inputs):.4g}", declared.unit,
        )  # fmt: skip
    return table


def _targets(found: Calibration) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for name in ("target", "published, at this scale", "before", "after", "ratio"):
        table.add_column(name, justify="left" if name == "target" else "right")
    fit = found.fit
    for name, expected, before, after in zip(
        found.targets, found.published, fit.before, fit.after, strict=True
    ):
        row = (f"{value:,.4g}" for value in (expected, before, after))
        table.add_row(name, *row, f"{after / expected:.3f}")
    return table
