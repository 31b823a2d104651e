"""The reviewer's queue and working copy: what waits, the text and its marks, doubts, refusal, and who gets in."""

from __future__ import annotations

import html
import re
from typing import Any
from uuid import UUID, uuid4

import pytest
from builders import finds
from console_builders import HOME, Browser, Pages, nobody, signed_in
from console_reviewing import TEXT, approve, hold, post, words

from console.marking import likely_kind, passages
from ledger.entries import Act
from ledger.models import LedgerEntry
from partners.values import Role
from share.marks import own_name
from share.models import BulletinVersion
from share.review import open_review
from share.worker import run_all


@pytest.fixture
def report(pages: Pages) -> UUID:
    return post(pages)


def acts(pages: Pages, act: Act) -> int:
    with pages.desk.readers() as session:
        return session.query(LedgerEntry).filter_by(act=act.value).count()


def spans(pages: Pages, report: UUID) -> dict[str, Any]:
    copy = open_review(report, by=pages.actor("reviewer"), desk=pages.world.desk)
    return {copy.text[span.start : span.end]: span for span in copy.spans}


# the queue


def test_the_queue_says_what_waits_and_calls_nothing_reviewed(pages: Pages, report: UUID) -> None:
    shown = words(signed_in(pages, "reviewer").get("/review/").text)
    assert str(report) in shown and "Machine-marked, not reviewed" in shown and "danube" in shown


def test_an_approved_report_leaves_the_queue(pages: Pages, report: UUID) -> None:
    browser = signed_in(pages, "approver")
    approve(browser, report)
    assert "Nothing waits." in browser.get("/review/").text


# the working copy


def test_the_working_copy_is_whole_and_says_of_each_mark_what_it_is_and_who_found_it(
    pages: Pages, report: UUID
) -> None:
    answer = signed_in(pages, "reviewer").get(f"/review/{report}/")
    assert answer.headers["Cache-Control"] == "no-store"
    shown = re.findall(r'<span data-at="\d+" data-end="\d+">(.*?)</span>', answer.text, re.DOTALL)
    assert html.unescape("".join(shown)) == TEXT.replace("\n", "")
    assert "[Name of a person; test]" in words(answer.text)


def test_every_piece_says_at_which_code_point_it_stands(pages: Pages, report: UUID) -> None:
    page = signed_in(pages, "reviewer").get(f"/review/{report}/").text
    pieces = re.findall(r'<span data-at="(\d+)" data-end="(\d+)">(.*?)</span>', page, re.DOTALL)
    assert len(pieces) > 5
    for start, end, shown in pieces:
        assert TEXT[int(start) : int(end)] == html.unescape(shown)


def test_that_it_was_opened_is_written_down(pages: Pages, report: UUID) -> None:
    before = acts(pages, Act.REVIEW_OPENED)
    signed_in(pages, "reviewer").get(f"/review/{report}/")
    assert acts(pages, Act.REVIEW_OPENED) == before + 1


def test_graphic_passages_are_folded_and_never_removed(pages: Pages, report: UUID) -> None:
    page = signed_in(pages, "reviewer").get(f"/review/{report}/").text
    folded = re.findall(r"<details class=\"graphic\">.*?</details>", page, re.DOTALL)
    assert len(folded) == 1 and "She was raped." in folded[0]
    assert "Zamfira drove on." not in folded[0]


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "They beat her."),
        ("fr", "Elle a été frappée."),
        ("es", "La golpeaban con un cable."),
        ("ro", "A fost bătută de el."),
        ("it", "È stata picchiata."),
        ("ar", "كان يضربها كل ليلة."),
        ("uk", "She was raped."),
        (None, "Elle a été violée."),
    ],
)
def test_each_language_has_words_that_fold(language: str | None, sentence: str) -> None:
    text = f"1. {sentence} 2."
    assert [part.is_graphic for part in passages(text, (), language=language)].count(True) == 1
    assert "".join(p.text for part in passages(text, (), language=language) for p in part.pieces) == text


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "She worked at the organised market."),
        ("es", "El año pasado llegó a Madrid."),
        ("fr", "Elle a reçu un coup de téléphone."),
        ("ro", "Nu a primit salariul."),
        ("it", "È arrivata in un anno."),
    ],
)
def test_what_every_report_says_does_not_fold(language: str, sentence: str) -> None:
    assert not any(part.is_graphic for part in passages(sentence, (), language=language))


