"""Every page at a real browser: readable by everybody, in both directions, on a small telephone, on a bad line."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Response
from playwright.sync_api import Browser, BrowserContext, CDPSession, Page

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "console"))

from console_rights import Control, endpoint_of, rules
from console_visits import NOBODY, NOT_PAGES, VISITS
from story_browser import keep_picture
from story_pages import Furnished, furnished

MOST_BYTES = 100_000
WIDTHS = (1100, 360)
LANGUAGES = {"en": "ltr", "ar": "rtl"}
GRAVE = ("serious", "critical")
RUN_TOGETHER = re.compile(r"[a-z]{3}[.!?][A-Z][a-z]")
"""Two sentences with no space between them, as where two pieces of a page meet."""

AXE = """axe.run(document, {resultTypes: ['violations']})
  .then(found => found.violations.map(one => [one.id, one.impact]))"""


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Furnished]:
    with furnished(tmp_path_factory.mktemp("site")) as running:
        yield running


class Watcher:
    """What a page asks for, how much of it comes, and what the browser complains of."""

    def __init__(self, page: Page, site: str) -> None:
        self.page, self.site = page, site
        self.asked: list[str] = []
        self.complaints: list[str] = []
        self.bytes = 0.0
        page.on("request", lambda request: self.asked.append(request.url))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", lambda said: self.complaints.append(f"{said.type}: {said.text}"))
        self.wires: CDPSession = page.context.new_cdp_session(page)
        self.wires.send("Network.enable")
        self.wires.send("Network.setCacheDisabled", {"cacheDisabled": True})
        self.wires.on("Network.loadingFinished", self._came)

    def _came(self, said: dict[str, Any]) -> None:
        self.bytes += said["encodedDataLength"]

    def visit(self, path: str) -> int:
        """Open a page as if for the first time; the status of the answer."""
        self.asked.clear()
        self.complaints.clear()
        self.bytes = 0
        answer = self.page.goto(self.site + path)
        assert answer is not None
        return answer.status

    def wrong(self, direction: str) -> list[str]:
        """Everything that is wrong with the page that is open, at each width."""
        found = [f"complains: {said}" for said in self.complaints]
        found += [f"asks {url}" for url in self.asked if not url.startswith(self.site)]
        if not 0 < self.bytes <= MOST_BYTES:
            found.append(f"weighs {self.bytes:.0f} bytes")
        if self.page.evaluate("document.dir") != direction:
            found.append("runs in the other direction")
        if self.page.locator("h1").count() != 1:
            found.append("has no single heading")
        if direction == "ltr" and (met := RUN_TOGETHER.search(self.page.inner_text("main"))):
            found.append(f"runs sentences together: {met[0]}")
        self.page.evaluate(Axe().axe_script)
        for width in WIDTHS:
            self.page.set_viewport_size({"width": width, "height": 800})
            if (over := self.page.evaluate("document.documentElement.scrollWidth - innerWidth")) > 0:
                found.append(f"is {over} too wide at {width}")
            found += [
                f"axe: {name} at {width}" for name, impact in self.page.evaluate(AXE) if impact in GRAVE
            ]
        return found


def browsing(chromium: Browser, desk: Furnished, who: str, lang: str) -> BrowserContext:
    context = chromium.new_context(locale=lang)
    context.add_cookies(desk.cookies(who))
    return context


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_page_is_accessible_small_and_fits_in_both_directions(
    lang: str, desk: Furnished, chromium: Browser
) -> None:
    wrong: dict[str, list[str]] = {}
    for who in sorted({who for visits in VISITS.values() for who, _ in visits}):
        context = browsing(chromium, desk, who, lang)
        watcher = Watcher(context.new_page(), desk.site.url)
        for endpoint, visits in VISITS.items():
            for path in (path for whose, path in visits if whose == who):
                at = desk.address(path)
                found = [] if watcher.visit(at) == 200 else ["is not there"]
                here = watcher.page.url.removeprefix(desk.site.url)
                if endpoint_of(desk.site.pages.app, Control("GET", here)) != endpoint:
                    found.append(f"leads to {here}")
                found += watcher.wrong(LANGUAGES[lang])
                keep_picture(watcher.page, f"pages-{lang}-{who}-{re.sub('[^a-z0-9P]+', '-', path.lower())}")
                if found:
                    wrong[f"{who} {path}"] = found
        context.close()
    assert wrong == {}


def pages_of(desk: Furnished) -> set[str]:
    return {rule.endpoint for rule in rules(desk.site.pages.app) if "GET" in (rule.methods or ())}


def test_every_page_is_visited(desk: Furnished) -> None:
    assert pages_of(desk) == set(VISITS) | set(NOT_PAGES)


def test_a_page_that_is_not_visited_is_noticed(desk: Furnished) -> None:
    assert pages_of(desk) | {"post.forgotten"} != set(VISITS) | set(NOT_PAGES)


LAX = {"Content-Security-Policy": "default-src * 'unsafe-inline'"}
BAD = """<!doctype html><html dir="rtl"><meta name="viewport" content="width=device-width"><title>x</title>
<main><p>Well done.Then go on.</p><img src="https://outside.example/x.png"><input>
<div style="width: 1200px">wide</div><script>console.error("oh")</script></main>"""


def test_whatever_is_wrong_with_a_page_is_noticed(
    desk: Furnished, chromium: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    heavy = f"{BAD}<p hidden>{'x' * MOST_BYTES}</p>"
    monkeypatch.setitem(
        desk.site.pages.app.view_functions, "sign_in.away", lambda: Response(heavy, headers=LAX)
    )
    context = browsing(chromium, desk, NOBODY, "en")
    watcher = Watcher(context.new_page(), desk.site.url)
    assert watcher.visit("/sign-in/away") == 200
    found = " ".join(watcher.wrong("ltr"))
    context.close()
    for noticed in (
        "complains: error: oh",
        "asks https://outside.example/x.png",
        "weighs 1",
        "runs in the other direction",
        "has no single heading",
        "runs sentences together: one.Th",
        "axe: image-alt at 1100",
        "too wide at 1100",
        "too wide at 360",
    ):
        assert noticed in found, noticed
