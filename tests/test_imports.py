"""Imports go one way (DESIGN 7), nothing is loaded early, and no module is called `utils`."""

from __future__ import annotations

import ast
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import glasstown

PACKAGE = Path(glasstown.__file__).parent
LAYERS = ("bottom", "laws", "society", "scheme", "engine", "lab", "surfaces")
BOTTOM = ("version", "errors", "declaration", "reading", "wording")
TERMINAL = {"rich", "typer", "click", "jinja2", "ray", "altair", "vl_convert"}
BANNED = {"utils", "util", "core", "helpers", "helper", "common", "misc"}


def layer_of(module: str) -> int:
    """Return the layer of a dotted module of the package; the package itself is above all."""
    parts = module.split(".")
    if len(parts) == 1:
        return len(LAYERS)
    if parts[1] in BOTTOM:
        return 0
    return LAYERS.index(parts[1])


def imports(path: Path, root: Path) -> Iterator[str]:
    """Yield the dotted modules that a file imports, wherever in it they stand."""
    package = ".".join(path.relative_to(root.parent).with_suffix("").parts)
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level:
            above = package.split(".")[: -node.level]
            yield ".".join([*above, node.module] if node.module else above)
        elif isinstance(node, ast.ImportFrom):
            for alias in node.names:
                below = root.parent.joinpath(*str(node.module).split("."), alias.name)
                is_module = below.is_dir() or below.with_suffix(".py").exists()
                yield f"{node.module}.{alias.name}" if is_module else str(node.module)


def upward(root: Path) -> list[str]:
    """Return the imports that go up, as 'importer -> imported'."""
    found = []
    for path in sorted(root.rglob("*.py")):
        name = ".".join(path.relative_to(root.parent).with_suffix("").parts)
        name = name.removesuffix(".__init__")
        for module in imports(path, root):
            if module.split(".")[0] == root.name and layer_of(module) > layer_of(name):
                found.append(f"{name} -> {module}")
    return found


def test_nothing_imports_from_above() -> None:
    assert upward(PACKAGE) == []


@pytest.mark.parametrize(
    ("place", "line", "told"),
    [
        ("laws/leak.py", "from glasstown.engine import cpu", "laws.leak -> glasstown.engine.cpu"),
        ("society/leak.py", "def f():\n    import glasstown.scheme.loading",
         "society.leak -> glasstown.scheme.loading"),
        ("engine/leak.py", "from ..lab.run import run", "engine.leak -> glasstown.lab.run"),
        ("lab/leak.py", "from glasstown import surfaces", "lab.leak -> glasstown.surfaces"),
        ("errors.py", "from glasstown.laws import Q16", "errors -> glasstown.laws"),
        ("scheme/leak.py", "import glasstown", "scheme.leak -> glasstown"),
    ],
)  # fmt: skip
def test_an_upward_import_is_told(tmp_path: Path, place: str, line: str, told: str) -> None:
    copy = tmp_path / "glasstown"
    shutil.copytree(PACKAGE, copy, ignore=shutil.ignore_patterns("__pycache__"))
    (copy / place).write_text(line + "\n", "utf-8")
    assert set(upward(copy)) - set(upward(PACKAGE)) == {f"glasstown.{told}"}


def test_below_the_lab_nothing_knows_terminal_or_pages() -> None:
    found = [
        f"{path.relative_to(PACKAGE)}: {module}"
        for layer in LAYERS[1 : LAYERS.index("lab")]
        for path in (PACKAGE / layer).rglob("*.py")
        for module in imports(path, PACKAGE)
        if module.split(".")[0] in TERMINAL
    ]
    assert found == []


def loaded_by(statement: str) -> set[str]:
    code = f"{statement}\nimport sys\nprint(' '.join(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return {name.split(".")[0] for name in done.stdout.split()}


def test_importing_the_package_is_light() -> None:
    heavy = {"numba", "polars", "altair", "numpy", "rich", "typer", "jinja2"}
    assert loaded_by("import glasstown") & heavy == set()
    assert {"numba", "polars"} <= loaded_by("import glasstown; glasstown.run")


def test_modules_are_named_for_a_concept() -> None:
    modules = [path for path in PACKAGE.rglob("*") if path.suffix == ".py" or path.is_dir()]
    assert [path for path in modules if path.stem in BANNED] == []
    assert len(modules) > 50


def test_every_folder_is_a_layer() -> None:
    folders = {path.name for path in PACKAGE.iterdir() if (path / "__init__.py").exists()}
    assert folders == set(LAYERS[1:])
    files = {path.stem for path in PACKAGE.glob("*.py")}
    assert files == {*BOTTOM, "__init__"} | ({"__main__"} & files)
