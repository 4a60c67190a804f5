"""Columns of the state as streams of bytes: hashed, written and read without a second copy.

A column's bytes are little-endian and go citizen by citizen, block by block or firm by firm: the
first axis of a field runs fastest, whatever the layout in memory. A field that lies in memory as
its bytes go is never copied; any other is copied piece by piece.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

PIECE_BYTES = 1 << 24
"""What is hashed, written or read at once, about."""


def pieces(field: NDArray[Any], size: int | None = None) -> Iterator[NDArray[Any]]:
    """Yield a field in its order, in views of about so many bytes, `PIECE_BYTES` by default."""
    column = field.T
    each = max(column.nbytes // max(len(column), 1), 1)
    step = max((size or PIECE_BYTES) // each, 1)
    for first in range(0, len(column), step):
        yield column[first : first + step]


def little(piece: NDArray[Any]) -> memoryview:
    """Return the bytes of a piece, copied only where they don't lie in order."""
    ordered = np.ascontiguousarray(piece, piece.dtype.newbyteorder("<"))
    return ordered.reshape(-1).view(np.uint8).data


def hash_of(field: NDArray[Any]) -> bytes:
    """Return the SHA-256 of a field's bytes."""
    digest = hashlib.sha256()
    for piece in pieces(field):
        digest.update(little(piece))
    return digest.digest()


def fill(piece: NDArray[Any], file: Any) -> memoryview:
    """Read a piece from a binary file into its place, and return its bytes.

    Raises
    ------
    EOFError
        If the file ends before.
    """
    is_in_order = piece.flags.c_contiguous and piece.dtype == piece.dtype.newbyteorder("<")
    ordered = piece if is_in_order else np.empty(piece.shape, piece.dtype.newbyteorder("<"))
    data = ordered.reshape(-1).view(np.uint8).data
    done = 0
    while done < len(data):
        read = file.readinto(data[done:])
        if not read:
            raise EOFError
        done += read
    if not is_in_order:
        piece[...] = ordered
    return data
