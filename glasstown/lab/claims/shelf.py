"""What was measured, kept on disk member by member, so that a test that was stopped goes on.

A member is one claim in one setting under one seed. A line is written when it is finished; it
counts only for the same scenarios, measures and code. What failed is tried again.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from glasstown.lab.claims.declaration import Claim

ROOT = Path(__file__).parents[2]
PACKAGES = ("laws", "society", "scheme", "engine")
FILES = (
    "lab/outcomes.py", "lab/rollout.py", "lab/phases.py", "lab/branches.py",
    "lab/claims/measures.py", "lab/claims/members.py", "lab/claims/worlds.py",
)  # fmt: skip
"""What a measured value depends on, beside all of `PACKAGES`."""


class Member(NamedTuple):
    """What one member came to: its effect, what is shown beside it, or why there is nothing."""

    effect: float | None
    shown: dict[str, dict[str, float]]
    failure: str = ""


@cache
def code_hash() -> str:
    """Return a hash of all code and packaged data that a measured value depends on."""
    inside = [
        path for name in PACKAGES for path in (ROOT / name).rglob("*")
        if path.suffix in (".py", ".yaml", ".csv")
    ]  # fmt: skip
    digest = hashlib.sha256()
    for path in sorted([*inside, *(ROOT / name for name in FILES)]):
        digest.update(path.relative_to(ROOT).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def key_of(claim: Claim, hashes: Sequence[str], seed: int) -> str:
    """Return what identifies a member: its scenarios, seed, what is measured, and the code."""
    parts = [code_hash(), claim.measure, claim.compare, claim.last_weeks, claim.shown]
    parts += [list(claim.worlds), list(hashes), seed]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:32]


class Shelf:
    """Finished members, by key.

    Parameters
    ----------
    path : Path, optional
        The file of lines; None: nothing is kept on disk.
    """

    def __init__(self, path: Path | None = None) -> None:
        self.path = path
        self._members: dict[str, Member] = {}
        self._is_torn = False
        if path is not None and path.is_file():
            text = path.read_text("utf-8", errors="replace")
            self._is_torn = bool(text) and not text.endswith("\n")
            for line in text.splitlines():
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
        """Keep a member; one that failed is not kept, so that it is tried again.

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
        with self.path.open("a", encoding="utf-8") as file:
            file.write(("\n" if self._is_torn else "") + line + "\n")
        self._is_torn = False
