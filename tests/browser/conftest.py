"""A lab on a free port, and Debian's browser: the page is tested as a visitor meets it."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

DESK, PHONE = (1280, 860), (390, 844)
QUIET = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--no-first-run",
)  # fmt: skip
EXPECTED = ("409 (Conflict)", "404 (Not Found)", "422 (Unprocessable", "429 (Too Many")
"""What the browser writes down of refusals that the page is meant to meet."""


@pytest.fixture(scope="session")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Start the lab as a user does, and return its address."""
    runs = tmp_path_factory.mktemp("runs")
    command = [sys.executable, "-u", "-m", "glasstown.surfaces.cli", "lab", "--port", "0"]
    command += ["--most-weeks", "1000", "--most-citizens", "1000000"]
    server = subprocess.Popen(
        [*command, "--runs", str(runs)], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    assert server.stdout is not None
    said = ""
    for line in server.stdout:
        said += line
        if at := re.search(r"http://127\.0\.0\.1:\d+/", line):
            break
    else:
        pytest.fail(f"the lab did not start: {said}")
    _answers(at.group(0))
    yield at.group(0)
    server.terminate()
    server.wait(30)
    server.stdout.close()


def _answers(address: str) -> None:
    """Wait until the lab takes connections: it says its address a moment before."""
    for _ in range(300):
        try:
            with urlopen(address):
                return
        except URLError:
            time.sleep(0.1)
    pytest.fail(f"nobody answers at {address}")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    program = shutil.which("chromium")
    if program is None:
        pytest.fail("there is no chromium here: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=list(QUIET))
        yield browser
        browser.close()


class Visit:
    """A visitor with a browser of its own, and what went wrong in it."""

    def __init__(self, context: BrowserContext, lab: str) -> None:
        self.lab, self.context, self.errors = lab, context, []
        self.page: Page = context.new_page()
        self.page.set_default_timeout(120_000)
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("console", self._told)
        self.page.on("request", self._asked)
        self.posted: list[str] = []

    def _told(self, message) -> None:
        if message.type == "error" and not any(one in message.text for one in EXPECTED):
            self.errors.append(message.text)

    def _asked(self, request) -> None:
        assert request.url.startswith((self.lab, "blob:", "data:")), request.url
        if request.method == "POST":
            self.posted.append(request.url.removeprefix(self.lab))

    def open(self, fragment: str = "") -> Page:
        self.page.goto(f"{self.lab}#{fragment}")
        self.page.wait_for_selector("nav [aria-current=page]")
        return self.page

    def shown(self, least: int = 1) -> None:
        """Wait until a week is on the stage."""
        there = f"({{session}}) => session.has(session.week) && session.week >= {least}"
        self.page.wait_for_function(f"() => window.page && ({there})(window.page)")

    def ended(self) -> list[str]:
        """Wait until all worlds are computed, and return their digests."""
        is_over = "page.setup.isCurrent && page.session.worlds.every(one => one.run.digest)"
        self.page.wait_for_function(f"() => window.page?.session.worlds.length && {is_over}")
        return self.page.evaluate("page.session.worlds.map(one => one.run.digest)")


@pytest.fixture
def visit(browser: Browser, lab: str) -> Iterator[Callable[..., Visit]]:
    """Return a function that lets a new visitor come; at the end nothing may have gone wrong."""
    visits: list[Visit] = []

    def come(size: tuple[int, int] = DESK, **settings) -> Visit:
        width, height = size
        context = browser.new_context(viewport={"width": width, "height": height}, **settings)
        visits.append(Visit(context, lab))
        return visits[-1]

    yield come
    for one in visits:
        one.context.close()
    assert [one.errors for one in visits] == [[] for _ in visits]
