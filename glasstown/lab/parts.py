"""Parts: the tables of a run while it is not finished, as Parquet files that are whole each.

A checkpoint names the parts that belong to it by their hashes. Whoever goes on from it keeps
those and drops all others: they hold weeks that will be simulated again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

from glasstown.errors import InputError


class Parts:
    """The parts of one table.

    Parameters
    ----------
    folder : Path
        Where they stand.
    prefix : str
        What their names begin with; a number of five digits follows.
    """

    def __init__(self, folder: Path, prefix: str) -> None:
        self.folder, self._prefix = folder, prefix
        self._hashes: dict[str, str] = {}

    def path(self, number: int) -> Path:
        """Return the path of a part."""
        return self.folder / f"{self._prefix}{number:05d}.parquet"

    def number(self, name: str) -> int:
        """Return the number of a part by its name."""
        return int(name.removeprefix(self._prefix).removesuffix(".parquet"))

    def note(self, path: Path) -> None:
        """Take down that a part was written."""
        self._hashes[path.name] = hashlib.sha256(path.read_bytes()).hexdigest()

    def has(self, number: int) -> bool:
        """Return whether a part was written."""
        return self.path(number).name in self._hashes

    @property
    def hashes(self) -> dict[str, str]:
        """The parts written so far, by name."""
        return dict(self._hashes)

    @property
    def paths(self) -> list[Path]:
        """The parts written so far, in order."""
        return [self.folder / name for name in sorted(self._hashes)]

    def go_on(self, hashes: Mapping[str, str]) -> None:
        """Go on with these parts, which were written before.

        Raises
        ------
        InputError
            If one is missing or damaged.
        """
        for name, said in hashes.items():
            path = self.folder / name
            try:
                found = hashlib.sha256(path.read_bytes()).hexdigest()
            except OSError as error:
                raise _lost(path, f"can't be read: {error.strerror or error}") from None
            if found != said:
                raise _lost(path, "damaged: its hash is not the one in the checkpoint")
        self._hashes = dict(hashes)

    def drop_others(self) -> None:
        """Drop what lies there of this table and does not belong to it."""
        for path in [*self.folder.glob(f"{self._prefix}*"), *self.folder.glob(f".{self._prefix}*")]:
            if path.name not in self._hashes:
                path.unlink()


def _lost(path: Path, why: str) -> InputError:
    return InputError(
        f"{path}: {why}. Without these weeks the run can't go on; run its scenario again with "
        "--overwrite"
    )
