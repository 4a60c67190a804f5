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


def _prefetch(_typing: Any, array: Any, index: Any) -> Any:
    """Bring the line of a one-dimensional array's item into the cache; compiled code only."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        if not isinstance(context, CPUContext):
            return context.get_dummy_value()
        kind = signature.args[0]
        value = context.make_array(kind)(context, builder, arguments[0])
        place = context.cast(builder, arguments[1], signature.args[1], types.intp)
        item = get_item_pointer(context, builder, kind, value, [place])
        pointer = builder.bitcast(item, ir.IntType(8).as_pointer())
        number = ir.IntType(32)
        shape = ir.FunctionType(ir.VoidType(), [pointer.type, number, number, number])
        hint = builder.module.declare_intrinsic("llvm.prefetch", [pointer.type], shape)
        builder.call(
            hint, [pointer, *(ir.Constant(number, one) for one in (FOR_READING, SOON, OF_DATA))]
        )
        return context.get_dummy_value()

    return types.void(array, index), generate


prefetch: Any = intrinsic(_prefetch)
