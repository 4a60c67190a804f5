"""The cuda engine without a device: simulated, its code run on the processor, compiled to PTX.

Numba's simulator needs a process of its own, which walks the matrix of engines. Without numba-cuda
(part of the extra `dev`) or NVIDIA's compiler (of the extra `gpu`) a test is skipped.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numba
import numpy as np
import pytest
from case import Case, table
from engines_here import lacking
from harsh import harsh
from test_matrix import EVENTFUL, Cell, digests, expected, small_shares
from test_parity import compare, run
from typer.testing import CliRunner
from varied import CASES

from glasstown.engine import device
from glasstown.engine.engines import check_engine
from glasstown.engine.packing import RECEIPTS, WORLD
from glasstown.engine.rollout import CHANGE
from glasstown.engine.world import week_keys
from glasstown.errors import EngineError, ResourceError
from glasstown.lab.trace.witness import Witness
from glasstown.society import layout
from glasstown.surfaces import cli

__all__ = ["small_shares"]

ROOT = Path(__file__).resolve().parents[2]
NEEDS_NUMBA_CUDA = pytest.mark.skipif(
    device.is_simulated() or find_spec("numba_cuda") is None,
    reason="needs numba-cuda, outside the simulator",
)


def simulated(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run this interpreter with Numba's simulator."""
    outer = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    return subprocess.run(
        [sys.executable, *arguments], cwd=ROOT, env={**outer, "NUMBA_ENABLE_CUDASIM": "1"},
        capture_output=True, text=True, check=False,
    )  # fmt: skip


@pytest.mark.skipif(device.is_simulated(), reason="this is the simulator")
def test_the_simulator_walks_the_matrix() -> None:
    done = simulated("-m", "pytest", "tests/parity/test_matrix.py", "-k", "cuda", "-rs")
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]
    assert re.search(r"^6 passed, \d+ deselected in", done.stdout, re.M), done.stdout


@pytest.mark.skipif(device.is_simulated(), reason="this is the simulator")
def test_a_simulated_run_of_the_command_line(tmp_path: Path) -> None:
    command = ("run", "court-list", "--citizens", "1000", "--weeks", "2", "--seed", "3")
    found = []
    for engine in ("reference", "cuda"):
        out = tmp_path / engine
        chosen = ("--engine", engine, "--threads", "2", "--no-report", "--out", str(out))
        done = simulated("-m", "glasstown.surfaces.cli", *command, *chosen)
        assert done.returncode == 0, done.stderr
        manifest = json.loads(next(out.rglob("manifest.json")).read_text("utf-8"))
        assert manifest["engine"] == engine
        found.append(manifest["digest"])
    assert found[0] == found[1]


@NEEDS_NUMBA_CUDA
@pytest.mark.parametrize(
    "cell", [Cell("cuda", 1, "forward", None), Cell("cuda", 3, "shuffled", 1)], ids=str
)
def test_the_code_for_a_device_gives_the_digest(cell: Cell, monkeypatch: Any) -> None:
    import device_code

    device_code.install(monkeypatch)
    assert tuple(digests(cell)) == expected()


@NEEDS_NUMBA_CUDA
def test_the_code_for_a_device_in_every_varied_country(monkeypatch: Any) -> None:
    """Rare paths, where typing could part too; the cpu engine stands in for the reference."""
    import device_code

    device_code.install(monkeypatch)
    for number, case in enumerate(CASES):
        there = case.country("cpu")
        compare(case, run(there, case.weeks), there, "cuda", 1 + number % 3)


@NEEDS_NUMBA_CUDA
def test_threads_share_the_groups_of_a_large_chunk(monkeypatch: Any) -> None:
    import device_code

    device_code.install(monkeypatch)
    monkeypatch.setattr(layout, "CHUNK_GROUPS", 64)
    case = Case("wide", harsh(), {"citizens": 6_000}, table({"City": (6_000, 90)}), weeks=3)
    there = case.country("cpu")
    assert there.state.chunks[:, layout.CHUNK_SIZE].max() > 4
    compare(case, run(there, case.weeks), there, "cuda", 4)


@NEEDS_NUMBA_CUDA
def test_the_state_can_be_read_and_branched_in_any_week(monkeypatch: Any) -> None:
    """A witness reads the state twice a week, and a branch goes on from a copy of it."""
    import device_code

    device_code.install(monkeypatch)
    alone, watched = EVENTFUL.country("cpu"), EVENTFUL.country("cuda", 2)
    Witness(watched, 3)
    for week in range(EVENTFUL.weeks):
        np.testing.assert_array_equal(alone.advance(), watched.advance())
        if week == 1:
            branch = EVENTFUL.country("cuda")
            list(branch.weeks(2))
            branch = branch.branch(branch.plan)
    assert watched.digest() == alone.digest()
    list(branch.weeks(EVENTFUL.weeks - 2))
    assert branch.digest() == alone.digest()


