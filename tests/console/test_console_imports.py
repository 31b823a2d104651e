"""A spreadsheet by the page: looked over, brought in with a yes, repeated nowhere; and lists kept as files."""

from __future__ import annotations

import csv
import io
import json
import re
import sys
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from builders import make_draft
from console_builders import Browser, Pages, signed_in
from console_forms import form_to
from console_payloads import look
from openpyxl import load_workbook
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from console import routes_imports
from console.routes_imports import LARGEST
from console.session import FIELD
from console.web import CSP
from partners.models import Agreement
from share.models import Report
from share.models_imports import ImportFile

sys.path.insert(0, str(Path(__file__).parent.parent / "share"))

from share_kobo import as_csv, submission, table
from share_sheets import MARKER, book, damaged, good, one

FILES = damaged()


def send(browser: Browser, file: bytes, name: str = "reports.csv", **how: Any) -> TestResponse:
    """As a browser sends a form with a file. The test client would write a long one to a disk."""
    edge, token = b"--edge", browser.sitting.form_token.encode()
    named = json.dumps(name)[1:-1].encode()
    body = b"\r\n".join(
        (
            edge,
            f'Content-Disposition: form-data; name="{FIELD}"\r\n'.encode(),
            token,
            edge,
            b'Content-Disposition: form-data; name="file"; filename="'
            + named
            + b'"\r\nContent-Type: text/csv\r\n',
            file,
            edge + b"--\r\n",
        )
    )
    return browser.client.post("/import", data=body, content_type="multipart/form-data; boundary=edge", **how)


def count(pages: Pages, model: Any = Report) -> int:
    with pages.desk.readers() as session:
        return session.scalar(select(func.count()).select_from(model)) or 0


@pytest.fixture
def desk(pages: Pages) -> Browser:
    return signed_in(pages, "caseworker")


def test_a_file_is_looked_over_brought_in_and_told_row_by_row(pages: Pages, desk: Browser) -> None:
    answer = send(desk, good(3))
    assert answer.status_code == 303 and count(pages) == 0
    looked = desk.get(answer.location)
    assert looked.status_code == 200 and "Bring in 3 reports" in looked.text and MARKER not in looked.text
    form = form_to(looked.text, f"{answer.location}/bring-in")
    done = desk.post(form.action, form.filled({}), follow_redirects=True)
    assert done.status_code == 200 and done.text.count('href="/reports/') == 3
    assert count(pages) == 3 and MARKER not in done.text


def test_an_xlsx_and_an_export_of_kobotoolbox_come_in_too(pages: Pages, desk: Browser) -> None:
    for number, file in enumerate(
        (book(rows=2), as_csv(table([submission(1), submission(2, con_Consent="FALSE")])))
    ):
        there = send(desk, file).location
        assert desk.post(f"{there}/bring-in").status_code == 303
        assert ("left out" in desk.get(there).text) == (number == 1)
    assert count(pages) == 3


def test_a_second_upload_adds_nothing_and_says_so(pages: Pages, desk: Browser) -> None:
    desk.post(f"{send(desk, good(3)).location}/bring-in")
    there = send(desk, good(3)).location
    page = desk.get(there).text
    assert "There is nothing new in this file." in page and "/bring-in" not in page
    assert desk.post(f"{there}/bring-in").status_code == 303
    assert count(pages) == 3


def test_saying_yes_twice_brings_it_in_once(pages: Pages, desk: Browser) -> None:
    there = send(desk, good(3)).location
    for _ in range(2):
        assert desk.post(f"{there}/bring-in").location == there
    assert count(pages) == 3


@pytest.mark.parametrize("kind", sorted(FILES))
def test_a_damaged_file_is_told_and_neither_kept_nor_repeated(kind: str, pages: Pages, desk: Browser) -> None:
    file, code, row = FILES[kind]
    answer = send(desk, file, f"{MARKER}.csv")
    if len(file) > LARGEST:
        assert answer.status_code == 413
    else:
        assert answer.status_code == 422, answer.status_code
        assert f"<code>{code}</code>" in answer.text and (not row or f"Row {row}" in answer.text)
    assert not any(word in answer.text for word in MARKER.split())
    assert count(pages) == count(pages, ImportFile) == 0


def test_the_nearest_code_is_offered(desk: Browser) -> None:
    page = send(desk, one(person1__prs_Gender="Femine", leg1__hte_Country="Italya")).text
    offered = re.findall(r"Nearest code: <code>(\w+)</code>", page)
    assert sorted(offered) == ["Feminine", "IT"]
    assert "column G" in page and "<code>person1.prs_Gender</code>" in page


