"""How soon a visitor sees the lab's page, and a living week after pressing the button.

Starts `glasstown lab` on two processors, opens the page in Chromium visit after visit, each with a
browser of its own and a society nobody asked for before, and prints milliseconds to the first paint
and from the button to the first week on the stage. It needs Chromium.

    python bench/lab/first_sight.py --visits 5
"""

from __future__ import annotations

import argparse
import contextlib
import json
import shutil
import statistics
import tempfile
import time
from urllib.error import URLError
from urllib.request import urlopen

from playwright.sync_api import Browser, sync_playwright
from visitors import opened

PAINT = "performance.getEntriesByName('first-contentful-paint')[0].startTime"
WEEK = "performance.getEntriesByName('first-week')"


def visit(browser: Browser, address: str, seed: int) -> dict[str, float]:
    """Return the milliseconds of one visit."""
    context = browser.new_context(viewport={"width": 1280, "height": 860})
    page = context.new_page()
    page.set_default_timeout(120_000)
    page.goto(f"{address}#view=lab")
    page.wait_for_selector(".setup .run")
    paint = page.evaluate(PAINT)
    page.fill("#ask-seed", str(seed))
    page.press("#ask-seed", "Enter")
    page.evaluate("performance.clearMarks(); window.pressed = performance.now()")
    page.click(".setup .run")
    page.wait_for_function(f"() => {WEEK}.length")
    week = page.evaluate(f"{WEEK}[0].startTime - pressed")
    context.close()
    return {"first_paint_ms": round(paint), "first_week_ms": round(week)}


def wait_until_ready(address: str) -> None:
    """Wait until the lab answers and its kernels are compiled."""
    for _ in range(600):
        with contextlib.suppress(URLError), urlopen(f"{address.rstrip('/')}/api/lab") as answer:
            if json.load(answer)["is_ready"]:
                return
        time.sleep(0.2)
    raise SystemExit(f"the lab at {address} is not ready after two minutes")


def main() -> None:
    """Visit, and print every visit and the medians."""
    given = argparse.ArgumentParser()
    given.add_argument("--visits", type=int, default=5)
    asked = given.parse_args()
    program = shutil.which("chromium")
    if program is None:
        raise SystemExit("there is no chromium here: apt-get install chromium")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        lab, address = opened(folder)
        try:
            wait_until_ready(address)
            browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
            visits = [visit(browser, address, 100 + i) for i in range(asked.visits)]
            browser.close()
        finally:
            lab.terminate()
            lab.wait(30)
    for one in visits:
        print(json.dumps(one))
    medians = {key: statistics.median(one[key] for one in visits) for key in visits[0]}
    print(json.dumps({"medians": medians}))


if __name__ == "__main__":
    main()
