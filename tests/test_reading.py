"""Reading: lines of keys, numbers as people write them, and files that can't be read."""

import random
from datetime import date
from pathlib import Path
from typing import Literal

import pytest
from pydantic import Field

from glasstown.declaration import Declared, parameter
from glasstown.errors import DeclarationError, InputError
from glasstown.reading import MAX_BYTES, MAX_VALUES, parse, read_document, read_text, validate
from glasstown.wording import described, line_of

TEXT = """# a comment
a: 1
b:
  - c: x
    d: {e: 2.5}
  - 2014-01-01
f: 1_000
g: 1e6
h: 2.5e-3
i: null
"""


class Inner(Declared):
    size: int = parameter(unit="cats", meaning="How many cats.", ge=1, le=5)


class Outer(Declared):
    inner: Inner
    many: dict[str, Inner] = Field(default_factory=dict)
    some: list[Inner] = Field(default_factory=list)
    step: Literal[1, 2, 4, 8] = 4
    rate: float | None = parameter(None, unit="per week", meaning="Rate.", gt=0, lt=1)


def problems(text: str) -> dict[str, tuple[int | None, str, str | None]]:
    document = parse(text, "f.yaml")
    with pytest.raises(DeclarationError) as caught:
        validate(Outer, document.data, document.lines, document.file)
    assert caught.value.file == "f.yaml"
    return {one.key: (one.line, one.message, one.nearest) for one in caught.value.problems}


def test_data_and_lines_of_keys() -> None:
    document = parse(TEXT, "f.yaml")
    assert document.data == {
        "a": 1, "b": [{"c": "x", "d": {"e": 2.5}}, date(2014, 1, 1)],
        "f": 1000, "g": 1_000_000, "h": 0.0025, "i": None,
    }  # fmt: skip
    assert isinstance(document.data["g"], int)
    lines = document.lines
    assert (lines["a"], lines["b"], lines["b[0].c"], lines["b[0].d.e"]) == (2, 3, 4, 5)
    assert (lines["b[1]"], lines["f"]) == (6, 7)


def test_the_line_of_an_absent_key_is_that_of_the_nearest_above() -> None:
    lines = {"": 1, "a": 2, "a.b[0]": 5}
    assert line_of("a.b[0].c.d", lines) == 5
    assert line_of("a.x", lines) == 2
    assert line_of("z[3]", lines) == 1
    assert line_of("z", {}) is None


def test_text_in_quotes_stays_text() -> None:
    assert parse('a: "1e6"\nb: "010"\n', "f").data == {"a": "1e6", "b": "010"}


def test_every_problem_is_told_at_once_in_the_order_of_the_file() -> None:
    size = "must be a whole number from 1 to 5 (unit: cats), not 9"
    found = problems("inner: {size: 9}\nrates: 3\nsome:\n  - {}\n  - {size: 1.5}\n")
    assert list(found) == ["inner.size", "rates", "some[0].size", "some[1].size"]
    assert found["inner.size"] == (1, size, None)
    assert found["rates"][0] == 2
    assert found["rates"][2] == "rate"
    assert found["some[0].size"][0] == 4
    assert "is missing" in found["some[0].size"][1]
    assert "How many cats." in found["some[0].size"][1]


def test_a_missing_key_is_told_at_its_parent() -> None:
    line, message, _ = problems("rate: 0.5\nmany:\n  a: {size: 1}\n  b: {}\ninner: {size: 2}\n")[
        "many.b.size"
    ]
    assert line == 4
    assert message.startswith("is missing")


def test_range_and_unit_of_an_optional_number() -> None:
    _, message, _ = problems("inner: {size: 1}\nrate: 1\n")["rate"]
    assert message == "must be a number more than 0 and below 1 (unit: per week), not 1"


def test_the_nearest_of_allowed_numbers() -> None:
    assert problems("inner: {size: 1}\nstep: 7\n")["step"] == (
        2, "must be one of: 1, 2, 4, 8, not 7", "8",
    )  # fmt: skip


