"""A caseworker at a real browser: a whole report, without scripts, without a line, and with nothing lost."""

from __future__ import annotations

import json
import logging
import re
import sys
from base64 import b64encode
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, expect
from structlog.testing import capture_logs

TESTS = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(TESTS / "console"))

from builders import make_draft  # noqa: E402
from console_builders import Served, served  # noqa: E402
from story_browser import how_to_launch, keep_picture  # noqa: E402

from console.writing import STEPS  # noqa: E402
from share.draft import Draft  # noqa: E402
from share.drafts import key_for_the_browser  # noqa: E402
from share.models import Report, ReportVersion  # noqa: E402

NAME = "Ionuca Sintetica"
PHRASE = "four words that differ"
KEY, CLICK = 0.3, 1.2
"""Seconds of somebody who types forty words a minute."""
STORY = json.loads((TESTS.parent / "demo/reports/01-five-women-greenhouse.json").read_text(encoding="utf-8"))
TEXT = STORY["narrative"][:1200]


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Served]:
    folder = tmp_path / "site"
    folder.mkdir()
    with served(folder) as running:
        yield running


@dataclass
class Desk:
    """A page at which a caseworker sits, with what it asked for and complained about."""

    page: Page
    url: str
    asked: list[str]
    said: list[str]
    clicks: int = 0
    keys: int = 0

    @property
    def draft(self) -> str:
        """The address of the draft that the page belongs to."""
        return "/".join(self.page.url.split("/")[:5])

    def fill(self, name: str, words: str) -> None:
        """Type into a field."""
        self.clicks, self.keys = self.clicks + 1, self.keys + len(words)
        self.page.locator(f'#sheet [name="{name}"]').first.fill(words)

    def choose(self, name: str, code: str) -> None:
        """Choose from a list."""
        self.clicks += 2
        self.page.locator(f'#sheet select[name="{name}"]').select_option(code)

    def tick(self, name: str, *codes: str) -> None:
        """Tick boxes, in lists that are opened first where they are closed."""
        for code in codes:
            box = self.page.locator(f'#sheet input[name="{name}"][value="{code}"]')
            if not box.is_visible():
                box.locator("xpath=ancestor::details[1]/summary").click()
            box.check()
            self.clicks += 1

    def go(self, which: str = "next") -> None:
        """Press a button, and wait for the page that follows."""
        self.clicks += 1
        before = self.page.evaluate("performance.timeOrigin")
        self.page.locator(f'#sheet button[value="{which}"]').click()
        self.page.wait_for_function("before => performance.timeOrigin !== before", arg=before)
        self.page.wait_for_load_state()

    def open(self, step: str) -> None:
        """Another page of the draft."""
        self.clicks += 1
        self.page.goto(f"{self.draft}/{step}")

    def begin(self, about: str = "people") -> None:
        """Begin a report."""
        self.clicks += 2
        self.page.goto(f"{self.url}/post")
        self.page.locator(f'button[value="{about}"]').click()
        self.page.wait_for_url("**/what")

    def is_kept(self) -> None:
        """What was typed has reached the server."""
        expect(self.page.locator("#kept")).to_have_attribute("data-is", "saved", timeout=15_000)

    def shot(self, name: str) -> None:
        """A picture of the page, where pictures are wanted."""
        keep_picture(self.page, f"post-{name}")


def seated(context: BrowserContext, site: Served, **who: Any) -> Desk:
    """A page of a browser in which a caseworker has signed in."""
    context.add_cookies([site.cookie(**who)])  # type: ignore[list-item]
    page = context.new_page()
    desk = Desk(page, site.url, [], [])
    page.on("request", lambda request: desk.asked.append(request.url))
    page.on("console", lambda message: desk.said.append(message.text))
    page.on("pageerror", lambda error: desk.said.append(str(error)))
    return desk


@pytest.fixture
def desk(chromium: Browser, site: Served) -> Iterator[Desk]:
    context = chromium.new_context()
    yield seated(context, site)
    context.close()


def reports(site: Served) -> list[Draft]:
    """The working copies of all reports that came in."""
    world = site.pages.world
    with world.desk.readers() as session:
        rows = session.query(ReportVersion).join(Report, Report.id == ReportVersion.report_id).all()
    return [
        world.desk.working.draft(row.working_copy, report=row.report_id, version=row.number) for row in rows
    ]


