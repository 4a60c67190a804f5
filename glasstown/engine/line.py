"""What takes one vector instruction, where a compiler on its own would take it lane by lane.

A compiler that can't rule out that source and target overlap copies word by word, and a vector
read of words that were just written one by one has to wait for all of them. Nor does it see that
64 comparisons, shifted and joined, are a comparison of 64 bytes. Each function here is plain Python
first; only compiled for a processor it is what is written below it.
"""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba.core import types
from numba.core.cgutils import get_item_pointer
from numba.extending import intrinsic, overload

LINE = 8
"""Words of 64 bits in a line of the cache."""


def copy_line(words: Any, first: int, room: Any, target: int, lanes: int) -> None:
    """Copy eight words, some lanes only, from a place of one array to a place of another."""
    for i in range(LINE):
        room[target + i] = words[first + i] & lanes


def _copy(_typing: Any, words: Any, first: Any, room: Any, target: Any, lanes: Any) -> Any:
    """Write `copy_line` for arrays of uint64 as one load and one store."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        def line(position: int) -> Any:
            kind = signature.args[position]
            value = context.make_array(kind)(context, builder, arguments[position])
            place = context.cast(
                builder, arguments[position + 1], signature.args[position + 1], types.intp
            )
            item = get_item_pointer(context, builder, kind, value, [place])
            return builder.bitcast(item, ir.VectorType(ir.IntType(64), LINE).as_pointer())

        vector = ir.VectorType(ir.IntType(64), LINE)
        mask = context.cast(builder, arguments[4], signature.args[4], types.uint64)
        number = ir.IntType(32)
        single = builder.insert_element(ir.Constant(vector, None), mask, ir.Constant(number, 0))
        every = ir.Constant(ir.VectorType(number, LINE), [0] * LINE)
        spread = builder.shuffle_vector(single, ir.Constant(vector, None), every)
        found = builder.load(line(0), align=8)
        builder.store(builder.and_(found, spread), line(2), align=8)
        return context.get_dummy_value()

    return types.void(words, first, room, target, lanes), generate


_copied: Any = intrinsic(_copy)


@overload(copy_line, inline="always", target="cpu")
def _copy_compiled(words, first, room, target, lanes):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202, ARG001
    return lambda words, first, room, target, lanes: _copied(words, first, room, target, lanes)
