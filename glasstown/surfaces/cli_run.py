"""The commands that run: run, describe, report, bench. What is heavy is imported inside them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer
import yaml

from glasstown.errors import InputError
from glasstown.lab import reporting
from glasstown.lab.scenario import load_scenario
from glasstown.surfaces.app import NOTICE, app, console, print_json

if TYPE_CHECKING:
    from glasstown.lab.run import Run


def whole_number(text: str) -> int:
    """Return a whole number from a flag, separators allowed.

    >>> whole_number("1_000_000"), whole_number("1,000")
    (1000000, 1000)
    """
    try:
        return int(str(text).replace(",", "_"))
    except ValueError:
        raise typer.BadParameter(
            f"must be a whole number such as 1_000_000, not '{text}'"
        ) from None


Given = Annotated[
    str, typer.Argument(metavar="SCHEME_OR_FILE", help="A shipped scheme, or a scenario's file.")
]
Citizens = Annotated[
    int | None,
    typer.Option(
        parser=whole_number, metavar="N", help="Citizens of the synthetic country, as 1_000_000."
    ),
]
Weeks = Annotated[
    int | None, typer.Option(parser=whole_number, metavar="N", help="How many weeks.")
]
Seed = Annotated[
    int | None,
    typer.Option(
        parser=whole_number, metavar="N", help="Names the luck of the society; 0 is a seed."
    ),
]
Without = Annotated[
    list[str] | None, typer.Option(help="A mechanism that is left out; may be repeated.")
]
Setting = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="KEY=VALUE",
        help="Any other key, as conformity=8 or scheme.friends.points=-0.2; may be repeated.",
    ),
]
Engine = Annotated[
    str, typer.Option(help="What runs the country: cpu, cuda (a device), or reference (slow).")
]
Threads = Annotated[
    int | None, typer.Option(min=1, max=1024, help="Threads; all processors by default.")
]
NoReport = Annotated[bool, typer.Option("--no-report", help="Write no report.html.")]
CheckpointWeeks = Annotated[
    int | None,
    typer.Option(
        parser=whole_number,
        metavar="N",
        help="Weeks from one checkpoint to the next, 0 for none; by default every five minutes.",
    ),
]


def overrides(
    citizens: int | None, weeks: int | None, seed: int | None, without: list[str] | None,
    settings: list[str] | None,
) -> dict[str, Any]:  # fmt: skip
    """Return the keys of a scenario that flags replace.

    Raises
    ------
    InputError
        If a setting is not KEY=VALUE, or its value is no YAML.
    """
    changes: dict[str, Any] = {"citizens": citizens, "weeks": weeks, "seed": seed}
    changes["without"] = without or None
    for setting in settings or []:
        key, equals, text = setting.partition("=")
        if not equals or not key.strip():
            raise InputError(f"--set {setting}: must be KEY=VALUE, as in --set conformity=8")
        try:
            value = yaml.safe_load(text)
        except yaml.YAMLError:
            raise InputError(
                f"--set {setting}: the value can't be read; put words with signs in quotes"
            ) from None
        if value is None:
            raise InputError(f"--set {setting}: no value is given")
        changes[key.strip()] = value
    return {key: value for key, value in changes.items() if value is not None}


@app.command()
def run(
    given: Given,
    citizens: Citizens = None,
    weeks: Weeks = None,
    seed: Seed = None,
    without: Without = None,
    setting: Setting = None,
    out: Annotated[Path, typer.Option(help="Folder below which the run folder is made.")] = Path(
        "runs"
    ),
    engine: Engine = "cpu",
    threads: Threads = None,
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Replace a run of the same scenario.")
    ] = False,
    no_report: NoReport = False,
    checkpoint_weeks: CheckpointWeeks = None,
) -> None:
    """Run a scenario: simulate it week by week, write its run folder, say what was found."""
    changes = overrides(citizens, weeks, seed, without, setting)
    scenario = load_scenario(given, overrides=changes)
    from glasstown.surfaces.progress_bar import ProgressBar

    bar = ProgressBar()
    bar.open("loading")
    try:
        from glasstown.lab.run import run as run_scenario

        done = run_scenario(
            scenario, out=out, engine=engine, threads=threads, progress=bar, report=False,
            overwrite=overwrite, checkpoint_weeks=checkpoint_weeks,
        )  # fmt: skip
    finally:
        bar.finished()
    leave(done, no_report=no_report)


def leave(done: Run, *, no_report: bool) -> NoReturn:
    """Say what a run found, write its report, and leave with 0, or with 130 if it was stopped."""
    _say(done)
    trouble = 0 if no_report else _reported(done.folder)
    raise typer.Exit(trouble if done.is_complete else 130)


def _say(done: Run) -> None:
    """Print what a run found, and where it is."""
    manifest = done.manifest
    weeks, of = manifest["weeks_done"], manifest["scenario"]["weeks"]
    out = console()
    if not done.is_complete:
        way = (
            f"go on with: glasstown resume {done.folder}"
            if done.can_go_on
            else "the same command starts again from the first week"
        )
        kept = f"The finished weeks are kept in {done.folder}"
        typer.echo(f"Stopped after week {weeks} of {of}. {kept}; {way}.", err=True)
    out.print(f"{NOTICE} Scale {manifest['scale']}.\n", markup=False)
    for finding in done.findings():
        out.print(f"- {finding.sentence}", markup=False)
    for warning in manifest["warnings"]:
        out.print(f"Note: {warning}", markup=False)
    rate = manifest["timings"]["citizen_weeks_per_second"]
    lines = (
        f"\nDigest {done.digest}",
        f"{rate:.3g} citizen-weeks a second ({manifest['engine']}, {manifest['threads']} threads), "
        f"{manifest['peak_memory_bytes'] / 1e6:.0f} MB at most",
    )
    for line in lines:
        typer.echo(line)
    typer.echo(f"Folder {done.folder}")


def _reported(folder: Path) -> int:
    """Write a report; return 0, or 1 after saying why there is none."""
    try:
        typer.echo(f"Report {reporting.write(folder)}")
    except reporting.ReportError as error:
        typer.echo(str(error), err=True)
        return 1
    return 0


@app.command()
def report(folder: Annotated[Path, typer.Argument(help="A run folder.")]) -> None:
    """Write the report of a run again."""
    from glasstown.lab.run import load

    raise typer.Exit(_reported(load(folder).folder))


@app.command()
def describe(
    given: Given,
    citizens: Citizens = None,
    weeks: Weeks = None,
    seed: Seed = None,
    without: Without = None,
    setting: Setting = None,
    threads: Threads = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Describe a scenario without running it: size, bytes, time, and the country it is about."""
    changes = overrides(citizens, weeks, seed, without, setting)
    scenario = load_scenario(given, overrides=changes)
    typer.echo("Counting the synthetic country...", err=True)
    from glasstown.lab.description import describe as description_of
    from glasstown.surfaces import describing

    described = description_of(scenario, threads=threads)
    if as_json:
        print_json(describing.record(described))
        return
    out = console()
    for line in describing.lines(described):
        out.print(line, markup=False)
    out.print(describing.marginals_table(described.marginals))
    for note in describing.notes(described):
        out.print(note, markup=False)


