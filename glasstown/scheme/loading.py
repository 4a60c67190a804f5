"""Load a scheme: by its shipped name, from a file, or as changes to another scheme.

Changes are merged into the scheme they start from: keys merge, lists replace, ``null``
removes. A changed scheme does not keep its old name, and a changed line does not keep its old
source and confidence, unless the change gives new ones.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Collection, Mapping
from datetime import date
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any, NamedTuple, NoReturn, TypeVar

from glasstown.errors import DeclarationError, InputError, Problem, nearest_word
from glasstown.reading import Document, parse, read_document, validate
from glasstown.scheme.declaration import Scheme
from glasstown.scheme.naming import problems_of_names
from glasstown.wording import dotted, line_of, listed, shortened

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_CATALOGUE = resources.files("glasstown.scheme") / "catalogue"

SHIPPED: tuple[str, ...] = tuple(
    sorted(
        one.name.removesuffix(".yaml") for one in _CATALOGUE.iterdir() if one.name.endswith(".yaml")
    )
)
"""Names of the schemes that come with Glasstown."""


Read = TypeVar("Read")


class Place(NamedTuple):
    """Where a declaration stands: file, its lines, the dotted key in it, the file's folder."""

    file: str
    lines: Mapping[str, int]
    at: str = ""
    folder: Path | None = None

    def below(self, *keys: int | str) -> Place:
        """Return the place of a key below this one."""
        return self._replace(at=dotted(keys, self.at))

    def fail(self, given: object, message: str, nearest: str | None = None) -> NoReturn:
        """Raise a `DeclarationError` for this place."""
        problem = Problem(
            self.at or "scheme", shortened(given), message, line_of(self.at, self.lines), nearest
        )
        raise DeclarationError(self.file, [problem])

    def path(self, given: str) -> Path:
        """Return a path given here, relative to the file that names it."""
        return Path(given) if self.folder is None else self.folder / given

    def read(self, given: str, reader: Callable[[str], Read]) -> Read:
        """Read a file that is named here; one that can't be opened is told for this place."""
        try:
            return reader(str(self.path(given)))
        except DeclarationError:
            raise
        except InputError as error:
            if not self.lines:
                raise
            message = str(error)
        self.fail(given, message)


def is_path(given: str | Path) -> bool:
    """Tell a path to a file from a shipped scheme's name."""
    text = str(given)
    return (
        isinstance(given, Path) or text.endswith((".yaml", ".yml")) or "/" in text or "\\" in text
    )


def load_scheme(
    given: str | Path | Mapping[str, Any] | Scheme,
    *,
    file: str = "setting",
    lines: Mapping[str, int] | None = None,
    at: str = "",
    folder: Path | None = None,
    behaviours: Collection[str] | None = None,
) -> Scheme:
    """Load a scheme.

    Parameters
    ----------
    given : str, Path, Mapping or Scheme
        A shipped scheme's name, a path to a YAML file, or a mapping: a whole scheme, or
        ``from:`` and changes. A `Scheme` is only checked for the names in it.
    file, lines, at : str, Mapping, str
        Where a mapping stands in a file: its name, the lines of its keys, the dotted key.
    folder : Path, optional
        What relative paths are relative to.
    behaviours : collection of str, optional
        Names of the behaviours there are, the packaged catalogue's by default; a mapping also
        says who does each, and that what firms do stands under firms is checked.

    Raises
    ------
    DeclarationError
        The scheme can't be used; file, line and key are named.
    """
    place = Place(file, lines or {}, at, folder)
    if isinstance(given, Scheme):
        scheme = given
    else:
        data, place = _assembled(given, place, ())
        scheme = validate(Scheme, _with_dates(data), place.lines, place.file, place.at)
    _check_names(scheme, place, _actors() if behaviours is None else behaviours)
    return scheme


def scheme_hash(scheme: Scheme) -> str:
    """Return the SHA-256 that identifies a scheme by its content."""
    return content_hash(scheme.model_dump(mode="json"))


def content_hash(data: object) -> str:
    """Return the SHA-256 of data as canonical JSON, keys sorted."""
    text = json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def shipped_document(name: str) -> Document:
    """Read a shipped scheme's file."""
    return parse((_CATALOGUE / f"{name}.yaml").read_text("utf-8"), f"{name}.yaml (shipped)")


