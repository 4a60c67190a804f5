"""What Glasstown raises when it is given something it can't use.

Every message says what was given, where (file, line, dotted key), what is allowed and
what to try. The tree:

    GlasstownError            anything a caller may want to catch
    |- InputError             the user's input can't be used: exit code 2
    |  |- DeclarationError    a scenario, scheme or table file: file, line, key
    |  `- ResourceError       memory, disk or folder: said before the first week
    `- EngineError            an engine is not available on this machine
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass


class GlasstownError(Exception):
    """Base of every error that Glasstown raises on purpose."""


class InputError(GlasstownError):
    """Something the user gave can't be used."""


class ResourceError(InputError):
    """The machine can't hold or store what was asked for."""


class EngineError(GlasstownError):
    """The engine asked for is not available here."""


@dataclass(frozen=True)
class Problem:
    """One thing wrong in one place of a file.

    Parameters
    ----------
    key : str
        Dotted key, such as ``score.start`` or ``rules[3].points``.
    given : str
        What stood there, shortened.
    message : str
        What is wrong and what is allowed.
    line : int or None
        Line in the file, counted from 1.
    nearest : str or None
        The nearest word that would be allowed.
    """

    key: str
    given: str
    message: str
    line: int | None = None
    nearest: str | None = None

    def __str__(self) -> str:
        where = f"line {self.line}: " if self.line else ""
        if self.nearest is None:
            return f"{where}{self.key}: {self.message}"
        return f"{where}{self.key}: {self.message.rstrip('.')}. Did you mean '{self.nearest}'?"


class DeclarationError(InputError):
    """A scenario, scheme or table holds something that can't be used.

    Parameters
    ----------
    file : str
        Path or name of what was read.
    problems : list of Problem
        Everything that is wrong, in the order of the file.
    """

    def __init__(self, file: str, problems: list[Problem]) -> None:
        self.file = file
        self.problems = sorted(problems, key=lambda problem: problem.line or 0)
        super().__init__("\n".join(f"{file}: {problem}" for problem in self.problems))


def nearest_word(given: object, allowed: Iterable[str]) -> str | None:
    """Return the allowed word that is most like the given one, or None.

    >>> nearest_word("misidentificaton", ["friends", "misidentification"])
    'misidentification'
    """
    matches = difflib.get_close_matches(str(given), list(allowed), n=1, cutoff=0.55)
    return matches[0] if matches else None
