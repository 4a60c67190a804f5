"""How the lab refuses: a status, a kind, words that can be shown, and what would be allowed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from glasstown.errors import DeclarationError, GlasstownError, Problem, ResourceError


class RefusedError(Exception):
    """A call that can't be answered.

    Parameters
    ----------
    status : int
        The HTTP status.
    kind : str
        A word for the page, such as ``limit``.
    message : str
        What was given, and what is allowed, in words.
    problems : sequence of Problem
        What is wrong with a scenario, key by key.
    allowed : mapping
        What would be allowed.
    retry_after : int, optional
        Seconds after which to try again.
    """

    def __init__(
        self, status: int, kind: str, message: str, *, problems: Sequence[Problem] = (),
        allowed: Mapping[str, Any] | None = None, retry_after: int | None = None,
    ) -> None:  # fmt: skip
        super().__init__(message)
        self.status, self.kind, self.message = status, kind, message
        self.problems, self.allowed, self.retry_after = tuple(problems), allowed, retry_after

    @property
    def body(self) -> dict[str, Any]:
        """What is sent."""
        error: dict[str, Any] = {
            "kind": self.kind,
            "message": self.message,
            "problems": [_record(one) for one in self.problems],
            "allowed": dict(self.allowed or {}),
        }
        return {"error": error}

    @property
    def headers(self) -> dict[str, str]:
        """What is sent beside it."""
        return {} if self.retry_after is None else {"Retry-After": str(self.retry_after)}


def _record(problem: Problem) -> dict[str, Any]:
    return {
        "key": problem.key,
        "given": problem.given,
        "message": problem.message,
        "nearest": problem.nearest,
    }


def refusal_of(error: GlasstownError) -> RefusedError:
    """Return how a failure of the laboratory is told."""
    if isinstance(error, DeclarationError):
        words = "; ".join(str(problem) for problem in error.problems)
        return RefusedError(422, "scenario", words, problems=error.problems)
    if isinstance(error, ResourceError):
        return RefusedError(507, "room", str(error))
    return RefusedError(422, "scenario", str(error))


def unknown(what: str, given: object) -> RefusedError:
    """Return the refusal of what is not there."""
    return RefusedError(404, "unknown", f"there is no {what} '{given}'")
