"""Seeds of an assessment that are finished, kept on disk, so that one that was stopped goes on.

A line is one seed. It counts only for the same scenarios, the same code and the same seed; a line
that was cut off while it was written counts for nothing.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from functools import cache
from importlib import resources
from pathlib import Path

from glasstown.engine.kernels import source_hash
from glasstown.lab.assessment.members import Record
from glasstown.lab.assessment.variants import Variant
from glasstown.lab.scenario import scenario_hash

CODE = (
    ("glasstown.lab.assessment", "members.py"), ("glasstown.lab.assessment", "following.py"),
    ("glasstown.lab.assessment", "people.py"), ("glasstown.engine", "kinds.py"),
    ("glasstown.lab", "outcomes.py"), ("glasstown.lab", "rollout.py"),
    ("glasstown.lab", "branches.py"),
)  # fmt: skip


@cache
def code_hash() -> str:
    """Return a hash of all code that a record depends on."""
    digest = hashlib.sha256(source_hash().encode())
    for package, name in CODE:
        digest.update((resources.files(package) / name).read_bytes())
    return digest.hexdigest()


def key_of(variants: Sequence[Variant], seed: int) -> str:
    """Return what identifies a record: what was run, under which seed, by which code."""
    parts = [code_hash(), str(seed)]
    parts += [f"{one.name} {scenario_hash(one.scenario)}" for one in variants]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:32]


class Shelf:
    """Finished records, by key.

    Parameters
    ----------
    path : Path, optional
        The file of lines; None: nothing is kept.
    """

    def __init__(self, path: Path | None = None) -> None:
        self.path = path
        self._records: dict[str, Record] = {}
        if path is not None and path.is_file():
            for line in path.read_text("utf-8").splitlines():
                self._read(line)

    def _read(self, line: str) -> None:
        try:
            data = json.loads(line)
            self._records[str(data["key"])] = dict(data["record"])
        except (ValueError, KeyError, TypeError):
            return

    def get(self, key: str) -> Record | None:
        """Return a finished record."""
        return self._records.get(key)

    def put(self, key: str, record: Record) -> Record:
        """Keep a finished record, and return it as it will be read again.

        Raises
        ------
        OSError
            If it can't be written.
        """
        line = json.dumps({"key": key, "record": record})
        self._read(line)
        if self.path is not None:
            is_torn = self.path.is_file() and not self.path.read_bytes().endswith((b"\n", b""))
            with self.path.open("a", encoding="utf-8") as file:
                file.write(("\n" if is_torn else "") + line + "\n")
        return self._records[key]
