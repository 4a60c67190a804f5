"""Fixed point: exact arithmetic that a compiler turns into few instructions.

A trait is 0 to 255, so shares of it divide by 255. For 0 <= x < 2**32, x // 255 is
(x * 2155905153) >> 39 exactly (Granlund and Montgomery 1994, "Division by invariant integers using
multiplication", PLDI, theorem 4.2: 2155905153 = ceil(2**39 / 255), with an error below 2**7).
"""

from __future__ import annotations

from glasstown.laws import law

INVERSE_255, SHIFT_255 = 2_155_905_153, 39


@law
def over_255(x: int) -> int:
    """Return x // 255 for 0 <= x < 2**32, without the checks of a division.

    >>> over_255(254), over_255(255), over_255(65536 * 255)
    (0, 1, 65536)
    """
    return (x * INVERSE_255) >> SHIFT_255
