"""Safeguards: the smallest changes to a scheme that remove most of its harm.

Every safeguard is a declared change that makes a scheme milder or surer, in the scheme's own
language. The search lowers harm with as few changes as it can, and shows what becomes of the
scheme's own stated benefit; it never looks for a scheme that controls more, and no candidate that
does more harm than the scheme as it is can be found.
"""

from __future__ import annotations

CITIZENS, SEEDS, SEED, EVALUATIONS = 20_000, 3, 7, 60
"""Defaults: a few minutes on two cores."""
FEWEST_CITIZENS, FEWEST_SEEDS, MOST_EVALUATIONS = 2_000, 2, 2_000
