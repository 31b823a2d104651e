"""A report of three hundred words is reviewed and approved in two minutes, counted in keys, clicks and words.

No clock is looked at: what a hand and an eye have to do is counted, and each has its price.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "console"))

from builders import finds, make_draft
from console_builders import Served, served
from console_reviewing import hold
from story_browser import keep_picture
from story_desk import Clock, Hub, Seat, sit_down

from partners.invitations import invite, link

KEY, CLICK, WORD = 0.3, 1.2, 0.2
"""Seconds of somebody who types forty words a minute, points with a mouse, and reads three hundred a minute."""
TWO_MINUTES = 120

FOUND = ("Ioana Popescu", "Oradea", "Mihaela", "Foggia", "Dorel Vasile", "Szeged", "Milan", "0740 000 213")
MISSED = ("Zamfira", "Brnovec")
DOUBTS = ("unique_person", "relative_date", "initials")
REST = "nobody was paid and nobody could leave the place where they slept"
FILLER = "and it was said that they had to work from early until late for nothing at all on that farm"


def narrative() -> str:
    """Three hundred words, in which eight things are found and two are missed."""
    told = [f"{one} came up again, {FILLER}." for one in (*FOUND, *MISSED)]
    words = " ".join((*told, *[REST] * 20)).split()
    return " ".join(words[:300])


@pytest.fixture(scope="module")
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, clock: Clock) -> Iterator[Served]:
    with served(tmp_path_factory.mktemp("site"), clock=clock, worker=False, examine=finds(*FOUND)) as running:
        pages = running.pages
        pages.world.circle("danube", pages.actor("caseworker"), pages.actor("caseworker", "hotline"))
        yield running


@dataclass
class Hands:
    """A person's hands and eyes, and what they have cost."""

    page: Page
    clicks: int = 0
    keys: int = 0
    words: int = 0

    def click(self, what: Locator, times: int = 1) -> None:
        """Press with the mouse, once or twice; whatever that leads to is waited for."""
        self.clicks += times
        what.click(click_count=times)
        self.page.wait_for_load_state()

    def press(self, *keys: str) -> None:
        """Press keys."""
        self.keys += len(keys)
        for key in keys:
            self.page.keyboard.press(key)

    def read(self, what: Locator) -> None:
        """Read every word."""
        self.words += len(what.inner_text().split())

    @property
    def seconds(self) -> float:
        """What all of it takes."""
        return self.keys * KEY + self.clicks * CLICK + self.words * WORD


def posted(site: Served) -> UUID:
    """The report, held by doubts."""
    pages = site.pages
    report = pages.world.post(make_draft(narrative=narrative()), pages.actor("caseworker"))
    for code in DOUBTS:
        hold(pages, report, code)
    return report


def at_her_desk(site: Served, clock: Clock, chromium: Browser) -> Seat:
    """An approver who has signed in some time ago, with an authenticator app."""
    pages = site.pages
    seat = sit_down(Hub(Path(), site.url, clock), "shelter", "approver", chromium=chromium)
    with pages.desk.sessions.begin() as session:
        word = invite(session, pages.member("approver"), at=clock(), by="test")
    seat.enrol(link(word, pages.desk.settings))
    seat.take_code()
    clock.forward(minutes=6)
    return seat


def test_a_report_of_three_hundred_words_is_reviewed_in_two_minutes(
    site: Served, clock: Clock, chromium: Browser
) -> None:
    assert len(narrative().split()) == 300
    report = posted(site)
    seat = at_her_desk(site, clock, chromium)
    page, hands = seat.page, Hands(seat.page)
    hands.click(page.get_by_role("link", name="Reports to look at"))
    hands.click(page.locator(f'main h2 a[href$="/review/{report}/"]'))
    expect(page.locator("#text mark")).to_have_count(len(FOUND))
    hands.words += 300
    for words in MISSED:
        mark(hands, words)
    for doubt in page.get_by_role("checkbox").and_(page.locator('[name="hold"]')).all():
        hands.read(doubt.locator("xpath=.."))
        hands.click(doubt)
    hands.click(page.locator('[name="resolution"][value="not_identifying"]'))
    hands.click(page.get_by_role("button", name="Settle the chosen doubts"))
    expect(page.get_by_text("No doubt is open.")).to_be_visible()
    keep_picture(page, "review-time-marked")
    hands.click(page.get_by_role("link", name="See what each circle would be told"))
    hands.click(page.locator("main th a", has_text="danube"))
    hands.click(page.get_by_role("link", name="Approve facts and text"))
    hands.click(page.get_by_label("Code from your authenticator app"))
    hands.press(*seat.otp(), "Enter")
    page.wait_for_url("**/approval*")
    hands.read(page.locator(".told"))
    for words in (*FOUND, *MISSED):
        assert words not in page.locator(".account").inner_text()
    keep_picture(page, "review-time-approval")
    hands.click(page.get_by_role("button", name="Yes, the circle may be told this"))
    expect(page.get_by_text("Reviewed: a person has approved exactly")).to_be_visible()
    seat.context.close()
    assert hands.seconds < TWO_MINUTES, hands


def mark(hands: Hands, words: str) -> None:
    """Mark one word that was missed: a double click takes it, m asks what it is, and Enter says yes."""
    page = hands.page
    place = page.evaluate(WHERE, words)
    hands.clicks += 2
    page.mouse.dblclick(place["x"], place["y"])
    hands.press("m")
    with page.expect_navigation():
        hands.press("Enter")
    expect(page.locator("#text mark", has_text=words)).to_be_visible()


WHERE = """words => {
  const pieces = document.createTreeWalker(document.getElementById("text"), NodeFilter.SHOW_TEXT);
  for (let node = pieces.nextNode(); node; node = pieces.nextNode()) {
    const at = node.data.indexOf(words);
    if (at < 0) continue;
    node.parentElement.scrollIntoView({ block: "center", behavior: "instant" });
    const range = document.createRange();
    range.setStart(node, at);
    range.setEnd(node, at + words.length);
    const box = range.getBoundingClientRect();
    return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
  }
}"""
