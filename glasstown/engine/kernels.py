"""Where compiled kernels are kept: a folder named by the hash of the sources they come from.

Numba notices a change in a kernel's own file only; laws and helpers are compiled into it from
other files. Naming the folder by all that a kernel's file imports, and what those import, makes a
stale kernel impossible.
"""

from __future__ import annotations

import ast
import hashlib
import os
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import numba
from numba.core import config as _config

config: Any = _config
PACKAGE = Path(__file__).resolve().parent.parent
ROOTS = (
    "engine/cpu.py", "engine/cuda.py", "engine/marginals_kernel.py", "engine/favours.py",
    "engine/kinds.py",
)  # fmt: skip
"""Where kernels stand; whatever these import of the package may be compiled into them."""


@cache
def source_hash() -> str:
    """Return the SHA-256 (first 16 digits) of all sources that kernels are compiled from."""
    digest = hashlib.sha256(numba.__version__.encode())
    for path in sorted(compiled_sources()):
        digest.update(path.relative_to(PACKAGE).as_posix().encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def compiled_sources() -> set[Path]:
    """Return the files that kernels stand in, and all that those import of the package."""
    found: set[Path] = set()
    todo = [PACKAGE / root for root in ROOTS]
    while todo:
        path = todo.pop()
        if path not in found:
            found.add(path)
            todo += _imported(path)
    return found


def _imported(path: Path) -> list[Path]:
    """Return the files of the package that a file imports."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            # `from package import name` may name a module or something in one.
            names |= {node.module, *(f"{node.module}.{one.name}" for one in node.names)}
        elif isinstance(node, ast.Import):
            names |= {one.name for one in node.names}
    parts = [name.split(".")[1:] for name in names if name.split(".")[0] == PACKAGE.name]
    files = [PACKAGE.joinpath(*part).with_suffix(".py") for part in parts if part]
    files += [PACKAGE.joinpath(*part) / "__init__.py" for part in parts if part]
    return [file for file in files if file.is_file()]


@cache
def kernel_folder() -> Path:
    """Return a folder for compiled kernels that can be written, the user's cache if possible."""
    base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    for root in (base, Path(tempfile.gettempdir())):
        folder = root / "glasstown" / "kernels" / source_hash()
        try:
            folder.mkdir(parents=True, exist_ok=True)
            if os.access(folder, os.W_OK):
                return folder
        except OSError:
            continue
    return Path(tempfile.mkdtemp(prefix="glasstown-kernels-"))


def kernel(**options: Any) -> Callable[[Callable[..., Any]], Any]:
    """Compile a function with Numba and keep the result; options are those of ``numba.njit``."""

    def decorate(function: Callable[..., Any]) -> Any:
        before = config.CACHE_DIR
        if not before:
            config.CACHE_DIR = str(kernel_folder())
        try:
            # Kernels own no arrays: without Numba's run-time, none of their references are counted.
            lean: dict[str, Any] = {"cache": True, "_nrt": False, **options}
            return numba.njit(**lean)(function)
        finally:
            config.CACHE_DIR = before

    return decorate


def is_compiled(name: str = "publish_pass") -> bool:
    """Return whether a kernel of these sources lies in the cache: by default a week's last."""
    folder = Path(config.CACHE_DIR) if config.CACHE_DIR else kernel_folder()
    return any(folder.rglob(f"*.{name}-*.nbi"))
