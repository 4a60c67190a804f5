"""Assess a scheme: run it and what it is measured against, and put the dossier together."""

from __future__ import annotations

import json
import shlex
import warnings as python_warnings
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from glasstown.errors import InputError
from glasstown.lab.assessment import (
    CITIZENS,
    FEWEST_CITIZENS,
    FEWEST_SEEDS,
    SEED,
    SEEDS,
    benefit,
    chill,
    context,
    disparity,
    gravity,
    headings,
    remedies,
    wrongs,
)
from glasstown.lab.assessment.estimates import Section
from glasstown.lab.assessment.members import Record, lived
from glasstown.lab.assessment.shelf import Shelf, key_of
from glasstown.lab.assessment.variants import Plan, planned
from glasstown.lab.branches import prepared, weeks_to_run
from glasstown.lab.interruption import Interruption
from glasstown.lab.manifest import scale
from glasstown.lab.progress import Progress, Silent
from glasstown.lab.runfolder import LABEL
from glasstown.lab.scenario import Scenario, load_scenario, scenario_hash
from glasstown.lab.seeds import seeds_of
from glasstown.lab.showing import WIDE, named
from glasstown.lab.writing import write_text
from glasstown.scheme.loading import scheme_hash
from glasstown.version import version

if TYPE_CHECKING:
    from glasstown.lab.charts.theme import Chart

FOLDER = "assessments"
SEEDS_FILE, RESULT = "seeds.jsonl", "assessment.json"
STOPPING = "stopping; finished seeds are kept (Ctrl-C again stops at once)"
TOP = ("context", "proportion", "wrongs", "association", "disparity", "chill", "benefit")
"""The sections whose short answer stands on top."""


class _StoppedError(Exception):
    """Somebody asked the work to stop."""


class Assessment(NamedTuple):
    """An assessed scheme.

    ``records`` are the finished seeds, ``left`` how many were not reached, ``failures`` what
    could not be prepared or run, in words; ``folder`` where it is kept, None if nowhere.
    """

    scenario: Scenario
    records: tuple[Record, ...]
    left: int
    failures: tuple[str, ...]
    sections: tuple[Section, ...]
    variants: tuple[tuple[str, str], ...]
    seeds: int
    seed: int
    given: str
    changes: Mapping[str, Any]
    folder: Path | None

    @property
    def scale(self) -> str:
        """How much smaller the country is than the one of its region table."""
        society = self.scenario.society
        return scale(society.citizens, society.regions)

    @property
    def command(self) -> str:
        """The command that gives this result."""
        s = self.scenario
        kept = {key: value for key, value in self.changes.items() if key != "without"}
        changed = [f"--without {one}" for one in self.changes.get("without", [])]
        changed += [f"--set {shlex.quote(f'{key}={value}')}" for key, value in kept.items()]
        return " ".join([
            f"glasstown assess {self.given} --citizens {s.society.citizens} --weeks {s.weeks} "
            f"--seeds {self.seeds} --seed {self.seed}", *changed,
        ])  # fmt: skip

    @property
    def sentences(self) -> tuple[str, ...]:
        """What stands on top: the first answer to each question."""
        answers = [self.section(key).short_answer for key in TOP]
        return tuple(one for one in answers if one)

    def section(self, key: str) -> Section:
        """Return a section by its key; KeyError if there is none."""
        return next(one for one in self.sections if one.key == key)

    def as_data(self) -> dict[str, Any]:
        """Return everything for another program."""
        return {
            "label": LABEL,
            "is_a_verdict": False,
            "command": self.command,
            "glasstown": version(),
            "scheme": self.scenario.scheme.name,
            "scheme_hash": scheme_hash(self.scenario.scheme),
            "scenario_hash": scenario_hash(self.scenario),
            "scenario": self.scenario.model_dump(mode="json"),
            "citizens": self.scenario.society.citizens,
            "scale": self.scale,
            "seeds": len(self.records),
            "seeds_not_reached": self.left,
            "digests": {str(one["seed"]): one["digest"] for one in self.records},
            "variants": dict(self.variants),
            "failures": list(self.failures),
            "limits": list(headings.LIMITS),
            "sentences": list(self.sentences),
            "sections": {one.key: one.as_data() for one in self.sections},
        }

    def charts(self, width: int = WIDE) -> dict[str, Chart]:
        """Draw every chart that there is something for, by name; a notebook displays each."""
        from glasstown.lab.assessment.charts import charts

        return charts(self, width)

    def chart(self, name: str, width: int = WIDE) -> Chart:
        """Draw one chart.

        Raises
        ------
        InputError
            If there is no such chart, or it has nothing to show.
        """
        from glasstown.lab.assessment.charts import CHARTS

        return named(self.charts(width), name, CHARTS)


