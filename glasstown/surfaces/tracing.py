"""The command `trace`: one synthetic life, week by week, in the terminal, as JSON and as a page."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from glasstown.errors import InputError
from glasstown.lab.scenario import load_scenario
from glasstown.lab.writing import check_file
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

if TYPE_CHECKING:
    from glasstown.lab.scenario import Scenario
    from glasstown.lab.trace.finding import Found
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
    citizens: Citizens = None,
    weeks: Weeks = None,
    seed: Seed = None,
    without: Without = None,
    setting: Setting = None,
    threads: Threads = None,
    out: Annotated[
        Path | None, typer.Option(help="The page to write; trace-CITIZEN.html by default.")
    ] = None,
    no_page: Annotated[bool, typer.Option("--no-page", help="Write no page.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Follow one synthetic citizen week by week: every point, list, denial, and what was said."""
    if (citizen is None) == (find is None):
        raise InputError(
            "trace: give either a CITIZEN, as in 'glasstown trace total-2020 4711', or words to "
            "--find one by, as in --find 'excluded, innocent'"
        )
    scenario = load_scenario(given, overrides=overrides(citizens, weeks, seed, without, setting))
    again = flags_again(given, citizens, weeks, seed, without, setting)
    if find is not None:
        _find(scenario, again, find, most, threads, as_json)
        return
    assert citizen is not None
    path = out or Path(f"trace-{citizen}.html")
    if not no_page:
        check_file(path, ".html")
    done = _traced(scenario, citizen, beside, threads)
    if as_json:
        print_json(done.as_data())
    else:
        _say(done)
    again = again.replace("CITIZEN", str(citizen))
    again += f" --beside {shlex.quote(beside)}" if beside else ""
    trouble = 0 if no_page else _paged(done, path, again, as_json)
    raise typer.Exit(trouble if done.is_complete else 130)


def _paged(done: Trace, path: Path, command: str, as_json: bool) -> int:
    """Write the page; return 0, or 1 after saying why there is none."""
    from glasstown.surfaces.trace_page import write_page

    try:
        typer.echo(f"Page {write_page(done, path, command)}", err=as_json)
    except RuntimeError as error:
        typer.echo(f"The page could not be written: {error}", err=True)
        return 1
    return 0


def _traced(scenario: Scenario, citizen: int, beside: str | None, threads: int | None) -> Trace:
    """Follow the citizen, with a bar."""
    from glasstown.surfaces.progress_bar import ProgressBar

    bar = ProgressBar()
    bar.open("loading")
    try:
        from glasstown.lab.trace.tracing import trace as follow

        return follow(scenario, citizen, beside=beside, threads=threads, progress=bar)
    finally:
        bar.finished()


def _find(
    scenario: Scenario, again: str, words: str, most: int, threads: int | None, as_json: bool
) -> None:
    """Find citizens, and print them."""
    from glasstown.lab.trace.finding import find as find_citizens
    from glasstown.lab.trace.finding import words_in
    from glasstown.surfaces.progress_bar import ProgressBar

    words_in(words)
    bar = ProgressBar()
    bar.open("loading")
    try:
        found = find_citizens(scenario, words, most=most, threads=threads, progress=bar)
    finally:
        bar.finished()
    if as_json:
        print_json(found.as_data())
    else:
        _say_found(found, again)
    if found.week < scenario.weeks:
        typer.echo(f"Stopped after week {found.week} of {scenario.weeks}.", err=True)
        raise typer.Exit(130)


def _say_found(found: Found, again: str) -> None:
    """Print the citizens that were found, and how to follow one."""
    out = console()
    if found.total is None:
        how_many = f"{len(found.matches)} of more, from all over the country"
    else:
        how_many = "nobody" if found.total == 0 else f"{found.total}, all there are"
    out.print(f"{NOTICE} At the end of week {found.week}: {', '.join(found.words)}: {how_many}.")
    if not found.matches:
        return
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    names = ("citizen", "where", "age", "occupation", "score", "shut out for", "listed for")
    for name in names:
        table.add_column(name, justify="right" if name in ("citizen", "score") else "left")
    for one in found.matches:
        score = "" if one.score is None else f"{one.score:.1f}"
        table.add_row(
            str(one.citizen), f"{one.region}, {one.settlement}", one.age_band, one.occupation,
            score, one.excluded_for or "", one.listed_for or "",
        )  # fmt: skip
    out.print(table)
    first = found.matches[0].citizen
    out.print(f"\n{again.replace('CITIZEN', str(first))}", markup=False, soft_wrap=True)


def flags_again(
    given: str, citizens: int | None, weeks: int | None, seed: int | None,
    without: list[str] | None, settings: list[str] | None,
) -> str:  # fmt: skip
    """Return the command that follows a citizen in the same run.

    >>> flags_again("total-2020", 20_000, None, None, ["friends"], ["conformity=8"])
    'glasstown trace total-2020 CITIZEN --citizens 20000 --without friends --set conformity=8'
    """
    numbers = {"citizens": citizens, "weeks": weeks, "seed": seed}
    parts = [f"--{name} {value}" for name, value in numbers.items() if value is not None]
    parts += [f"--without {one}" for one in without or []]
    parts += [f"--set {shlex.quote(one)}" for one in settings or []]
    return " ".join(["glasstown trace", shlex.quote(given), "CITIZEN", *parts])


def _say(done: Trace) -> None:
    """Print who it is, what the life was, and its weeks."""
    out, who = console(), done.who
    if not done.is_complete:
        typer.echo(
            f"Stopped after week {len(done.life.weeks)} of {done.scenario.weeks}; the weeks that "
            "were lived follow.", err=True,
        )  # fmt: skip
    out.print(f"{NOTICE} Scale {done.scale}.\n", markup=False)
    out.print(Text(f"Citizen {who.citizen} under {done.life.title}", "bold"))
    for line in portrait(done):
        out.print(line, markup=False)
    out.print()
    for sentence in done.findings():
        out.print(f"- {sentence}", markup=False)
    if len(done.lives) > 1:
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
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column("")
    for life in done.lives:
        table.add_column(life.scheme, justify="right")
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
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), width=out.width)
    for name, ratio in (("week", None), ("day", None), ("score", None)):
        table.add_column(name, no_wrap=True, ratio=ratio, justify="right")
    for life in done.lives:
        title = f"what happened ({life.scheme})" if len(done.lives) > 1 else "what happened"
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
