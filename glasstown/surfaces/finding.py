"""`trace --find`: citizens worth following, in the terminal and as JSON."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING

import typer
from rich.table import Table

from glasstown.surfaces.app import NOTICE, console, print_json

if TYPE_CHECKING:
    from glasstown.lab.scenario import Scenario
    from glasstown.lab.trace.finding import Found


def find_and_say(
    scenario: Scenario, again: str, words: str, most: int, out: Path, threads: int | None,
    as_json: bool,
) -> None:  # fmt: skip
    """Find citizens, and print them."""
    from glasstown.lab.trace.finding import find as find_citizens
    from glasstown.lab.trace.finding import words_in
    from glasstown.surfaces.progress_bar import ProgressBar

    words_in(words)
    bar = ProgressBar()
    bar.open("loading")
    try:
        found = find_citizens(scenario, words, most=most, out=out, threads=threads, progress=bar)
    finally:
        bar.finished()
    if as_json:
        print_json(found.as_data())
    else:
        _say_found(found, again)
    if found.week < scenario.weeks:
        goes_on = "goes on from there" if found.can_go_on else "starts again from the first week"
        lived = f"week {found.week} of {scenario.weeks}"
        typer.echo(f"Stopped after {lived}; the same command {goes_on}.", err=True)
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
