"""The gallery of the docs: every chart, drawn from runs that are made for it.

Run as ``python -m glasstown.surfaces.gallery`` in the root of the repository: it runs what stands
in `SOURCES`, draws each chart from the first of them that has something to show for it, and
writes drawings, numbers and ``README.md``. The same version gives the same files on any machine.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from glasstown.lab.charts import CHARTS
from glasstown.lab.charts.theme import FONT, Chart
from glasstown.lab.comparison.charts import HEADINGS
from glasstown.lab.comparison.comparing import compare
from glasstown.lab.progress import Progress, Silent
from glasstown.lab.run import run
from glasstown.lab.writing import write_text
from glasstown.surfaces.app import NOTICE
from glasstown.surfaces.drawing import drawn
from glasstown.surfaces.figures import csv, slim
from glasstown.surfaces.progress_bar import ProgressBar
from glasstown.version import version

GALLERY = Path("docs/gallery")
CITIZENS, WEEKS, SEED = 100_000, 364, 1
COMPARED: dict[str, Any] = {"citizens": 20_000, "weeks": 208}
COMPARED_SEEDS = 4
RUN_HEADINGS = {kind.key: kind.heading for kind in CHARTS}


class Drawn(NamedTuple):
    """What a source gave: its charts, and what proves that they are of it."""

    charts: Mapping[str, Chart]
    digests: dict[str, str]


class Source(NamedTuple):
    """Something that is run for the gallery: the command that does the same, and its charts."""

    name: str
    command: str
    headings: Mapping[str, str]
    draw: Callable[[Path, Progress], Drawn]


class Piece(NamedTuple):
    """A chart in the gallery."""

    key: str
    heading: str
    source: str
    chart: Chart


def _run(given: str, **settings: Any) -> Callable[[Path, Progress], Drawn]:
    def draw(folder: Path, progress: Progress) -> Drawn:
        done = run(given, out=folder, progress=progress, report=False, **settings)
        return Drawn(done.charts(), {given: done.digest or "none: it was stopped"})

    return draw


def _shipped(scheme: str) -> Source:
    command = f"glasstown run {scheme} --citizens {CITIZENS:_} --weeks {WEEKS} --seed {SEED}"
    return Source(
        scheme, command, RUN_HEADINGS, _run(scheme, citizens=CITIZENS, weeks=WEEKS, seed=SEED)
    )


def _compared(folder: Path, progress: Progress) -> Drawn:
    found = compare(
        "total-2020", "reform", seeds=COMPARED_SEEDS, out=folder, progress=progress, **COMPARED
    )
    digests = {label: one[0] or "none: it failed" for label, one in found.digests.items()}
    charts = {f"compare-{key}": chart for key, chart in found.charts().items() if key in HEADINGS}
    return Drawn(charts, digests)


SOURCES = (
    Source("total", "glasstown run docs/gallery/total.yaml", RUN_HEADINGS,
           _run("docs/gallery/total.yaml")),
    _shipped("court-list"),
    _shipped("sesame"),
    _shipped("reform"),
    Source(
        "compare",
        f"glasstown compare total-2020 reform --citizens {COMPARED['citizens']:_} "
        f"--weeks {COMPARED['weeks']} --seeds {COMPARED_SEEDS}",
        {f"compare-{key}": f"Two worlds: {words.lower()}" for key, words in HEADINGS.items()},
        _compared,
    ),
)  # fmt: skip


def chosen(drawn_by: Mapping[str, Drawn], sources: tuple[Source, ...] = SOURCES) -> list[Piece]:
    """Return every chart once, from the first source that has it, in the order of reports."""
    pieces, seen = list[Piece](), set[str]()
    headings = {key: words for one in sources for key, words in one.headings.items()}
    for key, heading in headings.items():
        for one in sources:
            if one.name in drawn_by and key in drawn_by[one.name].charts and key not in seen:
                seen.add(key)
                pieces.append(Piece(key, heading, one.name, drawn_by[one.name].charts[key]))
    return pieces


def standing_alone(svg: str) -> str:
    """Return a drawing for a page of its own: on white, with its font, and small.

    >>> standing_alone('<svg width="1"><text opacity="1" x="1.23456">a</text></svg>').count("1.23")
    1
    """
    style = f"background:#fff;color:#222;font-family:{FONT}".replace('"', "")
    return slim(svg).replace("<svg ", f'<svg style="{style}" ', 1)


def written(
    folder: Path, drawn_by: Mapping[str, Drawn], sources: tuple[Source, ...] = SOURCES
) -> Path:
    """Write drawings, numbers and index of a gallery, and return the index.

    Raises
    ------
    OSError
        If they can't be written.
    RuntimeError
        If the charts could not be drawn.
    """
    pieces = chosen(drawn_by, sources)
    svgs = drawn([one.chart.drawing.to_dict() for one in pieces])
    (folder / "data").mkdir(parents=True, exist_ok=True)
    for one, svg in zip(pieces, svgs, strict=True):
        write_text(standing_alone(svg), folder / f"{one.key}.svg")
        write_text(csv(one.chart.data), folder / "data" / f"{one.key}.csv")
    return write_text("\n".join(index(pieces, drawn_by, sources)) + "\n", folder / "README.md")


def index(
    pieces: list[Piece], drawn_by: Mapping[str, Drawn], sources: tuple[Source, ...]
) -> Iterator[str]:
    """Return the lines of the index: every chart with its finding, its run and its numbers."""
    yield "# Gallery\n"
    yield f"**{NOTICE}**\n"
    yield (
        "Every chart of a run, and those of two worlds compared, each with the sentence that is "
        "made from its numbers. They are the charts of the reports, of `glasstown picture` and of "
        "`run.chart(name)` in Python. This page is written by "
        f"`python -m glasstown.surfaces.gallery` (Glasstown {version()}).\n"
    )
    for one in pieces:
        yield f"## {one.heading}\n"
        yield f"![{one.chart.finding}]({one.key}.svg)\n"
        yield f"{one.chart.finding}\n"
        numbers = f"[the numbers behind it](data/{one.key}.csv)"
        yield f"`{one.key}` · from [{one.source}](#{one.source}) · {numbers}\n"
    yield "## What was run\n"
    for source in sources:
        if source.name not in drawn_by:
            continue
        yield f"### {source.name}\n"
        yield f"```sh\n{source.command}\n```\n"
        for label, digest in drawn_by[source.name].digests.items():
            yield f"- digest of {label}: `{digest}`"
        yield ""


def make(folder: Path, progress: Callable[[], Progress] = Silent) -> Path:
    """Run every source, each with a progress of its own; write the gallery, return its index."""
    drawn_by: dict[str, Drawn] = {}
    with tempfile.TemporaryDirectory() as runs:
        for source in SOURCES:
            drawn_by[source.name] = source.draw(Path(runs), progress())
    return written(folder, drawn_by)


def main() -> None:
    """Write the gallery into ``docs/gallery`` or the folder given."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", nargs="?", type=Path, default=GALLERY)
    print(make(parser.parse_args().folder, ProgressBar))


if __name__ == "__main__":
    main()
