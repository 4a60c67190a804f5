"""How a parameter is declared: once, with its type, default, unit, range, meaning and source.

The loader, the JSON Schema, ``glasstown new``, the report's table of settings and (later)
the sliders of the browser lab are all made from these declarations.
"""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

Confidence = Literal["seen", "derived", "memory", "reported", "assumed"]
"""How sure a number is.

``seen``: read in the source named; ``derived``: computed from such numbers; ``memory``: from
memory, not read again; ``reported``: claimed by press in 2018, not evidenced; ``assumed``: our
choice, to be swept, never asserted.
"""

Share = float
"""A share from 0 to 1."""


class Declared(BaseModel):
    """Base of everything a file may declare: unknown keys stop the run, values are frozen."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, strict=False, validate_default=True, allow_inf_nan=False
    )


class Sourced(Declared):
    """A declaration that says where it comes from and how sure it is."""

    source: str = Field(min_length=1, description="Where the line comes from.")
    confidence: Confidence = Field(description="How sure the line is.")


def parameter(
    default: Any = ...,
    *,
    unit: str,
    meaning: str,
    source: str = "",
    confidence: Confidence = "assumed",
    mechanism: str = "",
    **bounds: Any,
) -> Any:
    """Declare a parameter: default, unit, meaning, source, confidence and bounds (ge, le, ...).

    ``mechanism`` names the mechanism that it belongs to, where the key that it stands under
    doesn't.
    """
    extra: dict[str, Any] = {"unit": unit, "confidence": confidence}
    if source:
        extra["source"] = source
    if mechanism:
        extra["mechanism"] = mechanism
    return Field(default, description=meaning, json_schema_extra=extra, **bounds)
