"""Puts this folder on the path of every test (for `countries`), and fixes hypothesis' examples."""

from hypothesis import settings

settings.register_profile("fixed", derandomize=True, deadline=None, database=None)
settings.load_profile("fixed")
