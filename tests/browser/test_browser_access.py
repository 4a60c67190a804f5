"""The page for everyone: keyboard only, no serious finding of axe, nothing wider than a phone."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from conftest import DESK, PHONE

SMALL = "scheme=total-2020&citizens=4000&weeks=20&seed=5"
GRAVE = ("serious", "critical")


def _grave(page) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [
        f"{one['id']}: {node['html'][:160]}"
        for one in found if one["impact"] in GRAVE for node in one["nodes"]
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("size", "scheme"), [(DESK, "light"), (PHONE, "dark")], ids=["desk-light", "phone-dark"]
)
def test_axe_finds_nothing_serious_in_any_view(visit, size, scheme):
    visitor = visit(size, bypass_csp=True, color_scheme=scheme)
    page = visitor.open("view=tour&step=7")
    page.wait_for_selector(".options button")
    assert _grave(page) == []
    page.click("nav [data-view=claims]")
    page.wait_for_selector(".claim")
    assert _grave(page) == []
    page = visitor.open(f"view=lab&{SMALL}&pair=without%3Dlists")
    visitor.ended()
    page.click(".group:has([data-group=friends]) summary")
    page.evaluate("page.life.open(3)")
    page.wait_for_selector(".life h2")
    assert _grave(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
    page.click("nav [data-view=findings]")
    page.wait_for_selector(".report-chart svg path")
    page.wait_for_timeout(500)
    assert _grave(page) == []


def _tab_to(page, wanted: str, most: int = 90) -> None:
    for _ in range(most):
        page.keyboard.press("Tab")
        if page.evaluate(f"document.activeElement.matches({wanted!r})"):
            return
    pytest.fail(f"the keyboard never came to {wanted}")


def test_everything_can_be_done_by_keyboard(visit):
    visitor = visit()
    page = visitor.open("view=tour")
    _tab_to(page, "[data-view=lab]")
    page.keyboard.press("Enter")
    page.wait_for_selector(".setup .run")
    _tab_to(page, "#ask-weeks")
    page.keyboard.press("Control+A")
    page.keyboard.type("20")
    page.keyboard.press("Tab")
    page.wait_for_selector(".setup .run.due")
    _tab_to(page, ".setup .run")
    page.keyboard.press("Enter")
    visitor.ended()
    _tab_to(page, "[role=switch][aria-label*=Friends]", 120)
    page.keyboard.press("Space")
    page.wait_for_function("() => location.hash.includes('without=friends')")
    _tab_to(page, ".looks input", 120)
    page.keyboard.press("ArrowRight")
    assert page.evaluate("page.glass.look") == "tier"
    _tab_to(page, ".canvas")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowDown")
    heard = page.inner_text(".glass .unseen")
    assert heard.startswith("Citizen ")
    page.keyboard.press("Enter")
    page.wait_for_selector(".life h2:focus")
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.matches('.canvas')")
    week = page.evaluate("page.session.week")
    page.keyboard.press(",")
    assert page.evaluate("page.session.week") == max(0, week - 1)


def test_a_phone_sees_the_stage_and_opens_a_life(visit):
    visitor = visit(PHONE, has_touch=True, device_scale_factor=3)
    page = visitor.open(f"view=lab&{SMALL}")
    visitor.ended()
    visitor.shown(1)
    page.tap(".canvas")
    page.wait_for_selector(".life h2")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE[0]
