"""What each circle would be told, side by side and byte for byte, and a person's yes to exactly that."""

from __future__ import annotations

import html
import re
from datetime import timedelta
from uuid import UUID

import pytest
from builders import make_draft
from console_builders import Pages, signed_in
from console_reviewing import TEXT, approve, post, words

from share.approval import preview
from share.models import Approval, BulletinVersion
from share.worker import run_all


@pytest.fixture
def report(pages: Pages) -> UUID:
    return post(pages)


def shown_bytes(page: str) -> bytes:
    (bytes_shown,) = re.findall(r'<code id="canonical">(.*?)</code>', page, re.DOTALL)
    return html.unescape(bytes_shown).encode()


def test_the_preview_shows_the_very_bytes_of_the_interface(pages: Pages, report: UUID) -> None:
    page = signed_in(pages, "reviewer").get(f"/review/{report}/told/danube").text
    given = preview(report, circle="danube", by=pages.actor("reviewer"), desk=pages.world.desk)
    assert shown_bytes(page) == given.content and given.content_sha256 in page


def test_what_was_approved_is_what_is_published_byte_for_byte(pages: Pages, report: UUID) -> None:
    browser = signed_in(pages, "approver")
    seen = shown_bytes(browser.get(f"/review/{report}/told/danube/approval").text)
    approve(browser, report)
    run_all(pages.world.desk)
    with pages.desk.readers() as session:
        newest = max(session.query(BulletinVersion), key=lambda row: row.number)
    assert newest.content == seen and b"narrative" in seen


def test_the_page_calls_reviewed_only_what_a_person_approved(pages: Pages, report: UUID) -> None:
    browser = signed_in(pages, "approver")
    before = browser.get(f"/review/{report}/told/danube").text
    assert "Machine-marked, not reviewed" in before and "Reviewed:" not in before
    answer = approve(browser, report)
    after = browser.get(answer.headers["Location"]).text
    assert "Reviewed: a person has approved exactly" in after and "Machine-marked" not in after
    browser.post(f"/review/{report}/marks", {"version": "1", "words": "Mihaela"})
    assert "Machine-marked, not reviewed" in browser.get(f"/review/{report}/told/danube").text


def test_facts_can_be_approved_without_the_text(pages: Pages, report: UUID) -> None:
    browser = signed_in(pages, "approver")
    approve(browser, report, part="facts")
    page = browser.get(f"/review/{report}/told/danube").text
    assert "Machine-marked, not reviewed" in page and "A person has approved its facts alone." in page


def test_an_approval_of_what_is_no_longer_told_is_refused(pages: Pages, report: UUID) -> None:
    browser = signed_in(pages, "approver")
    page = browser.get(f"/review/{report}/told/danube/approval").text
    (old,) = re.findall(r'name="content_sha256" value="([0-9a-f]{64})"', page)
    browser.post(f"/review/{report}/marks", {"version": "1", "words": "Mihaela"})
    for content in (old, "0" * 64, "x", ""):
        answer = browser.post(f"/review/{report}/told/danube/approval", {"content_sha256": content})
        assert "failed=preview_stale" in answer.headers["Location"]
    with pages.desk.readers() as session:
        assert session.query(Approval).count() == 0


@pytest.mark.parametrize("page", ["told/danube/approval", "refusal"])
def test_what_cannot_be_undone_asks_again_who_is_there(page: str, pages: Pages, report: UUID) -> None:
    browser = signed_in(pages, "approver")
    pages.desk.clock.now += timedelta(minutes=6)  # type: ignore[attr-defined]
    for answer in (
        browser.get(f"/review/{report}/{page}"),
        browser.post(f"/review/{report}/{page}", {"reason": "duplicate", "here": f"/review/{report}/{page}"}),
    ):
        assert answer.status_code in (302, 303) and "/sign-in/" in answer.headers["Location"]
        assert str(report) in answer.headers["Location"]
    assert pages.world.report(report).state == "ready"


def test_whoever_sent_it_herself_is_told_that_another_pair_of_eyes_is_better(pages: Pages) -> None:
    author = pages.actor("approver")
    pages.world.circle("danube", author, pages.actor("caseworker", "hotline"))
    report = pages.world.post(make_draft(), author)
    at = f"/review/{report}/told/danube/approval"
    assert "You sent this report yourself." in signed_in(pages, "approver").get(at).text
    assert "You sent this report yourself." not in signed_in(pages, "approver", code="second").get(at).text


def test_every_missing_thing_says_whose_voice_asks_for_it(pages: Pages) -> None:
    author = pages.actor("caseworker")
    detail = {"ROUTE_DATE": "COARSEST", "ROUTE_PLACE": "NOTHING", "EXPLOITATION": "EXACT"}
    pages.world.circle(
        "narrow", author, clearance={"purposes": ["other-organisations"], "linkage": "NONE", "detail": detail}
    )
    report = pages.world.post(make_draft(narrative=TEXT), author)
    shown = words(signed_in(pages, "reviewer").get(f"/review/{report}/told/narrow").text)
    assert "The circle’s clearance does not reach further." in shown
    assert "No text may go to this circle." in shown and "Zamfira" not in shown
    assert "told very coarsely" in shown


def test_circles_stand_side_by_side_and_what_differs_is_said_in_words(pages: Pages) -> None:
    report = post(pages)
    detail = {"EXPLOITATION": "EXACT", "ROUTE_DATE": "COARSEST", "ROUTE_EVENT": "EXACT"}
    pages.world.circle(
        "narrow",
        pages.actor("caseworker"),
        clearance={"purposes": ["other-organisations"], "linkage": "NONE", "detail": detail},
    )
    page = signed_in(pages, "reviewer").get(f"/review/{report}/told/").text
    rows = [words(row) for row in re.findall(r"<tr.*?</tr>", page, re.DOTALL)]
    same = next(row for row in rows if "ype of exploitation" in row)
    differs = next(row for row in rows if "Date on the route" in row)
    assert same.endswith("the same") and differs.endswith("differs")
    assert "February 2026" in differs and " 2026 " in differs


def test_nobody_is_offered_what_she_may_not_do(pages: Pages, report: UUID) -> None:
    page = signed_in(pages, "reviewer").get(f"/review/{report}/told/danube").text
    assert "/approval" not in page and "Approving is for those who hold that right" in page
    assert "/approval" in signed_in(pages, "approver").get(f"/review/{report}/told/danube").text