@NEEDS_NUMBA_CUDA
def test_a_country_that_a_device_has_no_room_for_is_refused(monkeypatch: Any) -> None:
    import device_code

    device_code.install(monkeypatch)
    free = EVENTFUL.country("cuda").state.points.nbytes
    monkeypatch.setattr("glasstown.engine.cuda.free_bytes", lambda: free)
    with pytest.raises(ResourceError, match=rf"{free:_} bytes free, and the state takes .*smaller"):
        EVENTFUL.country("cuda")
    monkeypatch.setattr("glasstown.engine.cuda.free_bytes", lambda: 100_000)
    with pytest.raises(ResourceError, match=r"100_000 bytes free, and its threads work in"):
        EVENTFUL.country("cuda")


@NEEDS_NUMBA_CUDA
def test_another_seed_parts_the_code_for_a_device(monkeypatch: Any) -> None:
    import device_code

    device_code.install(monkeypatch)
    case = replace(EVENTFUL, seed=EVENTFUL.seed + 1)
    assert next(digests(Cell("cuda", 2, "forward", None), case)) != expected()[0]


def has_compiler() -> bool:
    """Return whether NVIDIA's compiler is there."""
    from cuda import pathfinder

    try:
        for library in ("nvvm", "nvrtc"):
            pathfinder.load_nvidia_dynamic_lib(library)
    except (pathfinder.DynamicLibNotFoundError, RuntimeError):
        return False
    return True


def sample() -> dict[str, tuple[Any, ...]]:
    """Return arguments for each kernel, of the types that the engine hands over."""
    state = EVENTFUL.country("cpu").state
    world, keys = np.zeros(1, WORLD), week_keys(0, 0)
    long, word = np.zeros((2, 3, 4), np.int64), np.zeros((2, 3, 4), np.uint64)
    short, rows = np.zeros((2, 3, 4), np.int16), np.zeros((2, 3), np.uint64)
    week = (world, state, keys, 0)
    return {
        "act": (*week, np.zeros(1, RECEIPTS), long, long, word, word),
        "serve": (*week, long),
        "reflect": (*week, long, rows, word, short, rows.astype(np.uint16), rows.astype(np.int16)),
        "cut": (*week, long),
        "gather": (world, state, keys, 1, True, np.zeros(1, np.int64)),
        "look": (state,),
        "disperse": (*week, long),
        "publish": (state,),
        "prepare": (world, state, keys, 1),
        "enter": (world, world, state, keys, np.zeros((2, CHANGE), np.int64), long),
        "census": (world, state, keys, long),
        "fold": (state, long),
        "total": (state, long, long),
    }


@NEEDS_NUMBA_CUDA
def test_all_kernels_compile_to_ptx(monkeypatch: Any) -> None:
    if not has_compiler():
        pytest.skip("needs NVIDIA's compiler: pip install 'glasstown[gpu]'")
    import device_code
    from numba import cuda, typeof

    from glasstown.engine.cuda import KERNELS

    device_code.say_capability(monkeypatch)
    arguments = sample()
    assert set(arguments) == set(KERNELS)
    for name, kernel in KERNELS.items():
        kinds = tuple(typeof(one) for one in arguments[name])
        ptx, _ = cuda.compile_ptx(kernel.py_func, kinds, cc=device_code.CAPABILITY)
        entries = re.findall(r"^\.visible \.entry \w*?(\w+_kernel)B", ptx, re.M)
        assert [one.endswith(f"{name}_kernel") for one in entries] == [True], name
        # Everything is inlined: no call, and none that a device lacks.
        assert not re.search(r"^\s*(call|\.extern)", ptx, re.M), name


@pytest.mark.skipif(device.is_simulated(), reason="this is the simulator")
def test_without_the_extra_it_is_said_how_to_get_it(monkeypatch: Any) -> None:
    monkeypatch.setattr(device, "find_spec", lambda name: None)
    with pytest.raises(EngineError, match=r"pip install 'glasstown\[gpu\]'.*--engine cpu"):
        check_engine("cuda")


@pytest.mark.skipif(device.is_simulated(), reason="this is the simulator")
def test_without_a_device_the_command_line_says_so(monkeypatch: Any, tmp_path: Path) -> None:
    said = SimpleNamespace(is_available=lambda: False, cuda_error=lambda: "driver:\n not found")
    monkeypatch.setattr(device, "find_spec", lambda name: name)
    monkeypatch.setattr(numba, "cuda", said, raising=False)
    command = ["run", "none", "--engine", "cuda", "--out", str(tmp_path)]
    result = CliRunner().invoke(cli.app, command)
    assert (result.exit_code, list(tmp_path.iterdir())) == (3, [])
    told = " ".join(result.stderr.split())
    assert "finds no CUDA device: driver: not found." in told
    assert "--engine cpu" in told
    assert "Traceback" not in told


def test_nobody_loads_numba_cuda_unasked() -> None:
    code = (
        "import sys; from glasstown.engine.engines import check_engine; check_engine('cpu'); "
        "print('numba.cuda' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_an_engine_that_lacks_something_says_what() -> None:
    assert lacking("cpu") is None
    assert "not one of cpu, reference, cuda" in (lacking("gpu") or "")
