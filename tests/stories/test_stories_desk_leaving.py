"""Leaving a real browser: what stays in it for whoever sits down next, and what a copied cookie is worth then."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "console"))

from console_builders import Served, served
from console_reviewing import post
from story_browser import keep_picture

from console import routes_sign_in, web

NAME = "Zamfira"
"""Stands in the text of the report, and nowhere else."""

ALT = 1
Leave = Callable[[Page], None]


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Served]:
    with served(tmp_path, worker=False) as running:
        yield running


@pytest.fixture
def sit(site: Served, chromium: Browser) -> Iterator[Callable[..., Page]]:
    """A reviewer's browser that has shown the text of a report, and is at another page now."""
    contexts: list[BrowserContext] = []

    def make(*, scripts: bool = True) -> Page:
        context = chromium.new_context(java_script_enabled=scripts)
        contexts.append(context)
        context.add_cookies([site.cookie("reviewer")])  # type: ignore[list-item]
        page = context.new_page()
        page.goto(f"{site.url}/review/{post(site.pages)}/")
        assert NAME in page.content()
        page.goto(f"{site.url}/me")
        return page

    yield make
    for context in contexts:
        context.close()


def sign_out(page: Page) -> None:
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/sign-in")


def press_escape(page: Page) -> None:
    for _ in range(3):
        page.keyboard.press("Escape")
    page.wait_for_url("**/sign-in/away")


def press_access_key(page: Page) -> None:
    wires = page.context.new_cdp_session(page)
    key = {"key": "x", "code": "KeyX", "text": "x", "unmodifiedText": "x", "windowsVirtualKeyCode": 88}
    wires.send("Input.dispatchKeyEvent", {"type": "keyDown", "modifiers": ALT, **key})
    page.wait_for_url("**/sign-in/away")


def press_button(page: Page) -> None:
    page.get_by_role("button", name="Leave quickly").click()
    page.wait_for_url("**/sign-in/away")


WAYS: dict[str, tuple[Leave, bool]] = {
    "signs out": (sign_out, True),
    "signs out without scripts": (sign_out, False),
    "presses Escape three times": (press_escape, True),
    "presses the access key": (press_access_key, True),
    "presses the access key without scripts": (press_access_key, False),
    "presses the button": (press_button, True),
    "presses the button without scripts": (press_button, False),
}


@pytest.mark.parametrize("how", WAYS)
def test_the_back_button_shows_nothing_and_a_copied_cookie_opens_nothing(
    how: str, site: Served, sit: Callable[..., Page], chromium: Browser
) -> None:
    leave, scripts = WAYS[how]
    page = sit(scripts=scripts)
    thief = chromium.new_context()
    thief.add_cookies(page.context.cookies())  # type: ignore[arg-type]
    stolen = thief.new_page()
    assert stolen.goto(f"{site.url}/me") is not None and "/me" in stolen.url, "the control"
    leave(page)
    keep_picture(page, f"leaving-{how.replace(' ', '-')}")
    stolen.reload()
    assert "/sign-in" in stolen.url
    thief.close()
    assert "parallax" not in {cookie["name"] for cookie in page.context.cookies()}  # type: ignore[typeddict-item]
    assert shown_going_back(page) == []


def shown_going_back(page: Page) -> list[str]:
    """The pages on the way back that still show the text, with a line and without one."""
    shown = []
    for offline in (False, True):
        page.context.set_offline(offline)
        for _ in range(2):
            page.evaluate("setTimeout(() => history.back())")
            page.wait_for_timeout(400)
            if NAME in page.content():
                shown.append(page.url)
        page.context.set_offline(False)
        for _ in range(2):
            page.evaluate("setTimeout(() => history.forward())")
            page.wait_for_timeout(400)
    return shown


def test_after_a_quick_exit_nothing_on_the_page_says_what_it_was(
    site: Served, sit: Callable[..., Page]
) -> None:
    page = sit()
    press_escape(page)
    expect(page.get_by_role("heading")).to_have_count(1)
    for telling in ("Parallax", "report", "Sign"):
        assert telling not in page.content() + page.title()


def test_two_escapes_or_slow_ones_leave_the_page_alone(sit: Callable[..., Page]) -> None:
    page = sit()
    for pause in (0, 2100, 0):
        page.wait_for_timeout(pause)
        page.keyboard.press("Escape")
    page.wait_for_timeout(300)
    assert page.url.endswith("/me")


@pytest.mark.parametrize("clears", [True, False])
def test_leaving_clears_what_the_browser_would_have_kept(
    clears: bool, site: Served, sit: Callable[..., Page], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Should a page ever be kept in spite of its header, leaving throws it out; if leaving did not, it would show."""
    monkeypatch.setitem(web.HEADERS, "Cache-Control", "private, max-age=3600")
    if not clears:
        monkeypatch.setattr(routes_sign_in, "CLEAR", '"executionContexts"')
    page = sit()
    sign_out(page)
    page.context.set_offline(True)
    page.evaluate("setTimeout(() => history.go(-2))")
    page.wait_for_timeout(800)
    assert (NAME in page.content()) == (not clears)
