"""A reviewer at a real browser: by keyboard alone, without scripts, in both directions, whatever others wrote."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "console"))

from builders import make_draft
from console_builders import Served, served
from console_payloads import PAYLOADS
from story_browser import keep_picture

from share.approval import approve, preview
from share.draft import Lead, Suspect
from share.idempotency import Once
from share.models import Bulletin, ReportHold, ReportState
from share.models import Report as ReportRow
from share.review import open_review
from share.typed import wrong_form
from share.worker import run_all

NAMES = ("Zamfira", "Ștefania", "Ndèye", "Thảo", "مريم", "小芳", "Ґалина", "Åse", "Márta", "Øyvind")
NUMBERS = ("+40 740 000 213", "0740 000 214", "+39 06 0000 0000", "ana@example.org", "@easy_example")
FILLER = "👩‍🌾 came on that day with the others and had to work, it was said, for nothing at all"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served(tmp_path_factory.mktemp("site"), worker=False) as running:
        pages = running.pages
        pages.world.circle("danube", pages.actor("caseworker"), pages.actor("caseworker", "hotline"))
        narrow = {"EXPLOITATION": "EXACT", "ROUTE_DATE": "COARSEST", "ROUTE_PLACE": "COARSE"}
        said = {"purposes": ["other-organisations"], "linkage": "NONE", "detail": narrow}
        pages.world.circle("corridor-watch", pages.actor("caseworker", "hotline"), clearance=said)
        yield running


@pytest.fixture
def sit(chromium: Browser, site: Served) -> Iterator[Callable[..., Page]]:
    """A page of somebody who has signed in. Whatever a page complains of fails the test."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def make(role: str = "approver", partner: str = "shelter", width: int = 1100, **how: Any) -> Page:
        context = chromium.new_context(viewport={"width": width, "height": 900}, **how)
        context.add_cookies([site.cookie(role, partner)])  # type: ignore[list-item]
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda said: complaints.append(said.text) if "Security" in said.text else None)
        return page

    yield make
    for context in contexts:
        context.close()
    assert complaints == []


def post(site: Served, **changes: Any) -> UUID:
    return site.pages.world.post(make_draft(**changes), site.pages.actor("caseworker"))


def bulletin_of(site: Served, report: UUID, circle: str) -> UUID:
    from partners.models import Circle

    with site.pages.desk.readers() as session:
        rows = session.query(Bulletin.id).join(Circle, Circle.id == Bulletin.circle_id)
        return rows.filter(Bulletin.report_id == report, Circle.slug == circle).one()[0]


def let_out(site: Served, report: UUID) -> None:
    """Approve for the circle whatever its voices let out."""
    desk, by = site.pages.world.desk, site.pages.actor("approver")
    shown = preview(report, circle="danube", by=by, desk=desk)
    once = Once(by.partner, None, b"")
    approve(report, circle="danube", content_sha256=shown.content_sha256, by=by, once=once, desk=desk)
    run_all(desk)


def shot(page: Page, name: str) -> None:
    keep_picture(page, f"review-{name}")


def missed() -> list[str]:
    """Fifty identifiers that every detector missed, in several scripts, each of its own."""
    families = ("Brnovec", "Mwangal", "Thrudvik")
    named = [f"{name} {family}{chr(0x61 + n)}" for family in families for n, name in enumerate(NAMES)]
    names = [*NAMES, *named]
    return (names + [number + str(n) for n in range(2) for number in NUMBERS])[:50]


def spans(site: Served, report: UUID) -> dict[str, frozenset[str]]:
    copy = open_review(report, by=site.pages.actor("approver"), desk=site.pages.world.desk)
    return {copy.text[s.start : s.end]: s.kinds for s in copy.spans}


