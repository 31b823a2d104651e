"""One walk through the whole desk, by its pages alone: invited, signed in, posted, reviewed, read, taken back."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from builders import everything
from playwright.sync_api import Browser, Page, expect
from story_browser import keep_picture
from story_desk import Hub, Seat, hub, sit_down

FOUND = ("Ioana Popescu", "Oradea")
MISSED = "Zamfira"
NARRATIVE = (
    "Ioana Popescu was told of work on a farm. A woman called Zamfira drove her from Oradea to Italy, "
    "where she worked for eleven hours a day and was given nothing."
)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hub]:
    """What an operator has done before anybody could sit down: two partners, a circle, what may be shared."""
    with hub(tmp_path_factory.mktemp("hub"), *FOUND) as made:
        for slug, country in (("shelter", "RO"), ("hotline", "IT")):
            made.run("partners", "add", slug, "--name", slug.title(), "--kind", "NGO", "--country", country)
            term = ("--start", "2026-01-01", "--end", "2099-12-31", "--purpose", "other-organisations")
            made.run("agreements", "add", slug, *term)
        clearance = made.folder / "clearance.json"
        clearance.write_text(json.dumps(everything()), encoding="utf-8")
        terms = ("--purpose", "other-organisations", "--tlp", "AMBER", "--smallest-group", "3")
        circle = ("circles", "add", "danube", *terms, "--until", "2099-12-31")
        made.run(*circle, "--clearance", str(clearance), "--suspect-names-basis", "public-task")
        for slug in ("shelter", "hotline"):
            made.run("circles", "join", "danube", slug, "--until", "2099-12-31")
        yield made


@pytest.fixture
def seats(chromium: Browser, made: Hub) -> Iterator[dict[str, Seat]]:
    """Everybody who takes part. What a browser complains of fails the walk."""
    people = {
        "steward-1": "stewards",
        "steward-2": "stewards",
        "anna": "shelter",
        "rosa": "shelter",
        "vera": "shelter",
        "lea": "hotline",
    }
    found = {code: sit_down(made, slug, code, chromium=chromium) for code, slug in people.items()}
    yield found
    for seat in found.values():
        seat.context.close()
    assert {code: seat.complaints for code, seat in found.items() if seat.complaints} == {}
    assert [url for seat in found.values() for url in seat.asked if not url.startswith(made.url)] == []


def shot(page: Page, name: str) -> None:
    keep_picture(page, f"walk-{name}")


def test_from_an_invitation_to_what_another_partner_reads_and_back(made: Hub, seats: dict[str, Seat]) -> None:
    stewards_come_in(made, seats["steward-1"], seats["steward-2"])
    links = two_stewards_take_in(seats["steward-1"], seats["steward-2"])
    they_set_up_their_way_in(made, seats, links)
    adopt_policy(made)
    posted = a_report_is_posted(seats["anna"])
    a_missed_name_is_marked(seats["rosa"], posted)
    approved = it_is_approved(seats["vera"], posted)
    read_exactly(seats["lea"], approved)
    the_ground_is_taken_back(seats["anna"], posted)
    it_is_recalled(seats["lea"], approved)


def stewards_come_in(made: Hub, first: Seat, second: Seat) -> None:
    """The operator's command prints the links of the first two people."""
    for seat in (first, second):
        seat.enrol(made.invite("stewards", seat.code))
        shot(seat.page, "01-second-factor")
        seat.take_code()
        expect(seat.page.get_by_role("heading", name="What waits for you")).to_be_visible()
    shot(first.page, "02-steward-start")


def two_stewards_take_in(first: Seat, second: Seat) -> dict[str, str]:
    """One proposes the people of the shelter, the other approves, and is shown their links."""
    roles = {"anna": ["caseworker"], "rosa": ["reviewer"], "vera": ["approver", "administrator"]}
    for code, does in roles.items():
        first.go("/people/partners")
        first.page.get_by_role("link", name="shelter").click()
        first.page.get_by_label("Code").fill(code)
        for role in does:
            first.page.locator(f'input[value="{role}"]').check()
        if code == "vera":
            shot(first.page, "03-propose")
        first.press("Propose")
    expect(first.page.get_by_text("You proposed this")).to_have_count(3)
    shot(first.page, "04-proposed")
    links = {}
    for code in roles:
        second.go("/people/waiting")
        line = second.page.locator("main .rows > li").filter(has_text=code)
        line.get_by_role("button", name="Approve, and show the invitation").click()
        links[code] = second.page.locator("code.secret").inner_text()
    shot(second.page, "05-approved")
    expect(second.go("/people/waiting").get_by_text("Nothing waits.")).to_be_visible()
    return links