def assess(
    given: str | Path | Mapping[str, Any] | Scenario,
    *,
    citizens: int | None = None,
    weeks: int | None = None,
    seeds: int = SEEDS,
    seed: int = SEED,
    out: str | Path | None = None,
    progress: Progress | None = None,
    threads: int | None = None,
    **overrides: Any,
) -> Assessment:
    """Assess a scheme: the dossier that an analyst needs, in numbers with intervals.

    Parameters
    ----------
    given : str, Path, Mapping or Scenario
        A shipped scheme's name, a path to a scheme's or a scenario's file, or a mapping.
    citizens : int, optional
        Citizens of each country; by default 50,000, or what a scenario's file says.
    weeks : int, optional
        How long each run is; by default what the scenario says.
    seeds : int
        Countries, at least two, as intervals are over seeds.
    seed : int
        Names the seeds.
    out : str or Path, optional
        The folder below which the dossier's folder is made; finished seeds stand in it and are
        read again. Nothing is written by default.
    progress : Progress, optional
        Who is told; what its `week` raises ends the work, and finished seeds are kept.
    threads : int, optional
        Threads of each run; by default one for each usable processor.
    **overrides : Any
        Single keys of the scenario, as for `glasstown.run`.

    Raises
    ------
    InputError
        If the scheme can't be used, the country or the number of seeds is too small, or the
        folder can't be written.
    KeyboardInterrupt
        If it is interrupted before the first seed is finished, or twice.
    """
    scenario = sized(given, citizens, weeks, CITIZENS, FEWEST_CITIZENS, overrides)
    if seeds < FEWEST_SEEDS:
        raise InputError(
            f"seeds: at least {FEWEST_SEEDS}, as intervals are over seeds; not {seeds}"
        )
    folder = None if out is None else _made(Path(out) / folder_name(scenario))
    told = progress or Silent()
    told.stage("preparing what is run beside the scheme")
    plan = planned(scenario)
    records, left, failures = _run(plan, seeds_of(seed, seeds), folder, told, threads)
    if progress is None and left:
        python_warnings.warn(f"stopped after {len(records)} of {seeds} seeds", stacklevel=2)
    name = str(given) if isinstance(given, str | Path) else scenario.scheme.name
    found = Assessment(
        scenario, tuple(records), left, (*_prepared_words(plan), *failures),
        put_together(records, scenario), tuple((one.name, one.what) for one in plan.variants),
        seeds, seed, name, overrides, folder,
    )  # fmt: skip
    write_result(found)
    return found


def write_result(found: Assessment) -> None:
    """Write a dossier as JSON into its folder, if it has one."""
    if found.folder is not None:
        text = json.dumps(found.as_data(), indent=1, ensure_ascii=False)
        write_text(text + "\n", found.folder / RESULT)


def sized(
    given: Any, citizens: int | None, weeks: int | None, usual: int, fewest: int,
    overrides: Mapping[str, Any],
) -> Scenario:  # fmt: skip
    """Return a scenario of the size asked for: by default the file's own, else the usual one.

    Raises
    ------
    InputError
        If it can't be used, or is smaller than ``fewest`` citizens.
    """
    scenario = load_scenario(_as_scenario(given), overrides={"weeks": weeks, **overrides})
    size = citizens or (scenario.society.citizens if _says_size(given) else usual)
    if size < fewest:
        raise InputError(
            f"citizens: at least {fewest:_}; in a smaller country too few are shut out to be "
            f"counted; not {size}"
        )
    return load_scenario(scenario, overrides={"citizens": size})