def test_fifty_missed_identifiers_are_marked_by_keyboard_alone_in_three_keystrokes_each(
    site: Served, sit: Callable[..., Page]
) -> None:
    wanted = missed()
    assert len(set(wanted)) == 50
    report = post(site, narrative="\n".join(f"{words} {FILLER}" for words in wanted))
    page = sit()
    page.goto(f"{site.url}/review/{report}/")
    tabs = 0
    while page.evaluate("document.activeElement.id") != "text":
        page.keyboard.press("Tab")
        tabs += 1
        assert tabs < 30
    page.keyboard.press("Control+Home")
    for number, words in enumerate(wanted):
        select(page, words, forward=page.evaluate(DIRECTION) == "ltr")
        keys = ["m", "Enter"]
        assert len(keys) <= 3
        page.keyboard.press(keys[0])
        with page.expect_navigation():
            page.keyboard.press(keys[1])
        assert page.locator(".message.done").count() == 1, number
        page.wait_for_function("document.activeElement.id === 'text'")
        page.keyboard.press("End")
        if number + 1 < len(wanted):
            page.keyboard.press("ArrowDown")
            page.keyboard.press("Home")
    found = spans(site, report)
    covered = " ".join(found)
    assert [words for words in wanted if words not in covered] == []
    assert found["+40 740 000 2130"] == {"PHONE"} and found["ana@example.org0"] == {"EMAIL"}


DIRECTION = "getComputedStyle(getSelection().focusNode.parentElement.closest('p')).direction"


def select(page: Page, words: str, *, forward: bool) -> None:
    """Select `words`, which begin at the caret, with Shift and an arrow. The page must then hold just these."""
    for _ in range(200):
        held = page.evaluate("getSelection().toString()")
        if held == words:
            return
        page.keyboard.press("Shift+ArrowRight" if forward else "Shift+ArrowLeft")
    raise AssertionError("the words were not selected")


def test_a_review_from_the_queue_to_the_reader_and_back(site: Served, sit: Callable[..., Page]) -> None:
    text = "Ioana Popescu met Zamfira in Oradea. " + " ".join([FILLER] * 15)
    report = post(site, narrative=text, urgent=True)
    with site.pages.desk.sessions.begin() as session:
        session.get_one(ReportRow, report).state = ReportState.HELD
        session.add(
            ReportHold(
                report_id=report,
                version=1,
                part="narrative",
                code="unique_person",
                held_at=site.pages.desk.clock(),
            )
        )
    began = time.monotonic()
    page = sit()
    page.goto(f"{site.url}/review/")
    shot(page, "queue")
    page.locator(f'a[href$="/review/{report}/"]').first.click()
    page.get_by_label("Somebody is said to be the only one").check()
    page.get_by_label("tells nobody who she is").check()
    page.get_by_role("button", name="Settle the chosen doubts").click()
    page.get_by_label("The words that were missed").fill("Zamfira")
    page.locator("#missed-title ~ form button").first.click()
    assert page.locator("mark").count() == 3
    shot(page, "working-copy")
    page.get_by_role("link", name="See what each circle would be told").click()
    shot(page, "circles")
    page.get_by_role("link", name="danube").first.click()
    assert "Machine-marked, not reviewed" in page.inner_text("main")
    page.get_by_role("link", name="Approve facts and text").click()
    shown = page.eval_on_selector("#canonical", "element => element.textContent")
    given = preview(report, circle="danube", by=site.pages.actor("approver"), desk=site.pages.world.desk)
    assert shown.encode() == given.content
    shot(page, "approval")
    page.get_by_role("button", name="Yes, the circle may be told this").click()
    assert "Reviewed: a person has approved exactly" in page.inner_text("main")
    assert time.monotonic() - began < 120
    run_all(site.pages.world.desk)

    bulletin = bulletin_of(site, report, "danube")
    reader = sit("caseworker", "hotline")
    reader.goto(f"{site.url}/read/")
    reader.locator(f'a[href="/read/{bulletin}"]').click()
    assert "Zamfira" not in reader.inner_text("main") and "PERSON" in reader.inner_text(".account")
    shot(reader, "bulletin")
    with reader.expect_download() as kept:
        reader.get_by_role("link", name="Download the signed bulletin").click()
    assert kept.value.suggested_filename == f"bulletin-{bulletin}.json"
    reader.get_by_role("button", name="We have taken note").click()
    assert "has taken note of this version" in reader.inner_text("main")

    page.goto(f"{site.url}/read/own/{bulletin}")
    assert "1 of 2 organisations" in page.inner_text("main")
    page.get_by_role("link", name="Recall it").click()
    shot(page, "recall")
    page.get_by_role("button", name="Recall it now").click()
    reader.goto(f"{site.url}/read/{bulletin}")
    assert "This bulletin was recalled." in reader.inner_text("main")
    reader.get_by_role("button", name="Our copies are gone").click()
    assert "its copies are gone" in reader.inner_text("main")
    shot(reader, "recalled")