def test_a_whole_report_is_typed_in_less_than_ten_minutes_and_gets_its_receipt(
    site: Served, desk: Desk
) -> None:
    desk.begin()
    pattern, (person, *_), ground = STORY["patterns"][0], STORY["people"], STORY["grounds"][0]
    for name in ("vic_TypeOfExploitation", "vic_ForcedLabourIndustry", "vic_MethodsOfControl"):
        desk.tick(f"patterns.0.{name}", *pattern[name])
    desk.fill("patterns.0.people", "5")
    desk.shot("what")
    desk.go()
    desk.page.get_by_role("link", name="Add a person").click()
    fields = person["fields"]
    for name in ("prs_FirstName", "prs_SecondName", "prs_Birthdate"):
        desk.fill(f"fields.{name}", fields[name])
    desk.fill("fields.prs_Citizenship", "Romania")
    desk.fill("fields.prs_PrimaryLanguage", "Romanian")
    desk.choose("fields.prs_Gender", "Feminine")
    desk.choose("fields.vic_TraffickingStatus", fields["vic_TraffickingStatus"])
    for number, known in enumerate(person["identifiers"]):
        desk.choose(f"identifiers.{number}.kind", known["kind"])
        desk.fill(f"identifiers.{number}.value", known["value"])
    desk.shot("person")
    desk.go()
    desk.page.get_by_role("link", name="Go on").click()
    desk.page.get_by_role("link", name="P1 (Ioana)").click()
    desk.choose("basis", ground["basis"])
    desk.choose("given_by", ground["given_by"])
    desk.tick("purposes", *ground["purposes"])
    desk.fill("given_on", ground["given_on"])
    desk.fill("until", ground["until"])
    desk.tick("explained", *ground["explained"])
    desk.fill("language", "Romanian")
    desk.shot("ground")
    desk.go()
    desk.tick("stated", "yes")
    desk.go("stay")
    desk.page.get_by_role("link", name="Go on").click()
    for number, (kind, when, country) in enumerate(
        [
            ("Recruitment", "2026-03-06", "Romania"),
            ("Transit", "2026-03-11", "Hungary"),
            ("Exploitation", "2026-03-13", "Italy"),
        ]
    ):
        desk.choose(f"events.{number}.hte_Type", kind)
        desk.fill(f"events.{number}.hte_Date", when)
        desk.fill(f"events.{number}.hte_Country", country)
        desk.go("stay")
    desk.shot("route")
    desk.open("offer")
    desk.choose("offers.0.job", "HotelWork")
    desk.fill("offers.0.country", "Italy")
    desk.fill("offers.0.wage.amount", "1300")
    desk.fill("offers.0.wage.currency", "eur")
    desk.go()
    desk.open("network/S1")
    desk.fill("names", "Mihaela Drăgulin")
    desk.tick("per_RoleInProcess", "RecruiterOrIntermediary")
    desk.fill("phones", "+40770000562")
    desk.choose("is_victim", "no")
    desk.choose("is_minor", "no")
    desk.tick("concerns", "no-subject")
    desk.go()
    desk.open("leads")
    desk.choose("leads.0.kind", "VEHICLE_PLATE")
    desk.fill("leads.0.value", "BH 12 MDR")
    desk.tick("leads.0.concerns", "no-subject")
    desk.go()
    desk.tick("codes", "DeceivedAboutNatureOfJob", "ConfiscationOfDocuments")
    desk.go()
    desk.fill("language", "English")
    desk.fill("narrative", TEXT)
    desk.go()
    desk.choose("reliability", "b")
    desk.choose("credibility", "2")
    desk.fill("reference", STORY["reference"])
    desk.go()
    expect(desk.page.get_by_role("heading", name="Check and send")).to_be_visible()
    desk.shot("check")
    desk.page.get_by_role("button", name="Send the report").dblclick()
    expect(desk.page.get_by_role("heading", name="The report was received")).to_be_visible()
    desk.shot("receipt")
    (sent,) = reports(site)
    assert (sent.reference, sent.offers[0].wage and sent.offers[0].wage.currency) == (
        STORY["reference"],
        "EUR",
    )
    assert [leg.country for leg in sent.events] == ["RO", "HU", "IT"]
    assert sent.people[0].fields["prs_PrimaryLanguage"] == ("ron",)
    assert sent.narrative == TEXT
    assert {identifier.value for identifier in sent.people[0].identifiers} == {"Ionuca", "+40740000209"}
    desk.page.get_by_role("link", name="Follow this report").click()
    desk.shot("report")
    assert desk.keys * KEY + desk.clicks * CLICK < 600, f"{desk.keys} keys and {desk.clicks} clicks"
    assert all(address.startswith(site.url) for address in desk.asked)
    assert not [each for each in desk.said if "Content Security Policy" in each or "Error" in each]
    assert not any(NAME in address or "Ioana" in address for address in desk.asked)


