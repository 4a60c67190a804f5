"""Published models with known answers (FACTS 4): run here, and shown beside what was published.

Each model stands in a file of its own, in plain Python and NumPy, apart from the engine. What
does not fit is shown as it is.
"""

from glasstown.lab.published import (
    base_rate,
    centola,
    ensign,
    epstein,
    granovetter,
    kuran,
    nax,
    nowak_sigmund,
)
from glasstown.lab.published.case import Case, Outcome

CASES: tuple[Case, ...] = (
    *granovetter.CASES,
    *kuran.CASES,
    *epstein.CASES,
    *nowak_sigmund.CASES,
    *nax.CASES,
    *ensign.CASES,
    *base_rate.CASES,
    *centola.CASES,
)
"""Every published model that is run, in the order of FACTS 4."""

__all__ = ["CASES", "Case", "Outcome"]
