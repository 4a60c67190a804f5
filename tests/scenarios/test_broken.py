"""Every broken file is refused in words: what, where, what is allowed, what is nearest."""

import traceback
from pathlib import Path

import pytest

from glasstown.errors import InputError
from glasstown.lab.scenario import load_scenario
from glasstown.scheme.loading import load_scheme
from glasstown.society.region_table import read_region_table

FOLDER = Path(__file__).parent / "broken"
FILES = sorted(FOLDER.iterdir())
SCHEME_FILES = {"from_itself_scheme.yaml", "own_scheme_wrong.yaml"}
EXPECT = "# expect: "


def expected(file: Path) -> list[str]:
    rows = file.read_bytes().decode("latin-1").splitlines()
    return [row.removeprefix(EXPECT) for row in rows if row.startswith(EXPECT)]


def load(file: Path, folder: Path) -> None:
    """Load a broken file by what it is; a table's comment lines are not part of the table."""
    if file.suffix == ".csv":
        rows = file.read_bytes().splitlines(keepends=True)
        table = folder / file.name
        table.write_bytes(b"".join(row for row in rows if not row.startswith(EXPECT.encode())))
        read_region_table(str(table))
    elif file.name in SCHEME_FILES:
        load_scheme(file)
    else:
        load_scenario(file)


def test_there_are_enough() -> None:
    assert len(FILES) >= 30


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_a_broken_file_is_refused_in_words(file: Path, tmp_path: Path) -> None:
    phrases = expected(file)
    assert len(phrases) >= 2
    with pytest.raises(InputError) as caught:
        load(file, tmp_path)
    message = str(caught.value)
    for phrase in phrases:
        assert phrase in message
    for word in ("Traceback", "pydantic", "Input should", "Value error", "type="):
        assert word not in message
    assert all(one.isprintable() or one == "\n" for one in message)
    told = "".join(traceback.format_exception(caught.value))
    assert "During handling" not in told