def test_signs_that_hide_text_are_shown_by_name(pages: Pages) -> None:
    report = post(pages, narrative="Ana came with \u200bMihaela\u200f.")
    page = signed_in(pages, "reviewer").get(f"/review/{report}/").text
    assert "\u200b" not in page and "\u200f" not in page
    assert ">U+200B</span>" in page and ">U+200F</span>" in page
    (turned,) = passages("x \u202eelif\u202c", (), language="en")
    assert [piece.sign for piece in turned.pieces] == ["", "U+202E", "", "U+202C"]


def test_a_long_report_with_many_marks_fits_in_a_hundred_kilobytes(pages: Pages) -> None:
    names = [f"Zamfira{chr(97 + n // 26)}{chr(97 + n % 26)}" for n in range(50)]
    object.__setattr__(pages.world.desk, "examine", finds(*names))
    report = post(pages, narrative=" ".join(f"{name} came with us on that day." for name in names))
    browser = signed_in(pages, "reviewer")
    page = browser.get(f"/review/{report}/")
    assets = re.findall(r'(?:href|src)="(/static/[^"]+)"', page.text)
    assert len(page.data) + sum(len(browser.get(asset).data) for asset in assets) < 100_000


# marks


def test_typed_words_are_marked_wherever_they_stand_without_any_script(pages: Pages, report: UUID) -> None:
    browser = signed_in(pages, "reviewer")
    answer = browser.post(f"/review/{report}/marks", {"version": "1", "words": "Zamfira", "kind": ""})
    assert answer.status_code == 303 and "done=marked" in answer.headers["Location"]
    assert "Zamfira" not in answer.headers["Location"]
    assert spans(pages, report)["Zamfira"].kinds == {"PERSON"}
    assert "Marked." in browser.get(answer.headers["Location"]).text


def test_a_selection_is_marked_where_it_stands_and_only_if_its_words_do(pages: Pages, report: UUID) -> None:
    browser, at = signed_in(pages, "reviewer"), TEXT.rindex("Zamfira")
    selection = {"version": "1", "words": "Zamfira", "kind": "WORD"}
    in_utf_16 = {"start": str(at + 2), "end": str(at + 9)}
    refused = browser.post(f"/review/{report}/marks", selection | in_utf_16)
    assert "failed=words_differ" in refused.headers["Location"] and "Zamfira" not in spans(pages, report)
    done = browser.post(f"/review/{report}/marks", selection | {"start": str(at), "end": str(at + 7)})
    assert done.headers["Location"].endswith(f"#m{at}")
    assert spans(pages, report)["Zamfira"].kinds == {"WORD"}


@pytest.mark.parametrize(
    "said",
    [
        {"words": "Zamfira", "kind": "NARRATIVE"},
        {"words": "Zamfira", "kind": "<script>"},
        {"words": "", "kind": "PERSON"},
        {"words": "Nobody", "kind": "PERSON"},
        {"words": "Zamfira", "start": "x", "end": "9"},
        {"words": "Zamfira", "start": "99999999", "end": "9"},
        {"words": "Zamfira", "version": "x"},
        {"words": "Z" * 500},
    ],
)
def test_what_cannot_be_marked_is_refused_in_words_and_changes_nothing(
    said: dict[str, str], pages: Pages, report: UUID
) -> None:
    browser, before = signed_in(pages, "reviewer"), spans(pages, report)
    answer = browser.post(f"/review/{report}/marks", {"version": "1"} | said)
    assert answer.status_code == 303 and "failed=" in answer.headers["Location"]
    assert 'role="alert"' in browser.get(answer.headers["Location"]).text
    assert spans(pages, report) == before


def test_a_form_sent_twice_is_one_act(pages: Pages, report: UUID) -> None:
    browser = signed_in(pages, "reviewer")
    said = {"version": "1", "words": "Zamfira", "kind": "PERSON", "once": "a-word-of-the-form"}
    assert [browser.post(f"/review/{report}/marks", said).status_code for _ in range(2)] == [303, 303]
    assert acts(pages, Act.SPAN_ADDED) == 1
    reused = browser.post(f"/review/{report}/marks", said | {"words": "Mihaela"})
    assert "failed=idempotency_key_reused" in reused.headers["Location"]


