"""The dossier of one scheme: measures that an impact assessment asks for, never a legal verdict.

What it asks is what Article 5(1)(c) and Article 27 of Regulation (EU) 2024/1689 and the Council
of Europe's HUDERIA ask (FACTS 5). Every number is of a synthetic society; what a part of the
scheme *causes* is the difference between two runs of a pair, which share all their luck.
"""

from __future__ import annotations

CITIZENS, SEEDS, SEED = 50_000, 5, 5
"""Defaults: small enough for five minutes on two cores."""
FEWEST_CITIZENS, FEWEST_SEEDS = 2_000, 2
FEWEST_PEOPLE = 10
"""A cell of a table with fewer people in any of the countries is suppressed."""
