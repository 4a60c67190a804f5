"""Every word that the page asks for stands in the file of words; nothing comes from elsewhere."""

from __future__ import annotations

import json
import re
from pathlib import Path

import glasstown
from glasstown.engine.measures import CAUSES
from glasstown.scheme.mechanisms import MECHANISM_NAMES
from glasstown.society.traits import AGE_BANDS, OCCUPATIONS

PAGE = Path(glasstown.__file__).parent / "surfaces" / "lab" / "page"
WORDS = json.loads((PAGE / "words.en.json").read_text("utf-8"))
SCRIPTS = {path.name: path.read_text("utf-8") for path in PAGE.glob("*.js")}


def _at(key: str):
    here = WORDS
    for part in key.split("."):
        here = here.get(part) if isinstance(here, dict) else None
    return here


def _asked() -> set[str]:
    text = "\n".join(SCRIPTS.values())
    keys = set(re.findall(r"""\bt\("([\w.]+)\"""", text))
    keys |= {f"{key}.other" for key in re.findall(r"""\btn\("([\w.]+)\"""", text)}
    page = (PAGE / "index.html").read_text("utf-8")
    return keys | set(re.findall(r'data-t(?:-label)?="([\w.]+)"', page))


def test_every_word_that_is_asked_for_is_there():
    asked = _asked()
    assert len(asked) > 80
    assert [key for key in sorted(asked) if not isinstance(_at(key), str)] == []


def test_names_of_the_simulation_have_words():
    assert [one for one in MECHANISM_NAMES if one not in WORDS["mechanisms"]] == []
    assert [one for one in CAUSES if one not in WORDS["causes"]] == []
    assert [one for one in AGE_BANDS if one not in WORDS["age_bands"]] == []
    assert [one for one in OCCUPATIONS if one not in WORDS["occupations"]] == []
    assert len(WORDS["ages"]) == len(AGE_BANDS)


def test_every_step_of_the_tour_says_all_it_needs():
    keys = re.findall(r'^    key: "(\w+)"', SCRIPTS["steps.js"], re.MULTILINE)
    assert keys == list(WORDS["tour"]["steps"])
    needed = {"title", "text", "question", "option", "answer", "after"}
    pattern = r'^    key: "(\w+)"(?:(?!key:).)*is_strong'
    strong = re.findall(pattern, SCRIPTS["steps.js"], re.MULTILINE | re.DOTALL)
    assert strong
    for key in keys:
        more = {"after_weak"} if key in strong else set()
        assert set(WORDS["tour"]["steps"][key]) == needed | more, key


def test_no_script_is_inline_and_nothing_comes_from_elsewhere():
    page = (PAGE / "index.html").read_text("utf-8")
    assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\bstyle=|\bon\w+=", page)
    everything = [page, *SCRIPTS.values(), *(one.read_text() for one in PAGE.glob("*.css"))]
    for text in everything:
        outside = set(re.findall(r"https?://[\w./]+", text)) - {"http://www.w3.org/2000/svg"}
        assert outside == set()
        assert not re.search(r"innerHTML|\beval\(", text)


def test_the_notice_stands_on_the_page_even_without_scripts():
    assert "A synthetic society, not a prediction." in (PAGE / "index.html").read_text("utf-8")
