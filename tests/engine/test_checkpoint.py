"""Checkpoints: the same bytes from any week, on any engine; whole or refused; no second copy."""

from __future__ import annotations

import errno
import json
import tracemalloc
from pathlib import Path

import numpy as np
import pytest
from countries import country, run, total
from engines_here import HERE, skip_unless_here
from harsh import harsh
from mechanism_cases import TOUCHY
from stages import Stage
from varied import GROUPS, Case

from glasstown.engine import checkpoint, streams
from glasstown.engine.checkpoint import HINTS, newest, restore, save
from glasstown.engine.country import Country
from glasstown.engine.engines import ENGINES
from glasstown.engine.world import CHANGING
from glasstown.errors import InputError

CASE = Case(
    "staged", harsh(), {
        "groups": GROUPS, **TOUCHY, "caution_from_loss": 4, "caution_from_ties": 0.5,
        "cut_above": 0.0, "cut_rate": 1.0, "mend_rate": 1.0, "caution_half_life_weeks": 4,
        "reflection_weeks": 2,
    }, weeks=12, sparks=(3, 8),
    stages=(Stage(4, "rongcheng-2014", zones=(0, 1)), Stage(7, "court-list", zones=(2,))),
)  # fmt: skip
"""Zones that get other schemes, a spark before and one after, groups, everything often."""
WEEKS = 12
AT = (0, 1, 4, 5, 8, 11)
"""Weeks of a checkpoint: before the first, and around the dates on which something changes."""


@pytest.fixture(scope="module")
def digests() -> list[str]:
    """Return the digest before the first week and after each."""
    made = CASE.country()
    return [made.digest(), *(made.digest() for _ in made.weeks(WEEKS))]


@pytest.fixture
def saved(tmp_path) -> Path:
    """Return a folder with a checkpoint of week 5."""
    _saved_at(5, tmp_path)
    return tmp_path


def _saved_at(week: int, folder: Path, engine: str = "cpu") -> Country:
    made = CASE.country(engine)
    for _ in made.weeks(week):
        pass
    save(made, folder, {"by": "a test"})
    return made


def _taken_up(folder: Path, engine: str = "cpu", workers: int = 1) -> Country:
    made, found = CASE.country(engine, workers), newest(folder)
    assert found is not None
    restore(made, found)
    return made


def _refused(folder: Path, words: str) -> None:
    with pytest.raises(InputError, match=words) as caught:
        _taken_up(folder)
    assert str(folder) in str(caught.value)
    assert "finished weeks" in str(caught.value)


def test_the_case_is_busy(digests) -> None:
    weekly = run(CASE.country(), WEEKS)
    for name in ("gathered", "exits_rollout", "ties_cut", "ties_mended", "misbooked", "denied"):
        assert total(weekly, name) > 0, name
    assert len(set(digests)) == WEEKS + 1


@pytest.mark.parametrize("week", AT)
def test_from_any_week_to_the_same_bytes(week, digests, tmp_path) -> None:
    _saved_at(week, tmp_path)
    made = _taken_up(tmp_path, workers=2)
    assert [made.digest(), *(made.digest() for _ in made.weeks(WEEKS - week))] == digests[week:]


@pytest.mark.parametrize("before", ENGINES)
def test_from_any_engine_to_any_other(before, digests, tmp_path) -> None:
    skip_unless_here(before)
    _saved_at(6, tmp_path, before)
    for after in HERE:
        made, weeks = _taken_up(tmp_path, after), 3 if after == "reference" else WEEKS - 6
        assert [made.digest() for _ in made.weeks(weeks)] == digests[7 : 7 + weeks], after


def test_what_changes_is_in_a_checkpoint() -> None:
    """A new field of the state that an engine writes must be added to one of the two lists."""
    for engine in HERE:
        made = CASE.country(engine)
        weeks = 6 if engine == "reference" else WEEKS
        before = {name: getattr(made.state, name).copy() for name in made.state._fields}
        for _ in made.weeks(weeks):
            pass
        held = [getattr(made.state, name) for name in CHANGING + HINTS]
        for name, was in before.items():
            field = getattr(made.state, name)
            if name != "chunks" and not np.array_equal(field, was):
                assert any(np.shares_memory(field, one) for one in held), name


def test_the_index_and_what_was_added(saved) -> None:
    found = newest(saved)
    assert found is not None
    assert (found.week, found.kept) == (5, {"by": "a test"})
    assert found.folder.name == "checkpoint-00005"
    assert {path.name for path in found.folder.iterdir()} == {
        "index.json", "stocks", "handed", *CHANGING, *HINTS,
    }  # fmt: skip
    assert newest(saved / "nowhere") is None


