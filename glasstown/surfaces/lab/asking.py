"""What a visitor asks for: a shipped scheme, a size, a seed, and single changes; as JSON or a link.

An ask can name nothing but what is shipped: no path, no region table, no other scheme to start
from, so no text from the web opens a file.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Annotated, Any
from urllib.parse import parse_qsl, urlencode

import yaml
from pydantic import BaseModel, ConfigDict, Field, StrictBool, StrictFloat, StrictInt, StrictStr

from glasstown.errors import DeclarationError, Problem, nearest_word
from glasstown.lab.scenario import SETTING, Scenario, load_scenario
from glasstown.scheme.loading import SHIPPED
from glasstown.surfaces.app import NOTICE
from glasstown.surfaces.lab.changing import changed_scheme
from glasstown.surfaces.lab.levers import Lever, levers
from glasstown.surfaces.lab.limits import Limits
from glasstown.surfaces.lab.refusal import RefusedError
from glasstown.wording import listed, shortened

Value = StrictBool | StrictInt | StrictFloat | Annotated[StrictStr, Field(max_length=100)] | None
Word = Annotated[StrictStr, Field(max_length=60)]
MOST_SEED = 2**53 - 1
"""The largest seed: what a page can hold as a number."""
FIRST_DAY = date(2014, 1, 1)


class Strict(BaseModel):
    """Base of what a page sends: unknown keys are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class AskedGroup(Strict):
    """A social group of the society."""

    name: Word
    share: StrictFloat | StrictInt
    misidentification: StrictFloat | StrictInt = 1.0


class AskedPhase(Strict):
    """A shipped scheme that comes into force in some regions on a date."""

    since: Word
    regions: list[Word] = Field(default_factory=list, max_length=64)
    scheme: Word | None = None


class Ask(Strict):
    """What a visitor asks for; see `docs/lab.md`."""

    scheme: Word = Field(
        description="The name of a shipped scheme.", json_schema_extra={"enum": list(SHIPPED)}
    )
    citizens: StrictInt = Field(20_000, description="Citizens of the synthetic country.")
    weeks: StrictInt = Field(156, description="How long it runs.")
    seed: StrictInt = Field(1, ge=0, le=MOST_SEED, description="Names the luck of the society.")
    start: Word = Field(FIRST_DAY.isoformat(), description="First day of the first week.")
    without: list[Word] = Field(
        default_factory=list, max_length=64, description="Mechanisms that are left out."
    )
    spark: list[Word] = Field(
        default_factory=list, max_length=32, description="Dates on which a gathering may form."
    )
    groups: list[AskedGroup] = Field(default_factory=list, max_length=3)
    rollout: list[AskedPhase] = Field(default_factory=list, max_length=16)
    changes: dict[Annotated[str, Field(max_length=120)], Value] = Field(
        default_factory=dict, max_length=400, description="Levers by key, and their values."
    )


def checked(ask: Ask, limits: Limits) -> Scenario:
    """Return the scenario that is asked for, if this lab may run it.

    Raises
    ------
    RefusedError
        It is larger or longer than the lab allows.
    DeclarationError
        It can't be used.
    """
    over = {
        name: list(bounds)
        for name, bounds in (("citizens", limits.citizens), ("weeks", limits.weeks))
        if not bounds[0] <= getattr(ask, name) <= bounds[1]
    }
    if over:
        words = "; ".join(
            f"{name}: must be from {low:_} to {high:_} here, not {getattr(ask, name):_}"
            for name, (low, high) in over.items()
        )
        raise RefusedError(422, "limit", words, allowed=over)
    return load_scenario(scenario_data(ask))


def scenario_data(ask: Ask) -> dict[str, Any]:
    """Return an ask as the keys of a scenario file.

    Raises
    ------
    DeclarationError
        It names a scheme or a lever that is not there.
    """
    problems = [*_unknown_schemes(ask)]
    if problems:
        raise DeclarationError(SETTING, problems)
    known = levers(ask.scheme)
    problems = [_no_lever(key, ask.scheme, known) for key in ask.changes if not _may(key, known)]
    if problems:
        raise DeclarationError(SETTING, problems)
    kept = {key: value for key, value in ask.changes.items() if not _same(value, known[key].value)}
    society, scheme = _society(ask, kept), changed_scheme(ask.scheme, kept)
    data: dict[str, Any] = {
        "scheme": scheme, "society": society, "start": ask.start, "weeks": ask.weeks,
        "seed": ask.seed, "rollout": [_phase(one) for one in ask.rollout],
        "spark": sorted(set(ask.spark)), "without": sorted(set(ask.without)),
    }  # fmt: skip
    return {key: value for key, value in data.items() if value != []}


def normalised(ask: Ask) -> Ask:
    """Return an ask without what it says twice or what the preset says already."""
    known = levers(ask.scheme)
    kept = {
        key: ask.changes[key]
        for key in sorted(ask.changes)
        if not _same(ask.changes[key], known[key].value)
    }
    update = {"changes": kept, "without": sorted(set(ask.without)), "spark": sorted(set(ask.spark))}
    return ask.model_copy(update=update)