def test_marks_are_corrected_joined_and_taken_back(pages: Pages, report: UUID) -> None:
    browser = signed_in(pages, "reviewer")
    browser.post(f"/review/{report}/marks", {"version": "1", "words": "Zamfira", "kind": "PLACE"})
    at = TEXT.index("Zamfira")
    chosen = {"version": "1", "mark": [f"{at}-{at + 7}"]}
    browser.post(f"/review/{report}/marks/kind", chosen | {"kind": "PERSON"})
    assert spans(pages, report)["Zamfira"].kinds == {"PERSON"}
    browser.post(f"/review/{report}/marks/person", chosen | {"person": "P1"})
    assert spans(pages, report)["Zamfira"].subjects == {"P1"}
    page = browser.get(f"/review/{report}/").text
    assert "yours: can be taken back" in page and "P1 (survivor)" in page
    browser.post(f"/review/{report}/marks/back", chosen)
    assert "Zamfira" not in spans(pages, report)


def test_a_machines_mark_is_not_taken_back_and_the_page_says_why(pages: Pages, report: UUID) -> None:
    browser = signed_in(pages, "reviewer")
    answer = browser.post(f"/review/{report}/marks/back", {"version": "1", "mark": "0-13"})
    assert "failed=not_your_mark" in answer.headers["Location"]
    assert "Ioana Popescu" in spans(pages, report)
    assert "is never lost" in browser.get(f"/review/{report}/").text


@pytest.mark.parametrize("deed", ["kind", "person", "back"])
@pytest.mark.parametrize("mark", [(), ("x",), ("0-",), ("0-13\n",), ("999999999-9",)])
def test_nothing_chosen_is_nothing_done(deed: str, mark: tuple[str, ...], pages: Pages, report: UUID) -> None:
    said = {"version": "1", "mark": list(mark), "kind": "PERSON", "person": "P1"}
    answer = signed_in(pages, "reviewer").post(f"/review/{report}/marks/{deed}", said)
    assert "failed=" in answer.headers["Location"]


def test_another_reviewers_mark_is_called_so(pages: Pages, report: UUID) -> None:
    signed_in(pages, "reviewer").post(f"/review/{report}/marks", {"version": "1", "words": "Zamfira"})
    theirs = signed_in(pages, "reviewer", code="second").get(f"/review/{report}/").text
    assert "marked by a reviewer" in theirs and "yours: can be taken back" not in theirs
    assert str(pages.member("reviewer")) not in theirs
    assert own_name(pages.actor("reviewer")) not in theirs


@pytest.mark.parametrize(
    ("seen", "kind"),
    [
        ("Zamfira Lungu", "PERSON"),
        ("ana@example.org", "EMAIL"),
        ("https://example.org/x", "URL"),
        ("+40 740 000 213", "PHONE"),
        ("12/05/2025", "DATE"),
        ("12 May 2025", "DATE"),
        ("03:10", "TIME"),
        ("2300 EUR", "MONEY"),
        ("strada Lungă 4", "ADDRESS"),
        ("@easy_jobs", "HANDLE"),
        ("B 00 XXX", "CODE"),
        ("RO49AAAA1B31007593840000", "ACCOUNT"),
        ("88", "NUMBER"),
    ],
)
def test_the_kind_is_guessed_by_the_look_of_the_words(seen: str, kind: str) -> None:
    assert likely_kind(seen) == kind


# doubts and refusal


def test_doubts_are_explained_and_settled(pages: Pages, report: UUID) -> None:
    doubt = hold(pages, report)
    browser = signed_in(pages, "reviewer")
    page = browser.get(f"/review/{report}/").text
    assert "Somebody is said to be the only one" in words(page)
    browser.post(f"/review/{report}/holds", {"hold": str(doubt), "resolution": "not_identifying"})
    assert "No doubt is open." in browser.get(f"/review/{report}/").text


@pytest.mark.parametrize("said", [{}, {"hold": "x"}, {"hold": str(uuid4())}])
def test_a_doubt_that_is_not_there_settles_nothing(said: dict[str, str], pages: Pages, report: UUID) -> None:
    hold(pages, report)
    browser = signed_in(pages, "reviewer")
    answer = browser.post(f"/review/{report}/holds", said | {"resolution": "false_alarm"})
    assert answer.status_code == 303 and "failed=" in answer.headers["Location"]
    assert "One doubt holds this report" in browser.get(f"/review/{report}/").text


