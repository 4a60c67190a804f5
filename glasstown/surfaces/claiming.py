"""The command `claims`: public claims put to the test, as a table, one page and JSON."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from glasstown.lab.claims import CITIZENS, SEED, SEEDS
from glasstown.lab.claims.folder import DEFAULT, PAGE, RESULT, VALUES
from glasstown.lab.reporting import ReportError
from glasstown.lab.wording import noun
from glasstown.surfaces.app import NOTICE, app, console, print_json
from glasstown.surfaces.cli_run import whole_number

if TYPE_CHECKING:
    from glasstown.lab.claims.declaration import Claim
    from glasstown.lab.claims.verdicts import Claims

STYLES = {
    "holds": "bold blue", "does not hold": "bold red", "depends": "yellow", "not measured": "dim",
}  # fmt: skip


@app.command()
def claims(
    only: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME", help="Test this claim only; may be repeated."),
    ] = None,
    citizens: Annotated[
        int, typer.Option(parser=whole_number, metavar="N", help="Citizens of each country.")
    ] = CITIZENS,
    seeds: Annotated[
        int, typer.Option(parser=whole_number, metavar="K", help="Runs of each, at least 2.")
    ] = SEEDS,
    seed: Annotated[
        int, typer.Option(parser=whole_number, metavar="N", help="Names the seeds.")
    ] = SEED,
    out: Annotated[
        Path, typer.Option(help="Folder for page and JSON; a test that was stopped goes on there.")
    ] = Path(DEFAULT),
    list_only: Annotated[
        bool, typer.Option("--list", help="List the claims and their rules; run nothing.")
    ] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print JSON for another program.")
    ] = False,
) -> None:
    """Test public claims about such systems: what holds, what does not, and what it hangs on."""
    if list_only:
        _list(only, as_json)
        return
    from glasstown.surfaces.progress_bar import ProgressBar

    bar = ProgressBar()
    bar.open("loading")
    try:
        from glasstown.lab.claims.testing import claims as test_claims

        found = test_claims(
            citizens=citizens, seeds=seeds, seed=seed, only=only, out=out, progress=bar
        )
    except ReportError as error:
        bar.finished()
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from None
    except KeyboardInterrupt as stopped:
        bar.finished()
        _say_stopped(str(stopped), out)
        raise typer.Exit(130) from None
    finally:
        bar.finished()
    if as_json:
        print_json(found.as_data())
    else:
        _say(found)
    typer.echo(f"Page {out / PAGE}", err=as_json)
    typer.echo(f"Data {out / RESULT}", err=as_json)


def _say_stopped(how_far: str, out: Path) -> None:
    """Say what is kept after Ctrl-C, and that the same command goes on."""
    kept = out / VALUES
    if not kept.is_file():
        typer.echo("Stopped before the first member was finished.", err=True)
        return
    told = f"{how_far}; they" if how_far else "Finished members"
    typer.echo(f"Stopped. {told} are kept in {kept}. The same command goes on there.", err=True)


def _list(only: list[str] | None, as_json: bool) -> None:
    """Print the catalogue, or those claims of it that are named."""
    from glasstown.lab.claims.catalogue import chosen

    known = chosen(only)
    if as_json:
        print_json([one.model_dump(mode="json") for one in known])
        return
    out = console()
    out.print(f"{NOTICE} {noun(len(known), 'claim')}; each rule was fixed before anything was run.")
    out.print(list_table(known))


def list_table(known: tuple[Claim, ...]) -> Table:
    """Return claims as a table: name, claim, whose it is, and what it needs."""
    from glasstown.lab.claims.wording import SIDES

    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column("name", no_wrap=True)
    for name in ("claim", "of", "holds if"):
        table.add_column(name, overflow="fold")
    for one in known:
        table.add_row(one.name, one.claim, SIDES[one.side], one.holds.words)
    return table


def _say(found: Claims) -> None:
    """Print the verdicts, and how to come to them again."""
    out = console()
    out.print(
        f"{NOTICE} {found.citizens:_} citizens ({found.scale}); intervals: 95 % of the mean over "
        f"{found.seeds} seeds.\n",
        markup=False,
    )
    out.print(verdict_table(found))
    counts = ", ".join(f"{verdict}: {count}" for verdict, count in found.counts.items())
    out.print(f"\n{noun(len(found.tested), 'claim')}: {counts}.", markup=False)
    failed = sum(len(one.failures) for one in found.tested)
    if failed:
        out.print(
            f"{noun(failed, 'member')} could not be run or measured; the page says which and why.",
            markup=False,
        )
    out.print(f"Again: {found.command}", markup=False)


def verdict_table(found: Claims) -> Table:
    """Return tested claims as a table."""
    from glasstown.lab.claims.wording import MARKS, bound, flips_in_short, interval, number

    table = Table(box=None, pad_edge=False, padding=(0, 2, 1, 0))
    for name in ("claim", "verdict", "effect", "interval", "needed", "other verdict when moved"):
        table.add_column(name, overflow="fold", no_wrap=name == "verdict")
    for one in found.tested:
        claim, effect = one.claim, one.effect
        value = "" if effect.mean is None else number(effect.mean, claim.form)
        needed = f"{claim.holds.side} {bound(claim)}"
        table.add_row(
            claim.claim, f"[{STYLES[effect.verdict]}]{MARKS[effect.verdict]} {effect.verdict}[/]",
            *(
                text.replace(" percentage points", " pp")
                for text in (value, interval(effect, claim.form), needed)
            ),
            flips_in_short(one),
        )  # fmt: skip
    return table
