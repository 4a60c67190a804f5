"""Public claims about social-scoring systems, each an experiment with a verdict.

A claim names who makes it, the worlds that test it, what is measured in them and the rule for the
verdict: all of it stands in ``data/claims.yaml`` before anything is run. The worlds of a claim
share a seed, so that nothing but what is named differs between them; verdicts rest on the 95 %
interval (Student) of the effect over hashed seeds.
"""

from __future__ import annotations

CITIZENS, SEEDS, SEED = 50_000, 8, 3
"""Defaults: small enough for ten minutes on two cores."""
