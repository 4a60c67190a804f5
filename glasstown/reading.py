"""Read a file a user wrote, keeping the line of every dotted key.

Only plain YAML is taken: mappings, lists, text, numbers, dates, true and false. Anchors,
aliases and tags are refused, so a small file cannot grow large, and a file that names a key
twice is refused, so no line is silently lost. Numbers are read as people write them: ``1e6``
is a number, ``010`` and ``12:30`` are refused.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from glasstown.errors import DeclarationError, InputError, Problem, nearest_word
from glasstown.wording import dotted, problems_of, shortened

MAX_BYTES = 4 * 1024 * 1024
MAX_DEPTH = 24
MAX_VALUES = 100_000

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_EXPONENT = re.compile(r"^[-+]?\d[\d_]*(\.\d*)?[eE][-+]?\d+$")
_ODD_INTEGER = re.compile(r"^[-+]?0[\d_]+$|:")

Model = TypeVar("Model", bound=BaseModel)


class Document(NamedTuple):
    """What a file holds: its data, the line of each dotted key, and the file's name."""

    data: Any
    lines: dict[str, int]
    file: str


def read_text(path: str | Path) -> str:
    """Read a text file of at most 4 MiB.

    Raises
    ------
    InputError
        The file is missing, a folder, too large, binary or not UTF-8.
    """
    file = str(path)
    try:
        with open(path, "rb") as stream:
            raw = stream.read(MAX_BYTES + 1)
    except FileNotFoundError:
        raise InputError(f"{file}: there is no such file.{_nearest_file(Path(path))}") from None
    except IsADirectoryError:
        raise InputError(f"{file}: is a folder, and a file is needed") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "this is not a file name"
        raise InputError(f"{shortened(file)}: can't be read: {reason}") from None
    if len(raw) > MAX_BYTES:
        raise InputError(f"{file}: is larger than 4 MiB, the most that is read")
    return _decoded(raw, file)


def _decoded(raw: bytes, file: str) -> str:
    """Return the text of a file, or say at which line it stops being UTF-8."""
    if b"\0" in raw:
        raise InputError(f"{file}: is binary or UTF-16; text in UTF-8 is needed")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        message = f"byte 0x{raw[error.start]:02x} is not UTF-8; save the file as UTF-8 text"
        raise DeclarationError(file, [Problem("text", "", message, line)]) from None


def _nearest_file(path: Path) -> str:
    """Name the file of the same folder that is most like the missing one."""
    try:
        names = [one.name for one in path.parent.iterdir()]
    except OSError:
        return f" The folder {shortened(str(path.parent))} can't be opened either."
    nearest = nearest_word(path.name, names)
    return f" Did you mean '{path.parent / nearest}'?" if nearest else ""


def read_document(path: str | Path, top: type = dict) -> Document:
    """Read a YAML file.

    Parameters
    ----------
    path : str or Path
        The file.
    top : type
        ``dict`` or ``list``: what the file must hold.

    Raises
    ------
    InputError
        The file can't be read, or is not plain YAML; line and key are named.
    """
    return parse(read_text(path), str(path), top)


def parse(text: str, file: str, top: type = dict) -> Document:
    """Read YAML text; see `read_document`."""
    try:
        _refuse_unplain(text, file)
        loader = _Loader(text)
        try:
            builder = _Builder(loader)
            data = builder.value(loader.get_single_node(), "")
        finally:
            loader.dispose()
    except yaml.YAMLError as error:
        raise DeclarationError(file, [_syntax(error, text)]) from None
    if not isinstance(data, top):
        kind = "keys and values" if top is dict else "a list"
        message = f"the file must hold {kind}, not {shortened(data)}"
        builder.problems.append(Problem("YAML", shortened(data), message, builder.lines[""]))
    if builder.problems:
        raise DeclarationError(file, builder.problems)
    return Document(data, builder.lines, file)


def validate(
    model: type[Model], data: Any, lines: Mapping[str, int], file: str, at: str = ""
) -> Model:
    """Turn read data into a declaration.

    Parameters
    ----------
    model : type
        The declaration.
    data : Any
        What was read, or given from Python.
    lines : Mapping
        Line of each dotted key of the file; empty where there is no file.
    file : str
        The name of the file in messages.
    at : str
        The dotted key of the file at which `data` stands.

    Raises
    ------
    DeclarationError
        Something is unknown, missing, of the wrong kind or out of range.
    """
    try:
        return model.model_validate(data, strict=True)
    except ValidationError as error:
        problems = problems_of(error, model, lines, at)
    raise DeclarationError(file, problems)