def _assembled(
    given: str | Path | Mapping[str, Any], place: Place, seen: tuple[str, ...]
) -> tuple[dict[str, Any], Place]:
    """Return a scheme's data with all changes merged in, and the place it is told under."""
    if isinstance(given, str | Path):
        return _fetched(given, place, seen)
    if not isinstance(given, Mapping):
        place.fail(given, f"must be a scheme's name, a path or a mapping, not {shortened(given)}")
    if "from" not in given:
        return dict(given), place
    start, changes = given["from"], {key: given[key] for key in given if key != "from"}
    if not isinstance(start, str | Path):
        place.below("from").fail(start, f"must be a scheme's name or path, not {shortened(start)}")
    base, origin = _fetched(start, place.below("from"), seen)
    validate(Scheme, _with_dates(base), origin.lines, origin.file, origin.at)
    return changed(base, changes), place


def _fetched(
    given: str | Path, place: Place, seen: tuple[str, ...]
) -> tuple[dict[str, Any], Place]:
    """Read a scheme by name or path, following its own ``from``."""
    if is_path(given):
        path = place.path(str(given))
        name, document = str(path.resolve()), None
    elif str(given) in SHIPPED:
        name, document, path = str(given), shipped_document(str(given)), None
    else:
        message = (
            f"there is no shipped scheme {shortened(given)}; shipped: {listed(SHIPPED)};"
            " a scheme of your own is given by its path, ending in .yaml"
        )
        place.fail(given, message, nearest_word(given, SHIPPED))
    if name in seen:
        place.fail(given, f"starts from itself: {' -> '.join((*seen, name))}")
    document = document or place.read(str(given), read_document)
    folder = path.parent if path else None
    return _assembled(
        document.data, Place(document.file, document.lines, "", folder), (*seen, name)
    )


def changed(base: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """Return a scheme's data with changes; it loses the name of the scheme it starts from."""
    data = _merged(base, changes)
    if changes and "name" not in changes:
        data["name"] = f"{base['name'][:32]}-changed"
    return data


def _merged(base: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """Merge changes: keys merge, lists replace, ``null`` removes."""
    data = dict(base)
    for key, value in changes.items():
        if value is None and key in data:
            del data[key]
        elif isinstance(value, Mapping) and isinstance(data.get(key), Mapping):
            data[key] = _merged(data[key], value)
        else:
            data[key] = value
    if changes and "source" in base and "source" not in changes:
        data["source"] = f"changed from: {base['source']}"
        data["confidence"] = changes.get("confidence", "assumed")
    return data


def _with_dates(data: Any) -> Any:
    """Return a scheme's data with dates that are text, as JSON has them, turned into dates."""
    if isinstance(data, Mapping):
        keys = _date_keys()
        return {
            key: _date(value) if key in keys else _with_dates(value) for key, value in data.items()
        }
    return [_with_dates(one) for one in data] if isinstance(data, list) else data


def _date(given: Any) -> Any:
    """Return the date that a text means; what means none is left for the declaration to refuse."""
    if not isinstance(given, str) or not _DAY.fullmatch(given):
        return given
    try:
        return date.fromisoformat(given)
    except ValueError:
        return given


@cache
def _date_keys() -> frozenset[str]:
    """Return the keys of a scheme at which dates stand."""
    schema = Scheme.model_json_schema()
    return frozenset(
        name
        for part in (schema, *schema["$defs"].values())
        for name, node in part.get("properties", {}).items()
        if any(one.get("format") == "date" for one in (node, *node.get("anyOf", [])))
    )


def _actors() -> Mapping[str, str]:
    """Return who does each of the packaged behaviours."""
    from glasstown.society.catalogue import behaviours

    return {one.name: one.by for one in behaviours()}


def _check_names(scheme: Scheme, place: Place, behaviours: Collection[str]) -> None:
    """Refuse a scheme that names what the society does not have."""
    from glasstown.society.catalogue import platforms

    known = [one.name for one in platforms()]
    problems = problems_of_names(scheme, behaviours, known, place.lines, place.at)
    if problems:
        raise DeclarationError(place.file, problems)