def test_without_scripts_the_same_is_done_by_its_buttons(site: Served, chromium: Browser) -> None:
    context = chromium.new_context(java_script_enabled=False)
    desk = seated(context, site)
    page = desk.page
    page.goto(f"{site.url}/post")
    page.locator('button[value="route"]').click()
    page.locator('[name="patterns.0.vic_TypeOfExploitation"][value="ForcedLabour"]').check()
    page.locator('[name="patterns.0.people"]').fill("about five")
    page.locator('button[value="next"]').click()
    expect(page.locator("#summary")).to_be_focused()
    page.locator('[name="patterns.0.people"]').fill("5")
    page.locator('button[value="next"]').click()
    page.locator('[name="events.0.hte_Type"]').select_option("Exploitation")
    page.locator('[name="events.0.hte_Country"]').fill("Italy")
    page.locator('button[value="next"]').click()
    page.goto("/".join(page.url.split("/")[:5]) + "/check")
    page.get_by_role("button", name="Send the report").click()
    expect(page.get_by_role("heading", name="The report was received")).to_be_visible()
    (sent,) = reports(site)
    assert (sent.patterns[0].people, sent.events[0].country) == (5, "IT")
    context.close()


def test_what_is_typed_is_kept_by_itself_and_resumed_on_another_device(
    site: Served, desk: Desk, chromium: Browser
) -> None:
    desk.begin()
    desk.open("narrative")
    desk.fill("narrative", f"{NAME} was taken away.")
    desk.is_kept()
    other = chromium.new_context()
    elsewhere = seated(other, site)
    elsewhere.page.goto(f"{site.url}/post")
    elsewhere.page.locator("main .rows a").first.click()
    elsewhere.page.goto(desk.page.url)
    expect(elsewhere.page.locator('[name="narrative"]')).to_have_value(f"{NAME} was taken away.")
    elsewhere.fill("narrative", "Written on the tablet.")
    elsewhere.is_kept()
    desk.fill("narrative", "Written on the laptop.")
    expect(desk.page.locator("#kept")).to_have_attribute("data-is", "clash", timeout=15_000)
    desk.page.reload()
    expect(desk.page.locator('[name="narrative"]')).to_have_value("Written on the tablet.")
    expect(desk.page.get_by_text("Written on the laptop.")).to_be_visible()
    desk.shot("two-copies")
    other.close()


def test_a_cut_line_is_said_plainly_and_nothing_typed_is_lost(site: Served, desk: Desk) -> None:
    desk.begin()
    desk.open("narrative")
    desk.page.wait_for_load_state("networkidle")
    desk.page.context.set_offline(True)
    desk.fill("narrative", f"{NAME} was taken away.")
    state = desk.page.locator("#kept")
    expect(state).to_have_attribute("data-is", re.compile("held|unsaved"), timeout=15_000)
    expect(state).to_contain_text("There is no connection.")
    desk.shot("no-line")
    desk.page.locator('#sheet button[value="next"]').click()
    desk.page.wait_for_timeout(500)
    expect(desk.page.locator('[name="narrative"]')).to_have_value(f"{NAME} was taken away.")
    desk.page.context.set_offline(False)
    desk.is_kept()
    desk.page.reload()
    expect(desk.page.locator('[name="narrative"]')).to_have_value(f"{NAME} was taken away.")


