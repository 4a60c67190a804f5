"""What was measured, kept on disk member by member, so that a test that was stopped goes on.

A member is one claim in one setting under one seed. A line is written when it is finished; it
counts only for the same scenarios, measures and code. What failed is tried again.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any, NamedTuple

from glasstown.engine.kernels import source_hash
from glasstown.lab.claims.declaration import Claim
from glasstown.lab.scenario import Scenario, scenario_hash

CODE = (
    ("glasstown.lab", "outcomes.py"), ("glasstown.lab", "rollout.py"),
    ("glasstown.lab.claims", "measures.py"), ("glasstown.lab.claims", "worlds.py"),
)  # fmt: skip


class Member(NamedTuple):
    """What one member came to: its effect, what is shown beside it, or why there is nothing."""

    effect: float | None
    shown: dict[str, dict[str, float]]
    failure: str = ""


@cache
def code_hash() -> str:
    """Return a hash of all code that a measured value depends on."""
    digest = hashlib.sha256(source_hash().encode())
    for package, name in CODE:
        digest.update((resources.files(package) / name).read_bytes())
    return digest.hexdigest()


def key_of(claim: Claim, scenarios: Sequence[Scenario]) -> str:
    """Return what identifies a member: its scenarios, what is measured in them, and the code."""
    parts = [code_hash(), claim.measure, claim.compare, claim.last_weeks, claim.shown]
    parts += [scenario_hash(one) for one in scenarios]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:32]


class Shelf:
    """Finished members, by key.

    Parameters
    ----------
    path : Path, optional
        The file of lines; None: nothing is kept.
    """

    def __init__(self, path: Path | None = None) -> None:
        self.path = path
        self._members: dict[str, Member] = {}
        if path is not None and path.is_file():
            for line in path.read_text("utf-8").splitlines():
                self._read(line)

    def _read(self, line: str) -> None:
        """Take a line; one that was cut off while it was written counts for nothing."""
        try:
            data: dict[str, Any] = json.loads(line)
            member = Member(float(data["effect"]), dict(data["shown"]))
            self._members[str(data["key"])] = member
        except (ValueError, KeyError, TypeError):
            return

    def get(self, key: str) -> Member | None:
        """Return a finished member."""
        return self._members.get(key)

    def put(self, key: str, member: Member) -> None:
        """Keep a finished member.

        Raises
        ------
        OSError
            If it can't be written.
        """
        if member.effect is None:
            return
        self._members[key] = member
        if self.path is None:
            return
        line = json.dumps({"key": key, "effect": member.effect, "shown": member.shown})
        is_torn = self.path.is_file() and not self.path.read_bytes().endswith((b"\n", b""))
        with self.path.open("a", encoding="utf-8") as file:
            file.write(("\n" if is_torn else "") + line + "\n")
