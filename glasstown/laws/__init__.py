"""One citizen's week: pure scalar integer functions, one file per step.

A law takes numbers and returns numbers: no arrays, no floating point, no globals that change.
Marked with `law`, one text serves plain Python (the reference engine and the tests call it as it
stands) and the compiled engines (Numba compiles the same text into their kernels).

Fixed point: a ``q16`` is a number times 2**16, a ``q32`` times 2**32; probabilities are
thresholds that a 32-bit draw must stay below, so 2**32 is certainty.
"""

from numba.extending import register_jitable

# Without Numba's run-time there are no references to count, without wrappers less to compile.
_LEAN = {"_nrt": False, "no_cpython_wrapper": True, "no_cfunc_wrapper": True}

law = register_jitable(forceinline=True, **_LEAN)
part = register_jitable(forceinline=True, **_LEAN)
"""Like `law`, for the parts of an engine: compiled code may call them instead of inlining them."""

rare = register_jitable(**_LEAN)
"""For parts that few citizens reach in a week: compiled once and called, not inlined."""

Q16 = 1 << 16
Q32 = 1 << 32

__all__ = ["Q16", "Q32", "law", "part", "rare"]
