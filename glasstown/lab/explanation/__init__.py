"""Explanation: which mechanisms shut people out, shared out exactly.

All worlds that come from switching the chosen mechanisms on and off, one by one and together, are
run under the same seeds. Every citizen's fate in them gives exact Shapley shares (Shapley 1953),
but-for counts and interactions. What is kept of a run is a bit for each citizen and outcome.
"""

SEEDS = 5
"""Seeds when nobody says."""
MOST_MECHANISMS = 6
"""Each mechanism more doubles the runs; and the 64 worlds of six fit one word a citizen."""
USUAL = ("misidentification", "friends", "household", "speech")
"""Mechanisms that are asked about when nobody says: those of them that the scheme has."""
