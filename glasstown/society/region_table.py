"""The table of regions: population, urban share, ages and internet use of each.

Regions are aggregates. A table of people, whatever its columns are called, is refused:
everyone in Glasstown is synthetic.
"""

from __future__ import annotations

import csv
import io
from importlib import resources
from typing import NoReturn

from pydantic import Field, model_validator

from glasstown.declaration import Declared, parameter
from glasstown.errors import DeclarationError, Problem, nearest_word
from glasstown.reading import read_text, validate
from glasstown.wording import listed, shortened

PACKAGED = "china-2020"
MAX_REGIONS = 64
AGGREGATES_ONLY = (
    "Glasstown takes region aggregates only, one row a region; it never takes records of people"
)
_PERSONAL = {
    "name", "first_name", "last_name", "full_name", "surname", "id", "id_number", "person",
    "person_id", "citizen", "citizen_id", "passport", "phone", "email", "address", "birth",
    "birthday", "birth_date", "date_of_birth", "age", "sex", "gender", "ethnicity", "religion",
    "face", "photo", "score", "username", "user_id", "account",
}  # fmt: skip

UNDER_18_PCT = 21.05
"""Share of the whole country under 18 (census 2020: 78.95 % are adults, FACTS 3)."""


class RegionRow(Declared):
    """One region of the synthetic country."""

    gb_code: int = parameter(unit="code", meaning="Code of the region.", ge=1, le=999_999_999)
    name_en: str = Field(min_length=1, max_length=60, description="Name of the region.")
    region4: str = Field(min_length=1, max_length=40, description="Larger part of the country.")
    population_2020: int = parameter(unit="persons", meaning="Population.", gt=0, le=2_000_000_000)
    urban_pct: float = parameter(unit="percent", meaning="Urban share.", ge=0, le=100)
    age60plus_pct: float = parameter(unit="percent", meaning="Share aged 60+.", ge=0, le=100)
    age65plus_pct: float = parameter(unit="percent", meaning="Share aged 65+.", ge=0, le=100)
    internet_2016_cnnic_pct: float = parameter(
        unit="percent", meaning="Share of internet users.", ge=0, le=100
    )
    under18_pct: float = parameter(
        UNDER_18_PCT,
        unit="percent",
        meaning="Share under 18, of which 0 to 14 make the same part as in the whole country.",
        source="census 2020 (FACTS 3); national, for want of one by region",
        confidence="derived",
        ge=0,
        le=60,
    )
    source: str = Field("", description="Where the row comes from.")
    confidence: str = Field("", description="How sure its numbers are.")

    @model_validator(mode="after")
    def _ages_are_nested(self) -> RegionRow:
        if self.age60plus_pct + self.under18_pct > 100:
            raise ValueError(
                f"age60plus_pct ({self.age60plus_pct:g}) and under18_pct"
                f" ({self.under18_pct:g}) exceed 100 together"
            )
        if self.age65plus_pct > self.age60plus_pct:
            raise ValueError(
                f"age65plus_pct ({self.age65plus_pct:g}) must not exceed"
                f" age60plus_pct ({self.age60plus_pct:g})"
            )
        return self


REQUIRED = tuple(name for name, field in RegionRow.model_fields.items() if field.is_required())
ALLOWED = tuple(RegionRow.model_fields)
_NUMBERS = {
    name: field.annotation
    for name, field in RegionRow.model_fields.items()
    if field.annotation in (int, float)
}


def read_region_table(given: str) -> list[RegionRow]:
    """Read a table of regions.

    Parameters
    ----------
    given : str
        ``china-2020``, or a path to a CSV file of the same columns.

    Returns
    -------
    list of RegionRow
        The regions, in the order of the table.

    Raises
    ------
    InputError
        The table can't be read or used; file, line and column are named.
    """
    if given == PACKAGED:
        text = (resources.files("glasstown.society") / "data" / "provinces.csv").read_text("utf-8")
        return parse_region_table(text, "provinces.csv (packaged)")
    if not given.endswith(".csv"):
        message = f"must be '{PACKAGED}' or a path to a .csv file, not {shortened(given)}"
        problem = Problem(
            "society.regions", shortened(given), message, None, nearest_word(given, [PACKAGED])
        )
        raise DeclarationError("regions", [problem])
    return parse_region_table(read_text(given), given)


