"""The film of a run: every week of the stage on disk, each kept as what changed since the last.

One file of records, in the run folder: 16 bytes of header (``GTF1``, citizens, planes, weeks a
reel), then for each week the length of its record and the record, deflated: the planes in full in
the first week of a reel, else XOR with the week before. So any week is read from one reel at most.
"""

from __future__ import annotations

import os
import struct
import threading
import zlib
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from glasstown.errors import GlasstownError, InputError
from glasstown.lab.stage.planes import PLANES

FILE = "stage.bin"
MAGIC = b"GTF1"
REEL_WEEKS = 26
MOST_WEEKS = 64
"""The most weeks that are read at once."""
_HEADER = struct.Struct("<4sIII")
_LENGTH = struct.Struct("<I")
LEVEL = 1

Bytes = NDArray[np.uint8]


class FilmClosedError(GlasstownError):
    """A film that is not kept any more."""


class Film:
    """A film that is written week by week, and read while it is.

    One thread adds; any thread may read what was added.

    Parameters
    ----------
    path : Path
        The file; what stands there is replaced.
    citizens : int
        How many are on stage.
    """

    def __init__(self, path: Path, citizens: int) -> None:
        self.path, self.citizens = path, citizens
        self._last = np.zeros((PLANES, citizens), np.uint8)
        self._starts: list[int] = [_HEADER.size]
        self._partial = path.with_name(f".{path.name}-{os.getpid()}-{id(self)}")
        self._file = open(self._partial, "w+b", buffering=0)  # noqa: SIM115
        self._file.write(_HEADER.pack(MAGIC, citizens, PLANES, REEL_WEEKS))
        self._closing = threading.Lock()

    @property
    def weeks(self) -> int:
        """How many weeks there are, week 0 included."""
        return len(self._starts) - 1

    def add(self, planes: Bytes) -> None:
        """Add a week, uint8 (4, citizens)."""
        is_full = self.weeks % REEL_WEEKS == 0
        record = zlib.compress((planes if is_full else planes ^ self._last).tobytes(), LEVEL)
        self._file.write(_LENGTH.pack(len(record)) + record)
        self._last = planes
        self._starts.append(self._starts[-1] + _LENGTH.size + len(record))

    def finish(self) -> None:
        """Put the film in its place, whole; it can still be read."""
        os.replace(self._partial, self.path)

    def close(self) -> None:
        """Close the file; what never was finished is gone."""
        with self._closing:
            self._file.close()
        self._partial.unlink(missing_ok=True)

    def frames(self, first: int, last: int) -> list[Bytes]:
        """Return the planes of some weeks, uint8 (4, citizens) each; no more than there are.

        Raises
        ------
        FilmClosedError
            The film is not kept any more.
        """
        last = min(last, self.weeks - 1, first + MOST_WEEKS - 1)
        found: list[Bytes] = []
        planes = np.zeros((PLANES, self.citizens), np.uint8)
        for week in range(first - first % REEL_WEEKS, last + 1):
            record = self._record(week)
            planes = record if week % REEL_WEEKS == 0 else planes ^ record
            if week >= first:
                found.append(planes)
        return found

    def of_place(self, place: int, last: int) -> Bytes:
        """Return one citizen's bytes in the weeks up to the last one, uint8 (weeks, 4)."""
        found = np.zeros((min(last, self.weeks - 1) + 1, PLANES), np.uint8)
        for week in range(len(found)):
            record = self._record(week)[:, place]
            found[week] = record if week % REEL_WEEKS == 0 else record ^ found[week - 1]
        return found

    def _record(self, week: int) -> Bytes:
        start, end = self._starts[week] + _LENGTH.size, self._starts[week + 1]
        with self._closing:
            if self._file.closed:
                raise FilmClosedError(f"{self.path.parent.name}: its stage is no longer kept")
            raw = os.pread(self._file.fileno(), end - start, start)
        return np.frombuffer(zlib.decompress(raw), np.uint8).reshape(PLANES, self.citizens)


def read_film(path: Path) -> list[Bytes]:
    """Return every week of a finished film, uint8 (4, citizens) each.

    Raises
    ------
    InputError
        The file is no film, or is cut off.
    """
    raw = path.read_bytes()
    try:
        magic, citizens, planes, reel = _HEADER.unpack_from(raw)
        if magic != MAGIC or planes != PLANES:
            raise ValueError("no film")
        found: list[Bytes] = []
        at = _HEADER.size
        while at < len(raw):
            (length,) = _LENGTH.unpack_from(raw, at)
            at += _LENGTH.size + length
            record = zlib.decompress(raw[at - length : at])
            week = np.frombuffer(record, np.uint8).reshape(planes, citizens)
            found.append(week if len(found) % reel == 0 else week ^ found[-1])
    except (ValueError, struct.error, zlib.error):
        raise InputError(f"{path}: not the stage of a run, or cut off") from None
    return found


def packed(frames: list[Bytes], first: int, citizens: int) -> bytes:
    """Return frames as the page reads them: a header, the first in full, the others as XOR.

    Parameters
    ----------
    frames : list of uint8 array (4, citizens)
        Weeks that follow each other.
    first : int
        The number of the first.
    citizens : int
        How many are on stage.
    """
    parts = [_HEADER.pack(MAGIC, citizens, first, len(frames))]
    before: Bytes | None = None
    for planes in frames:
        parts.append((planes if before is None else planes ^ before).tobytes())
        before = planes
    return b"".join(parts)
