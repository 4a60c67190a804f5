"""Documents in a real browser: the page of tested claims, and a dossier made, stopped and read."""

from __future__ import annotations

import json
from urllib.request import urlopen

import yaml
from test_browser_access import _grave

SMALL = "view=findings&scheme=court-list&citizens=4000&weeks=6&seed=5&scheme.appeal.rate=0.6"


def _styled(page) -> tuple[int, str]:
    """Return how many charts a document shows, and how wide its text may be."""
    return page.locator("svg:visible").count(), page.evaluate(
        "getComputedStyle(document.body).margin"
    )


def test_claims_come_with_verdicts_and_their_page(visit, lab):
    visitor = visit()
    page = visitor.open("view=claims")
    page.wait_for_selector(".claim .came")
    with urlopen(f"{lab}api/claims") as answer:
        told = json.load(answer)
    assert page.inner_text(".claims code") == told["command"]
    by_name = {one["name"]: one for one in told["claims"]}
    for card in page.locator(".claim").all():
        one = by_name[card.get_attribute("data-claim")]
        assert one["result"]["verdict"] in card.locator(".came strong").inner_text()
        assert one["sentence"] in card.inner_text()
    assert _grave(page) == []
    with page.expect_popup() as opened:
        page.click(".claims a.open")
    document = opened.value
    document.wait_for_load_state()
    assert document.url == f"{lab}claims"
    charts, margin = _styled(document)
    assert charts > 10
    assert margin == "0px"
    assert document.locator("article").count() == len(told["claims"])


def test_a_dossier_is_made_found_after_a_reload_stopped_and_read(visit, lab):
    visitor = visit()
    page = visitor.open(SMALL)
    page.wait_for_selector(".dossier .make")
    assert page.inner_text(".dossier > .soft").endswith("with one change.")
    assert page.input_value("#dossier-citizens") == "4000"
    page.fill("#dossier-seeds", "8")
    page.fill("#dossier-weeks", "400")
    page.click(".dossier .make")
    page.wait_for_selector(".dossier progress:visible")
    page.reload()
    page.wait_for_selector(".dossier progress:visible")
    assert page.input_value("#dossier-weeks") == "400"
    page.wait_for_function("() => page.dossier.dossier?.weeks_done > 0")
    page.click(".dossier .make")
    page.wait_for_function("() => page.dossier.dossier?.state === 'cancelled'")
    page.wait_for_selector(".dossier .state:has-text('Stopped')")
    assert page.is_hidden(".dossier a.open")
    page.fill("#dossier-seeds", "2")
    page.fill("#dossier-weeks", "6")
    page.click(".dossier .make")
    page.wait_for_selector(".dossier a.open")
    assert _grave(page) == []
    assert visitor.posted.count("api/dossiers") == 2
    visitor.ended()
    with page.expect_download() as download:
        page.click(".findings .links button:has-text('scenario')")
    scenario = yaml.safe_load(download.value.path().read_text())
    assert scenario["scheme"]["appeal"]["rate"] == 0.6
    with page.expect_popup() as opened:
        page.click(".dossier a.open")
    document = opened.value
    document.wait_for_load_state()
    charts, margin = _styled(document)
    assert charts >= 1
    assert margin == "0px"
    assert "not a prediction" in document.inner_text("body")
    assert "--weeks 6 --seeds 2 --seed 5" in document.inner_text("body")