def test_a_doubt_is_not_settled_without_saying_how(pages: Pages, report: UUID) -> None:
    doubt = hold(pages, report)
    answer = signed_in(pages, "reviewer").post(f"/review/{report}/holds", {"hold": str(doubt)})
    assert "failed=unknown_resolution" in answer.headers["Location"]


def test_a_report_whose_working_copy_is_gone_can_still_be_refused(pages: Pages, report: UUID) -> None:
    pages.world.desk.working.destroy(report, version=1)
    browser = signed_in(pages, "reviewer")
    assert "danube" in browser.get(f"/review/{report}/refusal").text
    browser.post(f"/review/{report}/refusal", {"reason": "unsafe_to_share"})
    assert pages.world.report(report).state == "refused"


def test_a_refusal_says_what_it_does_needs_a_reason_and_is_for_good(pages: Pages, report: UUID) -> None:
    browser = signed_in(pages, "reviewer")
    assert "Copies that readers have already taken remain" in browser.get(f"/review/{report}/refusal").text
    without = browser.post(f"/review/{report}/refusal")
    assert "failed=unknown_reason" in without.headers["Location"]
    browser.post(f"/review/{report}/refusal", {"reason": "asked_by_survivor"})
    run_all(pages.world.desk)
    assert pages.world.report(report).state == "refused"
    with pages.desk.readers() as session:
        assert max(session.query(BulletinVersion), key=lambda row: row.number).state == "recalled"
    assert "This report is refused." in browser.get(f"/review/{report}/").text
    assert browser.get(f"/review/{report}/told/").status_code == 200


# who gets in

ASKED = (
    ("GET", "", Role.REVIEWER),
    ("GET", "{report}/", Role.REVIEWER),
    ("POST", "{report}/marks", Role.REVIEWER),
    ("POST", "{report}/marks/kind", Role.REVIEWER),
    ("POST", "{report}/marks/person", Role.REVIEWER),
    ("POST", "{report}/marks/back", Role.REVIEWER),
    ("POST", "{report}/holds", Role.REVIEWER),
    ("GET", "{report}/refusal", Role.REVIEWER),
    ("POST", "{report}/refusal", Role.REVIEWER),
    ("GET", "{report}/told/", Role.REVIEWER),
    ("GET", "{report}/told/danube", Role.REVIEWER),
    ("GET", "{report}/told/danube/approval", Role.APPROVER),
    ("POST", "{report}/told/danube/approval", Role.APPROVER),
)


@pytest.mark.parametrize(("method", "path", "needed"), ASKED)
def test_only_those_with_the_right_get_in_and_no_other_organisation(
    method: str, path: str, needed: Role, pages: Pages, report: UUID
) -> None:
    at = "/review/" + path.format(report=report)

    def ask(browser: Browser) -> int:
        return (browser.get(at) if method == "GET" else browser.post(at)).status_code

    for role in Role:
        home = "keepers" if role is Role.STEWARD else HOME
        allowed = needed.scopes <= role.scopes
        assert (ask(signed_in(pages, role.value, home)) != 403) is allowed, role
    if path:
        assert ask(signed_in(pages, "approver", "hotline")) in ((404,) if method == "GET" else (303, 404))
    assert nobody(pages).client.open(at, method=method).status_code in (302, 403)
    without_token = signed_in(pages, needed.value).client
    assert method == "GET" or without_token.post(at).status_code == 403
    assert pages.world.report(report).state == "ready" and "Zamfira" not in spans(pages, report)


def test_every_route_of_review_is_in_the_table(pages: Pages) -> None:
    rules = {
        (next(iter(rule.methods & {"GET", "POST"})), str(rule))
        for rule in pages.app.url_map.iter_rules()
        if rule.endpoint.startswith("review_pages.") and rule.methods
    }
    asked = {
        (method, "/review/" + path.format(report="<uuid:report_id>").replace("danube", "<circle>"))
        for method, path, _ in ASKED
    }
    assert rules == asked


def test_a_working_copy_that_is_gone_is_said_to_be_gone(pages: Pages, report: UUID) -> None:
    pages.world.desk.working.destroy(report, version=1)
    answer = signed_in(pages, "reviewer").get(f"/review/{report}/")
    assert answer.status_code == 409 and "The working copy is gone" in answer.text
