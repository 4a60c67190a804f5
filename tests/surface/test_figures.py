"""Every page shows a chart by one macro: its finding, its drawing, its numbers one click away."""

from __future__ import annotations

import re
from importlib.resources import files

import pytest

TEMPLATES = files("glasstown.surfaces") / "templates"
PAGES = ("report", "validation", "trace", "assessment", "safeguards", "comparison", "explanation")


@pytest.mark.parametrize("page", PAGES)
def test_a_page_shows_its_charts_by_the_shared_macro(page):
    text = (TEMPLATES / f"{page}.html.j2").read_text("utf-8")
    assert '{% from "figure.html.j2" import figure_of %}' in text
    assert "{{ figure_of(figure) }}" in text


def test_no_other_template_links_to_numbers_by_itself():
    for one in TEMPLATES.iterdir():
        if one.name == "figure.html.j2":
            continue
        text = one.read_text("utf-8")
        assert not re.search(r"\.csv\"", text), one.name
        if "figure.wide" in text or ".drawing }}" in text:
            assert "save_as_csv(" in text, one.name
