"""The command `trace`: one synthetic life, week by week, in the terminal, as JSON and as a page."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from glasstown.errors import InputError
from glasstown.lab.scenario import load_scenario
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
from glasstown.surfaces.finding import find_and_say, flags_again
from glasstown.surfaces.study_folder import written

if TYPE_CHECKING:
    from glasstown.lab.scenario import Scenario
    from glasstown.lab.trace.life import LivedWeek
    from glasstown.lab.trace.tracing import Trace

STYLES = {
    "mistake": "bold yellow", "list": "bold red", "denied": "bold red", "waits": "red",
    "shown": "bold red", "remedy": "cyan", "favoured": "green", "speech": "magenta",
    "caution": "blue", "tie": "blue", "fading": "bright_black",
}  # fmt: skip


@app.command()
def trace(
    given: Given,
    citizen: Annotated[
        int | None,
        typer.Argument(parser=whole_number, metavar="CITIZEN", help="A citizen's number, from 0."),
    ] = None,
    find: Annotated[
        str | None,
        typer.Option(
            help="Instead: find citizens of whom these words hold at the end, as "
            "'excluded, innocent, by association'."
        ),
    ] = None,
    most: Annotated[
        int, typer.Option(parser=whole_number, metavar="N", help="How many citizens to find.")
    ] = 10,
    beside: Annotated[
        str | None, typer.Option(metavar="SCHEME", help="The same life under another scheme.")
    ] = None,
    beside_without: Annotated[
        str | None,
        typer.Option(
            metavar="MECHANISM[,...]",
            help="The same life without these, beside it; with --beside, under that scheme.",
        ),
    ] = None,
    citizens: Citizens = None,
    weeks: Weeks = None,
    seed: Seed = None,
    without: Without = None,
    setting: Setting = None,
    threads: Threads = None,
    out: Annotated[
        Path,
        typer.Option(
            help="Folder below which page and JSON are written; a trace that is stopped is kept "
            "there, and the same command goes on with it."
        ),
    ] = Path("traces"),
    no_page: Annotated[
        bool, typer.Option("--no-page", help="Write neither page nor JSON.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Follow one synthetic citizen week by week: every point, list, denial, and what was said."""
    if (citizen is None) == (find is None):
        raise InputError(
            "trace: give either a CITIZEN, as in 'glasstown trace total-2020 4711', or words to "
            "--find one by, as in --find 'excluded, innocent'"
        )
    check_is_folder(out)
    scenario = load_scenario(given, overrides=overrides(citizens, weeks, seed, without, setting))
    if find is not None:
        again = flags_again(given, citizens, weeks, seed, without, setting)
        find_and_say(scenario, again, find, most, out, threads, as_json)
        return
    assert citizen is not None
    done = _traced(scenario, citizen, beside, beside_without, out, threads)
    if as_json:
        print_json(done.as_data())
    else:
        _say(done)
    if not done.is_complete:
        goes_on = "goes on from there" if done.can_go_on else "starts again from the first week"
        lived = f"week {len(done.life.weeks)} of {done.scenario.weeks}"
        typer.echo(f"Stopped after {lived}; the same command {goes_on}.", err=True)
    trouble = 0 if no_page else written(done, out, to_stderr=as_json)
    raise typer.Exit((trouble or int(bool(done.failures))) if done.is_complete else 130)


def check_is_folder(out: Path) -> None:
    """Refuse a page's name where the folder of pages is meant."""
    if out.suffix.lower() == ".html":
        raise InputError(
            f"--out {out}: is the folder below which pages are written, not a page; give "
            f"{out.with_suffix('')}"
        )


def _traced(
    scenario: Scenario, citizen: int, beside: str | None, beside_without: str | None, out: Path,
    threads: int | None,
) -> Trace:  # fmt: skip
    """Follow the citizen, with a bar."""
    from glasstown.surfaces.progress_bar import ProgressBar

    bar = ProgressBar()
    bar.open("loading")
    try:
        from glasstown.lab.pairing import names_in
        from glasstown.lab.trace.tracing import trace as follow

        return follow(
            scenario, citizen, beside=beside,
            beside_without=names_in(beside_without) if beside_without is not None else (),
            out=out, threads=threads, progress=bar,
        )  # fmt: skip
    finally:
        bar.finished()


