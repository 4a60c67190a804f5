"""Calibration: parameters that no source gives, found from published aggregates, by a command."""

from glasstown.errors import InputError, nearest_word

CALIBRATED = ("court-list",)
"""The schemes that can be calibrated: those with published aggregates enough."""

CITIZENS, SEEDS, SEED = 300_000, 6, 1
"""What is run if nobody says."""


def check_scheme(name: str) -> str:
    """Return the name of a scheme that can be calibrated.

    Raises
    ------
    InputError
        If it can't.
    """
    if name in CALIBRATED:
        return name
    near = nearest_word(name, CALIBRATED)
    hint = f" Did you mean '{near}'?" if near else ""
    raise InputError(
        f"scheme '{name}': nothing published to calibrate it on; can be calibrated: "
        f"{', '.join(CALIBRATED)}.{hint}"
    )