def test_what_was_typed_without_a_line_waits_encrypted_until_the_writer_is_back(
    site: Served, desk: Desk
) -> None:
    desk.begin()
    desk.open("narrative")
    address = desk.page.url
    desk.page.wait_for_load_state("networkidle")
    desk.page.context.set_offline(True)
    desk.fill("narrative", f"{NAME} was taken away.")
    expect(desk.page.locator("#kept")).to_have_attribute("data-is", "held", timeout=15_000)
    desk.page.goto("about:blank")
    desk.page.context.set_offline(False)
    desk.page.goto(f"{site.url}/post")
    expect(desk.page.locator("#waiting")).to_be_visible()
    desk.page.goto(address)
    expect(desk.page.locator('[name="narrative"]')).to_have_value(f"{NAME} was taken away.")
    desk.is_kept()
    desk.page.goto(f"{site.url}/post")
    desk.page.wait_for_load_state("networkidle")
    expect(desk.page.locator("#waiting")).to_be_hidden()


@pytest.fixture
def profile(playwright: Playwright, tmp_path: Path) -> Iterator[BrowserContext]:
    context = playwright.chromium.launch_persistent_context(
        tmp_path / "profile", **how_to_launch(playwright.chromium)
    )
    yield context
    context.close()


def on_disk(folder: Path, words: str | bytes) -> list[str]:
    """The files of a browser's profile in which these words can be read."""
    encodings = ("utf-8", "utf-16-le", "utf-16-be")
    forms = [words] if isinstance(words, bytes) else [words.encode(each) for each in encodings]
    return [name for name, content in written(folder) if any(form in content for form in forms)]