def put_together(records: Sequence[Record], scenario: Scenario) -> tuple[Section, ...]:
    """Return the sections of a dossier, in the order in which they are read."""
    sections = [
        context.section(records, scenario),
        gravity.section(records, scenario),
        wrongs.section(records),
        wrongs.association(records),
        disparity.section(records),
        chill.section(records),
        remedies.section(records),
        remedies.reversibility(records, scenario),
        benefit.section(records),
    ]
    known = {one.key: one for one in sections}
    return (
        *sections, headings.fria(records, scenario, known), headings.huderia(records),
    )  # fmt: skip


def folder_name(scenario: Scenario) -> str:
    """Return the name of a scenario's dossier; its seed doesn't count."""
    plain = scenario.model_copy(update={"seed": 0})
    return (
        f"{scenario.scheme.name}-{scenario.society.citizens}-{scenario.weeks}w-"
        f"{scenario_hash(plain)[:8]}"
    )


def _as_scenario(given: str | Path | Mapping[str, Any] | Scenario) -> Any:
    """Return what `load_scenario` takes: a scheme's own file stands for itself in a scenario."""
    from glasstown.reading import read_document
    from glasstown.scheme.loading import is_path

    if isinstance(given, str | Path) and is_path(given):
        data = read_document(given).data
        if "scheme" not in data and {"title", "summary", "score", "from"} & set(data):
            return {"scheme": str(given)}
    return given


def _says_size(given: str | Path | Mapping[str, Any] | Scenario) -> bool:
    """Tell whether what was given says how large the country is."""
    known = _as_scenario(given)
    if isinstance(known, Scenario):
        return True
    if isinstance(known, str | Path):
        from glasstown.reading import read_document
        from glasstown.scheme.loading import is_path

        if not is_path(known):
            return False
        known = read_document(known).data
    society = known.get("society")
    return isinstance(society, Mapping) and "citizens" in society


def _made(folder: Path) -> Path:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"{folder}: can't be made: {error.strerror}") from None
    return folder


def _prepared_words(plan: Plan) -> list[str]:
    return [f"{name}: {why}" for name, why in plan.failures.items()]


def _run(
    plan: Plan, seeds: Sequence[int], folder: Path | None, told: Progress, threads: int | None
) -> tuple[list[Record], int, list[str]]:  # fmt: skip
    """Run all seeds; return finished records, how many were not reached, and failures."""
    shelf = Shelf(None if folder is None else folder / SEEDS_FILE)
    branches = prepared([one.scenario for one in plan.variants])
    each = weeks_to_run(branches) + plan.variants[0].scenario.weeks
    society = plan.variants[0].scenario.society
    told.started(each * len(seeds), f"assess: {society.citizens:_} citizens, {len(seeds)} seeds")
    done, records, failures = 0, [], []

    def week() -> None:
        nonlocal done
        done += 1
        told.week(done)
        if interruption.is_asked:
            raise _StoppedError

    interruption = Interruption(lambda: told.stage(STOPPING))
    try:
        with interruption:
            for place, seed in enumerate(seeds):
                told.stage(f"seed {place + 1} of {len(seeds)}, {len(branches)} variants")
                key = key_of(plan.variants, seed)
                known = shelf.get(key)
                try:
                    if known is None:
                        record = lived(plan.variants, branches, seed, week, workers=threads)
                        known = shelf.put(key, record)
                    records.append(known)
                except (ArithmeticError, ValueError, MemoryError) as error:
                    failures.append(f"seed {seed}: {type(error).__name__}: {error}")
                done = each * (place + 1)
                told.week(done)
    except _StoppedError:
        pass  # what was finished is told as such
    finally:
        told.finished()
    if not records:
        if failures:
            raise InputError(f"no seed could be run: {failures[0]}")
        raise KeyboardInterrupt
    return records, len(seeds) - len(records) - len(failures), failures