def they_set_up_their_way_in(made: Hub, seats: dict[str, Seat], links: dict[str, str]) -> None:
    """Each opens her link, sets up a password and a factor, signs out, and signs in again."""
    links = links | {"lea": made.invite("hotline", "lea", "caseworker")}
    for code, link in links.items():
        seat = seats[code]
        seat.go(link.removeprefix(made.url))
        shot(seat.page, f"06-invitation-{code}")
        seat.enrol(link)
        seat.take_passkey() if code == "rosa" else seat.take_code()
        seat.sign_out()
        seat.go("/")
        assert "/sign-in" in seat.page.url
        seat.show_password()
        shot(seat.page, f"07-second-factor-{code}")
        seat.show_factor()
        expect(seat.page.get_by_role("heading", name="What waits for you")).to_be_visible()
        seat.go(link.removeprefix(made.url))
        expect(seat.page.get_by_role("heading", name="This invitation is not valid")).to_be_visible()
        seat.complaints.clear()  # a browser calls the 404 of a used link a complaint
        shot(seat.go("/"), f"08-start-{code}")


def adopt_policy(made: Hub) -> None:
    """The operator notes what the shelter has decided to share."""
    said = {"policy": "shelter", "version": 1, "until": "2099-12-31", "automatic": False}
    document = made.folder / "policy.json"
    document.write_text(json.dumps(said | {"circles": {"*": everything()}}), encoding="utf-8")
    made.run("policies", "adopt", "shelter", str(document), "--by", "vera", "--second", "rosa")


def a_report_is_posted(seat: Seat) -> str:
    """The caseworker fills in the form; the address of the report."""
    page = seat.go("/")
    page.get_by_role("navigation").get_by_role("link", name="Post").click()
    shot(page, "10-post")
    page.locator('button[value="people"]').click()
    page.locator('[name="patterns.0.vic_TypeOfExploitation"][value="ForcedLabour"]').check()
    on(seat)
    page.get_by_role("link", name="Add a person").click()
    fill(page, "fields.prs_FirstName", "Ioana")
    fill(page, "fields.prs_SecondName", "Popescu")
    fill(page, "fields.prs_Birthdate", "1998-04-05")
    fill(page, "fields.prs_Citizenship", "Romania")
    page.locator('#sheet select[name="identifiers.0.kind"]').select_option("PHONE")
    fill(page, "identifiers.0.value", "+40 740 000 213")
    shot(page, "11-person")
    on(seat)
    page.get_by_role("link", name="Go on").click()
    page.locator("main .writing .rows a").first.click()
    page.locator('#sheet select[name="basis"]').select_option("consent")
    page.locator('#sheet select[name="given_by"]').select_option("self")
    page.locator('#sheet input[name="purposes"][value="other-organisations"]').check()
    page.locator('#sheet input[name="explained"]').first.check()
    fill(page, "given_on", "2026-03-01")
    fill(page, "until", "2099-12-31")
    fill(page, "language", "Romanian")
    shot(page, "12-ground")
    on(seat)
    draft = "/".join(page.url.split("/")[3:5])
    seat.go(f"/{draft}/route")
    page.locator('#sheet select[name="events.0.hte_Type"]').select_option("Exploitation")
    fill(page, "events.0.hte_Country", "Italy")
    on(seat)
    seat.go(f"/{draft}/narrative")
    fill(page, "language", "English")
    fill(page, "narrative", NARRATIVE)
    on(seat)
    seat.go(f"/{draft}/check")
    shot(page, "13-check")
    page.get_by_role("button", name="Send the report").click()
    expect(page.get_by_role("heading", name="The report was received")).to_be_visible()
    shot(page, "14-receipt")
    return page.locator("dl.facts code").first.inner_text()


def fill(page: Page, name: str, words: str) -> None:
    page.locator(f'#sheet [name="{name}"]').first.fill(words)


def on(seat: Seat) -> None:
    """To the next step of the form."""
    before = seat.page.evaluate("performance.timeOrigin")
    seat.page.locator('#sheet button[value="next"]').click()
    seat.page.wait_for_function("before => performance.timeOrigin !== before", arg=before)