def written(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Every file of a folder in which a browser is at work."""
    for path in folder.rglob("*"):
        with suppress(OSError):  # it has gone since, or is no file
            yield path.name, path.read_bytes()


IN_CLEAR = """words => new Promise((done) => {
  const asked = indexedDB.open("in-clear", 1);
  asked.onupgradeneeded = () => asked.result.createObjectStore("words");
  asked.onsuccess = () => {
    const writing = asked.result.transaction("words", "readwrite");
    writing.objectStore("words").put(words, "words");
    writing.oncomplete = () => done(true);
  };
})"""


def test_on_a_prepared_device_it_survives_a_reload_without_a_line_and_is_not_readable_on_disk(
    site: Served, profile: BrowserContext, chromium: Browser, tmp_path: Path
) -> None:
    desk = seated(profile, site)
    page = desk.page
    page.goto(f"{site.url}/post/device")
    page.locator("#phrase").fill(PHRASE)
    page.get_by_role("button", name="Prepare this device").click()
    expect(page.locator("#device-said")).to_have_attribute("data-is", "ready", timeout=60_000)
    desk.begin()
    desk.open("people/P1")
    desk.fill("fields.prs_SecondName", "Kept")
    desk.is_kept()
    profile.set_offline(True)
    desk.fill("fields.prs_FirstName", NAME)
    desk.fill("fields.prs_Citizenship", "Romania")
    expect(page.locator("#kept")).to_have_attribute("data-is", "held", timeout=15_000)
    page.reload()
    expect(page.locator("#locked")).to_be_visible()
    expect(page.locator('[name="fields.prs_FirstName"]')).to_have_value("")
    desk.shot("locked")
    page.locator("#phrase").fill("another phrase")
    page.get_by_role("button", name="Open it").click()
    expect(page.locator("#phrase-error")).to_be_visible(timeout=15_000)
    page.locator("#phrase").fill(PHRASE)
    page.get_by_role("button", name="Open it").click()
    expect(page.locator('[name="fields.prs_FirstName"]')).to_have_value(NAME, timeout=15_000)
    expect(page.locator('[name="fields.prs_SecondName"]')).to_have_value("Kept")
    desk.shot("opened-without-a-line")
    desk.fill("fields.prs_MiddleName", "More")
    page.wait_for_timeout(1500)
    assert on_disk(tmp_path / "profile", NAME) == []
    key = key_for_the_browser(
        UUID(desk.draft.split("/")[-1]), by=site.pages.actor(), desk=site.pages.world.desk
    )
    for form in (key, b64encode(key), key.hex().encode()):
        assert on_disk(tmp_path / "profile", form) == [], "beside its key it would be as good as in clear"
    assert on_disk(tmp_path / "profile", "parallax-away"), "the control: the browser has written its store"
    profile.set_offline(False)
    page.wait_for_url("**/people/P1")
    expect(page.locator(".steps")).to_be_visible(timeout=30_000)
    expect(page.locator('[name="fields.prs_MiddleName"]')).to_have_value("More")
    other = chromium.new_context()
    elsewhere = seated(other, site)
    elsewhere.page.goto(page.url)
    for name, value in (("FirstName", NAME), ("MiddleName", "More"), ("SecondName", "Kept")):
        expect(elsewhere.page.locator(f'[name="fields.prs_{name}"]')).to_have_value(value)
    expect(elsewhere.page.locator('[name="fields.prs_Citizenship"]').first).to_have_value("Romania")
    other.close()
    assert on_disk(tmp_path / "profile", NAME) == []
    page.evaluate(IN_CLEAR, NAME)
    page.wait_for_timeout(2000)
    assert on_disk(tmp_path / "profile", NAME), "the control: kept in clear it would have been found"


def test_when_the_sitting_has_ended_it_is_said_and_the_page_goes_on_after_signing_in(
    site: Served, desk: Desk
) -> None:
    desk.begin()
    desk.open("narrative")
    desk.page.context.clear_cookies()
    desk.fill("narrative", f"{NAME} was taken away.")
    expect(desk.page.locator("#kept")).to_have_attribute("data-is", "out", timeout=15_000)
    desk.page.context.add_cookies([site.cookie()])  # type: ignore[list-item]
    desk.is_kept()


def test_leaving_quickly_is_not_held_up_by_what_is_not_saved(site: Served, desk: Desk) -> None:
    asked: list[str] = []
    desk.page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    desk.begin()
    desk.open("narrative")
    desk.fill("narrative", f"{NAME} was taken away.")
    desk.page.locator("#quick-exit").click()
    expect(desk.page.get_by_text(NAME)).to_have_count(0)
    desk.page.wait_for_url(re.compile(r"^(?!.*/post/).*$"))
    assert asked == []


@pytest.mark.parametrize("lang", ["en", "ar"])
def test_every_page_is_accessible_and_fits_a_small_telephone(
    site: Served, chromium: Browser, lang: str
) -> None:
    context = chromium.new_context(viewport={"width": 360, "height": 740}, locale=lang)
    desk = seated(context, site)
    desk.begin()
    desk.page.locator('[name="patterns.0.people"]').fill("many")
    desk.go()
    desk.open("people/P1")
    desk.fill("fields.prs_FirstName", NAME)
    desk.go()
    steps = [*STEPS["people"], "what?look=1", "people/P1", "grounds/P1", "network/S1", "check", "discard"]
    pages = [f"{desk.draft}/{step}" for step in steps]
    pages += [f"{site.url}{path}" for path in ("/post", "/post/device", "/post/blank/person", "/reports")]
    pages.append(f"{site.url}/reports/{a_report(site)}")
    pages.append(f"{pages[-1]}/grounds/P1")
    pages.append(f"{pages[-2]}/grounds/P1/withdraw")
    for number, address in enumerate(pages):
        desk.page.goto(address)
        desk.shot(f"360-{lang}-{number:02}")
        assert desk.page.evaluate("document.documentElement.scrollWidth") <= 360, address
        found = Axe().run(desk.page).response["violations"]
        bad = [
            (each["id"], each["nodes"][0]["html"][:200])
            for each in found
            if each["impact"] in ("serious", "critical")
        ]
        assert bad == [], address
    context.close()


def a_report(site: Served) -> str:
    """A report of the same organisation."""
    return str(site.pages.world.post(make_draft(narrative=""), site.pages.actor()))


def test_the_keyboard_alone_leads_from_a_refusal_to_its_field(site: Served, desk: Desk) -> None:
    desk.begin("route")
    desk.fill("patterns.0.people", "many")
    desk.go()
    expect(desk.page.locator("#summary")).to_be_focused()
    desk.page.keyboard.press("Tab")
    desk.page.keyboard.press("Enter")
    expect(desk.page.locator('[name="patterns.0.people"]')).to_be_in_viewport()


def test_nothing_typed_stands_in_the_services_log(
    site: Served, desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    with capture_logs() as said, caplog.at_level(logging.DEBUG):
        desk.begin()
        desk.open("people/P1")
        desk.fill("fields.prs_FirstName", NAME)
        desk.is_kept()
        desk.go()
    assert "/post" in str(said) and "/post" in caplog.text, "the control"
    assert "Sintetica" not in str(said) + caplog.text