def test_it_works_without_any_script(site: Served, sit: Callable[..., Page]) -> None:
    report = post(site, narrative="Ioana Popescu was beaten. Zamfira came from Oradea.")
    page = sit(java_script_enabled=False)
    page.goto(f"{site.url}/review/{report}/")
    assert not page.locator("#chooser").is_visible() and not page.locator("#mark-selected").is_visible()
    assert not page.get_by_text("was beaten.").is_visible()
    page.locator("details.graphic summary").click()
    assert page.get_by_text("was beaten.").is_visible()
    page.get_by_label("The words that were missed").fill("Zamfira")
    page.locator("#missed-title ~ form button").first.click()
    page.get_by_role("row", name="Zamfira").get_by_role("checkbox").check()
    page.get_by_role("button", name="Take them back").click()
    assert "Your mark is taken back." in page.inner_text("main")
    page.goto(f"{site.url}/review/{report}/told/danube/approval")
    page.get_by_role("button", name="Yes, the circle may be told this").click()
    assert "Reviewed: a person has approved exactly" in page.inner_text("main")


def every_page(site: Served, report: UUID) -> list[str]:
    own = bulletin_of(site, report, "danube")
    at = f"/review/{report}"
    return [
        "/review/",
        f"{at}/",
        f"{at}/told/",
        f"{at}/told/danube",
        f"{at}/told/danube/approval",
        f"{at}/refusal",
        "/read/",
        f"/read/{own}",
        "/read/own",
        f"/read/own/{own}",
        f"/read/own/{own}/recall",
    ]


@pytest.mark.parametrize("lang", ["en", "ar"])
@pytest.mark.parametrize("width", [1100, 360])
def test_every_page_is_accessible_and_fits_in_both_directions(
    width: int, lang: str, site: Served, sit: Callable[..., Page]
) -> None:
    report = post(site, narrative="Ioana Popescu was beaten.\nمريم came from Oradea.")
    page = sit(width=width, locale=lang)
    for path in every_page(site, report):
        page.goto(site.url + path)
        assert page.evaluate("document.dir") == ("rtl" if lang == "ar" else "ltr")
        found = [(one["id"], one["impact"]) for one in Axe().run(page).response["violations"]]
        assert found == [], path
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, path
        shot(page, f"{lang}-{width}-{path.strip('/').replace(str(report), 'r').replace('/', '-')[:40]}")


def test_axe_and_the_ruler_would_notice(sit: Callable[..., Page], site: Served) -> None:
    page = sit(width=360)
    page.set_content('<html><body><img src="x"><input><div style="width:900px">wide</div></body></html>')
    assert Axe().run(page).response["violations"] != []
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") > 0


def test_nothing_that_others_wrote_runs_or_asks_for_anything_outside(
    site: Served, sit: Callable[..., Page]
) -> None:
    report = post(
        site,
        narrative="\n".join(PAYLOADS),
        suspects=tuple(Suspect(f"S{n}", names=(one,)) for n, one in enumerate(PAYLOADS[:40], 1)),
        leads=tuple(Lead("VENUE", one) for one in PAYLOADS if wrong_form("VENUE", one) is None),
    )
    let_out(site, report)
    page = sit()
    heard = listened_to(page, site)
    for path in every_page(site, report):
        page.goto(site.url + path, wait_until="networkidle")
        for folded in page.locator("details").all():
            folded.evaluate("element => { element.open = true; }")
        page.wait_for_timeout(50)
    assert heard == []


def test_the_listener_would_hear_it(site: Served, chromium: Browser) -> None:
    page = chromium.new_page()
    heard = listened_to(page, site)
    page.set_content("<img src=x onerror=alert(1)><img src='http://outside.example/x.png'>")
    page.wait_for_timeout(300)
    page.close()
    assert {"ran", "asked outside"} <= set(heard)


def listened_to(page: Page, site: Served) -> list[str]:
    """Everything that a script did or asked for from now on."""
    heard: list[str] = []

    def ran(dialog: Any) -> None:
        heard.append("ran")
        dialog.dismiss()

    def asked(request: Any) -> None:
        if not request.url.startswith((site.url, "data:")):
            heard.append("asked outside")

    page.on("dialog", ran)
    page.on("request", asked)
    return heard
