"""A draw is a function of (seed, purpose, citizen, week, index): no generator has a state.

The hash is the finaliser of SplitMix64 (Steele, Lea and Flood 2014, "Fast splittable
pseudorandom number generators", OOPSLA, section 3.5, variant 13 of Stafford 2011), used as a
counter-based generator: ``draw = mix(key + (index + 1) GOLDEN)``. Keys are built by folding the
parts one after another, so a neighbouring seed, week or block shares no stream. The known answers
of SplitMix64, uniformity, independence between neighbours and the avalanche are tested.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from numba.core import types
from numba.extending import lower_builtin, type_callable

from glasstown.laws import law

MASK64 = 0xFFFF_FFFF_FFFF_FFFF
GOLDEN = 0x9E37_79B9_7F4A_7C15
MIX_1 = 0xBF58_476D_1CE4_E5B9
MIX_2 = 0x94D0_49BB_1331_11EB

# Each purpose has draws of its own; numbers are never reused, so that a new purpose moves nobody.
PEOPLE, PAIRING, MASK, PHASE = 1, 6, 7, 8
COUNT, CANDIDATE, WATCH, ENTER = 9, 10, 11, 12
RECEIVE_COUNT, RECEIVE, DEMAND, REMEDY = 13, 14, 15, 16
APPEAL, REFLECT, CUT, MEND, SHAME, SAMPLE = 17, 18, 20, 21, 22, 23
NOTICE, AWARE, FIRM = 2, 4, 5
INSIDE, FIRM_WEEK, VOICE, GATHER = 24, 25, 26, 27
PURPOSES = 32
"""Room for purposes: keys are kept by number. Those below COUNT keep their key in all weeks."""


def u64(number: int) -> int:
    """Return the number as an unsigned 64-bit integer, in Python and in compiled code."""
    return int(number) & MASK64


def i64(number: int) -> int:
    """Return an unsigned number below 2**63 as a signed one, in Python and in compiled code."""
    return int(number)


def _compiled_as(function: Callable[[int], int], kind: types.Integer) -> None:
    """Let a function be one conversion in compiled code, on a processor or a device.

    An overload inlined by Numba would do; numba-cuda then forgets a variable before its last use.
    """
    type_callable(function)(lambda _context: lambda number: kind)  # noqa: ARG005

    @lower_builtin(function, types.Any)
    def convert(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return context.cast(builder, arguments[0], signature.args[0], kind)


_compiled_as(u64, types.uint64)
_compiled_as(i64, types.int64)


@law
def place(number: int) -> int:
    """Return a number that is never negative, so that a compiler needs no check of an index.

    Numba lets an array be indexed from its end; clearing the sign says that nobody does.
    """
    return number & 0x7FFF_FFFF_FFFF_FFFF


@law
def mix64(x: int) -> int:
    """Mix 64 bits (SplitMix64's finaliser, Stafford's variant 13).

    >>> hex(mix64(GOLDEN))
    '0xe220a8397b1dcdaf'
    """
    x = ((u64(x) ^ (u64(x) >> u64(30))) * u64(MIX_1)) & u64(MASK64)
    x = ((x ^ (x >> u64(27))) * u64(MIX_2)) & u64(MASK64)
    return x ^ (x >> u64(31))


@law
def fold(key: int, value: int) -> int:
    """Fold one more part into a key."""
    return mix64((u64(key) + u64(GOLDEN) * (u64(value) + u64(1))) & u64(MASK64))


@law
def stream(key: int, where: int) -> int:
    """Return the stream of a key (seed, purpose, week) at a place, from which draws are taken."""
    return mix64(u64(key) ^ u64(where))


@law
def draw(key: int, where: int, index: int) -> int:
    """Return 64 random bits for a key (seed, purpose, week), a place and an index."""
    return fold(stream(key, where), index)


@law
def low32(bits: int) -> int:
    """Return the lower 32 bits of a draw."""
    return i64(u64(bits) & u64(0xFFFF_FFFF))


@law
def high32(bits: int) -> int:
    """Return the upper 32 bits of a draw."""
    return i64(u64(bits) >> u64(32))


@law
def field(bits: int, shift: int, width: int) -> int:
    """Return ``width`` bits (at most 62) of a draw, from bit ``shift``."""
    return i64((u64(bits) >> u64(shift)) & ((u64(1) << u64(width)) - u64(1)))


@law
def bit(word: int, lane: int) -> int:
    """Return the bit of one lane of a word: 0 or 1."""
    return i64((u64(word) >> u64(lane)) & u64(1))
