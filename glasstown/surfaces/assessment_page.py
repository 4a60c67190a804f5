"""The page of a dossier: one HTML file that needs nothing else."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from glasstown.lab.assessment.charts import CHARTS, charts
from glasstown.lab.assessment.dossier import Assessment
from glasstown.lab.assessment.headings import LIMITS
from glasstown.lab.writing import write_text
from glasstown.surfaces.figures import Figure, figures, filled, json_link

PAGE = "assessment.html"


def rendered(found: Assessment, drawings: dict[str, Figure]) -> str:
    """Return the page; everything in it is escaped."""
    by_section: dict[str, list[Figure]] = {}
    for key, figure in drawings.items():
        by_section.setdefault(CHARTS[key][0], []).append(figure)
    return filled(
        "assessment.html.j2",
        found=found,
        scheme=found.scenario.scheme,
        limits=LIMITS,
        figures=by_section,
        data_uri=json_link(found.as_data()),
    )


def write_page(found: Assessment, path: Path) -> Path:
    """Write the page, replacing an older one whole, and return its path.

    Raises
    ------
    OSError
        If it can't be written.
    RuntimeError
        If the charts could not be drawn.
    """
    headings = {key: heading for key, (_, heading, _) in CHARTS.items()}
    return write_text(rendered(found, figures(partial(charts, found), headings)), path)