def parse_region_table(text: str, file: str) -> list[RegionRow]:
    """Read the text of a table of regions; see `read_region_table`."""
    lines = _split(text, file)
    if not lines:
        _fail(file, "table", "the table is empty")
    header = [name.strip() for name in lines[0][1]]
    _check_header(header, file, lines[0][0])
    if len(lines) == 1:
        _fail(file, "table", "the table has no region, only column names", 1)
    if len(lines) > MAX_REGIONS + 1:
        count = f"{len(lines) - 1} rows, and at most {MAX_REGIONS} are allowed"
        _fail(file, "table", f"{count}; {AGGREGATES_ONLY}", lines[MAX_REGIONS + 1][0])
    rows = [_row(header, cells, line, file) for line, cells in lines[1:]]
    _check_codes(rows, [line for line, _ in lines[1:]], file)
    _check_percent(rows, file)
    return rows


def _split(text: str, file: str) -> list[tuple[int, list[str]]]:
    """Return the filled rows of a CSV text, each with its line."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        return [(reader.line_num, cells) for cells in reader if any(map(str.strip, cells))]
    except csv.Error as error:
        message = f"not readable as CSV: {error}; check the quotes"
    _fail(file, "table", message, reader.line_num)


def _fail(file: str, column: str, message: str, line: int | None = None) -> NoReturn:
    raise DeclarationError(file, [Problem(column, "", message, line)])


def _check_header(header: list[str], file: str, line: int) -> None:
    """Refuse unknown, missing and double columns, and columns that speak of people."""
    problems = []
    for name in header:
        if name.lower() in _PERSONAL:
            problems.append(Problem(name, name, f"no such column; {AGGREGATES_ONLY}", line))
        elif name not in ALLOWED:
            comma = " (columns are separated by commas)" if ";" in name or "\t" in name else ""
            message = f"no such column{comma}; allowed: {listed(ALLOWED)}"
            nearest = nearest_word(name, ALLOWED)
            problems.append(Problem(shortened(name), name, message, line, nearest))
        elif header.count(name) > 1:
            problems.append(Problem(name, name, "the column stands twice; keep one", line))
    for name in REQUIRED:
        if name not in header:
            message = f"the column is missing; needed: {listed(REQUIRED)}"
            problems.append(Problem(name, "nothing", message, line))
    if problems:
        raise DeclarationError(file, problems)


def _row(header: list[str], cells: list[str], line: int, file: str) -> RegionRow:
    """Turn one line of the table into a region."""
    if len(cells) != len(header):
        _fail(file, "row", f"has {len(cells)} cells, and there are {len(header)} columns", line)
    data = {name: _cell(name, text.strip()) for name, text in zip(header, cells, strict=True)}
    return validate(RegionRow, data, dict.fromkeys(("", *header), line), file)


def _cell(name: str, text: str) -> object:
    """Return a cell as the kind of number its column holds; else as text, to be refused."""
    kind = _NUMBERS.get(name)
    if kind is None:
        return text
    try:
        return int(text) if kind is int else float(text)
    except ValueError:
        return text or None


def _check_codes(rows: list[RegionRow], lines: list[int], file: str) -> None:
    """Refuse two regions of one code or one name."""
    for column in ("gb_code", "name_en"):
        first: dict[object, int] = {}
        for row, line in zip(rows, lines, strict=True):
            value = getattr(row, column)
            if value in first:
                message = f"{shortened(value)} stands twice, first in line {first[value]}"
                _fail(file, column, message, line)
            first[value] = line


def _check_percent(rows: list[RegionRow], file: str) -> None:
    """Refuse a column of shares where percentages are wanted."""
    for column in ("urban_pct", "age60plus_pct", "internet_2016_cnnic_pct"):
        values = [getattr(row, column) for row in rows]
        if 0 < max(values) <= 1:
            _fail(file, column, "is in percent, from 0 to 100; these look like shares of 1")
