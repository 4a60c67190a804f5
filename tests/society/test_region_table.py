"""The region table: the packaged one against the census, and a table of one's own."""

from pathlib import Path

import pytest

from glasstown.errors import InputError
from glasstown.society.region_table import REQUIRED, parse_region_table, read_region_table

HEADER = ",".join(REQUIRED)
ROW = "1,Ash,East,100000,60,20,15,50"


def test_the_packaged_table_is_the_census() -> None:
    rows = read_region_table("china-2020")
    assert len(rows) == 31
    people = sum(row.population_2020 for row in rows)
    assert people == 1_409_778_724  # NBS Census Communique No. 3, sum of 31 provinces
    urban = sum(row.urban_pct * row.population_2020 for row in rows) / people
    assert urban == pytest.approx(63.89, abs=0.1)  # national share, which counts servicemen too
    old = sum(row.age60plus_pct * row.population_2020 for row in rows) / people
    assert old == pytest.approx(18.70, abs=0.1)
    regions = {row.region4: 0 for row in rows}
    for row in rows:
        regions[row.region4] += row.population_2020
    assert regions == {
        "East": 563_717_119, "Central": 364_694_362, "West": 382_852_295, "Northeast": 98_514_948,
    }  # fmt: skip


def test_every_packaged_row_has_its_source() -> None:
    rows = read_region_table("china-2020")
    assert all("Communique No. 3" in row.source for row in rows)
    assert all("population seen" in row.confidence for row in rows)
    assert sum("ages seen" in row.confidence for row in rows) == 7


def test_a_table_of_ones_own(tmp_path: Path) -> None:
    path = tmp_path / "mine.csv"
    path.write_text(f"{HEADER},source\n{ROW},me\n\n2,Birch,West,5,0,0,0,0,\n", "utf-8")
    ash, birch = read_region_table(str(path))
    assert (ash.name_en, ash.population_2020, ash.source) == ("Ash", 100_000, "me")
    assert birch.urban_pct == 0


def test_columns_in_any_order() -> None:
    names, cells = HEADER.split(","), ROW.split(",")
    text = ",".join(reversed(names)) + "\n" + ",".join(reversed(cells)) + "\n"
    assert parse_region_table(text, "t") == parse_region_table(f"{HEADER}\n{ROW}\n", "t")


def test_sixty_four_regions_and_no_more() -> None:
    rows = [f"{code},R{code},East,1000,60,20,15,50" for code in range(1, 66)]
    assert len(parse_region_table("\n".join([HEADER, *rows[:64]]), "t")) == 64
    with pytest.raises(InputError, match=r"line 66: table: 65 rows.*region aggregates only"):
        parse_region_table("\n".join([HEADER, *rows]), "t")


@pytest.mark.parametrize("column", ["id", "Name", "person", "PHONE", "gender"])
def test_people_are_refused(column: str) -> None:
    with pytest.raises(InputError, match="never takes records of people"):
        parse_region_table(f"{HEADER},{column}\n{ROW},x\n", "t")


def test_the_line_counts_lines_within_quotes() -> None:
    text = f'{HEADER}\n1,"A\nsh",East,100000,60,20,15,50\n2,B,East,x,60,20,15,50\n'
    with pytest.raises(InputError, match="line 4: population_2020"):
        parse_region_table(text, "t")


@pytest.mark.parametrize("given", ["china2020", "regions.xlsx", ""])
def test_what_is_no_table(given: str) -> None:
    with pytest.raises(InputError, match=r"'china-2020' or a path to a \.csv file"):
        read_region_table(given)


def test_a_table_saved_with_a_byte_order_mark(tmp_path: Path) -> None:
    path = tmp_path / "mine.csv"
    path.write_text(f"{HEADER}\r\n{ROW}\r\n", "utf-8-sig")
    assert read_region_table(str(path))[0].gb_code == 1