def a_missed_name_is_marked(seat: Seat, report: str) -> None:
    """The reviewer finds the report in her queue, marks what was missed, and settles what is in doubt."""
    page = seat.go("/")
    page.get_by_role("link", name="Reports to look at").click()
    shot(page, "20-queue")
    page.locator(f'main h2 a[href$="/review/{report}/"]').click()
    page.get_by_label("The words that were missed").fill(MISSED)
    page.locator("#missed-title ~ form button").first.click()
    expect(page.locator("mark", has_text=MISSED)).to_be_visible()
    settle(seat)
    shot(page, "21-working-copy")


def settle(seat: Seat) -> None:
    """Whatever holds the report is settled."""
    page = seat.page
    boxes = page.locator('input[name="hold"]')
    if boxes.count():
        for box in boxes.all():
            box.check()
        page.locator('input[name="resolution"]').first.check()
        page.get_by_role("button", name="Settle the chosen doubts").click()
    expect(page.get_by_text("No doubt is open.")).to_be_visible()


def it_is_approved(seat: Seat, report: str) -> dict[str, str]:
    """The approver is asked who she is, and approves what she is shown: its bytes, and its words."""
    seat.hub.clock.forward(minutes=6)
    page = seat.go(f"/review/{report}/told/danube")
    shot(page, "30-preview")
    shown = {"words": told(page)}
    page.get_by_role("link", name="Approve facts and text").click()
    assert "/sign-in/confirm" in page.url
    shot(page, "31-confirm")
    seat.show_factor()
    shown["bytes"] = page.eval_on_selector("#canonical", "element => element.textContent")
    assert told(page) == shown["words"]
    shot(page, "32-approval")
    page.get_by_role("button", name="Yes, the circle may be told this").click()
    expect(page.get_by_text("Reviewed: a person has approved exactly")).to_be_visible()
    shot(page, "33-approved")
    return shown


def told(page: Page) -> str:
    """The facts and the account of a page, as they are read."""
    return "\n".join(page.locator(".told, .account").all_inner_texts())


def read_exactly(seat: Seat, approved: dict[str, str]) -> None:
    """A member of another partner reads what was approved: the same words, and the same bytes."""
    found = wait_for(seat, "/read/", "main .lines a", "Forced")
    shot(seat.page, "40-bulletins")
    seat.go(found)
    shot(seat.page, "41-bulletin")
    assert told(seat.page) == approved["words"]
    for secret in (MISSED, "Ioana", "Popescu", "740 000 213", "Oradea"):
        assert secret not in seat.page.content()
    with seat.page.expect_download() as kept:
        seat.page.get_by_role("link", name="Download the signed bulletin").click()
    bulletin = Path(kept.value.path()).read_text(encoding="utf-8")
    assert approved["bytes"] in bulletin
    seat.press("We have taken note")
    shot(seat.page, "42-noted")


def the_ground_is_taken_back(seat: Seat, report: str) -> None:
    """The survivor changes her mind, and the caseworker says so on the report's page."""
    page = seat.go(f"/reports/{report}")
    shot(page, "50-report")
    page.get_by_role("link", name="Take it back").click()
    shot(page, "51-take-back")
    page.get_by_role("button", name="Take it back now").click()
    expect(page.get_by_text("taken back on")).to_be_visible()
    shot(page, "52-taken-back")


def it_is_recalled(seat: Seat, approved: dict[str, str]) -> None:
    """The reader finds a recall in its place, and nothing of what it said."""
    found = wait_for(seat, "/read/", "main .lines a", "Recalled")
    shot(seat.page, "60-bulletins")
    seat.go(found)
    expect(seat.page.get_by_text("This bulletin was recalled.").first).to_be_visible()
    assert seat.page.locator(".told, .account").count() == 0
    shot(seat.page, "61-recalled")
    seat.press("Our copies are gone")
    expect(seat.page.get_by_text("has confirmed that its copies are gone").first).to_be_visible()
    shot(seat.page, "62-gone")


def wait_for(seat: Seat, path: str, links: str, words: str) -> str:
    """Look at a page until such a link stands on it, as a worker has to come first; where it leads."""
    for _ in range(50):
        found = seat.go(path).locator(links).filter(has_text=words)
        if found.count():
            return str(found.first.get_attribute("href"))
        seat.page.wait_for_timeout(200)
    raise AssertionError("it did not come")