def _refuse_unplain(text: str, file: str) -> None:
    """Refuse what plain YAML does not need, before anything is built from it."""
    depth = documents = values = 0
    for event in yaml.parse(text, Loader=_Loader):
        documents += isinstance(event, yaml.DocumentStartEvent)
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        values += isinstance(event, yaml.NodeEvent)
        message = _unplain(event, depth, documents, values)
        if message:
            line = (event.start_mark.line if event.start_mark else 0) + 1
            given = shortened(text.splitlines()[line - 1].strip())
            raise DeclarationError(file, [Problem("YAML", given, message, line)])
    if documents == 0:
        raise InputError(f"{file}: the file is empty")


def _unplain(event: yaml.Event, depth: int, documents: int, values: int) -> str | None:
    """Say what is not plain about a YAML event, or None."""
    if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None) is not None:
        return "anchors (&) and aliases (*) are not used here; write the value out, or in quotes"
    tag = getattr(event, "tag", None)
    if tag is not None:
        return f"tags such as {shortened(tag)} are not used here; write a plain value"
    if depth > MAX_DEPTH:
        return f"nested deeper than {MAX_DEPTH} levels"
    if values > MAX_VALUES:
        return f"the file holds more than {MAX_VALUES:_} keys and values"
    if documents > 1:
        return "one file holds one document; remove what follows '---'"
    return None


def _syntax(error: yaml.YAMLError, text: str) -> Problem:
    """Tell a YAML syntax error in plain words."""
    mark = getattr(error, "problem_mark", None)
    if mark is None:
        position = getattr(error, "position", 0) or 0
        line = text.count("\n", 0, position) + 1
        return Problem("YAML", "", "a control character can't stand in a text file", line)
    rows = text.splitlines()
    row = rows[mark.line] if mark.line < len(rows) else ""
    indent = row[: len(row) - len(row.lstrip())]
    what = str(getattr(error, "problem", "") or "unreadable")
    if "\t" in indent:
        what = "a tab can't indent; use spaces"
    elif "mapping values" in what:
        what = "a colon where none can stand; check the indentation, or put the text in quotes"
    elif "expected <block end>" in what or "did not find expected" in what:
        what += "; check the indentation, brackets and quotes of this line and the one before"
    return Problem("YAML", row.strip(), f"not readable as YAML: {what}", mark.line + 1)


class _Builder:
    """Builds data from YAML nodes and notes the line of every dotted key."""

    def __init__(self, loader: Any) -> None:
        self.loader = loader
        self.lines: dict[str, int] = {}
        self.problems: list[Problem] = []

    def value(self, node: yaml.Node, key: str) -> Any:
        self.lines.setdefault(key, node.start_mark.line + 1)
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, key)
        if isinstance(node, yaml.SequenceNode):
            return [self.value(one, f"{key}[{index}]") for index, one in enumerate(node.value)]
        return self._scalar(node, key)

    def _mapping(self, node: yaml.MappingNode, key: str) -> dict[str, Any]:
        data: dict[str, Any] = {}
        for key_node, value_node in node.value:
            line = key_node.start_mark.line + 1
            name = key_node.value
            if not isinstance(name, str) or not name:
                message = "a key must be a word; text in braces or brackets needs quotes"
                self.problems.append(Problem(key or "YAML", shortened(name), message, line))
                continue
            path = dotted((name,), key)
            if name in data:
                message = f"stands twice, first in line {self.lines[path]}; keep one"
                self.problems.append(Problem(path, name, message, line))
                continue
            self.lines[path] = line
            data[name] = self.value(value_node, path)
        return data

    def _scalar(self, node: Any, key: str) -> Any:
        text = node.value
        if not node.style and _EXPONENT.match(text):
            number = float(text)
            is_whole = math.isfinite(number) and number == int(number) and abs(number) < 2**53
            return int(number) if is_whole else number
        is_number = node.tag.endswith((":int", ":float"))
        try:
            if is_number and _ODD_INTEGER.search(text):
                raise ValueError
            return self.loader.construct_object(node)
        except (ValueError, OverflowError, yaml.YAMLError):
            kind = "date" if node.tag.endswith(":timestamp") else "number"
            message = f"{shortened(text)} is not a {kind} that can be read; put text in quotes"
            self.problems.append(Problem(key, text, message, node.start_mark.line + 1))
            return None
