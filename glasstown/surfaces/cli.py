"""The commands that look, check and prepare; those that run stand in `cli_run`."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from glasstown.lab.phases import dates_in_words
from glasstown.lab.scenario import Scenario, load_scenario, scenario_hash
from glasstown.lab.wording import noun
from glasstown.reading import read_document
from glasstown.scheme.declaration import Scheme
from glasstown.scheme.loading import SHIPPED, load_scheme, scheme_hash
from glasstown.society.region_table import read_region_table
from glasstown.surfaces import (
    assessing,
    calibrating,
    claiming,
    cli_lab,
    cli_run,
    comparing,
    diverging,
    explaining,
    listing,
    picture,
    resuming,
    safeguarding,
    tracing,
    validating,
)
from glasstown.surfaces.app import app, console, print_json
from glasstown.surfaces.scheme_lines import scheme_page
from glasstown.surfaces.template import write_template

__all__ = [
    "assessing",
    "calibrating",
    "claiming",
    "cli_lab",
    "cli_run",
    "comparing",
    "diverging",
    "explaining",
    "main",
    "picture",
    "resuming",
    "safeguarding",
    "tracing",
    "validating",
]

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for another program.")]


@app.command()
def schemes(
    name: Annotated[
        str | None, typer.Argument(help="A shipped scheme, or a path to one: show its lines.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """List the shipped schemes, or every line of one with its source and confidence."""
    if name is None:
        _list_schemes(as_json)
        return
    scheme = load_scheme(name)
    if as_json:
        print_json({**scheme.model_dump(mode="json"), "hash": scheme_hash(scheme)})
        return
    console().print(scheme_page(scheme, scheme_hash(scheme)))


def _list_schemes(as_json: bool) -> None:
    """Print the shipped schemes."""
    shipped = [load_scheme(name) for name in SHIPPED]
    if as_json:
        print_json([listing.scheme_record(one) for one in shipped])
    else:
        console().print(listing.schemes_table(shipped))


@app.command()
def mechanisms(as_json: AsJson = False) -> None:
    """List the mechanisms that a scenario may leave out, and which shipped schemes have them."""
    if as_json:
        print_json(listing.mechanism_records())
    else:
        console().print(listing.mechanisms_table())


@app.command()
def check(file: Annotated[Path, typer.Argument(help="A scenario's or a scheme's file.")]) -> None:
    """Check a file without running it."""
    keys = read_document(file).data
    if "scheme" not in keys and {"title", "summary", "score", "from"} & set(keys):
        for line in _scheme_summary(load_scheme(file)):
            typer.echo(line)
        return
    scenario = load_scenario(file)
    for line in _scenario_summary(scenario):
        typer.echo(line)


def _scheme_summary(scheme: Scheme) -> list[str]:
    """Say a scheme in a few lines."""
    counts = {
        "channels": scheme.channels,
        "rules": scheme.rules,
        "tiers": scheme.tiers,
        "lists": scheme.lists,
        "sanctions": scheme.sanctions,
        "rewards": scheme.rewards,
    }
    score = "no score" if scheme.score is None else "a score"
    parts = [f"{len(value)} {name}" for name, value in counts.items()]
    return [
        f"OK: scheme {scheme.name}: {scheme.title}",
        f"  {score}, {', '.join(parts)}",
        f"  scheme hash {scheme_hash(scheme)}",
    ]


def _scenario_summary(scenario: Scenario) -> list[str]:
    """Say a scenario in a few lines."""
    society: Any = scenario.society
    regions = len(read_region_table(society.regions))
    dates = dates_in_words(scenario)
    return [
        f"OK: scenario of {scenario.weeks} weeks from {scenario.start}, seed {scenario.seed}",
        f"  {society.citizens:_} citizens in {regions} regions ({society.regions}),"
        f" {noun(len(society.groups), 'group')}",
        f"  without: {', '.join(scenario.without) or 'nothing left out'}",
        *(f"  phase: {words}" for words in dates.phases),
        *(f"  a gathering may form on {words}" for words in dates.sparks),
        f"  scenario hash {scenario_hash(scenario)}",
        *(f"  {line.removeprefix('OK: ').strip()}" for line in _scheme_summary(scenario.scheme)),
    ]


@app.command()
def new(
    file: Annotated[Path, typer.Argument(help="The file to write; it must not be there yet.")],
    scheme: Annotated[
        str, typer.Option("--scheme", help="The scheme that the scenario starts with.")
    ] = "total-2020",
) -> None:
    """Write a scenario file with every default, each key explained."""
    load_scheme(scheme)
    write_template(file, scheme)
    typer.echo(f"Wrote {file}. Change what you like, then: glasstown check {file}")


def main() -> None:
    """Run the command line; leave with 0, 2 (input), 3 (engine) or 130 (interrupted)."""
    code: Any = 0
    try:
        try:
            app()
        except SystemExit as leaving:
            code = leaving.code
        sys.stdout.flush()
    except KeyboardInterrupt:
        code = _told("Stopped.", 130)
    except BrokenPipeError:
        _mute()
    except OSError as error:
        _mute()
        code = code or _told(f"Can't read or write: {error.strerror or error}", 2)
    sys.exit(code)


def _told(message: str, code: int) -> int:
    typer.echo(message, err=True)
    return code


def _mute() -> None:
    """Send what is left of stdout nowhere, so that nothing is said at exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


if __name__ == "__main__":
    main()
