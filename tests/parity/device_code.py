"""Runs what numba-cuda makes for a device on the processor: kernel by kernel, thread by thread.

The kernels are typed and lowered for a device, as on a machine with one, and stop short of
NVIDIA's compiler: their LLVM code is compiled for the processor, where the registers that number a
thread are variables. So it shows that the laws and parts as a device gets them give the bytes of
the reference; it can't show what that compiler or a device's concurrency would add.
"""

from __future__ import annotations

import ctypes
import re
from collections.abc import Iterator, Sequence
from functools import cache
from types import SimpleNamespace
from typing import Any, NamedTuple

import llvmlite.binding as llvm
import numpy as np
import pytest
from numba import cuda, typeof
from numba.cuda import compiler, dispatcher

from glasstown.engine import cuda as engine
from glasstown.engine import device

REGISTERS = ("tid.x", "ntid.x", "ctaid.x", "nctaid.x")
"""The registers of a device that number a thread."""
READERS = "".join(
    f"@register_{i} = global i32 0\n"
    f"define i32 @read_{i}() {{\n  %value = load i32, ptr @register_{i}\n  ret i32 %value\n}}\n"
    for i in range(len(REGISTERS))
)
CAPABILITY = (8, 0)
THREADS = 3
C_TYPES = {"i64": ctypes.c_int64, "i32": ctypes.c_int32, "i8": ctypes.c_int8}


class There:
    """An array as if it were on a device."""

    def __init__(self, array: Any) -> None:
        self.array = array

    def __len__(self) -> int:
        return len(self.array)

    @property
    def shape(self) -> tuple[int, ...]:
        return self.array.shape

    def reshape(self, *shape: int, order: str) -> There:
        return There(self.array.reshape(*shape, order=order))

    def copy_to_host(self, target: Any = None) -> Any:
        if target is None:
            return self.array.copy()
        np.copyto(target, self.array)
        return target

    def copy_to_device(self, source: Any) -> None:
        np.copyto(self.array, source)


class Compiled(NamedTuple):
    """A kernel compiled for the processor; the engine that owns its code is kept with it."""

    call: Any
    registers: list[Any]
    arguments: int
    owner: Any


def install(patch: pytest.MonkeyPatch) -> None:
    """Let the cuda engine run here on the code for a device."""
    patch.setattr(cuda, "to_device", lambda array: There(np.copy(array, order="K")))
    patch.setattr(cuda, "device_array", lambda shape, kind: There(np.empty(shape, kind)))
    patch.setattr(device, "missing", lambda: None)
    patch.setattr(engine, "is_simulated", lambda: True)
    patch.setattr(engine, "free_bytes", lambda: None)
    patch.setattr(engine, "launch", launch)
    say_capability(patch)


def say_capability(patch: pytest.MonkeyPatch) -> None:
    """Answer the one question that numba-cuda puts to a device while it compiles."""
    answer = SimpleNamespace(compute_capability=CAPABILITY)
    patch.setattr(dispatcher, "get_current_device", lambda: answer)


def launch(kernel: Any, threads: int, *arguments: Any) -> None:
    """Run a kernel's threads one after another, in a shuffled order."""
    given = tuple(bare(one) for one in arguments)
    made = compiled(kernel, tuple(typeof(one) for one in given))
    values = list(flat(given))
    assert len(values) == made.arguments
    blocks = -(-threads // THREADS)
    _, made.registers[1].value, _, made.registers[3].value = 0, THREADS, 0, blocks
    for place in np.random.default_rng(threads).permutation(blocks * THREADS).tolist():
        made.registers[0].value, made.registers[2].value = place % THREADS, place // THREADS
        made.call(*values)


def bare(argument: Any) -> Any:
    """Return the arrays of an argument as NumPy's."""
    if isinstance(argument, There):
        return argument.array
    return type(argument)(*map(bare, argument)) if isinstance(argument, tuple) else argument


def flat(argument: Any) -> Iterator[int]:
    """Yield an argument as numba-cuda hands it to a kernel: pointers and numbers."""
    if isinstance(argument, tuple):
        for one in argument:
            yield from flat(one)
    elif isinstance(argument, np.ndarray):
        yield from (0, 0, argument.size, argument.itemsize, argument.ctypes.data)
        yield from (*argument.shape, *argument.strides)
    else:
        yield int(argument)


def library(kernel: Any, kinds: Sequence[Any]) -> Any:
    """Return what numba-cuda makes of a kernel, before NVIDIA's compiler."""
    made, _ = compiler._compile_pyfunc_with_fixup(
        kernel.py_func, tuple(kinds), debug=False, lineinfo=False, device=False, fastmath=False,
        cc=CAPABILITY, opt=True, abi="numba", abi_info=None, forceinline=False,
        launch_bounds=None, lto=False,
    )  # fmt: skip
    return made


@cache
def compiled(kernel: Any, kinds: tuple[Any, ...]) -> Compiled:
    """Compile the code of a kernel for the processor."""
    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    machine = llvm.Target.from_default_triple().create_target_machine(opt=2)
    module = llvm.parse_assembly(READERS)
    for text in dict.fromkeys(library(kernel, kinds).llvm_strs):
        module.link_in(llvm.parse_assembly(for_processor(text)))
    module.triple, module.data_layout = llvm.get_default_triple(), str(machine.target_data)
    module.verify()
    function = next(
        one for one in module.functions
        if kernel.py_func.__name__ in one.name and not one.is_declaration
    )  # fmt: skip
    name, types = function.name, [str(one.type) for one in function.arguments]
    tuning = llvm.create_pipeline_tuning_options(speed_level=2)
    passes = llvm.create_pass_builder(machine, tuning).getModulePassManager()
    passes.run(module, llvm.create_pass_builder(machine, tuning))
    owner = llvm.create_mcjit_compiler(module, machine)
    owner.finalize_object()
    signature = ctypes.CFUNCTYPE(None, *(C_TYPES.get(one, ctypes.c_void_p) for one in types))
    registers = [
        ctypes.c_int32.from_address(owner.get_global_value_address(f"register_{i}"))
        for i in range(len(REGISTERS))
    ]
    return Compiled(signature(owner.get_function_address(name)), registers, len(types), owner)


def for_processor(text: str) -> str:
    """Return a module of LLVM code for a device as one for the processor."""
    text = re.sub(r'^target (triple|datalayout) = "[^"]*"', "", text, flags=re.M)
    text = re.sub(r'^@"?llvm\.used"? = .*', "", text, flags=re.M)
    for i, register in enumerate(REGISTERS):
        text = text.replace(f'@"llvm.nvvm.read.ptx.sreg.{register}"', f"@read_{i}")
    assert "llvm.nvvm" not in text
    return text
