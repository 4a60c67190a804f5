"""Trace: one synthetic citizen's life, week by week, and the proof that it was so."""