def test_a_word_of_the_file_on_the_page_would_be_seen(desk: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control."""
    from share.importing import said

    monkeypatch.setattr(said, "nearest", lambda _field, typed: typed)
    assert MARKER in send(desk, one(leg1__hte_Country=MARKER)).text


def test_a_file_that_waits_is_nobody_elses(pages: Pages, desk: Browser) -> None:
    there = send(desk, good()).location
    missing = f"/import/{uuid4()}"
    for other in (signed_in(pages, "caseworker", code="C2"), signed_in(pages, "caseworker", "hotline")):
        answers = [other.get(there), other.post(f"{there}/bring-in"), other.post(f"{there}/discard")]
        assert [answer.status_code for answer in answers] == [404] * 3
        bare = re.sub(r"[0-9a-f-]{36}", "", answers[0].text)
        assert bare == re.sub(r"[0-9a-f-]{36}", "", other.get(missing).text)
    assert desk.get(there).status_code == 200 and count(pages) == 0


def test_a_file_that_waits_ends(pages: Pages, desk: Browser) -> None:
    there = send(desk, good()).location
    pages.desk.clock.forward(hours=2, minutes=1)  # type: ignore[attr-defined]
    again = signed_in(pages, "caseworker")
    assert again.get(there).status_code == 404


def test_a_discarded_file_is_gone(pages: Pages, desk: Browser) -> None:
    there = send(desk, good()).location
    assert desk.post(f"{there}/discard").location == "/import"
    assert desk.get(there).status_code == 404 and count(pages, ImportFile) == 0


def test_nothing_chosen_and_too_much_are_said_on_the_page(desk: Browser) -> None:
    assert send(desk, b"").status_code == 422
    assert desk.post("/import").status_code == 422
    answer = send(desk, b"x" * (LARGEST + 1))
    assert answer.status_code == 413 and "too large" in answer.text
    assert send(desk, b"x" * 3_000_000).status_code == 413
    assert "2 MB and 2000 rows" in desk.get("/import").text


def test_whose_organisation_may_send_nothing_is_told_so(pages: Pages, desk: Browser) -> None:
    with pages.desk.sessions.begin() as session:
        session.query(Agreement).delete()
    answer = send(desk, good())
    assert answer.status_code == 409 and "no agreement in force" in answer.text


def test_a_file_that_is_sent_never_touches_the_disk(desk: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    kept: list[Any] = []
    looked = routes_imports.keep
    monkeypatch.setattr(
        routes_imports,
        "keep",
        lambda file, **more: kept.append(routes_imports.request.files["file"].stream) or looked(file, **more),
    )
    send(desk, b"x" * 900_000)
    send(desk, good())
    assert {type(stream) for stream in kept} == {io.BytesIO}


def test_without_that_rule_it_would(desk: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control."""
    from flask import Flask

    kept: list[Any] = []
    app: Flask = desk.client.application
    monkeypatch.setitem(app.before_request_funcs, "imports", [])
    monkeypatch.setattr(
        routes_imports,
        "keep",
        lambda *_, **__: kept.append(routes_imports.request.files["file"].stream) or 1 / 0,
    )
    assert send(desk, b"x" * 900_000).status_code == 500
    assert not isinstance(kept[0], io.BytesIO)


PAYLOADS = ("<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "{{ 7*7 }}", "javascript:alert(1)")


@pytest.mark.parametrize("payload", PAYLOADS)
def test_nothing_of_a_file_becomes_part_of_a_page(payload: str, desk: Browser) -> None:
    for file in (
        one(leg1__hte_Country=payload),
        one(narrative=payload, reference=payload),
        good().replace(b"narrative", payload.encode().replace(b",", b"")),
    ):
        answer = send(desk, file, f"{payload}.csv", follow_redirects=True)
        assert answer.headers["Content-Security-Policy"] == CSP
        assert look(answer.text).seen == [] and payload not in answer.text


# Templates and exports.


def kept(answer: TestResponse, name: str) -> bytes:
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{name}"'
    assert (
        answer.headers["Cache-Control"] == "no-store"
        and answer.headers["X-Content-Type-Options"] == "nosniff"
    )
    return answer.data


def test_the_template_is_there_as_csv_and_as_a_book(desk: Browser) -> None:
    header = kept(desk.get("/import/template.csv"), "reports-template.csv").decode("utf-8-sig")
    opened = load_workbook(io.BytesIO(kept(desk.get("/import/template.xlsx"), "reports-template.xlsx")))
    assert [cell.value for cell in opened["reports"][1]] == next(csv.reader([header]))
    assert send(desk, header.encode()).status_code == 422  # nothing below the header


def test_an_export_follows_the_filters_of_the_list_and_the_list_leads_to_it(pages: Pages) -> None:
    author, reader = pages.actor("caseworker"), signed_in(pages, "caseworker", "hotline")
    pages.world.circle("danube", author, pages.actor("caseworker", "hotline"))
    pages.world.post(make_draft(), author)
    for origin, lines in (("RO", 2), ("FR", 1)):
        answer = reader.get("/export/bulletins.csv", query_string={"origin": origin})
        rows = list(csv.reader(io.StringIO(kept(answer, "bulletins.csv").decode("utf-8-sig"), newline="")))
        assert len(rows) == lines
    page = reader.get("/read/", query_string={"origin": "RO"}).text
    assert "/export/bulletins.csv?origin=RO" in page and "/export/bulletins.xlsx?origin=RO" in page
    opened = load_workbook(io.BytesIO(kept(reader.get("/export/bulletins.xlsx"), "bulletins.xlsx")))
    assert opened.sheetnames == ["bulletins", "facts", "about"]


def test_an_export_of_reports_is_ones_own_organisations(pages: Pages, desk: Browser) -> None:
    report = pages.world.post(make_draft(), pages.actor("caseworker"))
    mine = kept(desk.get("/export/reports.csv"), "reports.csv").decode()
    theirs = kept(
        signed_in(pages, "caseworker", "hotline").get("/export/reports.csv"), "reports.csv"
    ).decode()
    assert str(report) in mine and str(report) not in theirs
    assert "Ioana" not in mine and "Oradea" not in mine
    assert "/export/reports.xlsx" in desk.get("/reports").text
    kept(desk.get("/export/reports.xlsx"), "reports.xlsx")