@app.command()
def bench(
    given: Annotated[str, typer.Argument(metavar="SCHEME_OR_FILE")] = "total-2020",
    citizens: Citizens = 1_000_000,
    weeks: Weeks = 60,
    engine: Engine = "cpu",
    threads: Threads = None,
) -> None:
    """Measure the speed: citizen-weeks a second, and as a ratio to copying memory."""
    scenario = load_scenario(given, overrides={"citizens": citizens, "weeks": weeks})
    from glasstown.surfaces.progress_bar import ProgressBar

    bar = ProgressBar()
    bar.open("loading")
    try:
        from glasstown.engine.engines import check_engine, default_workers
        from glasstown.lab.speed import measure_speed

        speed = measure_speed(
            scenario, engine=check_engine(engine), threads=threads or default_workers(),
            progress=bar,
        )  # fmt: skip
    finally:
        bar.finished()
    typer.echo(
        f"{scenario.scheme.name}: {speed.citizens:_} citizens x {speed.weeks} weeks in "
        f"{speed.seconds:.2f} s on {speed.threads} threads, warm-up left out\n"
        f"{speed.rate:.3g} citizen-weeks a second\n"
        f"memory copy, NumPy, one thread: {speed.copy_rate / 1e9:.2f} GB a second\n"
        f"one citizen-week costs as much as copying {speed.bytes_a_citizen_week:.0f} bytes\n"
        f"peak memory {speed.peak_memory_bytes / 1e6:.0f} MB"
    )