def test_a_newer_one_replaces_the_older(saved) -> None:
    made = _taken_up(saved)
    made.advance()
    (saved / ".checkpoint-00003-77").mkdir()
    save(made, saved, {})
    save(made, saved, {"again": 1})
    assert [path.name for path in saved.iterdir()] == ["checkpoint-00006"]
    assert newest(saved).kept == {"again": 1}


@pytest.mark.parametrize("name", [*CHANGING, *HINTS, "stocks", "handed"])
def test_every_column_is_guarded(name, saved) -> None:
    path = saved / "checkpoint-00005" / name
    whole = path.read_bytes()
    flipped = bytearray(whole)
    flipped[len(whole) // 2] ^= 1
    for damaged, words in (
        (bytes(flipped), f"{name} is damaged"), (whole[:-1], f"{name} is cut short"),
        (b"", f"{name} is cut short"), (whole + b"x", f"{name} is longer"),
    ):  # fmt: skip
        path.write_bytes(damaged)
        _refused(saved, words)
    path.unlink()
    _refused(saved, f"{name} can't be read: No such file")
    path.write_bytes(whole)
    assert _taken_up(saved).week == 5


def _index(folder: Path, *, is_signed: bool = True, **changed: object) -> None:
    """Change an index, and sign it again so that only the change is wrong."""
    path = folder / "checkpoint-00005" / "index.json"
    index = {**json.loads(path.read_text()), **changed}
    if is_signed:
        index["sha256"] = checkpoint._own_hash(index)
    path.write_text(json.dumps(index))


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"format": "an npm package"}, "not that of a checkpoint of Glasstown"),
        ({"layout": 99}, "its layout is 99, this Glasstown reads 1"),
        ({"sources": "0123456789abcdef", "glasstown": "0.0.7"}, "made by Glasstown 0.0.7"),
        ({"seed": 77}, "its seed is 77, the scenario's is 1"),
        ({"columns": {}}, "not this country's state"),
        ({"week": 6, "is_signed": False}, "the hash in it is not its own"),
    ],
)
def test_a_foreign_index(changed, words, saved) -> None:
    _index(saved, **changed)
    _refused(saved, words)


@pytest.mark.parametrize("text", [b"", b"{", b"[]", b"\xff\xfe\x00"])
def test_an_index_that_is_none(text, saved) -> None:
    (saved / "checkpoint-00005" / "index.json").write_bytes(text)
    _refused(saved, "its index")


def test_another_country(tmp_path) -> None:
    save(country("none", 1_000), tmp_path, {})
    found = newest(tmp_path)
    with pytest.raises(InputError, match=r"points is <i2.*it is of another country"):
        restore(country("none", 3_000), found)


@pytest.mark.parametrize("failing", [1, 4, 9])
def test_a_full_disk_leaves_the_older_one(failing, digests, saved, monkeypatch) -> None:
    write, count = checkpoint._write_column, []

    def writing(field, path):
        count.append(path)
        if len(count) == failing:
            path.write_bytes(b"half")
            raise OSError(errno.ENOSPC, "No space left on device")
        return write(field, path)

    made = _taken_up(saved)
    made.advance()
    monkeypatch.setattr(checkpoint, "_write_column", writing)
    with pytest.raises(OSError, match="No space left"):
        save(made, saved, {})
    assert [path.name for path in saved.iterdir()] == ["checkpoint-00005"]
    assert _taken_up(saved).digest() == digests[5]


def test_nothing_is_held_twice(tmp_path, monkeypatch) -> None:
    """A country of 3 million bytes is hashed, put down and taken up with 100,000 to spare."""
    monkeypatch.setattr(streams, "PIECE_BYTES", 1 << 16)
    made, other = country("total-2020", 200_000), country("total-2020", 200_000)
    size = sum(getattr(made.state, name).nbytes for name in CHANGING)
    assert size > 3_000_000
    for _ in made.weeks(2):
        pass
    tracemalloc.start()
    try:
        digest = made.digest()
        save(made, tmp_path, {})
        restore(other, newest(tmp_path))
        assert other.digest() == digest
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    # The worlds are built anew, and the sources are read to be hashed; the state is not copied.
    assert peak < size / 2, peak


def test_a_piece_that_does_not_lie_in_order_is_the_same_bytes() -> None:
    """The order of a column's bytes is not that of the memory: any layout gives the same hash."""
    numbers = np.arange(60, dtype=np.int16).reshape(4, 15)
    ordered, across = np.asfortranarray(numbers), np.ascontiguousarray(numbers)
    swapped = across.astype(">i2")
    assert streams.hash_of(ordered) == streams.hash_of(across) == streams.hash_of(swapped)
    assert streams.hash_of(ordered) != streams.hash_of(ordered.T)
    pieces = [streams.little(piece).tobytes() for piece in streams.pieces(across, 16)]
    assert len(pieces) == 8
    assert b"".join(pieces) == numbers.T.astype("<i2").tobytes()
