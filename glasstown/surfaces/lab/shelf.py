"""What there is to choose from: schemes, presets, levers, mechanisms, measures, claims."""

from __future__ import annotations

import json
from functools import cache
from importlib import resources
from typing import Any

import yaml
from fastapi import APIRouter, Response

from glasstown.lab.claims.recorded import recorded
from glasstown.lab.claims.wording import MARKS, flips_in_short, interval, sentence
from glasstown.scheme.declaration import Scheme
from glasstown.scheme.having import shipped
from glasstown.scheme.loading import SHIPPED, scheme_hash
from glasstown.surfaces.lab.asking import Ask
from glasstown.surfaces.lab.levers import groups
from glasstown.surfaces.lab.refusal import unknown
from glasstown.surfaces.lab.series import known
from glasstown.surfaces.listing import mechanism_records, scheme_record
from glasstown.surfaces.settings import settings

shelf = APIRouter(prefix="/api", tags=["what there is"])


@shelf.get("/schemes")
def schemes() -> dict[str, Any]:
    """List the shipped schemes."""
    return {"schemes": [_scheme(shipped(name)) for name in SHIPPED]}


@shelf.get("/schemes/{name}")
def scheme(name: str) -> dict[str, Any]:
    """Show every line of a shipped scheme with its source and confidence."""
    declared = _shipped(name)
    rows = settings(Scheme, declared.model_dump(mode="json"))
    return {**_scheme(declared), "rows": [one._asdict() for one in rows]}


@shelf.get("/presets")
def presets() -> dict[str, Any]:
    """List what a visitor may begin with."""
    return {"presets": _presets()}


@shelf.get("/levers")
def levers(scheme: str = "total-2020") -> Response:
    """List every parameter with a declared range, by mechanism."""
    _shipped(scheme)
    return Response(lever_text(scheme), media_type="application/json")


@cache
def lever_text(scheme: str) -> bytes:
    """Return the levers of a shipped scheme as they are sent; there are many, so made once."""
    record = {"scheme": scheme, "groups": [one.as_record() for one in groups(scheme)]}
    return json.dumps(record, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()


@shelf.get("/mechanisms")
def mechanisms() -> dict[str, Any]:
    """List the mechanisms, and which shipped schemes have them."""
    return {"mechanisms": _mechanisms()}


@shelf.get("/measures")
def measures() -> dict[str, Any]:
    """List what is measured every week."""
    return {"measures": [one._asdict() for one in known()]}


@shelf.get("/claims")
def claims() -> dict[str, Any]:
    """List the public claims, the experiments that test them, and how they came out."""
    return _claims()


def _shipped(name: str) -> Scheme:
    """Return a shipped scheme; a path is none."""
    if name not in SHIPPED:
        raise unknown("shipped scheme", name[:60])
    return shipped(name)


def _scheme(declared: Scheme) -> dict[str, Any]:
    record = scheme_record(declared)
    return {**record, "source": declared.source, "hash": scheme_hash(declared)}


@cache
def _claims() -> dict[str, Any]:
    """Return the packaged test of the claims, each verdict in numbers and words."""
    found = recorded()
    kept = ("label", "command", "citizens", "scale", "seeds", "counts")
    return {
        **{key: value for key, value in found.as_data().items() if key in kept},
        "page": "/claims",
        "claims": [
            {
                **one.as_data(),
                "mark": MARKS[one.effect.verdict],
                "sentence": sentence(one.claim, one.effect),
                "interval": interval(one.effect, one.claim.form),
                "flips_in_words": flips_in_short(one),
            }
            for one in found.tested
        ],
    }


@cache
def _mechanisms() -> list[dict[str, Any]]:
    return mechanism_records()


@cache
def _presets() -> list[dict[str, Any]]:
    """Return each shipped scheme as it is, then what `presets.yaml` adds."""
    plain = [
        {"name": one.name, "title": one.title, "summary": one.summary,
         "ask": Ask.model_validate({"scheme": one.name}).model_dump()}
        for one in map(shipped, SHIPPED)
    ]  # fmt: skip
    text = (resources.files("glasstown.surfaces.lab") / "presets.yaml").read_text("utf-8")
    added = [
        {**row, "ask": Ask.model_validate(row["ask"]).model_dump()} for row in yaml.safe_load(text)
    ]
    return [*plain, *added]
