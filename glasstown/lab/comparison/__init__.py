"""Comparison: worlds that share every draw, and what differs between them.

A comparison runs worlds under the same seeds. For every outcome it gives the paired difference
from the first world with its interval over seeds, and how many times that is sharper than runs
under seeds of their own; citizen by citizen, who is shut out in one world only, and why.
"""

SEEDS = 8
"""Seeds when nobody says: intervals of a paired difference are narrow with few."""
