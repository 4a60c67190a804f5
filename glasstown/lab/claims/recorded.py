"""The test of all claims that comes with the package: made once, read again, never changed by hand.

A test of the package compares its claims and rules with the catalogue's, so that neither can be
changed without running the other again.
"""

from __future__ import annotations

import json
from functools import cache
from importlib import resources

from glasstown.lab.claims.verdicts import Claims

FILE = "result.json"


@cache
def recorded() -> Claims:
    """Return the packaged test of the public claims; `Claims.command` makes it again."""
    text = (resources.files("glasstown.lab.claims") / "data" / FILE).read_text("utf-8")
    return Claims.from_data(json.loads(text))
