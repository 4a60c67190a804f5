"""Whether a chart can be read by any eyes and on grey paper, from its specification alone."""

from __future__ import annotations

from itertools import combinations

import sight

LEAST_APART = 15.0
"""Six to seven times what can just be told apart (2.3, Mahy et al. 1994), for small areas."""
LEAST_LIGHTNESS = 15.0


def parts(spec):
    """Every encoding of a specification, with its mark."""
    if isinstance(spec, dict):
        if "encoding" in spec:
            yield spec.get("mark"), spec["encoding"]
        for one in spec.values():
            yield from parts(one)
    elif isinstance(spec, list):
        for one in spec:
            yield from parts(one)


def named_colours(spec) -> dict[str, str]:
    """The colours of the series of a chart, by name."""
    found = {}
    for _, encoding in parts(spec):
        scale = (encoding.get("color") or {}).get("scale") or {}
        if isinstance(scale.get("range"), list):
            found |= dict(zip(scale["domain"], scale["range"], strict=True))
    return found


def is_told_without_colour(spec) -> bool:
    """Whether series differ in dash or shape, or have numbers in legend and drawing."""
    encodings = [one for _, one in parts(spec)]
    scales = [
        one[channel]["scale"] for one in encodings for channel in ("strokeDash", "shape")
        if "scale" in one.get(channel, {})
    ]  # fmt: skip
    if any(len({str(one) for one in scale["range"]}) == len(scale["domain"]) for scale in scales):
        return True
    legends = [(one.get("color") or {}).get("legend") or {} for one in encodings]
    in_legend = any("indexof(" in one.get("labelExpr", "") for one in legends)
    return in_legend and any(one.get("text", {}).get("field") == "number" for one in encodings)


def cannot_be_read(drawing) -> str:
    """Why a drawing can't be read without its colours, or nothing."""
    spec = drawing.to_dict(validate=False)
    colours = named_colours(spec)
    for (one, a), (other, b) in combinations(colours.items(), 2):
        for name, sight_ in sight.SIGHTS.items():
            if sight.apart(a, b, sight_) < LEAST_APART:
                return f"{one} and {other} look alike to {name}"
        if sight.lightness_apart(a, b) < LEAST_LIGHTNESS and not is_told_without_colour(spec):
            return f"{one} and {other} look alike on grey paper"
    return ""
