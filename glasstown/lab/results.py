"""The folder of a study's result: its name, and the files that are written into it."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path

from glasstown.lab.reporting import Pageable, write_page
from glasstown.lab.writing import write_text
from glasstown.scheme.loading import content_hash

LONGEST = 80


def result_name(words: Sequence[str], parts: Sequence[object]) -> str:
    """Return a folder's name: readable words, then a hash of all that tells results apart.

    >>> result_name(["total-2020", "vs", "Mine (2)"], [1])[:-9]
    'total-2020-vs-mine-2'
    """
    slug = re.sub(r"[^a-z0-9]+", "-", "-".join(words).lower()).strip("-")
    return f"{slug[:LONGEST].strip('-')}-{content_hash(list(parts))[:8]}"


def write_result(result: Pageable, data_path: Path, page_path: Path, command: str) -> None:
    """Write a result as JSON, then its page, which names the command if there is one.

    Raises
    ------
    OSError
        If it can't be written.
    ReportError
        If the page can't be drawn; the JSON stands.
    """
    text = json.dumps(result.as_data(), indent=1, ensure_ascii=False, allow_nan=False)
    write_text(text + "\n", data_path)
    write_page(result, page_path, command)
