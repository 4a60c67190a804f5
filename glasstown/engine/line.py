"""What takes one vector instruction, where a compiler on its own would take it lane by lane.

A compiler that can't rule out that source and target overlap copies word by word, and a vector
read of words that were just written one by one has to wait for all of them. Nor does it see that
64 comparisons, shifted and joined, are a comparison of 64 bytes. Each function here is plain Python
first, and is that on a CUDA device and for arrays with gaps; only compiled for a processor it is
what is written below it.
"""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba.core import types
from numba.core.cgutils import get_item_pointer
from numba.extending import intrinsic, overload

from glasstown.laws import part
from glasstown.laws.draws import i64, u64

LINE = 8
"""Words of 64 bits in a line of the cache."""
LANES = 64
"""Lanes of a word."""


@part
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
    if "A" in (words.layout, room.layout):
        return None
    return lambda words, first, room, target, lanes: _copied(words, first, room, target, lanes)


@part
def lanes_above(values: Any, first: int, limit: int) -> int:
    """Return the lanes of 64 numbers, from a place of an array on, that are above a limit."""
    found = u64(0)
    for lane in range(LANES):
        found |= u64(int(i64(values[first + lane]) > limit)) << u64(lane)
    return found


def _above(_typing: Any, values: Any, first: Any, limit: Any) -> Any:
    """Write `lanes_above` for an array of 8 or 16 bits as one comparison of twice as many."""
    bits, is_signed = values.dtype.bitwidth, values.dtype.signed

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        kind, number = signature.args[0], ir.IntType(2 * bits)
        value = context.make_array(kind)(context, builder, arguments[0])
        place = context.cast(builder, arguments[1], signature.args[1], types.intp)
        item = get_item_pointer(context, builder, kind, value, [place])
        narrow, wide = ir.VectorType(ir.IntType(bits), LANES), ir.VectorType(number, LANES)
        found = builder.load(builder.bitcast(item, narrow.as_pointer()), align=bits // 8)
        found = builder.sext(found, wide) if is_signed else builder.zext(found, wide)
        bound = context.cast(builder, arguments[2], signature.args[2], types.int64)
        # A limit beyond all such numbers does what the nearest one beyond does.
        for order, last in (("<", -(1 << bits)), (">", 1 << bits)):
            most = ir.Constant(bound.type, last)
            bound = builder.select(builder.icmp_signed(order, bound, most), most, bound)
        single = builder.insert_element(
            ir.Constant(wide, None), builder.trunc(bound, number), ir.Constant(ir.IntType(32), 0)
        )
        every = ir.Constant(ir.VectorType(ir.IntType(32), LANES), [0] * LANES)
        spread = builder.shuffle_vector(single, ir.Constant(wide, None), every)
        return builder.bitcast(builder.icmp_signed(">", found, spread), ir.IntType(64))

    return types.uint64(values, first, limit), generate


_lanes_above: Any = intrinsic(_above)


@overload(lanes_above, inline="always", target="cpu")
def _above_compiled(values, first, limit):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202, ARG001
    if values.layout == "A":
        return None
    return lambda values, first, limit: _lanes_above(values, first, limit)