def _say(done: Trace) -> None:
    """Print who it is, what the life was, and its weeks."""
    out, who = console(), done.who
    out.print(f"{NOTICE} Scale {done.scale}.\n", markup=False)
    out.print(Text(f"Citizen {who.citizen} under {done.life.title}", "bold"))
    for line in portrait(done):
        out.print(line, markup=False)
    out.print()
    for failure in done.failures:
        out.print(f"Failed: {failure}", markup=False)
    for sentence in done.findings():
        out.print(f"- {sentence}", markup=False)
    if len(done.lives) > 1:
        out.print(f"\n{done.parting()}\n", markup=False)
        out.print(sums_table(done))
    out.print(weeks_table(done, out))
    out.print(
        f"\nEvery week was lived again by the reference engine and gave the same bytes.\n"
        f"Digest {done.life.digest}", markup=False,
    )  # fmt: skip


def portrait(done: Trace) -> list[str]:
    """Return who the citizen is, in lines."""
    who = done.who
    ties = ", ".join(f"{count} {kind}" for kind, count in who.ties_by_kind.items())
    firms = f", owner of a firm in {' and '.join(who.firms)}" if who.firms else ""
    group = "" if who.group == "rest" else f", group {who.group}"
    return [
        f"{who.settlement.capitalize()} {who.region}, aged {who.age_band}, {who.occupation}{firms}"
        f"{group}; income: {who.income_fifth} fifth there; household of {who.household_size}.",
        f"Honesty {who.honesty}, boldness {who.boldness}; online: {who.online}; privately "
        f"{who.thinks} ({round(100 * who.opinion)} of 100 in favour).",
        f"Ties: {ties}.",
    ]


def sums_table(done: Trace) -> Table:
    """Return the sums of the life and of the one beside it."""
    from glasstown.lab.trace.life import labels_of

    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column("")
    for label in labels_of(done.lives):
        table.add_column(label, justify="right")
    for row in done.beside():
        table.add_row(row.what, *(number(one) for one in row.values))
    return table


def number(value: float | str) -> str:
    """Write a sum.

    >>> number(3), number(101.7), number("none")
    ('3', '101.7', 'none')
    """
    return value if isinstance(value, str) else f"{value:,g}"


def weeks_table(done: Trace, out: Console) -> Table:
    """Return the weeks in which something happened, and the quiet ones between as one line."""
    from glasstown.lab.trace.life import labels_of

    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), width=out.width)
    for name, ratio in (("week", None), ("day", None), ("score", None)):
        table.add_column(name, no_wrap=True, ratio=ratio, justify="right")
    for label in labels_of(done.lives):
        title = f"what happened ({label})" if len(done.lives) > 1 else "what happened"
        table.add_column(title, ratio=1, overflow="fold")
    quiet = 0
    for weeks in zip(*(life.weeks for life in done.lives), strict=True):
        told = [_told(one) for one in weeks]
        if not any(one.plain for one in told):
            quiet += 1
            continue
        if quiet:
            table.add_row("", "", "", Text(f"... {quiet} quiet", "bright_black"))
            quiet = 0
        first = weeks[0]
        score = "" if first.after.score is None else f"{first.after.score:.1f}"
        table.add_row(str(first.week), str(first.day), score, *told)
    return table


def _told(week: LivedWeek) -> Text:
    """Return the events of a week as marked text, with rule and confidence; fading left out."""
    told: Any = Text()
    for event in week.events:
        if event.kind == "fading":
            continue
        line = Text(("\n" if told.plain else "") + event.sentence, STYLES.get(event.kind, ""))
        if event.rule:
            line.append(f" [{event.rule}, {event.confidence}]", "bright_black")
        told.append_text(line)
    return told