def differences(ask: Ask) -> list[dict[str, Any]]:
    """Return what differs from the preset, key by key."""
    known = levers(ask.scheme)
    rows: list[dict[str, Any]] = [
        {"key": key, "preset": known[key].value, "value": value}
        for key, value in ask.changes.items()
    ]
    if ask.without:
        rows.insert(0, {"key": "without", "preset": [], "value": list(ask.without)})
    return rows


def scenario_text(ask: Ask) -> str:
    """Return an ask as a scenario file, dates as dates."""
    data = scenario_data(ask)
    dated = {
        **data,
        "start": _day(data["start"]),
        **({"spark": [_day(one) for one in data["spark"]]} if "spark" in data else {}),
        **({"rollout": [{**one, "since": _day(one["since"])} for one in data["rollout"]]}
           if "rollout" in data else {}),
    }  # fmt: skip
    body = yaml.safe_dump(dated, sort_keys=False, allow_unicode=True)
    return f"# A Glasstown scenario. {NOTICE}\n# glasstown run this-file.yaml\n\n{body}"


def link_of(ask: Ask) -> str:
    """Return an ask as the query string that stands in the fragment of the page's address.

    >>> link_of(Ask(scheme="none", weeks=52))
    'scheme=none&citizens=20000&weeks=52&seed=1'
    """
    pairs: list[tuple[str, str]] = [
        (name, str(getattr(ask, name))) for name in ("scheme", "citizens", "weeks", "seed")
    ]
    if ask.start != FIRST_DAY.isoformat():
        pairs.append(("start", ask.start))
    pairs += [(name, ",".join(one)) for name in ("without", "spark") if (one := getattr(ask, name))]
    for name in ("groups", "rollout"):
        if rows := getattr(ask, name):
            rows = [row.model_dump(exclude_defaults=True) for row in rows]
            pairs.append((name, json.dumps(rows, separators=(",", ":"))))
    pairs += [(key, json.dumps(value)) for key, value in ask.changes.items()]
    return urlencode(pairs, safe=",[]:")


def ask_of(link: str) -> dict[str, Any]:
    """Return the ask that a link holds, not yet checked; names that are no part of it are dropped.

    >>> ask_of("scheme=none&weeks=52&view=stage&scheme.friends.points=-3")
    {'scheme': 'none', 'weeks': 52, 'changes': {'scheme.friends.points': -3}}
    """
    ask: dict[str, Any] = {}
    for name, text in parse_qsl(link.removeprefix("#"), keep_blank_values=True):
        if "." in name:
            ask.setdefault("changes", {})[name] = _json(text)
        elif name in ("without", "spark"):
            ask[name] = [one for one in text.split(",") if one]
        elif name in ("citizens", "weeks", "seed", "groups", "rollout"):
            ask[name] = _json(text)
        elif name in ("scheme", "start"):
            ask[name] = text
    return ask


def _json(text: str) -> Any:
    """Return the value that a text means; a text that means none is itself, to be judged."""
    try:
        return json.loads(text)
    except ValueError:
        return text


def _unknown_schemes(ask: Ask) -> Iterable[Problem]:
    """Yield what is wrong with the schemes that are named."""
    named = {"scheme": ask.scheme}
    named |= {f"rollout[{i}].scheme": one.scheme for i, one in enumerate(ask.rollout) if one.scheme}
    for key, name in named.items():
        if name not in SHIPPED:
            message = f"there is no shipped scheme {shortened(name)}; shipped: {listed(SHIPPED)}"
            yield Problem(key, shortened(name), message, None, nearest_word(name, SHIPPED))


def _may(key: str, known: Mapping[str, Lever]) -> bool:
    return key in known and known[key].is_there


def _no_lever(key: str, scheme: str, known: Mapping[str, Lever]) -> Problem:
    """Return what is wrong with a key that can't be changed."""
    if key in known:
        message = f"belongs to a part that {scheme} does not have, and can't be changed here"
        return Problem(key, key, message)
    there = [one.key for one in known.values() if one.is_there]
    return Problem(key, key, "there is no such lever", None, nearest_word(key, there))


def _same(given: Any, value: Any) -> bool:
    """Tell whether a value is the preset's; a yes is no 1."""
    return isinstance(given, bool) == isinstance(value, bool) and bool(given == value)


def _society(ask: Ask, kept: Mapping[str, Any]) -> dict[str, Any]:
    """Return what an ask says about its society."""
    changes = {
        key.removeprefix("society."): value
        for key, value in kept.items()
        if key.startswith("society.")
    }
    groups = [one.model_dump() for one in ask.groups]
    return {"citizens": ask.citizens, **changes, **({"groups": groups} if groups else {})}


def _phase(one: AskedPhase) -> dict[str, Any]:
    return one.model_dump(exclude_none=True, exclude_defaults=True)


def _day(given: Any) -> Any:
    """Return a date's text as a date."""
    return date.fromisoformat(given)
