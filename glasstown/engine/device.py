"""Where the kernels of the cuda engine run: on a CUDA device, or in Numba's simulator.

The simulator (``NUMBA_ENABLE_CUDASIM=1``, for tests) interprets kernels thread by thread. What a
thread does with its share is compiled for the processor there, from the text that a device gets:
NumPy's numbers have neither the widths nor the wrapping of either.
"""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable
from importlib.util import find_spec
from typing import Any

from numba.core import config as _config

from glasstown.engine.kernels import kernel, kernel_folder
from glasstown.engine.world import State
from glasstown.laws import part

config: Any = _config
INSTEAD = "Or run with --engine cpu, which gives the same bytes"


def is_simulated() -> bool:
    """Return whether Numba simulates a device in this process."""
    return bool(config.ENABLE_CUDASIM)


def missing() -> str | None:
    """Return what the cuda engine lacks here and what to do; None if it can run."""
    if is_simulated():
        return None
    if find_spec("numba_cuda") is None:
        return (
            "the cuda engine needs the extra 'gpu', which is not installed: "
            f"pip install 'glasstown[gpu]'. {INSTEAD}"
        )
    try:
        from numba import cuda
    except ImportError as error:
        return f"the cuda engine can't load numba-cuda: {error}. {INSTEAD}"
    if not cuda.is_available():
        return (
            f"the cuda engine finds no CUDA device: {_why(cuda)} An NVIDIA card and its driver "
            f"are needed; 'nvidia-smi' should show them. {INSTEAD}"
        )
    return None


def _why(cuda: Any) -> str:
    """Return what the driver said, in one line."""
    said = cuda.cuda_error() or "NVIDIA's compiler is not installed (the extra 'gpu' has it)"
    return " ".join(str(said).split()).rstrip(".: ") + "."


def share(function: Callable[..., Any]) -> Any:
    """Mark what one thread does: a part of a kernel, compiled for the processor if simulated."""
    if not is_simulated():
        return part(function)
    compiled = kernel(nogil=True)(function)

    @functools.wraps(function)
    def called(*arguments: Any) -> Any:
        return compiled(*(_bare(one) for one in arguments))

    return called


def launched(function: Callable[..., Any]) -> Any:
    """Compile a kernel for the device, and keep it beside those of the processor."""
    from numba import cuda

    if is_simulated():
        # The simulator asks its threads over and over whether they are done: they need their turn.
        sys.setswitchinterval(1e-5)
        return cuda.jit(function)
    # numba-cuda has a configuration of its own.
    from numba.cuda.core import config as own

    # A small country has little to do: no reason to warn of a grid that doesn't fill a device.
    own.CUDA_LOW_OCCUPANCY_WARNINGS = 0
    before, own.CACHE_DIR = own.CACHE_DIR, own.CACHE_DIR or str(kernel_folder())
    try:
        return cuda.jit(function, cache=True)
    finally:
        own.CACHE_DIR = before


def free_bytes() -> int | None:
    """Return how much memory of the device is free; None if it is simulated."""
    if is_simulated():
        return None
    from numba import cuda

    return int(cuda.current_context().get_memory_info()[0])


def _bare(argument: Any) -> Any:
    """Return the array within the simulator's wrappings."""
    if isinstance(argument, State):
        return State(*(_bare(one) for one in argument))
    for name in ("_item", "_ary"):
        argument = getattr(argument, "__dict__", {}).get(name, argument)
    return argument
