"""Ask for memory before it is needed: a hint to the processor that changes no result.

The ties of a block lead anywhere in the country. While one block reflects, the lines that the next
one will read are on their way. On a CUDA device, where other threads fill the waiting, it is
nothing.
"""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba.core import types
from numba.core.cgutils import get_item_pointer
from numba.core.cpu import CPUContext
from numba.extending import intrinsic

FOR_READING, SOON, OF_DATA = 0, 3, 1


def _hint(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
    """Write the instruction for an array's item, one index a dimension."""
    if not isinstance(context, CPUContext):
        return context.get_dummy_value()
    kind, indices = signature.args[0], signature.args[1:]
    value = context.make_array(kind)(context, builder, arguments[0])
    places = [
        context.cast(builder, argument, index, types.intp)
        for argument, index in zip(arguments[1:], indices, strict=True)
    ]
    item = get_item_pointer(context, builder, kind, value, places)
    pointer = builder.bitcast(item, ir.IntType(8).as_pointer())
    number = ir.IntType(32)
    shape = ir.FunctionType(ir.VoidType(), [pointer.type, number, number, number])
    hint = builder.module.declare_intrinsic("llvm.prefetch", [pointer.type], shape)
    builder.call(
        hint, [pointer, *(ir.Constant(number, one) for one in (FOR_READING, SOON, OF_DATA))]
    )
    return context.get_dummy_value()


def _prefetch(_typing: Any, array: Any, index: Any) -> Any:
    """Bring the line of a one-dimensional array's item into the cache; compiled code only."""
    return types.void(array, index), _hint


def _prefetch_column(_typing: Any, array: Any, row: Any, column: Any) -> Any:
    """Do the same for a two-dimensional array."""
    return types.void(array, row, column), _hint


prefetch: Any = intrinsic(_prefetch)
prefetch_column: Any = intrinsic(_prefetch_column)
