"""The command line's root: what every command shares, and how failures are told.

A wrong input is told in plain text on stderr with exit code 2; a missing engine with 3; an
interruption with 130. Nothing here imports an engine, so that the command line starts fast.
"""

from __future__ import annotations

import json
import shlex
import sys
from typing import Annotated, Any, NoReturn

import typer
from rich.console import Console
from typer.core import TyperGroup

from glasstown.errors import EngineError, GlasstownError
from glasstown.version import version

NOTICE = "A synthetic society, not a prediction."


class PlainGroup(TyperGroup):
    """A group of commands that tells failures in plain words."""

    def invoke(self, ctx: Any) -> Any:
        """Run the command; tell what went wrong without a traceback."""
        try:
            return super().invoke(ctx)
        except GlasstownError as error:
            _stop(str(error), 3 if isinstance(error, EngineError) else 2)
        except KeyboardInterrupt:
            _stop("Stopped.", 130)
        except BrokenPipeError:
            raise
        except OSError as error:
            where = f"{error.filename}: " if error.filename else "Can't read or write: "
            _stop(f"{where}{error.strerror or error}", 2)


def _stop(message: str, code: int) -> NoReturn:
    typer.echo(message, err=True)
    raise typer.Exit(code)


app = typer.Typer(
    name="glasstown",
    cls=PlainGroup,
    help=f"A laboratory for social-scoring systems. {NOTICE}",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(is_wanted: bool) -> None:
    if is_wanted:
        typer.echo(f"glasstown {version()}")
        raise typer.Exit()


@app.callback()
def root(
    _version_wanted: Annotated[
        bool,
        typer.Option("--version", callback=_version, is_eager=True, help="Show the version."),
    ] = False,
) -> None:
    """Take the options that stand before every command."""


def console() -> Console:
    """Return the console for tables: as wide as the terminal, 100 columns in a pipe."""
    is_terminal = sys.stdout.isatty()
    return Console(width=None if is_terminal else 100, highlight=False)


def command_line() -> str:
    """Return the command as it was given, for a page that says how to get it again."""
    return f"glasstown {shlex.join(sys.argv[1:])}"


def print_json(data: object) -> None:
    """Print data for another program."""
    typer.echo(json.dumps(data, indent=2, ensure_ascii=False))
