"""What the README tells a newcomer to type works."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from glasstown.scheme.loading import SHIPPED

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text("utf-8")
ENTRY = "import sys; from glasstown.surfaces.cli import main; sys.exit(main())"

SMALLER = {
    "run": "--citizens 2000", "bench": "--citizens 2000", "diverge": "--citizens 2000",
    "compare": "--citizens 2000 --seeds 2", "explain": "--citizens 2000 --seeds 2",
    "trace": "--citizens 6000",
}  # fmt: skip


def test_the_python_example_runs(tmp_path: Path) -> None:
    code = re.search(r"```python\n(.*?)```", README, re.DOTALL)
    assert code is not None
    done = subprocess.run(
        [sys.executable, "-c", code[1]], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "shut out" in done.stdout


def commands() -> list[str]:
    lines = re.findall(r"^glasstown .*$", README, re.MULTILINE)
    return [
        line.split("  #")[0].strip() for line in lines if not line.startswith("glasstown check")
    ]


@pytest.mark.parametrize("command", commands())
def test_the_commands_are_understood(command: str, tmp_path: Path) -> None:
    words = shlex.split(command)[1:]
    if words[0] in SMALLER:
        # The same words on a smaller country; a flag given twice counts the last time.
        words += ["--weeks", "3", *SMALLER[words[0]].split()]
        words = [str(ROOT / one) if one.startswith("docs/") else one for one in words]
    if words[0] in ("validate", "calibrate", "claims", "assess", "safeguards", "resume", "lab"):
        words.append("--help")  # they take minutes or need a run, and have tests of their own
    done = subprocess.run(
        [sys.executable, "-c", ENTRY, *words], cwd=tmp_path, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


def test_the_demo_block_is_there_to_be_refreshed() -> None:
    block = README.split("<!-- demo -->")[1].split("<!-- /demo -->")[0]
    command = "glasstown run total-2020 --citizens 1_000_000 --weeks 364 --seed 1"
    assert f"$ {command}\n" in block
    assert re.search(r"^Digest [0-9a-f]{64}$", block, re.MULTILINE)
    assert command in (ROOT / "Makefile").read_text("utf-8")


def test_the_readme_names_every_shipped_scheme() -> None:
    assert all(f"`{name}`" in README for name in SHIPPED)
