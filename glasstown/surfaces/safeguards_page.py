"""The page of a search for safeguards: one HTML file that needs nothing else."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path

import yaml

from glasstown.lab.safeguards.charts import HEADINGS, charts
from glasstown.lab.safeguards.measures import HARM_WORDS
from glasstown.lab.safeguards.search import Candidate, Found
from glasstown.lab.safeguards.wording import sentences, words_of
from glasstown.lab.writing import write_text
from glasstown.surfaces.figures import figures, filled, json_link

PAGE = "safeguards.html"


def as_file(found: Found, one: Candidate) -> str:
    """Return a set of safeguards as a scheme's file: what it starts from, and the changes."""
    changes = {"from": found.scenario.scheme.name, **found.changes(one)}
    return yaml.safe_dump(
        json.loads(json.dumps(changes, default=str)), sort_keys=False, allow_unicode=True
    )


def rendered(found: Found) -> str:
    """Return the page; everything in it is escaped."""
    return filled(
        "safeguards.html.j2",
        found=found,
        scheme=found.scenario.scheme,
        sentences=sentences(found),
        figures=list(figures(partial(charts, found), HEADINGS).values()),
        front=[(one, words_of(one.names), as_file(found, one)) for one in found.front()],
        harm_words={name: HARM_WORDS[name] for name in found.harms},
        data_uri=json_link(json.loads(json.dumps(found.as_data(), default=str))),
    )


def write_page(found: Found, path: Path) -> Path:
    """Write the page, replacing an older one whole, and return its path.

    Raises
    ------
    OSError
        If it can't be written.
    RuntimeError
        If the charts could not be drawn.
    """
    return write_text(rendered(found), path)
