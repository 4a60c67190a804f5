"""Write a scenario file with every default, each key explained from its declaration."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TextIO

import yaml
from pydantic import BaseModel

from glasstown.errors import InputError
from glasstown.lab.scenario import Scenario
from glasstown.scheme.loading import SHIPPED
from glasstown.scheme.mechanisms import MECHANISM_NAMES
from glasstown.society.declaration import Society
from glasstown.surfaces.app import NOTICE
from glasstown.wording import listed, node_at, number_range

_WIDTH = 96
_EXAMPLES = {
    "rollout": "[{since: 2016-01-01, regions: [Beijing, Shanghai], scheme: total-2020}]",
    "spark": "[2018-05-01]",
}
"""What to write for keys whose default is nothing at all."""


def scenario_template(scheme: str) -> str:
    """Return the text of a scenario file that says every default out loud."""
    lines = [
        f"# A Glasstown scenario. {NOTICE}",
        "# Every key but `scheme` may be left out; the values here are the defaults.",
        "",
        *_comment(f"Shipped schemes: {listed(SHIPPED)}.", ""),
        f"scheme: {scheme}",
        "",
        "society:",
        *_keys(Society, "  "),
        *_keys(Scenario, "", skip=("scheme", "society")),
    ]
    return "\n".join(lines).rstrip() + "\n"


def write_template(path: Path, scheme: str) -> None:
    """Write a scenario file; a file that is there is never overwritten.

    Raises
    ------
    InputError
        The file exists, or its folder does not.
    """
    try:
        with open(path, "x", encoding="utf-8") as stream:
            _fill(stream, scenario_template(scheme), path)
    except FileExistsError:
        raise InputError(f"{path}: is there already, and is not overwritten") from None
    except FileNotFoundError:
        raise InputError(f"{path}: the folder {path.parent} does not exist") from None


def _fill(stream: TextIO, text: str, path: Path) -> None:
    """Write a new file's text; a half-written file does not stay."""
    try:
        stream.write(text)
        stream.flush()
    except OSError:
        path.unlink(missing_ok=True)
        raise


def _keys(model: type[BaseModel], indent: str, skip: tuple[str, ...] = ()) -> Iterator[str]:
    """Yield the keys of a declaration with their defaults and explanations."""
    schema = model.model_json_schema()
    for name, field in model.model_fields.items():
        if name in skip:
            continue
        node = node_at(schema, (name,))
        yield from _comment(_explained(node, name), indent)
        if name in _EXAMPLES:
            yield f"{indent}# For example: {_EXAMPLES[name]}"
        value = field.get_default(call_default_factory=True)
        yield f"{indent}{name}: {_written(value)}"
        yield ""


def _explained(node: dict[str, Any], name: str) -> str:
    """Return meaning, unit, range, confidence and source of a key."""
    text = str(node.get("description", ""))
    if name == "without":
        return f"{text} Any of: {listed(MECHANISM_NAMES)}."
    details = [f"{node['unit']}"] if "unit" in node and node["unit"] != name else []
    if "enum" in node:
        details.append(f"one of {listed(node['enum'])}")
    details += [number_range(node).strip()] if number_range(node) else []
    details += [str(node["confidence"])] if "confidence" in node else []
    details += [f"source: {node['source']}"] if "source" in node else []
    return f"{text} [{'; '.join(details)}]" if details else text


def _comment(text: str, indent: str) -> list[str]:
    return textwrap.wrap(
        text, _WIDTH, initial_indent=f"{indent}# ", subsequent_indent=f"{indent}# "
    )


def _written(value: object) -> str:
    """Write a value as YAML in one line."""
    if isinstance(value, int) and not isinstance(value, bool) and value >= 10_000:
        return f"{value:_}"
    return yaml.safe_dump(value, default_flow_style=True).removesuffix("...\n").strip()
