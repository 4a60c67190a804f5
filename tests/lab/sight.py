"""How a colour looks to somebody who sees red and green alike, and on grey paper.

Colour vision: Machado, Oliveira and Fernandes (2009), "A Physiologically-based Model for
Simulation of Color Vision Deficiency", IEEE TVCG 15(6), doi:10.1109/TVCG.2009.113, their matrices
of severity 1.0, applied to linear RGB. Differences: CIE 1976 L*a*b*, white point D65, after the
sRGB standard IEC 61966-2-1.
"""

from __future__ import annotations

import numpy as np

PROTANOPIA = np.array([
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
])  # fmt: skip
DEUTERANOPIA = np.array([
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.011820, 0.042940, 0.968881],
])  # fmt: skip
SIGHTS = {"usual": np.eye(3), "protanopia": PROTANOPIA, "deuteranopia": DEUTERANOPIA}
TO_XYZ = np.array([
    [0.4124564, 0.3575761, 0.1804375],
    [0.2126729, 0.7151522, 0.0721750],
    [0.0193339, 0.1191920, 0.9503041],
])  # fmt: skip
WHITE = np.array([0.95047, 1.0, 1.08883])


def lab(colour: str, sight: np.ndarray = SIGHTS["usual"]) -> np.ndarray:
    """Return L*, a* and b* of ``#rrggbb`` as seen."""
    coded = np.array([int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)])
    linear = np.where(coded <= 0.04045, coded / 12.92, ((coded + 0.055) / 1.055) ** 2.4)
    part = TO_XYZ @ np.clip(sight @ linear, 0, 1) / WHITE
    root = np.where(part > (6 / 29) ** 3, np.cbrt(part), part / (3 * (6 / 29) ** 2) + 4 / 29)
    return np.array([116 * root[1] - 16, 500 * (root[0] - root[1]), 200 * (root[1] - root[2])])


def apart(one: str, other: str, sight: np.ndarray) -> float:
    """Return the distance of two colours as seen; about 2.3 can just be told apart."""
    return float(np.linalg.norm(lab(one, sight) - lab(other, sight)))


def lightness_apart(one: str, other: str) -> float:
    """Return the difference in L*: all that is left on grey paper."""
    return float(abs(lab(one)[0] - lab(other)[0]))
