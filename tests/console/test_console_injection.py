"""Whatever somebody wrote into a report or into an address stays words on the pages of review and reading."""

from __future__ import annotations

import re
from uuid import UUID

import pytest
from builders import make_draft, make_person
from console_builders import Browser, Pages, signed_in
from console_payloads import BUNDLES, HAND_MADE, PAYLOADS, look

from console.web import CSP, ENVIRONMENT
from partners.models import Partner
from partners.values import Actor
from share.approval import approve, preview
from share.draft import Lead, Suspect
from share.errors import NotAcceptable
from share.idempotency import Once
from share.intake import check
from share.models import Bulletin, ReportHold
from share.parts import LEADS
from share.typed import wrong_form
from share.worker import run_all

PRODUCT = str(71993 * 89989)
"""What a template would make of the sums among the payloads."""


def post(pages: Pages, *payloads: str) -> UUID:
    """A report with every payload wherever somebody can write: in the text, and in each field that takes it."""
    author = pages.actor("caseworker")
    if "hotline" not in pages.world.ids:
        pages.world.circle("danube", author, pages.actor("caseworker", "hotline"))
    with pages.desk.sessions.begin() as session:
        for row in session.query(Partner):
            row.name = payloads[0][:200]
    return pages.world.post(
        make_draft(
            narrative="".join(f"She said: {payload} and left with Zamfira.\n" for payload in payloads),
            people=(make_person(names=("Ioana Popescu", *(one for one in payloads if is_a_name(one)))),),
            suspects=tuple(
                Suspect(f"S{number}", names=(one,), roles=("RecruiterOrIntermediary",))
                for number, one in enumerate(payloads, 1)
            ),
            leads=tuple(
                Lead(kind, one) for kind in LEADS for one in payloads if wrong_form(kind, one) is None
            ),
        ),
        author,
    )


def is_a_name(words: str) -> bool:
    """Whether the door takes these words as a known name of a person."""
    try:
        check(make_draft(people=(make_person(names=(words,)),)))
    except NotAcceptable:
        return False
    return True


def hold(pages: Pages, report: UUID, code: str) -> None:
    with pages.desk.sessions.begin() as session:
        session.add(
            ReportHold(report_id=report, version=1, part="narrative", code=code, held_at=pages.desk.clock())
        )


def publish_text(pages: Pages, report: UUID) -> UUID:
    """The bulletin, with its text if the voices let any out."""
    desk, by = pages.world.desk, pages.actor("approver")
    shown = preview(report, circle="danube", by=by, desk=desk)
    once = Once(by.partner, None, b"")
    approve(report, circle="danube", content_sha256=shown.content_sha256, by=by, once=once, desk=desk)
    run_all(desk)
    with desk.readers() as session:
        return session.query(Bulletin).filter_by(report_id=report).one().id


def harmless(browser: Browser, path: str, **query: str) -> str:
    """The page, which must be made of nothing but what pages of ours are made of."""
    answer = browser.get(path, query_string=query)
    assert answer.status_code == 200, path
    assert answer.headers["Content-Security-Policy"] == CSP
    assert look(answer.text).seen == [], path
    assert PRODUCT not in answer.text
    return answer.text


def read(page: str) -> str:
    """The words of a page without its hidden signs, the labels of its marks, and ends of lines."""
    bare = re.sub(r'<span class="label">.*?</span></span>|<span class="sign".*?</span>', "", page, flags=re.S)
    return "".join(look(bare).words).replace("\n", "")


def plain(payload: str) -> str:
    return re.sub(r"[\u200e\u200f\u2028\n]", "", payload)


@pytest.mark.parametrize("payloads", BUNDLES)
def test_nothing_that_somebody_wrote_becomes_part_of_a_page(payloads: tuple[str, ...], pages: Pages) -> None:
    report = post(pages, *payloads)
    browser = signed_in(pages, "approver")
    at = f"/review/{report}"
    copy = read(harmless(browser, f"{at}/"))
    assert [one for one in payloads if plain(one) not in copy] == []
    for path in (
        "/review/",
        f"{at}/told/",
        f"{at}/told/danube",
        f"{at}/told/danube/approval",
        f"{at}/refusal",
    ):
        harmless(browser, path)
    bulletin = publish_text(pages, report)
    harmless(signed_in(pages, "caseworker", "hotline"), f"/read/{bulletin}")
    harmless(signed_in(pages, "caseworker", "hotline"), "/read/")
    for path in ("/read/own", f"/read/own/{bulletin}", f"/read/own/{bulletin}/recall"):
        harmless(browser, path)


def test_a_text_that_is_told_stays_words_for_its_readers(pages: Pages) -> None:
    """Payloads full of addresses are held back by the second look. Most are told, or this would show nothing."""
    author = pages.actor("caseworker")
    pages.world.circle("danube", author, pages.actor("caseworker", "hotline"))
    told = [payload for payload in PAYLOADS if is_told_as_words(payload, pages, author)]
    assert len(told) > 100


def is_told_as_words(payload: str, pages: Pages, author: Actor) -> bool:
    """Whether the text reached the reader; where it did, it stands there sign for sign."""
    report = pages.world.post(make_draft(narrative=f"They wrote {payload} on the wall."), author)
    reader = signed_in(pages, "caseworker", "hotline")
    bulletin = publish_text(pages, report)
    page = harmless(reader, f"/read/{bulletin}")
    told = "The account, redacted" in page
    assert not told or plain(payload) in read(page)
    kept = reader.get(f"/read/{bulletin}/file")
    assert kept.mimetype == "application/json" and kept.headers["X-Content-Type-Options"] == "nosniff"
    assert kept.headers["Content-Disposition"] == f'attachment; filename="bulletin-{bulletin}.json"'
    return told


@pytest.mark.parametrize("payload", [one for one in HAND_MADE if one[:1] in '<"=' or "{{" in one])
def test_no_address_puts_words_on_a_page(payload: str, pages: Pages) -> None:
    report = post(pages, "nothing")
    hold(pages, report, "a_code_that_no_list_knows")
    browser = signed_in(pages, "approver")
    for path in ("/review/", f"/review/{report}/", f"/review/{report}/told/danube/approval", "/read/"):
        names = ("done", "failed", "once", "part", "origin", "destination", "exploitation", "month")
        page = harmless(browser, path, **dict.fromkeys(names, payload))
        assert payload not in "".join(look(page).words)


@pytest.mark.parametrize("payload", ["<script>alert(1)</script>", '" onfocus="x', "javascript:alert(1)"])
def test_the_eye_would_see_a_template_that_does_not_escape(payload: str) -> None:
    template = ENVIRONMENT.from_string(
        '<p>{{ x|safe }}</p><input value="{{ x|safe }}"><a href="{{ x }}">y</a>'
    )
    assert look(template.render(x=payload)).seen != []


@pytest.mark.parametrize("payload", ["{{ 71993*89989 }}", "{% print 71993*89989 %}"])
def test_a_template_made_of_what_somebody_wrote_would_be_seen(payload: str) -> None:
    assert PRODUCT in ENVIRONMENT.from_string(f"<p>{payload}</p>").render()
