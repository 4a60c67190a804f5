"""A scenario: a society, a scheme over it, a span of weeks and a seed, in one YAML file.

Loading is the gate: whatever is unknown, missing or out of range stops here, before the first
week. A loaded scenario holds its scheme in full, so that it can be stored and run again.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, Field, field_validator

from glasstown.declaration import Declared, parameter
from glasstown.errors import DeclarationError, Problem, nearest_word
from glasstown.lab.phases import Phase
from glasstown.reading import read_document, validate
from glasstown.scheme.declaration import Scheme
from glasstown.scheme.loading import Place, changed, content_hash, is_path, load_scheme
from glasstown.scheme.mechanisms import MECHANISM_NAMES
from glasstown.society.declaration import Society
from glasstown.society.region_table import PACKAGED, read_region_table
from glasstown.wording import listed, shortened

SETTING = "setting"
"""The name under which a wrong flag or argument is told, where a file's name would stand."""


def _known(name: str) -> str:
    if name not in MECHANISM_NAMES:
        raise ValueError(name)
    return name


MechanismName = Annotated[
    str, Field(json_schema_extra={"enum": list(MECHANISM_NAMES)}), AfterValidator(_known)
]


class Scenario(Declared):
    """What is run: a society, a scheme, a start, a number of weeks and a seed."""

    scheme: Scheme = parameter(
        unit="scheme", meaning="A shipped scheme, a path to one, or a mapping: `from:` and changes."
    )
    society: Society = parameter(
        Society.model_validate({}),
        unit="society",
        meaning="The society that the scheme is put over.",
    )
    start: date = parameter(
        date(2014, 1, 1),
        unit="date",
        meaning="First day of the first week.",
        source="State Council planning outline of 2014",
        confidence="seen",
        ge=date(1949, 10, 1),
        le=date(2100, 1, 1),
    )
    weeks: int = parameter(364, unit="weeks", meaning="How long it runs.", ge=1, le=1000)
    seed: int = parameter(
        1, unit="seed", meaning="Names the luck of this society; 0 is a seed.", ge=0, le=2**64 - 1
    )
    rollout: list[Phase] = parameter(
        [],
        unit="phases",
        meaning="Dated phases over regions; none: the scheme holds everywhere all the time.",
        max_length=64,
    )
    spark: list[date] = parameter(
        [],
        unit="dates",
        meaning="Dates on which a gathering may form: in the first week that begins then or after.",
        max_length=200,
    )
    without: list[MechanismName] = parameter(
        [], unit="mechanisms", meaning="Mechanisms that are left out."
    )

    @field_validator("without")
    @classmethod
    def _each_once(cls, without: list[str]) -> list[str]:
        double = sorted({name for name in without if without.count(name) > 1})
        if double:
            raise ValueError(f"names {listed(double)} twice; keep one")
        return without


def load_scenario(
    given: str | Path | Mapping[str, Any] | Scenario,
    *,
    overrides: Mapping[str, Any] | None = None,
) -> Scenario:
    """Load a scenario.

    Parameters
    ----------
    given : str, Path, Mapping or Scenario
        A shipped scheme's name (all else by default), a path to a scenario file, or a mapping.
    overrides : Mapping, optional
        Single keys that replace those of the scenario: its own (``weeks``), those of its society
        (``citizens`` or ``society.citizens``), or of its scheme (``scheme.friends.points``).
        ``None`` is no override.

    Raises
    ------
    InputError
        Something can't be used; file, line and key, or the setting, are named.
    """
    data, place = _source(given)
    scenario = _built(data, place)
    changes = {key: value for key, value in (overrides or {}).items() if value is not None}
    if not changes:
        return scenario
    resolved = {**data, "scheme": scenario.scheme, "rollout": scenario.rollout}
    if "regions" in data.get("society", {}):
        resolved["society"] = {**data["society"], "regions": scenario.society.regions}
    return _built(_overridden(resolved, changes), Place(SETTING, {}))


def scenario_hash(scenario: Scenario) -> str:
    """Return the SHA-256 that identifies a scenario by its content.

    A region table counts by what stands in it, not by its path, and the order of `without`
    does not count.
    """
    data = scenario.model_dump(mode="json")
    data["without"] = sorted(data["without"])
    regions = read_region_table(scenario.society.regions)
    data["society"]["regions"] = [row.model_dump(mode="json") for row in regions]
    return content_hash(data)


def _source(given: str | Path | Mapping[str, Any] | Scenario) -> tuple[dict[str, Any], Place]:
    """Return a scenario's data and where it stands."""
    if isinstance(given, Scenario | Mapping):
        return _plain(given), Place("scenario", {})
    if not isinstance(given, str | Path):
        Place("scenario", {}, "scenario").fail(
            given, f"must be a scheme's name, a path or a mapping, not {shortened(given)}"
        )
    if not is_path(given):
        return {"scheme": given}, Place(SETTING, {})
    document = read_document(given)
    place = Place(document.file, document.lines, "", Path(given).parent)
    if "scheme" not in document.data and {"title", "summary", "score", "from"} & set(document.data):
        message = "this is a scheme's file; a scenario names it, as in 'scheme: my-scheme.yaml'"
        place.below("scheme").fail(None, message)
    return document.data, place