def test_the_allowed_keys_are_listed() -> None:
    _, message, _ = problems("inner: {size: 1}\nxyz: 1\n")["xyz"]
    assert message.endswith("allowed: inner, many, some, step, rate")


def test_a_valid_declaration_passes() -> None:
    outer = validate(Outer, {"inner": {"size": 2}, "rate": 0.5}, {}, "f")
    assert outer.inner.size == 2
    assert outer.rate == 0.5


def test_no_control_character_reaches_a_terminal() -> None:
    document = parse('inner: {size: "\\e[31mred"}\n"\\e[2Jx": 1\n', "f.yaml")
    with pytest.raises(DeclarationError) as caught:
        validate(Outer, document.data, document.lines, document.file)
    assert "\x1b" not in str(caught.value)
    assert "?[31mred" in str(caught.value)


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"", "the file is empty"),
        (b"  \n# only this\n", "the file is empty"),
        (b"a: 1\n\xff\xfe", "line 2: text: byte 0xff is not UTF-8"),
        ("a: 1\n".encode("utf-16"), "binary or UTF-16"),
        (b"\x89PNG\r\n\x1a\n\0\0", "binary"),
        (b"a" * (MAX_BYTES + 1), "larger than 4 MiB"),
        (b"a: !!set {x}\n", "tags such as"),
    ],
)
def test_a_file_that_is_no_plain_text(tmp_path: Path, raw: bytes, words: str) -> None:
    path = tmp_path / "f.yaml"
    path.write_bytes(raw)
    with pytest.raises(InputError, match=r"f\.yaml") as caught:
        read_document(path)
    assert words in str(caught.value)


def test_a_file_of_too_many_values() -> None:
    rows = "".join(f"  - {index}\n" for index in range(MAX_VALUES))
    with pytest.raises(InputError, match="holds more than 100_000 keys and values"):
        parse(f"a:\n{rows}", "f.yaml")


def test_a_byte_order_mark_is_no_part_of_the_text(tmp_path: Path) -> None:
    path = tmp_path / "f.yaml"
    path.write_bytes(b"\xef\xbb\xbfa: 1\r\nb: 2\r\n")
    assert read_document(path).data == {"a": 1, "b": 2}


def test_a_missing_file_names_the_nearest(tmp_path: Path) -> None:
    (tmp_path / "scenario.yaml").write_text("a: 1")
    with pytest.raises(InputError, match=r"no such file.* Did you mean '.*scenario\.yaml'"):
        read_text(tmp_path / "scenaro.yaml")


@pytest.mark.parametrize("name", ["x" * 5000, "a\0b", "no/such/folder/f.yaml"])
def test_a_name_that_is_no_file(name: str) -> None:
    with pytest.raises(InputError) as caught:
        read_text(name)
    assert len(str(caught.value)) < 300


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="is a folder"):
        read_text(tmp_path)


def refusal(text: str) -> str:
    """Return what is said of a text, or nothing where it can be read."""
    try:
        parse(text, "f.yaml")
    except InputError as error:
        return str(error)
    return ""


def test_no_damage_to_a_file_ends_in_anything_but_an_input_error() -> None:
    luck = random.Random(7)
    refusals = []
    for _ in range(300):
        text = list(TEXT)
        for _ in range(luck.randint(1, 4)):
            spot = luck.randrange(len(text))
            text[spot : spot + luck.randint(0, 3)] = luck.choice("\t\n :-[]{}&*!|>'\"%@`#,?\x07<")
        refusals.append(refusal("".join(text)))
    refused = [one for one in refusals if one]
    assert 30 < len(refused) < 300
    assert all("f.yaml: line " in one for one in refused)


def test_a_range_is_written_as_it_can_be_copied() -> None:
    assert described({"type": "integer", "minimum": 1000, "maximum": 2_000_000_000}) == (
        "a whole number from 1000 to 2_000_000_000"
    )
    assert described({"type": "number", "minimum": 0.05}) == "a number at least 0.05"