def _built(data: Mapping[str, Any], place: Place) -> Scenario:
    """Check a scenario's data, with its scheme and its regions."""
    data = dict(data)
    if isinstance(data.get("scheme"), str | Path | Mapping):
        file, lines, at, folder = place.below("scheme")
        data["scheme"] = load_scheme(data["scheme"], file=file, lines=lines, at=at, folder=folder)
    elif "scheme" in data and not isinstance(data["scheme"], Scheme):
        message = "must be a shipped scheme's name, a path or a mapping, not "
        place.below("scheme").fail(data["scheme"], message + shortened(data["scheme"]))
    data["start"] = _dated(data.get("start", date(2014, 1, 1)))
    if isinstance(data.get("spark"), list):
        data["spark"] = [_dated(day) for day in data["spark"]]
    if isinstance(data.get("rollout"), list):
        data["rollout"] = [
            _phase(one, place.below("rollout", i)) for i, one in enumerate(data["rollout"])
        ]
    scenario = validate(Scenario, data, place.lines, place.file, place.at)
    _check_phases(scenario, place)
    regions = _regions(scenario.society.regions, place.below("society", "regions"))
    if regions == scenario.society.regions:
        return scenario
    society = scenario.society.model_copy(update={"regions": regions})
    return scenario.model_copy(update={"society": society})


def _phase(given: Any, place: Place) -> Any:
    """Return a phase's data with its date and its scheme loaded; what is no phase, to be judged."""
    if not isinstance(given, Mapping):
        return given
    data = {**given}
    if "since" in data:
        data["since"] = _dated(data["since"])
    if isinstance(data.get("scheme"), str | Path | Mapping):
        file, lines, at, folder = place.below("scheme")
        data["scheme"] = load_scheme(data["scheme"], file=file, lines=lines, at=at, folder=folder)
    return data


def _check_phases(scenario: Scenario, place: Place) -> None:
    """Refuse phases of regions that the table does not have."""
    named = [name for phase in scenario.rollout for name in phase.regions]
    if not named:
        return
    regions = scenario.society.regions
    path = regions if regions == PACKAGED else str(place.path(regions))
    known = [row.name_en for row in read_region_table(path)]
    for i, phase in enumerate(scenario.rollout):
        for j, name in enumerate(phase.regions):
            if name not in known:
                message = f"there is no region {shortened(name)}; there are: {listed(known)}"
                here = place.below("rollout", i, "regions", j)
                here.fail(name, message, nearest_word(name, known))


def _regions(given: str, place: Place) -> str:
    """Check the table of regions, and return its path seen from here."""
    if given == PACKAGED:
        return given
    if not given.endswith(".csv"):
        message = f"must be '{PACKAGED}' or a path to a .csv file, not {shortened(given)}"
        place.fail(given, message, nearest_word(given, [PACKAGED]))
    place.read(given, read_region_table)
    return str(place.path(given))


def _dated(given: Any) -> Any:
    """Return text such as 2014-01-01 as a date; all else as it is, to be judged."""
    try:
        return date.fromisoformat(given) if isinstance(given, str) else given
    except ValueError:
        return given


def _plain(given: Any) -> Any:
    """Return values given from Python as the plain values that a file would hold."""
    if isinstance(given, BaseModel):
        return _plain(given.model_dump(exclude_unset=True))
    if isinstance(given, Mapping):
        return {str(key): _plain(value) for key, value in given.items()}
    if isinstance(given, list | tuple | set | frozenset):
        return [_plain(one) for one in given]
    if type(given).__module__ == "numpy" and hasattr(given, "item"):
        return given.item()
    return given


def _overridden(data: dict[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """Return a scenario's data with single keys replaced."""
    scheme_changes: dict[str, Any] = {}
    for key, value in changes.items():
        head, *rest = _full_key(key)
        if head == "scheme" and rest:
            _put(scheme_changes, rest, _plain(value))
        else:
            data = _put(dict(data), [head, *rest], _plain(value))
    if scheme_changes:
        scheme = load_scheme(data["scheme"], file=SETTING, at="scheme")
        data["scheme"] = changed(scheme.model_dump(), scheme_changes)
    return data


def _full_key(key: str) -> list[str]:
    """Return the parts of a setting's dotted key; a bare key of the society is found there."""
    parts = key.split(".")
    if parts[0] in Scenario.model_fields:
        return parts
    if key in Society.model_fields:
        return ["society", key]
    allowed = [*Scenario.model_fields, *Society.model_fields]
    message = f"no such setting; allowed: {listed(allowed)}, or a dotted key"
    raise DeclarationError(
        SETTING, [Problem(key, key, message, None, nearest_word(parts[-1], allowed))]
    )


def _put(data: dict[str, Any], parts: list[str], value: Any) -> dict[str, Any]:
    """Set a value below a mapping, copying the mappings on the way."""
    here = data
    for part in parts[:-1]:
        below = here.get(part)
        here[part] = dict(below) if isinstance(below, Mapping) else {}
        here = here[part]
    here[parts[-1]] = value
    return data
